//! Dumps, and what they are worth.

use std::{
    fmt,
    time::{Duration, Instant},
};

use netlink_wire::{
    Header, Message, NlmFlags, Rtm,
    link::{IfInfoMsg, Link, LinkAttr, RtextFilter},
};

use crate::{
    Errno, Protocol, Replies, Socket,
    error::{Error, Result},
    socket::check,
    table::Table,
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
    replies: Replies<'s>,
    table: T,
    request: Vec<u8>,
    /// Whether anything less than proven is an error.
    prove: bool,
    watch: Option<Watch>,
    retry: Retry,
    attempts: u32,
    consistency: Option<Consistency>,
    /// What ended it before its end.
    failed: Option<Error>,
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
        Dump::start(self, table, false)
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
        Dump::start(self, table, true)
    }

    /// Asks for one link by its name, which may be any of its names. It comes
    /// without virtual functions. It blocks until the answer comes.
    ///
    /// # Errors
    ///
    /// There is no such link ([`Error::is_not_found`]), or one of
    /// [`get`](Self::get).
    pub fn link(&mut self, name: &str) -> Result<Link<'_>> {
        /// `IFNAMSIZ` with the NUL: a longer name is an alternative one.
        const IFNAMSIZ: usize = 16;
        let attr = match name.len() {
            0..IFNAMSIZ => LinkAttr::IfName(name.into()),
            _ => LinkAttr::AltIfName(name.into()),
        };
        let mut buf = vec![0; 64 + name.len()];
        let header = IfInfoMsg::default();
        let request = Link::writer(&mut buf, Rtm::GETLINK, NlmFlags::default(), &header)
            .push(attr)
            .finish()?;
        Ok(Link::parse(self.get(request)?)?)
    }

    /// Asks for one link by its index, as [`link`](Self::link) does by its name.
    ///
    /// # Errors
    ///
    /// Those of [`link`](Self::link).
    pub fn link_by_index(&mut self, index: u32) -> Result<Link<'_>> {
        // No index is negative: the kernel refuses.
        let header = IfInfoMsg { index: index as i32, ..IfInfoMsg::default() };
        let mut buf = [0; 64];
        let request = Link::writer(&mut buf, Rtm::GETLINK, NlmFlags::default(), &header);
        let request = { request }.finish()?;
        Ok(Link::parse(self.get(request)?)?)
    }

    /// Makes a request for data that has one reply, and returns that. It blocks
    /// until it comes. A reply that does not fit the buffer makes it grow, and is
    /// asked for again.
    ///
    /// # Errors
    ///
    /// Those of [`Replies::recv`]; [`Error::NoReply`] if it succeeds without one.
    pub fn get(&mut self, request: &mut [u8]) -> Result<Message<'_>> {
        let found = match self.request(request)?.next() {
            Err(Error::Truncated(_)) => self.request(request)?.next(),
            found => found,
        };
        let (header, payload) = found?.ok_or(Error::NoReply)?;
        Ok(Message { header, payload: &self.buf[payload] })
    }
}

impl<'s, T: Table> Dump<'s, T> {
    fn start(socket: &'s mut Socket, table: T, prove: bool) -> Result<Self> {
        let mut request = table.request()?;
        let mut watch = match prove && socket.protocol() == Protocol::ROUTE {
            true => Watch::new(socket, &table.groups())?,
            false => None,
        };
        if let Some(watch) = &mut watch {
            watch.begin(socket)?;
        }
        let replies = socket.request(&mut request)?;
        Ok(Self {
            replies,
            table,
            request,
            prove,
            watch,
            retry: Retry::default(),
            attempts: 1,
            consistency: None,
            failed: None,
        })
    }

