//! Dumps, and what they are worth.

use std::{
    fmt,
    time::{Duration, Instant},
};

use netlink_wire::{
    Message, NlmFlags, Rtm,
    link::{IfInfoMsg, Link, LinkAttr, RtextFilter},
};

use crate::{
    Errno, Protocol, Socket,
    error::{Error, Result},
    ops,
    progress::{Pause, Progress, done},
    request::{Answers, Found},
    socket::check,
    table::{Table, UNSPEC},
    trace::Span,
    transport::Transport,
};

/// Whether a dump shows the table as it was at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consistency {
    /// Something changed meanwhile: the dump may lack or repeat entries.
    Interrupted,
    /// The kernel did not say that something changed. Most tables change
    /// without its saying so, and then the dump may lack or repeat entries that
    /// did not change at all.
    Unproven,
    /// Nothing changed, as far as the table's groups hear of it: the dump has
    /// every entry once.
    Proven,
}

/// How often to repeat a dump that was disturbed, and how long to wait between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often to dump at most.
    pub attempts: u32,
    /// How long to wait before the second attempt. Each wait is twice the one
    /// before it.
    pub backoff: Duration,
    /// How long to wait at most.
    pub max_backoff: Duration,
}

impl Retry {
    /// A single attempt: what disturbs it is told at once.
    pub const NEVER: Self =
        Self { attempts: 1, backoff: Duration::ZERO, max_backoff: Duration::ZERO };
}

impl Default for Retry {
    /// Eight attempts within about half a second of waiting.
    fn default() -> Self {
        Self {
            attempts: 8,
            backoff: Duration::from_millis(4),
            max_backoff: Duration::from_millis(250),
        }
    }
}

/// A dump of a table; started by [`Socket::dump`] or [`Socket::dump_proven`].
///
/// Not an [`Iterator`]: each entry borrows the socket's buffer, which the next
/// call may overwrite. It may be dropped at any time; the socket reads the rest
/// before it is used again.
///
/// ```no_run
/// # use netlink_sys::{Protocol, Socket, table::Routes};
/// let mut socket = Socket::open(Protocol::ROUTE)?;
/// let mut routes = socket.dump(Routes::ipv4())?;
/// while let Some(route) = routes.recv()? {
///     println!("{:?}", route.destination()?);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// There is one dump a socket at a time:
///
/// ```compile_fail,E0499
/// # use netlink_sys::{Protocol, Socket, table::{Links, Routes}};
/// # fn f(socket: &mut Socket) -> netlink_sys::Result<()> {
/// let mut routes = socket.dump(Routes::ipv4())?;
/// let mut links = socket.dump(Links::default())?;
/// routes.recv()?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Dump<'s, T> {
    socket: &'s mut Socket,
    state: Dumping<T>,
}

/// How far a dump is.
#[derive(Debug)]
pub(crate) struct Dumping<T> {
    table: T,
    request: Vec<u8>,
    /// Whether anything less than proven is an error.
    prove: bool,
    watch: Option<Watch>,
    pub(crate) retry: Retry,
    pub(crate) attempts: u32,
    pub(crate) consistency: Option<Consistency>,
    /// What ended it before its end.
    failed: Option<Error>,
    phase: Phase,
    /// That of the request, once it was sent.
    span: Option<Span>,
}

/// What a dump is at.
#[derive(Debug)]
enum Phase {
    /// Waiting for the next attempt.
    Pausing(Instant),
    /// Reading what was left unread before.
    Settling,
    /// Dropping what the watcher heard before, so many datagrams at most.
    Clearing(u32),
    /// Waiting for the changes that it was about.
    Entering(Answers),
    /// Receiving entries.
    Reading(Answers),
    /// Waiting for whoever changed something meanwhile.
    Leaving(Answers),
    /// Asking the watcher.
    Judging,
}

/// All entries of a dump; made by [`Dump::collect`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collected<R> {
    /// The entries.
    pub entries: Vec<R>,
    /// What they are worth.
    pub consistency: Consistency,
    /// How many dumps it took.
    pub attempts: u32,
}

