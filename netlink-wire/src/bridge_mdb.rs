//! Multicast groups of bridges and VXLAN devices: `RTM_NEWMDB`, `RTM_DELMDB`, `RTM_GETMDB`.
//!
//! What the kernel sends has other attributes than what it is sent, by the same numbers:
//! [`BridgeMdb`], and [`BridgeMdbRequest`] and [`BridgeMdbGet`]. A dump of a bridge comes as
//! messages of type `RTM_GETMDB`: the kernel does not change the type.
//!
//! All times are in clock ticks (`USER_HZ`), of which a second has 100.
//!
//! Source: `include/uapi/linux/if_bridge.h`, as of Linux 7.2.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{
    attrs::Attrs,
    link::MdbRtrType,
    message::Body,
    netaddr::Addr,
    route::RtProt,
    scalar::Be,
    value::{Headed, Multi},
};

/// Multicast groups of a bridge or VXLAN device, as the kernel tells of them.
pub type BridgeMdb<'a> = Body<'a, BrPortMsg, MdbAttr<'a>>;

/// A request to add or delete a group: `RTM_NEWMDB` and `RTM_DELMDB` with `NLM_F_REQUEST`.
pub type BridgeMdbRequest<'a> = Body<'a, BrPortMsg, MdbSetAttr<'a>>;

/// A request for one group, or for all: `RTM_GETMDB` with `NLM_F_REQUEST`.
pub type BridgeMdbGet<'a> = Body<'a, BrPortMsg, MdbGetAttr<'a>>;

wire_struct! {
    /// The fixed header of a [`BridgeMdb`].
    pub struct BrPortMsg in "br_port_msg" {
        /// `AF_BRIDGE`.
        pub family: u8,
        /// Padding; 0.
        pub pad1: u8,
        /// Padding; 0.
        pub pad2: u16,
        /// Index of the bridge or VXLAN device; 0 in a request for all of them.
        pub ifindex: u32,
    }
}

attributes! {
    /// An attribute of a [`BridgeMdb`].
    pub enum MdbAttr<'a> in "mdba-attrs" {
        /// Groups.
        MDBA_MDB = 1 => Mdb(Attrs<'a, MdbGroupsAttr<'a>>),
        /// Ports with a multicast router.
        MDBA_ROUTER = 2 => Router(Attrs<'a, MdbRouterAttr<'a>>),
    }
}

attributes! {
    /// An attribute of [`MdbAttr::Mdb`].
    pub enum MdbGroupsAttr<'a> in "mdba-mdb-attrs" {
        /// A group.
        MDBA_MDB_ENTRY = 1 => Entry(Multi<Attrs<'a, MdbGroupAttr<'a>>>),
    }
}

attributes! {
    /// An attribute of [`MdbGroupsAttr::Entry`].
    pub enum MdbGroupAttr<'a> in "mdba-mdb-entry-attrs" {
        /// A port that gets what is sent to the group.
        MDBA_MDB_ENTRY_INFO = 1 => Info(Multi<Headed<'a, BrMdbEntry, MdbEntryAttr<'a>>>),
    }
}

wire_struct! {
    /// A group at a port.
    pub struct BrMdbEntry in "br_mdb_entry" {
        /// Index of the port; that of the bridge, if its own host is the receiver.
        pub ifindex: u32,
        /// Whether it has been set or learned.
        pub state: MdbState,
        /// What is special about it.
        pub flags: MdbFlags,
        /// VLAN id; 0 is none.
        pub vid: u16,
        /// The group's address, in as many bytes as it has; [`group`](Self::group) reads it.
        pub addr: [u8; 16],
        /// Ethernet type of the protocol that the address is of; 0 is a link-layer address.
        pub proto: Be<u16>,
        /// Padding; 0.
        pub pad: u16,
    }
}

impl BrMdbEntry {
    /// The group.
    pub fn group(&self) -> MdbGroup {
        let [a, b, c, d, e, f, ..] = self.addr;
        match self.proto.get() {
            ETH_P_IP => MdbGroup::Ip(Ipv4Addr::new(a, b, c, d).into()),
            ETH_P_IPV6 => MdbGroup::Ip(Ipv6Addr::from(self.addr).into()),
            _ => MdbGroup::Mac([a, b, c, d, e, f]),
        }
    }

    /// The same entry for this group.
    pub fn with_group(mut self, group: MdbGroup) -> Self {
        let mut put = |proto: u16, octets: &[u8]| {
            self.proto = proto.into();
            self.addr = [0; 16];
            self.addr.iter_mut().zip(octets).for_each(|(to, from)| *to = *from);
        };
        match group {
            MdbGroup::Ip(IpAddr::V4(ip)) => put(ETH_P_IP, &ip.octets()),
            MdbGroup::Ip(IpAddr::V6(ip)) => put(ETH_P_IPV6, &ip.octets()),
            MdbGroup::Mac(octets) => put(0, &octets),
        }
        self
    }
}

