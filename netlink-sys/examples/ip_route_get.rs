//! `ip route get 192.0.2.7`

use std::net::IpAddr;

use netlink_sys::{Protocol, Socket, ops};
use netlink_wire::route::RouteAttr;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    println!("{:?}", way_to(&mut socket, "192.0.2.7".parse()?)?);
    Ok(())
}

/// By which interface, and from which source address, packets to this address leave.
pub(crate) fn way_to(
    socket: &mut Socket,
    to: IpAddr,
) -> netlink_sys::Result<(Option<u32>, Option<IpAddr>)> {
    let route = socket.get(&ops::lookup(to))?;
    let source = route.get(RouteAttr::PrefSrc)?.and_then(|source| source.ip());
    Ok((route.get(RouteAttr::Oif)?, source))
}
