//! Tells whenever the default routes of IPv4 change: `cargo run --example monitor_default_route`.
//! Also when they vanish without an event, as with the link below them.

use std::error::Error;

use netlink_sys::mirror::{Change, Mirror};
use netlink_wire::{
    Result,
    route::{RouteAttr, RtTable},
};

fn main() -> Result<(), Box<dyn Error>> {
    watch(|routes| {
        println!("{routes:?}");
        true
    })
}

/// Tells the default routes, whenever they are others than before, until `tell` has enough.
pub(crate) fn watch(mut tell: impl FnMut(&[String]) -> bool) -> Result<(), Box<dyn Error>> {
    let mut mirror = Mirror::builder().routes().open()?;
    let (mut known, mut synced) = (None, false);
    loop {
        // Before the first time that it is in step, routes are still missing.
        let change = mirror.recv()?; eprintln!("{change:?}");
        match change {
            Change::Synced { .. } => synced = true,
            Change::Lost { .. } => continue,
            _ if !synced => continue,
            _ => {}
        }
        let now = default_routes(&mirror)?;
        if known.as_ref() != Some(&now) && !tell(&now) {
            return Ok(());
        }
        known = Some(now);
    }
}

fn default_routes(mirror: &Mirror) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for route in mirror.routes() {
        if (route.header.family, route.header.dst_len) != (2, 0) || route.table()? != RtTable::MAIN
        {
            continue;
        }
        let gateway = route.get(RouteAttr::Gateway)?.map_or("-".into(), |to| to.to_string());
        found.push(format!("via {gateway} dev {}", route.get(RouteAttr::Oif)?.unwrap_or_default()));
    }
    Ok(found)
}
