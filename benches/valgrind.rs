//! What valgrind counts.

use std::{ffi::OsStr, process::Command};

use crate::Result;

/// How often a program asks for memory.
///
/// # Errors
///
/// There is no valgrind, or the program fails.
pub fn allocations<S: AsRef<OsStr>>(words: &[S]) -> Result<u64> {
    // Also in a program that is linked with its allocator.
    let options = ["--tool=memcheck", "--undef-value-errors=no", "--soname-synonyms=somalloc=NONE"];
    let report = valgrind(Command::new("valgrind").args(options).args(words))?;
    number(&report, "total heap usage:").ok_or_else(|| report.into())
}

/// What valgrind reports of a program.
///
/// # Errors
///
/// There is no valgrind, or the program fails.
pub fn valgrind(command: &mut Command) -> Result<String> {
    let output = command.output().map_err(|error| format!("valgrind: {error}"))?;
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(report) } else { Err(report.into()) }
}

/// The number after these words, which may have commas.
pub fn number(report: &str, words: &str) -> Option<u64> {
    let (_, rest) = report.lines().find_map(|line| line.split_once(words))?;
    let digits: String = rest.split_whitespace().next()?.split(',').collect();
    digits.parse().ok().filter(|number| *number > 0)
}
