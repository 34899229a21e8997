//! Links whose packets a program reads and writes: kind `tun`. Netlink shows them;
//! `/dev/net/tun` makes them.
//!
//! Source: `include/uapi/linux/if_link.h` and `if_tun.h`, as of Linux 7.2.

constants! {
    /// What the packets of a link are: `IFF_TUN` or `IFF_TAP`.
    pub struct TunType(u8) in "IFF_" {
        /// IP.
        TUN = 1, "tun";
        /// Ethernet.
        TAP = 2, "tap";
    }
}

attributes! {
    /// An attribute of [`InfoData::Tun`](crate::link::InfoData::Tun).
    pub enum TunAttr<'a> in "linkinfo-tun-attrs" {
        /// User who may attach to it; not sent if any may.
        IFLA_TUN_OWNER = 1 => Owner(u32),
        /// Group of users who may attach to it; not sent if any may.
        IFLA_TUN_GROUP = 2 => Group(u32),
        /// What its packets are.
        IFLA_TUN_TYPE = 3 => Type(TunType),
        /// 1 if a header with flags and ethertype precedes each packet.
        IFLA_TUN_PI = 4 => Pi(u8),
        /// 1 if a `virtio_net_hdr` precedes each packet.
        IFLA_TUN_VNET_HDR = 5 => VnetHdr(u8),
        /// 1 if it outlives the program.
        IFLA_TUN_PERSIST = 6 => Persist(u8),
        /// 1 if it can have several queues.
        IFLA_TUN_MULTI_QUEUE = 7 => MultiQueue(u8),
        /// How many queues are attached; sent under [`MultiQueue`](Self::MultiQueue).
        IFLA_TUN_NUM_QUEUES = 8 => NumQueues(u32),
        /// How many queues are open and not attached; sent under
        /// [`MultiQueue`](Self::MultiQueue).
        IFLA_TUN_NUM_DISABLED_QUEUES = 9 => NumDisabledQueues(u32),
    }
}
