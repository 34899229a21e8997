//! What the tables declare, as data.
//!
//! Every set of attributes is declared once, in the table that also makes its
//! enum. The same lines give the constants here, from which programs that do not
//! know a message beforehand (a decoder, an error message) can read it all the
//! same; see [`walk`](crate::walk).

use core::fmt;

use crate::{attrs::Attribute, value::Str};

/// A set of attributes.
#[derive(Debug)]
pub struct Schema {
    /// Name of the set in the kernel's netlink specifications.
    pub name: &'static str,
    /// Its attributes.
    pub attrs: &'static [Field],
}

impl Schema {
    /// The attribute with this number, if the set has it.
    pub fn field(&self, code: u16) -> Option<&'static Field> {
        self.attrs.iter().find(|field| field.code == code)
    }
}

/// One attribute of a [`Schema`].
#[derive(Debug)]
pub struct Field {
    /// `nla_type`, without flags.
    pub code: u16,
    /// The kernel's name.
    pub name: &'static str,
    /// Type of the payload.
    pub ty: Type,
}

/// Type of a payload. `Display` writes it as one word: `u32`, `nest:link-attrs`.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Type {
    /// An integer.
    Int(Int),
    /// An unsigned integer of 4 or 8 bytes.
    Uint,
    /// An integer whose values have names.
    Constants(&'static Constants),
    /// No payload; the presence is the value.
    Flag,
    /// Text up to a NUL.
    String,
    /// Bytes that have no structure, or none that is declared.
    Binary,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// A network address, the type of which its length tells.
    Addr,
    /// A link-layer address.
    LlAddr,
    /// A format of its own; the word names it.
    Other(&'static str),
    /// So many items end to end.
    Array(&'static Type, usize),
    /// A kernel struct.
    Struct(&'static Layout),
    /// A nest. It is a function, for sets may contain one another.
    Nest(fn() -> &'static Schema),
    /// A kernel struct with attributes after it.
    Headed(&'static Layout, fn() -> &'static Schema),
    /// Structs end to end that start with their length, each with attributes after it.
    Records(&'static Layout, fn() -> &'static Schema),
    /// A nest whose numbers are positions.
    List(&'static Type),
    /// Values end to end, to the end of the payload.
    Packed(&'static Type),
    /// The attribute can come several times.
    Multi(&'static Type),
    /// Something else in the message chooses the type.
    Select(&'static Choices),
}

/// How an integer lies on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Int {
    /// Length in bytes: 1, 2, 4 or 8.
    pub len: u8,
    /// Whether it can be negative.
    pub signed: bool,
    /// Whether it travels in network byte order.
    pub network: bool,
}

impl Int {
    pub(crate) const fn of(len: usize, signed: bool, network: bool) -> Self {
        Self { len: len as u8, signed, network }
    }
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match (self.network, self.signed) {
            (true, _) => "be",
            (false, true) => "s",
            (false, false) => "u",
        };
        write!(f, "{prefix}{}", 8 * u32::from(self.len))
    }
}

/// The values of a kernel enumeration, or the bits of a set of flags.
#[derive(Debug)]
pub struct Constants {
    /// Name of the type in this crate.
    pub name: &'static str,
    /// What the kernel's names start with: `RTPROT_`.
    pub prefix: &'static str,
    /// The integer.
    pub int: Int,
    /// Whether values are joined by "or".
    pub flags: bool,
    /// The values.
    pub values: &'static [Constant],
}

impl Constants {
    /// The one with this value, if it has a name.
    pub fn by_value(&self, value: i128) -> Option<&'static Constant> {
        self.values.iter().find(|constant| i128::from(constant.value) == value)
    }

    /// The one with this word.
    // Inlined, it would be unrolled for each table.
    #[inline(never)]
    pub fn by_word(&self, word: &str) -> Option<&'static Constant> {
        self.values.iter().find(|constant| constant.word == word)
    }
}

/// One value of [`Constants`].
#[derive(Debug)]
pub struct Constant {
    /// The value.
    pub value: u64,
    /// The kernel's name, without the prefix.
    pub name: &'static str,
    /// The word of iproute2.
    pub word: &'static str,
}

/// A kernel struct, field by field as it lies on the wire.
#[derive(Debug)]
pub struct Layout {
    /// Its name in C.
    pub name: &'static str,
    /// Its fields in wire order, padding included.
    pub fields: &'static [(&'static str, Type)],
}

/// The types among which something else chooses.
#[derive(Debug)]
pub struct Choices {
    /// Name of the choice in the kernel's netlink specifications.
    pub name: &'static str,
    /// What chooses.
    pub by: Chooser,
    /// The types.
    pub of: &'static [(Choice, Type)],
    /// The type of everything else.
    pub other: &'static Type,
}

/// What chooses among types.
#[derive(Clone, Copy, Debug)]
pub enum Chooser {
    /// An attribute of the same list, by its number.
    Attr(fn() -> u16),
    /// The address family of the message.
    Family,
    /// Whether the attribute is flagged as a nest: 1 or 0.
    Nested,
}

/// The value that chooses one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A string.
    Word(&'static str),
    /// A number.
    Number(u32),
}

impl Choices {
    /// The type that a number chooses.
    pub(crate) fn by_number(&self, number: i128) -> &'static Type {
        self.of(|choice| matches!(choice, Choice::Number(n) if i128::from(n) == number))
    }

    /// The type that the attribute with this payload chooses.
    pub(crate) fn by_key(&self, key: &[u8]) -> &'static Type {
        let number = Int::of(key.len(), false, false).read(key);
        self.of(|choice| match choice {
            Choice::Word(word) => Str::exact(key) == *word,
            Choice::Number(n) => number == Some(n.into()),
        })
    }

    fn of(&self, is_it: impl Fn(Choice) -> bool) -> &'static Type {
        let found = self.of.iter().find(|(choice, _)| is_it(*choice));
        found.map_or(self.other, |(_, ty)| ty)
    }
}

