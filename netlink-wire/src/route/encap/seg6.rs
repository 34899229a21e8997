//! Segment routing over IPv6 (RFC 8754).
//!
//! Source: `include/uapi/linux/seg6_iptunnel.h` and `seg6.h`, as of Linux 7.2.

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
    /// An attribute of [`Encap::Seg6`](super::Encap::Seg6).
    pub enum Seg6Attr<'a> in "seg6-iptunnel-attrs" {
        /// The segments, and how they are put into packets.
        SEG6_IPTUNNEL_SRH = 1 => Srh(Seg6IptunnelEncap<'a>),
        /// Source of the outer header; the host has a setting for all without it.
        /// Newer than Linux 6.18.
        SEG6_IPTUNNEL_SRC = 2 => Src(Ipv6Addr),
        /// Table that the first segment is looked up in. Newer than Linux 7.2.
        SEG6_IPTUNNEL_TABLE = 3 => Table(u32),
    }
}

constants! {
    /// How segments are put into packets: `SEG6_IPTUN_MODE_*`.
    pub struct Seg6IptunMode(i32) in "SEG6_IPTUN_MODE_" {
        /// Into the packet's own header.
        INLINE = 0, "inline";
        /// Into an outer header.
        ENCAP = 1, "encap";
        /// Into an outer header, around the whole frame.
        L2ENCAP = 2, "l2encap";
        /// Like `ENCAP`, the first segment only in the destination. Since Linux 6.0.
        ENCAP_RED = 3, "encap.red";
        /// Like `L2ENCAP`, the first segment only in the destination. Since Linux 6.0.
        L2ENCAP_RED = 4, "l2encap.red";
    }
}

/// `struct seg6_iptunnel_encap`: segments, and how they are put into packets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seg6IptunnelEncap<'a> {
    /// How they are put into packets.
    pub mode: Seg6IptunMode,
    /// The segments.
    pub srh: Srh<'a>,
}

impl<'a> Value<'a> for Seg6IptunnelEncap<'a> {
    const PROBE: Self = Self { mode: Seg6IptunMode::INLINE, srh: Srh::PROBE };
    const TYPE: Type = Type::Other("seg6_iptunnel_encap");

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        let bytes = nla.payload();
        let short = ErrorKind::Length(bytes.len() as u32);
        let (mode, srh) = bytes.split_at_checked(Seg6IptunMode::LEN).ok_or(short)?;
        let srh = Srh::new(srh).ok_or(short)?;
        Ok(Self { mode: Pod::read(&mut Reader::new(mode)), srh })
    }

    fn write(&self, out: &mut Buffer<'_>) {
        self.mode.put(out);
        self.srh.write(out);
    }
}

/// A segment routing header: `struct ipv6_sr_hdr`, segments, and options.
#[derive(Clone, Copy, PartialEq)]
pub struct Srh<'a> {
    /// What stands before the segments.
    pub header: Ipv6SrHdr,
    rest: &'a [u8],
}

impl<'a> Srh<'a> {
    /// The header that starts `bytes`, if they hold its fixed part.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let (header, rest) = bytes.split_at_checked(Ipv6SrHdr::LEN)?;
        Some(Self { header: Ipv6SrHdr::read(&mut Reader::new(header)), rest })
    }

    /// The segments in the order of the header: the last one to visit comes first.
    pub fn segments(&self) -> Packed<'a, Ipv6Addr> {
        Packed::new(self.split().0)
    }

    /// The options that follow the segments. It ends where one is cut off.
    pub fn tlvs(&self) -> impl Iterator<Item = Sr6Tlv<'a>> + use<'a> {
        let mut rest = self.split().1;
        core::iter::from_fn(move || {
            let &[kind, len, ref tail @ ..] = rest else { return None };
            let (data, tail) = tail.split_at_checked(len.into())?;
            rest = tail;
            Some(Sr6Tlv { kind: Sr6TlvKind(kind), data })
        })
    }

    fn split(&self) -> (&'a [u8], &'a [u8]) {
        let end = (usize::from(self.header.first_segment) + 1) * Ipv6Addr::LEN;
        self.rest.split_at_checked(end).unwrap_or((self.rest, &[]))
    }
}

