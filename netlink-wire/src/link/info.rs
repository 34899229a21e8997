//! What kind of device a link is, and its settings: `IFLA_LINKINFO`.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

use super::kind::*;
use crate::{attrs::Attrs, select::Sub, value::Str};

attributes! {
    /// An attribute of [`LinkAttr::LinkInfo`](super::LinkAttr::LinkInfo).
    pub enum InfoAttr<'a> in "linkinfo-attrs" {
        /// Kind of the link, which hardware has none of.
        IFLA_INFO_KIND = 1 => Kind(Str<'a>),
        /// Settings of the kind; read it with [`InfoData::of`].
        IFLA_INFO_DATA = 2 => Data(Sub<'a, InfoData<'a>>),
        /// Counters of the kind; read it with [`InfoXstats::of`].
        IFLA_INFO_XSTATS = 3 => Xstats(Sub<'a, InfoXstats<'a>>),
        /// Kind of the link's master, if that has settings for its ports.
        IFLA_INFO_SLAVE_KIND = 4 => SlaveKind(Str<'a>),
        /// Settings of the link as a port of its master; read it with [`InfoSlaveData::of`].
        IFLA_INFO_SLAVE_DATA = 5 => SlaveData(Sub<'a, InfoSlaveData<'a>>),
    }
}

select! {
    /// The types of [`InfoAttr::Data`].
    ///
    /// The kernel sends none for a kind that has nothing to tell.
    pub enum InfoData<'a> in "linkinfo-data-msg" is InfoAttr::Data by Kind(Str<'a>) {
        /// Several links in place of one.
        "bond" => Bond(Attrs<'a, BondAttr<'a>>),
        /// A switch.
        "bridge" => Bridge(Attrs<'a, BrAttr<'a>>),
        /// Mirrored packets over IPv4.
        "erspan" => Erspan(Attrs<'a, GreAttr<'a>>),
        /// IP over GRE over IPv4.
        "gre" => Gre(Attrs<'a, GreAttr<'a>>),
        /// Ethernet over GRE over IPv4.
        "gretap" => Gretap(Attrs<'a, GreAttr<'a>>),
        /// Mirrored packets over IPv6.
        "ip6erspan" => Ip6erspan(Attrs<'a, GreAttr<'a>>),
        /// IP over GRE over IPv6.
        "ip6gre" => Ip6gre(Attrs<'a, GreAttr<'a>>),
        /// Ethernet over GRE over IPv6.
        "ip6gretap" => Ip6gretap(Attrs<'a, GreAttr<'a>>),
        /// IP over IPv6.
        "ip6tnl" => Ip6tnl(Attrs<'a, Ip6tnlAttr<'a>>),
        /// IPv4 over IPv4.
        "ipip" => Ipip(Attrs<'a, IptunAttr<'a>>),
        /// A link that shares another link, with a MAC address of its own.
        "macvlan" => Macvlan(Attrs<'a, MacvlanAttr<'a>>),
        /// The same, as a character device.
        "macvtap" => Macvtap(Attrs<'a, MacvlanAttr<'a>>),
        /// IPv6 over IPv4.
        "sit" => Sit(Attrs<'a, IptunAttr<'a>>),
        /// One end of a pair.
        "veth" => Veth(Attrs<'a, VethAttr<'a>>),
        /// A VLAN of another link.
        "vlan" => Vlan(Attrs<'a, VlanAttr<'a>>),
        /// A routing table with links of its own.
        "vrf" => Vrf(Attrs<'a, VrfAttr<'a>>),
        /// IPsec over IPv4.
        "vti" => Vti(Attrs<'a, VtiAttr<'a>>),
        /// IPsec over IPv6.
        "vti6" => Vti6(Attrs<'a, VtiAttr<'a>>),
        /// Ethernet over UDP.
        "vxlan" => Vxlan(Attrs<'a, VxlanAttr<'a>>),
    }
}

select! {
    /// The types of [`InfoAttr::Xstats`].
    pub enum InfoXstats<'a> in "linkinfo-xstats-msg" is InfoAttr::Xstats by Kind(Str<'a>) {
    }
}

select! {
    /// The types of [`InfoAttr::SlaveData`].
    pub enum InfoSlaveData<'a> in "linkinfo-member-data-msg"
        is InfoAttr::SlaveData by SlaveKind(Str<'a>)
    {
        /// A port of a bond.
        "bond" => Bond(Attrs<'a, BondSlaveAttr<'a>>),
        /// A port of a bridge.
        "bridge" => Bridge(Attrs<'a, BrPortAttr<'a>>),
        /// A port of a VRF.
        "vrf" => Vrf(Attrs<'a, VrfPortAttr<'a>>),
    }
}
