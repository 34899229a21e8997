//! Tunnels by GRE: kinds `gre`, `gretap` and `erspan` over IPv4, `ip6gre`,
//! `ip6gretap` and `ip6erspan` over IPv6.
//!
//! Source: `include/uapi/linux/if_tunnel.h`, as of Linux 7.2.

use super::{Ip6TnlFlags, TunnelEncap, TunnelEncapFlags};
use crate::{netaddr::Addr, scalar::Be};

flags! {
    /// What a GRE header carries: `GRE_*`.
    pub struct GreFlags(u16) in "GRE_" {
        /// A checksum.
        CSUM = 0x8000, "csum";
        /// A route.
        ROUTING = 0x4000, "routing";
        /// A key.
        KEY = 0x2000, "key";
        /// A sequence number.
        SEQ = 0x1000, "seq";
        /// A strict source route.
        STRICT = 0x800, "strict";
        /// An acknowledgement number, in version 1.
        ACK = 0x80, "ack";
    }
}

constants! {
    /// Which of the mirrored packets an ERSPAN tunnel carries. The kernel has no
    /// names for them.
    pub struct ErspanDir(u8) in "" {
        /// Those that were received.
        INGRESS = 0, "ingress";
        /// Those that were sent.
        EGRESS = 1, "egress";
    }
}

attributes! {
    /// An attribute of the kinds that GRE has: [`InfoData::Gre`](crate::link::InfoData::Gre) and
    /// the others. Addresses are of the protocol that the kind runs over.
    pub enum GreAttr<'a> in "linkinfo-gre-attrs" {
        /// Index of the link that packets leave through; 0 is any.
        IFLA_GRE_LINK = 1 => Link(u32),
        /// What packets that are received must carry.
        IFLA_GRE_IFLAGS = 2 => IFlags(Be<GreFlags>),
        /// What packets that are sent carry.
        IFLA_GRE_OFLAGS = 3 => OFlags(Be<GreFlags>),
        /// Key that packets must have, under [`GreFlags::KEY`].
        IFLA_GRE_IKEY = 4 => IKey(Be<u32>),
        /// Key that packets are given, under [`GreFlags::KEY`].
        IFLA_GRE_OKEY = 5 => OKey(Be<u32>),
        /// Source address; all zeros is any.
        IFLA_GRE_LOCAL = 6 => Local(Addr<'a>),
        /// Address of the remote end; all zeros is any.
        IFLA_GRE_REMOTE = 7 => Remote(Addr<'a>),
        /// TTL or hop limit of the outer header; 0 copies the inner one's.
        IFLA_GRE_TTL = 8 => Ttl(u8),
        /// Type of service of the outer header; 1 copies the inner one's. IPv4 only.
        IFLA_GRE_TOS = 9 => Tos(u8),
        /// 1 if the path's MTU is discovered. IPv4 only.
        IFLA_GRE_PMTUDISC = 10 => PmtuDisc(u8),
        /// How deep packets may be nested in further tunnels. IPv6 only.
        IFLA_GRE_ENCAP_LIMIT = 11 => EncapLimit(u8),
        /// Traffic class and flow label of the outer header: `0x0tcfffff`. IPv6 only.
        IFLA_GRE_FLOWINFO = 12 => FlowInfo(Be<u32>),
        /// How the tunnel behaves. IPv6 only.
        IFLA_GRE_FLAGS = 13 => Flags(Ip6TnlFlags),
        /// What is put before GRE.
        IFLA_GRE_ENCAP_TYPE = 14 => EncapType(TunnelEncap),
        /// How it treats checksums.
        IFLA_GRE_ENCAP_FLAGS = 15 => EncapFlags(TunnelEncapFlags),
        /// UDP source port; 0 chooses one by a hash of the inner packet.
        IFLA_GRE_ENCAP_SPORT = 16 => EncapSport(Be<u16>),
        /// UDP destination port.
        IFLA_GRE_ENCAP_DPORT = 17 => EncapDport(Be<u16>),
        /// The tunnel's parameters come with each packet ("external").
        IFLA_GRE_COLLECT_METADATA = 18 => CollectMetadata(()),
        /// 1 if the "don't fragment" bit of inner packets is not heeded. IPv4 only.
        IFLA_GRE_IGNORE_DF = 19 => IgnoreDf(u8),
        /// Mark by which packets are routed.
        IFLA_GRE_FWMARK = 20 => FwMark(u32),
        /// Number of the port that is mirrored: ERSPAN version 1, 20 bits.
        IFLA_GRE_ERSPAN_INDEX = 21 => ErspanIndex(u32),
        /// Version of ERSPAN: 1 or 2; 0 is a bare header.
        IFLA_GRE_ERSPAN_VER = 22 => ErspanVer(u8),
        /// Which packets are mirrored: ERSPAN version 2.
        IFLA_GRE_ERSPAN_DIR = 23 => ErspanDir(ErspanDir),
        /// Number of the mirroring engine: ERSPAN version 2, 6 bits.
        IFLA_GRE_ERSPAN_HWID = 24 => ErspanHwId(u16),
    }
}
