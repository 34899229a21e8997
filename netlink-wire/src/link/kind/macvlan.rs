//! Links that share another link, each with a MAC address of its own: kinds
//! `macvlan` and `macvtap`.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

use crate::{attrs::Attrs, netaddr::LlAddr, value::Multi};

constants! {
    /// Whom the links of one device can reach: `MACVLAN_MODE_*`.
    pub struct MacvlanMode(u32) in "MACVLAN_MODE_" {
        /// Not one another, even by way of the switch.
        PRIVATE = 1, "private";
        /// One another by way of the switch only, if it sends packets back.
        VEPA = 2, "vepa";
        /// One another, directly.
        BRIDGE = 4, "bridge";
        /// There is one link only, and it has the device for itself.
        PASSTHRU = 8, "passthru";
        /// Packets come by their source address, which must be listed.
        SOURCE = 16, "source";
    }
}

flags! {
    /// How a link behaves: `MACVLAN_FLAG_*`.
    pub struct MacvlanFlags(u16) in "MACVLAN_FLAG_" {
        /// Leaves the device below as it is, instead of making it promiscuous in
        /// [`MacvlanMode::PASSTHRU`].
        NOPROMISC = 0x1, "nopromisc";
        /// In [`MacvlanMode::SOURCE`], a packet that went to one link by its source goes to
        /// none by its destination. Since Linux 5.13.
        NODST = 0x2, "nodst";
    }
}

constants! {
    /// What to do with the list of source addresses: `MACVLAN_MACADDR_*`.
    pub struct MacvlanMacAddr(u32) in "MACVLAN_MACADDR_" {
        /// Add an address.
        ADD = 0, "add";
        /// Remove an address.
        DEL = 1, "del";
        /// Remove all addresses.
        FLUSH = 2, "flush";
        /// Put others in place of all.
        SET = 3, "set";
    }
}

attributes! {
    /// An attribute of [`InfoData::Macvlan`](crate::link::InfoData::Macvlan) and
    /// [`InfoData::Macvtap`](crate::link::InfoData::Macvtap).
    pub enum MacvlanAttr<'a> in "linkinfo-macvlan-attrs" {
        /// Whom it can reach.
        IFLA_MACVLAN_MODE = 1 => Mode(MacvlanMode),
        /// How it behaves.
        IFLA_MACVLAN_FLAGS = 2 => Flags(MacvlanFlags),
        /// What to do with the list of source addresses.
        IFLA_MACVLAN_MACADDR_MODE = 3 => MacAddrMode(MacvlanMacAddr),
        /// A source address: the one to add or remove, or one of the list.
        IFLA_MACVLAN_MACADDR = 4 => MacAddr(Multi<LlAddr<'a>>),
        /// The list of source addresses, each a [`MacAddr`](Self::MacAddr).
        IFLA_MACVLAN_MACADDR_DATA = 5 => MacAddrData(Attrs<'a, MacvlanAttr<'a>>),
        /// How many source addresses the list has.
        IFLA_MACVLAN_MACADDR_COUNT = 6 => MacAddrCount(u32),
        /// How many broadcasts may wait, as this link asks for. Since Linux 5.11.
        IFLA_MACVLAN_BC_QUEUE_LEN = 7 => BcQueueLen(u32),
        /// How many broadcasts may wait: the most that a link of the device asks for.
        /// Since Linux 5.11.
        IFLA_MACVLAN_BC_QUEUE_LEN_USED = 8 => BcQueueLenUsed(u32),
        /// Multicast packets that more links than this want to have wait as broadcasts do;
        /// -1 lets none wait. Since Linux 6.4.
        IFLA_MACVLAN_BC_CUTOFF = 9 => BcCutoff(i32),
    }
}
