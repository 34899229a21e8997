use std::net::IpAddr;

use netlink_wire::{
    Addr, Attribute, LlAddr, Message, Nla, Result, Rtm,
    neigh::{NdMsg, Neigh, NeighAttr, Ntf, Nud},
};

use super::{Object, Request, Verb, sealed};
use crate::table::{BRIDGE, family};

/// Starts a request about a neighbour on the interface with this index. Unless the header is changed, it
/// is one that stays ([`Nud::PERMANENT`]).
///
/// ```no_run
/// use netlink_sys::{Protocol, Socket, ops};
/// use netlink_wire::{LlAddr, neigh::NeighAttr};
///
/// let mut socket = Socket::open(Protocol::ROUTE)?;
/// let eth0 = socket.link("eth0")?.index();
/// let neigh = ops::neigh(eth0, "192.0.2.9".parse()?);
/// socket.replace(&neigh.push(NeighAttr::LlAddr(LlAddr(&[2, 0, 0, 0, 0, 9]))))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn neigh(index: u32, addr: IpAddr) -> Request<NdMsg> {
    let addr = Addr::from(addr);
    request(family(addr), index, Nud::PERMANENT, Ntf::default()).push(NeighAttr::Dst(addr))
}

/// Starts a request about an address that this host answers for on the interface with this index.
pub fn proxy(index: u32, addr: IpAddr) -> Request<NdMsg> {
    neigh(index, addr).with(|header| header.flags = Ntf::PROXY)
}

/// Starts a request about an entry of a forwarding database.
///
/// With [`Ntf::SELF`] it is that of the link with this index, such as a VXLAN device; with [`Ntf::MASTER`]
/// that of the bridge of which the link is a port. The entry does not age, and its address is one of this
/// host (`NUD_PERMANENT`); set the state to [`Nud::NOARP`] for one behind the port.
///
/// ```no_run
/// use netlink_sys::{Protocol, Socket, ops};
/// use netlink_wire::neigh::{NeighAttr, Ntf};
///
/// let mut socket = Socket::open(Protocol::ROUTE)?;
/// let vxlan = socket.link("vx0")?.index();
/// // Where broadcasts go.
/// let remote = ops::fdb(vxlan, &[0; 6], Ntf::SELF);
/// socket.append(&remote.push(NeighAttr::Dst([192, 0, 2, 7].into())))?;
/// # Ok::<(), netlink_sys::Error>(())
/// ```
pub fn fdb(index: u32, lladdr: &[u8], whose: Ntf) -> Request<NdMsg> {
    request(BRIDGE, index, Nud::NOARP | Nud::PERMANENT, whose)
        .push(NeighAttr::LlAddr(LlAddr(lladdr)))
}

fn request(family: u8, index: u32, state: Nud, flags: Ntf) -> Request<NdMsg> {
    // No index is negative: the kernel refuses.
    let ifindex = index as i32;
    Request::new(NdMsg { family, ifindex, state, flags, ..NdMsg::default() })
}

impl sealed::Object for NdMsg {
    const NEW: Rtm = Rtm::NEWNEIGH;

    fn asks_by(nla: Nla<'_>) -> bool {
        matches!(
            NeighAttr::parse(nla),
            Ok(NeighAttr::Dst(_)
                | NeighAttr::LlAddr(_)
                | NeighAttr::Vlan(_)
                | NeighAttr::Vni(_)
                | NeighAttr::Master(_))
        )
    }

    fn complete(request: &mut Request<Self>, verb: Verb) -> Result<()> {
        if verb != Verb::Get {
            return Ok(());
        }
        // Strict checking lets nothing else pass.
        let NdMsg { family, ifindex, flags, .. } = request.header;
        request.header = NdMsg { family, ifindex, ..NdMsg::default() };
        if family == BRIDGE {
            request.retain(|nla| nla.code() != NeighAttr::Dst(Addr::Other(&[])).code());
        } else {
            request.header.flags = flags & Ntf::PROXY;
            request.retain(|nla| nla.code() == NeighAttr::Dst(Addr::Other(&[])).code());
        }
        Ok(())
    }
}

impl Object for NdMsg {
    type Set = <NeighAttr<'static> as Attribute<'static>>::Set;
    type Entry<'a> = Neigh<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Neigh<'a>> {
        Neigh::parse(message)
    }
}
