//! Packets that multicast routing has no route for, or that it asks its daemon about:
//! `RTM_NEWCACHEREPORT`.
//!
//! They cannot be asked for. The kernel tells of each one.
//!
//! Source: `include/uapi/linux/mroute.h` and `mroute6.h`, as of Linux 7.2.

use crate::{message::Body, netaddr::Addr, nsid::RtGenMsg};

/// A packet that multicast routing tells of. The family in its header is `RTNL_FAMILY_IPMR`, 128,
/// or `RTNL_FAMILY_IP6MR`, 129.
pub type CacheReport<'a> = Body<'a, RtGenMsg, CacheReportAttr<'a>>;

constants! {
    /// Why multicast routing tells of a packet. The names are those of IPv4; IPv6 has `MRT6MSG_*`.
    pub struct IgmpMsg(u8) in "IGMPMSG_" {
        /// It has no route.
        NOCACHE = 1, "nocache";
        /// It came in on another interface than the route says.
        WRONGVIF = 2, "wrongvif";
        /// All of it is to be sent to a rendezvous point.
        WHOLEPKT = 3, "wholepkt";
        /// The same, and it came in on another interface than the route says.
        WRVIFWHOLE = 4, "wrvifwhole";
    }
}

attributes! {
    /// An attribute of a [`CacheReport`]. The names are those of IPv4; those of IPv6 are
    /// `IP6MRA_CREPORT_*`, with the same numbers.
    pub enum CacheReportAttr<'a> in "ipmr-creport-attrs" {
        /// Why.
        IPMRA_CREPORT_MSGTYPE = 1 => MsgType(IgmpMsg),
        /// The interface that it came in on, as multicast routing counts them.
        IPMRA_CREPORT_VIF_ID = 2 => VifId(u32),
        /// Source of the packet.
        IPMRA_CREPORT_SRC_ADDR = 3 => SrcAddr(Addr<'a>),
        /// Group that it was sent to.
        IPMRA_CREPORT_DST_ADDR = 4 => DstAddr(Addr<'a>),
        /// The packet, from its IP header on.
        IPMRA_CREPORT_PKT = 5 => Pkt(&'a [u8]),
        /// Routing table; IPv4 alone has it.
        IPMRA_CREPORT_TABLE = 6 => Table(u32),
    }
}
