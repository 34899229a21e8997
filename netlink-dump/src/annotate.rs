//! Messages byte by byte: what every header field and attribute is called, and
//! what it says.

use std::fmt;

use netlink_wire::{
    Ack, AckAttr, Attribute, Error, Family, Header, Message, Messages, Nla, Nlas, NlmFlags, Pod,
    Record, Result, Rtm,
    genl::{CtrlAttr, GENL_ID_CTRL, GenlMsgHdr},
    schema::{Layout, Schema, Type},
    sock_diag::{
        InetDiagAttr, InetDiagMsg, InetDiagReqAttr, InetDiagReqV2, SOCK_DESTROY,
        SOCK_DIAG_BY_FAMILY,
    },
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

/// What a datagram is of: `NETLINK_*`. Of those that are not known to the last attribute, the framing
/// is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Protocol(pub(crate) u16);

impl Protocol {
    pub(crate) const ROUTE: Self = Self(0);
    const SOCK_DIAG: Self = Self(4);
    const GENERIC: Self = Self(16);

    /// The kernel's name, without `NETLINK_`.
    pub(crate) fn word(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "ROUTE",
            2 => "USERSOCK",
            4 => "SOCK_DIAG",
            5 => "NFLOG",
            6 => "XFRM",
            7 => "SELINUX",
            8 => "ISCSI",
            9 => "AUDIT",
            10 => "FIB_LOOKUP",
            11 => "CONNECTOR",
            12 => "NETFILTER",
            15 => "KOBJECT_UEVENT",
            16 => "GENERIC",
            18 => "SCSITRANSPORT",
            20 => "RDMA",
            21 => "CRYPTO",
            22 => "SMC",
            _ => return None,
        })
    }

    /// The kernel's name of a message type, as far as it is known.
    fn type_name(self, kind: u16) -> &'static str {
        match (self, kind) {
            (_, Header::NOOP) => "NLMSG_NOOP",
            (_, Header::ERROR) => "NLMSG_ERROR",
            (_, Header::DONE) => "NLMSG_DONE",
            (_, Header::OVERRUN) => "NLMSG_OVERRUN",
            (Self::ROUTE, kind) => Rtm(kind).word().unwrap_or("unknown"),
            (Self::GENERIC, GENL_ID_CTRL) => "GENL_ID_CTRL",
            (Self::SOCK_DIAG, SOCK_DIAG_BY_FAMILY) => "SOCK_DIAG_BY_FAMILY",
            (Self::SOCK_DIAG, SOCK_DESTROY) => "SOCK_DESTROY",
            _ => "unknown",
        }
    }

    /// What a message consists of, if that is known.
    fn body(self, message: Message<'_>) -> Option<Body<'_>> {
        /// Families whose attributes have no names here.
        const OTHER: Schema = Schema { name: "", attrs: &[] };
        let Message { header, payload } = message;
        let is_request = header.flags.contains(NlmFlags::REQUEST);
        // Other families of sockets have other headers.
        let is_inet = matches!(payload.first(), Some(2 | 10));
        let (layout, schema) = match (self, header.kind) {
            (Self::ROUTE, _) => {
                let family = Family::of(header)?;
                let start = family.attrs_start(payload);
                return Some(Body { header: family.header(), start, attrs: Walk::rtnl(message) });
            }
            (Self::GENERIC, GENL_ID_CTRL) => (GenlMsgHdr::LAYOUT, CtrlAttr::SCHEMA),
            (Self::GENERIC, GENL_ID_CTRL..) => (GenlMsgHdr::LAYOUT, &OTHER),
            (Self::SOCK_DIAG, SOCK_DIAG_BY_FAMILY | SOCK_DESTROY) if is_inet => match is_request {
                true => (InetDiagReqV2::LAYOUT, InetDiagReqAttr::SCHEMA),
                false => (InetDiagMsg::LAYOUT, InetDiagAttr::SCHEMA),
            },
            _ => return None,
        };
        let start = layout.size().unwrap_or_default().next_multiple_of(4);
        let bytes = payload.get(start..).unwrap_or_default();
        let attrs = Walk::new(schema, Nlas::new(bytes, (Header::LEN + start) as u32));
        // The family may have a header of its own.
        let is_known = !schema.name.is_empty() || attrs.clone().all(|attr| attr.is_ok());
        is_known.then_some(Body { header: layout, start, attrs })
    }
}

/// What stands behind the header of a message.
struct Body<'a> {
    header: &'static Layout,
    /// Where the attributes start in the payload.
    start: usize,
    attrs: Walk<'a>,
}

