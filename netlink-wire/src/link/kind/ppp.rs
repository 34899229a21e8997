//! Point-to-point protocol: kind `ppp`.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

attributes! {
    /// An attribute of [`InfoData::Ppp`](crate::link::InfoData::Ppp). The kernel sends none.
    pub enum PppAttr<'a> in "linkinfo-ppp-attrs" {
        /// Descriptor of `/dev/ppp` that the link is to belong to.
        IFLA_PPP_DEV_FD = 1 => DevFd(i32),
    }
}
