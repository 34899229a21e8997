//! Neighbours: `RTM_NEWNEIGH`, `RTM_DELNEIGH`, `RTM_GETNEIGH`.
//!
//! Source: `include/uapi/linux/neighbour.h`, as of Linux 7.2.

use crate::{
    attrs::Attrs,
    error::Result,
    message::Body,
    netaddr::{Addr, LlAddr},
    route::{RtProt, Rtn},
    scalar::Be,
};

/// A neighbour, or an entry of a forwarding database.
pub type Neigh<'a> = Body<'a, NdMsg, NeighAttr<'a>>;

impl Neigh<'_> {
    /// The flags for which the header has no room; none on a kernel that lacks them.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`](crate::Attrs::get).
    pub fn ext_flags(&self) -> Result<NtfExt> {
        Ok(self.get(NeighAttr::FlagsExt)?.unwrap_or_default())
    }
}

wire_struct! {
    /// The fixed header of a [`Neigh`].
    pub struct NdMsg in "ndmsg" {
        /// `AF_INET` or `AF_INET6`; `AF_BRIDGE` for an entry of a forwarding database.
        pub family: u8,
        /// Padding; 0.
        pub pad1: u8,
        /// Padding; 0.
        pub pad2: u16,
        /// Index of the interface.
        pub ifindex: i32,
        /// How well the link-layer address is known.
        pub state: Nud,
        /// Flags; [`Neigh::ext_flags`] has more of them.
        pub flags: Ntf,
        /// What the network address is: `UNICAST`, `MULTICAST` and so on.
        pub kind: Rtn,
    }
}

flags! {
    /// State of a neighbour: `NUD_*`. Without any, nothing was tried yet.
    pub struct Nud(u16) in "NUD_" {
        /// A first question is out; the link-layer address is not known.
        INCOMPLETE = 0x01, "INCOMPLETE";
        /// The neighbour answered of late.
        REACHABLE = 0x02, "REACHABLE";
        /// The last answer is old. The address is used, and then probed.
        STALE = 0x04, "STALE";
        /// Used while stale; a sign of life is waited for before probing.
        DELAY = 0x08, "DELAY";
        /// Being asked again.
        PROBE = 0x10, "PROBE";
        /// No answer came.
        FAILED = 0x20, "FAILED";
        /// Nothing is to be resolved, as for a multicast address.
        NOARP = 0x40, "NOARP";
        /// Set by the administrator; it stays as it is.
        PERMANENT = 0x80, "PERMANENT";
    }
}

impl Nud {
    /// The states in which the link-layer address is known to be right:
    /// `PERMANENT`, `NOARP` and `REACHABLE`.
    pub const CONNECTED: Self = Self(0xc2);

    /// The states in which the link-layer address is used: those of
    /// [`CONNECTED`](Self::CONNECTED), and `STALE`, `DELAY` and `PROBE`.
    pub const VALID: Self = Self(0xde);
}

flags! {
    /// What a neighbour is: `NTF_*`.
    pub struct Ntf(u8) in "NTF_" {
        /// In a request: start to resolve the address, as if a packet were sent.
        USE = 0x01, "use";
        /// The entry is in the interface's own forwarding database.
        SELF = 0x02, "self";
        /// The entry is in the forwarding database of the interface's bridge.
        MASTER = 0x04, "master";
        /// This host answers for the address: proxy ARP or NDP.
        PROXY = 0x08, "proxy";
        /// A control plane or the hardware learned the entry; it does not age.
        EXT_LEARNED = 0x10, "extern_learn";
        /// The hardware has the entry.
        OFFLOADED = 0x20, "offload";
        /// The entry does not move to another port when its address is seen there.
        STICKY = 0x40, "sticky";
        /// The neighbour is an IPv6 router.
        ROUTER = 0x80, "router";
    }
}

