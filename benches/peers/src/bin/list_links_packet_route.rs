//! Lists links: index, name and MTU.

use netlink_packet_core::{
    NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload,
};
use netlink_packet_route::{
    RouteNetlinkMessage,
    link::{LinkAttribute, LinkMessage},
};
use peer_netlink_sys::{Socket, SocketAddr, protocols::NETLINK_ROUTE};

fn main() {
    let mut socket = Socket::new(NETLINK_ROUTE).unwrap();
    socket.bind_auto().unwrap();
    socket.connect(&SocketAddr::new(0, 0)).unwrap();
    let mut header = NetlinkHeader::default();
    header.flags = NLM_F_DUMP | NLM_F_REQUEST;
    let payload = RouteNetlinkMessage::GetLink(LinkMessage::default());
    let mut request = NetlinkMessage::new(header, NetlinkPayload::from(payload));
    request.finalize();
    let mut buf = vec![0; request.buffer_len()];
    request.serialize(&mut buf);
    socket.send(&buf, 0).unwrap();
    let mut buf = vec![0; 64 << 10];
    loop {
        let len = socket.recv(&mut &mut buf[..], 0).unwrap();
        let mut rest = &buf[..len];
        while !rest.is_empty() {
            let message = NetlinkMessage::<RouteNetlinkMessage>::deserialize(rest).unwrap();
            rest = &rest[message.header.length as usize..];
            match message.payload {
                NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewLink(link)) => print(&link),
                NetlinkPayload::Done(_) => return,
                other => panic!("{other:?}"),
            }
        }
    }
}

fn print(link: &LinkMessage) {
    let (mut name, mut mtu) = ("", 0);
    for attr in &link.attributes {
        match attr {
            LinkAttribute::IfName(ifname) => name = ifname,
            LinkAttribute::Mtu(n) => mtu = *n,
            _ => {}
        }
    }
    println!("{} {name} {mtu}", link.header.index);
}
