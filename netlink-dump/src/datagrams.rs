//! Datagrams in files of many kinds: packet captures, raw bytes, dumps in hex,
//! the strings of strace. The bytes tell which kind it is.

use std::{collections::BTreeMap, io::Cursor, str};

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
    // What is shown as text beside a dump may hold quotes and escapes as well.
    let mut found = if text.contains('\\') { strings(text) } else { Vec::new() };
    let mut is_short = false;
    if found.is_empty() || starts_as_dump(text) {
        (found, is_short) = dumps(text);
    }
    if found.is_empty() {
        return Err(E::from("neither a packet capture, nor hex, nor strings of strace".into()));
    }
    found.into_iter().map(Datagram::new).try_for_each(each)?;
    match is_short {
        true => {
            Err(E::from("lines that a `*` stands for are missing: no offset counts them".into()))
        }
        false => Ok(()),
    }
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
    let mut at = 0usize;
    let fail = |at: usize, error: PcapError<&[u8]>| {
        E::from(format!("not a whole packet capture: {error:?} at byte {at} of it"))
    };
    let mut reader = create_reader(1 << 16, Cursor::new(file)).map_err(|error| fail(0, error))?;
    let mut linktypes = Vec::new();
    // What is not of netlink, and how much.
    let mut others = BTreeMap::<i32, usize>::new();
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
            Err(PcapError::Eof) if others.is_empty() => return Ok(()),
            Err(PcapError::Eof) => {
                let others =
                    others.iter().map(|(link, count)| format!("{count} of link type {link}"));
                let others: Vec<_> = others.collect();
                return Err(E::from(format!(
                    "packets that are not of netlink: {}",
                    others.join(", ")
                )));
            }
            Err(PcapError::Incomplete(_)) => {
                reader.refill().map_err(|error| fail(at, error))?;
                continue;
            }
            Err(PcapError::BufferTooSmall) => {
                let grown = reader.grow(2 * reader.data().len().max(1 << 16));
                if !grown {
                    return Err(fail(at, PcapError::BufferTooSmall));
                }
                reader.refill().map_err(|error| fail(at, error))?;
                continue;
            }
            Err(error) => return Err(fail(at, error)),
        };
        reader.consume(len);
        at += len;
        if let Some((interface, bytes)) = packet {
            match linktypes.get(interface) {
                Some(&NETLINK) => each(cooked(bytes))?,
                Some(&Linktype(other)) => *others.entry(other).or_default() += 1,
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

/// Whether a line is the first one of a dump: one with an offset of 0.
fn starts_as_dump(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim();
        let first = line.split_whitespace().next().unwrap_or_default();
        let row = Row::read(line, first, |offset| offset.at == 0);
        row.and_then(|row| row.offset).is_some_and(|offset| offset.at == 0)
    })
}

/// The strings that hold a header at least, with C's escapes: quoted, or lines of nothing else.
fn strings(text: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let quote = [b'"', b'\''].into_iter().find(|quote| text.as_bytes().contains(quote));
    match quote {
        Some(quote) => {
            let mut rest = text.as_bytes();
            while let Some(start) = rest.iter().position(|&byte| byte == quote) {
                let (bytes, after) = string(&rest[start + 1..], Some(quote));
                rest = after;
                found.push(bytes);
            }
        }
        None => {
            let lines = text.lines().map(str::trim).filter(|line| line.starts_with('\\'));
            found.extend(lines.map(|line| string(line.as_bytes(), None).0));
        }
    }
    found.retain(|bytes| bytes.len() >= size_of::<Header>());
    found
}

