//! `ip link set dev eth0 up mtu 1400 master br0`

use netlink_sys::{Protocol, Result, Socket, ops};
use netlink_wire::link::LinkAttr;

fn main() -> Result<()> {
    set_port(&mut Socket::open(Protocol::ROUTE)?, "eth0", "br0")
}

/// Makes a link a port of a bridge, with a smaller MTU, and switches it on.
pub(crate) fn set_port(socket: &mut Socket, name: &str, bridge: &str) -> Result<()> {
    let bridge = socket.link(bridge)?.index();
    let link = ops::link(name).push(LinkAttr::Mtu(1400)).push(LinkAttr::Master(bridge));
    socket.change(&link.up()).map(drop)
}
