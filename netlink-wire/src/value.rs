use core::{fmt, marker::PhantomData};

use crate::{
    attrs::{Attribute, Attrs},
    error::ErrorKind,
    nla::{Nla, align},
    scalar::Reader,
    schema::{self, Layout, Type},
    writer::Buffer,
};

/// A type that the payload of an attribute can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no single value of an attribute",
    note = "an attribute of type `Multi<_>` can come several times: read it with `Attrs::all`"
)]
pub trait Value<'a>: Copy {
    /// Any value. A variant applied to it tells its code; see
    /// [`Attrs::get`](crate::Attrs::get).
    const PROBE: Self;

    /// What the schema calls this type.
    const TYPE: Type;

    /// Flags that `nla_type` carries.
    #[inline]
    fn flags(&self) -> u16 {
        0
    }

    /// Reads the payload.
    ///
    /// # Errors
    ///
    /// The type does not allow such a payload; as a rule, of this length.
    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind>;

    /// Appends the payload, without padding.
    fn write(&self, out: &mut Buffer<'_>);
}

/// What a line of a table can name: a [`Value`], or [`Multi`] of one.
///
/// It is implemented for both; nothing else should need to.
pub trait Payload<'a>: Copy {
    /// The value in each attribute.
    type Value: Value<'a>;

    /// Type in the schema.
    const TYPE: Type;

    /// From one value.
    fn new(value: Self::Value) -> Self;

    /// The value.
    fn value(&self) -> &Self::Value;

    /// Flags that `nla_type` carries.
    #[inline(always)]
    fn flags(&self) -> u16 {
        Value::flags(self.value())
    }
}

impl<'a, T: Value<'a>> Payload<'a> for T {
    type Value = T;
    const TYPE: Type = <T as Value<'a>>::TYPE;

    #[inline]
    fn new(value: T) -> T {
        value
    }

    #[inline]
    fn value(&self) -> &T {
        self
    }
}

/// One of the values of an attribute that can come several times; see
/// [`Attrs::all`](crate::Attrs::all).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multi<T>(pub T);

impl<'a, T: Value<'a>> Payload<'a> for Multi<T> {
    type Value = T;
    const TYPE: Type = Type::Multi(&<T as Value<'a>>::TYPE);

    #[inline]
    fn new(value: T) -> Self {
        Self(value)
    }

    #[inline]
    fn value(&self) -> &T {
        &self.0
    }
}

/// A value that [`Writer::nest`](crate::Writer::nest) builds in place.
pub trait Nest<'a>: Payload<'a> {
    /// What its [`Writer`](crate::Writer) takes.
    type Set;
}

impl<'a, A: Attribute<'a>> Nest<'a> for Attrs<'a, A> {
    type Set = A::Set;
}

impl<'a, A: Attribute<'a>> Nest<'a> for Multi<Attrs<'a, A>> {
    type Set = A::Set;
}

/// Plain data of a fixed length: integers, kernel structs, constants, flags.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither plain data nor another single value",
    note = "an attribute of type `Multi<_>` can come several times: read it with `Attrs::all`",
    note = "kernel structs are declared with `wire_struct!`"
)]
pub trait Pod: Copy + 'static {
    /// The value whose bytes are all 0.
    const ZERO: Self;

    /// Length in bytes.
    const LEN: usize;

    /// What the schema calls this type.
    const TYPE: Type;

    /// Reads it.
    fn read(from: &mut Reader<'_>) -> Self;

    /// Appends it.
    fn put(&self, out: &mut Buffer<'_>);
}

/// A kernel struct, declared by [`wire_struct!`](crate::wire_struct).
pub trait Record: Pod {
    /// What its table says.
    const LAYOUT: &'static Layout;
}

impl<T: Pod> Value<'_> for T {
    const PROBE: Self = T::ZERO;
    const TYPE: Type = <T as Pod>::TYPE;

    #[inline]
    fn parse(nla: Nla<'_>) -> Result<Self, ErrorKind> {
        let payload = nla.payload();
        if payload.len() != T::LEN {
            return Err(ErrorKind::Length(payload.len() as u32));
        }
        Ok(T::read(&mut Reader::new(payload)))
    }

    #[inline]
    fn write(&self, out: &mut Buffer<'_>) {
        self.put(out);
    }
}

/// A kernel struct that is large, or that grows from release to release.
///
/// It is kept as bytes, so that none is lost, and read on demand.
/// [`Writer::push_struct`](crate::Writer::push_struct) builds one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Struct<'a, T> {
    bytes: &'a [u8],
    pod: PhantomData<fn() -> T>,
}

