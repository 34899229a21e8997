//! Reading messages by their schema, without knowing their types beforehand.
//!
//! Decoders and error messages use it. What it shows is the same as what the
//! typed views read, for both are made from one table.

use core::{fmt, num::ParseIntError};

use crate::{
    error::{ErrorKind, Result},
    message::{Header, Message},
    netaddr::{Addr, LlAddr},
    nla::{Nla, Nlas, Scope, align},
    rtnl,
    schema::{Choices, Chooser, Constants, Field, Int, Layout, Schema, Type},
    value::{Pod, Str},
};

/// Iterator over the attributes of a message or nest, each with what its
/// schema says.
///
/// Like [`Nlas`], it ends after the first error. `Debug` shows all of them by name, nests included.
#[derive(Clone)]
pub struct Walk<'a> {
    pub(crate) nlas: Nlas<'a>,
    /// The whole list, for one attribute may choose the type of another.
    list: Nlas<'a>,
    pub(crate) items: Items,
    chosen: Chosen,
}

/// What the attributes of a list are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Items {
    Set(&'static Schema),
    Positions(&'static Type),
}

impl<'a> Walk<'a> {
    /// The attributes in `nlas`, which are of this set.
    pub fn new(schema: &'static Schema, nlas: Nlas<'a>) -> Self {
        Self::of(Items::Set(schema), nlas)
    }

    fn of(items: Items, nlas: Nlas<'a>) -> Self {
        Self { nlas: nlas.clone(), list: nlas, items, chosen: Chosen::default() }
    }

    /// The attributes of a message of `NETLINK_ROUTE`; none if its type is not known.
    pub fn rtnl(message: Message<'a>) -> Self {
        const EMPTY: Schema = Schema { name: "", attrs: &[] };
        let Some(family) = rtnl::Family::of(message.header) else {
            return Self::new(&EMPTY, Nlas::new(&[], 0));
        };
        let len = family.attrs_start(message.payload);
        let bytes = message.payload.get(len..).unwrap_or_default();
        let address_family = message.payload.first().copied().unwrap_or_default();
        let nlas = Nlas::within(bytes, (Header::LEN + len) as u32, Scope::of(address_family));
        Self::new(family.attrs(), nlas)
    }

    /// The set that the attributes are of; the items of a list are of none.
    pub fn schema(&self) -> Option<&'static Schema> {
        match self.items {
            Items::Set(schema) => Some(schema),
            Items::Positions(_) => None,
        }
    }

    fn entry(&mut self, nla: Nla<'a>) -> Entry<'a> {
        let (field, ty) = self.items.of(nla.code());
        Entry { nla, field, ty: self.resolve(ty, nla) }
    }

    /// The type that stands behind a choice.
    fn resolve(&mut self, ty: Type, nla: Nla<'a>) -> Type {
        match ty {
            Type::Multi(item) => self.resolve(*item, nla),
            Type::Select(choices) => {
                let list = &self.list;
                let ty = self.chosen.of(choices, nla.family(), nla.flags(), |code| {
                    let keys = list.clone().flatten().filter(|nla| nla.code() == code);
                    keys.last().map(|nla| choices.by_key(nla.payload()))
                });
                self.resolve(*ty, nla)
            }
            ty => ty,
        }
    }
}

impl Items {
    /// The line in the table for an attribute with this number, and its type.
    pub(crate) fn of(self, code: u16) -> (Option<&'static Field>, Type) {
        match self {
            Self::Positions(ty) => (None, *ty),
            Self::Set(schema) => {
                let field = schema.field(code);
                (field, field.map_or(Type::Binary, |field| field.ty))
            }
        }
    }
}

/// What attributes of one list have chosen for others. It is looked for once, however many there are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chosen([Option<(&'static Choices, &'static Type)>; 4]);

impl Chosen {
    /// The type that is chosen for an attribute with these flags; `by_key` tells what the
    /// attribute with a number chooses.
    pub(crate) fn of(
        &mut self,
        choices: &'static Choices,
        family: u8,
        flags: u16,
        by_key: impl FnOnce(u16) -> Option<&'static Type>,
    ) -> &'static Type {
        let code = match choices.by {
            Chooser::Family => return choices.by_number(family.into()),
            Chooser::Nested => return choices.by_number((flags & Nla::NESTED != 0).into()),
            Chooser::Attr(code) => code(),
        };
        let mut free = None;
        for slot in &mut self.0 {
            match slot {
                Some((known, ty)) if known.name == choices.name => return ty,
                Some(_) => {}
                None => free = free.or(Some(slot)),
            }
        }
        let ty = by_key(code).unwrap_or(choices.other);
        if let Some(slot) = free {
            *slot = Some((choices, ty));
        }
        ty
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Result<Entry<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let nla = self.nlas.next()?;
        Some(nla.map(|nla| self.entry(nla)))
    }
}

