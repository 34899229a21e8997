//! Lists links: index, name and MTU.

use futures_util::TryStreamExt;
use netlink_packet_route::link::LinkAttribute;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (connection, handle, _) = rtnetlink::new_connection().unwrap();
    tokio::spawn(connection);
    let mut links = handle.link().get().execute();
    while let Some(link) = links.try_next().await.unwrap() {
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
}
