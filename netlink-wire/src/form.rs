//! Messages in the form of their schema, for `serde`: as JSON, for one.
//!
//! What a message is made of stands under the kernel's names, in the order of the message:
//!
//! ```json
//! {
//!   "nlmsghdr": {"kind": 16, "flags": "0", "seq": 0, "portid": 0},
//!   "ifinfomsg": {"family": 0, "pad": 0, "kind": "ether", "index": 7, "flags": "UP|0x100000", "change": "0"},
//!   "IFLA_IFNAME": "v0",
//!   "IFLA_MTU": 1500,
//!   "IFLA_LINKINFO": {"IFLA_INFO_KIND": "vlan", "IFLA_INFO_DATA": {"IFLA_VLAN_ID": 42}},
//!   "IFLA_PROP_LIST": {"NLA_F_NESTED": true, "IFLA_ALT_IFNAME": ["uplink", "wan"]},
//!   "4000": "c0ffee"
//! }
//! ```
//!
//! | What                                    | Form                                                    |
//! |-----------------------------------------|---------------------------------------------------------|
//! | integer                                 | number; `{"u64": ..}` if half of it is 0 and could go   |
//! | constant, flags                         | its word, its words joined by a bar; else a number      |
//! | flag without payload                    | `true`                                                  |
//! | string                                  | string; `{"no_nul": ..}` if its closing NUL is missing  |
//! | address                                 | string, as usual                                        |
//! | bytes, formats without a table          | hex                                                     |
//! | kernel struct                           | object of its fields                                    |
//! | nest                                    | object, after the struct before it under its name       |
//! | next hops and the like                  | array of such objects                                   |
//! | attribute that can come several times   | array, even of one                                      |
//! | attribute of an unknown number          | the number is the name, the payload is in hex           |
//! | malformed attribute                     | `{"hex": ..}`                                           |
//! | what cannot be told apart at the end    | `"rest"`, in hex                                        |
//! | options of router advertisements        | `"between"`, in hex: between struct and attributes      |
//! | flags of an attribute                   | `"NLA_F_NESTED": true` within it, before all else       |
//! | attribute whose name was there before   | its name and its position: `"RTA_PAD#7"`                |
//!
//! [`View`] is how a message is written so, and [`Form`] how it is built again: as the same bytes,
//! but for what is in the padding, which is zero then. Lengths are left out; they follow.
//!
//! ```
//! use netlink_wire::{Messages, NlmFlags, Rtm, form::{Form, View}};
//! use netlink_wire::link::{IfInfoMsg, Link, LinkAttr};
//!
//! # fn f() -> Result<(), Box<dyn std::error::Error>> {
//! let (mut one, mut two) = ([0; 128], [0; 128]);
//! let bytes = Link::writer(&mut one, Rtm::NEWLINK, NlmFlags(0), &IfInfoMsg::default())
//!     .push(LinkAttr::Mtu(1500))
//!     .finish()?;
//! let message = Messages::new(bytes).next().ok_or("no message")??;
//!
//! let json = serde_json::to_string(&View::rtnl(message))?;
//! assert!(json.contains(r#""IFLA_MTU":1500"#));
//! let form: Form = serde_json::from_str(&json)?;
//! assert_eq!(form.build_rtnl(&mut two)?, bytes);
//! # Ok(()) }
//! # f().unwrap();
//! ```

mod build;

use core::fmt;

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

use crate::{
    attrs::{Attribute, Attrs},
    message::{Body, Header, Message},
    netaddr::{Addr, LlAddr},
    nla::{Nla, Nlas, Scope, align},
    rtnl::Family,
    schema::{Int, Layout, Schema, Type},
    value::{Pod, Record},
    walk::{Content, Entry, Items, Records, Shown, Walk, write_flags},
    writer::Buffer,
};

pub use build::Form;

