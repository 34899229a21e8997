//! Guides: how to read, build and answer messages, and how to add to them. All
//! code in them is compiled and run.
//!
//! Those that need a socket are in `netlink_sys::guide`: the model in six steps,
//! what the kernel does, event loops, moving from other libraries.

#[doc = include_str!("../docs/attributes.md")]
pub mod attributes {}

#[doc = include_str!("../docs/answerer.md")]
pub mod answerer {}

#[doc = include_str!("../docs/own_family.md")]
pub mod own_family {}
