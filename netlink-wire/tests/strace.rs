//! An independent judge: strace names the attributes of every captured message as a walk does.
//!
//! Each message is sent to a port that nobody has. The kernel refuses it
//! unread, and strace has decoded it by then.
#![cfg(target_endian = "little")] // The other machines are emulated: strace would see the emulator.

use std::{collections::BTreeMap, env, fs, os::fd::AsRawFd, path::Path, process::Command};

use netlink_captures::Record;
use netlink_wire::{
    Header,
    walk::{Content, Walk},
};
use nix::{
    errno::Errno,
    sys::socket::{
        AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, bind, sendto,
        socket,
    },
};

const NOBODY: u32 = 0x7fff_fff0;

fn records() -> Vec<Record> {
    netlink_captures::all().into_iter().flat_map(|capture| capture.records).collect()
}

/// Sends every message; the test below runs it under strace.
#[test]
#[ignore = "a part of agrees_with_strace"]
fn sends_to_nobody() {
    let flags = SockFlag::SOCK_CLOEXEC;
    let fd =
        socket(AddressFamily::Netlink, SockType::Raw, flags, SockProtocol::NetlinkRoute).unwrap();
    bind(fd.as_raw_fd(), &NetlinkAddr::new(0, 0)).unwrap();
    for record in records() {
        let to = NetlinkAddr::new(NOBODY, 0);
        let sent = sendto(fd.as_raw_fd(), &record.bytes, &to, MsgFlags::empty());
        assert_eq!(sent, Err(Errno::ECONNREFUSED), "port {NOBODY:#x} is somebody's");
    }
}

/// An attribute: the names from the outermost to its own, and `nla_len`.
type Found = (Vec<String>, usize);

#[test]
fn agrees_with_strace() {
    let version = Command::new("strace").arg("-V").output();
    if !version.is_ok_and(|output| output.status.success()) {
        eprintln!("agrees_with_strace: NOT RUN: there is no strace");
        assert_ne!(env::var("NETLINK_LIVE").as_deref(), Ok("1"), "promised to run");
        return;
    }
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("strace.log");
    let output = Command::new("strace")
        .args(["-f", "-e", "trace=sendto", "-e", "signal=none", "-v", "-s", "65535", "-o"])
        .arg(&log)
        .arg(env::current_exe().unwrap())
        .args(["--exact", "sends_to_nobody", "--ignored", "--test-threads=1"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(&log).unwrap();
    let lines: Vec<_> = text.lines().filter(|line| line.contains("ECONNREFUSED")).collect();
    let records = records();
    assert_eq!(lines.len(), records.len());

    let (mut compared, mut complaints) = (0, BTreeMap::new());
    for (line, record) in lines.iter().zip(&records) {
        if matches!(record.message().header.kind, Header::ERROR | Header::DONE) {
            continue; // They repeat the request.
        }
        let mut ours = Vec::new();
        walk(Walk::rtnl(record.message()), &mut Vec::new(), &mut ours);
        let theirs = decode(line);
        compared += theirs.len();
        // strace stops at some nests: what it names is a part of ours, in the same order.
        let mut rest = ours.iter();
        for found in &theirs {
            if !rest.any(|ours| same(ours, found)) {
                let at = found.0.join("/");
                complaints
                    .entry(at)
                    .or_insert_with(|| format!("{found:?} {} {ours:?}", record.command));
                break;
            }
        }
    }
    for (known, why) in KNOWN {
        assert!(complaints.remove(*known).is_some(), "strace agrees on {known} now: {why}");
    }
    assert!(complaints.is_empty(), "strace has otherwise: {complaints:#?}");
    assert!(compared > 5 * records.len(), "strace named only {compared} attributes");
}

/// What strace has otherwise, and why.
const KNOWN: &[(&str, &str)] = &[
    ("IFLA_STATS_LINK_64", "it reads the filters of a request as if they were statistics"),
    ("IFLA_UNSPEC", "a dump of a forwarding database may be asked for with another header"),
    ("MDBA_MDB", "it reads the attributes of a request as if they were those of a reply"),
    ("TCA_ACT_INDEX", "it takes the attributes around a list of actions for those of one action"),
    ("TCA_ACT_KIND", "the same, in a request"),
];

fn same((ours, our_len): &Found, (theirs, len): &Found) -> bool {
    our_len == len
        && ours.len() == theirs.len()
        && ours.iter().zip(theirs).all(|(ours, theirs)| ours == theirs || theirs == "?")
}

fn walk(walk: Walk<'_>, path: &mut Vec<String>, found: &mut Vec<Found>) {
    for entry in walk {
        let entry = entry.unwrap();
        path.push(entry.name().map_or(entry.nla.code().to_string(), str::to_owned));
        found.push((path.clone(), 4 + entry.nla.payload().len()));
        match entry.content() {
            Content::Value(_) => {}
            Content::Attrs(inner) | Content::Headed(_, inner) => self::walk(inner, path, found),
            Content::Records(records) => {
                records.for_each(|record| self::walk(record.unwrap().attrs, path, found));
            }
        }
        path.pop();
    }
}

/// The attributes in a line of strace: `[{nla_len=8, nla_type=RTA_OIF}, 3]`.
fn decode(line: &str) -> Vec<Found> {
    let mut found = Vec::new();
    // The attributes around, each with the depth of the bracket that it ends with.
    let mut around: Vec<(usize, String)> = Vec::new();
    let (mut depth, mut at) = (0, 0);
    let bytes = line.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += 1 + usize::from(bytes[at] == b'\\');
                }
            }
            b'[' => depth += 1,
            b']' => {
                while around.last().is_some_and(|(bracket, _)| *bracket == depth) {
                    around.pop();
                }
                depth -= 1;
            }
            b'{' => {
                if let Some(header) = line[at..].strip_prefix("{nla_len=") {
                    let (len, rest) = header.split_once(", nla_type=").unwrap();
                    let len = len.parse().unwrap();
                    let name = name(rest.split_once('}').unwrap().0);
                    let mut path: Vec<_> = around.iter().map(|(_, name)| name.clone()).collect();
                    path.push(name.clone());
                    found.push((path, len));
                    // One without a payload has no bracket of its own.
                    if len > 4 && bytes[at - 1] == b'[' {
                        around.push((depth, name));
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// `NLA_F_NESTED|RTA_METRICS`, `0x3e /* IFLA_??? */`
fn name(text: &str) -> String {
    let name = text.rsplit('|').next().unwrap();
    if name.contains("???") { "?".to_owned() } else { name.to_owned() }
}
