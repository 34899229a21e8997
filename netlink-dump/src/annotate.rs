//! Messages byte by byte: what every header field and attribute is called, and
//! what it says.

use std::{fmt, io::Write};

use netlink_wire::{
    Ack, AckAttr, Attribute, Error, Family, Header, Message, Messages, Nla, NlmFlags, Pod, Result,
    Rtm,
    schema::Type,
    walk::{Content, Entry, Records, Shown, Walk},
};

use crate::out::Out;

/// Bytes of a message that have a name.
#[derive(Debug)]
struct Part {
    /// Where they start, in bytes from the start of the message.
    offset: usize,
    len: usize,
    name: String,
    /// Of an attribute, `nla_type` and the type of its payload.
    attr: Option<(u16, String)>,
    value: Value,
    /// What they consist of.
    parts: Vec<Part>,
}

/// What bytes say.
#[derive(Debug)]
enum Value {
    /// Their parts say it.
    Parts,
    Number(i128),
    Text(String),
    /// Nothing that is known: they are shown in hex.
    Unknown,
    /// Something impossible.
    Error(Error),
}

/// The kernel's name of a message type, as far as it is one of `NETLINK_ROUTE` or of all protocols.
fn type_name(kind: u16, is_route: bool) -> &'static str {
    match kind {
        Header::NOOP => "NLMSG_NOOP",
        Header::ERROR => "NLMSG_ERROR",
        Header::DONE => "NLMSG_DONE",
        Header::OVERRUN => "NLMSG_OVERRUN",
        kind if is_route => Rtm(kind).word().unwrap_or("unknown"),
        _ => "unknown",
    }
}

/// Writes all messages of a datagram; of another protocol than `NETLINK_ROUTE`, their framing.
pub(crate) fn datagram<W: Write>(out: &mut Out<W>, bytes: &[u8], is_route: bool) {
    out.array("messages", |out| {
        let mut messages = Messages::new(bytes);
        let mut start = messages.offset();
        while let Some(message) = messages.next() {
            match message {
                Err(error) => out.item_object(|out| {
                    out.word("error", ["  ", "\n"], error.to_string().as_str());
                }),
                Ok(message) => {
                    let end = start + message.header.len as usize;
                    let bytes = bytes.get(start..end).unwrap_or_default();
                    let parts = parts(bytes, is_route);
                    out.item_object(|out| {
                        out.word("type", [" ", ""], type_name(message.header.kind, is_route));
                        out.num("offset", [" at byte ", " of the datagram\n"], start);
                        out.array("parts", |out| print(out, bytes, &parts));
                    });
                }
            }
            start = messages.offset();
        }
    });
}

/// The parts of one message, the first of which is its header.
fn parts(bytes: &[u8], is_route: bool) -> Vec<Part> {
    let Some(header) = Header::of(bytes) else { return vec![Part::unknown(0, bytes.len())] };
    let message = Message { header, payload: bytes.get(Header::LEN..).unwrap_or_default() };
    let mut parts = vec![nlmsghdr(header, is_route)];
    match header.kind {
        Header::ERROR | Header::DONE => ack(message, is_route, &mut parts),
        _ => match Family::of(header).filter(|_| is_route) {
            Some(family) => body(message, family, &mut parts),
            None => parts.push(Part::unknown(Header::LEN, message.payload.len())),
        },
    }
    parts.retain(|part| part.len > 0);
    parts
}

fn nlmsghdr(header: Header, is_route: bool) -> Part {
    let Header { len, kind, flags, seq, portid } = header;
    let kind_name = type_name(kind, is_route);
    let flag_names = Flags { flags, kind };
    let field = |offset, len, name: &str, value| Part::new(offset, len, name, value);
    let number = |n: u32| Value::Number(n.into());
    let parts = vec![
        field(0, 4, "nlmsg_len", number(len)),
        field(4, 2, "nlmsg_type", Value::Text(format!("{kind} {kind_name}"))),
        field(6, 2, "nlmsg_flags", Value::Text(format!("{:#x} {flag_names}", flags.0))),
        field(8, 4, "nlmsg_seq", number(seq)),
        field(12, 4, "nlmsg_pid", number(portid)),
    ];
    Part { parts, ..Part::new(0, Header::LEN, "nlmsghdr", Value::Parts) }
}

/// The fixed header of a family, and its attributes.
fn body(message: Message<'_>, family: &Family, parts: &mut Vec<Part>) {
    let layout = family.header();
    let len = layout.size().unwrap_or_default().min(message.payload.len());
    let head = Shown { ty: Type::Struct(layout), bytes: &message.payload[..len] };
    parts.push(Part::fields(Header::LEN, layout.name, head));
    // Options of router advertisements stand between.
    let start = len.next_multiple_of(4);
    let end = family.attrs_start(message.payload).min(message.payload.len());
    parts.push(Part::unknown(Header::LEN + start, end.saturating_sub(start)));
    parts.extend(Walk::rtnl(message).map(Part::attr));
}

