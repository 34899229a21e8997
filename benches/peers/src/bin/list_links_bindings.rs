//! Lists links: index, name and MTU.

use netlink_bindings::rt_link;
use netlink_socket2::NetlinkSocket;

fn main() {
    let mut socket = NetlinkSocket::new();
    let request = rt_link::Request::new().op_getlink_dump(&rt_link::Ifinfomsg::default());
    let mut links = socket.request(&request).unwrap();
    while let Some(link) = links.recv() {
        let (header, attrs) = link.unwrap();
        let name = attrs.get_ifname().unwrap().to_bytes();
        println!("{} {} {}", header.ifi_index, name.escape_ascii(), attrs.get_mtu().unwrap());
    }
}
