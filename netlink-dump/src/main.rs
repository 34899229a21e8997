//! Prints the kernel's networking tables, as text or JSON.
#![forbid(unsafe_code)]

mod annotate;
mod args;
mod failure;
mod json;
mod names;
mod object;
mod out;
mod selector;
mod text;

use std::{fs::File, io, os::fd::AsFd, process::ExitCode};

use crate::{
    args::Args,
    failure::Failure,
    out::{Format, Out},
};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.message.is_empty() {
                eprintln!("{}", failure.message.trim_end());
            }
            ExitCode::from(failure.code)
        }
    }
}

fn run() -> Result<(), Failure> {
    let args = Args::parse_ip(std::env::args_os())?;
    let format = Format { json: args.json, pretty: args.pretty, oneline: args.oneline };
    // Rows are collected in pieces already: the standard library's buffer would only cut them up.
    let stdout = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    object::run(args, Out::new(stdout, format))
}
