//! Routing policy rules: `RTM_NEWRULE`, `RTM_DELRULE`, `RTM_GETRULE`.
//!
//! Source: `include/uapi/linux/fib_rules.h`, as of Linux 7.2.

use crate::{
    error::Result,
    message::Body,
    netaddr::{Addr, Prefix},
    route::{RtProt, RtTable, unspecified},
    scalar::Be,
    value::Str,
};

/// A rule: which packets match, and what becomes of them, such as a routing table to look up.
///
/// [`RuleAttr`] has its attributes; methods are for what takes more than one of them.
pub type Rule<'a> = Body<'a, FibRuleHdr, RuleAttr<'a>>;

impl<'a> Rule<'a> {
    /// The table to look up; [`RtTable::UNSPEC`] if the action is not
    /// [`FrAct::TO_TBL`].
    ///
    /// It is `FRA_TABLE`, or the header's byte where that is left out.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`](crate::Attrs::get).
    pub fn table(&self) -> Result<RtTable> {
        let table = self.get(RuleAttr::Table)?;
        Ok(table.unwrap_or(RtTable(self.header.table.into())))
    }

    /// Destinations that match; an unspecified address of 0 bits is any.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`](crate::Attrs::get).
    pub fn destination(&self) -> Result<Prefix<Addr<'a>>> {
        let addr = self.get(RuleAttr::Dst)?;
        let addr = addr.unwrap_or_else(|| unspecified(self.header.family));
        Ok(Prefix { addr, len: self.header.dst_len })
    }

    /// Sources that match; an unspecified address of 0 bits is any.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`](crate::Attrs::get).
    pub fn source(&self) -> Result<Prefix<Addr<'a>>> {
        let addr = self.get(RuleAttr::Src)?;
        let addr = addr.unwrap_or_else(|| unspecified(self.header.family));
        Ok(Prefix { addr, len: self.header.src_len })
    }

    /// The mark that packets must have, and the bits of it that count; none if
    /// any mark will do. A mark without a mask, in a request, counts in full.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`](crate::Attrs::get).
    pub fn mark(&self) -> Result<Option<(u32, u32)>> {
        let mark = self.get(RuleAttr::FwMark)?;
        let mask = self.get(RuleAttr::FwMask)?;
        Ok(match (mark, mask) {
            (None, None) => None,
            (Some(mark), None) => Some((mark, u32::MAX)),
            (mark, Some(mask)) => Some((mark.unwrap_or(0), mask)),
        })
    }
}

wire_struct! {
    /// The fixed header of a [`Rule`].
    pub struct FibRuleHdr in "fib_rule_hdr" {
        /// `AF_INET` or `AF_INET6`.
        pub family: u8,
        /// Prefix length of [`RuleAttr::Dst`], in bits.
        pub dst_len: u8,
        /// Prefix length of [`RuleAttr::Src`], in bits.
        pub src_len: u8,
        /// Type of service that packets must have; 0 is any. Newer programs select
        /// by [`RuleAttr::Dscp`].
        pub tos: u8,
        /// The table, or [`RtTable::COMPAT`] if its number does not fit;
        /// [`Rule::table`] has all of it.
        pub table: u8,
        /// Reserved; 0.
        pub res1: u8,
        /// Reserved; 0.
        pub res2: u8,
        /// What is done with packets that match.
        pub action: FrAct,
        /// What is special about the rule.
        pub flags: FibRuleFlags,
    }
}

constants! {
    /// What a rule does: `FR_ACT_*`.
    pub struct FrAct(u8) in "FR_ACT_" {
        /// Not told.
        UNSPEC = 0, "unspec";
        /// Looks up the table, and goes on with the next rule if it has no route.
        TO_TBL = 1, "lookup";
        /// Goes on with another rule, further down.
        GOTO = 2, "goto";
        /// Does nothing: the target of a jump.
        NOP = 3, "nop";
        /// Not used.
        RES3 = 4, "res3";
        /// Not used.
        RES4 = 5, "res4";
        /// Drops.
        BLACKHOLE = 6, "blackhole";
        /// Drops, and tells that the network cannot be reached.
        UNREACHABLE = 7, "unreachable";
        /// Drops, and tells that it is prohibited.
        PROHIBIT = 8, "prohibit";
    }
}

flags! {
    /// What is special about a rule: `FIB_RULE_*`.
    pub struct FibRuleFlags(u32) in "FIB_RULE_" {
        /// The rule cannot be deleted.
        PERMANENT = 0x1, "permanent";
        /// The rule applies to packets that do not match.
        INVERT = 0x2, "not";
        /// There is no rule with the priority that [`RuleAttr::Goto`] tells. The kernel sets it.
        UNRESOLVED = 0x4, "unresolved";
        /// The input interface does not exist, for now. The kernel sets it.
        IIF_DETACHED = 0x8, "iif_detached";
        /// The output interface does not exist, for now. The kernel sets it.
        OIF_DETACHED = 0x10, "oif_detached";
        /// The rule also counts when the kernel looks for a source address.
        FIND_SADDR = 0x10000, "find_saddr";
    }
}

