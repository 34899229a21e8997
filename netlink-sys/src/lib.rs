//! Netlink sockets: requests, dumps and notifications over one reused buffer.
//!
//! ```no_run
//! use netlink_sys::{Protocol, Socket};
//! use netlink_wire::{NlmFlags, Rtm, rule::{FibRuleHdr, Rule, RuleAttr}};
//!
//! let mut socket = Socket::open(Protocol::ROUTE)?;
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

mod builder;
mod bulk;
mod dump;
mod errno;
mod error;
mod events;
mod ext_ack;
mod netns;
mod observe;
mod options;
mod protocol;
mod record;
mod request;
mod socket;
mod transport;
mod wait;

pub mod fake;
pub mod table;

pub use builder::{BpfInsn, Builder};
pub use bulk::{Bulk, Outcome, Report};
pub use dump::{Collected, Consistency, Dump, Retry};
pub use errno::Errno;
pub use error::{Error, Refusal, Result};
pub use events::{Event, Events, Lost, Notification};
pub use ext_ack::{ExtAck, Policy};
pub use netns::Netns;
pub use observe::Observed;
pub use options::Options;
pub use protocol::Protocol;
pub use request::Replies;
pub use socket::Socket;
pub use transport::Datagram;
pub use wait::Waker;

/// What the README shows is compiled, and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

// A socket can be given to another thread, and a waker used from there.
const _: () = {
    const fn is_send<T: Send>() {}
    const fn is_shared<T: Send + Sync>() {}
    is_send::<Socket>();
    is_send::<Events>();
    is_shared::<Waker>();
    is_shared::<Error>();
    is_shared::<fake::FakeKernel>();
};
