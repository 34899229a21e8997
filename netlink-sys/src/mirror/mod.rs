//! A live copy of the kernel's tables.
//!
//! ```no_run
//! use netlink_sys::mirror::{Change, Mirror};
//!
//! let mut mirror = Mirror::builder().links().routes().open()?;
//! loop {
//!     match mirror.recv()? {
//!         Change::Added { new } => println!("+ {new:?}"),
//!         Change::Changed { old, new } => println!("- {old:?}\n+ {new:?}"),
//!         Change::Removed { old } => println!("- {old:?}"),
//!         Change::Synced { generation, .. } => println!("in step, {generation}"),
//!         Change::Lost { reason } => println!("{reason}: reading again"),
//!         _ => {}
//!     }
//! }
//! # #[allow(unreachable_code)]
//! # Ok::<(), netlink_sys::Error>(())
//! ```
//!
//! The first thing that happens is that all objects are added, and
//! [`Change::Synced`] says that these are all. From then on the mirror follows
//! events. [`Mirror::routes`] and the like show what it has.
//!
//! # What it makes sure of
//!
//! - It joins the groups before it reads the tables, and replays what came
//!   meanwhile. A table is put in place at once, and never seen empty or half-read.
//! - When events are lost, it reads the socket empty, makes the receive buffer
//!   larger, and reads the tables again. It tells only what truly changed.
//! - Some things vanish from the kernel without an event: routes and nexthop
//!   objects when a link goes down, is deleted or moves away, routes when an
//!   address or a nexthop object is deleted. The mirror does not guess which. It
//!   reads the tables again that may be touched, once for many such events, and
//!   not for more than a fifth of the time. [`Stats`] counts it by [`Reason`].
//! - A dump that was interrupted or cut off is never used. One of IPv6 routes,
//!   rules or neighbours that others may have disturbed is repeated, for the
//!   kernel loses entries then, and does not say so. The number of repeats is
//!   bounded ([`Builder::retry`]); after that, what there is is put in place, but
//!   nothing is removed on its account, and [`Change::Synced`] tells.
//! - What a bridge says of its ports (`AF_BRIDGE`) is never taken for a link.
//!
//! # What is a change
//!
//! A difference in more than the [`VOLATILE`] attributes and the header of the
//! message. The newest message is kept in any case. Next hops of an IPv6 route
//! are a set; their order is no change. Nor is the order of IPv4 routes to one
//! destination with one metric, which the mirror keeps as the kernel has it.
//!
//! # What it cannot know
//!
//! Of some things the kernel never tells: multicast neighbours and forwarding
//! entries of a link for multicast, neighbours that are being asked for the first
//! time, the ages of forwarding entries, how many ask for promiscuous mode, the
//! sizes that are offloaded (`gso_max_size`), and of a link that is down other
//! names and settings of its kind. Nor of what settings below `/proc/sys/net`
//! change, such as next hops that are dead since IPv6 is disabled. Of an IPv6
//! address it tells once it knows that nobody else has it. [`Mirror::refresh`]
//! reads them. Traffic counters of links are left out, where the kernel is asked.
//!
//! # Memory
//!
//! An object is one allocation: its message and 16 bytes. The map needs 33 bytes
//! for each, and room to grow: of 100,000 IPv4 routes of 44 bytes, each takes some
//! 140 bytes of memory. While a table is read again, there are two of it.

mod core;
mod object;
mod same;
mod store;

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
    os::fd::{AsFd, BorrowedFd},
    time::{Duration, Instant},
};

use netlink_wire::{
    Message, Step,
    addr::Address,
    link::Link,
    neigh::Neigh,
    nexthop::Nexthop,
    route::{Route, RtTable},
    rule::Rule,
};
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags};

use crate::{
    Errno, Error, Event, Events, Netns, Protocol, Result, Retry, Socket, Waker,
    dump::ask_for_rtnl,
    errno::IntoErrno,
    fake::FakeKernel,
    progress::{Pause, Progress},
    request::{Answers, closing},
    socket::check,
    wait::wait,
};

