//! Prints the tables of the README: ourselves beside the others, measured in one run.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml            # all tables
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- routes --routes 100000
//! ```
//!
//! What is measured alternates: each round runs everything once, and ratios are taken within the round.

mod build;
mod live;
mod memory;

use std::{env, process::ExitCode};

use netlink_peers::dump::{self, Result};

const USAGE: &str = "\
Usage: netlink-peers [ routes | others | parse | build ] [ --routes N ] [ --rounds N ]
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
    let (routes, rounds) = (number("--routes", 1_000_000)?, number("--rounds", 7)?);
    match args.first().map(String::as_str) {
        Some("one") => {
            let name = args.get(1).ok_or(USAGE)?;
            let (_, dump) = dump::ALL.iter().find(|(known, _)| known == name).ok_or(USAGE)?;
            println!("{:?}", dump()?);
            Ok(())
        }
        Some("routes") => live::routes(routes, rounds),
        Some("others") => live::others(rounds),
        Some("parse") => memory::table(),
        Some("build") => build::table(),
        None | Some("--routes" | "--rounds") => {
            live::routes(routes, rounds)?;
            live::others(rounds)?;
            memory::table()?;
            build::table()
        }
        Some(_) => Err(USAGE.into()),
    }
}
