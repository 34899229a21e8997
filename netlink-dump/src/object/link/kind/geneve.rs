//! GENEVE tunnels.

use netlink_wire::link::{GeneveAttr, GeneveDf};

use super::Settings;
use crate::text::Hex;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, GeneveAttr<'a>>) {
    let is_external = of.get(GeneveAttr::CollectMetadata).is_some();
    of.mark(is_external, "external", "external ");
    of.num(GeneveAttr::Id, "id", ["id ", " "]);
    let remote = of.get(GeneveAttr::Remote).filter(|ip| !ip.is_unspecified());
    let remote6 = of.get(GeneveAttr::Remote6);
    let remote6 = remote6.filter(|ip| !ip.is_unspecified() && !ip.is_multicast());
    let (out, names) = (&mut *of.to.out, &*of.to.names);
    match (remote, remote6) {
        (Some(ip), _) => out.word("remote", ["remote ", " "], names.host(ip)),
        (None, Some(ip)) => out.word("remote6", ["remote ", " "], names.host(ip)),
        (None, None) => {}
    }
    let local = of.get(GeneveAttr::Local).filter(|ip| !ip.is_unspecified());
    let local6 = of.get(GeneveAttr::Local6).filter(|ip| !ip.is_unspecified());
    let (out, names) = (&mut *of.to.out, &*of.to.names);
    match (local, local6) {
        (Some(ip), _) => out.word("local", ["local ", " "], names.host(ip)),
        (None, Some(ip)) => out.word("local6", ["local ", " "], names.host(ip)),
        (None, None) => {}
    }
    let ttl = of.get(GeneveAttr::Ttl).unwrap_or(0);
    let ttl_inherit = of.get(GeneveAttr::TtlInherit).is_some_and(|inherit| inherit != 0);
    of.print_ttl(ttl, ttl_inherit);
    let tos = of.get(GeneveAttr::Tos).unwrap_or(0);
    of.print_tos(tos);
    match of.get(GeneveAttr::Df) {
        Some(GeneveDf::UNSET) => of.to.out.json_word("df", "unset"),
        Some(GeneveDf::SET) => of.to.out.word("df", ["df ", " "], "set"),
        Some(GeneveDf::INHERIT) => of.to.out.word("df", ["df ", " "], "inherit"),
        _ => {}
    }
    if let Some(label) = of.get(GeneveAttr::Label).filter(|label| label.get() != 0) {
        of.to.out.word("label", ["flowlabel ", " "], Hex(label.get()));
    }
    of.num(GeneveAttr::Port, "port", ["dstport ", " "]);
    of.yes_no(GeneveAttr::UdpCsum, "udp_csum", "udpcsum ");
    of.yes_no(GeneveAttr::UdpZeroCsum6Tx, "udp_zero_csum6_tx", "udp6zerocsumtx ");
    of.yes_no(GeneveAttr::UdpZeroCsum6Rx, "udp_zero_csum6_rx", "udp6zerocsumrx ");
    let inherits = of.get(GeneveAttr::InnerProtoInherit).is_some();
    of.mark(inherits, "inner_proto_inherit", "innerprotoinherit ");
}

impl<'a> Settings<'_, 'a, GeneveAttr<'a>> {
    /// Something that is on or off: `word`, `noword`.
    fn yes_no(&mut self, variant: impl FnOnce(u8) -> GeneveAttr<'a>, key: &str, word: &str) {
        if let Some(on) = self.get(variant).map(|on| on != 0) {
            self.to.out.text(if on { "" } else { "no" });
            self.to.out.truth(key, word, on);
        }
    }
}
