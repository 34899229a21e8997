//! Prints the kernel's networking tables, as text or JSON.
#![forbid(unsafe_code)]

mod args;
mod failure;
mod json;
mod names;
mod object;
mod out;
mod text;

use std::{fs::File, io, os::fd::AsFd, process::ExitCode};

use crate::{
    args::Args,
    failure::{Failure, Faults},
    names::Names,
    object::Context,
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
    let names = Names::new(args.numeric);
    // Rows are collected in pieces already: the standard library's buffer would only cut them up.
    let stdout = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let out = Out::new(stdout, format);
    let mut context = Context { args, names, out, faults: Faults::default() };
    object::run(&mut context)?;
    context.faults.end()
}
