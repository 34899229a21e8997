//! Layer 3 packets right after a UDP header: kind `bareudp`. Since Linux 5.7.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

use crate::scalar::Be;

attributes! {
    /// An attribute of [`InfoData::Bareudp`](crate::link::InfoData::Bareudp).
    pub enum BareudpAttr<'a> in "linkinfo-bareudp-attrs" {
        /// UDP destination port.
        IFLA_BAREUDP_PORT = 1 => Port(Be<u16>),
        /// Ethertype of the inner packets.
        IFLA_BAREUDP_ETHERTYPE = 2 => Ethertype(Be<u16>),
        /// Lowest UDP source port.
        IFLA_BAREUDP_SRCPORT_MIN = 3 => SrcPortMin(u16),
        /// IPv6 besides IPv4, or multicast besides unicast MPLS, are accepted, too.
        IFLA_BAREUDP_MULTIPROTO_MODE = 4 => MultiprotoMode(()),
    }
}
