//! When two messages are about the same object, and when they say the same of it.

use std::hash::{Hash, Hasher};

use netlink_wire::{
    Addr, Attribute, LlAddr, Message, Nlas, Result,
    addr::{AddrAttr, Address},
    link::Link,
    neigh::{Neigh, NeighAttr, Nud},
    nexthop::{Nexthop, NexthopAttr},
    route::{NextHop, Route, RouteAddr, RouteAttr, RtMsg, RtTable, RtmFlags, RtnhFlags},
    rule::{FibRuleFlags, FibRuleHdr, Rule, RuleAttr},
    walk::{Content, Entry, Walk},
};

use super::object::{Object, Table};

/// Attributes that change by themselves, or of which only some messages tell. A
/// difference in them alone is no change of an object.
pub const VOLATILE: &[&str] = &[
    // Counters.
    "IFLA_STATS",
    "IFLA_STATS64",
    "IFLA_CARRIER_CHANGES",
    "IFLA_CARRIER_UP_COUNT",
    "IFLA_CARRIER_DOWN_COUNT",
    "IFLA_INFO_XSTATS",
    "IFLA_INET6_STATS",
    "IFLA_INET6_ICMP6STATS",
    "IFLA_BOND_SLAVE_LINK_FAILURE_COUNT",
    "IFLA_BR_FDB_N_LEARNED",
    "IFLA_BRPORT_MCAST_EHT_HOSTS_CNT",
    "IFLA_BRPORT_MCAST_N_GROUPS",
    "IFLA_CAN_BERR_COUNTER",
    "IFLA_HSR_SEQ_NR",
    "NHA_GROUP_STATS",
    "NHA_HW_STATS_USED",
    "NDA_PROBES",
    "SEG6_LOCAL_COUNTERS",
    // Ages and timers.
    "IFLA_INET6_CACHEINFO",
    "IFLA_BR_HELLO_TIMER",
    "IFLA_BR_TCN_TIMER",
    "IFLA_BR_TOPOLOGY_CHANGE_TIMER",
    "IFLA_BR_GC_TIMER",
    "BRIDGE_QUERIER_IP_OTHER_TIMER",
    "BRIDGE_QUERIER_IPV6_OTHER_TIMER",
    "IFLA_BRPORT_MESSAGE_AGE_TIMER",
    "IFLA_BRPORT_FORWARD_DELAY_TIMER",
    "IFLA_BRPORT_HOLD_TIMER",
    "IFA_CACHEINFO",
    "RTA_CACHEINFO",
    "RTA_EXPIRES",
    "NDA_CACHEINFO",
    "NHA_RES_GROUP_UNBALANCED_TIME",
    // What IPv6 makes of a link: no event of the link tells.
    "IFLA_INET6_FLAGS",
    // What an event is about.
    "IFLA_EVENT",
    "IFLA_EXT_MASK",
    "RTA_DEL_REASON",
];

/// The attributes that tell where a route leads.
const HOPS: &[&str] =
    &["RTA_OIF", "RTA_GATEWAY", "RTA_VIA", "RTA_MULTIPATH", "RTA_ENCAP", "RTA_ENCAP_TYPE"];

/// Flags of a route that tell how it fares, and not which one it is.
const FARES: [RtmFlags; 4] =
    [RtmFlags::NOTIFY, RtmFlags::OFFLOAD, RtmFlags::TRAP, RtmFlags::OFFLOAD_FAILED];

/// The same of a next hop.
const HOP_FARES: &[RtnhFlags] =
    &[RtnhFlags::DEAD, RtnhFlags::OFFLOAD, RtnhFlags::LINKDOWN, RtnhFlags::TRAP];

