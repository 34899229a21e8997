//! Pairs of virtual links whose packets BPF programs handle: kind `netkit`. Since Linux 6.7.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

use crate::{
    link::{IfInfoMsg, LinkAttr},
    value::Headed,
};

constants! {
    /// What the packets of a pair are: `NETKIT_L*`.
    pub struct NetkitMode(u32) in "NETKIT_" {
        /// Ethernet.
        L2 = 0, "l2";
        /// IP.
        L3 = 1, "l3";
    }
}

constants! {
    /// What becomes of a packet that no program handles: `NETKIT_PASS` or `NETKIT_DROP`.
    pub struct NetkitAction(u32) in "NETKIT_" {
        /// It goes on to the other end.
        PASS = 0, "forward";
        /// It is dropped.
        DROP = 2, "blackhole";
    }
}

constants! {
    /// What a packet loses on its way to the other end: `NETKIT_SCRUB_*`.
    pub struct NetkitScrub(u32) in "NETKIT_SCRUB_" {
        /// Nothing; programs see to it.
        NONE = 0, "none";
        /// Its mark and priority.
        DEFAULT = 1, "default";
    }
}

constants! {
    /// How many ends there are: `NETKIT_DEVICE_*`.
    pub struct NetkitDevice(u32) in "NETKIT_DEVICE_" {
        /// Two.
        PAIR = 0, "pair";
        /// One.
        SINGLE = 1, "single";
    }
}

attributes! {
    /// An attribute of [`InfoData::Netkit`](crate::link::InfoData::Netkit).
    pub enum NetkitAttr<'a> in "linkinfo-netkit-attrs" {
        /// The other end, as it is to be made; not sent.
        IFLA_NETKIT_PEER_INFO = 1 => PeerInfo(Headed<'a, IfInfoMsg, LinkAttr<'a>>),
        /// 1 at the end through which programs are managed.
        IFLA_NETKIT_PRIMARY = 2 => Primary(u8),
        /// What becomes of packets that this end sends and no program handles.
        IFLA_NETKIT_POLICY = 3 => Policy(NetkitAction),
        /// What becomes of packets that the other end sends and no program handles.
        IFLA_NETKIT_PEER_POLICY = 4 => PeerPolicy(NetkitAction),
        /// What the packets are.
        IFLA_NETKIT_MODE = 5 => Mode(NetkitMode),
        /// What packets that this end sends lose. Since Linux 6.13.
        IFLA_NETKIT_SCRUB = 6 => Scrub(NetkitScrub),
        /// What packets that the other end sends lose. Since Linux 6.13.
        IFLA_NETKIT_PEER_SCRUB = 7 => PeerScrub(NetkitScrub),
        /// Room to leave before each packet, in bytes. Since Linux 6.14.
        IFLA_NETKIT_HEADROOM = 8 => Headroom(u16),
        /// Room to leave after each packet, in bytes. Since Linux 6.14.
        IFLA_NETKIT_TAILROOM = 9 => Tailroom(u16),
        /// How many ends there are. Added after Linux 6.18.
        IFLA_NETKIT_PAIRING = 10 => Pairing(NetkitDevice),
    }
}
