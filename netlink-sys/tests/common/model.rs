//! A small kernel, and what drives the core of a mirror beside it: any script of
//! changes, dumps and faults. The mirror has to end with what the kernel has.

use std::collections::VecDeque;

use netlink_sys::{
    Lost, Retry,
    mirror::{Change, Core, Dumped, Object, Table, Tables},
};
use netlink_wire::{
    Addr, Message, Messages, NlmFlags, Rtm,
    link::{IfInfoMsg, Iff, Link, LinkAttr},
    neigh::{NdMsg, Neigh, NeighAttr},
    nexthop::{Nexthop, NexthopAttr, NhMsg},
    route::{Route, RouteAddr, RouteAttr, RtMsg, RtNextHop, RtProt, RtScope, RtTable, Rtn},
    rule::{FibRuleHdr, FrAct, Rule, RuleAttr},
};

/// The tables that there are.
const TABLES: [Table; 6] = [
    Table::Links,
    Table::Nexthops,
    Table::Ipv4Routes,
    Table::Ipv6Routes,
    Table::Neighs,
    Table::Ipv4Rules,
];

/// An object: what it is called, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Entry {
    /// Index, whether it is up, and its name.
    Link(u8, bool, u8),
    /// Id, link.
    Nexthop(u8, u8),
    /// Destination, metric, gateway, link; or a nexthop object.
    Ipv4(u8, u8, u8, u8, u8),
    /// Destination, and gateways, as a set.
    Ipv6(u8, Vec<u8>),
    /// Address, link-layer address.
    Neigh(u8, u8),
    /// Priority, table.
    Rule(u8, u8),
}

/// The kernel: its tables in its own order.
#[derive(Default)]
struct Kernel {
    tables: [Vec<Entry>; 6],
    /// How often the entries of a table came or went.
    changes: [u32; 6],
    /// What was sent, and not read yet.
    events: VecDeque<Vec<u8>>,
    /// Whether what is sent is dropped until all was read.
    is_congested: bool,
    focus: usize,
}

fn at(table: Table) -> usize {
    TABLES.iter().position(|other| *other == table).expect("one of them")
}

impl Kernel {
    fn of(&mut self, table: Table) -> &mut Vec<Entry> {
        &mut self.tables[at(table)]
    }

    fn send(&mut self, kind: Rtm, flags: NlmFlags, entry: &Entry) {
        if !self.is_congested {
            self.events.push_back(message(kind, flags, entry));
        }
    }

    fn note(&mut self, table: Table) {
        self.changes[at(table)] += 1;
    }

    /// Makes one change, if it is possible.
    fn change(&mut self, script: &mut Script<'_>) {
        /// What can change: a script may be about one table alone.
        const FOCUS: [&[u8]; 8] = [
            &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
            &[2, 1, 4, 6, 7, 8],
            &[4, 5, 6, 7],
            &[6, 7, 8],
            &[6, 7, 8],
            &[9, 9, 10],
            &[11, 12],
            &[13],
        ];
        let kinds = FOCUS[self.focus];
        let what = kinds[usize::from(script.below(kinds.len() as u8))];
        let (n, m) = (script.below(4), script.below(4));
        match what {
            0 => self.add_link(n, m),
            1 => self.set_link(n, true),
            2 => self.set_link(n, false),
            3 => self.delete_link(n),
            4 => self.add_nexthop(n, m),
            5 => self.delete_nexthop(n),
            6 | 7 => self.add_ipv4(n, script),
            8 => self.delete_ipv4(script),
            9 => self.add_ipv6(n, m, script),
            10 => self.delete_ipv6(n, m),
            11 => self.set_neigh(n, m),
            12 => self.delete_neigh(n),
            _ => self.change_rules(n, m, script),
        }
    }

    fn add_link(&mut self, index: u8, name: u8) {
        let links = self.of(Table::Links);
        let is_taken = |link: &Entry| matches!(link, Entry::Link(other, ..) if *other == index);
        if links.iter().any(is_taken) {
            return;
        }
        links.push(Entry::Link(index, false, name));
        self.note(Table::Links);
        self.send(Rtm::NEWLINK, NlmFlags(0), &Entry::Link(index, false, name));
    }

