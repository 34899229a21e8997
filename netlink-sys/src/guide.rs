//! Guides: how netlink works, what the kernel does, and how to do things with
//! this crate. All code in them is compiled, and run where that needs no
//! permission.

#[doc = include_str!("../docs/model.md")]
#[doc = "```"]
#[doc = include_str!("../examples/six_steps.rs")]
#[doc = "```"]
pub mod model {}

#[doc = include_str!("../docs/kernel.md")]
pub mod kernel {}

#[doc = include_str!("../docs/ext_ack.md")]
pub mod ext_ack {}

#[doc = include_str!("../docs/event_loops.md")]
///
/// # epoll, with a request in flight
///
/// The same loop follows a dump and hears events, on two sockets. `Exchange` tells from the
/// bytes which message is a reply, and when all have come.
///
#[doc = "```no_run"]
#[doc = include_str!("../examples/with_epoll.rs")]
#[doc = "```"]
///
/// # mio
///
#[doc = "```no_run"]
#[doc = include_str!("../examples/with_mio.rs")]
#[doc = "```"]
///
/// # io_uring
///
#[doc = "```no_run"]
#[doc = include_str!("../examples/with_io_uring.rs")]
#[doc = "```"]
///
/// # tokio
///
#[cfg_attr(feature = "tokio", doc = "```no_run")]
#[cfg_attr(not(feature = "tokio"), doc = "```ignore")]
#[doc = include_str!("../examples/tokio_service.rs")]
#[doc = "```"]
pub mod event_loops {}

#[doc = include_str!("../docs/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/moving.md")]
pub mod moving {}
