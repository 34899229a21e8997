//! IP in IP: kinds `ipip` (IPv4 or MPLS over IPv4) and `sit` (also IPv6 over IPv4).
//!
//! Source: `include/uapi/linux/if_tunnel.h`, as of Linux 7.2.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::{TunnelEncap, TunnelEncapFlags};
use crate::scalar::Be;

flags! {
    /// How a `sit` tunnel behaves: `SIT_*`.
    pub struct SitFlags(u16) in "SIT_" {
        /// It finds remote ends by ISATAP.
        ISATAP = 0x1, "isatap";
    }
}

attributes! {
    /// An attribute of [`InfoData::Ipip`](crate::link::InfoData::Ipip) and
    /// [`InfoData::Sit`](crate::link::InfoData::Sit).
    pub enum IptunAttr<'a> in "linkinfo-iptun-attrs" {
        /// Index of the link that packets leave through; 0 is any.
        IFLA_IPTUN_LINK = 1 => Link(u32),
        /// Source address; all zeros is any.
        IFLA_IPTUN_LOCAL = 2 => Local(Ipv4Addr),
        /// Address of the remote end; all zeros is any.
        IFLA_IPTUN_REMOTE = 3 => Remote(Ipv4Addr),
        /// TTL of the outer header; 0 copies the inner one's.
        IFLA_IPTUN_TTL = 4 => Ttl(u8),
        /// Type of service of the outer header; 1 copies the inner one's.
        IFLA_IPTUN_TOS = 5 => Tos(u8),
        /// How the tunnel behaves, `sit` only. The bit is in host order, although
        /// the kernel calls it big-endian.
        IFLA_IPTUN_FLAGS = 8 => Flags(SitFlags),
        /// Protocol of the inner packets: `IPPROTO_IPIP`, `_IPV6` or `_MPLS`; 0 is any.
        IFLA_IPTUN_PROTO = 9 => Proto(u8),
        /// 1 if the path's MTU is discovered.
        IFLA_IPTUN_PMTUDISC = 10 => PmtuDisc(u8),
        /// IPv6 prefix in which IPv4 addresses are embedded (6rd), `sit` only.
        IFLA_IPTUN_6RD_PREFIX = 11 => SixRdPrefix(Ipv6Addr),
        /// IPv4 prefix that is left out of the embedded addresses, `sit` only.
        IFLA_IPTUN_6RD_RELAY_PREFIX = 12 => SixRdRelayPrefix(Ipv4Addr),
        /// Length of [`SixRdPrefix`](Self::SixRdPrefix) in bits, `sit` only.
        IFLA_IPTUN_6RD_PREFIXLEN = 13 => SixRdPrefixLen(u16),
        /// Length of [`SixRdRelayPrefix`](Self::SixRdRelayPrefix) in bits, `sit` only.
        IFLA_IPTUN_6RD_RELAY_PREFIXLEN = 14 => SixRdRelayPrefixLen(u16),
        /// What is put between the outer and the inner header.
        IFLA_IPTUN_ENCAP_TYPE = 15 => EncapType(TunnelEncap),
        /// How it treats checksums.
        IFLA_IPTUN_ENCAP_FLAGS = 16 => EncapFlags(TunnelEncapFlags),
        /// UDP source port; 0 chooses one by a hash of the inner packet.
        IFLA_IPTUN_ENCAP_SPORT = 17 => EncapSport(Be<u16>),
        /// UDP destination port.
        IFLA_IPTUN_ENCAP_DPORT = 18 => EncapDport(Be<u16>),
        /// The tunnel's parameters come with each packet ("external"), `ipip` only.
        IFLA_IPTUN_COLLECT_METADATA = 19 => CollectMetadata(()),
        /// Mark by which packets are routed.
        IFLA_IPTUN_FWMARK = 20 => FwMark(u32),
    }
}
