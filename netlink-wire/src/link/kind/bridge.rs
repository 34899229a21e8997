//! Bridges and their ports: kind `bridge`.
//!
//! All times are in clock ticks (`USER_HZ`), of which a second has 100.
//!
//! Source: `include/uapi/linux/if_link.h` and `if_bridge.h`, as of Linux 7.2.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::{
    attrs::Attrs,
    link::BridgeVlanInfoFlags,
    netaddr::LlAddr,
    scalar::Be,
    value::{Multi, Struct},
};

constants! {
    /// State of a port in the spanning tree: `BR_STATE_*`.
    pub struct BrState(u8) in "BR_STATE_" {
        /// Passes nothing.
        DISABLED = 0, "disabled";
        /// Takes part in the spanning tree only.
        LISTENING = 1, "listening";
        /// Learns addresses as well.
        LEARNING = 2, "learning";
        /// Passes packets.
        FORWARDING = 3, "forwarding";
        /// Passes nothing, for another port leads to the same place.
        BLOCKING = 4, "blocking";
    }
}

constants! {
    /// Who runs the spanning tree protocol: `BR_STP_MODE_*`.
    pub struct BrStpMode(u32) in "BR_STP_MODE_" {
        /// A daemon if `/sbin/bridge-stp` finds one, the kernel if not.
        AUTO = 0, "auto";
        /// A daemon.
        USER = 1, "user";
        /// The kernel.
        KERNEL = 2, "kernel";
    }
}

constants! {
    /// Whether a multicast router is at a port, which then gets all multicast:
    /// `MDB_RTR_TYPE_*`.
    pub struct MdbRtrType(u8) in "MDB_RTR_TYPE_" {
        /// None.
        DISABLED = 0, "disabled";
        /// One if its queries are heard.
        TEMP_QUERY = 1, "temp_query";
        /// One, for good.
        PERM = 2, "permanent";
        /// One until a timer ends, which user space starts anew; ports only.
        TEMP = 3, "temp";
    }
}

flags! {
    /// Options of a bridge, one bit each: `1 << BR_BOOLOPT_*`.
    pub struct BrBoolopt(u32) in "BR_BOOLOPT_" {
        /// Learn no addresses from link-local packets.
        NO_LL_LEARN = 0x1, "no_linklocal_learn";
        /// Follow multicast groups in each VLAN by itself. Since Linux 5.15.
        MCAST_VLAN_SNOOPING = 0x2, "mcast_vlan_snooping";
        /// Give each VLAN a spanning tree state of its own. Since Linux 5.18.
        MST_ENABLE = 0x4, "mst_enabled";
        /// Notify of multicast entries that hardware did not take. Since Linux 6.16.
        MDB_OFFLOAD_FAIL_NOTIFICATION = 0x8, "mdb_offload_fail_notification";
        /// Keep the bridge's own addresses in VLAN 0 only. Since Linux 6.18.
        FDB_LOCAL_VLAN_0 = 0x10, "fdb_local_vlan_0";
    }
}

wire_struct! {
    /// Options, and which of them count.
    pub struct BrBooloptMulti in "br_boolopt_multi" {
        /// Values.
        pub optval: BrBoolopt,
        /// Options to change; the kernel sends those that it knows.
        pub optmask: BrBoolopt,
    }
}

wire_struct! {
    /// Id of a bridge in the spanning tree; the lowest becomes the root.
    pub struct IflaBridgeId in "ifla_bridge_id" {
        /// Priority.
        pub prio: Be<u16>,
        /// MAC address.
        pub addr: [u8; 6],
    }
}

wire_struct! {
    /// Traffic of a VLAN.
    pub struct BridgeVlanXstats in "bridge_vlan_xstats" {
        /// Bytes received.
        pub rx_bytes: u64,
        /// Packets received.
        pub rx_packets: u64,
        /// Bytes sent.
        pub tx_bytes: u64,
        /// Packets sent.
        pub tx_packets: u64,
        /// VLAN id.
        pub vid: u16,
        /// Flags.
        pub flags: BridgeVlanInfoFlags,
        /// Padding; 0.
        pub pad2: u32,
    }
}

