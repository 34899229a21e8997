//! Attributes whose type another attribute of the same list tells.

use core::{fmt, marker::PhantomData};

use crate::{
    attrs::{Attribute, Attrs},
    error::{ErrorKind, Result},
    nla::Nla,
    schema::{Choices, Type},
    value::{Str, Value},
    writer::Buffer,
};

/// The types among which an attribute chooses.
///
/// [`select!`](crate::select) implements it; nothing else should need to.
pub trait Select<'a>: Copy + PartialEq + fmt::Debug + 'a {
    /// The set of both attributes.
    type Parent: Attribute<'a>;

    /// Type of the attribute that chooses.
    type Key: Key<'a>;

    /// What the table of the choice says.
    const CHOICES: &'static Choices;

    /// The attribute that chooses.
    fn key_attr(key: Self::Key) -> Self::Parent;

    /// The attribute whose type is chosen.
    fn data_attr(data: Sub<'a, Self>) -> Self::Parent;

    /// Reads the data as what the key chooses.
    ///
    /// # Errors
    ///
    /// The payload is not what that type allows.
    fn parse(key: Option<Self::Key>, nla: Nla<'a>) -> Result<Self, ErrorKind>;

    /// The key that chooses this type, if it is known.
    fn key(&self) -> Option<Self::Key>;

    /// Flags that `nla_type` of the data carries.
    fn flags(&self) -> u16;

    /// Appends the data.
    fn write(&self, out: &mut Buffer<'_>);

    /// The data in `attrs`, if there is any. The key may come before or after it.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`], for the key or for the data.
    fn of(attrs: Attrs<'a, Self::Parent>) -> Result<Option<Self>> {
        let Some(Sub { nla, .. }) = attrs.get(Self::data_attr)? else { return Ok(None) };
        let key = attrs.get(Self::key_attr)?;
        let name = Self::Parent::name(nla.code()).unwrap_or(Self::CHOICES.name);
        Self::parse(key, nla).map(Some).map_err(|e| nla.error(name, e))
    }
}

/// Number of the attribute that chooses.
#[doc(hidden)]
pub fn __key_code<'a, S: Select<'a>>() -> u16 {
    S::key_attr(Value::PROBE).code()
}

/// A value that can choose a type: a string or a number.
pub trait Key<'a>: Value<'a> {
    /// What the table of the choice has on the left.
    type Word;

    /// The word for this value.
    fn word(self) -> Self::Word;

    /// The value with this word.
    fn from_word(word: Self::Word) -> Self;
}

impl<'a> Key<'a> for Str<'a> {
    type Word = &'a str;

    fn word(self) -> &'a str {
        self.to_str().unwrap_or_default()
    }

    fn from_word(word: &'a str) -> Self {
        word.into()
    }
}

impl Key<'_> for u16 {
    type Word = u16;

    fn word(self) -> u16 {
        self
    }

    fn from_word(word: u16) -> u16 {
        word
    }
}

/// The value of an attribute whose type another one chooses; `S::of` reads it.
#[derive(Clone, Copy)]
pub struct Sub<'a, S> {
    nla: Nla<'a>,
    select: PhantomData<fn() -> S>,
}

impl<'a, S> Sub<'a, S> {
    /// The attribute as it lies in the message, unread.
    pub const fn raw(self) -> Nla<'a> {
        self.nla
    }
}

impl<S> PartialEq for Sub<'_, S> {
    fn eq(&self, other: &Self) -> bool {
        self.nla == other.nla
    }
}

impl<S> fmt::Debug for Sub<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.nla.fmt(f)
    }
}

impl<'a, S: Select<'a>> Value<'a> for Sub<'a, S> {
    const PROBE: Self = Sub { nla: Nla::new(0, &[]), select: PhantomData };
    const TYPE: Type = Type::Select(S::CHOICES);

    fn flags(&self) -> u16 {
        self.nla.flags()
    }

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        Ok(Sub { nla, select: PhantomData })
    }

    fn write(&self, out: &mut Buffer<'_>) {
        out.put(self.nla.payload());
    }
}
