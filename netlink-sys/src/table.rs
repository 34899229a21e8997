//! The tables of `NETLINK_ROUTE` that can be dumped, each with the filters that
//! the kernel has for it.
//!
//! There is no way to ask for a filter that the kernel would ignore. Where it
//! says that it did not filter, as an old kernel does, the entries are filtered
//! here.

use netlink_wire::{
    Addr, Message, NlmFlags, Result, Rtm, RtnlGrp,
    addr::{Address, IfAddrMsg},
    link::{IfInfoMsg, InfoAttr, Link, LinkAttr, RtextFilter},
    neigh::{NdMsg, Neigh, NeighAttr, Ntf},
    nexthop::{Nexthop, NexthopAttr, NhMsg},
    route::{Route, RouteAttr, RtMsg, RtProt, RtTable, Rtn},
    rule::{FibRuleHdr, Rule},
};

/// A table, or a part of it, that [`Socket::dump`](crate::Socket::dump) reads.
///
/// It cannot be implemented outside of this crate; [`Raw`] is for all that has
/// no type here.
pub trait Table: sealed::Table {
    /// What the table has in it.
    type Entry<'a>;

    /// Reads an entry.
    #[doc(hidden)]
    fn parse<'a>(message: Message<'a>) -> Result<Self::Entry<'a>>;

    /// Whether an entry passes the filter; `None` if it does not show.
    #[doc(hidden)]
    fn matches(&self, entry: &Self::Entry<'_>) -> Result<Option<bool>>;
}

pub(crate) mod sealed {
    pub trait Table {
        /// Builds the request.
        fn request(&self) -> netlink_wire::Result<Vec<u8>>;

        /// Type of the messages that hold entries; `None` if all do.
        fn kind(&self) -> Option<u16>;

        /// The groups that hear of every change, the one of the table itself
        /// first; none if changes can go unheard.
        fn groups(&self) -> Vec<u32>;

        /// Whether nothing was asked to be left out.
        fn is_whole(&self) -> bool;

        /// The family that all entries have; 0 if they may have any.
        fn family(&self) -> u8 {
            0
        }

        /// Whether a kernel that answers so left out what was to be left out: it checks requests
        /// strictly, or says that it filtered.
        fn is_filtered(&self, _strict: bool, told: bool) -> bool {
            told
        }
    }
}

/// Address families, as far as tables are told by them.
pub(crate) const UNSPEC: u8 = nix::libc::AF_UNSPEC as u8;
pub(crate) const IPV4: u8 = nix::libc::AF_INET as u8;
pub(crate) const IPV6: u8 = nix::libc::AF_INET6 as u8;
pub(crate) const MPLS: u8 = nix::libc::AF_MPLS as u8;
pub(crate) const BRIDGE: u8 = nix::libc::AF_BRIDGE as u8;

/// The family of an address.
pub(crate) const fn family(addr: Addr<'_>) -> u8 {
    match addr {
        Addr::Ipv4(_) => IPV4,
        Addr::Ipv6(_) => IPV6,
        _ => UNSPEC,
    }
}

/// Longest request that is built here, in bytes: that with the longest name.
const REQUEST: usize = 256;

/// Whether a filter lets a value pass.
fn passes<T: PartialEq>(filter: Option<T>, value: Option<T>) -> bool {
    filter.is_none() || filter == value
}

/// Links. Those of all families, without virtual functions unless they are
/// asked for: the kernel would be kept busy by them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Links {
    master: Option<u32>,
    kind: Option<String>,
    ext_mask: RtextFilter,
}

impl Links {
    /// Only ports of the bridge, bond or VRF with this index.
    pub const fn master(mut self, index: u32) -> Self {
        self.master = Some(index);
        self
    }

    /// Only links of this kind, such as `"vlan"`.
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// With virtual functions (`RTEXT_FILTER_VF`). On large adapters the kernel holds the lock of all
    /// network configuration meanwhile.
    pub fn vf_info(mut self) -> Self {
        self.ext_mask |= RtextFilter::VF;
        self
    }

    /// Without traffic counters (`RTEXT_FILTER_SKIP_STATS`), which makes the dump shorter.
    pub fn skip_stats(mut self) -> Self {
        self.ext_mask |= RtextFilter::SKIP_STATS;
        self
    }
}

