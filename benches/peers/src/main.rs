//! Prints the tables of the README: ourselves beside the others, measured in one run.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml            # all tables
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- routes --routes 100000
//! ```
//!
//! What is measured alternates: each round runs everything once, and ratios are taken within the round.

mod build;
mod events;
mod live;
mod memory;

use std::{
    env,
    process::{Command, ExitCode},
};

use netlink_peers::dump::{self, Result};

use self::live::Setting;

const USAGE: &str = "\
Usage: netlink-peers [ routes | others | events | parse | build ] [ --routes N ] [ --rounds N ]
       netlink-peers one NAME    dump once as NAME does";

fn main() -> ExitCode {
    match run(&env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("netlink-peers: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<()> {
    let number = |option: &str, default: u32| match args.iter().position(|arg| arg == option) {
        None => Ok(default),
        Some(i) => args.get(i + 1).and_then(|n| n.parse().ok()).ok_or(USAGE),
    };
    let (routes, rounds) = (number("--routes", 1_000_000)?, number("--rounds", 5)?);
    match args.first().map(String::as_str) {
        Some("one") => {
            let name = args.get(1).ok_or(USAGE)?;
            let (_, dump) = dump::ALL.iter().find(|(known, _)| known == name).ok_or(USAGE)?;
            println!("{:?}", dump()?);
            Ok(())
        }
        Some("routes") => live::routes(&Setting::new(rounds)?, routes),
        Some("others") => live::others(&Setting::new(rounds)?),
        Some("events") => events::table(),
        Some("parse") => memory::table(),
        Some("build") => build::table(),
        None | Some("--routes" | "--rounds") => {
            let setting = Setting::new(rounds)?;
            versions(&setting)?;
            live::routes(&setting, routes)?;
            live::few_routes(&setting)?;
            live::others(&setting)?;
            events::table()?;
            memory::table()?;
            build::table()
        }
        Some(_) => Err(USAGE.into()),
    }
}

/// What the tables are of.
fn versions(setting: &Setting) -> Result<()> {
    let say = |program: &str, args: &[&str]| -> Result<String> {
        Ok(String::from_utf8(Command::new(program).args(args).output()?.stdout)?.trim().to_owned())
    };
    println!("- Linux {}, {} processors", say("uname", &["-r"])?, say("nproc", &[])?);
    println!("- {}", say(&setting.ip, &["-V"])?);
    println!("- {}", say("rustc", &["-V"])?);
    // `name = "=version"`, or a table with that in it.
    let peers: Vec<String> = include_str!("../Cargo.toml")
        .lines()
        .filter_map(|line| {
            let (name, rest) = line.split_once(" = ")?;
            let version = rest.split_once("\"=")?.1.split('"').next()?;
            let name = rest
                .split_once("package = \"")
                .map_or(name, |(_, rest)| rest.split('"').next().unwrap_or(name));
            Some(format!("{name} {version}"))
        })
        .collect();
    println!("- {}", peers.join(", "));
    Ok(())
}
