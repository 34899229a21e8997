//! Gives a container its interface, as a CNI plugin does: `cargo run --example container_interface NAME`,
//! where NAME is what `ip netns` calls a network namespace.
//!
//! `ip link add veth7 type veth peer name eth0 netns NAME`, and in there `ip addr add`, `ip link set up`,
//! and `ip route add default`.

use std::{
    net::IpAddr,
    os::fd::{AsFd, AsRawFd},
};

use netlink_sys::{Netns, Protocol, Result, Socket, ops};
use netlink_wire::{
    Addr, Prefix,
    link::{IfInfoMsg, InfoData, LinkAttr, VethAttr},
    route::RouteAttr,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).ok_or("which namespace?")?;
    let netns = Netns::from_name(&name)?;
    set_up(&netns, "veth7", "192.0.2.1/24".parse()?, "192.0.2.7/24".parse()?)?;
    Ok(())
}

/// Connects a namespace to this one. The calling thread stays where it is.
pub(crate) fn set_up(
    netns: &Netns,
    outside: &str,
    router: Prefix<Addr<'_>>,
    addr: Prefix<Addr<'_>>,
) -> Result<()> {
    // The other end never shows here.
    let mut here = Socket::open(Protocol::ROUTE)?;
    let pair = ops::link(outside).up().info(InfoData::Veth, |veth| {
        veth.headed(VethAttr::Peer, &IfInfoMsg::default(), |peer| {
            peer.push(LinkAttr::IfName("eth0".into()));
            peer.push(LinkAttr::NetNsFd(netns.as_fd().as_raw_fd() as u32));
        });
    });
    here.add(&pair)?;
    let index = here.link(outside)?.index();
    here.add(&ops::addr(index, router))?;

    let mut there = Socket::builder(Protocol::ROUTE).netns(netns.clone()).open()?;
    there.change(&ops::link("lo").up())?;
    there.change(&ops::link("eth0").up())?;
    let index = there.link("eth0")?.index();
    there.add(&ops::addr(index, addr))?;
    let default = match router.addr {
        Addr::Ipv4(_) => IpAddr::from([0; 4]),
        _ => IpAddr::from([0; 16]),
    };
    let route = ops::route((default, 0).into()).push(RouteAttr::Gateway(router.addr));
    there.add(&route).map(drop)
}
