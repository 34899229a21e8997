//! What a mirror knows and decides, without sockets.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use netlink_wire::{
    Message, Messages, NlmFlags, Rtm,
    link::{IfOper, Iff, Link, LinkAttr},
    route::RtTable,
    rule::{FrAct, Rule, RuleAttr},
};

use super::{
    object::{BRIDGE, Object, Table, Tables},
    same::{Key, key},
    store::{self, Store},
};
use crate::{Lost, Retry};

/// The state of a mirror, and what to do next: for an event loop of one's own,
/// or another source of messages. [`Mirror`](super::Mirror) is this with two
/// sockets.
///
/// It is fed with [events](Self::event) as they come, and told of
/// [losses](Self::lost) once the socket was read empty. Whenever
/// [something is due](Self::due):
///
/// 1. [`begin`](Self::begin) tells which tables to read.
/// 2. Wait for the lock of `NETLINK_ROUTE`, by a request for a link: some events
///    come before what they tell of.
/// 3. Dump each table: [`entry`](Self::entry) by entry, [`paused`](Self::paused)
///    after each datagram, then [`dumped`](Self::dumped). Events go on to be fed.
/// 4. Wait for the lock again, feed what events wait, and [`finish`](Self::finish).
///
/// What changed is in [`next_change`](Self::next_change).
#[derive(Debug)]
pub struct Core {
    /// What the user wants to hear of.
    chosen: Tables,
    /// That, and what tells when to read it again.
    kept: Tables,
    live: Vec<Store>,
    /// What dumps make, beside what is live.
    stages: [Option<Stage>; Table::ALL.len()],
    /// Whether there was a first snapshot.
    is_ready: bool,
    /// What has to be read again.
    due: Tables,
    /// What could not be read in the last attempt.
    failed: Tables,
    /// What has to be read again without waiting for more to come due.
    is_urgent: bool,
    /// Events of tables that are being dumped, to be replayed.
    queue: Vec<u8>,
    changes: VecDeque<Change>,
    generation: u64,
    /// How often was begun in this round.
    attempts: u32,
    /// How many rounds in a row ended without proof.
    unproven: u32,
    retry: Retry,
    stats: Stats,
}

/// A table while it is read.
#[derive(Debug)]
struct Stage {
    store: Store,
    state: State,
    /// Key of the last entry.
    last: Option<u64>,
    /// Keys of entries after which the kernel paused.
    pauses: HashSet<u64>,
}

impl Stage {
    fn new(table: Table) -> Self {
        let (store, pauses) = (Store::new(table), HashSet::new());
        Self { store, state: State::Dumping, last: None, pauses }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Entries come.
    Dumping,
    /// The dump is over, and nothing was wrong with it so far.
    Dumped,
    /// The dump is over, and events came meanwhile that may have disturbed it.
    Disturbed,
    /// All events were replayed.
    Proven,
}

/// What a mirror has to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// There is a new object.
    Added {
        /// The object.
        new: Object,
    },
    /// An object is different from what it was.
    Changed {
        /// What it was.
        old: Object,
        /// What it is.
        new: Object,
    },
    /// An object is gone.
    Removed {
        /// What it was last.
        old: Object,
    },
    /// Events were lost. All that the mirror has is read again; until then it
    /// may be out of date.
    Lost {
        /// Why.
        reason: Lost,
    },
    /// What was read again is in place.
    Synced {
        /// Counts these; the first is 1.
        generation: u64,
        /// Tables that changed so fast that a dump could not be trusted. They
        /// are as good as is known, and will be read again. As a rule there are
        /// none.
        unproven: Tables,
    },
}

/// Why a table was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// It was not known yet.
    Start,
    /// Events were lost.
    Lost,
    /// A link changed its state, its master, or its name, or is new or gone.
    Link,
    /// An address was deleted.
    Address,
    /// A nexthop object was deleted.
    Nexthop,
    /// A bridge told of a port, of which links have more than it tells.
    Bridge,
    /// A rule came or went where others jump to rules.
    Goto,
    /// An event did not tell what became of other objects with the same key.
    Unclear,
    /// The user asked for it.
    Asked,
    /// Events came during the dump that may have disturbed it.
    Disturbed,
    /// The table changed during the dump, as the kernel told: `NLM_F_DUMP_INTR`.
    Interrupted,
    /// The dump was cut off, or refused.
    Failed,
}

