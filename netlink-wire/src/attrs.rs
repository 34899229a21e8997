use core::{fmt, marker::PhantomData};

use crate::{
    error::Result,
    nla::{Nla, Nlas, Scope},
    schema::Schema,
    value::{Multi, Value},
    writer::Buffer,
};

/// One attribute of a known set, such as [`RuleAttr`](crate::rule::RuleAttr).
///
/// The macro behind every set implements it; nothing else should need to.
pub trait Attribute<'a>: Copy + PartialEq + fmt::Debug + 'a {
    /// The same set without its borrow. It ties a [`Writer`](crate::Writer) to
    /// the attributes that it takes.
    type Set;

    /// What the table of the set says.
    const SCHEMA: &'static Schema;

    /// The kernel's name of the attribute with this code.
    fn name(code: u16) -> Option<&'static str>;

    /// Reads the attribute.
    ///
    /// # Errors
    ///
    /// The payload is not what the type allows. An unknown code is no error.
    fn parse(nla: Nla<'a>) -> Result<Self>;

    /// `nla_type` of the attribute, flags included.
    fn kind(&self) -> u16;

    /// `nla_type` of the attribute, without flags.
    #[inline(always)]
    fn code(&self) -> u16 {
        self.kind() & !Nla::FLAGS
    }

    /// Appends the payload, without padding.
    fn write(&self, out: &mut Buffer<'_>);
}

/// The attributes of one message or nest, not yet read.
pub struct Attrs<'a, A> {
    bytes: &'a [u8],
    offset: u32,
    scope: Scope,
    /// Whether `nla_type` says that this is a nest. The kernel often omits it.
    flagged: bool,
    set: PhantomData<fn() -> A>,
}

impl<'a, A: Attribute<'a>> Attrs<'a, A> {
    /// The attributes in `bytes`, which lie `offset` bytes into their message.
    pub const fn new(bytes: &'a [u8], offset: u32) -> Self {
        Self { bytes, offset, scope: Scope::of(0), flagged: true, set: PhantomData }
    }

    /// The same attributes, in a message of this address family.
    pub const fn with_family(mut self, family: u8) -> Self {
        self.scope.family = family;
        self
    }

    /// The payload of `nla` as a list.
    pub const fn of(nla: Nla<'a>) -> Self {
        let mut attrs = Self::new(nla.payload(), nla.inner_offset());
        attrs.scope = nla.inner_scope();
        attrs.flagged = nla.flags() & Nla::NESTED != 0;
        attrs
    }

    /// Flags of the attribute that holds this nest.
    pub(crate) const fn flags(&self) -> u16 {
        if self.flagged { Nla::NESTED } else { 0 }
    }

