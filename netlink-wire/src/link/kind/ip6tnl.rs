//! IPv4, IPv6 or MPLS over IPv6: kind `ip6tnl`.
//!
//! Source: `include/uapi/linux/if_tunnel.h`, as of Linux 7.2.

use core::net::Ipv6Addr;

use super::{Ip6TnlFlags, TunnelEncap, TunnelEncapFlags};
use crate::scalar::Be;

attributes! {
    /// An attribute of [`InfoData::Ip6tnl`](crate::link::InfoData::Ip6tnl). The numbers
    /// are those of [`IptunAttr`](super::IptunAttr), the types are not.
    pub enum Ip6tnlAttr<'a> in "linkinfo-ip6tnl-attrs" {
        /// Index of the link that packets leave through; 0 is any.
        IFLA_IPTUN_LINK = 1 => Link(u32),
        /// Source address; all zeros is any.
        IFLA_IPTUN_LOCAL = 2 => Local(Ipv6Addr),
        /// Address of the remote end; all zeros is any.
        IFLA_IPTUN_REMOTE = 3 => Remote(Ipv6Addr),
        /// Hop limit of the outer header; 0 copies the inner one's.
        IFLA_IPTUN_TTL = 4 => Ttl(u8),
        /// How deep packets may be nested in further tunnels.
        IFLA_IPTUN_ENCAP_LIMIT = 6 => EncapLimit(u8),
        /// Traffic class and flow label of the outer header: `0x0tcfffff`.
        IFLA_IPTUN_FLOWINFO = 7 => FlowInfo(Be<u32>),
        /// How the tunnel behaves.
        IFLA_IPTUN_FLAGS = 8 => Flags(Ip6TnlFlags),
        /// Protocol of the inner packets: `IPPROTO_IPIP`, `_IPV6` or `_MPLS`; 0 is any.
        IFLA_IPTUN_PROTO = 9 => Proto(u8),
        /// What is put between the outer and the inner header.
        IFLA_IPTUN_ENCAP_TYPE = 15 => EncapType(TunnelEncap),
        /// How it treats checksums.
        IFLA_IPTUN_ENCAP_FLAGS = 16 => EncapFlags(TunnelEncapFlags),
        /// UDP source port; 0 chooses one by a hash of the inner packet.
        IFLA_IPTUN_ENCAP_SPORT = 17 => EncapSport(Be<u16>),
        /// UDP destination port.
        IFLA_IPTUN_ENCAP_DPORT = 18 => EncapDport(Be<u16>),
        /// The tunnel's parameters come with each packet ("external").
        IFLA_IPTUN_COLLECT_METADATA = 19 => CollectMetadata(()),
        /// Mark by which packets are routed.
        IFLA_IPTUN_FWMARK = 20 => FwMark(u32),
    }
}
