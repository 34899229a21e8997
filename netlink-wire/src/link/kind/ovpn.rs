//! OpenVPN in the kernel: kind `ovpn`. Since Linux 6.16.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

constants! {
    /// How many peers a link has: `OVPN_MODE_*`.
    pub struct OvpnMode(u8) in "OVPN_MODE_" {
        /// One.
        P2P = 0, "p2p";
        /// Any number.
        MP = 1, "mp";
    }
}

attributes! {
    /// An attribute of [`InfoData::Ovpn`](crate::link::InfoData::Ovpn).
    pub enum OvpnAttr<'a> in "linkinfo-ovpn-attrs" {
        /// How many peers it has. It cannot be changed.
        IFLA_OVPN_MODE = 1 => Mode(OvpnMode),
    }
}
