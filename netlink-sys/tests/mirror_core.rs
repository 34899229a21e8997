//! What the core of a mirror makes of single messages: which are about one object,
//! what changed, and what is to be read again.

mod common;

use std::{net::IpAddr, time::Duration};

use common::nla;
use netlink_sys::{
    Lost, Retry,
    mirror::{Change, Core, Dumped, Object, Reason, Table, Tables, Verdict},
};
use netlink_wire::{
    Addr, LlAddr, Message, Messages, Nla, NlmFlags, Pod, Rtm, Whole, Writer,
    addr::{AddrAttr, IfAddrMsg, IfaCacheInfo},
    link::{BrAttr, IfInfoMsg, IfOper, Iff, InfoAttr, InfoData, Link, LinkAttr},
    neigh::{NdMsg, NeighAttr, Ntf, Nud},
    nexthop::{NexthopAttr, NhMsg},
    route::{
        Encap, Route, RouteAddr, RouteAttr, RouterPref, RtMsg, RtNextHop, RtProt, RtScope, RtTable,
        RtmFlags, Rtn, RtnhFlags,
        encap::{Seg6LocalAction, Seg6LocalAttr, Seg6LocalCntAttr},
    },
    rule::{FibRuleFlags, FibRuleHdr, FrAct, Rule, RuleAttr},
};

/// A message without flags, and the attributes that `fill` pushes.
fn message<S>(
    kind: Rtm,
    header: &impl Pod,
    fill: impl FnOnce(&mut Writer<'_, S, Whole>),
) -> Vec<u8> {
    flagged(kind, NlmFlags(0), header, fill)
}

fn flagged<S>(
    kind: Rtm,
    flags: NlmFlags,
    header: &impl Pod,
    fill: impl FnOnce(&mut Writer<'_, S, Whole>),
) -> Vec<u8> {
    let mut buf = [0; 512];
    let mut writer = Writer::new(&mut buf, kind.0, flags, header);
    fill(&mut writer);
    writer.finish().unwrap().to_vec()
}

/// A message about the link with this index.
fn link(
    kind: Rtm,
    index: i32,
    fill: impl FnOnce(&mut Writer<'_, LinkAttr<'static>, Whole>),
) -> Vec<u8> {
    message(kind, &IfInfoMsg { index, ..IfInfoMsg::default() }, fill)
}

/// A neighbour on the link with index 3.
fn neigh(kind: Rtm, addr: &str, lladdr: &[u8]) -> Vec<u8> {
    let addr: IpAddr = addr.parse().unwrap();
    let family = if addr.is_ipv4() { 2 } else { 10 };
    message(kind, &NdMsg { family, ifindex: 3, ..NdMsg::default() }, |neigh| {
        neigh.push(NeighAttr::Dst(addr.into())).push(NeighAttr::LlAddr(LlAddr(lladdr)));
    })
}

fn nexthop(kind: Rtm, id: u32) -> Vec<u8> {
    message(kind, &NhMsg { family: 2, ..NhMsg::default() }, |nexthop| {
        nexthop.push(NexthopAttr::Id(id)).push(NexthopAttr::Oif(3));
    })
}

/// An IPv4 route to 192.0.2.0, and what else it has.
fn ipv4_route(
    kind: Rtm,
    flags: NlmFlags,
    fill: impl FnOnce(&mut Writer<'_, RouteAttr<'static>, Whole>),
) -> Vec<u8> {
    let header =
        RtMsg { family: 2, dst_len: 24, table: 254, kind: Rtn::UNICAST, ..RtMsg::default() };
    flagged(kind, flags, &header, |route| {
        route.push(RouteAttr::Dst(RouteAddr::Addr([192, 0, 2, 0].into())));
        fill(route);
    })
}

/// A rule of this family that does this.
fn rule(
    kind: Rtm,
    family: u8,
    action: FrAct,
    fill: impl FnOnce(&mut Writer<'_, RuleAttr<'static>, Whole>),
) -> Vec<u8> {
    message(kind, &FibRuleHdr { family, action, ..FibRuleHdr::default() }, fill)
}

fn read(bytes: &[u8]) -> Message<'_> {
    Messages::new(bytes).next().unwrap().unwrap()
}

fn all() -> Tables {
    Table::ALL.into_iter().collect()
}

/// Reads what is due, of tables that have these entries.
fn read_again(core: &mut Core, entries: &[&[u8]]) -> Verdict {
    for table in core.begin().iter() {
        dump(core, table, entries);
    }
    core.finish()
}

fn dump(core: &mut Core, table: Table, entries: &[&[u8]]) {
    entries.iter().for_each(|entry| core.entry(table, read(entry)));
    core.dumped(table, Dumped::Whole);
}

/// A mirror in step with tables that have these entries.
fn synced(tables: impl Into<Tables>, entries: &[&[u8]]) -> Core {
    let mut core = Core::new(tables.into(), Retry::NEVER);
    assert_eq!(read_again(&mut core, entries), Verdict::Synced);
    signs(&mut core);
    core
}

/// What there is to tell, a sign for each.
fn signs(core: &mut Core) -> String {
    let changes = std::iter::from_fn(|| core.next_change());
    let sign = |change: Change| match change {
        Change::Added { .. } => '+',
        Change::Changed { .. } => '~',
        Change::Removed { .. } => '-',
        Change::Lost { .. } => '!',
        Change::Synced { .. } => '=',
        _ => '?',
    };
    changes.map(sign).collect()
}

/// What an event makes of a table that had these entries, and whether it has to be read again.
fn after(table: Table, entries: &[&[u8]], event: &[u8]) -> (String, usize, bool) {
    let mut core = synced(table, entries);
    core.event(read(event));
    (signs(&mut core), core.len(table), core.due().contains(table))
}

/// The table has so many objects then, and needs no more.
fn clear(signs: &str, len: usize) -> (String, usize, bool) {
    (signs.to_owned(), len, false)
}

/// Nothing was done, for it has to be read again.
fn unclear(len: usize) -> (String, usize, bool) {
    (String::new(), len, true)
}

/// What comes due by an event, where tables have these entries.
fn due_by(entries: &[&[u8]], event: &[u8], reason: Reason) -> Vec<Table> {
    let mut core = synced(all(), entries);
    core.event(read(event));
    let due: Vec<_> = core.due().iter().collect();
    assert_eq!(core.stats().due(reason), due.len() as u64);
    due
}

/// The tables that depend on links.
const OF_LINKS: [Table; 7] = [
    Table::Addrs,
    Table::Nexthops,
    Table::Ipv4Routes,
    Table::Ipv6Routes,
    Table::MplsRoutes,
    Table::Neighs,
    Table::Fdb,
];

#[test]
fn what_was_chosen_is_shown() {
    let link = link(Rtm::NEWLINK, 3, |_| {});
    let near = neigh(Rtm::NEWNEIGH, "192.0.2.1", &[2, 0, 0, 0, 0, 1]);
    let far = neigh(Rtm::NEWNEIGH, "fe80::1", &[2, 0, 0, 0, 0, 2]);
    let core = synced(Table::Neighs, &[&link, &near, &far]);
    assert_eq!(core.tables(), Table::Neighs.into());
    let found = |index, addr: &str| core.neigh(index, addr.parse().unwrap()).map(Object::as_bytes);
    assert_eq!(found(3, "192.0.2.1"), Some(&near[..]));
    assert_eq!(found(3, "fe80::1"), Some(&far[..]));
    assert_eq!((found(3, "192.0.2.2"), found(4, "fe80::1")), (None, None));
    assert_eq!((core.len(Table::Neighs), core.iter(Table::Neighs).count()), (2, 2));
    // Links are read for the sake of the others.
    assert_eq!(core.kept(), Tables::from(Table::Neighs).with(Table::Links));
    assert_eq!((core.len(Table::Links), core.iter(Table::Links).count()), (0, 0));
    assert_eq!((core.link(3), core.nexthop(7)), (None, None));

    let core = synced(Table::Links, &[&link, &near]);
    assert_eq!(core.link(3).map(Object::as_bytes), Some(&link[..]));
    assert_eq!((core.link(4), core.len(Table::Links)), (None, 1));
    assert!(core.neigh(3, "192.0.2.1".parse().unwrap()).is_none());

    let (one, other) = (nexthop(Rtm::NEWNEXTHOP, 7), nexthop(Rtm::NEWNEXTHOP, 8));
    let core = synced(Table::Nexthops, &[&one, &other]);
    assert_eq!(core.nexthop(7).map(Object::as_bytes), Some(&one[..]));
    assert_eq!(core.nexthop(9), None);

    let routes = [10, 20].map(|metric| {
        ipv4_route(Rtm::NEWROUTE, NlmFlags(0), |route| {
            route.push(RouteAttr::Priority(metric));
        })
    });
    let core = synced(Table::Ipv4Routes, &[&routes[0], &routes[1]]);
    let to = |table, octets: [u8; 4]| core.ipv4_routes_to(table, octets.into()).count();
    assert_eq!(to(RtTable::MAIN, [192, 0, 2, 0]), 2);
    assert_eq!((to(RtTable::LOCAL, [192, 0, 2, 0]), to(RtTable::MAIN, [192, 0, 2, 1])), (0, 0));
}

#[test]
fn a_round_goes_from_begin_to_finish() {
    let link = link(Rtm::NEWLINK, 3, |_| {});
    let mut core = Core::new(Table::Links.into(), Retry::NEVER);
    assert!(core.is_urgent() && !core.is_reading() && !core.has_change());
    assert_eq!((core.due(), core.generation()), (Table::Links.into(), 0));
    assert_eq!(core.begin(), Table::Links.into());
    assert!(!core.is_urgent() && core.is_reading() && core.due().is_empty());
    dump(&mut core, Table::Links, &[&link]);
    assert!(core.is_reading() && !core.has_change());
    assert_eq!((core.finish(), core.generation()), (Verdict::Synced, 1));
    assert!(!core.is_reading() && core.has_change());
    assert_eq!((signs(&mut core).as_str(), core.has_change()), ("+=", false));
    // What is asked for can wait for more, what was lost cannot.
    core.refresh(Table::Links.into());
    assert!(!core.is_urgent() && core.due().contains(Table::Links));
    core.refresh(Table::Links.into());
    assert_eq!(core.lost(Lost::Overflow), Verdict::Again(Duration::ZERO));
    assert!(core.is_urgent());
    assert_eq!(read_again(&mut core, &[&link]), Verdict::Synced);
    assert_eq!((signs(&mut core).as_str(), core.generation()), ("!=", 2));
    let stats = core.stats();
    assert_eq!((stats.dumps, stats.losses), (2, 1));
    let due = [Reason::Start, Reason::Asked, Reason::Lost].map(|reason| stats.due(reason));
    assert_eq!(due, [1, 1, 0], "it was due already");
    assert_eq!(core.lost(Lost::Overflow), Verdict::Again(Duration::ZERO));
    assert_eq!((core.stats().losses, core.stats().due(Reason::Lost)), (2, 1));
}

#[test]
fn what_cannot_be_read_is_counted_and_left_out() {
    // The index of a nexthop object is of four bytes.
    let broken = message::<NexthopAttr<'static>>(Rtm::NEWNEXTHOP, &NhMsg::default(), |nexthop| {
        nexthop.push_raw(Nla::new(1, &[1]));
    });
    let whole = nexthop(Rtm::NEWNEXTHOP, 7);
    let mut core = synced(Table::Nexthops, &[&broken, &whole, &broken]);
    assert_eq!((core.len(Table::Nexthops), core.stats().unreadable), (1, 2));
    core.event(read(&broken));
    core.event(read(&broken));
    assert_eq!((core.stats().events, core.stats().unreadable), (0, 4));
    core.event(read(&whole));
    core.event(read(&nexthop(Rtm::NEWNEXTHOP, 8)));
    assert_eq!((core.stats().events, core.len(Table::Nexthops)), (2, 2));
    assert!(core.due().is_empty());
}

