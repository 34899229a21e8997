//! Prints the kernel's networking tables, as text or JSON.
//!
//! The command is all there is to use: this library is for its own tests.
#![forbid(unsafe_code)]

mod annotate;
mod args;
mod batch;
mod datagrams;
mod failure;
mod help;
mod json;
mod names;
mod object;
mod out;
mod palette;
mod progress;
mod selector;
mod text;

use std::{
    ffi::OsStr,
    fs::File,
    io,
    os::{fd::AsFd, unix::ffi::OsStrExt},
    path::Path,
    process::ExitCode,
};

use netlink_sys::Errno;
use nix::sched::{CloneFlags, setns};

use crate::{
    args::Args,
    failure::Failure,
    object::completions,
    out::{Format, Out},
    palette::Palette,
};

/// Runs the command line of this process. It blocks until all is printed.
pub fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(failure.tell()),
    }
}

/// What `decode` writes of a file, as text or as JSON; for fuzzing.
#[doc(hidden)]
pub fn decode(file: &[u8], json: bool) -> Vec<u8> {
    let mut out = Out::in_memory(Format { json, ..Format::default() });
    out.begin();
    // That the file is broken is told after what was read of it.
    let _ = object::decode::write(&mut out, "file", file);
    let _ = out.end();
    out.into_bytes()
}

fn run() -> Result<(), Failure> {
    if completions::answer()? {
        return Ok(());
    }
    let args = Args::parse_ip(std::env::args_os())?;
    if let Some(netns) = &args.netns {
        enter(netns)?;
    }
    let format = Format {
        json: args.json,
        pretty: args.pretty,
        oneline: args.oneline,
        palette: Palette::new(args.color),
    };
    let run = |args: Args| {
        // Rows are collected in pieces already: the standard library's buffer would only cut them
        // up.
        let stdout = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        object::run(args, Out::new(stdout, format))
    };
    match &args.batch {
        Some(file) => batch::run(Path::new(file), args.force, |words| {
            let mut args = args.clone();
            args.words = words;
            run(args)
        }),
        None => run(args),
    }
}

/// Enters the network namespace that has this name or path. What is opened
/// from then on is in it.
fn enter(netns: &OsStr) -> Result<(), Failure> {
    // A path is one that has a slash: then it replaces the folder.
    let path = match netns.as_bytes().contains(&b'/') {
        true => netns.into(),
        false => Path::new("/run/netns").join(netns),
    };
    let netns = netns.to_string_lossy();
    let file = File::open(path).map_err(|error| {
        // Without the number that the standard library adds.
        let why = Errno(error.raw_os_error().unwrap_or_default()).desc();
        let message = format!("Cannot open network namespace \"{netns}\": {why}");
        Failure::new(Failure::USAGE, message)
    })?;
    setns(file, CloneFlags::CLONE_NEWNET).map_err(|errno| {
        let message = format!("setting the network namespace \"{netns}\" failed: {}", errno.desc());
        Failure::new(Failure::USAGE, message)
    })
}