pub use self::core::{Change, Core, Dumped, Reason, Stats, Verdict};
pub use object::{Object, Table, Tables};
pub use same::VOLATILE;

/// A live copy of tables; see the [module](self).
///
/// Calls block, except where it is said. A program with an event loop waits until
/// the mirror [is readable](AsFd) or until its [deadline](Self::wakes_at), and
/// calls [`try_recv`](Self::try_recv) until there is nothing: one thread can have
/// many mirrors.
pub struct Mirror {
    core: Core,
    events: Events,
    requests: Socket,
    /// Readable if one of the sockets is.
    epoll: Epoll,
    phase: Phase,
    /// Whether the last step may have left something that can be done at once.
    is_busy: bool,
    /// When to begin to read what is due.
    begin_at: Option<Instant>,
    /// How long this thread was busy since the last round began.
    took: Duration,
    /// When that allows the next one to begin.
    resumes_at: Instant,
    largest_buffer: usize,
    /// What a dump failed with.
    failure: Option<Error>,
    timeout: Option<Duration>,
    deadline: Option<Instant>,
    waker: Option<Waker>,
}

/// What the requests socket is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing.
    Idle,
    /// Waiting for the lock of `NETLINK_ROUTE`, before these tables are dumped.
    Entering(Tables),
    /// Dumping a table, and after it these.
    Dumping(Table, Tables),
    /// Waiting for the lock once more.
    Leaving,
    /// Reading the events that were sent before.
    Settling,
}

/// What a step did.
enum Did {
    /// Something. There may be more.
    Some,
    /// Nothing, until a socket is readable or something comes due.
    Nothing,
}

/// How to open a [`Mirror`]; made by [`Mirror::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    tables: Tables,
    socket: crate::Builder,
    receive_buffer: usize,
    largest_buffer: usize,
    retry: Retry,
}

impl Builder {
    /// Links.
    pub fn links(self) -> Self {
        self.table(Table::Links)
    }

    /// Addresses of interfaces.
    pub fn addrs(self) -> Self {
        self.table(Table::Addrs)
    }

    /// Routes of IPv4 and IPv6, in all routing tables.
    pub fn routes(self) -> Self {
        self.table(Table::Ipv4Routes).table(Table::Ipv6Routes)
    }

    /// Neighbours.
    pub fn neighs(self) -> Self {
        self.table(Table::Neighs)
    }

    /// Rules of IPv4 and IPv6.
    pub fn rules(self) -> Self {
        self.table(Table::Ipv4Rules).table(Table::Ipv6Rules)
    }

    /// Nexthop objects. Since Linux 5.3; an older kernel refuses.
    pub fn nexthops(self) -> Self {
        self.table(Table::Nexthops)
    }

    /// A table.
    pub fn table(mut self, table: Table) -> Self {
        self.tables = self.tables.with(table);
        self
    }

    /// Several tables.
    pub fn tables(mut self, tables: Tables) -> Self {
        self.tables = self.tables.union(tables);
        self
    }

    /// Those of another network namespace.
    pub fn netns(mut self, netns: Netns) -> Self {
        self.socket = self.socket.netns(netns);
        self
    }

    /// Those of a stand-in for the kernel, for a test.
    pub fn on(mut self, kernel: &FakeKernel) -> Self {
        self.socket = self.socket.on(kernel);
        self
    }

    /// Size of the kernel's receive buffer for events, and how far it may grow
    /// when events are lost, in bytes; see [`crate::Builder::receive_buffer`]. At
    /// first 1 MiB and 64 MiB. The kernel takes the memory only for what waits.
    pub const fn receive_buffer(mut self, len: usize, largest: usize) -> Self {
        (self.receive_buffer, self.largest_buffer) = (len, largest);
        self
    }