#[test]
fn each_attempt_waits_longer_than_the_one_before() {
    let ms = Duration::from_millis;
    let retry = Retry { attempts: 4, backoff: ms(10), max_backoff: ms(25) };
    let mut core = Core::new(Table::Links.into(), retry);
    let fails = |core: &mut Core| {
        core.begin();
        core.dumped(Table::Links, Dumped::Failed);
        core.finish()
    };
    for pause in [10, 20, 25] {
        assert_eq!(fails(&mut core), Verdict::Again(ms(pause)));
    }
    // From then on there is one attempt at a time.
    for pause in [25, 50, 100, 200, 400, 400, 400] {
        assert_eq!(fails(&mut core), Verdict::Failed(ms(pause)));
    }
    assert_eq!((core.generation(), core.has_change()), (0, false));
    assert_eq!(core.stats().due(Reason::Failed), 10);
    // Once it was successful, it is patient again, and what there is stays in place.
    let link = link(Rtm::NEWLINK, 3, |_| {});
    assert_eq!(read_again(&mut core, &[&link]), Verdict::Synced);
    assert_eq!(signs(&mut core), "+=");
    core.refresh(Table::Links.into());
    for pause in [10, 20, 25] {
        assert_eq!(fails(&mut core), Verdict::Again(ms(pause)));
    }
    assert_eq!(fails(&mut core), Verdict::Failed(ms(25)));
    assert_eq!((signs(&mut core).as_str(), core.len(Table::Links)), ("=", 1));
    // What is void, or lost meanwhile, was an attempt as well.
    let mut core = Core::new(Table::Links.into(), Retry { attempts: 3, ..retry });
    core.begin();
    assert_eq!(core.abort(), Verdict::Again(ms(10)));
    core.begin();
    assert_eq!(core.lost(Lost::Overflow), Verdict::Again(ms(20)));
    core.begin();
    assert_eq!(core.abort(), Verdict::Failed(ms(25)));
    assert!(!core.is_reading() && core.due().contains(Table::Links));
    // A pause has no end of its own.
    let endless =
        Retry { attempts: 50, backoff: Duration::from_nanos(1), max_backoff: Duration::MAX };
    let mut core = Core::new(Table::Links.into(), endless);
    let pauses: Vec<_> = (0..40).map(|_| fails(&mut core)).collect();
    assert_eq!(pauses[31], Verdict::Again(Duration::from_nanos(1 << 31)));
    assert_eq!(pauses[39], Verdict::Again(Duration::from_nanos(u32::MAX.into())));
}

#[test]
fn an_address_takes_routes_along_when_it_goes() {
    let addr = |kind, family| {
        message(kind, &IfAddrMsg { family, index: 3, ..IfAddrMsg::default() }, |addr| {
            addr.push(AddrAttr::Local([192, 0, 2, 1].into()));
        })
    };
    let due = |kind, family| due_by(&[], &addr(kind, family), Reason::Address);
    assert_eq!(due(Rtm::DELADDR, 2), [Table::Ipv4Routes]);
    assert_eq!(due(Rtm::DELADDR, 10), [Table::Ipv6Routes]);
    // Phonet.
    assert_eq!(due(Rtm::DELADDR, 35), []);
    assert_eq!((due(Rtm::NEWADDR, 2), due(Rtm::NEWADDR, 10)), (vec![], vec![]));
}

#[test]
fn a_nexthop_object_takes_what_uses_it_along_when_it_goes() {
    let due = |kind| due_by(&[], &nexthop(kind, 7), Reason::Nexthop);
    let users = [Table::Nexthops, Table::Ipv4Routes, Table::Ipv6Routes, Table::Fdb];
    assert_eq!(due(Rtm::DELNEXTHOP), users);
    assert_eq!(due(Rtm::NEWNEXTHOP), []);
}

#[test]
fn a_rule_changes_those_that_jump_to_it() {
    for (table, family) in [(Table::Ipv4Rules, 2), (Table::Ipv6Rules, 10)] {
        let priority = |number| {
            move |rule: &mut Writer<'_, RuleAttr<'static>, Whole>| {
                rule.push(RuleAttr::Priority(number));
            }
        };
        let jump = rule(Rtm::NEWRULE, family, FrAct::GOTO, priority(1));
        let plain = rule(Rtm::NEWRULE, family, FrAct::TO_TBL, priority(2));
        let due = |entries: &[&[u8]], event: &[u8]| {
            let mut core = synced(table, entries);
            core.event(read(event));
            (core.due().iter().collect::<Vec<_>>(), core.stats().due(Reason::Goto))
        };
        for kind in [Rtm::NEWRULE, Rtm::DELRULE] {
            let other = rule(kind, family, FrAct::TO_TBL, priority(3));
            assert_eq!(due(&[&plain, &jump], &other), (vec![table], 1));
            assert_eq!(due(&[&plain], &other), (vec![], 0));
            assert_eq!(
                due(&[&plain], &rule(kind, family, FrAct::GOTO, priority(4))),
                (vec![table], 1)
            );
        }
    }
}