impl Choice {
    /// From the source text of a literal: `"vlan"` or `28`.
    #[doc(hidden)]
    pub const fn literal(text: &'static str) -> Self {
        match text.as_bytes() {
            [b'"', word @ .., b'"'] => match core::str::from_utf8(word) {
                Ok(word) => Self::Word(word),
                Err(_) => panic!("not UTF-8"),
            },
            mut digits => {
                let mut number = 0;
                while let [digit @ b'0'..=b'9', rest @ ..] = digits {
                    number = number * 10 + (*digit - b'0') as u32;
                    digits = rest;
                }
                assert!(digits.is_empty(), "neither a string nor a decimal number");
                Self::Number(number)
            }
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl Type {
    /// Length of the payload in bytes, if all of this type have one.
    pub fn size(&self) -> Option<usize> {
        Some(match self {
            Self::Int(int) => int.len.into(),
            Self::Constants(constants) => constants.int.len.into(),
            Self::Flag => 0,
            Self::Ipv4 => 4,
            Self::Ipv6 => 16,
            Self::Array(item, count) => item.size()? * count,
            Self::Struct(layout) => layout.size()?,
            _ => return None,
        })
    }
}

impl Layout {
    /// Length in bytes, if all fields have one.
    pub fn size(&self) -> Option<usize> {
        self.fields.iter().map(|(_, ty)| ty.size()).sum()
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(int) => int.fmt(f),
            Self::Uint => f.write_str("uint"),
            Self::Constants(constants) => constants.int.fmt(f),
            Self::Flag => f.write_str("flag"),
            Self::String => f.write_str("string"),
            Self::Binary => f.write_str("binary"),
            Self::Ipv4 => f.write_str("ipv4"),
            Self::Ipv6 => f.write_str("ipv6"),
            Self::Addr => f.write_str("addr"),
            Self::LlAddr => f.write_str("lladdr"),
            Self::Other(word) => f.write_str(word),
            Self::Array(item, count) => write!(f, "array:{count}:{item}"),
            Self::Struct(layout) => write!(f, "struct:{}", layout.name),
            Self::Nest(schema) => write!(f, "nest:{}", schema().name),
            Self::Headed(layout, schema) => write!(f, "struct:{}+{}", layout.name, schema().name),
            Self::Records(layout, schema) => {
                write!(f, "records:{}+{}", layout.name, schema().name)
            }
            Self::List(item) => write!(f, "list:{item}"),
            Self::Packed(item) => write!(f, "packed:{item}"),
            Self::Multi(item) => write!(f, "multi:{item}"),
            Self::Select(choices) => write!(f, "select:{}", choices.name),
        }
    }
}

/// The schema of a set.
pub fn of<'a, A: Attribute<'a>>() -> &'static Schema {
    A::SCHEMA
}
