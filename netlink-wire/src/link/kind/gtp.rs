//! Tunnels of mobile networks: kind `gtp`.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

use core::net::{Ipv4Addr, Ipv6Addr};

constants! {
    /// Which end of the tunnels this host is: `GTP_ROLE_*`.
    pub struct GtpRole(u32) in "GTP_ROLE_" {
        /// The one towards the internet.
        GGSN = 0, "ggsn";
        /// The one towards the mobiles.
        SGSN = 1, "sgsn";
    }
}

attributes! {
    /// An attribute of [`InfoData::Gtp`](crate::link::InfoData::Gtp).
    pub enum GtpAttr<'a> in "linkinfo-gtp-attrs" {
        /// Descriptor of a UDP socket for GTP version 0.
        IFLA_GTP_FD0 = 1 => Fd0(u32),
        /// Descriptor of a UDP socket for GTP version 1.
        IFLA_GTP_FD1 = 2 => Fd1(u32),
        /// How many buckets the table of tunnels has.
        IFLA_GTP_PDP_HASHSIZE = 3 => PdpHashSize(u32),
        /// Which end this host is.
        IFLA_GTP_ROLE = 4 => Role(GtpRole),
        /// Has the kernel open the sockets, by its presence. Since Linux 5.18.
        IFLA_GTP_CREATE_SOCKETS = 5 => CreateSockets(u8),
        /// How often this end was started anew, for the answers to echo requests.
        /// Since Linux 5.18.
        IFLA_GTP_RESTART_COUNT = 6 => RestartCount(u8),
        /// Address of the sockets that the kernel opens. Since Linux 6.10.
        IFLA_GTP_LOCAL = 7 => Local(Ipv4Addr),
        /// The same, over IPv6. Since Linux 6.10.
        IFLA_GTP_LOCAL6 = 8 => Local6(Ipv6Addr),
    }
}
