//! What a mirror holds: tables, and objects as the kernel sent them.

use std::{fmt, sync::Arc};

use netlink_wire::{
    Header, Message, Pod, Rtm, Rtnl, RtnlGrp,
    addr::Address,
    link::Link,
    neigh::{Neigh, Ntf},
    nexthop::Nexthop,
    route::{Route, RtmFlags},
    rule::Rule,
    walk::Content,
};

use crate::table::{self, sealed::Table as _};

/// A table that a [`Mirror`](super::Mirror) follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Table {
    /// Links.
    Links,
    /// Addresses of interfaces, of all families.
    Addrs,
    /// Nexthop objects. Since Linux 5.3.
    Nexthops,
    /// IPv4 routes of all routing tables, without multicast.
    Ipv4Routes,
    /// IPv6 routes of all routing tables, without multicast.
    Ipv6Routes,
    /// MPLS routes.
    MplsRoutes,
    /// Neighbours: addresses of the link layer.
    Neighs,
    /// Forwarding databases of bridges and of links that have one of their own.
    Fdb,
    /// IPv4 rules.
    Ipv4Rules,
    /// IPv6 rules.
    Ipv6Rules,
}

/// Address families, as far as tables are told by them.
const UNSPEC: u8 = nix::libc::AF_UNSPEC as u8;
const IPV4: u8 = nix::libc::AF_INET as u8;
const IPV6: u8 = nix::libc::AF_INET6 as u8;
const MPLS: u8 = nix::libc::AF_MPLS as u8;
pub(super) const BRIDGE: u8 = nix::libc::AF_BRIDGE as u8;

impl Table {
    /// All of them, in the order in which they are read.
    pub const ALL: [Self; 10] = [
        Self::Links,
        Self::Addrs,
        Self::Nexthops,
        Self::Ipv4Routes,
        Self::Ipv6Routes,
        Self::MplsRoutes,
        Self::Neighs,
        Self::Fdb,
        Self::Ipv4Rules,
        Self::Ipv6Rules,
    ];

    /// The table that a message is about; `None` if it is about none, such as
    /// what a bridge says of a link.
    pub fn of(message: Message<'_>) -> Option<Self> {
        let family = message.payload.first().copied()?;
        Some(match (Rtm(message.header.kind), family) {
            (Rtm::NEWLINK | Rtm::DELLINK, UNSPEC) => Self::Links,
            (Rtm::NEWADDR | Rtm::DELADDR, _) => Self::Addrs,
            (Rtm::NEWNEXTHOP | Rtm::DELNEXTHOP, _) => Self::Nexthops,
            (Rtm::NEWROUTE | Rtm::DELROUTE, _) if is_cloned(message) => return None,
            (Rtm::NEWROUTE | Rtm::DELROUTE, IPV4) => Self::Ipv4Routes,
            (Rtm::NEWROUTE | Rtm::DELROUTE, IPV6) => Self::Ipv6Routes,
            (Rtm::NEWROUTE | Rtm::DELROUTE, MPLS) => Self::MplsRoutes,
            (Rtm::NEWNEIGH | Rtm::DELNEIGH, BRIDGE) => Self::Fdb,
            // What the host answers for is another table.
            (Rtm::NEWNEIGH | Rtm::DELNEIGH, _) if is_proxy(message) => return None,
            (Rtm::NEWNEIGH | Rtm::DELNEIGH, _) => Self::Neighs,
            (Rtm::NEWRULE | Rtm::DELRULE, IPV4) => Self::Ipv4Rules,
            (Rtm::NEWRULE | Rtm::DELRULE, IPV6) => Self::Ipv6Rules,
            _ => return None,
        })
    }

    /// Builds the request that dumps the table.
    ///
    /// # Errors
    ///
    /// None, in practice: it fits.
    pub fn request(self) -> netlink_wire::Result<Vec<u8>> {
        match self {
            Self::Links => table::Links::default().skip_stats().request(),
            Self::Addrs => table::Addrs::default().request(),
            Self::Nexthops => table::Nexthops::default().request(),
            Self::Ipv4Routes => table::Routes::ipv4().request(),
            Self::Ipv6Routes => table::Routes::ipv6().request(),
            Self::MplsRoutes => table::Routes::mpls().request(),
            Self::Neighs => table::Neighs::default().request(),
            Self::Fdb => table::Neighs::bridge().request(),
            Self::Ipv4Rules => table::Rules::ipv4().request(),
            Self::Ipv6Rules => table::Rules::ipv6().request(),
        }
    }

