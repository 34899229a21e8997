//! Dumps of the running kernel's tables, each test in a namespace of its own.

mod common;

use std::{
    collections::HashSet,
    net::Ipv6Addr,
    sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    time::Duration,
};

use common::*;
use netlink_sys::{
    Consistency, Error, Protocol, Retry, Socket, ops,
    table::{Addrs, Links, Neighs, Nexthops, Raw, Routes, Rules},
};
use netlink_wire::{
    Addr, Header, NlmFlags, Rtm,
    addr::{AddrAttr, Address, IfAddrMsg},
    link::LinkAttr,
    neigh::Ntf,
    route::{Route, RouteAddr, RouteAttr, RtProt, RtTable, Rtn},
    rule::{FibRuleHdr, FrAct, Rule, RuleAttr},
};

/// Number of the first entry that stays; those that come and go are before it,
/// for they shift what the kernel counts.
const STABLE: u32 = 2_000;

fn new_route6(buf: &mut [u8], kind: Rtm, n: u32) -> &mut [u8] {
    let ip = Ipv6Addr::from(0x2001_0db8 << 96 | u128::from(n) << 64);
    Route::writer(buf, kind, change(kind), &blackhole(10, 64))
        .push(RouteAttr::Dst(RouteAddr::Addr(ip.into())))
        .finish()
        .unwrap()
}

fn new_rule(buf: &mut [u8], kind: Rtm, priority: u32) -> &mut [u8] {
    let header = FibRuleHdr { family: 2, action: FrAct::PROHIBIT, ..FibRuleHdr::default() };
    Rule::writer(buf, kind, change(kind), &header)
        .push(RuleAttr::Priority(priority))
        .finish()
        .unwrap()
}

/// Number of a route of [`new_route6`].
fn number6(route: &Route<'_>) -> Option<u32> {
    match route.get(RouteAttr::Dst).unwrap()? {
        RouteAddr::Addr(Addr::Ipv6(ip)) if route.header.kind == Rtn::BLACKHOLE => {
            Some((u128::from(ip) >> 64) as u32)
        }
        _ => None,
    }
}

/// Makes one entry after another and deletes it again, until told to stop; at
/// times, and as told by `pause`, it rests.
fn churn(
    stop: &AtomicBool,
    pause: &AtomicU32,
    build: impl Fn(&mut [u8], bool, u32) -> usize,
) -> u32 {
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    let mut changes = 0;
    for round in 0.. {
        let mut bulk = socket.bulk().unwrap();
        for add in [true, false] {
            for n in 0..20 {
                let mut buf = [0; 128];
                let len = build(&mut buf, add, 20 * (round % 50) + n);
                bulk.push(&mut buf[..len]).unwrap();
            }
        }
        let report = bulk.finish();
        assert!(report.is_done(), "{report:?}");
        changes += report.len() as u32;
        if stop.load(Relaxed) {
            break;
        }
        std::thread::sleep(Duration::from_micros(pause.load(Relaxed).into()));
    }
    changes
}

/// What dumps under churn showed.
#[derive(Debug, Default)]
struct Seen {
    proven: u32,
    bad: u32,
}

/// Dumps while `build` churns. The keys that `dump` returns below `stable` never
/// change; it says of what consistency they are.
fn dumps_under_churn(
    stable: u32,
    build: impl Fn(&mut [u8], bool, u32) -> usize + Sync,
    dump: impl Fn(&mut Socket) -> (Vec<u32>, Consistency),
) -> Seen {
    let (stop, pause) = (AtomicBool::new(false), AtomicU32::new(0));
    std::thread::scope(|scope| {
        // The new thread is in the namespace of this one.
        let churner = scope.spawn(|| churn(&stop, &pause, &build));
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut seen = Seen::default();
        for attempt in 0..40 {
            // At full speed first, then with rests in which a dump can be proven.
            pause.store(if attempt < 30 { 0 } else { 150_000 }, Relaxed);
            let (keys, consistency) = dump(&mut socket);
            let mut counts = vec![0; stable as usize];
            for key in keys.iter().filter(|key| **key < stable) {
                counts[*key as usize] += 1;
            }
            let wrong = counts.iter().filter(|count| **count != 1).count();
            seen.bad += u32::from(wrong > 0);
            seen.proven += u32::from(consistency == Consistency::Proven);
            if consistency == Consistency::Proven {
                assert_eq!(wrong, 0, "proven, but {wrong} of {stable} entries lack or repeat");
            }
        }
        stop.store(true, Relaxed);
        let changes = churner.join().unwrap();
        eprintln!("{changes} changes: {seen:?}");
        seen
    })
}

