//! Prints the kernel's networking tables, as text or JSON.

#![forbid(unsafe_code)]

mod names;
mod row;
mod table;

use std::{error::Error, io, process::ExitCode};

use netlink_sys::{Protocol, Socket};

use crate::{row::Rows, table::Table};

const USAGE: &str = "usage: netlink-dump [-4 | -6] [-j] TABLE";

struct Options {
    family: u8,
    json: bool,
    table: &'static Table,
}

fn main() -> ExitCode {
    let Some(options) = parse_args(std::env::args().skip(1)) else {
        eprintln!("{USAGE}\ntables: {}", table::ALL.map(|t| t.name).join(" "));
        return ExitCode::from(2);
    };
    match dump(&options, &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("netlink-dump: {}: {error}", options.table.name);
            ExitCode::FAILURE
        }
    }
}

fn parse_args(args: impl Iterator<Item = String>) -> Option<Options> {
    let (mut family, mut json, mut table) = (2, false, None);
    for arg in args {
        match arg.as_str() {
            "-4" => family = 2,
            "-6" => family = 10,
            "-j" => json = true,
            name => table = Some(table::ALL.iter().find(|t| t.name == name)?),
        }
    }
    Some(Options { family, json, table: table? })
}

fn dump(options: &Options, out: &mut impl io::Write) -> Result<(), Box<dyn Error>> {
    let mut rows = Rows::new(options.json);
    let mut request = [0; 64];
    let request = (options.table.request)(options.family, &mut request)?;
    let mut socket = Socket::open(Protocol::NetlinkRoute)?;
    let mut replies = socket.request(request)?;
    while let Some(message) = replies.recv()? {
        (options.table.print)(message, &mut rows)?;
        rows.end();
        rows.flush(out, 1 << 16)?;
    }
    rows.close();
    rows.flush(out, 0)?;
    Ok(())
}
