//! Seeds for fuzzing, made from the captures, and the check that fuzzing with
//! them finds what lies deep.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fmt, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use netlink_captures::{Kind, Record};
use netlink_wire::{
    Ack, AckAttr, Family, Header, Nla, Nlas, NlmFlags, Whole, Writer,
    schema::{self, Choice, Schema, Type},
};

use crate::{
    Result,
    debian::run,
    seeds::{WORDS, damaged, forms, noise, written},
    shape,
    temp::TempDir,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

/// Writes the seeds and the dictionary.
pub(crate) fn seeds() -> Result {
    let captures = netlink_captures::all();
    let records: Vec<_> = captures.iter().flat_map(|capture| &capture.records).collect();

    // The fewest bytes that hold every attribute in every length. A message with
    // one attribute is as good for that as the whole, and changes far more easily.
    let parts = records.iter().flat_map(|record| parts(record));
    let whole = records.iter().map(|record| (*record).clone());
    let candidates = parts.chain(whole).map(|record| (shape::shape(&record), record));
    // Each shape once, by its shortest message.
    let mut rest: BTreeMap<BTreeSet<String>, Record> = BTreeMap::new();
    for (shape, record) in candidates {
        let shortest = rest.entry(shape).or_insert_with(|| record.clone());
        if record.bytes.len() < shortest.bytes.len() {
            *shortest = record;
        }
    }
    let mut rest: Vec<_> = rest.into_iter().map(|(shape, record)| (record, shape)).collect();
    let mut chosen = Vec::new();
    loop {
        let worth = |(record, shape): &(Record, BTreeSet<String>)| {
            shape.len() * 1_000_000 / (record.bytes.len() + 64)
        };
        let Some(best) = rest.iter().max_by_key(|entry| worth(entry)).cloned() else { break };
        chosen.push(best.0.bytes.clone());
        for (_, shape) in &mut rest {
            shape.retain(|part| !best.1.contains(part));
        }
        rest.retain(|(_, shape)| !shape.is_empty());
    }
    let mut messages = chosen.clone();
    messages.extend(damaged(&chosen)?);
    messages.extend(WORDS.map(|word| word.as_bytes().to_vec()));
    write("messages", &messages)?;
    let forms = forms(&chosen)?;
    write("form", &forms)?;
    let written = written(&records)?;
    write("writer", &written)?;

    // Whole dumps, as exchanges of two requests: each message a datagram, after its length.
    let mut exchanges = Vec::new();
    for capture in &captures {
        for command in capture.records.chunk_by(|a, b| a.command == b.command) {
            let replies = command.iter().filter(|record| record.kind == Kind::Reply);
            let dump: Vec<_> = replies.collect();
            let len: usize = dump.iter().map(|record| record.bytes.len()).sum();
            if command[0].command.contains("show") && (1..1500).contains(&len) {
                exchanges.push(dump);
            }
        }
    }
    exchanges.sort_by(|a, b| a.iter().map(|r| &r.bytes).cmp(b.iter().map(|r| &r.bytes)));
    exchanges.dedup_by(|a, b| a.iter().map(|r| &r.bytes).eq(b.iter().map(|r| &r.bytes)));
    let exchange = |dumps: &[Vec<&Record>]| {
        let seqs = dumps.iter().zip(1..);
        seqs.flat_map(|(dump, seq)| dump.iter().flat_map(move |reply| datagram(reply, seq)))
            .collect()
    };
    let noise = exchanges[0].iter().flat_map(|reply| noise(reply)).flat_map(|bytes| part(&bytes));
    let noise = noise.collect();
    let exchanges: Vec<Vec<u8>> =
        exchanges.chunks(2).take(11).map(exchange).chain([noise]).collect();
    write("exchange", &exchanges)?;

    // Refusals, each after its request: for every kind of request those that say different things.
    let mut refusals = BTreeMap::new();
    for records in captures.iter().flat_map(|capture| capture.records.windows(2)) {
        let [request, reply] = records else { continue };
        let message = reply.message();
        if (request.kind, message.header.kind) != (Kind::Request, Header::ERROR) {
            continue;
        }
        let Ok(Ack { attrs, .. }) = Ack::parse(message) else { continue };
        let said: Vec<_> = attrs.raw().flatten().collect();
        let mut buf = [0; 4096];
        let mut writer = Writer::<AckAttr<'_>, Whole>::new(&mut buf, 0, NlmFlags(0), &[0u8; 0]);
        for nla in &said {
            writer.push_raw(*nla);
        }
        let attrs = writer.finish()?.get(size_of::<Header>()..).unwrap_or_default();
        let codes: Vec<_> = said.iter().map(|nla| nla.code()).collect();
        let seed = [part(&request.bytes), part(attrs)].concat();
        refusals.entry((request.message().header.kind, codes)).or_insert(seed);
    }
    let refusals: Vec<_> = refusals.into_values().collect();
    write("ext_ack", &refusals)?;

    // Short messages in files of each kind that is decoded.
    let mut short: Vec<_> = chosen.iter().filter(|bytes| bytes.len() > 48).collect();
    short.sort_by_key(|bytes| bytes.len());
    let files: Vec<_> = short.chunks(2).take(3).flat_map(files).collect();
    write("decode", &files)?;

    let mut words = BTreeSet::new();
    let mut seen = BTreeSet::new();
    dictionary(schema::of::<AckAttr<'_>>(), &mut seen, &mut words);
    for family in Family::all() {
        dictionary(family.attrs(), &mut seen, &mut words);
    }
    let mut text =
        String::from("# Numbers and names of attributes; made by `cargo xtask seeds`.\n");
    text.extend(words.iter().map(|word| format!("\"{word}\"\n")));
    fs::write(folder().join("netlink.dict"), text)?;
    let counts = [messages.len(), forms.len(), written.len(), exchanges.len(), refusals.len()];
    println!("messages, forms, writers, exchanges, refusals: {counts:?}; words: {}", words.len());
    Ok(())
}

/// The message with one of its attributes, for each.
fn parts(record: &Record) -> Vec<Record> {
    let message = record.message();
    let Some(fixed) = Family::of(message.header).and_then(|family| family.header().size()) else {
        return Vec::new();
    };
    let head = size_of::<Header>() + fixed.next_multiple_of(4);
    let Some(attrs) = record.bytes.get(head..) else { return Vec::new() };
    let part = |nla: Nla<'_>| {
        let start = nla.offset() as usize;
        let end = (start + 4 + nla.payload().len()).next_multiple_of(4);
        let attr = attrs.get(start..end)?;
        let mut bytes = [&record.bytes[..head], attr].concat();
        let header = Header { len: bytes.len() as u32, ..message.header };
        header.replace_in(&mut bytes);
        Some(Record { bytes, ..record.clone() })
    };
    Nlas::new(attrs, 0).flatten().filter_map(part).collect()
}

/// A reply to a request that the target `exchange` made.
fn datagram(record: &Record, seq: u32) -> Vec<u8> {
    let mut header = record.message().header;
    (header.seq, header.portid) = (seq, 7);
    let mut bytes = record.bytes.clone();
    header.replace_in(&mut bytes);
    part(&bytes)
}

/// Datagrams in each kind of file that `netlink-dump decode` reads.
fn files(datagrams: &[&Vec<u8>]) -> Vec<Vec<u8>> {
    let (mut pcap, mut pcapng, mut dump, mut escapes, mut array) =
        (Vec::new(), Vec::new(), String::new(), String::new(), String::new());
    let words = |words: &[u32]| words.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    pcap.extend(words(&[0xa1b2_c3d4, 0x0004_0002, 0, 0, 0xffff, 253]));
    pcapng.extend(words(&[0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, u32::MAX, u32::MAX, 28]));
    // Two interfaces, the second of which no packet is of.
    pcapng.extend(words(&[1, 20, 253, 0, 20, 1, 20, 253, 0, 20]));
    for datagram in datagrams {
        let packet = [&[0, 4, 3, 56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], datagram].concat();
        let len = packet.len() as u32;
        pcap.extend([words(&[0, 0, len, len]), packet.clone()].concat());
        let block = 32 + len.next_multiple_of(4);
        pcapng.extend([words(&[6, block, 0, 0, 0, len, len]), packet].concat());
        pcapng.resize(pcapng.len().next_multiple_of(4), 0);
        pcapng.extend(words(&[block]));
        // As hexdump -C has it, with lines left out before the end.
        for (line, bytes) in datagram.chunks(16).enumerate() {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x} ")).collect();
            dump += &format!("{:08x}  {hex} |..|\n", 16 * line);
        }
        let end = datagram.len().next_multiple_of(16);
        dump += &format!("{end:08x}  {}|..|\n*\n{:08x}\n", "00 ".repeat(16), end + 48);
        let escaped: String = datagram.iter().map(|byte| format!("\\x{byte:02x}")).collect();
        escapes += &format!("sendto(3, \"{escaped}\", {len}, 0, NULL, 0) = {len}\n");
        let bytes: String = datagram.iter().map(|byte| format!("0x{byte:02x}, ")).collect();
        array += &format!("char a[] = {{ {bytes}}};\n");
    }
    let raw = datagrams.iter().flat_map(|datagram| datagram.to_vec()).collect();
    vec![pcap, pcapng, dump.into(), escapes.into(), array.into(), raw]
}

