//! Addresses as attributes carry them: of the network and of the link layer.

use core::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use crate::{
    error::ErrorKind,
    nla::Nla,
    scalar::Reader,
    schema::Type,
    value::{Pod, Value},
    writer::Buffer,
};

macro_rules! ip {
    ($($Ip:ident $Type:ident),*) => {$(
        impl Pod for $Ip {
            const ZERO: Self = $Ip::UNSPECIFIED;
            const LEN: usize = size_of::<$Ip>();
            const TYPE: Type = Type::$Type;

            #[inline]
            fn read(from: &mut Reader<'_>) -> Self {
                $Ip::from(from.take::<{ size_of::<$Ip>() }>())
            }

            #[inline]
            fn put(&self, out: &mut Buffer<'_>) {
                out.put(&self.octets());
            }
        }

        impl From<[u8; size_of::<$Ip>()]> for Addr<'_> {
            fn from(octets: [u8; size_of::<$Ip>()]) -> Self {
                Self::$Type(octets.into())
            }
        }

        impl From<$Ip> for Addr<'_> {
            fn from(ip: $Ip) -> Self {
                Self::$Type(ip)
            }
        }
    )*};
}

ip! { Ipv4Addr Ipv4, Ipv6Addr Ipv6 }

/// An address of the network layer, the type of which its length tells.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
// So that all kinds start at the same even place: they are copied whole, and not in pieces.
#[repr(C)]
pub enum Addr<'a> {
    /// Four bytes.
    Ipv4(Ipv4Addr),
    /// Sixteen bytes.
    Ipv6(Ipv6Addr),
    /// Any other length: `AF_MCTP` and `AF_PHONET` have one byte.
    Other(&'a [u8]),
}

impl<'a> Addr<'a> {
    /// The address in these bytes.
    #[inline]
    pub fn new(bytes: &'a [u8]) -> Self {
        if let Ok(octets) = <[u8; 4]>::try_from(bytes) {
            return Self::Ipv4(octets.into());
        }
        match <[u8; 16]>::try_from(bytes) {
            Ok(octets) => Self::Ipv6(octets.into()),
            Err(_) => Self::Other(bytes),
        }
    }

    /// The IP address, if it is one.
    pub const fn ip(self) -> Option<IpAddr> {
        match self {
            Self::Ipv4(ip) => Some(IpAddr::V4(ip)),
            Self::Ipv6(ip) => Some(IpAddr::V6(ip)),
            Self::Other(_) => None,
        }
    }
}

impl From<IpAddr> for Addr<'_> {
    fn from(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) => Self::Ipv4(ip),
            IpAddr::V6(ip) => Self::Ipv6(ip),
        }
    }
}

/// Any other address comes back as the error.
impl<'a> TryFrom<Addr<'a>> for IpAddr {
    type Error = Addr<'a>;

    fn try_from(addr: Addr<'a>) -> Result<Self, Addr<'a>> {
        addr.ip().ok_or(addr)
    }
}

/// An IP address as usual; any other in hex, its bytes separated by colons.
impl fmt::Display for Addr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ipv4(ip) => ip.fmt(f),
            Self::Ipv6(ip) => ip.fmt(f),
            Self::Other(bytes) => write_hex(f, bytes),
        }
    }
}

impl fmt::Debug for Addr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'a> Value<'a> for Addr<'a> {
    const PROBE: Self = Addr::Other(&[]);
    const TYPE: Type = Type::Addr;

    #[inline]
    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        Ok(Self::new(nla.payload()))
    }

    fn write(&self, out: &mut Buffer<'_>) {
        match self {
            Self::Ipv4(ip) => ip.put(out),
            Self::Ipv6(ip) => ip.put(out),
            Self::Other(bytes) => out.put(bytes),
        }
    }
}

/// An address, and how many bits of it count.
///
/// ```
/// use std::net::{IpAddr, Ipv4Addr};
/// use netlink_wire::{Addr, Prefix};
///
/// let prefix: Prefix<Addr<'_>> = "192.0.2.0/24".parse()?;
/// assert_eq!(prefix, (Ipv4Addr::new(192, 0, 2, 0), 24).into());
/// // An address alone is one host.
/// let host: Prefix<Addr<'_>> = "2001:db8::1".parse()?;
/// assert_eq!(host.len, 128);
/// assert_eq!(host, "2001:db8::1".parse::<IpAddr>()?.into());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Prefix<A> {
    /// The address.
    pub addr: A,
    /// How many bits of it count.
    pub len: u8,
}

/// As usual: `192.0.2.0/24`.
impl<A: fmt::Display> fmt::Display for Prefix<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.addr, self.len)
    }
}

impl<A, T: Into<A>> From<(T, u8)> for Prefix<A> {
    fn from((addr, len): (T, u8)) -> Self {
        Self { addr: addr.into(), len }
    }
}

/// One host.
impl<A: From<IpAddr>> From<IpAddr> for Prefix<A> {
    fn from(ip: IpAddr) -> Self {
        Self { addr: ip.into(), len: bits(ip) }
    }
}

/// An IP address and, after a slash, the prefix length; without one, it is one host. Bits of the host
/// are kept.
impl<A: From<IpAddr>> FromStr for Prefix<A> {
    type Err = ParsePrefixError;

    fn from_str(text: &str) -> Result<Self, ParsePrefixError> {
        let (ip, len) = match text.split_once('/') {
            Some((ip, len)) => (ip, Some(len)),
            None => (text, None),
        };
        let ip: IpAddr = ip.parse().map_err(|_| ParsePrefixError(()))?;
        let len = match len {
            Some(len) => len.parse().map_err(|_| ParsePrefixError(()))?,
            None => bits(ip),
        };
        match len <= bits(ip) {
            true => Ok(Self { addr: ip.into(), len }),
            false => Err(ParsePrefixError(())),
        }
    }
}

/// How long an address is.
const fn bits(ip: IpAddr) -> u8 {
    match ip {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// A text is no IP address with a prefix length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsePrefixError(());

impl fmt::Display for ParsePrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no IP address with a prefix length")
    }
}

impl core::error::Error for ParsePrefixError {}

/// An address of the link layer, of any length: a MAC address has 6 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LlAddr<'a>(pub &'a [u8]);

/// In hex, the bytes separated by colons.
impl fmt::Display for LlAddr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, self.0)
    }
}

impl fmt::Debug for LlAddr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'a> Value<'a> for LlAddr<'a> {
    const PROBE: Self = LlAddr(&[]);
    const TYPE: Type = Type::LlAddr;

    #[inline]
    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        Ok(Self(nla.payload()))
    }

    fn write(&self, out: &mut Buffer<'_>) {
        out.put(self.0);
    }
}

fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    let mut colon = "";
    for byte in bytes {
        write!(f, "{colon}{byte:02x}")?;
        colon = ":";
    }
    Ok(())
}
