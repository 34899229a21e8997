//! Messages built from what was deserialised.

use alloc::{string::String, vec::Vec};
use core::{fmt, net::IpAddr};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};

use super::{AGAIN, BETWEEN, FLAGS, HEX, NO_NUL, REST, U64};
use crate::{
    attrs::Attribute,
    error::{Error, ErrorKind, Result},
    message::Header,
    rtnl::Family,
    schema::{Constants, Int, Layout, Schema, Type},
    value::{Pod, Record},
    walk::{Chosen, Items},
    writer::Buffer,
};

/// What a message is to be built of, in the form that [`View`](super::View) writes.
///
/// It keeps what was deserialised until the types of it are known, for which the format has to
/// describe itself as JSON does. The order of the names is that of the attributes.
///
/// Fields of the structs before attributes may be left out; they are 0. So are those of other
/// structs, but for the last ones, without which the struct is shorter.
#[derive(Clone, Debug, PartialEq)]
pub struct Form(Tree);

impl Form {
    /// Builds the message of `NETLINK_ROUTE` that starts with a member `nlmsghdr`.
    ///
    /// # Errors
    ///
    /// A name is not known, or a value does not suit its type. Or `buf` is too small; the error
    /// tells how many bytes would have done.
    pub fn build_rtnl<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8]> {
        let header = self.header()?;
        let tables = Family::of(header).map(|family| (family.header(), family.attrs()));
        self.message(header, tables, buf)
    }

    /// Builds a message with this header, the fixed header `H`, and the attributes `A`. A member
    /// `nlmsghdr` is ignored, as is the header's length.
    ///
    /// # Errors
    ///
    /// Those of [`build_rtnl`](Self::build_rtnl).
    pub fn build<'a, 'b, H: Record, A: Attribute<'a>>(
        &self,
        header: Header,
        buf: &'b mut [u8],
    ) -> Result<&'b mut [u8]> {
        self.message(header, Some((H::LAYOUT, A::SCHEMA)), buf)
    }

    /// The header of the message.
    ///
    /// # Errors
    ///
    /// There is no member `nlmsghdr`, or a value in it does not suit its type.
    pub fn header(&self) -> Result<Header> {
        let layout = Header::LAYOUT;
        let missing = ErrorKind::Value.at(layout.name, 0);
        let member = self.0.member(layout.name).ok_or(missing)?;
        let mut bytes = [0; Header::LEN];
        head(&mut Buffer::new(&mut bytes), layout, true, member)?;
        Header::of(&bytes).ok_or(missing)
    }

    fn message<'b>(
        &self,
        header: Header,
        tables: Option<(&'static Layout, &'static Schema)>,
        buf: &'b mut [u8],
    ) -> Result<&'b mut [u8]> {
        const NONE: &Schema = &Schema { name: "nlmsghdr", attrs: &[] };
        let tree = &self.0;
        let mut out = Buffer::new(buf);
        header.put(&mut out);
        let Some((layout, schema)) = tables else {
            list(&mut out, Items::Set(NONE), 0, &[NLMSGHDR], tree)?;
            return out.finish();
        };
        let mut bytes = [0; 256];
        let mut family = 0;
        // The message may have ended before it.
        let member = tree.member(layout.name);
        if member.is_some() || tree.member(REST).is_none() {
            let mut start = Buffer::new(&mut bytes);
            let member = member.unwrap_or(&EMPTY);
            head(&mut start, layout, false, member)
                .map_err(|e| Error { offset: e.offset + Header::LEN as u32, ..e })?;
            let start = start.filled().unwrap_or_default();
            family = start.first().copied().unwrap_or_default();
            out.put(start);
            out.pad();
        }
        if let Some(between) = tree.member(BETWEEN) {
            hex(&mut out, between).ok_or(ErrorKind::Value.at(layout.name, out.len() as u32))?;
        }
        list(&mut out, Items::Set(schema), family, &[NLMSGHDR, layout.name, BETWEEN], tree)?;
        out.finish()
    }
}

/// The name of the header of the message.
const NLMSGHDR: &str = "nlmsghdr";

