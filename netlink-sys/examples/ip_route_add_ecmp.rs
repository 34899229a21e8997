//! `ip route replace 10.0.0.0/8 nexthop via 192.0.2.8 weight 3 nexthop via 192.0.2.9 weight 1`

use std::net::IpAddr;

use netlink_sys::{Protocol, Result, Socket, ops};
use netlink_wire::{
    Prefix,
    route::{RouteAddr, RouteAttr, RtNextHop},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let hops = [("192.0.2.8".parse()?, 3), ("192.0.2.9".parse()?, 1)];
    spread(&mut socket, "10.0.0.0/8".parse()?, &hops)?;
    Ok(())
}

/// Spreads packets over several routers, each with its weight.
pub(crate) fn spread(
    socket: &mut Socket,
    to: Prefix<RouteAddr<'_>>,
    hops: &[(IpAddr, u8)],
) -> Result<()> {
    let route = ops::route(to).nest(RouteAttr::Multipath, |list| {
        for (router, weight) in hops {
            let header = RtNextHop { hops: weight - 1, ..RtNextHop::default() };
            list.hop(&header, |hop| _ = hop.push(RouteAttr::Gateway((*router).into())));
        }
    });
    socket.replace(&route).map(drop)
}
