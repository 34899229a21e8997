//! How a route encapsulates packets: `RTA_ENCAP`, which `RTA_ENCAP_TYPE` chooses.
//!
//! A nexthop object has the same under other names; see
//! [`Nexthop::encap`](crate::nexthop::Nexthop::encap).
//!
//! Source: `include/uapi/linux/lwtunnel.h`, as of Linux 7.2.

mod bpf;
mod ila;
mod ioam6;
mod ip;
mod mpls;
mod rpl;
mod seg6;
mod seg6_local;
mod xfrm;

pub use bpf::{LwtBpfAttr, LwtBpfProgAttr};
pub use ila::{IlaAttr, IlaAtype, IlaCsum, IlaHook};
pub use ioam6::{Ioam6Attr, Ioam6IptunnelMode, Ioam6TraceHdr};
pub use ip::{
    ErspanOptAttr, GeneveOpt, GeneveOptAttr, Ip6EncapAttr, IpEncapAttr, IpOptsAttr, TunnelFlags,
    VxlanOptAttr,
};
pub use mpls::MplsEncapAttr;
pub use rpl::{Ipv6RplSrHdr, RplAttr, RplSrh};
pub use seg6::{
    Ipv6SrHdr, Seg6Attr, Seg6IptunMode, Seg6IptunnelEncap, Sr6Flags, Sr6Tlv, Sr6TlvKind, Srh,
};
pub use seg6_local::{
    Seg6LocalAction, Seg6LocalAttr, Seg6LocalBpfAttr, Seg6LocalCntAttr, Seg6LocalFlvAttr,
    Seg6LocalFlvOp,
};
pub use xfrm::XfrmEncapAttr;

use super::RouteAttr;
use crate::attrs::Attrs;

constants! {
    /// A way of encapsulation: `LWTUNNEL_ENCAP_*`.
    pub struct LwtunnelEncap(u16) in "LWTUNNEL_ENCAP_" {
        /// None.
        NONE = 0, "none";
        /// MPLS labels are put before the packet.
        MPLS = 1, "mpls";
        /// The metadata of a tunnel over IPv4, which a tunnel interface heeds.
        IP = 2, "ip";
        /// The IPv6 address is translated (ILA).
        ILA = 3, "ila";
        /// The metadata of a tunnel over IPv6, which a tunnel interface heeds.
        IP6 = 4, "ip6";
        /// Segment routing over IPv6: the packet is sent along segments.
        SEG6 = 5, "seg6";
        /// BPF programs do it.
        BPF = 6, "bpf";
        /// Segment routing over IPv6: what this host does as a segment.
        SEG6_LOCAL = 7, "seg6local";
        /// Source routing of RPL (RFC 6554). Since Linux 5.7.
        RPL = 8, "rpl";
        /// Measurements are recorded in the packet (IOAM). Since Linux 5.15.
        IOAM6 = 9, "ioam6";
        /// IPsec, with an id that an XFRM interface heeds. Since Linux 6.1.
        XFRM = 10, "xfrm";
    }
}

select! {
    /// The types of [`RouteAttr::Encap`].
    pub enum Encap<'a> in "route-encap" is RouteAttr::Encap by EncapType(LwtunnelEncap) {
        /// MPLS labels.
        1 => Mpls(Attrs<'a, MplsEncapAttr<'a>>),
        /// A tunnel over IPv4.
        2 => Ip(Attrs<'a, IpEncapAttr<'a>>),
        /// An address translation.
        3 => Ila(Attrs<'a, IlaAttr<'a>>),
        /// A tunnel over IPv6.
        4 => Ip6(Attrs<'a, Ip6EncapAttr<'a>>),
        /// The segments to go along.
        5 => Seg6(Attrs<'a, Seg6Attr<'a>>),
        /// BPF programs.
        6 => Bpf(Attrs<'a, LwtBpfAttr<'a>>),
        /// What this host does as a segment.
        7 => Seg6Local(Attrs<'a, Seg6LocalAttr<'a>>),
        /// A source route of RPL.
        8 => Rpl(Attrs<'a, RplAttr<'a>>),
        /// Measurements.
        9 => Ioam6(Attrs<'a, Ioam6Attr<'a>>),
        /// IPsec.
        10 => Xfrm(Attrs<'a, XfrmEncapAttr<'a>>),
    }
}