impl sealed::Table for Links {
    fn request(&self) -> Result<Vec<u8>> {
        let mut buf = [0; REQUEST];
        let header = IfInfoMsg::default();
        let mut writer = Link::writer(&mut buf, Rtm::GETLINK, NlmFlags::DUMP, &header);
        if let Some(master) = self.master {
            writer.push(LinkAttr::Master(master));
        }
        if let Some(kind) = &self.kind {
            writer.nest(LinkAttr::LinkInfo, |info| {
                info.push(InfoAttr::Kind(kind.as_str().into()));
            });
        }
        if self.ext_mask != RtextFilter::default() {
            writer.push(LinkAttr::ExtMask(self.ext_mask));
        }
        writer.finish().map(|request| request.to_vec())
    }

    fn kind(&self) -> Option<u16> {
        Some(Rtm::NEWLINK.0)
    }

    fn groups(&self) -> Vec<u32> {
        vec![RtnlGrp::LINK.0]
    }

    fn is_whole(&self) -> bool {
        self.master.is_none() && self.kind.is_none()
    }
}

impl Table for Links {
    type Entry<'a> = Link<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Link<'a>> {
        Link::parse(message)
    }

    fn matches(&self, link: &Link<'_>) -> Result<Option<bool>> {
        let kind = match link.get(LinkAttr::LinkInfo)? {
            Some(info) => info.get(InfoAttr::Kind)?,
            None => None,
        };
        let kind_passes = passes(self.kind.as_deref().map(Into::into), kind);
        Ok(Some(kind_passes && passes(self.master, link.get(LinkAttr::Master)?)))
    }
}

/// Addresses of interfaces; at first those of all families.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Addrs {
    family: u8,
    index: Option<u32>,
}

impl Addrs {
    /// The addresses of IPv4.
    pub const fn ipv4() -> Self {
        Self { family: IPV4, index: None }
    }

    /// The addresses of IPv6.
    pub const fn ipv6() -> Self {
        Self { family: IPV6, index: None }
    }

    /// Only those of the interface with this index.
    pub const fn index(mut self, index: u32) -> Self {
        self.index = Some(index);
        self
    }
}

impl sealed::Table for Addrs {
    fn request(&self) -> Result<Vec<u8>> {
        let index = self.index.unwrap_or_default();
        let header = IfAddrMsg { family: self.family, index, ..IfAddrMsg::default() };
        let mut buf = [0; REQUEST];
        let request = Address::writer(&mut buf, Rtm::GETADDR, NlmFlags::DUMP, &header).finish()?;
        Ok(request.to_vec())
    }

    fn kind(&self) -> Option<u16> {
        Some(Rtm::NEWADDR.0)
    }

    fn groups(&self) -> Vec<u32> {
        let groups: &[RtnlGrp] = match self.family {
            IPV4 => &[RtnlGrp::IPV4_IFADDR],
            IPV6 => &[RtnlGrp::IPV6_IFADDR],
            _ => &[
                RtnlGrp::IPV4_IFADDR,
                RtnlGrp::IPV6_IFADDR,
                RtnlGrp::PHONET_IFADDR,
                RtnlGrp::MCTP_IFADDR,
            ],
        };
        groups.iter().chain(&[RtnlGrp::LINK]).map(|group| group.0).collect()
    }

    fn is_whole(&self) -> bool {
        self.index.is_none()
    }

    fn family(&self) -> u8 {
        self.family
    }
}

impl Table for Addrs {
    type Entry<'a> = Address<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Address<'a>> {
        Address::parse(message)
    }

    fn matches(&self, addr: &Address<'_>) -> Result<Option<bool>> {
        Ok(Some(passes(self.index, Some(addr.header.index))))
    }
}

/// Routes. By default those of all families and tables, multicast routes
/// included.
///
/// The kernel itself cannot put a route of more than 32 KiB into a dump, which is
/// one with about 2,040 IPv4 next hops that have a gateway each. It ends the dump
/// there, as if no more were to come, and nothing tells so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Routes {
    family: u8,
    table: Option<RtTable>,
    protocol: Option<RtProt>,
    kind: Option<Rtn>,
    oif: Option<u32>,
}

