//! How routes, next hops and nexthop objects are printed.

use netlink_wire::{
    Addr, Attrs, Packed,
    route::{
        Encap, MetricAttr, MplsLabel, NextHops, RouteAddr, RouteAttr, RouterPref, RtMsg, RtProt,
        RtScope, RtTable, RtaCacheInfo, RtmFlags, Rtn, RtnhFlags, Via,
    },
};

use super::metrics;
use crate::{
    args::{Args, Family},
    failure::Faults,
    names::{File, Names},
    object::nexthop::NexthopCache,
    out::Out,
    palette::Kind,
    text::{Hex, Text},
};

/// Flags of a route or a next hop, in the order in which they are printed.
const FLAGS: [(u32, &str); 11] = [
    (RtnhFlags::DEAD.0 as u32, "dead"),
    (RtnhFlags::ONLINK.0 as u32, "onlink"),
    (RtnhFlags::PERVASIVE.0 as u32, "pervasive"),
    (RtnhFlags::OFFLOAD.0 as u32, "offload"),
    (RtnhFlags::TRAP.0 as u32, "trap"),
    (RtmFlags::NOTIFY.0, "notify"),
    (RtnhFlags::LINKDOWN.0 as u32, "linkdown"),
    (RtnhFlags::UNRESOLVED.0 as u32, "unresolved"),
    (RtmFlags::OFFLOAD.0, "rt_offload"),
    (RtmFlags::TRAP.0, "rt_trap"),
    (RtmFlags::OFFLOAD_FAILED.0, "rt_offload_failed"),
];

/// What a cached IPv4 route was made for: `RTCF_*`.
const CACHE_FLAGS: [(u32, &str); 14] = [
    (0x8000_0000, "local"),
    (0x4000_0000, "reject"),
    (0x2000_0000, "mc"),
    (0x1000_0000, "brd"),
    (0x0800_0000, "dst-nat"),
    (0x0080_0000, "src-nat"),
    (0x0040_0000, "masq"),
    (0x0002_0000, "dst-direct"),
    (0x0400_0000, "src-direct"),
    (0x0004_0000, "redirected"),
    (0x0100_0000, "redirect"),
    (0x0020_0000, "fastroute"),
    (0x0001_0000, "notify"),
    (0x0010_0000, "proxy"),
];

/// Clock ticks a second in what the kernel tells: `USER_HZ`.
const USER_HZ: u32 = 100;

/// The attributes of a route or of a next hop, read in one pass.
#[derive(Default)]
pub(super) struct Fields<'a> {
    pub(super) dst: Option<RouteAddr<'a>>,
    pub(super) src: Option<Addr<'a>>,
    pub(super) iif: Option<u32>,
    pub(super) oif: Option<u32>,
    pub(super) gateway: Option<Addr<'a>>,
    pub(super) priority: Option<u32>,
    pub(super) prefsrc: Option<Addr<'a>>,
    pub(super) metrics: Option<Attrs<'a, MetricAttr<'a>>>,
    pub(super) multipath: Option<NextHops<'a>>,
    pub(super) flow: Option<u32>,
    pub(super) cache_info: Option<RtaCacheInfo>,
    pub(super) table: Option<RtTable>,
    pub(super) mark: Option<u32>,
    pub(super) via: Option<Via<'a>>,
    pub(super) new_dst: Option<RouteAddr<'a>>,
    pub(super) pref: Option<RouterPref>,
    pub(super) uid: Option<u32>,
    pub(super) ttl_propagate: Option<u8>,
    encap: Option<Encap<'a>>,
    pub(super) nh_id: Option<u32>,
}

impl<'a> Fields<'a> {
    pub(super) fn read(attrs: Attrs<'a, RouteAttr<'a>>, faults: &mut Faults) -> Self {
        let mut fields = Self::default();
        for attr in attrs {
            match attr {
                Ok(RouteAttr::Dst(dst)) => fields.dst = Some(dst),
                Ok(RouteAttr::Src(src)) => fields.src = Some(src),
                Ok(RouteAttr::Iif(index)) => fields.iif = Some(index),
                Ok(RouteAttr::Oif(index)) => fields.oif = Some(index),
                Ok(RouteAttr::Gateway(gateway)) => fields.gateway = Some(gateway),
                Ok(RouteAttr::Priority(priority)) => fields.priority = Some(priority),
                Ok(RouteAttr::PrefSrc(src)) => fields.prefsrc = Some(src),
                Ok(RouteAttr::Metrics(metrics)) => fields.metrics = Some(metrics),
                Ok(RouteAttr::Multipath(hops)) => fields.multipath = Some(hops),
                Ok(RouteAttr::Flow(realms)) => fields.flow = Some(realms),
                Ok(RouteAttr::CacheInfo(info)) => fields.cache_info = Some(info.read()),
                Ok(RouteAttr::Table(table)) => fields.table = Some(table),
                Ok(RouteAttr::Mark(mark)) => fields.mark = Some(mark),
                Ok(RouteAttr::Via(via)) => fields.via = Some(via),
                Ok(RouteAttr::NewDst(labels)) => fields.new_dst = Some(labels),
                Ok(RouteAttr::Pref(pref)) => fields.pref = Some(pref),
                Ok(RouteAttr::Uid(uid)) => fields.uid = Some(uid),
                Ok(RouteAttr::TtlPropagate(propagate)) => fields.ttl_propagate = Some(propagate),
                Ok(RouteAttr::Encap(_)) => fields.encap = faults.read(Encap::of(attrs)),
                Ok(RouteAttr::NhId(id)) => fields.nh_id = Some(id),
                Ok(_) => {}
                Err(error) => faults.note(error),
            }
        }
        fields
    }

