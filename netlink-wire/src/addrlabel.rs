//! Labels of IPv6 addresses, by which a source address is chosen: `RTM_NEWADDRLABEL`,
//! `RTM_DELADDRLABEL`, `RTM_GETADDRLABEL`.
//!
//! A source that has the same label as the destination is preferred (RFC 6724).
//!
//! Source: `include/uapi/linux/if_addrlabel.h`, as of Linux 7.2.

use core::net::Ipv6Addr;

use crate::message::Body;

/// The label of a prefix.
pub type AddrLabel<'a> = Body<'a, IfAddrLblMsg, AddrLabelAttr<'a>>;

wire_struct! {
    /// The fixed header of an [`AddrLabel`].
    pub struct IfAddrLblMsg in "ifaddrlblmsg" {
        /// `AF_INET6`.
        pub family: u8,
        /// Reserved; 0.
        pub reserved: u8,
        /// Length of the prefix in bits.
        pub prefixlen: u8,
        /// Flags; 0.
        pub flags: u8,
        /// Index of the link on which the prefix has this label; 0 is any.
        pub index: u32,
        /// Version of the table, which each change counts up.
        pub seq: u32,
    }
}

attributes! {
    /// An attribute of an [`AddrLabel`].
    pub enum AddrLabelAttr<'a> in "addrlabel-attrs" {
        /// The prefix.
        IFAL_ADDRESS = 1 => Address(Ipv6Addr),
        /// Its label.
        IFAL_LABEL = 2 => Label(u32),
    }
}
