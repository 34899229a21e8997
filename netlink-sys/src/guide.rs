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
pub mod event_loops {}

#[doc = include_str!("../docs/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/moving.md")]
pub mod moving {}
