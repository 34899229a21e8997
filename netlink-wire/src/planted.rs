//! Bugs on purpose, which exist only under `--cfg planted_bug`:
//! `cargo xtask fuzz-check` proves with them that fuzzing reaches what lies deep.

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::{Nla, writer::Buffer};

/// Which payload makes the bug show.
type Trips = fn(&[u8]) -> bool;

/// The fuzz target that has to find it, its name, and what makes it show. The
/// name is that of an attribute, or of something else where it is asked for.
///
/// Attributes are at least two nests deep, and none is such in a message that a
/// kernel sends.
const BUGS: &[(&str, &str, Trips)] = &[
    // IFLA_LINKINFO / IFLA_INFO_DATA / IFLA_VLAN_EGRESS_QOS
    ("parse", "IFLA_VLAN_QOS_MAPPING", |payload| payload.len() == 8 && payload[6] != 0),
    // IFLA_AF_SPEC / AF_INET6
    ("parse", "IFLA_INET6_TOKEN", |payload| payload.len() != 16 || payload[0] != 0),
    // RTA_MULTIPATH / RTA_ENCAP
    ("parse", "MPLS_IPTUNNEL_TTL", |payload| payload != [64]),
    // IFLA_LINKINFO / IFLA_INFO_DATA
    ("round_trip", "IFLA_VXLAN_PORT_RANGE", |message| matches!(message, [.., 1..=0xed, _])),
    // IFLA_AF_SPEC / AF_INET / IFLA_INET_CONF, where attributes have no names: one of one byte.
    ("form", "nlattr", |message| matches!(message, [.., 0, 0, 1..=255, 0, 1..=255])),
    // NLMSGERR_ATTR_POLICY, of an attribute in IFLA_LINKINFO
    ("ext_ack", "NL_POLICY_TYPE_ATTR_MAX_VALUE_U", |payload| payload.len() == 4),
    // IFLA_LINKINFO / IFLA_INFO_DATA
    ("differential", "IFLA_BR_FORWARD_DELAY", |payload| {
        payload.len() == 4 && (payload[1] > 15 || payload[2..] != [0; 2])
    }),
    // A dump in hex that is shortened: what lies between.
    ("decode", "lines that repeat", |repeated| repeated.len() > 64),
    ("exchange", "NLM_F_DUMP_INTR of NLMSG_DONE", |_| true),
    ("writer", "padding", |message| message.len() >= 256 && message.len() % 8 == 5),
];

static CHOSEN: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Plants the bug of this name in this target alone; none, if there is no such.
pub fn choose(target: &str, name: &str) {
    let at = BUGS.iter().position(|bug| (bug.0, bug.1) == (target, name));
    CHOSEN.store(at.unwrap_or(usize::MAX), Ordering::Relaxed);
}

/// Whether the bug of this name is planted in a target, and shows with `bytes`.
pub fn trips(target: &str, name: &str, bytes: &[u8]) -> bool {
    let chosen = BUGS.get(CHOSEN.load(Ordering::Relaxed));
    chosen.is_some_and(|bug| (bug.0, bug.1) == (target, name) && bug.2(bytes))
}

/// Called for each attribute that is read as its type: the attribute that is read instead.
#[doc(hidden)]
pub fn read<'a>(name: &str, nla: Nla<'a>) -> Nla<'a> {
    for target in ["parse", "ext_ack"] {
        assert!(!trips(target, name, nla.payload()), "planted bug: {name}");
    }
    match trips("differential", name, nla.payload()) {
        true => Nla::new(nla.kind(), &[0; 4]),
        false => nla,
    }
}

/// Called for each attribute of which the payload was written.
#[doc(hidden)]
pub fn write(name: &str, out: &mut Buffer<'_>) {
    if trips("round_trip", name, out.written()) {
        out.put(&[0; 4]);
    }
}
