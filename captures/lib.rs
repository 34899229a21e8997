//! Messages that kernels sent and `ip` sent to them, recorded by `cargo xtask capture`.
//!
//! They lie in `netlink-wire/tests/data`, the README of which explains their
//! format. Tests, fuzz seeds and benchmarks read them through this crate.

pub mod sets;

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use netlink_wire::{Family, Header, Message, Messages, Nlas};

/// The folder with all captures.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../netlink-wire/tests/data")
}

/// All captures of kernels with the byte order of this machine.
///
/// # Panics
///
/// A file cannot be read, or there is none.
pub fn all() -> Vec<Capture> {
    let captures: Vec<_> = files(|_| true).filter_map(native).collect();
    assert!(!captures.is_empty(), "no captures in {}", folder().display());
    captures
}

/// All captures, those of the other byte order included.
///
/// # Panics
///
/// A file cannot be read.
pub fn every() -> Vec<Capture> {
    files(|_| true).map(|path| Capture::load(&path, &text(&path))).collect()
}

/// The capture of one scenario, on the oldest kernel with the byte order of
/// this machine.
///
/// # Panics
///
/// There is none.
pub fn one(scenario: &str) -> Capture {
    let found = named(scenario).into_iter().next();
    found.unwrap_or_else(|| panic!("no capture of {scenario}"))
}

/// The first message of this type that a kernel sent for a command, the start
/// of which is given: of the oldest kernel that sent one.
///
/// None on a machine with a byte order of which there is no such message; it
/// says so on standard error.
///
/// # Panics
///
/// There is none in little-endian byte order, which most are recorded in.
pub fn said(scenario: &str, command: &str, kind: impl Into<u16>) -> Option<&'static Record> {
    let kind = kind.into();
    let found = find(scenario, command, kind).find(|record| record.kind != Kind::Request);
    check(found, scenario, command, kind)
}

/// The same of a message that `ip` sent to a kernel.
///
/// # Panics
///
/// Those of [`said`].
pub fn asked(scenario: &str, command: &str, kind: impl Into<u16>) -> Option<&'static Record> {
    let kind = kind.into();
    let found = find(scenario, command, kind).find(|record| record.kind == Kind::Request);
    check(found, scenario, command, kind)
}

/// All messages of this type that a command caused, the start of which is given.
pub fn find<'a>(
    scenario: &'a str,
    command: &'a str,
    kind: impl Into<u16>,
) -> impl Iterator<Item = &'static Record> + 'a {
    static READ: Mutex<BTreeMap<String, &[Capture]>> = Mutex::new(BTreeMap::new());
    let kind = kind.into();
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let captures = *read.entry(scenario.to_owned()).or_insert_with(|| named(scenario).leak());
    captures.iter().flat_map(|capture| &capture.records).filter(move |record| {
        record.command.starts_with(command) && record.message().header.kind == kind
    })
}

/// The captures of one scenario, the oldest kernel's first.
///
/// None on a machine with a byte order in which it was not recorded; it says
/// so on standard error.
///
/// # Panics
///
/// There is none in little-endian byte order, which most are recorded in.
pub fn of(scenario: &str) -> Vec<Capture> {
    let captures = named(scenario);
    if captures.is_empty() {
        if cfg!(target_endian = "little") {
            panic!("no capture of {scenario}");
        }
        eprintln!("skipped: no capture of {scenario}");
    }
    captures
}

fn check<T>(found: Option<T>, scenario: &str, command: &str, kind: u16) -> Option<T> {
    if found.is_none() {
        let missing = format!("{scenario}: no message of type {kind} for `{command}`");
        if cfg!(target_endian = "little") {
            panic!("{missing}");
        }
        eprintln!("skipped: {missing}");
    }
    found
}

/// The captures of one scenario on kernels with the byte order of this machine, the oldest kernel's first.
fn named(scenario: &str) -> Vec<Capture> {
    files(|name| name == scenario).filter_map(native).collect()
}