impl fmt::Debug for Srh<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = f.debug_struct("Srh");
        all.field("header", &self.header).field("segments", &self.segments());
        self.tlvs().for_each(|tlv| {
            all.field("tlv", &tlv);
        });
        all.finish()
    }
}

impl<'a> Value<'a> for Srh<'a> {
    const PROBE: Self = Self { header: Ipv6SrHdr::ZERO, rest: &[] };
    const TYPE: Type = Type::Other("ipv6_sr_hdr");

    fn parse(nla: Nla<'a>) -> Result<Self, ErrorKind> {
        Srh::new(nla.payload()).ok_or(ErrorKind::Length(nla.payload().len() as u32))
    }

    fn write(&self, out: &mut Buffer<'_>) {
        self.header.put(out);
        out.put(self.rest);
    }
}

wire_struct! {
    /// What starts a segment routing header.
    pub struct Ipv6SrHdr in "ipv6_sr_hdr" {
        /// Protocol of what follows the header; 0 in a route.
        pub nexthdr: u8,
        /// Length of all that follows this struct, in units of 8 bytes.
        pub hdrlen: u8,
        /// Type of routing: 4.
        pub kind: u8,
        /// Index of the segment to visit next.
        pub segments_left: u8,
        /// Index of the last segment, which is the first one to visit.
        pub first_segment: u8,
        /// Flags.
        pub flags: Sr6Flags,
        /// Mark of a class of packets.
        pub tag: Be<u16>,
    }
}

flags! {
    /// Flags of a segment routing header: `SR6_FLAG1_*`.
    pub struct Sr6Flags(u8) in "SR6_FLAG1_" {
        /// An HMAC option follows.
        HMAC = 0x8, "hmac";
        /// Somebody is to look at the options.
        ALERT = 0x10, "alert";
        /// A control packet.
        OAM = 0x20, "oam";
        /// Rerouted around a failure.
        PROTECTED = 0x40, "protected";
    }
}

/// `struct sr6_tlv`: an option of a segment routing header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sr6Tlv<'a> {
    /// What it is.
    pub kind: Sr6TlvKind,
    /// Its data.
    pub data: &'a [u8],
}

constants! {
    /// What an option is: `SR6_TLV_*`.
    pub struct Sr6TlvKind(u8) in "SR6_TLV_" {
        /// The node at which the packet came into the network.
        INGRESS = 1, "ingress";
        /// The node at which it is to leave.
        EGRESS = 2, "egress";
        /// Data that the kernel does not know.
        OPAQUE = 3, "opaque";
        /// Padding.
        PADDING = 4, "padding";
        /// A key's id, after two reserved bytes, and 32 bytes that prove who sent the header.
        HMAC = 5, "hmac";
    }
}

impl<M> Writer<'_, Seg6Attr<'static>, M> {
    /// Appends [`Seg6Attr::Srh`] with these segments, the first one to visit first.
    ///
    /// For [`Seg6IptunMode::INLINE`] the last one is `::`; the kernel puts the
    /// packet's destination in its place.
    ///
    /// More than 127 make [`Writer::finish`] fail.
    pub fn push_srh(&mut self, mode: Seg6IptunMode, segments: &[Ipv6Addr]) -> &mut Self {
        self.push_with(Seg6Attr::Srh(Value::PROBE), |out| {
            mode.put(out);
            put_srh(segments, out);
        })
    }
}

/// Appends the header of these segments, of which there are at most 127.
pub(super) fn put_srh(segments: &[Ipv6Addr], out: &mut Buffer<'_>) {
    let Ok(hdrlen) = u8::try_from(2 * segments.len()) else { return out.refuse() };
    let last = (hdrlen / 2).saturating_sub(1);
    let header =
        Ipv6SrHdr { hdrlen, kind: 4, segments_left: last, first_segment: last, ..Ipv6SrHdr::ZERO };
    header.put(out);
    segments.iter().rev().for_each(|segment| segment.put(out));
}
