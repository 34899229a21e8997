//! `ip link show dev lo`
//!
//! Prints the largest packet of the link that is named: `cargo run --example ip_link_show_dev lo`.

use netlink_sys::{Protocol, Result, Socket};
use netlink_wire::link::LinkAttr;

fn main() -> Result<()> {
    let name = std::env::args().nth(1).unwrap_or("lo".into());
    println!("{:?}", mtu(&name)?);
    Ok(())
}

/// The largest packet that a link takes, in bytes.
pub(crate) fn mtu(name: &str) -> Result<Option<u32>> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    Ok(socket.link(name)?.get(LinkAttr::Mtu)?)
}
