//! VNIs of VXLAN devices that filter by them: `RTM_NEWTUNNEL`, `RTM_DELTUNNEL`, `RTM_GETTUNNEL`.
//!
//! Since Linux 5.18. The device is one with [`VxlanAttr::VniFilter`](crate::link::VxlanAttr).
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::{attrs::Attrs, message::Body, value::Multi};

/// VNIs of a VXLAN device.
pub type Tunnel<'a> = Body<'a, TunnelMsg, TunnelAttr<'a>>;

wire_struct! {
    /// The fixed header of a [`Tunnel`].
    pub struct TunnelMsg in "tunnel_msg" {
        /// `AF_BRIDGE`.
        pub family: u8,
        /// What a dump shall tell.
        pub flags: TunnelMsgFlags,
        /// Reserved; 0.
        pub reserved2: u16,
        /// Index of the device; 0 in a request for all of them.
        pub ifindex: u32,
    }
}

flags! {
    /// What a dump shall tell: `TUNNEL_MSG_FLAG_*`.
    pub struct TunnelMsgFlags(u8) in "TUNNEL_MSG_FLAG_" {
        /// Counters as well.
        STATS = 0x1, "stats";
    }
}

attributes! {
    /// An attribute of a [`Tunnel`].
    pub enum TunnelAttr<'a> in "tunnel-attrs" {
        /// A VNI, or a range of them that have the same group.
        VXLAN_VNIFILTER_ENTRY = 1 => Entry(Multi<Attrs<'a, VniFilterEntryAttr<'a>>>),
    }
}

attributes! {
    /// An attribute of [`TunnelAttr::Entry`].
    pub enum VniFilterEntryAttr<'a> in "vnifilter-entry-attrs" {
        /// The VNI, or the first of the range.
        VXLAN_VNIFILTER_ENTRY_START = 1 => Start(u32),
        /// The last of the range.
        VXLAN_VNIFILTER_ENTRY_END = 2 => End(u32),
        /// IPv4 address that packets to unknown or to many receivers go to.
        VXLAN_VNIFILTER_ENTRY_GROUP = 3 => Group(Ipv4Addr),
        /// IPv6 address that packets to unknown or to many receivers go to.
        VXLAN_VNIFILTER_ENTRY_GROUP6 = 4 => Group6(Ipv6Addr),
        /// Counters, if [`TunnelMsgFlags::STATS`] asks for them. A range has none.
        VXLAN_VNIFILTER_ENTRY_STATS = 5 => Stats(Attrs<'a, VniFilterStatsAttr<'a>>),
    }
}

attributes! {
    /// An attribute of [`VniFilterEntryAttr::Stats`].
    pub enum VniFilterStatsAttr<'a> in "vnifilter-entry-stats-attrs" {
        /// Bytes received.
        VNIFILTER_ENTRY_STATS_RX_BYTES = 1 => RxBytes(u64),
        /// Packets received.
        VNIFILTER_ENTRY_STATS_RX_PKTS = 2 => RxPkts(u64),
        /// Packets received that were dropped.
        VNIFILTER_ENTRY_STATS_RX_DROPS = 3 => RxDrops(u64),
        /// Bad packets received.
        VNIFILTER_ENTRY_STATS_RX_ERRORS = 4 => RxErrors(u64),
        /// Bytes sent.
        VNIFILTER_ENTRY_STATS_TX_BYTES = 5 => TxBytes(u64),
        /// Packets sent.
        VNIFILTER_ENTRY_STATS_TX_PKTS = 6 => TxPkts(u64),
        /// Packets dropped on their way out.
        VNIFILTER_ENTRY_STATS_TX_DROPS = 7 => TxDrops(u64),
        /// Packets that could not be sent.
        VNIFILTER_ENTRY_STATS_TX_ERRORS = 8 => TxErrors(u64),
        /// Padding.
        VNIFILTER_ENTRY_STATS_PAD = 9 => Pad(&'a [u8]),
    }
}
