//! Virtual routing and forwarding: kind `vrf`, and its ports.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

attributes! {
    /// An attribute of [`InfoData::Vrf`](crate::link::InfoData::Vrf).
    pub enum VrfAttr<'a> in "linkinfo-vrf-attrs" {
        /// Routing table. It cannot be changed.
        IFLA_VRF_TABLE = 1 => Table(u32),
    }
}

attributes! {
    /// An attribute of [`InfoSlaveData::Vrf`](crate::link::InfoSlaveData::Vrf).
    pub enum VrfPortAttr<'a> in "linkinfo-vrf-port-attrs" {
        /// Routing table of the VRF.
        IFLA_VRF_PORT_TABLE = 1 => Table(u32),
    }
}
