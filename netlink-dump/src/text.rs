//! Values as text, written straight into a buffer: a million routes have ten
//! values each.

use std::{
    fmt::{self, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use netlink_wire::{Addr, Be, Integer, LlAddr, Str, link::Arphrd};

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

            #[inline]
            fn append(&self, to: &mut Vec<u8>) {
                match u8::try_from(*self) {
                    Ok(small) => {
                        let (digits, len) = OCTETS[usize::from(small)];
                        let end = to.len() + usize::from(len) - 1;
                        to.extend_from_slice(&digits.to_le_bytes());
                        to.truncate(end);
                    }
                    Err(_) => itoa::Buffer::new().format(*self).append(to),
                }
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

/// A number, and how many of its digits count: six where C writes it as `%g`.
#[derive(Clone, Copy)]
pub(crate) struct Significant(pub(crate) f64, pub(crate) i32);

impl Text for Significant {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        let Self(value, digits) = *self;
        let scientific = format!("{value:.*e}", (digits - 1) as usize);
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let exponent = exponent.parse::<i32>().unwrap_or_default();
        if (-4..digits).contains(&exponent) {
            trimmed(&format!("{value:.*}", (digits - 1 - exponent) as usize)).append(to);
        } else {
            let sign = if exponent < 0 { '-' } else { '+' };
            let exponent = exponent.unsigned_abs();
            format_args!("{}e{sign}{exponent:02}", trimmed(mantissa)).append(to);
        }
    }
}

/// A time in nanoseconds, in the largest unit that it has one of.
#[derive(Clone, Copy)]
pub(crate) struct Nanoseconds(pub(crate) u64);

impl Text for Nanoseconds {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        let (unit, name) = match self.0 {
            0..1_000 => (1.0, "ns"),
            1_000..1_000_000 => (1e3, "us"),
            1_000_000..1_000_000_000 => (1e6, "ms"),
            _ => (1e9, "s"),
        };
        Significant(self.0 as f64 / unit, 3).append(to);
        name.append(to);
    }
}

/// Without zeros at the end of the fraction.
fn trimmed(digits: &str) -> &str {
    match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.'),
        false => digits,
    }
}

impl Text for str {
    const ESCAPE: bool = true;

    fn append(&self, to: &mut Vec<u8>) {
        self.as_bytes().append(to);
    }
}

/// Bytes as they are; they need not be UTF-8.
impl Text for [u8] {
    const ESCAPE: bool = true;

    #[inline]
    fn append(&self, to: &mut Vec<u8>) {
        // Most are names, shorter than what a call to copy them is worth.
        match self.len() {
            0..2 => self.iter().for_each(|&byte| to.push(byte)),
            2..4 => append_ends::<2>(self, to),
            4..8 => append_ends::<4>(self, to),
            8..16 => append_ends::<8>(self, to),
            _ => to.extend_from_slice(self),
        }
    }
}

/// Appends the first and the last bytes, which overlap.
#[inline]
fn append_ends<const N: usize>(bytes: &[u8], to: &mut Vec<u8>) {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        let start = to.len() + bytes.len() - N;
        to.extend_from_slice(first);
        to.truncate(start);
        to.extend_from_slice(last);
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

/// The numbers from 0 to 255 with a dot after each, and how long both are. The
/// first digit is in the lowest byte.
const OCTETS: [(u32, u8); 256] = {
    let mut octets = [(0, 0); 256];
    let mut n = 0;
    while n < 256 {
        let (h, t, o) = (b'0' + n as u8 / 100, b'0' + n as u8 / 10 % 10, b'0' + n as u8 % 10);
        let (text, len) = match n {
            0..10 => ([o, b'.', 0, 0], 2),
            10..100 => ([t, o, b'.', 0], 3),
            _ => ([h, t, o, b'.'], 4),
        };
        octets[n] = (u32::from_le_bytes(text), len);
        n += 1;
    }
    octets
};

impl Text for Ipv4Addr {
    const ESCAPE: bool = false;

    #[inline]
    fn append(&self, to: &mut Vec<u8>) {
        // Each octet is written with what may stand after it, which the next one overwrites.
        for octet in self.octets() {
            let (digits, len) = OCTETS[usize::from(octet)];
            let end = to.len() + usize::from(len);
            to.extend_from_slice(&digits.to_le_bytes());
            to.truncate(end);
        }
        to.pop();
    }
}

/// As `inet_ntop` does: the longest run of zeros is left out, and an IPv4
/// address inside is written as one.
impl Text for Ipv6Addr {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        let groups = self.segments();
        let (mut start, mut end) = (0, 0);
        let mut zeros_from = None;
        for (i, group) in groups.into_iter().chain([1]).enumerate() {
            match (zeros_from, group) {
                (None, 0) => zeros_from = Some(i),
                (Some(from), 1..) => {
                    if i - from > (end - start).max(1) {
                        (start, end) = (from, i);
                    }
                    zeros_from = None;
                }
                _ => {}
            }
        }
        let has_ipv4 = start == 0 && (end == 6 || end == 5 && groups[5] == 0xffff);
        let len = if has_ipv4 { 6 } else { 8 };
        for (i, group) in groups[..len].iter().enumerate() {
            if (start..end).contains(&i) {
                if i == start {
                    to.extend_from_slice(if i == 0 { b"::" } else { b":" });
                }
            } else {
                append_hex(*group, to);
                if i < 7 {
                    to.push(b':');
                }
            }
        }
        if has_ipv4 {
            let [.., a, b, c, d] = self.octets();
            Ipv4Addr::new(a, b, c, d).append(to);
        }
    }
}