/// What was deserialised.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Bool(bool),
    Number(i128),
    Text(String),
    Seq(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// An object without members.
static EMPTY: Tree = Tree::Map(Vec::new());

impl Tree {
    /// The members of an object.
    fn members(&self) -> Option<impl Iterator<Item = (&str, &Tree)> + Clone> {
        let Self::Map(members) = self else { return None };
        Some(members.iter().map(|(name, value)| (name.as_str(), value)))
    }

    /// The first member of this name.
    fn member(&self, name: &str) -> Option<&Tree> {
        self.members()?.find(|(member, _)| *member == name).map(|(_, value)| value)
    }

    fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The flags of the attribute with this value.
    fn flags(&self) -> u16 {
        let within = if let Self::Seq(items) = self { items.first() } else { Some(self) };
        let is_set = |name| within.and_then(|tree| tree.member(name)) == Some(&Tree::Bool(true));
        FLAGS.iter().filter(|(name, _)| is_set(name)).fold(0, |flags, (_, flag)| flags | flag)
    }

    /// Whether it is nothing but flags.
    fn is_flags(&self) -> bool {
        let is_flags = |members: &[(String, Tree)]| members.iter().all(|(name, _)| is_flag(name));
        matches!(self, Self::Map(members) if !members.is_empty() && is_flags(members))
    }
}

fn is_flag(name: &str) -> bool {
    FLAGS.iter().any(|(flag, _)| *flag == name)
}

/// Appends attributes. Members with the names in `heads` are something else.
fn list(out: &mut Buffer<'_>, items: Items, family: u8, heads: &[&str], tree: &Tree) -> Result<()> {
    let set = if let Items::Set(schema) = items { schema.name } else { "nlattr" };
    let at = out.len() as u32;
    let members = tree.members().ok_or(ErrorKind::Value.at(set, at))?;
    let mut chosen = Chosen::default();
    let mut rest = None;
    for (name, value) in members.clone() {
        if is_flag(name) || heads.contains(&name) {
            continue;
        }
        if name == REST {
            rest = Some(value);
            continue;
        }
        let code = code(items, name).ok_or(ErrorKind::Name.at(set, out.len() as u32))?;
        let (field, ty) = items.of(code);
        let context = field.map_or(set, |field| field.name);
        let (item, values) = match (ty, value) {
            (Type::Multi(item), Tree::Seq(values)) => (*item, values.as_slice()),
            (Type::Multi(_), _) => return Err(ErrorKind::Value.at(context, out.len() as u32)),
            (ty, value) => (ty, core::slice::from_ref(value)),
        };
        for value in values {
            let mut ty = item;
            while let Type::Select(choices) = ty {
                ty = *chosen.of(choices, family, value.flags(), |key| {
                    let keys =
                        members.clone().filter(|(name, _)| self::code(items, name) == Some(key));
                    let mut bytes = [0; 256];
                    let mut bytes = Buffer::new(&mut bytes);
                    payload(&mut bytes, items.of(key).1, family, "", keys.last()?.1).ok()?;
                    Some(choices.by_key(bytes.filled()?))
                });
            }
            let mut result = Ok(());
            out.attribute(code | value.flags(), |out| {
                result = payload(out, ty, family, context, value);
            });
            result?;
        }
    }
    match rest {
        Some(rest) => hex(out, rest).ok_or(ErrorKind::Value.at(set, out.len() as u32)),
        None => Ok(()),
    }
}

/// The number of an attribute, which may be its name.
fn code(items: Items, name: &str) -> Option<u16> {
    let name = name.split_once(AGAIN).map_or(name, |(name, _)| name);
    if let Ok(number) = name.parse() {
        return (number <= 0x3fff).then_some(number);
    }
    let Items::Set(schema) = items else { return None };
    schema.attrs.iter().find(|field| field.name == name).map(|field| field.code)
}

/// Appends a value.
fn payload(
    out: &mut Buffer<'_>,
    ty: Type,
    family: u8,
    context: &'static str,
    value: &Tree,
) -> Result<()> {
    let start = out.len() as u32;
    match ty {
        _ if value.member(HEX).is_some() => {}
        Type::Struct(layout) => return structure(out, layout, false, context, value),
        Type::Nest(schema) => return list(out, Items::Set(schema()), family, &[], value),
        Type::List(item) => return list(out, Items::Positions(item), family, &[], value),
        Type::Headed(layout, schema) => {
            let member = value.member(layout.name).unwrap_or(&EMPTY);
            head(out, layout, false, member)?;
            out.pad();
            return list(out, Items::Set(schema()), family, &[layout.name], value);
        }
        Type::Records(layout, schema) => {
            let Tree::Seq(records) = value else {
                return Err(ErrorKind::Value.at(context, start));
            };
            for record in records.iter().filter(|record| !record.is_flags()) {
                if let Tree::Text(_) = record {
                    hex(out, record).ok_or(ErrorKind::Value.at(context, start))?;
                    continue;
                }
                let member = record.member(layout.name).unwrap_or(&EMPTY);
                let mut result = Ok(());
                out.measured(|out| {
                    result = head(out, layout, true, member).and_then(|()| {
                        out.pad();
                        list(out, Items::Set(schema()), family, &[layout.name], record)
                    });
                });
                result?;
            }
            return Ok(());
        }
        Type::Array(item, _) | Type::Packed(item) => {
            if let Tree::Seq(values) = value {
                if matches!(ty, Type::Array(_, count) if count != values.len()) {
                    return Err(ErrorKind::Value.at(context, start));
                }
                return values.iter().try_for_each(|value| part(out, *item, context, value));
            }
        }
        _ => {}
    }
    plain(out, ty, value).ok_or(ErrorKind::Value.at(context, start))?;
    #[cfg(planted_bug)]
    assert!(!crate::planted::trips("form", context, out.written()), "planted bug: {context}");
    Ok(())
}

/// Appends a value that is in one piece.
fn plain(out: &mut Buffer<'_>, ty: Type, value: &Tree) -> Option<()> {
    if let Some(bytes) = value.member(HEX) {
        return hex(out, bytes);
    }
    match (ty, value) {
        (Type::Flag, Tree::Bool(true)) => {}
        (Type::Int(int), Tree::Number(number)) => int.put(*number, out)?,
        (Type::Uint, Tree::Number(number)) => {
            let len = if u32::try_from(*number).is_ok() { 4 } else { 8 };
            Int::of(len, false, false).put(*number, out)?;
        }
        (Type::Uint, value) => match value.member(U64)? {
            Tree::Number(number) => Int::of(8, false, false).put(*number, out)?,
            _ => return None,
        },
        (Type::Constants(constants), Tree::Number(number)) => constants.int.put(*number, out)?,
        (Type::Constants(constants), Tree::Text(words)) => {
            constants.int.put(constants.parse(words)?, out)?;
        }
        (Type::String, Tree::Text(text)) if !text.contains('\0') => {
            out.put(text.as_bytes());
            out.put(&[0]);
        }
        (Type::String, value) => out.put(value.member(NO_NUL)?.text()?.as_bytes()),
        (Type::Binary | Type::Other(_), value) => hex(out, value)?,
        (Type::Array(Type::Int(Int { len: 1, .. }), count), value) => {
            let start = out.len();
            hex(out, value)?;
            return (out.len() - start == count).then_some(());
        }
        (Type::Ipv4 | Type::Ipv6 | Type::Addr, Tree::Text(text)) => match (text.parse(), ty) {
            (Ok(IpAddr::V4(ip)), Type::Ipv4 | Type::Addr) => ip.put(out),
            (Ok(IpAddr::V6(ip)), Type::Ipv6 | Type::Addr) => ip.put(out),
            _ => return None,
        },
        (Type::LlAddr, Tree::Text(text)) => {
            for byte in text.split(':').filter(|_| !text.is_empty()) {
                hex_of(out, byte).filter(|()| byte.len() == 2)?;
            }
        }
        _ => return None,
    }
    Some(())
}

/// Appends a part of something larger, which has a length of its own.
fn part(out: &mut Buffer<'_>, ty: Type, context: &'static str, value: &Tree) -> Result<()> {
    let start = out.len();
    match ty {
        Type::Struct(layout) if value.member(HEX).is_none() => {
            structure(out, layout, true, context, value)?;
        }
        ty => payload(out, ty, 0, context, value)?,
    }
    if ty.size() != Some(out.len() - start) {
        return Err(ErrorKind::Value.at(context, start as u32));
    }
    Ok(())
}

/// Appends a struct before attributes. If it starts with the length of everything, that is 0.
fn head(
    out: &mut Buffer<'_>,
    layout: &'static Layout,
    without_len: bool,
    value: &Tree,
) -> Result<()> {
    if !without_len {
        return structure(out, layout, true, layout.name, value);
    }
    let Some(((_, len), fields)) = layout.fields.split_first() else { return Ok(()) };
    zeros(out, *len);
    structure(out, &Layout { name: layout.name, fields }, true, layout.name, value)
}

/// Appends the fields of a struct: all of them, or those up to the last one that is there.
fn structure(
    out: &mut Buffer<'_>,
    layout: &Layout,
    whole: bool,
    context: &'static str,
    value: &Tree,
) -> Result<()> {
    let wrong = |out: &Buffer<'_>, kind: ErrorKind| Err(kind.at(context, out.len() as u32));
    let Tree::Map(members) = value else { return wrong(out, ErrorKind::Value) };
    let is_field = |name: &str| layout.fields.iter().any(|(field, _)| *field == name);
    if !members.iter().all(|(name, _)| is_field(name) || (!whole && name == REST)) {
        return wrong(out, ErrorKind::Name);
    }
    let last = layout.fields.iter().rposition(|(name, _)| value.member(name).is_some());
    for (at, (name, ty)) in layout.fields.iter().enumerate() {
        match value.member(name) {
            Some(value) => part(out, *ty, context, value)?,
            None if whole || last > Some(at) => zeros(out, *ty),
            None => break,
        }
    }
    match value.member(REST) {
        Some(rest) if hex(out, rest).is_none() => wrong(out, ErrorKind::Value),
        _ => Ok(()),
    }
}

fn zeros(out: &mut Buffer<'_>, ty: Type) {
    (0..ty.size().unwrap_or_default()).for_each(|_| out.put(&[0]));
}

/// Appends the bytes that stand in a string in hex.
fn hex(out: &mut Buffer<'_>, value: &Tree) -> Option<()> {
    hex_of(out, value.text()?)
}

fn hex_of(out: &mut Buffer<'_>, text: &str) -> Option<()> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    for pair in pairs {
        let &[high, low] = pair else { return None };
        out.put(&[(digit(high)? << 4 | digit(low)?) as u8]);
    }
    Some(())
}