/// One string up to its closing quote, if it has one, and what follows.
fn string(mut rest: &[u8], quote: Option<u8>) -> (Vec<u8>, &[u8]) {
    let mut bytes = Vec::new();
    loop {
        match rest {
            [] => return (bytes, rest),
            [byte, after @ ..] if Some(*byte) == quote => return (bytes, after),
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

/// Dumps in hex, as xxd, hexdump, od, tcpdump and Wireshark lay them out, and plain. A line without
/// hex, or an offset of 0, starts a new datagram. Tells as well whether lines are missing.
fn dumps(text: &str) -> (Vec<Vec<u8>>, bool) {
    let mut dumps = Dumps::default();
    text.lines().for_each(|line| dumps.line(line.trim()));
    dumps.end();
    (dumps.found, dumps.is_short)
}

/// Datagrams in hex, while they are read.
#[derive(Default)]
struct Dumps {
    found: Vec<Vec<u8>>,
    /// The one that is being read.
    bytes: Vec<u8>,
    /// The bytes of the last line, and whether it goes on like that: `*`.
    last: Vec<u8>,
    repeats: bool,
    /// What offsets are written in, once one has told.
    radix: Option<u32>,
    /// Whether lines were left out, and nothing told how many.
    is_short: bool,
}

impl Dumps {
    /// A line without blanks around it.
    fn line(&mut self, line: &str) {
        if line == "*" {
            self.repeats = !self.last.is_empty();
            return;
        }
        // Arrays of programs start behind a bracket.
        let array = line.rfind(['{', '[', '(']).map(|at| &line[at + 1..]);
        let line = array.filter(|bytes| bytes.trim_start().starts_with("0x")).unwrap_or(line);
        // What hexdump shows as text stands behind a bar, what od shows behind a bracket.
        let line = line.split('|').next().unwrap_or_default();
        let line = line.split("  >").next().unwrap_or_default().trim_end();
        let first = line.split_whitespace().next().unwrap_or_default();
        if first == line && self.is_end(first) {
            return self.end();
        }
        let Some(row) = Row::read(line, first, |offset| self.is_next(offset)) else {
            return self.end();
        };
        match row.offset {
            Some(Offset { at: 0, .. }) => self.end(),
            Some(Offset { radix, at }) => {
                self.radix = Some(radix);
                self.repeat_up_to(at);
            }
            None => self.is_short |= self.repeats,
        }
        self.bytes.extend_from_slice(&row.bytes);
        self.last = row.bytes;
        self.repeats = false;
    }

    /// Whether this can be the offset of the next line.
    fn is_next(&self, offset: Offset) -> bool {
        let Offset { radix, at } = offset;
        let is_like_others = self.radix.is_none_or(|known| known == radix);
        let repeats = || self.repeats && self.repeated(at).is_some();
        at == 0 || is_like_others && (at == self.bytes.len() || repeats())
    }

    /// How often the last line is repeated up to an offset. Datagrams are not longer than 64 KiB by
    /// much.
    fn repeated(&self, offset: usize) -> Option<usize> {
        let more = offset.checked_sub(self.bytes.len()).filter(|&more| more < 1 << 18)?;
        (!self.last.is_empty() && more % self.last.len() == 0).then(|| more / self.last.len())
    }

    fn repeat_up_to(&mut self, offset: usize) {
        if let Some(times) = self.repeated(offset).filter(|_| self.repeats) {
            let repeated = self.last.repeat(times);
            #[cfg(planted_bug)]
            assert!(!netlink_wire::planted::trips("decode", "lines that repeat", &repeated));
            self.bytes.extend(repeated);
        }
    }

    /// Whether an offset that stands alone is where the datagram ends: the last number may have
    /// been filled up.
    fn is_end(&mut self, first: &str) -> bool {
        if first.len() < 6 || self.bytes.is_empty() {
            return false;
        }
        let radix = self.radix;
        let may_be = |offset: &Offset| radix.is_none_or(|radix| radix == offset.radix);
        let mut ends = offsets(first).filter(may_be).map(|offset| offset.at);
        if self.repeats {
            if let Some(end) = ends.clone().find(|&end| self.repeated(end).is_some()) {
                self.repeat_up_to(end);
            }
        }
        let len = self.bytes.len();
        let end = ends.find(|&end| end <= len && len - end < 4);
        end.inspect(|&end| self.bytes.truncate(end)).is_some()
    }

    fn end(&mut self) {
        if !self.bytes.is_empty() {
            self.found.push(std::mem::take(&mut self.bytes));
        }
        self.last.clear();
        (self.repeats, self.radix) = (false, None);
    }
}

/// One line of a dump.
struct Row {
    offset: Option<Offset>,
    bytes: Vec<u8>,
}

/// Where a line says that it starts, and what the number was read in.
#[derive(Clone, Copy)]
struct Offset {
    radix: u32,
    at: usize,
}

impl Row {
    /// The bytes of a line, if it is one of a dump. `is_next` knows what offset it can have.
    fn read(line: &str, first: &str, is_next: impl Fn(Offset) -> bool) -> Option<Self> {
        let rest = line.strip_prefix(first)?.trim_start();
        let is_pair = |word: &str| word.len() == 2 && is_hex(word);
        let data_is_pairs = rest.split_whitespace().next().is_some_and(is_pair);
        if let Some(digits) = first.strip_suffix(':').filter(|_| !rest.is_empty()) {
            // xxd and tcpdump: numbers are as the bytes lie.
            let bytes = hex_words(column(rest), false)?;
            return Some(Self { offset: offsets(digits).find(|offset| offset.radix == 16), bytes });
        }
        // Without a colon it may as well be data, unless it is right.
        let may_be_offset = first.len() >= 6 || first.len() >= 4 && data_is_pairs;
        let offset = offsets(first).find(|&offset| is_next(offset));
        match offset.filter(|_| may_be_offset && !rest.is_empty()) {
            Some(offset) => {
                let data = column(rest);
                let bytes = octal_words(data).or_else(|| hex_words(data, true))?;
                Some(Self { offset: Some(offset), bytes })
            }
            None => Some(Self { offset: None, bytes: hex_words(line, false)? }),
        }
    }
}

/// The column of bytes of a line: text stands behind two blanks. Two blanks may also set the first
/// eight bytes apart from the others.
fn column(rest: &str) -> &str {
    let Some((left, right)) = rest.split_once("  ") else { return rest };
    let pairs = |text: &str| {
        let mut words = text.split_whitespace();
        words.clone().all(|word| word.len() == 2 && is_hex(word)).then(|| words.by_ref().count())
    };
    let next = right.trim_start_matches(' ').split("  ").next().unwrap_or_default();
    let gap = right.len() - right.trim_start_matches(' ').len();
    match (pairs(left), pairs(next)) {
        (Some(8), Some(1..=8)) if gap == 0 => &rest[..left.len() + 2 + next.len()],
        _ => left,
    }
}

fn is_hex(word: &str) -> bool {
    word.len() % 2 == 0 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Bytes from words in hex. `numbers`: those of more than two digits are numbers in the machine's
/// order, as hexdump and od show them.
fn hex_words(data: &str, numbers: bool) -> Option<Vec<u8>> {
    let blank =
        |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '-' | '{' | '}' | ']' | ')' | ';');
    let words = data.split(blank).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.map(|word| word.strip_prefix("0x").unwrap_or(word)).collect();
    if words.is_empty() || !words.iter().all(|word| is_hex(word)) {
        return None;
    }
    let mut bytes = Vec::new();
    for word in words {
        let start = bytes.len();
        bytes.extend(word.as_bytes().chunks(2).map(|digits| number(digits, 16)));
        if numbers && cfg!(target_endian = "little") {
            bytes[start..].reverse();
        }
    }
    Some(bytes)
}

/// Bytes from numbers in octal, two bytes each, as od shows them unless told otherwise.
fn octal_words(data: &str) -> Option<Vec<u8>> {
    let number = |word: &str| match word.len() {
        6 => u16::from_str_radix(word, 8).ok(),
        _ => None,
    };
    let numbers: Option<Vec<u16>> = data.split_whitespace().map(number).collect();
    Some(numbers?.into_iter().flat_map(u16::to_ne_bytes).collect())
}

/// What digits are as an offset, and in which radix: od has them in octal, or in decimal if it is
/// told to.
fn offsets(digits: &str) -> impl Iterator<Item = Offset> + Clone {
    let digits = digits.strip_prefix("0x").unwrap_or(digits);
    let in_radix =
        move |radix| Some(Offset { radix, at: usize::from_str_radix(digits, radix).ok()? });
    [16, 8, 10].into_iter().filter_map(in_radix)
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

    /// What tshark -x, Wireshark and others show beside the bytes, whatever it looks like.
    #[test]
    fn text_beside_the_bytes() {
        for layout in [
            "0000  24 00 00 00 1a 00 01 03 01 00 00 00 00 00 00 00   $...............\n\
             0010  02 00 00 00 00 00 00 00 00 00 00 00 08 00 0f 00   ................\n\
             0020  fe 00 00 00                                       ab cd\n\n\
             0000  14 00 00 00 03 00 02 00 01 00 00 00 7c 22 0a 00   ............|\"..\n\
             0010  00 00 00 00                                       ....\n",
            // Wireshark's own export has a gap in the middle.
            "0000   24 00 00 00 1a 00 01 03  01 00 00 00 00 00 00 00   aa bb cc dd ee ff 0\n\
             0010   02 00 00 00 00 00 00 00  00 00 00 00 08 00 0f 00   \\x41\\x41\"..........\n\
             0020   fe 00 00 00                                        abcd\n\n\
             0000   14 00 00 00 03 00 02 00  01 00 00 00 7c 22 0a 00   \"......\\x.\"..\n\
             0010   00 00 00 00                                        \\0\\0\n",
            // od -A x -t x1z
            "000000 24 00 00 00 1a 00 01 03 01 00 00 00 00 00 00 00  >$...............<\n\
             000010 02 00 00 00 00 00 00 00 00 00 00 00 08 00 0f 00  >aa bb ..........<\n\
             000020 fe 00 00 00                                      >....<\n000024\n\
             000000 14 00 00 00 03 00 02 00 01 00 00 00 7c 22 0a 00  >............|\"..<\n\
             000010 00 00 00 00                                      >....<\n000014\n",
            // od -A d -t x1
            "0000000 24 00 00 00 1a 00 01 03 01 00 00 00 00 00 00 00\n\
             0000016 02 00 00 00 00 00 00 00 00 00 00 00 08 00 0f 00\n\
             0000032 fe 00 00 00\n0000036\n\
             0000000 14 00 00 00 03 00 02 00 01 00 00 00 7c 22 0a 00\n\
             0000016 00 00 00 00\n0000020\n",
        ] {
            assert_eq!(found(layout.as_bytes()), DATAGRAMS, "{layout}");
        }
    }

    #[test]
    fn lines_that_repeat() {
        let zeros = |count: usize| [b"\x01\x02".as_slice(), &vec![0; count]].concat();
        let layout = "00000000  01 02 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n\
                      00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n\
                      *\n\
                      00000050  00 00                                             |..|\n00000052\n";
        assert_eq!(found(layout.as_bytes()), [zeros(0x50)]);
        let layout = "0000000 01 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n\
                      0000020 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n*\n0000100\n";
        assert_eq!(found(layout.as_bytes()), [zeros(0x3e)]);
        // The same number is more in hex than in octal or in decimal: the line before tells.
        for (second, next, end) in [("20", "1000", "1020"), ("16", "512", "528")] {
            let line = |start: &str| format!("{start:0>7}{}\n", " 00".repeat(16));
            let first = format!("0000000 01 02{}\n", " 00".repeat(14));
            let layout = format!("{first}{}*\n{}{end:0>7}\n", line(second), line(next));
            assert_eq!(found(layout.as_bytes()), [zeros(526)], "{layout}");
        }
        // Nothing tells how many there were.
        let layout = format!("{0}\n*\n{0}\n", "01 ".repeat(16));
        let error = read(layout.as_bytes(), |_| Ok::<_, String>(())).unwrap_err();
        assert!(error.contains("are missing"), "{error}");
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn od_shows_numbers() {
        for layout in [
            // Octal unless told otherwise.
            "0000000 000024 000000 000003 000002 000001 000000 021174 000012\n\
             0000020 000000 000000\n0000024\n",
            "0000000 00000014 00020003 00000001 000a227c\n0000020 00000000\n0000024\n",
        ] {
            assert_eq!(found(layout.as_bytes()), DATAGRAMS[1..], "{layout}");
        }
        // An odd number of bytes is filled up.
        assert_eq!(found(b"0000000 0014 0000 0003\n0000005\n"), [b"\x14\0\0\0\x03"]);
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
        // Without the call, and as Python and the shell have them.
        let bytes = r"\x14\0\0\0\x03\0\x02\0\1\0\0\0|\x22\n\0\0\0\0\0";
        for line in [bytes, &format!("b'{bytes}'"), &format!("printf $'{bytes}' >file")] {
            assert_eq!(found(line.as_bytes()), DATAGRAMS[1..], "{line}");
        }
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
