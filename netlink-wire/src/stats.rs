//! Counters of links: `RTM_NEWSTATS`, `RTM_GETSTATS`, `RTM_SETSTATS`.
//!
//! Unlike a [`Link`](crate::link::Link), these messages carry what was asked
//! for and no more, and counters that a link's kind or its hardware keeps.
//!
//! Source: `include/uapi/linux/if_link.h` and `mpls.h`, as of Linux 7.2.

use crate::{
    attrs::Attrs,
    link::{BondXstatsAttr, BridgeXstatsAttr, RtnlHwStats64, RtnlLinkStats64},
    message::Body,
    value::Struct,
};

/// Counters of a link.
pub type Stats<'a> = Body<'a, IfStatsMsg, StatsAttr<'a>>;

/// A request for counters, or to have the hardware count: `RTM_GETSTATS`, `RTM_SETSTATS`. Its
/// attributes have numbers that mean something else in [`Stats`].
pub type StatsRequest<'a> = Body<'a, IfStatsMsg, StatsGetSetAttr<'a>>;

wire_struct! {
    /// The fixed header of [`Stats`] and [`StatsRequest`].
    pub struct IfStatsMsg in "if_stats_msg" {
        /// `AF_UNSPEC`.
        pub family: u8,
        /// Padding; 0.
        pub pad1: u8,
        /// Padding; 0.
        pub pad2: u16,
        /// Index of the link; 0 in a request for all of them.
        pub ifindex: u32,
        /// What is asked for; a dump needs at least one.
        pub filter_mask: StatsFilter,
    }
}

flags! {
    /// Which counters are asked for: `IFLA_STATS_FILTER_BIT` of the attributes.
    pub struct StatsFilter(u32) in "IFLA_STATS_FILTER_BIT_" {
        /// [`StatsAttr::Link64`].
        LINK_64 = 0x1, "link";
        /// [`StatsAttr::LinkXstats`].
        LINK_XSTATS = 0x2, "xstats";
        /// [`StatsAttr::LinkXstatsSlave`].
        LINK_XSTATS_SLAVE = 0x4, "xstats_slave";
        /// [`StatsAttr::LinkOffloadXstats`].
        LINK_OFFLOAD_XSTATS = 0x8, "offload";
        /// [`StatsAttr::AfSpec`].
        AF_SPEC = 0x10, "afstats";
    }
}

attributes! {
    /// An attribute of [`Stats`].
    pub enum StatsAttr<'a> in "stats-attrs" {
        /// Aligns what follows; without meaning.
        IFLA_STATS_UNSPEC = 0 => Pad(()),
        /// Traffic counters.
        IFLA_STATS_LINK_64 = 1 => Link64(Struct<'a, RtnlLinkStats64>),
        /// Counters of its kind.
        IFLA_STATS_LINK_XSTATS = 2 => LinkXstats(Attrs<'a, LinkXstatsAttr<'a>>),
        /// Counters of the kind of its master, for this port.
        IFLA_STATS_LINK_XSTATS_SLAVE = 3 => LinkXstatsSlave(Attrs<'a, LinkXstatsAttr<'a>>),
        /// Counters of its hardware.
        IFLA_STATS_LINK_OFFLOAD_XSTATS = 4 => LinkOffloadXstats(Attrs<'a, OffloadXstatsAttr<'a>>),
        /// Counters of address families.
        IFLA_STATS_AF_SPEC = 5 => AfSpec(Attrs<'a, StatsAfSpecAttr<'a>>),
    }
}

attributes! {
    /// An attribute of [`StatsAttr::LinkXstats`] and [`StatsAttr::LinkXstatsSlave`].
    pub enum LinkXstatsAttr<'a> in "link-xstats-attrs" {
        /// Of a bridge or its port.
        LINK_XSTATS_TYPE_BRIDGE = 1 => Bridge(Attrs<'a, BridgeXstatsAttr<'a>>),
        /// Of a bond or its port.
        LINK_XSTATS_TYPE_BOND = 2 => Bond(Attrs<'a, BondXstatsAttr<'a>>),
    }
}

