//! Datagrams in files of many kinds: packet captures, raw bytes, dumps in hex,
//! the strings of strace. The bytes tell which kind it is.

use std::{io::Cursor, str};

use netlink_wire::Header;
use pcap_parser::{Block, Linktype, PcapBlockOwned, PcapError, create_reader};

/// A datagram, and the protocol that it is of if the file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Datagram {
    pub(crate) protocol: Option<u16>,
    pub(crate) bytes: Vec<u8>,
}

impl Datagram {
    fn new(bytes: Vec<u8>) -> Self {
        Self { protocol: None, bytes }
    }
}

/// Hands on the datagrams in a file one by one. What is wrong with the file
/// itself, if anything, comes back as text.
pub(crate) fn read<E: From<String>>(
    file: &[u8],
    mut each: impl FnMut(Datagram) -> Result<(), E>,
) -> Result<(), E> {
    if is_capture(file) {
        return packets(file, each);
    }
    let text = str::from_utf8(file).ok().filter(|text| !text.contains('\0'));
    let Some(text) = text else {
        return each(Datagram::new(file.to_vec()));
    };
    let found =
        if text.contains("\\x") || text.contains("\\0") { strings(text) } else { dumps(text) };
    if found.is_empty() {
        return Err(E::from("neither a packet capture, nor hex, nor strings of strace".into()));
    }
    found.into_iter().map(Datagram::new).try_for_each(each)
}

// Packet captures.

/// `LINKTYPE_NETLINK`: packets start with a header like that of "cooked" captures.
const NETLINK: Linktype = Linktype(253);
/// Its length, in bytes; the last two are the protocol.
const COOKED: usize = 16;

fn is_capture(file: &[u8]) -> bool {
    matches!(
        file.first_chunk(),
        Some(
            [0x0a, 0x0d, 0x0d, 0x0a]
                | [0xd4, 0xc3, 0xb2, 0xa1]
                | [0xa1, 0xb2, 0xc3, 0xd4]
                | [0x4d, 0x3c, 0xb2, 0xa1]
                | [0xa1, 0xb2, 0x3c, 0x4d]
        )
    )
}

fn packets<E: From<String>>(
    file: &[u8],
    mut each: impl FnMut(Datagram) -> Result<(), E>,
) -> Result<(), E> {
    let fail = |error: PcapError<&[u8]>| E::from(format!("not a whole packet capture: {error:?}"));
    let mut reader = create_reader(1 << 16, Cursor::new(file)).map_err(fail)?;
    let mut linktypes = Vec::new();
    loop {
        let (len, packet) = match reader.next() {
            Ok((len, block)) => {
                let packet = match &block {
                    PcapBlockOwned::LegacyHeader(header) => {
                        linktypes.push(header.network);
                        None
                    }
                    PcapBlockOwned::NG(Block::SectionHeader(_)) => {
                        linktypes.clear();
                        None
                    }
                    PcapBlockOwned::NG(Block::InterfaceDescription(interface)) => {
                        linktypes.push(interface.linktype);
                        None
                    }
                    PcapBlockOwned::Legacy(packet) => Some((0, packet.data.to_vec())),
                    PcapBlockOwned::NG(Block::EnhancedPacket(packet)) => {
                        let data = packet.data.get(..packet.caplen as usize);
                        Some((packet.if_id as usize, data.unwrap_or(packet.data).to_vec()))
                    }
                    PcapBlockOwned::NG(Block::SimplePacket(packet)) => {
                        let data = packet.data.get(..packet.origlen as usize);
                        Some((0, data.unwrap_or(packet.data).to_vec()))
                    }
                    PcapBlockOwned::NG(_) => None,
                };
                (len, packet)
            }
            Err(PcapError::Eof) => return Ok(()),
            Err(PcapError::Incomplete(_)) => {
                reader.refill().map_err(fail)?;
                continue;
            }
            Err(PcapError::BufferTooSmall) => {
                let grown = reader.grow(2 * reader.data().len().max(1 << 16));
                if !grown {
                    return Err(fail(PcapError::BufferTooSmall));
                }
                reader.refill().map_err(fail)?;
                continue;
            }
            Err(error) => return Err(E::from(format!("not a whole packet capture: {error:?}"))),
        };
        reader.consume(len);
        if let Some((interface, bytes)) = packet {
            match linktypes.get(interface) {
                Some(&NETLINK) => each(cooked(bytes))?,
                Some(other) => {
                    return Err(E::from(format!("packets of link type {other}, not of netlink")));
                }
                None => {
                    return Err(E::from("a packet of an interface that is not described".into()));
                }
            }
        }
    }
}

fn cooked(mut packet: Vec<u8>) -> Datagram {
    let protocol = match packet.get(COOKED - 2..COOKED) {
        Some(&[high, low]) => Some(u16::from_be_bytes([high, low])),
        _ => None,
    };
    packet.drain(..COOKED.min(packet.len()));
    Datagram { protocol, bytes: packet }
}

// Text.

