//! Requests, dumps, bulk writes, events and mirrors for tasks of tokio.
//!
//! ```no_run
//! # async fn f() -> Result<(), Box<dyn std::error::Error>> {
//! use netlink_sys::{Protocol, table::Routes, tokio::Socket};
//!
//! let mut socket = Socket::open(Protocol::ROUTE)?;
//! let mut routes = socket.dump(Routes::ipv4()).await?;
//! while let Some(route) = routes.recv().await? {
//!     println!("{:?} in {}", route.destination()?, route.table()?);
//! }
//! # Ok(()) }
//! ```
//!
//! They are made of those that block, and do the same, by the same steps. Only
//! who waits is another: the task, while its thread does something else. What is
//! to be set is set before: each type has a `new` that takes the one that blocks,
//! and an `into_inner` that gives it back.
//!
//! # Giving up
//!
//! Any future may be dropped before its end, as `select!` and
//! [`timeout`](::tokio::time::timeout) do. The socket can be used as before: the
//! next request reads what was left of a dump, and takes no late reply for its
//! own. What a request that was given up did is not known, if it was sent. A call of
//! `recv` that was given up has taken nothing: the next one goes on. Limits that
//! were set for calls that block do not count here.
//!
//! # What blocks
//!
//! Most requests are done by the kernel while they are sent. Who sends one waits
//! for the lock of the part of the kernel that it is about, and so does the thread.
//! Where that takes long, as on machines that make links all the time, a thread of
//! its own does no harm to others: `tokio::task::spawn_blocking`, and a socket
//! that blocks. Large dumps let other tasks run between datagrams.
//!
//! # Panics
//!
//! `new` and `open` panic outside of a runtime, or in one that has no I/O. Where
//! there are pauses, between attempts of a dump and in a mirror, it needs its
//! timer: `enable_all` has both.

