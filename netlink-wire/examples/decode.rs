//! Decodes a datagram of `NETLINK_ROUTE` in hexadecimal: `cargo run --example decode 1c00..`.
//! Without an argument, one that a kernel sent: a rule.

use std::io::Write;

use netlink_wire::{
    Messages,
    walk::{Content, Walk},
};

/// `ip rule add pref 95 l3mdev`, as a little-endian machine sends it.
const RULE: &str =
    "2c000000200005062ff1046b00000000 020000000000000100000000 080006005f000000 0500130001000000";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hex = std::env::args().nth(1).unwrap_or(RULE.into());
    decode(&bytes(&hex)?, &mut std::io::stdout())
}

/// Prints each message of a datagram, and each attribute by its name.
pub(crate) fn decode(
    datagram: &[u8],
    out: &mut impl Write,
) -> Result<(), Box<dyn std::error::Error>> {
    for message in Messages::new(datagram) {
        let message = message?;
        writeln!(out, "{:?}", message.header)?;
        attributes(Walk::rtnl(message), 1, out)?;
    }
    Ok(())
}

fn attributes(
    walk: Walk<'_>,
    depth: usize,
    out: &mut impl Write,
) -> Result<(), Box<dyn std::error::Error>> {
    for entry in walk {
        let entry = entry?;
        let (indent, name) = ("  ".repeat(depth), entry.name().unwrap_or("unknown"));
        match entry.content() {
            Content::Value(value) => writeln!(out, "{indent}{name}: {value}")?,
            Content::Attrs(walk) | Content::Headed(_, walk) => {
                writeln!(out, "{indent}{name}:")?;
                attributes(walk, depth + 1, out)?;
            }
            Content::Records(records) => {
                writeln!(out, "{indent}{name}:")?;
                for record in records {
                    attributes(record?.attrs, depth + 1, out)?;
                }
            }
        }
    }
    Ok(())
}

/// The bytes of hexadecimal text; blanks mean nothing.
pub(crate) fn bytes(hex: &str) -> Result<Vec<u8>, std::num::ParseIntError> {
    let digits: Vec<_> = hex.chars().filter(|c| !c.is_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(&String::from_iter(pair), 16)).collect()
}
