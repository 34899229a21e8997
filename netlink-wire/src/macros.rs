//! The tables that a family is declared with.
//!
//! All of them can be used outside of this crate to declare a family of one's
//! own; `tests/own_family.rs` does.

/// Declares a set of attributes, one line each:
/// kernel name, number, variant, type.
///
/// ```
/// use netlink_wire::{Attrs, Str, attributes};
///
/// attributes! {
///     /// An attribute of a made-up message.
///     pub enum MadeUpAttr<'a> in "made-up-attrs" {
///         /// Name of the thing.
///         MU_NAME = 1 => Name(Str<'a>),
///         /// The things in it.
///         MU_PARTS = 2 => Parts(Attrs<'a, MadeUpAttr<'a>>),
///     }
/// }
/// ```
///
/// makes
///
/// ```ignore
/// pub enum MadeUpAttr<'a> {
///     Name(Str<'a>),
///     Parts(Attrs<'a, MadeUpAttr<'a>>),
///     Unknown(Nla<'a>),
/// }
/// impl<'a> Attribute<'a> for MadeUpAttr<'a> { .. }  // SCHEMA, parse, kind, write
/// ```
#[macro_export]
macro_rules! attributes {
    (
        $(#[$set_doc:meta])*
        pub enum $Set:ident<$a:lifetime> in $set:literal {
            $( $(#[$doc:meta])* $NAME:ident = $code:literal => $Variant:ident($Type:ty), )*
        }
    ) => {
        $(#[$set_doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $Set<$a> {
            $(
                $(#[$doc])*
                #[doc = concat!("\n\n`", stringify!($NAME), "` = ", $code)]
                $Variant($Type),
            )*
            /// An attribute that this version of the crate does not know.
            Unknown($crate::Nla<$a>),
        }

        // One larger type would slow down the whole set: `Struct` keeps it outside.
        const _: () = assert!(size_of::<$Set<'static>>() <= 40);

        impl<$a> $crate::Attribute<$a> for $Set<$a> {
            type Set = $Set<'static>;
            const SCHEMA: &'static $crate::schema::Schema = &$crate::schema::Schema {
                name: $set,
                attrs: &[$( $crate::schema::Field {
                    code: $code,
                    name: stringify!($NAME),
                    ty: <$Type as $crate::Payload<$a>>::TYPE,
                }, )*],
            };

            // Not from the schema: with that, all sets below this one would be in the program.
            #[inline]
            fn name(code: u16) -> Option<&'static str> {
                Some(match code {
                    $( $code => stringify!($NAME), )*
                    _ => return None,
                })
            }

            #[inline]
            fn parse(nla: $crate::Nla<$a>) -> $crate::Result<Self> {
                match nla.code() {
                    $( $code => nla.value(stringify!($NAME)).map(Self::$Variant), )*
                    _ => Ok(Self::Unknown(nla)),
                }
            }

            // Nearly everybody knows the variant, and so the number, when they are compiled.
            #[inline(always)]
            fn kind(&self) -> u16 {
                match self {
                    $( Self::$Variant(value) => $code | $crate::Payload::flags(value), )*
                    Self::Unknown(nla) => nla.kind(),
                }
            }

            #[inline]
            fn write(&self, out: &mut $crate::Buffer<'_>) {
                match self {
                    $( Self::$Variant(value) => out.value(stringify!($NAME), value), )*
                    Self::Unknown(nla) => out.put(nla.payload()),
                }
            }
        }
    };
}

/// Declares the types among which one attribute of a set chooses for another,
/// one line each: key, variant, type.
///
/// ```
/// use netlink_wire::{Str, Sub, attributes, select};
///
/// attributes! {
///     /// An attribute of a made-up message.
///     pub enum MadeUpAttr<'a> in "made-up-attrs" {
///         /// What the thing is.
///         MU_KIND = 1 => Kind(Str<'a>),
///         /// Its size; read it with [`MadeUpData::of`].
///         MU_DATA = 2 => Data(Sub<'a, MadeUpData<'a>>),
///     }
/// }
///
/// select! {
///     /// The types of [`MadeUpAttr::Data`].
///     pub enum MadeUpData<'a> in "made-up-data" is MadeUpAttr::Data by Kind(Str<'a>) {
///         /// Seats of a car.
///         "car" => Car(u8),
///         /// Metres of a ship.
///         "ship" => Ship(u32),
///     }
/// }
/// ```
#[macro_export]
macro_rules! select {
    (
        $(#[$set_doc:meta])*
        pub enum $Data:ident<$a:lifetime> in $name:literal
            is $Parent:ident::$data:ident by $key:ident($Key:ty)
        {
            $( $(#[$doc:meta])* $word:literal => $Variant:ident($Type:ty), )*
        }
    ) => {
        $(#[$set_doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $Data<$a> {
            $(
                $(#[$doc])*
                #[doc = concat!("\n\n`", $word, "`")]
                $Variant($Type),
            )*
            /// Data of a type that this version of the crate does not know.
            Unknown($crate::Nla<$a>),
        }

        const _: () = assert!(size_of::<$Data<'static>>() <= 40);

        impl<$a> $Data<$a> {
            /// The data in `attrs`, if there is any.
            ///
            /// # Errors
            ///
            /// Those of [`Attrs::get`]($crate::Attrs::get), for the data or for what
            /// tells its type.
            pub fn of(attrs: $crate::Attrs<$a, $Parent<$a>>) -> $crate::Result<Option<Self>> {
                $crate::Select::of(attrs)
            }
        }

        impl<$a> $crate::Select<$a> for $Data<$a> {
            type Parent = $Parent<$a>;
            type Key = $Key;
            const CHOICES: &'static $crate::schema::Choices = &$crate::schema::Choices {
                name: $name,
                by: $crate::schema::Chooser::Attr($crate::__key_code::<$Data<$a>>),
                of: &[$( (
                    $crate::schema::Choice::literal(stringify!($word)),
                    <$Type as $crate::Value<$a>>::TYPE,
                ), )*],
                other: &$crate::schema::Type::Binary,
            };

            fn key_attr(key: $Key) -> $Parent<$a> {
                $Parent::$key(key)
            }

            fn data_attr(data: $crate::Sub<$a, Self>) -> $Parent<$a> {
                $Parent::$data(data)
            }

            fn parse(
                key: Option<$Key>,
                nla: $crate::Nla<$a>,
            ) -> Result<Self, $crate::ErrorKind> {
                match key.map($crate::Key::word) {
                    $( Some($word) => $crate::Value::parse(nla).map(Self::$Variant), )*
                    _ => Ok(Self::Unknown(nla)),
                }
            }

            fn key(&self) -> Option<$Key> {
                match self {
                    $( Self::$Variant(_) => Some($crate::Key::from_word($word)), )*
                    Self::Unknown(_) => None,
                }
            }

            fn flags(&self) -> u16 {
                match self {
                    $( Self::$Variant(value) => $crate::Value::flags(value), )*
                    Self::Unknown(nla) => nla.flags(),
                }
            }

            fn write(&self, out: &mut $crate::Buffer<'_>) {
                match self {
                    $( Self::$Variant(value) => $crate::Value::write(value, out), )*
                    Self::Unknown(nla) => out.put(nla.payload()),
                }
            }
        }
    };
}

/// Declares the types among which the address family of the message chooses,
/// one line each: family, variant, type. The first is that of all others, too.
#[macro_export]
macro_rules! by_family {
    (
        $(#[$set_doc:meta])*
        pub enum $Data:ident<$a:lifetime> in $name:literal {
            $(#[$other_doc:meta])* _ => $Other:ident($OtherType:ty),
            $( $(#[$doc:meta])* $family:literal => $Variant:ident($Type:ty), )*
        }
    ) => {
        $(#[$set_doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $Data<$a> {
            $(#[$other_doc])*
            $Other($OtherType),
            $( $(#[$doc])* $Variant($Type), )*
        }

        impl<$a> $crate::Value<$a> for $Data<$a> {
            const PROBE: Self = Self::$Other(<$OtherType as $crate::Value<$a>>::PROBE);
            const TYPE: $crate::schema::Type =
                $crate::schema::Type::Select(&$crate::schema::Choices {
                    name: $name,
                    by: $crate::schema::Chooser::Family,
                    of: &[$( (
                        $crate::schema::Choice::literal(stringify!($family)),
                        <$Type as $crate::Value<$a>>::TYPE,
                    ), )*],
                    other: &<$OtherType as $crate::Value<$a>>::TYPE,
                });

            fn flags(&self) -> u16 {
                match self {
                    Self::$Other(value) => $crate::Value::flags(value),
                    $( Self::$Variant(value) => $crate::Value::flags(value), )*
                }
            }

            #[inline]
            fn parse(nla: $crate::Nla<$a>) -> Result<Self, $crate::ErrorKind> {
                match nla.family() {
                    $( $family => $crate::Value::parse(nla).map(Self::$Variant), )*
                    _ => $crate::Value::parse(nla).map(Self::$Other),
                }
            }

            fn write(&self, out: &mut $crate::Buffer<'_>) {
                match self {
                    Self::$Other(value) => $crate::Value::write(value, out),
                    $( Self::$Variant(value) => $crate::Value::write(value, out), )*
                }
            }
        }
    };
}

/// Declares a kernel struct: fields in wire order, each plain data. Padding
/// has fields, too.
#[macro_export]
macro_rules! wire_struct {
    (
        $(#[$doc:meta])*
        pub struct $Name:ident in $kernel:literal {
            $( $(#[$field_doc:meta])* pub $field:ident: $Type:ty, )*
        }
    ) => {
        $crate::__struct! {
            $(#[$doc])*
            pub struct $Name in $kernel {
                $( $(#[$field_doc])* pub $field: $Type, )*
            }
            put(value, out) { $( <$Type as $crate::Pod>::put(&value.$field, out); )* }
        }
    };
}

/// A kernel struct, and how it is read and written.
#[doc(hidden)]
#[macro_export]
macro_rules! __struct {
    (
        $(#[$doc:meta])*
        pub struct $Name:ident in $kernel:literal {
            $( $(#[$field_doc:meta])* pub $field:ident: $Type:ty, )*
        }
        put($value:ident, $out:ident) $put:block
    ) => {
        $(#[$doc])*
        #[doc = concat!("\n\n`struct ", $kernel, "`")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[repr(C)]
        pub struct $Name {
            $( $(#[$field_doc])* pub $field: $Type, )*
        }

        // As the kernel lays it out: without padding that has no field.
        const _: () = assert!(size_of::<$Name>() == <$Name as $crate::Pod>::LEN);

        impl $crate::Pod for $Name {
            const ZERO: Self = Self { $( $field: <$Type as $crate::Pod>::ZERO, )* };
            const LEN: usize = 0 $( + <$Type as $crate::Pod>::LEN )*;
            const TYPE: $crate::schema::Type =
                $crate::schema::Type::Struct(<$Name as $crate::Record>::LAYOUT);

            #[inline]
            fn read(from: &mut $crate::Reader<'_>) -> Self {
                let bytes = from.take::<{ size_of::<Self>() }>();
                let from = &mut $crate::Reader::new(&bytes);
                Self { $( $field: <$Type as $crate::Pod>::read(from), )* }
            }

            #[inline]
            fn put(&self, $out: &mut $crate::Buffer<'_>) {
                let $value = self;
                $put
            }
        }

        impl $crate::Record for $Name {
            const LAYOUT: &'static $crate::schema::Layout = &$crate::schema::Layout {
                name: $kernel,
                fields: &[$( (stringify!($field), <$Type as $crate::Pod>::TYPE), )*],
            };
        }
    };
}

/// Declares the values of an open kernel enumeration, one line each:
/// name, number, and the word that `Display` and iproute2 use. The kernel's
/// name is the prefix and the name.
#[macro_export]
macro_rules! constants {
    (
        $(#[$doc:meta])*
        pub struct $Name:ident($int:ty) in $prefix:literal {
            $( $(#[$value_doc:meta])* $VALUE:ident = $value:literal, $word:literal; )*
        }
    ) => {
        $crate::__integer! {
            $(#[$doc])*
            #[derive(PartialOrd, Ord)]
            pub struct $Name($int) in $prefix, false {
                $( $(#[$value_doc])* $VALUE = $value, $word; )*
            }
        }

        impl $Name {
            /// The word for this value, if it has one.
            pub const fn word(self) -> Option<&'static str> {
                Some(match self {
                    $( Self::$VALUE => $word, )*
                    _ => return None,
                })
            }
        }

        impl $crate::Key<'_> for $Name {
            type Word = $int;

            fn word(self) -> $int {
                self.0
            }

            fn from_word(word: $int) -> Self {
                Self(word)
            }
        }

        /// The word; a value that has none as a decimal number.
        impl core::fmt::Display for $Name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self.word() {
                    Some(word) => f.pad(word),
                    None => core::fmt::Display::fmt(&self.0, f),
                }
            }
        }

        /// Reads what `Display` writes.
        impl core::str::FromStr for $Name {
            type Err = core::num::ParseIntError;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match Self::CONSTANTS.by_word(word) {
                    Some(constant) => Ok(Self(constant.value as $int)),
                    None => word.parse().map(Self),
                }
            }
        }
    };
}

/// Declares a set of flag bits, one line each: name, bit, word. The kernel's
/// name is the prefix and the name.
#[macro_export]
macro_rules! flags {
    (
        $(#[$doc:meta])*
        pub struct $Name:ident($int:ty) in $prefix:literal {
            $( $(#[$flag_doc:meta])* $FLAG:ident = $bit:literal, $word:literal; )*
        }
    ) => {
        $crate::__integer! {
            $(#[$doc])*
            pub struct $Name($int) in $prefix, true {
                $( $(#[$flag_doc])* $FLAG = $bit, $word; )*
            }
        }

        impl $Name {
            /// Whether all bits of `other` are set.
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Whether any bit of `other` is set.
            pub const fn intersects(self, other: Self) -> bool {
                self.0 & other.0 != 0
            }

            /// Whether no bit is set.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// The bits that are set here and not in `other`.
            pub const fn without(self, other: Self) -> Self {
                Self(self.0 & !other.0)
            }
        }

        impl core::ops::BitOr for $Name {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl core::ops::BitOrAssign for $Name {
            fn bitor_assign(&mut self, other: Self) {
                self.0 |= other.0;
            }
        }

        impl core::ops::BitAnd for $Name {
            type Output = Self;

            fn bitand(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }
        }

        /// The words of the flags that are set, joined by `|`; what has none in hex.
        impl core::fmt::Display for $Name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::walk::write_flags(f, Self::CONSTANTS, self.0.into())
            }
        }

        /// Reads what `Display` writes.
        impl core::str::FromStr for $Name {
            type Err = core::num::ParseIntError;

            fn from_str(words: &str) -> Result<Self, Self::Err> {
                let number = |digits: &str, base| <$int>::from_str_radix(digits, base).map(u64::from);
                $crate::walk::read_flags(Self::CONSTANTS, words, number)
                    .map(|flags| Self(flags as $int))
            }
        }
    };
}

/// A type around an integer, some values of which have names.
#[doc(hidden)]
#[macro_export]
macro_rules! __integer {
    (
        $(#[$doc:meta])*
        pub struct $Name:ident($int:ty) in $prefix:literal, $flags:literal {
            $( $(#[$value_doc:meta])* $VALUE:ident = $value:literal, $word:literal; )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[repr(transparent)]
        pub struct $Name(pub $int);

        impl $Name {
            $(
                $(#[$value_doc])*
                #[doc = concat!("\n\n`", $prefix, stringify!($VALUE), "` = ", stringify!($value))]
                pub const $VALUE: Self = Self($value);
            )*

            /// The table that declares the values.
            pub const CONSTANTS: &'static $crate::schema::Constants = &$crate::schema::Constants {
                name: stringify!($Name),
                prefix: $prefix,
                int: match <$int as $crate::Pod>::TYPE {
                    $crate::schema::Type::Int(int) => int,
                    _ => panic!("not an integer"),
                },
                flags: $flags,
                values: &[$( $crate::schema::Constant {
                    value: $value,
                    name: stringify!($VALUE),
                    word: $word,
                }, )*],
            };
        }

        impl $crate::Pod for $Name {
            const ZERO: Self = Self(0);
            const LEN: usize = size_of::<$int>();
            const TYPE: $crate::schema::Type = $crate::schema::Type::Constants(Self::CONSTANTS);

            #[inline(always)]
            fn read(from: &mut $crate::Reader<'_>) -> Self {
                Self(<$int as $crate::Pod>::read(from))
            }

            #[inline]
            fn put(&self, out: &mut $crate::Buffer<'_>) {
                <$int as $crate::Pod>::put(&self.0, out);
            }
        }

        impl $crate::Integer for $Name {
            #[inline]
            fn swap(self) -> Self {
                Self($crate::Integer::swap(self.0))
            }
        }
    };
}

// From here on, and in this crate alone, the same words add what zerocopy derives: proof at
// compile time that a type has no padding, and a single copy to write it. `FromBytes` is not
// derived: it would double the time that this crate takes to compile, and from an array of the
// struct's size all fields are read without a check between them.

macro_rules! wire_struct {
    (
        $(#[$doc:meta])*
        pub struct $Name:ident in $kernel:literal { $($fields:tt)* }
    ) => {
        $crate::__struct! {
            $(#[$doc])*
            #[derive(zerocopy::Immutable, zerocopy::IntoBytes)]
            pub struct $Name in $kernel { $($fields)* }
            put(value, out) { out.put(zerocopy::IntoBytes::as_bytes(value)) }
        }
    };
}

macro_rules! constants {
    ($(#[$doc:meta])* pub struct $($rest:tt)*) => {
        $crate::constants! {
            $(#[$doc])*
            #[derive(zerocopy::Immutable, zerocopy::IntoBytes)]
            pub struct $($rest)*
        }
    };
}

macro_rules! flags {
    ($(#[$doc:meta])* pub struct $($rest:tt)*) => {
        $crate::flags! {
            $(#[$doc])*
            #[derive(zerocopy::Immutable, zerocopy::IntoBytes)]
            pub struct $($rest)*
        }
    };
}