use std::{
    fmt,
    os::fd::{AsFd, OwnedFd},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use ::tokio::{
    io::{Interest, unix::AsyncFd},
    task::coop::consume_budget,
    time,
};
use futures_core::Stream;
use netlink_wire::{Message, link::Link, route::RtMsg, rule::FibRuleHdr};

use crate::{
    Collected, Consistency, Error, Event, ExtAck, OwnedEvent, Protocol, Report, Result, Retry,
    bulk::Batch,
    dump::{Dumping, link_indexed, link_named},
    mirror::{self, Change, Tables},
    netns::errno_of,
    ops::{Append, Object, Replace, Request, Search},
    progress::{Pause, Progress},
    request::{Answers, Found, header},
    table::Table,
};

/// Tells when a socket is readable.
#[derive(Clone)]
struct Ready(Arc<AsyncFd<OwnedFd>>);

impl Ready {
    /// An overflow may come without anything to read.
    const INTEREST: Interest = Interest::READABLE.add(Interest::ERROR);

    fn new(file: &impl AsFd) -> Result<Self> {
        // Another descriptor of it, which stays open for as long as tokio has it.
        let file = file.as_fd().try_clone_to_owned();
        let file = file.map_err(|error| Error::os("fcntl")(errno_of(&error)))?;
        // What tokio has instead is unsafe, as not every type keeps its file open.
        #[allow(deprecated)]
        let ready = AsyncFd::with_interest(file, Self::INTEREST);
        let ready = ready.map_err(|error| Error::os("epoll_ctl")(errno_of(&error)))?;
        Ok(Self(Arc::new(ready)))
    }

    /// Takes steps until the last.
    async fn drive<T>(&self, mut step: impl FnMut() -> Result<Progress<T>>) -> Result<T> {
        loop {
            match step()? {
                Progress::Done(done) => return Ok(done),
                Progress::Paused(pause) => self.pass(pause).await?,
            }
        }
    }

    async fn pass(&self, pause: Pause) -> Result<()> {
        match pause {
            Pause::Moment => consume_budget().await,
            Pause::Readable(None) => self.readable().await?,
            Pause::Readable(Some(until)) => {
                let waited = time::timeout_at(until.into(), self.readable()).await;
                waited.unwrap_or(Ok(()))?;
            }
            Pause::Until(time) => time::sleep_until(time.into()).await,
        }
        Ok(())
    }

    /// Waits until the socket became readable. It may have been read since: whoever
    /// waited takes a step, and waits again if there is nothing.
    async fn readable(&self) -> Result<()> {
        let ready = self.0.ready(Self::INTEREST).await;
        // Before anything is read: what comes from now on is not forgotten.
        ready.map_err(|error| Error::os("epoll_wait")(errno_of(&error)))?.clear_ready();
        Ok(())
    }
}

/// A [netlink socket](crate::Socket) for tasks.
pub struct Socket {
    ready: Ready,
    socket: crate::Socket,
}

impl Socket {
    /// Opens a socket; see [`Socket::open`](crate::Socket::open). It does not block.
    ///
    /// # Errors
    ///
    /// Those of [`Socket::open`](crate::Socket::open).
    pub fn open(protocol: Protocol) -> Result<Self> {
        Self::new(crate::Socket::open(protocol)?)
    }

    /// Takes a socket that was [built](crate::Socket::builder) with options of one's
    /// own choice.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn new(mut socket: crate::Socket) -> Result<Self> {
        socket.catch_up();
        Ok(Self { ready: Ready::new(&socket)?, socket })
    }

    /// The socket, to block on.
    pub fn into_inner(self) -> crate::Socket {
        self.socket
    }

    /// The socket, to ask it for its options and numbers.
    pub const fn get_ref(&self) -> &crate::Socket {
        &self.socket
    }

    /// The port; see [`Socket::port`](crate::Socket::port).
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn port(&mut self) -> Result<u32> {
        self.socket.port()
    }

    /// Sends a request and returns the replies to it; see
    /// [`Socket::request`](crate::Socket::request).
    ///
    /// # Errors
    ///
    /// A system call fails, or the request is not one whole message.
    pub async fn request(&mut self, request: &mut [u8]) -> Result<Replies<'_>> {
        header(request)?;
        self.settle().await?;
        let answers = self.socket.start(request)?;
        Ok(Replies { socket: self, answers })
    }

    /// Makes a request for data that has one reply; see
    /// [`Socket::get_raw`](crate::Socket::get_raw).
    ///
    /// # Errors
    ///
    /// Those of [`Socket::get_raw`](crate::Socket::get_raw).
    pub async fn get_raw(&mut self, request: &mut [u8]) -> Result<Message<'_>> {
        let mut replies = self.request(request).await?;
        let found = match replies.next().await {
            Err(Error::Overflow) => replies.next().await,
            Err(Error::Truncated(_)) => self.request(request).await?.next().await,
            found => found,
        };
        Ok(self.socket.message(found?.ok_or(Error::NoReply)?))
    }

    /// Asks for one link by its name; see [`Socket::link`](crate::Socket::link).
    ///
    /// # Errors
    ///
    /// There is no such link ([`Error::is_not_found`]), or one of
    /// [`get_raw`](Self::get_raw).
    pub async fn link(&mut self, name: &str) -> Result<Link<'_>> {
        Ok(Link::parse(self.get_raw(&mut link_named(name)?).await?)?)
    }

    /// Asks for one link by its index.
    ///
    /// # Errors
    ///
    /// Those of [`link`](Self::link).
    pub async fn link_by_index(&mut self, index: u32) -> Result<Link<'_>> {
        Ok(Link::parse(self.get_raw(&mut link_indexed(index)?).await?)?)
    }

    /// Starts to dump a table; see [`Socket::dump`](crate::Socket::dump).
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub async fn dump<T: Table>(&mut self, table: T) -> Result<Dump<'_, T>> {
        Dump::start(self, Dumping::new(table)?).await
    }

    /// Starts to dump a table, and watches whether it changes meanwhile; see
    /// [`Socket::dump_proven`](crate::Socket::dump_proven).
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub async fn dump_proven<T: Table>(&mut self, table: T) -> Result<Dump<'_, T>> {
        let state = Dumping::proven(&self.socket, table)?;
        Dump::start(self, state).await
    }

    /// Starts to make many requests; see [`Socket::bulk`](crate::Socket::bulk).
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub async fn bulk(&mut self) -> Result<Bulk<'_>> {
        self.settle().await?;
        let batch = Batch::new(&self.socket)?;
        Ok(Bulk { socket: self, on_reply: Box::new(|_, _| {}), batch })
    }

    /// Reads what an earlier request left.
    async fn settle(&mut self) -> Result<()> {
        self.drive(crate::Socket::settle_step).await
    }

    async fn drive<T>(
        &mut self,
        mut step: impl FnMut(&mut crate::Socket) -> Result<Progress<T>>,
    ) -> Result<T> {
        self.ready.drive(|| step(&mut self.socket)).await
    }
}