live! {
    fn no_proven_dump_of_routes_lacks_or_repeats_one() {
        lo_up();
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut bulk = socket.bulk().unwrap();
        for n in 0..many(8_000) {
            bulk.push(new_route6(&mut [0; 128], Rtm::NEWROUTE, STABLE + n)).unwrap();
        }
        assert!(bulk.finish().is_done());
        let seen = dumps_under_churn(
            many(8_000),
            |buf, add, n| {
                let kind = if add { Rtm::NEWROUTE } else { Rtm::DELROUTE };
                new_route6(buf, kind, n).len()
            },
            |socket| {
                let dump = socket.dump_proven(Routes::ipv6().table(RtTable::MAIN)).unwrap();
                let dump = dump.retry(Retry { attempts: 3, ..Retry::default() });
                let found = dump.collect(|route| number6(&route).unwrap_or_default().wrapping_sub(STABLE)).unwrap();
                (found.entries, found.consistency)
            },
        );
        assert!(seen.proven > 0, "none was proven, not even in the rests");
    }

    fn no_proven_dump_of_rules_lacks_or_repeats_one() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut bulk = socket.bulk().unwrap();
        for n in 0..many(4_000) {
            bulk.push(new_rule(&mut [0; 128], Rtm::NEWRULE, STABLE + n)).unwrap();
        }
        assert!(bulk.finish().is_done());
        let seen = dumps_under_churn(
            many(4_000),
            |buf, add, n| {
                let kind = if add { Rtm::NEWRULE } else { Rtm::DELRULE };
                new_rule(buf, kind, 1 + n).len()
            },
            |socket| {
                let dump = socket.dump_proven(Rules::ipv4()).unwrap();
                let dump = dump.retry(Retry { attempts: 3, ..Retry::default() });
                let priority =
                    |rule: Rule<'_>| rule.get(RuleAttr::Priority).unwrap().unwrap_or_default();
                let found = dump.collect(|rule| priority(rule).wrapping_sub(STABLE)).unwrap();
                (found.entries, found.consistency)
            },
        );
        assert!(seen.proven > 0, "none was proven, not even in the rests");
    }

    fn a_quiet_system_is_proven_at_the_first_try() {
        lo_up();
        add_routes(50);
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut proven = 0;
        let dumps = many(1_000);
        for n in 0..dumps {
            let consistency = match n % 4 {
                0 => socket.dump_proven(Routes::ipv4()).unwrap().retry(Retry::NEVER).collect(|_| ()),
                1 => socket.dump_proven(Rules::ipv6()).unwrap().retry(Retry::NEVER).collect(|_| ()),
                2 => socket.dump_proven(Addrs::ipv4()).unwrap().retry(Retry::NEVER).collect(|_| ()),
                _ => {
                    socket.dump_proven(Links::default()).unwrap().retry(Retry::NEVER).collect(|_| ())
                }
            };
            proven += u32::from(consistency.unwrap().consistency == Consistency::Proven);
        }
        assert!(proven * 100 >= dumps * 95, "{proven} of {dumps}");
    }

    fn every_table_that_can_be_proven_is() {
        lo_up();
        add_routes(50);
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let all = [
            socket.dump_proven(Links::default()).unwrap().collect(|_| ()),
            socket.dump_proven(Addrs::default()).unwrap().collect(|_| ()),
            socket.dump_proven(Addrs::ipv6().index(1)).unwrap().collect(|_| ()),
            socket.dump_proven(Routes::default()).unwrap().collect(|_| ()),
            socket.dump_proven(Routes::ipv6()).unwrap().collect(|_| ()),
            socket.dump_proven(Rules::ipv4()).unwrap().collect(|_| ()),
            socket.dump_proven(Rules::ipv6()).unwrap().collect(|_| ()),
            socket.dump_proven(Nexthops::default()).unwrap().collect(|_| ()),
        ];
        for (index, found) in all.into_iter().enumerate() {
            assert_eq!(found.unwrap().consistency, Consistency::Proven, "{index}");
        }
        let found = socket.dump_proven(Rules::default()).unwrap().collect(|_| ()).unwrap();
        assert_eq!(found.consistency, Consistency::Unproven, "some families have no group");
    }

    fn an_event_between_request_and_end_is_seen() {
        add_routes(2_000);
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut dump = socket.dump_proven(Routes::ipv4()).unwrap();
        assert!(dump.recv().unwrap().is_some());
        assert_eq!(dump.consistency(), None, "it is not over");
        change_routes(Rtm::NEWROUTE, 5_000..5_001);
        let error = loop {
            match dump.recv() {
                Ok(entry) => assert!(entry.is_some()),
                Err(error) => break error,
            }
        };
        assert_eq!(error, Error::Unproven);
        assert_eq!(dump.consistency(), Some(Consistency::Unproven));
        assert_eq!(dump.recv().err(), Some(Error::Unproven), "it is said again");
        // The second attempt is whole.
        assert!(dump.again(&error).unwrap());
        let mut routes = 0;
        while dump.recv().unwrap().is_some() {
            routes += 1;
        }
        assert_eq!((routes, dump.attempts()), (2_001, 2));
        assert_eq!(dump.consistency(), Some(Consistency::Proven));
        // An event of a link counts as well: routes may vanish with it.
        let mut dump = socket.dump_proven(Routes::ipv4()).unwrap().retry(Retry::NEVER);
        assert!(dump.recv().unwrap().is_some());
        add_link("br0", "bridge");
        assert_eq!(dump.collect(|_| ()).unwrap().consistency, Consistency::Unproven);
    }

    fn what_nobody_hears_of_is_never_proven() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        for _ in 0..3 {
            let dump = socket.dump_proven(Neighs::ipv4()).unwrap();
            let found = dump.collect(|_| ()).unwrap();
            assert_eq!((found.consistency, found.attempts), (Consistency::Unproven, 1));
            // RTM_GETNEIGHTBL
            let header = netlink_wire::neigh::NdMsg::default();
            let mut buf = [0; 64];
            let request = netlink_wire::neigh::Neigh::writer(
                &mut buf,
                Rtm::GETNEIGHTBL,
                NlmFlags::DUMP,
                &header,
            );
            let request = { request }.finish().unwrap();
            // The header of this request is shorter.
            let len = request.len() - 8;
            let mut header = Header::of(request).unwrap();
            header.len = len as u32;
            header.replace_in(request);
            let dump = socket.dump_proven(Raw::new(&request[..len])).unwrap();
            let found = dump.collect(|message| message.header.kind).unwrap();
            assert_eq!(found.consistency, Consistency::Unproven);
            assert!(found.entries.contains(&Rtm::NEWNEIGHTBL.0));
        }
        // Nor is an ordinary dump.
        let found = socket.dump(Links::default()).unwrap().collect(|_| ()).unwrap();
        assert_eq!(found.consistency, Consistency::Unproven);
    }

    fn a_thread_that_moved_proves_nothing_of_the_old_namespace() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWNET).unwrap();
        let found = socket.dump_proven(Links::default()).unwrap().collect(|_| ()).unwrap();
        assert_eq!(found.consistency, Consistency::Unproven);
    }

    fn an_interrupted_dump_is_an_error() {
        add_addresses(0x0a00_0001, 2_000);
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut dump = socket.dump(Addrs::ipv4()).unwrap();
        assert!(dump.recv().unwrap().is_some());
        add_addresses(0x0b00_0001, 1);
        let error = loop {
            match dump.recv() {
                Ok(entry) => assert!(entry.is_some(), "the kernel did not say so"),
                Err(error) => break error,
            }
        };
        assert_eq!(error, Error::Interrupted);
        assert_eq!(dump.consistency(), Some(Consistency::Interrupted));
        let found = dump.collect(|_| ()).unwrap();
        assert_eq!((found.entries.len(), found.attempts), (2_001, 2));
    }

    fn filters_of_every_table() {
        lo_up();
        add_link("br0", "bridge");
        add_link("br1", "bridge");
        add_addresses(0x0a00_0001, 5);
        add_routes(10);
        // The kernel of the second socket ignores filters, as old ones do.
        let mut strict = Socket::open(Protocol::ROUTE).unwrap();
        for index in [2, 3] {
            strict.add(&ops::fdb(index, &[2, 0, 0, 0, 0, 9], Ntf::SELF)).unwrap();
        }
        let loose = Socket::builder(Protocol::ROUTE).strict_check(false).open().unwrap();
        for (mut socket, is_strict) in [(strict, true), (loose, false)] {
            let names = |links: Links, socket: &mut Socket| {
                let dump = socket.dump(links).unwrap();
                let name = |link: netlink_wire::link::Link<'_>| {
                    link.get(LinkAttr::IfName).unwrap().unwrap().to_string()
                };
                dump.collect(name).unwrap().entries
            };
            assert_eq!(names(Links::default(), &mut socket), ["lo", "br0", "br1"]);
            assert_eq!(names(Links::default().kind("bridge"), &mut socket), ["br0", "br1"]);
            // A kind that the kernel does not know makes it send all, unfiltered.
            assert_eq!(names(Links::default().kind("no-such-kind"), &mut socket), [""; 0]);
            assert_eq!(names(Links::default().master(2), &mut socket), [""; 0]);

            let dump = socket.dump(Addrs::ipv4().index(1)).unwrap();
            let found = dump.collect(|addr| assert_eq!(addr.header.index, 1)).unwrap();
            assert_eq!(found.entries.len(), 6, "127.0.0.1 and five more");
            let found = socket.dump(Addrs::ipv4().index(2)).unwrap().collect(|_| ()).unwrap();
            assert_eq!(found.entries.len(), 0);

            let mut routes = |routes: Routes| {
                let dump = socket.dump(routes).unwrap();
                dump.collect(|route| route.table().unwrap()).unwrap().entries
            };
            assert_eq!(routes(Routes::ipv4().table(RtTable::MAIN)), [RtTable::MAIN; 10]);
            assert_eq!(routes(Routes::ipv4().protocol(RtProt::STATIC)), [RtTable::MAIN; 10]);
            assert_eq!(routes(Routes::ipv4().kind(Rtn::BLACKHOLE)), [RtTable::MAIN; 10]);
            let local = routes(Routes::ipv4().oif(1));
            assert!(!local.is_empty() && local.iter().all(|table| *table == RtTable::LOCAL));
            assert_eq!(routes(Routes::ipv4().oif(1).table(RtTable::MAIN)), []);
            assert_eq!(routes(Routes::default().protocol(RtProt::STATIC)), [RtTable::MAIN; 10]);
            // The kernel takes these for no filter, and says that it filtered.
            assert_eq!(routes(Routes::ipv4().protocol(RtProt::UNSPEC)), []);
            assert_eq!(routes(Routes::ipv4().kind(Rtn::UNSPEC)), []);
            assert_eq!(routes(Routes::ipv4().table(RtTable::UNSPEC)), []);

            let found = socket.dump(Neighs::ipv4().index(1)).unwrap().collect(|_| ());
            assert!(found.is_ok());
            let found = socket.dump(Neighs::default().master(2)).unwrap().collect(|_| ());
            assert!(found.is_ok() || !is_strict && found == Err(Error::Unfiltered), "{found:?}");
            let of_bridge = socket.dump(Neighs::bridge().master(2)).unwrap();
            match of_bridge.collect(|entry| assert_eq!(entry.header.ifindex, 2)) {
                Ok(found) => assert!(is_strict && !found.entries.is_empty()),
                Err(error) => assert!(!is_strict && error == Error::Unfiltered),
            }
            let found = socket.dump(Rules::ipv4()).unwrap().collect(|_| ()).unwrap();
            assert_eq!(found.entries.len(), 3);
            let found = socket.dump(Nexthops::default().oif(1).groups()).unwrap().collect(|_| ());
            assert!(found.is_ok() || found.is_err_and(|error| error.ext_ack().is_some()));
        }
    }

    fn a_dump_that_fails_half_way_is_not_short() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        // A table that does not exist; the errno comes in NLMSG_DONE.
        let mut dump = socket.dump(Routes::ipv4().table(RtTable(12_345))).unwrap();
        assert!(dump.recv().unwrap_err().is_not_found());
        assert!(dump.recv().unwrap_err().is_not_found(), "it is said again");
        // Addresses with a prefix length, which the kernel cannot filter by.
        let header = IfAddrMsg { family: 2, prefixlen: 24, ..IfAddrMsg::default() };
        let mut buf = [0; 64];
        let request =
            Address::writer(&mut buf, Rtm::GETADDR, NlmFlags::DUMP, &header).finish().unwrap();
        let error = socket.dump(Raw::new(request)).unwrap().collect(|_| ()).unwrap_err();
        assert_eq!(error.errno(), Some(netlink_sys::Errno::EINVAL));
        assert!(error.ext_ack().unwrap().message.is_some(), "{error}");
    }

    fn one_link_by_any_name() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let link = socket.link("lo").unwrap();
        assert_eq!(link.header.index, 1);
        assert_eq!(link.get(LinkAttr::IfName).unwrap(), Some("lo".into()));
        assert!(link.get(LinkAttr::VfInfoList).unwrap().is_none());
        assert!(socket.link("nothing").unwrap_err().is_not_found());
        assert!(socket.link("a name of more than fifteen bytes").unwrap_err().is_not_found());
        assert_eq!(socket.link("lo").unwrap().header.index, 1);
        let name = socket.link_by_index(1).unwrap().get(LinkAttr::IfName).unwrap();
        assert_eq!(name, Some("lo".into()));
        for index in [2, 0, u32::MAX] {
            assert!(socket.link_by_index(index).is_err());
        }
    }

    fn a_second_dump_while_one_runs() {
        let routes = many(100_000);
        add_routes(routes);
        let mut first = Socket::open(Protocol::ROUTE).unwrap();
        let mut second = Socket::open(Protocol::ROUTE).unwrap();
        let mut dump = first.dump(Routes::ipv4()).unwrap();
        assert!(dump.recv().unwrap().is_some());
        // On another socket; on this one, the borrow checker refuses.
        let found = second.dump(Routes::ipv4()).unwrap().collect(|_| ()).unwrap();
        assert_eq!(found.entries.len(), routes as usize);
        // On this one, once the first is dropped after a single datagram.
        drop(dump);
        let found = first.dump(Routes::ipv4()).unwrap().collect(|_| ()).unwrap();
        assert_eq!(found.entries.len(), routes as usize);
    }

    fn the_smallest_buffers() {
        add_routes(20_000);
        let builder = Socket::builder(Protocol::ROUTE).buffer(0).receive_buffer(1).send_buffer(1);
        let mut socket = builder.open().unwrap();
        for _ in 0..3 {
            let dump = socket.dump_proven(Routes::ipv4()).unwrap();
            let found = dump.collect(|_| ()).unwrap();
            assert_eq!((found.entries.len(), found.consistency), (20_000, Consistency::Proven));
            // Given up, and asked for something else.
            let mut dump = socket.dump(Routes::ipv4()).unwrap();
            assert!(dump.recv().unwrap().is_some());
            assert_eq!(socket.link("lo").unwrap().header.index, 1);
        }
    }

    fn two_dumps_from_each_of_eight_threads() {
        add_routes(5_000);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
                    for _ in 0..2 {
                        let mut seen = HashSet::new();
                        let mut dump = socket.dump(Routes::ipv4()).unwrap();
                        while let Some(route) = dump.recv().unwrap() {
                            let Some(RouteAddr::Addr(Addr::Ipv4(ip))) =
                                route.get(RouteAttr::Dst).unwrap()
                            else {
                                panic!("{route:?}")
                            };
                            seen.insert(ip);
                        }
                        assert_eq!(seen.len(), 5_000);
                    }
                });
            }
        });
    }

    fn a_buffer_grows_and_the_dump_is_made_again() {
        // One address that takes little, dumped with a buffer for less: the
        // smallest that can be set is enough for all that this kernel has.
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut dump = socket.dump(Links::default()).unwrap();
        let link = dump.recv().unwrap().unwrap();
        assert_eq!(link.header.index, 1);
        assert!(!dump.again(&Error::TimedOut).unwrap(), "no reason to repeat a dump");
        assert!(dump.again(&Error::Truncated(99)).unwrap());
        assert_eq!(dump.recv().unwrap().unwrap().header.index, 1, "from the beginning");
        assert_eq!(dump.attempts(), 2);
    }
}

/// Adds addresses to the loopback interface.
fn add_addresses(first: u32, count: u32) {
    let header = IfAddrMsg { family: 2, prefixlen: 32, index: 1, ..IfAddrMsg::default() };
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    let mut bulk = socket.bulk().unwrap();
    for n in 0..count {
        let ip = std::net::Ipv4Addr::from(first + n);
        let mut buf = [0; 64];
        let request = Address::writer(&mut buf, Rtm::NEWADDR, change(Rtm::NEWADDR), &header)
            .push(AddrAttr::Local(ip.into()))
            .finish();
        bulk.push(request.unwrap()).unwrap();
    }
    assert!(bulk.finish().is_done());
}
