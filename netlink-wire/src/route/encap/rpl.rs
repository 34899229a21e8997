//! Source routes of RPL (RFC 6554).
//!
//! Source: `include/uapi/linux/rpl_iptunnel.h` and `rpl.h`, as of Linux 7.2.

use core::{fmt, net::Ipv6Addr};

use crate::{
    error::ErrorKind,
    nla::Nla,
    scalar::{Be, Reader},
    schema::Type,
    value::{Packed, Pod, Value},
    writer::{Buffer, Writer},
};

attributes! {
    /// An attribute of [`Encap::Rpl`](super::Encap::Rpl).
    pub enum RplAttr<'a> in "rpl-iptunnel-attrs" {
        /// The addresses to go along.
        RPL_IPTUNNEL_SRH = 1 => Srh(RplSrh<'a>),
    }
}

/// A source routing header of RPL: `struct ipv6_rpl_sr_hdr`, and addresses.
#[derive(Clone, Copy, PartialEq)]
pub struct RplSrh<'a> {
    /// What stands before the addresses.
    pub header: Ipv6RplSrHdr,
    rest: &'a [u8],
}

impl<'a> RplSrh<'a> {
    /// The addresses, in the order in which they are visited: the other way
    /// round than `ip` has them. In a route they are not compressed.
    pub fn addresses(&self) -> Packed<'a, Ipv6Addr> {
        Packed::new(self.rest)
    }
}

impl fmt::Debug for RplSrh<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RplSrh")
            .field("header", &self.header)
            .field("addresses", &self.addresses())
            .finish()
    }
}

impl<'a> Value<'a> for RplSrh<'a> {
    const PROBE: Self = Self { header: Ipv6RplSrHdr::ZERO, rest: &[] };
    const TYPE: Type = Type::Other("ipv6_rpl_sr_hdr");

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        let bytes = nla.payload();
        let (header, rest) = bytes
            .split_at_checked(Ipv6RplSrHdr::LEN)
            .ok_or(ErrorKind::Length(bytes.len() as u32))?;
        Ok(Self { header: Ipv6RplSrHdr::read(&mut Reader::new(header)), rest })
    }

    fn write(&self, out: &mut Buffer<'_>) {
        self.header.put(out);
        out.put(self.rest);
    }
}

wire_struct! {
    /// What starts a source routing header of RPL.
    pub struct Ipv6RplSrHdr in "ipv6_rpl_sr_hdr" {
        /// Protocol of what follows the header; 0 in a route.
        pub nexthdr: u8,
        /// Length of the addresses, in units of 8 bytes.
        pub hdrlen: u8,
        /// Type of routing: 3.
        pub kind: u8,
        /// How many addresses are to be visited.
        pub segments_left: u8,
        /// How many bytes are left out of each address in the upper half, of the
        /// last one in the lower; 0 in a route.
        pub cmpr: u8,
        /// Bytes of padding after the addresses, in the upper half; 0 in a route.
        pub pad: u8,
        /// Reserved; 0.
        pub reserved: Be<u16>,
    }
}

impl<M> Writer<'_, RplAttr<'static>, M> {
    /// Appends [`RplAttr::Srh`] with these addresses, the first one to visit first.
    /// More than 127 make [`Writer::finish`] fail.
    pub fn push_srh(&mut self, addresses: &[Ipv6Addr]) -> &mut Self {
        self.push_with(RplAttr::Srh(Value::PROBE), |out| {
            let Ok(hdrlen) = u8::try_from(2 * addresses.len()) else { return out.refuse() };
            let segments_left = hdrlen / 2;
            Ipv6RplSrHdr { hdrlen, kind: 3, segments_left, ..Ipv6RplSrHdr::ZERO }.put(out);
            addresses.iter().for_each(|address| address.put(out));
        })
    }
}
