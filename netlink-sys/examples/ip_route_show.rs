//! `ip route show table all`
//!
//! Prints the IPv4 routes: `cargo run --example ip_route_show`.

use netlink_sys::{Protocol, Socket, table::Routes};

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let mut routes = socket.dump(Routes::ipv4())?;
    while let Some(route) = routes.recv()? {
        println!("{:?} in {}", route.destination()?, route.table()?);
    }
    Ok(())
}