/// What changes an object: a verb, and what makes its message.
macro_rules! verbs {
    ($($verb:ident $to:ident: $Object:ident)*) => {
        impl Socket {
            /// Asks for an object and returns it; see [`Socket::get`](crate::Socket::get).
            ///
            /// # Errors
            ///
            /// Those of [`Socket::get`](crate::Socket::get).
            pub async fn get<H: Object>(&mut self, request: &Request<H>) -> Result<H::Entry<'_>> {
                let Some(mut dump) = H::dump(request)? else {
                    return Ok(H::parse(self.get_raw(&mut request.to_get()?).await?)?);
                };
                let mut entries = self.request(&mut dump).await?;
                loop {
                    let Some(found) = entries.next().await? else {
                        return Err(entries.socket.socket.missing());
                    };
                    if H::is(request, entries.socket.socket.message(found.clone()))? {
                        return Ok(H::parse(self.socket.message(found))?);
                    }
                }
            }

            /// See [`Socket::delete_rule`](crate::Socket::delete_rule).
            ///
            /// # Errors
            ///
            /// Those of [`Socket::delete_rule`](crate::Socket::delete_rule).
            pub async fn delete_rule(
                &mut self,
                request: &Request<FibRuleHdr>,
            ) -> Result<Option<ExtAck>> {
                let mut search = Search::new(request)?;
                let mut entries = self.request(&mut search.dump()?).await?;
                let mut deletion = loop {
                    let Some(found) = entries.next().await? else {
                        return Err(entries.socket.socket.missing());
                    };
                    if let Some(deletion) = search.see(entries.socket.socket.message(found))? {
                        break deletion;
                    }
                };
                drop(entries);
                self.request(&mut deletion).await?.finish().await
            }

            /// See [`Socket::prepend`](crate::Socket::prepend).
            ///
            /// # Errors
            ///
            /// Those of [`Socket::prepend`](crate::Socket::prepend).
            pub async fn prepend(&mut self, request: &Request<RtMsg>) -> Result<Option<ExtAck>> {
                self.request(&mut request.to_prepend()?).await?.finish().await
            }

            $(
                #[doc = concat!("See [`Socket::", stringify!($verb), "`](crate::Socket::", stringify!($verb), ").")]
                ///
                /// # Errors
                ///
                #[doc = concat!("Those of [`Socket::", stringify!($verb), "`](crate::Socket::", stringify!($verb), ").")]
                pub async fn $verb<H: $Object>(
                    &mut self,
                    request: &Request<H>,
                ) -> Result<Option<ExtAck>> {
                    self.request(&mut request.$to()?).await?.finish().await
                }
            )*
        }
    };
}

verbs! {
    add to_add: Object
    replace to_replace: Replace
    change to_change: Replace
    append to_append: Append
    delete to_delete: Object
}

/// The [replies](crate::Replies) to one request.
///
/// They may be dropped at any time; the socket reads the rest before it is used
/// again.
#[derive(Debug)]
pub struct Replies<'s> {
    socket: &'s mut Socket,
    answers: Answers,
}

