//! Links that share another link and its MAC address, each with IP addresses of its
//! own: kinds `ipvlan` and `ipvtap`.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

constants! {
    /// Where packets between the links of one device and the outside are handled:
    /// `IPVLAN_MODE_*`.
    pub struct IpvlanMode(u16) in "IPVLAN_MODE_" {
        /// In the namespace of the link, down to layer 2.
        L2 = 0, "l2";
        /// Routed in the namespace of the device.
        L3 = 1, "l3";
        /// Routed in the namespace of the device, and passed through its netfilter rules.
        L3S = 2, "l3s";
    }
}

flags! {
    /// Whom the links of one device can reach: `IPVLAN_F_*`. Without a flag it is one
    /// another.
    pub struct IpvlanFlags(u16) in "IPVLAN_F_" {
        /// Not one another.
        PRIVATE = 0x1, "private";
        /// One another by way of the switch only, if it sends packets back.
        VEPA = 0x2, "vepa";
    }
}

attributes! {
    /// An attribute of [`InfoData::Ipvlan`](crate::link::InfoData::Ipvlan) and
    /// [`InfoData::Ipvtap`](crate::link::InfoData::Ipvtap). Both are the same for all links
    /// of one device.
    pub enum IpvlanAttr<'a> in "linkinfo-ipvlan-attrs" {
        /// Where packets are handled.
        IFLA_IPVLAN_MODE = 1 => Mode(IpvlanMode),
        /// Whom it can reach.
        IFLA_IPVLAN_FLAGS = 2 => Flags(IpvlanFlags),
    }
}
