//! A service that keeps a nexthop for a default route: whenever a link with this name is
//! up, it sees to it that the route is there, until it is told to stop. Events and
//! requests are awaited in one task: `cargo run --features tokio --example tokio_service
//! eth1 192.0.2.1`.

use std::{future::Future, net::Ipv4Addr};

use netlink_sys::{
    Protocol, Result, mirror,
    tokio::{Mirror, Socket},
};
use netlink_wire::{
    NlmFlags, Rtm,
    link::Iff,
    route::{Route, RouteAttr, RtMsg, RtProt, RtTable, Rtn},
};

/// Runs until `stop` is ready.
pub(crate) async fn serve(link: &str, gateway: Ipv4Addr, stop: impl Future) -> Result<()> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let mut mirror = Mirror::new(mirror::Mirror::builder().links().routes().open()?)?;
    tokio::pin!(stop);
    loop {
        // What is not chosen is given up, and loses nothing.
        tokio::select! {
            _ = &mut stop => return Ok(()),
            change = mirror.recv() => println!("{:?}", change?),
        }
        let now = mirror.get_ref();
        if !now.is_settled() {
            continue;
        }
        let is_here = |index: u32| {
            let mut routes = now.ipv4_routes_to(RtTable::MAIN, Ipv4Addr::UNSPECIFIED);
            routes.any(|route| {
                route.header.dst_len == 0 && route.get(RouteAttr::Oif) == Ok(Some(index))
            })
        };
        let up = now.links().find(|found| {
            found.header.flags.contains(Iff::UP | Iff::RUNNING)
                && found.name() == Ok(Some(link.into()))
        });
        let Some(index) = up.map(|link| link.index()) else { continue };
        if is_here(index) {
            continue;
        }
        let mut buf = [0; 64];
        let header = RtMsg {
            family: 2,
            table: RtTable::MAIN.0 as u8,
            protocol: RtProt::STATIC,
            kind: Rtn::UNICAST,
            ..RtMsg::default()
        };
        let request = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags::CREATE, &header)
            .push(RouteAttr::Gateway(gateway.into()))
            .push(RouteAttr::Oif(index))
            .finish()?;
        match socket.request(request).await?.finish().await {
            Ok(_) => println!("added"),
            Err(error) => println!("{error}; trying again when something changes"),
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(link), Some(gateway)) = (args.next(), args.next()) else {
        return Err("which link, and which gateway?".into());
    };
    serve(&link, gateway.parse()?, std::future::pending::<()>()).await?;
    Ok(())
}