/// What the kernel tells objects of a table apart by. Where it keeps several
/// with one key, they are a list; [`is_alike`] tells those apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key<'a> {
    Link(i32),
    Addr(u8, u32, Option<Addr<'a>>, Option<(u8, Addr<'a>)>),
    Nexthop(u32),
    /// A destination: routes to it with another prefix length, type of service or
    /// metric are in the same leaf of the kernel's trie.
    Ipv4(RtTable, Addr<'a>),
    Ipv6(RtTable, (Addr<'a>, u8), (Addr<'a>, u8), u32),
    Mpls(&'a [u8]),
    Neigh(u8, i32, Option<Addr<'a>>),
    /// An entry of a bridge: it may move from one port to another.
    FdbOfMaster(u32, LlAddr<'a>, Option<u16>),
    /// An entry of the link itself, which may lead to several remote ends.
    FdbOfSelf(i32, LlAddr<'a>, Option<u16>, Option<u32>),
    /// All of the rule.
    Rule(u8, u8, u8, u8, u8, u32, Said<'a>),
}

/// The attributes of a rule. Where these must lie at even addresses, there is padding between them, or
/// none, depending on where the message lies in its datagram.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a>(&'a [u8]);

impl<'a> Said<'a> {
    fn nlas(self) -> impl Iterator<Item = (u16, &'a [u8])> {
        let nlas = Nlas::new(self.0, 0).map_while(Result::ok);
        let nlas = nlas.map(|nla| (nla.code(), nla.payload()));
        nlas.filter(|(code, _)| *code != RuleAttr::Pad(&[]).code())
    }
}

impl PartialEq for Said<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.nlas().eq(other.nlas())
    }
}

impl Eq for Said<'_> {}

impl Hash for Said<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.nlas().for_each(|nla| nla.hash(state));
    }
}

/// The key of the object that a message is about.
///
/// # Errors
///
/// What tells it cannot be read.
pub(super) fn key(table: Table, message: Message<'_>) -> Result<Key<'_>> {
    Ok(match table {
        Table::Links => Key::Link(Link::parse(message)?.header.index),
        Table::Addrs => {
            let addr = Address::parse(message)?;
            let header = addr.header;
            let network = match header.family {
                // An address is on a link once.
                IPV6 => None,
                _ => addr.get(AddrAttr::Address)?.map(|network| (header.prefixlen, network)),
            };
            Key::Addr(header.family, header.index, addr.local()?, network)
        }
        Table::Nexthops => {
            Key::Nexthop(Nexthop::parse(message)?.get(NexthopAttr::Id)?.unwrap_or_default())
        }
        Table::Ipv4Routes => {
            let route = Route::parse(message)?;
            Key::Ipv4(route.table()?, destination(&route)?)
        }
        Table::Ipv6Routes => {
            let route = Route::parse(message)?;
            let (source, metric) = (route.source()?, route.get(RouteAttr::Priority)?);
            Key::Ipv6(
                route.table()?,
                (destination(&route)?, route.header.dst_len),
                (source.addr, source.len),
                metric.unwrap_or_default(),
            )
        }
        Table::MplsRoutes => match Route::parse(message)?.get(RouteAttr::Dst)? {
            Some(RouteAddr::Labels(labels)) => Key::Mpls(labels.as_bytes()),
            _ => Key::Mpls(&[]),
        },
        Table::Neighs => {
            let neigh = Neigh::parse(message)?;
            let header = neigh.header;
            Key::Neigh(header.family, header.ifindex, neigh.get(NeighAttr::Dst)?)
        }
        Table::Fdb => {
            let neigh = Neigh::parse(message)?;
            let lladdr = neigh.get(NeighAttr::LlAddr)?.unwrap_or(LlAddr(&[]));
            let vlan = neigh.get(NeighAttr::Vlan)?;
            match neigh.get(NeighAttr::Master)? {
                Some(master) => Key::FdbOfMaster(master, lladdr, vlan),
                None => {
                    let vni = neigh.get(NeighAttr::SrcVni)?;
                    Key::FdbOfSelf(neigh.header.ifindex, lladdr, vlan, vni)
                }
            }
        }
        Table::Ipv4Rules | Table::Ipv6Rules => {
            /// Flags that tell how it fares.
            const FARES: [FibRuleFlags; 3] =
                [FibRuleFlags::UNRESOLVED, FibRuleFlags::IIF_DETACHED, FibRuleFlags::OIF_DETACHED];
            let rule = Rule::parse(message)?;
            let FibRuleHdr { dst_len, src_len, tos, table, action, flags, .. } = rule.header;
            let flags = FARES.into_iter().fold(flags, FibRuleFlags::without).0;
            Key::Rule(dst_len, src_len, tos, table, action.0, flags, Said(rule.attrs.as_bytes()))
        }
    })
}

const IPV6: u8 = nix::libc::AF_INET6 as u8;

fn destination<'a>(route: &Route<'a>) -> Result<Addr<'a>> {
    Ok(match route.destination()?.addr {
        RouteAddr::Addr(addr) => addr,
        _ => Addr::Other(&[]),
    })
}

