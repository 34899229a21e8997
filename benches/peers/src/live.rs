//! The table of the dumps: time and memory of whole programs that dump the running kernel's routes.

use std::{
    env,
    fs::{self, File},
    io::{Read, Write},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use netlink_benches::{namespace, valgrind::allocations};
use netlink_peers::dump::{self, Result};
use wait4::Wait4;

/// Where the output of a program goes.
#[derive(Clone, Copy, PartialEq)]
enum To {
    Null,
    Pipe,
    File,
}

/// A program that is measured.
struct Program {
    name: String,
    command: Vec<String>,
    to: To,
    is_ip: bool,
    is_ours: bool,
}

/// What one run of it took.
#[derive(Clone, Copy)]
struct Run {
    wall: Duration,
    user: Duration,
    system: Duration,
}

/// What all are compared with, and how often.
pub(crate) struct Setting {
    /// The newest `ip` that there is.
    pub(crate) ip: String,
    /// As people install it.
    pub(crate) netlink_dump: String,
    pub(crate) rounds: u32,
}

impl Setting {
    pub(crate) fn new(rounds: u32) -> Result<Self> {
        Ok(Self { ip: ip(), netlink_dump: built("./.ci/package", &[], "package")?, rounds })
    }

    /// Commands of a person: ours, and that of `ip` before it.
    fn both(&self, words: &str, to: To) -> [Program; 2] {
        let ip = Program::new("ip", &self.ip, words, to);
        let ours = Program::new("netlink-dump", &self.netlink_dump, words, to);
        [ip, ours]
    }
}

/// Builds the command with a program, into this folder of `target`, and tells where it is.
fn built(program: &str, args: &[&str], folder: &str) -> Result<String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let mut build = Command::new(program);
    build.args(args).current_dir(root).env_remove("CARGO_TARGET_DIR").stdout(Stdio::null());
    if !build.status()?.success() {
        return Err(format!("{program} does not build netlink-dump").into());
    }
    let command = fs::canonicalize(root)?.join("target").join(folder).join("netlink-dump");
    Ok(command.to_string_lossy().into_owned())
}

/// Dumps of routes, with the floor to compare with.
pub(crate) fn routes(setting: &Setting, routes: u32) -> Result<()> {
    let mut programs = vec![Program::library(dump::ALL[0].0)?, Program::empty()?];
    for (name, _) in &dump::ALL[1..] {
        programs.push(Program::library(name)?);
    }
    for to in [To::Null, To::File, To::Pipe] {
        for words in ["-4 route", "-4 -j route"] {
            programs.extend(setting.both(words, to));
        }
    }
    programs.push(setting.unordered());
    let allocations = allocations_a_route(&programs)?;
    namespace::enter()?;
    namespace::routes(routes)?;
    same_values()?;
    for words in ["-4 route", "-4 -j route"] {
        setting.same_output(words)?;
    }
    let title = format!("a dump of {routes} routes");
    table(&title, &programs, &allocations, setting.rounds)
}

/// The same of fewer routes: memory is that of a large table.
pub(crate) fn few_routes(setting: &Setting) -> Result<()> {
    for routes in [10_000, 100_000] {
        namespace::enter()?;
        namespace::routes(routes)?;
        let mut programs = vec![Program::library(dump::ALL[0].0)?, Program::empty()?];
        programs.push(Program::library(dump::ALL[1].0)?);
        programs.extend(setting.both("-4 route", To::Null));
        programs.push(setting.unordered());
        table(&format!("a dump of {routes} routes"), &programs, &[], 2 * setting.rounds)?;
    }
    Ok(())
}

/// Lists that name links and have much to say of each, beside those of `ip`.
pub(crate) fn others(setting: &Setting) -> Result<()> {
    const LINKS: u32 = 2000;
    const NEIGHS: u32 = 50_000;
    namespace::enter()?;
    namespace::links(LINKS)?;
    namespace::neighs(NEIGHS)?;
    for (what, words) in [
        (format!("{LINKS} links in all detail"), "-d -s link"),
        (format!("{LINKS} links with their addresses"), "addr"),
        (format!("{NEIGHS} neighbours"), "neigh"),
    ] {
        setting.same_output(words)?;
        table(&what, &setting.both(words, To::Null), &[], setting.rounds)?;
    }
    Ok(())
}

