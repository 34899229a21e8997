//! A dump of routes is in memory, and each reads destination, gateway, preferred source, output interface, metric
//! and table of all of them in the way that its documentation shows. That all come to the same sum is asserted.

use std::io::Cursor;

use neli::{FromBytes, consts::rtnl::Rta, nl::Nlmsghdr, rtnl::Rtmsg};
use netlink_benches::loops::{self, Loop};
use netlink_bindings::rt_route::{OpGetrouteDump, RouteAttrs};
use netlink_packet_core::{NetlinkMessage, NetlinkPayload};
use netlink_packet_route::{
    RouteNetlinkMessage,
    route::{RouteAddress, RouteAttribute, RouteMessage},
};
use netlink_wire::{Header, Messages, Pod as _, Rtm, Rtnl, route::Rtn};
use nlink::netlink::parse::FromNetlink;

use crate::ip;

/// All of them, ourselves first.
pub const ALL: [(&str, Option<Loop>); 7] = [
    ("netlink-wire", Some(loops::routes)),
    ("C, one pass", loops::C_ROUTES),
    ("netlink-bindings, iterate", Some(bindings)),
    ("netlink-bindings, getters", Some(bindings_getters)),
    ("nlink", Some(nlink)),
    ("netlink-packet-route", Some(packet_route)),
    ("neli", Some(neli)),
];

/// A dump of IPv4 routes as a kernel sent them, which fits a cache.
///
/// # Panics
///
/// Somebody reads them otherwise than we do.
pub fn routes() -> Vec<u8> {
    let kernel = netlink_benches::dump("route", Rtm::NEWROUTE, 1);
    let mut dump = Vec::new();
    for message in messages(&kernel) {
        let Ok(Rtnl::Route(route)) = Rtnl::parse(Messages::new(message).next().unwrap().unwrap())
        else {
            continue;
        };
        // Not all of them know the others.
        if route.header.family == 2 && route.header.kind == Rtn::UNICAST {
            dump.extend_from_slice(message);
        }
    }
    let dump = dump.repeat((256 << 10) / dump.len());
    for (name, read) in ALL {
        let Some(read) = read else { continue };
        assert_eq!(read(&dump), loops::routes(&dump), "{name} does the same work");
    }
    dump
}

/// Each message of a dump with its header, for those who have no iterator of their own.
fn messages(mut dump: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let len = Header::of(dump)?.len as usize;
        let (message, rest) = dump.split_at_checked(len)?;
        dump = rest;
        Some(message)
    })
}

/// `netlink-packet-route`: every message becomes a tree of owned values.
pub fn packet_route(dump: &[u8]) -> u64 {
    let mut sum = 0u64;
    for message in messages(dump) {
        let message = NetlinkMessage::<RouteNetlinkMessage>::deserialize(message).unwrap();
        if let NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewRoute(route)) = message.payload
        {
            sum = sum.wrapping_add(packet_route_one(&route));
        }
    }
    sum
}

/// The sum of one of its routes.
pub fn packet_route_one(route: &RouteMessage) -> u64 {
    let address = |address: &RouteAddress| match address {
        RouteAddress::Inet(v4) => ip((*v4).into()),
        RouteAddress::Inet6(v6) => ip((*v6).into()),
        _ => 0,
    };
    let mut sum = u64::from(route.header.destination_prefix_length);
    for attr in &route.attributes {
        sum = sum.wrapping_add(match attr {
            RouteAttribute::Destination(to)
            | RouteAttribute::Gateway(to)
            | RouteAttribute::PrefSource(to) => address(to),
            RouteAttribute::Oif(n) | RouteAttribute::Priority(n) | RouteAttribute::Table(n) => {
                (*n).into()
            }
            _ => 0,
        });
    }
    sum
}

/// `netlink-bindings`, as fast as it goes: one pass.
pub fn bindings(dump: &[u8]) -> u64 {
    let mut sum = 0u64;
    for message in messages(dump) {
        let (header, attrs) = OpGetrouteDump::decode_request(&message[Header::LEN..]);
        sum = sum.wrapping_add(header.rtm_dst_len.into());
        for attr in attrs {
            sum = sum.wrapping_add(match attr {
                Ok(RouteAttrs::Dst(to) | RouteAttrs::Gateway(to) | RouteAttrs::Prefsrc(to)) => {
                    ip(to)
                }
                Ok(RouteAttrs::Oif(n) | RouteAttrs::Priority(n) | RouteAttrs::Table(n)) => n.into(),
                _ => 0,
            });
        }
    }
    sum
}

/// `netlink-bindings` as its examples have it: a getter for each value.
pub fn bindings_getters(dump: &[u8]) -> u64 {
    let mut sum = 0u64;
    for message in messages(dump) {
        let (header, attrs) = OpGetrouteDump::decode_request(&message[Header::LEN..]);
        sum = sum.wrapping_add(header.rtm_dst_len.into());
        for addr in [attrs.get_dst(), attrs.get_gateway(), attrs.get_prefsrc()] {
            sum = sum.wrapping_add(addr.map_or(0, ip));
        }
        for n in [attrs.get_oif(), attrs.get_priority(), attrs.get_table()] {
            sum = sum.wrapping_add(n.unwrap_or(0).into());
        }
    }
    sum
}

/// `nlink`: a struct of owned values.
pub fn nlink(dump: &[u8]) -> u64 {
    messages(dump).fold(0, |sum, message| {
        let route = nlink::netlink::messages::RouteMessage::from_bytes(&message[Header::LEN..]);
        sum.wrapping_add(nlink_one(&route.unwrap()))
    })
}

/// The sum of one of its routes.
pub fn nlink_one(route: &nlink::netlink::messages::RouteMessage) -> u64 {
    let mut sum = u64::from(route.dst_len());
    for addr in [route.destination(), route.gateway(), route.prefsrc()] {
        sum = sum.wrapping_add(addr.map_or(0, |addr| ip(*addr)));
    }
    for n in [route.oif(), route.priority(), Some(route.table_id())] {
        sum = sum.wrapping_add(n.unwrap_or(0).into());
    }
    sum
}

/// `neli`: a list of attributes, each with a buffer of its own.
pub fn neli(dump: &[u8]) -> u64 {
    messages(dump).fold(0, |sum, message| {
        let message = Nlmsghdr::<u16, Rtmsg>::from_bytes(&mut Cursor::new(message)).unwrap();
        sum.wrapping_add(message.get_payload().map_or(0, neli_one))
    })
}

/// The sum of one of its routes.
pub fn neli_one(route: &Rtmsg) -> u64 {
    let mut sum = u64::from(*route.rtm_dst_len());
    for attr in route.rtattrs().iter() {
        let bytes = attr.rta_payload().as_ref();
        let number = || bytes.try_into().map_or(0, u32::from_ne_bytes);
        sum = sum.wrapping_add(match attr.rta_type() {
            Rta::Dst | Rta::Gateway | Rta::Prefsrc => match bytes.len() {
                4 | 16 => u32::from_be_bytes(*bytes.last_chunk().unwrap()).into(),
                _ => 0,
            },
            Rta::Oif | Rta::Priority | Rta::Table => number().into(),
            _ => 0,
        });
    }
    sum
}
