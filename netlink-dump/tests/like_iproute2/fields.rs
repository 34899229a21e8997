//! The table of all fields that iproute2 7.1 prints for these objects, and the cases that print
//! them: `fields.txt`. It is held against what the cases really print.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fmt::Write as _,
};

use serde_json::{Map, Value};

const TABLE: &str = include_str!("fields.txt");

/// The files of cases that the table may name.
const MODULES: [&str; 11] = [
    "addr",
    "addrlabel",
    "fdb",
    "link",
    "link_kind",
    "neigh",
    "netconf",
    "nexthop",
    "ntable",
    "route",
    "rule",
];

/// The objects, in the order in which `ip` takes an abbreviation for one of them.
const OBJECTS: [&str; 10] = [
    "address",
    "addrlabel",
    "route",
    "rule",
    "neighbour",
    "ntable",
    "link",
    "netconf",
    "nexthop",
    "fdb",
];

/// A line of the table: `object  field  module/case`, or `object  field  - why nothing prints it`.
#[derive(Clone, Copy)]
struct Line {
    object: &'static str,
    /// Where JSON has it, such as `nexthops.weight`, or a value there, such as `flags=onlink`; in
    /// quotes, what text alone has.
    field: &'static str,
    /// The case; or the reason.
    printed: Result<(&'static str, &'static str), &'static str>,
}

fn lines() -> impl Iterator<Item = Line> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let mut parts = line.split("  ").filter(|part| !part.is_empty());
        let mut part = || parts.next().unwrap_or_else(|| panic!("no line of the table: {line}"));
        let (object, field, printed) = (part(), part(), part().trim_start());
        let printed = match printed.strip_prefix("- ") {
            Some(reason) => Err(reason),
            None => Ok(printed.split_once('/').unwrap_or_else(|| panic!("no case: {line}"))),
        };
        Line { object, field: field.trim_start(), printed }
    })
}

/// What both printed in a case.
#[derive(Default)]
pub(crate) struct Printed {
    /// For each object, fields that iproute2 printed, and those that we did.
    fields: BTreeMap<&'static str, [BTreeSet<String>; 2]>,
    text: BTreeMap<&'static str, [Vec<u8>; 2]>,
}

impl Printed {
    pub(crate) fn note(&mut self, words: &[OsString], theirs: &[u8], ours: &[u8]) {
        let Some(object) = object(words) else { return };
        for (whose, out) in [theirs, ours].into_iter().enumerate() {
            match serde_json::from_slice(out) {
                Ok(json) => {
                    let mut found = BTreeSet::new();
                    gather("", &json, &mut found);
                    for field in found {
                        let (object, field) = home(object, &field);
                        self.fields.entry(object).or_default()[whose].insert(field.to_owned());
                    }
                }
                Err(_) => self.text.entry(object).or_default()[whose].extend_from_slice(out),
            }
        }
    }

    /// Which of both printed a field.
    fn has(&self, object: &str, field: &str) -> [bool; 2] {
        match field.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(text) => {
                let holds = |out: &Vec<u8>| String::from_utf8_lossy(out).contains(text);
                self.text.get(object).map_or([false; 2], |both| both.each_ref().map(holds))
            }
            None => {
                let both = self.fields.get(object);
                both.map_or([false; 2], |both| both.each_ref().map(|one| one.contains(field)))
            }
        }
    }
}

/// The object that a command line is about.
fn object(words: &[OsString]) -> Option<&'static str> {
    let mut words = words.iter().filter_map(|word| word.to_str());
    let word = words.find(|word| !word.starts_with('-') && *word != "mpls")?;
    let word = if word == "neighbor" { "neigh" } else { word };
    OBJECTS.into_iter().find(|object| object.starts_with(word))
}

/// What one printer prints for several objects stands in the table once.
fn home<'a>(object: &'static str, field: &'a str) -> (&'static str, &'a str) {
    if let Some(at) = field.find("encap(") {
        return ("route", &field[at..]);
    }
    match field.strip_prefix("nh_info.") {
        Some(field) => ("nexthop", field),
        None => (object, field),
    }
}

/// Adds the paths of all values, and those of strings once more with the string.
fn gather(path: &str, json: &Value, into: &mut BTreeSet<String>) {
    match json {
        Value::Array(items) => items.iter().for_each(|item| gather(path, item, into)),
        Value::Object(object) => {
            for (key, value) in object {
                let path = below(path, object, key);
                gather(&path, value, into);
                if !value.is_object() && !value.get(0).is_some_and(Value::is_object) {
                    into.insert(path);
                }
            }
        }
        Value::String(text) => drop(into.insert(format!("{path}={text}"))),
        _ => {}
    }
}