fn append_hex(group: u16, to: &mut Vec<u8>) {
    let [high, low] = group.to_be_bytes().map(hex);
    let zeros = group.leading_zeros() as usize / 4;
    to.extend_from_slice(&[high, low].as_flattened()[zeros.min(3)..]);
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
        match self {
            Self::Ipv4(ip) => ip.append(to),
            Self::Ipv6(ip) => ip.append(to),
            _ => write_infallible(to, format_args!("{self}")),
        }
    }
}

impl Text for LlAddr<'_> {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        for (i, byte) in self.0.iter().enumerate() {
            if i > 0 {
                to.push(b':');
            }
            to.extend_from_slice(&hex(*byte));
        }
    }
}

/// The two digits of a byte.
fn hex(byte: u8) -> [u8; 2] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    [byte >> 4, byte & 0xf].map(|digit| DIGITS[usize::from(digit)])
}

/// Bytes in hex, one after the other.
#[derive(Clone, Copy)]
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl Text for Bytes<'_> {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        self.0.iter().for_each(|byte| to.extend_from_slice(&hex(*byte)));
    }
}

/// An address of the link layer as links of this type have it: those of tunnels are IP addresses.
#[derive(Clone, Copy)]
pub(crate) struct LinkLayer<'a>(pub(crate) LlAddr<'a>, pub(crate) Arphrd);

impl Text for LinkLayer<'_> {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        let &Self(address, kind) = self;
        match (Addr::new(address.0), kind) {
            (Addr::Ipv4(ip), Arphrd::TUNNEL | Arphrd::SIT | Arphrd::IPGRE) => ip.append(to),
            (Addr::Ipv6(ip), Arphrd::TUNNEL6 | Arphrd::IP6GRE) => ip.append(to),
            _ => address.append(to),
        }
    }
}

/// Seconds since 1970, as a date and time of day in UTC.
#[derive(Clone, Copy)]
pub(crate) struct Timestamp(pub(crate) i64);

impl Text for Timestamp {
    const ESCAPE: bool = false;

    fn append(&self, to: &mut Vec<u8>) {
        let (days, second) = (self.0.div_euclid(86_400), self.0.rem_euclid(86_400));
        // Years start in March here, so that the leap day is their last. 400 of them have always
        // the same number of days.
        let days = days + 719_468;
        let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let year = era * 400 + year + i64::from(month >= 10);
        let month = (month + 2) % 12 + 1;
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write_infallible(
            to,
            format_args!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
        );
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

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: impl Text) -> String {
        let mut bytes = Vec::new();
        value.append(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn times() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00:00"),
            (-1, "1969-12-31 23:59:59"),
            (951_782_400, "2000-02-29 00:00:00"),
            (951_868_800, "2000-03-01 00:00:00"),
            (1_735_689_599, "2024-12-31 23:59:59"),
            (4_107_542_400, "2100-03-01 00:00:00"),
        ] {
            let mut bytes = Vec::new();
            Timestamp(seconds).append(&mut bytes);
            assert_eq!(String::from_utf8_lossy(&bytes), text);
        }
    }

    #[test]
    fn nanoseconds() {
        for (time, expected) in [
            (0, "0ns"),
            (999, "999ns"),
            (25_437, "25.4us"),
            (255_000, "255us"),
            (1_500_000, "1.5ms"),
            (2_000_000_000, "2s"),
            (1_234_000_000_000, "1.23e+03s"),
        ] {
            assert_eq!(text(Nanoseconds(time)), expected);
        }
    }

    #[test]
    fn six_digits_count() {
        let cases = [
            (0.0, "0"),
            (1.0, "1"),
            (0.05, "0.05"),
            (0.0001234, "0.0001234"),
            (0.00001234, "1.234e-05"),
            (20.25, "20.25"),
            (1234.567, "1234.57"),
            (100_000.0, "100000"),
            (999_999.6, "1e+06"),
            (4_294_967.295, "4.29497e+06"),
        ];
        for (number, expected) in cases {
            assert_eq!(text(Significant(number, 6)), expected);
        }
    }

    #[test]
    fn addresses_of_the_link_layer() {
        let all: Vec<u8> = (0..=255).collect();
        for bytes in [&all[..], &all[..1], &[]] {
            assert_eq!(text(LlAddr(bytes)), LlAddr(bytes).to_string());
        }
    }

    #[test]
    fn ipv4_addresses() {
        for octet in 0..=255 {
            for rest in [[255 - octet, 0, octet / 2], [255; 3]] {
                let [b, c, d] = rest;
                let ip = Ipv4Addr::new(octet, b, c, d);
                assert_eq!(text(ip), ip.to_string());
            }
        }
    }

    /// What `inet_ntop` of glibc 2.36 returns.
    #[test]
    fn ipv6_addresses() {
        let cases = [
            "::",
            "::1",
            "::ffff",
            "::0.1.0.0",
            "::1.2.3.4",
            "::ffff:1.2.3.4",
            "::ffff:0.0.0.0",
            "::1:0:0",
            "1::",
            "fe80::1",
            "2001:db8::",
            "2001:db8::1:0:0:1",
            "2001:db8:0:1:1:1:1:1",
            "1:0:0:2::3",
            "1::2:0:0:3",
            "a:b:c:d:e:f:10:1000",
            "0:1:1:1:1:1:1:0",
            "1:1:1:1:1:1::",
            "64:ff9b::102:304",
        ];
        for case in cases {
            let ip: Ipv6Addr = case.parse().unwrap();
            assert_eq!(text(ip), case);
        }
    }
}
