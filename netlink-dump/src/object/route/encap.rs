//! How a route encapsulates packets.

use std::net::Ipv6Addr;

use netlink_wire::{
    Attrs, Str,
    route::encap::{
        Encap, ErspanOptAttr, IlaAttr, Ioam6Attr, Ioam6IptunnelMode, Ip6EncapAttr, IpEncapAttr,
        IpOptsAttr, LwtBpfAttr, LwtBpfProgAttr, MplsEncapAttr, RplAttr, Seg6Attr, Seg6LocalAttr,
        Seg6LocalBpfAttr, Seg6LocalCntAttr, Seg6LocalFlvAttr, Seg6LocalFlvOp, Sr6Flags, Sr6TlvKind,
        Srh, TunnelFlags, VxlanOptAttr, XfrmEncapAttr,
    },
};

use super::Printer;
use crate::{
    failure::Faults,
    names::File,
    out::Out,
    palette::Kind,
    text::{Plain, Text},
};

impl Printer<'_> {
    pub(in crate::object) fn encap(&mut self, encap: Encap<'_>, out: &mut Out) {
        out.object("encap", |out| {
            let kind = match encap {
                Encap::Mpls(_) => "mpls",
                Encap::Ip(_) => "ip",
                Encap::Ila(_) => "ila",
                Encap::Ip6(_) => "ip6",
                Encap::Seg6(_) => "seg6",
                Encap::Bpf(_) => "bpf",
                Encap::Seg6Local(_) => "seg6local",
                Encap::Rpl(_) => "rpl",
                Encap::Ioam6(_) => "ioam6",
                Encap::Xfrm(_) => "xfrm",
                _ => "unknown",
            };
            out.word("encap_type", [" encap ", " "], kind);
            match encap {
                Encap::Mpls(attrs) => self.mpls(attrs, out),
                Encap::Ip(attrs) => self.ip(attrs, out),
                Encap::Ila(attrs) => self.ila(attrs, out),
                Encap::Ip6(attrs) => self.ip6(attrs, out),
                Encap::Seg6(attrs) => self.seg6(attrs, out),
                Encap::Bpf(attrs) => self.bpf(attrs, out),
                Encap::Seg6Local(attrs) => self.seg6_local(attrs, out),
                Encap::Rpl(attrs) => self.rpl(attrs, out),
                Encap::Ioam6(attrs) => self.ioam6(attrs, out),
                Encap::Xfrm(attrs) => self.xfrm(attrs, out),
                _ => {}
            }
        });
    }
}

// One kind after the other, in the order of their numbers.