    /// How often to read tables that were disturbed while they were read, before
    /// making do with what there is, and how long to wait between. What could not
    /// be proven is read again later, after longer and longer pauses.
    pub const fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Limits how long each call may block.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.socket = self.socket.timeout(timeout);
        self
    }

    /// Opens the two sockets, and joins the groups. The tables are read by what
    /// is called then.
    ///
    /// # Errors
    ///
    /// A system call fails; `EINVAL`: the kernel does not know of such a table.
    pub fn open(self) -> Result<Mirror> {
        let core = Core::new(self.tables, self.retry);
        let mut requests = self.socket.clone().open()?;
        requests.catch_up();
        let mut events = self.socket.receive_buffer(self.receive_buffer).listen()?;
        let timeout = requests.timeout();
        for table in core.kept().iter() {
            for (index, group) in table.groups().iter().enumerate() {
                match events.join(*group) {
                    // A kernel without the group has no such objects either.
                    Err(error) if index > 0 && error.errno() == Some(Errno::EINVAL) => {}
                    joined => joined?,
                }
            }
        }
        let os = |call| move |errno: nix::errno::Errno| Error::os(call)(errno.into_errno());
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC).map_err(os("epoll_create1"))?;
        for fd in [events.as_fd(), requests.as_fd()] {
            let readable = EpollEvent::new(EpollFlags::EPOLLIN, 0);
            epoll.add(fd, readable).map_err(os("epoll_ctl"))?;
        }
        let now = Instant::now();
        Ok(Mirror {
            core,
            events,
            requests,
            epoll,
            phase: Phase::Idle,
            is_busy: false,
            begin_at: None,
            took: Duration::ZERO,
            resumes_at: now,
            largest_buffer: self.largest_buffer,
            failure: None,
            timeout,
            deadline: None,
            waker: None,
        })
    }
}

impl Mirror {
    /// How long to wait after something came due, in case that more does.
    const MOMENT: Duration = Duration::from_millis(10);
    /// How much longer to pause between rounds than they take, unless events were
    /// lost.
    const PAUSE: u32 = 4;
    /// How many events and entries a step takes in at most.
    const STEP: usize = 512;

    /// Starts to describe a mirror, of no tables so far.
    pub fn builder() -> Builder {
        Builder {
            tables: Tables::EMPTY,
            socket: Socket::builder(Protocol::ROUTE),
            receive_buffer: 1 << 20,
            largest_buffer: 64 << 20,
            retry: Retry::default(),
        }
    }

    // --- What it tells ---

    /// The next thing to tell. It blocks until there is one.
    ///
    /// # Errors
    ///
    /// - [`Error::TimedOut`], [`Error::Woken`]: the wait ended early.
    /// - [`Error::Refused`], [`Error::Interrupted`], [`Error::Truncated`],
    ///   [`Error::Overflow`]: a table could not be read in any of the attempts.
    /// - [`Error::Os`]: a system call failed.
    ///
    /// The mirror goes on with the next call in any case.
    pub fn recv(&mut self) -> Result<Change> {
        let timeout = self.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let limit = match (timeout, self.deadline) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        loop {
            match self.progress()? {
                Progress::Done(change) => return Ok(change),
                Progress::Paused(Pause::Moment) => check(limit)?,
                Progress::Paused(_) => self.wait(limit)?,
            }
        }
    }

    /// Looks for something to tell.
    pub(crate) fn progress(&mut self) -> Result<Progress<Change>> {
        if let Some(change) = self.core.next_change() {
            return Ok(Progress::Done(change));
        }
        let is_done = self.step()?;
        if let Some(change) = self.core.next_change() {
            return Ok(Progress::Done(change));
        }
        Ok(Progress::Paused(match is_done {
            Did::Some => Pause::Moment,
            Did::Nothing => Pause::Readable(self.wakes_at()),
        }))
    }

    /// The next thing to tell, if there is one without waiting. It does not block,
    /// except for locks in the kernel, and does a bounded amount of work: a few
    /// hundred messages.
    ///
    /// # Errors
    ///
    /// Those of [`recv`](Self::recv) but for the first.
    pub fn try_recv(&mut self) -> Result<Option<Change>> {
        Ok(match self.progress()? {
            Progress::Done(change) => Some(change),
            Progress::Paused(_) => None,
        })
    }

