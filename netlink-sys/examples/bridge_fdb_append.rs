//! `bridge fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.7`

use std::net::IpAddr;

use netlink_sys::{Protocol, Result, Socket, ops};
use netlink_wire::neigh::{NeighAttr, Ntf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    flood_to(&mut Socket::open(Protocol::ROUTE)?, "vx0", "192.0.2.7".parse()?)?;
    Ok(())
}

/// Adds a remote end that a VXLAN device sends broadcasts to.
pub(crate) fn flood_to(socket: &mut Socket, name: &str, remote: IpAddr) -> Result<()> {
    let index = socket.link(name)?.index();
    let entry = ops::fdb(index, &[0; 6], Ntf::SELF).push(NeighAttr::Dst(remote.into()));
    socket.append(&entry).map(drop)
}
