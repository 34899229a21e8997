//! Layer 3 packets right after a UDP header.

use netlink_wire::link::BareudpAttr;

use super::{super::ethertype::Ethertype, Settings};

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, BareudpAttr<'a>>) {
    of.num(BareudpAttr::Port, "dstport", ["dstport ", " "]);
    if let Some(protocol) = of.get(BareudpAttr::Ethertype) {
        let protocol = Ethertype(protocol.get(), of.to.names.are_numbers());
        of.to.out.word("ethertype", ["ethertype ", " "], protocol);
    }
    of.num(BareudpAttr::SrcPortMin, "srcportmin", ["srcportmin ", " "]);
    let takes_more = of.get(BareudpAttr::MultiprotoMode).is_some();
    let text = if takes_more { "multiproto " } else { "nomultiproto " };
    of.to.out.truth("multiproto", text, takes_more);
}
