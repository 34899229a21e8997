//! Traffic control: queueing disciplines, classes, filters, chains of filters and actions,
//! `RTM_NEWQDISC`, `RTM_NEWTCLASS`, `RTM_NEWTFILTER`, `RTM_NEWCHAIN`, `RTM_NEWACTION` and so on.
//!
//! What each kind of them has for options is left as bytes.
//!
//! Source: `include/uapi/linux/rtnetlink.h`, `pkt_sched.h` and `gen_stats.h`, as of Linux 7.2.

use core::{fmt, num::ParseIntError, str::FromStr};

use crate::{
    attrs::Attrs,
    message::Body,
    nla::Nla,
    value::{List, Str, Struct},
};

/// Traffic actions: `RTM_NEWACTION` and so on.
pub type Actions<'a> = Body<'a, TcaMsg, ActionsAttr<'a>>;

/// A queueing discipline, class, filter or chain.
pub type Tc<'a> = Body<'a, TcMsg, TcAttr<'a>>;

wire_struct! {
    /// The fixed header of a [`Tc`].
    pub struct TcMsg in "tcmsg" {
        /// `AF_UNSPEC`.
        pub family: u8,
        /// Padding; 0.
        pub pad1: u8,
        /// Padding; 0.
        pub pad2: u16,
        /// Index of the link; -1 is a block, which links share.
        pub ifindex: i32,
        /// Number of the discipline, class or filter; of a filter, as its kind understands it.
        pub handle: TcHandle,
        /// What it is attached to; for a block, the block's number.
        pub parent: TcHandle,
        /// Of a filter: [`filter_priority`](Self::filter_priority) and
        /// [`filter_protocol`](Self::filter_protocol). Of a discipline: how many use it. Of a
        /// class: the discipline below it.
        pub info: u32,
    }
}

impl TcMsg {
    /// Of a filter: where it stands among others; smaller ones come first.
    pub const fn filter_priority(&self) -> u16 {
        (self.info >> 16) as u16
    }

    /// Of a filter: the Ethernet type of the packets that it sees.
    pub const fn filter_protocol(&self) -> u16 {
        u16::from_be(self.info as u16)
    }

    /// What [`info`](Self::info) is for a filter.
    pub const fn filter_info(priority: u16, protocol: u16) -> u32 {
        (priority as u32) << 16 | protocol.to_be() as u32
    }
}

crate::__integer! {
    /// Number of a discipline or class: a major and a minor number of 16 bits each.
    #[derive(PartialOrd, Ord, zerocopy::Immutable, zerocopy::IntoBytes)]
    pub struct TcHandle(u32) in "TC_H_", false {
        /// None.
        UNSPEC = 0, "none";
        /// What a link sends: the parent of its discipline.
        ROOT = 0xffffffff, "root";
        /// What a link receives: the parent of its discipline.
        INGRESS = 0xfffffff1, "ingress";
    }
}

impl TcHandle {
    /// From both numbers, `1:10` for example, which are hexadecimal.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self((major as u32) << 16 | minor as u32)
    }

    /// The number of the discipline.
    pub const fn major(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// The number of the class in it; 0 is the discipline itself.
    pub const fn minor(self) -> u16 {
        self.0 as u16
    }
}

/// As `tc` writes it: `1:10`, `1:`, `:10`, `root`, `ingress`, `none`.
impl fmt::Display for TcHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (*self, self.major(), self.minor()) {
            (Self::UNSPEC, ..) => f.write_str("none"),
            (Self::ROOT, ..) => f.write_str("root"),
            (Self::INGRESS, ..) => f.write_str("ingress"),
            (_, 0, minor) => write!(f, ":{minor:x}"),
            (_, major, 0) => write!(f, "{major:x}:"),
            (_, major, minor) => write!(f, "{major:x}:{minor:x}"),
        }
    }
}

/// Reads what `Display` writes.
impl FromStr for TcHandle {
    type Err = ParseIntError;

    fn from_str(word: &str) -> Result<Self, ParseIntError> {
        let number = |digits: &str| match digits {
            "" => Ok(0),
            digits => u16::from_str_radix(digits, 16),
        };
        Ok(match (word, word.split_once(':')) {
            ("none", _) => Self::UNSPEC,
            ("root", _) => Self::ROOT,
            ("ingress", _) => Self::INGRESS,
            (_, Some((major, minor))) => Self::new(number(major)?, number(minor)?),
            (digits, None) => Self(u32::from_str_radix(digits, 16)?),
        })
    }
}

