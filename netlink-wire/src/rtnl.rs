//! `NETLINK_ROUTE`: its message types and groups, and which family a message is of.
//!
//! Source: `include/uapi/linux/rtnetlink.h`, as of Linux 6.18.

use crate::{
    error::Result,
    message::{Body, Header, Message, NlmFlags},
    nla::align,
    schema::{self, Layout, Schema},
    value::Record,
};

/// The protocol's number: `NETLINK_ROUTE`.
pub const NETLINK_ROUTE: i32 = 0;

constants! {
    /// A message type of `NETLINK_ROUTE`: what is asked for, or what happened. Each object has four
    /// numbers: NEW, DEL, GET and SET.
    pub struct Rtm(u16) in "RTM_" {
        /// A link was added or changed; asked of the kernel: add or change it.
        NEWLINK = 16, "RTM_NEWLINK";
        /// A link was deleted; asked of the kernel: delete it.
        DELLINK = 17, "RTM_DELLINK";
        /// Asks for a link, or for all.
        GETLINK = 18, "RTM_GETLINK";
        /// Changes a link.
        SETLINK = 19, "RTM_SETLINK";
        /// An address was added or changed; asked of the kernel: add or change it.
        NEWADDR = 20, "RTM_NEWADDR";
        /// An address was deleted; asked of the kernel: delete it.
        DELADDR = 21, "RTM_DELADDR";
        /// Asks for an address, or for all.
        GETADDR = 22, "RTM_GETADDR";
        /// A route was added or changed; asked of the kernel: add or change it.
        NEWROUTE = 24, "RTM_NEWROUTE";
        /// A route was deleted; asked of the kernel: delete it.
        DELROUTE = 25, "RTM_DELROUTE";
        /// Asks for a route, or for all.
        GETROUTE = 26, "RTM_GETROUTE";
        /// A neighbour was added or changed; asked of the kernel: add or change it.
        NEWNEIGH = 28, "RTM_NEWNEIGH";
        /// A neighbour was deleted; asked of the kernel: delete it.
        DELNEIGH = 29, "RTM_DELNEIGH";
        /// Asks for a neighbour, or for all.
        GETNEIGH = 30, "RTM_GETNEIGH";
        /// A routing policy rule was added or changed; asked of the kernel: add or change it.
        NEWRULE = 32, "RTM_NEWRULE";
        /// A routing policy rule was deleted; asked of the kernel: delete it.
        DELRULE = 33, "RTM_DELRULE";
        /// Asks for a routing policy rule, or for all.
        GETRULE = 34, "RTM_GETRULE";
        /// A queueing discipline was added or changed; asked of the kernel: add or change it.
        NEWQDISC = 36, "RTM_NEWQDISC";
        /// A queueing discipline was deleted; asked of the kernel: delete it.
        DELQDISC = 37, "RTM_DELQDISC";
        /// Asks for a queueing discipline, or for all.
        GETQDISC = 38, "RTM_GETQDISC";
        /// A traffic class was added or changed; asked of the kernel: add or change it.
        NEWTCLASS = 40, "RTM_NEWTCLASS";
        /// A traffic class was deleted; asked of the kernel: delete it.
        DELTCLASS = 41, "RTM_DELTCLASS";
        /// Asks for a traffic class, or for all.
        GETTCLASS = 42, "RTM_GETTCLASS";
        /// A traffic filter was added or changed; asked of the kernel: add or change it.
        NEWTFILTER = 44, "RTM_NEWTFILTER";
        /// A traffic filter was deleted; asked of the kernel: delete it.
        DELTFILTER = 45, "RTM_DELTFILTER";
        /// Asks for a traffic filter, or for all.
        GETTFILTER = 46, "RTM_GETTFILTER";
        /// A traffic action was added or changed; asked of the kernel: add or change it.
        NEWACTION = 48, "RTM_NEWACTION";
        /// A traffic action was deleted; asked of the kernel: delete it.
        DELACTION = 49, "RTM_DELACTION";
        /// Asks for a traffic action, or for all.
        GETACTION = 50, "RTM_GETACTION";
        /// A prefix of a router advertisement was added or changed; asked of the kernel: add or change it.
        NEWPREFIX = 52, "RTM_NEWPREFIX";
        /// A multicast address was added or changed; asked of the kernel: add or change it.
        NEWMULTICAST = 56, "RTM_NEWMULTICAST";
        /// A multicast address was deleted; asked of the kernel: delete it.
        DELMULTICAST = 57, "RTM_DELMULTICAST";
        /// Asks for a multicast address, or for all.
        GETMULTICAST = 58, "RTM_GETMULTICAST";
        /// An anycast address was added or changed; asked of the kernel: add or change it.
        NEWANYCAST = 60, "RTM_NEWANYCAST";
        /// An anycast address was deleted; asked of the kernel: delete it.
        DELANYCAST = 61, "RTM_DELANYCAST";
        /// Asks for an anycast address, or for all.
        GETANYCAST = 62, "RTM_GETANYCAST";
        /// A neighbour table was added or changed; asked of the kernel: add or change it.
        NEWNEIGHTBL = 64, "RTM_NEWNEIGHTBL";
        /// Asks for a neighbour table, or for all.
        GETNEIGHTBL = 66, "RTM_GETNEIGHTBL";
        /// Changes a neighbour table.
        SETNEIGHTBL = 67, "RTM_SETNEIGHTBL";
        /// An option of a router advertisement was added or changed; asked of the kernel: add or change it.
        NEWNDUSEROPT = 68, "RTM_NEWNDUSEROPT";
        /// A label of IPv6 addresses was added or changed; asked of the kernel: add or change it.
        NEWADDRLABEL = 72, "RTM_NEWADDRLABEL";
        /// A label of IPv6 addresses was deleted; asked of the kernel: delete it.
        DELADDRLABEL = 73, "RTM_DELADDRLABEL";
        /// Asks for a label of IPv6 addresses, or for all.
        GETADDRLABEL = 74, "RTM_GETADDRLABEL";
        /// Asks for a data centre bridging of a link, or for all.
        GETDCB = 78, "RTM_GETDCB";
        /// Changes a data centre bridging of a link.
        SETDCB = 79, "RTM_SETDCB";
        /// A settings of an address family was added or changed; asked of the kernel: add or change it.
        NEWNETCONF = 80, "RTM_NEWNETCONF";
        /// A settings of an address family was deleted; asked of the kernel: delete it.
        DELNETCONF = 81, "RTM_DELNETCONF";
        /// Asks for a settings of an address family, or for all.
        GETNETCONF = 82, "RTM_GETNETCONF";
        /// A multicast group of a bridge was added or changed; asked of the kernel: add or change it.
        NEWMDB = 84, "RTM_NEWMDB";
        /// A multicast group of a bridge was deleted; asked of the kernel: delete it.
        DELMDB = 85, "RTM_DELMDB";
        /// Asks for a multicast group of a bridge, or for all.
        GETMDB = 86, "RTM_GETMDB";
        /// An id of a network namespace was added or changed; asked of the kernel: add or change it.
        NEWNSID = 88, "RTM_NEWNSID";
        /// An id of a network namespace was deleted; asked of the kernel: delete it.
        DELNSID = 89, "RTM_DELNSID";
        /// Asks for an id of a network namespace, or for all.
        GETNSID = 90, "RTM_GETNSID";
        /// A statistics of a link was added or changed; asked of the kernel: add or change it.
        NEWSTATS = 92, "RTM_NEWSTATS";
        /// Asks for a statistics of a link, or for all.
        GETSTATS = 94, "RTM_GETSTATS";
        /// Changes a statistics of a link.
        SETSTATS = 95, "RTM_SETSTATS";
        /// A multicast packet without a route was added or changed; asked of the kernel: add or change it.
        NEWCACHEREPORT = 96, "RTM_NEWCACHEREPORT";
        /// A chain of traffic filters was added or changed; asked of the kernel: add or change it.
        NEWCHAIN = 100, "RTM_NEWCHAIN";
        /// A chain of traffic filters was deleted; asked of the kernel: delete it.
        DELCHAIN = 101, "RTM_DELCHAIN";
        /// Asks for a chain of traffic filters, or for all.
        GETCHAIN = 102, "RTM_GETCHAIN";
        /// A nexthop object was added or changed; asked of the kernel: add or change it.
        NEWNEXTHOP = 104, "RTM_NEWNEXTHOP";
        /// A nexthop object was deleted; asked of the kernel: delete it.
        DELNEXTHOP = 105, "RTM_DELNEXTHOP";
        /// Asks for a nexthop object, or for all.
        GETNEXTHOP = 106, "RTM_GETNEXTHOP";
        /// A property of a link, such as another name was added or changed; asked of the kernel: add or change it.
        NEWLINKPROP = 108, "RTM_NEWLINKPROP";
        /// A property of a link, such as another name was deleted; asked of the kernel: delete it.
        DELLINKPROP = 109, "RTM_DELLINKPROP";
        /// Asks for a property of a link, such as another name, or for all.
        GETLINKPROP = 110, "RTM_GETLINKPROP";
        /// A VLAN of a bridge was added or changed; asked of the kernel: add or change it.
        NEWVLAN = 112, "RTM_NEWVLAN";
        /// A VLAN of a bridge was deleted; asked of the kernel: delete it.
        DELVLAN = 113, "RTM_DELVLAN";
        /// Asks for a VLAN of a bridge, or for all.
        GETVLAN = 114, "RTM_GETVLAN";
        /// A bucket of a resilient nexthop group was added or changed; asked of the kernel: add or change it.
        NEWNEXTHOPBUCKET = 116, "RTM_NEWNEXTHOPBUCKET";
        /// A bucket of a resilient nexthop group was deleted; asked of the kernel: delete it.
        DELNEXTHOPBUCKET = 117, "RTM_DELNEXTHOPBUCKET";
        /// Asks for a bucket of a resilient nexthop group, or for all.
        GETNEXTHOPBUCKET = 118, "RTM_GETNEXTHOPBUCKET";
        /// A VNI of a VXLAN device was added or changed; asked of the kernel: add or change it.
        NEWTUNNEL = 120, "RTM_NEWTUNNEL";
        /// A VNI of a VXLAN device was deleted; asked of the kernel: delete it.
        DELTUNNEL = 121, "RTM_DELTUNNEL";
        /// Asks for a VNI of a VXLAN device, or for all.
        GETTUNNEL = 122, "RTM_GETTUNNEL";
    }
}

