//! Tables of neighbours, and how each link resolves: `RTM_NEWNEIGHTBL`, `RTM_GETNEIGHTBL`,
//! `RTM_SETNEIGHTBL`.
//!
//! A dump has several messages for each table: a first one with the table itself and its default
//! parameters, and one for each link that has parameters of its own.
//!
//! Source: `include/uapi/linux/neighbour.h`, as of Linux 7.2.

use crate::{
    attrs::Attrs,
    message::Body,
    value::{Str, Struct},
};

/// A table of neighbours, or the parameters of one link in it.
pub type NeighTbl<'a> = Body<'a, NdtMsg, NeighTblAttr<'a>>;

wire_struct! {
    /// The fixed header of a [`NeighTbl`].
    pub struct NdtMsg in "ndtmsg" {
        /// `AF_INET` or `AF_INET6`.
        pub family: u8,
        /// Padding; 0.
        pub pad1: u8,
        /// Padding; 0.
        pub pad2: u16,
    }
}

wire_struct! {
    /// State of a table.
    pub struct NdtConfig in "ndt_config" {
        /// Length of a network address in bytes.
        pub key_len: u16,
        /// Size of an entry in the kernel's memory, in bytes.
        pub entry_size: u16,
        /// How many entries there are, in all network namespaces.
        pub entries: u32,
        /// Time since the table was last made smaller, in milliseconds.
        pub last_flush: u32,
        /// Time since reachable times were last drawn anew, in milliseconds.
        pub last_rand: u32,
        /// Random number that the hash starts from.
        pub hash_rnd: u32,
        /// Number of buckets, less 1.
        pub hash_mask: u32,
        /// Not used; 0.
        pub hash_chain_gc: u32,
        /// How many packets wait to be answered for others.
        pub proxy_qlen: u32,
    }
}

wire_struct! {
    /// Counters of a table, in all network namespaces since the system started.
    pub struct NdtStats in "ndt_stats" {
        /// Entries made.
        pub allocs: u64,
        /// Entries destroyed.
        pub destroys: u64,
        /// How often the hash grew.
        pub hash_grows: u64,
        /// Addresses that nobody answered for.
        pub res_failed: u64,
        /// Lookups.
        pub lookups: u64,
        /// Lookups that found an entry.
        pub hits: u64,
        /// Questions received by multicast.
        pub rcv_probes_mcast: u64,
        /// Questions received by unicast.
        pub rcv_probes_ucast: u64,
        /// How often old entries were collected because it was time to.
        pub periodic_gc_runs: u64,
        /// How often because the table grew too large.
        pub forced_gc_runs: u64,
        /// Entries that were not made because the table was full. Since Linux 4.3.
        pub table_fulls: u64,
    }
}

attributes! {
    /// An attribute of a [`NeighTbl`].
    pub enum NeighTblAttr<'a> in "neightbl-attrs" {
        /// Name of the table: `arp_cache`, `ndisc_cache`.
        NDTA_NAME = 1 => Name(Str<'a>),
        /// Up to so many entries, none is collected before its time.
        NDTA_THRESH1 = 2 => Thresh1(u32),
        /// More entries than so many stay for 5 seconds at most.
        NDTA_THRESH2 = 3 => Thresh2(u32),
        /// There are never more entries than so many.
        NDTA_THRESH3 = 4 => Thresh3(u32),
        /// State of the table. The messages of links have none.
        NDTA_CONFIG = 5 => Config(NdtConfig),
        /// How neighbours are resolved.
        NDTA_PARMS = 6 => Parms(Attrs<'a, NeighTblParmAttr<'a>>),
        /// Counters.
        NDTA_STATS = 7 => Stats(Struct<'a, NdtStats>),
        /// Time between two searches for old entries, in milliseconds.
        NDTA_GC_INTERVAL = 8 => GcInterval(u64),
        /// Padding.
        NDTA_PAD = 9 => Pad(&'a [u8]),
    }
}

attributes! {
    /// An attribute of [`NeighTblAttr::Parms`].
    pub enum NeighTblParmAttr<'a> in "ndtpa-attrs" {
        /// Index of the link; the defaults have none.
        NDTPA_IFINDEX = 1 => IfIndex(u32),
        /// How many users in the kernel hold the parameters.
        NDTPA_REFCNT = 2 => RefCnt(u32),
        /// How long an answer counts, in milliseconds: half to one and a half times the base,
        /// drawn at random every few minutes.
        NDTPA_REACHABLE_TIME = 3 => ReachableTime(u64),
        /// What it is drawn around, in milliseconds.
        NDTPA_BASE_REACHABLE_TIME = 4 => BaseReachableTime(u64),
        /// Time between two questions, in milliseconds.
        NDTPA_RETRANS_TIME = 5 => RetransTime(u64),
        /// How long an entry that nobody uses stays, in milliseconds.
        NDTPA_GC_STALETIME = 6 => GcStaleTime(u64),
        /// How long a sign of life is waited for before probing, in milliseconds.
        NDTPA_DELAY_PROBE_TIME = 7 => DelayProbeTime(u64),
        /// How many packets wait for one neighbour, at most.
        NDTPA_QUEUE_LEN = 8 => QueueLen(u32),
        /// How many questions go to a daemon before any goes to the network.
        NDTPA_APP_PROBES = 9 => AppProbes(u32),
        /// How many go to the address that was last known.
        NDTPA_UCAST_PROBES = 10 => UcastProbes(u32),
        /// How many go to all.
        NDTPA_MCAST_PROBES = 11 => McastProbes(u32),
        /// The longest random delay before answering for an anycast address, in milliseconds.
        NDTPA_ANYCAST_DELAY = 12 => AnycastDelay(u64),
        /// The longest random delay before answering for others, in milliseconds.
        NDTPA_PROXY_DELAY = 13 => ProxyDelay(u64),
        /// How many questions wait to be answered for others, at most.
        NDTPA_PROXY_QLEN = 14 => ProxyQlen(u32),
        /// How long a new answer does not replace the last one, in milliseconds.
        NDTPA_LOCKTIME = 15 => LockTime(u64),
        /// How many bytes wait for one neighbour, at most.
        NDTPA_QUEUE_LENBYTES = 16 => QueueLenBytes(u32),
        /// How many questions go to all after those to the last known address had no answer.
        NDTPA_MCAST_REPROBES = 17 => McastReprobes(u32),
        /// Padding.
        NDTPA_PAD = 18 => Pad(&'a [u8]),
        /// Time between two probes of entries that the kernel keeps resolved, in milliseconds.
        /// Since Linux 6.0.
        NDTPA_INTERVAL_PROBE_TIME_MS = 19 => IntervalProbeTimeMs(u64),
    }
}
