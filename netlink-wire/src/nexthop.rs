//! Nexthop objects: `RTM_NEWNEXTHOP`, `RTM_DELNEXTHOP`, `RTM_GETNEXTHOP`; and the
//! buckets of resilient groups: `RTM_NEWNEXTHOPBUCKET`, `RTM_DELNEXTHOPBUCKET`,
//! `RTM_GETNEXTHOPBUCKET`.
//!
//! Source: `include/uapi/linux/nexthop.h`, as of Linux 7.2.

use crate::{
    attrs::Attrs,
    error::{ErrorKind, Result},
    message::Body,
    netaddr::Addr,
    nla::Nla,
    route::{Encap, LwtunnelEncap, RtProt, RtScope, RtmFlags},
    schema::{Choices, Chooser},
    select::{__key_code, Select, Sub},
    value::{Multi, Packed, Uint},
    writer::Buffer,
};

/// A nexthop object, or a bucket of one.
pub type Nexthop<'a> = Body<'a, NhMsg, NexthopAttr<'a>>;

impl<'a> Nexthop<'a> {
    /// How packets are encapsulated.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`].
    pub fn encap(&self) -> Result<Option<Encap<'a>>> {
        Ok(NexthopEncap::of(self.attrs)?.map(|NexthopEncap(encap)| encap))
    }
}

wire_struct! {
    /// The fixed header of a [`Nexthop`].
    pub struct NhMsg in "nhmsg" {
        /// `AF_INET` or `AF_INET6`; `AF_UNSPEC` for a group, whose members tell theirs.
        pub family: u8,
        /// How far away it is. The kernel tells; 0 in a request.
        pub scope: RtScope,
        /// Who made it.
        pub protocol: RtProt,
        /// Reserved; 0.
        pub resvd: u8,
        /// Flags of a next hop, in the low byte.
        pub flags: RtmFlags,
    }
}

wire_struct! {
    /// A member of a group.
    pub struct NexthopGrp in "nexthop_grp" {
        /// Its id.
        pub id: u32,
        /// Low byte of its weight, less one; [`weight`](Self::weight) has all of it.
        pub weight: u8,
        /// High byte of its weight, less one. Since Linux 6.12; 0 before.
        pub weight_high: u8,
        /// Reserved; 0.
        pub resvd2: u16,
    }
}

impl NexthopGrp {
    /// A member with this weight, from 1 to 65536.
    pub const fn new(id: u32, weight: u32) -> Self {
        let [weight, weight_high, ..] = weight.wrapping_sub(1).to_le_bytes();
        Self { id, weight, weight_high, resvd2: 0 }
    }

    /// Share of the packets that it gets, from 1 to 65536.
    pub const fn weight(self) -> u32 {
        u32::from_le_bytes([self.weight, self.weight_high, 0, 0]) + 1
    }
}

constants! {
    /// How a group chooses among its members: `NEXTHOP_GRP_TYPE_*`.
    pub struct NexthopGrpType(u16) in "NEXTHOP_GRP_TYPE_" {
        /// By a hash of the packet. A change of the group moves many flows.
        MPATH = 0, "mpath";
        /// By a table of buckets, in which a change moves few flows. Since Linux 5.13.
        RES = 1, "resilient";
    }
}

flags! {
    /// What a request asks for, or a reply is like: `NHA_OP_FLAG_*`.
    pub struct NhaOpFlags(u32) in "NHA_OP_FLAG_" {
        /// Send counters.
        DUMP_STATS = 0x1, "stats";
        /// Send counters of the hardware, too.
        DUMP_HW_STATS = 0x2, "hw_stats";
        /// In a reply: [`NexthopGrp::weight_high`] is in use, and not just 0. Since Linux 6.12.
        RESP_GRP_RESVD_0 = 0x8000_0000, "grp_resvd_0";
    }
}

