//! What reading costs, counted by valgrind: instructions and allocations are the same on every run,
//! however busy the machine is.
//!
//! ```sh
//! cargo run --profile bench -p netlink-benches --bin instructions              # compares
//! cargo run --profile bench -p netlink-benches --bin instructions -- record    # records anew
//! ```
//!
//! More instructions than the limit, 3 % more than were recorded, or an allocation for each message
//! are a failure. What another compiler made is not compared with the record.

use std::{
    env, fs,
    hint::black_box,
    path::PathBuf,
    process::{Command, ExitCode},
};

use netlink_benches::{
    Result, count,
    loops::{self, Loop},
    namespace,
    valgrind::{allocations, number, valgrind},
};
use netlink_sys::{Protocol, Socket};

/// What is counted: a pass over messages that a kernel sent, which stay the same.
struct Pass {
    name: &'static str,
    dump: &'static [u8],
    run: Option<Loop>,
    /// Its symbol.
    function: &'static str,
    /// Most instructions a message, if there is a limit.
    limit: Option<u64>,
}

const ROUTES: &[u8] = include_bytes!("fixed/routes");
/// Of 33 attributes each, without those in nests.
const LINKS: &[u8] = include_bytes!("fixed/links");

const PASSES: [Pass; 5] = [
    Pass {
        name: "routes",
        dump: ROUTES,
        run: Some(loops::routes),
        function: "netlink_benches::loops::routes",
        limit: Some(165),
    },
    Pass {
        name: "routes, C",
        dump: ROUTES,
        run: loops::C_ROUTES,
        function: "c_routes",
        limit: None,
    },
    Pass {
        name: "links",
        dump: LINKS,
        run: Some(loops::links),
        function: "netlink_benches::loops::links",
        limit: Some(950),
    },
    Pass { name: "links, C", dump: LINKS, run: loops::C_LINKS, function: "c_links", limit: None },
    Pass {
        name: "links, twelve reads",
        dump: LINKS,
        run: Some(loops::links_indexed),
        function: "netlink_benches::loops::links_indexed",
        limit: None,
    },
];

/// How often each is repeated: what is done once counts for nothing.
const TIMES: usize = 100;

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args[..] {
        [] => compare(),
        ["record"] => record().map(|()| true),
        // Under valgrind.
        ["pass", name] => pass(name).map(|()| true),
        ["dump"] => dump().map(|()| true),
        _ => Err("what else than record?".into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("instructions: {error}");
            ExitCode::FAILURE
        }
    }
}

fn pass(name: &str) -> Result<()> {
    let pass = PASSES.iter().find(|pass| pass.name == name).ok_or("no such pass")?;
    let run = pass.run.ok_or("there was no compiler for C")?;
    black_box(run(black_box(&pass.dump.repeat(TIMES))));
    Ok(())
}

/// Compares with the record and the limits, and tells whether all is well.
fn compare() -> Result<bool> {
    let text = fs::read_to_string(recorded())?;
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let compiler = rustc()?;
    let then = lines.next().ok_or("no compiler in the record")?;
    let same = then == compiler;
    if !same {
        println!(
            "CHANGED: recorded with {then}, this is {compiler}; \
             `cargo run --profile bench -p netlink-benches --bin instructions -- record` records anew"
        );
    }
    let mut well = true;
    for pass in PASSES.iter().filter(|pass| pass.run.is_some()) {
        let all = pass.instructions()?;
        let before =
            lines.clone().find_map(|line| line.strip_prefix(pass.name)?.strip_prefix(": "));
        let before: u64 = before.ok_or(format!("{} is not recorded", pass.name))?.parse()?;
        let messages = count(pass.dump) * TIMES as u64;
        let growth = (all as f64 / before as f64 - 1.0) * 100.0;
        println!(
            "{}: {:.1} instructions a message{}, {growth:+.1} %",
            pass.name,
            all as f64 / messages as f64,
            pass.limit.map_or(String::new(), |limit| format!(", at most {limit}")),
        );
        if pass.limit.is_some_and(|limit| all > limit * messages) {
            println!("  more than the limit");
            well = false;
        }
        if same && growth > 3.0 {
            println!("  3 % more than was recorded; if that has to be, record it anew");
            well = false;
        }
    }
    Ok(no_allocation()? && well)
}

/// Writes the record.
fn record() -> Result<()> {
    let mut text = format!(
        "# Instructions of {TIMES} passes, counted by valgrind; benches/instructions.rs writes and \
         compares this.\n{}\n",
        rustc()?
    );
    for pass in PASSES.iter().filter(|pass| pass.run.is_some()) {
        text += &format!("{}: {}\n", pass.name, pass.instructions()?);
    }
    Ok(fs::write(recorded(), text)?)
}

fn recorded() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/recorded.txt").into()
}

fn rustc() -> Result<String> {
    let version = Command::new(env::var("RUSTC").unwrap_or("rustc".into())).arg("-V").output()?;
    Ok(String::from_utf8(version.stdout)?.trim().to_owned())
}

impl Pass {
    /// All instructions of the pass.
    fn instructions(&self) -> Result<u64> {
        let this = env::current_exe()?;
        let report = valgrind(
            Command::new("valgrind")
                .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
                .arg(format!("--toggle-collect={}", self.function))
                .arg(this)
                .args(["pass", self.name]),
        )?;
        number(&report, "Collected :").ok_or_else(|| format!("{}: {report}", self.name).into())
    }
}

/// Dumps the routes of the running kernel, and reads all of each.
fn dump() -> Result<()> {
    let mut sum = 0u64;
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let mut routes = socket.request(netlink_benches::floor::request(&mut [0; 64]))?;
    while let Some(message) = routes.recv()? {
        sum = sum.wrapping_add(loops::route(message));
    }
    black_box(sum);
    Ok(())
}

/// Whether a dump of many routes asks for memory as often as one of few: by the library, and by the
/// command that prints it.
fn no_allocation() -> Result<bool> {
    const FEW: u32 = 1000;
    const MANY: u32 = 5000;
    let this = env::current_exe()?.to_string_lossy().into_owned();
    let command = netlink_dump()?;
    // A thread that reads ahead waits as often as chance has it, and std's channels may allocate then.
    let chance = u64::from(MANY - FEW) / 100;
    let programs: [(&str, u64, &[&str]); 3] = [
        ("netlink-sys", 0, &[&this, "dump"]),
        ("netlink-dump route", chance, &[&command, "-4", "route"]),
        ("netlink-dump -j route", chance, &[&command, "-4", "-j", "route"]),
    ];
    namespace::enter()?;
    namespace::routes(FEW)?;
    let few: Vec<u64> =
        programs.iter().map(|(_, _, words)| allocations(words)).collect::<Result<_>>()?;
    namespace::enter()?;
    namespace::routes(MANY)?;
    let mut well = true;
    for ((name, chance, words), few) in programs.iter().zip(few) {
        let many = allocations(words)?;
        println!("{name}: {few} allocations for {FEW} routes, {many} for {MANY}");
        well &= many.abs_diff(few) <= *chance;
    }
    Ok(well)
}

/// Builds the command, and tells where it is. Optimised, it would ask for memory as often.
fn netlink_dump() -> Result<String> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let built = Command::new(env::var("CARGO").unwrap_or("cargo".into()))
        .args(["build", "-q", "-p", "netlink-dump"])
        .current_dir(&root)
        .status()?;
    if !built.success() {
        return Err("netlink-dump cannot be built".into());
    }
    let target = env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    Ok(target.join("debug/netlink-dump").canonicalize()?.to_string_lossy().into_owned())
}
