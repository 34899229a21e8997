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
        /// Requests may lack [`SlaveKind`](Self::SlaveKind), for the kernel knows the master;
        /// `ip` has [`Kind`](Self::Kind) be `bridge_slave` or `bond_slave` in its own.
        IFLA_INFO_SLAVE_DATA = 5 => SlaveData(Sub<'a, InfoSlaveData<'a>>),
    }
}

select! {
    /// The types of [`InfoAttr::Data`].
    ///
    /// The kernel sends none for a kind that has nothing to tell.
    pub enum InfoData<'a> in "linkinfo-data-msg" is InfoAttr::Data by Kind(Str<'a>) {
        /// Multicast over a network that has none.
        "amt" => Amt(Attrs<'a, AmtAttr<'a>>),
        /// Layer 3 packets right after a UDP header.
        "bareudp" => Bareudp(Attrs<'a, BareudpAttr<'a>>),
        /// A mesh network.
        "batadv" => Batadv(Attrs<'a, BatadvAttr<'a>>),
        /// Several links in place of one.
        "bond" => Bond(Attrs<'a, BondAttr<'a>>),
        /// A switch.
        "bridge" => Bridge(Attrs<'a, BrAttr<'a>>),
        /// A controller area network.
        "can" => Can(Attrs<'a, CanAttr<'a>>),
        /// A port of a switch.
        "dsa" => Dsa(Attrs<'a, DsaAttr<'a>>),
        /// Mirrored packets over IPv4.
        "erspan" => Erspan(Attrs<'a, GreAttr<'a>>),
        /// Ethernet over UDP, with options.
        "geneve" => Geneve(Attrs<'a, GeneveAttr<'a>>),
        /// IP over GRE over IPv4.
        "gre" => Gre(Attrs<'a, GreAttr<'a>>),
        /// Ethernet over GRE over IPv4.
        "gretap" => Gretap(Attrs<'a, GreAttr<'a>>),
        /// Tunnels of a mobile network.
        "gtp" => Gtp(Attrs<'a, GtpAttr<'a>>),
        /// Every packet over two networks.
        "hsr" => Hsr(Attrs<'a, HsrAttr<'a>>),
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
        /// IP over InfiniBand.
        "ipoib" => Ipoib(Attrs<'a, IpoibAttr<'a>>),
        /// A link that shares another link and its MAC address.
        "ipvlan" => Ipvlan(Attrs<'a, IpvlanAttr<'a>>),
        /// The same, as a character device.
        "ipvtap" => Ipvtap(Attrs<'a, IpvlanAttr<'a>>),
        /// Encryption on the wire.
        "macsec" => Macsec(Attrs<'a, MacsecAttr<'a>>),
        /// A link that shares another link, with a MAC address of its own.
        "macvlan" => Macvlan(Attrs<'a, MacvlanAttr<'a>>),
        /// The same, as a character device.
        "macvtap" => Macvtap(Attrs<'a, MacvlanAttr<'a>>),
        /// One end of a pair whose packets BPF programs handle.
        "netkit" => Netkit(Attrs<'a, NetkitAttr<'a>>),
        /// OpenVPN.
        "ovpn" => Ovpn(Attrs<'a, OvpnAttr<'a>>),
        /// The point-to-point protocol.
        "ppp" => Ppp(Attrs<'a, PppAttr<'a>>),
        /// A link over a modem of Qualcomm.
        "rmnet" => Rmnet(Attrs<'a, RmnetAttr<'a>>),
        /// IPv6 over IPv4.
        "sit" => Sit(Attrs<'a, IptunAttr<'a>>),
        /// A link whose packets a program reads and writes.
        "tun" => Tun(Attrs<'a, TunAttr<'a>>),
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
        /// One end of a pair of controller area networks.
        "vxcan" => Vxcan(Attrs<'a, VxcanAttr<'a>>),
        /// Ethernet over UDP.
        "vxlan" => Vxlan(Attrs<'a, VxlanAttr<'a>>),
        /// A link over a modem.
        "wwan" => Wwan(Attrs<'a, WwanAttr<'a>>),
        /// IPsec by an id.
        "xfrm" => Xfrm(Attrs<'a, XfrmAttr<'a>>),
    }
}

select! {
    /// The types of [`InfoAttr::Xstats`].
    pub enum InfoXstats<'a> in "linkinfo-xstats-msg" is InfoAttr::Xstats by Kind(Str<'a>) {
        /// What happened to a controller, and how often.
        "can" => Can(CanDeviceStats),
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