attributes! {
    /// An attribute of a [`Nexthop`].
    pub enum NexthopAttr<'a> in "nexthop-attrs" {
        /// Id. In a request, 0 lets the kernel choose.
        NHA_ID = 1 => Id(u32),
        /// Members of a group.
        NHA_GROUP = 2 => Group(Packed<'a, NexthopGrp>),
        /// How a group chooses among its members.
        NHA_GROUP_TYPE = 3 => GroupType(NexthopGrpType),
        /// Packets are dropped.
        NHA_BLACKHOLE = 4 => Blackhole(()),
        /// Index of the interface that packets leave through. In a dump request it filters.
        NHA_OIF = 5 => Oif(u32),
        /// Router that packets are sent to.
        NHA_GATEWAY = 6 => Gateway(Addr<'a>),
        /// Type of [`Encap`](Self::Encap).
        NHA_ENCAP_TYPE = 7 => EncapType(LwtunnelEncap),
        /// How packets are encapsulated; read it with [`Nexthop::encap`].
        NHA_ENCAP = 8 => Encap(Sub<'a, NexthopEncap<'a>>),
        /// In a dump request: groups only.
        NHA_GROUPS = 9 => Groups(()),
        /// In a dump request: index of the bridge or VRF that the interface is a port of.
        NHA_MASTER = 10 => Master(u32),
        /// It is for forwarding databases, as of VXLAN, and not for routes. Since Linux 5.8.
        NHA_FDB = 11 => Fdb(()),
        /// Settings of a resilient group. Since Linux 5.13.
        NHA_RES_GROUP = 12 => ResGroup(Attrs<'a, ResGroupAttr<'a>>),
        /// A bucket of a resilient group. Since Linux 5.13.
        NHA_RES_BUCKET = 13 => ResBucket(Attrs<'a, ResBucketAttr<'a>>),
        /// What a request asks for, or a reply is like. Since Linux 6.9.
        NHA_OP_FLAGS = 14 => OpFlags(NhaOpFlags),
        /// Counters of a group. Since Linux 6.9.
        NHA_GROUP_STATS = 15 => GroupStats(Attrs<'a, GroupStatsAttr<'a>>),
        /// 1 makes the hardware count. Since Linux 6.9.
        NHA_HW_STATS_ENABLE = 16 => HwStatsEnable(u32),
        /// Whether any hardware counts. Since Linux 6.9.
        NHA_HW_STATS_USED = 17 => HwStatsUsed(u32),
    }
}

attributes! {
    /// An attribute of [`NexthopAttr::ResGroup`]. Times are in clock ticks: hundredths of a second.
    pub enum ResGroupAttr<'a> in "nexthop-res-group-attrs" {
        /// Padding.
        NHA_RES_GROUP_PAD = 0 => Pad(&'a [u8]),
        /// How many buckets there are.
        NHA_RES_GROUP_BUCKETS = 1 => Buckets(u16),
        /// A bucket that was not used for so long may get another next hop, in hundredths of a
        /// second.
        NHA_RES_GROUP_IDLE_TIMER = 2 => IdleTimer(u32),
        /// When the buckets were out of balance for so long, some get another next hop even if they
        /// are in use, in hundredths of a second; 0 is never.
        NHA_RES_GROUP_UNBALANCED_TIMER = 3 => UnbalancedTimer(u32),
        /// How long the buckets were out of balance, in hundredths of a second.
        NHA_RES_GROUP_UNBALANCED_TIME = 4 => UnbalancedTime(u64),
    }
}

attributes! {
    /// An attribute of [`NexthopAttr::ResBucket`].
    pub enum ResBucketAttr<'a> in "nexthop-res-bucket-attrs" {
        /// Padding.
        NHA_RES_BUCKET_PAD = 0 => Pad(&'a [u8]),
        /// Number of the bucket.
        NHA_RES_BUCKET_INDEX = 1 => Index(u16),
        /// How long it was not used, in clock ticks: hundredths of a second.
        NHA_RES_BUCKET_IDLE_TIME = 2 => IdleTime(u64),
        /// Id of the nexthop object that packets in it go to. In a dump request it filters.
        NHA_RES_BUCKET_NH_ID = 3 => NhId(u32),
    }
}

attributes! {
    /// An attribute of [`NexthopAttr::GroupStats`].
    pub enum GroupStatsAttr<'a> in "nexthop-group-stats-attrs" {
        /// Counters of one member.
        NHA_GROUP_STATS_ENTRY = 1 => Entry(Multi<Attrs<'a, GroupStatsEntryAttr<'a>>>),
    }
}

attributes! {
    /// An attribute of [`GroupStatsAttr::Entry`].
    pub enum GroupStatsEntryAttr<'a> in "nexthop-group-stats-entry-attrs" {
        /// Id of the member.
        NHA_GROUP_STATS_ENTRY_ID = 1 => Id(u32),
        /// Packets that it got, those of the hardware included.
        NHA_GROUP_STATS_ENTRY_PACKETS = 2 => Packets(Uint),
        /// Packets that it got in hardware.
        NHA_GROUP_STATS_ENTRY_PACKETS_HW = 3 => PacketsHw(Uint),
    }
}

/// The types of [`NexthopAttr::Encap`]: those of a route.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NexthopEncap<'a>(pub Encap<'a>);

impl<'a> Select<'a> for NexthopEncap<'a> {
    type Parent = NexthopAttr<'a>;
    type Key = LwtunnelEncap;
    const CHOICES: &'static Choices = &Choices {
        by: Chooser::Attr(__key_code::<NexthopEncap<'a>>),
        ..*<Encap<'a> as Select<'a>>::CHOICES
    };

    fn key_attr(key: LwtunnelEncap) -> NexthopAttr<'a> {
        NexthopAttr::EncapType(key)
    }

    fn data_attr(data: Sub<'a, Self>) -> NexthopAttr<'a> {
        NexthopAttr::Encap(data)
    }

    fn parse(key: Option<LwtunnelEncap>, nla: Nla<'a>) -> Result<Self, ErrorKind> {
        <Encap<'a> as Select<'a>>::parse(key, nla).map(Self)
    }

    fn key(&self) -> Option<LwtunnelEncap> {
        self.0.key()
    }

    fn flags(&self) -> u16 {
        self.0.flags()
    }

    fn write(&self, out: &mut Buffer<'_>) {
        self.0.write(out);
    }
}
