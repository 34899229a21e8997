//! Runs cases, and compares.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    env,
    ffi::OsString,
    fmt::Write as _,
    panic::Location,
    path::Path,
    sync::{Mutex, PoisonError},
};

use regex::bytes::Regex;
use serde_json::Value;

use super::{
    fields::{Printed, Table},
    namespace::{self, Output},
};

/// A network, and the command lines that show it.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    name: &'static str,
    setup: &'static str,
    lines: &'static [&'static str],
    needs: &'static str,
    masked: &'static [&'static str],
    since_7: bool,
}

/// A case: its name, shell that makes the network, and the words that both programs are then
/// given, one line a run. Each line is run as it is, and with `-j` before it.
///
/// In the shell `ip` is the newest one there is; `/run` is empty and private, so that `ip netns`
/// works; files of `/etc/iproute2` can be mounted over. In the lines the shell's quotes and
/// substitutions hold.
pub(crate) const fn case(
    name: &'static str,
    setup: &'static str,
    lines: &'static [&'static str],
) -> Case {
    Case { name, setup, lines, needs: "", masked: &[], since_7: false }
}

#[allow(dead_code, reason = "not all of it is needed yet")]
impl Case {
    /// Shell that runs before the rest of the setup. Where it fails, the kernel or `ip` lacks what
    /// the case is about: it is left out, and standard error tells.
    pub(crate) const fn needs(self, needs: &'static str) -> Self {
        Self { needs, ..self }
    }

    /// Nothing that iproute2 6.1 knows of: it is compared with 7 alone.
    pub(crate) const fn since_7(self) -> Self {
        Self { since_7: true, ..self }
    }

    /// Words whose values change too often to be compared: `expires` makes `expires 3sec` and
    /// `"expires":3` equal to those of any other value.
    ///
    /// Values that change every second, or every tenth of it, need none of this: what differs is
    /// run again, until the same program twice prints the same.
    pub(crate) const fn masked(self, masked: &'static [&'static str]) -> Self {
        Self { masked, ..self }
    }
}

/// Something that a release of iproute2 prints otherwise than we do, and why that is right.
pub(crate) struct Difference {
    pub(crate) why: &'static str,
    /// The lines that have it, a regular expression.
    pub(crate) lines: &'static str,
    pub(crate) change: Change,
}

pub(crate) const COLORS_IN_6_1: Difference = Difference {
    why: "it takes the background for bright unless told otherwise",
    lines: "-c",
    change: Change::Ours(r"\x1b\[1;[39](\d)m", "\x1b[3${1}m"),
};

pub(crate) const CUT_JSON_IN_6_1: Difference = Difference {
    why: "when it fails, the array stays open",
    lines: "-j",
    change: Change::Theirs(r"^\[$", "[]\n"),
};

/// What makes the two equal.
#[allow(dead_code, reason = "not all of it is needed yet")]
pub(crate) enum Change {
    /// Replace this in their text.
    Theirs(&'static str, &'static str),
    /// Replace this in our text.
    Ours(&'static str, &'static str),
    /// Change each object in their JSON, from the inside out.
    TheirJson(fn(&mut serde_json::Map<String, Value>)),
    /// Change each object in our JSON.
    OurJson(fn(&mut serde_json::Map<String, Value>)),
    /// Leave out these keys of our JSON, which they lack.
    OurKeys(&'static [&'static str]),
    /// Replace this in what they write to standard error.
    TheirError(&'static str, &'static str),
    /// Their exit code, and ours.
    Code(i32, i32),
    /// Nothing: their output is of no use.
    Useless,
}

const SEVEN: &str = "iproute2 7";

/// A release of iproute2, and what we do otherwise.
struct Reference<'a> {
    name: &'static str,
    program: String,
    differences: &'a [Difference],
}

impl Reference<'_> {
    /// The program that shows this object: `ip`, or `bridge` of the same release.
    fn program_for(&self, words: &[OsString]) -> String {
        let object = words.iter().find(|word| !word.as_encoded_bytes().starts_with(b"-"));
        let is_bridge = object.is_some_and(|object| object == "fdb");
        let ip = Path::new(&self.program);
        match ip.parent().filter(|_| is_bridge) {
            None => self.program.clone(),
            Some(folder) if folder == Path::new("") => "bridge".to_owned(),
            Some(folder) => {
                let places = [folder.join("bridge"), folder.join("../sbin/bridge")];
                let found = places.iter().find(|place| place.exists());
                found.expect("`bridge` stands beside `ip`").to_string_lossy().into_owned()
            }
        }
    }
}

