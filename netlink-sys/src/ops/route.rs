use std::net::IpAddr;

use netlink_wire::{
    Addr, Attribute, Message, Prefix, Result, Rtm,
    route::{
        NextHops, Route, RouteAddr, RouteAttr, RtMsg, RtProt, RtScope, RtTable, RtmFlags, Rtn, Via,
    },
};

use super::{Object, Request, Verb, sealed};
use crate::{
    ExtAck, Socket, error,
    table::{IPV4, MPLS, family},
};

/// Starts a request about the route to this destination; `0.0.0.0/0` and `::/0` are the default routes.
///
/// What it does not tell, the kernel gets as `ip` would say it:
///
/// - The table is the main one, or that of this host's addresses, if the route's kind says that packets are
///   delivered here. Push [`RouteAttr::Table`] for another one.
/// - The kind is [`Rtn::UNICAST`], the protocol [`RtProt::BOOT`].
/// - The scope of an IPv4 route starts as [`RtScope::NOWHERE`], which stands for the one that follows from its
///   kind: the host for one that delivers here, else the link if there is no router.
///
/// A request to delete tells neither kind, nor protocol, nor scope, unless they are set: any will do.
///
/// ```no_run
/// use netlink_sys::{Protocol, Socket, ops};
/// use netlink_wire::route::{RouteAttr, RtProt, RtTable};
///
/// let mut socket = Socket::open(Protocol::ROUTE)?;
/// let eth0 = socket.link("eth0")?.index();
/// let route = ops::route("2001:db8:1::/48".parse()?)
///     .push(RouteAttr::Gateway("fe80::1".parse::<std::net::IpAddr>()?.into()))
///     .push(RouteAttr::Oif(eth0))
///     .push(RouteAttr::Table(RtTable(1000)));
/// socket.replace(&route.with(|header| header.protocol = RtProt::BGP))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn route(to: Prefix<RouteAddr<'_>>) -> Request<RtMsg> {
    let (family, scope) = match to.addr {
        RouteAddr::Addr(Addr::Ipv4(_)) => (IPV4, RtScope::NOWHERE),
        RouteAddr::Addr(addr) => (family(addr), RtScope::UNIVERSE),
        _ => (MPLS, RtScope::UNIVERSE),
    };
    let request = Request::new(RtMsg { family, dst_len: to.len, scope, ..RtMsg::default() });
    match to.len {
        0 => request,
        _ => request.push(RouteAttr::Dst(to.addr)),
    }
}

/// Starts a request for [`Socket::get`]: which way a packet to this address takes. [`RouteAttr::Src`],
/// [`Oif`](RouteAttr::Oif), [`Mark`](RouteAttr::Mark) and others tell more of the packet.
///
/// What is returned is a route to this address alone, made for the answer, that tells in which table it
/// was found; with [`RtmFlags::FIB_MATCH`] in the header it is the route in the table.
///
/// ```no_run
/// use netlink_sys::{Protocol, Socket, ops};
/// use netlink_wire::route::RouteAttr;
///
/// let mut socket = Socket::open(Protocol::ROUTE)?;
/// let route = socket.get(&ops::lookup([192, 0, 2, 7].into()).push(RouteAttr::Mark(7)))?;
/// println!("{:?} from {:?}", route.get(RouteAttr::Gateway)?, route.get(RouteAttr::PrefSrc)?);
/// # Ok::<(), netlink_sys::Error>(())
/// ```
pub fn lookup(to: IpAddr) -> Request<RtMsg> {
    let request = route(to.into());
    // That of IPv6 tells the table anyway.
    let flags = match to {
        IpAddr::V4(_) => RtmFlags::LOOKUP_TABLE,
        IpAddr::V6(_) => RtmFlags::default(),
    };
    request.with(|header| (header.scope, header.flags) = (RtScope::UNIVERSE, flags))
}

impl Request<RtMsg> {
    /// Makes it a route for packets from these sources only. IPv6 alone has such.
    pub fn source(self, from: Prefix<Addr<'_>>) -> Self {
        self.with(|header| header.src_len = from.len).push(RouteAttr::Src(from.addr))
    }

    /// The message that adds the route before others with the same key.
    ///
    /// # Errors
    ///
    /// Those of [`to_get`](Self::to_get).
    pub fn to_prepend(&self) -> Result<Vec<u8>> {
        self.message(Verb::Prepend)
    }

    /// Whether packets go to a router.
    fn has_router(&self) -> bool {
        self.has(RouteAttr::Gateway(Addr::Other(&[])))
            || self.has(RouteAttr::Via(Via { family: 0, addr: &[] }))
            || self.has(RouteAttr::Multipath(<NextHops<'_> as netlink_wire::Value<'_>>::PROBE))
            || self.has(RouteAttr::NhId(0))
    }
}

impl Socket {
    /// Adds a route before others with the same key. It blocks until the kernel has done so.
    ///
    /// # Errors
    ///
    /// Those of [`append`](Self::append).
    pub fn prepend(&mut self, request: &Request<RtMsg>) -> error::Result<Option<ExtAck>> {
        self.request(&mut request.to_prepend()?)?.finish()
    }
}

impl sealed::Object for RtMsg {
    const NEW: Rtm = Rtm::NEWROUTE;

    fn complete(request: &mut Request<Self>, verb: Verb) -> Result<()> {
        if verb == Verb::Get {
            return Ok(());
        }
        let (has_table, has_router) =
            (request.has(RouteAttr::Table(RtTable::UNSPEC)), request.has_router());
        let header = &mut request.header;
        if verb != Verb::Delete {
            if header.kind == Rtn::UNSPEC {
                header.kind = Rtn::UNICAST;
            }
            if header.protocol == RtProt::UNSPEC {
                header.protocol = RtProt::BOOT;
            }
        }
        if header.table == 0 && !has_table {
            let RtTable(table) = match header.kind {
                Rtn::LOCAL | Rtn::BROADCAST | Rtn::ANYCAST | Rtn::NAT => RtTable::LOCAL,
                _ => RtTable::MAIN,
            };
            header.table = table as u8;
        }
        if header.scope == RtScope::NOWHERE {
            header.scope = match header.kind {
                Rtn::LOCAL | Rtn::NAT => RtScope::HOST,
                Rtn::BROADCAST | Rtn::MULTICAST | Rtn::ANYCAST => RtScope::LINK,
                _ if verb == Verb::Delete => RtScope::NOWHERE,
                Rtn::UNICAST if !has_router => RtScope::LINK,
                _ => RtScope::UNIVERSE,
            };
        }
        Ok(())
    }
}

impl Object for RtMsg {
    type Set = <RouteAttr<'static> as Attribute<'static>>::Set;
    type Entry<'a> = Route<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Route<'a>> {
        Route::parse(message)
    }
}