/// The quoted strings that hold a header at least, with C's escapes.
fn strings(text: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut rest = text.as_bytes();
    while let Some(start) = rest.iter().position(|&byte| byte == b'"') {
        let (bytes, after) = string(&rest[start + 1..]);
        rest = after;
        if bytes.len() >= size_of::<Header>() {
            found.push(bytes);
        }
    }
    found
}

/// One string up to its closing quote, and what follows.
fn string(mut rest: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut bytes = Vec::new();
    loop {
        match rest {
            [] => return (bytes, rest),
            [b'"', after @ ..] => return (bytes, after),
            [b'\\', b'x', after @ ..] => {
                let len = after.iter().take(2).take_while(|b| b.is_ascii_hexdigit()).count();
                bytes.push(number(&after[..len], 16));
                rest = &after[len..];
            }
            [b'\\', after @ ..] => {
                let len = after.iter().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
                if len > 0 {
                    bytes.push(number(&after[..len], 8));
                    rest = &after[len..];
                    continue;
                }
                let Some((escaped, after)) = after.split_first() else { return (bytes, after) };
                bytes.push(match escaped {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    b'v' => 0x0b,
                    b'f' => 0x0c,
                    b'a' => 0x07,
                    b'b' => 0x08,
                    other => *other,
                });
                rest = after;
            }
            [byte, after @ ..] => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
}

/// A byte from its digits; those of `\777` do not fit one, and are cut off.
fn number(digits: &[u8], radix: u32) -> u8 {
    let text = str::from_utf8(digits).unwrap_or_default();
    u32::from_str_radix(text, radix).unwrap_or_default() as u8
}

/// Dumps in hex, as xxd, hexdump, od and tcpdump lay them out, and plain. A line
/// without hex, or an offset of 0, starts a new datagram.
fn dumps(text: &str) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = vec![Vec::new()];
    for line in text.lines() {
        let so_far = found.last().map_or(0, Vec::len);
        match hex_line(line, so_far) {
            Some((starts, bytes)) => {
                if starts && so_far > 0 {
                    found.push(bytes);
                } else if let Some(last) = found.last_mut() {
                    last.extend(bytes);
                }
            }
            None if so_far > 0 => found.push(Vec::new()),
            None => {}
        }
    }
    found.retain(|bytes| !bytes.is_empty());
    found
}

/// The bytes of one line, and whether its offset says that a datagram starts.
fn hex_line(line: &str, so_far: usize) -> Option<(bool, Vec<u8>)> {
    // What hexdump shows as text stands behind a bar.
    let line = line.split('|').next()?.trim();
    // Where the datagram ends: an offset alone.
    if line.len() >= 6 && so_far > 0 && offsets(line).any(|offset| offset == so_far) {
        return None;
    }
    let (offset, colon, data) = match line.split_once(char::is_whitespace) {
        Some((first, rest)) if first.ends_with(':') => {
            (hex(first.trim_end_matches(':')), true, rest)
        }
        // Without a colon it may as well be data, unless it is right.
        Some((first, rest)) if first.len() >= 6 => {
            let right = |offset: &usize| *offset == so_far || *offset == 0;
            match offsets(first).find(right) {
                Some(offset) => (Some(offset), false, rest),
                None => (None, false, line),
            }
        }
        _ => (None, false, line),
    };
    // What xxd and tcpdump show as text stands behind two blanks.
    let data = if colon { data.trim_start().split("  ").next()? } else { data };
    let blank = |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '-' | '{' | '}' | ';');
    let words: Vec<&str> = data
        .split(blank)
        .filter(|word| !word.is_empty())
        .map(|word| word.strip_prefix("0x").unwrap_or(word))
        .collect();
    let is_hex = |word: &&str| word.len() % 2 == 0 && word.bytes().all(|b| b.is_ascii_hexdigit());
    if words.is_empty() || !words.iter().all(is_hex) {
        return None;
    }
    // hexdump without options shows numbers of two bytes, in the machine's order.
    let swapped = offset.is_some() && !colon && words.iter().all(|word| word.len() == 4);
    let mut bytes = Vec::new();
    for word in words {
        let start = bytes.len();
        bytes.extend(word.as_bytes().chunks(2).map(|digits| number(digits, 16)));
        if swapped && cfg!(target_endian = "little") {
            bytes[start..].reverse();
        }
    }
    Some((offset == Some(0), bytes))
}

fn hex(digits: &str) -> Option<usize> {
    usize::from_str_radix(digits.strip_prefix("0x").unwrap_or(digits), 16).ok()
}