impl Constants {
    /// The number that words stand for.
    fn parse(&self, words: &str) -> Option<i128> {
        let word = |word: &str| match (self.by_word(word), word.strip_prefix("0x")) {
            (Some(constant), _) => Some(constant.value),
            (None, Some(hex)) => u64::from_str_radix(hex, 16).ok(),
            (None, None) => word.parse().ok(),
        };
        if !self.flags {
            return word(words).map(i128::from);
        }
        words.split('|').try_fold(0, |bits, flag| Some(bits | word(flag)?)).map(i128::from)
    }
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As deep as formats for humans go.
        Depth(127).deserialize(deserializer).map(Self)
    }
}

/// How many arrays and objects may lie in one another.
struct Depth(u8);

impl Depth {
    fn deeper<E: serde::de::Error>(&self) -> Result<u8, E> {
        self.0.checked_sub(1).ok_or_else(|| E::custom("nested too deeply"))
    }
}

impl<'de> DeserializeSeed<'de> for Depth {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Depth {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a part of a netlink message")
    }

    fn visit_bool<E>(self, set: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(set))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Number(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
        let depth = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = from.next_element_seed(Depth(depth))? {
            items.push(item);
        }
        Ok(Tree::Seq(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
        let depth = self.deeper()?;
        let mut members = Vec::new();
        while let Some(name) = from.next_key::<String>()? {
            members.push((name, from.next_value_seed(Depth(depth))?));
        }
        Ok(Tree::Map(members))
    }
}