/// The name of what is left at the end.
const REST: &str = "rest";
/// The name of what is between the struct and the attributes.
const BETWEEN: &str = "between";
/// The name of a payload that is not read as its type.
const HEX: &str = "hex";
/// The name of a string that lacks its closing NUL.
const NO_NUL: &str = "no_nul";
/// The name of a number that would fit into half of its bytes.
const U64: &str = "u64";
/// What stands between the name of an attribute that was there before and its position.
const AGAIN: char = '#';
/// The flags of an attribute.
const FLAGS: [(&str, u16); 2] =
    [("NLA_F_NESTED", Nla::NESTED), ("NLA_F_NET_BYTEORDER", Nla::NET_BYTEORDER)];

/// A whole message, to be serialised.
#[derive(Clone, Debug)]
pub struct View<'a> {
    message: Message<'a>,
    tables: Option<(&'static Layout, &'static Schema)>,
    /// Where the attributes start in the payload.
    start: usize,
}

impl<'a> View<'a> {
    /// A message of `NETLINK_ROUTE`. Where its type is not known, all of it is in `"rest"`.
    pub fn rtnl(message: Message<'a>) -> Self {
        let family = Family::of(message.header);
        Self {
            message,
            tables: family.map(|family| (family.header(), family.attrs())),
            start: family.map_or(0, |family| family.attrs_start(message.payload)),
        }
    }

    /// A message with the fixed header `H` and the attributes `A`.
    pub fn of<H: Record, A: Attribute<'a>>(message: Message<'a>) -> Self {
        Self { message, tables: Some((H::LAYOUT, A::SCHEMA)), start: align(H::LEN) }
    }
}

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const NONE: &Schema = &Schema { name: "", attrs: &[] };
        let Message { header, payload } = self.message;
        let mut bytes = [0; Header::LEN];
        header.put(&mut Buffer::new(&mut bytes));
        let nlmsghdr = Head { layout: Header::LAYOUT, bytes: &bytes, without_len: true };
        let head = self.tables.and_then(|(layout, schema)| {
            let bytes = payload.get(..layout.size()?)?;
            Some((Head { layout, bytes, without_len: false }, schema))
        });
        let len = head.as_ref().map_or(0, |(head, _)| align(head.bytes.len()));
        let after = payload.get(len..).unwrap_or_default();
        let (between, attrs) =
            after.split_at_checked(self.start.saturating_sub(len)).unwrap_or((after, &[]));
        // Without its head, there is no telling what the rest is.
        let (between, attrs, rest) =
            if head.is_some() { (between, attrs, None) } else { (&[][..], &[][..], Some(payload)) };
        let schema = head.as_ref().map_or(NONE, |(_, schema)| schema);
        let family = payload.first().copied().unwrap_or_default();
        List {
            flags: 0,
            heads: [Some(nlmsghdr), head.map(|(head, _)| head)],
            walk: Walk::new(schema, Nlas::within(attrs, 0, Scope::of(family))),
            between,
            rest,
        }
        .serialize(serializer)
    }
}

/// The struct under its name, and the attributes; see [`form`](crate::form).
impl<'a, H: Record, A: Attribute<'a>> Serialize for Body<'a, H, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const { assert!(H::LEN <= 256) };
        let mut bytes = [0; 256];
        self.header.put(&mut Buffer::new(&mut bytes));
        let bytes = bytes.get(..H::LEN).unwrap_or_default();
        let head = Head { layout: H::LAYOUT, bytes, without_len: false };
        List { heads: [None, Some(head)], ..List::of(A::SCHEMA, self.attrs.raw()) }
            .serialize(serializer)
    }
}

/// As an object; see [`form`](crate::form).
impl<'a, A: Attribute<'a>> Serialize for Attrs<'a, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        List::of(A::SCHEMA, self.raw()).serialize(serializer)
    }
}