/// The files of the scenarios with such a name, the oldest kernel's first.
fn files(is_wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = PathBuf> {
    let kernels = entries(&folder()).into_iter().filter(|path| path.is_dir());
    let files = kernels.flat_map(|kernel| entries(&kernel));
    files.filter(move |path| is_wanted(&scenario(path)))
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The capture in the file, if it has the byte order of this machine. Of another, no more than the first line is parsed.
fn native(path: PathBuf) -> Option<Capture> {
    let text = text(&path);
    let is_other =
        text.lines().next().and_then(is_big_endian) == Some(cfg!(target_endian = "little"));
    (!is_other).then(|| Capture::load(&path, &text))
}

/// What the line with the origin of a capture says of the byte order.
fn is_big_endian(origin: &str) -> Option<bool> {
    match origin.rsplit_once(", ")?.1 {
        "big-endian" => Some(true),
        "little-endian" => Some(false),
        _ => None,
    }
}

/// The name of a file without its extension.
fn scenario(path: &Path) -> Cow<'_, str> {
    path.file_stem().unwrap_or_default().to_string_lossy()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// What one scenario made one kernel say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// Folder of the kernel: `linux-6.1`.
    pub kernel: String,
    /// Name of the scenario.
    pub scenario: String,
    /// What made it: the kernel's release and machine, and the version of `ip`.
    pub origin: String,
    /// Byte order of the kernel.
    pub big_endian: bool,
    /// The messages, in the order in which they were sent.
    pub records: Vec<Record>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The command that caused it.
    pub command: String,
    /// Who sent it.
    pub kind: Kind,
    /// All its bytes.
    pub bytes: Vec<u8>,
}

/// Who sent a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A program, to the kernel.
    Request,
    /// The kernel, to that program.
    Reply,
    /// The kernel, to a multicast group.
    Event,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Request, Self::Reply, Self::Event];

    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Reply => "reply",
            Self::Event => "event",
        }
    }
}

impl Record {
    /// The message.
    ///
    /// # Panics
    ///
    /// The bytes are not one whole message.
    pub fn message(&self) -> Message<'_> {
        let mut messages = Messages::new(&self.bytes);
        match (messages.next(), messages.next()) {
            (Some(Ok(message)), None) => message,
            other => panic!("{}: {other:?}", self.command),
        }
    }
}

impl Capture {
    /// The replies of this type, end to end: what a dump would send.
    pub fn replies(&self, kind: impl Into<u16>) -> Vec<u8> {
        let kind = kind.into();
        let replies = self.records.iter().filter(|record| record.kind == Kind::Reply);
        replies
            .filter(|record| record.message().header.kind == kind)
            .flat_map(|record| record.bytes.iter().copied())
            .collect()
    }

    fn load(path: &Path, text: &str) -> Self {
        let mut capture = Self::read(text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        // Whole names: `linux-6.1` has no extension.
        let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
        capture.kernel = folder.to_string_lossy().into_owned();
        capture.scenario = scenario(path).into_owned();
        capture
    }

    /// Reads the text of one file.
    ///
    /// # Errors
    ///
    /// Which line is wrong.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut capture = Self {
            kernel: String::new(),
            scenario: String::new(),
            origin: String::new(),
            big_endian: false,
            records: Vec::new(),
        };
        let mut command = "";
        for (number, line) in text.lines().enumerate() {
            let fail = || format!("line {}: {line}", number + 1);
            if let Some(origin) = line.strip_prefix("# ") {
                capture.big_endian = is_big_endian(origin).ok_or_else(fail)?;
                capture.origin = origin.to_owned();
            } else if let Some(line) = line.strip_prefix("$ ") {
                command = line;
            } else if line.starts_with(' ') {
                let record = capture.records.last_mut().ok_or_else(fail)?;
                unhex(line, &mut record.bytes).ok_or_else(fail)?;
            } else {
                let (word, hex) = line.split_once(' ').ok_or_else(fail)?;
                let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word);
                let mut bytes = Vec::new();
                unhex(hex, &mut bytes).ok_or_else(fail)?;
                let command = command.to_owned();
                capture.records.push(Record { command, kind: kind.ok_or_else(fail)?, bytes });
            }
        }
        Ok(capture)
    }
}

/// Writes the text of the file: the headers of a message in one line, and each
/// of its attributes in one.
impl fmt::Display for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# {}", self.origin)?;
        let mut command = "";
        for record in &self.records {
            if record.command != command {
                command = &record.command;
                writeln!(f, "$ {command}")?;
            }
            record.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message();
        let family = Family::of(message.header);
        let fixed = family.map_or(0, |family| family.attrs_start(message.payload));
        let fixed = fixed.min(message.payload.len());
        let (fixed, attrs) = message.payload.split_at(fixed);
        write!(f, "{} {}", self.kind.word(), hex(&self.bytes[..size_of::<Header>()]))?;
        if !fixed.is_empty() {
            write!(f, " {}", hex(fixed))?;
        }
        let mut rest = attrs;
        if family.is_some() {
            for nla in Nlas::new(attrs, 0).map_while(Result::ok) {
                let len = (nla.payload().len() + 4).next_multiple_of(4).min(rest.len());
                let (attr, after) = rest.split_at(len);
                write!(f, "\n {}", hex(attr))?;
                rest = after;
            }
        }
        if !rest.is_empty() {
            write!(f, "\n {}", hex(rest))?;
        }
        writeln!(f)
    }
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |digit: u8| char::from_digit(digit.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Appends the bytes of a line, blanks left out.
fn unhex(line: &str, bytes: &mut Vec<u8>) -> Option<()> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    for word in line.split(' ') {
        for pair in word.as_bytes().chunks(2) {
            let [high, low] = pair else { return None };
            bytes.push((digit(high)? << 4 | digit(low)?) as u8);
        }
    }
    Some(())
}