/// Runs all cases of an object. `since_7` are the differences to iproute2 7, `in_6_1` those to
/// iproute2 6.1; one that no case needs is a failure, too.
#[track_caller]
pub(crate) fn check(cases: &[Case], since_7: &[Difference], in_6_1: &[Difference]) {
    let promised = namespace::are_promised();
    if !namespace::may_run() {
        return;
    }
    let references = references(since_7, in_6_1);
    assert!(!promised || !references.is_empty(), "NETLINK_LIVE=1, but there is no `ip`");
    let Some(newest) = references.first() else { return eprintln!("NOT RUN: there is no `ip`") };
    let has_7 = newest.name == SEVEN;
    let newest = ["ip", "fdb"].map(|object| newest.program_for(&[object.into()]));

    let wanted = env::var("NETLINK_CASE").unwrap_or_default();
    let sample = env::var("NETLINK_SAMPLE").map_or(1, |every| every.parse().unwrap());
    // An older `ip` cannot make all that there is to differ in.
    let mut whole = wanted.is_empty() && sample == 1 && has_7;
    let mut failures = String::new();
    let module = Path::new(Location::caller().file()).file_stem().unwrap_or_default();
    let mut table = Table::of(&module.to_string_lossy());
    let mut used: Vec<_> = references.iter().map(|r| vec![false; r.differences.len()]).collect();
    let mut every = (1..=sample).cycle();
    for case in cases.iter().filter(|case| case.name.contains(&wanted)) {
        let lines = case.lines.iter().flat_map(|line| [(*line).to_owned(), format!("-j {line}")]);
        // What not every kernel has is seen as a whole there, or nowhere.
        let is_rare = !case.needs.is_empty() && is_newest_kernel();
        let lines: Vec<_> = lines.filter(|_| every.next() == Some(1) || is_rare).collect();
        if lines.is_empty() {
            if has_7 {
                table.note(case.name, Printed::default(), false);
            }
            continue;
        }
        let mut printed = Printed::default();
        let run = || run(case, &lines, &newest, &references, &mut used, &mut printed);
        let ran = namespace::within(run);
        if has_7 {
            let is_whole = ran.is_ok() && (sample == 1 || !case.needs.is_empty());
            let can_all = case.needs.is_empty() || is_newest_kernel();
            table.note(case.name, printed, is_whole && can_all);
        }
        match ran {
            Err(complaint) => {
                whole = false;
                // The last command, and what was wrong with it.
                let end = complaint.trim_end().rsplit("\n+ ").next().unwrap_or_default();
                eprintln!("{}: NOT RUN for what it needs: {end}", case.name);
            }
            Ok(differing) => failures += &differing,
        }
    }
    for (reference, used) in references.iter().zip(used) {
        for (difference, used) in reference.differences.iter().zip(used) {
            if !used && whole {
                let (why, release) = (difference.why, reference.name);
                let _ = writeln!(failures, "\nno case has this difference to {release}: {why}");
            }
        }
    }
    failures += &table.complaints(wanted.is_empty());
    assert!(failures.is_empty(), "{failures}");
}

/// Whether the kernel has all that the table of fields has.
fn is_newest_kernel() -> bool {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    release.split('.').next().unwrap().parse::<u32>().is_ok_and(|major| major >= 7)
}