attributes! {
    /// An attribute of [`StatsAttr::LinkOffloadXstats`].
    pub enum OffloadXstatsAttr<'a> in "link-offload-xstats" {
        /// Aligns what follows; without meaning.
        IFLA_OFFLOAD_XSTATS_UNSPEC = 0 => Pad(()),
        /// Traffic that the hardware left to the processor.
        IFLA_OFFLOAD_XSTATS_CPU_HIT = 1 => CpuHit(Struct<'a, RtnlLinkStats64>),
        /// What the hardware counts. Since Linux 5.18.
        IFLA_OFFLOAD_XSTATS_HW_S_INFO = 2 => HwSInfo(Attrs<'a, HwSInfoAttr<'a>>),
        /// Traffic that the hardware routed. Since Linux 5.18.
        IFLA_OFFLOAD_XSTATS_L3_STATS = 3 => L3Stats(Struct<'a, RtnlHwStats64>),
    }
}

attributes! {
    /// An attribute of [`OffloadXstatsAttr::HwSInfo`].
    pub enum HwSInfoAttr<'a> in "hw-s-info" {
        /// Whether it counts the traffic that it routes.
        IFLA_OFFLOAD_XSTATS_L3_STATS = 3 => L3Stats(Attrs<'a, HwSInfoOneAttr<'a>>),
    }
}

attributes! {
    /// An attribute of [`HwSInfoAttr::L3Stats`].
    pub enum HwSInfoOneAttr<'a> in "hw-s-info-one" {
        /// 1 if it is asked to count.
        IFLA_OFFLOAD_XSTATS_HW_S_INFO_REQUEST = 1 => Request(u8),
        /// 1 if it counts.
        IFLA_OFFLOAD_XSTATS_HW_S_INFO_USED = 2 => Used(u8),
    }
}

attributes! {
    /// An attribute of [`StatsAttr::AfSpec`]. The numbers are address families.
    pub enum StatsAfSpecAttr<'a> in "stats-af-spec-attrs" {
        /// MPLS.
        AF_MPLS = 28 => Mpls(Attrs<'a, MplsStatsAttr<'a>>),
    }
}

attributes! {
    /// An attribute of [`StatsAfSpecAttr::Mpls`].
    pub enum MplsStatsAttr<'a> in "mpls-stats-attrs" {
        /// Aligns what follows; without meaning.
        MPLS_STATS_UNSPEC = 0 => Pad(()),
        /// Traffic counters.
        MPLS_STATS_LINK = 1 => Link(Struct<'a, MplsLinkStats>),
    }
}

wire_struct! {
    /// Counters of MPLS packets.
    pub struct MplsLinkStats in "mpls_link_stats" {
        /// Packets received.
        pub rx_packets: u64,
        /// Packets sent.
        pub tx_packets: u64,
        /// Bytes received.
        pub rx_bytes: u64,
        /// Bytes sent.
        pub tx_bytes: u64,
        /// Bad packets received.
        pub rx_errors: u64,
        /// Packets that could not be sent.
        pub tx_errors: u64,
        /// Packets received that were dropped.
        pub rx_dropped: u64,
        /// Packets dropped on their way out.
        pub tx_dropped: u64,
        /// Packets with a label that has no route.
        pub rx_noroute: u64,
    }
}

attributes! {
    /// An attribute of a [`StatsRequest`].
    pub enum StatsGetSetAttr<'a> in "stats-getset-attrs" {
        /// Which counters of a group are asked for; all, without it. Since Linux 5.18.
        IFLA_STATS_GET_FILTERS = 1 => GetFilters(Attrs<'a, StatsFiltersAttr<'a>>),
        /// 1 has the hardware count the traffic that it routes. Since Linux 5.18.
        IFLA_STATS_SET_OFFLOAD_XSTATS_L3_STATS = 2 => SetOffloadXstatsL3Stats(u8),
    }
}

attributes! {
    /// An attribute of [`StatsGetSetAttr::GetFilters`].
    pub enum StatsFiltersAttr<'a> in "stats-filters-attrs" {
        /// Which counters of the hardware are asked for.
        IFLA_STATS_LINK_OFFLOAD_XSTATS = 4 => LinkOffloadXstats(OffloadXstatsFilter),
    }
}

flags! {
    /// Which counters of the hardware are asked for: `IFLA_STATS_FILTER_BIT` of the attributes.
    pub struct OffloadXstatsFilter(u32) in "IFLA_STATS_FILTER_BIT_" {
        /// [`OffloadXstatsAttr::CpuHit`].
        CPU_HIT = 0x1, "cpu_hit";
        /// [`OffloadXstatsAttr::HwSInfo`].
        HW_S_INFO = 0x2, "hw_stats_info";
        /// [`OffloadXstatsAttr::L3Stats`].
        L3_STATS = 0x4, "l3_stats";
    }
}
