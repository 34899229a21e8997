//! Routes: `RTM_NEWROUTE`, `RTM_DELROUTE`, `RTM_GETROUTE`.
//!
//! Source: `include/uapi/linux/rtnetlink.h`, as of Linux 6.18.

use core::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use crate::{
    attrs::Attrs,
    error::{ErrorKind, Result},
    message::Body,
    netaddr::Addr,
    nla::{Nla, align},
    scalar::{Be, Reader},
    schema::{self, Type},
    select::Sub,
    value::{Nest, Packed, Pod, Record, Str, Value},
    writer::{Buffer, Writer},
};

/// A route.
pub type Route<'a> = Body<'a, RtMsg, RouteAttr<'a>>;

constants! {
    /// Who made a route, rule, address or neighbour: `RTPROT_*`.
    pub struct RtProt(u8) in "RTPROT_" {
        /// Unknown.
        UNSPEC = 0, "unspec";
        /// An ICMP redirect.
        REDIRECT = 1, "redirect";
        /// The kernel.
        KERNEL = 2, "kernel";
        /// A boot script.
        BOOT = 3, "boot";
        /// The administrator.
        STATIC = 4, "static";
        /// The BIRD routing daemon.
        BIRD = 12, "bird";
        /// The BGP daemon of FRRouting.
        BGP = 186, "bgp";
    }
}

constants! {
    /// How far away a destination is: `RT_SCOPE_*`.
    pub struct RtScope(u8) in "RT_SCOPE_" {
        /// Anywhere.
        UNIVERSE = 0, "global";
        /// Inside of the site.
        SITE = 200, "site";
        /// On the link.
        LINK = 253, "link";
        /// On this host.
        HOST = 254, "host";
        /// Nowhere.
        NOWHERE = 255, "nowhere";
    }
}

constants! {
    /// What a route does: `RTN_*`.
    pub struct Rtn(u8) in "RTN_" {
        /// Unknown.
        UNSPEC = 0, "none";
        /// Forwards.
        UNICAST = 1, "unicast";
        /// Delivers to this host.
        LOCAL = 2, "local";
        /// Delivers as a broadcast.
        BROADCAST = 3, "broadcast";
        /// Delivers as an anycast.
        ANYCAST = 4, "anycast";
        /// Forwards to a group.
        MULTICAST = 5, "multicast";
        /// Drops.
        BLACKHOLE = 6, "blackhole";
        /// Drops with `EHOSTUNREACH`.
        UNREACHABLE = 7, "unreachable";
        /// Drops with `EACCES`.
        PROHIBIT = 8, "prohibit";
        /// Goes on in the next table.
        THROW = 9, "throw";
    }
}

constants! {
    /// How a route encapsulates packets: `LWTUNNEL_ENCAP_*`.
    pub struct LwtunnelEncap(u16) in "LWTUNNEL_ENCAP_" {
        /// MPLS labels.
        MPLS = 1, "mpls";
        /// A tunnel over IPv4.
        IP = 2, "ip";
        /// A tunnel over IPv6.
        IP6 = 4, "ip6";
    }
}

flags! {
    /// `RTNH_F_*`
    pub struct RtnhFlags(u8) in "RTNH_F_" {
        /// The next hop is dead.
        DEAD = 0x1, "dead";
        /// No recursive lookup of the gateway.
        PERVASIVE = 0x2, "pervasive";
        /// The gateway is on the link.
        ONLINK = 0x4, "onlink";
        /// Offloaded to hardware.
        OFFLOAD = 0x8, "offload";
        /// The link is down.
        LINKDOWN = 0x10, "linkdown";
        /// The entry is not resolved.
        UNRESOLVED = 0x20, "unresolved";
        /// Trapped by hardware.
        TRAP = 0x40, "trap";
    }
}

wire_struct! {
    /// The fixed header of a [`Route`].
    pub struct RtMsg in "rtmsg" {
        /// `AF_INET`, `AF_INET6` or `AF_MPLS`.
        pub family: u8,
        /// Prefix length of [`RouteAttr::Dst`], in bits.
        pub dst_len: u8,
        /// Prefix length of [`RouteAttr::Src`], in bits.
        pub src_len: u8,
        /// Type of service that packets must have; 0 is any.
        pub tos: u8,
        /// Low byte of the table; [`Route::table`] has all of it.
        pub table: u8,
        /// Who made the route.
        pub protocol: RtProt,
        /// How far away the destination is.
        pub scope: RtScope,
        /// What the route does.
        pub kind: Rtn,
        /// `RTM_F_*`, and [`RtnhFlags`] in the low byte.
        pub flags: u32,
    }
}

