//! Neighbours: `RTM_NEWNEIGH`, `RTM_DELNEIGH`, `RTM_GETNEIGH`.
//!
//! Source: `include/uapi/linux/neighbour.h`, as of Linux 6.18.

use crate::{
    attrs::Attrs,
    message::Body,
    netaddr::{Addr, LlAddr},
    route::RtProt,
    scalar::Be,
};

/// A neighbour, or an entry of a forwarding database.
pub type Neigh<'a> = Body<'a, NdMsg, NeighAttr<'a>>;

wire_struct! {
    /// `struct ndmsg`
    pub struct NdMsg in "ndmsg" {
        /// `AF_INET`, `AF_INET6` or `AF_BRIDGE`.
        pub family: u8,
        /// Padding; 0.
        pub pad1: u8,
        /// Padding; 0.
        pub pad2: u16,
        /// Index of the interface.
        pub ifindex: i32,
        /// State.
        pub state: Nud,
        /// Flags; more of them are in [`NeighAttr::FlagsExt`].
        pub flags: Ntf,
        /// `RTN_*`
        pub kind: u8,
    }
}

flags! {
    /// State of a neighbour: `NUD_*`.
    pub struct Nud(u16) in "NUD_" {
        /// Being resolved.
        INCOMPLETE = 0x01, "INCOMPLETE";
        /// Confirmed of late.
        REACHABLE = 0x02, "REACHABLE";
        /// Not confirmed of late.
        STALE = 0x04, "STALE";
        /// Waiting for a confirmation.
        DELAY = 0x08, "DELAY";
        /// Being probed.
        PROBE = 0x10, "PROBE";
        /// Not resolved.
        FAILED = 0x20, "FAILED";
        /// Needs no resolution.
        NOARP = 0x40, "NOARP";
        /// Set by the administrator.
        PERMANENT = 0x80, "PERMANENT";
    }
}

flags! {
    /// `NTF_*` of `ndm_flags`.
    pub struct Ntf(u8) in "NTF_" {
        /// Used of late.
        USE = 0x01, "use";
        /// Belongs to the interface itself.
        SELF = 0x02, "self";
        /// Belongs to the interface's master.
        MASTER = 0x04, "master";
        /// Answered for by proxy.
        PROXY = 0x08, "proxy";
        /// Learned by the device or the control plane.
        EXT_LEARNED = 0x10, "extern_learn";
        /// Offloaded to hardware.
        OFFLOADED = 0x20, "offload";
        /// Not to be moved by learning.
        STICKY = 0x40, "sticky";
        /// A router.
        ROUTER = 0x80, "router";
    }
}

wire_struct! {
    /// `struct nda_cacheinfo`: ages in clock ticks (`USER_HZ`).
    pub struct NdaCacheInfo in "nda_cacheinfo" {
        /// Since the last confirmation.
        pub confirmed: u32,
        /// Since the last use.
        pub used: u32,
        /// Since the last change.
        pub updated: u32,
        /// How many users hold it.
        pub refcnt: u32,
    }
}

attributes! {
    /// An attribute of a [`Neigh`].
    pub enum NeighAttr<'a> in "neighbour-attrs" {
        /// Network address.
        NDA_DST = 1 => Dst(Addr<'a>),
        /// Link-layer address.
        NDA_LLADDR = 2 => LlAddr(LlAddr<'a>),
        /// Ages.
        NDA_CACHEINFO = 3 => CacheInfo(NdaCacheInfo),
        /// How many probes were sent.
        NDA_PROBES = 4 => Probes(u32),
        /// VLAN of a forwarding entry.
        NDA_VLAN = 5 => Vlan(u16),
        /// UDP port of a VXLAN entry.
        NDA_PORT = 6 => Port(Be<u16>),
        /// VNI of a VXLAN entry.
        NDA_VNI = 7 => Vni(u32),
        /// Interface that a VXLAN entry sends through.
        NDA_IFINDEX = 8 => IfIndex(u32),
        /// Index of the interface's master.
        NDA_MASTER = 9 => Master(u32),
        /// Network namespace of [`IfIndex`](Self::IfIndex).
        NDA_LINK_NETNSID = 10 => LinkNetnsId(i32),
        /// VNI that packets came from.
        NDA_SRC_VNI = 11 => SrcVni(u32),
        /// Who made the entry.
        NDA_PROTOCOL = 12 => Protocol(RtProt),
        /// Id of a nexthop group.
        NDA_NH_ID = 13 => NhId(u32),
        /// More about a forwarding entry.
        NDA_FDB_EXT_ATTRS = 14 => FdbExt(Attrs<'a, FdbExtAttr<'a>>),
        /// `NTF_EXT_*`. Since Linux 5.16.
        NDA_FLAGS_EXT = 15 => FlagsExt(u32),
        /// States to change. Since Linux 6.0.
        NDA_NDM_STATE_MASK = 16 => NdmStateMask(u16),
        /// Flags to change. Since Linux 6.0.
        NDA_NDM_FLAGS_MASK = 17 => NdmFlagsMask(u8),
    }
}

attributes! {
    /// An attribute of [`NeighAttr::FdbExt`].
    pub enum FdbExtAttr<'a> in "fdb-ext-attrs" {
        /// `FDB_NOTIFY_*`
        NFEA_ACTIVITY_NOTIFY = 1 => ActivityNotify(u8),
        /// Do not refresh the age.
        NFEA_DONT_REFRESH = 2 => DontRefresh(()),
    }
}