/// A list of attributes, and what stands before them.
struct List<'a> {
    flags: u16,
    heads: [Option<Head<'a>>; 2],
    /// What stands between them and the attributes.
    between: &'a [u8],
    walk: Walk<'a>,
    /// What follows, if it is not of attributes.
    rest: Option<&'a [u8]>,
}

impl<'a> List<'a> {
    fn of(schema: &'static Schema, nlas: Nlas<'a>) -> Self {
        let walk = Walk::new(schema, nlas);
        Self { flags: 0, heads: [None, None], between: &[], walk, rest: None }
    }

    /// Tells what is in the list, in its order.
    fn each<E>(&self, mut f: impl FnMut(Key<'a>, Member<'a>) -> Result<(), E>) -> Result<(), E> {
        flags(self.flags).try_for_each(|name| f(Key::Name(name), Member::Set))?;
        for head in self.heads.iter().flatten() {
            f(Key::Name(head.layout.name), Member::Head(*head))?;
        }
        if !self.between.is_empty() {
            f(Key::Name(BETWEEN), Member::Rest(self.between))?;
        }
        let mut walk = self.walk.clone();
        let mut seen = Seen([0; 256]);
        for position in 0.. {
            let here = walk.clone();
            let Some(Ok(entry)) = walk.next() else {
                let left = Some(here.nlas.rest()).filter(|rest| !rest.is_empty());
                let rest = self.rest.or(left).map(Member::Rest);
                return rest.map_or(Ok(()), |rest| f(Key::Name(REST), rest));
            };
            let code = entry.nla.code();
            let key = match entry.name() {
                _ if seen.again(code) => Key::Again(entry, position),
                Some(name) => Key::Name(name),
                None => Key::Number(code),
            };
            if !is_multi(walk.items, code) {
                f(key, Member::Attr(Attr { entry }))?;
                continue;
            }
            let run = Run { walk: here, code };
            let more = run.attrs().count() - 1;
            walk.by_ref().take(more).for_each(drop);
            f(key, Member::Run(run))?;
        }
        Ok(())
    }
}

/// Which numbers were there: a bit for each, of which there are 14 bits' worth.
struct Seen([u64; 256]);

impl Seen {
    /// Whether this number was there before.
    fn again(&mut self, code: u16) -> bool {
        let bit = 1 << (code % 64);
        let Some(bits) = self.0.get_mut(usize::from(code / 64)) else { return true };
        let again = *bits & bit != 0;
        *bits |= bit;
        again
    }
}

fn is_multi(items: Items, code: u16) -> bool {
    matches!(items.of(code).1, Type::Multi(_))
}

/// The names of the flags that are set.
fn flags(flags: u16) -> impl Iterator<Item = &'static str> {
    FLAGS.into_iter().filter(move |(_, flag)| flags & flag != 0).map(|(name, _)| name)
}

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.each(|key, member| map.serialize_entry(&key, &member))?;
        map.end()
    }
}

/// The name of a member.
enum Key<'a> {
    Name(&'static str),
    Number(u16),
    /// It was there before.
    Again(Entry<'a>, usize),
}

impl Serialize for Key<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Name(name) => serializer.serialize_str(name),
            Self::Number(number) => serializer.collect_str(number),
            Self::Again(entry, position) => match entry.name() {
                Some(name) => serializer.collect_str(&format_args!("{name}{AGAIN}{position}")),
                None => {
                    let number = entry.nla.code();
                    serializer.collect_str(&format_args!("{number}{AGAIN}{position}"))
                }
            },
        }
    }
}

/// What can be in a list.
enum Member<'a> {
    Set,
    Head(Head<'a>),
    Attr(Attr<'a>),
    Run(Run<'a>),
    Rest(&'a [u8]),
}

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set => serializer.serialize_bool(true),
            Self::Head(head) => head.serialize(serializer),
            Self::Attr(attr) => attr.serialize(serializer),
            Self::Run(run) => serializer.collect_seq(run.attrs()),
            Self::Rest(bytes) => serializer.collect_str(&Hex(bytes)),
        }
    }
}

