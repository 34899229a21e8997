//! A network namespace with a large routing table.

use netlink_sys::{Protocol, Result, Socket};
use netlink_wire::{
    NlmFlags, Rtm,
    link::{IfInfoMsg, Iff, Link, LinkAttr},
    route::{Route, RouteAddr, RouteAttr, RtMsg, RtProt, RtScope, Rtn},
};
use nix::sched::{CloneFlags, unshare};

/// Moves this thread into a namespace of its own.
///
/// # Errors
///
/// Not even an ordinary user's namespace is allowed.
pub fn enter() -> nix::Result<()> {
    unshare(CloneFlags::CLONE_NEWNET)
        .or_else(|_| unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNET))
}

/// Fills the main table with so many IPv4 routes.
///
/// # Errors
///
/// The kernel refuses one.
pub fn fill(count: u32) -> Result<()> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let mut buf = [0; 128];
    let up = IfInfoMsg { index: 1, flags: Iff::UP, change: Iff::UP, ..IfInfoMsg::default() };
    let request = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags::REQUEST, &up)
        .push(LinkAttr::IfName("lo".into()))
        .finish()?;
    socket.request(request)?.finish()?;
    let header = RtMsg {
        family: 2,
        dst_len: 32,
        table: 254,
        protocol: RtProt::BGP,
        scope: RtScope::LINK,
        kind: Rtn::UNICAST,
        ..RtMsg::default()
    };
    for n in 0..count {
        let dst = std::net::Ipv4Addr::from_bits(0x0a00_0000 + n);
        let request = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags::CREATE, &header)
            .push(RouteAttr::Dst(RouteAddr::Addr(dst.into())))
            .push(RouteAttr::Priority(n % 7 + 1))
            .push(RouteAttr::Oif(1))
            .finish()?;
        socket.request(request)?.finish()?;
    }
    Ok(())
}