/// The path of a key. What depends on a kind has it in its path.
fn below(path: &str, object: &Map<String, Value>, key: &str) -> String {
    let kind = match key {
        "info_data" | "info_xstats" => object.get("info_kind"),
        "info_slave_data" => object.get("info_slave_kind"),
        "encap" => object["encap"].get("encap_type"),
        _ => None,
    };
    let kind = kind.and_then(Value::as_str).map(|kind| format!("({})", printer(kind)));
    let kind = kind.unwrap_or_default();
    let dot = if path.is_empty() { "" } else { "." };
    format!("{path}{dot}{key}{kind}").replace("linkinfo.info_", "")
}

/// Some kinds are printed as others are.
fn printer(kind: &str) -> &str {
    match kind {
        "gretap" | "erspan" => "gre",
        "ip6gretap" | "ip6erspan" => "ip6gre",
        "sit" => "ipip",
        "macvtap" => "macvlan",
        "ipvtap" => "ipvlan",
        other => other,
    }
}

/// The part of the table that a file of cases has to bear out.
pub(crate) struct Table {
    module: String,
    /// What each case printed; and whether it has to print all that the table says, for all of its
    /// lines were run, on a kernel that knows all of it.
    cases: BTreeMap<&'static str, (Printed, bool)>,
}

impl Table {
    pub(crate) fn of(module: &str) -> Self {
        Self { module: module.to_owned(), cases: BTreeMap::new() }
    }

    pub(crate) fn note(&mut self, case: &'static str, printed: Printed, is_all: bool) {
        self.cases.insert(case, (printed, is_all));
    }

    /// What is wrong with the table; `all` says that no case was left out by choice.
    pub(crate) fn complaints(&self, all: bool) -> String {
        let mut complaints = String::new();
        if self.cases.is_empty() || !MODULES.contains(&&*self.module) {
            return complaints;
        }
        let mut known = BTreeMap::new();
        for Line { object, field, printed } in lines() {
            known.insert((object, field), printed);
            let case = match printed {
                Ok((module, case)) if module == self.module => case,
                _ => continue,
            };
            match self.cases.get(case) {
                None if all => {
                    let _ =
                        writeln!(complaints, "\nthere is no case `{case}` for {object} {field}");
                }
                Some((printed, true)) if printed.has(object, field) != [true; 2] => {
                    let [theirs, ours] = printed.has(object, field);
                    let _ = writeln!(
                        complaints,
                        "\n{case}: {object} {field} printed: by iproute2 {theirs}, by us {ours}"
                    );
                }
                Some((printed, false)) if all && printed.has(object, field) != [true; 2] => {
                    eprintln!("{case}: NOT PRINTED on this kernel: {object} {field}");
                }
                _ => {}
            }
        }
        for (case, object, field) in self.printed() {
            let line = known.get(&(object, field));
            // Addresses come with their links.
            let line = line.or_else(|| known.get(&("link", field)).filter(|_| object == "address"));
            match line {
                Some(Ok(_)) => {}
                Some(Err(_)) => {
                    let _ = writeln!(complaints, "\n{case} does print {object} {field}");
                }
                None => {
                    let module = &self.module;
                    let _ = writeln!(
                        complaints,
                        "not in the table: {object}  {field}  {module}/{case}"
                    );
                }
            }
        }
        complaints
    }

    /// All fields that were printed, each with a case that did.
    fn printed(&self) -> Vec<(&str, &str, &str)> {
        let mut all = BTreeMap::new();
        for (case, (printed, _)) in &self.cases {
            for (object, both) in &printed.fields {
                let fields = both.iter().flatten().filter(|field| !field.contains('='));
                // The exact bytes of what is not UTF-8 are ours alone.
                let fields = fields.filter(|field| !field.ends_with("_hex"));
                all.extend(fields.map(|field| ((*object, &**field), *case)));
            }
        }
        all.into_iter().map(|((object, field), case)| (case, object, field)).collect()
    }
}

#[test]
fn each_line_is_one_of_a_kind() {
    let mut seen = BTreeSet::new();
    for Line { object, field, printed } in lines() {
        assert!(OBJECTS.contains(&object), "{object} {field}");
        assert!(seen.insert((object, field)), "{object} {field} is there twice");
        match printed {
            Ok((module, _)) => assert!(MODULES.contains(&module), "{object} {field}: {module}"),
            Err(reason) => assert!(!reason.is_empty(), "{object} {field}"),
        }
    }
}
