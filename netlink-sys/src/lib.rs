//! Netlink sockets: requests, dumps and notifications over one reused buffer.
//!
//! ```no_run
//! use netlink_sys::{Protocol, Socket};
//! use netlink_wire::{NlmFlags, Rtm, rule::{FibRuleHdr, Rule, RuleAttr}};
//!
//! let mut socket = Socket::open(Protocol::NetlinkRoute)?;
//! let mut buf = [0; 64];
//! let request = Rule::writer(&mut buf, Rtm::GETRULE, NlmFlags::DUMP, &FibRuleHdr::default()).finish()?;
//! let mut replies = socket.request(request)?;
//! while let Some(message) = replies.recv()? {
//!     let rule = Rule::parse(message)?;
//!     println!("{:?}", rule.get(RuleAttr::Priority)?);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod error;
mod socket;

pub use error::{Error, Result};
pub use nix::sys::socket::SockProtocol as Protocol;
pub use socket::{Replies, Socket};
