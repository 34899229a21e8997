//! `ip link add link eth0 name eth0.7 up type vlan id 7`

use netlink_sys::{Protocol, Result, Socket, ops};
use netlink_wire::link::{InfoData, LinkAttr, VlanAttr};

fn main() -> Result<()> {
    add_vlan(&mut Socket::open(Protocol::ROUTE)?, "eth0", 7)
}

/// Makes a link for what comes in through another one with this tag.
pub(crate) fn add_vlan(socket: &mut Socket, below: &str, id: u16) -> Result<()> {
    let index = socket.link(below)?.index();
    let vlan = ops::link(&format!("{below}.{id}")).push(LinkAttr::Link(index)).up();
    let vlan = vlan.info(InfoData::Vlan, |vlan| _ = vlan.push(VlanAttr::Id(id)));
    socket.add(&vlan).map(drop)
}