    /// When to call [`try_recv`](Self::try_recv) at the latest, even if the mirror
    /// is not readable by then; `None` if there is nothing to do but to wait for
    /// events.
    pub fn wakes_at(&self) -> Option<Instant> {
        if self.is_busy {
            return Some(Instant::now());
        }
        match self.phase {
            Phase::Idle => {
                self.begin_at.or_else(|| (!self.core.due().is_empty()).then(Instant::now))
            }
            Phase::Settling => Some(Instant::now()),
            _ => None,
        }
    }

    /// Whether nothing is left to be read or told, as far as is known: what the
    /// mirror shows is what the kernel had when the last call was made.
    pub fn is_settled(&self) -> bool {
        self.phase == Phase::Idle
            && self.core.generation() > 0
            && self.core.due().is_empty()
            && !self.core.has_change()
    }

    // --- What it has ---

    /// The tables that were chosen.
    pub const fn tables(&self) -> Tables {
        self.core.tables()
    }

    /// Counts the times that tables were put in place; 0 is never. Between two of
    /// them, all tables follow the same events.
    pub const fn generation(&self) -> u64 {
        self.core.generation()
    }

    /// The objects of a table; see [`Core::iter`].
    pub fn iter(&self, table: Table) -> impl Iterator<Item = &Object> {
        self.core.iter(table)
    }

    /// How many objects a table has.
    pub fn len(&self, table: Table) -> usize {
        self.core.len(table)
    }

