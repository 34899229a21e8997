//! Prints the IPv4 routes of the main table, as the C program of the guide does:
//! `cargo run --example six_steps`.

use std::{error::Error, io::Write};

use netlink_sys::{Protocol, Socket, table::Routes};
use netlink_wire::route::{RouteAddr, RouteAttr, RtTable, Rtn};

fn main() -> Result<(), Box<dyn Error>> {
    print_routes(&mut std::io::stdout())
}

/// Prints a line for each route.
pub(crate) fn print_routes(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let mut routes = socket.dump(Routes::ipv4().table(RtTable::MAIN).kind(Rtn::UNICAST))?;
    while let Some(route) = routes.recv()? {
        let dst = match route.get(RouteAttr::Dst)? {
            Some(RouteAddr::Addr(dst)) => dst.to_string(),
            _ => "default".into(),
        };
        let gw = route.get(RouteAttr::Gateway)?.map_or("-".into(), |gw| gw.to_string());
        let oif = route.get(RouteAttr::Oif)?.unwrap_or_default();
        writeln!(out, "dst={dst} gw={gw} oif={oif}")?;
    }
    Ok(())
}