impl<'a, T: Pod> Struct<'a, T> {
    /// The bytes as the kernel sent them.
    pub const fn as_bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The struct that starts `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, pod: PhantomData }
    }

    /// The struct. Fields that an older kernel did not send are 0; bytes that
    /// a newer kernel added are left out.
    pub fn read(self) -> T {
        T::read(&mut Reader::new(self.bytes))
    }
}

impl<T: Pod + fmt::Debug> fmt::Debug for Struct<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.read().fmt(f)
    }
}

impl<'a, T: Pod> Value<'a> for Struct<'a, T> {
    const PROBE: Self = Struct::new(&[]);
    const TYPE: Type = <T as Pod>::TYPE;

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        Ok(Self::new(nla.payload()))
    }

    fn write(&self, out: &mut Buffer<'_>) {
        out.put(self.bytes);
    }
}

/// Plain data end to end, without headers.
///
/// [`Writer::push_packed`](crate::Writer::push_packed) builds it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Packed<'a, T> {
    bytes: &'a [u8],
    pod: PhantomData<fn() -> T>,
}

impl<'a, T: Pod> Packed<'a, T> {
    /// The values in `bytes`. A last one that is cut off is not read.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, pod: PhantomData }
    }

    /// The bytes as the kernel sent them.
    pub const fn as_bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The values.
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'a, T> {
        self.bytes.chunks_exact(T::LEN).map(|bytes| T::read(&mut Reader::new(bytes)))
    }

    /// The value at a position, counted from 0.
    pub fn get(&self, position: impl Into<usize>) -> Option<T> {
        let start = position.into().checked_mul(T::LEN)?;
        let bytes = self.bytes.get(start..)?.get(..T::LEN)?;
        Some(T::read(&mut Reader::new(bytes)))
    }
}

impl<T: Pod + fmt::Debug> fmt::Debug for Packed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, T: Pod> Value<'a> for Packed<'a, T> {
    const PROBE: Self = Packed::new(&[]);
    const TYPE: Type = Type::Packed(&<T as Pod>::TYPE);

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        Ok(Self::new(nla.payload()))
    }

    fn write(&self, out: &mut Buffer<'_>) {
        out.put(self.bytes);
    }
}

/// A nest in which the number of an attribute is its position, and all have
/// one type.
#[derive(Clone, Copy)]
pub struct List<'a, T> {
    items: Attrs<'a, Nla<'a>>,
    item: PhantomData<fn() -> T>,
}

impl<'a, T: Value<'a>> List<'a, T> {
    /// The items with their numbers, which start at 0 or 1.
    pub fn iter(&self) -> impl Iterator<Item = crate::Result<(u16, T)>> + use<'a, T> {
        self.items.raw().map(|nla| {
            let nla = nla?;
            let item = T::parse(nla).map_err(|e| nla.error("nlattr", e))?;
            Ok((nla.code(), item))
        })
    }
}

impl<T> PartialEq for List<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl<'a, T: Value<'a> + fmt::Debug> fmt::Debug for List<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, T: Value<'a>> Value<'a> for List<'a, T> {
    const PROBE: Self = List { items: Attrs::new(&[], 0), item: PhantomData };
    const TYPE: Type = Type::List(&<T as Value<'a>>::TYPE);

    fn flags(&self) -> u16 {
        self.items.flags()
    }

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        Ok(Self { items: Attrs::of(nla), item: PhantomData })
    }

    fn write(&self, out: &mut Buffer<'_>) {
        out.put(self.items.as_bytes());
    }
}

impl<'a, T: Value<'a> + 'a> Nest<'a> for List<'a, T> {
    type Set = List<'a, T>;
}

/// A string, sent with a closing NUL and accepted without one.
///
/// It is written back as it was read. The kernel does not promise UTF-8;
/// `Display` replaces what is not.
#[derive(Clone, Copy)]
pub struct Str<'a> {
    /// The payload: all of it if it was read, without the NUL if it is ours.
    bytes: &'a [u8],
    add_nul: bool,
}

impl<'a> Str<'a> {
    /// The string that the kernel sees in these bytes, which are all that is
    /// written.
    pub const fn exact(payload: &'a [u8]) -> Self {
        Self { bytes: payload, add_nul: false }
    }

    /// The string, up to its NUL.
    pub fn as_bytes(self) -> &'a [u8] {
        let end = self.bytes.iter().position(|&b| b == 0);
        &self.bytes[..end.unwrap_or(self.bytes.len())]
    }

    /// The string, if it is UTF-8.
    pub fn to_str(self) -> Option<&'a str> {
        core::str::from_utf8(self.as_bytes()).ok()
    }
}

impl<'a> From<&'a str> for Str<'a> {
    fn from(s: &'a str) -> Self {
        Self { bytes: s.as_bytes(), add_nul: true }
    }
}

impl PartialEq for Str<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Str<'_> {}

impl core::hash::Hash for Str<'_> {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl PartialEq<&str> for Str<'_> {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

impl PartialEq<str> for Str<'_> {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl fmt::Debug for Str<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.as_bytes().escape_ascii())
    }
}

impl fmt::Display for Str<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.as_bytes().utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_str("\u{fffd}")?;
            }
        }
        Ok(())
    }
}

impl<'a> Value<'a> for Str<'a> {
    const PROBE: Self = Str::exact(&[]);
    const TYPE: Type = Type::String;

    #[inline]
    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        Ok(Str::exact(nla.payload()))
    }

    fn write(&self, out: &mut Buffer<'_>) {
        out.put(self.bytes);
        if self.add_nul {
            out.put(&[0]);
        }
    }
}

impl<'a> Value<'a> for &'a [u8] {
    const PROBE: Self = &[];
    const TYPE: Type = Type::Binary;

    #[inline]
    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        Ok(nla.payload())
    }

    fn write(&self, out: &mut Buffer<'_>) {
        out.put(self);
    }
}

/// An integer that is sent in 4 bytes if it fits, in 8 if not: `NLA_UINT`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uint(pub u64);

impl fmt::Display for Uint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Value<'_> for Uint {
    const PROBE: Self = Uint(0);
    const TYPE: Type = Type::Uint;

    #[inline]
    fn parse(nla: Nla<'_>) -> Result<Self, ErrorKind> {
        let payload = nla.payload();
        let mut from = Reader::new(payload);
        match payload.len() {
            4 => Ok(Self(u32::read(&mut from).into())),
            8 => Ok(Self(u64::read(&mut from))),
            len => Err(ErrorKind::Length(len as u32)),
        }
    }

    fn write(&self, out: &mut Buffer<'_>) {
        match u32::try_from(self.0) {
            Ok(small) => small.put(out),
            Err(_) => self.0.put(out),
        }
    }
}

/// A flag: the attribute has no payload, and its presence is the value.
impl Value<'_> for () {
    const PROBE: Self = ();
    const TYPE: Type = Type::Flag;

    fn parse(_: Nla<'_>) -> Result<Self, ErrorKind> {
        Ok(())
    }

    fn write(&self, _: &mut Buffer<'_>) {}
}

/// A kernel struct with attributes after it, such as the peer of a veth.
///
/// [`Writer::headed`](crate::Writer::headed) builds it.
pub struct Headed<'a, H, A> {
    /// Only a place to keep bytes, offset and family: they start with the struct.
    whole: Attrs<'a, Nla<'a>>,
    parts: PhantomData<fn() -> (H, A)>,
}

impl<'a, H: Record, A: Attribute<'a>> Headed<'a, H, A> {
    /// The struct.
    pub fn header(&self) -> H {
        H::read(&mut Reader::new(self.whole.as_bytes()))
    }

    /// The attributes.
    pub fn attrs(&self) -> Attrs<'a, A> {
        self.whole.skip(align(H::LEN)).cast()
    }
}

impl<H, A> Clone for Headed<'_, H, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H, A> Copy for Headed<'_, H, A> {}

impl<H, A> PartialEq for Headed<'_, H, A> {
    fn eq(&self, other: &Self) -> bool {
        self.whole == other.whole
    }
}

impl<'a, H: Record + fmt::Debug, A: Attribute<'a>> fmt::Debug for Headed<'a, H, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut headed = f.debug_struct("Headed");
        headed.field("header", &self.header()).field("attrs", &self.attrs()).finish()
    }
}

impl<'a, H: Record, A: Attribute<'a>> Value<'a> for Headed<'a, H, A> {
    const PROBE: Self = Headed { whole: Attrs::of(Nla::new(0, &[])), parts: PhantomData };
    const TYPE: Type = Type::Headed(H::LAYOUT, schema::of::<A>);

    fn flags(&self) -> u16 {
        self.whole.flags()
    }

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        let len = nla.payload().len();
        if len < H::LEN {
            return Err(ErrorKind::Length(len as u32));
        }
        Ok(Headed { whole: Attrs::of(nla), parts: PhantomData })
    }

    fn write(&self, out: &mut Buffer<'_>) {
        out.put(self.whole.as_bytes());
    }
}

impl<'a, A: Attribute<'a>> Value<'a> for Attrs<'a, A> {
    const PROBE: Self = Attrs::new(&[], 0);
    const TYPE: Type = Type::Nest(schema::of::<A>);

    fn flags(&self) -> u16 {
        Attrs::flags(self)
    }

    #[inline]
    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        Ok(Attrs::of(nla))
    }

    fn write(&self, out: &mut Buffer<'_>) {
        out.put(self.as_bytes());
    }
}
