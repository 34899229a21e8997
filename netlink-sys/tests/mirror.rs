//! The mirror beside the running kernel, each test in a namespace of its own.

mod common;
#[path = "common/ip.rs"]
mod ip_json;

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use common::*;
use ip_json::*;
use netlink_sys::{
    Lost,
    mirror::{Builder, Change, Mirror, Object, Reason, Table},
};
use netlink_wire::Rtm;

/// A mirror, and what its changes make: the two have to be the same.
struct Checked {
    mirror: Mirror,
    told: HashMap<Vec<u8>, u32>,
    changes: Vec<Change>,
}

impl Checked {
    fn open(builder: Builder) -> Self {
        let mirror = builder.timeout(Duration::from_secs(30)).open().unwrap();
        let mut this = Self { mirror, told: HashMap::new(), changes: Vec::new() };
        this.settle();
        this
    }

    /// All tables that `ip` shows.
    fn all() -> Self {
        let builder = Mirror::builder().links().addrs().routes().neighs().rules().nexthops();
        Self::open(builder)
    }

    /// Takes in all that happened, and checks that each change fits what was told
    /// before.
    fn settle(&mut self) {
        self.changes.clear();
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

    fn hear(&mut self, change: Change) {
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

    /// Settles, and compares with `ip`.
    #[track_caller]
    fn check(&mut self) {
        self.settle();
        assert_same(&self.mirror);
    }

    /// What was told of a table since the last time, as signs.
    fn signs(&self, table: Table) -> String {
        let sign = |change: &Change| match change {
            Change::Added { new } if new.table() == Some(table) => Some('+'),
            Change::Changed { new, .. } if new.table() == Some(table) => Some('~'),
            Change::Removed { old } if old.table() == Some(table) => Some('-'),
            _ => None,
        };
        self.changes.iter().filter_map(sign).collect()
    }

    fn losses(&self) -> usize {
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

live! {
    fn a_hidden_loss_is_found() {
        let builder = Mirror::builder().routes().receive_buffer(4 << 10, 64 << 20);
        let mut mirror = Checked::open(builder);
        let before = mirror.mirror.receive_buffer().unwrap();
        change_routes(Rtm::NEWROUTE, 0..2_000);
        // After the overflow, and before it is told.
        change_routes(Rtm::NEWROUTE, 2_000..2_010);
        mirror.check();
        assert_eq!(mirror.mirror.len(Table::Ipv4Routes), 2_010);
        assert_eq!(mirror.losses(), 1);
        assert!(mirror.changes.contains(&Change::Lost { reason: Lost::Overflow }));
        assert_eq!(mirror.signs(Table::Ipv4Routes), "+".repeat(2_010));
        assert!(mirror.mirror.receive_buffer().unwrap() > before);
        // From here on nothing is lost, as long as little is sent.
        for n in 2_010..2_020 {
            change_routes(Rtm::NEWROUTE, n..n + 1);
            mirror.settle();
            assert_eq!(mirror.signs(Table::Ipv4Routes), "+");
        }
        change_routes(Rtm::DELROUTE, 0..2_000);
        change_routes(Rtm::DELROUTE, 2_000..2_010);
        mirror.check();
        assert_eq!(mirror.mirror.len(Table::Ipv4Routes), 10);
        assert_eq!(mirror.signs(Table::Ipv4Routes), "-".repeat(2_010));
    }

    fn everything_at_once() {
        lo_up();
        ip("link add v0 type veth peer name v1");
        ip("link set v0 up");
        ip("link set v1 up");
        ip("addr add 192.0.2.1/24 dev v0");
        ip("addr add 2001:db8::1/64 dev v0 nodad");
        ip("route add 198.51.100.0/24 via 192.0.2.2");
        ip("nexthop add id 7 via 192.0.2.3 dev v0");
        ip("route add 203.0.113.0/24 nhid 7");
        ip("rule add from 192.0.2.0/24 table 100");
        ip("neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0");
        let mut mirror = Checked::all();
        mirror.check();
        assert_eq!(mirror.mirror.stats().due(Reason::Lost), 0);
    }
}
