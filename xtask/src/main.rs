//! `cargo xtask`: what the project does beside building.

mod agent;
mod capture;
mod debian;
mod facts;
mod foreign;
mod fuzz;
mod kernel;
mod kernel_test;
mod qemu;
mod s390x;
mod scenario;
mod seeds;
mod shape;
mod temp;
mod uml;

use std::{env, process::ExitCode};

type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

const USAGE: &str = "\
cargo xtask capture [KERNEL|SCENARIO]...  records what throw-away kernels say, into netlink-wire/tests/data
cargo xtask kernel-test [KERNEL]... runs the live tests in throw-away kernels; `user-mode` or `emulated` ones
cargo xtask foreign-test TARGET     runs the tests of netlink-wire on an emulated machine
cargo xtask ip                      prints where an `ip` of iproute2 7 is, to compare with
cargo xtask facts                   extracts what the newest UAPI headers say, for tests/complete.rs
cargo xtask seeds                   makes the fuzzers' seeds and dictionary from the captures
cargo xtask fuzz-build              builds the fuzz targets without a sanitizer, and prints where they are
cargo xtask fuzz-check              plants bugs, and checks that fuzzing finds them
cargo xtask shapes                  counts the captured messages that differ in their attributes
";

fn main() -> ExitCode {
    let args: Vec<_> = env::args().skip(1).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let result = match *args {
        ["capture", ref scenarios @ ..] => capture::run_all(scenarios),
        ["kernel-test", ref kernels @ ..] => kernel_test::run(kernels),
        ["foreign-test", target] => foreign::test(target),
        ["ip"] => uml::Uml::of("forky").map(|uml| println!("{}", uml.ip().display())),
        ["facts"] => facts::extract(),
        ["seeds"] => fuzz::seeds(),
        ["fuzz-build"] => fuzz::build().map(|programs| {
            programs.iter().for_each(|program| println!("{}", program.display()));
        }),
        ["fuzz-check"] => fuzz::check(),
        ["shapes"] => capture::shapes(),
        // In the throw-away kernel.
        ["agent", scenario, old, new] => agent::run(scenario, old, new),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
