//! `ip addr add 192.0.2.1/24 dev eth0`

use netlink_sys::{Protocol, Result, Socket, ops};
use netlink_wire::{Addr, Prefix};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    add_addr(&mut Socket::open(Protocol::ROUTE)?, "192.0.2.1/24".parse()?, "eth0")?;
    Ok(())
}

/// Gives an interface an address.
pub(crate) fn add_addr(socket: &mut Socket, addr: Prefix<Addr<'_>>, name: &str) -> Result<()> {
    let index = socket.link(name)?.index();
    socket.add(&ops::addr(index, addr)).map(drop)
}
