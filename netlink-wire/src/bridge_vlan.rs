//! VLANs of bridges and their ports: `RTM_NEWVLAN`, `RTM_DELVLAN`, `RTM_GETVLAN`.
//!
//! Since Linux 5.6. A dump has one message for each bridge and each port. [`Link`](crate::link::Link)
//! has VLANs as well, under `AF_BRIDGE`, without their options.
//!
//! All times are in clock ticks (`USER_HZ`), of which a second has 100.
//!
//! Source: `include/uapi/linux/if_bridge.h`, as of Linux 7.2.

use crate::{
    attrs::Attrs,
    bridge_mdb::MdbRouterAttr,
    link::{BrState, BridgeQuerierAttr, BridgeVlanInfo, MdbRtrType},
    message::Body,
    rtnl::Rtm,
    value::Multi,
};

/// VLANs of a bridge or of a port.
pub type BridgeVlan<'a> = Body<'a, BrVlanMsg, BridgeVlanDbAttr<'a>>;

/// A request for VLANs: `RTM_GETVLAN`. Its attribute has a number that means something else in a
/// [`BridgeVlan`].
pub type BridgeVlanRequest<'a> = Body<'a, BrVlanMsg, BridgeVlanDumpAttr<'a>>;

wire_struct! {
    /// The fixed header of a [`BridgeVlan`].
    pub struct BrVlanMsg in "br_vlan_msg" {
        /// `AF_BRIDGE`.
        pub family: u8,
        /// Reserved; 0.
        pub reserved1: u8,
        /// Reserved; 0.
        pub reserved2: u16,
        /// Index of the bridge or port; 0 in a request for all of them.
        pub ifindex: u32,
    }
}

attributes! {
    /// An attribute of a [`BridgeVlanRequest`].
    pub enum BridgeVlanDumpAttr<'a> in "bridge-vlandb-dump-attrs" {
        /// What the dump shall tell.
        BRIDGE_VLANDB_DUMP_FLAGS = 1 => Flags(BridgeVlanDumpFlags),
    }
}

flags! {
    /// What a dump of VLANs shall tell: `BRIDGE_VLANDB_DUMPF_*`.
    pub struct BridgeVlanDumpFlags(u32) in "BRIDGE_VLANDB_DUMPF_" {
        /// Counters as well. VLANs are not joined to ranges then.
        STATS = 0x1, "stats";
        /// Options of the bridge for each VLAN, and nothing else. Since Linux 5.15.
        GLOBAL = 0x2, "global";
    }
}

attributes! {
    /// An attribute of a [`BridgeVlan`].
    pub enum BridgeVlanDbAttr<'a> in "bridge-vlandb-attrs" {
        /// A VLAN, or a range of them that are alike.
        BRIDGE_VLANDB_ENTRY = 1 => Entry(Multi<Attrs<'a, BridgeVlanEntryAttr<'a>>>),
        /// Options of the bridge for a VLAN, or for a range of them that are alike. Since
        /// Linux 5.15.
        BRIDGE_VLANDB_GLOBAL_OPTIONS = 2 => GlobalOptions(Multi<Attrs<'a, BridgeVlanOptsAttr<'a>>>),
    }
}

attributes! {
    /// An attribute of [`BridgeVlanDbAttr::Entry`].
    pub enum BridgeVlanEntryAttr<'a> in "bridge-vlandb-entry-attrs" {
        /// The VLAN, or the first of the range.
        BRIDGE_VLANDB_ENTRY_INFO = 1 => Info(BridgeVlanInfo),
        /// VLAN id of the last of the range.
        BRIDGE_VLANDB_ENTRY_RANGE = 2 => Range(u16),
        /// State of the port in this VLAN.
        BRIDGE_VLANDB_ENTRY_STATE = 3 => State(BrState),
        /// Tunnel that the VLAN goes into.
        BRIDGE_VLANDB_ENTRY_TUNNEL_INFO = 4 => TunnelInfo(Attrs<'a, BridgeVlanTinfoAttr<'a>>),
        /// Counters, if [`BridgeVlanDumpFlags::STATS`] asks for them.
        BRIDGE_VLANDB_ENTRY_STATS = 5 => Stats(Attrs<'a, BridgeVlanStatsAttr<'a>>),
        /// Whether a multicast router is at the port. Since Linux 5.15.
        BRIDGE_VLANDB_ENTRY_MCAST_ROUTER = 6 => McastRouter(MdbRtrType),
        /// How many multicast groups the port has joined. Since Linux 6.3.
        BRIDGE_VLANDB_ENTRY_MCAST_N_GROUPS = 7 => McastNGroups(u32),
        /// How many it may join; 0 is without limit. Since Linux 6.3.
        BRIDGE_VLANDB_ENTRY_MCAST_MAX_GROUPS = 8 => McastMaxGroups(u32),
        /// 1 if the bridge answers for known neighbours rather than pass the question to the port.
        /// Since Linux 6.4.
        BRIDGE_VLANDB_ENTRY_NEIGH_SUPPRESS = 9 => NeighSuppress(u8),
        /// 1 if what neighbours announce unasked goes to the port all the same. Since Linux 7.2.
        BRIDGE_VLANDB_ENTRY_NEIGH_FORWARD_GRAT = 10 => NeighForwardGrat(u8),
    }
}

attributes! {
    /// An attribute of [`BridgeVlanEntryAttr::TunnelInfo`].
    pub enum BridgeVlanTinfoAttr<'a> in "bridge-vlandb-tinfo-attrs" {
        /// Key of the tunnel: a VNI; of a range, that of its first VLAN.
        BRIDGE_VLANDB_TINFO_ID = 1 => Id(u32),
        /// In requests, whether the tunnel is set or removed.
        BRIDGE_VLANDB_TINFO_CMD = 2 => Cmd(BridgeVlanTinfoCmd),
    }
}

