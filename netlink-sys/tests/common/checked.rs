//! A mirror whose changes are checked.
#![allow(dead_code, missing_docs, unreachable_pub)] // No test file uses all of it.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use netlink_sys::mirror::{Builder, Change, Mirror, Object, Table};

use crate::ip_json::{assert_same, difference, row_of};

/// A mirror, and what its changes make: the two have to be the same.
pub struct Checked {
    pub mirror: Mirror,
    told: HashMap<Vec<u8>, u32>,
    pub changes: Vec<Change>,
}

impl Checked {
    pub fn open(builder: Builder) -> Self {
        let mirror = builder.timeout(Duration::from_secs(30)).open().unwrap();
        let mut this = Self { mirror, told: HashMap::new(), changes: Vec::new() };
        this.settle();
        this
    }

    /// All tables that `ip` shows.
    pub fn all() -> Self {
        let builder = Mirror::builder().links().addrs().routes().neighs().rules().nexthops();
        Self::open(builder)
    }

    /// Takes in all that happened, and checks that each change fits what was told
    /// before.
    pub fn settle(&mut self) {
        self.changes.clear();
        self.go_on();
    }

    fn go_on(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            assert!(Instant::now() < deadline, "it does not settle: {:?}", self.mirror);
            match self.mirror.try_recv().unwrap() {
                Some(change) => self.hear(change),
                None if self.mirror.is_settled() => break,
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        let mut has: HashMap<Vec<u8>, u32> = HashMap::new();
        for object in self.mirror.tables().iter().flat_map(|table| self.mirror.iter(table)) {
            *has.entry(name(object)).or_default() += 1;
        }
        for (object, count) in &has {
            assert_eq!(self.told.get(object), Some(count), "told otherwise: {object:?}");
        }
        assert_eq!(has.len(), self.told.len());
    }

    /// Checks a change.
    pub fn hear(&mut self, change: Change) {
        match &change {
            Change::Added { new } => self.add(new),
            Change::Removed { old } => self.remove(old),
            Change::Changed { old, new } => {
                self.remove(old);
                self.add(new);
            }
            _ => {}
        }
        self.changes.push(change);
    }

    fn add(&mut self, object: &Object) {
        *self.told.entry(name(object)).or_default() += 1;
    }

    fn remove(&mut self, object: &Object) {
        let name = name(object);
        let count = self.told.get_mut(&name).unwrap_or_else(|| panic!("no such: {object:?}"));
        *count -= 1;
        if *count == 0 {
            self.told.remove(&name);
        }
    }

    /// Settles, and compares with `ip`, until the kernel is through with what it
    /// does in its own time, such as to notice carriers.
    #[track_caller]
    pub fn check(&mut self) {
        self.settle();
        let deadline = Instant::now() + Duration::from_secs(10);
        while difference(&self.mirror).is_some() {
            if Instant::now() > deadline {
                return assert_same(&self.mirror);
            }
            std::thread::sleep(Duration::from_millis(20));
            self.go_on();
        }
    }

    /// What was told of a table since the last time, as signs.
    pub fn signs(&self, table: Table) -> String {
        let sign = |change: &Change| match change {
            Change::Added { new } if new.table() == Some(table) => Some('+'),
            Change::Changed { new, .. } if new.table() == Some(table) => Some('~'),
            Change::Removed { old } if old.table() == Some(table) => Some('-'),
            _ => None,
        };
        self.changes.iter().filter_map(sign).collect()
    }

    pub fn losses(&self) -> usize {
        self.changes.iter().filter(|change| matches!(change, Change::Lost { .. })).count()
    }
}

/// What stays the same of an object while it is told of no change: the fields
/// that are compared with `ip` as well.
fn name(object: &Object) -> Vec<u8> {
    let table = object.table().unwrap();
    let row = row_of(object);
    format!("{table:?} {row}").into_bytes()
}
