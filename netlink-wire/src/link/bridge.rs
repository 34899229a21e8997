//! VLANs, rings and fault management of bridges: `IFLA_AF_SPEC` under `AF_BRIDGE`.
//!
//! Source: `include/uapi/linux/if_bridge.h`, as of Linux 7.2.

use super::{BrState, CfmAttr, MrpAttr};
use crate::{attrs::Attrs, value::Multi};

attributes! {
    /// An attribute of [`AfSpec::Bridge`](super::AfSpec::Bridge). There is a number 0 among them.
    pub enum BridgeAttr<'a> in "af-spec-bridge-attrs" {
        /// Whom the message is for: the bridge, or the device that is a port of it.
        IFLA_BRIDGE_FLAGS = 0 => Flags(BridgeFlags),
        /// How a device forwards between its virtual functions.
        IFLA_BRIDGE_MODE = 1 => Mode(BridgeMode),
        /// A VLAN, or one end of a range of them.
        IFLA_BRIDGE_VLAN_INFO = 2 => VlanInfo(Multi<BridgeVlanInfo>),
        /// The tunnel of a VLAN, or of one end of a range of them.
        IFLA_BRIDGE_VLAN_TUNNEL_INFO = 3 => VlanTunnelInfo(Multi<Attrs<'a, BridgeVlanTunnelAttr<'a>>>),
        /// Rings; sent if [`RtextFilter::MRP`](super::RtextFilter::MRP) asks for them. Since
        /// Linux 5.8.
        IFLA_BRIDGE_MRP = 4 => Mrp(Attrs<'a, MrpAttr<'a>>),
        /// Fault management; sent if [`RtextFilter::CFM_CONFIG`](super::RtextFilter::CFM_CONFIG)
        /// or [`CFM_STATUS`](super::RtextFilter::CFM_STATUS) asks for it. Since Linux 5.11.
        IFLA_BRIDGE_CFM = 5 => Cfm(Attrs<'a, CfmAttr<'a>>),
        /// States of a port in the spanning trees; sent if
        /// [`RtextFilter::MST`](super::RtextFilter::MST) asks for them. Since Linux 5.18.
        IFLA_BRIDGE_MST = 6 => Mst(Attrs<'a, BridgeMstAttr<'a>>),
    }
}

flags! {
    /// Whom a message is for: `BRIDGE_FLAGS_*`. None is the same as [`MASTER`](Self::MASTER).
    pub struct BridgeFlags(u16) in "BRIDGE_FLAGS_" {
        /// The bridge.
        MASTER = 0x1, "master";
        /// The device that is a port of it.
        SELF = 0x2, "self";
    }
}

constants! {
    /// How a device forwards between its virtual functions: `BRIDGE_MODE_*`.
    pub struct BridgeMode(u16) in "BRIDGE_MODE_" {
        /// By itself.
        VEB = 0, "VEB";
        /// Through the switch that it is connected to, after IEEE 802.1Qbg.
        VEPA = 1, "VEPA";
        /// Unknown.
        UNDEF = 65535, "UNDEF";
    }
}

wire_struct! {
    /// A VLAN of a bridge port, or one end of a range of them.
    pub struct BridgeVlanInfo in "bridge_vlan_info" {
        /// What it is to the port.
        pub flags: BridgeVlanInfoFlags,
        /// VLAN id.
        pub vid: u16,
    }
}

flags! {
    /// What a VLAN is to a bridge port: `BRIDGE_VLAN_INFO_*`.
    pub struct BridgeVlanInfoFlags(u16) in "BRIDGE_VLAN_INFO_" {
        /// For the bridge itself as well.
        MASTER = 0x1, "master";
        /// Packets that come in untagged are in this VLAN.
        PVID = 0x2, "PVID";
        /// Packets leave untagged.
        UNTAGGED = 0x4, "Egress Untagged";
        /// First VLAN of a range.
        RANGE_BEGIN = 0x8, "range_begin";
        /// Last VLAN of a range.
        RANGE_END = 0x10, "range_end";
        /// The bridge itself is in this VLAN.
        BRENTRY = 0x20, "brentry";
        /// Change nothing but options. Since Linux 5.6.
        ONLY_OPTS = 0x40, "only_opts";
    }
}

attributes! {
    /// An attribute of [`BridgeAttr::VlanTunnelInfo`].
    pub enum BridgeVlanTunnelAttr<'a> in "af-spec-bridge-vlan-tunnel-attrs" {
        /// Key of the tunnel: a VNI.
        IFLA_BRIDGE_VLAN_TUNNEL_ID = 1 => Id(u32),
        /// VLAN id.
        IFLA_BRIDGE_VLAN_TUNNEL_VID = 2 => Vid(u16),
        /// Whether this is an end of a range.
        IFLA_BRIDGE_VLAN_TUNNEL_FLAGS = 3 => Flags(BridgeVlanInfoFlags),
    }
}

attributes! {
    /// An attribute of [`BridgeAttr::Mst`].
    pub enum BridgeMstAttr<'a> in "af-spec-bridge-mst-attrs" {
        /// State in one spanning tree.
        IFLA_BRIDGE_MST_ENTRY = 1 => Entry(Multi<Attrs<'a, BridgeMstEntryAttr<'a>>>),
    }
}

attributes! {
    /// An attribute of [`BridgeMstAttr::Entry`].
    pub enum BridgeMstEntryAttr<'a> in "af-spec-bridge-mst-entry-attrs" {
        /// Number of the spanning tree; 0 is the common one, which cannot be set here.
        IFLA_BRIDGE_MST_ENTRY_MSTI = 1 => Msti(u16),
        /// State of the port.
        IFLA_BRIDGE_MST_ENTRY_STATE = 2 => State(BrState),
    }
}
