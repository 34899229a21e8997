//! Pairs of virtual Ethernet links: kind `veth`.
//!
//! Source: `include/uapi/linux/veth.h`, as of Linux 7.2.

use crate::{
    link::{IfInfoMsg, LinkAttr},
    value::Headed,
};

attributes! {
    /// An attribute of [`InfoData::Veth`](crate::link::InfoData::Veth). The kernel
    /// sends none: [`LinkAttr::Link`] tells the peer.
    pub enum VethAttr<'a> in "linkinfo-veth-attrs" {
        /// The other end, as it is to be made.
        VETH_INFO_PEER = 1 => Peer(Headed<'a, IfInfoMsg, LinkAttr<'a>>),
    }
}