/// Of two objects with one key: whether one can take the other's place, so that
/// the object changed, rather than one going and another coming.
pub(super) fn is_related(table: Table, a: &Object, b: &Object) -> bool {
    match table {
        Table::Ipv4Routes => rank(a.message()) == rank(b.message()),
        _ => true,
    }
}

/// What tells the IPv4 routes to one destination apart; of those with the same,
/// the first is used.
pub(super) fn rank(message: Message<'_>) -> Option<(u8, u8, Option<u32>)> {
    let route = Route::parse(message).ok()?;
    Some((route.header.dst_len, route.header.tos, route.get(RouteAttr::Priority).ok()?))
}

/// Of two objects with one key: whether they are the same one, which may have
/// changed.
pub(super) fn is_alike(table: Table, a: Message<'_>, b: Message<'_>) -> bool {
    if a.payload == b.payload {
        return true;
    }
    match table {
        Table::Ipv4Routes => is_same_route(a, b).unwrap_or(false),
        Table::Ipv6Routes => {
            let alike = || -> Result<bool> {
                let (a, b) = (Route::parse(a)?, Route::parse(b)?);
                if a.header.kind != b.header.kind {
                    return Ok(false);
                }
                let ids = (a.get(RouteAttr::NhId)?, b.get(RouteAttr::NhId)?);
                Ok(match ids {
                    (None, None) => covers(&a, &b)? && covers(&b, &a)?,
                    (a, b) => a == b,
                })
            };
            alike().unwrap_or(false)
        }
        Table::Fdb => {
            let remote = |message| {
                let neigh = Neigh::parse(message)?;
                if neigh.get(NeighAttr::Master)?.is_some() {
                    return Ok(None);
                }
                Ok::<_, netlink_wire::Error>(Some((
                    neigh.get(NeighAttr::Dst)?,
                    neigh.get(NeighAttr::Port)?.map(|port| port.get()),
                    neigh.get(NeighAttr::Vni)?,
                    neigh.get(NeighAttr::IfIndex)?,
                    neigh.get(NeighAttr::NhId)?,
                )))
            };
            remote(a) == remote(b)
        }
        _ => true,
    }
}

/// Whether two IPv4 routes to one destination are the same one.
fn is_same_route(a: Message<'_>, b: Message<'_>) -> Result<bool> {
    let header = |route: &Route<'_>| {
        // The low byte has those of the next hop.
        let of_hop = HOP_FARES.iter().map(|flags| RtmFlags(flags.0.into()));
        let flags = FARES.into_iter().chain(of_hop).fold(route.header.flags, RtmFlags::without);
        RtMsg { flags, ..route.header }
    };
    let (route, other) = (Route::parse(a)?, Route::parse(b)?);
    let ids = (route.get(RouteAttr::NhId)?, other.get(RouteAttr::NhId)?);
    // Where a nexthop object leads to is its own affair.
    let skip = if ids.0.is_some() && ids.0 == ids.1 { HOPS } else { &[] };
    let hop_flags = HOP_FARES;
    Ok(header(&route) == header(&other)
        && same_attrs(Walk::rtnl(a), Walk::rtnl(b), &Compare { skip, hop_flags }))
}

