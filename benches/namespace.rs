//! A network namespace with large tables.

use netlink_sys::{Protocol, Result, Socket};
use netlink_wire::{
    LlAddr, NlmFlags, Rtm,
    link::{IfInfoMsg, Iff, InfoAttr, InfoData, Link, LinkAttr, MacvlanAttr, MacvlanMode},
    neigh::{NdMsg, Neigh, NeighAttr, Nud},
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

/// Brings a link up.
fn set_up(socket: &mut Socket, index: i32) -> Result<()> {
    let up = IfInfoMsg { index, flags: Iff::UP, change: Iff::UP, ..IfInfoMsg::default() };
    let mut buf = [0; 32];
    let request = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags::REQUEST, &up).finish()?;
    socket.request(request)?.finish()?;
    Ok(())
}

/// Adds so many links, which are up: macvlans of a bridge.
///
/// # Errors
///
/// The kernel refuses one.
pub fn links(count: u32) -> Result<()> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let mut buf = [0; 256];
    let header = IfInfoMsg { index: BRIDGE as i32, ..IfInfoMsg::default() };
    let request = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags::CREATE, &header)
        .push(LinkAttr::IfName("bridge".into()))
        .nest(LinkAttr::LinkInfo, |info| {
            info.push(InfoAttr::Kind("bridge".into()));
        })
        .finish()?;
    socket.request(request)?.finish()?;
    set_up(&mut socket, BRIDGE as i32)?;
    let header = IfInfoMsg { flags: Iff::UP, change: Iff::UP, ..IfInfoMsg::default() };
    for id in 1..=count {
        let request = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags::CREATE, &header)
            .push(LinkAttr::IfName(format!("macvlan{id}").as_str().into()))
            .push(LinkAttr::Link(BRIDGE))
            .nest(LinkAttr::LinkInfo, |info| {
                info.select_nest(InfoData::Macvlan, |macvlan| {
                    macvlan.push(MacvlanAttr::Mode(MacvlanMode::BRIDGE));
                });
            })
            .finish()?;
        socket.request(request)?.finish()?;
    }
    Ok(())
}

/// Adds so many neighbours to the bridge that [`links`] made.
///
/// # Errors
///
/// The kernel refuses one.
pub fn neighs(count: u32) -> Result<()> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let mut buf = [0; 128];
    let header =
        NdMsg { family: 2, ifindex: BRIDGE as i32, state: Nud::PERMANENT, ..NdMsg::default() };
    for n in 0..count {
        let dst = std::net::Ipv4Addr::from_bits(0x0a00_0000 + n);
        let [_, a, b, c] = n.to_be_bytes();
        let request = Neigh::writer(&mut buf, Rtm::NEWNEIGH, NlmFlags::CREATE, &header)
            .push(NeighAttr::Dst(dst.into()))
            .push(NeighAttr::LlAddr(LlAddr(&[2, 0, 0, a, b, c])))
            .finish()?;
        socket.request(request)?.finish()?;
    }
    Ok(())
}

/// Index of the bridge.
const BRIDGE: u32 = 1000;

/// Adds a pair of links unless there is one, and returns the index of one of them.
fn veth(socket: &mut Socket) -> Result<u32> {
    if let Ok(link) = socket.link("one0") {
        return Ok(link.header.index as u32);
    }
    let mut buf = [0; 128];
    let header = IfInfoMsg { flags: Iff::UP, change: Iff::UP, ..IfInfoMsg::default() };
    let request = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags::CREATE, &header)
        .push(LinkAttr::IfName("one0".into()))
        .nest(LinkAttr::LinkInfo, |info| {
            info.push(InfoAttr::Kind("veth".into()));
        })
        .finish()?;
    socket.request(request)?.finish()?;
    let link = socket.link("one0")?;
    let (index, peer) = (link.header.index as u32, link.get(LinkAttr::Link)?);
    set_up(socket, peer.unwrap_or_default() as i32)?;
    Ok(index)
}

/// Fills the main table with so many IPv4 routes, over two links by turns.
///
/// # Errors
///
/// The kernel refuses one.
pub fn routes(count: u32) -> Result<()> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let mut buf = [0; 128];
    set_up(&mut socket, 1)?;
    let links = [1, veth(&mut socket)?];
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
            .push(RouteAttr::Oif(links[n as usize % 2]))
            .finish()?;
        socket.request(request)?.finish()?;
    }
    Ok(())
}