/// What digits are as an offset: od has them in octal.
fn offsets(digits: &str) -> impl Iterator<Item = usize> {
    [hex(digits), usize::from_str_radix(digits, 8).ok()].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request, and the end of a dump.
    const DATAGRAMS: [&[u8]; 2] = [
        b"\x24\0\0\0\x1a\0\x01\x03\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\x08\0\x0f\0\xfe\0\0\0",
        b"\x14\0\0\0\x03\0\x02\0\x01\0\0\0\x7c\x22\x0a\0\0\0\0\0",
    ];

    fn found(file: &[u8]) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        read(file, |datagram| {
            found.push(datagram.bytes);
            Ok::<_, String>(())
        })
        .unwrap();
        found
    }

    #[test]
    fn hex_in_the_layouts_of_other_tools() {
        for layout in [
            // xxd
            "00000000: 2400 0000 1a00 0103 0100 0000 0000 0000  $...............\n\
             00000010: 0200 0000 0000 0000 0000 0000 0800 0f00  ................\n\
             00000020: fe00 0000                                ....\n\
             00000000: 1400 0000 0300 0200 0100 0000 7c22 0a00  ............|\"..\n\
             00000010: 0000 0000                                ....\n",
            // hexdump -C
            "00000000  24 00 00 00 1a 00 01 03  01 00 00 00 00 00 00 00  |$...............|\n\
             00000010  02 00 00 00 00 00 00 00  00 00 00 00 08 00 0f 00  |................|\n\
             00000020  fe 00 00 00                                       |....|\n\
             00000024\n\
             00000000  14 00 00 00 03 00 02 00  01 00 00 00 7c 22 0a 00  |............|\"..|\n\
             00000010  00 00 00 00                                       |....|\n\
             00000014\n",
            // od -An -tx1, with a blank line between
            " 24 00 00 00 1a 00 01 03 01 00 00 00 00 00 00 00\n\
             \u{20}02 00 00 00 00 00 00 00 00 00 00 00 08 00 0f 00\n\
             \u{20}fe 00 00 00\n\n\
             \u{20}14 00 00 00 03 00 02 00 01 00 00 00 7c 22 0a 00\n 00 00 00 00\n",
            // od -tx1: offsets are octal
            "0000000 24 00 00 00 1a 00 01 03 01 00 00 00 00 00 00 00\n\
             0000020 02 00 00 00 00 00 00 00 00 00 00 00 08 00 0f 00\n\
             0000040 fe 00 00 00\n0000044\n\
             0000000 14 00 00 00 03 00 02 00 01 00 00 00 7c 22 0a 00\n\
             0000020 00 00 00 00\n0000024\n",
            // tcpdump -x, after its summary
            "12:00:00.000000 netlink\n\t0x0000:  2400 0000 1a00 0103 0100 0000 0000 0000\n\
             \t0x0010:  0200 0000 0000 0000 0000 0000 0800 0f00\n\t0x0020:  fe00 0000\n\
             12:00:00.000001 netlink\n\t0x0000:  1400 0000 0300 0200 0100 0000 7c22 0a00\n\
             \t0x0010:  0000 0000\n",
            // Plain, C, and with colons.
            "240000001a00010301000000000000000200000000000000000000000800 0f00fe000000\n\n\
             0x14, 0x00, 0x00, 0x00, 0x03, 0x00, 0x02, 0x00, 0x01,0x00,0x00,0x00,\n\
             7c:22:0a:00:00:00:00:00\n",
        ] {
            assert_eq!(found(layout.as_bytes()), DATAGRAMS, "{layout}");
        }
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn hexdump_shows_numbers() {
        let layout =
            "0000000 0014 0000 0003 0002 0001 0000 227c 000a\n0000010 0000 0000\n0000014\n";
        assert_eq!(found(layout.as_bytes()), DATAGRAMS[1..]);
    }

    #[test]
    fn strings_of_strace() {
        let line = concat!(
            r#"sendto(3, "\x24\x00\x00\x00\x1a\x00\x01\x03\x01\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00"#,
            r#"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00\x0f\x00\xfe\x00\x00\x00", 36, 0, NULL, 0) = 36"#,
            "\n",
            r#"recvmsg(3, {msg_iov=[{iov_base="\24\0\0\0\3\0\2\0\1\0\0\0|\"\n\0\0\0\0\0", iov_len=9}]})"#,
        );
        assert_eq!(found(line.as_bytes()), DATAGRAMS);
    }

    #[test]
    fn packets_and_raw_bytes() {
        let mut pcap =
            b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\xfd\0\0\0".to_vec();
        for datagram in DATAGRAMS {
            let len = (datagram.len() as u32 + 16).to_le_bytes();
            pcap.extend([[0; 4], [0; 4], len, len].concat());
            pcap.extend(b"\0\x04\x03\x38\0\0\0\0\0\0\0\0\0\0\0\x10");
            pcap.extend(datagram);
        }
        let mut protocols = Vec::new();
        let read = read(&pcap, |datagram| {
            protocols.push(datagram.protocol);
            Ok::<_, String>(())
        });
        assert_eq!((read, protocols), (Ok(()), vec![Some(16); 2]));
        assert_eq!(found(&pcap), DATAGRAMS);
        assert_eq!(found(DATAGRAMS[0]), DATAGRAMS[..1]);
        pcap.truncate(pcap.len() - 1);
        let error = super::read(&pcap, |_| Ok::<_, String>(())).unwrap_err();
        assert!(error.contains("not a whole packet capture"), "{error}");
    }
}
