//! `monitor` beside `ip monitor`, and its JSON beside what was done.

use std::{env, thread, time::Duration};

use netlink_sys::{Protocol, Socket};
use netlink_wire::{
    NlmFlags, Rtm,
    route::{Route, RouteAddr, RouteAttr, RtMsg, RtNextHop, RtProt, RtScope, RtTable, Rtn},
};
use regex::Regex;
use serde_json::Value;

use super::{
    live::{OURS, Program, alone, sh, table, wait_for},
    namespace::Output,
};

/// What is done to the kernel, step by step.
const STEPS: &[&str] = &[
    "ip link add d0 type veth peer name d1",
    "ip link set d1 up",
    "ip link set d0 up",
    "ip addr add 10.0.0.1/24 dev d0",
    "ip addr add 2001:db8::1/64 dev d0 nodad",
    "ip addr change 10.0.0.1/24 dev d0 valid_lft 1000 preferred_lft 500",
    "ip route add 10.9.0.0/16 via 10.0.0.2 metric 7",
    "ip route replace 10.9.0.0/16 via 10.0.0.3 metric 7",
    "ip route add 10.8.0.0/16 nexthop via 10.0.0.2 weight 3 nexthop via 10.0.0.4",
    "ip route add blackhole 10.7.0.0/16 table 77 proto static",
    "ip -6 route add 2001:db8:9::/48 via 2001:db8::2",
    "ip nexthop add id 5 via 10.0.0.7 dev d0",
    "ip nexthop add id 6 group 5",
    "ip nexthop replace id 5 via 10.0.0.8 dev d0",
    "ip route add 10.10.0.0/16 nhid 5",
    "ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:01 dev d0",
    "ip neigh change 10.0.0.9 lladdr 02:00:00:00:00:02 dev d0",
    "ip rule add from 10.1.1.1 fwmark 7 table 55",
    "ip -6 rule add from 2001:db8::7 table 55",
    "ip rule del from 10.1.1.1",
    "ip link add br0 type bridge",
    "ip link set d0 master br0",
    "bridge fdb add 02:11:22:33:44:55 dev d0 master",
    "ip link set d0 nomaster",
    "ip link set d0 alias 'a b' mtu 1400",
    "ip link property add dev d0 altname other",
    "echo 1 > /proc/sys/net/ipv4/conf/d0/forwarding",
    "ip netns add far",
    "ip link set d1 netns far",
    "ip -n far link set d1 up",
    "ip addr del 10.0.0.1/24 dev d0",
    "ip link del br0",
    "ip link del d0",
];

/// Where we differ: what is put in place of it, in their text and in ours.
const MASKS: &[(&str, &str)] = &[
    // The time that it is read.
    (r"Timestamp: \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} \d{1,6} usec", "Timestamp"),
    (r"\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\]", "[T]"),
    // Times that pass.
    (r"used \d+/\d+/\d+", "used"),
    (r"_lft \d+sec", "_lft"),
    // An id that belongs to another namespace has no name here.
    (r"(\[nsid \d+\]\[NSID\].*) \(.*\)", "$1"),
];

/// The same, for iproute2 6.1.
const MASKS_IN_6_1: &[(&str, &str)] = &[
    // It knows of no protocols of addresses.
    (r" proto (kernel_\w+|0x\d+)", ""),
    (r"  +", " "),
    // It writes labels of what it then does not print.
    (r"(?:\[[A-Z]+\])+(\[[A-Z]+\])", "$1"),
    (r"(?:\[[A-Z]+\])+$", ""),
];

fn masked(text: &str, masks: &[(Regex, &str)]) -> String {
    masks
        .iter()
        .fold(text.to_owned(), |text, (mask, with)| mask.replace_all(&text, *with).into_owned())
}

/// How often both have to be the same, and the same as before, to be done with a step.
const SETTLED: usize = 3;

