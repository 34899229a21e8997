//! Connectivity fault management of bridges, after IEEE 802.1Q: `IFLA_BRIDGE_CFM`.
//!
//! Maintenance end points (MEPs) send check messages (CCMs) to their peers, and
//! notice when theirs stay away. Each has an instance number on its bridge.
//!
//! Source: `include/uapi/linux/if_bridge.h` and `cfm_bridge.h`, as of Linux 7.2.

use crate::{attrs::Attrs, value::Multi};

attributes! {
    /// An attribute of [`BridgeAttr::Cfm`](super::BridgeAttr::Cfm). Those without `Info` are
    /// requests, the others tell what the bridge has.
    pub enum CfmAttr<'a> in "bridge-cfm-attrs" {
        /// Creates an end point.
        IFLA_BRIDGE_CFM_MEP_CREATE = 1 => MepCreate(Attrs<'a, CfmMepCreateAttr<'a>>),
        /// Deletes an end point.
        IFLA_BRIDGE_CFM_MEP_DELETE = 2 => MepDelete(Attrs<'a, CfmMepDeleteAttr<'a>>),
        /// Sets up an end point.
        IFLA_BRIDGE_CFM_MEP_CONFIG = 3 => MepConfig(Attrs<'a, CfmMepConfigAttr<'a>>),
        /// Sets up its checks.
        IFLA_BRIDGE_CFM_CC_CONFIG = 4 => CcConfig(Attrs<'a, CfmCcConfigAttr<'a>>),
        /// Adds a peer.
        IFLA_BRIDGE_CFM_CC_PEER_MEP_ADD = 5 => CcPeerMepAdd(Attrs<'a, CfmCcPeerMepAttr<'a>>),
        /// Removes a peer.
        IFLA_BRIDGE_CFM_CC_PEER_MEP_REMOVE = 6 => CcPeerMepRemove(Attrs<'a, CfmCcPeerMepAttr<'a>>),
        /// Tells the peers of a defect, or of its end.
        IFLA_BRIDGE_CFM_CC_RDI = 7 => CcRdi(Attrs<'a, CfmCcRdiAttr<'a>>),
        /// Sends check messages.
        IFLA_BRIDGE_CFM_CC_CCM_TX = 8 => CcCcmTx(Attrs<'a, CfmCcCcmTxAttr<'a>>),
        /// An end point.
        IFLA_BRIDGE_CFM_MEP_CREATE_INFO = 9 => MepCreateInfo(Multi<Attrs<'a, CfmMepCreateAttr<'a>>>),
        /// How it is set up.
        IFLA_BRIDGE_CFM_MEP_CONFIG_INFO = 10 => MepConfigInfo(Multi<Attrs<'a, CfmMepConfigAttr<'a>>>),
        /// How its checks are set up.
        IFLA_BRIDGE_CFM_CC_CONFIG_INFO = 11 => CcConfigInfo(Multi<Attrs<'a, CfmCcConfigAttr<'a>>>),
        /// Whether it tells the peers of a defect.
        IFLA_BRIDGE_CFM_CC_RDI_INFO = 12 => CcRdiInfo(Multi<Attrs<'a, CfmCcRdiAttr<'a>>>),
        /// The check messages that it sends.
        IFLA_BRIDGE_CFM_CC_CCM_TX_INFO = 13 => CcCcmTxInfo(Multi<Attrs<'a, CfmCcCcmTxAttr<'a>>>),
        /// A peer.
        IFLA_BRIDGE_CFM_CC_PEER_MEP_INFO = 14 => CcPeerMepInfo(Multi<Attrs<'a, CfmCcPeerMepAttr<'a>>>),
        /// State of an end point.
        IFLA_BRIDGE_CFM_MEP_STATUS_INFO = 15 => MepStatusInfo(Multi<Attrs<'a, CfmMepStatusAttr<'a>>>),
        /// State of a peer.
        IFLA_BRIDGE_CFM_CC_PEER_STATUS_INFO = 16 => CcPeerStatusInfo(Multi<Attrs<'a, CfmCcPeerStatusAttr<'a>>>),
    }
}

attributes! {
    /// An attribute of [`CfmAttr::MepCreate`] and [`CfmAttr::MepCreateInfo`].
    pub enum CfmMepCreateAttr<'a> in "bridge-cfm-mep-create-attrs" {
        /// Instance number.
        IFLA_BRIDGE_CFM_MEP_CREATE_INSTANCE = 1 => Instance(u32),
        /// What it watches.
        IFLA_BRIDGE_CFM_MEP_CREATE_DOMAIN = 2 => Domain(CfmDomain),
        /// Where its peers are.
        IFLA_BRIDGE_CFM_MEP_CREATE_DIRECTION = 3 => Direction(CfmMepDirection),
        /// Index of its port.
        IFLA_BRIDGE_CFM_MEP_CREATE_IFINDEX = 4 => IfIndex(u32),
    }
}

