//! Follows the default route, as programs do that want to know whether and how
//! the internet is reached: `cargo run --example default_route`.
//!
//! `ip route show default`, and `ip monitor route` for what comes after.

use std::net::IpAddr;

use netlink_sys::mirror::{Change, Mirror};
use netlink_wire::route::{RouteAttr, RtTable, Rtn};

/// Where packets without a better route go.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DefaultRoute {
    pub(crate) gateway: Option<IpAddr>,
    pub(crate) interface: String,
    pub(crate) metric: u32,
}

/// The default routes of IPv4 and of IPv6, the best first.
pub(crate) fn default_routes(mirror: &Mirror) -> netlink_wire::Result<Vec<DefaultRoute>> {
    let mut found = Vec::new();
    for route in mirror.routes() {
        let is_default = route.header.dst_len == 0
            && route.header.kind == Rtn::UNICAST
            && route.table()? == RtTable::MAIN;
        if !is_default {
            continue;
        }
        let metric = route.get(RouteAttr::Priority)?.unwrap_or_default();
        for hop in route.next_hops()? {
            let hop = hop?;
            let link = mirror.link(hop.header.ifindex as u32);
            let name = link.and_then(|link| link.name().ok().flatten());
            let interface = name.map(|name| name.to_string()).unwrap_or_default();
            found.push(DefaultRoute { gateway: hop.gateway()?, interface, metric });
        }
    }
    // Of those with the same metric, the mirror has the one first that is used.
    found.sort_by_key(|route| route.metric);
    Ok(found)
}

/// A mirror that knows enough.
pub(crate) fn open() -> netlink_sys::Result<Mirror> {
    Mirror::builder().links().routes().open()
}

/// Waits until the default routes are other ones, and returns them.
pub(crate) fn changed(
    mirror: &mut Mirror,
    before: &[DefaultRoute],
) -> netlink_sys::Result<Vec<DefaultRoute>> {
    loop {
        match mirror.recv()? {
            // Not in step yet, or no longer: more is to come.
            Change::Lost { .. } => {}
            _ if mirror.generation() == 0 => {}
            _ => {
                let now = default_routes(mirror)?;
                if now != before {
                    return Ok(now);
                }
            }
        }
    }
}

#[allow(dead_code)] // A test has it, too.
fn main() -> netlink_sys::Result<()> {
    let mut mirror = open()?;
    let mut routes = Vec::new();
    loop {
        routes = changed(&mut mirror, &routes)?;
        println!("{routes:?}");
    }
}
