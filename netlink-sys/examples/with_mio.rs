//! Mirrors links by mio, which has no level-triggered mode: `cargo run --example with_mio`.

use std::{
    io,
    os::fd::{AsFd, AsRawFd},
    time::Instant,
};

use mio::{Events, Interest, Poll, Token, unix::SourceFd};
use netlink_sys::mirror::{Change, Mirror};

/// Tells what happens to links, as long as it is asked to.
pub(crate) fn watch(mut tell: impl FnMut(&Mirror, Change) -> bool) -> io::Result<()> {
    let mut mirror = Mirror::builder().links().open()?;
    let mut poll = Poll::new()?;
    let fd = mirror.as_fd().as_raw_fd();
    poll.registry().register(&mut SourceFd(&fd), Token(0), Interest::READABLE)?;

    let mut ready = Events::with_capacity(8);
    loop {
        // Until nothing is left: what was seen once is not told again.
        while let Some(change) = mirror.try_recv()? {
            if !tell(&mirror, change) {
                return Ok(());
            }
        }
        if let Some(at) = mirror.wakes_at() {
            let limit = at.saturating_duration_since(Instant::now());
            poll.poll(&mut ready, Some(limit))?;
        } else {
            poll.poll(&mut ready, None)?;
        }
    }
}

fn main() -> io::Result<()> {
    watch(|mirror, change| {
        println!("{change:?}: {} links", mirror.links().count());
        true
    })
}