attributes! {
    /// An attribute of [`CfmAttr::MepDelete`].
    pub enum CfmMepDeleteAttr<'a> in "bridge-cfm-mep-delete-attrs" {
        /// Instance number.
        IFLA_BRIDGE_CFM_MEP_DELETE_INSTANCE = 1 => Instance(u32),
    }
}

attributes! {
    /// An attribute of [`CfmAttr::MepConfig`] and [`CfmAttr::MepConfigInfo`].
    pub enum CfmMepConfigAttr<'a> in "bridge-cfm-mep-config-attrs" {
        /// Instance number.
        IFLA_BRIDGE_CFM_MEP_CONFIG_INSTANCE = 1 => Instance(u32),
        /// MAC address of the end point.
        IFLA_BRIDGE_CFM_MEP_CONFIG_UNICAST_MAC = 2 => UnicastMac([u8; 6]),
        /// Level, from 0 to 7; messages of lower ones are not passed on.
        IFLA_BRIDGE_CFM_MEP_CONFIG_MDLEVEL = 3 => MdLevel(u32),
        /// Id of the end point, at most 8191.
        IFLA_BRIDGE_CFM_MEP_CONFIG_MEPID = 4 => MepId(u32),
    }
}

attributes! {
    /// An attribute of [`CfmAttr::CcConfig`] and [`CfmAttr::CcConfigInfo`].
    pub enum CfmCcConfigAttr<'a> in "bridge-cfm-cc-config-attrs" {
        /// Instance number.
        IFLA_BRIDGE_CFM_CC_CONFIG_INSTANCE = 1 => Instance(u32),
        /// 1 if it checks.
        IFLA_BRIDGE_CFM_CC_CONFIG_ENABLE = 2 => Enable(u32),
        /// Time between check messages, of its own and those of the peers.
        IFLA_BRIDGE_CFM_CC_CONFIG_EXP_INTERVAL = 3 => ExpInterval(CfmCcmInterval),
        /// Id of the maintenance association that messages must have.
        IFLA_BRIDGE_CFM_CC_CONFIG_EXP_MAID = 4 => ExpMaId(&'a [u8]),
    }
}

attributes! {
    /// An attribute of [`CfmAttr::CcPeerMepAdd`], [`CfmAttr::CcPeerMepRemove`] and
    /// [`CfmAttr::CcPeerMepInfo`].
    pub enum CfmCcPeerMepAttr<'a> in "bridge-cfm-cc-peer-mep-attrs" {
        /// Instance number.
        IFLA_BRIDGE_CFM_CC_PEER_MEP_INSTANCE = 1 => Instance(u32),
        /// Id of the peer.
        IFLA_BRIDGE_CFM_CC_PEER_MEPID = 2 => MepId(u32),
    }
}

attributes! {
    /// An attribute of [`CfmAttr::CcRdi`] and [`CfmAttr::CcRdiInfo`].
    pub enum CfmCcRdiAttr<'a> in "bridge-cfm-cc-rdi-attrs" {
        /// Instance number.
        IFLA_BRIDGE_CFM_CC_RDI_INSTANCE = 1 => Instance(u32),
        /// 1 if there is a defect.
        IFLA_BRIDGE_CFM_CC_RDI_RDI = 2 => Rdi(u32),
    }
}

attributes! {
    /// An attribute of [`CfmAttr::CcCcmTx`] and [`CfmAttr::CcCcmTxInfo`].
    pub enum CfmCcCcmTxAttr<'a> in "bridge-cfm-cc-ccm-tx-attrs" {
        /// Instance number.
        IFLA_BRIDGE_CFM_CC_CCM_TX_INSTANCE = 1 => Instance(u32),
        /// MAC address to send to.
        IFLA_BRIDGE_CFM_CC_CCM_TX_DMAC = 2 => DMac([u8; 6]),
        /// 1 if the messages are numbered.
        IFLA_BRIDGE_CFM_CC_CCM_TX_SEQ_NO_UPDATE = 3 => SeqNoUpdate(u32),
        /// How long to go on, in seconds; 0 stops.
        IFLA_BRIDGE_CFM_CC_CCM_TX_PERIOD = 4 => Period(u32),
        /// 1 if messages tell the state of the interface.
        IFLA_BRIDGE_CFM_CC_CCM_TX_IF_TLV = 5 => IfTlv(u32),
        /// That state.
        IFLA_BRIDGE_CFM_CC_CCM_TX_IF_TLV_VALUE = 6 => IfTlvValue(u8),
        /// 1 if messages tell the state of the port.
        IFLA_BRIDGE_CFM_CC_CCM_TX_PORT_TLV = 7 => PortTlv(u32),
        /// That state.
        IFLA_BRIDGE_CFM_CC_CCM_TX_PORT_TLV_VALUE = 8 => PortTlvValue(u8),
    }
}