impl Routes {
    const fn of(family: u8) -> Self {
        Self { family, table: None, protocol: None, kind: None, oif: None }
    }

    /// The routes of IPv4.
    pub const fn ipv4() -> Self {
        Self::of(IPV4)
    }

    /// The routes of IPv6.
    pub const fn ipv6() -> Self {
        Self::of(IPV6)
    }

    /// The routes of MPLS.
    pub const fn mpls() -> Self {
        Self::of(MPLS)
    }

    /// Only those of this table. If there is none, the kernel refuses the dump.
    pub const fn table(mut self, table: RtTable) -> Self {
        self.table = Some(table);
        self
    }

    /// Only those that this program made.
    pub const fn protocol(mut self, protocol: RtProt) -> Self {
        self.protocol = Some(protocol);
        self
    }

    /// Only those that do this.
    pub const fn kind(mut self, kind: Rtn) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Only those with a next hop through the interface with this index. If
    /// there is none, the kernel refuses the dump.
    pub const fn oif(mut self, index: u32) -> Self {
        self.oif = Some(index);
        self
    }

    /// Those of these types, which have no interface, that parts by interface would
    /// leave out; `None` if it cannot be parted so.
    pub(crate) fn kinds_without_link(self, nowhere: &[Rtn]) -> Option<&[Rtn]> {
        let is_nowhere = self.kind.is_some_and(|kind| nowhere.contains(&kind));
        match self.family {
            _ if self.oif.is_some() => None,
            IPV4 if self.kind.is_none() => Some(nowhere),
            IPV4 if !is_nowhere => Some(&[]),
            IPV6 => Some(&[]),
            _ => None,
        }
    }
}

impl sealed::Table for Routes {
    fn request(&self) -> Result<Vec<u8>> {
        let header = RtMsg {
            family: self.family,
            protocol: self.protocol.unwrap_or_default(),
            kind: self.kind.unwrap_or_default(),
            ..RtMsg::default()
        };
        let mut buf = [0; REQUEST];
        let mut writer = Route::writer(&mut buf, Rtm::GETROUTE, NlmFlags::DUMP, &header);
        if let Some(table) = self.table {
            writer.push(RouteAttr::Table(table));
        }
        if let Some(oif) = self.oif {
            writer.push(RouteAttr::Oif(oif));
        }
        writer.finish().map(|request| request.to_vec())
    }

    fn kind(&self) -> Option<u16> {
        Some(Rtm::NEWROUTE.0)
    }

    fn groups(&self) -> Vec<u32> {
        // A route can vanish without an event of its own: with its interface,
        // its source address, or its nexthop object.
        let groups: &[RtnlGrp] = match self.family {
            IPV4 => &[RtnlGrp::IPV4_ROUTE, RtnlGrp::IPV4_IFADDR],
            IPV6 => &[RtnlGrp::IPV6_ROUTE, RtnlGrp::IPV6_IFADDR],
            MPLS => &[RtnlGrp::MPLS_ROUTE],
            _ => &[
                RtnlGrp::IPV4_ROUTE,
                RtnlGrp::IPV6_ROUTE,
                RtnlGrp::MPLS_ROUTE,
                RtnlGrp::IPV4_MROUTE,
                RtnlGrp::IPV6_MROUTE,
                RtnlGrp::PHONET_ROUTE,
                RtnlGrp::IPV4_IFADDR,
                RtnlGrp::IPV6_IFADDR,
            ],
        };
        groups.iter().chain(&[RtnlGrp::LINK, RtnlGrp::NEXTHOP]).map(|group| group.0).collect()
    }

    fn is_whole(&self) -> bool {
        *self == Self::of(self.family)
    }

    fn family(&self) -> u8 {
        self.family
    }

    /// The kernel takes 0 for no filter.
    fn is_filtered(&self, _strict: bool, told: bool) -> bool {
        let Self { table, protocol, kind, .. } = *self;
        let asks_for_0 = table == Some(RtTable::UNSPEC)
            || protocol == Some(RtProt::UNSPEC)
            || kind == Some(Rtn::UNSPEC);
        told && !asks_for_0
    }
}

impl Table for Routes {
    type Entry<'a> = Route<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Route<'a>> {
        Route::parse(message)
    }

