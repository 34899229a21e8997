use crate::{
    error::{Error, ErrorKind},
    scalar,
    value::{Payload, Value},
};

/// `NLA_ALIGNTO`: attributes and messages start at multiples of this, in bytes.
///
/// What comes after the largest number is never reached, and may be any place.
pub(crate) const fn align(len: usize) -> usize {
    len.wrapping_add(3) & !3
}

/// What an attribute has from the message and the nests that it lies in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scope {
    /// The address family of the message; 0 if there is none.
    pub(crate) family: u8,
    /// How many nests there are around it.
    depth: u8,
}

impl Scope {
    /// Nests that lie deeper are bytes to whatever would show all that is in them, so that no
    /// message exhausts a stack. The kernel itself has no nests this deep, and refuses more than 10.
    const DEEPEST: u8 = 16;

    /// Of a message of this address family.
    pub(crate) const fn of(family: u8) -> Self {
        Self { family, depth: 0 }
    }

    /// One nest further in.
    const fn inside(self) -> Self {
        Self { depth: self.depth.saturating_add(1), ..self }
    }

    /// Whether what lies here is too deep to be shown.
    pub(crate) const fn is_too_deep(self) -> bool {
        self.depth > Self::DEEPEST
    }
}

/// One attribute as it lies in the message: `struct nlattr` and its payload.
///
/// It compares equal to another one of the same type and payload, wherever
/// the two lie.
///
/// Source: `include/uapi/linux/netlink.h`.
#[derive(Clone, Copy, Debug)]
pub struct Nla<'a> {
    kind: u16,
    scope: Scope,
    offset: u32,
    payload: &'a [u8],
}

impl<'a> Nla<'a> {
    /// Both flags.
    pub(crate) const FLAGS: u16 = Self::NESTED | Self::NET_BYTEORDER;
    /// `NLA_F_NESTED`: the payload is itself a list of attributes.
    pub const NESTED: u16 = 1 << 15;
    /// `NLA_F_NET_BYTEORDER`: the payload is in network byte order.
    pub const NET_BYTEORDER: u16 = 1 << 14;
    /// `NLA_HDRLEN`, in bytes.
    pub const HEADER_LEN: usize = 4;

    /// An attribute of type `kind`, flags included.
    pub const fn new(kind: u16, payload: &'a [u8]) -> Self {
        Self { kind, scope: Scope::of(0), offset: 0, payload }
    }

    /// `nla_type` as it was sent, with its flag bits.
    pub const fn kind(self) -> u16 {
        self.kind
    }

    /// `nla_type` without its flag bits: `NLA_TYPE_MASK`.
    pub const fn code(self) -> u16 {
        self.kind & !Self::FLAGS
    }

    /// The flags in `nla_type`.
    pub const fn flags(self) -> u16 {
        self.kind & Self::FLAGS
    }

    /// The address family of the message that the attribute is in; 0 if it is
    /// in none. What some attributes hold depends on it.
    pub const fn family(self) -> u8 {
        self.scope.family
    }

    /// The payload, without padding.
    pub const fn payload(self) -> &'a [u8] {
        self.payload
    }

    /// Where the attribute starts, in bytes from the start of the message.
    pub const fn offset(self) -> u32 {
        self.offset
    }

    /// The payload read as a list of attributes, whether flagged so or not.
    pub const fn nested(self) -> Nlas<'a> {
        Nlas::within(self.payload, self.inner_offset(), self.inner_scope())
    }

    /// Where the payload starts.
    pub(crate) const fn inner_offset(self) -> u32 {
        self.offset.wrapping_add(Self::HEADER_LEN as u32)
    }

    /// The scope of attributes in the payload.
    pub(crate) const fn inner_scope(self) -> Scope {
        self.scope.inside()
    }

    /// Whether the byte at `at` of the message is of this attribute, padding left out.
    pub const fn contains(self, at: u32) -> bool {
        let len = Self::HEADER_LEN + self.payload.len();
        self.offset <= at && at - self.offset < len as u32
    }

    /// The payload, read as the type that an attribute of this name has.
    ///
    /// # Errors
    ///
    /// Those of [`Value::parse`], at this attribute.
    #[inline]
    pub fn value<P: Payload<'a>>(self, name: &'static str) -> Result<P, Error> {
        #[cfg(planted_bug)]
        let this = crate::planted::read(name, self);
        #[cfg(not(planted_bug))]
        let this = self;
        match Value::parse(this) {
            Ok(value) => Ok(P::new(value)),
            Err(kind) => Err(self.error(name, kind)),
        }
    }

    /// An error about this attribute.
    pub const fn error(self, context: &'static str, kind: ErrorKind) -> Error {
        kind.at(context, self.offset)
    }
}

impl PartialEq for Nla<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, self.payload) == (other.kind, other.payload)
    }
}

impl Eq for Nla<'_> {}

/// Iterator over a list of attributes, untyped.
///
/// It ends after the first error: past a broken length there is no telling
/// where the next attribute starts. Like the kernel, it lets up to three bytes
/// after the last attribute pass.
#[derive(Clone, Debug)]
pub struct Nlas<'a> {
    rest: &'a [u8],
    offset: u32,
    scope: Scope,
}

impl<'a> Nlas<'a> {
    /// The attributes in `bytes`, which lie `offset` bytes into their message.
    pub const fn new(bytes: &'a [u8], offset: u32) -> Self {
        Self::within(bytes, offset, Scope::of(0))
    }

    /// The same, in a message and nests of it.
    pub(crate) const fn within(bytes: &'a [u8], offset: u32, scope: Scope) -> Self {
        Self { rest: bytes, offset, scope }
    }

    /// The bytes that are still to be read.
    #[cfg(feature = "serde")]
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Nlas<'a> {
    type Item = Result<Nla<'a>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest;
        let &[l0, l1, k0, k1, ref after @ ..] = rest else { return None };
        let len = usize::from(scalar::u16([l0, l1]));
        // A length less than the header's wraps, and no list is as long as that.
        let Some(payload) = after.get(..len.wrapping_sub(Nla::HEADER_LEN)) else {
            self.rest = &[];
            return Some(Err(broken(len).at("nlattr", self.offset)));
        };
        let Self { offset, scope, .. } = *self;
        let kind = scalar::u16([k0, k1]);
        // The last attribute may lack its padding.
        self.rest = rest.get(align(len).min(rest.len())..).unwrap_or_default();
        self.offset = offset.wrapping_add(align(len) as u32);
        Some(Ok(Nla { kind, scope, offset, payload }))
    }
}

/// What is wrong with an attribute of this length, which does not fit its list.
#[cold]
const fn broken(len: usize) -> ErrorKind {
    if len < Nla::HEADER_LEN { ErrorKind::Short(len as u32) } else { ErrorKind::Truncated }
}
