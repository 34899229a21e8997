//! Mesh networks by B.A.T.M.A.N. advanced: kind `batadv`.
//!
//! Source: `include/uapi/linux/batman_adv.h`, as of Linux 7.2.

use crate::value::Str;

attributes! {
    /// An attribute of [`InfoData::Batadv`](crate::link::InfoData::Batadv). The kernel sends
    /// none.
    pub enum BatadvAttr<'a> in "linkinfo-batadv-attrs" {
        /// Routing algorithm: `BATMAN_IV` or `BATMAN_V`. Since Linux 5.11.
        IFLA_BATADV_ALGO_NAME = 1 => AlgoName(Str<'a>),
    }
}
