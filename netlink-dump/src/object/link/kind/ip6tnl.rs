//! IP tunnels over IPv6.

use netlink_wire::link::{Ip6TnlFlags, Ip6tnlAttr};

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, Ip6tnlAttr<'a>>) {
    let flags = of.get(Ip6tnlAttr::Flags).unwrap_or_default();
    let is_external = of.get(Ip6tnlAttr::CollectMetadata).is_some();
    of.mark(is_external, "external", "external ");
    match of.get(Ip6tnlAttr::Proto) {
        Some(4) => of.to.out.word("proto", ["", " "], "ipip6"),
        Some(41) => of.to.out.word("proto", ["", " "], "ip6ip6"),
        Some(0) => of.to.out.word("proto", ["", " "], "any"),
        _ => {}
    }
    let remote = of.get(Ip6tnlAttr::Remote);
    of.print_end("remote", "remote ", remote.map(Into::into));
    let local = of.get(Ip6tnlAttr::Local);
    of.print_end("local", "local ", local.map(Into::into));
    of.link(Ip6tnlAttr::Link, "link", ["dev ", " "]);
    let ttl = of.get(Ip6tnlAttr::Ttl).unwrap_or(0);
    of.print_ttl_or_inherit(ttl, ["hoplimit ", " "]);
    let limit = of.get(Ip6tnlAttr::EncapLimit);
    of.print_encap_limit(flags, limit);
    let flow = of.get(Ip6tnlAttr::FlowInfo);
    of.print_flow(flags, flow);
    for (flag, key, text) in [
        (Ip6TnlFlags::RCV_DSCP_COPY, "ip6_tnl_f_rcv_dscp_copy", "dscp inherit "),
        (Ip6TnlFlags::MIP6_DEV, "ip6_tnl_f_mip6_dev", "mip6 "),
        (Ip6TnlFlags::ALLOW_LOCAL_REMOTE, "ip6_tnl_f_allow_local_remote", "allow-localremote "),
    ] {
        of.mark(flags.contains(flag), key, text);
    }
    let mark = of.get(Ip6tnlAttr::FwMark);
    of.print_fwmark(flags, mark);
    let (kind, flags) = (of.get(Ip6tnlAttr::EncapType), of.get(Ip6tnlAttr::EncapFlags));
    let ports = [of.get(Ip6tnlAttr::EncapSport), of.get(Ip6tnlAttr::EncapDport)];
    of.print_encap(kind, flags, ports);
}