    /// Sets how often [`again`](Self::again) and [`collect`](Self::collect)
    /// repeat the dump.
    #[must_use]
    pub const fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
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
    /// - those of [`Replies::recv`].
    ///
    /// Except for [`Error::Wire`] and an end of the wait, further calls return
    /// the same error.
    pub fn recv(&mut self) -> Result<Option<T::Entry<'_>>> {
        let (header, payload) = loop {
            if let Some(error) = &self.failed {
                return Err(error.clone());
            }
            if self.consistency.is_some() {
                return Ok(None);
            }
            match self.step() {
                Ok(Some(found)) => break found,
                Ok(None) => {}
                Err(error) => {
                    if !matches!(error, Error::Wire(_) | Error::TimedOut | Error::Woken) {
                        self.failed = Some(error.clone());
                    }
                    return Err(error);
                }
            }
        };
        Ok(Some(T::parse(self.replies.message(header, payload))?))
    }

    /// Finds the next entry that passes the filter, or judges at the end.
    fn step(&mut self) -> Result<Option<(Header, std::ops::Range<usize>)>> {
        let Some((header, payload)) = self.replies.next()? else {
            let consistency = self.judge()?;
            self.consistency = Some(consistency);
            self.replies.span.dumped(consistency, self.attempts);
            return match consistency {
                Consistency::Interrupted => Err(Error::Interrupted),
                Consistency::Unproven if self.prove => Err(Error::Unproven),
                _ => Ok(None),
            };
        };
        if self.table.kind().is_some_and(|kind| kind != header.kind) {
            return Ok(None);
        }
        if !self.table.is_whole() && !header.flags.contains(NlmFlags::DUMP_FILTERED) {
            let entry = T::parse(self.replies.message(header, payload.clone()))?;
            match self.table.matches(&entry)? {
                Some(true) => {}
                Some(false) => return Ok(None),
                None => return Err(Error::Unfiltered),
            }
        }
        Ok(Some((header, payload)))
    }

    /// What the dump is worth, now that it is over.
    fn judge(&mut self) -> Result<Consistency> {
        if self.replies.is_interrupted() {
            return Ok(Consistency::Interrupted);
        }
        let Some(watch) = &mut self.watch else { return Ok(Consistency::Unproven) };
        // Who changed a table before the dump ended may not have sent the event
        // yet, but holds the lock that this waits for.
        let socket = &mut *self.replies.socket;
        wait_for_rtnl(socket)?;
        Ok(match watch.is_quiet(socket.limit())? {
            true => Consistency::Proven,
            false => Consistency::Unproven,
        })
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
        let wait = match error {
            Error::Truncated(_) => false,
            Error::Interrupted | Error::Overflow => true,
            // Another attempt would prove no more where nothing can be watched.
            Error::Unproven if self.watch.is_some() => true,
            _ => return Ok(false),
        };
        if self.attempts >= self.retry.attempts.max(1) {
            return Ok(false);
        }
        self.replies.span.again(error, self.attempts + 1);
        if wait {
            let doubled = 1u32.checked_shl(self.attempts - 1).unwrap_or(u32::MAX);
            let pause = self.retry.backoff.saturating_mul(doubled).min(self.retry.max_backoff);
            self.replies.socket.sleep(pause)?;
        }
        if let Some(watch) = &mut self.watch {
            watch.begin(self.replies.socket)?;
        }
        self.replies.restart(&mut self.request)?;
        (self.consistency, self.failed) = (None, None);
        self.attempts += 1;
        Ok(true)
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
            match self.recv().map(|entry| entry.map(&mut read)) {
                Ok(Some(entry)) => {
                    entries.push(entry);
                    continue;
                }
                Ok(None) => {}
                Err(error) => {
                    if self.again(&error)? {
                        entries.clear();
                        continue;
                    }
                    if self.consistency.is_none() {
                        return Err(error);
                    }
                }
            }
            let consistency = self.consistency.unwrap_or(Consistency::Interrupted);
            return Ok(Collected { entries, consistency, attempts: self.attempts });
        }
    }

    /// What the dump is worth, once it is over.
    pub const fn consistency(&self) -> Option<Consistency> {
        self.consistency
    }

    /// How many attempts were begun.
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }
}

/// Blocks until whoever held the lock of `NETLINK_ROUTE` has let go of it.
fn wait_for_rtnl(socket: &mut Socket) -> Result<()> {
    let mut buf = [0; 64];
    let header = IfInfoMsg { index: 1, ..IfInfoMsg::default() };
    let request = Link::writer(&mut buf, Rtm::GETLINK, NlmFlags::default(), &header)
        .push(LinkAttr::ExtMask(RtextFilter::SKIP_STATS))
        .finish()?;
    match socket.request(request)?.finish() {
        // What it answers does not matter.
        Ok(_) | Err(Error::Refused(_)) => Ok(()),
        Err(error) => Err(error),
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

    /// Drops what was heard so far, and waits for the changes that it was about:
    /// some are told before they are made, such as an address that takes routes
    /// with it.
    fn begin(&mut self, socket: &mut Socket) -> Result<()> {
        /// Where events come faster than they are read, nothing will be proven.
        const ENOUGH: usize = 10_000;
        let deadline = socket.limit();
        for _ in 0..ENOUGH {
            if self.is_quiet(deadline)? {
                break;
            }
            check(deadline)?;
        }
        wait_for_rtnl(socket)
    }

    /// Whether nothing was heard since the last time. If not, more may wait.
    fn is_quiet(&mut self, deadline: Option<Instant>) -> Result<bool> {
        let mut buf = [0; 64];
        loop {
            match self.io.recv(&mut buf) {
                Err(Errno::EAGAIN) => return Ok(true),
                Err(Errno::EINTR) => {}
                // Too much was heard.
                Err(Errno::ENOBUFS) => return Ok(false),
                Err(errno) => return Err(Error::os("recvmsg")(errno)),
                Ok(datagram) if datagram.sender == 0 => return Ok(false),
                Ok(_) => check(deadline)?,
            }
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