/// Writes all messages of a datagram.
pub(crate) fn datagram(out: &mut Out, bytes: &[u8], protocol: Protocol) {
    out.array("messages", |out| {
        let mut messages = Messages::new(bytes);
        let mut start = messages.offset();
        while let Some(message) = messages.next() {
            match message {
                Err(error) => out.item_object(|out| {
                    let rest = bytes.get(start..).unwrap_or_default();
                    out.word("error", [" no message: ", ""], error.to_string().as_str());
                    out.json_num("offset", start);
                    if is_swapped(rest) {
                        out.word(
                            "hint",
                            ["; ", ""],
                            "it may be of a machine with another byte order",
                        );
                    }
                    out.text("\n");
                    let parts = [Part::unknown(0, rest.len())];
                    out.array("parts", |out| print(out, rest, &parts));
                }),
                Ok(message) => {
                    let end = start + message.header.len as usize;
                    let bytes = bytes.get(start..end).unwrap_or_default();
                    let parts = parts(bytes, protocol);
                    out.item_object(|out| {
                        let name = protocol.type_name(message.header.kind);
                        out.word("type", [" ", ""], name);
                        out.num("offset", [" at byte ", " of the datagram\n"], start);
                        out.array("parts", |out| print(out, bytes, &parts));
                    });
                }
            }
            start = messages.offset();
        }
    });
}

/// Whether the length of the first message makes sense the other way around.
fn is_swapped(bytes: &[u8]) -> bool {
    let len = Header::of(bytes).map(|header| header.len.swap_bytes() as usize);
    len.is_some_and(|len| (Header::LEN..=bytes.len()).contains(&len))
}

/// The parts of one message, the first of which is its header.
fn parts(bytes: &[u8], protocol: Protocol) -> Vec<Part> {
    let Some(header) = Header::of(bytes) else { return vec![Part::unknown(0, bytes.len())] };
    let message = Message { header, payload: bytes.get(Header::LEN..).unwrap_or_default() };
    let mut parts = vec![nlmsghdr(header, protocol)];
    match header.kind {
        Header::ERROR | Header::DONE => ack(message, protocol, &mut parts),
        _ => match protocol.body(message) {
            Some(known) => body(message, known, &mut parts),
            None => parts.push(Part::unknown(Header::LEN, message.payload.len())),
        },
    }
    parts.retain(|part| part.len > 0 || matches!(part.value, Value::Error(_)));
    close(&mut parts, bytes.len());
    parts
}

/// What a list is broken by takes all that is left of it.
fn close(parts: &mut [Part], end: usize) {
    if let Some(last) = parts.last_mut().filter(|last| matches!(last.value, Value::Error(_))) {
        last.len = end.saturating_sub(last.offset);
    }
}

fn nlmsghdr(header: Header, protocol: Protocol) -> Part {
    let Header { len, kind, flags, seq, portid } = header;
    let kind_name = protocol.type_name(kind);
    let flag_names = Flags { flags, kind, protocol };
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
fn body(
    message: Message<'_>,
    Body { header: layout, start: end, attrs }: Body<'_>,
    parts: &mut Vec<Part>,
) {
    let len = layout.size().unwrap_or_default().min(message.payload.len());
    let head = Shown { ty: Type::Struct(layout), bytes: &message.payload[..len] };
    parts.push(Part::fields(Header::LEN, layout.name, head));
    // Options of router advertisements stand between.
    let start = len.next_multiple_of(4);
    let end = end.min(message.payload.len());
    parts.push(Part::unknown(Header::LEN + start, end.saturating_sub(start)));
    parts.extend(attrs.map(Part::attr));
}

/// An error, an acknowledgement, the end of a dump.
fn ack(message: Message<'_>, protocol: Protocol, parts: &mut Vec<Part>) {
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
            ..nlmsghdr(request, protocol).moved_by(offset)
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
        let (value, mut parts): (_, Vec<Self>) = match entry.content() {
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
        close(&mut parts, offset + len);
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
                    let mut parts: Vec<_> = parts.collect();
                    close(&mut parts, offset + record.bytes.len());
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
fn print(out: &mut Out, bytes: &[u8], parts: &[Part]) {
    parts.iter().for_each(|part| part.print(out, bytes, 0));
}

impl Part {
    fn print(&self, out: &mut Out, bytes: &[u8], depth: usize) {
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
    protocol: Protocol,
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LOW: [&str; 6] = ["REQUEST", "MULTI", "ACK", "ECHO", "DUMP_INTR", "DUMP_FILTERED"];
        // A family's types come in fours: NEW, DEL, GET, SET. What others mean they do not tell, but
        // mostly it is GET.
        let is_route = self.protocol == Protocol::ROUTE;
        let high: &[&str] = match (self.kind, self.kind % 4) {
            (Header::ERROR | Header::DONE, _) => &["CAPPED", "ACK_TLVS"],
            _ if !is_route => &["ROOT", "MATCH", "ATOMIC"],
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
