//! Prints what becomes of neighbours: `cargo run --example neighbours`.

use std::error::Error;

use netlink_sys::{Event, Protocol, Socket};
use netlink_wire::{Rtnl, RtnlGrp, neigh::NeighAttr};

fn main() -> Result<(), Box<dyn Error>> {
    watch(|line| {
        println!("{line}");
        true
    })
}

/// Tells each change in a line, until `tell` has enough.
pub(crate) fn watch(mut tell: impl FnMut(&str) -> bool) -> Result<(), Box<dyn Error>> {
    let mut events = Socket::builder(Protocol::ROUTE).group(RtnlGrp::NEIGH).listen()?;
    loop {
        let line = match events.recv()? {
            Event::Lost { reason } => format!("{reason}"),
            Event::Message(event) => match Rtnl::parse(event.message)? {
                Rtnl::Neigh(neigh) => format!(
                    "{} {:?} dev {} {:?} {}",
                    netlink_wire::Rtm(event.message.header.kind),
                    neigh.get(NeighAttr::Dst)?,
                    neigh.header.ifindex,
                    neigh.get(NeighAttr::LlAddr)?,
                    neigh.header.state,
                ),
                _ => continue,
            },
        };
        if !tell(&line) {
            return Ok(());
        }
    }
}
