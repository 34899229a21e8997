//! Keeps the tables of a fast path, such as an XDP program has in its maps: where
//! each prefix leads, and the link-layer address of each neighbour.
//! `cargo run --example fast_path`
//!
//! `ip route` and `ip neigh`.

use std::{
    collections::{BTreeMap, HashMap},
    net::{IpAddr, Ipv4Addr},
};

use netlink_sys::mirror::{Change, Mirror, Object, Table};
use netlink_wire::{
    Addr,
    neigh::{NeighAttr, Nud},
    route::{RouteAddr, RouteAttr, RtTable, Rtn},
};

/// An interface, and the router behind it, if there is one.
pub(crate) type Hop = (u32, Option<Ipv4Addr>);

/// What would be maps of the kernel, or tables of a network card.
#[derive(Debug, Default)]
pub(crate) struct FastPath {
    /// By prefix length and address.
    pub(crate) routes: BTreeMap<(u8, Ipv4Addr), Vec<Hop>>,
    /// By interface and address.
    pub(crate) neighs: HashMap<(u32, Ipv4Addr), Vec<u8>>,
}

impl FastPath {
    /// Writes what a change touches.
    pub(crate) fn follow(&mut self, mirror: &Mirror, change: &Change) -> netlink_wire::Result<()> {
        match change {
            Change::Added { new: object } | Change::Removed { old: object } => {
                self.write(mirror, object)
            }
            Change::Changed { old, new } => {
                self.write(mirror, old)?;
                self.write(mirror, new)
            }
            _ => Ok(()),
        }
    }

    /// Writes what the mirror has now where this object is, or was.
    fn write(&mut self, mirror: &Mirror, object: &Object) -> netlink_wire::Result<()> {
        match object.table() {
            Some(Table::Ipv4Routes) => {
                let Some(route) = object.route() else { return Ok(()) };
                let prefix = route.destination()?;
                let RouteAddr::Addr(Addr::Ipv4(addr)) = prefix.addr else { return Ok(()) };
                match best(mirror, prefix.len, addr)? {
                    Some(hops) => self.routes.insert((prefix.len, addr), hops),
                    None => self.routes.remove(&(prefix.len, addr)),
                };
            }
            Some(Table::Neighs) => {
                let Some(neigh) = object.neigh() else { return Ok(()) };
                let index = neigh.header.ifindex as u32;
                let Some(Addr::Ipv4(addr)) = neigh.get(NeighAttr::Dst)? else { return Ok(()) };
                let now = mirror.neigh(index, addr.into());
                let now = now.filter(|neigh| neigh.header.state.intersects(Nud::VALID));
                match now.map(|neigh| neigh.get(NeighAttr::LlAddr)).transpose()?.flatten() {
                    Some(lladdr) => self.neighs.insert((index, addr), lladdr.0.to_vec()),
                    None => self.neighs.remove(&(index, addr)),
                };
            }
            _ => {}
        }
        Ok(())
    }

    /// Interface and link-layer address for a packet; none if the kernel has to see to it.
    pub(crate) fn look_up(&self, to: Ipv4Addr) -> Option<(u32, &[u8])> {
        let route = |len: u8| {
            let mask = u32::MAX.checked_shl(32 - u32::from(len)).unwrap_or_default();
            self.routes.get(&(len, Ipv4Addr::from(u32::from(to) & mask)))
        };
        let (index, router) = *(0..=32).rev().find_map(route)?.first()?;
        let lladdr = self.neighs.get(&(index, router.unwrap_or(to)))?;
        Some((index, lladdr))
    }
}

/// Next hops of the route that the kernel would take to this prefix.
fn best(mirror: &Mirror, len: u8, addr: Ipv4Addr) -> netlink_wire::Result<Option<Vec<Hop>>> {
    let mut best: Option<(u32, Vec<Hop>)> = None;
    // Those with the same metric come in the order in which the kernel tries them.
    for route in mirror.ipv4_routes_to(RtTable::MAIN, addr) {
        let metric = route.get(RouteAttr::Priority)?.unwrap_or_default();
        let is_better = best.as_ref().is_none_or(|(other, _)| metric < *other);
        if route.header.dst_len != len || !is_better {
            continue;
        }
        let mut hops = Vec::new();
        if route.header.kind == Rtn::UNICAST {
            for hop in route.next_hops()? {
                let hop = hop?;
                match hop.gateway()? {
                    Some(IpAddr::V4(router)) => {
                        hops.push((hop.header.ifindex as u32, Some(router)))
                    }
                    None => hops.push((hop.header.ifindex as u32, None)),
                    // A router of IPv6 is left to the kernel.
                    Some(IpAddr::V6(_)) => {}
                }
            }
        }
        best = Some((metric, hops));
    }
    Ok(best.map(|(_, hops)| hops))
}

/// A mirror that knows enough.
pub(crate) fn open() -> netlink_sys::Result<Mirror> {
    Mirror::builder().table(Table::Ipv4Routes).neighs().open()
}

#[allow(dead_code)] // A test has it, too.
fn main() -> netlink_sys::Result<()> {
    let mut mirror = open()?;
    let mut fast_path = FastPath::default();
    loop {
        let change = mirror.recv()?;
        fast_path.follow(&mirror, &change)?;
        if let Change::Synced { generation, .. } = change {
            let (routes, neighs) = (fast_path.routes.len(), fast_path.neighs.len());
            let to = Ipv4Addr::new(192, 0, 2, 1);
            let way = fast_path.look_up(to);
            println!("{generation}: {routes} prefixes, {neighs} neighbours, {to}: {way:?}");
        }
    }
}
