//! Prefixes of IPv6 networks, as routers advertise them: `RTM_NEWPREFIX`.
//!
//! They cannot be asked for. The kernel tells of each one when it comes in.
//!
//! Source: `include/uapi/linux/rtnetlink.h`, as of Linux 7.2.

use core::net::Ipv6Addr;

use crate::message::Body;

/// A prefix that a router advertised.
pub type AdvertisedPrefix<'a> = Body<'a, PrefixMsg, PrefixAttr<'a>>;

wire_struct! {
    /// The fixed header of an [`AdvertisedPrefix`].
    pub struct PrefixMsg in "prefixmsg" {
        /// `AF_INET6`.
        pub family: u8,
        /// Padding; 0.
        pub pad1: u8,
        /// Padding; 0.
        pub pad2: u16,
        /// Index of the link that it came in on.
        pub ifindex: i32,
        /// Type of the option in the advertisement: 3.
        pub kind: u8,
        /// Length of the prefix in bits.
        pub len: u8,
        /// What hosts may do with it. Many kernels before Linux 6.8 send other bits for the same.
        pub flags: PrefixFlags,
        /// Padding; 0.
        pub pad3: u8,
    }
}

flags! {
    /// What hosts may do with a prefix: the bits of the advertisement (RFC 4861), or the two that
    /// many kernels before Linux 6.8 send.
    pub struct PrefixFlags(u8) in "IF_PREFIX_" {
        /// Reach it without a router. Many kernels before Linux 6.8.
        OLD_ONLINK = 0x01, "old-onlink";
        /// Choose an address in it. Many kernels before Linux 6.8.
        OLD_AUTOCONF = 0x02, "old-autoconf";
        /// Have prefixes delegated by DHCPv6 rather than use this one (RFC 9762).
        PREFERPD = 0x10, "preferpd";
        /// The prefix has the whole address of the router in it (RFC 6275).
        ROUTERADDR = 0x20, "routeraddr";
        /// Choose an address in it.
        AUTOCONF = 0x40, "autoconf";
        /// Reach it without a router.
        ONLINK = 0x80, "onlink";
    }
}

impl PrefixFlags {
    /// Whether hosts may reach the prefix without a router, whichever kernel says so.
    pub const fn is_onlink(self) -> bool {
        self.intersects(Self(Self::ONLINK.0 | Self::OLD_ONLINK.0))
    }

    /// Whether hosts may choose an address in it, whichever kernel says so.
    pub const fn is_autoconf(self) -> bool {
        self.intersects(Self(Self::AUTOCONF.0 | Self::OLD_AUTOCONF.0))
    }
}

attributes! {
    /// An attribute of an [`AdvertisedPrefix`].
    pub enum PrefixAttr<'a> in "prefix-attrs" {
        /// The prefix; [`PrefixMsg::len`] tells how many bits of it count.
        PREFIX_ADDRESS = 1 => Address(Ipv6Addr),
        /// How long it lives.
        PREFIX_CACHEINFO = 2 => CacheInfo(PrefixCacheInfo),
    }
}

wire_struct! {
    /// How long a prefix lives.
    pub struct PrefixCacheInfo in "prefix_cacheinfo" {
        /// Seconds until new connections avoid addresses in it; `u32::MAX` is forever.
        pub preferred_time: u32,
        /// Seconds until addresses in it are deleted; `u32::MAX` is forever.
        pub valid_time: u32,
    }
}
