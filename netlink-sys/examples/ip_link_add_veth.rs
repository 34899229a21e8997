//! `ip link add v0 type veth peer name v1`

use netlink_sys::{Protocol, Result, Socket, ops};
use netlink_wire::link::{IfInfoMsg, InfoData, LinkAttr, VethAttr};

fn main() -> Result<()> {
    add_pair(&mut Socket::open(Protocol::ROUTE)?, "v0", "v1")
}

/// Makes a pair of links: what goes into one comes out of the other.
pub(crate) fn add_pair(socket: &mut Socket, name: &str, peer: &str) -> Result<()> {
    let pair = ops::link(name).info(InfoData::Veth, |veth| {
        veth.headed(VethAttr::Peer, &IfInfoMsg::default(), |link| {
            link.push(LinkAttr::IfName(peer.into()));
        });
    });
    socket.add(&pair).map(drop)
}