wire_struct! {
    /// IGMP and MLD packets, and all multicast: first those received, then those sent.
    pub struct BrMcastStats in "br_mcast_stats" {
        /// Queries of IGMP version 1.
        pub igmp_v1queries: [u64; 2],
        /// Queries of IGMP version 2.
        pub igmp_v2queries: [u64; 2],
        /// Queries of IGMP version 3.
        pub igmp_v3queries: [u64; 2],
        /// Leave messages of IGMP.
        pub igmp_leaves: [u64; 2],
        /// Reports of IGMP version 1.
        pub igmp_v1reports: [u64; 2],
        /// Reports of IGMP version 2.
        pub igmp_v2reports: [u64; 2],
        /// Reports of IGMP version 3.
        pub igmp_v3reports: [u64; 2],
        /// IGMP packets that could not be read.
        pub igmp_parse_errors: u64,
        /// Queries of MLD version 1.
        pub mld_v1queries: [u64; 2],
        /// Queries of MLD version 2.
        pub mld_v2queries: [u64; 2],
        /// Done messages of MLD.
        pub mld_leaves: [u64; 2],
        /// Reports of MLD version 1.
        pub mld_v1reports: [u64; 2],
        /// Reports of MLD version 2.
        pub mld_v2reports: [u64; 2],
        /// MLD packets that could not be read.
        pub mld_parse_errors: u64,
        /// Bytes of multicast.
        pub mcast_bytes: [u64; 2],
        /// Packets of multicast.
        pub mcast_packets: [u64; 2],
    }
}

wire_struct! {
    /// What the spanning tree did at a port.
    pub struct BridgeStpXstats in "bridge_stp_xstats" {
        /// Changes to [`BrState::BLOCKING`].
        pub transition_blk: u64,
        /// Changes to [`BrState::FORWARDING`].
        pub transition_fwd: u64,
        /// Packets received.
        pub rx_bpdu: u64,
        /// Packets sent.
        pub tx_bpdu: u64,
        /// Packets received that tell of a change.
        pub rx_tcn: u64,
        /// Packets sent that tell of a change.
        pub tx_tcn: u64,
    }
}

