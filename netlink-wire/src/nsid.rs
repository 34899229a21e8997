//! Ids by which one network namespace knows others: `RTM_NEWNSID`, `RTM_DELNSID`, `RTM_GETNSID`.
//!
//! An id is valid in one namespace alone. A link whose peer lives elsewhere tells by it where.
//!
//! Source: `include/uapi/linux/net_namespace.h`, as of Linux 7.0.

use crate::message::Body;

/// An id of a network namespace.
pub type Nsid<'a> = Body<'a, RtGenMsg, NetnsaAttr<'a>>;

wire_struct! {
    /// The fixed header of an [`Nsid`].
    pub struct RtGenMsg in "rtgenmsg" {
        /// `AF_UNSPEC`.
        pub family: u8,
    }
}

attributes! {
    /// An attribute of an [`Nsid`].
    pub enum NetnsaAttr<'a> in "nsid-attrs" {
        /// Id of the namespace; -1 in a reply says that it has none.
        NETNSA_NSID = 1 => Nsid(i32),
        /// The namespace of the process with this number; in requests.
        NETNSA_PID = 2 => Pid(u32),
        /// The namespace that this descriptor is open on; in requests.
        NETNSA_FD = 3 => Fd(u32),
        /// Asks for ids as they are in the namespace with this id.
        NETNSA_TARGET_NSID = 4 => TargetNsid(i32),
        /// The same namespace's id in the one that asks, beside the id in the target.
        NETNSA_CURRENT_NSID = 5 => CurrentNsid(i32),
    }
}
