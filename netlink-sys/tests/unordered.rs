//! Routes that are dumped in parts are those of one dump, each test in a namespace of its own.

mod common;
#[path = "common/ip.rs"]
mod ip;

use common::*;
use ip::{batch, ip};
use netlink_sys::{
    Builder, Consistency, Error, Protocol, Result, Socket, Unordered,
    table::{Links, Nexthops, Routes},
};
use netlink_wire::{
    Rtm,
    route::{Route, RouteAttr, RtProt, RtTable, Rtn},
};

/// Everything of a route, to be sorted.
type Row = (Vec<u8>, Vec<u8>);

fn row(route: &Route<'_>) -> Row {
    let header = format!("{:?}", route.header);
    (header.into_bytes(), route.attrs.as_bytes().to_vec())
}

fn builder() -> Builder {
    Socket::builder(Protocol::ROUTE)
}

fn unordered(routes: Routes) -> Unordered {
    builder().dump_unordered(routes, 4).unwrap()
}

fn rows(mut dump: Unordered) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    while let Some(route) = dump.recv()? {
        rows.push(row(&route));
    }
    assert_eq!(dump.consistency(), Some(Consistency::Proven));
    rows.sort();
    Ok(rows)
}

/// Checks that parts add up to the whole, and returns how many routes that has.
#[track_caller]
fn check(routes: Routes) -> usize {
    let whole = || {
        let mut socket = builder().open().unwrap();
        let mut rows = socket.dump(routes).unwrap().collect(|route| row(&route)).unwrap().entries;
        rows.sort();
        rows
    };
    // What the kernel does in its own time may disturb the dump, or change the table meanwhile.
    let mut told = Vec::new();
    while told.len() < 50 {
        let before = whole();
        let dump = unordered(routes);
        assert!(dump.parts() > 1, "{dump:?}");
        match rows(dump) {
            Ok(parts) if parts == before => return parts.len(),
            Ok(parts) => {
                assert_ne!(before, whole(), "{routes:?}: parts are {parts:?}");
                told.push("the table changed".to_owned());
            }
            Err(error) => told.push(error.to_string()),
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{routes:?}: {told:?}");
}

/// Interfaces `v1`, `v2` and `v3` with carrier, and routes of all sorts over them.
fn fill() {
    lo_up();
    ip("link add v1 type veth peer name v2");
    add_link("v3", "bridge");
    let mut commands = String::new();
    let mut say = |command: String| commands += &(command + "\n");
    for (n, link) in ["v1", "v2", "v3"].iter().enumerate() {
        say(format!("link set {link} up"));
        say(format!("addr add 10.{n}.0.1/24 dev {link}"));
        say(format!("addr add 2001:db8:{n}::1/64 dev {link} nodad"));
        say(format!("nexthop add id {n}1 via 10.{n}.0.2 dev {link} onlink"));
        say(format!("nexthop add id {n}2 via 2001:db8:{n}::2 dev {link} onlink"));
    }
    say("nexthop add id 31 blackhole".into());
    say("nexthop add id 41 group 1/11/21".into());
    say("nexthop add id 42 group 22/2/12".into());
    say("nexthop add id 43 group 11".into());
    say("nexthop add id 44 group 21/11 type resilient buckets 8".into());
    for (n, id) in [1, 11, 21, 31, 41, 43, 44].iter().enumerate() {
        say(format!("route add 10.9.{n}.0/24 nhid {id}"));
        // Not every kernel takes both, and none need.
        for kind in ["blackhole", "unreachable", "prohibit", "throw"] {
            say(format!("route add {kind} 10.8.{n}.0/24 nhid {id} metric {n}"));
        }
    }
    for (n, id) in [2, 12, 22, 32, 42].iter().enumerate() {
        say(format!("route add 2001:db8:9:{n}::/64 nhid {id}"));
    }
    for table in [254, 100, 70_000] {
        for (n, kind) in ["blackhole", "unreachable", "prohibit", "throw"].iter().enumerate() {
            say(format!("route add {kind} 10.20.{n}.0/24 table {table}"));
            say(format!("route add {kind} 10.21.{n}.0/24 table {table} proto static"));
            say(format!("route add {kind} 2001:db8:20:{n}::/64 table {table}"));
        }
        for (n, (a, b)) in [(0, 1), (1, 2), (2, 0), (1, 1)].iter().enumerate() {
            let hops = |ip: &dyn Fn(i32) -> String| {
                let hop = |n| format!("nexthop via {} dev v{} onlink", ip(n), n + 1);
                format!("{} {}", hop(*a), hop(*b))
            };
            let v4 = hops(&|n| format!("10.{n}.0.{}", if n == *a { 3 } else { 4 }));
            let v6 = hops(&|n| format!("2001:db8:{n}::{}", if n == *a { 3 } else { 4 }));
            say(format!("route add 10.30.{n}.0/24 table {table} {v4}"));
            say(format!("route add 2001:db8:30:{n}::/64 table {table} {v6}"));
            say(format!("route add 10.31.{n}.0/24 table {table} dev v3 metric {n}"));
            say(format!("route add 10.32.{n}.0/24 via inet6 2001:db8::1 dev v2 onlink"));
            say(format!("route add broadcast 10.33.{n}.0 dev v1 table {table}"));
            say(format!("route add local 10.34.{n}.0/24 dev lo table {table}"));
            say(format!("route add multicast 224.0.{n}.0/24 dev v2 table {table}"));
            say(format!("route add local 2001:db8:34:{n}::/64 dev lo table {table}"));
        }
    }
    ip("-6 nexthop add id 32 blackhole");
    batch(&commands);
    assert!(count_of(Routes::ipv4()) > 60, "{} of IPv4", count_of(Routes::ipv4()));
    assert!(count_of(Routes::ipv6()) > 30, "{} of IPv6", count_of(Routes::ipv6()));
}

fn count_of(routes: Routes) -> usize {
    builder().open().unwrap().dump(routes).unwrap().collect(|_| ()).unwrap().entries.len()
}

live! {
    fn parts_add_up_to_the_table() {
        fill();
        let mut socket = builder().open().unwrap();
        let nexthops = socket.dump(Nexthops::default()).unwrap().collect(|_| ()).unwrap();
        assert!(nexthops.entries.len() >= 8, "{}", nexthops.entries.len());
        for all in [Routes::ipv4(), Routes::ipv6()] {
            assert!(check(all) > 30);
            for table in [RtTable::MAIN, RtTable::LOCAL, RtTable(100), RtTable(70_000)] {
                assert!(check(all.table(table)) > 0);
            }
            assert!(check(all.protocol(RtProt::BOOT)) > 0);
            assert!(check(all.table(RtTable::MAIN).kind(Rtn::UNICAST)) > 0);
        }
    }

    fn a_nexthop_object_without_its_interface_is_looked_up() {
        let mode = "/proc/thread-self/root/proc/sys/net/ipv4/nexthop_compat_mode";
        std::fs::write(mode, "0").unwrap();
        fill();
        let mut socket = builder().open().unwrap();
        let mut routes = socket.dump(Routes::ipv4()).unwrap();
        let mut bare = 0;
        while let Some(route) = routes.recv().unwrap() {
            let id = route.get(RouteAttr::NhId).unwrap();
            bare += u32::from(id.is_some() && route.get(RouteAttr::Oif).unwrap().is_none());
        }
        assert!(bare >= 5, "{bare}");
        check(Routes::ipv4());
        check(Routes::ipv6());
    }

    fn a_change_meanwhile_is_told() {
        lo_up();
        add_routes(many(45_000));
        for (kind, n) in [(Rtm::NEWROUTE, 1 << 20), (Rtm::DELROUTE, 7)] {
            let mut dump = unordered(Routes::ipv4());
            assert!(dump.parts() > 1 && dump.recv().unwrap().is_some());
            change_routes(kind, n..n + 1);
            let mut count = 1;
            let told = loop {
                match dump.recv() {
                    Ok(Some(_)) => count += 1,
                    Ok(None) => panic!("{count} routes looked whole"),
                    Err(error) => break error,
                }
            };
            assert!(matches!(told, Error::Unproven | Error::Interrupted), "{told:?}");
            assert_eq!(dump.recv().map(drop), Err(told));
            assert_ne!(dump.consistency(), Some(Consistency::Proven));
        }
    }

    fn what_does_not_pay_is_one_part() {
        lo_up();
        add_routes(3);
        let one = |routes, threads| builder().dump_unordered(routes, threads).unwrap();
        for dump in [
            one(Routes::ipv4(), 1),
            one(Routes::ipv4(), 2),
            one(Routes::ipv6(), 1),
            one(Routes::default(), 4),
            one(Routes::ipv4().oif(1), 4),
            one(Routes::ipv4().kind(Rtn::BLACKHOLE), 4),
            builder().strict_check(false).dump_unordered(Routes::ipv4(), 4).unwrap(),
        ] {
            assert_eq!(dump.parts(), 1, "{dump:?}");
        }
        assert_eq!(rows(one(Routes::ipv4().kind(Rtn::BLACKHOLE), 4)).unwrap().len(), 3);
        assert!(one(Routes::ipv4(), usize::MAX).parts() > 1, "with any number of threads");
        (0..20).for_each(|n| add_link(&format!("b{n}"), "bridge"));
        let mut socket = builder().open().unwrap();
        let links = socket.dump(Links::default()).unwrap().collect(|_| ()).unwrap().entries.len();
        assert!(links > 16, "{links}");
        assert_eq!(unordered(Routes::ipv4()).parts(), 1);
    }

    fn a_table_that_is_missing_is_refused() {
        lo_up();
        let mut dump = unordered(Routes::ipv4().table(RtTable(4711)));
        assert!(dump.parts() > 1);
        let refused = dump.recv().map(drop).unwrap_err();
        assert!(refused.is_not_found(), "{refused:?}");
        assert_eq!(dump.recv().map(drop), Err(refused));
    }

    fn one_that_is_dropped_leaves_nothing_behind() {
        lo_up();
        add_routes(many(45_000));
        for read in 0..3 {
            let mut dump = unordered(Routes::ipv4());
            (0..read).for_each(|_| assert!(dump.recv().unwrap().is_some()));
        }
        assert_eq!(rows(unordered(Routes::ipv4())).unwrap().len(), count_of(Routes::ipv4()));
    }
}
