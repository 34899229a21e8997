//! Ports of a switch: kind `dsa`. Since Linux 6.1.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

attributes! {
    /// An attribute of [`InfoData::Dsa`](crate::link::InfoData::Dsa).
    pub enum DsaAttr<'a> in "linkinfo-dsa-attrs" {
        /// Index of the link that leads to the switch. Before Linux 6.7 it was
        /// `IFLA_DSA_MASTER`.
        IFLA_DSA_CONDUIT = 1 => Conduit(u32),
    }
}