/// The `ip` programs to compare with, the newest first.
fn references<'a>(since_7: &'a [Difference], in_6_1: &'a [Difference]) -> Vec<Reference<'a>> {
    let version = |program: &str| {
        let output = Output::of(program, ["-V"])?;
        Some(String::from_utf8_lossy(&output.out).into_owned())
    };
    let named = env::var("NETLINK_IP7").ok().filter(|named| !named.is_empty());
    let mut references = Vec::<Reference<'_>>::new();
    for program in named.clone().into_iter().chain(["ip".into()]) {
        let version = version(&program).unwrap_or_default();
        let reference = match &version {
            version if version.contains("iproute2-7.") => {
                Reference { name: SEVEN, program, differences: since_7 }
            }
            version if version.contains("iproute2-6.1.") => {
                Reference { name: "iproute2 6.1", program, differences: in_6_1 }
            }
            _ => {
                eprintln!("`{program}` is {version:?}: not compared with it");
                continue;
            }
        };
        if references.iter().all(|other| other.name != reference.name) {
            references.push(reference);
        }
    }
    let has_7 = references.first().is_some_and(|first| first.name == SEVEN);
    assert!(has_7 || named.is_none(), "NETLINK_IP7={named:?} is no `ip` of iproute2 7");
    if !has_7 {
        eprintln!("NETLINK_IP7 is not set: not compared with iproute2 7");
    }
    references
}

/// Makes the network, runs the lines, and says what differs; or why the case cannot be run.
fn run(
    case: &Case,
    lines: &[String],
    newest: &[String; 2],
    references: &[Reference<'_>],
    used: &mut [Vec<bool>],
    printed: &mut Printed,
) -> Result<String, String> {
    let Case { name, setup, needs, .. } = case;
    namespace::shell(newest, needs)?;
    if let Err(complaint) = namespace::shell(newest, setup) {
        panic!("{name}: {complaint}");
    }
    let mut failures = String::new();
    for line in lines {
        let words = namespace::words(line);
        let ours = || Output::of(env!("CARGO_BIN_EXE_netlink-dump"), &words).unwrap();
        let mut last = ours();
        for (reference, used) in references.iter().zip(&mut *used) {
            let Reference { name: release, differences, .. } = reference;
            let program = reference.program_for(&words);
            if case.since_7 && *release != SEVEN {
                continue;
            }
            let theirs = || Output::of(&program, &words).unwrap();
            if let Err(difference) = steadily(&theirs, &ours, &mut last, |theirs, ours| {
                if *release == SEVEN {
                    printed.note(&words, &theirs.out, &ours.out);
                }
                compare(case, line, theirs, ours, differences, used)
            }) {
                let _ = writeln!(failures, "\n{name}: `{line}` against {release}:\n{difference}");
            }
        }
    }
    Ok(failures)
}

/// Runs both until they agree, or until theirs was the same before and after ours: what changes
/// with time is no difference.
fn steadily(
    theirs: &impl Fn() -> Output,
    ours: &impl Fn() -> Output,
    last: &mut Output,
    mut compare: impl FnMut(&Output, &Output) -> Result<(), String>,
) -> Result<(), String> {
    let mut before = theirs();
    let mut result = compare(&before, last);
    for _ in 0..20 {
        if result.is_ok() {
            break;
        }
        *last = ours();
        let after = theirs();
        result = compare(&before, last);
        if before == after {
            break;
        }
        result = result.or_else(|_| compare(&after, last));
        before = after;
    }
    result
}

/// Compares what both wrote; says what differs.
fn compare(
    case: &Case,
    line: &str,
    theirs: &Output,
    ours: &Output,
    differences: &[Difference],
    used: &mut [bool],
) -> Result<(), String> {
    let json = line.starts_with("-j ");
    let (mut theirs, mut ours) = (normal(theirs, case, true), normal(ours, case, false));
    if equal(&theirs, &ours, json) {
        return Ok(());
    }
    for (difference, used) in differences.iter().zip(used) {
        if regex(difference.lines).is_match(line.as_bytes()) {
            let before = (theirs.clone(), ours.clone());
            difference.change.apply(&mut theirs, &mut ours);
            *used |= before != (theirs.clone(), ours.clone());
        }
    }
    if equal(&theirs, &ours, json) { Ok(()) } else { Err(show(&theirs, &ours)) }
}

/// Takes out what cannot be equal: the name of the program, and masked values.
fn normal(output: &Output, case: &Case, theirs: bool) -> Output {
    let mut output = output.clone();
    if theirs {
        replace(&mut output.err, "\"(ip|bridge) ", "\"netlink-dump ");
        replace(&mut output.err, "\\bip: ", "netlink-dump: ");
    }
    // `ip` ends some messages with two newlines. How to use it is told in words of one's own.
    replace(&mut output.err, "\n+", "\n");
    replace(&mut output.err, "(?s)^Usage:.*", "Usage");
    for word in case.masked {
        replace(&mut output.out, &format!(r"(?-u:\b){word} +[-0-9.]+"), word);
        replace(&mut output.out, &format!(r#""{word}":[-0-9.]+"#), &format!(r#""{word}":0"#));
    }
    output
}

fn replace(text: &mut Vec<u8>, from: &str, to: &str) {
    if let Cow::Owned(replaced) = regex(from).replace_all(text, to.as_bytes()) {
        *text = replaced;
    }
}

/// Each is compiled once: that takes longer than all that is done with it.
fn regex(pattern: &str) -> &'static Regex {
    static KNOWN: Mutex<BTreeMap<String, &'static Regex>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known
        .entry(pattern.to_owned())
        .or_insert_with(|| Box::leak(Box::new(Regex::new(pattern).unwrap())))
}

/// JSON is equal by value, all else by byte. What is not JSON where it should be is text.
fn equal(theirs: &Output, ours: &Output, json: bool) -> bool {
    let same_out = || match (value(&theirs.out), value(&ours.out)) {
        (Some(theirs), Some(ours)) if json => theirs == ours,
        _ => theirs.out == ours.out,
    };
    theirs.code == ours.code && theirs.err == ours.err && same_out()
}

fn value(json: &[u8]) -> Option<Value> {
    serde_json::from_slice(json).ok()
}

impl Change {
    fn apply(&self, theirs: &mut Output, ours: &mut Output) {
        match *self {
            Self::Theirs(from, to) => replace(&mut theirs.out, from, to),
            Self::Ours(from, to) => replace(&mut ours.out, from, to),
            Self::TheirJson(change) => change_json(&mut theirs.out, change),
            Self::OurJson(change) => change_json(&mut ours.out, change),
            Self::OurKeys(keys) => change_json(&mut ours.out, |object| {
                keys.iter().for_each(|key| drop(object.remove(*key)));
            }),
            Self::TheirError(from, to) => replace(&mut theirs.err, from, to),
            Self::Code(from, to) => {
                if (theirs.code, ours.code) == (from, to) {
                    theirs.code = to;
                }
            }
            Self::Useless => *theirs = ours.clone(),
        }
    }
}

fn change_json(json: &mut Vec<u8>, change: impl Fn(&mut serde_json::Map<String, Value>)) {
    fn walk(value: &mut Value, change: &impl Fn(&mut serde_json::Map<String, Value>)) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| walk(item, change)),
            Value::Object(object) => {
                object.values_mut().for_each(|value| walk(value, change));
                change(object);
            }
            _ => {}
        }
    }
    let Some(before) = value(json) else { return };
    let mut after = before.clone();
    walk(&mut after, &change);
    if after != before {
        *json = after.to_string().into_bytes();
    }
}