/// An error, an acknowledgement, the end of a dump.
fn ack(message: Message<'_>, is_route: bool, parts: &mut Vec<Part>) {
    let mut offset = Header::LEN;
    let ack = match Ack::parse(message) {
        Ok(ack) => ack,
        Err(_) => return parts.push(Part::unknown(offset, message.payload.len())),
    };
    if !message.payload.is_empty() {
        parts.push(Part::new(offset, i32::LEN, "error", Value::Number(ack.error.into())));
        offset += i32::LEN;
    }
    if let Some(request) = ack.request {
        parts.push(Part {
            name: "nlmsghdr of the request".into(),
            ..nlmsghdr(request, is_route).moved_by(offset)
        });
        offset += Header::LEN;
        let len = ack.request_payload.len();
        parts.push(Part { name: "payload of the request".into(), ..Part::unknown(offset, len) });
    }
    parts.extend(Walk::new(AckAttr::SCHEMA, ack.attrs.raw()).map(Part::attr));
}

impl Part {
    fn new(offset: usize, len: usize, name: impl Into<String>, value: Value) -> Self {
        Self { offset, len, name: name.into(), attr: None, value, parts: Vec::new() }
    }

    fn unknown(offset: usize, len: usize) -> Self {
        Self::new(offset, len, "payload", Value::Unknown)
    }

    fn moved_by(mut self, by: usize) -> Self {
        self.offset += by;
        self.parts = self.parts.into_iter().map(|part| part.moved_by(by)).collect();
        self
    }

    /// A kernel struct.
    fn fields(offset: usize, name: impl Into<String>, shown: Shown<'_>) -> Self {
        let mut at = 0;
        let mut parts = Vec::new();
        if let Type::Struct(layout) = shown.ty {
            for (name, ty) in layout.fields {
                let size = ty.size().unwrap_or_default();
                let Some(bytes) = shown.bytes.get(at..at + size) else { break };
                let value = Value::of(Shown { ty: *ty, bytes });
                parts.push(Self::new(offset + at, size, *name, value));
                at += size;
            }
        }
        if at < shown.bytes.len() {
            parts.push(Self::unknown(offset + at, shown.bytes.len() - at));
        }
        Self { parts, ..Self::new(offset, shown.bytes.len(), name, Value::Parts) }
    }

    /// An attribute and what is in it.
    fn attr(entry: Result<Entry<'_>>) -> Self {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                return Self::new(error.offset as usize, 0, "broken", Value::Error(error));
            }
        };
        let nla = entry.nla;
        let name = entry.name().map_or_else(|| format!("attribute {}", nla.code()), str::to_owned);
        let offset = nla.offset() as usize;
        let inside = offset + Nla::HEADER_LEN;
        let len = Nla::HEADER_LEN + nla.payload().len();
        let (value, parts) = match entry.content() {
            Content::Attrs(attrs) => (Value::Parts, attrs.map(Self::attr).collect()),
            Content::Headed(head, attrs) => {
                let head = Self::fields(inside, "header", head);
                let parts = std::iter::once(head).chain(attrs.map(Self::attr));
                (Value::Parts, parts.collect())
            }
            Content::Records(records) => (Value::Parts, Self::records(records)),
            Content::Value(shown) => match shown.ty {
                Type::Struct(layout) => {
                    (Value::Parts, vec![Self::fields(inside, layout.name, shown)])
                }
                Type::Binary if entry.field.is_none() => (Value::Unknown, Vec::new()),
                _ => (Value::of(shown), Vec::new()),
            },
        };
        let attr = Some((nla.kind(), entry.ty.to_string()));
        Self { attr, parts, ..Self::new(offset, len, name, value) }
    }

    fn records(records: Records<'_>) -> Vec<Self> {
        records
            .map(|record| match record {
                Err(error) => Self::new(error.offset as usize, 0, "broken", Value::Error(error)),
                Ok(record) => {
                    let offset = record.offset as usize;
                    let head = Self::fields(offset, "header", record.header);
                    let parts = std::iter::once(head).chain(record.attrs.map(Self::attr));
                    let parts = parts.collect();
                    let name = "record";
                    Self { parts, ..Self::new(offset, record.bytes.len(), name, Value::Parts) }
                }
            })
            .collect()
    }
}

impl Value {
    fn of(shown: Shown<'_>) -> Self {
        match shown.ty {
            Type::Int(int) => {
                int.read(shown.bytes).map_or_else(|| Self::Text(shown.to_string()), Self::Number)
            }
            ty => Self::Text(match ty.size() {
                Some(size) if size != shown.bytes.len() => {
                    format!("{shown} (unexpected length of {} bytes)", shown.bytes.len())
                }
                _ => shown.to_string(),
            }),
        }
    }
}