const ETH_P_IP: u16 = 0x0800;
const ETH_P_IPV6: u16 = 0x86dd;

/// Address of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MdbGroup {
    /// Of IPv4 or IPv6.
    Ip(IpAddr),
    /// Of the link layer.
    Mac([u8; 6]),
}

constants! {
    /// Whether a group has been set or learned: `MDB_*`.
    pub struct MdbState(u8) in "MDB_" {
        /// Learned; it goes when its timer ends.
        TEMPORARY = 0, "temp";
        /// Set; it stays.
        PERMANENT = 1, "permanent";
    }
}

flags! {
    /// What is special about a group at a port: `MDB_FLAGS_*`.
    pub struct MdbFlags(u8) in "MDB_FLAGS_" {
        /// The hardware has it.
        OFFLOAD = 0x1, "offload";
        /// It goes as soon as the receiver leaves.
        FAST_LEAVE = 0x2, "fast_leave";
        /// It is there because others of the group take all senders but some. Since Linux 5.10.
        STAR_EXCL = 0x4, "added_by_star_ex";
        /// What this sender sends is not passed on. Since Linux 5.10.
        BLOCKED = 0x8, "blocked";
        /// The hardware should have it and does not. Since Linux 6.15.
        OFFLOAD_FAILED = 0x10, "offload_failed";
    }
}

constants! {
    /// What a list of senders means: `MCAST_*`.
    pub struct McastMode(u8) in "MCAST_" {
        /// All senders but those.
        EXCLUDE = 0, "exclude";
        /// Those senders alone.
        INCLUDE = 1, "include";
    }
}

attributes! {
    /// An attribute of [`MdbGroupAttr::Info`].
    pub enum MdbEntryAttr<'a> in "mdba-mdb-eattr-attrs" {
        /// Time until it goes, in hundredths of a second; 0 if it stays.
        MDBA_MDB_EATTR_TIMER = 1 => Timer(u32),
        /// Senders that the receiver wants, or does not want. Since Linux 5.10.
        MDBA_MDB_EATTR_SRC_LIST = 2 => SrcList(Attrs<'a, MdbSrcListAttr<'a>>),
        /// Which of both. Since Linux 5.10.
        MDBA_MDB_EATTR_GROUP_MODE = 3 => GroupMode(McastMode),
        /// The one sender that the entry is about. Since Linux 5.10.
        MDBA_MDB_EATTR_SOURCE = 4 => Source(Addr<'a>),
        /// Who set it. Since Linux 5.10.
        MDBA_MDB_EATTR_RTPROT = 5 => RtProt(RtProt),
        /// VXLAN: address of the machine that gets what is sent to the group. Since Linux 6.4.
        MDBA_MDB_EATTR_DST = 6 => Dst(Addr<'a>),
        /// VXLAN: its UDP port, if it is not the device's. Since Linux 6.4.
        MDBA_MDB_EATTR_DST_PORT = 7 => DstPort(u16),
        /// VXLAN: VNI to use towards it, if it is not the device's. Since Linux 6.4.
        MDBA_MDB_EATTR_VNI = 8 => Vni(u32),
        /// VXLAN: index of the link to reach it over, if that is told. Since Linux 6.4.
        MDBA_MDB_EATTR_IFINDEX = 9 => IfIndex(u32),
        /// VXLAN: VNI that the packet came from. Since Linux 6.4.
        MDBA_MDB_EATTR_SRC_VNI = 10 => SrcVni(u32),
    }
}

attributes! {
    /// An attribute of [`MdbEntryAttr::SrcList`].
    pub enum MdbSrcListAttr<'a> in "mdba-mdb-srclist-attrs" {
        /// A sender.
        MDBA_MDB_SRCLIST_ENTRY = 1 => Entry(Multi<Attrs<'a, MdbSrcAttr<'a>>>),
    }
}

attributes! {
    /// An attribute of [`MdbSrcListAttr::Entry`].
    pub enum MdbSrcAttr<'a> in "mdba-mdb-srcattr-attrs" {
        /// Its address.
        MDBA_MDB_SRCATTR_ADDRESS = 1 => Address(Addr<'a>),
        /// Time until it is forgotten, in hundredths of a second; 0 if it stays.
        MDBA_MDB_SRCATTR_TIMER = 2 => Timer(u32),
    }
}

attributes! {
    /// An attribute of [`MdbAttr::Router`].
    pub enum MdbRouterAttr<'a> in "mdba-router-attrs" {
        /// A port.
        MDBA_ROUTER_PORT = 1 => Port(Multi<Headed<'a, MdbRouterPort, MdbRouterPortAttr<'a>>>),
    }
}

