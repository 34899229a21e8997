//! MPLS labels.
//!
//! Source: `include/uapi/linux/mpls_iptunnel.h`, as of Linux 7.2.

use crate::{route::MplsLabel, value::Packed};

attributes! {
    /// An attribute of [`Encap::Mpls`](super::Encap::Mpls).
    pub enum MplsEncapAttr<'a> in "mpls-iptunnel-attrs" {
        /// Labels to put before the packet, the outermost first.
        MPLS_IPTUNNEL_DST = 1 => Dst(Packed<'a, MplsLabel>),
        /// TTL of the labels. Without it the packet's is copied, or the default taken.
        MPLS_IPTUNNEL_TTL = 2 => Ttl(u8),
    }
}
