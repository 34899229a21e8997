//! Bugs on purpose, which exist only under `--cfg planted_bug`:
//! `cargo xtask fuzz-check` proves with them that fuzzing reaches what lies deep.

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::Nla;

/// Which payload of an attribute panics.
type Trips = fn(&[u8]) -> bool;

/// Each at least two nests deep, and none in a message that a kernel sends.
const BUGS: &[(&str, Trips)] = &[
    // IFLA_LINKINFO / IFLA_INFO_DATA / IFLA_VLAN_EGRESS_QOS
    ("IFLA_VLAN_QOS_MAPPING", |payload| payload.len() == 8 && payload[6] != 0),
    // IFLA_AF_SPEC / AF_INET6
    ("IFLA_INET6_TOKEN", |payload| payload.len() != 16),
    // RTA_MULTIPATH / RTA_ENCAP
    ("MPLS_IPTUNNEL_TTL", |payload| payload.len() != 1 || payload[0] > 0x7f),
];

static CHOSEN: AtomicUsize = AtomicUsize::new(usize::MAX);

/// The names of the bugs.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUGS.iter().map(|(name, _)| *name)
}

/// Plants the bug of this name alone; none, if there is no such.
pub fn choose(name: &str) {
    let at = BUGS.iter().position(|(bug, _)| *bug == name);
    CHOSEN.store(at.unwrap_or(usize::MAX), Ordering::Relaxed);
}

/// Called for each attribute that is read as its type.
#[doc(hidden)]
pub fn attribute(name: &str, nla: Nla<'_>) {
    if let Some((bug, trips)) = BUGS.get(CHOSEN.load(Ordering::Relaxed)) {
        assert!(*bug != name || !trips(nla.payload()), "planted bug: {name}");
    }
}