wire_struct! {
    /// Ages of a cached route.
    pub struct RtaCacheInfo in "rta_cacheinfo" {
        /// How many users hold it.
        pub clntref: u32,
        /// Since the last use, in clock ticks (`USER_HZ`).
        pub lastuse: u32,
        /// Until it expires, in clock ticks.
        pub expires: i32,
        /// Errno that it gives, negative.
        pub error: u32,
        /// How often it was used.
        pub used: u32,
        /// Id of the TCP timestamps.
        pub id: u32,
        /// TCP timestamp.
        pub ts: u32,
        /// Age of the timestamp.
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

wire_struct! {
    /// An entry of an MPLS label stack.
    pub struct MplsLabel in "mpls_label" {
        /// Label, traffic class, bottom bit and TTL.
        pub entry: Be<u32>,
    }
}

impl MplsLabel {
    /// The label.
    pub fn label(self) -> u32 {
        self.entry.get() >> 12
    }

    /// Whether it is the last one of its stack.
    pub fn is_bottom(self) -> bool {
        self.entry.get() & 0x100 != 0
    }
}

by_family! {
    /// A destination or source.
    pub enum RouteAddr<'a> in "route-addr" {
        /// An address.
        _ => Addr(Addr<'a>),
        /// A label stack, under `AF_MPLS`.
        28 => Labels(Packed<'a, MplsLabel>),
    }
}

attributes! {
    /// An attribute of a [`Route`], or of a [`NextHop`].
    pub enum RouteAttr<'a> in "route-attrs" {
        /// Destination.
        RTA_DST = 1 => Dst(RouteAddr<'a>),
        /// Source prefix.
        RTA_SRC = 2 => Src(RouteAddr<'a>),
        /// Index of the input interface.
        RTA_IIF = 3 => Iif(u32),
        /// Index of the output interface.
        RTA_OIF = 4 => Oif(u32),
        /// Gateway.
        RTA_GATEWAY = 5 => Gateway(Addr<'a>),
        /// Priority; the lowest wins.
        RTA_PRIORITY = 6 => Priority(u32),
        /// Source address to prefer.
        RTA_PREFSRC = 7 => PrefSrc(Addr<'a>),
        /// Metrics.
        RTA_METRICS = 8 => Metrics(Attrs<'a, MetricAttr<'a>>),
        /// Several next hops.
        RTA_MULTIPATH = 9 => Multipath(NextHops<'a>),
        /// No longer used.
        RTA_PROTOINFO = 10 => ProtoInfo(&'a [u8]),
        /// Realms: the source's in the high half, the destination's in the low.
        RTA_FLOW = 11 => Flow(u32),
        /// Ages.
        RTA_CACHEINFO = 12 => CacheInfo(RtaCacheInfo),
        /// No longer used.
        RTA_SESSION = 13 => Session(&'a [u8]),
        /// No longer used.
        RTA_MP_ALGO = 14 => MpAlgo(&'a [u8]),
        /// Table.
        RTA_TABLE = 15 => Table(u32),
        /// Mark of the packets.
        RTA_MARK = 16 => Mark(u32),
        /// Counters of a multicast route.
        RTA_MFC_STATS = 17 => MfcStats(RtaMfcStats),
        /// Gateway of another address family.
        RTA_VIA = 18 => Via(Via<'a>),
        /// Label stack to put in place of the one in [`Dst`](Self::Dst).
        RTA_NEWDST = 19 => NewDst(RouteAddr<'a>),
        /// Preference of an IPv6 router: `ICMPV6_ROUTER_PREF_*`.
        RTA_PREF = 20 => Pref(u8),
        /// Type of [`Encap`](Self::Encap).
        RTA_ENCAP_TYPE = 21 => EncapType(LwtunnelEncap),
        /// Encapsulation; read it with [`Encap::of`].
        RTA_ENCAP = 22 => Encap(Sub<'a, Encap<'a>>),
        /// Seconds until the route expires.
        RTA_EXPIRES = 23 => Expires(u32),
        /// Padding.
        RTA_PAD = 24 => Pad(&'a [u8]),
        /// User of a lookup.
        RTA_UID = 25 => Uid(u32),
        /// Whether MPLS copies the TTL.
        RTA_TTL_PROPAGATE = 26 => TtlPropagate(u8),
        /// Layer 4 protocol of a lookup: `IPPROTO_*`.
        RTA_IP_PROTO = 27 => IpProto(u8),
        /// Source port of a lookup.
        RTA_SPORT = 28 => Sport(Be<u16>),
        /// Destination port of a lookup.
        RTA_DPORT = 29 => Dport(Be<u16>),
        /// Id of a nexthop object.
        RTA_NH_ID = 30 => NhId(u32),
        /// IPv6 flow label of a lookup. Since Linux 6.14.
        RTA_FLOWLABEL = 31 => FlowLabel(Be<u32>),
    }
}

attributes! {
    /// An attribute of [`RouteAttr::Metrics`].
    pub enum MetricAttr<'a> in "metrics" {
        /// Metrics that are fixed, one bit each.
        RTAX_LOCK = 1 => Lock(u32),
        /// Largest packet, in bytes.
        RTAX_MTU = 2 => Mtu(u32),
        /// Largest window to advertise, in bytes.
        RTAX_WINDOW = 3 => Window(u32),
        /// Round trip time, in eighths of a millisecond.
        RTAX_RTT = 4 => Rtt(u32),
        /// Largest segment to advertise, in bytes.
        RTAX_ADVMSS = 8 => AdvMss(u32),
        /// Hop limit.
        RTAX_HOPLIMIT = 10 => HopLimit(u32),
        /// Congestion control.
        RTAX_CC_ALGO = 16 => CcAlgo(Str<'a>),
    }
}

select! {
    /// The types of [`RouteAttr::Encap`].
    pub enum Encap<'a> in "route-encap" is RouteAttr::Encap by EncapType(LwtunnelEncap) {
        /// MPLS labels.
        1 => Mpls(Attrs<'a, MplsEncapAttr<'a>>),
        /// A tunnel over IPv4.
        2 => Ip(Attrs<'a, IpEncapAttr<'a>>),
    }
}

attributes! {
    /// An attribute of [`Encap::Mpls`].
    pub enum MplsEncapAttr<'a> in "mpls-iptunnel-attrs" {
        /// Labels to push.
        MPLS_IPTUNNEL_DST = 1 => Dst(Packed<'a, MplsLabel>),
        /// TTL to set.
        MPLS_IPTUNNEL_TTL = 2 => Ttl(u8),
    }
}

attributes! {
    /// An attribute of [`Encap::Ip`].
    pub enum IpEncapAttr<'a> in "lwtunnel-ip-attrs" {
        /// Tunnel key.
        LWTUNNEL_IP_ID = 1 => Id(Be<u64>),
        /// Destination.
        LWTUNNEL_IP_DST = 2 => Dst(Ipv4Addr),
        /// Source.
        LWTUNNEL_IP_SRC = 3 => Src(Ipv4Addr),
        /// TTL.
        LWTUNNEL_IP_TTL = 4 => Ttl(u8),
        /// Type of service.
        LWTUNNEL_IP_TOS = 5 => Tos(u8),
        /// `TUNNEL_*`
        LWTUNNEL_IP_FLAGS = 6 => Flags(Be<u16>),
    }
}

/// `struct rtvia`: a gateway of another address family than the route's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Via<'a> {
    /// `AF_*`
    pub family: u16,
    /// The address, of a length that the family tells.
    pub addr: &'a [u8],
}

impl Via<'_> {
    /// The address, if it is an IP address.
    pub fn ip(self) -> Option<IpAddr> {
        Addr::new(self.addr).ip()
    }
}

impl<'a> Value<'a> for Via<'a> {
    const PROBE: Self = Via { family: 0, addr: &[] };
    const TYPE: Type = Type::Other("rtvia");

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        let Some((family, addr)) = nla.payload().split_at_checked(2) else {
            return Err(ErrorKind::Length(nla.payload().len() as u32));
        };
        Ok(Via { family: u16::read(&mut Reader::new(family)), addr })
    }

    fn write(&self, out: &mut Buffer<'_>) {
        self.family.put(out);
        out.put(self.addr);
    }
}

wire_struct! {
    /// What starts a [`NextHop`].
    pub struct RtNextHop in "rtnexthop" {
        /// Length in bytes, attributes included. [`Writer::hop`] sets it.
        pub len: u16,
        /// Flags.
        pub flags: RtnhFlags,
        /// Weight, less one.
        pub hops: u8,
        /// Index of the output interface.
        pub ifindex: i32,
    }
}

/// One next hop of a route.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NextHop<'a> {
    /// Flags, weight and interface.
    pub header: RtNextHop,
    /// Its attributes; of a route with a single next hop, those of the route.
    pub attrs: Attrs<'a, RouteAttr<'a>>,
}

impl<'a> NextHop<'a> {
    /// The gateway, be it `RTA_GATEWAY` or `RTA_VIA`; none if it is on the link.
    pub fn gateway(&self) -> Result<Option<IpAddr>> {
        if let Some(ip) = self.attrs.get(RouteAttr::Gateway)? {
            return Ok(ip.ip());
        }
        Ok(self.attrs.get(RouteAttr::Via)?.and_then(Via::ip))
    }

    /// The encapsulation.
    pub fn encap(&self) -> Result<Option<Encap<'a>>> {
        Encap::of(self.attrs)
    }
}

/// The next hops in [`RouteAttr::Multipath`]: `struct rtnexthop`, each with
/// attributes of its own.
#[derive(Clone, Copy, PartialEq)]
pub struct NextHops<'a> {
    /// Only a place to keep bytes, offset and family: no attributes.
    records: Attrs<'a, Nla<'a>>,
}

impl<'a> NextHops<'a> {
    /// The next hops.
    pub const fn iter(&self) -> NextHopIter<'a> {
        NextHopIter { single: None, records: self.records }
    }
}

impl fmt::Debug for NextHops<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a> Value<'a> for NextHops<'a> {
    const PROBE: Self = NextHops { records: Attrs::of(Nla::new(0, &[])) };
    const TYPE: Type = Type::Records(RtNextHop::LAYOUT, schema::of::<RouteAttr<'static>>);

    fn flags(&self) -> u16 {
        self.records.flags()
    }

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        Ok(NextHops { records: Attrs::of(nla) })
    }

    fn write(&self, out: &mut Buffer<'_>) {
        out.put(self.records.as_bytes());
    }
}

impl<'a> Nest<'a> for NextHops<'a> {
    type Set = NextHops<'static>;
}

impl Writer<'_, NextHops<'static>> {
    /// Appends a next hop, the attributes of which `fill` pushes.
    pub fn hop(
        &mut self,
        header: &RtNextHop,
        fill: impl FnOnce(&mut Writer<'_, RouteAttr<'static>>),
    ) -> &mut Self {
        self.out.measured(|out| {
            header.put(out);
            out.nested(fill);
        });
        self
    }
}

/// Iterator over next hops.
///
/// It ends after the first error, or where less than a next hop is left.
#[derive(Clone, Debug)]
pub struct NextHopIter<'a> {
    single: Option<NextHop<'a>>,
    records: Attrs<'a, Nla<'a>>,
}

impl<'a> Iterator for NextHopIter<'a> {
    type Item = Result<NextHop<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        const LEN: usize = RtNextHop::LEN;
        if let Some(hop) = self.single.take() {
            return Some(Ok(hop));
        }
        let bytes = self.records.as_bytes();
        let header = RtNextHop::read(&mut Reader::new(bytes.get(..LEN)?));
        let len = usize::from(header.len);
        let rest = self.records.skip(align(len));
        let at = self.records.offset();
        if len < LEN {
            self.records = self.records.skip(bytes.len());
            return None;
        }
        let Some(attrs) = self.records.slice(LEN, len) else {
            self.records = self.records.skip(bytes.len());
            return Some(Err(ErrorKind::Truncated.at("rtnexthop", at)));
        };
        self.records = rest;
        Some(Ok(NextHop { header, attrs: attrs.cast() }))
    }
}

