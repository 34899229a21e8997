//! `--unordered` prints the same rows as without it, in any order.

use std::process::Command;

const SETUP: &str = "
    ip link set lo up
    ip link add v1 type veth peer name v2
    ip link set v1 up; ip link set v2 up
    ip addr add 10.0.1.1/24 dev v1; ip addr add 2001:db8:1::1/64 dev v1 nodad
    ip addr add 10.0.2.1/24 dev v2; ip addr add 2001:db8:2::1/64 dev v2 nodad
    ip nexthop add id 1 dev v1; ip nexthop add id 2 dev v2; ip nexthop add id 3 blackhole
    ip nexthop add id 4 group 2/1
    for n in 1 3 4; do ip route add 10.1.$n.0/24 nhid $n; done
    for table in main 100 70000; do
        for kind in blackhole unreachable prohibit throw; do
            ip route add $kind 10.2.0.0/24 metric ${#kind} table $table
            ip route add $kind 2001:db8:9::/64 metric ${#kind} table $table
        done
        ip route add 10.3.0.0/24 table $table nexthop dev v1 nexthop dev v2
        ip route add 2001:db8:3::/64 table $table nexthop via 2001:db8:2::2 dev v2 nexthop via 2001:db8:1::2 dev v1
        ip route add 10.4.0.0/24 dev v2 proto static table $table
    done
    sleep 2.5
";

/// Runs a script in a network namespace of its own; tells on standard error if that is refused.
fn in_namespace(script: &str) -> Option<String> {
    let run = |option| {
        let mut command = Command::new("unshare");
        command.args([option, "sh", "-euc", script]);
        command.env("N", env!("CARGO_BIN_EXE_netlink-dump")).output().unwrap()
    };
    let mut output = run("-n");
    if output.stderr.starts_with(b"unshare:") {
        output = run("-Urn");
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    if errors.starts_with("unshare:") {
        eprintln!("NOT RUN: {errors}");
        assert_ne!(std::env::var("NETLINK_LIVE").as_deref(), Ok("1"), "promised to run");
        return None;
    }
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn rows_are_the_same() {
    let mut script = SETUP.to_owned();
    let commands = [
        "-4 route",
        "-6 route",
        "-4 route show table all",
        "-6 route show table all",
        "route show table 100",
        "-6 route show table 70000",
        "route show proto static",
        "route show type blackhole",
        "route show dev v2",
        "route show table all",
        "route show to root 10.0.0.0/8",
    ];
    for command in commands {
        script += &format!("$N {command}; echo =; $N --unordered {command}; echo =\n");
    }
    script += "$N -j -4 route; $N -j --unordered -4 route";
    let Some(printed) = in_namespace(&script) else { return };
    let sorted = |rows: &str| {
        let mut rows: Vec<_> = rows.lines().map(str::to_owned).collect();
        rows.sort();
        rows
    };
    let mut lists = printed.split("=\n");
    for command in commands {
        let (whole, parts) = (lists.next().unwrap(), lists.next().unwrap());
        assert!(!whole.is_empty(), "{command}");
        assert_eq!(sorted(whole), sorted(parts), "{command}");
    }
    let json = |line: &str| {
        let rows: Vec<serde_json::Value> = serde_json::from_str(line).unwrap();
        let mut rows: Vec<_> = rows.iter().map(ToString::to_string).collect();
        rows.sort();
        rows
    };
    let mut lists = lists.next().unwrap().lines();
    let (whole, parts) = (json(lists.next().unwrap()), json(lists.next().unwrap()));
    assert!(whole.len() > 10 && whole == parts, "{whole:#?}\n{parts:#?}");
}

#[test]
fn only_the_whole_word_is_meant() {
    let run =
        |option| Command::new(env!("CARGO_BIN_EXE_netlink-dump")).arg(option).output().unwrap();
    assert_eq!(run("-unord").status.code(), Some(255));
    assert!(run("-unord").stderr.starts_with(b"Option \"-unord\" is unknown"));
}
