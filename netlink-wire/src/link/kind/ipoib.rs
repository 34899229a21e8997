//! IP over InfiniBand: kind `ipoib`.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

constants! {
    /// How packets are carried: `IPOIB_MODE_*`.
    pub struct IpoibMode(u16) in "IPOIB_MODE_" {
        /// As datagrams, which may get lost.
        DATAGRAM = 0, "datagram";
        /// Over connections.
        CONNECTED = 1, "connected";
    }
}

attributes! {
    /// An attribute of [`InfoData::Ipoib`](crate::link::InfoData::Ipoib).
    pub enum IpoibAttr<'a> in "linkinfo-ipoib-attrs" {
        /// Key of the partition.
        IFLA_IPOIB_PKEY = 1 => Pkey(u16),
        /// How packets are carried.
        IFLA_IPOIB_MODE = 2 => Mode(IpoibMode),
        /// 1 if programs join multicast groups, 0 if the kernel does.
        IFLA_IPOIB_UMCAST = 3 => Umcast(u16),
    }
}