impl Printer<'_> {
    fn mpls(&mut self, attrs: Attrs<'_, MplsEncapAttr<'_>>, out: &mut Out) {
        if let Some(labels) = self.faults.read(attrs.get(MplsEncapAttr::Dst)) {
            out.word("dst", [" ", " "], labels);
        }
        if let Some(ttl) = self.faults.read(attrs.get(MplsEncapAttr::Ttl)) {
            out.num("ttl", ["ttl ", " "], ttl);
        }
    }

    fn ip(&mut self, attrs: Attrs<'_, IpEncapAttr<'_>>, out: &mut Out) {
        if let Some(id) = self.faults.read(attrs.get(IpEncapAttr::Id)) {
            out.num("id", ["id ", " "], id);
        }
        if let Some(src) = self.faults.read(attrs.get(IpEncapAttr::Src)) {
            out.paint(Kind::Inet, |out| out.word("src", ["src ", " "], src));
        }
        if let Some(dst) = self.faults.read(attrs.get(IpEncapAttr::Dst)) {
            out.paint(Kind::Inet, |out| out.word("dst", ["dst ", " "], dst));
        }
        if let Some(ttl) = self.faults.read(attrs.get(IpEncapAttr::Ttl)) {
            out.num("ttl", ["ttl ", " "], ttl);
        }
        if let Some(tos) = self.faults.read(attrs.get(IpEncapAttr::Tos)) {
            out.num("tos", ["tos ", " "], tos);
        }
        if let Some(flags) = self.faults.read(attrs.get(IpEncapAttr::Flags)) {
            print_tunnel_flags(TunnelFlags(flags.get()), out);
        }
        if let Some(opts) = self.faults.read(attrs.get(IpEncapAttr::Opts)) {
            self.tunnel_options(opts, out);
        }
    }

    fn ila(&mut self, attrs: Attrs<'_, IlaAttr<'_>>, out: &mut Out) {
        if let Some(locator) = self.faults.read(attrs.get(IlaAttr::Locator)) {
            out.word("locator", [" ", " "], Locator(locator.get()));
        }
        if let Some(mode) = self.faults.read(attrs.get(IlaAttr::CsumMode)) {
            out.word("csum_mode", [" csum-mode ", " "], Plain(mode));
        }
        if let Some(kind) = self.faults.read(attrs.get(IlaAttr::IdentType)) {
            out.word("ident_type", [" ident-type ", " "], Plain(kind));
        }
        if let Some(hook) = self.faults.read(attrs.get(IlaAttr::HookType)) {
            out.word("hook_type", [" hook-type ", " "], Plain(hook));
        }
    }

    fn ip6(&mut self, attrs: Attrs<'_, Ip6EncapAttr<'_>>, out: &mut Out) {
        if let Some(id) = self.faults.read(attrs.get(Ip6EncapAttr::Id)) {
            out.num("id", ["id ", " "], id);
        }
        if let Some(src) = self.faults.read(attrs.get(Ip6EncapAttr::Src)) {
            out.paint(Kind::Inet6, |out| out.word("src", ["src ", " "], src));
        }
        if let Some(dst) = self.faults.read(attrs.get(Ip6EncapAttr::Dst)) {
            out.paint(Kind::Inet6, |out| out.word("dst", ["dst ", " "], dst));
        }
        if let Some(limit) = self.faults.read(attrs.get(Ip6EncapAttr::HopLimit)) {
            out.num("hoplimit", ["hoplimit ", " "], limit);
        }
        if let Some(class) = self.faults.read(attrs.get(Ip6EncapAttr::Tc)) {
            out.num("tc", ["tc ", " "], class);
        }
        if let Some(flags) = self.faults.read(attrs.get(Ip6EncapAttr::Flags)) {
            print_tunnel_flags(TunnelFlags(flags.get()), out);
        }
        if let Some(opts) = self.faults.read(attrs.get(Ip6EncapAttr::Opts)) {
            self.tunnel_options(opts, out);
        }
    }

    /// Options of the tunnel's own header: of one kind only, on a line of their own.
    fn tunnel_options(&mut self, opts: Attrs<'_, IpOptsAttr<'_>>, out: &mut Out) {
        let mut geneve = IpOptsAttr::geneve(opts).peekable();
        if geneve.peek().is_some() {
            print_options("geneve_opts", out, |out| {
                while let Some(opt) = geneve.next() {
                    let Some(opt) = self.faults.read(opt.map(Some)) else { continue };
                    let after = if geneve.peek().is_some() { "," } else { " " };
                    out.item_object(|out| {
                        out.num("class", ["", ""], opt.class);
                        out.num("type", [":", ""], opt.kind);
                        out.word("data", [":", after], HexBytes(opt.data));
                    });
                }
            });
        } else if let Some(vxlan) = self.faults.read(opts.get(IpOptsAttr::Vxlan)) {
            let gbp = self.faults.read(vxlan.get(VxlanOptAttr::Gbp)).unwrap_or_default();
            print_options("vxlan_opts", out, |out| {
                out.item_object(|out| out.num("gbp", ["", " "], gbp));
            });
        } else if let Some(erspan) = self.faults.read(opts.get(IpOptsAttr::Erspan)) {
            let ver = self.faults.read(erspan.get(ErspanOptAttr::Ver)).unwrap_or_default();
            let index = self.faults.read(erspan.get(ErspanOptAttr::Index));
            let dir = self.faults.read(erspan.get(ErspanOptAttr::Dir));
            let hwid = self.faults.read(erspan.get(ErspanOptAttr::HwId));
            print_options("erspan_opts", out, |out| {
                out.item_object(|out| {
                    out.num("ver", ["", ""], ver);
                    out.num("index", [":", ""], index.map_or(0, |index| index.get()));
                    out.num("dir", [":", ""], dir.unwrap_or(0));
                    out.num("hwid", [":", " "], hwid.unwrap_or(0));
                });
            });
        }
    }

    fn seg6(&mut self, attrs: Attrs<'_, Seg6Attr<'_>>, out: &mut Out) {
        let Some(encap) = self.faults.read(attrs.get(Seg6Attr::Srh)) else { return };
        out.word("mode", ["mode ", " "], Plain(encap.mode));
        if let Some(src) = self.faults.read(attrs.get(Seg6Attr::Src)) {
            out.paint(Kind::Inet6, |out| out.word("tunsrc", ["tunsrc ", " "], src));
        }
        print_srh(encap.srh, out);
        if let Some(table) = self.faults.read(attrs.get(Seg6Attr::Table)) {
            out.word("lookup", ["lookup ", " "], self.names.named(File::Tables, table));
        }
    }

    fn bpf(&mut self, attrs: Attrs<'_, LwtBpfAttr<'_>>, out: &mut Out) {
        let mut program =
            |prog: Option<Attrs<'_, LwtBpfProgAttr<'_>>>, key, faults: &mut Faults| {
                if let Some(prog) = prog {
                    let name = faults.read(prog.get(LwtBpfProgAttr::Name));
                    print_program(key, name, out);
                }
            };
        program(self.faults.read(attrs.get(LwtBpfAttr::In)), "in", self.faults);
        program(self.faults.read(attrs.get(LwtBpfAttr::Out)), "out", self.faults);
        program(self.faults.read(attrs.get(LwtBpfAttr::Xmit)), "xmit", self.faults);
        if let Some(headroom) = self.faults.read(attrs.get(LwtBpfAttr::XmitHeadroom)) {
            out.num("headroom", [" ", " "], headroom);
        }
    }

    fn seg6_local(&mut self, attrs: Attrs<'_, Seg6LocalAttr<'_>>, out: &mut Out) {
        let Some(action) = self.faults.read(attrs.get(Seg6LocalAttr::Action)) else { return };
        out.word("action", ["action ", " "], Plain(action));
        if let Some(srh) = self.faults.read(attrs.get(Seg6LocalAttr::Srh)) {
            out.object("srh", |out| print_srh(srh, out));
        }
        if let Some(table) = self.faults.read(attrs.get(Seg6LocalAttr::Table)) {
            out.word("table", ["table ", " "], self.names.named(File::Tables, table));
        }
        if let Some(table) = self.faults.read(attrs.get(Seg6LocalAttr::VrfTable)) {
            out.word("vrftable", ["vrftable ", " "], self.names.named(File::Tables, table));
        }
        if let Some(addr) = self.faults.read(attrs.get(Seg6LocalAttr::Nh4)) {
            out.word("nh4", ["nh4 ", " "], addr);
        }
        if let Some(addr) = self.faults.read(attrs.get(Seg6LocalAttr::Nh6)) {
            out.word("nh6", ["nh6 ", " "], addr);
        }
        if let Some(index) = self.faults.read(attrs.get(Seg6LocalAttr::Iif)) {
            out.word("iif", ["iif ", " "], self.names.link(index));
        }
        if let Some(index) = self.faults.read(attrs.get(Seg6LocalAttr::Oif)) {
            out.word("oif", ["oif ", " "], self.names.link(index));
        }
        if let Some(prog) = self.faults.read(attrs.get(Seg6LocalAttr::Bpf)) {
            let name = self.faults.read(prog.get(Seg6LocalBpfAttr::ProgName));
            print_program("endpoint", name, out);
        }
        if let Some(counters) = self.faults.read(attrs.get(Seg6LocalAttr::Counters)) {
            if self.statistics > 0 {
                self.seg6_local_counters(counters, out);
            }
        }
        if let Some(flavors) = self.faults.read(attrs.get(Seg6LocalAttr::Flavors)) {
            self.seg6_local_flavors(flavors, out);
        }
    }

    fn seg6_local_counters(&mut self, attrs: Attrs<'_, Seg6LocalCntAttr<'_>>, out: &mut Out) {
        let packets = self.faults.read(attrs.get(Seg6LocalCntAttr::Packets)).unwrap_or(0);
        let bytes = self.faults.read(attrs.get(Seg6LocalCntAttr::Bytes)).unwrap_or(0);
        let errors = self.faults.read(attrs.get(Seg6LocalCntAttr::Errors)).unwrap_or(0);
        out.object("stats64", |out| {
            out.num("packets", ["packets ", " "], packets);
            out.num("bytes", ["bytes ", " "], bytes);
            out.num("errors", ["errors ", " "], errors);
        });
    }

    fn seg6_local_flavors(&mut self, attrs: Attrs<'_, Seg6LocalFlvAttr<'_>>, out: &mut Out) {
        const NAMES: [(Seg6LocalFlvOp, &str); 4] = [
            (Seg6LocalFlvOp::PSP, "psp"),
            (Seg6LocalFlvOp::USP, "usp"),
            (Seg6LocalFlvOp::USD, "usd"),
            (Seg6LocalFlvOp::NEXT_CSID, "next-csid"),
        ];
        if let Some(flavors) = self.faults.read(attrs.get(Seg6LocalFlvAttr::Operation)) {
            out.array("flavors", |out| {
                let mut before = "flavors ";
                for (_, name) in NAMES.iter().filter(|(flavor, _)| flavors.contains(*flavor)) {
                    out.item([before, ""], *name);
                    before = ",";
                }
                out.text(if before == "," { " " } else { "flavors  " });
            });
        }
        if let Some(bits) = self.faults.read(attrs.get(Seg6LocalFlvAttr::LcBlockBits)) {
            out.num("lblen", ["lblen ", " "], bits);
        }
        if let Some(bits) = self.faults.read(attrs.get(Seg6LocalFlvAttr::LcNodeFnBits)) {
            out.num("nflen", ["nflen ", " "], bits);
        }
    }

    fn rpl(&mut self, attrs: Attrs<'_, RplAttr<'_>>, out: &mut Out) {
        let Some(srh) = self.faults.read(attrs.get(RplAttr::Srh)) else { return };
        let left = srh.header.segments_left;
        print_segments(left.into(), srh.addresses().iter().take(left.into()), out);
    }

    fn ioam6(&mut self, attrs: Attrs<'_, Ioam6Attr<'_>>, out: &mut Out) {
        let k = self.faults.read(attrs.get(Ioam6Attr::FreqK));
        let n = self.faults.read(attrs.get(Ioam6Attr::FreqN));
        let mode = self.faults.read(attrs.get(Ioam6Attr::Mode));
        let trace = self.faults.read(attrs.get(Ioam6Attr::Trace));
        let (Some(k), Some(n), Some(mode), Some(trace)) = (k, n, mode, trace) else { return };
        out.num("freqk", ["freq ", ""], k);
        out.num("freqn", ["/", " "], n);
        out.word("mode", ["mode ", " "], Plain(mode));
        if mode != Ioam6IptunnelMode::INLINE {
            if let Some(src) = self.faults.read(attrs.get(Ioam6Attr::Src)) {
                out.paint(Kind::Inet6, |out| out.word("tunsrc", ["tunsrc ", " "], src));
            }
            if let Some(dst) = self.faults.read(attrs.get(Ioam6Attr::Dst)) {
                out.paint(Kind::Inet6, |out| out.word("tundst", ["tundst ", " "], dst));
            }
        }
        out.mark("trace", "trace ");
        out.mark("prealloc", "prealloc ");
        let kind = trace.kind.get() >> 8;
        out.json_word("type", format_args!("{kind:x}"));
        out.text_value(["type ", " "], format_args!("{kind:#08x}"));
        out.num("ns", ["ns ", " "], trace.namespace_id);
        out.num("size", ["size ", " "], u32::from(trace.remlen) * 4);
    }

    fn xfrm(&mut self, attrs: Attrs<'_, XfrmEncapAttr<'_>>, out: &mut Out) {
        if let Some(id) = self.faults.read(attrs.get(XfrmEncapAttr::IfId)) {
            out.num("if_id", ["if_id ", " "], id);
        }
        if let Some(index) = self.faults.read(attrs.get(XfrmEncapAttr::Link)) {
            out.word("link_dev", ["link_dev ", " "], self.names.link(index));
        }
    }
}