/// Attributes of one number that follow one another.
struct Run<'a> {
    walk: Walk<'a>,
    code: u16,
}

impl<'a> Run<'a> {
    fn attrs(&self) -> impl Iterator<Item = Attr<'a>> + use<'a> {
        let code = self.code;
        let entries = self.walk.clone().map_while(Result::ok);
        entries.take_while(move |e| e.nla.code() == code).map(|entry| Attr { entry })
    }
}

/// One attribute.
struct Attr<'a> {
    entry: Entry<'a>,
}

impl Serialize for Attr<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Entry { nla, ty, .. } = self.entry;
        let (flags, bytes) = (nla.flags(), nla.payload());
        let list = |head, walk| List { flags, heads: [None, head], between: &[], walk, rest: None };
        match (ty, self.entry.content()) {
            // Too deep to be shown.
            (
                Type::Nest(_) | Type::List(_) | Type::Headed(..) | Type::Records(..),
                Content::Value(_),
            ) => Raw { flags, bytes }.serialize(serializer),
            (_, Content::Value(Shown { ty, bytes })) => {
                Plain { ty, bytes, flags }.serialize(serializer)
            }
            (_, Content::Attrs(walk)) => list(None, walk).serialize(serializer),
            (Type::Headed(layout, _), Content::Headed(_, walk)) => {
                match layout.size().and_then(|len| bytes.get(..len)) {
                    Some(bytes) => {
                        let head = Head { layout, bytes, without_len: false };
                        list(Some(head), walk).serialize(serializer)
                    }
                    None => Raw { flags, bytes }.serialize(serializer),
                }
            }
            (Type::Records(layout, _), Content::Records(records)) => {
                let mut seq = serializer.serialize_seq(None)?;
                if flags != 0 {
                    seq.serialize_element(&Flags(flags))?;
                }
                serialize_records(records, layout, &mut seq)?;
                seq.end()
            }
            _ => Raw { flags, bytes }.serialize(serializer),
        }
    }
}

fn serialize_records<S: SerializeSeq>(
    mut records: Records<'_>,
    layout: &'static Layout,
    seq: &mut S,
) -> Result<(), S::Error> {
    loop {
        let rest = records.rest;
        match records.next() {
            Some(Ok(record)) => {
                let len = layout.size().unwrap_or_default();
                let bytes = record.bytes.get(..len).unwrap_or_default();
                let head = Some(Head { layout, bytes, without_len: true });
                let walk = record.attrs;
                let list = List { flags: 0, heads: [None, head], between: &[], walk, rest: None };
                seq.serialize_element(&list)?;
            }
            _ if rest.is_empty() => return Ok(()),
            _ => return seq.serialize_element(&Member::Rest(rest)),
        }
    }
}

/// The flags of an attribute alone.
struct Flags(u16);

impl Serialize for Flags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(flags(self.0).map(|name| (name, true)))
    }
}

/// A payload as it is.
struct Raw<'a> {
    flags: u16,
    bytes: &'a [u8],
}

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        flags(self.flags).try_for_each(|name| map.serialize_entry(name, &true))?;
        map.serialize_entry(HEX, &Text(Hex(self.bytes)))?;
        map.end()
    }
}

/// A struct before attributes.
#[derive(Clone, Copy)]
struct Head<'a> {
    layout: &'static Layout,
    bytes: &'a [u8],
    /// Whether its first field is the length of everything, which is not shown.
    without_len: bool,
}

impl Serialize for Head<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut rest = self.bytes;
        for (at, (name, ty)) in self.layout.fields.iter().enumerate() {
            let Some((bytes, after)) = ty.size().and_then(|len| rest.split_at_checked(len)) else {
                break;
            };
            rest = after;
            if at > 0 || !self.without_len {
                map.serialize_entry(name, &Plain { ty: *ty, bytes, flags: 0 })?;
            }
        }
        if !rest.is_empty() {
            map.serialize_entry(REST, &Text(Hex(rest)))?;
        }
        map.end()
    }
}