#[test]
fn a_link_in_another_state_takes_what_depends_on_it_along() {
    let old = IfInfoMsg { index: 3, flags: Iff::UP | Iff::RUNNING, ..IfInfoMsg::default() };
    let with = |kind, flags, mtu, fill: &dyn Fn(&mut Writer<'_, LinkAttr<'static>, Whole>)| {
        message(kind, &IfInfoMsg { flags, ..old }, |link| {
            link.push(LinkAttr::IfName("v0".into())).push(LinkAttr::Mtu(mtu));
            fill(link);
        })
    };
    let known = with(Rtm::NEWLINK, old.flags, 1280, &|_| {});
    let due = |event: &[u8]| due_by(&[&known], event, Reason::Link);
    // All of these say something that no other table depends on.
    for same in [
        known.clone(),
        with(Rtm::NEWLINK, old.flags, 1281, &|_| {}),
        with(Rtm::NEWLINK, old.flags | Iff::PROMISC, 9000, &|_| {}),
        message(Rtm::NEWLINK, &old, |link| {
            link.push(LinkAttr::IfName("another".into()));
        }),
    ] {
        assert_eq!(due(&same), []);
    }
    for other in [
        with(Rtm::DELLINK, old.flags, 1280, &|_| {}),
        with(Rtm::NEWLINK, Iff::UP, 1280, &|_| {}),
        with(Rtm::NEWLINK, Iff::RUNNING, 1280, &|_| {}),
        with(Rtm::NEWLINK, old.flags | Iff::LOWER_UP, 1280, &|_| {}),
        with(Rtm::NEWLINK, old.flags | Iff::DORMANT, 1280, &|_| {}),
        // Too small for IPv6.
        with(Rtm::NEWLINK, old.flags, 1279, &|_| {}),
        with(Rtm::NEWLINK, old.flags, 1280, &|link| {
            link.push(LinkAttr::OperState(IfOper::UP));
        }),
        with(Rtm::NEWLINK, old.flags, 1280, &|link| {
            link.push(LinkAttr::Master(4));
        }),
    ] {
        assert_eq!(due(&other), OF_LINKS);
    }
    // A new one brings entries along.
    assert_eq!(due(&link(Rtm::NEWLINK, 4, |_| {})), [Table::Fdb]);
}

#[test]
fn while_links_are_read_any_of_them_may_be_another() {
    let known = link(Rtm::NEWLINK, 3, |_| {});
    let mut core = synced(all(), &[&known]);
    core.refresh(Table::Links.into());
    core.begin();
    core.event(read(&known));
    assert_eq!(core.due(), OF_LINKS.into_iter().collect());
    // As where none is known, for their dump failed.
    let mut core = Core::new(all(), Retry::default());
    core.begin();
    core.dumped(Table::Links, Dumped::Failed);
    core.event(read(&known));
    assert!(core.due().contains(Table::Ipv4Routes));
    // Once they are proven, it is not so, whatever else is read again.
    let mut core = Core::new(all(), Retry::default());
    for table in core.begin().iter() {
        match table {
            Table::Neighs => core.dumped(table, Dumped::Failed),
            _ => dump(&mut core, table, &[&known]),
        }
    }
    assert!(matches!(core.finish(), Verdict::Again(_)));
    core.event(read(&known));
    assert_eq!(core.due(), Table::Neighs.into());
}

#[test]
fn rules_show_whether_a_link_has_the_name() {
    let named = |kind, index, name: &str| {
        link(kind, index, |link| {
            link.push(LinkAttr::IfName(name.into()));
        })
    };
    let known = named(Rtm::NEWLINK, 3, "v0");
    let by_input = rule(Rtm::NEWRULE, 2, FrAct::TO_TBL, |rule| {
        rule.push(RuleAttr::IifName("v0".into()));
    });
    let by_output = rule(Rtm::NEWRULE, 10, FrAct::TO_TBL, |rule| {
        rule.push(RuleAttr::OifName("w0".into()));
    });
    let due = |event: &[u8]| due_by(&[&known, &by_input, &by_output], event, Reason::Link);
    assert_eq!(due(&known), []);
    assert_eq!(due(&named(Rtm::NEWLINK, 3, "x0")), [Table::Ipv4Rules]);
    assert_eq!(due(&named(Rtm::NEWLINK, 3, "w0")), [Table::Ipv4Rules, Table::Ipv6Rules]);
    assert_eq!(due(&named(Rtm::NEWLINK, 4, "w0")), [Table::Fdb, Table::Ipv6Rules]);
    assert_eq!(due(&named(Rtm::NEWLINK, 4, "x0")), [Table::Fdb]);
    assert_eq!(due(&named(Rtm::DELLINK, 3, "v0")), [&OF_LINKS[..], &[Table::Ipv4Rules]].concat());
    // Those that are being read may be there before they are seen.
    let mut core = synced(all(), &[&known]);
    core.refresh(Table::Ipv6Rules.into());
    core.begin();
    core.event(read(&named(Rtm::NEWLINK, 3, "y0")));
    assert_eq!(core.due(), Table::Ipv6Rules.into());
}

/// A link of this type, and the other end that it tells of.
fn end_of_pair(kind: Rtm, index: i32, of: &str, other: Option<u32>, elsewhere: bool) -> Vec<u8> {
    link(kind, index, |link| {
        if let Some(other) = other {
            link.push(LinkAttr::Link(other));
        }
        if elsewhere {
            link.push(LinkAttr::LinkNetnsId(1));
        }
        link.nest(LinkAttr::LinkInfo, |info| {
            info.push(InfoAttr::Kind(of.into()));
        });
    })
}

#[test]
fn links_that_are_tied_are_read_again_when_one_comes_or_moves() {
    let first = end_of_pair(Rtm::NEWLINK, 7, "veth", None, false);
    let is_due =
        |known: &[u8], event: &[u8]| due_by(&[known], event, Reason::Link).contains(&Table::Links);
    for kind in ["veth", "netkit", "vxcan"] {
        assert!(is_due(&first, &end_of_pair(Rtm::NEWLINK, 8, kind, Some(7), false)), "{kind}");
    }
    // A VLAN knows the link below it, which does not know of it.
    assert!(!is_due(&first, &end_of_pair(Rtm::NEWLINK, 8, "vlan", Some(7), false)));
    // The other end is elsewhere, another one, or none.
    assert!(!is_due(&first, &end_of_pair(Rtm::NEWLINK, 8, "veth", Some(7), true)));
    assert!(!is_due(&first, &end_of_pair(Rtm::NEWLINK, 8, "veth", Some(6), false)));
    assert!(!is_due(&first, &end_of_pair(Rtm::NEWLINK, 8, "veth", Some(0), false)));
    assert!(!is_due(&first, &end_of_pair(Rtm::NEWLINK, 8, "veth", None, false)));
    assert!(!is_due(&first, &end_of_pair(Rtm::DELLINK, 8, "veth", Some(7), false)));
    // One that tells of the other end does so; one that did of another namespace does not.
    let tied = end_of_pair(Rtm::NEWLINK, 7, "veth", Some(8), false);
    assert!(!is_due(&tied, &end_of_pair(Rtm::NEWLINK, 8, "veth", Some(7), false)));
    let away = end_of_pair(Rtm::NEWLINK, 7, "veth", Some(8), true);
    assert!(is_due(&away, &end_of_pair(Rtm::NEWLINK, 8, "veth", Some(7), false)));
    // To another namespace.
    let moved = link(Rtm::DELLINK, 7, |link| {
        link.push(LinkAttr::NewNetnsId(1));
    });
    assert!(is_due(&first, &moved));
    assert!(!is_due(&first, &link(Rtm::DELLINK, 7, |_| {})));
}

#[test]
fn what_bridges_say_of_ports_is_read_from_links() {
    let port = |kind, family| {
        message::<LinkAttr<'static>>(
            kind,
            &IfInfoMsg { family, index: 3, ..IfInfoMsg::default() },
            |_| {},
        )
    };
    let due = |event: &[u8]| due_by(&[], event, Reason::Bridge);
    assert_eq!(due(&port(Rtm::NEWLINK, 7)), [Table::Links, Table::Fdb]);
    assert_eq!(due(&port(Rtm::DELLINK, 7)), [Table::Links, Table::Fdb]);
    // What IPv6 says of links, and bridges of something else.
    assert_eq!(due(&port(Rtm::NEWLINK, 10)), []);
    assert_eq!(due(&port(Rtm::NEWMDB, 7)), []);
}