impl Replies<'_> {
    /// Receives the next reply, or `None` after the last.
    ///
    /// # Errors
    ///
    /// Those of [`Replies::recv`](crate::Replies::recv), but for the end of a wait.
    pub async fn recv(&mut self) -> Result<Option<Message<'_>>> {
        if let Some(found) = self.socket.socket.reply() {
            return Ok(Some(self.socket.socket.message(found)));
        }
        Ok(self.next().await?.map(|found| self.socket.socket.message(found)))
    }

    async fn next(&mut self) -> Result<Option<Found>> {
        self.socket.drive(|socket| self.answers.step(socket)).await
    }

    /// Reads the replies to their end, dropping them, and returns what the kernel
    /// said although the request succeeded.
    ///
    /// # Errors
    ///
    /// Those of [`recv`](Self::recv).
    pub async fn finish(mut self) -> Result<Option<ExtAck>> {
        self.socket.drive(|socket| self.answers.finish(socket)).await?;
        Ok(self.answers.into_warning())
    }

    /// What the kernel said although the request succeeded, once all replies have
    /// come.
    pub const fn warning(&self) -> Option<&ExtAck> {
        self.answers.warning()
    }

    /// See [`Replies::is_interrupted`](crate::Replies::is_interrupted).
    pub const fn is_interrupted(&self) -> bool {
        self.socket.socket.exchange.is_interrupted()
    }

    /// See [`Replies::is_filtered`](crate::Replies::is_filtered).
    pub const fn is_filtered(&self) -> bool {
        self.socket.socket.exchange.is_filtered()
    }
}

/// A [dump](crate::Dump) of a table.
///
/// It may be dropped at any time; the socket reads the rest before it is used
/// again.
#[derive(Debug)]
pub struct Dump<'s, T> {
    socket: &'s mut Socket,
    state: Dumping<T>,
}

impl<'s, T: Table> Dump<'s, T> {
    async fn start(socket: &'s mut Socket, mut state: Dumping<T>) -> Result<Self> {
        socket.drive(|socket| state.begin(socket)).await?;
        Ok(Self { socket, state })
    }

    /// Sets how often [`again`](Self::again) and [`collect`](Self::collect) repeat
    /// the dump.
    #[must_use]
    pub const fn retry(mut self, retry: Retry) -> Self {
        self.state.retry = retry;
        self
    }

