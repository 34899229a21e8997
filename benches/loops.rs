//! The same work three ways: a typed pass, single reads, and C.

use netlink_wire::{
    Addr, Message, Messages, Rtm,
    link::{Link, LinkAttr},
    route::{Route, RouteAddr, RouteAttr},
    walk::Walk,
};

/// Adds up values of the messages in a dump.
pub type Loop = fn(&[u8]) -> u64;

/// Messages of one type.
fn of_type<'a>(dump: &'a [u8], kind: Rtm) -> impl Iterator<Item = Message<'a>> {
    Messages::new(dump).flatten().filter(move |message| message.header.kind == kind.0)
}

/// The last four bytes of an IP address.
fn ip(addr: Addr<'_>) -> u64 {
    u64::from(match addr {
        Addr::Ipv4(ip) => ip.to_bits(),
        Addr::Ipv6(ip) => ip.to_bits() as u32,
        _ => 0,
    })
}

/// Adds up values of routes, reading every attribute by its type.
#[inline(never)]
pub fn routes(dump: &[u8]) -> u64 {
    of_type(dump, Rtm::NEWROUTE).fold(0, |sum, message| sum.wrapping_add(route(message)))
}

/// The same for one route.
#[inline]
pub fn route(message: Message<'_>) -> u64 {
    Route::parse(message).map_or(0, values)
}

/// The same for one that was parsed.
#[inline]
pub fn values(route: Route<'_>) -> u64 {
    let mut sum = u64::from(route.header.dst_len);
    for attr in route.attrs {
        sum = sum.wrapping_add(match attr {
            Ok(RouteAttr::Dst(RouteAddr::Addr(addr))) => ip(addr),
            Ok(RouteAttr::Gateway(addr) | RouteAttr::PrefSrc(addr)) => ip(addr),
            Ok(RouteAttr::Oif(n) | RouteAttr::Priority(n)) => n.into(),
            Ok(RouteAttr::Table(table)) => table.0.into(),
            _ => 0,
        });
    }
    sum
}

/// The same for links.
#[inline(never)]
pub fn links(dump: &[u8]) -> u64 {
    let mut sum = 0u64;
    for message in of_type(dump, Rtm::NEWLINK) {
        let Ok(link) = Link::parse(message) else { continue };
        sum = sum.wrapping_add(link.header.index as u64);
        for attr in link.attrs {
            sum = sum.wrapping_add(match attr {
                Ok(LinkAttr::IfName(name) | LinkAttr::Qdisc(name)) => name.as_bytes().len() as u64,
                Ok(LinkAttr::Address(addr) | LinkAttr::Broadcast(addr)) => addr.0.len() as u64,
                Ok(
                    LinkAttr::Mtu(n)
                    | LinkAttr::Group(n)
                    | LinkAttr::TxqLen(n)
                    | LinkAttr::Promiscuity(n)
                    | LinkAttr::NumTxQueues(n)
                    | LinkAttr::NumRxQueues(n)
                    | LinkAttr::CarrierChanges(n)
                    | LinkAttr::Master(n),
                ) => n.into(),
                _ => 0,
            });
        }
    }
    sum
}

/// The same twelve values of links, each asked for by its name.
#[inline(never)]
pub fn links_indexed(dump: &[u8]) -> u64 {
    let mut sum = 0u64;
    for message in of_type(dump, Rtm::NEWLINK) {
        let Ok(link) = Link::parse(message) else { continue };
        sum = sum.wrapping_add(link.header.index as u64);
        let attrs = link.attrs.index();
        for name in [attrs.get(LinkAttr::IfName), attrs.get(LinkAttr::Qdisc)] {
            sum += name.ok().flatten().map_or(0, |name| name.as_bytes().len() as u64);
        }
        for addr in [attrs.get(LinkAttr::Address), attrs.get(LinkAttr::Broadcast)] {
            sum += addr.ok().flatten().map_or(0, |addr| addr.0.len() as u64);
        }
        for number in [
            attrs.get(LinkAttr::Mtu),
            attrs.get(LinkAttr::Group),
            attrs.get(LinkAttr::TxqLen),
            attrs.get(LinkAttr::Promiscuity),
            attrs.get(LinkAttr::NumTxQueues),
            attrs.get(LinkAttr::NumRxQueues),
            attrs.get(LinkAttr::CarrierChanges),
            attrs.get(LinkAttr::Master),
        ] {
            sum = sum.wrapping_add(number.ok().flatten().unwrap_or(0).into());
        }
    }
    sum
}

/// How many attributes are in a dump.
pub fn attributes(dump: &[u8]) -> u64 {
    let attrs = Messages::new(dump).flatten().map(|message| Walk::rtnl(message).count() as u64);
    attrs.sum()
}

#[cfg(c_loops)]
mod c {
    unsafe extern "C" {
        pub(super) safe fn c_routes(dump: *const u8, size: usize) -> u64;
        pub(super) safe fn c_links(dump: *const u8, size: usize) -> u64;
    }
}

/// `routes` in C, if there is a compiler.
#[cfg(c_loops)]
pub const C_ROUTES: Option<Loop> = Some(|dump| c::c_routes(dump.as_ptr(), dump.len()));
/// `links` in C, if there is a compiler.
#[cfg(c_loops)]
pub const C_LINKS: Option<Loop> = Some(|dump| c::c_links(dump.as_ptr(), dump.len()));

/// `routes` in C: there is no compiler.
#[cfg(not(c_loops))]
pub const C_ROUTES: Option<Loop> = None;
/// `links` in C: there is no compiler.
#[cfg(not(c_loops))]
pub const C_LINKS: Option<Loop> = None;
