//! Prints the largest packet of the link that is named: `cargo run --example link lo`.

use netlink_sys::{Protocol, Socket};
use netlink_wire::link::LinkAttr;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).unwrap_or("lo".into());
    let mut socket = Socket::open(Protocol::ROUTE)?;
    println!("{:?}", socket.link(&name)?.get(LinkAttr::Mtu)?);
    Ok(())
}
