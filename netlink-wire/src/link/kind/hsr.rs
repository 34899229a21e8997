//! Every packet over two networks: kind `hsr`, for high-availability seamless
//! redundancy and the parallel redundancy protocol.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

use crate::netaddr::LlAddr;

constants! {
    /// Protocol: `HSR_PROTOCOL_*`.
    pub struct HsrProtocol(u8) in "HSR_PROTOCOL_" {
        /// A ring: high-availability seamless redundancy.
        HSR = 0, "hsr";
        /// Two separate networks: parallel redundancy protocol.
        PRP = 1, "prp";
    }
}

attributes! {
    /// An attribute of [`InfoData::Hsr`](crate::link::InfoData::Hsr).
    pub enum HsrAttr<'a> in "linkinfo-hsr-attrs" {
        /// Index of the first port.
        IFLA_HSR_SLAVE1 = 1 => Slave1(u32),
        /// Index of the second port.
        IFLA_HSR_SLAVE2 = 2 => Slave2(u32),
        /// Last byte of [`SupervisionAddr`](Self::SupervisionAddr).
        IFLA_HSR_MULTICAST_SPEC = 3 => MulticastSpec(u8),
        /// Address that supervision packets go to.
        IFLA_HSR_SUPERVISION_ADDR = 4 => SupervisionAddr(LlAddr<'a>),
        /// Sequence number of the next packet.
        IFLA_HSR_SEQ_NR = 5 => SeqNr(u16),
        /// Version of the ring's protocol: 0 or 1.
        IFLA_HSR_VERSION = 6 => Version(u8),
        /// Protocol. Since Linux 5.9.
        IFLA_HSR_PROTOCOL = 7 => Protocol(HsrProtocol),
        /// Index of the port to devices that do not know the protocol. Since Linux 6.10.
        IFLA_HSR_INTERLINK = 8 => Interlink(u32),
    }
}
