//! Lists links: index, name and MTU.

use netlink_sys::{Protocol, Socket, table::Links};
use netlink_wire::link::LinkAttr;

fn main() {
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    let mut links = socket.dump(Links::default()).unwrap();
    while let Some(link) = links.recv().unwrap() {
        let name = link.get(LinkAttr::IfName).unwrap().unwrap();
        let mtu = link.get(LinkAttr::Mtu).unwrap().unwrap_or_default();
        println!("{} {} {mtu}", link.header.index, name.as_bytes().escape_ascii());
    }
}
