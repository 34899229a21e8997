//! What IPv6 knows of a link: `AF_INET6` in `IFLA_AF_SPEC`, and `IFLA_PROTINFO`.
//!
//! Source: `include/uapi/linux/if_link.h` and `ipv6.h`, as of Linux 7.2.

use core::net::Ipv6Addr;

use crate::value::{Packed, Struct};

attributes! {
    /// An attribute of [`AfSpecAttr::Inet6`](super::AfSpecAttr::Inet6) and
    /// [`ProtInfo::Inet6`](super::ProtInfo::Inet6).
    pub enum Inet6Attr<'a> in "ifla6-attrs" {
        /// How far autoconfiguration has come.
        IFLA_INET6_FLAGS = 1 => Flags(Inet6Flags),
        /// Settings: `net.ipv6.conf.*`; [`Packed::get`] takes their [`Devconf`].
        IFLA_INET6_CONF = 2 => Conf(Packed<'a, i32>),
        /// Counters of IPv6, the first of which tells how many there are; sent unless
        /// [`RtextFilter::SKIP_STATS`](super::RtextFilter::SKIP_STATS) asks for none.
        ///
        /// What the others count changes from kernel to kernel: the numbers `IPSTATS_MIB_*` are
        /// not stable.
        IFLA_INET6_STATS = 3 => Stats(Packed<'a, u64>),
        /// Not used by any kernel.
        IFLA_INET6_MCAST = 4 => Mcast(&'a [u8]),
        /// Times, and the largest packet to reassemble.
        IFLA_INET6_CACHEINFO = 5 => CacheInfo(Struct<'a, IflaCacheInfo>),
        /// Counters of ICMPv6, the first of which tells how many there are; sent unless
        /// [`RtextFilter::SKIP_STATS`](super::RtextFilter::SKIP_STATS) asks for none.
        IFLA_INET6_ICMP6STATS = 6 => Icmp6Stats(Packed<'a, u64>),
        /// Last 64 bits of the addresses that router advertisements give; `::` is none.
        IFLA_INET6_TOKEN = 7 => Token(Ipv6Addr),
        /// How addresses are made.
        IFLA_INET6_ADDR_GEN_MODE = 8 => AddrGenMode(In6AddrGenMode),
        /// MTU that the last router advertisement told, in bytes. Since Linux 5.15.
        IFLA_INET6_RA_MTU = 9 => RaMtu(u32),
    }
}

flags! {
    /// How far autoconfiguration has come on a link: `IF_*`, from `include/net/if_inet6.h`.
    pub struct Inet6Flags(u32) in "IF_" {
        /// Routers were asked.
        RS_SENT = 0x10, "rs_sent";
        /// A router advertised itself.
        RA_RCVD = 0x20, "ra_rcvd";
        /// It says that DHCPv6 gives addresses.
        RA_MANAGED = 0x40, "ra_managed";
        /// It says that DHCPv6 gives other settings.
        RA_OTHERCONF = 0x80, "ra_otherconf";
        /// The link can be used.
        READY = 0x80000000, "ready";
    }
}

constants! {
    /// How the last 64 bits of an address are made: `IN6_ADDR_GEN_MODE_*`.
    pub struct In6AddrGenMode(u8) in "IN6_ADDR_GEN_MODE_" {
        /// From the address of the link layer.
        EUI64 = 0, "eui64";
        /// Not: there is no link-local address, and others are made like `EUI64`.
        NONE = 1, "none";
        /// From a secret and the prefix, after RFC 7217; the secret is set beforehand.
        STABLE_PRIVACY = 2, "stable_secret";
        /// The same, with a secret of the kernel's.
        RANDOM = 3, "random";
    }
}

wire_struct! {
    /// Times of IPv6 on a link, and the largest packet to reassemble.
    pub struct IflaCacheInfo in "ifla_cacheinfo" {
        /// Largest packet to reassemble, in bytes.
        pub max_reasm_len: u32,
        /// When something last changed, in hundredths of a second since the system started.
        pub tstamp: u32,
        /// How long a neighbour counts as reachable, in milliseconds.
        pub reachable_time: u32,
        /// Time between solicitations, in milliseconds.
        pub retrans_time: u32,
    }
}

constants! {
    /// A setting of IPv6 on a link: `DEVCONF_*`, its position in [`Inet6Attr::Conf`]. The words
    /// are those of `net.ipv6.conf.*`.
    pub struct Devconf(u16) in "DEVCONF_" {
        /// 1: route packets that come in here.
        FORWARDING = 0, "forwarding";
        /// Hop limit of packets sent.
        HOPLIMIT = 1, "hop_limit";
        /// Largest packet, in bytes.
        MTU6 = 2, "mtu";
        /// Heed router advertisements: 0 not, 1 unless `FORWARDING`, 2 always.
        ACCEPT_RA = 3, "accept_ra";
        /// 1: heed redirects.
        ACCEPT_REDIRECTS = 4, "accept_redirects";
        /// 1: make addresses of advertised prefixes.
        AUTOCONF = 5, "autoconf";
        /// How often to probe for a duplicate of an address.
        DAD_TRANSMITS = 6, "dad_transmits";
        /// How often to ask for routers; -1 is without end.
        RTR_SOLICITS = 7, "router_solicitations";
        /// Time between two times of asking, in milliseconds.
        RTR_SOLICIT_INTERVAL = 8, "router_solicitation_interval";
        /// Time before the first, in milliseconds.
        RTR_SOLICIT_DELAY = 9, "router_solicitation_delay";
        /// Temporary addresses: 0 none, 1 have them, 2 prefer them.
        USE_TEMPADDR = 10, "use_tempaddr";
        /// How long temporary addresses are valid, in seconds.
        TEMP_VALID_LFT = 11, "temp_valid_lft";
        /// How long temporary addresses are preferred, in seconds.
        TEMP_PREFERED_LFT = 12, "temp_prefered_lft";
        /// How often to try to make a temporary address.
        REGEN_MAX_RETRY = 13, "regen_max_retry";
        /// Most seconds to take off the lifetime of temporary addresses, at random.
        MAX_DESYNC_FACTOR = 14, "max_desync_factor";
        /// Most addresses to make by autoconfiguration; 0 is any number.
        MAX_ADDRESSES = 15, "max_addresses";
        /// Version of MLD to speak; 0 is that of the querier.
        FORCE_MLD_VERSION = 16, "force_mld_version";
        /// 1: take default routes from advertisements.
        ACCEPT_RA_DEFRTR = 17, "accept_ra_defrtr";
        /// 1: take prefixes from advertisements.
        ACCEPT_RA_PINFO = 18, "accept_ra_pinfo";
        /// 1: heed the preference of routers.
        ACCEPT_RA_RTR_PREF = 19, "accept_ra_rtr_pref";
        /// Least time between probes of a router, in milliseconds.
        RTR_PROBE_INTERVAL = 20, "router_probe_interval";
        /// Longest prefix of routes to take from advertisements, in bits.
        ACCEPT_RA_RT_INFO_MAX_PLEN = 21, "accept_ra_rt_info_max_plen";
        /// 1: answer for addresses in the list of proxies.
        PROXY_NDP = 22, "proxy_ndp";
        /// 1: use addresses while they are probed for duplicates.
        OPTIMISTIC_DAD = 23, "optimistic_dad";
        /// Take routing headers: below 0 none, 0 those of type 2.
        ACCEPT_SOURCE_ROUTE = 24, "accept_source_route";
        /// 1: route multicast packets; set by a multicast router.
        MC_FORWARDING = 25, "mc_forwarding";
        /// 1: no IPv6 here.
        DISABLE_IPV6 = 26, "disable_ipv6";
        /// Probe for duplicates: 0 not, 1 do, 2 and give up IPv6 if the link-local one is taken.
        ACCEPT_DAD = 27, "accept_dad";
        /// 1: put the link-layer address into all answers.
        FORCE_TLLAO = 28, "force_tllao";
        /// 1: announce addresses when the link comes up or its own address changes.
        NDISC_NOTIFY = 29, "ndisc_notify";
        /// Time between unasked reports of MLDv1, in milliseconds.
        MLDV1_UNSOLICITED_REPORT_INTERVAL = 30, "mldv1_unsolicited_report_interval";
        /// Time between unasked reports of MLDv2, in milliseconds.
        MLDV2_UNSOLICITED_REPORT_INTERVAL = 31, "mldv2_unsolicited_report_interval";
        /// 1: drop fragments of neighbour discovery.
        SUPPRESS_FRAG_NDISC = 32, "suppress_frag_ndisc";
        /// 1: heed advertisements from addresses of this host.
        ACCEPT_RA_FROM_LOCAL = 33, "accept_ra_from_local";
        /// 1: use addresses that are being probed as source addresses, if preferred.
        USE_OPTIMISTIC = 34, "use_optimistic";
        /// 1: take the MTU from advertisements.
        ACCEPT_RA_MTU = 35, "accept_ra_mtu";
        /// 0: the secret itself is not told.
        STABLE_SECRET = 36, "stable_secret";
        /// 1: take source addresses from the output interface alone.
        USE_OIF_ADDRS_ONLY = 37, "use_oif_addrs_only";
        /// Least hop limit to take from advertisements.
        ACCEPT_RA_MIN_HOP_LIMIT = 38, "accept_ra_min_hop_limit";
        /// 1: use no route through the link while it has no carrier.
        IGNORE_ROUTES_WITH_LINKDOWN = 39, "ignore_routes_with_linkdown";
        /// 1: drop unicast packets in multicast frames.
        DROP_UNICAST_IN_L2_MULTICAST = 40, "drop_unicast_in_l2_multicast";
        /// 1: drop unasked advertisements of neighbours.
        DROP_UNSOLICITED_NA = 41, "drop_unsolicited_na";
        /// Keep addresses when the link goes down: -1 not, 0 as all links do, 1 do.
        KEEP_ADDR_ON_DOWN = 42, "keep_addr_on_down";
        /// Most time between two times of asking for routers, in milliseconds.
        RTR_SOLICIT_MAX_INTERVAL = 43, "router_solicitation_max_interval";
        /// 1: take packets with segment routing headers.
        SEG6_ENABLED = 44, "seg6_enabled";
        /// HMAC of segment routing: -1 ignored, 0 checked if present, 1 needed.
        SEG6_REQUIRE_HMAC = 45, "seg6_require_hmac";
        /// 1: tell looped probes for duplicates from those of others.
        ENHANCED_DAD = 46, "enhanced_dad";
        /// How addresses are made: [`In6AddrGenMode`].
        ADDR_GEN_MODE = 47, "addr_gen_mode";
        /// 1: no policy of IPsec.
        DISABLE_POLICY = 48, "disable_policy";
        /// Shortest prefix of routes to take from advertisements, in bits.
        ACCEPT_RA_RT_INFO_MIN_PLEN = 49, "accept_ra_rt_info_min_plen";
        /// Traffic class of neighbour discovery.
        NDISC_TCLASS = 50, "ndisc_tclass";
        /// 1: take packets with RPL source routes. Since Linux 5.7.
        RPL_SEG_ENABLED = 51, "rpl_seg_enabled";
        /// Metric of default routes from advertisements. Since Linux 5.12.
        RA_DEFRTR_METRIC = 52, "ra_defrtr_metric";
        /// 1: take packets with IOAM data. Since Linux 5.15.
        IOAM6_ENABLED = 53, "ioam6_enabled";
        /// Id of the link in IOAM data. Since Linux 5.15.
        IOAM6_ID = 54, "ioam6_id";
        /// Wide id of the link in IOAM data. Since Linux 5.15.
        IOAM6_ID_WIDE = 55, "ioam6_id_wide";
        /// 1: forget neighbours when the carrier goes. Since Linux 5.16.
        NDISC_EVICT_NOCARRIER = 56, "ndisc_evict_nocarrier";
        /// Learn from unasked advertisements: 0 not, 1 always, 2 from the same subnet. Since Linux
        /// 5.19.
        ACCEPT_UNTRACKED_NA = 57, "accept_untracked_na";
        /// Least lifetime to take from advertisements, in seconds. Since Linux 6.6.
        ACCEPT_RA_MIN_LFT = 58, "accept_ra_min_lft";
        /// 1: route packets that come in here, whatever all links do. Since Linux 6.17.
        FORCE_FORWARDING = 59, "force_forwarding";
    }
}

impl From<Devconf> for usize {
    fn from(Devconf(position): Devconf) -> usize {
        position.into()
    }
}
