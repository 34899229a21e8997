//! `watch`: what it tells, added up, is what `ip` shows.

use std::collections::BTreeMap;

use serde_json::Value;

use super::live::{OURS, Program, alone, sh, table, wait_for};

/// What changes add up to: how often each row is there, by object and family.
type State = BTreeMap<(String, String), usize>;

/// Adds up changes. What was there before has to be there, and a change has to change something.
fn fold(lines: &[Value]) -> State {
    let mut state = State::new();
    for line in lines {
        let key = |row: &Value| {
            let word = |key: &str| line[key].as_str().unwrap_or_default();
            (format!("{} {}", word("object"), word("family")).trim().to_owned(), row.to_string())
        };
        let was = match line["event"].as_str().unwrap() {
            "added" => false,
            "changed" => {
                assert_ne!(line["old"], line["new"], "no change");
                true
            }
            "removed" => true,
            "synced" | "lost" => continue,
            other => panic!("{other}"),
        };
        if was {
            let old = key(&line["old"]);
            let count = state.get_mut(&old).unwrap_or_else(|| panic!("was not there: {line}"));
            *count -= 1;
            if *count == 0 {
                state.remove(&old);
            }
        }
        if !line["new"].is_null() {
            *state.entry(key(&line["new"])).or_default() += 1;
        }
    }
    state
}

/// The same from the tables that `ip` shows, or our own command where the two differ in keys.
fn shown(ip: &str) -> State {
    let mut state = State::new();
    for (object, line) in [
        ("route inet", "-j -4 route show table all"),
        ("route inet6", "-j -6 route show table all"),
        ("rule inet", "-j -4 rule show"),
        ("rule inet6", "-j -6 rule show"),
        ("nexthop", "-j nexthop show"),
    ] {
        for row in table(ip, line) {
            *state.entry((object.to_owned(), row.to_string())).or_default() += 1;
        }
    }
    state
}

/// Waits until what was told is what is shown.
fn agree(watch: &Program, what: &str) {
    let ip = std::env::var("NETLINK_IP7").ok().filter(|ip| !ip.is_empty());
    for program in [OURS].into_iter().chain(ip.as_deref()) {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        loop {
            let last = (fold(&watch.lines()), shown(program));
            if last.0 == last.1 {
                break;
            }
            if std::time::Instant::now() > end {
                let only = |a: &State, b: &State| -> Vec<String> {
                    let missing = a.iter().filter(|(key, count)| b.get(*key) != Some(count));
                    missing.map(|(key, count)| format!("{key:?} {count}")).collect()
                };
                let (told, shown) = (only(&last.0, &last.1), only(&last.1, &last.0));
                panic!("{what}: told {told:#?}, but {program} shows {shown:#?}");
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }
}

const NETWORK: &str = "
    ip link add d0 type veth peer name d1; ip link set d0 up; ip link set d1 up
    ip addr add 10.0.0.1/24 dev d0; ip addr add 2001:db8::1/64 dev d0 nodad
    ip route add 10.9.0.0/16 via 10.0.0.2; ip route add default via 10.0.0.2
    ip -6 route add 2001:db8:9::/48 nexthop via 2001:db8::2 nexthop via 2001:db8::3
    ip nexthop add id 5 via 10.0.0.7 dev d0; ip nexthop add id 6 group 5
    ip route add 10.10.0.0/16 nhid 6; ip rule add from 10.1.1.1 table 55";

#[test]
fn what_is_told_adds_up_to_the_tables() {
    alone(|| {
        sh(NETWORK);
        let watch = Program::listening(OURS, ["watch", "route", "rule", "nexthop", "-j"]);
        let is_synced = |line: &Value| line["event"] == "synced" && line["generation"] == 1;
        watch.line("synced", is_synced);
        agree(&watch, "the state");
        for step in [
            "ip route replace 10.9.0.0/16 via 10.0.0.3",
            "ip -6 route del 2001:db8:9::/48 via 2001:db8::2",
            "ip rule add to 10.3.0.0/16 table 7; ip rule del from 10.1.1.1",
            // These delete routes without an event.
            "ip nexthop del id 5",
            "ip addr del 10.0.0.1/24 dev d0",
            "ip link set d0 down",
            "ip link del d0",
        ] {
            sh(step);
            agree(&watch, step);
        }
        // Each change is told once: the first of them as old and new.
        let is_change =
            |line: &&Value| line["event"] == "changed" && line["new"]["gateway"] == "10.0.0.3";
        let lines = watch.lines();
        let changes: Vec<_> = lines.iter().filter(is_change).collect();
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0]["old"]["gateway"], "10.0.0.2");
        assert_eq!(watch.err(), "");
    });
}