wire_struct! {
    /// A port with a multicast router. The kernel has no name for it.
    pub struct MdbRouterPort in "u32" {
        /// Index of the port.
        pub ifindex: u32,
    }
}

attributes! {
    /// An attribute of [`MdbRouterAttr::Port`].
    pub enum MdbRouterPortAttr<'a> in "mdba-router-pattr-attrs" {
        /// Time until the router is forgotten, the longer one of IPv4 and IPv6, in hundredths of a
        /// second.
        MDBA_ROUTER_PATTR_TIMER = 1 => Timer(u32),
        /// How the port was made one with a router.
        MDBA_ROUTER_PATTR_TYPE = 2 => Type(MdbRtrType),
        /// Time until the router is forgotten, for IPv4, in hundredths of a second. Since Linux
        /// 5.14.
        MDBA_ROUTER_PATTR_INET_TIMER = 3 => InetTimer(u32),
        /// Time until the router is forgotten, for IPv6, in hundredths of a second. Since Linux
        /// 5.14.
        MDBA_ROUTER_PATTR_INET6_TIMER = 4 => Inet6Timer(u32),
        /// VLAN id. Since Linux 5.15.
        MDBA_ROUTER_PATTR_VID = 5 => Vid(u16),
    }
}

attributes! {
    /// An attribute of a [`BridgeMdbRequest`].
    pub enum MdbSetAttr<'a> in "mdba-set-entry-attrs" {
        /// The group and the port.
        MDBA_SET_ENTRY = 1 => Entry(BrMdbEntry),
        /// The rest. Since Linux 5.10.
        MDBA_SET_ENTRY_ATTRS = 2 => EntryAttrs(Attrs<'a, MdbeAttr<'a>>),
    }
}

attributes! {
    /// An attribute of a [`BridgeMdbGet`]. Since Linux 6.7.
    pub enum MdbGetAttr<'a> in "mdba-get-entry-attrs" {
        /// The group.
        MDBA_GET_ENTRY = 1 => Entry(BrMdbEntry),
        /// The rest.
        MDBA_GET_ENTRY_ATTRS = 2 => EntryAttrs(Attrs<'a, MdbeAttr<'a>>),
    }
}

attributes! {
    /// An attribute of [`MdbSetAttr::EntryAttrs`] and [`MdbGetAttr::EntryAttrs`].
    pub enum MdbeAttr<'a> in "mdbe-attrs" {
        /// The one sender that the entry is about.
        MDBE_ATTR_SOURCE = 1 => Source(Addr<'a>),
        /// Senders that the receiver wants, or does not want. Since Linux 6.3.
        MDBE_ATTR_SRC_LIST = 2 => SrcList(Attrs<'a, MdbeSrcListAttr<'a>>),
        /// Which of both. Since Linux 6.3.
        MDBE_ATTR_GROUP_MODE = 3 => GroupMode(McastMode),
        /// Who sets it. Since Linux 6.3.
        MDBE_ATTR_RTPROT = 4 => RtProt(RtProt),
        /// VXLAN: address of the machine that gets what is sent to the group. Since Linux 6.4.
        MDBE_ATTR_DST = 5 => Dst(Addr<'a>),
        /// VXLAN: its UDP port. Since Linux 6.4.
        MDBE_ATTR_DST_PORT = 6 => DstPort(u16),
        /// VXLAN: VNI to use towards it. Since Linux 6.4.
        MDBE_ATTR_VNI = 7 => Vni(u32),
        /// VXLAN: index of the link to reach it over. Since Linux 6.4.
        MDBE_ATTR_IFINDEX = 8 => IfIndex(i32),
        /// VXLAN: VNI that the packet came from. Since Linux 6.4.
        MDBE_ATTR_SRC_VNI = 9 => SrcVni(u32),
        /// When many are deleted, which bits of the state must be the same. Since Linux 6.8.
        MDBE_ATTR_STATE_MASK = 10 => StateMask(MdbState),
    }
}

attributes! {
    /// An attribute of [`MdbeAttr::SrcList`].
    pub enum MdbeSrcListAttr<'a> in "mdbe-src-list-attrs" {
        /// A sender.
        MDBE_SRC_LIST_ENTRY = 1 => Entry(Multi<Attrs<'a, MdbeSrcAttr<'a>>>),
    }
}

attributes! {
    /// An attribute of [`MdbeSrcListAttr::Entry`].
    pub enum MdbeSrcAttr<'a> in "mdbe-src-attrs" {
        /// Its address.
        MDBE_SRCATTR_ADDRESS = 1 => Address(Addr<'a>),
    }
}