/// Bytes after their length, of which the targets split off several.
pub(crate) fn part(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_le_bytes()[..], bytes].concat()
}

fn write(name: &str, seeds: &[Vec<u8>]) -> Result {
    let folder = folder().join("seeds").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("{number:03}")), seed)?;
    }
    Ok(())
}

/// The start of every attribute with a length that its type has, and the words
/// that choose types.
fn dictionary(
    schema: &'static Schema,
    seen: &mut BTreeSet<&'static str>,
    words: &mut BTreeSet<String>,
) {
    if !seen.insert(schema.name) {
        return;
    }
    let bytes = |bytes: &[u8]| bytes.iter().map(|b| format!("\\x{b:02x}")).collect::<String>();
    for field in schema.attrs {
        let len = 4 + field.ty.size().unwrap_or(4) as u16;
        words.insert(bytes(&[len.to_le_bytes(), field.code.to_le_bytes()].concat()));
        each_type(&field.ty, &mut |ty| match ty {
            Type::Nest(inner) | Type::Headed(_, inner) | Type::Records(_, inner) => {
                dictionary(inner(), seen, words);
            }
            Type::Select(choices) => {
                for (choice, _) in choices.of {
                    if let Choice::Word(word) = choice {
                        words.insert(bytes(&[word.as_bytes(), &[0]].concat()));
                    }
                }
            }
            _ => {}
        });
    }
}