impl From<Rtm> for u16 {
    fn from(Rtm(kind): Rtm) -> u16 {
        kind
    }
}

constants! {
    /// A group that the kernel sends notifications to.
    pub struct RtnlGrp(u32) in "RTNLGRP_" {
        /// Links.
        LINK = 1, "link";
        /// Not used.
        NOTIFY = 2, "notify";
        /// Neighbours, and entries of bridges.
        NEIGH = 3, "neigh";
        /// Traffic control.
        TC = 4, "tc";
        /// IPv4 addresses.
        IPV4_IFADDR = 5, "ipv4-ifaddr";
        /// IPv4 multicast routes.
        IPV4_MROUTE = 6, "ipv4-mroute";
        /// IPv4 routes.
        IPV4_ROUTE = 7, "ipv4-route";
        /// IPv4 rules.
        IPV4_RULE = 8, "ipv4-rule";
        /// IPv6 addresses.
        IPV6_IFADDR = 9, "ipv6-ifaddr";
        /// IPv6 multicast routes.
        IPV6_MROUTE = 10, "ipv6-mroute";
        /// IPv6 routes.
        IPV6_ROUTE = 11, "ipv6-route";
        /// Links, as IPv6 has them.
        IPV6_IFINFO = 12, "ipv6-ifinfo";
        /// No longer used.
        DECNET_IFADDR = 13, "decnet-ifaddr";
        /// Not used.
        NOP2 = 14, "nop2";
        /// No longer used.
        DECNET_ROUTE = 15, "decnet-route";
        /// No longer used.
        DECNET_RULE = 16, "decnet-rule";
        /// Not used.
        NOP4 = 17, "nop4";
        /// Prefixes of router advertisements.
        IPV6_PREFIX = 18, "ipv6-prefix";
        /// IPv6 rules.
        IPV6_RULE = 19, "ipv6-rule";
        /// Options of router advertisements.
        ND_USEROPT = 20, "nd-useropt";
        /// Phonet addresses.
        PHONET_IFADDR = 21, "phonet-ifaddr";
        /// Phonet routes.
        PHONET_ROUTE = 22, "phonet-route";
        /// Data centre bridging.
        DCB = 23, "dcb";
        /// IPv4 settings.
        IPV4_NETCONF = 24, "ipv4-netconf";
        /// IPv6 settings.
        IPV6_NETCONF = 25, "ipv6-netconf";
        /// Multicast groups of bridges.
        MDB = 26, "mdb";
        /// MPLS routes.
        MPLS_ROUTE = 27, "mpls-route";
        /// Ids of network namespaces.
        NSID = 28, "nsid";
        /// MPLS settings.
        MPLS_NETCONF = 29, "mpls-netconf";
        /// IPv4 multicast packets that found no route.
        IPV4_MROUTE_R = 30, "ipv4-mroute-r";
        /// IPv6 multicast packets that found no route.
        IPV6_MROUTE_R = 31, "ipv6-mroute-r";
        /// Nexthop objects. Since Linux 5.3.
        NEXTHOP = 32, "nexthop";
        /// VLANs of bridges. Since Linux 5.6.
        BRVLAN = 33, "brvlan";
        /// MCTP addresses. Since Linux 5.15.
        MCTP_IFADDR = 34, "mctp-ifaddr";
        /// VNIs of VXLAN devices. Since Linux 5.18.
        TUNNEL = 35, "tunnel";
        /// Statistics of links. Since Linux 5.18.
        STATS = 36, "stats";
        /// IPv4 multicast addresses. Since Linux 6.15.
        IPV4_MCADDR = 37, "ipv4-mcaddr";
        /// IPv6 multicast addresses. Since Linux 6.15.
        IPV6_MCADDR = 38, "ipv6-mcaddr";
        /// IPv6 anycast addresses. Since Linux 6.16.
        IPV6_ACADDR = 39, "ipv6-acaddr";
    }
}

