//! `decode` reads a capture of nlmon to the last attribute, and as tshark does.

use std::process::{Command, Output};

use serde_json::Value;

#[path = "common/decoded.rs"]
mod decoded;

/// What went through a Linux 6.1 while links, addresses, routes, neighbours and rules came and were
/// listed, sockets and families of generic netlink as well.
const CAPTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/nlmon.pcapng");

fn decode(file: &str) -> Vec<Value> {
    let output = run(&["-j", "decode", file]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_netlink-dump")).args(args).output().unwrap()
}

/// Shows each part of a datagram, with how deep it is: a message's own are at 0.
fn each_part<'a>(parts: &'a Value, depth: usize, f: &mut dyn FnMut(&'a Value, usize)) {
    for part in parts.as_array().into_iter().flatten() {
        f(part, depth);
        each_part(&part["parts"], depth + 1, f);
    }
}

fn messages(datagram: &Value) -> &Vec<Value> {
    datagram["messages"].as_array().unwrap()
}

#[test]
fn names_all_that_a_kernel_said() {
    let datagrams = decode(CAPTURE);
    let (mut protocols, mut attributes) = ([0; 17], 0);
    for datagram in &datagrams {
        let protocol = datagram["protocol"].as_u64().unwrap() as usize;
        protocols[protocol] += 1;
        for message in messages(datagram) {
            // Families of generic netlink have numbers that the kernel chose.
            assert!(message["type"] != "unknown" || protocol == 16, "{message}");
            if message.get("error").is_some() {
                // `ip` sends more than it has to say.
                let rest = message["parts"][0]["hex"].as_str().unwrap();
                assert!(rest.bytes().all(|digit| digit == b'0'), "{message}");
                continue;
            }
            each_part(&message["parts"], 0, &mut |part, _| {
                let name = part["name"].as_str().unwrap();
                // Numbers are names of what comes in a list.
                let is_listed = name.starts_with("attribute ") && part["type"] != "binary";
                let is_known = !name.starts_with("attribute ") || is_listed;
                assert!(is_known && name != "broken", "{part}");
                // Only what was refused is repeated as it was.
                assert!(part.get("hex").is_none() || name == "payload of the request", "{part}");
                attributes += usize::from(part.get("nla_type").is_some());
            });
        }
    }
    assert!(protocols[0] > 50 && protocols[4] > 2 && protocols[16] > 2, "{protocols:?}");
    assert!(attributes > 500, "only {attributes} attributes");
}

/// What tshark calls a field, and we.
const NAMES: &[(&str, &str)] = &[
    ("netlink.hdr_len", "nlmsg_len"),
    ("netlink.hdr_seq", "nlmsg_seq"),
    ("netlink.hdr_pid", "nlmsg_pid"),
    ("netlink-route.ifi_index", "ifinfomsg.index"),
    ("netlink-route.ifla_ifname", "IFLA_IFNAME"),
    ("netlink-route.ifla_mtu", "IFLA_MTU"),
    ("netlink-route.ifla_txqlen", "IFLA_TXQLEN"),
    ("netlink-route.ifla_promiscuity", "IFLA_PROMISCUITY"),
    ("netlink-route.ifla_txqnum", "IFLA_NUM_TX_QUEUES"),
    ("netlink-route.ifla_group", "IFLA_GROUP"),
    ("netlink-route.ifla_gso_maxsize", "IFLA_GSO_MAX_SIZE"),
    ("netlink-route.ifla_gso_maxsegs", "IFLA_GSO_MAX_SEGS"),
    ("netlink-route.ifla_carrier", "IFLA_CARRIER"),
    ("netlink-route.ifla_qdisc", "IFLA_QDISC"),
    ("netlink-route.ifla_carrier_changes", "IFLA_CARRIER_CHANGES"),
    ("netlink-route.ifla_carrier_up_count", "IFLA_CARRIER_UP_COUNT"),
    ("netlink-route.ifla_carrier_down_count", "IFLA_CARRIER_DOWN_COUNT"),
    ("netlink-route.ifla_min_mtu", "IFLA_MIN_MTU"),
    ("netlink-route.ifla_max_mtu", "IFLA_MAX_MTU"),
    ("netlink-route.ifla_hwaddr", "IFLA_ADDRESS"),
    ("netlink-route.ifla_broadcast", "IFLA_BROADCAST"),
    ("netlink-route.ifa_prefixlen", "ifaddrmsg.prefixlen"),
    ("netlink-route.ifa_index", "ifaddrmsg.index"),
    ("netlink-route.ifa_label", "IFA_LABEL"),
    ("netlink-route.rt_dst_len", "rtmsg.dst_len"),
    ("netlink-route.rt_src_len", "rtmsg.src_len"),
    ("netlink-route.rta_oif", "RTA_OIF"),
    ("netlink-route.nd_index", "ndmsg.ifindex"),
];

/// Types of attributes by the header of their message.
const TYPES: &[(&str, &str)] = &[
    ("netlink-route.ifla_attr_type", "ifinfomsg"),
    ("netlink-route.ifa_attr_type", "ifaddrmsg"),
    ("netlink-route.rta_attr_type", "rtmsg"),
];

/// Values of a field, in the order of the messages.
fn values(datagram: &Value, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for message in messages(datagram) {
        each_part(&message["parts"], 0, &mut |part, depth| {
            let (header, field) = name.split_once('.').unwrap_or(("", name));
            if part["name"] == header && depth == 0 {
                each_part(&part["parts"], 1, &mut |part, _| {
                    if part["name"] == field {
                        found.push(part["value"].to_string());
                    }
                });
            } else if header.is_empty() && part["name"] == name {
                // tshark looks into no nest, and repeats no header of a refused request.
                let is_own = part.get("nla_type").is_none() || depth == 0;
                found.extend(is_own.then(|| match &part["value"] {
                    Value::String(text) => text.clone(),
                    value => value.to_string(),
                }));
            }
        });
    }
    found
}

/// Types of attributes in messages with this header.
fn types(datagram: &Value, header: &str) -> Vec<u64> {
    let with_header = |message: &&Value| message["parts"][1]["name"] == header;
    let parts = messages(datagram).iter().filter(with_header);
    let parts = parts.flat_map(|message| message["parts"].as_array().unwrap());
    // Without the bits above.
    parts.filter_map(|part| Some(part["nla_type"].as_u64()? & 0x3fff)).collect()
}

#[test]
fn agrees_with_tshark() {
    let mut command = Command::new("tshark");
    command.args(["-r", CAPTURE, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=;"]);
    for (field, _) in NAMES.iter().chain(TYPES) {
        command.args(["-e", field]);
    }
    let Ok(output) = command.output() else {
        let promised = std::env::var_os("NETLINK_LIVE").is_some_and(|live| live == "1");
        assert!(!promised, "NETLINK_LIVE=1, but there is no tshark");
        eprintln!("NOT RUN: there is no tshark");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout).unwrap();
    let datagrams = decode(CAPTURE);
    assert_eq!(told.lines().count(), datagrams.len());
    let mut compared = vec![0; NAMES.len() + TYPES.len()];
    for (number, (line, datagram)) in (1..).zip(told.lines().zip(&datagrams)) {
        let columns: Vec<Vec<&str>> = line
            .split('\t')
            .map(|column| column.split(';').filter(|value| !value.is_empty()).collect())
            .collect();
        for (at, (field, name)) in NAMES.iter().enumerate() {
            let ours = values(datagram, name);
            let mut theirs: Vec<&str> = columns[at].clone();
            // What is no message, tshark reads as one.
            if messages(datagram).iter().any(|message| message.get("error").is_some()) {
                theirs.truncate(ours.len());
            }
            assert_eq!(ours, theirs, "{field} of datagram {number}");
            compared[at] += ours.len();
        }
        for (at, (field, header)) in (NAMES.len()..).zip(TYPES) {
            let theirs: Vec<u64> = columns[at].iter().map(|ty| ty.parse().unwrap()).collect();
            let ours = types(datagram, header);
            assert_eq!(ours, theirs, "{field} of datagram {number}");
            compared[at] += ours.len();
        }
    }
    let names = NAMES.iter().chain(TYPES).map(|(field, _)| field);
    let never: Vec<_> = names.zip(compared).filter(|(_, count)| *count == 0).collect();
    assert!(never.is_empty(), "nothing to compare: {never:?}");
}

/// What is broken is told with its place, and what comes after it is read.
#[test]
fn goes_on_after_what_is_broken() {
    let hex = "\
        14000000 0300 0200 01000000 00000000 00000000\n\n\
        20000000 1400 0000 01000000 00000000 02180000 01000000 0300 0100 ffffffff\n\n\
        00000014 0003 0000 00000001 00000000 00000000\n\n\
        14000000 0300 0200 02000000 00000000 00000000\n";
    let file = std::env::temp_dir().join(format!("netlink-dump-decode-{}", std::process::id()));
    std::fs::write(&file, hex).unwrap();
    let datagrams = decode(file.to_str().unwrap());
    std::fs::remove_file(file).unwrap();
    assert_eq!(datagrams.len(), 4);
    assert_eq!(messages(&datagrams[3])[0]["type"], "NLMSG_DONE");
    // An attribute that is shorter than its header, and all that follows it.
    let parts = messages(&datagrams[1])[0]["parts"].as_array().unwrap();
    let broken = parts.last().unwrap();
    assert_eq!((&broken["offset"], &broken["length"]), (&24.into(), &8.into()));
    assert!(broken["error"].as_str().unwrap().contains("at byte 24"), "{broken}");
    // A message of a machine with another byte order.
    let message = &messages(&datagrams[2])[0];
    assert!(message["hint"].as_str().unwrap().contains("another byte order"), "{message}");
    assert_eq!(message["parts"][0]["length"], 20);
}

/// The fuzzer's seeds, and each of them with a few bytes that are others.
#[test]
fn bears_what_is_broken() {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/seeds/decode");
    let mut random = 1u32;
    let mut next = |below: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) as usize % below
    };
    let mut count = 0;
    for seed in std::fs::read_dir(seeds).unwrap() {
        let seed = std::fs::read(seed.unwrap().path()).unwrap();
        decoded::check(&seed);
        for _ in 0..200 {
            let mut file = seed.clone();
            for _ in 0..=next(3) {
                let at = next(file.len());
                file[at] = match next(3) {
                    0 => b"0123456789abcdef*\n \\\""[next(21)],
                    1 => file[next(file.len())],
                    _ => next(256) as u8,
                };
            }
            if next(4) == 0 {
                file.truncate(next(file.len()));
            }
            decoded::check(&file);
        }
        count += 1;
    }
    assert!(count > 10, "only {count} seeds");
}
