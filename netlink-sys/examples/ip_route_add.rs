//! `ip route add 10.0.0.0/8 via 192.0.2.9 table 100`

use std::net::IpAddr;

use netlink_sys::{Protocol, Result, Socket, ops};
use netlink_wire::{
    Prefix,
    route::{RouteAddr, RouteAttr, RtTable},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    add_route(&mut socket, "10.0.0.0/8".parse()?, "192.0.2.9".parse()?)?;
    Ok(())
}

/// Adds a route to a table of its own. That the route exists already is no error.
pub(crate) fn add_route(socket: &mut Socket, to: Prefix<RouteAddr<'_>>, via: IpAddr) -> Result<()> {
    let route = ops::route(to).push(RouteAttr::Gateway(via.into()));
    match socket.add(&route.push(RouteAttr::Table(RtTable(100)))) {
        Err(error) if !error.is_exists() => Err(error),
        _ => Ok(()),
    }
}