/// The lines that only one of the two has.
fn show(theirs: &Output, ours: &Output) -> String {
    let mut text = String::new();
    if theirs.code != ours.code {
        let _ = writeln!(text, "exit code: theirs {}, ours {}", theirs.code, ours.code);
    }
    for (what, theirs, ours) in [("out", &theirs.out, &ours.out), ("err", &theirs.err, &ours.err)] {
        let lines = |bytes: &[u8]| match value(bytes) {
            Some(value) => pretty(&value),
            None => {
                String::from_utf8_lossy(bytes).lines().map(|line| format!("{line:?}")).collect()
            }
        };
        let (theirs, ours): (Vec<_>, Vec<_>) = (lines(theirs), lines(ours));
        for (whose, these, others) in [("theirs", &theirs, &ours), ("ours  ", &ours, &theirs)] {
            for line in these.iter().filter(|line| !others.contains(line)).take(12) {
                let _ = writeln!(text, "    {what} {whose} {line}");
            }
        }
        if theirs.len() != ours.len() {
            let _ =
                writeln!(text, "    {what}: theirs {} lines, ours {}", theirs.len(), ours.len());
        }
    }
    text
}

/// A line for each item of a list.
fn pretty(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(Value::to_string).collect(),
        other => vec![other.to_string()],
    }
}
