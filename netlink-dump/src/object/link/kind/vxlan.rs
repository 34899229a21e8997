//! VXLANs.

use netlink_wire::link::{VxlanAttr, VxlanDf};

use super::Settings;
use crate::text::Hex;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, VxlanAttr<'a>>) {
    of.num(VxlanAttr::Id, "id", ["id ", " "]);
    print_ends(of);
    of.link(VxlanAttr::Link, "link", ["dev ", " "]);
    if let Some(ports) = of.get(VxlanAttr::PortRange) {
        of.to.out.object("port_range", |out| {
            out.num("low", ["srcport ", " "], ports.low);
            out.num("high", ["", " "], ports.high);
        });
    }
    of.num(VxlanAttr::Port, "port", ["dstport ", " "]);
    let tos = of.get(VxlanAttr::Tos).unwrap_or(0);
    of.print_tos(tos);
    let ttl = of.get(VxlanAttr::Ttl).unwrap_or(0);
    let ttl_inherit = of.get(VxlanAttr::TtlInherit).is_some_and(|inherit| inherit.is_set());
    of.print_ttl(ttl, ttl_inherit);
    match of.get(VxlanAttr::Df) {
        Some(VxlanDf::UNSET) => of.to.out.json_word("df", "unset"),
        Some(VxlanDf::SET) => of.to.out.word("df", ["df ", " "], "set"),
        Some(VxlanDf::INHERIT) => of.to.out.word("df", ["df ", " "], "inherit"),
        _ => {}
    }
    if let Some(label) = of.get(VxlanAttr::Label).filter(|label| label.get() != 0) {
        of.to.out.word("label", ["flowlabel ", " "], Hex(label.get()));
    }
    match of.get(VxlanAttr::Ageing) {
        Some(0) => {
            of.to.out.json_num("ageing", 0u32);
            of.to.out.text("ageing none ");
        }
        Some(seconds) => of.to.out.num("ageing", ["ageing ", " "], seconds),
        None => {}
    }
    of.num_set(VxlanAttr::Limit, "limit", ["maxaddr ", " "]);
    if let Some(bits) = of.get(VxlanAttr::ReservedBits) {
        let bits = u64::from(bits.vx_flags.get()) << 32 | u64::from(bits.vx_vni.get());
        of.to.out.word("reserved_bits", ["reserved_bits ", " "], Hex(bits));
    }
    if of.get(VxlanAttr::Gbp).is_some() {
        of.to.out.mark("gbp", "gbp ");
    }
    if of.get(VxlanAttr::Gpe).is_some() {
        of.to.out.mark("gpe", "gpe ");
    }
    of.unusual(VxlanAttr::CollectMetadata, "external", false);
    of.unusual(VxlanAttr::VniFilter, "vnifilter", false);
    of.unusual(VxlanAttr::Learning, "learning", true);
    of.unusual(VxlanAttr::Proxy, "proxy", false);
    of.unusual(VxlanAttr::Rsc, "rsc", false);
    of.unusual(VxlanAttr::L2Miss, "l2miss", false);
    of.unusual(VxlanAttr::L3Miss, "l3miss", false);
    of.unusual(VxlanAttr::UdpCsum, "udp_csum", true);
    of.unusual(VxlanAttr::UdpZeroCsum6Tx, "udp_zero_csum6_tx", false);
    of.unusual(VxlanAttr::UdpZeroCsum6Rx, "udp_zero_csum6_rx", false);
    of.unusual(VxlanAttr::RemCsumTx, "remcsum_tx", false);
    of.unusual(VxlanAttr::RemCsumRx, "remcsum_rx", false);
    of.unusual(VxlanAttr::LocalBypass, "localbypass", true);
}

/// The addresses of both ends, or of the group.
fn print_ends<'a>(of: &mut Settings<'_, 'a, VxlanAttr<'a>>) {
    let remote = of.get(VxlanAttr::Group).filter(|ip| !ip.is_unspecified());
    let remote6 = of.get(VxlanAttr::Group6).filter(|ip| !ip.is_unspecified());
    let local = of.get(VxlanAttr::Local).filter(|ip| !ip.is_unspecified());
    let local6 = of.get(VxlanAttr::Local6).filter(|ip| !ip.is_unspecified());
    let (out, names) = (&mut *of.to.out, &*of.to.names);
    match (remote, remote6) {
        (Some(ip), _) if ip.is_multicast() => out.word("group", ["group ", " "], names.host(ip)),
        (Some(ip), _) => out.word("remote", ["remote ", " "], names.host(ip)),
        (None, Some(ip)) if ip.is_multicast() => {
            out.word("group6", ["group ", " "], names.host(ip))
        }
        (None, Some(ip)) => out.word("remote6", ["remote ", " "], names.host(ip)),
        (None, None) => {}
    }
    match (local, local6) {
        (Some(ip), _) => out.word("local", ["local ", " "], names.host(ip)),
        (None, Some(ip)) => out.word("local6", ["local ", " "], names.host(ip)),
        (None, None) => {}
    }
}

impl<'a> Settings<'_, 'a, VxlanAttr<'a>> {
    /// Something that is on or off. Text tells it if it is not as usual, or if all is to be told.
    fn unusual(&mut self, variant: impl FnOnce(u8) -> VxlanAttr<'a>, key: &str, usual: bool) {
        let Some(on) = self.get(variant).map(|on| on != 0) else { return };
        self.to.out.json_truth(key, on);
        if on != usual || self.to.args.details > 1 {
            self.to.out.text(if on { "" } else { "no" });
            self.to.out.text(key);
            self.to.out.text(" ");
        }
    }
}
