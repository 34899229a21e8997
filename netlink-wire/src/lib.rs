//! Zero-copy parsing and building of Linux netlink messages.
//!
//! The crate neither allocates nor opens sockets. It reads `&[u8]` that the
//! kernel filled and fills `&mut [u8]` for the kernel to read.
//!
//! | To do this                          | Use                              |
//! |-------------------------------------|----------------------------------|
//! | walk the messages of a datagram     | [`Messages`]                     |
//! | read a message of a known family    | [`Rule::parse`] and the like     |
//! | read any message of `NETLINK_ROUTE` | [`Rtnl::parse`]                  |
//! | walk its attributes, typed          | [`Body::attrs`], [`Attrs::iter`] |
//! | read one attribute                  | [`Attrs::get`]                   |
//! | read many by name                   | [`Attrs::index`]                 |
//! | build a message                     | [`Writer`]                       |
//! | tell which reply is mine            | [`Exchange`]                     |
//! | read an error or acknowledgement    | [`Ack`]                          |
//! | answer a request, as a kernel does  | [`guide::answerer`]              |
//! | read what has no type beforehand    | [`walk`]                         |
//! | turn a message into JSON and back   | `form`, with the feature `serde` |
//! | declare a family of one's own       | [`guide::own_family`]            |
//!
//! The [`guide`] has more of each, at length.
//!
//! # Features
//!
//! None is on by default, and each only adds:
//!
//! - `serde`: messages as JSON and the like, by their tables, and back; it needs an allocator.
//! - `ipnet`: prefixes of the crate `ipnet` from and to [`Prefix`].
//!
//! There is neither a feature `std` nor one `alloc`, for there is nothing that they would add: errors
//! implement [`core::error::Error`], and IP addresses are those of [`core::net`].
//!
//! [`Rule::parse`]: rule::Rule
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "serde")]
extern crate alloc;

#[macro_use]
mod macros;
mod ack;
mod attrs;
mod error;
mod exchange;
mod index;
#[cfg(feature = "ipnet")]
mod ip_net;
mod message;
mod netaddr;
mod nla;
mod rtnl;
mod scalar;
mod select;
mod value;
mod writer;

pub mod addr;
pub mod addrlabel;
pub mod bridge_mdb;
pub mod bridge_vlan;
pub mod cache_report;
pub mod dcb;
#[cfg(feature = "serde")]
pub mod form;
pub mod genl;
pub mod guide;
pub mod link;
pub mod nduseropt;
pub mod neigh;
pub mod neightbl;
pub mod netconf;
pub mod nexthop;
pub mod nsid;
#[cfg(planted_bug)]
pub mod planted;
pub mod prefix;
pub mod route;
pub mod rule;
pub mod schema;
pub mod sock_diag;
pub mod stats;
pub mod tc;
pub mod tunnel;
pub mod walk;

pub use ack::{Ack, AckAttr, NlMsgErr, PolicyAttr, PolicyType};
pub use attrs::{AttrIter, Attribute, Attrs};
pub use error::{Error, ErrorKind, Result};
pub use exchange::{Exchange, Step};
pub use index::Index;
pub use message::{Body, Header, Message, Messages, NlmFlags};
pub use netaddr::{Addr, LlAddr, ParsePrefixError, Prefix};
pub use nla::{Nla, Nlas};
pub use rtnl::{Family, NETLINK_ROUTE, Rtm, Rtnl, RtnlGrp};
pub use scalar::{Be, Integer, Reader};
#[doc(hidden)]
pub use select::__key_code;
pub use select::{Key, Select, Sub};
pub use value::{
    Headed, List, Multi, Nest, Packed, Payload, Pod, Record, Str, Struct, Uint, Value,
};
pub use writer::{Batch, Buffer, Whole, Writer};

/// The version of Linux whose headers (`include/uapi/linux`) the tables have everything of; of newer ones
/// they may have something.
pub const UAPI: &str = "7.2";

/// What the README shows is compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