/// Whether two IPv6 routes say the same of all but where they lead.
pub(super) fn is_same_but_for_hops(a: Message<'_>, b: Message<'_>) -> Result<bool> {
    let header = |message| -> Result<_> {
        // Those of its next hop are a route's, too, if it has but one.
        Ok(RtMsg { flags: RtmFlags(0), ..Route::parse(message)?.header })
    };
    let rest = Compare { skip: HOPS, hop_flags: HOP_FARES };
    Ok(header(a)? == header(b)? && same_attrs(Walk::rtnl(a), Walk::rtnl(b), &rest))
}

/// Whether an IPv6 route has every next hop of another one.
pub(super) fn covers(all: &Route<'_>, some: &Route<'_>) -> Result<bool> {
    for hop in some.next_hops()? {
        let hop = hop?;
        let mut found = false;
        for other in all.next_hops()? {
            found |= is_same_hop(&hop, &other?)?;
        }
        if !found {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What the kernel tells IPv6 next hops apart by.
fn is_same_hop(a: &NextHop<'_>, b: &NextHop<'_>) -> Result<bool> {
    Ok(a.header.ifindex == b.header.ifindex && a.gateway()? == b.gateway()? && same_encap(a, b)?)
}

/// Whether packets are encapsulated in the same way, whatever was counted.
fn same_encap(a: &NextHop<'_>, b: &NextHop<'_>) -> Result<bool> {
    fn encap<'a>(hop: &NextHop<'a>) -> Option<Entry<'a>> {
        let attrs = Walk::new(RouteAttr::SCHEMA, hop.attrs.raw()).flatten();
        attrs.filter(|entry| entry.name() == Some("RTA_ENCAP")).last()
    }
    let all = Compare { skip: &[], hop_flags: &[] };
    Ok(a.attrs.get(RouteAttr::EncapType)? == b.attrs.get(RouteAttr::EncapType)?
        && match (encap(a), encap(b)) {
            (Some(a), Some(b)) => {
                a.nla.payload() == b.nla.payload() || same_content(a.content(), b.content(), &all)
            }
            (a, b) => a.is_none() && b.is_none(),
        })
}

/// Whether two messages say the same of an object, as far as it does not change
/// by itself: all but [`VOLATILE`] attributes, and the header of the message.
/// The next hops of an IPv6 route are a set.
pub(super) fn is_same(table: Table, a: Message<'_>, b: Message<'_>) -> bool {
    if a.payload == b.payload {
        return true;
    }
    let all = Compare { skip: &[], hop_flags: &[] };
    let same_rest = || same_attrs(Walk::rtnl(a), Walk::rtnl(b), &all);
    let same = || -> Result<bool> {
        Ok(match table {
            Table::Fdb => {
                let state = |state: Nud| match state {
                    // A learned address grows stale without an event.
                    Nud::STALE => Nud::REACHABLE,
                    // The event of a link's own entry has what was asked for.
                    state if state.contains(Nud::PERMANENT) => Nud::PERMANENT,
                    state => state,
                };
                let (mut a, mut b) = (Neigh::parse(a)?.header, Neigh::parse(b)?.header);
                (a.state, b.state) = (state(a.state), state(b.state));
                a == b && same_rest()
            }
            Table::Ipv6Routes => {
                let (route, other) = (Route::parse(a)?, Route::parse(b)?);
                if route.header != other.header {
                    return Ok(false);
                }
                let skip = &["RTA_MULTIPATH"];
                let rest = Compare { skip, hop_flags: &[] };
                same_attrs(Walk::rtnl(a), Walk::rtnl(b), &rest)
                    && has_all(&route, &other)?
                    && has_all(&other, &route)?
            }
            _ => {
                let len = fixed(table);
                a.payload.get(..len) == b.payload.get(..len) && same_rest()
            }
        })
    };
    same().unwrap_or(false)
}

/// Length of the fixed header; of a link's, without the flags that an event is about, which end it.
fn fixed(table: Table) -> usize {
    match table {
        Table::Addrs | Table::Nexthops => 8,
        _ => 12,
    }
}

/// Whether every next hop of one set is in another one, with the same flags and weight.
fn has_all(all: &Route<'_>, some: &Route<'_>) -> Result<bool> {
    let (Some(all), Some(some)) = (all.get(RouteAttr::Multipath)?, some.get(RouteAttr::Multipath)?)
    else {
        return Ok(true);
    };
    for hop in some.iter() {
        let hop = hop?;
        let mut found = false;
        for other in all.iter() {
            let other = other?;
            let same = (hop.header.flags, hop.header.hops)
                == (other.header.flags, other.header.hops)
                && is_same_hop(&hop, &other)?;
            found |= same;
        }
        if !found {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How to compare attributes, beside leaving out those that are volatile.
struct Compare {
    /// Further names to leave out.
    skip: &'static [&'static str],
    /// Flags of next hops to leave out.
    hop_flags: &'static [RtnhFlags],
}

fn same_attrs(a: Walk<'_>, b: Walk<'_>, how: &Compare) -> bool {
    let is_left_out = |name| {
        // Padding depends on where the message lies in its datagram.
        VOLATILE.contains(&name) || how.skip.contains(&name) || name.ends_with("_PAD")
    };
    let counts = |entry: &Result<Entry<'_>>| match entry {
        Ok(entry) => !entry.name().is_some_and(is_left_out),
        Err(_) => true,
    };
    let (mut a, mut b) = (a.filter(counts), b.filter(counts));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(Ok(a)), Some(Ok(b))) if a.nla.code() == b.nla.code() => {
                if a.nla.payload() != b.nla.payload()
                    && !same_content(a.content(), b.content(), how)
                {
                    return false;
                }
            }
            // What is broken is the same as nothing else.
            _ => return false,
        }
    }
}