/// A type, and those that it is made of.
fn each_type(ty: &Type, f: &mut dyn FnMut(&Type)) {
    f(ty);
    match ty {
        Type::List(item) | Type::Multi(item) => each_type(item, f),
        Type::Select(choices) => {
            choices.of.iter().for_each(|(_, ty)| each_type(ty, f));
            each_type(choices.other, f);
        }
        _ => {}
    }
}

/// Builds the programs of all targets; returns where they are. They have the planted bugs, each of which
/// sleeps until the environment names it.
pub(crate) fn build() -> Result<Vec<PathBuf>> {
    let folder = folder().canonicalize()?;
    let built = folder.join("target/planted");
    let flags = env::var("RUSTFLAGS").unwrap_or_default() + " --cfg planted_bug";
    let fuzz = |command: &str| {
        let mut cargo = Command::new("cargo");
        cargo.args(["+nightly", "fuzz", command]).current_dir(&folder);
        cargo
    };
    // The bugs panic: no sanitizer is needed, and two to three times the speed is had.
    run(fuzz("build")
        .args(["--sanitizer=none", "--target-dir"])
        .arg(&built)
        .env("RUSTFLAGS", flags))?;
    let list = fuzz("list").output()?;
    if !list.status.success() {
        return Err(String::from_utf8_lossy(&list.stderr).into());
    }
    let list = String::from_utf8(list.stdout)?;
    let programs = built.join("x86_64-unknown-linux-gnu/release");
    Ok(list.lines().map(|target| programs.join(target)).collect())
}

/// Where bugs are planted: a line for each, with its target and its name first.
const PLANTED: [&str; 2] = ["netlink-wire/src/planted.rs", "netlink-sys/src/planted.rs"];