impl From<RtnlGrp> for u32 {
    fn from(RtnlGrp(group): RtnlGrp) -> u32 {
        group
    }
}

/// Declares the families, one line each: type of the NEW message, variant, type.
macro_rules! families {
    ($( $(#[$doc:meta])* $base:literal => $Variant:ident($Body:ident), )*) => {
        /// A message of `NETLINK_ROUTE`, read as its type says.
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Rtnl<'a> {
            $( $(#[$doc])* $Variant($Body<'a>), )*
            /// A message of a type that this version of the crate does not know.
            Unknown(Message<'a>),
        }

        impl<'a> Rtnl<'a> {
            /// Reads a message. Its type tells what happened, as [`Rtm`] has it.
            ///
            /// # Errors
            ///
            /// The message ends inside its fixed header.
            pub fn parse(message: Message<'a>) -> Result<Self> {
                Ok(match Family::base(message.header) {
                    $( $base => Self::$Variant($Body::parse(message)?), )*
                    _ => Self::Unknown(message),
                })
            }
        }

        const FAMILIES: &[Family] = &[$( Family {
            base: $base,
            header: <$Body<'static> as Parts>::HEADER,
            attrs: <$Body<'static> as Parts>::ATTRS,
            attrs_start: <$Body<'static> as Parts>::attrs_start,
        }, )*];
    };
}

/// What the messages of one family are made of.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    base: u16,
    header: &'static Layout,
    attrs: fn() -> &'static Schema,
    attrs_start: fn(&[u8]) -> usize,
}

impl Family {
    /// The family of a message, if this version of the crate knows it.
    pub fn of(message: Header) -> Option<&'static Self> {
        FAMILIES.iter().find(|family| family.base == Self::base(message))
    }

    /// All that this version of the crate knows.
    pub const fn all() -> &'static [Self] {
        FAMILIES
    }

    /// The fixed header of its messages, as data.
    pub const fn header(&self) -> &'static Layout {
        self.header
    }

    /// The set of its attributes, as data.
    pub fn attrs(&self) -> &'static Schema {
        (self.attrs)()
    }

    /// Where the attributes start in a message's payload: after the fixed header and, in
    /// [`NdUserOpt`], what follows it.
    pub fn attrs_start(&self, payload: &[u8]) -> usize {
        (self.attrs_start)(payload)
    }

    /// The family's first message type. Every family has four of them, but some
    /// requests have other attributes than the replies.
    const fn base(message: Header) -> u16 {
        let asks = message.flags.contains(NlmFlags::REQUEST);
        match Rtm(message.kind) {
            Rtm::GETSTATS | Rtm::SETSTATS => Rtm::GETSTATS.0,
            Rtm::GETVLAN => Rtm::GETVLAN.0,
            Rtm::GETMDB if asks => Rtm::GETMDB.0,
            Rtm::NEWMDB | Rtm::DELMDB if asks => Rtm::DELMDB.0,
            Rtm(kind) => kind & !3,
        }
    }
}

