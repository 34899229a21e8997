//! Routes: `RTM_NEWROUTE`, `RTM_DELROUTE`, `RTM_GETROUTE`.
//!
//! Source: `include/uapi/linux/rtnetlink.h`, as of Linux 7.2.

pub mod encap;
mod metrics;
mod next_hop;

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::{
    attrs::Attrs,
    error::{ErrorKind, Result},
    message::Body,
    netaddr::{Addr, Prefix},
    nla::Nla,
    scalar::Be,
    schema::Type,
    select::Sub,
    value::{Packed, Pod, Struct, Value},
    writer::Buffer,
};

pub use encap::{Encap, LwtunnelEncap};
pub use metrics::{MetricAttr, RtaxFeatures};
pub use next_hop::{NextHop, NextHopIter, NextHops, RtNextHop, RtnhFlags, Via};

/// A route: where packets to a destination go, and by which next hops.
///
/// [`RouteAttr`] has its attributes; methods are for what takes more than one of them.
pub type Route<'a> = Body<'a, RtMsg, RouteAttr<'a>>;

impl<'a> Route<'a> {
    /// The table that the route is in.
    ///
    /// It is `RTA_TABLE`, or the header's byte where that is left out.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`].
    pub fn table(&self) -> Result<RtTable> {
        let table = self.get(RouteAttr::Table)?;
        Ok(table.unwrap_or(RtTable(self.header.table.into())))
    }

    /// The destination. The default route, which the kernel sends without one,
    /// has an unspecified address of 0 bits.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`].
    pub fn destination(&self) -> Result<Prefix<RouteAddr<'a>>> {
        let addr = match self.get(RouteAttr::Dst)? {
            Some(addr) => addr,
            None if self.header.family == AF_MPLS => RouteAddr::Labels(Packed::new(&[])),
            None => RouteAddr::Addr(unspecified(self.header.family)),
        };
        Ok(Prefix { addr, len: self.header.dst_len })
    }

    /// Which sources the route is for; as a rule all, which is an unspecified
    /// address of 0 bits. IPv6 and multicast routes can have another one.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`].
    pub fn source(&self) -> Result<Prefix<Addr<'a>>> {
        let addr = self.get(RouteAttr::Src)?;
        let addr = addr.unwrap_or_else(|| unspecified(self.header.family));
        Ok(Prefix { addr, len: self.header.src_len })
    }

    /// The next hops: those of `RTA_MULTIPATH`, or the one that is in the route
    /// itself, be it only the id of a nexthop object. A route that drops its
    /// packets has none.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`].
    pub fn next_hops(&self) -> Result<NextHopIter<'a>> {
        match self.get(RouteAttr::Multipath)? {
            Some(hops) => Ok(hops.iter()),
            None => NextHopIter::within(self),
        }
    }
}

const AF_INET6: u8 = 10;
const AF_MPLS: u8 = 28;
const RTNL_FAMILY_IP6MR: u8 = 129;

/// The address that stands for all of a family.
pub(crate) fn unspecified(family: u8) -> Addr<'static> {
    match family {
        AF_INET6 | RTNL_FAMILY_IP6MR => Ipv6Addr::UNSPECIFIED.into(),
        _ => Ipv4Addr::UNSPECIFIED.into(),
    }
}

wire_struct! {
    /// The fixed header of a [`Route`].
    pub struct RtMsg in "rtmsg" {
        /// `AF_INET`, `AF_INET6` or `AF_MPLS`; 128 for a multicast route of IPv4, 129 for one of IPv6.
        pub family: u8,
        /// Prefix length of [`RouteAttr::Dst`], in bits.
        pub dst_len: u8,
        /// Prefix length of [`RouteAttr::Src`], in bits.
        pub src_len: u8,
        /// Type of service that packets must have; 0 is any.
        pub tos: u8,
        /// The table, or [`RtTable::COMPAT`] if its number does not fit;
        /// [`Route::table`] has all of it.
        pub table: u8,
        /// Who made the route.
        pub protocol: RtProt,
        /// How far away the destination is.
        pub scope: RtScope,
        /// What the route does.
        pub kind: Rtn,
        /// Flags of the route, and of its next hop in the low byte.
        pub flags: RtmFlags,
    }
}