fn print_tunnel_flags(flags: TunnelFlags, out: &mut Out) {
    if flags.contains(TunnelFlags::KEY) {
        out.truth("key", "key ", true);
    }
    if flags.contains(TunnelFlags::CSUM) {
        out.truth("csum", "csum ", true);
    }
    if flags.contains(TunnelFlags::SEQ) {
        out.truth("seq", "seq ", true);
    }
}

fn print_options(key: &str, out: &mut Out, write: impl FnOnce(&mut Out)) {
    out.new_line();
    out.text_value(["\t", " "], key);
    out.array(key, write);
}

fn print_srh(srh: Srh<'_>, out: &mut Out) {
    print_segments(u32::from(srh.header.first_segment) + 1, srh.segments().iter(), out);
    if !srh.header.flags.contains(Sr6Flags::HMAC) {
        return;
    }
    for tlv in srh.tlvs().filter(|tlv| tlv.kind == Sr6TlvKind::HMAC) {
        // Two bytes are reserved, the key's id follows.
        if let Some(&[_, _, a, b, c, d]) = tlv.data.first_chunk() {
            let id = u32::from_be_bytes([a, b, c, d]);
            out.json_word("hmac", format_args!("{id:#x}"));
            out.text_value(["hmac ", " "], format_args!("{id:X}"));
        }
    }
}

/// Segments, which are sent with the last one first.
fn print_segments(count: u32, segments: impl Iterator<Item = Ipv6Addr>, out: &mut Out) {
    let segments: Vec<_> = segments.collect();
    out.text_value(["segs ", " [ "], count);
    out.array("segs", |out| {
        for segment in segments.iter().rev() {
            out.paint(Kind::Inet6, |out| out.item(["", " "], segment));
        }
    });
    out.text("] ");
}

fn print_program(key: &str, name: Option<Str<'_>>, out: &mut Out) {
    match name {
        Some(name) => {
            out.text(key);
            out.word(key, [" ", " "], name);
        }
        None => {
            out.text_value(["", " "], key);
            out.json_word(key, "<unknown>");
        }
    }
}

/// Half of an IPv6 address.
struct Locator(u64);

impl Text for Locator {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        let [a, b, c, d] = [48, 32, 16, 0].map(|shift| self.0 >> shift & 0xffff);
        format_args!("{a:x}:{b:x}:{c:x}:{d:x}").append(to);
    }
}

/// Bytes, each as two digits.
struct HexBytes<'a>(&'a [u8]);

impl Text for HexBytes<'_> {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        self.0.iter().for_each(|byte| format_args!("{byte:02x}").append(to));
    }
}