    /// What goes through a link that goes down vanishes without an event.
    fn set_link(&mut self, index: u8, up: bool) {
        for link in self.of(Table::Links) {
            if let Entry::Link(other, is_up, name) = link {
                if *other == index && *is_up != up {
                    *is_up = up;
                    let link = Entry::Link(index, up, *name);
                    // Told before it is done.
                    self.send(Rtm::NEWLINK, NlmFlags(0), &link);
                    if !up {
                        self.flush(index);
                    }
                    return;
                }
            }
        }
    }

    fn delete_link(&mut self, index: u8) {
        let links = self.of(Table::Links);
        let Some(place) =
            links.iter().position(|link| matches!(link, Entry::Link(other, ..) if *other == index))
        else {
            return;
        };
        let link = links.remove(place);
        self.note(Table::Links);
        self.flush(index);
        self.send(Rtm::DELLINK, NlmFlags(0), &link);
    }

    fn flush(&mut self, index: u8) {
        let mut gone = Vec::new();
        self.of(Table::Nexthops).retain(|nexthop| match nexthop {
            Entry::Nexthop(id, link) if *link == index => {
                gone.push(*id);
                false
            }
            _ => true,
        });
        self.of(Table::Ipv4Routes).retain(|route| match route {
            Entry::Ipv4(.., link, 0) => *link != index,
            Entry::Ipv4(.., id) => !gone.contains(id),
            _ => true,
        });
        // The kernel tells that these dumps were interrupted.
        self.note(Table::Nexthops);
    }

    fn add_nexthop(&mut self, id: u8, link: u8) {
        let id = id + 1;
        let is_up = |entry: &Entry| *entry == Entry::Link(link, true, name_of(entry));
        if !self.of(Table::Links).iter().any(is_up) {
            return;
        }
        let nexthops = self.of(Table::Nexthops);
        let new = Entry::Nexthop(id, link);
        let old =
            nexthops.iter().position(|old| matches!(old, Entry::Nexthop(other, _) if *other == id));
        let flags = match old {
            Some(place) => {
                nexthops[place] = new.clone();
                NlmFlags::REPLACE
            }
            None => {
                nexthops.push(new.clone());
                NlmFlags::CREATE
            }
        };
        self.note(Table::Nexthops);
        self.send(Rtm::NEWNEXTHOP, flags, &new);
    }

    /// The routes that use it vanish without an event.
    fn delete_nexthop(&mut self, id: u8) {
        let id = id + 1;
        let nexthops = self.of(Table::Nexthops);
        let Some(place) =
            nexthops.iter().position(|old| matches!(old, Entry::Nexthop(other, _) if *other == id))
        else {
            return;
        };
        let nexthop = nexthops.remove(place);
        self.note(Table::Nexthops);
        self.of(Table::Ipv4Routes)
            .retain(|route| !matches!(route, Entry::Ipv4(.., other) if *other == id));
        self.send(Rtm::DELNEXTHOP, NlmFlags(0), &nexthop);
    }

    /// `fib_table_insert`
    fn add_ipv4(&mut self, dst: u8, script: &mut Script<'_>) {
        let (metric, gateway) = (script.below(2), script.below(4));
        let (how, link, id) = (script.below(4), script.below(4), script.below(6));
        let exists = |entry: &Entry| match entry {
            Entry::Link(other, is_up, _) => *is_up && *other == link && id > 4,
            Entry::Nexthop(other, _) => *other == id && id <= 4,
            _ => false,
        };
        if !self.tables.iter().flatten().any(exists) {
            return;
        }
        let new = match id {
            1..=4 => Entry::Ipv4(dst, metric, 0, 0, id),
            _ => Entry::Ipv4(dst, metric, gateway, link, 0),
        };
        let routes = self.of(Table::Ipv4Routes);
        let rank = |route: &Entry| match route {
            Entry::Ipv4(dst, metric, ..) => (*dst, *metric),
            _ => (0, 0),
        };
        let places: Vec<usize> =
            (0..routes.len()).filter(|place| rank(&routes[*place]) == (dst, metric)).collect();
        if routes.contains(&new) {
            return;
        }
        // Behind all that come before it.
        let sorted = routes.iter().take_while(|route| rank(route) < (dst, metric)).count();
        let flags = match (&places[..], how) {
            ([], _) => {
                routes.insert(sorted, new.clone());
                NlmFlags::CREATE | NlmFlags::EXCL
            }
            ([first, ..], 0) => {
                routes[*first] = new.clone();
                NlmFlags::REPLACE
            }
            ([.., last], 1) => {
                routes.insert(last + 1, new.clone());
                NlmFlags::CREATE | NlmFlags::APPEND
            }
            ([first, ..], 2) => {
                routes.insert(*first, new.clone());
                NlmFlags::CREATE
            }
            _ => return,
        };
        self.note(Table::Ipv4Routes);
        self.send(Rtm::NEWROUTE, flags, &new);
    }