impl Socket {
    /// Starts to dump a table. What an earlier request left unread is read
    /// first, which is when it blocks.
    ///
    /// At its end the dump is [`Unproven`](Consistency::Unproven), unless the
    /// kernel says that it was disturbed.
    ///
    /// # Errors
    ///
    /// A system call fails, or the wait for the earlier request ends early.
    pub fn dump<T: Table>(&mut self, table: T) -> Result<Dump<'_, T>> {
        Dump::start(self, Dumping::new(table)?)
    }

    /// Starts to dump a table, and watches by a second socket whether it
    /// changes meanwhile. Like [`dump`](Self::dump), it hardly blocks.
    ///
    /// A dump that is not [`Proven`](Consistency::Proven) ends with an error. It
    /// never is on kernels before Linux 5.14, nor that of a table the changes of
    /// which the kernel does not tell.
    ///
    /// # Errors
    ///
    /// A system call fails, or the wait for the earlier request ends early.
    pub fn dump_proven<T: Table>(&mut self, table: T) -> Result<Dump<'_, T>> {
        let state = Dumping::proven(self, table)?;
        Dump::start(self, state)
    }

    /// Asks for one link by its name, which may be any of its names. It comes
    /// without virtual functions. It blocks until the answer comes.
    ///
    /// # Errors
    ///
    /// There is no such link ([`Error::is_not_found`]), or one of
    /// [`get_raw`](Self::get_raw).
    pub fn link(&mut self, name: &str) -> Result<Link<'_>> {
        Ok(Link::parse(self.get_raw(&mut link_named(name)?)?)?)
    }

    /// Asks for one link by its index, as [`link`](Self::link) does by its name.
    ///
    /// # Errors
    ///
    /// Those of [`link`](Self::link).
    pub fn link_by_index(&mut self, index: u32) -> Result<Link<'_>> {
        Ok(Link::parse(self.get_raw(&mut link_indexed(index)?)?)?)
    }

    /// Makes a request for data that has one reply, and returns that. It blocks
    /// until it comes. A reply that does not fit the buffer makes it grow, and is
    /// asked for again.
    ///
    /// # Errors
    ///
    /// Those of [`Replies::recv`](crate::Replies::recv); [`Error::NoReply`] if it succeeds without one.
    pub fn get_raw(&mut self, request: &mut [u8]) -> Result<Message<'_>> {
        let mut replies = self.request(request)?;
        let found = match replies.next() {
            // Perhaps it is only the acknowledgement that found no room.
            Err(Error::Overflow) => replies.next(),
            Err(Error::Truncated(_)) => self.request(request)?.next(),
            found => found,
        };
        Ok(self.message(found?.ok_or(Error::NoReply)?))
    }
}

/// A request for the link with this name.
pub(crate) fn link_named(name: &str) -> Result<Vec<u8>> {
    Ok(ops::link(name).to_get()?)
}

/// A request for the link with this index.
pub(crate) fn link_indexed(index: u32) -> Result<Vec<u8>> {
    Ok(ops::link_by_index(index).to_get()?)
}

impl<'s, T: Table> Dump<'s, T> {
    fn start(socket: &'s mut Socket, mut state: Dumping<T>) -> Result<Self> {
        socket.block(|socket| state.begin(socket))?;
        Ok(Self { socket, state })
    }

    /// Sets how often [`again`](Self::again) and [`collect`](Self::collect)
    /// repeat the dump.
    #[must_use]
    pub const fn retry(mut self, retry: Retry) -> Self {
        self.state.retry = retry;
        self
    }

