//! What kind of device a link is, and its settings: `IFLA_LINKINFO`.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 6.18.

use super::kind::*;
use crate::{attrs::Attrs, select::Sub, value::Str};

attributes! {
    /// An attribute of [`LinkAttr::LinkInfo`](super::LinkAttr::LinkInfo).
    pub enum InfoAttr<'a> in "linkinfo-attrs" {
        /// Kind of device.
        IFLA_INFO_KIND = 1 => Kind(Str<'a>),
        /// Settings of the kind; read it with [`InfoData::of`].
        IFLA_INFO_DATA = 2 => Data(Sub<'a, InfoData<'a>>),
        /// Kind of the master.
        IFLA_INFO_SLAVE_KIND = 4 => SlaveKind(Str<'a>),
        /// Settings of a port of the master; read it with [`InfoSlaveData::of`].
        IFLA_INFO_SLAVE_DATA = 5 => SlaveData(Sub<'a, InfoSlaveData<'a>>),
    }
}

select! {
    /// The types of [`InfoAttr::Data`].
    pub enum InfoData<'a> in "linkinfo-data" is InfoAttr::Data by Kind(Str<'a>) {
        /// A bond.
        "bond" => Bond(Attrs<'a, BondAttr<'a>>),
        /// A VLAN.
        "vlan" => Vlan(Attrs<'a, VlanAttr<'a>>),
        /// A VXLAN.
        "vxlan" => Vxlan(Attrs<'a, VxlanAttr<'a>>),
    }
}

select! {
    /// The types of [`InfoAttr::SlaveData`].
    pub enum InfoSlaveData<'a> in "linkinfo-member-data"
        is InfoAttr::SlaveData by SlaveKind(Str<'a>)
    {
        /// A port of a bond.
        "bond" => Bond(Attrs<'a, BondSlaveAttr<'a>>),
    }
}