/// One attribute, and what the schema says of it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The attribute.
    pub nla: Nla<'a>,
    /// Its line in the table; items of a list and unknown attributes have none.
    pub field: Option<&'static Field>,
    /// Type of the payload, every choice made.
    pub ty: Type,
}

/// What is in the payload of an [`Entry`].
#[derive(Clone)]
pub enum Content<'a> {
    /// A value without attributes inside.
    Value(Shown<'a>),
    /// Attributes.
    Attrs(Walk<'a>),
    /// A struct and attributes after it.
    Headed(Shown<'a>, Walk<'a>),
    /// Structs, each with attributes after it.
    Records(Records<'a>),
}

impl<'a> Content<'a> {
    /// What is in a message of `NETLINK_ROUTE`: its fixed header, and the attributes; bytes if its type is not
    /// known.
    pub fn rtnl(message: Message<'a>) -> Self {
        let (ty, bytes) = (Type::Binary, message.payload);
        let Some(family) = rtnl::Family::of(message.header) else {
            return Self::Value(Shown { ty, bytes });
        };
        let (ty, len) = (Type::Struct(family.header()), family.header().size().unwrap_or_default());
        let bytes = bytes.get(..len).unwrap_or(bytes);
        Self::Headed(Shown { ty, bytes }, Walk::rtnl(message))
    }
}

impl fmt::Debug for Walk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for entry in self.clone() {
            match entry {
                Ok(entry) => match entry.name() {
                    Some(name) => map.entry(&format_args!("{name}"), &entry.content()),
                    None => map.entry(&entry.nla.code(), &entry.content()),
                },
                Err(error) => map.entry(&format_args!("error"), &format_args!("{error}")),
            };
        }
        map.finish()
    }
}

impl fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Attrs(attrs) => attrs.fmt(f),
            Self::Headed(header, attrs) => f.debug_list().entry(header).entry(attrs).finish(),
            Self::Records(records) => {
                let mut list = f.debug_list();
                for record in records.clone() {
                    match record {
                        Ok(Record { header, attrs, .. }) => {
                            list.entry(&Self::Headed(header, attrs))
                        }
                        Err(error) => list.entry(&format_args!("{error}")),
                    };
                }
                list.finish()
            }
        }
    }
}

impl<'a> Entry<'a> {
    /// The kernel's name, if the attribute is known.
    pub fn name(&self) -> Option<&'static str> {
        self.field.map(|field| field.name)
    }

    /// What is in the payload. Nests that lie so deep that no kernel would read them are a value
    /// without attributes: bytes.
    pub fn content(&self) -> Content<'a> {
        let nla = self.nla;
        let (at, scope) = (nla.inner_offset(), nla.inner_scope());
        match self.ty {
            Type::Nest(_) | Type::List(_) | Type::Headed(..) | Type::Records(..)
                if scope.is_too_deep() =>
            {
                Content::Value(Shown { ty: Type::Binary, bytes: nla.payload() })
            }
            Type::Nest(schema) => Content::Attrs(Walk::new(schema(), nla.nested())),
            Type::List(item) => Content::Attrs(Walk::of(Items::Positions(item), nla.nested())),
            Type::Headed(layout, schema) => {
                let (head, walk) = headed(nla.payload(), at, scope, layout, schema());
                Content::Headed(head, walk)
            }
            Type::Records(layout, schema) => Content::Records(Records {
                rest: nla.payload(),
                offset: at,
                scope,
                layout,
                schema: schema(),
            }),
            ty => Content::Value(Shown { ty, bytes: nla.payload() }),
        }
    }
}