    fn delete_ipv4(&mut self, script: &mut Script<'_>) {
        let routes = self.of(Table::Ipv4Routes);
        if routes.is_empty() {
            return;
        }
        let route = routes.remove(usize::from(script.byte()) % routes.len());
        self.send(Rtm::DELROUTE, NlmFlags(0), &route);
    }

    /// `fib6_add_rt2node`: an event tells the whole set, the new one first.
    fn add_ipv6(&mut self, dst: u8, gateway: u8, script: &mut Script<'_>) {
        let how = script.below(3);
        self.note(Table::Ipv6Routes);
        let routes = self.of(Table::Ipv6Routes);
        let known =
            routes.iter_mut().find(|route| matches!(route, Entry::Ipv6(other, _) if *other == dst));
        let (flags, new) = match known {
            None => {
                let new = Entry::Ipv6(dst, vec![gateway]);
                let place = usize::from(script.byte()) % (routes.len() + 1);
                routes.insert(place, new.clone());
                (NlmFlags::CREATE | NlmFlags::EXCL, new)
            }
            Some(Entry::Ipv6(_, gateways)) if how == 0 => {
                *gateways = vec![gateway];
                (NlmFlags::REPLACE, Entry::Ipv6(dst, vec![gateway]))
            }
            Some(Entry::Ipv6(_, gateways)) if !gateways.contains(&gateway) => {
                let told = [&[gateway], &gateways[..]].concat();
                gateways.push(gateway);
                (NlmFlags::CREATE | NlmFlags::APPEND, Entry::Ipv6(dst, told))
            }
            Some(_) => return,
        };
        self.send(Rtm::NEWROUTE, flags, &new);
    }

    /// An event tells what is gone, and not what is left.
    fn delete_ipv6(&mut self, dst: u8, gateway: u8) {
        let routes = self.of(Table::Ipv6Routes);
        let Some(place) =
            routes.iter().position(|route| matches!(route, Entry::Ipv6(other, _) if *other == dst))
        else {
            return;
        };
        let Entry::Ipv6(_, gateways) = &mut routes[place] else { return };
        if !gateways.contains(&gateway) {
            return;
        }
        gateways.retain(|other| *other != gateway);
        if gateways.is_empty() {
            routes.remove(place);
        }
        self.note(Table::Ipv6Routes);
        self.send(Rtm::DELROUTE, NlmFlags(0), &Entry::Ipv6(dst, vec![gateway]));
    }

    fn set_neigh(&mut self, addr: u8, lladdr: u8) {
        let new = Entry::Neigh(addr, lladdr);
        let neighs = self.of(Table::Neighs);
        let old =
            neighs.iter().position(|old| matches!(old, Entry::Neigh(other, _) if *other == addr));
        match old {
            Some(place) => neighs[place] = new.clone(),
            // The newest one first in its bucket.
            None => neighs.insert(0, new.clone()),
        }
        self.send(Rtm::NEWNEIGH, NlmFlags(0), &new);
    }

    fn delete_neigh(&mut self, addr: u8) {
        let neighs = self.of(Table::Neighs);
        let old =
            neighs.iter().position(|old| matches!(old, Entry::Neigh(other, _) if *other == addr));
        let Some(place) = old else { return };
        let neigh = neighs.remove(place);
        self.send(Rtm::DELNEIGH, NlmFlags(0), &neigh);
    }

