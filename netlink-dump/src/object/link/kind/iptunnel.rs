//! IP tunnels over IPv4: ipip and sit.

use netlink_wire::link::{IptunAttr, SitFlags};

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, IptunAttr<'a>>) {
    let is_external = of.get(IptunAttr::CollectMetadata).is_some();
    of.mark(is_external, "external", "external ");
    match of.get(IptunAttr::Proto) {
        Some(4) => of.to.out.word("proto", ["", " "], "ipip"),
        Some(41) => of.to.out.word("proto", ["", " "], "ip6ip"),
        Some(137) => of.to.out.word("proto", ["", " "], "mplsip"),
        Some(0) => of.to.out.word("proto", ["", " "], "any"),
        _ => {}
    }
    let remote = of.get(IptunAttr::Remote);
    of.print_end("remote", "remote ", remote.map(Into::into));
    let local = of.get(IptunAttr::Local);
    of.print_end("local", "local ", local.map(Into::into));
    of.link(IptunAttr::Link, "link", ["dev ", " "]);
    let ttl = of.get(IptunAttr::Ttl).unwrap_or(0);
    of.print_ttl_or_inherit(ttl, ["ttl ", " "]);
    let tos = of.get(IptunAttr::Tos).unwrap_or(0);
    of.print_tos(tos);
    if let Some(discovers) = of.get(IptunAttr::PmtuDisc).map(|discovers| discovers != 0) {
        let text = if discovers { "pmtudisc " } else { "nopmtudisc " };
        of.to.out.truth("pmtudisc", text, discovers);
    }
    let flags = of.get(IptunAttr::Flags).unwrap_or_default();
    of.mark(flags.contains(SitFlags::ISATAP), "isatap", "isatap ");
    print_6rd(of);
    of.hex_set(IptunAttr::FwMark, "fwmark", ["fwmark ", " "]);
    let (kind, flags) = (of.get(IptunAttr::EncapType), of.get(IptunAttr::EncapFlags));
    let ports = [of.get(IptunAttr::EncapSport), of.get(IptunAttr::EncapDport)];
    of.print_encap(kind, flags, ports);
}

/// How IPv6 addresses hold IPv4 ones: RFC 5969.
fn print_6rd<'a>(of: &mut Settings<'_, 'a, IptunAttr<'a>>) {
    let Some(len) = of.get(IptunAttr::SixRdPrefixLen).filter(|&len| len != 0) else { return };
    let relay_len = of.get(IptunAttr::SixRdRelayPrefixLen).unwrap_or(0);
    if let Some(prefix) = of.get(IptunAttr::SixRdPrefix) {
        of.to.out.word("prefix", ["6rd-prefix ", ""], prefix);
        of.to.out.num("prefixlen", ["/", " "], len);
    }
    if let Some(relay) = of.get(IptunAttr::SixRdRelayPrefix).filter(|_| relay_len != 0) {
        of.to.out.word("relay_prefix", ["6rd-relay_prefix ", ""], relay);
        of.to.out.num("relay_prefixlen", ["/", " "], relay_len);
    }
}