/// How often what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Events that were taken in.
    pub events: u64,
    /// Events and entries that could not be read, and were left out.
    pub unreadable: u64,
    /// How often events were lost.
    pub losses: u64,
    /// How often tables were read, each reading of one table counted.
    pub dumps: u64,
    /// How often a table came due, by reason.
    reasons: [u64; REASONS],
}

const REASONS: usize = Reason::Failed as usize + 1;

impl Stats {
    /// How often a table came due for this reason.
    pub const fn due(&self, reason: Reason) -> u64 {
        self.reasons[reason as usize]
    }
}

/// How the dump of a table ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dumped {
    /// With all its entries, as far as is known.
    Whole,
    /// Without some, or with some twice: the kernel told that the table changed meanwhile.
    Interrupted,
    /// Without some: it was cut off or refused.
    Failed,
}

/// What [`Core::finish`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All that was due is in place.
    Synced,
    /// Some has to be read again, after this time.
    Again(Duration),
    /// What could be proven is in place. The rest is to be read again after
    /// this time.
    Later(Duration),
    /// A table could not be read at all, in any attempt. Tell the user, and
    /// begin again after this time at the earliest.
    Failed(Duration),
}

impl Core {
    /// A mirror of these tables, about which nothing is known yet.
    pub fn new(chosen: Tables, retry: Retry) -> Self {
        // All the others depend on links.
        let kept = if chosen.is_empty() { chosen } else { chosen.with(Table::Links) };
        let mut core = Self {
            chosen,
            kept,
            live: Table::ALL.into_iter().map(Store::new).collect(),
            stages: Default::default(),
            is_ready: false,
            due: Tables::EMPTY,
            failed: Tables::EMPTY,
            is_urgent: true,
            queue: Vec::new(),
            changes: VecDeque::new(),
            generation: 0,
            attempts: 0,
            unproven: 0,
            retry,
            stats: Stats::default(),
        };
        core.come_due(kept, Reason::Start);
        core
    }

    /// The tables that were chosen.
    pub const fn tables(&self) -> Tables {
        self.chosen
    }

    /// The tables that are read: those that were chosen, and links.
    pub const fn kept(&self) -> Tables {
        self.kept
    }

    /// How often what happened.
    pub const fn stats(&self) -> &Stats {
        &self.stats
    }

    /// How often all that was due was put in place; 0 is never.
    pub const fn generation(&self) -> u64 {
        self.generation
    }

    /// What has to be read again.
    pub const fn due(&self) -> Tables {
        self.due
    }

    /// Whether what is due should be read at once, rather than after a moment,
    /// in which more may come due.
    pub const fn is_urgent(&self) -> bool {
        self.is_urgent
    }

    /// The objects of a table, in no order, but for IPv4 routes to one
    /// destination with one metric: they come as the kernel tries them.
    pub fn iter(&self, table: Table) -> impl Iterator<Item = &Object> {
        let store = self.live.get(table.index()).filter(|_| self.chosen.contains(table));
        store.into_iter().flat_map(Store::iter)
    }

    /// How many objects a table has.
    pub fn len(&self, table: Table) -> usize {
        match self.live.get(table.index()) {
            Some(store) if self.chosen.contains(table) => store.len(),
            _ => 0,
        }
    }

    /// The link with this index.
    pub fn link(&self, index: u32) -> Option<&Object> {
        self.get(Table::Links, Key::Link(index as i32))
    }

    /// The nexthop object with this id.
    pub fn nexthop(&self, id: u32) -> Option<&Object> {
        self.get(Table::Nexthops, Key::Nexthop(id))
    }

    /// The IPv4 routes of a routing table with this destination, of any prefix
    /// length. Those with one prefix, type of service and metric come as the
    /// kernel tries them.
    pub fn ipv4_routes_to(&self, table: RtTable, to: Ipv4Addr) -> impl Iterator<Item = &Object> {
        self.all(Table::Ipv4Routes, Key::Ipv4(table, to.into()))
    }

    /// The neighbour with this address on the link with this index.
    pub fn neigh(&self, index: u32, addr: IpAddr) -> Option<&Object> {
        let family = if addr.is_ipv4() { IPV4 } else { IPV6 };
        self.get(Table::Neighs, Key::Neigh(family, index as i32, Some(addr.into())))
    }

    fn get<'m>(&'m self, table: Table, key: Key<'m>) -> Option<&'m Object> {
        self.all(table, key).next()
    }

