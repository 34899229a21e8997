//! Integers as they lie on the wire: the one module that knows byte orders.

use core::fmt;

use byteorder::{ByteOrder, NativeEndian, NetworkEndian};
use zerocopy::{Immutable, IntoBytes};

use crate::{
    schema::{Constants, Int, Type},
    value::Pod,
    writer::Buffer,
};

/// An integer that travels in network byte order.
///
/// It lies in memory as it lies on the wire; [`get`](Self::get) tells its value.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Immutable, IntoBytes)]
#[repr(transparent)]
pub struct Be<T>(T);

impl<T: Integer> Be<T> {
    /// From the value, in the byte order of the machine.
    #[inline]
    pub fn new(value: T) -> Self {
        Self(value.swap())
    }

    /// The value.
    #[inline]
    pub fn get(self) -> T {
        self.0.swap()
    }
}

impl<T: Integer> From<T> for Be<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Integer + PartialEq> PartialEq<T> for Be<T> {
    fn eq(&self, value: &T) -> bool {
        self.get() == *value
    }
}

impl<T: Integer + fmt::Debug> fmt::Debug for Be<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl<T: Integer + fmt::Display> fmt::Display for Be<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

/// An integer that [`Be`] can hold; constants and flags are integers, too.
pub trait Integer: Pod {
    /// From host to network byte order, which is the same as back.
    #[doc(hidden)]
    fn swap(self) -> Self;
}

impl<T: Integer> Be<T> {
    /// The same values, in network byte order. Empty if `T` is a plain integer.
    const CONSTANTS: &'static Constants = match &T::TYPE {
        Type::Constants(host) => &Constants { int: network(host.int), ..**host },
        _ => &Constants {
            name: "",
            prefix: "",
            int: Int::of(0, false, true),
            flags: false,
            values: &[],
        },
    };
}

impl<T: Integer> Pod for Be<T> {
    const ZERO: Self = Be(T::ZERO);
    const LEN: usize = T::LEN;
    const TYPE: Type = match T::TYPE {
        Type::Int(int) => Type::Int(network(int)),
        Type::Constants(_) => Type::Constants(Self::CONSTANTS),
        other => other,
    };

    // Bytes of the wire are those of memory: nothing is swapped before `get`.
    #[inline(always)]
    fn read(from: &mut Reader<'_>) -> Self {
        Be(T::read(from))
    }

    #[inline]
    fn put(&self, out: &mut Buffer<'_>) {
        self.0.put(out);
    }
}

const fn network(int: Int) -> Int {
    Int { network: true, ..int }
}

/// Hands out the bytes of a fixed layout, field by field.
///
/// Past its end it goes on with zeros: what an older kernel did not send.
#[derive(Debug)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads from the start of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next `N` bytes.
    // Inlined: where the length is known, nothing is left of it but a copy.
    #[inline(always)]
    pub fn take<const N: usize>(&mut self) -> [u8; N] {
        match self.0.split_first_chunk() {
            Some((head, tail)) => {
                self.0 = tail;
                *head
            }
            None => self.rest(),
        }
    }

    /// What is left, and zeros.
    #[cold]
    fn rest<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.iter_mut().zip(self.0).for_each(|(to, from)| *to = *from);
        self.0 = &[];
        bytes
    }
}

/// A `u16` in host byte order.
#[inline]
pub(crate) fn u16(bytes: [u8; 2]) -> u16 {
    NativeEndian::read_u16(&bytes)
}

/// The bytes of a `u16` in host byte order.
#[inline]
pub(crate) fn u16_bytes(n: u16) -> [u8; 2] {
    let mut bytes = [0; 2];
    NativeEndian::write_u16(&mut bytes, n);
    bytes
}

macro_rules! integers {
    ($($int:ident $read:ident $write:ident,)*) => {$(
        impl Pod for $int {
            const ZERO: Self = 0;
            const LEN: usize = size_of::<$int>();
            const TYPE: Type = Type::Int(Int::of(size_of::<$int>(), $int::MIN != 0, false));

            #[inline(always)]
            fn read(from: &mut Reader<'_>) -> Self {
                NativeEndian::$read(&from.take::<{ size_of::<$int>() }>())
            }

            #[inline]
            fn put(&self, out: &mut Buffer<'_>) {
                let mut bytes = [0; size_of::<$int>()];
                NativeEndian::$write(&mut bytes, *self);
                out.put(&bytes);
            }
        }

        impl Integer for $int {
            #[inline]
            fn swap(self) -> Self {
                NetworkEndian::$read(self.as_bytes())
            }
        }
    )*};
}

integers! {
    u16 read_u16 write_u16,
    u32 read_u32 write_u32,
    u64 read_u64 write_u64,
    i16 read_i16 write_i16,
    i32 read_i32 write_i32,
    i64 read_i64 write_i64,
}

macro_rules! bytes {
    ($($int:ident)*) => {$(
        impl Pod for $int {
            const ZERO: Self = 0;
            const LEN: usize = 1;
            const TYPE: Type = Type::Int(Int::of(1, $int::MIN != 0, false));

            #[inline(always)]
            fn read(from: &mut Reader<'_>) -> Self {
                let [byte] = from.take();
                byte as $int
            }

            #[inline]
            fn put(&self, out: &mut Buffer<'_>) {
                out.put(&[*self as u8]);
            }
        }

        impl Integer for $int {
            #[inline]
            fn swap(self) -> Self {
                self
            }
        }
    )*};
}

bytes! { u8 i8 }

impl<T: Pod, const N: usize> Pod for [T; N] {
    const ZERO: Self = [T::ZERO; N];
    const LEN: usize = N * T::LEN;
    const TYPE: Type = Type::Array(&T::TYPE, N);

    #[inline(always)]
    fn read(from: &mut Reader<'_>) -> Self {
        core::array::from_fn(|_| T::read(from))
    }

    #[inline]
    fn put(&self, out: &mut Buffer<'_>) {
        self.iter().for_each(|item| item.put(out));
    }
}

impl Int {
    /// The integer that starts `bytes`, if there are enough of them.
    pub fn read(self, bytes: &[u8]) -> Option<i128> {
        let bytes = bytes.get(..usize::from(self.len)).filter(|b| matches!(b.len(), 1..=8))?;
        let (native, network) = (NativeEndian::read_uint, NetworkEndian::read_uint);
        let unsigned = (if self.network { network } else { native })(bytes, bytes.len());
        let above = 64 - 8 * u32::from(self.len);
        Some(if self.signed {
            i128::from((unsigned << above) as i64 >> above)
        } else {
            i128::from(unsigned)
        })
    }

    /// Appends a number, if the integer can hold it.
    #[cfg(feature = "serde")]
    pub(crate) fn put(self, number: i128, out: &mut Buffer<'_>) -> Option<()> {
        let bits = 8 * u32::from(self.len);
        let least = if self.signed { -(1 << (bits - 1)) } else { 0 };
        let bytes = &mut [0; 8][..usize::from(self.len)];
        if !(least..least + (1 << bits)).contains(&number) {
            return None;
        }
        let (native, network) = (NativeEndian::write_uint, NetworkEndian::write_uint);
        let unsigned = number as u64 & (u64::MAX >> (64 - bits));
        (if self.network { network } else { native })(bytes, unsigned, bytes.len());
        out.put(bytes);
        Some(())
    }
}