/// Whether a dump of these entries is trusted when these events come meanwhile. The
/// kernel paused after the entry with this number.
fn is_proven(table: Table, entries: &[&[u8]], pause: Option<usize>, events: &[&[u8]]) -> bool {
    let mut core = Core::new(table.into(), Retry::NEVER);
    for other in core.begin().without(table).iter() {
        core.dumped(other, Dumped::Whole);
    }
    for (number, entry) in entries.iter().enumerate() {
        core.entry(table, read(entry));
        if pause == Some(number) {
            core.paused(table);
        }
    }
    events.iter().for_each(|event| core.event(read(event)));
    core.dumped(table, Dumped::Whole);
    let verdict = core.finish();
    let is_proven = core.stats().due(Reason::Disturbed) == 0;
    assert_eq!(verdict == Verdict::Synced, is_proven && core.due().is_empty());
    let unproven = if is_proven { core.due() } else { table.into() };
    let told: Vec<_> = std::iter::from_fn(|| core.next_change()).collect();
    assert_eq!(told.last(), Some(&Change::Synced { generation: 1, unproven }));
    is_proven
}

#[test]
fn events_that_tell_all_disturb_no_dump() {
    let (old, new) = (nexthop(Rtm::NEWNEXTHOP, 7), nexthop(Rtm::NEWNEXTHOP, 8));
    assert!(is_proven(Table::Nexthops, &[&old], Some(0), &[&old, &new]));
    // One end of a pair does not tell of the other one, which comes later.
    let ends = [None, Some(7)]
        .map(|other| end_of_pair(Rtm::NEWLINK, other.map_or(7, |_| 8), "veth", other, false));
    assert!(is_proven(Table::Links, &[], None, &[&ends[0]]));
    assert!(!is_proven(Table::Links, &[], None, &[&ends[0], &ends[1]]));
    // Of a rule, the kernel does not say whether it was behind the dump or before it.
    let plain = rule(Rtm::NEWRULE, 2, FrAct::TO_TBL, |_| {});
    assert!(!is_proven(Table::Ipv4Rules, &[&plain], None, &[&plain]));
    // A neighbour that comes or goes moves the others, and one that changes does not.
    let [old, new, other] = [("192.0.2.1", 1), ("192.0.2.1", 2), ("192.0.2.2", 3)]
        .map(|(addr, last)| neigh(Rtm::NEWNEIGH, addr, &[2, 0, 0, 0, 0, last]));
    let gone = neigh(Rtm::DELNEIGH, "192.0.2.1", &[2, 0, 0, 0, 0, 1]);
    assert!(is_proven(Table::Neighs, &[&old], None, &[&new]));
    assert!(!is_proven(Table::Neighs, &[&old], None, &[&other]));
    assert!(!is_proven(Table::Neighs, &[&old], None, &[&gone]));
}

#[test]
fn routes_that_the_kernel_counts_are_disturbed_by_their_own_kind() {
    let route = |flags, metric| {
        ipv4_route(Rtm::NEWROUTE, flags, |route| {
            route.push(RouteAttr::Priority(metric));
        })
    };
    let old = route(NlmFlags::CREATE, 10);
    let new = route(NlmFlags::CREATE | NlmFlags::EXCL, 20);
    let replaced = route(NlmFlags::REPLACE, 10);
    let proven = |pause, events: &[&[u8]]| is_proven(Table::Ipv4Routes, &[&old], pause, events);
    assert!(proven(None, &[&new, &new]));
    assert!(proven(None, &[&replaced]));
    // The dump may be after both.
    assert!(!proven(None, &[&replaced, &new]));
    assert!(!proven(None, &[&new, &replaced]));
    // The kernel goes on among these, and may be elsewhere by then.
    assert!(!proven(Some(0), &[&new]));
    let header =
        RtMsg { family: 2, dst_len: 24, table: 254, kind: Rtn::UNICAST, ..RtMsg::default() };
    let elsewhere = flagged(Rtm::NEWROUTE, NlmFlags::CREATE, &header, |route| {
        route.push(RouteAttr::Dst(RouteAddr::Addr([198, 51, 100, 0].into())));
    });
    assert!(proven(Some(0), &[&elsewhere, &elsewhere]));
    // An update of one that is not there.
    assert!(!proven(
        None,
        &[&ipv4_route(Rtm::NEWROUTE, NlmFlags(0), |route| {
            route.push(RouteAttr::Priority(10)).push(RouteAttr::Oif(9));
        })]
    ));
}

#[test]
fn what_an_unproven_dump_lacks_stays() {
    let rules = [1, 2, 3].map(|number| {
        rule(Rtm::NEWRULE, 2, FrAct::TO_TBL, |rule| {
            rule.push(RuleAttr::Priority(number));
        })
    });
    let mut core = synced(Table::Ipv4Rules, &[&rules[0], &rules[1]]);
    core.refresh(Table::Ipv4Rules.into());
    let tables = core.begin();
    core.event(read(&rules[2]));
    assert_eq!(signs(&mut core), "+");
    tables.iter().for_each(|table| dump(&mut core, table, &[&rules[0]]));
    assert_eq!(core.finish(), Verdict::Later(Duration::ZERO));
    assert_eq!((signs(&mut core).as_str(), core.len(Table::Ipv4Rules)), ("=", 3));
    // A dump in quiet is believed.
    assert_eq!(read_again(&mut core, &[&rules[0]]), Verdict::Synced);
    assert_eq!((signs(&mut core).as_str(), core.len(Table::Ipv4Rules)), ("--=", 1));
}

#[test]
fn an_event_that_does_not_tell_all_makes_it_read_again() {
    // Another remote end of an entry, in place of the first one or beside it.
    let remote = |last| {
        message(Rtm::NEWNEIGH, &NdMsg { family: 7, ifindex: 3, ..NdMsg::default() }, |entry| {
            entry.push(NeighAttr::LlAddr(LlAddr(&[2, 0, 0, 0, 0, 1])));
            entry.push(NeighAttr::Dst([192, 0, 2, last].into()));
        })
    };
    let (one, other) = (remote(1), remote(2));
    assert_eq!(after(Table::Fdb, &[&one], &one), (String::new(), 1, false));
    assert_eq!(after(Table::Fdb, &[&one], &other), (String::new(), 1, true));
    // The same while other tables are read again.
    for (event, is_clear) in [(&one, true), (&other, false)] {
        let mut core = Core::new(all(), Retry::default());
        for table in core.begin().iter() {
            match table {
                Table::Neighs => core.dumped(table, Dumped::Failed),
                _ => dump(&mut core, table, &[&one]),
            }
        }
        core.finish();
        core.event(read(event));
        assert_eq!(core.due().contains(Table::Fdb), !is_clear);
        assert_eq!(core.stats().due(Reason::Unclear), u64::from(!is_clear));
    }
}

#[test]
fn counters_tell_no_routes_apart() {
    // Of segments, the kernel counts what goes through a route.
    let route = |kind, packets: u64, buf: &mut [u8]| {
        let header = RtMsg { family: 10, dst_len: 128, kind: Rtn::UNICAST, ..RtMsg::default() };
        let flags = NlmFlags::CREATE | NlmFlags::EXCL;
        let written = Route::writer(buf, kind, flags, &header)
            .push(RouteAttr::Dst(RouteAddr::Addr([7u8; 16].into())))
            .select_nest(Encap::Seg6Local, |local| {
                local.push(Seg6LocalAttr::Action(Seg6LocalAction::END));
                local.nest(Seg6LocalAttr::Counters, |counters| {
                    counters.push(Seg6LocalCntAttr::Packets(packets));
                });
            })
            .push(RouteAttr::Oif(1))
            .finish();
        written.unwrap().to_vec()
    };
    let mut buf = [0; 256];
    let old = route(Rtm::NEWROUTE, 0, &mut buf);
    let mut core = synced(Table::Ipv6Routes, &[&old]);
    core.event(read(&route(Rtm::DELROUTE, 5, &mut buf)));
    assert_eq!(core.len(Table::Ipv6Routes), 0);
    assert!(matches!(core.next_change(), Some(Change::Removed { .. })));
    assert!(core.due().is_empty(), "{:?}", core.due());
}

