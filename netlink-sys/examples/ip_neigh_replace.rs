//! `ip neigh replace 192.0.2.9 lladdr 02:00:00:00:00:09 dev eth0`

use std::net::IpAddr;

use netlink_sys::{Protocol, Result, Socket, ops};
use netlink_wire::{LlAddr, neigh::NeighAttr};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    set_neigh(&mut socket, "192.0.2.9".parse()?, &[2, 0, 0, 0, 0, 9], "eth0")?;
    Ok(())
}

/// Tells the link-layer address of a neighbour for good.
pub(crate) fn set_neigh(
    socket: &mut Socket,
    addr: IpAddr,
    lladdr: &[u8],
    name: &str,
) -> Result<()> {
    let index = socket.link(name)?.index();
    let neigh = ops::neigh(index, addr).push(NeighAttr::LlAddr(LlAddr(lladdr)));
    socket.replace(&neigh).map(drop)
}
