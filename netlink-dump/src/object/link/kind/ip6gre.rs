//! GRE and ERSPAN tunnels over IPv6.

use netlink_wire::link::{GreAttr, Ip6TnlFlags};

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, GreAttr<'a>>) {
    let flags = of.get(GreAttr::Flags).unwrap_or_default();
    of.print_gre_ends();
    let ttl = of.get(GreAttr::Ttl).unwrap_or(0);
    of.print_ttl_or_inherit(ttl, ["hoplimit ", " "]);
    let limit = of.get(GreAttr::EncapLimit);
    of.print_encap_limit(flags, limit);
    let flow = of.get(GreAttr::FlowInfo);
    of.print_flow(flags, flow);
    let copies = flags.contains(Ip6TnlFlags::RCV_DSCP_COPY);
    of.mark(copies, "ip6_tnl_f_rcv_dscp_copy", "dscp inherit ");
    of.print_gre_flags();
    let allows = flags.contains(Ip6TnlFlags::ALLOW_LOCAL_REMOTE);
    of.mark(allows, "ip6_tnl_f_allow_local_remote", "allow-localremote ");
    let mark = of.get(GreAttr::FwMark);
    of.print_fwmark(flags, mark);
    of.print_gre_rest();
}