    /// The groups that hear of its changes. A kernel need not have more than the
    /// first.
    pub fn groups(self) -> &'static [RtnlGrp] {
        match self {
            Self::Links => &[RtnlGrp::LINK],
            Self::Addrs => &[
                RtnlGrp::IPV4_IFADDR,
                RtnlGrp::IPV6_IFADDR,
                RtnlGrp::PHONET_IFADDR,
                RtnlGrp::MCTP_IFADDR,
            ],
            Self::Nexthops => &[RtnlGrp::NEXTHOP],
            Self::Ipv4Routes => &[RtnlGrp::IPV4_ROUTE, RtnlGrp::IPV4_IFADDR, RtnlGrp::NEXTHOP],
            Self::Ipv6Routes => &[RtnlGrp::IPV6_ROUTE, RtnlGrp::IPV6_IFADDR, RtnlGrp::NEXTHOP],
            Self::MplsRoutes => &[RtnlGrp::MPLS_ROUTE],
            Self::Neighs => &[RtnlGrp::NEIGH],
            Self::Fdb => &[RtnlGrp::NEIGH, RtnlGrp::NEXTHOP],
            Self::Ipv4Rules => &[RtnlGrp::IPV4_RULE],
            Self::Ipv6Rules => &[RtnlGrp::IPV6_RULE],
        }
    }

    /// The tables whose entries can change without an event of their own when a
    /// link changes its state or vanishes.
    pub(super) const OF_LINKS: Tables = Tables::EMPTY
        .with(Self::Addrs)
        .with(Self::Nexthops)
        .with(Self::Ipv4Routes)
        .with(Self::Ipv6Routes)
        .with(Self::MplsRoutes)
        .with(Self::Neighs)
        .with(Self::Fdb);

    /// Its place in a list of all.
    pub(super) const fn index(self) -> usize {
        self as usize
    }
}

/// A set of tables.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Tables(u16);

impl Tables {
    /// None.
    pub const EMPTY: Self = Self(0);

    /// These and one more.
    #[must_use]
    pub const fn with(self, table: Table) -> Self {
        Self(self.0 | 1 << table.index())
    }

    /// These without one.
    #[must_use]
    pub const fn without(self, table: Table) -> Self {
        Self(self.0 & !(1 << table.index()))
    }

    /// All that are in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether a table is one of them.
    pub const fn contains(self, table: Table) -> bool {
        self.0 & 1 << table.index() != 0
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The tables, in the order of [`Table::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Table> {
        Table::ALL.into_iter().filter(move |table| self.contains(*table))
    }
}

impl From<Table> for Tables {
    fn from(table: Table) -> Self {
        Self::EMPTY.with(table)
    }
}

impl FromIterator<Table> for Tables {
    fn from_iter<I: IntoIterator<Item = Table>>(tables: I) -> Self {
        tables.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// An object as the kernel sent it: the message of an event or of a dump.
///
/// Clones share the bytes, which outlive the mirror.
#[derive(Clone, PartialEq, Eq)]
pub struct Object(Arc<[u8]>);

impl Object {
    /// Copies a message, which is one about a table.
    pub(super) fn new(message: Message<'_>) -> Self {
        let mut bytes = Vec::with_capacity(Header::LEN + message.payload.len());
        bytes.resize(Header::LEN, 0);
        message.header.replace_in(&mut bytes);
        bytes.extend_from_slice(message.payload);
        Self(bytes.into())
    }

    /// The message.
    pub fn message(&self) -> Message<'_> {
        let header = Header::of(&self.0).unwrap_or_default();
        Message { header, payload: self.0.get(Header::LEN..).unwrap_or_default() }
    }

    /// The bytes of the message, its header included.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The message as its type says.
    pub fn rtnl(&self) -> Rtnl<'_> {
        let message = self.message();
        // What has no whole header never becomes an object.
        Rtnl::parse(message).unwrap_or(Rtnl::Unknown(message))
    }

    /// Whether this is the very same object, and no equal one.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The table that it is in.
    pub fn table(&self) -> Option<Table> {
        Table::of(self.message())
    }
}

/// Declares a view for each type of object.
macro_rules! views {
    ($( $(#[$doc:meta])* $method:ident: $Variant:ident($View:ident), )*) => {
        impl Object {$(
            $(#[$doc])*
            pub fn $method(&self) -> Option<$View<'_>> {
                match self.rtnl() {
                    Rtnl::$Variant(view) => Some(view),
                    _ => None,
                }
            }
        )*}
    };
}

views! {
    /// The link, if it is one.
    link: Link(Link),
    /// The address, if it is one.
    addr: Addr(Address),
    /// The nexthop object, if it is one.
    nexthop: Nexthop(Nexthop),
    /// The route, if it is one.
    route: Route(Route),
    /// The neighbour or entry of a forwarding database, if it is one.
    neigh: Neigh(Neigh),
    /// The rule, if it is one.
    rule: Rule(Rule),
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message();
        write!(f, "{} ", Rtm(message.header.kind))?;
        // By the schema: all the types of all views would be a fifth of this crate's code.
        Content::rtnl(message).fmt(f)
    }
}

fn is_proxy(message: Message<'_>) -> bool {
    Neigh::parse(message).is_ok_and(|neigh| neigh.header.flags.contains(Ntf::PROXY))
}

/// Whether a route is no entry of a table: a copy that the kernel made for one
/// destination.
fn is_cloned(message: Message<'_>) -> bool {
    Route::parse(message).is_ok_and(|route| route.header.flags.contains(RtmFlags::CLONED))
}