flags! {
    /// More flags: `NTF_EXT_*`. Since Linux 5.16.
    pub struct NtfExt(u32) in "NTF_EXT_" {
        /// The kernel keeps the entry resolved by itself.
        MANAGED = 0x1, "managed";
        /// A locked bridge port saw the address; its host waits for admission. Since Linux 6.2.
        LOCKED = 0x2, "locked";
        /// A control plane vouches for the entry: the kernel probes, but never
        /// removes it. Since Linux 6.17.
        EXT_VALIDATED = 0x4, "extern_valid";
    }
}

wire_struct! {
    /// Ages of a neighbour, in clock ticks: hundredths of a second.
    pub struct NdaCacheInfo in "nda_cacheinfo" {
        /// Since the last confirmation, in hundredths of a second.
        pub confirmed: u32,
        /// Since the last use, in hundredths of a second.
        pub used: u32,
        /// Since the last change, in hundredths of a second.
        pub updated: u32,
        /// How many users in the kernel hold it.
        pub refcnt: u32,
    }
}

attributes! {
    /// An attribute of a [`Neigh`].
    pub enum NeighAttr<'a> in "neighbour-attrs" {
        /// No attribute: the kernel does not send it, and ignores it.
        NDA_UNSPEC = 0 => Unspec(&'a [u8]),
        /// Network address. Of a VXLAN entry, the address of the remote end.
        NDA_DST = 1 => Dst(Addr<'a>),
        /// Link-layer address.
        NDA_LLADDR = 2 => LlAddr(LlAddr<'a>),
        /// Ages.
        NDA_CACHEINFO = 3 => CacheInfo(NdaCacheInfo),
        /// How many probes were sent since the last answer.
        NDA_PROBES = 4 => Probes(u32),
        /// VLAN of a forwarding entry.
        NDA_VLAN = 5 => Vlan(u16),
        /// UDP port that a VXLAN entry sends to.
        NDA_PORT = 6 => Port(Be<u16>),
        /// VNI that a VXLAN entry sends with.
        NDA_VNI = 7 => Vni(u32),
        /// Index of the interface that a VXLAN entry sends through.
        NDA_IFINDEX = 8 => IfIndex(u32),
        /// Index of the bridge that the interface is a port of. In a request it filters.
        NDA_MASTER = 9 => Master(u32),
        /// Network namespace of [`IfIndex`](Self::IfIndex), by its id.
        NDA_LINK_NETNSID = 10 => LinkNetnsId(i32),
        /// VNI that packets must come with, where one VXLAN device has several.
        NDA_SRC_VNI = 11 => SrcVni(u32),
        /// Who made the entry.
        NDA_PROTOCOL = 12 => Protocol(RtProt),
        /// Id of the nexthop group that a VXLAN entry sends to. Since Linux 5.8.
        NDA_NH_ID = 13 => NhId(u32),
        /// How a bridge treats the entry. Since Linux 5.9.
        NDA_FDB_EXT_ATTRS = 14 => FdbExt(Attrs<'a, FdbExtAttr<'a>>),
        /// The flags for which the header has no room. Since Linux 5.16.
        NDA_FLAGS_EXT = 15 => FlagsExt(NtfExt),
        /// Which states a bulk delete compares. Since Linux 5.19.
        NDA_NDM_STATE_MASK = 16 => NdmStateMask(Nud),
        /// Which flags a bulk delete compares. Since Linux 5.19.
        NDA_NDM_FLAGS_MASK = 17 => NdmFlagsMask(Ntf),
    }
}

attributes! {
    /// An attribute of [`NeighAttr::FdbExt`].
    pub enum FdbExtAttr<'a> in "fdb-ext-attrs" {
        /// Which activity of the entry is told.
        NFEA_ACTIVITY_NOTIFY = 1 => ActivityNotify(FdbNotify),
        /// In a request: leave the entry's age as it is.
        NFEA_DONT_REFRESH = 2 => DontRefresh(()),
    }
}

flags! {
    /// Activity of a forwarding entry: `FDB_NOTIFY_*`.
    pub struct FdbNotify(u8) in "FDB_NOTIFY_" {
        /// Tell when the entry becomes active or inactive.
        BIT = 0x1, "activity_notify";
        /// The entry is inactive.
        INACTIVE_BIT = 0x2, "inactive";
    }
}