/// Measures programs, which alternate, and prints a table. The first is what all are compared with,
/// and ours with the `ip` before it.
fn table(
    title: &str,
    programs: &[Program],
    allocations: &[Option<f64>],
    rounds: u32,
) -> Result<()> {
    let mut runs: Vec<Vec<Run>> = programs.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (program, runs) in programs.iter().zip(&mut runs) {
            runs.push(run(program)?);
        }
    }
    println!(
        "\n| {title} | wall s | user s | system s | x the first | x `ip` | peak MiB | allocations a route |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    for (i, (program, theirs)) in programs.iter().zip(&runs).enumerate() {
        let seconds =
            |of: fn(&Run) -> Duration| median(theirs.iter().map(|run| of(run).as_secs_f64()));
        let ratio = |to: &[Run]| {
            let ratios = theirs.iter().zip(to);
            median(ratios.map(|(run, to)| run.wall.as_secs_f64() / to.wall.as_secs_f64()))
        };
        let ip = programs[..i].iter().rposition(|ip| ip.is_ip && ip.to == program.to);
        let ip = ip.filter(|_| program.is_ours).map(|ip| format!("{:.2}", ratio(&runs[ip])));
        let allocations = allocations.get(i).copied().flatten();
        println!(
            "| {} | {:.3} | {:.3} | {:.3} | {:.2} | {} | {:.1} | {} |",
            program.name,
            seconds(|run| run.wall),
            seconds(|run| run.user),
            seconds(|run| run.system),
            ratio(&runs[0]),
            ip.unwrap_or_default(),
            peak(program)? as f64 / 1048576.0,
            allocations.map_or(String::new(), |each| format!("{each:.1}")),
        );
    }
    Ok(())
}

/// How often each asks for memory to dump one more route, counted in small tables. Where the output
/// goes makes no difference. That of `ip` is not counted: the newest has a C library of its own that
/// valgrind cannot look into. Nor can it look into the packaged command: that is built once more, with
/// shared libraries.
fn allocations_a_route(programs: &[Program]) -> Result<Vec<Option<f64>>> {
    const FEW: u32 = 500;
    const MANY: u32 = 2500;
    let shared = built("cargo", &["build", "--release", "-p", "netlink-dump"], "release")?;
    let count = |routes| -> Result<Vec<Option<u64>>> {
        namespace::enter()?;
        namespace::routes(routes)?;
        let each = programs.iter().map(|program| {
            if program.to != To::Null || program.is_ip {
                return Ok(None);
            }
            let mut command = program.command.clone();
            if program.is_ours {
                command[0].clone_from(&shared);
            }
            allocations(&command).map(Some)
        });
        each.collect()
    };
    let (few, many) = (count(FEW)?, count(MANY)?);
    let each = |(few, many): (Option<u64>, Option<u64>)| {
        Some((many? as f64 - few? as f64) / f64::from(MANY - FEW))
    };
    Ok(few.into_iter().zip(many).map(each).collect())
}

impl Program {
    /// One of the libraries.
    fn library(name: &str) -> Result<Self> {
        let command = [&this()?, "one", name].map(str::to_owned).to_vec();
        let to = To::Null;
        Ok(Self { name: name.to_owned(), command, to, is_ip: false, is_ours: false })
    }

    /// A program that does nothing: what memory any has.
    fn empty() -> Result<Self> {
        let program = env::current_exe()?.with_file_name("list_links_empty");
        let command = vec![program.to_string_lossy().into_owned()];
        let name = "a program that does nothing".to_owned();
        Ok(Self { name, command, to: To::Null, is_ip: false, is_ours: false })
    }

    /// A command of a person.
    fn new(name: &str, program: &str, words: &str, to: To) -> Self {
        let place = match to {
            To::Null => "/dev/null",
            To::Pipe => "a pipe",
            To::File => "a file",
        };
        let command = std::iter::once(program).chain(words.split(' ')).map(str::to_owned);
        Self {
            name: format!("`{name} {words}` into {place}"),
            command: command.collect(),
            to,
            is_ip: name == "ip",
            is_ours: name == "netlink-dump",
        }
    }
}