    fn all<'m>(&'m self, table: Table, key: Key<'m>) -> impl Iterator<Item = &'m Object> {
        let store = self.live.get(table.index()).filter(|_| self.chosen.contains(table));
        store.into_iter().flat_map(move |store| store.get(key))
    }

    /// The next thing to tell, if there is one.
    pub fn next_change(&mut self) -> Option<Change> {
        let change = self.changes.pop_front();
        if self.changes.is_empty() {
            // The first snapshot took much room.
            self.changes.shrink_to(64);
        }
        change
    }

    /// Whether there is something to tell.
    pub fn has_change(&self) -> bool {
        !self.changes.is_empty()
    }

    /// Asks for tables to be read again, as where the kernel does not tell of all
    /// changes: neighbours come without an event.
    pub fn refresh(&mut self, tables: Tables) {
        self.come_due(tables, Reason::Asked);
    }

    fn come_due(&mut self, tables: Tables, reason: Reason) {
        for table in tables.intersection(self.kept).iter() {
            if !self.due.contains(table) {
                self.due = self.due.with(table);
                self.stats.reasons[reason as usize] += 1;
            }
        }
    }

    // --- Events ---

    /// Takes in an event. Messages that are about no table of the mirror are
    /// welcome, too.
    pub fn event(&mut self, message: Message<'_>) {
        let Some(table) = Table::of(message) else { return self.other(message) };
        if key(table, message).is_err() {
            self.stats.unreadable += 1;
            return;
        }
        self.stats.events += 1;
        self.touch(table, message);
        if !self.kept.contains(table) {
            return;
        }
        if self.is_ready {
            self.apply(table, message);
        }
        let Some(Some(stage)) = self.stages.get_mut(table.index()) else { return };
        if stage.state != State::Proven {
            return enqueue(&mut self.queue, message);
        }
        if !stage.store.apply(message).is_ok_and(|edit| edit.is_clear) {
            self.come_due(table.into(), Reason::Unclear);
        }
    }

    /// What bridges say of links is a part of them, and no link of its own.
    fn other(&mut self, message: Message<'_>) {
        let is_link = matches!(Rtm(message.header.kind), Rtm::NEWLINK | Rtm::DELLINK);
        if is_link && message.payload.first() == Some(&BRIDGE) {
            let tables = Tables::EMPTY.with(Table::Links).with(Table::Fdb);
            self.come_due(tables, Reason::Bridge);
        }
    }

    /// Changes what is live, and tells.
    fn apply(&mut self, table: Table, message: Message<'_>) {
        let Some(store) = self.live.get_mut(table.index()) else { return };
        let Ok(edit) = store.apply(message) else { return };
        if !edit.is_clear {
            self.come_due(table.into(), Reason::Unclear);
        }
        if self.chosen.contains(table) {
            let changes = &mut self.changes;
            store::difference(table, &edit.old, &edit.new, &mut |old, new| tell(changes, old, new));
        }
    }

    /// Finds what changes without an event of its own when this happens.
    fn touch(&mut self, table: Table, message: Message<'_>) {
        let is_new = Rtm(message.header.kind).0 % 4 == 0;
        let routes = Tables::EMPTY.with(Table::Ipv4Routes).with(Table::Ipv6Routes);
        match table {
            Table::Links => self.touch_by_link(message, is_new),
            Table::Addrs if !is_new => {
                let routes = match message.payload.first() {
                    Some(&IPV4) => Table::Ipv4Routes.into(),
                    Some(&IPV6) => Table::Ipv6Routes.into(),
                    _ => Tables::EMPTY,
                };
                self.come_due(routes, Reason::Address);
            }
            Table::Nexthops if !is_new => {
                // Groups lose a member, routes a way, and entries of VXLAN links go.
                let tables = routes.with(Table::Nexthops).with(Table::Fdb);
                self.come_due(tables, Reason::Nexthop);
            }
            Table::Ipv4Rules | Table::Ipv6Rules => {
                let jumps = |object: &Object| {
                    object.rule().is_some_and(|rule| rule.header.action == FrAct::GOTO)
                };
                let is_jump =
                    Rule::parse(message).is_ok_and(|rule| rule.header.action == FrAct::GOTO);
                if is_jump || self.stores(table).any(|store| store.iter().any(jumps)) {
                    self.come_due(table.into(), Reason::Goto);
                }
            }
            _ => {}
        }
    }