constants! {
    /// Whether the tunnel of a VLAN is set or removed: one of two message types.
    pub struct BridgeVlanTinfoCmd(u32) in "RTM_" {
        /// It is removed.
        DELLINK = 17, "del";
        /// It is set.
        SETLINK = 19, "set";
    }
}

const _: () = assert!(BridgeVlanTinfoCmd::DELLINK.0 == Rtm::DELLINK.0 as u32);
const _: () = assert!(BridgeVlanTinfoCmd::SETLINK.0 == Rtm::SETLINK.0 as u32);

attributes! {
    /// An attribute of [`BridgeVlanEntryAttr::Stats`].
    pub enum BridgeVlanStatsAttr<'a> in "bridge-vlandb-stats-attrs" {
        /// Bytes received.
        BRIDGE_VLANDB_STATS_RX_BYTES = 1 => RxBytes(u64),
        /// Packets received.
        BRIDGE_VLANDB_STATS_RX_PACKETS = 2 => RxPackets(u64),
        /// Bytes sent.
        BRIDGE_VLANDB_STATS_TX_BYTES = 3 => TxBytes(u64),
        /// Packets sent.
        BRIDGE_VLANDB_STATS_TX_PACKETS = 4 => TxPackets(u64),
        /// Padding.
        BRIDGE_VLANDB_STATS_PAD = 5 => Pad(&'a [u8]),
    }
}

attributes! {
    /// An attribute of [`BridgeVlanDbAttr::GlobalOptions`]. They are those of a bridge's
    /// [`BrAttr`](crate::link::BrAttr), for one VLAN.
    pub enum BridgeVlanOptsAttr<'a> in "bridge-vlandb-gopts-attrs" {
        /// VLAN id, or that of the first of the range.
        BRIDGE_VLANDB_GOPTS_ID = 1 => Id(u16),
        /// VLAN id of the last of the range.
        BRIDGE_VLANDB_GOPTS_RANGE = 2 => Range(u16),
        /// 1 if multicast goes only to ports that have asked for it.
        BRIDGE_VLANDB_GOPTS_MCAST_SNOOPING = 3 => McastSnooping(u8),
        /// Version of IGMP: 2 or 3.
        BRIDGE_VLANDB_GOPTS_MCAST_IGMP_VERSION = 4 => McastIgmpVersion(u8),
        /// Version of MLD: 1 or 2.
        BRIDGE_VLANDB_GOPTS_MCAST_MLD_VERSION = 5 => McastMldVersion(u8),
        /// How many queries go out after a receiver left.
        BRIDGE_VLANDB_GOPTS_MCAST_LAST_MEMBER_CNT = 6 => McastLastMemberCnt(u32),
        /// How many queries go out at the start.
        BRIDGE_VLANDB_GOPTS_MCAST_STARTUP_QUERY_CNT = 7 => McastStartupQueryCnt(u32),
        /// Time between the queries after a receiver left, in hundredths of a second.
        BRIDGE_VLANDB_GOPTS_MCAST_LAST_MEMBER_INTVL = 8 => McastLastMemberIntvl(u64),
        /// Padding.
        BRIDGE_VLANDB_GOPTS_PAD = 9 => Pad(&'a [u8]),
        /// How long a receiver counts that does not answer any more, in hundredths of a second.
        BRIDGE_VLANDB_GOPTS_MCAST_MEMBERSHIP_INTVL = 10 => McastMembershipIntvl(u64),
        /// How long another querier counts that is not heard any more, in hundredths of a second.
        BRIDGE_VLANDB_GOPTS_MCAST_QUERIER_INTVL = 11 => McastQuerierIntvl(u64),
        /// Time between queries, in hundredths of a second.
        BRIDGE_VLANDB_GOPTS_MCAST_QUERY_INTVL = 12 => McastQueryIntvl(u64),
        /// How much time receivers have to answer a query, in hundredths of a second.
        BRIDGE_VLANDB_GOPTS_MCAST_QUERY_RESPONSE_INTVL = 13 => McastQueryResponseIntvl(u64),
        /// Time between the queries at the start, in hundredths of a second.
        BRIDGE_VLANDB_GOPTS_MCAST_STARTUP_QUERY_INTVL = 14 => McastStartupQueryIntvl(u64),
        /// 1 if the bridge sends queries.
        BRIDGE_VLANDB_GOPTS_MCAST_QUERIER = 15 => McastQuerier(u8),
        /// Ports with a multicast router.
        BRIDGE_VLANDB_GOPTS_MCAST_ROUTER_PORTS = 16 => McastRouterPorts(Attrs<'a, BridgeVlanRouterPortsAttr<'a>>),
        /// Who sends queries.
        BRIDGE_VLANDB_GOPTS_MCAST_QUERIER_STATE = 17 => McastQuerierState(Attrs<'a, BridgeQuerierAttr<'a>>),
        /// Number of the spanning tree that the VLAN is in. Since Linux 5.18.
        BRIDGE_VLANDB_GOPTS_MSTI = 18 => Msti(u16),
    }
}

attributes! {
    /// An attribute of [`BridgeVlanOptsAttr::McastRouterPorts`].
    pub enum BridgeVlanRouterPortsAttr<'a> in "bridge-vlandb-router-ports-attrs" {
        /// The ports, as in a [`BridgeMdb`](crate::bridge_mdb::BridgeMdb).
        MDBA_ROUTER = 2 => Router(Attrs<'a, MdbRouterAttr<'a>>),
    }
}
