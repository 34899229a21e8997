//! `ip rule add from 10.0.0.0/8 table 100 pref 1000`, and `ip rule del` of the same, but never of one that
//! says more.

use netlink_sys::{Protocol, Result, Socket, ops};
use netlink_wire::{
    Addr, Prefix,
    route::RtTable,
    rule::{FibRuleHdr, RuleAttr},
};

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let rule = from("10.0.0.0/8".parse()?, 100, 1000);
    socket.add(&rule)?;
    socket.delete_rule(&rule)?;
    Ok(())
}

/// A rule: packets from there look up a table of their own.
pub(crate) fn from(
    source: Prefix<Addr<'_>>,
    table: u32,
    priority: u32,
) -> ops::Request<FibRuleHdr> {
    let rule = ops::ipv4_rule().source(source);
    rule.push(RuleAttr::Table(RtTable(table))).push(RuleAttr::Priority(priority))
}