flags! {
    /// Flags of a route: `RTM_F_*`. The low byte has those of its
    /// [next hop](Self::next_hop).
    pub struct RtmFlags(u32) in "RTM_F_" {
        /// In a request: notify of the route when it changes. No effect.
        NOTIFY = 0x100, "notify";
        /// The kernel made the route from another one, as after a redirect.
        CLONED = 0x200, "cache";
        /// No effect.
        EQUALIZE = 0x400, "equalize";
        /// In a dump request: only routes from router advertisements.
        PREFIX = 0x800, "prefix";
        /// In a lookup: tell which table the route is in.
        LOOKUP_TABLE = 0x1000, "lookup_table";
        /// In a lookup: return the route as the table has it, and not what it
        /// means for this destination.
        FIB_MATCH = 0x2000, "fib_match";
        /// The hardware has the route. Since Linux 5.6.
        OFFLOAD = 0x4000, "rt_offload";
        /// The hardware sends packets of this route to the kernel. Since Linux 5.6.
        TRAP = 0x8000, "rt_trap";
        /// The hardware could not take the route. Since Linux 5.12.
        OFFLOAD_FAILED = 0x2000_0000, "rt_offload_failed";
    }
}

impl RtmFlags {
    /// The flags of the next hop in the low byte: of a route that has one, or of
    /// a nexthop object.
    pub const fn next_hop(self) -> RtnhFlags {
        RtnhFlags(self.0 as u8)
    }
}

constants! {
    /// Who made a route, rule or neighbour: `RTPROT_*`. From 4 on the kernel
    /// leaves them to its users.
    pub struct RtProt(u8) in "RTPROT_" {
        /// Not told.
        UNSPEC = 0, "unspec";
        /// An ICMP redirect.
        REDIRECT = 1, "redirect";
        /// The kernel.
        KERNEL = 2, "kernel";
        /// A boot script, or whoever did not care to tell.
        BOOT = 3, "boot";
        /// The administrator.
        STATIC = 4, "static";
        /// GateD.
        GATED = 8, "gated";
        /// A router advertisement.
        RA = 9, "ra";
        /// Merit MRT.
        MRT = 10, "mrt";
        /// Zebra, of FRRouting and its ancestors.
        ZEBRA = 11, "zebra";
        /// BIRD.
        BIRD = 12, "bird";
        /// The DECnet routing daemon.
        DNROUTED = 13, "dnrouted";
        /// XORP.
        XORP = 14, "xorp";
        /// Netsukuku.
        NTK = 15, "ntk";
        /// A DHCP client.
        DHCP = 16, "dhcp";
        /// A multicast routing daemon. `ip` has no word for it.
        MROUTED = 17, "17";
        /// keepalived.
        KEEPALIVED = 18, "keepalived";
        /// A Babel daemon.
        BABEL = 42, "babel";
        /// OVN.
        OVN = 84, "ovn";
        /// Open/R.
        OPENR = 99, "openr";
        /// BGP.
        BGP = 186, "bgp";
        /// IS-IS.
        ISIS = 187, "isis";
        /// OSPF.
        OSPF = 188, "ospf";
        /// RIP.
        RIP = 189, "rip";
        /// EIGRP.
        EIGRP = 192, "eigrp";
    }
}

constants! {
    /// How far away a destination is: `RT_SCOPE_*`. Other values lie in between.
    pub struct RtScope(u8) in "RT_SCOPE_" {
        /// Anywhere.
        UNIVERSE = 0, "global";
        /// Inside of the site; for addresses only.
        SITE = 200, "site";
        /// On the link: reached without a gateway.
        LINK = 253, "link";
        /// On this host.
        HOST = 254, "host";
        /// Nowhere: there is no such destination.
        NOWHERE = 255, "nowhere";
    }
}

constants! {
    /// What a route does: `RTN_*`.
    pub struct Rtn(u8) in "RTN_" {
        /// Not told.
        UNSPEC = 0, "none";
        /// Forwards.
        UNICAST = 1, "unicast";
        /// Delivers to this host.
        LOCAL = 2, "local";
        /// Delivers to this host, and sends as a broadcast.
        BROADCAST = 3, "broadcast";
        /// Delivers to this host, which is one of several with this address.
        ANYCAST = 4, "anycast";
        /// Forwards to a group.
        MULTICAST = 5, "multicast";
        /// Drops.
        BLACKHOLE = 6, "blackhole";
        /// Drops, and tells that the host cannot be reached.
        UNREACHABLE = 7, "unreachable";
        /// Drops, and tells that it is prohibited.
        PROHIBIT = 8, "prohibit";
        /// Ends the search in this table; the next rule goes on.
        THROW = 9, "throw";
        /// Not supported.
        NAT = 10, "nat";
        /// Not supported.
        XRESOLVE = 11, "xresolve";
    }
}