#[test]
fn it_holds_under_pressure() {
    alone(|| {
        sh(NETWORK);
        let watch = Program::listening(
            OURS,
            ["watch", "route", "rule", "nexthop", "-j", "--rcvbuf", "4096"],
        );
        watch.signal("STOP");
        sh("for i in $(seq 0 250); do for j in 1 2 3 4; do
                echo route add 10.$((100 + j)).$i.0/24 via 10.0.0.2; done; done | ip -batch -
            ip route del 10.9.0.0/16");
        watch.signal("CONT");
        watch.line("lost", |line| line["event"] == "lost" && line["reason"] == "overflow");
        agree(&watch, "after a loss");
        sh("ip link set d0 down");
        agree(&watch, "all gone at once");
    });
}

#[test]
fn the_rows_of_all_objects_are_those_of_the_tables() {
    alone(|| {
        sh(NETWORK);
        sh(r#"name=$(printf 'q"\\\377\033'); ip link add "$name" type veth peer name e1
            ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:01 dev d0; ip link add br0 type bridge
            ip link set e1 master br0; bridge fdb add 02:11:22:33:44:55 dev e1 master"#);
        // The kernel goes on by itself for a while: it asks for routers.
        let (lines, shown) = wait_for("a quiet moment", || {
            let before = rows_of_tables();
            let mut watch = Program::start(OURS, ["watch", "--until-synced", "-j"]);
            assert_eq!(watch.end(), Some(0));
            let is_whole = || watch.out().ends_with("\"generation\":1}\n").then_some(());
            wait_for("the last line", is_whole);
            (rows_of_tables() == before).then_some((watch.lines(), before))
        });
        assert_eq!(lines.iter().filter(|line| line["event"] == "synced").count(), 1);
        for (object, shown) in shown {
            let told = lines.iter().filter(|line| line["object"] == object);
            assert!(!shown.is_empty());
            assert_eq!(sorted(told.map(|line| line["new"].clone())), shown, "{object}");
        }
    });
}

fn sorted(rows: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(Value::to_string);
    rows
}

/// What the command shows of some objects, in the form of `watch`.
fn rows_of_tables() -> [(&'static str, Vec<Value>); 4] {
    let addresses = table(OURS, "-j addr").into_iter().flat_map(|mut link| {
        let (index, dev) = (link["ifindex"].take(), link["ifname"].take());
        let rows = link["addr_info"].as_array().cloned().unwrap();
        rows.into_iter().map(move |mut row| {
            row["index"] = index.clone();
            row["dev"] = dev.clone();
            row
        })
    });
    [
        ("link", sorted(table(OURS, "-j link"))),
        ("neigh", sorted(table(OURS, "-j neigh show nud all"))),
        ("fdb", sorted(table(OURS, "-j fdb show"))),
        ("address", sorted(addresses)),
    ]
}

#[test]
fn text_is_for_people_and_namespaces_have_names() {
    alone(|| {
        sh("ip netns add far; ip -n far link set lo up");
        let far = Program::start(OURS, ["-n", "far", "watch", "rule", "route"]);
        wait_for("synced", || far.out().contains("= synced, generation 1\n").then_some(()));
        sh("ip -n far route add blackhole 10.9.0.0/16; ip -n far route change blackhole 10.9.0.0/16 proto 7
            ip -n far route del blackhole 10.9.0.0/16");
        for line in [
            "+ rule inet6 0:\tfrom all lookup local\n",
            "+ route blackhole 10.9.0.0/16 \n",
            "~ route blackhole 10.9.0.0/16 \n    -> blackhole 10.9.0.0/16 proto 7 \n",
            "- route blackhole 10.9.0.0/16 proto 7 \n",
        ] {
            wait_for(line, || far.out().contains(line).then_some(()));
        }
    });
}