/// What a [`Body`] is made of.
trait Parts {
    const HEADER: &'static Layout;
    const ATTRS: fn() -> &'static Schema;

    /// Where the attributes start in a payload.
    fn attrs_start(_: &[u8]) -> usize {
        align(Self::HEADER.size().unwrap_or_default())
    }
}

impl Parts for NdUserOpt<'static> {
    const HEADER: &'static Layout = NdUserOptMsg::LAYOUT;
    const ATTRS: fn() -> &'static Schema = schema::of::<NdUserOptAttr<'static>>;

    fn attrs_start(payload: &[u8]) -> usize {
        NdUserOpt::attrs_start(payload)
    }
}

impl<H: Record, A: crate::Attribute<'static>> Parts for Body<'static, H, A> {
    const HEADER: &'static Layout = H::LAYOUT;
    const ATTRS: fn() -> &'static Schema = schema::of::<A>;
}

use crate::{
    addr::Address,
    addrlabel::AddrLabel,
    bridge_mdb::{BridgeMdb, BridgeMdbGet, BridgeMdbRequest},
    bridge_vlan::{BridgeVlan, BridgeVlanRequest},
    cache_report::CacheReport,
    dcb::Dcb,
    link::Link,
    nduseropt::{NdUserOpt, NdUserOptAttr, NdUserOptMsg},
    neigh::Neigh,
    neightbl::NeighTbl,
    netconf::NetConf,
    nexthop::Nexthop,
    nsid::Nsid,
    prefix::AdvertisedPrefix,
    route::Route,
    rule::Rule,
    stats::{Stats, StatsRequest},
    tc::{Actions, Tc},
    tunnel::Tunnel,
};