    pub(super) fn table(&self, header: &RtMsg) -> RtTable {
        self.table.unwrap_or(RtTable(header.table.into()))
    }
}

/// What is not printed again because it was selected.
#[derive(Default)]
pub(super) struct Hidden {
    pub(super) tos: bool,
    /// Length of the prefix that gateways lie in.
    pub(super) via: Option<u8>,
    pub(super) oif: bool,
    pub(super) table: bool,
    pub(super) protocol: bool,
    pub(super) scope: bool,
    /// Length of the prefix that preferred sources lie in.
    pub(super) prefsrc: Option<u8>,
    pub(super) priority: bool,
    pub(super) realms: bool,
    pub(super) iif: bool,
}

/// Prints routes, next hops and nexthop objects.
pub(in crate::object) struct Printer<'c> {
    pub(in crate::object) names: &'c mut Names,
    pub(in crate::object) faults: &'c mut Faults,
    pub(in crate::object) details: bool,
    pub(in crate::object) statistics: u8,
    pub(in crate::object) nexthops: &'c mut NexthopCache,
}

impl<'c> Printer<'c> {
    pub(in crate::object) fn new(
        args: &Args,
        names: &'c mut Names,
        faults: &'c mut Faults,
        nexthops: &'c mut NexthopCache,
    ) -> Self {
        let (details, statistics) = (args.details > 0, args.statistics);
        Self { names, faults, details, statistics, nexthops }
    }