    /// There may be several that say the same.
    fn change_rules(&mut self, priority: u8, table: u8, script: &mut Script<'_>) {
        let rules = self.of(Table::Ipv4Rules);
        if script.below(2) == 0 || rules.is_empty() {
            let new = Entry::Rule(priority, table);
            let place = rules.partition_point(|rule| *rule <= new);
            rules.insert(place, new.clone());
            self.send(Rtm::NEWRULE, NlmFlags(0), &new);
        } else {
            let rule = rules.remove(usize::from(script.byte()) % rules.len());
            self.send(Rtm::DELRULE, NlmFlags(0), &rule);
        }
    }
}

fn name_of(link: &Entry) -> u8 {
    match link {
        Entry::Link(_, _, name) => *name,
        _ => 0,
    }
}

/// A dump that is under way. The kernel goes on where it was: by key in the trie
/// of IPv4 routes, by a count elsewhere.
struct Dump {
    table: Table,
    rest: Tables,
    count: usize,
    /// The route that came last, and how many with its destination came.
    leaf: (u8, usize),
    changes: u32,
}

impl Dump {
    fn new(kernel: &Kernel, tables: Tables) -> Option<Self> {
        let table = tables.iter().next()?;
        let (rest, changes) = (tables.without(table), kernel.changes[at(table)]);
        Some(Self { table, rest, count: 0, leaf: (0, 0), changes })
    }

    /// The next entry.
    fn next(&mut self, kernel: &Kernel) -> Option<Entry> {
        let entries = &kernel.tables[at(self.table)];
        if self.table != Table::Ipv4Routes {
            self.count += 1;
            return entries.get(self.count - 1).cloned();
        }
        let dst = |route: &Entry| match route {
            Entry::Ipv4(dst, ..) => *dst,
            _ => 0,
        };
        let leaf = entries.iter().filter(|route| dst(route) == self.leaf.0);
        let found = match leaf.clone().nth(self.leaf.1) {
            Some(route) => route,
            None => {
                let next = entries.iter().find(|route| dst(route) > self.leaf.0)?;
                self.leaf = (dst(next), 0);
                next
            }
        };
        self.leaf.1 += 1;
        Some(found.clone())
    }

    /// Whether the kernel tells that it was interrupted.
    fn is_interrupted(&self, kernel: &Kernel) -> bool {
        matches!(self.table, Table::Links | Table::Nexthops)
            && kernel.changes[at(self.table)] != self.changes
    }
}

/// The bytes that choose what happens.
struct Script<'a>(&'a [u8]);

impl Script<'_> {
    fn byte(&mut self) -> u8 {
        match self.0 {
            [first, rest @ ..] => {
                self.0 = rest;
                *first
            }
            [] => 0,
        }
    }

    fn below(&mut self, end: u8) -> u8 {
        self.byte() % end
    }
}

/// The core, what its changes make, and the kernel.
struct World {
    kernel: Kernel,
    core: Core,
    told: Vec<Entry>,
    dump: Option<Dump>,
    /// Whether something is to be finished.
    is_open: bool,
}

/// Runs a script, and checks all the time.
pub(crate) fn run(script: &[u8]) {
    let mut script = Script(script);
    let tables = TABLES.into_iter().collect();
    let mut kernel = Kernel { focus: usize::from(script.below(8)), ..Kernel::default() };
    kernel.tables[at(Table::Links)] = vec![Entry::Link(0, true, 0), Entry::Link(1, true, 1)];
    kernel.tables[at(Table::Nexthops)] = vec![Entry::Nexthop(1, 0), Entry::Nexthop(2, 1)];
    let mut world = World {
        kernel,
        core: Core::new(tables, Retry::default()),
        told: Vec::new(),
        dump: None,
        is_open: false,
    };
    while !script.0.is_empty() {
        match script.below(16) {
            0..=5 => world.kernel.change(&mut script),
            6..=8 => {
                for _ in 0..script.below(4) {
                    world.hear();
                }
            }
            9 | 10 => world.begin(),
            11..=13 => {
                // As many as a datagram has.
                for _ in 0..=script.below(3) {
                    world.dump(false);
                }
                world.pause();
            }
            14 => world.fault(&mut script),
            _ => world.drain(),
        }
        world.check();
    }
    world.settle();
}