#[test]
fn padding_tells_nothing_apart() {
    // Where 64 bits must lie at a multiple of 8, the kernel puts some before them, depending on where the
    // message lies in its datagram.
    let rule = |kind, is_padded, buf: &mut [u8]| {
        let header = FibRuleHdr { family: 2, action: FrAct::TO_TBL, ..FibRuleHdr::default() };
        let mut rule = Rule::writer(buf, kind, NlmFlags(0), &header);
        rule.push(RuleAttr::Priority(7));
        if is_padded {
            rule.push(RuleAttr::Pad(&[]));
        }
        rule.push(RuleAttr::TunId(7.into()));
        rule.finish().unwrap().to_vec()
    };
    let mut buf = [0; 256];
    for is_padded in [false, true] {
        let old = rule(Rtm::NEWRULE, is_padded, &mut buf);
        let mut core = synced(Table::Ipv4Rules, &[&old]);
        core.event(read(&rule(Rtm::DELRULE, !is_padded, &mut buf)));
        assert_eq!(core.len(Table::Ipv4Rules), 0);
    }
    let link = |is_padded, buf: &mut [u8]| {
        let header = IfInfoMsg { index: 1, ..IfInfoMsg::default() };
        let mut link = Link::writer(buf, Rtm::NEWLINK, NlmFlags(0), &header);
        link.push(LinkAttr::IfName("lo".into()));
        if is_padded {
            link.push(LinkAttr::Pad(()));
        }
        link.finish().unwrap().to_vec()
    };
    let old = link(true, &mut buf);
    let mut core = synced(Table::Links, &[&old]);
    core.event(read(&link(false, &mut buf)));
    assert_eq!(core.next_change(), None);
}

#[test]
fn addresses_are_told_apart_as_the_kernel_does() {
    let addr = |header: IfAddrMsg, octets: &[u8], cacheinfo: Option<u32>| {
        let local = Addr::new(octets);
        message(Rtm::NEWADDR, &IfAddrMsg { index: 3, ..header }, |addr| {
            if let Some(valid) = cacheinfo {
                addr.push(AddrAttr::CacheInfo(IfaCacheInfo { valid, ..IfaCacheInfo::default() }));
            }
            addr.push(AddrAttr::Address(local));
        })
    };
    let v4 = IfAddrMsg { family: 2, prefixlen: 24, ..IfAddrMsg::default() };
    let old = addr(v4, &[192, 0, 2, 1], None);
    let then = |event: &[u8]| after(Table::Addrs, &[&old], event);
    // An IPv4 address can be there with several networks.
    assert_eq!(
        then(&addr(IfAddrMsg { prefixlen: 25, ..v4 }, &[192, 0, 2, 1], None)),
        clear("+", 2)
    );
    assert_eq!(then(&addr(v4, &[192, 0, 2, 2], None)), clear("+", 2));
    assert_eq!(
        then(&addr(IfAddrMsg { scope: RtScope::LINK, ..v4 }, &[192, 0, 2, 1], None)),
        clear("~", 1)
    );
    // What changes by itself is no change, wherever it stands.
    assert_eq!(then(&addr(v4, &[192, 0, 2, 1], Some(9))), clear("", 1));
    // An IPv6 address is on a link once.
    let v6 = IfAddrMsg { family: 10, prefixlen: 64, ..IfAddrMsg::default() };
    let old = addr(v6, &[7; 16], None);
    let event = addr(IfAddrMsg { prefixlen: 128, ..v6 }, &[7; 16], None);
    assert_eq!(after(Table::Addrs, &[&old], &event), clear("~", 1));
}

#[test]
fn links_are_the_same_whatever_was_asked_for() {
    let with = |header: IfInfoMsg, mtu, code, timer| {
        message(Rtm::NEWLINK, &IfInfoMsg { index: 3, ..header }, |link| {
            link.push_raw(Nla::new(code, &u32::to_ne_bytes(mtu)));
            link.nest(LinkAttr::LinkInfo, |info| {
                info.select_nest(InfoData::Bridge, |bridge| {
                    bridge.push(BrAttr::ForwardDelay(1500)).push(BrAttr::HelloTimer(timer));
                });
            });
        })
    };
    let plain = IfInfoMsg::default();
    let old = with(plain, 1500, 4, 1);
    let then = |event: &[u8]| after(Table::Links, &[&old], event);
    assert_eq!(then(&with(IfInfoMsg { change: Iff::UP, ..plain }, 1500, 4, 1)), clear("", 1));
    // A timer, deep inside.
    assert_eq!(then(&with(plain, 1500, 4, 2)), clear("", 1));
    assert_eq!(then(&with(IfInfoMsg { flags: Iff::PROMISC, ..plain }, 1500, 4, 1)), clear("~", 1));
    assert_eq!(then(&with(plain, 1501, 4, 1)), clear("~", 1));
    // The same number, and it is another one: IFLA_TXQLEN.
    assert_eq!(then(&with(plain, 1500, 13, 1)), clear("~", 1));
    assert_eq!(then(&link(Rtm::NEWLINK, 3, |_| {})), clear("~", 1));
}

#[test]
fn neighbours_change_their_state() {
    let header = NdMsg { family: 2, ifindex: 3, state: Nud::REACHABLE, ..NdMsg::default() };
    let neigh = |kind, header| {
        message(kind, &header, |neigh| {
            neigh.push(NeighAttr::Dst([192, 0, 2, 1].into()));
        })
    };
    let old = neigh(Rtm::NEWNEIGH, header);
    let then = |event: &[u8]| after(Table::Neighs, &[&old], event);
    assert_eq!(then(&neigh(Rtm::NEWNEIGH, NdMsg { state: Nud::STALE, ..header })), clear("~", 1));
    assert_eq!(then(&neigh(Rtm::NEWNEIGH, NdMsg { ifindex: 4, ..header })), clear("+", 2));
    assert_eq!(then(&neigh(Rtm::DELNEIGH, NdMsg { state: Nud::FAILED, ..header })), clear("-", 0));
}