    /// The attributes in the order in which they were sent.
    ///
    /// An attribute that cannot be read yields an error, and the iteration
    /// goes on after it.
    pub fn iter(&self) -> AttrIter<'a, A> {
        AttrIter { nlas: self.raw(), set: PhantomData }
    }

    /// The same, untyped.
    pub const fn raw(&self) -> Nlas<'a> {
        Nlas::within(self.bytes, self.offset, self.scope)
    }

    /// The bytes that the attributes take, headers and padding included.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The attributes past the first `len` bytes.
    pub(crate) fn skip(self, len: usize) -> Self {
        let bytes = self.bytes.get(len..).unwrap_or_default();
        Self { bytes, offset: self.offset.wrapping_add(len as u32), ..self }
    }

    /// Where they lie, in bytes from the start of the message.
    pub(crate) const fn offset(&self) -> u32 {
        self.offset
    }

    /// The attributes in the bytes from `start` to `end`, if there are so many.
    pub(crate) fn slice(self, start: usize, end: usize) -> Option<Self> {
        let bytes = self.bytes.get(start..end)?;
        Some(Self { bytes, offset: self.offset.wrapping_add(start as u32), ..self })
    }

    /// The same bytes read as another set: a sub-message, once its selector is known.
    pub const fn cast<B: Attribute<'a>>(self) -> Attrs<'a, B> {
        let Self { bytes, offset, scope, flagged, .. } = self;
        Attrs { bytes, offset, scope, flagged, set: PhantomData }
    }

    /// The value of the last attribute of this variant: the one that the kernel
    /// would heed.
    ///
    /// ```
    /// # use netlink_wire::{Result, rule::{Rule, RuleAttr}};
    /// # fn f(rule: Rule<'_>) -> Result<()> {
    /// let priority: Option<u32> = rule.attrs.get(RuleAttr::Priority)?;
    /// # Ok(()) }
    /// ```
    ///
    /// Attributes that can come several times are read with [`all`](Self::all);
    /// `get` does not take them.
    ///
    /// ```compile_fail,E0277
    /// # use netlink_wire::{Attrs, link::PropAttr};
    /// # fn f(list: Attrs<'_, PropAttr<'_>>) {
    /// list.get(PropAttr::AltIfName);
    /// # }
    /// ```
    ///
    /// What stands before a broken attribute is still found. An attribute that
    /// is not found there yields the error, for it may have come after.
    ///
    /// Each call walks the headers of the list once. To read more than a few
    /// attributes, [`index`](Self::index) the list first; to read most of them,
    /// one `match` over [`iter`](Self::iter) is faster still.
    ///
    /// # Errors
    ///
    /// The value is not what its type allows, or the list is broken before the
    /// attribute was found.
    #[inline]
    pub fn get<T: Value<'a>>(&self, variant: impl FnOnce(T) -> A) -> Result<Option<T>> {
        let code = variant(T::PROBE).code();
        match self.last(code)? {
            Some(nla) => read::<A, T>(nla, code).map(Some),
            None => Ok(None),
        }
    }

    /// The values of all attributes of this variant, in the order of the list.
    /// One that cannot be read is an error, and the next call goes on after it.
    pub fn all<T: Value<'a>, F: FnOnce(Multi<T>) -> A>(
        &self,
        variant: F,
    ) -> impl Iterator<Item = Result<T>> + use<'a, T, A, F> {
        let code = variant(Multi(T::PROBE)).code();
        self.raw().filter_map(move |nla| match nla {
            Ok(nla) => (nla.code() == code).then(|| read::<A, T>(nla, code)),
            Err(error) => Some(Err(error)),
        })
    }

    /// The last attribute with this code.
    #[inline]
    pub(crate) fn last(&self, code: u16) -> Result<Option<Nla<'a>>> {
        let mut found = None;
        for nla in self.raw() {
            match nla {
                Ok(nla) if nla.code() == code => found = Some(nla),
                Err(error) if found.is_none() => return Err(error),
                _ => {}
            }
        }
        Ok(found)
    }
}

/// Reads the attribute with this code. It is known when the caller is compiled, who so has one name and not all.
#[inline]
pub(crate) fn read<'a, A: Attribute<'a>, T: Value<'a>>(nla: Nla<'a>, code: u16) -> Result<T> {
    T::parse(nla).map_err(|e| nla.error(A::name(code).unwrap_or(A::SCHEMA.name), e))
}

/// Any attribute, untyped: the set of what this crate does not know.
impl<'a> Attribute<'a> for Nla<'a> {
    type Set = Nla<'static>;
    const SCHEMA: &'static Schema = &Schema { name: "nlattr", attrs: &[] };

    fn name(_: u16) -> Option<&'static str> {
        None
    }

    fn parse(nla: Nla<'a>) -> Result<Self> {
        Ok(nla)
    }

    fn kind(&self) -> u16 {
        (*self).kind()
    }

    fn write(&self, out: &mut Buffer<'_>) {
        out.put(self.payload());
    }
}

impl<A> Clone for Attrs<'_, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Attrs<'_, A> {}

impl<A> PartialEq for Attrs<'_, A> {
    fn eq(&self, other: &Self) -> bool {
        (self.flagged, self.bytes) == (other.flagged, other.bytes)
    }
}

impl<'a, A: Attribute<'a>> fmt::Debug for Attrs<'a, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scope.is_too_deep() {
            return f.write_str("[..]");
        }
        let mut list = f.debug_list();
        for attr in self.iter() {
            match attr {
                Ok(attr) => list.entry(&attr),
                Err(error) => list.entry(&error),
            };
        }
        list.finish()
    }
}

impl<'a, A: Attribute<'a>> IntoIterator for Attrs<'a, A> {
    type Item = Result<A>;
    type IntoIter = AttrIter<'a, A>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Iterator over the attributes of a set, made by [`Attrs::iter`].
#[derive(Clone, Debug)]
pub struct AttrIter<'a, A> {
    nlas: Nlas<'a>,
    set: PhantomData<fn() -> A>,
}

impl<'a, A: Attribute<'a>> Iterator for AttrIter<'a, A> {
    type Item = Result<A>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        Some(self.nlas.next()?.and_then(A::parse))
    }
}
