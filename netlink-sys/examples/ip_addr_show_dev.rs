//! `ip addr show dev lo`
//!
//! Prints the addresses of an interface: `cargo run --example ip_addr_show_dev lo`.

use std::{error::Error, io::Write};

use netlink_sys::{Protocol, Socket, table::Addrs};

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).unwrap_or("lo".into());
    addresses(&name, &mut std::io::stdout())
}

/// Prints a line for each address. That there is no such interface is an error.
pub(crate) fn addresses(name: &str, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let index = socket.link(name)?.index();
    let mut addrs = socket.dump(Addrs::default().index(index))?;
    while let Some(addr) = addrs.recv()? {
        if let Some(local) = addr.local()? {
            writeln!(out, "{local}/{} {}", addr.header.prefixlen, addr.header.scope)?;
        }
    }
    Ok(())
}
