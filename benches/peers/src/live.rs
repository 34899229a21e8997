//! The table of the dumps: time and memory of whole programs that dump the running kernel's routes.

use std::{
    env,
    fs::{self, File},
    io::{Read, Write},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use netlink_benches::{namespace, netlink_dump};
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
}

/// What one run of it took.
#[derive(Clone, Copy)]
struct Run {
    wall: Duration,
    user: Duration,
    system: Duration,
}

/// Dumps of routes, with the floor to compare with.
pub(crate) fn routes(routes: u32, rounds: u32) -> Result<()> {
    let netlink_dump = netlink_dump()?;
    namespace::enter()?;
    namespace::routes(routes)?;
    let mut programs = Vec::new();
    for (name, _) in dump::ALL {
        let command = [&this()?, "one", name].map(str::to_owned).to_vec();
        programs.push(Program { name: name.to_owned(), command, to: To::Null });
    }
    for to in [To::Null, To::File, To::Pipe] {
        for words in ["-4 route", "-4 -j route"] {
            programs.push(Program::new("netlink-dump", &netlink_dump, words, to));
            programs.push(Program::new("ip", "ip", words, to));
        }
    }
    same_values()?;
    same_output(&netlink_dump, "-4 route")?;
    table(&format!("a dump of {routes} routes"), &programs, rounds)
}

/// Lists that name links and have much to say of each, beside those of `ip`.
pub(crate) fn others(rounds: u32) -> Result<()> {
    const LINKS: u32 = 2000;
    const NEIGHS: u32 = 50_000;
    let netlink_dump = netlink_dump()?;
    namespace::enter()?;
    namespace::links(LINKS)?;
    namespace::neighs(NEIGHS)?;
    for (what, words) in [
        (format!("{LINKS} links in all detail"), "-d -s link"),
        (format!("{LINKS} links with their addresses"), "addr"),
        (format!("{NEIGHS} neighbours"), "neigh"),
    ] {
        let programs = [
            Program::new("ip", "ip", words, To::Null),
            Program::new("netlink-dump", &netlink_dump, words, To::Null),
        ];
        table(&what, &programs, rounds)?;
    }
    Ok(())
}

/// Measures programs, which alternate, and prints a table. The first is what all are compared with.
fn table(title: &str, programs: &[Program], rounds: u32) -> Result<()> {
    let mut runs: Vec<Vec<Run>> = programs.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (program, runs) in programs.iter().zip(&mut runs) {
            runs.push(run(program)?);
        }
    }
    println!("\n| {title} | wall s | user s | system s | x the first | peak MiB |");
    println!("|---|---:|---:|---:|---:|---:|");
    for (program, theirs) in programs.iter().zip(&runs) {
        let seconds =
            |of: fn(&Run) -> Duration| median(theirs.iter().map(|run| of(run).as_secs_f64()));
        let ratios = theirs.iter().zip(&runs[0]);
        let ratio =
            median(ratios.map(|(run, first)| run.wall.as_secs_f64() / first.wall.as_secs_f64()));
        println!(
            "| {} | {:.3} | {:.3} | {:.3} | {ratio:.2} | {:.1} |",
            program.name,
            seconds(|run| run.wall),
            seconds(|run| run.user),
            seconds(|run| run.system),
            peak(program)? as f64 / 1048576.0,
        );
    }
    Ok(())
}

impl Program {
    /// A command of a person.
    fn new(name: &str, program: &str, words: &str, to: To) -> Self {
        let place = match to {
            To::Null => "/dev/null",
            To::Pipe => "a pipe",
            To::File => "a file",
        };
        let command = std::iter::once(program).chain(words.split(' ')).map(str::to_owned);
        Self { name: format!("`{name} {words}` into {place}"), command: command.collect(), to }
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

/// .. and the commands print the same.
fn same_output(netlink_dump: &str, words: &str) -> Result<()> {
    let text = |program: &str| -> Result<Vec<u8>> {
        Ok(Command::new(program).args(words.split(' ')).output()?.stdout)
    };
    match text(netlink_dump)? == text("ip")? {
        true => Ok(()),
        false => Err(format!("netlink-dump {words} prints something else than ip").into()),
    }
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