constants! {
    /// A routing table: `RT_TABLE_*`. Other numbers are free to use.
    pub struct RtTable(u32) in "RT_TABLE_" {
        /// Not told; in a dump request, all tables.
        UNSPEC = 0, "unspec";
        /// What the header's byte says when the number does not fit into it.
        /// `ip` has no word for it.
        COMPAT = 252, "252";
        /// The table that is searched last. Nobody uses it.
        DEFAULT = 253, "default";
        /// The table of most routes.
        MAIN = 254, "main";
        /// The table of this host's addresses, kept by the kernel.
        LOCAL = 255, "local";
    }
}

constants! {
    /// Preference of an IPv6 router (RFC 4191): `ICMPV6_ROUTER_PREF_*`.
    pub struct RouterPref(u8) in "ICMPV6_ROUTER_PREF_" {
        /// As good as others.
        MEDIUM = 0, "medium";
        /// Better than others.
        HIGH = 1, "high";
        /// Not to be used. The kernel takes it as medium.
        INVALID = 2, "invalid";
        /// Worse than others.
        LOW = 3, "low";
    }
}

constants! {
    /// Why the kernel deleted a route: `RT_DEL_REASON_*`.
    pub struct RtDelReason(u32) in "RT_DEL_REASON_" {
        /// Not told.
        UNSPEC = 0, "unspec";
        /// Its lifetime ended.
        EXPIRED = 1, "expired";
        /// A router advertisement took it back.
        RA_WITHDRAWN = 2, "ra-withdrawn";
    }
}

wire_struct! {
    /// What the kernel knows of the use of a route.
    pub struct RtaCacheInfo in "rta_cacheinfo" {
        /// How many users in the kernel hold it.
        pub clntref: u32,
        /// Since the last use, in clock ticks: hundredths of a second.
        pub lastuse: u32,
        /// Until it expires, in clock ticks; 0 is never.
        pub expires: i32,
        /// Error that it gives, as a negative errno; 0 is none.
        pub error: u32,
        /// How often it was used.
        pub used: u32,
        /// No longer used.
        pub id: u32,
        /// No longer used.
        pub ts: u32,
        /// No longer used.
        pub tsage: u32,
    }
}

wire_struct! {
    /// Counters of a multicast route.
    pub struct RtaMfcStats in "rta_mfc_stats" {
        /// Packets.
        pub packets: u64,
        /// Bytes.
        pub bytes: u64,
        /// Packets that came in through the wrong interface.
        pub wrong_if: u64,
    }
}

by_family! {
    /// A destination.
    pub enum RouteAddr<'a> in "route-addr" {
        /// An address.
        _ => Addr(Addr<'a>),
        /// A label stack, under `AF_MPLS`.
        28 => Labels(Packed<'a, MplsLabel>),
    }
}

impl<'a, T: Into<Addr<'a>>> From<T> for RouteAddr<'a> {
    fn from(addr: T) -> Self {
        Self::Addr(addr.into())
    }
}

/// When a route expires, or was last used: the length tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteExpires {
    /// In a request: seconds until the route expires.
    In(u32),
    /// Of a multicast route: since the last use, in clock ticks (hundredths of a second).
    LastUse(u64),
}

impl Value<'_> for RouteExpires {
    const PROBE: Self = Self::In(0);
    const TYPE: Type = Type::Uint;

    fn parse(nla: Nla<'_>) -> Result<Self, ErrorKind> {
        match nla.payload().len() {
            u64::LEN => Value::parse(nla).map(Self::LastUse),
            _ => Value::parse(nla).map(Self::In),
        }
    }

    fn write(&self, out: &mut Buffer<'_>) {
        match self {
            Self::In(seconds) => seconds.put(out),
            Self::LastUse(ticks) => ticks.put(out),
        }
    }
}

wire_struct! {
    /// An entry of an MPLS label stack.
    pub struct MplsLabel in "mpls_label" {
        /// Label, traffic class, bottom bit and TTL, as they travel.
        pub entry: Be<u32>,
    }
}

impl MplsLabel {
    /// The entry of a label, with traffic class and TTL 0.
    pub fn new(label: u32, is_bottom: bool) -> Self {
        Self { entry: Be::new(label << 12 | u32::from(is_bottom) << 8) }
    }

    /// The label.
    pub fn label(self) -> u32 {
        self.entry.get() >> 12
    }

