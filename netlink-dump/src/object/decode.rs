//! What is in a file of netlink messages, byte by byte.

use std::{
    fs,
    io::{self, Read},
};

use super::Context;
use crate::{
    annotate::{self, Protocol},
    datagrams,
    failure::Failure,
    help::Help,
    out::Out,
    selector::Words,
};

pub(super) const HELP: Help = Help {
    about: "netlink messages in a file, byte by byte",
    usage: &["[-json] decode [FILE|-]"],
    words: &[("[-] FILE", "the file; without one, or with -, it is standard input")],
    notes: "\
What the file is shows by itself: a capture of nlmon (pcap or pcapng), the bytes of datagrams, a dump
in hex as xxd, hexdump, od, tcpdump, Wireshark and others lay it out, an array of a program, or
strings of strace with \\x or octal escapes. Only captures tell the protocol; all else is taken to be
of NETLINK_ROUTE, and all messages to be in the byte order of this machine.
",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let file = words.next();
    if file.as_ref().is_some_and(|file| file.is("help")) {
        return Err(Failure::usage(&HELP));
    }
    if let Some(word) = words.next() {
        return Err(word.garbage("decode"));
    }
    let name = file.as_ref().map_or("-".into(), |file| file.to_string());
    let mut bytes = Vec::new();
    let read = match &file {
        Some(file) if file.as_bytes() != b"-" => fs::read(file.to_path()).map(|read| bytes = read),
        _ => io::stdin().read_to_end(&mut bytes).map(|_| ()),
    };
    read.map_err(|error| Failure::new(1, format_args!("Cannot read \"{name}\": {error}")))?;
    context.list(|context| write(&mut context.out, &name, &bytes))
}

/// Writes the datagrams of a file, which has this name.
pub(crate) fn write(out: &mut Out, name: &str, file: &[u8]) -> Result<(), Failure> {
    let mut number = 0usize;
    let result = datagrams::read(file, |datagram| {
        number += 1;
        let protocol = Protocol(datagram.protocol.unwrap_or(Protocol::ROUTE.0));
        out.row(|out| {
            out.num("datagram", ["datagram ", ", "], number);
            out.num("bytes", ["", " bytes"], datagram.bytes.len());
            out.num("protocol", [" of protocol ", ""], protocol.0);
            if let Some(word) = protocol.word() {
                out.word("protocol_name", [" NETLINK_", ""], word);
            }
            out.text("\n");
            annotate::datagram(out, &datagram.bytes, protocol);
        })?;
        Ok::<_, Stop>(())
    });
    match result {
        Ok(()) => Ok(()),
        Err(Stop::Output(error)) => Err(error.into()),
        Err(Stop::File(why)) => {
            Err(Failure::new(1, format_args!("\"{name}\" after {number} datagrams: {why}")))
        }
    }
}

/// Why a file was not read to its end.
enum Stop {
    Output(io::Error),
    File(String),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<String> for Stop {
    fn from(why: String) -> Self {
        Self::File(why)
    }
}