impl World {
    /// Reads one event.
    fn hear(&mut self) {
        if let Some(event) = self.kernel.events.pop_front() {
            self.core.event(read(&event));
        }
        if self.kernel.events.is_empty() && self.kernel.is_congested {
            // What was sent before the loss is dropped, too, or not.
            self.kernel.is_congested = false;
            self.lose();
        }
    }

    fn lose(&mut self) {
        self.kernel.events.clear();
        self.core.lost(Lost::Overflow);
        (self.dump, self.is_open) = (None, false);
    }

    fn drain(&mut self) {
        while !self.kernel.events.is_empty() || self.kernel.is_congested {
            self.hear();
        }
    }

    fn begin(&mut self) {
        if !self.is_open && !self.core.due().is_empty() {
            let tables = self.core.begin();
            self.dump = Dump::new(&self.kernel, tables);
            self.is_open = true;
        }
    }

    /// Goes on with a dump, or finishes what was begun.
    fn dump(&mut self, is_failing: bool) {
        let Some(dump) = &mut self.dump else {
            if self.is_open {
                // The lock was waited for: all events are there.
                self.drain();
            }
            if std::mem::take(&mut self.is_open) {
                self.core.finish();
            }
            return;
        };
        if let Some(entry) = dump.next(&self.kernel).filter(|_| !is_failing) {
            let bytes = message(Rtm(kind(dump.table)), NlmFlags::MULTI, &entry);
            self.core.entry(dump.table, read(&bytes));
            return;
        }
        let how = if is_failing {
            Dumped::Failed
        } else if dump.is_interrupted(&self.kernel) {
            Dumped::Interrupted
        } else {
            Dumped::Whole
        };
        self.core.dumped(dump.table, how);
        self.dump = Dump::new(&self.kernel, dump.rest);
    }

    fn pause(&mut self) {
        if let Some(dump) = &self.dump {
            self.core.paused(dump.table);
        }
    }

    fn fault(&mut self, script: &mut Script<'_>) {
        match script.below(4) {
            0 => self.kernel.is_congested = true,
            1 if self.dump.is_some() => self.dump(true),
            2 if self.is_open => {
                self.core.abort();
                (self.dump, self.is_open) = (None, false);
            }
            3 => {
                let tables = TABLES.into_iter().filter(|_| script.below(2) == 0).collect();
                self.core.refresh(tables);
            }
            _ => {}
        }
    }

    /// Without further changes and faults, it comes to an end.
    fn settle(&mut self) {
        for _ in 0..1_000 {
            self.drain();
            self.begin();
            if !self.is_open {
                break;
            }
            while self.is_open {
                self.dump(false);
            }
        }
        self.check();
        assert!(
            self.core.due().is_empty() && self.core.generation() > 0,
            "{}it does not end",
            blame()
        );
        let order = |table| (table == Table::Ipv4Routes).then_some(());
        for table in TABLES {
            let mut ours: Vec<Entry> = self.core.iter(table).map(entry).collect();
            let mut theirs = self.kernel.tables[at(table)].clone();
            theirs.iter_mut().for_each(sort_gateways);
            // The order among routes with one key counts, that of all others not.
            match order(table) {
                Some(()) => {
                    ours.sort_by_key(rank);
                    theirs.sort_by_key(rank);
                }
                None => {
                    ours.sort();
                    theirs.sort();
                }
            }
            assert_eq!(ours, theirs, "{}{table:?} differs", blame());
        }
    }

