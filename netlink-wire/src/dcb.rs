//! Data centre bridging of links: `RTM_GETDCB` and `RTM_SETDCB`.
//!
//! Its attributes are left untyped. Replies have the type of their request.
//!
//! Source: `include/uapi/linux/dcbnl.h`, as of Linux 7.2.

use crate::{message::Body, nla::Nla};

/// Settings of data centre bridging.
pub type Dcb<'a> = Body<'a, DcbMsg, Nla<'a>>;

wire_struct! {
    /// The fixed header of a [`Dcb`].
    pub struct DcbMsg in "dcbmsg" {
        /// `AF_UNSPEC`.
        pub family: u8,
        /// What is asked for or set: `DCB_CMD_*`.
        pub cmd: u8,
        /// Padding; 0.
        pub pad: u16,
    }
}
