//! IPsec.

attributes! {
    /// An attribute of [`Encap::Xfrm`](super::Encap::Xfrm).
    pub enum XfrmEncapAttr<'a> in "lwtunnel-xfrm-attrs" {
        /// Interface id that IPsec policies are looked up with.
        LWT_XFRM_IF_ID = 1 => IfId(u32),
        /// Index of the interface below.
        LWT_XFRM_LINK = 2 => Link(u32),
    }
}