/// Writes the parts of a message, which is `bytes`: in text a line each with
/// the bytes beside it, in JSON as the items of the array that is open.
fn print<W: Write>(out: &mut Out<W>, bytes: &[u8], parts: &[Part]) {
    parts.iter().for_each(|part| part.print(out, bytes, 0));
}

impl Part {
    fn print<W: Write>(&self, out: &mut Out<W>, bytes: &[u8], depth: usize) {
        let bytes_of_part = bytes.get(self.offset..self.offset + self.len).unwrap_or_default();
        if out.is_json() {
            return out.item_object(|out| {
                out.json_num("offset", self.offset);
                out.json_num("length", self.len);
                out.json_word("name", self.name.as_str());
                if let Some((kind, ty)) = &self.attr {
                    out.json_num("nla_type", *kind);
                    out.json_word("type", ty.as_str());
                }
                match &self.value {
                    Value::Parts => out.array("parts", |out| print(out, bytes, &self.parts)),
                    Value::Number(number) => out.json_num("value", *number),
                    Value::Text(text) => out.json_word("value", text.as_str()),
                    Value::Unknown => {
                        out.json_word(
                            "hex",
                            Hex { bytes: bytes_of_part, blank: "" }.to_string().as_str(),
                        );
                    }
                    Value::Error(error) => out.json_word("error", error.to_string().as_str()),
                }
            });
        }
        let value = match &self.value {
            Value::Parts | Value::Unknown => format!("{} bytes", self.len),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            Value::Error(error) => error.to_string(),
        };
        let about = match &self.attr {
            Some((kind, ty)) => format!("nla_len {} nla_type {} {ty}: ", self.len, NlaType(*kind)),
            None => String::new(),
        };
        // What has parts shows its own bytes with them: of an attribute, only its header is left.
        let own = match (&self.value, self.parts.first()) {
            (Value::Parts, Some(first)) => {
                first.offset.saturating_sub(self.offset).min(bytes_of_part.len())
            }
            _ => bytes_of_part.len(),
        };
        let mut lines = bytes_of_part[..own].chunks(COLUMNS);
        let hex = Hex { bytes: lines.next().unwrap_or_default(), blank: " " }.to_string();
        let (offset, indent, name) = (self.offset, 2 * depth, &self.name);
        let width = 3 * COLUMNS;
        let name = format!("{:indent$}{name}", "");
        out.text_value(
            ["", "\n"],
            format_args!("{offset:6}  {hex:width$} {name:30} {about}{value}"),
        );
        for (line, bytes) in lines.enumerate() {
            let offset = offset + (line + 1) * COLUMNS;
            out.text_value(["", "\n"], format_args!("{offset:6}  {}", Hex { bytes, blank: " " }));
        }
        self.parts.iter().for_each(|part| part.print(out, bytes, depth + 1));
    }
}

/// How many bytes stand on one line.
const COLUMNS: usize = 8;

/// Bytes in hex, with something between them.
struct Hex<'a> {
    bytes: &'a [u8],
    blank: &'a str,
}

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: Vec<String> = self.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        f.write_str(&text.join(self.blank))
    }
}

/// `nla_type` with its flags by name.
struct NlaType(u16);

impl fmt::Display for NlaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nla = Nla::new(self.0, &[]);
        write!(f, "{}", nla.code())?;
        for (flag, name) in
            [(Nla::NESTED, "NLA_F_NESTED"), (Nla::NET_BYTEORDER, "NLA_F_NET_BYTEORDER")]
        {
            if self.0 & flag != 0 {
                write!(f, "|{name}")?;
            }
        }
        Ok(())
    }
}

/// The flags by their kernel names; the upper ones have one for each kind of message.
struct Flags {
    flags: NlmFlags,
    kind: u16,
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LOW: [&str; 6] = ["REQUEST", "MULTI", "ACK", "ECHO", "DUMP_INTR", "DUMP_FILTERED"];
        // A family's types come in fours: NEW, DEL, GET, SET.
        let high: &[&str] = match (self.kind, self.kind % 4) {
            (Header::ERROR | Header::DONE, _) => &["CAPPED", "ACK_TLVS"],
            (_, 0) => &["REPLACE", "EXCL", "CREATE", "APPEND"],
            (_, 1) => &["NONREC", "BULK"],
            (_, 2) => &["ROOT", "MATCH", "ATOMIC"],
            _ => &[],
        };
        let names = (0..).zip(LOW).chain((8..).zip(high.iter().copied()));
        let (mut rest, mut bar) = (self.flags.0, "");
        for (bit, name) in names.filter(|(bit, _)| self.flags.0 & (1 << bit) != 0) {
            write!(f, "{bar}NLM_F_{name}")?;
            (rest, bar) = (rest & !(1 << bit), "|");
        }
        if rest != 0 { write!(f, "{bar}{rest:#x}") } else { Ok(()) }
    }
}
