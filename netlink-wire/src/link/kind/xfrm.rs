//! Links whose packets IPsec policies with the same id protect: kind `xfrm`.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

attributes! {
    /// An attribute of [`InfoData::Xfrm`](crate::link::InfoData::Xfrm).
    pub enum XfrmAttr<'a> in "linkinfo-xfrm-attrs" {
        /// Index of the link that packets leave through; 0 is any.
        IFLA_XFRM_LINK = 1 => Link(u32),
        /// Id of the policies and states.
        IFLA_XFRM_IF_ID = 2 => IfId(u32),
        /// The id comes with each packet ("external"). Since Linux 6.1.
        IFLA_XFRM_COLLECT_METADATA = 3 => CollectMetadata(()),
    }
}