/// An address, and how many bits of it count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prefix<'a> {
    /// The address.
    pub addr: RouteAddr<'a>,
    /// How many bits of it count.
    pub len: u8,
}

impl<'a> Route<'a> {
    /// The table that the route is in.
    pub fn table(&self) -> Result<u32> {
        let table = self.get(RouteAttr::Table)?;
        Ok(table.unwrap_or(self.header.table.into()))
    }

    /// The destination; the default route has one of 0 bits.
    pub fn destination(&self) -> Result<Prefix<'a>> {
        let addr = match (self.get(RouteAttr::Dst)?, self.header.family) {
            (Some(addr), _) => addr,
            (None, 10) => RouteAddr::Addr(Ipv6Addr::UNSPECIFIED.into()),
            (None, 28) => RouteAddr::Labels(Packed::new(&[])),
            (None, _) => RouteAddr::Addr(Ipv4Addr::UNSPECIFIED.into()),
        };
        Ok(Prefix { addr, len: self.header.dst_len })
    }

    /// The next hops, be they in the route itself or in `RTA_MULTIPATH`.
    pub fn next_hops(&self) -> Result<NextHopIter<'a>> {
        if let Some(hops) = self.get(RouteAttr::Multipath)? {
            return Ok(hops.iter());
        }
        let oif = self.get(RouteAttr::Oif)?;
        let has_hop = oif.is_some() || self.attrs.last(5)?.or(self.attrs.last(18)?).is_some();
        let header = RtNextHop {
            flags: RtnhFlags(self.header.flags as u8),
            ifindex: oif.unwrap_or_default() as i32,
            ..RtNextHop::default()
        };
        let single = has_hop.then_some(NextHop { header, attrs: self.attrs });
        Ok(NextHopIter { single, records: Attrs::new(&[], 0) })
    }
}