families! {
    /// A link.
    16 => Link(Link),
    /// An address of an interface.
    20 => Addr(Address),
    /// A route.
    24 => Route(Route),
    /// A neighbour.
    28 => Neigh(Neigh),
    /// A rule.
    32 => Rule(Rule),
    /// A queueing discipline.
    36 => Qdisc(Tc),
    /// A traffic class.
    40 => Tclass(Tc),
    /// A traffic filter.
    44 => Tfilter(Tc),
    /// Traffic actions.
    48 => Action(Actions),
    /// A prefix that a router advertised.
    52 => Prefix(AdvertisedPrefix),
    /// A multicast address that an interface listens to.
    56 => Multicast(Address),
    /// An anycast address of an interface.
    60 => Anycast(Address),
    /// A table of neighbours, or how one link resolves them.
    64 => NeighTbl(NeighTbl),
    /// Options of a router advertisement.
    68 => NdUserOpt(NdUserOpt),
    /// The label of an IPv6 prefix.
    72 => AddrLabel(AddrLabel),
    /// Settings of data centre bridging.
    76 => Dcb(Dcb),
    /// Settings of an address family.
    80 => NetConf(NetConf),
    /// Multicast groups of a bridge.
    84 => BridgeMdb(BridgeMdb),
    /// A request to add or delete a multicast group.
    85 => BridgeMdbRequest(BridgeMdbRequest),
    /// A request for multicast groups.
    86 => BridgeMdbGet(BridgeMdbGet),
    /// An id of a network namespace.
    88 => Nsid(Nsid),
    /// Counters of a link.
    92 => Stats(Stats),
    /// A request for counters of links.
    94 => StatsRequest(StatsRequest),
    /// A packet that multicast routing tells of.
    96 => CacheReport(CacheReport),
    /// A chain of traffic filters.
    100 => Chain(Tc),
    /// A nexthop object.
    104 => Nexthop(Nexthop),
    /// Other names of a link.
    108 => LinkProp(Link),
    /// VLANs of a bridge or of a port.
    112 => BridgeVlan(BridgeVlan),
    /// A request for VLANs of bridges and ports.
    114 => BridgeVlanRequest(BridgeVlanRequest),
    /// A bucket of a resilient group of nexthop objects.
    116 => NexthopBucket(Nexthop),
    /// VNIs of a VXLAN device.
    120 => Tunnel(Tunnel),
}
