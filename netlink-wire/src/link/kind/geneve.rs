//! Ethernet over UDP with options: kind `geneve`.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::scalar::Be;

constants! {
    /// What becomes of the "don't fragment" bit of the outer IPv4 header: `GENEVE_DF_*`.
    pub struct GeneveDf(u8) in "GENEVE_DF_" {
        /// Never set.
        UNSET = 0, "unset";
        /// Always set.
        SET = 1, "set";
        /// Copied from the inner header.
        INHERIT = 2, "inherit";
    }
}

wire_struct! {
    /// UDP source ports; both ends are included.
    pub struct IflaGenevePortRange in "ifla_geneve_port_range" {
        /// First port.
        pub low: Be<u16>,
        /// Last port.
        pub high: Be<u16>,
    }
}

attributes! {
    /// An attribute of [`InfoData::Geneve`](crate::link::InfoData::Geneve).
    pub enum GeneveAttr<'a> in "linkinfo-geneve-attrs" {
        /// VNI, of 24 bits.
        IFLA_GENEVE_ID = 1 => Id(u32),
        /// Remote end, over IPv4.
        IFLA_GENEVE_REMOTE = 2 => Remote(Ipv4Addr),
        /// TTL or hop limit of the outer header; 0 is the default.
        IFLA_GENEVE_TTL = 3 => Ttl(u8),
        /// Type of service or traffic class of the outer header; 1 copies the inner one's.
        IFLA_GENEVE_TOS = 4 => Tos(u8),
        /// UDP destination port; the one that was assigned is 6081.
        IFLA_GENEVE_PORT = 5 => Port(Be<u16>),
        /// The tunnel's parameters come with each packet ("external").
        IFLA_GENEVE_COLLECT_METADATA = 6 => CollectMetadata(()),
        /// Remote end, over IPv6.
        IFLA_GENEVE_REMOTE6 = 7 => Remote6(Ipv6Addr),
        /// 1 if the UDP checksum is computed over IPv4.
        IFLA_GENEVE_UDP_CSUM = 8 => UdpCsum(u8),
        /// 1 if the UDP checksum is left out over IPv6.
        IFLA_GENEVE_UDP_ZERO_CSUM6_TX = 9 => UdpZeroCsum6Tx(u8),
        /// 1 if packets over IPv6 are accepted without a UDP checksum.
        IFLA_GENEVE_UDP_ZERO_CSUM6_RX = 10 => UdpZeroCsum6Rx(u8),
        /// Flow label of the outer IPv6 header.
        IFLA_GENEVE_LABEL = 11 => Label(Be<u32>),
        /// 1 if the TTL of the outer header is copied from the inner one.
        IFLA_GENEVE_TTL_INHERIT = 12 => TtlInherit(u8),
        /// What becomes of the "don't fragment" bit.
        IFLA_GENEVE_DF = 13 => Df(GeneveDf),
        /// Packets are of any protocol, not Ethernet alone. Since Linux 5.18.
        IFLA_GENEVE_INNER_PROTO_INHERIT = 14 => InnerProtoInherit(()),
        /// Source ports to choose from, by a hash of the inner packet. Since Linux 6.15.
        IFLA_GENEVE_PORT_RANGE = 15 => PortRange(IflaGenevePortRange),
        /// An option tells the remote end how to put packets together. Added after Linux 6.18.
        IFLA_GENEVE_GRO_HINT = 16 => GroHint(()),
        /// Source address, over IPv4. Added after Linux 6.18.
        IFLA_GENEVE_LOCAL = 17 => Local(Ipv4Addr),
        /// Source address, over IPv6. Added after Linux 6.18.
        IFLA_GENEVE_LOCAL6 = 18 => Local6(Ipv6Addr),
    }
}