/// A value without attributes in it.
struct Plain<'a> {
    ty: Type,
    bytes: &'a [u8],
    flags: u16,
}

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { ty, bytes, flags } = *self;
        let exact = |int: Int| int.read(bytes).filter(|_| bytes.len() == usize::from(int.len));
        let items = |item: &'static Type| {
            let len = item.size().filter(|len| *len > 0 && bytes.len() % len == 0)?;
            Some(bytes.chunks(len).map(|bytes| Plain { ty: *item, bytes, flags: 0 }))
        };
        let raw = || Raw { flags, bytes };
        if flags != 0 {
            return raw().serialize(serializer);
        }
        match ty {
            Type::Flag if bytes.is_empty() => serializer.serialize_bool(true),
            Type::Int(int) => match exact(int) {
                Some(number) => number_of(number, serializer),
                None => raw().serialize(serializer),
            },
            Type::Uint => match Int::of(bytes.len(), false, false).read(bytes) {
                Some(number) if bytes.len() == 4 || number > u32::MAX.into() => {
                    number_of(number, serializer)
                }
                Some(number) if bytes.len() == 8 => serializer.collect_map([(U64, number as u64)]),
                _ => raw().serialize(serializer),
            },
            Type::Constants(constants) => match exact(constants.int) {
                None => raw().serialize(serializer),
                Some(number) if constants.flags => {
                    let words =
                        |f: &mut fmt::Formatter<'_>| write_flags(f, constants, number as u64);
                    serializer.collect_str(&FromFn(words))
                }
                Some(number) => match constants.by_value(number) {
                    Some(constant) => serializer.serialize_str(constant.word),
                    None => number_of(number, serializer),
                },
            },
            Type::String => match (core::str::from_utf8(bytes), bytes) {
                (Ok(text), [.., 0]) if text.find('\0') == Some(bytes.len() - 1) => {
                    serializer.serialize_str(text.trim_end_matches('\0'))
                }
                (Ok(text), _) if !text.contains('\0') => serializer.collect_map([(NO_NUL, text)]),
                _ => raw().serialize(serializer),
            },
            Type::Binary | Type::Other(_) => serializer.collect_str(&Hex(bytes)),
            Type::Ipv4 | Type::Ipv6 | Type::Addr => match (Addr::new(bytes), ty) {
                (Addr::Ipv4(ip), Type::Ipv4 | Type::Addr) => serializer.collect_str(&ip),
                (Addr::Ipv6(ip), Type::Ipv6 | Type::Addr) => serializer.collect_str(&ip),
                _ => raw().serialize(serializer),
            },
            Type::LlAddr => serializer.collect_str(&LlAddr(bytes)),
            Type::Array(_, _) if ty.size() != Some(bytes.len()) => raw().serialize(serializer),
            Type::Array(Type::Int(Int { len: 1, .. }), _) => serializer.collect_str(&Hex(bytes)),
            Type::Array(item, _) | Type::Packed(item) => match items(item) {
                Some(items) => serializer.collect_seq(items),
                None => raw().serialize(serializer),
            },
            Type::Struct(layout) => {
                Head { layout, bytes, without_len: false }.serialize(serializer)
            }
            _ => raw().serialize(serializer),
        }
    }
}

fn number_of<S: Serializer>(number: i128, serializer: S) -> Result<S::Ok, S::Error> {
    match u64::try_from(number) {
        Ok(unsigned) => serializer.serialize_u64(unsigned),
        Err(_) => serializer.serialize_i64(number as i64),
    }
}

/// Bytes in hex.
struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What `Display` shows, as a string.
struct Text<T>(T);

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// What a function shows.
struct FromFn<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}