#[test]
fn entries_of_bridges_move_and_those_of_links_lead_elsewhere() {
    let header = NdMsg { family: 7, ifindex: 3, state: Nud::REACHABLE, ..NdMsg::default() };
    let entry = |kind, header: NdMsg, attrs: &[NeighAttr<'_>]| {
        message(kind, &header, |entry| {
            entry.push(NeighAttr::LlAddr(LlAddr(&[2, 0, 0, 0, 0, 1])));
            attrs.iter().for_each(|attr| {
                entry.push(*attr);
            });
        })
    };
    let new = |header, attrs: &[NeighAttr<'_>]| entry(Rtm::NEWNEIGH, header, attrs);
    let of_master = [NeighAttr::Master(9), NeighAttr::Vlan(1)];
    let old = new(header, &of_master);
    let then = |event: &[u8]| after(Table::Fdb, &[&old], event);
    let elsewhere = NdMsg { ifindex: 4, ..header };
    assert_eq!(then(&new(elsewhere, &of_master)), clear("~", 1));
    // Of a bridge, the kernel tells nothing else apart.
    let with_dst = [of_master[0], of_master[1], NeighAttr::Dst([192, 0, 2, 1].into())];
    assert_eq!(then(&new(header, &with_dst)), clear("~", 1));
    assert_eq!(then(&new(header, &[NeighAttr::Master(9), NeighAttr::Vlan(2)])), clear("+", 2));
    assert_eq!(then(&new(header, &[NeighAttr::Master(8), NeighAttr::Vlan(1)])), clear("+", 2));
    assert_eq!(then(&new(header, &[NeighAttr::Vlan(1)])), clear("+", 2));
    assert_eq!(then(&entry(Rtm::DELNEIGH, elsewhere, &of_master)), clear("-", 0));
    // How it ages is no change.
    let state = |state| new(NdMsg { state, ..header }, &of_master);
    assert_eq!(then(&state(Nud::STALE)), clear("", 1));
    assert_eq!(then(&state(Nud::DELAY)), clear("~", 1));
    assert_eq!(then(&state(Nud::PERMANENT)), clear("~", 1));
    let old = state(Nud::PERMANENT);
    assert_eq!(after(Table::Fdb, &[&old], &state(Nud::PERMANENT | Nud::NOARP)), clear("", 1));
    assert_eq!(after(Table::Fdb, &[&old], &state(Nud::NOARP)), clear("~", 1));

    let remote = [
        NeighAttr::Dst([192, 0, 2, 1].into()),
        NeighAttr::Port(4789.into()),
        NeighAttr::Vni(7),
        NeighAttr::IfIndex(5),
        NeighAttr::NhId(6),
    ];
    let old = new(header, &remote);
    let then = |event: &[u8]| after(Table::Fdb, &[&old], event);
    assert_eq!(then(&new(NdMsg { flags: Ntf::STICKY, ..header }, &remote)), clear("~", 1));
    assert_eq!(then(&new(elsewhere, &remote)), clear("+", 2));
    let with_vni = [&remote[..], &[NeighAttr::SrcVni(8)]].concat();
    assert_eq!(then(&new(header, &with_vni)), clear("+", 2));
    for left_out in 0..remote.len() {
        let mut other = remote.to_vec();
        other.remove(left_out);
        assert_eq!(then(&new(header, &other)), (String::new(), 1, true), "{:?}", remote[left_out]);
        assert_eq!(then(&entry(Rtm::DELNEIGH, header, &other)), clear("", 1));
    }
    assert_eq!(then(&entry(Rtm::DELNEIGH, header, &remote)), clear("-", 0));
}

#[test]
fn rules_are_all_that_they_say() {
    let rule = |kind, flags, action, priority: u32| {
        let header = FibRuleHdr { family: 2, action, flags, ..FibRuleHdr::default() };
        message(kind, &header, |rule| {
            rule.push(RuleAttr::Priority(priority));
        })
    };
    let no_flags = FibRuleFlags(0);
    let [old, other] = [7, 8].map(|priority| rule(Rtm::NEWRULE, no_flags, FrAct::TO_TBL, priority));
    let then = |event: &[u8]| after(Table::Ipv4Rules, &[&old, &other], event);
    // Two that are the same in all are two.
    assert_eq!(then(&old), clear("+", 3));
    let core = synced(Table::Ipv4Rules, &[&old, &other, &old]);
    assert_eq!(core.len(Table::Ipv4Rules), 3);
    // How it fares is no part of it.
    let gone = |flags| rule(Rtm::DELRULE, flags, FrAct::TO_TBL, 8);
    for flags in
        [FibRuleFlags::UNRESOLVED, FibRuleFlags::IIF_DETACHED, FibRuleFlags::OIF_DETACHED, no_flags]
    {
        let mut core = synced(Table::Ipv4Rules, &[&old, &other]);
        core.event(read(&gone(flags)));
        let left: Vec<_> = core.iter(Table::Ipv4Rules).map(Object::as_bytes).collect();
        assert_eq!(left, [&old[..]]);
    }
    assert_eq!(then(&gone(FibRuleFlags::INVERT)), clear("", 2));
    assert_eq!(then(&rule(Rtm::DELRULE, no_flags, FrAct::BLACKHOLE, 8)), clear("", 2));
}

#[test]
fn labels_tell_mpls_routes_apart() {
    let route = |label: Option<u32>, oif| {
        let header = RtMsg { family: 28, dst_len: 20, kind: Rtn::UNICAST, ..RtMsg::default() };
        message(Rtm::NEWROUTE, &header, |route| {
            if let Some(label) = label {
                route.push_raw(Nla::new(1, &(label << 12 | 0x100).to_be_bytes()));
            }
            route.push(RouteAttr::Oif(oif));
        })
    };
    let old = route(Some(100), 3);
    let then = |event: &[u8]| after(Table::MplsRoutes, &[&old], event);
    assert_eq!(then(&route(Some(200), 3)), clear("+", 2));
    assert_eq!(then(&route(Some(100), 4)), clear("~", 1));
    assert_eq!(then(&route(None, 3)), clear("+", 2));
}

/// An IPv6 route to one host: how it is told and how it goes on, and next hops: the
/// last byte of the gateway, the link, flags and weight.
fn ipv6_route(
    (kind, flags): (Rtm, NlmFlags),
    header: RtMsg,
    hops: &[(u8, i32, RtnhFlags, u8)],
    fill: impl FnOnce(&mut Writer<'_, RouteAttr<'static>, Whole>),
) -> Vec<u8> {
    let header = RtMsg { family: 10, dst_len: 128, table: 254, ..header };
    let gateway = |last| {
        let mut octets = [0xfd; 16];
        octets[15] = last;
        RouteAttr::Gateway(octets.into())
    };
    flagged(kind, flags, &header, |route| {
        route.push(RouteAttr::Dst(RouteAddr::Addr([7u8; 16].into())));
        match hops {
            [] => {}
            [(last, oif, ..)] => {
                route.push(gateway(*last)).push(RouteAttr::Oif(*oif as u32));
            }
            hops => {
                route.nest(RouteAttr::Multipath, |list| {
                    for (last, ifindex, flags, hops) in hops.iter().copied() {
                        let header = RtNextHop { flags, hops, ifindex, ..RtNextHop::default() };
                        list.hop(&header, |hop| {
                            hop.push(gateway(last));
                        });
                    }
                });
            }
        }
        fill(route);
    })
}

/// A next hop by way of this gateway.
fn by(last: u8) -> (u8, i32, RtnhFlags, u8) {
    (last, 3, RtnhFlags(0), 0)
}

const UNICAST: RtMsg = RtMsg {
    family: 0,
    dst_len: 0,
    src_len: 0,
    tos: 0,
    table: 0,
    protocol: RtProt(0),
    scope: RtScope(0),
    kind: Rtn::UNICAST,
    flags: RtmFlags(0),
};
const NEW: (Rtm, NlmFlags) = (Rtm::NEWROUTE, NlmFlags(0));
const GONE: (Rtm, NlmFlags) = (Rtm::DELROUTE, NlmFlags(0));

fn joined() -> (Rtm, NlmFlags) {
    (Rtm::NEWROUTE, NlmFlags::CREATE | NlmFlags::APPEND)
}

fn first() -> (Rtm, NlmFlags) {
    (Rtm::NEWROUTE, NlmFlags::CREATE | NlmFlags::EXCL)
}

#[test]
fn ipv6_routes_are_told_apart_by_where_they_lead() {
    let old = ipv6_route(NEW, UNICAST, &[by(1)], |_| {});
    let then = |event: &[u8]| after(Table::Ipv6Routes, &[&old], event);
    assert_eq!(then(&ipv6_route(GONE, UNICAST, &[by(1)], |_| {})), clear("-", 0));
    assert_eq!(then(&ipv6_route(GONE, UNICAST, &[by(2)], |_| {})), clear("", 1));
    assert_eq!(then(&ipv6_route(GONE, UNICAST, &[(1, 4, RtnhFlags(0), 0)], |_| {})), clear("", 1));
    // Another type has the same next hop: which one it was is not told.
    let blackhole = RtMsg { kind: Rtn::BLACKHOLE, ..UNICAST };
    assert_eq!(then(&ipv6_route(GONE, blackhole, &[by(1)], |_| {})), unclear(1));
    // One of a set.
    let set = ipv6_route(NEW, UNICAST, &[by(1), by(2)], |_| {});
    let gone =
        |hops: &[_]| after(Table::Ipv6Routes, &[&set], &ipv6_route(GONE, UNICAST, hops, |_| {}));
    assert_eq!(gone(&[by(2)]), unclear(1));
    assert_eq!(gone(&[by(3)]), clear("", 1));
    assert_eq!(gone(&[by(2), by(1)]), clear("-", 0));
    assert_eq!(gone(&[by(2), by(1), by(3)]), clear("", 1));
    // Another destination, source, or metric.
    let metric = |route: &mut Writer<'_, RouteAttr<'static>, Whole>| {
        route.push(RouteAttr::Priority(9));
    };
    assert_eq!(then(&ipv6_route(first(), UNICAST, &[by(1)], metric)), clear("+", 2));
    let source = ipv6_route(first(), RtMsg { src_len: 128, ..UNICAST }, &[by(1)], |route| {
        route.push(RouteAttr::Src([8u8; 16].into()));
    });
    assert_eq!(then(&source), clear("+", 2));
    // By a nexthop object.
    let by_object = |how, id| {
        ipv6_route(how, UNICAST, &[], |route| {
            route.push(RouteAttr::NhId(id));
        })
    };
    let old = by_object(NEW, 7);
    let gone = |event: &[u8]| after(Table::Ipv6Routes, &[&old], event).0;
    let expires_else = ipv6_route(GONE, UNICAST, &[by(5)], |route| {
        route.push(RouteAttr::NhId(7));
    });
    assert_eq!((gone(&by_object(GONE, 7)).as_str(), gone(&expires_else).as_str()), ("-", "-"));
    assert_eq!(gone(&by_object(GONE, 8)), "");
}

#[test]
fn encapsulation_tells_next_hops_apart() {
    let mpls = |label: u32| nla(1, &(label << 12 | 0x100).to_be_bytes());
    let counted = |packets: u64| {
        [nla(1, &1u32.to_ne_bytes()), nla(10 | 0x8000, &nla(2, &packets.to_ne_bytes()))].concat()
    };
    // What differs in any case, so that not all is the same.
    let route = |how, metric: u8, kind: Option<u16>, encap: Option<&[u8]>| {
        ipv6_route(how, UNICAST, &[by(1)], |route| {
            route.push_raw(Nla::new(20, &[metric]));
            if let Some(kind) = kind {
                route.push_raw(Nla::new(21, &kind.to_ne_bytes()));
            }
            if let Some(encap) = encap {
                route.push_raw(Nla::new(22, encap));
            }
        })
    };
    let is_same = |a: (Option<u16>, Option<&[u8]>), b: (Option<u16>, Option<&[u8]>)| {
        let (old, gone) = (route(NEW, 0, a.0, a.1), route(GONE, 1, b.0, b.1));
        match after(Table::Ipv6Routes, &[&old], &gone) {
            (signs, 0, false) if signs == "-" => true,
            nothing => {
                assert_eq!(nothing, clear("", 1));
                false
            }
        }
    };
    let (one, other) = (mpls(100), mpls(200));
    assert!(is_same((None, None), (None, None)));
    assert!(is_same((Some(1), Some(&one)), (Some(1), Some(&one))));
    assert!(!is_same((Some(1), Some(&one)), (Some(1), Some(&other))));
    assert!(!is_same((Some(1), Some(&one)), (None, None)));
    assert!(!is_same((Some(1), Some(&one)), (Some(1), None)));
    assert!(!is_same((Some(1), None), (Some(1), Some(&one))));
    assert!(!is_same((Some(1), Some(&one)), (Some(4), Some(&one))));
    // Counters do not count, and what is unknown does as it stands.
    assert!(is_same((Some(7), Some(&counted(1))), (Some(7), Some(&counted(2)))));
    assert!(is_same((Some(99), Some(&one)), (Some(99), Some(&one))));
    assert!(!is_same((Some(99), Some(&one)), (Some(99), Some(&other))));
}

#[test]
fn next_hops_of_an_ipv6_route_are_a_set() {
    let pref = |route: &mut Writer<'_, RouteAttr<'static>, Whole>| {
        route.push(RouteAttr::Pref(RouterPref::HIGH));
    };
    let plain = |_: &mut Writer<'_, RouteAttr<'static>, Whole>| {};
    let (one, two) = (by(1), by(2));
    let old = ipv6_route(NEW, UNICAST, &[one, two], plain);
    let then = |event: &[u8]| after(Table::Ipv6Routes, &[&old], event);
    assert_eq!(then(&ipv6_route(NEW, UNICAST, &[two, one], plain)), clear("", 1));
    assert_eq!(then(&ipv6_route(NEW, UNICAST, &[two, one], pref)), clear("~", 1));
    let heavy = |hop: (u8, i32, RtnhFlags, u8)| (hop.0, hop.1, hop.2, 9);
    assert_eq!(then(&ipv6_route(NEW, UNICAST, &[two, heavy(one)], plain)), clear("~", 1));
    let dead = |hop: (u8, i32, RtnhFlags, u8)| (hop.0, hop.1, RtnhFlags::DEAD, hop.3);
    assert_eq!(then(&ipv6_route(NEW, UNICAST, &[one, dead(two)], plain)), clear("~", 1));
    // The same flags and weights, but not with the same gateways.
    let old = ipv6_route(NEW, UNICAST, &[one, heavy(two)], plain);
    let event = ipv6_route(NEW, UNICAST, &[two, heavy(one)], plain);
    assert_eq!(after(Table::Ipv6Routes, &[&old], &event), clear("~", 1));
    // One that is there twice is not the other one.
    let old = ipv6_route(NEW, UNICAST, &[one, one, two], plain);
    let event = ipv6_route(NEW, UNICAST, &[two, heavy(one), one], plain);
    assert_eq!(after(Table::Ipv6Routes, &[&old], &event), clear("~", 1));
    let scope = RtMsg { scope: RtScope::LINK, ..UNICAST };
    let old = ipv6_route(NEW, UNICAST, &[one], plain);
    let then = |event: &[u8]| after(Table::Ipv6Routes, &[&old], event);
    assert_eq!(then(&ipv6_route(NEW, scope, &[one], plain)), clear("~", 1));
    assert_eq!(then(&ipv6_route(NEW, UNICAST, &[one], pref)), clear("~", 1));

    // One more makes a set of those that are alike but for that.
    let set = |header, fill: &dyn Fn(&mut Writer<'_, RouteAttr<'static>, Whole>)| {
        ipv6_route(joined(), header, &[two, one], fill)
    };
    assert_eq!(then(&set(UNICAST, &plain)), clear("~", 1));
    let flags = RtmFlags::OFFLOAD;
    assert_eq!(then(&set(RtMsg { flags, ..UNICAST }, &plain)), clear("~", 1));
    assert_eq!(then(&set(scope, &plain)), unclear(1));
    assert_eq!(then(&set(UNICAST, &pref)), unclear(1));
    // Without the old one, it is another route.
    assert_eq!(then(&ipv6_route(joined(), UNICAST, &[two, by(3)], plain)), clear("+", 2));
    assert_eq!(then(&ipv6_route(joined(), UNICAST, &[two], plain)), clear("+", 2));
    // An update of one that is not there.
    assert_eq!(then(&ipv6_route(NEW, UNICAST, &[two], plain)), unclear(1));
    assert_eq!(
        after(Table::Ipv6Routes, &[], &ipv6_route(NEW, UNICAST, &[two], plain)),
        clear("+", 1)
    );
    // The only one is replaced, and one of several is one of them.
    let replaced = (Rtm::NEWROUTE, NlmFlags::REPLACE);
    let event = ipv6_route(replaced, UNICAST, &[two], plain);
    assert_eq!(then(&event), clear("~", 1));
    assert_eq!(after(Table::Ipv6Routes, &[], &event), clear("+", 1));
    let blackhole = ipv6_route(NEW, RtMsg { kind: Rtn::BLACKHOLE, ..UNICAST }, &[], plain);
    assert_eq!(after(Table::Ipv6Routes, &[&old, &blackhole], &event), unclear(2));
    // The first one: what was there before has vanished unheard.
    let event = ipv6_route(first(), UNICAST, &[two], plain);
    assert_eq!(after(Table::Ipv6Routes, &[&old, &blackhole], &event).1, 1);
    // Those that are in the set now are no others any more; the rest stays.
    let event = ipv6_route(joined(), UNICAST, &[two, one], plain);
    assert_eq!(after(Table::Ipv6Routes, &[&old, &blackhole], &event), clear("~", 2));
    let by_two = ipv6_route(NEW, UNICAST, &[two], plain);
    let event = ipv6_route(joined(), UNICAST, &[by(3), one, two], plain);
    assert_eq!(after(Table::Ipv6Routes, &[&old, &by_two], &event), clear("~-", 1));
    // A set takes none in that leads nowhere.
    assert_eq!(after(Table::Ipv6Routes, &[&blackhole], &set(UNICAST, &plain)), clear("+", 2));
}

#[test]
fn ipv4_routes_are_the_same_however_they_fare() {
    let plain = RtMsg { family: 2, dst_len: 24, table: 254, ..UNICAST };
    let route = |how: (Rtm, NlmFlags), header: RtMsg, attrs: &[RouteAttr<'static>]| {
        flagged(how.0, how.1, &header, |route| {
            route.push(RouteAttr::Dst(RouteAddr::Addr([192, 0, 2, 0].into())));
            attrs.iter().for_each(|attr| {
                route.push(*attr);
            });
        })
    };
    let flags = |flags| RtMsg { flags, ..plain };
    let by_link = [RouteAttr::Oif(3)];
    let old = route(NEW, plain, &by_link);
    let then = |event: &[u8]| after(Table::Ipv4Routes, &[&old], event);
    for fares in [
        RtmFlags::NOTIFY,
        RtmFlags::OFFLOAD,
        RtmFlags::TRAP,
        RtmFlags::OFFLOAD_FAILED,
        RtmFlags(RtnhFlags::DEAD.0.into()),
        RtmFlags(RtnhFlags::OFFLOAD.0.into()),
        RtmFlags(RtnhFlags::LINKDOWN.0.into()),
        RtmFlags(RtnhFlags::TRAP.0.into()),
    ] {
        assert_eq!(then(&route(NEW, flags(fares), &by_link)), clear("~", 1), "{fares:?}");
    }
    let onlink = flags(RtmFlags(RtnhFlags::ONLINK.0.into()));
    for other in [
        route(NEW, onlink, &by_link),
        route(NEW, RtMsg { scope: RtScope::LINK, ..plain }, &by_link),
        route(NEW, plain, &[RouteAttr::Oif(4)]),
        route(NEW, plain, &[RouteAttr::Oif(3), RouteAttr::NhId(7)]),
    ] {
        assert_eq!(then(&other), unclear(1));
    }
    // Where a nexthop object leads to is its own affair.
    let old = route(NEW, plain, &[RouteAttr::NhId(7), RouteAttr::Oif(3)]);
    let then = |event: &[u8]| after(Table::Ipv4Routes, &[&old], event);
    assert_eq!(then(&route(NEW, plain, &[RouteAttr::NhId(7), RouteAttr::Oif(4)])), clear("~", 1));
    assert_eq!(then(&route(NEW, plain, &[RouteAttr::NhId(8), RouteAttr::Oif(3)])), unclear(1));
    let event = route(NEW, plain, &[RouteAttr::NhId(7), RouteAttr::Oif(4), RouteAttr::Flow(1)]);
    assert_eq!(then(&event), unclear(1));

    // Next hops are told apart in their order, with what is theirs.
    let multipath = |hops: &[(i32, RtnhFlags, u8, u8)]| {
        ipv4_route(Rtm::NEWROUTE, NlmFlags(0), |route| {
            route.nest(RouteAttr::Multipath, |list| {
                for (ifindex, flags, hops, gateway) in hops.iter().copied() {
                    let header = RtNextHop { flags, hops, ifindex, ..RtNextHop::default() };
                    list.hop(&header, |hop| {
                        hop.push(RouteAttr::Gateway([198, 51, 100, gateway].into()));
                    });
                }
            });
        })
    };
    let none = RtnhFlags(0);
    let (one, two) = ((3, none, 1, 1), (4, RtnhFlags::ONLINK, 2, 2));
    let old = multipath(&[one, two]);
    let then = |hops: &[_]| after(Table::Ipv4Routes, &[&old], &multipath(hops));
    assert_eq!(then(&[one, two]), clear("", 1));
    for flags in [RtnhFlags::DEAD, RtnhFlags::OFFLOAD, RtnhFlags::LINKDOWN, RtnhFlags::TRAP] {
        assert_eq!(then(&[(3, flags, 1, 1), two]), clear("~", 1), "{flags:?}");
    }
    for other in [
        (3, RtnhFlags::ONLINK, 1, 1),
        (3, RtnhFlags::UNRESOLVED, 1, 1),
        (3, none, 0, 1),
        (5, none, 1, 1),
        (3 | 1 << 24, none, 1, 1),
        (3, none, 1, 9),
        two,
    ] {
        assert_eq!(then(&[other, two]), unclear(1), "{other:?}");
    }
    assert_eq!(then(&[one, (4, none, 2, 2)]), unclear(1));
    assert_eq!((then(&[one]), then(&[one, two, two])), (unclear(1), unclear(1)));
}

#[test]
fn ipv4_routes_with_one_metric_take_each_others_place() {
    let route = |metric: u32, gateway| {
        ipv4_route(Rtm::NEWROUTE, NlmFlags(0), |route| {
            route.push(RouteAttr::Priority(metric));
            route.push(RouteAttr::Gateway([198, 51, 100, gateway].into()));
        })
    };
    let told = |old: &[u8], new: &[&[u8]]| {
        let mut core = synced(Table::Ipv4Routes, &[old]);
        core.refresh(Table::Ipv4Routes.into());
        assert_eq!(read_again(&mut core, new), Verdict::Synced);
        (signs(&mut core), core.len(Table::Ipv4Routes))
    };
    let old = route(0, 1);
    assert_eq!(told(&old, &[&route(0, 2)]), ("~=".to_owned(), 1));
    assert_eq!(told(&old, &[&route(1, 2)]), ("+-=".to_owned(), 1));
    assert_eq!(told(&old, &[&old, &route(1, 2)]), ("+=".to_owned(), 2));
    // Those of another destination are new, each of them once.
    let elsewhere = [1, 2].map(|oif| {
        let header = RtMsg { family: 2, dst_len: 24, table: 253, ..UNICAST };
        message(Rtm::NEWROUTE, &header, |route| {
            route.push(RouteAttr::Oif(oif));
        })
    });
    assert_eq!(told(&old, &[&elsewhere[0], &elsewhere[1]]), ("-++=".to_owned(), 2));
    // One that is told of twice is there once.
    assert_eq!(told(&old, &[&old, &old]), ("=".to_owned(), 1));
}

#[test]
fn ipv4_routes_come_where_their_event_says() {
    let route = |kind, flags, fares, gateway| {
        let header = RtMsg { family: 2, dst_len: 24, table: 254, flags: fares, ..UNICAST };
        flagged(kind, flags, &header, |route| {
            route.push(RouteAttr::Dst(RouteAddr::Addr([192, 0, 2, 0].into())));
            route.push(RouteAttr::Gateway([198, 51, 100, gateway].into()));
        })
    };
    let plain = RtmFlags(0);
    let [one, two] = [1, 2].map(|gateway| route(Rtm::NEWROUTE, NlmFlags(0), plain, gateway));
    let another = ipv4_route(Rtm::NEWROUTE, NlmFlags(0), |route| {
        route.push(RouteAttr::Priority(7));
    });
    let after = |event: &[u8]| {
        let mut core = synced(Table::Ipv4Routes, &[&one, &another, &two]);
        core.event(read(event));
        let gateways: Vec<_> = core
            .iter(Table::Ipv4Routes)
            .filter_map(|object| object.route()?.get(RouteAttr::Gateway).unwrap())
            .map(|gateway| gateway.to_string().bytes().last().unwrap() - b'0')
            .collect();
        assert_eq!(core.len(Table::Ipv4Routes), gateways.len() + 1, "the other one stays");
        (signs(&mut core), gateways, core.due().is_empty())
    };
    let told = |signs: &str, gateways: &[u8]| (signs.to_owned(), gateways.to_vec(), true);
    let new = |flags, gateway| route(Rtm::NEWROUTE, flags, plain, gateway);
    let (create, append) = (NlmFlags::CREATE, NlmFlags::CREATE | NlmFlags::APPEND);
    assert_eq!(after(&new(append, 3)), told("+", &[1, 2, 3]));
    assert_eq!(after(&new(create, 3)), told("+", &[3, 1, 2]));
    assert_eq!(after(&new(NlmFlags::REPLACE, 3)), told("~", &[3, 2]));
    assert_eq!(after(&new(create | NlmFlags::EXCL, 3)), told("~-", &[3]));
    // They are there already, where they were told to be or elsewhere.
    assert_eq!(after(&new(create, 2)), told("", &[2, 1]));
    assert_eq!(after(&new(append, 1)), told("", &[2, 1]));
    // How one fares changes where it is.
    let offloaded = |gateway| route(Rtm::NEWROUTE, NlmFlags(0), RtmFlags::OFFLOAD, gateway);
    assert_eq!(after(&offloaded(1)), told("~", &[1, 2]));
    assert_eq!(after(&offloaded(2)), told("~", &[1, 2]));
    assert_eq!(after(&offloaded(3)), (String::new(), vec![1, 2], false));
    assert_eq!(after(&route(Rtm::DELROUTE, NlmFlags(0), plain, 1)), told("-", &[2]));
    assert_eq!(after(&route(Rtm::DELROUTE, NlmFlags(0), plain, 3)), told("", &[1, 2]));
}