    /// The traffic class, from 0 to 7.
    pub fn traffic_class(self) -> u8 {
        (self.entry.get() >> 9) as u8 & 7
    }

    /// Whether it is the last one of its stack.
    pub fn is_bottom(self) -> bool {
        self.entry.get() & 0x100 != 0
    }

    /// The TTL; 0 where the kernel takes it from the packet.
    pub fn ttl(self) -> u8 {
        self.entry.get() as u8
    }
}

attributes! {
    /// An attribute of a [`Route`], or of a [`NextHop`].
    pub enum RouteAttr<'a> in "route-attrs" {
        /// Destination; [`Route::destination`] adds the prefix length.
        RTA_DST = 1 => Dst(RouteAddr<'a>),
        /// Sources that the route is for; [`Route::source`] adds the prefix length.
        RTA_SRC = 2 => Src(Addr<'a>),
        /// Index of the interface that packets come in through.
        RTA_IIF = 3 => Iif(u32),
        /// Index of the interface that packets leave through.
        RTA_OIF = 4 => Oif(u32),
        /// Router that packets are sent to.
        RTA_GATEWAY = 5 => Gateway(Addr<'a>),
        /// Metric: of several routes to one destination, the lowest wins.
        RTA_PRIORITY = 6 => Priority(u32),
        /// Source address of packets that this host sends.
        RTA_PREFSRC = 7 => PrefSrc(Addr<'a>),
        /// What TCP and IP assume about the path.
        RTA_METRICS = 8 => Metrics(Attrs<'a, MetricAttr<'a>>),
        /// Several next hops; [`Route::next_hops`] reads a single one likewise.
        RTA_MULTIPATH = 9 => Multipath(NextHops<'a>),
        /// No longer used.
        RTA_PROTOINFO = 10 => ProtoInfo(&'a [u8]),
        /// Realms: the source's in the high half, the destination's in the low.
        RTA_FLOW = 11 => Flow(u32),
        /// How the route was used.
        RTA_CACHEINFO = 12 => CacheInfo(Struct<'a, RtaCacheInfo>),
        /// No longer used.
        RTA_SESSION = 13 => Session(&'a [u8]),
        /// No longer used.
        RTA_MP_ALGO = 14 => MpAlgo(&'a [u8]),
        /// Table; [`Route::table`] reads it from a kernel that lacks it, too.
        RTA_TABLE = 15 => Table(RtTable),
        /// Mark that a packet has in a lookup.
        RTA_MARK = 16 => Mark(u32),
        /// Counters of a multicast route.
        RTA_MFC_STATS = 17 => MfcStats(RtaMfcStats),
        /// Router of another address family than the route's.
        RTA_VIA = 18 => Via(Via<'a>),
        /// Label stack that takes the place of the label in [`Dst`](Self::Dst).
        RTA_NEWDST = 19 => NewDst(RouteAddr<'a>),
        /// Preference of an IPv6 router.
        RTA_PREF = 20 => Pref(RouterPref),
        /// Type of [`Encap`](Self::Encap).
        RTA_ENCAP_TYPE = 21 => EncapType(LwtunnelEncap),
        /// How packets are encapsulated; read it with [`Encap::of`].
        RTA_ENCAP = 22 => Encap(Sub<'a, Encap<'a>>),
        /// When the route expires, or was last used.
        RTA_EXPIRES = 23 => Expires(RouteExpires),
        /// Padding.
        RTA_PAD = 24 => Pad(&'a [u8]),
        /// User whose socket sends, in a lookup.
        RTA_UID = 25 => Uid(u32),
        /// MPLS: 1 copies the TTL to the packet when the last label is removed, 0 does not.
        RTA_TTL_PROPAGATE = 26 => TtlPropagate(u8),
        /// Layer 4 protocol in a lookup: `IPPROTO_*`.
        RTA_IP_PROTO = 27 => IpProto(u8),
        /// Source port in a lookup.
        RTA_SPORT = 28 => Sport(Be<u16>),
        /// Destination port in a lookup.
        RTA_DPORT = 29 => Dport(Be<u16>),
        /// Id of the nexthop object that the route uses.
        RTA_NH_ID = 30 => NhId(u32),
        /// IPv6 flow label in a lookup. Since Linux 6.14.
        RTA_FLOWLABEL = 31 => FlowLabel(Be<u32>),
        /// Why the kernel deleted the route, in `RTM_DELROUTE`. Newer than Linux 7.2.
        RTA_DEL_REASON = 32 => DelReason(RtDelReason),
    }
}
