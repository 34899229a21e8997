//! What `ip -j` shows, and the same of a mirror: rows to be compared.
#![allow(dead_code, missing_docs, unreachable_pub)] // No test file uses all of it.

use std::{
    collections::BTreeMap,
    io::Write,
    net::IpAddr,
    process::{Command, Output, Stdio},
};

use netlink_sys::mirror::{Mirror, Object, Table};
use netlink_wire::{
    Addr,
    addr::{Address, IfaFlags},
    link::{Iff, Link, LinkAttr},
    neigh::{Neigh, NeighAttr, Nud},
    nexthop::{Nexthop, NexthopAttr},
    route::{NextHop, Route, RouteAddr, RouteAttr, RtnhFlags},
    rule::{FrAct, Rule, RuleAttr},
};
use serde_json::Value;

/// Runs `ip` with arguments that are divided by blanks.
pub fn ip(args: &str) {
    run("ip", args);
}

/// Runs a command, and returns what it prints.
pub fn run(command: &str, args: &str) -> String {
    let output = Command::new(command).args(args.split_whitespace()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command} {args}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs `ip` with many commands, one a line. Those that fail are left out.
pub fn batch(commands: &str) {
    batched("-force", commands, Stdio::null());
}

/// Runs `ip` with options and many commands, one a line, and returns what it prints.
fn batched(options: &str, commands: &str, errors: Stdio) -> Output {
    let mut ip = Command::new("ip");
    ip.args(options.split_whitespace()).args(["-batch", "-"]);
    let mut child = ip.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
    child.stdin.take().unwrap().write_all(commands.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// What `ip` shows as JSON.
pub fn json(args: &str) -> Vec<Value> {
    let printed = run("ip", args);
    let list: Vec<Value> = serde_json::from_str(&printed).unwrap_or_else(|error| {
        panic!("ip {args}: {error}");
    });
    without_empty(list)
}

/// Where there is nothing, some versions print an empty object.
fn without_empty(list: Vec<Value>) -> Vec<Value> {
    list.into_iter().filter(|row| row.as_object().is_some_and(|row| !row.is_empty())).collect()
}

/// Rows, sorted.
type Rows = Vec<String>;

/// Checks that a mirror has what `ip` shows, table by table.
#[track_caller]
pub fn assert_same(mirror: &Mirror) {
    if let Some(difference) = difference(mirror) {
        panic!("{difference}\n{:?}", mirror.stats());
    }
}

/// How a mirror differs from what `ip` shows.
pub fn difference(mirror: &Mirror) -> Option<String> {
    rows_of_ip(mirror).into_iter().find_map(|(table, mut theirs)| {
        let mut ours = rows_of(mirror, table);
        for rows in [&mut ours, &mut theirs] {
            rows.retain(|row| is_told(table, row));
            rows.sort();
        }
        if ours == theirs {
            return None;
        }
        let only = |a: &Rows, b: &Rows| {
            let mut b: BTreeMap<&String, i32> = b.iter().fold(BTreeMap::new(), |mut count, row| {
                *count.entry(row).or_default() += 1;
                count
            });
            let mut rows = Vec::new();
            for row in a {
                match b.get_mut(row).filter(|count| **count > 0) {
                    Some(count) => *count -= 1,
                    None => rows.push(row.as_str()),
                }
            }
            rows.truncate(5);
            rows.join("\n")
        };
        Some(format!(
            "{table:?}: {} here, {} there\nonly here:\n{}\nonly there:\n{}",
            ours.len(),
            theirs.len(),
            only(&ours, &theirs),
            only(&theirs, &ours),
        ))
    })
}

/// Whether the kernel tells of such an object: of multicast neighbours it does
/// not, and of an address once it knows that nobody else has it.
fn is_told(table: Table, row: &str) -> bool {
    match table {
        Table::Neighs => !row.ends_with("NOARP"),
        Table::Addrs => !row.contains("tentative true"),
        // Links have their own multicast addresses there.
        Table::Fdb => !row.contains("master - vlan - dst -"),
        _ => true,
    }
}

/// The rows of a mirror.
pub fn rows_of(mirror: &Mirror, table: Table) -> Rows {
    let name = |index: u32| match nix::net::if_::if_indextoname(index) {
        Ok(name) => name.into_string().unwrap(),
        Err(_) => format!("if{index}"),
    };
    mirror.iter(table).map(|object| row(object, &name)).collect()
}

/// What is compared of an object, with the indexes of links in place of names.
pub fn row_of(object: &Object) -> String {
    row(object, &|index| index.to_string())
}

fn row(object: &Object, name: &dyn Fn(u32) -> String) -> String {
    match object.table().unwrap() {
        Table::Links => link(&object.link().unwrap(), name),
        Table::Addrs => addr(&object.addr().unwrap()),
        Table::Ipv4Routes | Table::Ipv6Routes => route(&object.route().unwrap(), name),
        Table::Neighs => neigh(&object.neigh().unwrap(), name),
        Table::Ipv4Rules | Table::Ipv6Rules => rule(&object.rule().unwrap()),
        Table::Nexthops => nexthop(&object.nexthop().unwrap(), name),
        Table::Fdb => fdb(&object.neigh().unwrap(), name),
        table => panic!("{table:?}"),
    }
}

/// The same rows of what `ip` shows. It is run once for all tables that it shows with the same options.
fn rows_of_ip(mirror: &Mirror) -> Vec<(Table, Rows)> {
    let mut all = Vec::new();
    for options in ["-j -N -d", "-j -N -d -4", "-j -N -d -6"] {
        let asked = mirror.tables().iter().filter_map(|table| {
            let (with, command) = shown_by(table)?;
            (with == options).then_some((table, command))
        });
        let (asked, commands): (Vec<_>, String) = asked.unzip();
        if asked.is_empty() {
            continue;
        }
        let Output { status, stdout, stderr } = batched(options, &commands, Stdio::piped());
        assert!(status.success(), "ip {options}: {}", String::from_utf8_lossy(&stderr));
        let lists = serde_json::Deserializer::from_slice(&stdout).into_iter::<Vec<Value>>();
        let lists: Vec<_> = lists.map(|list| without_empty(list.unwrap())).collect();
        assert_eq!(lists.len(), asked.len(), "ip {options}");
        all.extend(asked.into_iter().zip(lists).map(|(table, list)| (table, rows(table, &list))));
    }
    if mirror.tables().contains(Table::Fdb) {
        let list: Vec<Value> = serde_json::from_str(&run("bridge", "-j fdb show")).unwrap();
        all.push((Table::Fdb, list.iter().map(fdb_of_bridge).collect()));
    }
    all
}

/// The options and the command by which `ip` shows a table, if it does.
fn shown_by(table: Table) -> Option<(&'static str, &'static str)> {
    Some(match table {
        Table::Links => ("-j -N -d", "link show\n"),
        Table::Addrs => ("-j -N -d", "addr show\n"),
        Table::Neighs => ("-j -N -d", "neigh show nud all\n"),
        Table::Nexthops => ("-j -N -d", "nexthop show\n"),
        Table::Ipv4Routes => ("-j -N -d -4", "route show table all\n"),
        Table::Ipv4Rules => ("-j -N -d -4", "rule show\n"),
        Table::Ipv6Routes => ("-j -N -d -6", "route show table all\n"),
        Table::Ipv6Rules => ("-j -N -d -6", "rule show\n"),
        Table::Fdb => return None,
        _ => panic!("{table:?}"),
    })
}

fn rows(table: Table, list: &[Value]) -> Rows {
    let list = list.iter();
    match table {
        Table::Links => list.map(link_of_ip).collect(),
        Table::Addrs => list.flat_map(addrs_of_ip).collect(),
        Table::Ipv4Routes | Table::Ipv6Routes => list.map(route_of_ip).collect(),
        Table::Neighs => list.map(neigh_of_ip).collect(),
        Table::Ipv4Rules | Table::Ipv6Rules => list.map(rule_of_ip).collect(),
        Table::Nexthops => list.map(nexthop_of_ip).collect(),
        _ => panic!("{table:?}"),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".into(),
        value => value.to_string(),
    }
}

fn words(value: &Value) -> String {
    let mut words: Vec<String> = value.as_array().into_iter().flatten().map(text).collect();
    words.sort();
    words.join(",")
}

fn or_none(value: Option<impl ToString>) -> String {
    value.map_or("-".into(), |value| value.to_string())
}

// --- Links ---

fn link(link: &Link<'_>, name: &dyn Fn(u32) -> String) -> String {
    let attrs = link.attrs.index();
    let mut alt: Vec<_> = link.alt_names().unwrap().map(|name| name.unwrap().to_string()).collect();
    alt.sort();
    format!(
        "{} {} mtu {} up {} lower {} oper {} master {} mac {} group {} alt {} qdisc {}",
        link.header.index,
        link.name().unwrap().unwrap(),
        attrs.get(LinkAttr::Mtu).unwrap().unwrap(),
        link.header.flags.contains(Iff::UP),
        link.header.flags.contains(Iff::LOWER_UP),
        attrs.get(LinkAttr::OperState).unwrap().unwrap(),
        or_none(attrs.get(LinkAttr::Master).unwrap().map(name)),
        or_none(attrs.get(LinkAttr::Address).unwrap().filter(|mac| !mac.0.is_empty())),
        attrs.get(LinkAttr::Group).unwrap().unwrap_or_default(),
        alt.join(","),
        or_none(attrs.get(LinkAttr::Qdisc).unwrap()),
    )
}

fn link_of_ip(link: &Value) -> String {
    let flag = |wanted: &str| link["flags"].as_array().unwrap().iter().any(|flag| flag == wanted);
    let group = match text(&link["group"]) {
        group if group == "default" => "0".to_owned(),
        group => group,
    };
    format!(
        "{} {} mtu {} up {} lower {} oper {} master {} mac {} group {} alt {} qdisc {}",
        link["ifindex"],
        text(&link["ifname"]),
        link["mtu"],
        flag("UP"),
        flag("LOWER_UP"),
        text(&link["operstate"]),
        text(&link["master"]),
        text(&link["address"]),
        group,
        words(&link["altnames"]),
        text(&link["qdisc"]),
    )
}

// --- Addresses ---

fn addr(addr: &Address<'_>) -> String {
    let flags = addr.flags().unwrap();
    format!(
        "{} {} / {} peer {} scope {} tentative {} deprecated {}",
        addr.header.index,
        addr.local().unwrap().unwrap(),
        addr.header.prefixlen,
        or_none(addr.peer().unwrap()),
        addr.header.scope.0,
        flags.contains(IfaFlags::TENTATIVE),
        flags.contains(IfaFlags::DEPRECATED),
    )
}

fn addrs_of_ip(link: &Value) -> Rows {
    let rows = link["addr_info"].as_array().into_iter().flatten();
    let scope = |addr: &Value| match text(&addr["scope"]).as_str() {
        "global" => "0".to_owned(),
        "link" => "253".to_owned(),
        "host" => "254".to_owned(),
        other => other.to_owned(),
    };
    rows.filter(|addr| addr.as_object().is_some_and(|addr| !addr.is_empty()))
        .map(|addr| {
            format!(
                "{} {} / {} peer {} scope {} tentative {} deprecated {}",
                link["ifindex"],
                text(&addr["local"]),
                addr["prefixlen"],
                text(&addr["address"]),
                scope(addr),
                addr["tentative"] == true,
                addr["deprecated"] == true,
            )
        })
        .collect()
}

// --- Routes ---

fn route(route: &Route<'_>, name: &dyn Fn(u32) -> String) -> String {
    let destination = route.destination().unwrap();
    let RouteAddr::Addr(dst) = destination.addr else { panic!("{route:?}") };
    let whole = if matches!(dst, Addr::Ipv4(_)) { 32 } else { 128 };
    let dst = match destination.len {
        0 => "default".to_owned(),
        len if len == whole => dst.to_string(),
        len => format!("{dst}/{len}"),
    };
    let is_set = route.get(RouteAttr::Multipath).unwrap().is_some();
    let mut hops: Vec<String> = route
        .next_hops()
        .unwrap()
        .map(|found| hop(&found.unwrap(), is_set, name))
        .filter(|hop| hop != "via - dev - weight - flags ")
        .collect();
    hops.sort();
    // Those of a nexthop object that is a group show in it as well.
    format!(
        "{} {dst} table {} metric {} proto {} scope {} src {} tos {} nhid {} hops {}",
        route.header.kind.0,
        route.table().unwrap().0,
        or_none(route.get(RouteAttr::Priority).unwrap().filter(|metric| *metric != 0)),
        route.header.protocol.0,
        if whole == 32 { route.header.scope.0 } else { 0 },
        or_none(route.get(RouteAttr::PrefSrc).unwrap()),
        route.header.tos,
        or_none(route.get(RouteAttr::NhId).unwrap()),
        hops.join("; "),
    )
}

fn hop(hop: &NextHop<'_>, is_set: bool, name: &dyn Fn(u32) -> String) -> String {
    let index = hop.header.ifindex as u32;
    let mut flags: Vec<&str> = Vec::new();
    for (flag, word) in [
        (RtnhFlags::DEAD, "dead"),
        (RtnhFlags::LINKDOWN, "linkdown"),
        (RtnhFlags::ONLINK, "onlink"),
    ] {
        flags.extend(hop.header.flags.contains(flag).then_some(word));
    }
    flags.sort();
    format!(
        "via {} dev {} weight {} flags {}",
        or_none(hop.gateway().unwrap()),
        or_none((index != 0).then(|| name(index))),
        or_none(is_set.then(|| hop.weight())),
        flags.join(","),
    )
}

fn route_of_ip(route: &Value) -> String {
    let number = |value: &Value, words: &[(&str, u32)], default: u32| match value {
        Value::Null => default.to_string(),
        value => {
            let value = text(value);
            words.iter().find(|(word, _)| *word == value).map_or(value, |(_, n)| n.to_string())
        }
    };
    const TABLES: &[(&str, u32)] = &[("main", 254), ("local", 255), ("default", 253)];
    const SCOPES: &[(&str, u32)] = &[("global", 0), ("link", 253), ("host", 254), ("nowhere", 255)];
    const PROTOCOLS: &[(&str, u32)] =
        &[("kernel", 2), ("boot", 3), ("static", 4), ("ra", 9), ("bgp", 186)];
    const KINDS: &[(&str, u32)] = &[
        ("unicast", 1),
        ("local", 2),
        ("broadcast", 3),
        ("anycast", 4),
        ("multicast", 5),
        ("blackhole", 6),
        ("unreachable", 7),
        ("prohibit", 8),
    ];
    let kind = number(&route["type"], KINDS, 1);
    let is_set = route["nexthops"].is_array();
    let hop = |hop: &Value| {
        let known =
            |flag: &&Value| ["dead", "linkdown", "onlink"].iter().any(|word| **flag == *word);
        let flags = hop["flags"].as_array().into_iter().flatten().filter(known);
        let mut flags: Vec<String> = flags.map(text).collect();
        flags.sort();
        let gateway = match &hop["via"] {
            Value::Null => &hop["gateway"],
            via => &via["host"],
        };
        format!(
            "via {} dev {} weight {} flags {}",
            text(gateway),
            text(&hop["dev"]),
            text(&hop["weight"]),
            flags.join(","),
        )
    };
    let mut hops: Vec<String> = match &route["nexthops"] {
        Value::Array(hops) => hops.iter().map(hop).collect(),
        _ if ["6", "7", "8"].contains(&kind.as_str()) => Vec::new(),
        _ => vec![hop(route)],
    };
    hops.retain(|hop| is_set || hop != "via - dev - weight - flags ");
    hops.sort();
    let dst = text(&route["dst"]);
    let is_ipv6 = dst.contains(':') || !matches!(route["pref"], Value::Null);
    let is_local = ["2", "3", "4"].contains(&kind.as_str());
    format!(
        "{} {} table {} metric {} proto {} scope {} src {} tos {} nhid {} hops {}",
        kind,
        dst,
        number(&route["table"], TABLES, if is_local { 255 } else { 254 }),
        Some(number(&route["metric"], &[], 0)).filter(|metric| metric != "0").unwrap_or("-".into()),
        number(&route["protocol"], PROTOCOLS, 3),
        if is_ipv6 { "0".into() } else { number(&route["scope"], SCOPES, 0) },
        text(&route["prefsrc"]),
        u8::from_str_radix(text(&route["tos"]).trim_start_matches("0x"), 16).unwrap_or(0),
        text(&route["nhid"]),
        hops.join("; "),
    )
}

// --- Neighbours ---

fn neigh(neigh: &Neigh<'_>, name: &dyn Fn(u32) -> String) -> String {
    // What ages by itself is one state.
    let state = if neigh.header.state.intersects(Nud::PERMANENT) {
        "PERMANENT"
    } else if neigh.header.state.intersects(Nud::NOARP) {
        "NOARP"
    } else {
        "-"
    };
    format!(
        "{} dev {} mac {} {state}",
        or_none(neigh.get(NeighAttr::Dst).unwrap()),
        name(neigh.header.ifindex as u32),
        or_none(neigh.get(NeighAttr::LlAddr).unwrap()),
    )
}

fn neigh_of_ip(neigh: &Value) -> String {
    let state = match words(&neigh["state"]) {
        state if state == "PERMANENT" || state == "NOARP" => state,
        _ => "-".into(),
    };
    let (dst, dev) = (text(&neigh["dst"]), text(&neigh["dev"]));
    format!("{dst} dev {dev} mac {} {state}", text(&neigh["lladdr"]))
}

// --- Forwarding databases ---

fn fdb(neigh: &Neigh<'_>, name: &dyn Fn(u32) -> String) -> String {
    format!(
        "{} dev {} master {} vlan {} dst {} {}",
        or_none(neigh.get(NeighAttr::LlAddr).unwrap()),
        name(neigh.header.ifindex as u32),
        or_none(neigh.get(NeighAttr::Master).unwrap().map(name)),
        or_none(neigh.get(NeighAttr::Vlan).unwrap()),
        or_none(neigh.get(NeighAttr::Dst).unwrap()),
        match neigh.header.state {
            state if state.intersects(Nud::PERMANENT) => "permanent",
            state if state.intersects(Nud::NOARP) => "static",
            _ => "-",
        },
    )
}

fn fdb_of_bridge(entry: &Value) -> String {
    format!(
        "{} dev {} master {} vlan {} dst {} {}",
        text(&entry["mac"]),
        text(&entry["ifname"]),
        text(&entry["master"]),
        text(&entry["vlan"]),
        text(&entry["dst"]),
        match text(&entry["state"]).as_str() {
            state @ ("permanent" | "static") => state,
            _ => "-",
        },
    )
}

// --- Rules ---

fn rule(rule: &Rule<'_>) -> String {
    format!(
        "{} from {} to {} iif {} oif {} mark {} table {} action {}",
        rule.get(RuleAttr::Priority).unwrap().unwrap_or_default(),
        prefix(rule.get(RuleAttr::Src).unwrap(), rule.header.src_len),
        prefix(rule.get(RuleAttr::Dst).unwrap(), rule.header.dst_len),
        or_none(rule.get(RuleAttr::IifName).unwrap()),
        or_none(rule.get(RuleAttr::OifName).unwrap()),
        or_none(rule.get(RuleAttr::FwMark).unwrap()),
        rule.table().unwrap().0,
        match (rule.header.action, rule.table().unwrap().0) {
            (FrAct::GOTO, _) => "goto",
            (FrAct::TO_TBL, 1..) => "lookup",
            _ => "-",
        },
    )
}

fn prefix(addr: Option<Addr<'_>>, len: u8) -> String {
    match addr.and_then(Addr::ip) {
        None => "-".into(),
        Some(ip) => format!("{ip}/{len}"),
    }
}

fn rule_of_ip(rule: &Value) -> String {
    let prefix = |addr: &str, len: &str| match text(&rule[addr]) {
        addr if addr == "-" || addr == "all" => "-".to_owned(),
        addr => {
            let whole = if addr.parse::<IpAddr>().unwrap().is_ipv4() { 32 } else { 128 };
            format!("{addr}/{}", rule[len].as_u64().unwrap_or(whole))
        }
    };
    let mark = match text(&rule["fwmark"]) {
        mark if mark == "-" => mark,
        mark => u32::from_str_radix(mark.trim_start_matches("0x"), 16).unwrap().to_string(),
    };
    let (table, action) = match (&rule["table"], &rule["goto"]) {
        (Value::Null, Value::Null) => ("0".to_owned(), "-"),
        (Value::Null, _) => ("0".to_owned(), "goto"),
        (table, _) => (text(table), "lookup"),
    };
    let table = match table.as_str() {
        "local" => "255".into(),
        "main" => "254".into(),
        "default" => "253".into(),
        _ => table,
    };
    format!(
        "{} from {} to {} iif {} oif {} mark {mark} table {table} action {action}",
        rule["priority"],
        prefix("src", "srclen"),
        prefix("dst", "dstlen"),
        text(&rule["iif"]),
        text(&rule["oif"]),
    )
}

// --- Nexthop objects ---

fn nexthop(nexthop: &Nexthop<'_>, name: &dyn Fn(u32) -> String) -> String {
    let group = nexthop.get(NexthopAttr::Group).unwrap();
    let members = group.map(|group| {
        let members = group.iter().map(|member| format!("{}*{}", member.id, member.weight()));
        members.collect::<Vec<_>>().join(",")
    });
    let oif = nexthop.get(NexthopAttr::Oif).unwrap();
    format!(
        "{} via {} dev {} blackhole {} group {}",
        nexthop.get(NexthopAttr::Id).unwrap().unwrap(),
        or_none(nexthop.get(NexthopAttr::Gateway).unwrap()),
        or_none(oif.map(name)),
        nexthop.get(NexthopAttr::Blackhole).unwrap().is_some(),
        or_none(members),
    )
}

fn nexthop_of_ip(nexthop: &Value) -> String {
    let members = nexthop["group"].as_array().map(|members| {
        let member =
            |member: &Value| format!("{}*{}", member["id"], member["weight"].as_u64().unwrap_or(1));
        members.iter().map(member).collect::<Vec<_>>().join(",")
    });
    format!(
        "{} via {} dev {} blackhole {} group {}",
        nexthop["id"],
        text(&nexthop["gateway"]),
        text(&nexthop["dev"]),
        !nexthop["blackhole"].is_null(),
        or_none(members),
    )
}