    fn touch_by_link(&mut self, message: Message<'_>, is_new: bool) {
        let Some(state) = LinkState::of(message) else { return };
        let index = Key::Link(state.index);
        let known = self.stores(Table::Links).map(|store| store.get(index).next());
        let known: Vec<_> =
            known.map(|link| link.and_then(|link| LinkState::of(link.message()))).collect();
        let mut tables = Tables::EMPTY;
        if !is_new {
            tables = Table::OF_LINKS;
        }
        // While links are read, what they were before cannot be told: the dump may
        // be after the event, and what is live may be before a loss.
        let is_being_read =
            self.stage(Table::Links).is_some_and(|stage| stage.state != State::Proven);
        if known.is_empty() || is_being_read {
            tables = Table::OF_LINKS;
        }
        for known in known.iter().flatten() {
            if *known != (LinkState { name: known.name, ..state }) {
                tables = Table::OF_LINKS;
            }
        }
        if known.contains(&None) {
            // It brings entries along.
            tables = tables.with(Table::Fdb);
        }
        let untied = |store: &Store| store.has_untied_peer(message);
        if is_moved(message) || is_new && self.stores(Table::Links).any(untied) {
            tables = tables.with(Table::Links);
        }
        // Rules that name a link show whether there is one.
        let is_renamed = |known: &Option<LinkState<'_>>| match known {
            Some(known) => known.name != state.name,
            None => true,
        };
        if !is_new || known.is_empty() || known.iter().any(is_renamed) {
            let mut names: Vec<&[u8]> = known.iter().flatten().map(|known| known.name).collect();
            names.push(state.name);
            for table in [Table::Ipv4Rules, Table::Ipv6Rules] {
                let names_it = |object: &Object| {
                    let Some(rule) = object.rule() else { return false };
                    [rule.get(RuleAttr::IifName), rule.get(RuleAttr::OifName)].into_iter().any(
                        |name| {
                            name.is_ok_and(|name| {
                                name.is_some_and(|n| names.contains(&n.as_bytes()))
                            })
                        },
                    )
                };
                let is_dumping = self.stage(table).is_some();
                if is_dumping || self.stores(table).any(|store| store.iter().any(names_it)) {
                    tables = tables.with(table);
                }
            }
        }
        self.come_due(tables, Reason::Link);
    }

    /// What is known of a table: what is live, and what is being read.
    fn stores(&self, table: Table) -> impl Iterator<Item = &Store> {
        let live = self.live.get(table.index()).filter(|_| self.is_ready);
        live.into_iter().chain(self.stage(table).map(|stage| &stage.store))
    }

    fn stage(&self, table: Table) -> Option<&Stage> {
        self.stages.get(table.index()).and_then(Option::as_ref)
    }

    /// Events were lost here, and the socket has been read empty since. What is
    /// being read is void.
    pub fn lost(&mut self, reason: Lost) -> Verdict {
        self.stats.losses += 1;
        if self.is_ready {
            self.changes.push_back(Change::Lost { reason });
        }
        let was_reading = self.is_reading();
        self.abandon(Reason::Lost);
        self.come_due(self.kept, Reason::Lost);
        self.is_urgent = true;
        match was_reading {
            true => self.again_or(Self::give_up),
            false => Verdict::Again(Duration::ZERO),
        }
    }

    // --- Reading again ---

    /// Begins to read what is due, and tells which tables that is.
    pub fn begin(&mut self) -> Tables {
        let tables = std::mem::take(&mut self.due);
        self.attempts += 1;
        self.is_urgent = false;
        self.failed = Tables::EMPTY;
        self.queue.clear();
        for table in tables.iter() {
            if let Some(stage) = self.stages.get_mut(table.index()) {
                self.stats.dumps += 1;
                *stage = Some(Stage::new(table));
            }
        }
        tables
    }

    /// Whether something is being read.
    pub fn is_reading(&self) -> bool {
        let is_open = |stage: &Stage| matches!(stage.state, State::Dumping | State::Dumped);
        self.stages.iter().flatten().any(is_open)
    }

    /// Takes in an entry of the dump of a table.
    pub fn entry(&mut self, table: Table, message: Message<'_>) {
        // Who lacks a family is answered with those that it has.
        if Table::of(message) != Some(table) {
            return;
        }
        if let Some(Some(stage)) = self.stages.get_mut(table.index()) {
            match stage.store.enter(message) {
                Ok(key) => stage.last = Some(key),
                Err(_) => self.stats.unreadable += 1,
            }
        }
    }

    /// A datagram of the dump of a table is over. The kernel goes on when more is
    /// read, and forgets what it has sent but for a number.
    pub fn paused(&mut self, table: Table) {
        if let Some(Some(stage)) = self.stages.get_mut(table.index()) {
            stage.pauses.extend(stage.last);
        }
    }

    /// The dump of a table is over.
    pub fn dumped(&mut self, table: Table, how: Dumped) {
        let Some(place) = self.stages.get_mut(table.index()) else { return };
        let reason = match (how, &mut *place) {
            (Dumped::Whole, Some(stage)) => {
                stage.state = State::Dumped;
                return;
            }
            (Dumped::Interrupted, _) => Reason::Interrupted,
            _ => Reason::Failed,
        };
        *place = None;
        self.failed = self.failed.with(table);
        self.come_due(table.into(), reason);
    }

    /// Drops what is being read, as when nothing more can be asked.
    pub fn abort(&mut self) -> Verdict {
        self.abandon(Reason::Failed);
        self.again_or(Self::give_up)
    }

    /// All dumps are over, and all events were fed that were sent before.
    pub fn finish(&mut self) -> Verdict {
        let disturbed = self.replay();
        for (table, stage) in Table::ALL.into_iter().zip(&mut self.stages) {
            let Some(stage) = stage else { continue };
            stage.state = match disturbed.contains(table) {
                true => State::Disturbed,
                false => State::Proven,
            };
        }
        self.come_due(disturbed, Reason::Disturbed);
        if self.due.is_empty() {
            self.swap();
            self.unproven = 0;
            return Verdict::Synced;
        }
        self.again_or(Self::make_do)
    }

    /// Begins again, or decides what to do if that was done too often.
    fn again_or(&mut self, end: impl FnOnce(&mut Self) -> Verdict) -> Verdict {
        // Who did not succeed before tries once at a time.
        let limit = if self.unproven == 0 { self.retry.attempts.max(1) } else { 1 };
        if self.attempts >= limit {
            return end(self);
        }
        let doubled = 1u32.checked_shl(self.attempts - 1).unwrap_or(u32::MAX);
        Verdict::Again(self.retry.backoff.saturating_mul(doubled).min(self.retry.max_backoff))
    }

    /// After the last attempt: puts in place what there is, unless it is not whole.
    fn make_do(&mut self) -> Verdict {
        if !self.failed.is_empty() && !self.is_ready {
            return self.give_up();
        }
        self.swap();
        match self.failed.is_empty() {
            true => Verdict::Later(self.pause()),
            false => Verdict::Failed(self.pause()),
        }
    }

    fn give_up(&mut self) -> Verdict {
        self.abandon(Reason::Failed);
        self.attempts = 0;
        Verdict::Failed(self.pause())
    }

    /// How long to wait before what could not be proven is read again.
    fn pause(&mut self) -> Duration {
        self.unproven += 1;
        let doubled = 1 << (self.unproven - 1).min(4);
        self.retry.max_backoff.saturating_mul(doubled)
    }

    /// Drops what is being read, all of which is due again.
    fn abandon(&mut self, reason: Reason) {
        let read = |(table, stage): (Table, &mut Option<Stage>)| stage.take().map(|_| table);
        let tables = Table::ALL.into_iter().zip(&mut self.stages).filter_map(read).collect();
        self.queue.clear();
        self.come_due(tables, reason);
    }

    /// Replays the events that came during the dumps, and tells which dumps they
    /// may have disturbed.
    fn replay(&mut self) -> Tables {
        let queue = std::mem::take(&mut self.queue);
        let mut disturbed = Tables::EMPTY;
        // How many events were about a key, and whether one replaced something.
        let mut seen: HashMap<u64, (u32, bool)> = HashMap::new();
        for message in Messages::new(&queue).map_while(Result::ok) {
            let Some(table) = Table::of(message) else { continue };
            let Some(Some(stage)) = self.stages.get_mut(table.index()) else { continue };
            let Ok(edit) = stage.store.apply(message) else { continue };
            let is_safe = match table {
                // Later events tell all of the object; the kernel tells if the
                // dump itself was disturbed, or it cannot be.
                Table::Links => !stage.store.has_untied_peer(message),
                Table::Addrs | Table::Nexthops | Table::MplsRoutes => true,
                // The kernel goes on in a dump where it was, except among the
                // routes to one destination, which it counts. Events tell all of
                // these, unless the dump was after one that replaced another.
                Table::Ipv4Routes => {
                    let (count, replaced) = seen.entry(edit.hash).or_default();
                    *count += 1;
                    *replaced |= message.header.flags.contains(NlmFlags::REPLACE);
                    let is_unsure = *replaced && *count > 1;
                    !is_unsure && !stage.pauses.contains(&edit.hash)
                }
                // The kernel counts entries in a dump, and loses or repeats some
                // when others come or go.
                Table::Neighs | Table::Fdb => edit.old.len() == 1 && edit.new.len() == 1,
                Table::Ipv6Routes | Table::Ipv4Rules | Table::Ipv6Rules => false,
            };
            #[cfg(planted_bug)]
            let is_safe = is_planted(is_safe, table);
            if !is_safe || !edit.is_clear {
                disturbed = disturbed.with(table);
            }
        }
        self.queue = queue;
        self.queue.clear();
        self.queue.shrink_to(65_536);
        disturbed
    }

    /// Puts what was read in place, and tells what changed.
    fn swap(&mut self) {
        for (table, place) in Table::ALL.into_iter().zip(&mut self.stages) {
            let Some(Stage { mut store, state, .. }) = place.take() else { continue };
            let Some(live) = self.live.get_mut(table.index()) else { continue };
            if state != State::Proven {
                // What the dump lacks may be there all the same.
                let mut missing = Vec::new();
                live.difference(&store, &mut |old, new| {
                    missing.extend(old.filter(|_| new.is_none()).cloned());
                });
                missing.iter().for_each(|object| store.keep(object));
            }
            if self.chosen.contains(table) {
                let changes = &mut self.changes;
                live.difference(&store, &mut |old, new| tell(changes, old, new));
            }
            *live = store;
        }
        self.is_ready = true;
        self.attempts = 0;
        self.generation += 1;
        let unproven = self.due.intersection(self.chosen);
        self.changes.push_back(Change::Synced { generation: self.generation, unproven });
    }
}

