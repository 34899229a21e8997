//! The mirror beside the running kernel, each test in a namespace of its own.

#[path = "common/checked.rs"]
mod checked;
mod common;
#[path = "common/ip.rs"]
mod ip_json;

use std::{
    os::fd::{AsFd, AsRawFd},
    process::Command,
    time::{Duration, Instant},
};

use checked::*;
use common::*;
use ip_json::*;
use netlink_sys::{
    Lost, Protocol, Socket,
    mirror::{Change, Mirror, Reason, Table},
};
use netlink_wire::{
    NlmFlags, Prefix, Rtm,
    link::{BrPortAttr, InfoSlaveData, LinkAttr},
    neigh::Nud,
    route::{RouteAddr, RouteAttr},
    rule::{FibRuleHdr, FrAct, Rule, RuleAttr},
};

/// A destination as text.
trait ToText {
    fn to_string_lossy(&self) -> String;
}

impl ToText for Prefix<RouteAddr<'_>> {
    fn to_string_lossy(&self) -> String {
        match self.addr {
            RouteAddr::Addr(addr) => format!("{addr}/{}", self.len),
            _ => String::new(),
        }
    }
}

/// Whether something changed, perhaps more than once, and nothing came or went.
fn is_changed(signs: &str) -> bool {
    !signs.is_empty() && signs.chars().all(|sign| sign == '~')
}

fn sorted(signs: String) -> String {
    let mut signs: Vec<char> = signs.chars().collect();
    signs.sort_unstable();
    signs.into_iter().collect()
}

/// Adds two links that are up and tied together, and waits until they are in use.
fn add_pair() {
    ip("link add v0 type veth peer name v1");
    ip("link set v0 up addrgenmode none");
    ip("link set v1 up addrgenmode none");
    wait_for_links();
}

