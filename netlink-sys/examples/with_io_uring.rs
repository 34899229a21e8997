//! Hears of links by io_uring: `cargo run --example with_io_uring`.
//!
//! The ring tells when there is something to receive. (It can also receive by itself; then
//! the buffer is the kernel's until it is done, and what it fills goes to `Exchange` or
//! `Messages`.)

use std::{
    io,
    os::fd::{AsFd, AsRawFd},
};

use io_uring::{IoUring, opcode, types};
use netlink_sys::{Event, Protocol, Socket};
use netlink_wire::RtnlGrp;

/// Tells what happens to links, as long as it is asked to.
pub(crate) fn watch(mut tell: impl FnMut(Event<'_>) -> bool) -> io::Result<()> {
    let mut events = Socket::builder(Protocol::ROUTE).group(RtnlGrp::LINK).listen()?;
    let mut ring = IoUring::new(8)?;
    loop {
        let fd = types::Fd(events.as_fd().as_raw_fd());
        let poll = opcode::PollAdd::new(fd, nix::libc::POLLIN as u32).build();
        // SAFETY: it points to no memory; the file stays open until it has completed.
        unsafe { ring.submission().push(&poll).map_err(io::Error::other)? };
        while ring.completion().is_empty() {
            match ring.submit_and_wait(1) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                waited => drop(waited?),
            }
        }
        ring.completion().for_each(drop);
        while let Some(event) = events.try_recv()? {
            if !tell(event) {
                return Ok(());
            }
        }
    }
}

fn main() -> io::Result<()> {
    watch(|event| {
        println!("{event:?}");
        true
    })
}