/// Whether a dump is undisturbed, or is to be taken so.
#[cfg(planted_bug)]
fn is_planted(is_safe: bool, table: Table) -> bool {
    use crate::planted::is;
    is_safe
        || match table {
            Table::Ipv4Routes => is("MIRROR_REPLACED"),
            _ => is("MIRROR_DISTURBED"),
        }
}

const IPV4: u8 = nix::libc::AF_INET as u8;
const IPV6: u8 = nix::libc::AF_INET6 as u8;

fn tell(changes: &mut VecDeque<Change>, old: Option<&Object>, new: Option<&Object>) {
    changes.extend(match (old.cloned(), new.cloned()) {
        (None, Some(new)) => Some(Change::Added { new }),
        (Some(old), Some(new)) => Some(Change::Changed { old, new }),
        (Some(old), None) => Some(Change::Removed { old }),
        (None, None) => None,
    });
}

/// Appends a message, with its padding.
fn enqueue(queue: &mut Vec<u8>, message: Message<'_>) {
    queue.extend_from_slice(Object::new(message).as_bytes());
    queue.resize(queue.len().next_multiple_of(4), 0);
}

/// Whether a link went to another namespace. Those that are tied to it, as above it or as the other
/// end of a pair, tell of that without an event.
fn is_moved(message: Message<'_>) -> bool {
    Link::parse(message)
        .is_ok_and(|link| link.get(LinkAttr::NewNetnsId).is_ok_and(|id| id.is_some()))
}

/// What of a link other tables depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LinkState<'a> {
    index: i32,
    flags: [bool; 4],
    oper: Option<IfOper>,
    /// Whether its packets are too small for IPv6, which is off then.
    is_small: bool,
    master: Option<u32>,
    name: &'a [u8],
}

impl<'a> LinkState<'a> {
    fn of(message: Message<'a>) -> Option<Self> {
        /// Bytes that a link must be able to carry for IPv6.
        const IPV6_MIN_MTU: u32 = 1280;
        const FLAGS: [Iff; 4] = [Iff::UP, Iff::RUNNING, Iff::LOWER_UP, Iff::DORMANT];
        let link = Link::parse(message).ok()?;
        Some(Self {
            index: link.header.index,
            flags: FLAGS.map(|flag| link.header.flags.contains(flag)),
            oper: link.get(LinkAttr::OperState).ok()?,
            is_small: link.get(LinkAttr::Mtu).ok()?.is_some_and(|mtu| mtu < IPV6_MIN_MTU),
            master: link.get(LinkAttr::Master).ok()?,
            name: link.name().ok()?.map(|name| name.as_bytes()).unwrap_or_default(),
        })
    }
}