    /// Receives the next entry, or `None` after the last. It blocks until either
    /// comes.
    ///
    /// # Errors
    ///
    /// - [`Error::Interrupted`], [`Error::Unproven`]: after the last entry, that
    ///   the dump is worth less than it should be.
    /// - [`Error::Truncated`]: an entry is lost. The buffer has grown, so that
    ///   the same dump can be made [`again`](Self::again).
    /// - [`Error::Unfiltered`]: the kernel did not filter, and neither can this.
    /// - [`Error::Wire`]: an entry or the datagram that it is in is broken. More
    ///   may follow.
    /// - those of [`Replies::recv`](crate::Replies::recv).
    ///
    /// Except for [`Error::Wire`] and an end of the wait, further calls return
    /// the same error.
    #[inline]
    pub fn recv(&mut self) -> Result<Option<T::Entry<'_>>> {
        // Not by way of a step: it would be copied three times.
        if let Some(found) = self.state.at_hand(self.socket)? {
            return Ok(Some(T::parse(self.socket.message(found))?));
        }
        let found = self.socket.block(|socket| self.state.step(socket))?;
        Ok(found.map(|found| T::parse(self.socket.message(found))).transpose()?)
    }

    /// Starts the dump again from its beginning if this error of
    /// [`recv`](Self::recv) is a reason to, and the number of attempts allows.
    /// What was received before is void then. It blocks for the time that is to
    /// pass between attempts.
    ///
    /// # Errors
    ///
    /// Those of [`Socket::dump`], or the wait ends early.
    pub fn again(&mut self, error: &Error) -> Result<bool> {
        let is_repeated = self.state.repeat(error);
        if is_repeated {
            self.socket.block(|socket| self.state.begin(socket))?;
        }
        Ok(is_repeated)
    }

    /// Reads all entries, and repeats the dump if it was disturbed, as often as
    /// [`retry`](Self::retry) says. It blocks until the end.
    ///
    /// What could not be proven, or was interrupted in every attempt, is no error
    /// here: [`Collected::consistency`] tells.
    ///
    /// # Errors
    ///
    /// The others of [`recv`](Self::recv).
    pub fn collect<R>(mut self, mut read: impl FnMut(T::Entry<'_>) -> R) -> Result<Collected<R>> {
        let mut entries = Vec::new();
        loop {
            let gather = |socket: &mut Socket| self.state.gather(socket, &mut entries, &mut read);
            if let Some(consistency) = self.socket.block(gather)? {
                let attempts = self.state.attempts;
                return Ok(Collected { entries, consistency, attempts });
            }
        }
    }

    /// What the dump is worth, once it is over.
    pub const fn consistency(&self) -> Option<Consistency> {
        self.state.consistency
    }

    /// How many attempts were begun.
    pub const fn attempts(&self) -> u32 {
        self.state.attempts
    }
}

impl<T: Table> Dumping<T> {
    /// Where events come faster than they are read, nothing will be proven.
    const ENOUGH: u32 = 10_000;

    /// One that is about to begin.
    pub(crate) fn new(table: T) -> Result<Self> {
        Ok(Self {
            request: table.request()?,
            table,
            prove: false,
            watch: None,
            retry: Retry::default(),
            attempts: 1,
            consistency: None,
            failed: None,
            phase: Phase::Settling,
            span: None,
        })
    }

    /// One that watches the table, as long as this socket is in use.
    pub(crate) fn proven(socket: &Socket, table: T) -> Result<Self> {
        let watch = match socket.protocol() {
            Protocol::ROUTE => Watch::new(socket, &table.groups())?,
            _ => None,
        };
        Ok(Self { prove: true, watch, ..Self::new(table)? })
    }

    /// Makes an attempt, until entries can be received.
    pub(crate) fn begin(&mut self, socket: &mut Socket) -> Result<Progress<()>> {
        loop {
            self.phase = match &mut self.phase {
                Phase::Pausing(until) if check(Some(*until)).is_ok() => {
                    return Ok(Progress::Paused(Pause::Until(*until)));
                }
                Phase::Pausing(_) => Phase::Settling,
                Phase::Settling => {
                    done!(socket.settle_step());
                    match self.watch {
                        Some(_) => Phase::Clearing(Self::ENOUGH),
                        None => self.ask(socket)?,
                    }
                }
                Phase::Clearing(left) => {
                    let is_quiet = done!(Watch::is_quiet(&mut self.watch));
                    if !is_quiet && *left > 0 {
                        *left -= 1;
                        return Ok(Progress::MOMENT);
                    }
                    Phase::Entering(ask_for_rtnl(socket)?)
                }
                Phase::Entering(answers) => {
                    done!(wait_for_rtnl(answers, socket));
                    self.ask(socket)?
                }
                Phase::Reading(_) | Phase::Leaving(_) | Phase::Judging => {
                    return Ok(Progress::Done(()));
                }
            };
        }
    }

    fn ask(&mut self, socket: &mut Socket) -> Result<Phase> {
        let answers = socket.start(&mut self.request)?;
        self.span = Some(answers.span.clone());
        Ok(Phase::Reading(answers))
    }