    /// A route, but for what is hidden.
    pub(super) fn route(
        &mut self,
        header: &RtMsg,
        fields: &Fields<'_>,
        hidden: &Hidden,
        out: &mut Out,
    ) {
        let details = self.details;
        if header.kind != Rtn::UNICAST || details {
            let kind = self.names.constant(header.kind, header.kind.0.into());
            out.word("type", ["", " "], kind);
        }
        let host_len = Family(header.family).bits();
        let color = Kind::of_address(address_family(header.family));
        match fields.dst {
            Some(RouteAddr::Addr(addr)) if header.dst_len == host_len => {
                out.paint(color, |out| out.word("dst", ["", " "], self.names.host(addr)));
            }
            Some(addr) => out.paint(color, |out| {
                out.word("dst", ["", " "], Prefix::new(addr, header.dst_len, host_len));
            }),
            None if header.dst_len != 0 => {
                out.word("dst", ["", " "], format_args!("0/{}", header.dst_len));
            }
            None => out.word("dst", ["", " "], "default"),
        }
        match fields.src {
            Some(addr) if header.src_len == host_len => {
                out.paint(color, |out| out.word("from", ["from ", " "], self.names.host(addr)));
            }
            Some(addr) => {
                let addr = RouteAddr::Addr(addr);
                out.paint(color, |out| {
                    out.word("from", ["from ", " "], Prefix::new(addr, header.src_len, host_len));
                });
            }
            None if header.src_len != 0 => {
                out.word("src", ["from ", " "], format_args!("0/{}", header.src_len));
            }
            None => {}
        }
        if let Some(id) = fields.nh_id {
            out.num("nhid", ["nhid ", " "], id);
        }
        if let Some(labels) = fields.new_dst {
            print_new_dst(header.family, labels, out);
        }
        if let Some(encap) = fields.encap {
            self.encap(encap, out);
        }
        if header.tos != 0 && !hidden.tos {
            out.word("tos", ["tos ", " "], self.names.dsfield(header.tos));
        }
        if let Some(addr) = fields.gateway.filter(|_| hidden.via != Some(host_len)) {
            self.gateway(header.family, addr, out);
        }
        if let Some(via) = fields.via {
            self.via(via, out);
        }
        if let Some(index) = fields.oif.filter(|_| !hidden.oif) {
            self.link("dev", "dev ", index, out);
        }
        let table = fields.table(header);
        if table != RtTable::UNSPEC && (table != RtTable::MAIN || details) && !hidden.table {
            out.word("table", ["table ", " "], self.names.named(File::Tables, table.0));
        }
        if !header.flags.contains(RtmFlags::CLONED) {
            if (header.protocol != RtProt::BOOT || details) && !hidden.protocol {
                let name = self.names.named(File::Protocols, header.protocol.0);
                out.word("protocol", ["proto ", " "], name);
            }
            if (header.scope != RtScope::UNIVERSE || details) && !hidden.scope {
                let name = self.names.named(File::Scopes, header.scope.0);
                out.word("scope", ["scope ", " "], name);
            }
        }
        if let Some(addr) = fields.prefsrc.filter(|_| hidden.prefsrc != Some(host_len)) {
            out.text("src ");
            out.paint(color, |out| out.word("prefsrc", ["", " "], addr));
        }
        if let Some(metric) = fields.priority.filter(|_| !hidden.priority) {
            out.num("metric", ["metric ", " "], metric);
        }
        print_flags(header.flags.0, out);
        if let Some(mark) = fields.mark.filter(|&mark| mark != 0) {
            out.json_num("mark", mark);
            if mark < 16 {
                out.text_value(["mark ", " "], mark);
            } else {
                out.text_value(["mark ", " "], Hex(mark));
            }
        }
        if let Some(realms) = fields.flow.filter(|_| !hidden.realms) {
            self.realms(realms, out);
        }
        if let Some(uid) = fields.uid {
            out.num("uid", ["uid ", " "], uid);
        }
        if header.family == Family::INET.0 && header.flags.contains(RtmFlags::CLONED) {
            print_cache_flags(header.flags.0, out);
        }
        if let Some(info) = fields.cache_info {
            if matches!(Family(header.family), Family::INET | Family::INET6) {
                self.cache_info(&info, out);
            }
        }
        if let Some(metrics) = fields.metrics {
            metrics::print(metrics, self.faults, out);
        }
        if let Some(index) = fields.iif.filter(|_| !hidden.iif) {
            self.link("iif", "iif ", index, out);
        }
        match fields.pref {
            Some(pref @ (RouterPref::LOW | RouterPref::MEDIUM | RouterPref::HIGH)) => {
                out.word("pref", ["pref ", ""], pref.word().unwrap_or_default());
            }
            Some(pref) => out.num("pref", ["", ""], pref.0),
            None => {}
        }
        if let Some(propagate) = fields.ttl_propagate {
            let words = ["ttl-propogate disabled", "ttl-propogate enabled"];
            let propagate = propagate != 0;
            out.truth("ttl-propogate", words[usize::from(propagate)], propagate);
        }
        if let Some(id) = fields.nh_id.filter(|_| details) {
            self.nexthop_info(id, out);
        }
        if let Some(hops) = fields.multipath {
            out.array("nexthops", |out| self.hops(header, hops, out));
        }
    }

    pub(in crate::object) fn link(&mut self, key: &str, before: &str, index: u32, out: &mut Out) {
        let name = self.names.link(index);
        out.text(before);
        out.paint(Kind::Link, |out| out.word(key, ["", " "], name));
    }

    pub(in crate::object) fn gateway(&self, family: u8, addr: Addr<'_>, out: &mut Out) {
        out.text("via ");
        let color = Kind::of_address(Family(family));
        out.paint(color, |out| out.word("gateway", ["", " "], self.names.host(addr)));
    }

    /// A gateway of another family.
    fn via(&self, via: Via<'_>, out: &mut Out) {
        let family = u8::try_from(via.family).map_or(Family::UNSPEC, Family);
        out.object("via", |out| {
            let name = if family == Family::UNSPEC { "???" } else { family.words() };
            out.word("family", ["via ", " "], name);
            out.paint(Kind::of_address(family), |out| {
                out.word("host", ["", " "], self.names.host(Addr::new(via.addr)));
            });
        });
    }

