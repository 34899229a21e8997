//! GRE and ERSPAN tunnels over IPv4.

use netlink_wire::link::GreAttr;

use super::Settings;
use crate::text::Hex;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, GreAttr<'a>>) {
    of.print_gre_ends();
    let ttl = of.get(GreAttr::Ttl).unwrap_or(0);
    of.print_ttl_or_inherit(ttl, ["ttl ", " "]);
    let tos = of.get(GreAttr::Tos).unwrap_or(0);
    of.print_tos(tos);
    if let Some(discovers) = of.get(GreAttr::PmtuDisc).map(|discovers| discovers != 0) {
        of.to.out.truth("pmtudisc", if discovers { "" } else { "nopmtudisc " }, discovers);
    }
    let ignores = of.get(GreAttr::IgnoreDf).is_some_and(|ignores| ignores != 0);
    of.mark(ignores, "ignore_df", "ignore-df ");
    of.print_gre_flags();
    of.hex_set(GreAttr::FwMark, "fwmark", ["fwmark ", " "]);
    of.print_gre_rest();
}

/// What GRE has over IPv4 as over IPv6.
impl<'a> Settings<'_, 'a, GreAttr<'a>> {
    pub(super) fn print_gre_ends(&mut self) {
        let is_external = self.get(GreAttr::CollectMetadata).is_some();
        self.mark(is_external, "external", "external ");
        let remote = self.get(GreAttr::Remote);
        self.print_end("remote", "remote ", remote);
        let local = self.get(GreAttr::Local);
        self.print_end("local", "local ", local);
        self.link(GreAttr::Link, "link", ["dev ", " "]);
    }

    pub(super) fn print_gre_flags(&mut self) {
        let received = self.get(GreAttr::IFlags).unwrap_or_default().get();
        let sent = self.get(GreAttr::OFlags).unwrap_or_default().get();
        let keys = [self.get(GreAttr::IKey), self.get(GreAttr::OKey)];
        self.print_gre_header([received, sent], keys);
    }

    pub(super) fn print_gre_rest(&mut self) {
        self.num(GreAttr::ErspanIndex, "erspan_index", ["erspan_index ", " "]);
        self.num(GreAttr::ErspanVer, "erspan_ver", ["erspan_ver ", " "]);
        self.constant(GreAttr::ErspanDir, "erspan_dir", ["erspan_dir ", " "]);
        if let Some(id) = self.get(GreAttr::ErspanHwId) {
            self.to.out.word("erspan_hwid", ["erspan_hwid ", " "], Hex(id));
        }
        let (kind, flags) = (self.get(GreAttr::EncapType), self.get(GreAttr::EncapFlags));
        let ports = [self.get(GreAttr::EncapSport), self.get(GreAttr::EncapDport)];
        self.print_encap(kind, flags, ports);
    }
}