attributes! {
    /// An attribute of [`CfmAttr::MepStatusInfo`]. Being told resets them to 0.
    pub enum CfmMepStatusAttr<'a> in "bridge-cfm-mep-status-attrs" {
        /// Instance number.
        IFLA_BRIDGE_CFM_MEP_STATUS_INSTANCE = 1 => Instance(u32),
        /// 1 if a message of an unknown kind came.
        IFLA_BRIDGE_CFM_MEP_STATUS_OPCODE_UNEXP_SEEN = 2 => OpcodeUnexpSeen(u32),
        /// 1 if a message of an unknown version came.
        IFLA_BRIDGE_CFM_MEP_STATUS_VERSION_UNEXP_SEEN = 3 => VersionUnexpSeen(u32),
        /// 1 if a message of a lower level came.
        IFLA_BRIDGE_CFM_MEP_STATUS_RX_LEVEL_LOW_SEEN = 4 => RxLevelLowSeen(u32),
    }
}

attributes! {
    /// An attribute of [`CfmAttr::CcPeerStatusInfo`]. Being told resets those that end in `Seen`
    /// to 0.
    pub enum CfmCcPeerStatusAttr<'a> in "bridge-cfm-cc-peer-status-attrs" {
        /// Instance number.
        IFLA_BRIDGE_CFM_CC_PEER_STATUS_INSTANCE = 1 => Instance(u32),
        /// Id of the peer.
        IFLA_BRIDGE_CFM_CC_PEER_STATUS_PEER_MEPID = 2 => PeerMepId(u32),
        /// 1 if its messages stay away.
        IFLA_BRIDGE_CFM_CC_PEER_STATUS_CCM_DEFECT = 3 => CcmDefect(u32),
        /// 1 if it tells of a defect.
        IFLA_BRIDGE_CFM_CC_PEER_STATUS_RDI = 4 => Rdi(u32),
        /// State of its port.
        IFLA_BRIDGE_CFM_CC_PEER_STATUS_PORT_TLV_VALUE = 5 => PortTlvValue(u8),
        /// State of its interface.
        IFLA_BRIDGE_CFM_CC_PEER_STATUS_IF_TLV_VALUE = 6 => IfTlvValue(u8),
        /// 1 if a message came.
        IFLA_BRIDGE_CFM_CC_PEER_STATUS_SEEN = 7 => Seen(u32),
        /// 1 if a message with states came.
        IFLA_BRIDGE_CFM_CC_PEER_STATUS_TLV_SEEN = 8 => TlvSeen(u32),
        /// 1 if a message came out of order.
        IFLA_BRIDGE_CFM_CC_PEER_STATUS_SEQ_UNEXP_SEEN = 9 => SeqUnexpSeen(u32),
    }
}

constants! {
    /// What an end point watches: `BR_CFM_*`.
    pub struct CfmDomain(u32) in "BR_CFM_" {
        /// A port.
        PORT = 0, "port";
        /// A VLAN.
        VLAN = 1, "vlan";
    }
}

constants! {
    /// Where the peers of an end point are: `BR_CFM_MEP_DIRECTION_*`.
    pub struct CfmMepDirection(u32) in "BR_CFM_MEP_DIRECTION_" {
        /// Beyond its port.
        DOWN = 0, "down";
        /// Beyond the bridge.
        UP = 1, "up";
    }
}

constants! {
    /// Time between check messages: `BR_CFM_CCM_INTERVAL_*`.
    pub struct CfmCcmInterval(u32) in "BR_CFM_CCM_INTERVAL_" {
        /// There are none.
        NONE = 0, "none";
        /// 3⅓ milliseconds.
        _3_3_MS = 1, "3_3_ms";
        /// 10 milliseconds.
        _10_MS = 2, "10_ms";
        /// 100 milliseconds.
        _100_MS = 3, "100_ms";
        /// A second.
        _1_SEC = 4, "1_sec";
        /// 10 seconds.
        _10_SEC = 5, "10_sec";
        /// A minute.
        _1_MIN = 6, "1_min";
        /// 10 minutes.
        _10_MIN = 7, "10_min";
    }
}