    /// Whether what was told makes what there is.
    fn check(&mut self) {
        while let Some(change) = self.core.next_change() {
            let remove = |told: &mut Vec<Entry>, old: &Object| {
                let place = told.iter().position(|known| *known == entry(old));
                told.remove(place.unwrap_or_else(|| panic!("{}never told: {old:?}", blame())));
            };
            match &change {
                Change::Added { new } => self.told.push(entry(new)),
                Change::Removed { old } => remove(&mut self.told, old),
                Change::Changed { old, new } => {
                    assert_ne!(entry(old), entry(new), "{}no change", blame());
                    remove(&mut self.told, old);
                    self.told.push(entry(new));
                }
                _ => {}
            }
        }
        let mut ours: Vec<Entry> =
            TABLES.iter().flat_map(|table| self.core.iter(*table)).map(entry).collect();
        ours.sort();
        self.told.sort();
        assert_eq!(ours, self.told, "{}told otherwise", blame());
        for table in TABLES {
            assert_eq!(self.core.len(table), self.core.iter(table).count());
        }
    }
}

fn rank(route: &Entry) -> (u8, u8) {
    match route {
        Entry::Ipv4(dst, metric, ..) => (*dst, *metric),
        _ => (0, 0),
    }
}

fn sort_gateways(entry: &mut Entry) {
    if let Entry::Ipv6(_, gateways) = entry {
        gateways.sort();
    }
}

/// Says which bug was planted.
fn blame() -> String {
    match std::env::var("PLANTED_BUG") {
        Ok(bug) => format!("planted bug: {bug}: "),
        Err(_) => String::new(),
    }
}

const fn kind(table: Table) -> u16 {
    match table {
        Table::Links => Rtm::NEWLINK.0,
        Table::Nexthops => Rtm::NEWNEXTHOP.0,
        Table::Neighs => Rtm::NEWNEIGH.0,
        Table::Ipv4Rules => Rtm::NEWRULE.0,
        _ => Rtm::NEWROUTE.0,
    }
}

fn read(bytes: &[u8]) -> Message<'_> {
    Messages::new(bytes).next().expect("one").expect("well framed")
}

/// An entry as the kernel would send it.
fn message(kind: Rtm, flags: NlmFlags, entry: &Entry) -> Vec<u8> {
    let mut buf = [0; 256];
    let v4 = |n: u8| Addr::Ipv4([192, 0, 2, n].into());
    let v6 = |n: u8| Addr::Ipv6([0x20, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n].into());
    let route = |family, dst_len| RtMsg {
        family,
        dst_len,
        table: 254,
        protocol: RtProt::STATIC,
        kind: Rtn::UNICAST,
        scope: RtScope::UNIVERSE,
        ..RtMsg::default()
    };
    let written = match entry {
        Entry::Link(index, up, name) => {
            let flags_of = if *up { Iff::UP } else { Iff::default() };
            let header =
                IfInfoMsg { index: i32::from(*index) + 1, flags: flags_of, ..IfInfoMsg::default() };
            let name = format!("v{name}");
            Link::writer(&mut buf, kind, flags, &header)
                .push(LinkAttr::IfName(name.as_str().into()))
                .finish()
                .map(|bytes| bytes.to_vec())
        }
        Entry::Nexthop(id, link) => {
            let header = NhMsg { family: 2, ..NhMsg::default() };
            Nexthop::writer(&mut buf, kind, flags, &header)
                .push(NexthopAttr::Id(u32::from(*id)))
                .push(NexthopAttr::Oif(u32::from(*link) + 1))
                .finish()
                .map(|bytes| bytes.to_vec())
        }
        Entry::Ipv4(dst, metric, gateway, link, id) => {
            let mut writer = Route::writer(&mut buf, kind, flags, &route(2, 32));
            writer
                .push(RouteAttr::Table(RtTable::MAIN))
                .push(RouteAttr::Dst(RouteAddr::Addr(v4(*dst))));
            if *metric != 0 {
                writer.push(RouteAttr::Priority(u32::from(*metric)));
            }
            match id {
                0 => {
                    writer.push(RouteAttr::Gateway(v4(*gateway)));
                    writer.push(RouteAttr::Oif(u32::from(*link) + 1));
                }
                id => {
                    writer.push(RouteAttr::NhId(u32::from(*id)));
                }
            }
            writer.finish().map(|bytes| bytes.to_vec())
        }
        Entry::Ipv6(dst, gateways) => {
            let mut writer = Route::writer(&mut buf, kind, flags, &route(10, 128));
            writer.push(RouteAttr::Dst(RouteAddr::Addr(v6(*dst))));
            match &gateways[..] {
                [gateway] => {
                    writer.push(RouteAttr::Gateway(v6(*gateway)));
                    writer.push(RouteAttr::Oif(1));
                }
                gateways => {
                    writer.nest(RouteAttr::Multipath, |list| {
                        for gateway in gateways {
                            let header = RtNextHop { ifindex: 1, ..RtNextHop::default() };
                            list.hop(&header, |hop| {
                                hop.push(RouteAttr::Gateway(v6(*gateway)));
                            });
                        }
                    });
                }
            }
            writer.finish().map(|bytes| bytes.to_vec())
        }
        Entry::Neigh(addr, lladdr) => {
            let header = NdMsg { family: 2, ifindex: 1, ..NdMsg::default() };
            Neigh::writer(&mut buf, kind, flags, &header)
                .push(NeighAttr::Dst(v4(*addr)))
                .push(NeighAttr::Probes(u32::from(*lladdr)))
                .push(NeighAttr::Vlan(u16::from(*lladdr)))
                .finish()
                .map(|bytes| bytes.to_vec())
        }
        Entry::Rule(priority, table) => {
            let header = FibRuleHdr {
                family: 2,
                table: *table,
                action: FrAct::TO_TBL,
                ..FibRuleHdr::default()
            };
            Rule::writer(&mut buf, kind, flags, &header)
                .push(RuleAttr::Priority(u32::from(*priority)))
                .finish()
                .map(|bytes| bytes.to_vec())
        }
    };
    written.expect("it fits")
}

