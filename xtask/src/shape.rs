//! What makes two messages the same: their bytes, without what time and chance
//! put into them; and their shape.

use std::collections::{BTreeMap, BTreeSet};

use netlink_captures::Record;
use netlink_wire::{
    Ack, Header, Nla, NlmFlags, Rtm,
    walk::{Content, Walk},
};

/// Attributes that hold ages, counters and random numbers.
const VOLATILE: &[&str] = &[
    "IFLA_STATS",
    "IFLA_STATS64",
    "IFLA_INET6_STATS",
    "IFLA_INET6_ICMP6STATS",
    "IFLA_INET6_CACHEINFO",
    "IFLA_CARRIER_CHANGES",
    "IFLA_CARRIER_UP_COUNT",
    "IFLA_CARRIER_DOWN_COUNT",
    "IFLA_STATS_LINK_64",
    "IFLA_BR_HELLO_TIMER",
    "IFLA_BR_TCN_TIMER",
    "IFLA_BR_TOPOLOGY_CHANGE_TIMER",
    "IFLA_BR_GC_TIMER",
    "IFLA_BRPORT_MESSAGE_AGE_TIMER",
    "IFLA_BRPORT_FORWARD_DELAY_TIMER",
    "IFLA_BRPORT_HOLD_TIMER",
    "IFA_CACHEINFO",
    "RTA_CACHEINFO",
    "NDA_CACHEINFO",
    "MDBA_MDB_EATTR_TIMER",
    "NHA_RES_GROUP_UNBALANCED_TIME",
    "NHA_RES_BUCKET_IDLE_TIME",
    "NDTA_STATS",
    "NDTA_CONFIG",
    "IFLA_HSR_SEQ_NR",
    "IFLA_NET_NS_PID",
    "IFLA_NET_NS_FD",
    "NETNSA_PID",
    "NETNSA_FD",
    "NDTPA_REACHABLE_TIME",
    "NDTPA_BASE_REACHABLE_TIME",
    "IFLA_BOND_AD_INFO",
];

/// The bytes of a record, what is volatile set to 0.
pub(crate) fn stable(record: &Record) -> Vec<u8> {
    let mut bytes = record.bytes.clone();
    let mut blank = |range: std::ops::Range<usize>| {
        if let Some(part) = bytes.get_mut(range) {
            part.fill(0);
        }
    };
    // The sequence number and the port; in an acknowledgement those of the request as well.
    blank(8..16);
    let message = record.message();
    if let Header::ERROR | Header::DONE = message.header.kind {
        if Ack::parse(message).is_ok_and(|ack| ack.request.is_some()) {
            blank(28..36);
        }
    }
    visit(Walk::rtnl(message), &mut Vec::new(), &mut |path, nla| {
        if path.last().is_some_and(|name| VOLATILE.contains(&name.as_str())) {
            let start = nla.offset() as usize + 4;
            blank(start..start + nla.payload().len());
        }
    });
    bytes
}

/// The records, each message once. Dumped neighbours are sorted: they come in
/// the order of a hash that has a random seed.
pub(crate) fn distinct(mut records: Vec<Record>) -> Vec<Record> {
    let dumped = |record: &Record| {
        let Header { kind, flags, .. } = record.message().header;
        kind == Rtm::NEWNEIGH.0 && flags.contains(NlmFlags::MULTI)
    };
    for dump in records.chunk_by_mut(|a, b| dumped(a) && dumped(b)) {
        dump.sort_by_cached_key(stable);
    }
    let mut seen = BTreeSet::new();
    records.into_iter().filter(|record| seen.insert((record.kind.word(), stable(record)))).collect()
}

/// Puts the messages of an earlier capture in the place of those that differ
/// from them in nothing but what time and chance made. Returns how many do not.
pub(crate) fn keep(old: Vec<Record>, new: &mut [Record]) -> usize {
    let key = |record: &Record| (record.kind.word(), stable(record));
    let mut kept: BTreeMap<_, Vec<Record>> = BTreeMap::new();
    for record in old.into_iter().rev() {
        kept.entry(key(&record)).or_default().push(record);
    }
    let mut changed = 0;
    for record in new {
        match kept.get_mut(&key(record)).and_then(Vec::pop) {
            Some(old) => record.bytes = old.bytes,
            None => changed += 1,
        }
    }
    changed
}

/// What kind of message it is, and the path and length class of each attribute.
pub(crate) fn shape(record: &Record) -> BTreeSet<String> {
    let message = record.message();
    let mut shape = BTreeSet::new();
    let family = message.payload.first().copied().unwrap_or_default();
    shape.insert(format!("{} family {family}", message.header.kind));
    visit(Walk::rtnl(message), &mut Vec::new(), &mut |path, nla| {
        let class = match nla.payload().len() {
            len @ 0..=8 => len,
            len => len.next_power_of_two(),
        };
        shape.insert(format!("{} {class}", path.join("/")));
    });
    shape
}

/// Calls `f` with the path of names and every attribute, however deep.
pub(crate) fn visit(walk: Walk<'_>, path: &mut Vec<String>, f: &mut dyn FnMut(&[String], Nla<'_>)) {
    for entry in walk.flatten() {
        path.push(entry.name().map_or_else(|| entry.nla.code().to_string(), str::to_owned));
        f(path, entry.nla);
        match entry.content() {
            Content::Value(_) => {}
            Content::Attrs(walk) | Content::Headed(_, walk) => visit(walk, path, f),
            Content::Records(records) => {
                records.flatten().for_each(|record| visit(record.attrs, path, f));
            }
        }
        path.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Captures are worth what they differ in: not in an index, but in their attributes and lengths.
    #[test]
    fn captures_differ_in_their_attributes() {
        let mut kernels: BTreeMap<String, BTreeSet<_>> = BTreeMap::new();
        for capture in netlink_captures::all() {
            let shapes = kernels.entry(capture.kernel).or_default();
            shapes.extend(capture.records.iter().map(shape));
        }
        let all: BTreeSet<_> = kernels.values().flatten().collect();
        assert!(all.len() >= 400, "only {} shapes", all.len());
        let counts: Vec<_> =
            kernels.iter().map(|(kernel, shapes)| (kernel, shapes.len())).collect();
        let large = counts.iter().filter(|(_, count)| *count >= 400).count();
        assert!(large >= 2, "too few of two kernels: {counts:?}");
    }

    /// The families were recorded in the other byte order, too, from a kernel that has it.
    #[test]
    fn a_big_endian_kernel_was_recorded() {
        let every = netlink_captures::every();
        let big: BTreeMap<_, _> = every
            .iter()
            .filter(|capture| capture.big_endian)
            .map(|capture| (capture.scenario.as_str(), capture.records.len()))
            .collect();
        for scenario in ["addr", "route", "encap", "neigh", "rule", "nexthop", "link-kind"] {
            assert!(big.get(scenario).is_some_and(|count| *count >= 20), "{scenario}: {big:?}");
        }
    }
}