    /// Receives the next entry, or `None` after the last.
    ///
    /// # Errors
    ///
    /// Those of [`Dump::recv`](crate::Dump::recv), but for the end of a wait.
    pub async fn recv(&mut self) -> Result<Option<T::Entry<'_>>> {
        if let Some(found) = self.state.at_hand(&mut self.socket.socket)? {
            return Ok(Some(T::parse(self.socket.socket.message(found))?));
        }
        let found = self.socket.drive(|socket| self.state.step(socket)).await?;
        Ok(found.map(|found| T::parse(self.socket.socket.message(found))).transpose()?)
    }

    /// Starts the dump again from its beginning if this error of
    /// [`recv`](Self::recv) is a reason to, and the number of attempts allows; see
    /// [`Dump::again`](crate::Dump::again).
    ///
    /// If it is given up, `recv` goes on with it.
    ///
    /// # Errors
    ///
    /// Those of [`Socket::dump`].
    pub async fn again(&mut self, error: &Error) -> Result<bool> {
        let is_repeated = self.state.repeat(error);
        if is_repeated {
            self.socket.drive(|socket| self.state.begin(socket)).await?;
        }
        Ok(is_repeated)
    }

    /// Reads all entries, and repeats the dump if it was disturbed; see
    /// [`Dump::collect`](crate::Dump::collect).
    ///
    /// # Errors
    ///
    /// Those of [`Dump::collect`](crate::Dump::collect).
    pub async fn collect<R>(
        mut self,
        mut read: impl FnMut(T::Entry<'_>) -> R,
    ) -> Result<Collected<R>> {
        let mut entries = Vec::new();
        loop {
            let gather = |socket: &mut _| self.state.gather(socket, &mut entries, &mut read);
            if let Some(consistency) = self.socket.drive(gather).await? {
                let attempts = self.state.attempts;
                return Ok(Collected { entries, consistency, attempts });
            }
            self.socket.ready.pass(Pause::Moment).await?;
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

/// [Many requests](crate::Bulk), several of which are outstanding at a time.
#[must_use = "what was pushed last is sent by `finish`"]
pub struct Bulk<'s> {
    socket: &'s mut Socket,
    on_reply: Box<OnReply<'s>>,
    batch: Batch,
}

/// Sees replies, each with the index of its request.
type OnReply<'s> = dyn FnMut(usize, Message<'_>) + Send + 's;

impl<'s> Bulk<'s> {
    /// Lets `on_reply` see the replies that come before the end of a request, with
    /// the index of the request. Without it they are dropped.
    pub fn on_reply(mut self, on_reply: impl FnMut(usize, Message<'_>) + Send + 's) -> Self {
        self.on_reply = Box::new(on_reply);
        self
    }

    /// Adds a request, and returns its index. If as many wait as may be
    /// outstanding, they are sent first, and their answers awaited.
    ///
    /// If it is given up, the request has not been added.
    ///
    /// # Errors
    ///
    /// Those of [`Bulk::push`](crate::Bulk::push).
    pub async fn push(&mut self, request: &mut [u8]) -> Result<usize> {
        if self.batch.is_full(&self.socket.socket, request)? {
            self.flush().await?;
        }
        self.batch.push(&self.socket.socket, request)
    }

    /// Sends the requests that wait, and waits until all are answered. If it is given
    /// up, the next call goes on.
    ///
    /// # Errors
    ///
    /// Those of [`push`](Self::push).
    pub async fn flush(&mut self) -> Result<()> {
        let Self { socket, on_reply, batch } = self;
        let flushed = socket.drive(|socket| batch.flush(socket, on_reply)).await;
        flushed.inspect_err(|error| batch.fail(&mut socket.socket, error))
    }

    /// Sends what waits and tells what became of all requests. To have a report even
    /// if the time runs out, [`flush`](Self::flush) before, and give up that.
    pub async fn finish(mut self) -> Report {
        // The report has the error.
        let _ = self.flush().await;
        self.report()
    }

    /// What became of all requests so far. Those that have no answer yet are unknown.
    pub fn report(mut self) -> Report {
        self.batch.end(&mut self.socket.socket);
        self.batch.into_report()
    }
}

/// What a stream waits for between two polls.
struct Waiting(Option<Pin<Box<dyn Future<Output = Result<()>> + Send + Sync>>>);

impl Waiting {
    /// Takes steps as long as there is something to do.
    fn poll<T>(
        &mut self,
        cx: &mut Context<'_>,
        ready: &Ready,
        mut step: impl FnMut() -> Result<Progress<T>>,
    ) -> Poll<Result<T>> {
        loop {
            if let Some(waiting) = &mut self.0 {
                let waited = ready!(waiting.as_mut().poll(cx));
                self.0 = None;
                waited?;
            }
            match step()? {
                Progress::Done(done) => return Poll::Ready(Ok(done)),
                Progress::Paused(pause) => {
                    let ready = ready.clone();
                    self.0 = Some(Box::pin(async move { ready.pass(pause).await }));
                }
            }
        }
    }
}

/// A [stream of events](crate::Events).
///
/// ```no_run
/// # async fn f() -> netlink_sys::Result<()> {
/// use netlink_sys::{Event, Protocol, Socket, tokio::Events};
/// use netlink_wire::{RtnlGrp, Rtnl};
///
/// let events = Socket::builder(Protocol::ROUTE).group(RtnlGrp::LINK).listen()?;
/// let mut events = Events::new(events)?;
/// loop {
///     match events.recv().await? {
///         Event::Message(event) => println!("{:?}", Rtnl::parse(event.message)?),
///         Event::Lost { reason } => println!("{reason}: read the tables again"),
///     }
/// }
/// # }
/// ```
///
/// As a [`Stream`], it has items that own their bytes. It never ends.
pub struct Events {
    waiting: Waiting,
    ready: Ready,
    events: crate::Events,
}

impl Events {
    /// Takes the events that a [builder](crate::Builder::listen) opened.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn new(events: crate::Events) -> Result<Self> {
        Ok(Self { waiting: Waiting(None), ready: Ready::new(&events)?, events })
    }

    /// The events, to block on.
    pub fn into_inner(self) -> crate::Events {
        self.events
    }

    /// The events, to ask them for their options and numbers.
    pub const fn get_ref(&self) -> &crate::Events {
        &self.events
    }

    /// Receives the next event. If it is given up, nothing is lost.
    ///
    /// # Errors
    ///
    /// A system call fails. The stream goes on all the same.
    pub async fn recv(&mut self) -> Result<Event<'_>> {
        self.ready.drive(|| self.events.step()).await?;
        // There always is one by now.
        self.events.item().ok_or(Error::NoReply)
    }

    /// Joins another group; see [`Socket::join`](crate::Socket::join).
    ///
    /// # Errors
    ///
    /// Those of [`Socket::join`](crate::Socket::join).
    pub fn join(&mut self, group: impl Into<u32>) -> Result<()> {
        self.events.join(group)
    }

    /// Leaves a group; see [`Socket::leave`](crate::Socket::leave).
    ///
    /// # Errors
    ///
    /// Those of [`Socket::leave`](crate::Socket::leave).
    pub fn leave(&mut self, group: impl Into<u32>) -> Result<()> {
        self.events.leave(group)
    }

    /// Sets the size of the kernel's receive buffer; see
    /// [`Socket::set_receive_buffer`](crate::Socket::set_receive_buffer).
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn set_receive_buffer(&mut self, len: usize) -> Result<()> {
        self.events.set_receive_buffer(len)
    }
}