attributes! {
    /// An attribute of a [`Tc`].
    pub enum TcAttr<'a> in "tc-attrs" {
        /// Kind, such as `fq_codel` or `flower`.
        TCA_KIND = 1 => Kind(Str<'a>),
        /// Options, as the kind has them: a struct, or attributes.
        TCA_OPTIONS = 2 => Options(&'a [u8]),
        /// Counters; [`Stats2`](Self::Stats2) has them all.
        TCA_STATS = 3 => Stats(Struct<'a, TcStats>),
        /// Counters of the kind; [`Stats2`](Self::Stats2) has them as well.
        TCA_XSTATS = 4 => Xstats(&'a [u8]),
        /// How the kernel estimates rates; in requests.
        TCA_RATE = 5 => Rate(GnetEstimator),
        /// Not used.
        TCA_FCNT = 6 => Fcnt(&'a [u8]),
        /// Counters.
        TCA_STATS2 = 7 => Stats2(Attrs<'a, TcStatsAttr<'a>>),
        /// How the size of packets is counted, if it is not the plain length.
        TCA_STAB = 8 => Stab(Attrs<'a, TcStabAttr<'a>>),
        /// Padding.
        TCA_PAD = 9 => Pad(&'a [u8]),
        /// In requests for a dump: disciplines that the kernel attached by itself as well.
        TCA_DUMP_INVISIBLE = 10 => DumpInvisible(()),
        /// Number of the chain that a filter is in.
        TCA_CHAIN = 11 => Chain(u32),
        /// 1 if the hardware does it.
        TCA_HW_OFFLOAD = 12 => HwOffload(u8),
        /// Number of the block with the filters of what the link receives.
        TCA_INGRESS_BLOCK = 13 => IngressBlock(u32),
        /// Number of the block with the filters of what the link sends.
        TCA_EGRESS_BLOCK = 14 => EgressBlock(u32),
        /// In requests for a dump: what it shall leave out. Since Linux 5.8.
        TCA_DUMP_FLAGS = 15 => DumpFlags(TcDumpFlags),
        /// What the hardware's driver has to say, in words. Since Linux 6.3.
        TCA_EXT_WARN_MSG = 16 => ExtWarnMsg(Str<'a>),
    }
}

wire_struct! {
    /// What a dump of filters shall leave out, of the bits that are given.
    pub struct TcDumpFlags in "nla_bitfield32" {
        /// The bits.
        pub value: TcDumpFlag,
        /// Which bits are given.
        pub selector: TcDumpFlag,
    }
}

flags! {
    /// What a dump of filters shall leave out: `TCA_DUMP_FLAGS_*`.
    pub struct TcDumpFlag(u32) in "TCA_DUMP_FLAGS_" {
        /// All but what tells the filter from others, and counters.
        TERSE = 0x1, "terse";
    }
}

wire_struct! {
    /// How the kernel estimates rates.
    pub struct GnetEstimator in "gnet_estimator" {
        /// Logarithm of the time between two samples, in quarters of a second; -2 is one of them.
        pub interval: i8,
        /// Logarithm of how many samples count.
        pub ewma_log: u8,
    }
}

wire_struct! {
    /// Counters in one.
    pub struct TcStats in "tc_stats" {
        /// Bytes sent.
        pub bytes: u64,
        /// Packets sent.
        pub packets: u32,
        /// Packets dropped.
        pub drops: u32,
        /// How often there was more to send than allowed.
        pub overlimits: u32,
        /// Estimated rate in bytes per second.
        pub bps: u32,
        /// Estimated rate in packets per second.
        pub pps: u32,
        /// How many packets wait.
        pub qlen: u32,
        /// How many bytes wait.
        pub backlog: u32,
        /// Padding; 0.
        pub pad: u32,
    }
}

attributes! {
    /// An attribute of [`TcAttr::Stats2`].
    pub enum TcStatsAttr<'a> in "tca-stats-attrs" {
        /// Bytes and packets that passed.
        TCA_STATS_BASIC = 1 => Basic(Struct<'a, GnetStatsBasic>),
        /// Estimated rates, up to 32 bits.
        TCA_STATS_RATE_EST = 2 => RateEst(GnetStatsRateEst),
        /// The queue.
        TCA_STATS_QUEUE = 3 => Queue(Struct<'a, GnetStatsQueue>),
        /// Counters of the kind.
        TCA_STATS_APP = 4 => App(&'a [u8]),
        /// Estimated rates; sent if 32 bits are too few.
        TCA_STATS_RATE_EST64 = 5 => RateEst64(GnetStatsRateEst64),
        /// Padding.
        TCA_STATS_PAD = 6 => Pad(&'a [u8]),
        /// Traffic that the hardware counted. Since Linux 5.5.
        TCA_STATS_BASIC_HW = 7 => BasicHw(Struct<'a, GnetStatsBasic>),
        /// Packets; sent if 32 bits are too few. Since Linux 5.5.
        TCA_STATS_PKT64 = 8 => Pkt64(u64),
    }
}

wire_struct! {
    /// Traffic.
    pub struct GnetStatsBasic in "gnet_stats_basic" {
        /// Bytes.
        pub bytes: u64,
        /// Packets; [`TcStatsAttr::Pkt64`] has all bits.
        pub packets: u32,
        /// Padding; 0.
        pub pad: u32,
    }
}

wire_struct! {
    /// Estimated rates, up to 32 bits.
    pub struct GnetStatsRateEst in "gnet_stats_rate_est" {
        /// Bytes per second.
        pub bps: u32,
        /// Packets per second.
        pub pps: u32,
    }
}

wire_struct! {
    /// Estimated rates of bytes and packets, each per second.
    pub struct GnetStatsRateEst64 in "gnet_stats_rate_est64" {
        /// Bytes per second.
        pub bps: u64,
        /// Packets per second.
        pub pps: u64,
    }
}

wire_struct! {
    /// State and losses of a queue.
    pub struct GnetStatsQueue in "gnet_stats_queue" {
        /// How many packets wait.
        pub qlen: u32,
        /// How many bytes wait.
        pub backlog: u32,
        /// Packets dropped.
        pub drops: u32,
        /// How often a packet was put back, for the device was busy.
        pub requeues: u32,
        /// How often there was more to send than allowed.
        pub overlimits: u32,
    }
}

attributes! {
    /// An attribute of [`TcAttr::Stab`].
    pub enum TcStabAttr<'a> in "tca-stab-attrs" {
        /// How a size is found.
        TCA_STAB_BASE = 1 => Base(TcSizeSpec),
        /// In requests: the table, 16 bits for each size.
        TCA_STAB_DATA = 2 => Data(&'a [u8]),
    }
}

wire_struct! {
    /// How the size of a packet is found.
    pub struct TcSizeSpec in "tc_sizespec" {
        /// Logarithm of how many bytes share a place in the table.
        pub cell_log: u8,
        /// Logarithm of the unit of what the table has.
        pub size_log: u8,
        /// Bytes added to find the place.
        pub cell_align: i16,
        /// Bytes added to each packet.
        pub overhead: i32,
        /// What carries the packets: 1 is Ethernet, 2 is ATM.
        pub linklayer: u32,
        /// A packet counts as so many bytes at least.
        pub mpu: u32,
        /// The largest size in the table, in bytes.
        pub mtu: u32,
        /// Size of the table; 0 is none.
        pub tsize: u32,
    }
}

wire_struct! {
    /// The fixed header of [`Actions`].
    pub struct TcaMsg in "tcamsg" {
        /// `AF_UNSPEC`.
        pub family: u8,
        /// Padding; 0.
        pub pad1: u8,
        /// Padding; 0.
        pub pad2: u16,
    }
}

attributes! {
    /// An attribute of [`Actions`].
    pub enum ActionsAttr<'a> in "tca-root-attrs" {
        /// The actions by their place, from 1 on. Each is a nest of its kind, options and counters,
        /// which are left untyped.
        TCA_ROOT_TAB = 1 => Tab(List<'a, Attrs<'a, Nla<'a>>>),
        /// How they are dumped.
        TCA_ROOT_FLAGS = 2 => Flags(TcActFlags),
        /// How many there are.
        TCA_ROOT_COUNT = 3 => Count(u32),
        /// In requests for a dump: only those that were used in so many milliseconds.
        TCA_ROOT_TIME_DELTA = 4 => TimeDelta(u32),
        /// What hardware had to say. Since Linux 6.3.
        TCA_ROOT_EXT_WARN_MSG = 5 => ExtWarnMsg(Str<'a>),
    }
}

wire_struct! {
    /// How traffic actions are dumped, and which of the flags are meant.
    pub struct TcActFlags in "nla_bitfield32" {
        /// The flags.
        pub value: TcActFlag,
        /// Those that are meant.
        pub selector: TcActFlag,
    }
}

flags! {
    /// A flag of [`TcActFlags`].
    pub struct TcActFlag(u32) in "TCA_ACT_FLAG_" {
        /// More than 32 actions in one message.
        LARGE_DUMP_ON = 0x1, "large_dump_on";
        /// Without options and counters. Since Linux 5.11.
        TERSE_DUMP = 0x2, "terse_dump";
    }
}
