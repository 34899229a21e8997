//! `schema` prints every attribute of the kernel's specifications.

use std::{collections::BTreeMap, process::Command};

use serde_json::{Value, json};

/// Sets, attributes, numbers and types of rt-addr, rt-link, rt-neigh, rt-route and rt-rule.
const SPECS: &str = include_str!("../../netlink-wire/tests/facts/specs.txt");

fn schema(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_netlink-dump")).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn has_all_of_the_specifications() {
    let json = schema(&["schema", "-j"]);
    assert_eq!(json, schema(&["-j", "schema"]));
    let sets: Vec<Value> = serde_json::from_str(&json).unwrap();
    let mut numbers: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for attr in sets.iter().flat_map(|set| set["attributes"].as_array().unwrap()) {
        let name = attr["name"].as_str().unwrap();
        numbers.entry(name).or_default().push(attr["number"].as_u64().unwrap());
    }
    let mut count = 0;
    for line in SPECS.lines().filter(|line| !line.starts_with(['#', 's'])) {
        let mut words = line.split(' ');
        let (name, number) = (words.next().unwrap(), words.next().unwrap().parse().unwrap());
        let found = numbers.get(name).unwrap_or_else(|| panic!("{name} is missing"));
        assert!(found.contains(&number), "{name} is {found:?}, not {number}");
        count += 1;
    }
    assert!(count > 500, "only {count} attributes");

    let links = sets.iter().find(|set| set["set"] == "link-attrs").unwrap();
    let name = links["attributes"].as_array().unwrap().iter().find(|a| a["number"] == 3).unwrap();
    let expected = json!({"number": 3, "name": "IFLA_IFNAME", "type": "string", "nested": null});
    assert_eq!(*name, expected);
}

/// The same as text: a line for each set, and one for each attribute of it.
#[test]
fn text_has_a_line_for_each() {
    let sets: Vec<Value> = serde_json::from_str(&schema(&["schema", "-json"])).unwrap();
    let attrs: usize = sets.iter().map(|set| set["attributes"].as_array().unwrap().len()).sum();
    let text = schema(&["schema"]);
    assert_eq!(text.lines().filter(|line| !line.is_empty()).count(), sets.len() + attrs);
}
