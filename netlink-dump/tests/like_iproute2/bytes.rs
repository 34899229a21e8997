//! Names and aliases of any bytes: JSON can be read by everybody, and has the exact bytes.

use std::{collections::BTreeSet, ffi::OsStr, os::unix::ffi::OsStrExt};

use serde_json::{Map, Value};

use super::namespace::{self, Output};

type Row = Map<String, Value>;

/// Names that have, together, all bytes that a name may have. A link of a new name does not take
/// a `%`, by which the kernel numbers links; and 0xa0 is a blank to it.
fn names() -> BTreeSet<Vec<u8>> {
    let legal: Vec<u8> =
        (1..=255).filter(|byte| !b"/:%\t\n\x0b\x0c\r \xa0".contains(byte)).collect();
    let mut names: BTreeSet<_> = legal.chunks(14).map(|bytes| [b"x", bytes].concat()).collect();
    // What UTF-8 has of four bytes; and three of them.
    names.extend([b"\xf0\x9f\x90\xa7".to_vec(), b"\xf0\x9f\x90.".to_vec()]);
    names
}

fn run(program: &str, words: &[&[u8]]) -> Vec<u8> {
    let run = || Output::of(program, words.iter().map(|word| OsStr::from_bytes(word)));
    let mut output = run().unwrap_or_else(|| panic!("there is no `{program}`"));
    // The kernel is still about addresses of its own.
    while output.err.starts_with(b"Dump was interrupted") {
        output = run().unwrap();
    }
    let said = String::from_utf8_lossy(&output.err);
    let words: Vec<_> = words.iter().map(|word| String::from_utf8_lossy(word)).collect();
    assert_eq!((output.code, &*said), (0, ""), "{program} {words:?}");
    output.out
}

/// Runs a command of `ip`, in which `BYTES` stands for some.
fn ip(line: &str, bytes: &[u8]) {
    let words = line.split(' ').map(|word| if word == "BYTES" { bytes } else { word.as_bytes() });
    run("ip", &words.collect::<Vec<_>>());
}

/// Rows of our JSON.
fn rows(line: &str) -> Vec<Row> {
    let words: Vec<_> = line.split(' ').map(str::as_bytes).collect();
    let json = run(env!("CARGO_BIN_EXE_netlink-dump"), &words);
    serde_json::from_slice(&json)
        .unwrap_or_else(|error| panic!("{line}: {error}: {}", String::from_utf8_lossy(&json)))
}

/// The exact bytes under a key. What is not UTF-8 is there as far as it can be read, and has its
/// bytes in hex beside it.
fn bytes(row: &Row, key: &str) -> Vec<Vec<u8>> {
    let list = |value: Option<&Value>| match value {
        Some(Value::Array(items)) => items.clone(),
        value => value.cloned().into_iter().collect(),
    };
    let (texts, hexes) = (list(row.get(key)), list(row.get(&format!("{key}_hex"))));
    let texts = texts.iter().map(|text| text.as_str().unwrap());
    if hexes.is_empty() {
        assert!(!texts.clone().any(|text| text.contains('\u{fffd}')), "{row:?}");
        return texts.map(|text| text.as_bytes().to_vec()).collect();
    }
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    let exact: Vec<Vec<u8>> = hexes
        .iter()
        .map(|hex| hex.as_str().unwrap().as_bytes().chunks(2).map(byte).collect())
        .collect();
    assert!(exact.iter().any(|bytes| std::str::from_utf8(bytes).is_err()), "{row:?}");
    let read: Vec<_> = exact.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect();
    assert!(texts.eq(read), "{row:?}");
    exact
}

/// All that stands under a key of the rows.
fn all_bytes(line: &str, key: &str) -> BTreeSet<Vec<u8>> {
    rows(line).iter().flat_map(|row| bytes(row, key)).collect()
}

#[test]
fn json_has_any_bytes() {
    if !namespace::may_run() {
        return;
    }
    if Output::of("ip", ["-V"]).is_none() {
        assert!(!namespace::are_promised(), "NETLINK_LIVE=1, but there is no `ip`");
        return eprintln!("NOT RUN: there is no `ip`");
    }
    namespace::within(|| {
        let names = names();
        let alias: Vec<u8> = (1..=255).collect();
        for (i, name) in names.iter().enumerate() {
            let i = i + 1;
            ip(&format!("link add BYTES type veth peer name p{i}"), name);
            ip("link set BYTES up", name);
            ip(&format!("link set p{i} up"), b"");
            ip(&format!("link set p{i} alias BYTES"), &alias[i * 10 - 10..]);
            ip(&format!("link property add dev p{i} altname BYTES"), &[b"%", &**name].concat());
            ip(&format!("addr add 10.0.{i}.1/24 dev BYTES"), name);
            ip(&format!("route add 10.1.{i}.0/24 dev BYTES"), name);
            ip(&format!("neigh add 10.0.{i}.9 lladdr 02:00:00:00:00:09 dev BYTES"), name);
            ip(&format!("rule add pref {i} iif BYTES table 9"), name);
            ip(&format!("nexthop add id {i} dev BYTES"), name);
            ip(&format!("addrlabel add prefix 2001:db8::/32 dev BYTES label {i}"), name);
        }
        for (line, key) in [
            ("-j link", "ifname"),
            ("-j -d link", "ifname"),
            ("-j -d link", "link"),
            ("-p -j addr", "ifname"),
            ("-j -br addr", "ifname"),
            ("-j route", "dev"),
            ("-j -d neigh", "dev"),
            ("-j rule", "iif"),
            ("-j nexthop", "dev"),
            ("-j ntable", "dev"),
            ("-j netconf", "interface"),
            ("-j addrlabel", "ifname"),
            ("-j fdb", "ifname"),
        ] {
            let missing: Vec<_> = names.difference(&all_bytes(line, key)).cloned().collect();
            assert!(missing.is_empty(), "{line}: {missing:?}");
        }
        let aliases = all_bytes("-j link", "ifalias");
        assert!((1..=names.len()).all(|i| aliases.contains(&alias[i * 10 - 10..])));
        let alternatives = names.iter().map(|name| [b"%", &**name].concat()).collect();
        assert_eq!(all_bytes("-j link", "altnames"), alternatives);
    });
}