    fn matches(&self, route: &Route<'_>) -> Result<Option<bool>> {
        let mut through = self.oif.is_none();
        if let Some(oif) = self.oif {
            for hop in route.next_hops()? {
                through |= hop?.header.ifindex as u32 == oif;
            }
        }
        Ok(Some(
            through
                && passes(self.table, Some(route.table()?))
                && passes(self.protocol, Some(route.header.protocol))
                && passes(self.kind, Some(route.header.kind)),
        ))
    }
}

/// Neighbours: addresses of the link layer. A dump of them is never proven, for
/// the kernel makes some without an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Neighs {
    family: u8,
    index: Option<u32>,
    master: Option<u32>,
    proxy: bool,
}

impl Neighs {
    const fn of(family: u8) -> Self {
        Self { family, index: None, master: None, proxy: false }
    }

    /// The neighbours of IPv4.
    pub const fn ipv4() -> Self {
        Self::of(IPV4)
    }

    /// The neighbours of IPv6.
    pub const fn ipv6() -> Self {
        Self::of(IPV6)
    }

    /// Entries of forwarding databases: those of bridges, and those that links
    /// have of their own.
    pub const fn bridge() -> Self {
        Self::of(BRIDGE)
    }

    /// Only those of the interface with this index.
    pub const fn index(mut self, index: u32) -> Self {
        self.index = Some(index);
        self
    }

    /// Only those of the ports of the bridge, bond or VRF with this index.
    pub const fn master(mut self, index: u32) -> Self {
        self.master = Some(index);
        self
    }

    /// The addresses that the kernel answers for, rather than the neighbours.
    pub const fn proxy(mut self) -> Self {
        self.proxy = true;
        self
    }
}

impl sealed::Table for Neighs {
    fn request(&self) -> Result<Vec<u8>> {
        let flags = if self.proxy { Ntf::PROXY } else { Ntf::default() };
        let header = NdMsg { family: self.family, flags, ..NdMsg::default() };
        let mut buf = [0; REQUEST];
        let mut writer = Neigh::writer(&mut buf, Rtm::GETNEIGH, NlmFlags::DUMP, &header);
        if let Some(index) = self.index {
            writer.push(NeighAttr::IfIndex(index));
        }
        if let Some(master) = self.master {
            writer.push(NeighAttr::Master(master));
        }
        writer.finish().map(|request| request.to_vec())
    }

    fn kind(&self) -> Option<u16> {
        Some(Rtm::NEWNEIGH.0)
    }

    fn groups(&self) -> Vec<u32> {
        Vec::new()
    }

    fn is_whole(&self) -> bool {
        self.index.is_none() && self.master.is_none()
    }

    /// Of forwarding databases, the kernel never says so.
    fn is_filtered(&self, strict: bool, told: bool) -> bool {
        told || strict && self.family == BRIDGE
    }
}

impl Table for Neighs {
    type Entry<'a> = Neigh<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Neigh<'a>> {
        Neigh::parse(message)
    }

    fn matches(&self, neigh: &Neigh<'_>) -> Result<Option<bool>> {
        if !passes(self.index, Some(neigh.header.ifindex as u32)) {
            return Ok(Some(false));
        }
        // The master does not show in an entry.
        Ok(self.master.is_none().then_some(true))
    }
}

/// Routing policy rules. The kernel filters them by family alone.
///
/// By default they are those of all families, for some of which the kernel sends
/// no events: only the rules of one family can be proven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Rules {
    family: u8,
}

impl Rules {
    /// The rules of IPv4.
    pub const fn ipv4() -> Self {
        Self { family: IPV4 }
    }

    /// The rules of IPv6.
    pub const fn ipv6() -> Self {
        Self { family: IPV6 }
    }
}

impl sealed::Table for Rules {
    fn request(&self) -> Result<Vec<u8>> {
        let header = FibRuleHdr { family: self.family, ..FibRuleHdr::default() };
        let mut buf = [0; REQUEST];
        let request = Rule::writer(&mut buf, Rtm::GETRULE, NlmFlags::DUMP, &header).finish()?;
        Ok(request.to_vec())
    }

    fn kind(&self) -> Option<u16> {
        Some(Rtm::NEWRULE.0)
    }