/// Fuzzing from the seeds finds each planted bug within a minute, at the third try at the latest.
/// Whether it does in the same time without seeds is told beside it.
pub(crate) fn check() -> Result {
    const LIMIT: Duration = Duration::from_secs(60);
    const TRIES: u32 = 3;
    let mut bugs = Vec::new();
    for file in PLANTED {
        let source = fs::read_to_string(folder().join("..").join(file))?;
        let before = bugs.len();
        for line in source.lines() {
            let words = line.trim().strip_prefix("(\"").and_then(|bug| bug.split_once("\", \""));
            let Some((target, (bug, _))) =
                words.and_then(|(target, rest)| Some((target, rest.split_once('"')?)))
            else {
                continue;
            };
            bugs.push((target.to_owned(), bug.to_owned()));
        }
        if bugs.len() == before {
            return Err(format!("{file} has no bugs").into());
        }
    }

    let programs = build()?;
    let mut missed = Vec::new();
    for (target, bug) in &bugs {
        let program = programs.iter().find(|program| program.ends_with(target));
        let program = program.ok_or_else(|| format!("{target}: no such target"))?;
        let start = |seeds, luck| Run::start(program, bug, seeds, luck, LIMIT);
        let seeds = folder().join("seeds").join(target);
        let (with, without) = (start(Some(&*seeds), 1)?, start(None, 1)?);
        let mut with = with.found()?;
        let without = without.stopped()?;
        // What a run tries first is chance, and so is what else the machine does.
        for luck in 2..=TRIES {
            if with.is_none() {
                println!("{target}: {bug}: not found in {LIMIT:?}, once more");
                with = start(Some(&*seeds), luck)?.found()?;
            }
        }
        let tell = |found: &Option<Found>| found.as_ref().map_or("not".into(), Found::to_string);
        println!("{target}: {bug}: from the seeds {}, without {}", tell(&with), tell(&without));
        if with.is_none() {
            missed.push(bug);
        }
    }
    match missed[..] {
        [] => Ok(()),
        _ => Err(format!("not found: {missed:?}").into()),
    }
}

/// When a bug was found.
struct Found {
    seconds: f64,
    /// Before anything was made of the seeds.
    by_seed: bool,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = if self.by_seed { ", by a seed itself" } else { "" };
        write!(f, "in {:.1} s{by}", self.seconds)
    }
}

/// A run of the fuzzer.
struct Run {
    child: Child,
    folder: TempDir,
    start: Instant,
    limit: Duration,
}

impl Run {
    fn start(
        program: &Path,
        bug: &str,
        seeds: Option<&Path>,
        luck: u32,
        limit: Duration,
    ) -> Result<Self> {
        let dir = TempDir::new()?;
        let corpus = dir.path().join("corpus");
        fs::create_dir(&corpus)?;
        let mut command = Command::new(program);
        command
            .arg(format!("-max_total_time={}", limit.as_secs()))
            .arg(format!("-seed={luck}"))
            .arg("-max_len=1024")
            .arg(format!("-artifact_prefix={}/", dir.path().display()))
            .arg(&corpus)
            .env("PLANTED_BUG", bug)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(dir.path().join("log"))?);
        if let Some(seeds) = seeds {
            command.arg(format!("-dict={}", folder().join("netlink.dict").display()));
            command.arg(seeds);
        }
        Ok(Self { child: command.spawn()?, folder: dir, start: Instant::now(), limit })
    }

    /// The same, if it was found by now.
    fn stopped(mut self) -> Result<Option<Found>> {
        if self.child.try_wait()?.is_some() {
            return self.found();
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(None)
    }

    /// After how many seconds the bug was found.
    fn found(mut self) -> Result<Option<Found>> {
        let deadline = self.limit + Duration::from_secs(30);
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            if self.start.elapsed() > deadline {
                self.child.kill()?;
            }
            thread::sleep(Duration::from_millis(50));
        };
        let seconds = self.start.elapsed().as_secs_f64();
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        if status.success() {
            return Ok(None);
        }
        // Without the bug the targets find nothing.
        if log.contains("panicked at") {
            return Ok(Some(Found { seconds, by_seed: !log.contains("INITED") }));
        }
        let tail: Vec<_> = log.lines().rev().take(30).collect();
        Err(format!("something else was found:\n{}", tail.join("\n")).into())
    }
}