wire_struct! {
    /// Users; both ends are included.
    pub struct FibRuleUidRange in "fib_rule_uid_range" {
        /// First user.
        pub start: u32,
        /// Last user.
        pub end: u32,
    }
}

wire_struct! {
    /// Ports; both ends are included.
    pub struct FibRulePortRange in "fib_rule_port_range" {
        /// First port.
        pub start: u16,
        /// Last port.
        pub end: u16,
    }
}

attributes! {
    /// An attribute of a [`Rule`].
    pub enum RuleAttr<'a> in "fib-rule-attrs" {
        /// Destinations that match; [`Rule::destination`] adds the prefix length.
        FRA_DST = 1 => Dst(Addr<'a>),
        /// Sources that match; [`Rule::source`] adds the prefix length.
        FRA_SRC = 2 => Src(Addr<'a>),
        /// Interface that packets come in through; `lo` is for those of this host.
        FRA_IIFNAME = 3 => IifName(Str<'a>),
        /// Priority of the rule that [`FrAct::GOTO`] jumps to.
        FRA_GOTO = 4 => Goto(u32),
        /// Not used.
        FRA_UNUSED2 = 5 => Unused2(&'a [u8]),
        /// Priority; the lowest is tried first.
        FRA_PRIORITY = 6 => Priority(u32),
        /// Not used.
        FRA_UNUSED3 = 7 => Unused3(&'a [u8]),
        /// Not used.
        FRA_UNUSED4 = 8 => Unused4(&'a [u8]),
        /// Not used.
        FRA_UNUSED5 = 9 => Unused5(&'a [u8]),
        /// Mark that packets must have, under [`FwMask`](Self::FwMask).
        FRA_FWMARK = 10 => FwMark(u32),
        /// Realms to give: the source's in the high half, the destination's in the low.
        FRA_FLOW = 11 => Flow(u32),
        /// Tunnel key that packets must have.
        FRA_TUN_ID = 12 => TunId(Be<u64>),
        /// Reject routes through interfaces of this group; -1 is none.
        FRA_SUPPRESS_IFGROUP = 13 => SuppressIfGroup(i32),
        /// Reject routes with a prefix of at most this many bits; -1 is none.
        FRA_SUPPRESS_PREFIXLEN = 14 => SuppressPrefixLen(i32),
        /// Table to look up; [`Rule::table`] reads it from a kernel that lacks it, too.
        FRA_TABLE = 15 => Table(RtTable),
        /// Bits of the mark that count; [`Rule::mark`] has both.
        FRA_FWMASK = 16 => FwMask(u32),
        /// Interface that a packet's socket is bound to.
        FRA_OIFNAME = 17 => OifName(Str<'a>),
        /// Padding.
        FRA_PAD = 18 => Pad(&'a [u8]),
        /// 1 looks up the table of the VRF that the packet belongs to.
        FRA_L3MDEV = 19 => L3mdev(u8),
        /// Users whose sockets match.
        FRA_UID_RANGE = 20 => UidRange(FibRuleUidRange),
        /// Who made the rule.
        FRA_PROTOCOL = 21 => Protocol(RtProt),
        /// Layer 4 protocol: `IPPROTO_*`.
        FRA_IP_PROTO = 22 => IpProto(u8),
        /// Source ports.
        FRA_SPORT_RANGE = 23 => SportRange(FibRulePortRange),
        /// Destination ports.
        FRA_DPORT_RANGE = 24 => DportRange(FibRulePortRange),
        /// DSCP that packets must have. Since Linux 6.13.
        FRA_DSCP = 25 => Dscp(u8),
        /// IPv6 flow label that packets must have. Since Linux 6.14.
        FRA_FLOWLABEL = 26 => FlowLabel(Be<u32>),
        /// Bits of the flow label that count. Since Linux 6.14.
        FRA_FLOWLABEL_MASK = 27 => FlowLabelMask(Be<u32>),
        /// Bits of the source port that count. Since Linux 6.15.
        FRA_SPORT_MASK = 28 => SportMask(u16),
        /// Bits of the destination port that count. Since Linux 6.15.
        FRA_DPORT_MASK = 29 => DportMask(u16),
        /// Bits of the DSCP that count. Since Linux 6.15.
        FRA_DSCP_MASK = 30 => DscpMask(u8),
    }
}
