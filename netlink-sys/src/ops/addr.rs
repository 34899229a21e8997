use std::net::IpAddr;

use netlink_wire::{
    Addr, Attribute, Body, Message, Nla, Prefix, Result, Rtm,
    addr::{AddrAttr, Address, IfAddrMsg},
    route::RtScope,
};

use super::{Object, Request, Verb, sealed};
use crate::table::{Addrs, IPV4, family, sealed::Table};

/// Starts a request about an address of the interface with this index.
///
/// The prefix is the address itself with the length of its network, and goes into `IFA_LOCAL` and
/// `IFA_ADDRESS`, of which the kernel needs either one or both. The scope of a loopback address is the
/// host.
///
/// ```no_run
/// use netlink_sys::{Protocol, Socket, ops};
///
/// let mut socket = Socket::open(Protocol::ROUTE)?;
/// let eth0 = socket.link("eth0")?.index();
/// socket.add(&ops::addr(eth0, "192.0.2.1/24".parse()?))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn addr(index: u32, addr: Prefix<Addr<'_>>) -> Request<IfAddrMsg> {
    local_and_peer(index, addr.addr, addr)
}

/// Starts a request about an address of the interface with this index, which is at one end of a
/// point-to-point connection; `peer` is at the other, with the length of its network.
pub fn addr_with_peer(index: u32, local: IpAddr, peer: Prefix<Addr<'_>>) -> Request<IfAddrMsg> {
    local_and_peer(index, local.into(), peer)
}

fn local_and_peer(index: u32, local: Addr<'_>, peer: Prefix<Addr<'_>>) -> Request<IfAddrMsg> {
    let scope = match local {
        Addr::Ipv4(ip) if ip.is_loopback() => RtScope::HOST,
        _ => RtScope::UNIVERSE,
    };
    let family = family(peer.addr);
    let header = IfAddrMsg { family, prefixlen: peer.len, scope, index, ..IfAddrMsg::default() };
    Request::new(header).push(AddrAttr::Local(local)).push(AddrAttr::Address(peer.addr))
}

impl sealed::Object for IfAddrMsg {
    const NEW: Rtm = Rtm::NEWADDR;

    fn asks_by(nla: Nla<'_>) -> bool {
        matches!(
            AddrAttr::parse(nla),
            Ok(AddrAttr::Local(_) | AddrAttr::Address(_) | AddrAttr::TargetNetnsId(_))
        )
    }

    fn complete(request: &mut Request<Self>, verb: Verb) -> Result<()> {
        // Strict checking lets nothing else pass.
        if verb == Verb::Get {
            let IfAddrMsg { family, index, .. } = request.header;
            request.header = IfAddrMsg { family, index, ..IfAddrMsg::default() };
        }
        Ok(())
    }

    /// The kernel looks up those of IPv6 alone.
    fn dump(request: &Request<Self>) -> Result<Option<Vec<u8>>> {
        match request.header.family {
            IPV4 => Addrs::ipv4().index(request.header.index).request().map(Some),
            _ => Ok(None),
        }
    }

    fn is(request: &Request<Self>, message: Message<'_>) -> Result<bool> {
        let entry = Address::parse(message)?;
        let wanted: Address<'_> = Body { header: request.header, attrs: request.attrs() };
        Ok(entry.header.index == wanted.header.index
            && entry.header.prefixlen == wanted.header.prefixlen
            && entry.local()? == wanted.local()?
            && entry.peer()? == wanted.peer()?)
    }
}

impl Object for IfAddrMsg {
    type Set = <AddrAttr<'static> as Attribute<'static>>::Set;
    type Entry<'a> = Address<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Address<'a>> {
        Address::parse(message)
    }
}
