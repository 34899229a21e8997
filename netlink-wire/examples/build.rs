//! Builds the request of `ip route add 198.51.100.0/24 nexthop via 192.0.2.1 nexthop via 192.0.2.2 weight 3`,
//! without a socket and without memory but a buffer: `cargo run --example build`.

use netlink_wire::{
    NlmFlags, Result, Rtm,
    route::{Route, RouteAddr, RouteAttr, RtMsg, RtNextHop, RtProt, RtTable, Rtn},
};

fn main() -> Result<()> {
    let mut buf = [0; 128];
    println!("{:02x?}", ecmp(&mut buf)?);
    Ok(())
}

/// A route with two next hops, of which the second gets three times as much.
pub(crate) fn ecmp(buf: &mut [u8]) -> Result<&mut [u8]> {
    let header = RtMsg {
        family: 2, // AF_INET
        dst_len: 24,
        table: RtTable::MAIN.0 as u8,
        protocol: RtProt::BOOT,
        kind: Rtn::UNICAST,
        ..RtMsg::default()
    };
    Route::writer(buf, Rtm::NEWROUTE, NlmFlags::CREATE | NlmFlags::EXCL, &header)
        .push(RouteAttr::Dst(RouteAddr::from([198, 51, 100, 0])))
        .nest(RouteAttr::Multipath, |hops| {
            // The kernel counts weights from 0.
            for (gateway, weight) in [([192, 0, 2, 1], 1), ([192, 0, 2, 2], 3)] {
                let hop = RtNextHop { hops: weight - 1, ..RtNextHop::default() };
                hops.hop(&hop, |hop| {
                    hop.push(RouteAttr::Gateway(gateway.into()));
                });
            }
        })
        .finish()
}
