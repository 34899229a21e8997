//! Routes, as `ip route` prints them.

mod metrics;

use std::io::Write;

use netlink_wire::{
    Addr, Attrs, NlmFlags, Packed, Rtm,
    route::{
        MetricAttr, MplsLabel, NextHops, Route, RouteAddr, RouteAttr, RouterPref, RtMsg, RtProt,
        RtScope, RtTable, RtaCacheInfo, RtmFlags, Rtn, RtnhFlags, Via,
    },
};

use super::{Context, dump};
use crate::{
    args::Family,
    failure::{Failure, Faults},
    names::{File, Names},
    out::Out,
    selector::Words,
    text::{Hex, Text},
};

pub(super) fn run<W: Write>(context: &mut Context<W>, _: &mut Words) -> Result<(), Failure> {
    let mut socket = context.open()?;
    let Context { args, names, out, faults, .. } = context;
    let header = RtMsg { family: args.family.unwrap_or(Family::INET).0, ..RtMsg::default() };
    let mut buf = [0; 64];
    let request = Route::writer(&mut buf, Rtm::GETROUTE, NlmFlags::DUMP, &header)
        .push(RouteAttr::Table(RtTable::MAIN))
        .finish()?;
    let mut printer = Printer {
        names,
        faults,
        details: args.details > 0,
        statistics: args.statistics > 0,
        hidden: Hidden { table: true, ..Hidden::default() },
    };
    dump(&mut socket, request, out, |out, message| {
        let route = Route::parse(message)?;
        let fields = Fields::read(route.attrs, printer.faults);
        let flags = route.header.flags;
        if flags.contains(RtmFlags::CLONED) || fields.table(&route.header) != RtTable::MAIN {
            return Ok(());
        }
        Ok(out.row(|out| printer.route(&route.header, &fields, out))?)
    })
}

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
struct Fields<'a> {
    dst: Option<RouteAddr<'a>>,
    src: Option<Addr<'a>>,
    iif: Option<u32>,
    oif: Option<u32>,
    gateway: Option<Addr<'a>>,
    priority: Option<u32>,
    prefsrc: Option<Addr<'a>>,
    metrics: Option<Attrs<'a, MetricAttr<'a>>>,
    multipath: Option<NextHops<'a>>,
    flow: Option<u32>,
    cache_info: Option<RtaCacheInfo>,
    table: Option<RtTable>,
    mark: Option<u32>,
    via: Option<Via<'a>>,
    new_dst: Option<RouteAddr<'a>>,
    pref: Option<RouterPref>,
    uid: Option<u32>,
    ttl_propagate: Option<u8>,
    nh_id: Option<u32>,
}

impl<'a> Fields<'a> {
    fn read(attrs: Attrs<'a, RouteAttr<'a>>, faults: &mut Faults) -> Self {
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
                Ok(RouteAttr::NhId(id)) => fields.nh_id = Some(id),
                Ok(_) => {}
                Err(error) => faults.note(error),
            }
        }
        fields
    }

    fn table(&self, header: &RtMsg) -> RtTable {
        self.table.unwrap_or(RtTable(header.table.into()))
    }
}

/// What is not printed again because it was selected.
#[derive(Default)]
struct Hidden {
    tos: bool,
    via: bool,
    oif: bool,
    table: bool,
    protocol: bool,
    scope: bool,
    prefsrc: bool,
    priority: bool,
    realms: bool,
    iif: bool,
}

/// Prints routes and next hops.
struct Printer<'c> {
    names: &'c mut Names,
    faults: &'c mut Faults,
    details: bool,
    statistics: bool,
    hidden: Hidden,
}

impl Printer<'_> {
    fn route<W: Write>(&mut self, header: &RtMsg, fields: &Fields<'_>, out: &mut Out<W>) {
        let Self { details, hidden, .. } = self;
        let details = *details;
        if header.kind != Rtn::UNICAST || details {
            let kind = self.names.constant(header.kind, header.kind.0.into());
            out.word("type", ["", " "], kind);
        }
        let host_len = host_len(header.family);
        match fields.dst {
            Some(addr) => out.word("dst", ["", " "], Prefix::new(addr, header.dst_len, host_len)),
            None if header.dst_len != 0 => {
                out.word("dst", ["", " "], format_args!("0/{}", header.dst_len));
            }
            None => out.word("dst", ["", " "], "default"),
        }
        match fields.src {
            Some(addr) => {
                out.word("from", ["from ", " "], Prefix::new(addr, header.src_len, host_len));
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
            out.word("to", ["as to ", " "], labels);
        }
        if header.tos != 0 && !hidden.tos {
            out.word("tos", ["tos ", " "], self.names.dsfield(header.tos));
        }
        if !hidden.via {
            print_gateway(fields, out);
        } else if let Some(via) = fields.via {
            print_via(via, out);
        }
        if let Some(index) = fields.oif.filter(|_| !hidden.oif) {
            out.word("dev", ["dev ", " "], self.names.link(index));
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
        if let Some(addr) = fields.prefsrc.filter(|_| !hidden.prefsrc) {
            out.word("prefsrc", ["src ", " "], addr);
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
        if let Some(index) = fields.iif.filter(|_| !self.hidden.iif) {
            out.word("iif", ["iif ", " "], self.names.link(index));
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
        if let Some(hops) = fields.multipath {
            out.array("nexthops", |out| self.hops(header, hops, out));
        }
    }

    /// The legs of a multipath route.
    fn hops<W: Write>(&mut self, header: &RtMsg, hops: NextHops<'_>, out: &mut Out<W>) {
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
                if let Some(labels) = fields.new_dst {
                    out.word("to", ["as to ", " "], labels);
                }
                print_gateway(&fields, out);
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

    fn realms<W: Write>(&self, realms: u32, out: &mut Out<W>) {
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

    fn cache_info<W: Write>(&self, info: &RtaCacheInfo, out: &mut Out<W>) {
        if info.expires != 0 {
            out.num("expires", ["expires ", "sec "], info.expires / USER_HZ as i32);
        }
        if info.error != 0 {
            out.num("error", ["error ", " "], info.error);
        }
        if self.statistics {
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

fn print_gateway<W: Write>(fields: &Fields<'_>, out: &mut Out<W>) {
    if let Some(addr) = fields.gateway {
        out.word("gateway", ["via ", " "], addr);
    }
    if let Some(via) = fields.via {
        print_via(via, out);
    }
}

fn print_via<W: Write>(via: Via<'_>, out: &mut Out<W>) {
    out.object("via", |out| {
        out.word("family", ["via ", " "], family_name(via.family));
        out.word("host", ["", " "], Addr::new(via.addr));
    });
}

fn print_flags<W: Write>(flags: u32, out: &mut Out<W>) {
    out.array("flags", |out| {
        for (_, word) in FLAGS.iter().filter(|(flag, _)| flags & flag != 0) {
            out.item(["", " "], *word);
        }
    });
}

fn print_cache_flags<W: Write>(flags: u32, out: &mut Out<W>) {
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

/// Bits of a whole address.
fn host_len(family: u8) -> u8 {
    match Family(family) {
        Family::INET => 32,
        Family::INET6 => 128,
        Family::MPLS => 20,
        _ => 0,
    }
}

fn family_name(family: u16) -> &'static str {
    match u8::try_from(family).map(Family) {
        Ok(Family::INET) => "inet",
        Ok(Family::INET6) => "inet6",
        Ok(Family::PACKET) => "link",
        Ok(Family::MPLS) => "mpls",
        Ok(Family::BRIDGE) => "bridge",
        _ => "???",
    }
}
