//! Tunnels whose packets IPsec policies protect: kinds `vti` over IPv4 and `vti6`
//! over IPv6.
//!
//! Source: `include/uapi/linux/if_tunnel.h`, as of Linux 7.2.

use crate::{netaddr::Addr, scalar::Be};

attributes! {
    /// An attribute of [`InfoData::Vti`](crate::link::InfoData::Vti) and
    /// [`InfoData::Vti6`](crate::link::InfoData::Vti6). Addresses are of the protocol that the
    /// kind runs over.
    pub enum VtiAttr<'a> in "linkinfo-vti-attrs" {
        /// Index of the link that packets leave through; 0 is any.
        IFLA_VTI_LINK = 1 => Link(u32),
        /// Mark of the policies and states for packets that are received.
        IFLA_VTI_IKEY = 2 => IKey(Be<u32>),
        /// Mark of the policies and states for packets that are sent.
        IFLA_VTI_OKEY = 3 => OKey(Be<u32>),
        /// Source address; all zeros is any.
        IFLA_VTI_LOCAL = 4 => Local(Addr<'a>),
        /// Address of the remote end; all zeros is any.
        IFLA_VTI_REMOTE = 5 => Remote(Addr<'a>),
        /// Mark by which packets are routed.
        IFLA_VTI_FWMARK = 6 => FwMark(u32),
    }
}
