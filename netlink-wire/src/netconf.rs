//! Settings of address families, for each link and for all: `RTM_NEWNETCONF`, `RTM_DELNETCONF`,
//! `RTM_GETNETCONF`.
//!
//! They are the ones of `/proc/sys/net/*/conf`, and cannot be changed here.
//!
//! Source: `include/uapi/linux/netconf.h`, as of Linux 7.2.

use crate::message::Body;

/// Settings of a family, for one link.
pub type NetConf<'a> = Body<'a, NetConfMsg, NetConfAttr<'a>>;

wire_struct! {
    /// The fixed header of a [`NetConf`].
    pub struct NetConfMsg in "netconfmsg" {
        /// `AF_INET`, `AF_INET6` or `AF_MPLS`; in a request `AF_UNSPEC` as well.
        pub family: u8,
    }
}

attributes! {
    /// An attribute of a [`NetConf`].
    pub enum NetConfAttr<'a> in "netconf-attrs" {
        /// Index of the link; -1 is all links, -2 is links to come.
        NETCONFA_IFINDEX = 1 => IfIndex(i32),
        /// 1 forwards packets that came in over the link.
        NETCONFA_FORWARDING = 2 => Forwarding(i32),
        /// Drops packets whose source is not reached over the link (1, strict) or over any link
        /// (2, loose); 0 drops none.
        NETCONFA_RP_FILTER = 3 => RpFilter(i32),
        /// 1 forwards multicast packets: a multicast routing daemon runs.
        NETCONFA_MC_FORWARDING = 4 => McForwarding(i32),
        /// 1 answers for the addresses of others: proxy ARP or NDP.
        NETCONFA_PROXY_NEIGH = 5 => ProxyNeigh(i32),
        /// 1 ignores routes over links that have no carrier.
        NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN = 6 => IgnoreRoutesWithLinkDown(i32),
        /// 1 accepts MPLS packets from the link.
        NETCONFA_INPUT = 7 => Input(i32),
        /// 1 forwards packets to broadcast addresses. Since Linux 5.0.
        NETCONFA_BC_FORWARDING = 8 => BcForwarding(i32),
        /// 1 forwards IPv6 packets even if that is off for all links. Since Linux 6.17.
        NETCONFA_FORCE_FORWARDING = 9 => ForceForwarding(i32),
    }
}