fn same_content(a: Content<'_>, b: Content<'_>, how: &Compare) -> bool {
    match (a, b) {
        (Content::Attrs(a), Content::Attrs(b)) => same_attrs(a, b, how),
        (Content::Records(a), Content::Records(b)) => {
            let (a, b): (Vec<_>, Vec<_>) = (a.collect(), b.collect());
            a.len() == b.len()
                && a.into_iter().zip(b).all(|(a, b)| match (a, b) {
                    (Ok(a), Ok(b)) => {
                        same_head(a.bytes, b.bytes, how.hop_flags)
                            && same_attrs(a.attrs, b.attrs, how)
                    }
                    _ => false,
                })
        }
        _ => false,
    }
}

/// Compares what starts two next hops: flags, weight, interface.
fn same_head(a: &[u8], b: &[u8], ignored: &[RtnhFlags]) -> bool {
    let known = |flags: &u8| ignored.iter().copied().fold(RtnhFlags(*flags), RtnhFlags::without);
    match (a, b) {
        ([_, _, a_flags, a @ ..], [_, _, b_flags, b @ ..]) => {
            known(a_flags) == known(b_flags) && a.get(..5) == b.get(..5)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use super::*;

    /// Else all rules would be in one list.
    #[test]
    fn rules_have_hashes_of_what_they_say() {
        let attr = |code: u16, payload: &[u8]| {
            let header = [(4 + payload.len() as u16).to_ne_bytes(), code.to_ne_bytes()];
            [&header.concat(), payload].concat()
        };
        let priority = |number: u32| attr(RuleAttr::Priority(0).code(), &number.to_ne_bytes());
        let padded = [priority(1), attr(RuleAttr::Pad(&[]).code(), &[])].concat();
        let state = RandomState::new();
        let hash = |attrs: &[u8]| state.hash_one(Said(attrs));
        assert_ne!(hash(&priority(1)), hash(&priority(2)));
        assert_eq!(hash(&priority(1)), hash(&padded));
    }
}
