//! Bugs on purpose, which exist only under `--cfg planted_bug`:
//! `cargo xtask fuzz-check` proves with them that fuzzing reaches what lies deep.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The fuzz target that has to find each, its name, and what the mirror does
/// wrong under it.
const BUGS: &[(&str, &str, &str)] = &[
    ("mirror", "MIRROR_DISTURBED", "trusts a dump that events may have disturbed"),
    ("mirror", "MIRROR_MEMBER", "takes one next hop that left a set for the whole set"),
    ("mirror", "MIRROR_REPLACED", "replays over a dump what had replaced a route before it"),
];

static CHOSEN: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Plants the bug of this name in this target alone; none, if there is no such.
pub fn choose(target: &str, name: &str) {
    let at = BUGS.iter().position(|bug| (bug.0, bug.1) == (target, name));
    CHOSEN.store(at.unwrap_or(usize::MAX), Ordering::Relaxed);
}

/// Whether the bug of this name is planted.
pub(crate) fn is(name: &str) -> bool {
    BUGS.get(CHOSEN.load(Ordering::Relaxed)).is_some_and(|bug| bug.1 == name)
}