/// A struct at the start of `bytes`, and the attributes after it.
fn headed<'a>(
    bytes: &'a [u8],
    offset: u32,
    scope: Scope,
    layout: &'static Layout,
    schema: &'static Schema,
) -> (Shown<'a>, Walk<'a>) {
    let len = align(layout.size().unwrap_or_default());
    let (head, attrs) = bytes.split_at_checked(len).unwrap_or((bytes, &[]));
    let nlas = Nlas::within(attrs, offset.wrapping_add(len as u32), scope);
    (Shown { ty: Type::Struct(layout), bytes: head }, Walk::new(schema, nlas))
}

/// Iterator over structs that start with their length, each with attributes
/// after it, such as the next hops of a route.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    pub(crate) rest: &'a [u8],
    offset: u32,
    scope: Scope,
    layout: &'static Layout,
    schema: &'static Schema,
}

/// One of [`Records`].
#[derive(Clone, Debug)]
pub struct Record<'a> {
    /// Where it starts, in bytes from the start of the message.
    pub offset: u32,
    /// All its bytes.
    pub bytes: &'a [u8],
    /// The struct.
    pub header: Shown<'a>,
    /// The attributes.
    pub attrs: Walk<'a>,
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let header = self.layout.size().unwrap_or_default();
        let len = Int::of(2, false, false).read(self.rest.get(..header)?)? as usize;
        let bytes = match self.rest.get(..len) {
            Some(bytes) if len >= header => bytes,
            short => {
                self.rest = &[];
                let kind = short.map_or(ErrorKind::Truncated, |_| ErrorKind::Short(len as u32));
                return Some(Err(kind.at(self.layout.name, self.offset)));
            }
        };
        let (offset, next) = (self.offset, align(len));
        self.rest = self.rest.get(next..).unwrap_or_default();
        self.offset = offset.wrapping_add(next as u32);
        let (header, attrs) = headed(bytes, offset, self.scope, self.layout, self.schema);
        Some(Ok(Record { offset, bytes, header, attrs }))
    }
}

/// The attributes around a byte of the message, the outermost first.
///
/// It tells which attribute [`AckAttr::Offs`](crate::AckAttr::Offs) is about.
/// `Display` joins the names: `RTA_MULTIPATH/RTA_GATEWAY`.
pub fn path(attrs: Walk<'_>, at: u32) -> Path<'_> {
    Path { walk: Some(attrs), at }
}

/// Iterator over the attributes around a byte of the message; made by [`path`].
#[derive(Clone, Debug)]
pub struct Path<'a> {
    walk: Option<Walk<'a>>,
    at: u32,
}

impl<'a> Iterator for Path<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let at = self.at;
        let entry = self.walk.take()?.flatten().find(|entry| entry.nla.contains(at))?;
        self.walk = match entry.content() {
            Content::Value(_) => None,
            Content::Attrs(attrs) | Content::Headed(_, attrs) => Some(attrs),
            // What is behind the attributes of a record is in none of them.
            Content::Records(records) => {
                let before = records.flatten().take_while(|record| record.offset <= at);
                before.last().map(|record| record.attrs)
            }
        };
        Some(entry)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut slash = "";
        for entry in self.clone() {
            f.write_str(slash)?;
            match entry.name() {
                Some(name) => f.write_str(name)?,
                None => write!(f, "{}", entry.nla.code())?,
            }
            slash = "/";
        }
        Ok(())
    }
}

