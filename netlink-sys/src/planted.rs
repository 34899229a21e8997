//! Bugs on purpose, which exist only under `--cfg planted_bug`:
//! `cargo xtask fuzz-check` proves with them that fuzzing reaches what lies deep.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The bugs, and what the mirror does wrong under them.
const BUGS: &[(&str, &str)] = &[
    ("MIRROR_DISTURBED", "trusts a dump that events may have disturbed"),
    ("MIRROR_MEMBER", "takes one next hop that left a set for the whole set"),
    ("MIRROR_REPLACED", "replays over a dump what had replaced a route before it"),
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

/// Whether the bug of this name is planted.
pub(crate) fn is(name: &str) -> bool {
    BUGS.get(CHOSEN.load(Ordering::Relaxed)).is_some_and(|(bug, _)| *bug == name)
}