    /// The legs of a multipath route.
    fn hops(&mut self, header: &RtMsg, hops: NextHops<'_>, out: &mut Out) {
        let multicast = header.flags.contains(RtmFlags::CLONED) && header.kind == Rtn::MULTICAST;
        for (i, hop) in hops.iter().enumerate() {
            let hop = match hop {
                Ok(hop) => hop,
                Err(error) => {
                    self.faults.note(error);
                    continue;
                }
            };
            let fields = Fields::read(hop.attrs, self.faults);
            out.item_object(|out| {
                if multicast {
                    out.text(if i == 0 { "Oifs: " } else { " " });
                } else {
                    out.new_line();
                    out.text("\tnexthop ");
                }
                if let Some(encap) = fields.encap {
                    self.encap(encap, out);
                }
                if let Some(labels) = fields.new_dst {
                    print_new_dst(header.family, labels, out);
                }
                if let Some(addr) = fields.gateway {
                    self.gateway(header.family, addr, out);
                }
                if let Some(via) = fields.via {
                    self.via(via, out);
                }
                if let Some(realms) = fields.flow {
                    self.realms(realms, out);
                }
                let dev = self.names.link(hop.header.ifindex as u32);
                if multicast {
                    out.word("dev", ["", ""], dev);
                    if hop.header.hops != 1 {
                        out.num("ttl", ["(ttl>", ")"], hop.header.hops);
                    }
                    out.text(" ");
                } else {
                    out.word("dev", ["dev ", " "], dev);
                    if header.family != Family::MPLS.0 {
                        out.num("weight", ["weight ", " "], u32::from(hop.header.hops) + 1);
                    }
                }
                print_flags(hop.header.flags.0.into(), out);
            });
        }
    }

    fn realms(&self, realms: u32, out: &mut Out) {
        let (from, to) = (realms >> 16, realms & 0xffff);
        out.object("flow", |out| {
            if from != 0 {
                out.word("from", ["realms ", "/"], self.names.named(File::Realms, from));
            } else {
                out.text("realm ");
            }
            out.word("to", ["", " "], self.names.named(File::Realms, to));
        });
    }

    fn cache_info(&self, info: &RtaCacheInfo, out: &mut Out) {
        if info.expires != 0 {
            out.num("expires", ["expires ", "sec "], info.expires / USER_HZ as i32);
        }
        if info.error != 0 {
            out.num("error", ["error ", " "], info.error);
        }
        if self.statistics > 0 {
            if info.clntref != 0 {
                out.num("users", ["users ", " "], info.clntref);
            }
            if info.used != 0 {
                out.num("used", ["used ", " "], info.used);
            }
            if info.lastuse != 0 {
                out.num("age", ["age ", "sec "], info.lastuse / USER_HZ);
            }
        }
        if info.id != 0 {
            out.word("ipid", ["ipid ", " "], format_args!("{:#06x}", info.id));
        }
        if info.ts != 0 || info.tsage != 0 {
            out.word("ts", ["ts ", ""], format_args!("{:#x}", info.ts));
            out.num("tsage", ["tsage ", "sec "], info.tsage);
        }
    }
}

fn print_new_dst(family: u8, addr: RouteAddr<'_>, out: &mut Out) {
    out.text("as to ");
    out.paint(Kind::of_address(Family(family)), |out| out.word("to", ["", " "], addr));
}

pub(in crate::object) fn print_flags(flags: u32, out: &mut Out) {
    const ANY: u32 = {
        let (mut any, mut i) = (0, 0);
        while i < FLAGS.len() {
            any |= FLAGS[i].0;
            i += 1;
        }
        any
    };
    out.array("flags", |out| {
        if flags & ANY == 0 {
            return; // as nearly always
        }
        for (_, word) in FLAGS.iter().filter(|(flag, _)| flags & flag != 0) {
            out.item(["", " "], *word);
        }
    });
}

fn print_cache_flags(flags: u32, out: &mut Out) {
    let mut rest = flags & !0xffff;
    out.new_line();
    out.text("    cache ");
    out.text(if rest == 0 { "" } else { "<" });
    out.array("cache", |out| {
        for (flag, word) in CACHE_FLAGS {
            if rest & flag != 0 {
                rest &= !flag;
                out.item(["", if rest == 0 { "> " } else { "," }], word);
            }
        }
        if rest != 0 {
            out.item(["", ">"], format_args!("{rest:x}"));
        }
    });
}

/// An address and the bits of it that count, unless all do.
struct Prefix<A> {
    addr: A,
    len: Option<u8>,
}

impl<A> Prefix<A> {
    fn new(addr: A, len: u8, host_len: u8) -> Self {
        Self { addr, len: (len != host_len).then_some(len) }
    }
}

impl<A: Text> Text for Prefix<A> {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        self.addr.append(to);
        if let Some(len) = self.len {
            to.push(b'/');
            len.append(to);
        }
    }
}

impl Text for RouteAddr<'_> {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        match self {
            Self::Addr(addr) => addr.append(to),
            Self::Labels(labels) => labels.append(to),
            _ => {}
        }
    }
}

/// Up to the bottom of the stack, with slashes between.
impl Text for Packed<'_, MplsLabel> {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        for (i, label) in self.iter().enumerate() {
            if i > 0 {
                to.push(b'/');
            }
            label.label().append(to);
            if label.is_bottom() {
                break;
            }
        }
    }
}

/// The family that addresses are of: multicast routes have families of their own.
fn address_family(family: u8) -> Family {
    match family {
        128 => Family::INET,
        129 => Family::INET6,
        family => Family(family),
    }
}
