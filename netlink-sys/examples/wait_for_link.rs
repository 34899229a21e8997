//! Waits until a link is there and up, at most ten seconds: `cargo run --example wait_for_link eth0`.

use std::time::{Duration, Instant};

use netlink_sys::{Event, Protocol, Socket};
use netlink_wire::{Rtnl, RtnlGrp, link::Iff};

fn main() -> netlink_sys::Result<()> {
    let name = std::env::args().nth(1).unwrap_or("lo".into());
    let index = wait_for_link(&name, Duration::from_secs(10))?;
    println!("{name} is up, with index {index}");
    Ok(())
}

/// Waits until the link of this name is up; returns its index.
pub(crate) fn wait_for_link(name: &str, limit: Duration) -> netlink_sys::Result<i32> {
    // First listen, then look: what happens between the two is an event.
    let mut events = Socket::builder(Protocol::ROUTE).group(RtnlGrp::LINK).listen()?;
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let deadline = Some(Instant::now() + limit);
    events.set_deadline(deadline);
    socket.set_deadline(deadline);
    loop {
        match socket.link(name) {
            Ok(link) if link.header.flags.contains(Iff::UP) => return Ok(link.header.index),
            Ok(_) => {}
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
        // An event about this link, or a hole where one may have been: look again.
        loop {
            match events.recv()? {
                Event::Lost { .. } => break,
                Event::Message(event) => match Rtnl::parse(event.message) {
                    Ok(Rtnl::Link(link)) if link.name().ok().flatten() != Some(name.into()) => {}
                    Ok(_) | Err(_) => break,
                },
            }
        }
    }
}
