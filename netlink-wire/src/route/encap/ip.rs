//! Tunnels over IPv4 and IPv6: metadata that the tunnel interface, to which the
//! route leads, puts into the outer headers.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::{
    attrs::{AttrIter, Attrs},
    error::Result,
    scalar::Be,
    value::Multi,
};

attributes! {
    /// An attribute of [`Encap::Ip`](super::Encap::Ip).
    pub enum IpEncapAttr<'a> in "lwtunnel-ip-attrs" {
        /// Key of the tunnel: a VNI, or the key of GRE.
        LWTUNNEL_IP_ID = 1 => Id(Be<u64>),
        /// Address of the other end.
        LWTUNNEL_IP_DST = 2 => Dst(Ipv4Addr),
        /// Own address; 0 lets the kernel choose.
        LWTUNNEL_IP_SRC = 3 => Src(Ipv4Addr),
        /// TTL of the outer header; 0 is the interface's own.
        LWTUNNEL_IP_TTL = 4 => Ttl(u8),
        /// Type of service of the outer header.
        LWTUNNEL_IP_TOS = 5 => Tos(u8),
        /// What the tunnel header has, as [`TunnelFlags`].
        LWTUNNEL_IP_FLAGS = 6 => Flags(Be<u16>),
        /// Padding.
        LWTUNNEL_IP_PAD = 7 => Pad(&'a [u8]),
        /// Options of the tunnel header. Since Linux 5.5.
        LWTUNNEL_IP_OPTS = 8 => Opts(Attrs<'a, IpOptsAttr<'a>>),
    }
}

attributes! {
    /// An attribute of [`Encap::Ip6`](super::Encap::Ip6).
    pub enum Ip6EncapAttr<'a> in "lwtunnel-ip6-attrs" {
        /// Key of the tunnel: a VNI, or the key of GRE.
        LWTUNNEL_IP6_ID = 1 => Id(Be<u64>),
        /// Address of the other end.
        LWTUNNEL_IP6_DST = 2 => Dst(Ipv6Addr),
        /// Own address; `::` lets the kernel choose.
        LWTUNNEL_IP6_SRC = 3 => Src(Ipv6Addr),
        /// Hop limit of the outer header; 0 is the interface's own.
        LWTUNNEL_IP6_HOPLIMIT = 4 => HopLimit(u8),
        /// Traffic class of the outer header.
        LWTUNNEL_IP6_TC = 5 => Tc(u8),
        /// What the tunnel header has, as [`TunnelFlags`].
        LWTUNNEL_IP6_FLAGS = 6 => Flags(Be<u16>),
        /// Padding.
        LWTUNNEL_IP6_PAD = 7 => Pad(&'a [u8]),
        /// Options of the tunnel header. Since Linux 5.5.
        LWTUNNEL_IP6_OPTS = 8 => Opts(Attrs<'a, IpOptsAttr<'a>>),
    }
}

flags! {
    /// What a tunnel header has: `TUNNEL_*`. It travels in network byte order.
    ///
    /// Source: `include/uapi/linux/if_tunnel.h`, as of Linux 7.2.
    pub struct TunnelFlags(u16) in "TUNNEL_" {
        /// A checksum.
        CSUM = 0x1, "csum";
        /// A source route.
        ROUTING = 0x2, "routing";
        /// A key.
        KEY = 0x4, "key";
        /// A sequence number.
        SEQ = 0x8, "seq";
        /// A strict source route.
        STRICT = 0x10, "strict";
        /// A recursion control.
        REC = 0x20, "rec";
        /// A version.
        VERSION = 0x40, "version";
        /// No key.
        NO_KEY = 0x80, "no_key";
        /// The outer IPv4 header forbids fragments.
        DONT_FRAGMENT = 0x100, "dont_fragment";
        /// The mark of a control packet.
        OAM = 0x200, "oam";
        /// Options that the other end must understand.
        CRIT_OPT = 0x400, "crit_opt";
        /// Options of GENEVE.
        GENEVE_OPT = 0x800, "geneve_opt";
        /// Options of VXLAN.
        VXLAN_OPT = 0x1000, "vxlan_opt";
        /// The route of the outer packet is not cached.
        NOCACHE = 0x2000, "nocache";
        /// Options of ERSPAN.
        ERSPAN_OPT = 0x4000, "erspan_opt";
        /// Options of GTP.
        GTP_OPT = 0x8000, "gtp_opt";
    }
}