/// Bytes that `Display` shows as their type says: numbers with the words of
/// iproute2, addresses as usual, the fields of structs by name, all else in hex. `Debug` shows the same.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The type.
    pub ty: Type,
    /// The bytes.
    pub bytes: &'a [u8],
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ty, bytes } = *self;
        match ty {
            Type::Flag => f.write_str("set"),
            Type::Int(int) => match int.read(bytes) {
                Some(number) if bytes.len() == usize::from(int.len) => number.fmt(f),
                _ => write_hex(f, bytes),
            },
            Type::Uint if matches!(bytes.len(), 4 | 8) => {
                let int = Type::Int(Int::of(bytes.len(), false, false));
                Shown { ty: int, bytes }.fmt(f)
            }
            Type::Constants(constants) => match constants.int.read(bytes) {
                Some(number) if constants.flags => write_flags(f, constants, number as u64),
                Some(number) => match constants.by_value(number) {
                    Some(constant) => f.write_str(constant.word),
                    None => number.fmt(f),
                },
                None => write_hex(f, bytes),
            },
            Type::String => Str::exact(bytes).fmt(f),
            Type::Ipv4 | Type::Ipv6 | Type::Addr => match Addr::new(bytes) {
                Addr::Other(bytes) => write_hex(f, bytes),
                ip => ip.fmt(f),
            },
            Type::LlAddr => LlAddr(bytes).fmt(f),
            Type::Array(Type::Int(Int { len: 1, .. }), _) => write_hex(f, bytes),
            Type::Array(item, _) | Type::Packed(item) => match item.size() {
                Some(len) if len > 0 => {
                    let items = bytes.chunks(len).map(|bytes| (None, Shown { ty: *item, bytes }));
                    write_list(f, ["[", "]"], items)
                }
                _ => write_hex(f, bytes),
            },
            Type::Struct(layout) => {
                let mut rest = bytes;
                let fields = layout.fields.iter().map_while(|(name, ty)| {
                    let (bytes, after) = rest.split_at_checked(ty.size()?)?;
                    rest = after;
                    Some((Some(*name), Shown { ty: *ty, bytes }))
                });
                write_list(f, ["{", "}"], fields)?;
                let len = layout.size().unwrap_or_default();
                match bytes.get(len..) {
                    Some(more) if !more.is_empty() => {
                        f.write_str(" + ")?;
                        write_hex(f, more)
                    }
                    _ => Ok(()),
                }
            }
            _ => write_hex(f, bytes),
        }
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn write_list<'a>(
    f: &mut fmt::Formatter<'_>,
    [open, close]: [&str; 2],
    items: impl Iterator<Item = (Option<&'static str>, Shown<'a>)>,
) -> fmt::Result {
    f.write_str(open)?;
    let mut comma = "";
    for (name, item) in items {
        f.write_str(comma)?;
        if let Some(name) = name {
            write!(f, "{name}: ")?;
        }
        write!(f, "{item}")?;
        comma = ", ";
    }
    f.write_str(close)
}

fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// Reads what [`write_flags`] writes. `number` reads digits, to a base, of an integer that holds the flags.
#[doc(hidden)]
#[inline(never)] // Once, and not in each type of flags.
pub fn read_flags(
    constants: &Constants,
    words: &str,
    number: fn(&str, u32) -> Result<u64, ParseIntError>,
) -> Result<u64, ParseIntError> {
    let mut flags = 0;
    for word in words.split('|').filter(|word| !word.is_empty()) {
        flags |= match (constants.by_word(word), word.strip_prefix("0x")) {
            (Some(flag), _) => flag.value,
            (None, Some(hex)) => number(hex, 16)?,
            (None, None) => number(word, 10)?,
        };
    }
    Ok(flags)
}

/// The words of the flags that are set, joined by `|`; what has none in hex.
#[doc(hidden)]
pub fn write_flags(f: &mut fmt::Formatter<'_>, constants: &Constants, bits: u64) -> fmt::Result {
    let (mut rest, mut bar) = (bits, "");
    for flag in constants.values.iter().filter(|flag| flag.value != 0) {
        if rest & flag.value == flag.value {
            write!(f, "{bar}{}", flag.word)?;
            (rest, bar) = (rest & !flag.value, "|");
        }
    }
    match rest {
        0 if bits != 0 => Ok(()),
        0 => f.write_str("0"),
        rest => write!(f, "{bar}{rest:#x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attribute, route::RouteAttr};

    /// There may be thousands of attributes for which one chooses.
    #[test]
    fn what_chooses_is_looked_for_once() {
        let encap = RouteAttr::SCHEMA.attrs.iter().find(|field| field.name == "RTA_ENCAP");
        let Type::Select(choices) = encap.unwrap().ty else { panic!("its type is chosen") };
        let (mut chosen, mut times) = (Chosen::default(), 0);
        for _ in 0..3 {
            let ty = chosen.of(choices, 2, 0, |_| {
                times += 1;
                None
            });
            assert!(matches!(ty, Type::Binary));
        }
        assert_eq!(times, 1);
    }
}
