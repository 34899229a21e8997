//! Measurements that nodes record in the packet: in-situ OAM (RFC 9197).
//!
//! Source: `include/uapi/linux/ioam6_iptunnel.h` and `ioam6.h`, as of Linux 7.2.

use core::net::Ipv6Addr;

use crate::scalar::Be;

attributes! {
    /// An attribute of [`Encap::Ioam6`](super::Encap::Ioam6).
    pub enum Ioam6Attr<'a> in "ioam6-iptunnel-attrs" {
        /// Where the record goes. Since Linux 5.16.
        IOAM6_IPTUNNEL_MODE = 1 => Mode(Ioam6IptunnelMode),
        /// Destination of the outer header, if there is one. Since Linux 5.16.
        IOAM6_IPTUNNEL_DST = 2 => Dst(Ipv6Addr),
        /// What is recorded.
        IOAM6_IPTUNNEL_TRACE = 3 => Trace(Ioam6TraceHdr),
        /// Of [`FreqN`](Self::FreqN) packets, this many are recorded. Since Linux 5.18.
        IOAM6_IPTUNNEL_FREQ_K = 4 => FreqK(u32),
        /// See [`FreqK`](Self::FreqK). Since Linux 5.18.
        IOAM6_IPTUNNEL_FREQ_N = 5 => FreqN(u32),
        /// Source of the outer header; the kernel chooses one without it. Since Linux 6.12.
        IOAM6_IPTUNNEL_SRC = 6 => Src(Ipv6Addr),
    }
}

constants! {
    /// Where the record goes: `IOAM6_IPTUNNEL_MODE_*`.
    pub struct Ioam6IptunnelMode(u8) in "IOAM6_IPTUNNEL_MODE_" {
        /// Into the packet.
        INLINE = 1, "inline";
        /// Into an outer header.
        ENCAP = 2, "encap";
        /// Into the packet if it is of this host, else into an outer header.
        AUTO = 3, "auto";
    }
}

wire_struct! {
    /// What the nodes on the way record into a packet (RFC 9197).
    pub struct Ioam6TraceHdr in "ioam6_trace_hdr" {
        /// Namespace of IOAM that the data is for; 0 is the default one.
        pub namespace_id: Be<u16>,
        /// Words per node in the upper five bits, which the kernel counts; then
        /// overflow and two reserved bits.
        pub nodelen: u8,
        /// Words that are left, in the lower seven bits.
        pub remlen: u8,
        /// What each node records, one bit each, the first of them the highest;
        /// the lowest byte is reserved.
        pub kind: Be<u32>,
    }
}