/// Runs both while the steps are done, and compares.
fn compare(line: &str, steps: &[&str]) {
    let ip = env::var("NETLINK_IP7").ok().filter(|ip| !ip.is_empty()).unwrap_or("ip".into());
    let version = Output::of(&ip, ["-V"]).expect("there is `ip`").out;
    let is_6 = String::from_utf8_lossy(&version).contains("iproute2-6.");
    let masks = MASKS.iter().chain(if is_6 { MASKS_IN_6_1 } else { &[] });
    let masks: Vec<_> = masks.map(|(mask, with)| (Regex::new(mask).unwrap(), *with)).collect();
    let words = || line.split(' ');
    let (theirs, ours) = (Program::listening(&ip, words()), Program::listening(OURS, words()));
    let both = || [&theirs, &ours].map(|program| masked(&program.out(), &masks));
    for step in steps {
        sh(step);
        // Names are asked for when they are needed: both have to see the same links.
        let mut last = both();
        let mut equal = 0;
        for _ in 0..150 {
            thread::sleep(Duration::from_millis(20));
            let now = both();
            equal = if now == last && now[0] == now[1] { equal + 1 } else { 0 };
            last = now;
            if equal == SETTLED {
                break;
            }
        }
        assert!(equal == SETTLED, "`{line}` after `{step}`:\n{}", difference(&last));
    }
    let [theirs, _] = both();
    assert!(theirs.lines().count() >= 5, "{theirs}");
}

/// The lines that only one of the two has.
fn difference([theirs, ours]: &[String; 2]) -> String {
    let only = |whose: &str, of: &str, others: &str| -> String {
        let missing = of.lines().filter(|line| !others.lines().any(|other| other == *line));
        missing.map(|line| format!("    {whose} {line:?}\n")).collect()
    };
    only("theirs", theirs, ours) + &only("ours  ", ours, theirs)
}

/// Compares a line after the other; under `NETLINK_SAMPLE`, where a kernel is slow, the first.
fn compare_each(lines: &[&str]) {
    let is_sample = env::var_os("NETLINK_SAMPLE").is_some();
    for line in lines.iter().take(if is_sample { 1 } else { lines.len() }) {
        alone(|| compare(line, STEPS));
    }
}

/// What iproute2 6.1 can be asked as well.
#[test]
fn text_is_that_of_ip() {
    compare_each(&[
        "monitor link route neigh rule nexthop nsid netconf address",
        "-ts monitor label link address route neigh rule nexthop nsid netconf",
        "-o -t monitor route rule label",
        "-6 -s -N monitor address route neigh",
    ]);
}

#[test]
fn details_and_all_objects_are_those_of_iproute2_7() {
    let Some(_) = env::var_os("NETLINK_IP7").filter(|ip| !ip.is_empty()) else {
        return eprintln!("NOT RUN: NETLINK_IP7 names no `ip` of iproute2 7");
    };
    compare_each(&["monitor all", "-d monitor label", "monitor maddress acaddress prefix"]);
}

/// Links have indices of their own there: `ip` takes those of one namespace for those of another.
#[test]
fn other_namespaces_are_told_apart() {
    alone(|| {
        sh("ip netns add far && ip netns set far 7");
        compare(
            "monitor all-nsid label link route",
            &[
                "ip link add d0 type veth peer name d1",
                "ip -n far link add f0 index 40 type veth peer name f1 index 41",
                "ip -n far link set f0 up",
                "ip -n far link set f1 up",
                "ip -n far addr add 10.3.0.1/24 dev f0",
                "ip link set d0 up",
                "ip -n far route add 10.4.0.0/16 via 10.3.0.2",
                "ip -n far link del f0",
            ],
        );
    });
}

/// iproute2 6.1 leaves out routes with a leg through it, and writes labels of what it leaves out.
#[test]
fn one_link_alone() {
    let Some(_) = env::var_os("NETLINK_IP7").filter(|ip| !ip.is_empty()) else {
        return eprintln!("NOT RUN: NETLINK_IP7 names no `ip` of iproute2 7");
    };
    alone(|| {
        sh("ip link add d0 type veth peer name d1 && ip link set d0 up && ip link set d1 up");
        compare(
            "monitor label link address route neigh dev d0",
            &[
                "ip addr add 10.0.0.1/24 dev d0",
                "ip addr add 10.0.1.1/24 dev d1; ip route add 10.9.0.0/16 via 10.0.0.2",
                "ip route add 10.8.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.1.2",
                "ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:01 dev d0",
                "ip route add blackhole 10.7.0.0/16; ip route add blackhole 2001:db8:7::/48",
                "ip link set d0 down",
            ],
        );
    });
}

