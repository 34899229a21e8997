//! Runs a program, and tells how much memory it had resident at most, in bytes.
//!
//! A process starts with the peak of the one that made it, so this one is small.

use std::process::{Command, ExitCode, Stdio};

use wait4::Wait4;

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let program = words.next().unwrap_or_default();
    let child = Command::new(program).args(words).stdout(Stdio::null()).spawn();
    match child.and_then(|mut child| child.wait4()) {
        Ok(used) if used.status.success() => {
            println!("{}", used.rusage.maxrss);
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}
