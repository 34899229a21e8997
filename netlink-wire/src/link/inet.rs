//! Settings of IPv4 on a link: `AF_INET` in `IFLA_AF_SPEC`.
//!
//! Source: `include/uapi/linux/ip.h`, as of Linux 7.2.

use crate::{
    error::{ErrorKind, Result},
    nla::Nla,
    schema::{Choice, Choices, Chooser, Type},
    value::{List, Packed, Value},
    writer::Buffer,
};

attributes! {
    /// An attribute of [`AfSpecAttr::Inet`](super::AfSpecAttr::Inet).
    pub enum InetAttr<'a> in "ifla-attrs" {
        /// Settings: `net.ipv4.conf.*`.
        IFLA_INET_CONF = 1 => Conf(InetConf<'a>),
    }
}

/// The settings in [`InetAttr::Conf`], in either of two formats:
/// `NLA_F_NESTED` tells which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InetConf<'a> {
    /// All that the kernel has, as it tells them: the first is number 1.
    All(Packed<'a, i32>),
    /// Some, each with its number, as a request sets them.
    ///
    /// ```
    /// # use netlink_wire::{Writer, link::{InetAttr, InetConf, Ipv4Devconf}};
    /// # fn f(inet: &mut Writer<'_, InetAttr<'static>>) {
    /// inet.nest(|conf| InetAttr::Conf(InetConf::Some(conf)), |conf| {
    ///     conf.item(Ipv4Devconf::RP_FILTER.0, 2);
    /// });
    /// # }
    /// ```
    Some(List<'a, i32>),
}

impl<'a> InetConf<'a> {
    /// The settings that are there, and their values.
    pub fn iter(&self) -> impl Iterator<Item = Result<(Ipv4Devconf, i32)>> + use<'a> {
        let (all, some) = match self {
            Self::All(all) => (Some(all.iter()), None),
            Self::Some(some) => (None, Some(some.iter())),
        };
        let all = (1..).map(Ipv4Devconf).zip(all.into_iter().flatten()).map(Ok);
        let some = some.into_iter().flatten();
        all.chain(some.map(|item| item.map(|(number, value)| (Ipv4Devconf(number), value))))
    }

    /// The value of one setting, if it is there.
    ///
    /// # Errors
    ///
    /// The setting is not found and the list broken.
    pub fn get(&self, setting: Ipv4Devconf) -> Result<Option<i32>> {
        let mut found = Ok(None);
        for item in self.iter() {
            match item {
                Ok((number, value)) if number == setting => found = Ok(Some(value)),
                Err(error) if found == Ok(None) => found = Err(error),
                _ => {}
            }
        }
        found
    }
}

impl<'a> Value<'a> for InetConf<'a> {
    const PROBE: Self = Self::All(Packed::PROBE);
    const TYPE: Type = Type::Select(&Choices {
        name: "inet-conf",
        by: Chooser::Nested,
        of: &[(Choice::Number(1), <List<'a, i32> as Value<'a>>::TYPE)],
        other: &<Packed<'a, i32> as Value<'a>>::TYPE,
    });

    fn flags(&self) -> u16 {
        match self {
            Self::All(all) => all.flags(),
            Self::Some(some) => some.flags(),
        }
    }

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        if nla.flags() & Nla::NESTED == 0 {
            Value::parse(nla).map(Self::All)
        } else {
            Value::parse(nla).map(Self::Some)
        }
    }

    fn write(&self, out: &mut Buffer<'_>) {
        match self {
            Self::All(all) => all.write(out),
            Self::Some(some) => some.write(out),
        }
    }
}