    fn groups(&self) -> Vec<u32> {
        // Links: whether a rule's interface exists shows in it.
        match self.family {
            IPV4 => vec![RtnlGrp::IPV4_RULE.0, RtnlGrp::LINK.0],
            IPV6 => vec![RtnlGrp::IPV6_RULE.0, RtnlGrp::LINK.0],
            _ => Vec::new(),
        }
    }

    fn is_whole(&self) -> bool {
        true
    }
}

impl Table for Rules {
    type Entry<'a> = Rule<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Rule<'a>> {
        Rule::parse(message)
    }

    fn matches(&self, _: &Rule<'_>) -> Result<Option<bool>> {
        Ok(Some(true))
    }
}

/// Nexthop objects. Since Linux 5.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Nexthops {
    oif: Option<u32>,
    master: Option<u32>,
    groups: bool,
    fdb: bool,
}

impl Nexthops {
    /// Only those through the interface with this index.
    pub const fn oif(mut self, index: u32) -> Self {
        self.oif = Some(index);
        self
    }

    /// Only those through a port of the bridge, bond or VRF with this index.
    pub const fn master(mut self, index: u32) -> Self {
        self.master = Some(index);
        self
    }

    /// Only groups of nexthop objects.
    pub const fn groups(mut self) -> Self {
        self.groups = true;
        self
    }

    /// Only those for entries of bridges.
    pub const fn fdb(mut self) -> Self {
        self.fdb = true;
        self
    }
}

impl sealed::Table for Nexthops {
    fn request(&self) -> Result<Vec<u8>> {
        let mut buf = [0; REQUEST];
        let header = NhMsg { family: UNSPEC, ..NhMsg::default() };
        let mut writer = Nexthop::writer(&mut buf, Rtm::GETNEXTHOP, NlmFlags::DUMP, &header);
        if let Some(oif) = self.oif {
            writer.push(NexthopAttr::Oif(oif));
        }
        if let Some(master) = self.master {
            writer.push(NexthopAttr::Master(master));
        }
        if self.groups {
            writer.push(NexthopAttr::Groups(()));
        }
        if self.fdb {
            writer.push(NexthopAttr::Fdb(()));
        }
        writer.finish().map(|request| request.to_vec())
    }

    fn kind(&self) -> Option<u16> {
        Some(Rtm::NEWNEXTHOP.0)
    }

    fn groups(&self) -> Vec<u32> {
        // Those through an interface vanish with it, without an event.
        vec![RtnlGrp::NEXTHOP.0, RtnlGrp::LINK.0]
    }

    // Every kernel that has nexthop objects heeds these filters, or refuses
    // them; none says so with a flag.
    fn is_whole(&self) -> bool {
        true
    }
}

impl Table for Nexthops {
    type Entry<'a> = Nexthop<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Nexthop<'a>> {
        Nexthop::parse(message)
    }

    fn matches(&self, _: &Nexthop<'_>) -> Result<Option<bool>> {
        Ok(Some(true))
    }
}

/// What any other request for data returns, as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Raw {
    request: Vec<u8>,
    groups: Vec<u32>,
}

impl Raw {
    /// What this request returns, which has `NLM_F_DUMP`.
    pub fn new(request: &[u8]) -> Self {
        Self { request: request.to_vec(), groups: Vec::new() }
    }

    /// The groups of `NETLINK_ROUTE` that hear of every change, that of the
    /// table itself first. Without any, the dump is never proven.
    pub fn groups(mut self, groups: impl IntoIterator<Item: Into<u32>>) -> Self {
        self.groups = groups.into_iter().map(Into::into).collect();
        self
    }
}

impl sealed::Table for Raw {
    fn request(&self) -> Result<Vec<u8>> {
        Ok(self.request.clone())
    }

    fn kind(&self) -> Option<u16> {
        None
    }

    fn groups(&self) -> Vec<u32> {
        self.groups.clone()
    }

    fn is_whole(&self) -> bool {
        true
    }
}

impl Table for Raw {
    type Entry<'a> = Message<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Message<'a>> {
        Ok(message)
    }

    fn matches(&self, _: &Message<'_>) -> Result<Option<bool>> {
        Ok(Some(true))
    }
}