/// The keys that are of events, not of rows.
fn row_of(mut event: Value) -> Value {
    let object = event.as_object_mut().unwrap();
    let is_address = object["object"] == "address";
    for key in ["event", "object", "ts"] {
        assert!(object.remove(key).is_some(), "{key} is missing");
    }
    for key in if is_address { ["index", "dev"] } else { ["family", "nsid"] } {
        object.remove(key);
    }
    event
}

#[test]
fn json_has_what_was_done_with_the_keys_of_the_tables() {
    alone(|| {
        let monitor = Program::listening(OURS, ["-j", "monitor"]);
        sh(r#"name=$(printf 'q"\\\377\033'); ip link add "$name" type veth peer name d1
            ip link set d1 up; ip link set "$name" up; ip addr add 10.0.0.1/24 dev d1"#);
        sh("ip route add 10.9.0.0/16 via 10.0.0.2; ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:01 dev d1
            ip rule add from 10.1.1.1 table 55; ip nexthop add id 5 via 10.0.0.7 dev d1");
        let is = |object: &'static str, key: &'static str, value: Value| {
            move |line: &Value| {
                line["event"] == "new" && line["object"] == object && line[key] == value
            }
        };
        for (object, key, value) in [
            ("route", "dst", Value::from("10.9.0.0/16")),
            ("neigh", "dst", "10.0.0.9".into()),
            ("rule", "src", "10.1.1.1".into()),
            ("nexthop", "id", 5.into()),
        ] {
            let event = monitor.line(object, is(object, key, value.clone()));
            let rows = table(OURS, &format!("-j {object} show"));
            let row = rows.into_iter().find(|row| row[key] == value).unwrap();
            assert_eq!(row_of(event), row, "{object}");
        }
        let link = monitor.line("link", is("link", "ifname", "d1".into()));
        assert_eq!(row_of(link)["linkmode"], "DEFAULT");
        let odd = is("link", "ifname_hex", "71225cff1b".into());
        assert_eq!(monitor.line("odd", odd)["ifname"], "q\"\\\u{fffd}\u{1b}");
        let address = monitor.line("address", is("address", "local", "10.0.0.1".into()));
        assert_eq!((&address["dev"], &address["prefixlen"]), (&"d1".into(), &24.into()));
        let shown = table(OURS, "-j addr show dev d1");
        assert!(shown[0]["addr_info"].as_array().unwrap().contains(&row_of(address)));

        // A new name holds from then on; what is gone keeps the last one.
        sh(
            "ip link set d1 down; ip link set d1 name e1; ip link set e1 up; ip addr add 10.5.0.1/24 dev e1",
        );
        let address = monitor.line("new name", is("address", "local", "10.5.0.1".into()));
        assert_eq!(address["dev"], "e1");
        sh("ip link del e1");
        let gone = |line: &Value| line["event"] == "del" && line["local"] == "10.5.0.1";
        assert_eq!(monitor.line("deleted", gone)["dev"], "e1");
        assert!(monitor.lines().iter().all(|line| line["ts"].as_f64().unwrap() > 1.7e9));
        assert_eq!(monitor.err(), "");
    });
}

/// A route with so many next hops, of 8 bytes each in the event.
fn add_wide_route(third: u8, hops: usize) {
    let header = RtMsg {
        family: 2,
        dst_len: 24,
        table: RtTable::MAIN.0 as u8,
        protocol: RtProt::BOOT,
        scope: RtScope::LINK,
        kind: Rtn::UNICAST,
        ..RtMsg::default()
    };
    let mut buf = vec![0; 65535];
    let flags = NlmFlags::CREATE | NlmFlags::EXCL;
    let request = Route::writer(&mut buf, Rtm::NEWROUTE, flags, &header)
        .push(RouteAttr::Dst(RouteAddr::from([10, 6, third, 0])))
        .nest(RouteAttr::Multipath, |list| {
            for _ in 0..hops {
                list.hop(&RtNextHop { ifindex: 1, ..RtNextHop::default() }, |_| {});
            }
        })
        .finish()
        .unwrap();
    Socket::open(Protocol::ROUTE).unwrap().request(request).unwrap().finish().unwrap();
}

#[test]
fn large_events_are_whole() {
    alone(|| {
        let json = Program::listening(OURS, ["-j", "monitor", "route"]);
        let text = Program::listening(OURS, ["monitor", "route"]);
        for (third, hops) in [(1, 2200), (2, 4500), (3, 8000)] {
            add_wide_route(third, hops);
            let dst = format!("10.6.{third}.0/24");
            let event = json.line("a large event", |line| line["dst"] == *dst);
            assert_eq!(event["nexthops"].as_array().unwrap().len(), hops);
            wait_for("a large event as text", || {
                let out = text.out();
                let (_, hop_lines) = out.split_once(&dst)?;
                (hop_lines.matches("nexthop dev lo weight 1").count() == hops).then_some(())
            });
        }
        assert_eq!((json.err(), text.err()), (String::new(), String::new()));
    });
}

/// More routes than a small buffer holds events for.
fn many_routes(command: &str) {
    sh(&format!(
        "for i in $(seq 0 250); do for j in 1 2 3; do
            echo route {command} blackhole 10.$((100 + j)).$i.0/24; done; done | ip -batch -"
    ));
}

#[test]
fn losses_are_told_and_survived() {
    alone(|| {
        let mut text = Program::listening(OURS, ["-rcvbuf", "4096", "monitor", "route"]);
        let mut json = Program::listening(OURS, ["monitor", "route", "-j", "-rcvbuf", "4096"]);
        for round in 0..2 {
            [&text, &json].iter().for_each(|program| program.signal("STOP"));
            many_routes(if round == 0 { "add" } else { "del" });
            [&text, &json].iter().for_each(|program| program.signal("CONT"));
            let told = "netlink receive error No buffer space available (105)\n";
            wait_for(told, || (text.err().matches(told).count() > round).then_some(()));
            let is_lost = |line: &&Value| line["event"] == "lost" && line["reason"] == "overflow";
            wait_for("lost", || {
                (json.lines().iter().filter(is_lost).count() > round).then_some(())
            });
            // They go on.
            sh(&format!("ip route add blackhole 10.5.{round}.0/24"));
            let dst = format!("10.5.{round}.0/24");
            json.line("the next event", |line| line["dst"] == *dst);
            wait_for("the next event as text", || text.out().contains(&dst).then_some(()));
        }
        assert!(text.is_running() && json.is_running());
        assert_eq!(json.err(), "");
    });
}

/// Nobody reads along any more, or a signal comes.
#[test]
fn it_ends_quietly() {
    alone(|| {
        for command in ["monitor", "watch"] {
            let mut running = Program::listening(OURS, [command, "link"]);
            running.signal("INT");
            assert_eq!(running.end(), None, "{command}: ended by the signal");
            assert_eq!(running.err(), "", "{command}");

            let pipe = format!("{{ {OURS} {command} link; echo ends $? >&2; }} | head -c 1");
            let running = Program::listening("sh", ["-c", &pipe]);
            wait_for("the end", || {
                sh("ip link set lo down && ip link set lo up");
                (running.err() == "ends 0\n").then_some(())
            });
        }
    });
}

#[test]
fn mistakes_are_told_as_ip_tells_them() {
    let run = |line: &str| Output::of(OURS, line.split(' ')).unwrap();
    for (line, code, message) in [
        (
            "monitor nonsense",
            255,
            "Argument \"nonsense\" is unknown, try \"netlink-dump monitor help\".\n",
        ),
        ("monitor dev", 255, "Command line is not complete. Try option \"help\"\n"),
        (
            "monitor dev nothing",
            255,
            "Error: argument \"nothing\" is wrong: Device does not exist\n",
        ),
        ("monitor file /nonexistent", 255, "Cannot fopen: No such file or directory\n"),
        (
            "watch nonsense",
            255,
            "Argument \"nonsense\" is unknown, try \"netlink-dump watch help\".\n",
        ),
        (
            "capture nonsense",
            255,
            "Argument \"nonsense\" is unknown, try \"netlink-dump capture help\".\n",
        ),
    ] {
        let Output { code: ours, err, .. } = run(line);
        assert_eq!((ours, &*String::from_utf8_lossy(&err)), (code, message), "{line}");
    }
}
