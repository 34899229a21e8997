//! `ip nexthop add id 1 via 192.0.2.8 dev eth0`, another one, `ip nexthop add id 10 group 1/2`, and
//! `ip route add 10.0.0.0/8 nhid 10`

use std::net::IpAddr;

use netlink_sys::{Protocol, Result, Socket, ops};
use netlink_wire::{
    Prefix,
    nexthop::{NexthopAttr, NexthopGrp},
    route::{RouteAddr, RouteAttr},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let routers = ["192.0.2.8".parse()?, "192.0.2.9".parse()?];
    share(&mut socket, "10.0.0.0/8".parse()?, &routers, "eth0")?;
    Ok(())
}

/// Spreads packets over routers by objects that many routes can share.
pub(crate) fn share(
    socket: &mut Socket,
    to: Prefix<RouteAddr<'_>>,
    routers: &[IpAddr],
    name: &str,
) -> Result<()> {
    let index = socket.link(name)?.index();
    let mut group = Vec::new();
    for (id, router) in (1..).zip(routers) {
        let nexthop = ops::nexthop(id).push(NexthopAttr::Gateway((*router).into()));
        socket.add(&nexthop.push(NexthopAttr::Oif(index)))?;
        group.push(NexthopGrp::new(id, 1));
    }
    socket.add(&ops::nexthop(10).group(&group))?;
    socket.add(&ops::route(to).push(RouteAttr::NhId(10))).map(drop)
}
