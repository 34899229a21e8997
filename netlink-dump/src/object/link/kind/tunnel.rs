//! What tunnels have in common.

use netlink_wire::{
    Addr, Attribute, Be,
    link::{GreFlags, Ip6TnlFlags, TunnelEncap, TunnelEncapFlags},
};

use super::Settings;
use crate::text::Hex;

impl<'a, A: Attribute<'a>> Settings<'_, 'a, A> {
    /// Type of service: 1 is that of the packet inside.
    pub(super) fn print_tos(&mut self, tos: u8) {
        match tos {
            0 => {}
            1 => {
                self.to.out.json_word("tos", Hex(1u8));
                self.to.out.text("tos inherit ");
            }
            tos => self.to.out.word("tos", ["tos ", " "], Hex(tos)),
        }
    }

    /// TTL of a tunnel that can leave it to the system.
    pub(super) fn print_ttl(&mut self, ttl: u8, inherit: bool) {
        match ttl {
            _ if inherit => self.to.out.text("ttl inherit "),
            0 => {
                self.to.out.json_num("ttl", 0u8);
                self.to.out.text("ttl auto ");
            }
            ttl => self.to.out.num("ttl", ["ttl ", " "], ttl),
        }
    }

    /// TTL of a tunnel that else takes that of the packet inside.
    pub(super) fn print_ttl_or_inherit(&mut self, ttl: u8, text: [&str; 2]) {
        if ttl != 0 || self.to.out.is_json() {
            self.to.out.num("ttl", text, ttl);
        } else {
            self.to.out.text_value(text, "inherit");
        }
    }

    /// One end of a tunnel.
    pub(super) fn print_end(&mut self, key: &str, before: &str, end: Option<Addr<'_>>) {
        match end.and_then(Addr::ip).filter(|ip| !ip.is_unspecified()) {
            Some(ip) => self.to.out.word(key, [before, " "], self.to.names.host(ip)),
            None => self.to.out.word(key, [before, " "], "any"),
        }
    }

    /// Keys, and what else GRE can put into its header.
    pub(super) fn print_gre_header(
        &mut self,
        [received, sent]: [GreFlags; 2],
        [received_key, sent_key]: [Option<Be<u32>>; 2],
    ) {
        for (key, before, flags, value) in
            [("ikey", "ikey ", received, received_key), ("okey", "okey ", sent, sent_key)]
        {
            if flags.contains(GreFlags::KEY) {
                self.print_key(key, before, value.unwrap_or_default());
            }
        }
        self.mark(received.contains(GreFlags::SEQ), "iseq", "iseq ");
        self.mark(sent.contains(GreFlags::SEQ), "oseq", "oseq ");
        self.mark(received.contains(GreFlags::CSUM), "icsum", "icsum ");
        self.mark(sent.contains(GreFlags::CSUM), "ocsum", "ocsum ");
    }

    /// A key, which is written as an IPv4 address.
    pub(super) fn print_key(&mut self, key: &str, before: &str, value: Be<u32>) {
        let dotted = std::net::Ipv4Addr::from(value.get());
        self.to.out.word(key, [before, " "], dotted);
    }

    /// How many tunnels may be around this one.
    pub(super) fn print_encap_limit(&mut self, flags: Ip6TnlFlags, limit: Option<u8>) {
        if flags.contains(Ip6TnlFlags::IGN_ENCAP_LIMIT) {
            self.mark(true, "ip6_tnl_f_ign_encap_limit", "encaplimit none ");
        } else if let Some(limit) = limit {
            self.to.out.num("encap_limit", ["encaplimit ", " "], limit);
        }
    }

    /// Traffic class and flow label.
    pub(super) fn print_flow(&mut self, flags: Ip6TnlFlags, info: Option<Be<u32>>) {
        if flags.contains(Ip6TnlFlags::USE_ORIG_TCLASS) {
            self.mark(true, "ip6_tnl_f_use_orig_tclass", "tclass inherit ");
        } else if let Some(info) = info {
            let class = info.get() >> 20 & 0xff;
            self.to.out.word("tclass", ["tclass ", " "], format_args!("{class:#04x}"));
        }
        if flags.contains(Ip6TnlFlags::USE_ORIG_FLOWLABEL) {
            self.mark(true, "ip6_tnl_f_use_orig_flowlabel", "flowlabel inherit ");
        } else if let Some(info) = info {
            let label = info.get() & 0xf_ffff;
            self.to.out.word("flowlabel", ["flowlabel ", " "], format_args!("{label:#07x}"));
        }
    }

    /// The mark that routing sees.
    pub(super) fn print_fwmark(&mut self, flags: Ip6TnlFlags, mark: Option<u32>) {
        if flags.contains(Ip6TnlFlags::USE_ORIG_FWMARK) {
            self.mark(true, "ip6_tnl_f_use_orig_fwmark", "fwmark inherit ");
        } else if let Some(mark) = mark.filter(|&mark| mark != 0) {
            self.to.out.word("fwmark", ["fwmark ", " "], Hex(mark));
        }
    }

    /// UDP around the tunnel.
    pub(super) fn print_encap(
        &mut self,
        kind: Option<TunnelEncap>,
        flags: Option<TunnelEncapFlags>,
        [source, destination]: [Option<Be<u16>>; 2],
    ) {
        let Some(kind) = kind.filter(|&kind| kind != TunnelEncap::NONE) else { return };
        let flags = flags.unwrap_or_default();
        self.to.object("encap", |to| {
            to.out.text("encap ");
            match kind {
                TunnelEncap::FOU => to.out.word("type", ["", " "], "fou"),
                TunnelEncap::GUE => to.out.word("type", ["", " "], "gue"),
                _ => to.out.mark("type", "unknown "),
            }
            match source.unwrap_or_default().get() {
                0 => {
                    to.out.json_num("sport", 0u16);
                    to.out.text("encap-sport auto ");
                }
                port => to.out.num("sport", ["encap-sport ", " "], port),
            }
            to.out.num("dport", ["encap-dport ", " "], destination.unwrap_or_default());
            for (flag, key, yes, no) in [
                (TunnelEncapFlags::CSUM, "csum", "encap-csum ", "noencap-csum "),
                (TunnelEncapFlags::CSUM6, "csum6", "encap-csum6 ", "noencap-csum6 "),
                (TunnelEncapFlags::REMCSUM, "remcsum", "encap-remcsum ", "noencap-remcsum "),
            ] {
                let is_set = flags.contains(flag);
                to.out.truth(key, if is_set { yes } else { no }, is_set);
            }
        });
    }
}