constants! {
    /// A setting of IPv4 on a link: `IPV4_DEVCONF_*`. The words are those of `net.ipv4.conf.*`.
    pub struct Ipv4Devconf(u16) in "IPV4_DEVCONF_" {
        /// 1: route packets that come in here.
        FORWARDING = 1, "forwarding";
        /// 1: route multicast packets; set by a multicast router.
        MC_FORWARDING = 2, "mc_forwarding";
        /// 1: answer ARP for addresses that are reached through other links.
        PROXY_ARP = 3, "proxy_arp";
        /// 1: heed ICMP redirects.
        ACCEPT_REDIRECTS = 4, "accept_redirects";
        /// 1: heed redirects to known gateways only.
        SECURE_REDIRECTS = 5, "secure_redirects";
        /// 1: send ICMP redirects.
        SEND_REDIRECTS = 6, "send_redirects";
        /// 1: several subnets share the medium; redirects take that into account.
        SHARED_MEDIA = 7, "shared_media";
        /// Check the source address: 0 not, 1 strictly (the way back leads here), 2 loosely.
        RP_FILTER = 8, "rp_filter";
        /// 1: take packets with source routes.
        ACCEPT_SOURCE_ROUTE = 9, "accept_source_route";
        /// 1: take packets from 0.0.0.0/8 for a BOOTP relay.
        BOOTP_RELAY = 10, "bootp_relay";
        /// 1: log packets with impossible addresses.
        LOG_MARTIANS = 11, "log_martians";
        /// A number without meaning to the kernel.
        TAG = 12, "tag";
        /// 1: answer ARP only if the way to the asker leads here.
        ARPFILTER = 13, "arp_filter";
        /// Tells media apart for proxy ARP; -1 is no proxy ARP, 0 the only link of its medium.
        MEDIUM_ID = 14, "medium_id";
        /// 1: no encryption by IPsec.
        NOXFRM = 15, "disable_xfrm";
        /// 1: no policy of IPsec.
        NOPOLICY = 16, "disable_policy";
        /// Version of IGMP to speak; 0 is that of the querier.
        FORCE_IGMP_VERSION = 17, "force_igmp_version";
        /// Source addresses in ARP requests: 0 any, 1 one of the subnet if possible, 2 the best.
        ARP_ANNOUNCE = 18, "arp_announce";
        /// Addresses to answer ARP for: 0 any, 1 those of the link, 2 those of the asker's subnet.
        ARP_IGNORE = 19, "arp_ignore";
        /// 1: when the primary address of a subnet is deleted, the next one takes its place.
        PROMOTE_SECONDARIES = 20, "promote_secondaries";
        /// Learn from unasked ARP: 0 not, 1 always, 2 from the same subnet.
        ARP_ACCEPT = 21, "arp_accept";
        /// 1: announce addresses when the link comes up or its own address changes.
        ARP_NOTIFY = 22, "arp_notify";
        /// 1: take packets with a source address of this host.
        ACCEPT_LOCAL = 23, "accept_local";
        /// 1: heed the mark of a packet when its source address is checked.
        SRC_VMARK = 24, "src_valid_mark";
        /// 1: answer ARP for others of the same link, which cannot reach one another.
        PROXY_ARP_PVLAN = 25, "proxy_arp_pvlan";
        /// 1: route 127.0.0.0/8.
        ROUTE_LOCALNET = 26, "route_localnet";
        /// Milliseconds between unasked reports of IGMPv1 and v2.
        IGMPV2_UNSOLICITED_REPORT_INTERVAL = 27, "igmpv2_unsolicited_report_interval";
        /// Milliseconds between unasked reports of IGMPv3.
        IGMPV3_UNSOLICITED_REPORT_INTERVAL = 28, "igmpv3_unsolicited_report_interval";
        /// 1: use no route through the link while it has no carrier.
        IGNORE_ROUTES_WITH_LINKDOWN = 29, "ignore_routes_with_linkdown";
        /// 1: drop unicast packets in multicast frames.
        DROP_UNICAST_IN_L2_MULTICAST = 30, "drop_unicast_in_l2_multicast";
        /// 1: drop unasked ARP.
        DROP_GRATUITOUS_ARP = 31, "drop_gratuitous_arp";
        /// 1: route packets to the broadcast address of a subnet.
        BC_FORWARDING = 32, "bc_forwarding";
        /// 1: forget neighbours when the carrier goes. Since Linux 5.16.
        ARP_EVICT_NOCARRIER = 33, "arp_evict_nocarrier";
    }
}