    /// Links, in no order.
    pub fn links(&self) -> impl Iterator<Item = Link<'_>> {
        self.iter(Table::Links).filter_map(Object::link)
    }

    /// The link with this index.
    pub fn link(&self, index: u32) -> Option<Link<'_>> {
        self.core.link(index)?.link()
    }

    /// Addresses of interfaces, in no order.
    pub fn addrs(&self) -> impl Iterator<Item = Address<'_>> {
        self.iter(Table::Addrs).filter_map(Object::addr)
    }

    /// Routes of all families, in no order but that in which the kernel tries those
    /// to one destination with one metric.
    pub fn routes(&self) -> impl Iterator<Item = Route<'_>> {
        [Table::Ipv4Routes, Table::Ipv6Routes, Table::MplsRoutes]
            .into_iter()
            .flat_map(|table| self.iter(table))
            .filter_map(Object::route)
    }

    /// The IPv4 routes of a routing table with this destination, of any prefix
    /// length; see [`Core::ipv4_routes_to`].
    pub fn ipv4_routes_to(&self, table: RtTable, to: Ipv4Addr) -> impl Iterator<Item = Route<'_>> {
        self.core.ipv4_routes_to(table, to).filter_map(Object::route)
    }

    /// The neighbour with this address on the link with this index.
    pub fn neigh(&self, index: u32, addr: IpAddr) -> Option<Neigh<'_>> {
        self.core.neigh(index, addr)?.neigh()
    }

    /// Neighbours, in no order.
    pub fn neighs(&self) -> impl Iterator<Item = Neigh<'_>> {
        self.iter(Table::Neighs).filter_map(Object::neigh)
    }

    /// Entries of forwarding databases, in no order.
    pub fn fdb(&self) -> impl Iterator<Item = Neigh<'_>> {
        self.iter(Table::Fdb).filter_map(Object::neigh)
    }

    /// Rules of all families, in no order.
    pub fn rules(&self) -> impl Iterator<Item = Rule<'_>> {
        let tables = [Table::Ipv4Rules, Table::Ipv6Rules].into_iter();
        tables.flat_map(|table| self.iter(table)).filter_map(Object::rule)
    }

    /// Nexthop objects, in no order.
    pub fn nexthops(&self) -> impl Iterator<Item = Nexthop<'_>> {
        self.iter(Table::Nexthops).filter_map(Object::nexthop)
    }

    /// The nexthop object with this id.
    pub fn nexthop(&self, id: u32) -> Option<Nexthop<'_>> {
        self.core.nexthop(id)?.nexthop()
    }

    /// How often what happened.
    pub const fn stats(&self) -> &Stats {
        self.core.stats()
    }

    /// Size of the kernel's receive buffer for events, as it counts them.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn receive_buffer(&self) -> Result<usize> {
        self.events.receive_buffer()
    }

    // --- How it goes about ---

    /// Asks for tables to be read again. It does not block: the next calls do it.
    pub fn refresh(&mut self, tables: Tables) {
        self.core.refresh(tables);
    }

    /// Limits how long each call may block; `None` is without limit, as at first.
    pub const fn set_timeout(&mut self, timeout: Option<Duration>) {
        self.timeout = timeout;
    }

    /// Limits until when calls may block, beside the timeout.
    pub const fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    /// What ends a wait from another thread. It does not block.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn waker(&mut self) -> Result<Waker> {
        let waker = match &self.waker {
            Some(waker) => waker.clone(),
            None => Waker::new()?,
        };
        self.waker = Some(waker.clone());
        Ok(waker)
    }

    /// Blocks until a socket is readable, something comes due, or the limit.
    fn wait(&self, limit: Option<Instant>) -> Result<()> {
        let until = match (self.wakes_at(), limit) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        match wait(self.epoll.0.as_fd(), self.waker.as_ref(), until) {
            // It may be time to begin.
            Err(Error::TimedOut) => check(limit),
            waited => waited,
        }
    }

    /// Does a bounded amount of what there is to do, without waiting.
    fn step(&mut self) -> Result<Did> {
        let start = Instant::now();
        let did = self.step_untimed();
        self.took += start.elapsed();
        self.is_busy = !matches!(did, Ok(Did::Nothing));
        did
    }

    fn step_untimed(&mut self) -> Result<Did> {
        let is_dry = self.hear()?;
        match self.phase {
            Phase::Idle => {
                let did = self.begin()?;
                return Ok(if is_dry { did } else { Did::Some });
            }
            Phase::Settling if is_dry => {
                let verdict = self.core.finish();
                self.end();
                self.follow(verdict)?;
                if self.core.due().is_empty() {
                    return Ok(Did::Nothing);
                }
            }
            // Events come first: what waits is dropped when there is too much.
            _ if !is_dry => {}
            Phase::Settling => {}
            Phase::Entering(_) | Phase::Dumping(..) | Phase::Leaving => return self.reply(),
        }
        Ok(Did::Some)
    }

    /// Takes in events, and tells whether all were.
    fn hear(&mut self) -> Result<bool> {
        for _ in 0..Self::STEP {
            match self.events.try_recv()? {
                None => return Ok(true),
                Some(Event::Message(event)) => self.core.event(event.message),
                Some(Event::Lost { reason }) => {
                    self.grow()?;
                    let verdict = self.core.lost(reason);
                    if self.phase != Phase::Idle {
                        self.requests.settle()?;
                        self.failure = Some(Error::Overflow);
                        self.end();
                    }
                    self.follow(verdict)?;
                }
            }
        }
        Ok(false)
    }

    /// Makes the receive buffer larger.
    fn grow(&mut self) -> Result<()> {
        // The kernel counts twice what it is asked for: this doubles it.
        let len = self.events.receive_buffer()?;
        if len < self.largest_buffer {
            self.events.set_receive_buffer(len)?;
        }
        Ok(())
    }

    /// Begins to read what is due, once it is time.
    fn begin(&mut self) -> Result<Did> {
        if self.core.due().is_empty() {
            return Ok(Did::Nothing);
        }
        let now = Instant::now();
        let at = match self.begin_at {
            Some(at) => at,
            None if self.core.is_urgent() => now,
            None => (now + Self::MOMENT).max(self.resumes_at),
        };
        if now < at {
            self.begin_at = Some(at);
            return Ok(Did::Nothing);
        }
        self.begin_at = None;
        self.took = Duration::ZERO;
        let tables = self.core.begin();
        self.lock(Phase::Entering(tables))?;
        Ok(Did::Some)
    }

    /// A round is over, in one way or another.
    fn end(&mut self) {
        self.phase = Phase::Idle;
        self.resumes_at = Instant::now() + self.took.saturating_mul(Self::PAUSE);
    }

    fn follow(&mut self, verdict: Verdict) -> Result<()> {
        let failure = self.failure.take();
        let (Verdict::Again(pause) | Verdict::Later(pause) | Verdict::Failed(pause)) = verdict
        else {
            return Ok(());
        };
        self.begin_at = Some(Instant::now() + pause);
        match (verdict, failure) {
            (Verdict::Failed(_), failure) => Err(failure.unwrap_or(Error::Interrupted)),
            _ => Ok(()),
        }
    }

    /// Waits for the lock of `NETLINK_ROUTE`, to go on in this phase.
    fn lock(&mut self, phase: Phase) -> Result<()> {
        let asked = ask_for_rtnl(&mut self.requests);
        self.asked(phase, asked)
    }

    /// A request was made, or could not be.
    fn asked(&mut self, phase: Phase, asked: Result<Answers>) -> Result<()> {
        match asked {
            Ok(_) => self.phase = phase,
            Err(error) => {
                self.failure = Some(error);
                let verdict = self.core.abort();
                self.end();
                self.follow(verdict)?;
            }
        }
        Ok(())
    }

    /// Takes in replies, a datagram at most.
    fn reply(&mut self) -> Result<Did> {
        let socket = &mut self.requests;
        let ended = loop {
            match socket.exchange.step(&socket.buf[..socket.len]) {
                Ok(Step::Reply(header, payload)) => {
                    if let Phase::Dumping(table, _) = self.phase {
                        self.core.entry(table, Message { header, payload: &socket.buf[payload] });
                    }
                }
                Ok(Step::Close(header, payload)) => {
                    let message = Message { header, payload: &socket.buf[payload] };
                    break closing(message, socket.protocol(), &socket.kept).map(drop);
                }
                Ok(Step::End) => break Ok(()),
                Ok(Step::Receive) => {
                    if let Phase::Dumping(table, _) = self.phase {
                        self.core.paused(table);
                    }
                    match socket.receive_waiting() {
                        Ok(true) => return Ok(Did::Some),
                        Ok(false) => return Ok(Did::Nothing),
                        Err(error) => break Err(error),
                    }
                }
                Err(error) => break Err(error.into()),
            }
        };
        let ended = match ended {
            Ok(()) if socket.exchange.is_interrupted() => Err(Error::Interrupted),
            // A kernel without the family has nothing of it.
            Err(error) if error.errno() == Some(Errno::EAFNOSUPPORT) => Ok(()),
            ended => ended,
        };
        if ended.is_err() {
            socket.settle()?;
        }
        self.next(ended)?;
        Ok(Did::Some)
    }

    /// Goes on after a request ended so.
    fn next(&mut self, ended: Result<()>) -> Result<()> {
        let rest = match self.phase {
            Phase::Entering(tables) => tables,
            Phase::Dumping(table, rest) => {
                let how = match &ended {
                    Ok(()) => Dumped::Whole,
                    Err(Error::Interrupted) => Dumped::Interrupted,
                    Err(_) => Dumped::Failed,
                };
                self.core.dumped(table, how);
                self.failure = ended.err().or(self.failure.take());
                rest
            }
            Phase::Leaving | Phase::Settling | Phase::Idle => {
                self.phase = Phase::Settling;
                return Ok(());
            }
        };
        match rest.iter().next() {
            Some(table) => {
                let phase = Phase::Dumping(table, rest.without(table));
                let asked = self.requests.start(&mut table.request()?);
                self.asked(phase, asked)
            }
            None => self.lock(Phase::Leaving),
        }
    }
}

/// Readable when there may be something to do, beside what
/// [`wakes_at`](Mirror::wakes_at) tells. It stays so until
/// [`try_recv`](Mirror::try_recv) has nothing more and `wakes_at` is not now: a loop that
/// is told but once has to go on until then.
impl AsFd for Mirror {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.epoll.0.as_fd()
    }
}

/// Without the objects.
impl fmt::Debug for Mirror {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mirror")
            .field("tables", &self.core.tables())
            .field("generation", &self.core.generation())
            .field("phase", &self.phase)
            .field("due", &self.core.due())
            .field("stats", self.core.stats())
            .finish_non_exhaustive()
    }
}