impl Stream for Events {
    type Item = Result<OwnedEvent>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { waiting, ready, events } = self.get_mut();
        let found = ready!(waiting.poll(cx, ready, || events.step()));
        Poll::Ready(match found {
            Ok(()) => events.item().map(|event| Ok(event.to_owned())),
            Err(error) => Some(Err(error)),
        })
    }
}

/// A [live copy of tables](mirror::Mirror).
///
/// ```no_run
/// # async fn f() -> netlink_sys::Result<()> {
/// use netlink_sys::{mirror, tokio::Mirror};
///
/// let mut mirror = Mirror::new(mirror::Mirror::builder().links().routes().open()?)?;
/// loop {
///     let change = mirror.recv().await?;
///     println!("{change:?}: {} routes", mirror.get_ref().routes().count());
/// }
/// # }
/// ```
///
/// As a [`Stream`], it tells changes, and never ends.
pub struct Mirror {
    waiting: Waiting,
    ready: Ready,
    mirror: mirror::Mirror,
}

impl Mirror {
    /// Takes a mirror that a [builder](mirror::Builder::open) opened.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn new(mirror: mirror::Mirror) -> Result<Self> {
        Ok(Self { waiting: Waiting(None), ready: Ready::new(&mirror)?, mirror })
    }

    /// The mirror, to block on.
    pub fn into_inner(self) -> mirror::Mirror {
        self.mirror
    }

    /// The mirror, to see what it has.
    pub const fn get_ref(&self) -> &mirror::Mirror {
        &self.mirror
    }

    /// The next thing to tell. If it is given up, nothing is lost.
    ///
    /// # Errors
    ///
    /// Those of [`Mirror::recv`](mirror::Mirror::recv), but for the end of a wait.
    pub async fn recv(&mut self) -> Result<Change> {
        self.ready.drive(|| self.mirror.progress()).await
    }

    /// Asks for tables to be read again; see [`Mirror::refresh`](mirror::Mirror::refresh).
    pub fn refresh(&mut self, tables: Tables) {
        self.mirror.refresh(tables);
        // What a stream waits for may not come.
        self.waiting = Waiting(None);
    }
}

impl Stream for Mirror {
    type Item = Result<Change>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { waiting, ready, mirror } = self.get_mut();
        waiting.poll(cx, ready, || mirror.progress()).map(Some)
    }
}

macro_rules! debug_as_inner {
    ($($name:ident: $field:ident)*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.$field.fmt(f)
            }
        }
    )*};
}

debug_as_inner! {
    Socket: socket
    Events: events
    Mirror: mirror
}

impl fmt::Debug for Bulk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk").field("batch", &self.batch).finish_non_exhaustive()
    }
}

// They can be taken to other threads, and what they have be looked at across an `await`.
const _: () = {
    const fn is_send<T: Send>() {}
    const fn is_shared<T: Send + Sync>() {}
    is_send::<Bulk<'_>>();
    is_shared::<Socket>();
    is_shared::<Events>();
    is_shared::<Mirror>();
};