attributes! {
    /// An attribute of [`InfoData::Bridge`](crate::link::InfoData::Bridge).
    pub enum BrAttr<'a> in "linkinfo-bridge-attrs" {
        /// How long a port listens, and how long it learns, until it forwards, in hundredths of a
        /// second.
        IFLA_BR_FORWARD_DELAY = 1 => ForwardDelay(u32),
        /// Time between two of the spanning tree's hello packets, in hundredths of a second.
        IFLA_BR_HELLO_TIME = 2 => HelloTime(u32),
        /// How long the root may be silent until it is given up, in hundredths of a second.
        IFLA_BR_MAX_AGE = 3 => MaxAge(u32),
        /// How long an address that was learned lives, in hundredths of a second.
        IFLA_BR_AGEING_TIME = 4 => AgeingTime(u32),
        /// 0 without spanning tree; 1 if the kernel runs it, 2 if a daemon does.
        IFLA_BR_STP_STATE = 5 => StpState(u32),
        /// Priority of the bridge in the spanning tree; the lowest number wins.
        IFLA_BR_PRIORITY = 6 => Priority(u16),
        /// 1 if ports pass only the VLANs that they are in.
        IFLA_BR_VLAN_FILTERING = 7 => VlanFiltering(u8),
        /// Ethertype of VLAN tags: 0x8100 for 802.1Q, 0x88a8 for 802.1ad.
        IFLA_BR_VLAN_PROTOCOL = 8 => VlanProtocol(Be<u16>),
        /// Which link-local groups are forwarded: bit N for 01:80:c2:00:00:0N.
        IFLA_BR_GROUP_FWD_MASK = 9 => GroupFwdMask(u16),
        /// The root of the spanning tree.
        IFLA_BR_ROOT_ID = 10 => RootId(IflaBridgeId),
        /// This bridge.
        IFLA_BR_BRIDGE_ID = 11 => BridgeId(IflaBridgeId),
        /// Number of the port that leads to the root; 0 if this bridge is the root.
        IFLA_BR_ROOT_PORT = 12 => RootPort(u16),
        /// Cost of the path to the root.
        IFLA_BR_ROOT_PATH_COST = 13 => RootPathCost(u32),
        /// 1 if the spanning tree has changed of late.
        IFLA_BR_TOPOLOGY_CHANGE = 14 => TopologyChange(u8),
        /// 1 if this bridge has seen that change.
        IFLA_BR_TOPOLOGY_CHANGE_DETECTED = 15 => TopologyChangeDetected(u8),
        /// Until the next hello packet, in hundredths of a second.
        IFLA_BR_HELLO_TIMER = 16 => HelloTimer(u64),
        /// Until the next packet that tells of a change, in hundredths of a second.
        IFLA_BR_TCN_TIMER = 17 => TcnTimer(u64),
        /// Until the change is over, in hundredths of a second.
        IFLA_BR_TOPOLOGY_CHANGE_TIMER = 18 => TopologyChangeTimer(u64),
        /// Until addresses that are too old are removed, in hundredths of a second.
        IFLA_BR_GC_TIMER = 19 => GcTimer(u64),
        /// Address that the spanning tree's packets go to.
        IFLA_BR_GROUP_ADDR = 20 => GroupAddr(LlAddr<'a>),
        /// Forgets all addresses that were learned.
        IFLA_BR_FDB_FLUSH = 21 => FdbFlush(()),
        /// Whether the host is a multicast router.
        IFLA_BR_MCAST_ROUTER = 22 => McastRouter(MdbRtrType),
        /// 1 if multicast goes only to ports that have asked for it.
        IFLA_BR_MCAST_SNOOPING = 23 => McastSnooping(u8),
        /// 1 if queries are sent from an address of the bridge, not from 0.0.0.0.
        IFLA_BR_MCAST_QUERY_USE_IFADDR = 24 => McastQueryUseIfaddr(u8),
        /// 1 if the bridge sends queries.
        IFLA_BR_MCAST_QUERIER = 25 => McastQuerier(u8),
        /// Always 16.
        IFLA_BR_MCAST_HASH_ELASTICITY = 26 => McastHashElasticity(u32),
        /// How many multicast groups the bridge may know.
        IFLA_BR_MCAST_HASH_MAX = 27 => McastHashMax(u32),
        /// How many queries follow when somebody leaves a group.
        IFLA_BR_MCAST_LAST_MEMBER_CNT = 28 => McastLastMemberCnt(u32),
        /// How many queries are sent at the start.
        IFLA_BR_MCAST_STARTUP_QUERY_CNT = 29 => McastStartupQueryCnt(u32),
        /// Time between two of the queries that follow when somebody leaves a group, in hundredths
        /// of a second.
        IFLA_BR_MCAST_LAST_MEMBER_INTVL = 30 => McastLastMemberIntvl(u64),
        /// How long a group lives without reports, in hundredths of a second.
        IFLA_BR_MCAST_MEMBERSHIP_INTVL = 31 => McastMembershipIntvl(u64),
        /// How long another querier may be silent until this bridge takes over, in hundredths of a
        /// second.
        IFLA_BR_MCAST_QUERIER_INTVL = 32 => McastQuerierIntvl(u64),
        /// Time between two queries, in hundredths of a second.
        IFLA_BR_MCAST_QUERY_INTVL = 33 => McastQueryIntvl(u64),
        /// How long others may take to respond to a query, in hundredths of a second.
        IFLA_BR_MCAST_QUERY_RESPONSE_INTVL = 34 => McastQueryResponseIntvl(u64),
        /// Time between two queries at the start, in hundredths of a second.
        IFLA_BR_MCAST_STARTUP_QUERY_INTVL = 35 => McastStartupQueryIntvl(u64),
        /// 1 if IPv4 packets pass the rules of iptables.
        IFLA_BR_NF_CALL_IPTABLES = 36 => NfCallIptables(u8),
        /// 1 if IPv6 packets pass the rules of ip6tables.
        IFLA_BR_NF_CALL_IP6TABLES = 37 => NfCallIp6tables(u8),
        /// 1 if ARP packets pass the rules of arptables.
        IFLA_BR_NF_CALL_ARPTABLES = 38 => NfCallArptables(u8),
        /// VLAN of packets without tag, on ports that are added; 0 is none.
        IFLA_BR_VLAN_DEFAULT_PVID = 39 => VlanDefaultPvid(u16),
        /// Padding.
        IFLA_BR_PAD = 40 => Pad(&'a [u8]),
        /// 1 if packets are counted by VLAN.
        IFLA_BR_VLAN_STATS_ENABLED = 41 => VlanStatsEnabled(u8),
        /// 1 if IGMP and MLD packets are counted.
        IFLA_BR_MCAST_STATS_ENABLED = 42 => McastStatsEnabled(u8),
        /// Version of IGMP: 2 or 3.
        IFLA_BR_MCAST_IGMP_VERSION = 43 => McastIgmpVersion(u8),
        /// Version of MLD: 1 or 2.
        IFLA_BR_MCAST_MLD_VERSION = 44 => McastMldVersion(u8),
        /// 1 if packets are counted by VLAN and port.
        IFLA_BR_VLAN_STATS_PER_PORT = 45 => VlanStatsPerPort(u8),
        /// Further options.
        IFLA_BR_MULTI_BOOLOPT = 46 => MultiBoolopt(BrBooloptMulti),
        /// The querier whose queries were heard. Since Linux 5.15.
        IFLA_BR_MCAST_QUERIER_STATE = 47 => McastQuerierState(Attrs<'a, BridgeQuerierAttr<'a>>),
        /// How many addresses were learned. Since Linux 6.7.
        IFLA_BR_FDB_N_LEARNED = 48 => FdbNLearned(u32),
        /// How many addresses may be learned; 0 is any number. Since Linux 6.7.
        IFLA_BR_FDB_MAX_LEARNED = 49 => FdbMaxLearned(u32),
        /// Who runs the spanning tree protocol. Added after Linux 6.18.
        IFLA_BR_STP_MODE = 50 => StpMode(BrStpMode),
    }
}

attributes! {
    /// An attribute of [`BrAttr::McastQuerierState`].
    pub enum BridgeQuerierAttr<'a> in "bridge-querier-attrs" {
        /// IPv4 address of the querier.
        BRIDGE_QUERIER_IP_ADDRESS = 1 => IpAddress(Ipv4Addr),
        /// Index of the port that it is at; not sent if it is the bridge itself.
        BRIDGE_QUERIER_IP_PORT = 2 => IpPort(u32),
        /// Until another one is taken, in hundredths of a second.
        BRIDGE_QUERIER_IP_OTHER_TIMER = 3 => IpOtherTimer(u64),
        /// Padding.
        BRIDGE_QUERIER_PAD = 4 => Pad(&'a [u8]),
        /// IPv6 address of the querier.
        BRIDGE_QUERIER_IPV6_ADDRESS = 5 => Ipv6Address(Ipv6Addr),
        /// Index of the port that it is at; not sent if it is the bridge itself.
        BRIDGE_QUERIER_IPV6_PORT = 6 => Ipv6Port(u32),
        /// Until another one is taken, in hundredths of a second.
        BRIDGE_QUERIER_IPV6_OTHER_TIMER = 7 => Ipv6OtherTimer(u64),
    }
}

attributes! {
    /// An attribute of [`InfoSlaveData::Bridge`](crate::link::InfoSlaveData::Bridge), and of
    /// [`LinkAttr::ProtInfo`](crate::link::LinkAttr::ProtInfo) under `AF_BRIDGE`.
    pub enum BrPortAttr<'a> in "linkinfo-brport-attrs" {
        /// State in the spanning tree.
        IFLA_BRPORT_STATE = 1 => State(BrState),
        /// Priority in the spanning tree, up to 63; the lowest number wins.
        IFLA_BRPORT_PRIORITY = 2 => Priority(u16),
        /// Cost of the port on a path to the root.
        IFLA_BRPORT_COST = 3 => Cost(u32),
        /// 1 if packets may go back where they came from (hairpin).
        IFLA_BRPORT_MODE = 4 => Mode(u8),
        /// 1 if a packet of the spanning tree switches the port off.
        IFLA_BRPORT_GUARD = 5 => Guard(u8),
        /// 1 if the port may not lead to the root.
        IFLA_BRPORT_PROTECT = 6 => Protect(u8),
        /// 1 if a group is left without asking whether others are in it.
        IFLA_BRPORT_FAST_LEAVE = 7 => FastLeave(u8),
        /// 1 if addresses are learned.
        IFLA_BRPORT_LEARNING = 8 => Learning(u8),
        /// 1 if packets to unknown addresses are sent.
        IFLA_BRPORT_UNICAST_FLOOD = 9 => UnicastFlood(u8),
        /// 1 if ARP requests are answered on behalf of others.
        IFLA_BRPORT_PROXYARP = 10 => ProxyArp(u8),
        /// 1 if addresses that hardware learned are taken over.
        IFLA_BRPORT_LEARNING_SYNC = 11 => LearningSync(u8),
        /// 1 if ARP requests are answered as wireless networks need it.
        IFLA_BRPORT_PROXYARP_WIFI = 12 => ProxyArpWifi(u8),
        /// The root of the spanning tree, as told at this port.
        IFLA_BRPORT_ROOT_ID = 13 => RootId(IflaBridgeId),
        /// The bridge that leads to the root from here.
        IFLA_BRPORT_BRIDGE_ID = 14 => BridgeId(IflaBridgeId),
        /// Id of that bridge's port.
        IFLA_BRPORT_DESIGNATED_PORT = 15 => DesignatedPort(u16),
        /// Cost of the path from that bridge to the root.
        IFLA_BRPORT_DESIGNATED_COST = 16 => DesignatedCost(u16),
        /// Id of the port: its priority in the upper 6 bits, its number below.
        IFLA_BRPORT_ID = 17 => Id(u16),
        /// Number of the port.
        IFLA_BRPORT_NO = 18 => No(u16),
        /// 1 if a change is to be acknowledged.
        IFLA_BRPORT_TOPOLOGY_CHANGE_ACK = 19 => TopologyChangeAck(u8),
        /// 1 if a packet of the spanning tree waits.
        IFLA_BRPORT_CONFIG_PENDING = 20 => ConfigPending(u8),
        /// Until what the port was told is too old, in hundredths of a second.
        IFLA_BRPORT_MESSAGE_AGE_TIMER = 21 => MessageAgeTimer(u64),
        /// Until the next state, in hundredths of a second.
        IFLA_BRPORT_FORWARD_DELAY_TIMER = 22 => ForwardDelayTimer(u64),
        /// Until the next packet of the spanning tree may be sent, in hundredths of a second.
        IFLA_BRPORT_HOLD_TIMER = 23 => HoldTimer(u64),
        /// Forgets all addresses that were learned at the port.
        IFLA_BRPORT_FLUSH = 24 => Flush(()),
        /// Whether a multicast router is at the port.
        IFLA_BRPORT_MULTICAST_ROUTER = 25 => MulticastRouter(MdbRtrType),
        /// Padding.
        IFLA_BRPORT_PAD = 26 => Pad(&'a [u8]),
        /// 1 if packets to unknown groups are sent.
        IFLA_BRPORT_MCAST_FLOOD = 27 => McastFlood(u8),
        /// 1 if multicast is sent to each receiver as unicast.
        IFLA_BRPORT_MCAST_TO_UCAST = 28 => McastToUcast(u8),
        /// 1 if VLANs are mapped to tunnels.
        IFLA_BRPORT_VLAN_TUNNEL = 29 => VlanTunnel(u8),
        /// 1 if broadcasts are sent.
        IFLA_BRPORT_BCAST_FLOOD = 30 => BcastFlood(u8),
        /// Which link-local groups are forwarded: bit N for 01:80:c2:00:00:0N.
        IFLA_BRPORT_GROUP_FWD_MASK = 31 => GroupFwdMask(u16),
        /// 1 if ARP and neighbour packets are answered, and not flooded.
        IFLA_BRPORT_NEIGH_SUPPRESS = 32 => NeighSuppress(u8),
        /// 1 if the port exchanges packets only with ports for which this is 0.
        IFLA_BRPORT_ISOLATED = 33 => Isolated(u8),
        /// Index of the port that packets go to while this one has no carrier; 0 is none.
        IFLA_BRPORT_BACKUP_PORT = 34 => BackupPort(u32),
        /// 1 if the ring of media redundancy is open. Since Linux 5.8.
        IFLA_BRPORT_MRP_RING_OPEN = 35 => MrpRingOpen(u8),
        /// 1 if the interconnection ring of media redundancy is open. Since Linux 5.9.
        IFLA_BRPORT_MRP_IN_OPEN = 36 => MrpInOpen(u8),
        /// How many receivers of multicast may be followed one by one. Since Linux 5.12.
        IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT = 37 => McastEhtHostsLimit(u32),
        /// How many receivers of multicast are followed one by one. Since Linux 5.12.
        IFLA_BRPORT_MCAST_EHT_HOSTS_CNT = 38 => McastEhtHostsCnt(u32),
        /// 1 if packets pass only from addresses that are in the forwarding table.
        /// Since Linux 5.18.
        IFLA_BRPORT_LOCKED = 39 => Locked(u8),
        /// 1 if others make an entry that user space can admit. It needs
        /// [`Locked`](Self::Locked). Since Linux 6.2.
        IFLA_BRPORT_MAB = 40 => Mab(u8),
        /// How many multicast entries the port has. Since Linux 6.3.
        IFLA_BRPORT_MCAST_N_GROUPS = 41 => McastNGroups(u32),
        /// How many multicast entries it may have; 0 is any number. Since Linux 6.3.
        IFLA_BRPORT_MCAST_MAX_GROUPS = 42 => McastMaxGroups(u32),
        /// 1 if [`NeighSuppress`](Self::NeighSuppress) is set for each VLAN by itself.
        /// Since Linux 6.4.
        IFLA_BRPORT_NEIGH_VLAN_SUPPRESS = 43 => NeighVlanSuppress(u8),
        /// Nexthop object that packets to [`BackupPort`](Self::BackupPort) are given; 0 is none.
        /// Since Linux 6.6.
        IFLA_BRPORT_BACKUP_NHID = 44 => BackupNhid(u32),
        /// 1 if gratuitous ARP and neighbour packets pass [`NeighSuppress`](Self::NeighSuppress).
        /// Added after Linux 6.18.
        IFLA_BRPORT_NEIGH_FORWARD_GRAT = 45 => NeighForwardGrat(u8),
    }
}

attributes! {
    /// A counter of a bridge or its port: `LINK_XSTATS_TYPE_BRIDGE` in `RTM_NEWSTATS`.
    pub enum BridgeXstatsAttr<'a> in "bridge-xstats-attrs" {
        /// Traffic of one VLAN.
        BRIDGE_XSTATS_VLAN = 1 => Vlan(Multi<Struct<'a, BridgeVlanXstats>>),
        /// Multicast.
        BRIDGE_XSTATS_MCAST = 2 => Mcast(Struct<'a, BrMcastStats>),
        /// Padding.
        BRIDGE_XSTATS_PAD = 3 => Pad(&'a [u8]),
        /// Spanning tree, of ports only. Since Linux 5.6.
        BRIDGE_XSTATS_STP = 4 => Stp(Struct<'a, BridgeStpXstats>),
    }
}
