//! Prints what happens to links and routes: `cargo run --example listen`.

use netlink_sys::{Protocol, Socket};
use netlink_wire::RtnlGrp;

fn main() -> netlink_sys::Result<()> {
    let groups = [RtnlGrp::LINK, RtnlGrp::IPV4_ROUTE, RtnlGrp::IPV6_ROUTE];
    let mut events = Socket::builder(Protocol::ROUTE).groups(groups).listen()?;
    loop {
        println!("{:?}", events.recv()?);
    }
}
