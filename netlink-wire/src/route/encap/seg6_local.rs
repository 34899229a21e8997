//! Segment routing over IPv6: what this host does as a segment (RFC 8986).
//!
//! Source: `include/uapi/linux/seg6_local.h`, as of Linux 7.2.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::{Srh, seg6::put_srh};
use crate::{
    attrs::Attrs,
    value::{Str, Value},
    writer::Writer,
};

attributes! {
    /// An attribute of [`Encap::Seg6Local`](super::Encap::Seg6Local).
    pub enum Seg6LocalAttr<'a> in "seg6-local-attrs" {
        /// What is done.
        SEG6_LOCAL_ACTION = 1 => Action(Seg6LocalAction),
        /// Segments that the packet is sent along instead or in addition.
        SEG6_LOCAL_SRH = 2 => Srh(Srh<'a>),
        /// Table in which the next segment, or the inner destination, is looked up.
        SEG6_LOCAL_TABLE = 3 => Table(u32),
        /// IPv4 router that the inner packet is sent to.
        SEG6_LOCAL_NH4 = 4 => Nh4(Ipv4Addr),
        /// IPv6 router that the packet, or the inner packet, is sent to.
        SEG6_LOCAL_NH6 = 5 => Nh6(Ipv6Addr),
        /// Index of the interface that packets come in through.
        SEG6_LOCAL_IIF = 6 => Iif(u32),
        /// Index of the interface that packets leave through.
        SEG6_LOCAL_OIF = 7 => Oif(u32),
        /// The program of [`Seg6LocalAction::END_BPF`].
        SEG6_LOCAL_BPF = 8 => Bpf(Attrs<'a, Seg6LocalBpfAttr<'a>>),
        /// Table of the VRF in which the inner destination is looked up. Since Linux 5.11.
        SEG6_LOCAL_VRFTABLE = 9 => VrfTable(u32),
        /// Counters. In a request, those with a value of 0 are switched on. Since Linux 5.14.
        SEG6_LOCAL_COUNTERS = 10 => Counters(Attrs<'a, Seg6LocalCntAttr<'a>>),
        /// Variants of the action. Since Linux 6.1.
        SEG6_LOCAL_FLAVORS = 11 => Flavors(Attrs<'a, Seg6LocalFlvAttr<'a>>),
    }
}

constants! {
    /// What a segment does: `SEG6_LOCAL_ACTION_*`.
    pub struct Seg6LocalAction(u32) in "SEG6_LOCAL_ACTION_" {
        /// Not told.
        UNSPEC = 0, "unspec";
        /// Sends on to the next segment.
        END = 1, "End";
        /// Sends on to the next segment, through a router.
        END_X = 2, "End.X";
        /// Sends on to the next segment, looked up in a table.
        END_T = 3, "End.T";
        /// Unpacks a frame, and sends it out through an interface.
        END_DX2 = 4, "End.DX2";
        /// Unpacks an IPv6 packet, and sends it to a router.
        END_DX6 = 5, "End.DX6";
        /// Unpacks an IPv4 packet, and sends it to a router.
        END_DX4 = 6, "End.DX4";
        /// Unpacks an IPv6 packet, and looks it up in a table.
        END_DT6 = 7, "End.DT6";
        /// Unpacks an IPv4 packet, and looks it up in a table.
        END_DT4 = 8, "End.DT4";
        /// Puts more segments before those of the packet.
        END_B6 = 9, "End.B6";
        /// Sends the packet along more segments, in an outer header.
        END_B6_ENCAP = 10, "End.B6.Encaps";
        /// Not supported.
        END_BM = 11, "End.BM";
        /// Not supported.
        END_S = 12, "End.S";
        /// Not supported.
        END_AS = 13, "End.AS";
        /// Not supported.
        END_AM = 14, "End.AM";
        /// A BPF program does it.
        END_BPF = 15, "End.BPF";
        /// Unpacks an IPv4 or IPv6 packet, and looks it up in a table. Since Linux 5.14.
        END_DT46 = 16, "End.DT46";
    }
}

attributes! {
    /// An attribute of [`Seg6LocalAttr::Bpf`].
    pub enum Seg6LocalBpfAttr<'a> in "seg6-local-bpf-attrs" {
        /// In a request, file descriptor of the program; else its id.
        SEG6_LOCAL_BPF_PROG = 1 => Prog(u32),
        /// Name that was given to the program.
        SEG6_LOCAL_BPF_PROG_NAME = 2 => ProgName(Str<'a>),
    }
}

attributes! {
    /// An attribute of [`Seg6LocalAttr::Counters`].
    pub enum Seg6LocalCntAttr<'a> in "seg6-local-cnt-attrs" {
        /// Padding.
        SEG6_LOCAL_CNT_PAD = 1 => Pad(&'a [u8]),
        /// Packets that were handled.
        SEG6_LOCAL_CNT_PACKETS = 2 => Packets(u64),
        /// Bytes of them.
        SEG6_LOCAL_CNT_BYTES = 3 => Bytes(u64),
        /// Packets that were dropped.
        SEG6_LOCAL_CNT_ERRORS = 4 => Errors(u64),
    }
}

attributes! {
    /// An attribute of [`Seg6LocalAttr::Flavors`].
    pub enum Seg6LocalFlvAttr<'a> in "seg6-local-flv-attrs" {
        /// The variants.
        SEG6_LOCAL_FLV_OPERATION = 1 => Operation(Seg6LocalFlvOp),
        /// Length of the part that compressed segments share, in bits.
        SEG6_LOCAL_FLV_LCBLOCK_BITS = 2 => LcBlockBits(u8),
        /// Length of one compressed segment, in bits.
        SEG6_LOCAL_FLV_LCNODE_FN_BITS = 3 => LcNodeFnBits(u8),
    }
}

flags! {
    /// Variants of an action: `SEG6_F_LOCAL_FLV_*`, each the bit that
    /// `SEG6_LOCAL_FLV_OP_*` numbers.
    pub struct Seg6LocalFlvOp(u32) in "SEG6_F_LOCAL_FLV_" {
        /// The segment before the last removes the header.
        PSP = 0x2, "psp";
        /// The last segment removes the header.
        USP = 0x4, "usp";
        /// The last segment unpacks the packet.
        USD = 0x8, "usd";
        /// One address holds several compressed segments.
        NEXT_CSID = 0x10, "next-csid";
    }
}

impl<M> Writer<'_, Seg6LocalAttr<'static>, M> {
    /// Appends [`Seg6LocalAttr::Srh`] with these segments, the first one to visit first.
    /// For [`Seg6LocalAction::END_B6`] the last one is `::`; the kernel puts the
    /// packet's destination in its place.
    ///
    /// More than 127 make [`Writer::finish`] fail.
    pub fn push_srh(&mut self, segments: &[Ipv6Addr]) -> &mut Self {
        self.push_with(Seg6LocalAttr::Srh(Value::PROBE), |out| put_srh(segments, out))
    }
}
