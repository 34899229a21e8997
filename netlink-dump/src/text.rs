//! Values as text, written straight into a buffer: a million routes have ten
//! values each.

use std::{
    fmt::{self, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use netlink_wire::{Addr, Be, Integer, LlAddr, Str};

/// A value that can be appended to a row.
pub(crate) trait Text {
    /// Whether the text may hold what JSON has to escape.
    const ESCAPE: bool;

    /// Appends the text.
    fn append(&self, to: &mut Vec<u8>);
}

impl<T: Text + ?Sized> Text for &T {
    const ESCAPE: bool = T::ESCAPE;

    fn append(&self, to: &mut Vec<u8>) {
        (**self).append(to);
    }
}

macro_rules! integers {
    ($($int:ident)*) => {$(
        impl Text for $int {
            const ESCAPE: bool = false;

            fn append(&self, to: &mut Vec<u8>) {
                to.extend_from_slice(itoa::Buffer::new().format(*self).as_bytes());
            }
        }
    )*};
}

integers! { u8 u16 u32 u64 i8 i16 i32 i64 i128 usize }

impl<T: Integer + Text> Text for Be<T> {
    const ESCAPE: bool = T::ESCAPE;

    fn append(&self, to: &mut Vec<u8>) {
        self.get().append(to);
    }
}

/// A value whose `Display` writes nothing that JSON has to escape: the words
/// of the kernel's constants.
#[derive(Clone, Copy)]
pub(crate) struct Plain<T>(pub(crate) T);

impl<T: fmt::Display> Text for Plain<T> {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        write_infallible(to, format_args!("{}", self.0));
    }
}

/// A number in hex with `0x` before it; 0 is `0`, as in C's `%#x`.
#[derive(Clone, Copy)]
pub(crate) struct Hex<T>(pub(crate) T);

impl<T: fmt::LowerHex + PartialEq + From<u8>> Text for Hex<T> {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        if self.0 == T::from(0) {
            to.push(b'0');
        } else {
            write_infallible(to, format_args!("{:#x}", self.0));
        }
    }
}

impl Text for str {
    const ESCAPE: bool = true;

    fn append(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(self.as_bytes());
    }
}

/// Bytes as they are; they need not be UTF-8.
impl Text for [u8] {
    const ESCAPE: bool = true;

    fn append(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(self);
    }
}

impl Text for Str<'_> {
    const ESCAPE: bool = true;

    fn append(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(self.as_bytes());
    }
}

impl Text for fmt::Arguments<'_> {
    const ESCAPE: bool = true;

    fn append(&self, to: &mut Vec<u8>) {
        write_infallible(to, *self);
    }
}

impl Text for Ipv4Addr {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        let mut numbers = itoa::Buffer::new();
        for (i, octet) in self.octets().into_iter().enumerate() {
            if i > 0 {
                to.push(b'.');
            }
            to.extend_from_slice(numbers.format(octet).as_bytes());
        }
    }
}

impl Text for Ipv6Addr {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        write_infallible(to, format_args!("{self}"));
    }
}

impl Text for IpAddr {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        match self {
            Self::V4(ip) => ip.append(to),
            Self::V6(ip) => ip.append(to),
        }
    }
}

impl Text for Addr<'_> {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        match self.ip() {
            Some(ip) => ip.append(to),
            None => write_infallible(to, format_args!("{self}")),
        }
    }
}

impl Text for LlAddr<'_> {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        write_infallible(to, format_args!("{self}"));
    }
}

/// Writing to memory cannot fail.
fn write_infallible(to: &mut Vec<u8>, args: fmt::Arguments<'_>) {
    struct Utf8<'a>(&'a mut Vec<u8>);
    impl fmt::Write for Utf8<'_> {
        fn write_str(&mut self, s: &str) -> fmt::Result {
            self.0.extend_from_slice(s.as_bytes());
            Ok(())
        }
    }
    let _ = Utf8(to).write_fmt(args);
}
