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

/// A rule.
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
        /// Type of service that packets must have; 0 is any.
        pub tos: u8,
        /// Low byte of the table; [`Rule::table`] has all of it.
        pub table: u8,
        /// Reserved; 0.
        pub res1: u8,
        /// Reserved; 0.
        pub res2: u8,
        /// What to do with packets that match.
        pub action: FrAct,
        /// Flags.
        pub flags: FibRuleFlags,
    }
}

constants! {
    /// What a rule does: `FR_ACT_*`.
    pub struct FrAct(u8) in "FR_ACT_" {
        /// Not told.
        UNSPEC = 0, "unspec";
        /// Look up the table.
        TO_TBL = 1, "lookup";
        /// Jump to another rule.
        GOTO = 2, "goto";
        /// Nothing.
        NOP = 3, "nop";
        /// Not used.
        RES3 = 4, "res3";
        /// Not used.
        RES4 = 5, "res4";
        /// Drop.
        BLACKHOLE = 6, "blackhole";
        /// Drop with `ENETUNREACH`.
        UNREACHABLE = 7, "unreachable";
        /// Drop with `EACCES`.
        PROHIBIT = 8, "prohibit";
    }
}

flags! {
    /// `FIB_RULE_*`
    pub struct FibRuleFlags(u32) in "FIB_RULE_" {
        /// The rule cannot be deleted.
        PERMANENT = 0x1, "permanent";
        /// The rule applies to packets that do not match.
        INVERT = 0x2, "not";
        /// The target of [`RuleAttr::Goto`] does not exist.
        UNRESOLVED = 0x4, "unresolved";
        /// The input interface does not exist.
        IIF_DETACHED = 0x8, "iif_detached";
        /// The output interface does not exist.
        OIF_DETACHED = 0x10, "oif_detached";
        /// Look for a source address as well.
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
        /// Destination prefix.
        FRA_DST = 1 => Dst(Addr<'a>),
        /// Source prefix.
        FRA_SRC = 2 => Src(Addr<'a>),
        /// Input interface.
        FRA_IIFNAME = 3 => IifName(Str<'a>),
        /// Priority of the rule that [`FrAct::GOTO`] jumps to.
        FRA_GOTO = 4 => Goto(u32),
        /// Priority; the lowest is tried first.
        FRA_PRIORITY = 6 => Priority(u32),
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
        /// Table to look up.
        FRA_TABLE = 15 => Table(RtTable),
        /// Bits of the mark that count.
        FRA_FWMASK = 16 => FwMask(u32),
        /// Output interface.
        FRA_OIFNAME = 17 => OifName(Str<'a>),
        /// Padding.
        FRA_PAD = 18 => Pad(&'a [u8]),
        /// 1 looks up the table of the VRF of the interface.
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
        /// IPv6 flow label. Since Linux 6.14.
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