fn this() -> Result<String> {
    Ok(env::current_exe()?.to_string_lossy().into_owned())
}

/// Nothing was made faster by doing less: the libraries read the same values ..
fn same_values() -> Result<()> {
    let told = |name: &str| -> Result<String> {
        let told = Command::new(env::current_exe()?).args(["one", name]).output()?;
        Ok(String::from_utf8(told.stdout)?)
    };
    let expected = told("netlink-sys")?;
    for (name, _) in &dump::ALL[2..] {
        let theirs = told(name)?;
        if theirs != expected {
            return Err(format!("{name} reads {theirs}, not {expected}").into());
        }
    }
    Ok(())
}

/// The newest `ip` that there is, else that of the machine.
fn ip() -> String {
    let told = Command::new(env::var("CARGO").unwrap_or("cargo".into()))
        .args(["run", "-q", "-p", "xtask", "--", "ip"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output();
    let path = told.ok().filter(|told| told.status.success());
    let path = path.and_then(|told| String::from_utf8(told.stdout).ok());
    path.map_or("ip".into(), |path| path.trim().to_owned())
}

impl Setting {
    /// Routes in any order.
    fn unordered(&self) -> Program {
        Program::new("netlink-dump", &self.netlink_dump, "-4 --unordered route", To::Null)
    }

    /// .. and the commands print the same.
    fn same_output(&self, words: &str) -> Result<()> {
        let text = |program: &str| -> Result<String> {
            let output = Command::new(program).args(words.split(' ')).output()?;
            Ok(without_timers(&String::from_utf8(output.stdout)?))
        };
        // Counters of links that were just made go on for a while.
        for _ in 0..30 {
            if text(&self.netlink_dump)? == text(&self.ip)? {
                return Ok(());
            }
            thread::sleep(Duration::from_secs(1));
        }
        Err(format!("netlink-dump {words} prints something else than ip").into())
    }
}

/// Without the time that is left until a bridge tidies up, which passes while it is compared.
fn without_timers(text: &str) -> String {
    const TIMER: &str = "gc_timer";
    let mut parts = text.split(TIMER);
    let mut rest = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        rest.push_str(TIMER);
        rest.push_str(
            part.trim_start_matches(|c: char| c == ' ' || c == '.' || c.is_ascii_digit()),
        );
    }
    rest
}

fn run(program: &Program) -> Result<Run> {
    let file = env::temp_dir().join(format!("netlink-peers-{}", std::process::id()));
    let out = match program.to {
        To::Null => Stdio::null(),
        To::Pipe => Stdio::piped(),
        To::File => File::create(&file)?.into(),
    };
    let start = Instant::now();
    let mut child =
        Command::new(&program.command[0]).args(&program.command[1..]).stdout(out).spawn()?;
    let reader = child.stdout.take().map(|mut pipe| {
        thread::spawn(move || {
            let mut buf = vec![0; 64 << 10];
            while pipe.read(&mut buf).is_ok_and(|len| len > 0) {}
        })
    });
    let used = child.wait4()?;
    let wall = start.elapsed();
    if let Some(reader) = reader {
        reader.join().map_err(|_| "the reader of the pipe failed")?;
    }
    if program.to == To::File {
        fs::remove_file(&file)?;
    }
    std::io::stdout().flush()?;
    if !used.status.success() {
        return Err(format!("{} failed", program.name).into());
    }
    let rusage = used.rusage;
    Ok(Run { wall, user: rusage.utime, system: rusage.stime })
}

/// The most memory that it had resident, in bytes.
fn peak(program: &Program) -> Result<u64> {
    let told =
        Command::new(env::current_exe()?.with_file_name("peak")).args(&program.command).output()?;
    let bytes = String::from_utf8(told.stdout)?.trim().parse();
    Ok(bytes.map_err(|_| format!("{} failed", program.name))?)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
