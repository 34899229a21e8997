//! Links over a modem: kind `wwan`. Since Linux 5.14.
//!
//! Source: `include/uapi/linux/wwan.h`, as of Linux 7.2.

attributes! {
    /// An attribute of [`InfoData::Wwan`](crate::link::InfoData::Wwan).
    pub enum WwanAttr<'a> in "linkinfo-wwan-attrs" {
        /// Number of the link on the modem.
        IFLA_WWAN_LINK_ID = 1 => LinkId(u32),
    }
}