/// The entry that an object is.
fn entry(object: &Object) -> Entry {
    let last = |addr: Option<Addr<'_>>| match addr {
        Some(Addr::Ipv4(ip)) => ip.octets()[3],
        Some(Addr::Ipv6(ip)) => ip.octets()[15],
        _ => 0,
    };
    let number = |number: Option<u32>| number.unwrap_or_default() as u8;
    let found = || -> netlink_wire::Result<Entry> {
        Ok(match object.table() {
            Some(Table::Links) => {
                let link = object.link().expect("a link");
                let name = link.name()?.expect("a name").to_string();
                let name = name.bytes().last().unwrap_or_default() - b'0';
                Entry::Link(link.header.index as u8 - 1, link.header.flags.contains(Iff::UP), name)
            }
            Some(Table::Nexthops) => {
                let nexthop = object.nexthop().expect("a nexthop object");
                let oif = number(nexthop.get(NexthopAttr::Oif)?) - 1;
                Entry::Nexthop(number(nexthop.get(NexthopAttr::Id)?), oif)
            }
            Some(Table::Neighs) => {
                let neigh = object.neigh().expect("a neighbour");
                let vlan = neigh.get(NeighAttr::Vlan)?.unwrap_or_default();
                Entry::Neigh(last(neigh.get(NeighAttr::Dst)?), vlan as u8)
            }
            Some(Table::Ipv4Rules) => {
                let rule = object.rule().expect("a rule");
                Entry::Rule(number(rule.get(RuleAttr::Priority)?), rule.header.table)
            }
            _ => {
                let route = object.route().expect("a route");
                let RouteAddr::Addr(dst) = route.destination()?.addr else { panic!("labels") };
                let dst = last(Some(dst));
                if route.header.family == 10 {
                    let mut gateways = Vec::new();
                    for hop in route.next_hops()? {
                        gateways.push(last(hop?.attrs.get(RouteAttr::Gateway)?));
                    }
                    gateways.sort();
                    return Ok(Entry::Ipv6(dst, gateways));
                }
                let metric = number(route.get(RouteAttr::Priority)?);
                let oif = number(route.get(RouteAttr::Oif)?).saturating_sub(1);
                let gateway = last(route.get(RouteAttr::Gateway)?);
                Entry::Ipv4(dst, metric, gateway, oif, number(route.get(RouteAttr::NhId)?))
            }
        })
    };
    found().expect("readable")
}
