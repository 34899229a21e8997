//! Netlink sockets: requests, dumps and events over one reused buffer.
//!
//! ```no_run
//! use netlink_sys::{Protocol, Socket, table::Routes};
//!
//! let mut socket = Socket::open(Protocol::ROUTE)?;
//! let mut routes = socket.dump(Routes::ipv4())?;
//! while let Some(route) = routes.recv()? {
//!     println!("{:?} in {}", route.destination()?, route.table()?);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | To do this                                   | Use                                        |
//! |----------------------------------------------|--------------------------------------------|
//! | read a table                                 | [`Socket::dump`], [`table`]                |
//! | read it and know that it is whole            | [`Socket::dump_proven`], [`Dump::collect`] |
//! | receive a long table while reading it        | [`Builder::read_ahead`]                    |
//! | read many routes fast, in any order          | [`Builder::dump_unordered`]                |
//! | ask for one link                             | [`Socket::link`]                           |
//! | ask for an address, route, neighbour, rule, nexthop object | [`Socket::get`], [`ops`]     |
//! | ask which way a packet takes                 | [`ops::lookup`]                            |
//! | add, replace, append, change, delete links, addresses, routes, .. | [`Socket::add`] and its like, [`ops`] |
//! | delete one rule, and no other                | [`Socket::delete_rule`]                    |
//! | make any other request                       | [`Socket::request`], [`Socket::get_raw`]   |
//! | change much                                  | [`Socket::bulk`], [`ops::Request`]         |
//! | hear of changes                              | [`Builder::listen`], [`Events`]            |
//! | have a live copy of tables                   | [`mirror`]                                 |
//! | choose ports, buffers, options, a namespace  | [`Socket::builder`]                        |
//! | limit how long calls take, or end a wait     | [`Socket::set_timeout`], [`Socket::waker`] |
//! | test a program without a kernel              | [`fake`], [`Socket::record`]               |
//! | wait in tasks of tokio                       | `tokio`, with the feature of that name     |
//! | use an event loop of one's own               | [`Socket::send`], [`Socket::try_recv_into`], [`Exchange`] |
//!
//! The [`guide`] has the netlink model in six steps, what the kernel does that one
//! must know, event loops, tests, and how to move from other libraries.
//!
//! Calls block, and need no runtime, but those of the feature `tokio`. Nothing is received on a thread that the
//! caller does not know of.
//!
//! # Features
//!
//! None is on by default, and each only adds:
//!
//! - `tokio`: the module `tokio`, where requests, dumps, bulk writes, events and mirrors are awaited.
//! - `tracing`: a span for each request, and events in it: what was sent and received, how it ended, what a
//!   dump is worth, what was lost.
//!
//! [`Exchange`]: netlink_wire::Exchange

#![forbid(unsafe_code)]

mod ahead;
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
mod progress;
mod protocol;
mod record;
mod request;
mod socket;
mod trace;
mod transport;
mod unordered;
mod wait;

pub mod fake;
pub mod guide;
pub mod mirror;
pub mod ops;
#[cfg(planted_bug)]
pub mod planted;
pub mod table;
#[cfg(feature = "tokio")]
pub mod tokio;

pub use builder::{BpfInsn, Builder};
pub use bulk::{Bulk, Outcome, Report};
pub use dump::{Collected, Consistency, Dump, Retry};
pub use errno::Errno;
pub use error::{Error, Refusal, Result};
pub use events::{Event, Events, Lost, Notification, OwnedEvent, OwnedNotification};
pub use ext_ack::{ExtAck, Policy};
pub use netns::Netns;
pub use observe::Observed;
pub use options::Options;
pub use protocol::Protocol;
pub use request::Replies;
pub use socket::Socket;
pub use transport::Datagram;
pub use unordered::Unordered;
pub use wait::Waker;

/// What the README shows is compiled, and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[doc = include_str!("../README.md")]
mod readme {}

// A socket can be given to another thread, or lent to it, and a waker used from there.
const _: () = {
    const fn is_send<T: Send>() {}
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<Socket>();
    is_shared::<Events>();
    is_shared::<mirror::Mirror>();
    is_send::<Unordered>();
    is_shared::<Waker>();
    is_shared::<Error>();
    is_shared::<fake::FakeKernel>();
};