    /// Finds the next entry that passes the filter, or judges at the end.
    pub(crate) fn step(&mut self, socket: &mut Socket) -> Result<Progress<Option<Found>>> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        if self.consistency.is_some() {
            return Ok(Progress::Done(None));
        }
        self.find(socket).inspect_err(|error| self.note(error))
    }

    /// The next entry that passes the filter, if it was received already.
    #[inline]
    pub(crate) fn at_hand(&mut self, socket: &mut Socket) -> Result<Option<Found>> {
        if !matches!(self.phase, Phase::Reading(_)) || self.failed.is_some() {
            return Ok(None);
        }
        while let Some(found) = socket.reply() {
            if self.passes(socket, &found).inspect_err(|error| self.note(error))? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Whatever is not about one entry ends the dump.
    fn note(&mut self, error: &Error) {
        if !matches!(error, Error::Wire(_)) {
            self.failed = Some(error.clone());
        }
    }

    fn find(&mut self, socket: &mut Socket) -> Result<Progress<Option<Found>>> {
        done!(self.begin(socket));
        while let Phase::Reading(answers) = &mut self.phase {
            match done!(answers.step(socket)) {
                Some(found) => {
                    if self.passes(socket, &found)? {
                        return Ok(Progress::Done(Some(found)));
                    }
                }
                None if socket.exchange.is_interrupted() => {
                    return self.end(Consistency::Interrupted);
                }
                None if self.watch.is_none() => return self.end(Consistency::Unproven),
                // Who changed a table before the dump ended may not have sent the
                // event yet, but holds the lock that this waits for.
                None => self.phase = Phase::Leaving(ask_for_rtnl(socket)?),
            }
        }
        if let Phase::Leaving(answers) = &mut self.phase {
            done!(wait_for_rtnl(answers, socket));
            self.phase = Phase::Judging;
        }
        match done!(Watch::is_quiet(&mut self.watch)) {
            true => self.end(Consistency::Proven),
            false => self.end(Consistency::Unproven),
        }
    }

    /// Whether a message is an entry, and passes the filter.
    fn passes(&self, socket: &Socket, found: &Found) -> Result<bool> {
        let message = socket.message(found.clone());
        let strict = socket.options().strict_check;
        let (kind, family) = (self.table.kind(), self.table.family());
        // Who lacks a family is answered with those that the kernel has.
        let is_other = family != UNSPEC && message.payload.first() != Some(&family);
        if is_other || kind.is_some_and(|kind| kind != message.header.kind) {
            return Ok(false);
        }
        let told = message.header.flags.contains(NlmFlags::DUMP_FILTERED);
        if self.table.is_whole() || self.table.is_filtered(strict, told) {
            return Ok(true);
        }
        self.table.matches(&T::parse(message)?)?.ok_or(Error::Unfiltered)
    }

    /// The dump is over, and worth so much.
    fn end(&mut self, consistency: Consistency) -> Result<Progress<Option<Found>>> {
        self.consistency = Some(consistency);
        if let Some(span) = &self.span {
            span.dumped(consistency, self.attempts);
        }
        match consistency {
            Consistency::Interrupted => Err(Error::Interrupted),
            Consistency::Unproven if self.prove => Err(Error::Unproven),
            _ => Ok(Progress::Done(None)),
        }
    }

    /// Lets the dump begin again if this error is a reason to, and the number of
    /// attempts allows.
    pub(crate) fn repeat(&mut self, error: &Error) -> bool {
        let wait = match error {
            Error::Truncated(_) => false,
            Error::Interrupted | Error::Overflow => true,
            // Another attempt would prove no more where nothing can be watched.
            Error::Unproven if self.watch.is_some() => true,
            _ => return false,
        };
        if self.attempts >= self.retry.attempts.max(1) {
            return false;
        }
        if let Some(span) = &self.span {
            span.again(error, self.attempts + 1);
        }
        self.phase = match wait {
            false => Phase::Settling,
            true => {
                let doubled = 1u32.checked_shl(self.attempts - 1).unwrap_or(u32::MAX);
                let pause = self.retry.backoff.saturating_mul(doubled).min(self.retry.max_backoff);
                /// A year: more than anybody waits.
                const YEAR: Duration = Duration::from_secs(31_536_000);
                Phase::Pausing(Instant::now() + pause.min(YEAR))
            }
        };
        (self.consistency, self.failed) = (None, None);
        self.attempts += 1;
        true
    }

    /// Reads entries as long as that takes no pause, and repeats the dump if it
    /// was disturbed. It returns what the dump is worth once it is over.
    pub(crate) fn gather<R>(
        &mut self,
        socket: &mut Socket,
        entries: &mut Vec<R>,
        read: &mut impl FnMut(T::Entry<'_>) -> R,
    ) -> Result<Progress<Option<Consistency>>> {
        let before = entries.len();
        let error = loop {
            match self.step(socket) {
                Ok(Progress::Done(Some(found))) => match T::parse(socket.message(found)) {
                    Ok(entry) => entries.push(read(entry)),
                    Err(error) => break error.into(),
                },
                Ok(Progress::Done(None)) => return Ok(Progress::Done(self.consistency)),
                Ok(Progress::Paused(_)) if entries.len() > before => {
                    return Ok(Progress::Done(None));
                }
                Ok(Progress::Paused(pause)) => return Ok(Progress::Paused(pause)),
                Err(error) => break error,
            }
        };
        if self.repeat(&error) {
            entries.clear();
            return Ok(Progress::Done(None));
        }
        self.consistency.map(|consistency| Progress::Done(Some(consistency))).ok_or(error)
    }
}

/// Asks for something that the kernel tells once it has the lock of
/// `NETLINK_ROUTE`.
pub(crate) fn ask_for_rtnl(socket: &mut Socket) -> Result<Answers> {
    let mut buf = [0; 64];
    let header = IfInfoMsg { index: 1, ..IfInfoMsg::default() };
    let request = Link::writer(&mut buf, Rtm::GETLINK, NlmFlags::default(), &header)
        .push(LinkAttr::ExtMask(RtextFilter::SKIP_STATS))
        .finish()?;
    socket.start(request)
}

/// Waits until whoever held the lock of `NETLINK_ROUTE` has let go of it.
fn wait_for_rtnl(answers: &mut Answers, socket: &mut Socket) -> Result<Progress<()>> {
    match answers.finish(socket) {
        // What it answers does not matter, nor whether that found room.
        Err(Error::Refused(_) | Error::Overflow) => Ok(Progress::Done(())),
        waited => waited,
    }
}

/// A second socket, which hears whether a table changes.
#[derive(Debug)]
struct Watch {
    io: Box<dyn Transport>,
}

impl Watch {
    /// `None` if changes can go unheard.
    fn new(socket: &Socket, groups: &[u32]) -> Result<Option<Self>> {
        let Some((table, others)) = groups.split_first() else { return Ok(None) };
        let Some(mut io) = socket.sibling()? else { return Ok(None) };
        match io.join(*table) {
            Err(Errno::EINVAL) => return Ok(None),
            joined => joined.map_err(Error::os("setsockopt NETLINK_ADD_MEMBERSHIP"))?,
        }
        for group in others {
            match io.join(*group) {
                // A kernel without the group has no such objects either.
                Err(Errno::EINVAL) => {}
                joined => joined.map_err(Error::os("setsockopt NETLINK_ADD_MEMBERSHIP"))?,
            }
        }
        Ok(Some(Self { io }))
    }

    /// Whether nothing was heard since the last time. If not, more may wait.
    ///
    /// To begin with, what was heard so far is dropped, and the changes waited for
    /// that it was about: some are told before they are made, such as an address
    /// that takes routes with it.
    fn is_quiet(this: &mut Option<Self>) -> Result<Progress<bool>> {
        let Some(Self { io }) = this else { return Ok(Progress::Done(false)) };
        let mut buf = [0; 64];
        loop {
            return match io.recv(&mut buf) {
                Err(Errno::EAGAIN) => Ok(Progress::Done(true)),
                Err(Errno::EINTR) => continue,
                // Too much was heard.
                Err(Errno::ENOBUFS) => Ok(Progress::Done(false)),
                Err(errno) => Err(Error::os("recvmsg")(errno)),
                Ok(datagram) if datagram.sender == 0 => Ok(Progress::Done(false)),
                Ok(_) => Ok(Progress::MOMENT),
            };
        }
    }
}

impl fmt::Display for Consistency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupted => "interrupted",
            Self::Unproven => "unproven",
            Self::Proven => "proven",
        })
    }
}
