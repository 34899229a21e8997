use netlink_wire::{
    Addr, Attribute, Message, Nla, Packed, Result, Rtm,
    nexthop::{Nexthop, NexthopAttr, NexthopGrp, NhMsg},
};

use super::{Object, Request, Verb, sealed};
use crate::table::{IPV4, UNSPEC, family};

/// Starts a request about the nexthop object with this id; 0 lets the kernel choose one when it adds it.
///
/// The address family is that of the gateway, or IPv4; a group has none. Set it in the header for an
/// object without a gateway that IPv6 routes are to use.
///
/// ```no_run
/// use netlink_sys::{Protocol, Socket, ops};
/// use netlink_wire::{nexthop::{NexthopAttr, NexthopGrp}, route::RouteAttr};
///
/// let mut socket = Socket::open(Protocol::ROUTE)?;
/// let eth0 = socket.link("eth0")?.index();
/// for id in [1, 2] {
///     let gateway = NexthopAttr::Gateway([192, 0, 2, id].into());
///     socket.add(&ops::nexthop(id.into()).push(gateway).push(NexthopAttr::Oif(eth0)))?;
/// }
/// socket.add(&ops::nexthop(10).group(&[NexthopGrp::new(1, 1), NexthopGrp::new(2, 3)]))?;
/// socket.add(&ops::route("10.0.0.0/8".parse()?).push(RouteAttr::NhId(10)))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn nexthop(id: u32) -> Request<NhMsg> {
    Request::new(NhMsg::default()).push(NexthopAttr::Id(id))
}

impl Request<NhMsg> {
    /// Makes it a group of these members.
    pub fn group(self, members: &[NexthopGrp]) -> Self {
        self.write(|w| {
            w.push_packed(NexthopAttr::Group, members);
        })
    }
}

impl sealed::Object for NhMsg {
    const NEW: Rtm = Rtm::NEWNEXTHOP;

    fn asks_by(nla: Nla<'_>) -> bool {
        matches!(NexthopAttr::parse(nla), Ok(NexthopAttr::Id(_) | NexthopAttr::OpFlags(_)))
    }

    fn complete(request: &mut Request<Self>, verb: Verb) -> Result<()> {
        if let Verb::Get | Verb::Delete = verb {
            // The kernel takes nothing but the id.
            request.header = NhMsg::default();
            request.retain(Self::asks_by);
        } else if request.header.family == UNSPEC
            && !request.has(NexthopAttr::Group(Packed::new(&[])))
        {
            let gateway: Option<Addr<'_>> = request.attrs().get(NexthopAttr::Gateway)?;
            request.header.family = gateway.map_or(IPV4, family);
        }
        Ok(())
    }
}

impl Object for NhMsg {
    type Set = <NexthopAttr<'static> as Attribute<'static>>::Set;
    type Entry<'a> = Nexthop<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Nexthop<'a>> {
        Nexthop::parse(message)
    }
}