/// The kernel sees to carriers in its own time, and to whether links are usable.
fn wait_for_links() {
    let is_up = |link: &serde_json::Value| link["operstate"] == "UP" || link["ifname"] == "lo";
    let deadline = Instant::now() + Duration::from_secs(10);
    while !json("-j link show up").iter().all(is_up) {
        assert!(Instant::now() < deadline, "links do not come up");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Adds a VRF, if there are any.
fn add_vrf() -> bool {
    let args = ["link", "add", "red", "type", "vrf", "table", "100"];
    Command::new("ip").args(args).output().unwrap().status.success()
}

live! {
    fn a_hidden_loss_is_found() {
        let builder = Mirror::builder().routes().receive_buffer(4 << 10, 64 << 20);
        let mut mirror = Checked::open(builder);
        let before = mirror.mirror.receive_buffer().unwrap();
        change_routes(Rtm::NEWROUTE, 0..500);
        // After the overflow, and before it is told.
        change_routes(Rtm::NEWROUTE, 500..510);
        mirror.check();
        assert_eq!(mirror.mirror.len(Table::Ipv4Routes), 510);
        assert_eq!(mirror.losses(), 1);
        assert!(mirror.changes.contains(&Change::Lost { reason: Lost::Overflow }));
        assert_eq!(mirror.signs(Table::Ipv4Routes), "+".repeat(510));
        assert!(mirror.mirror.receive_buffer().unwrap() > before);
        // From here on nothing is lost, as long as little is sent.
        for n in 510..520 {
            change_routes(Rtm::NEWROUTE, n..n + 1);
            mirror.settle();
            assert_eq!(mirror.signs(Table::Ipv4Routes), "+");
        }
        change_routes(Rtm::DELROUTE, 0..500);
        change_routes(Rtm::DELROUTE, 500..510);
        mirror.check();
        assert_eq!(mirror.mirror.len(Table::Ipv4Routes), 10);
        assert_eq!(mirror.signs(Table::Ipv4Routes), "-".repeat(510));
    }

    fn everything_at_once() {
        lo_up();
        ip("link add v0 type veth peer name v1");
        ip("link set v0 up");
        ip("link set v1 up");
        ip("addr add 192.0.2.1/24 dev v0");
        ip("addr add 2001:db8::1/64 dev v0 nodad");
        ip("route add 198.51.100.0/24 via 192.0.2.2");
        ip("nexthop add id 7 via 192.0.2.3 dev v0");
        ip("route add 203.0.113.0/24 nhid 7");
        ip("rule add from 192.0.2.0/24 table 100");
        ip("neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0");
        let mut mirror = Checked::all();
        mirror.check();
        assert_eq!(mirror.mirror.stats().due(Reason::Lost), 0);
    }

    fn links_renamed_reused_and_moved() {
        let mut mirror = Checked::all();
        ip("link add v0 type veth peer name v1");
        mirror.check();
        // The first one shows the other end once that is there.
        assert_eq!(mirror.signs(Table::Links), "++~");
        let index = nix::net::if_::if_nametoindex("v0").unwrap();

        ip("link set v0 name w0");
        mirror.check();
        assert!(is_changed(&mirror.signs(Table::Links)));
        // Other names of a link that is down change without an event.
        ip("link set w0 up");
        mirror.check();
        ip("link property add dev w0 altname another-name-of-it");
        mirror.check();
        assert!(is_changed(&mirror.signs(Table::Links)));
        let link = mirror.mirror.link(index).unwrap();
        assert_eq!(link.alt_names().unwrap().next().unwrap().unwrap().to_string(), "another-name-of-it");
        ip("link property del dev w0 altname another-name-of-it");
        mirror.check();
        assert!(is_changed(&mirror.signs(Table::Links)));

        // Another one with the same index.
        ip("link del w0");
        ip(&format!("link add again index {index} type bridge"));
        mirror.check();
        assert!(mirror.signs(Table::Links).ends_with("--+"));
        let again = mirror.mirror.link(index).unwrap();
        assert_eq!(again.kind().unwrap().unwrap().to_string(), "bridge");

        // To another namespace, and back.
        let other = new_netns();
        ip("link add away type dummy".replace("dummy", "ifb").as_str());
        ip("addr add 192.0.2.77/24 dev away");
        ip("link set away up");
        ip("route add 198.51.100.0/24 via 192.0.2.78");
        mirror.check();
        let path = format!("/proc/{}/fd/{}", std::process::id(), other.as_fd().as_raw_fd());
        ip(&format!("link set away netns {path}"));
        mirror.check();
        assert_eq!(mirror.signs(Table::Links).chars().last(), Some('-'));
        assert_eq!(mirror.mirror.routes().filter(|route| route.table().unwrap().0 == 254).count(), 0);
        drop(other);
        mirror.check();
        assert_eq!(mirror.mirror.stats().due(Reason::Unclear), 0);
    }

    fn the_ends_of_a_pair() {
        let other = new_netns();
        let path = format!("/proc/{}/fd/{}", std::process::id(), other.as_fd().as_raw_fd());
        let mut mirror = Checked::open(Mirror::builder().links());
        mirror.check();
        let tie = |mirror: &Checked| {
            let link = mirror.mirror.link(8).unwrap();
            (link.get(LinkAttr::Link).unwrap(), link.get(LinkAttr::LinkNetnsId).unwrap().is_some())
        };
        // The first one comes before there is another, and tells of it only when it is asked.
        ip("link add v0 index 7 type veth peer name v1 index 8");
        mirror.check();
        assert_eq!(tie(&mirror), (Some(7), false));
        ip(&format!("link set v0 netns {path}"));
        mirror.check();
        assert_eq!(tie(&mirror), (Some(7), true));
        ip("link del v1");
        mirror.check();
        assert_eq!(mirror.signs(Table::Links), "-");
        drop(other);
    }

    fn ports_of_bridges_come_and_go() {
        ip("link add br0 type bridge");
        ip("link set br0 up");
        ip("link add v0 type veth peer name v1");
        ip("link set v0 up");
        ip("link set v1 up");
        let mut mirror = Checked::all();
        mirror.check();
        for _ in 0..3 {
            ip("link set v0 master br0");
            mirror.check();
            assert!(!mirror.signs(Table::Links).contains(['+', '-']));
            assert!(mirror.signs(Table::Links).contains('~'));
            let index = nix::net::if_::if_nametoindex("v0").unwrap();
            let link = mirror.mirror.link(index).unwrap();
            assert_eq!(link.slave_kind().unwrap().unwrap().to_string(), "bridge");
            // What bridges tell of their ports has fewer attributes.
            assert!(link.get(LinkAttr::NumTxQueues).unwrap().is_some());
            // Of which the bridge alone tells.
            run("bridge", "link set dev v0 cost 77");
            mirror.check();
            let info = mirror.mirror.link(index).unwrap().get(LinkAttr::LinkInfo).unwrap().unwrap();
            let Some(InfoSlaveData::Bridge(port)) = InfoSlaveData::of(info).unwrap() else {
                panic!("{info:?}");
            };
            let kernel = run("ip", "-d link show v0");
            assert_eq!(port.get(BrPortAttr::Cost).unwrap(), Some(77), "{kernel}");
            ip("link set v0 nomaster");
            mirror.check();
            assert!(!mirror.signs(Table::Links).contains(['+', '-']));
            assert!(mirror.mirror.link(index).unwrap().slave_kind().unwrap().is_none());
        }
        // A VRF has ports as well, and moves their routes.
        if !add_vrf() {
            eprintln!("ports of a VRF: NOT RUN: this kernel has none");
            return;
        }
        ip("link set red up");
        ip("addr add 192.0.2.1/24 dev v0");
        mirror.check();
        ip("link set v0 master red");
        mirror.check();
        ip("link set v0 nomaster");
        mirror.check();
        ip("link del red");
        mirror.check();
    }

    fn ipv4_routes_with_one_key() {
        add_pair();
        ip("addr add 192.0.2.1/24 dev v0");
        let mut mirror = Checked::all();
        mirror.check();
        let gateways = |mirror: &Checked, dst: &str| -> Vec<String> {
            let routes = mirror.mirror.routes().filter(|route| {
                route.destination().unwrap().to_string_lossy() == dst
            });
            routes
                .map(|route| route.get(RouteAttr::Gateway).unwrap().unwrap().to_string())
                .map(|gateway| gateway.rsplit('.').next().unwrap().to_owned())
                .collect()
        };
        let cases: &[(&str, &[&str], &str)] = &[
            ("add 198.51.100.0/24 via 192.0.2.10", &["10"], "+"),
            ("append 198.51.100.0/24 via 192.0.2.11", &["10", "11"], "+"),
            ("prepend 198.51.100.0/24 via 192.0.2.9", &["9", "10", "11"], "+"),
            ("append 198.51.100.0/24 via 192.0.2.12", &["9", "10", "11", "12"], "+"),
            ("replace 198.51.100.0/24 via 192.0.2.99", &["99", "10", "11", "12"], "~"),
            ("change 198.51.100.0/24 via 192.0.2.98", &["98", "10", "11", "12"], "~"),
            ("del 198.51.100.0/24 via 192.0.2.11", &["98", "10", "12"], "-"),
            ("del 198.51.100.0/24", &["10", "12"], "-"),
            ("append 198.51.100.0/24 via 192.0.2.11 tos 0x10", &["10", "12", "11"], "+"),
            ("del 198.51.100.0/24 tos 0x10", &["10", "12"], "-"),
            ("add 198.51.100.0/24 via 192.0.2.20 metric 5", &["10", "12", "20"], "+"),
            ("replace 198.51.100.0/24 via 192.0.2.21 metric 5", &["10", "12", "21"], "~"),
            ("replace 198.51.100.0/24 via 192.0.2.13", &["13", "12", "21"], "~"),
            ("add 198.51.100.0/25 via 192.0.2.30", &["13", "12", "21"], "+"),
            ("flush 198.51.100.0/24", &[], "---"),
        ];
        for (what, wanted, signs) in cases {
            ip(&format!("route {what}"));
            mirror.check();
            assert_eq!(mirror.signs(Table::Ipv4Routes), *signs, "{what}");
            let mut found = gateways(&mirror, "198.51.100.0/24");
            if what.contains("tos") || what.contains("metric") || wanted.contains(&"21") {
                // Those of another rank are in no order.
                let of = |list: &mut Vec<String>| list.sort();
                let mut wanted: Vec<String> = wanted.iter().map(|w| w.to_string()).collect();
                of(&mut wanted);
                of(&mut found);
                assert_eq!(found, wanted, "{what}");
            } else {
                assert_eq!(found, *wanted, "{what}");
            }
        }
        let stats = mirror.mirror.stats();
        assert_eq!(stats.dumps, mirror.mirror.tables().iter().count() as u64, "{stats:?}");
    }

    fn ipv6_multipath_grown_and_shrunk() {
        add_pair();
        ip("addr add 2001:db8::1/64 dev v0 nodad");
        ip("addr add 2001:db8:1::1/64 dev v1 nodad");
        let mut mirror = Checked::all();
        mirror.check();
        let cases = [
            ("add 2001:db8:a::/64 via 2001:db8::2", "+"),
            ("append 2001:db8:a::/64 via 2001:db8::3", "~"),
            ("append 2001:db8:a::/64 via 2001:db8:1::4", "~"),
            // The event has the protocol of this one, a dump that of the first.
            ("append 2001:db8:a::/64 via 2001:db8::9 proto bgp", "~"),
            ("del 2001:db8:a::/64 via 2001:db8::9", "~"),
            ("del 2001:db8:a::/64 via 2001:db8::2", "~"),
            ("append 2001:db8:a::/64 via 2001:db8::5", "~"),
            ("del 2001:db8:a::/64 via 2001:db8:1::4", "~"),
            ("del 2001:db8:a::/64 via 2001:db8::5", "~"),
            // Beside the one that is left, for it has no gateway.
            ("append 2001:db8:a::/64 dev v1", "+"),
            ("del 2001:db8:a::/64 dev v1", "-"),
            ("replace 2001:db8:a::/64 nexthop via 2001:db8::6 nexthop via 2001:db8::7", "~"),
            ("replace 2001:db8:a::/64 via 2001:db8::8", "~"),
            ("replace 2001:db8:a::/64 nexthop via 2001:db8::6 nexthop via 2001:db8::7", "~"),
            ("del 2001:db8:a::/64", "-"),
            ("add 2001:db8:b::/64 nexthop via 2001:db8::6 nexthop via 2001:db8:1::7 weight 3", "+"),
            ("del 2001:db8:b::/64 nexthop via 2001:db8:1::7", "~"),
            ("add blackhole 2001:db8:c::/64", "+"),
            ("del blackhole 2001:db8:c::/64", "-"),
            ("add 2001:db8:d::/64 via 2001:db8::2 metric 5", "+"),
            ("add 2001:db8:d::/64 via 2001:db8::2 metric 6", "+"),
            ("replace 2001:db8:d::/64 via 2001:db8::3 metric 6", "~"),
        ];
        for (what, signs) in cases {
            ip(&format!("-6 route {what}"));
            mirror.check();
            // Link-local ones come in the kernel's own time.
            mirror.changes.retain(|change| format!("{change:?}").contains("RTA_DST: 2001:db8:"));
            assert_eq!(mirror.signs(Table::Ipv6Routes), signs, "{what}");
        }
        ip("link set v1 down");
        mirror.check();
        ip("link set v1 up");
        mirror.check();
        ip("link del v0");
        mirror.check();
    }

    fn what_vanishes_without_an_event() {
        lo_up();
        add_pair();
        ip("addr add 192.0.2.1/24 dev v0");
        ip("addr add 192.0.2.2/32 dev v0");
        ip("addr add 203.0.113.1/24 dev v1");
        let mut mirror = Checked::all();
        let fill = || {
            ip("route add 198.51.100.0/24 via 192.0.2.9");
            ip("route add 198.51.101.0/24 nexthop via 192.0.2.9 nexthop via 203.0.113.9");
            ip("route add 198.51.102.0/24 via 192.0.2.9 src 192.0.2.2");
            ip("nexthop add id 1 via 192.0.2.3 dev v0");
            ip("nexthop add id 2 via 203.0.113.3 dev v1");
            ip("nexthop add id 10 group 1/2");
            ip("route add 198.51.103.0/24 nhid 1");
            ip("route add 198.51.104.0/24 nhid 10");
            ip("rule add iif v0 table 100");
        };
        fill();
        mirror.check();
        // A nexthop object is replaced, and so are the routes through it.
        ip("nexthop replace id 1 via 192.0.2.4 dev v0");
        mirror.check();
        assert_eq!(mirror.signs(Table::Nexthops), "~");
        assert_eq!(mirror.signs(Table::Ipv4Routes), "~~");
        // An address takes routes with it.
        ip("addr del 192.0.2.2/32 dev v0");
        mirror.check();
        assert!(mirror.signs(Table::Ipv4Routes).contains('-'));
        // So does a nexthop object, and leaves a group.
        ip("nexthop del id 1");
        mirror.check();
        assert_eq!(sorted(mirror.signs(Table::Nexthops)), "-~");
        assert_eq!(sorted(mirror.signs(Table::Ipv4Routes)), "-~");
        ip("link set v1 down");
        mirror.check();
        assert!(mirror.signs(Table::Nexthops).contains('-'));
        ip("link set v1 up");
        mirror.check();
        ip("link set v0 down");
        mirror.check();
        ip("link set v0 up");
        mirror.check();
        ip("link del v0");
        mirror.check();
        assert_eq!(mirror.mirror.nexthops().count(), 0);
        let stats = mirror.mirror.stats();
        assert_eq!((stats.due(Reason::Lost), stats.due(Reason::Failed)), (0, 0), "{stats:?}");
    }

    fn a_link_too_small_for_ipv6() {
        let setting = "/proc/sys/net/ipv6/route/skip_notify_on_dev_down";
        std::fs::write(setting, "1").unwrap();
        add_pair();
        let mut mirror = Checked::all();
        for mtu in [1000, 1500] {
            mirror.check();
            ip(&format!("link set v0 mtu {mtu}"));
        }
        mirror.check();
    }

    fn rules_are_told_apart_by_all_they_say() {
        ip("link add v0 type veth peer name v1");
        let mut mirror = Checked::all();
        for (what, signs) in [
            ("add from 192.0.2.0/24 table 100 pref 1000", "+"),
            ("add from 192.0.2.0/24 table 101 pref 1000", "+"),
            ("add from 192.0.2.0/24 fwmark 0x7 table 101 pref 1000", "+"),
            ("add iif v0 table 5 pref 50", "+"),
            ("del from 192.0.2.0/24 table 101 pref 1000", "-"),
            ("add pref 60 goto 70", "+"),
            ("add pref 70 table 5", "+"),
            ("del pref 70", "-"),
        ] {
            ip(&format!("rule {what}"));
            mirror.check();
            let told = mirror.signs(Table::Ipv4Rules);
            // A jump shows whether there is something to jump to.
            assert_eq!(told.replace('~', ""), signs, "{what}");
            assert_eq!(told.contains('~'), what.contains("pref 70"), "{what}");
        }
        // The interface of a rule goes and comes back.
        for what in ["link del v0", "link add v0 type veth peer name v1", "link set v0 name v2"] {
            ip(what);
            mirror.check();
            assert_eq!(mirror.signs(Table::Ipv4Rules), "~", "{what}");
        }
        // Twice the same, which `ip` does not do.
        let mut buf = [0; 64];
        let header = FibRuleHdr { family: 2, table: 99, action: FrAct::TO_TBL, ..FibRuleHdr::default() };
        let flags = NlmFlags::CREATE;
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        for _ in 0..2 {
            let request = Rule::writer(&mut buf, Rtm::NEWRULE, flags, &header)
                .push(RuleAttr::Priority(99))
                .finish()
                .unwrap();
            socket.request(request).unwrap().finish().unwrap();
            mirror.check();
            assert_eq!(mirror.signs(Table::Ipv4Rules), "+");
        }
        ip("rule del pref 99");
        mirror.check();
        assert_eq!(mirror.signs(Table::Ipv4Rules), "-");
    }

    fn all_that_was_there_before() {
        // In other tables, flags of a link, and a neighbour's, have the bit of a route's that
        // tells a copy.
        ip("link add br0 type bridge");
        ip("link set br0 allmulticast on");
        ip("link add vx up type vxlan id 7 dstport 4789 local 192.0.2.1");
        run("bridge", "fdb add 02:00:00:00:00:79 dev vx dst 192.0.2.7");
        let mut mirror = Checked::open(Mirror::builder().links().table(Table::Fdb));
        mirror.check();
    }

    fn what_is_no_change() {
        add_pair();
        ip("link add br0 type bridge");
        ip("link set br0 up addrgenmode none");
        ip("link set v0 master br0");
        wait_for_links();
        let mut mirror = Checked::open(Mirror::builder().links().table(Table::Fdb));
        mirror.check();
        // The bridge counts what it learned, here of one who looks for others with his address.
        ip("addr add 2001:db8::1/64 dev v1");
        let deadline = Instant::now() + Duration::from_secs(10);
        while !mirror.mirror.fdb().any(|entry| entry.header.state == Nud::REACHABLE) {
            assert!(Instant::now() < deadline, "nothing is learned");
            std::thread::sleep(Duration::from_millis(20));
            mirror.check();
        }
        mirror.mirror.refresh(Table::Links.into());
        mirror.check();
        assert_eq!(mirror.signs(Table::Links), "", "{:?}", mirror.changes);
        // An event tells of another state than a dump.
        run("bridge", "fdb add 02:00:00:00:00:78 dev v1 self permanent");
        mirror.check();
        // More may be learned meanwhile; nothing else happens.
        let told = mirror.signs(Table::Fdb);
        assert!(told.starts_with('+') && !told.contains(['-', '~']), "{:?}", mirror.changes);
        mirror.mirror.refresh(Table::Fdb.into());
        mirror.check();
        // Of a link's own multicast addresses there are no events.
        assert!(!mirror.signs(Table::Fdb).contains(['-', '~']), "{:?}", mirror.changes);
    }

    fn forwarding_entries_move() {
        ip("link add br0 type bridge");
        ip("link set br0 up");
        for n in [0, 2] {
            ip(&format!("link add v{n} type veth peer name v{}", n + 1));
            ip(&format!("link set v{n} up master br0"));
            ip(&format!("link set v{} up", n + 1));
        }
        ip("link add vx type vxlan id 7 dstport 4789 local 192.0.2.1");
        ip("link set vx up");
        let mut mirror = Checked::open(Mirror::builder().table(Table::Fdb));
        mirror.check();
        for (what, signs) in [
            ("add 02:00:00:00:00:77 dev v0 master static", "+"),
            // To another port of the bridge: no event tells of the old one.
            ("replace 02:00:00:00:00:77 dev v2 master static", "~"),
            ("add 02:00:00:00:00:78 dev v2 master static", "+"),
            ("del 02:00:00:00:00:77 dev v2 master", "-"),
            ("add 02:00:00:00:00:79 dev vx dst 192.0.2.7", "+"),
            // In place of the one before, of which no event tells either.
            ("replace 02:00:00:00:00:79 dev vx dst 192.0.2.8", "~"),
            ("append 00:00:00:00:00:00 dev vx dst 192.0.2.7", "+"),
            ("append 00:00:00:00:00:00 dev vx dst 192.0.2.8", "+"),
            ("del 00:00:00:00:00:00 dev vx dst 192.0.2.7", "-"),
            ("del 02:00:00:00:00:79 dev vx", "-"),
        ] {
            run("bridge", &format!("fdb {what}"));
            mirror.check();
            let told = mirror.signs(Table::Fdb);
            assert!(told.contains(signs), "{what}: {told}");
        }
        ip("link set v2 nomaster");
        mirror.check();
        ip("link del br0");
        mirror.check();
        // An entry goes with the nexthop objects that it leads to, without an event.
        ip("nexthop add id 8 via 192.0.2.7 fdb");
        ip("nexthop add id 13 group 8 fdb");
        run("bridge", "fdb add 02:00:00:00:00:80 dev vx nhid 13");
        mirror.check();
        assert_eq!(mirror.signs(Table::Fdb), "+");
        ip("nexthop del id 13");
        mirror.check();
        assert_eq!(mirror.signs(Table::Fdb), "-");
    }
}