attributes! {
    /// An attribute of [`IpEncapAttr::Opts`] and [`Ip6EncapAttr::Opts`].
    pub enum IpOptsAttr<'a> in "lwtunnel-ip-opts-attrs" {
        /// Options of GENEVE. A request has one nest for each, the kernel sends
        /// all in a single one; [`geneve`](Self::geneve) reads both.
        LWTUNNEL_IP_OPTS_GENEVE = 1 => Geneve(Multi<Attrs<'a, GeneveOptAttr<'a>>>),
        /// Options of VXLAN.
        LWTUNNEL_IP_OPTS_VXLAN = 2 => Vxlan(Attrs<'a, VxlanOptAttr<'a>>),
        /// Options of ERSPAN.
        LWTUNNEL_IP_OPTS_ERSPAN = 3 => Erspan(Attrs<'a, ErspanOptAttr<'a>>),
    }
}

impl<'a> IpOptsAttr<'a> {
    /// The options of GENEVE in `opts`, in the order of the packet.
    pub fn geneve(opts: Attrs<'a, Self>) -> impl Iterator<Item = Result<GeneveOpt<'a>>> {
        opts.all(Self::Geneve).flat_map(|nest| match nest {
            Ok(nest) => GeneveOpts { attrs: nest.iter(), failed: None },
            Err(error) => GeneveOpts { attrs: Attrs::new(&[], 0).iter(), failed: Some(error) },
        })
    }
}

/// An option of GENEVE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GeneveOpt<'a> {
    /// Class: who defined the type.
    pub class: u16,
    /// Type.
    pub kind: u8,
    /// Data: up to 124 bytes, a multiple of four.
    pub data: &'a [u8],
}

/// Options end with their data: the attributes of the next one follow in the same nest.
struct GeneveOpts<'a> {
    attrs: AttrIter<'a, GeneveOptAttr<'a>>,
    failed: Option<crate::Error>,
}

impl<'a> Iterator for GeneveOpts<'a> {
    type Item = Result<GeneveOpt<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.failed.take() {
            return Some(Err(error));
        }
        let mut opt = GeneveOpt::default();
        for attr in &mut self.attrs {
            match attr {
                Ok(GeneveOptAttr::Class(Multi(class))) => opt.class = class.get(),
                Ok(GeneveOptAttr::Type(Multi(kind))) => opt.kind = kind,
                Ok(GeneveOptAttr::Data(Multi(data))) => return Some(Ok(GeneveOpt { data, ..opt })),
                Ok(GeneveOptAttr::Unknown(_)) => {}
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}

attributes! {
    /// An attribute of [`IpOptsAttr::Geneve`]; of several options, those of the first come first.
    pub enum GeneveOptAttr<'a> in "lwtunnel-ip-opt-geneve-attrs" {
        /// Class: who defined the type.
        LWTUNNEL_IP_OPT_GENEVE_CLASS = 1 => Class(Multi<Be<u16>>),
        /// Type.
        LWTUNNEL_IP_OPT_GENEVE_TYPE = 2 => Type(Multi<u8>),
        /// Data: up to 124 bytes, a multiple of four. It ends the option.
        LWTUNNEL_IP_OPT_GENEVE_DATA = 3 => Data(Multi<&'a [u8]>),
    }
}

attributes! {
    /// An attribute of [`IpOptsAttr::Vxlan`].
    pub enum VxlanOptAttr<'a> in "lwtunnel-ip-opt-vxlan-attrs" {
        /// Group-based policy: the group's id in the low half, flags in the high.
        LWTUNNEL_IP_OPT_VXLAN_GBP = 1 => Gbp(u32),
    }
}

attributes! {
    /// An attribute of [`IpOptsAttr::Erspan`].
    pub enum ErspanOptAttr<'a> in "lwtunnel-ip-opt-erspan-attrs" {
        /// Version: 1 or 2.
        LWTUNNEL_IP_OPT_ERSPAN_VER = 1 => Ver(u8),
        /// Version 1: index of the mirrored port.
        LWTUNNEL_IP_OPT_ERSPAN_INDEX = 2 => Index(Be<u32>),
        /// Version 2: 0 mirrors what comes in, 1 what leaves.
        LWTUNNEL_IP_OPT_ERSPAN_DIR = 3 => Dir(u8),
        /// Version 2: id of the mirroring hardware.
        LWTUNNEL_IP_OPT_ERSPAN_HWID = 4 => HwId(u8),
    }
}
