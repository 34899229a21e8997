//! Notifications, as a stream that tells where it has holes.

use std::{
    fmt,
    os::fd::{AsFd, BorrowedFd},
    time::{Duration, Instant},
};

use netlink_wire::{Exchange, Header, Message, Messages};

use crate::{
    Datagram, Options, Socket, Waker,
    error::{Error, Result},
    progress::{Pause, Progress},
    socket::check,
    trace,
};

/// A stream of the events of groups; made by
/// [`Builder::listen`](crate::Builder::listen), or from a socket that joined some.
///
/// ```no_run
/// use netlink_sys::{Event, Protocol, Socket};
/// use netlink_wire::{RtnlGrp, Rtnl};
///
/// let mut events = Socket::builder(Protocol::ROUTE).group(RtnlGrp::LINK).listen()?;
/// loop {
///     match events.recv()? {
///         Event::Message(event) => println!("{:?}", Rtnl::parse(event.message)?),
///         Event::Lost { reason } => println!("{reason}: read the tables again"),
///     }
/// }
/// # #[allow(unreachable_code)]
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Events {
    socket: Socket,
    state: Hearing,
}

/// How far the events are.
#[derive(Debug, Default)]
struct Hearing {
    /// Where in the socket's datagram the next message starts.
    next: usize,
    datagram: Datagram,
    /// Why the socket has to be drained before anything else is handed out.
    lost: Option<Lost>,
}

/// An item of [`Events`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event<'a> {
    /// Something happened.
    Message(Notification<'a>),
    /// Events are missing here. What follows is whole again: all that was sent
    /// before this was handed out has been dropped. To know what is true now,
    /// read the tables again.
    Lost {
        /// Why.
        reason: Lost,
    },
}

/// A message that the kernel sent to a group.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Notification<'a> {
    /// The message. Its port and sequence number are those of the request that
    /// caused it, if there was one.
    pub message: Message<'a>,
    /// Number of the group; 0 if it cannot be told, or was sent to this socket alone.
    pub group: u32,
    /// Id of the namespace that it comes from; none is the socket's own.
    pub nsid: Option<i32>,
}

/// An [`Event`] with a copy of the message, which borrows nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum OwnedEvent {
    /// Something happened.
    Message(OwnedNotification),
    /// Events are missing here; see [`Event::Lost`].
    Lost {
        /// Why.
        reason: Lost,
    },
}

/// A [`Notification`] with a copy of the message.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OwnedNotification {
    header: Header,
    payload: Box<[u8]>,
    /// Number of the group; 0 if it cannot be told, or was sent to this socket alone.
    pub group: u32,
    /// Id of the namespace that it comes from; none is the socket's own.
    pub nsid: Option<i32>,
}

impl Event<'_> {
    /// The same with a copy of the message.
    pub fn to_owned(&self) -> OwnedEvent {
        match *self {
            Self::Message(Notification { message, group, nsid }) => {
                let Message { header, payload } = message;
                OwnedEvent::Message(OwnedNotification {
                    header,
                    payload: payload.into(),
                    group,
                    nsid,
                })
            }
            Self::Lost { reason } => OwnedEvent::Lost { reason },
        }
    }
}

impl OwnedNotification {
    /// The message. Its port and sequence number are those of the request that
    /// caused it, if there was one.
    pub fn message(&self) -> Message<'_> {
        Message { header: self.header, payload: &self.payload }
    }
}

/// Why events are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lost {
    /// The kernel's receive buffer was full.
    Overflow,
    /// A datagram of this many bytes did not fit the buffer, which has grown.
    Truncated(usize),
    /// A datagram has a message with a broken header.
    Undecodable(netlink_wire::Error),
    /// A datagram did not tell which namespace it came from.
    Unplaced,
    /// The socket was in the middle of a request, which skips events.
    Skipped,
}

impl Events {
    /// Receives the next event. It blocks until there is one.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`], [`Error::Woken`], or a system call fails. The stream
    /// goes on all the same.
    pub fn recv(&mut self) -> Result<Event<'_>> {
        self.socket.block(|socket| self.state.step(socket))?;
        // There always is one by now.
        self.item().ok_or(Error::TimedOut)
    }

    /// The next event, if there is one already. It does not block.
    ///
    /// # Errors
    ///
    /// A system call fails. [`Error::TimedOut`] if nothing but what is dropped came
    /// until the deadline.
    pub fn try_recv(&mut self) -> Result<Option<Event<'_>>> {
        let limit = self.socket.limit();
        loop {
            match self.step()? {
                Progress::Paused(Pause::Moment) => check(limit)?,
                Progress::Paused(_) => return Ok(None),
                Progress::Done(()) => return Ok(self.item()),
            }
        }
    }

    /// Joins another group; see [`Socket::join`].
    ///
    /// # Errors
    ///
    /// Those of [`Socket::join`].
    pub fn join(&mut self, group: impl Into<u32>) -> Result<()> {
        self.socket.join(group)
    }

    /// Leaves a group; see [`Socket::leave`].
    ///
    /// # Errors
    ///
    /// Those of [`Socket::leave`].
    pub fn leave(&mut self, group: impl Into<u32>) -> Result<()> {
        self.socket.leave(group)
    }

    /// Limits how long each call may block; `None` is without limit, as at first.
    pub const fn set_timeout(&mut self, timeout: Option<Duration>) {
        self.socket.set_timeout(timeout);
    }

    /// Limits until when calls may block, beside the timeout.
    pub const fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.socket.set_deadline(deadline);
    }

    /// The port of the socket. It does not block.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn port(&mut self) -> Result<u32> {
        self.socket.port()
    }

    /// Which options are on.
    pub const fn options(&self) -> Options {
        self.socket.options()
    }

    /// Size of the kernel's receive buffer; see [`Socket::receive_buffer`].
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn receive_buffer(&self) -> Result<usize> {
        self.socket.receive_buffer()
    }

    /// Sets the size of the kernel's receive buffer; see
    /// [`Socket::set_receive_buffer`].
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn set_receive_buffer(&mut self, len: usize) -> Result<()> {
        self.socket.set_receive_buffer(len)
    }

    /// What ends a wait from another thread. It does not block.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn waker(&mut self) -> Result<Waker> {
        self.socket.waker()
    }

    /// How many datagrams were skipped because somebody else than the kernel
    /// had sent them.
    pub const fn strangers(&self) -> u64 {
        self.socket.strangers()
    }

    /// Looks for an item, which [`item`](Self::item) hands out then.
    pub(crate) fn step(&mut self) -> Result<Progress<()>> {
        self.state.step(&mut self.socket)
    }

    /// Hands out what a step found.
    pub(crate) fn item(&mut self) -> Option<Event<'_>> {
        let state = &mut self.state;
        if let Some(reason) = state.lost.take() {
            trace::events_lost(reason);
            (state.next, self.socket.len) = (0, 0);
            return Some(Event::Lost { reason });
        }
        let datagram = &self.socket.buf[..self.socket.len];
        let rest = datagram.get(state.next..).unwrap_or_default();
        let message = Messages::new(rest).next()?.ok()?;
        state.next += padded(message.header);
        let Datagram { group, nsid, .. } = state.datagram;
        Some(Event::Message(Notification { message, group, nsid }))
    }
}

impl Hearing {
    /// Looks for an item, in a datagram of the kernel at most.
    fn step(&mut self, socket: &mut Socket) -> Result<Progress<()>> {
        loop {
            if self.lost.is_none() && self.find(socket) {
                return Ok(Progress::Done(()));
            }
            if self.lost.is_some() {
                return Self::drain(socket);
            }
            self.next = 0;
            match socket.try_receive() {
                Ok(Some(datagram)) => {
                    if datagram.unplaced && socket.options().listen_all_nsid {
                        self.lost = Some(Lost::Unplaced);
                    }
                    self.datagram = datagram;
                    if datagram.sender != 0 {
                        return Ok(Progress::MOMENT);
                    }
                }
                Ok(None) => return Ok(Progress::READABLE),
                Err(Error::Overflow) => self.lost = Some(Lost::Overflow),
                Err(Error::Truncated(len)) => self.lost = Some(Lost::Truncated(len)),
                Err(error) => return Err(error),
            }
        }
    }

    /// Drops what still waits, a datagram at a time. Until the socket is empty, the
    /// kernel drops whatever comes.
    fn drain(socket: &mut Socket) -> Result<Progress<()>> {
        match socket.try_receive() {
            Ok(None) => Ok(Progress::Done(())),
            Ok(Some(_)) | Err(Error::Overflow | Error::Truncated(_)) => Ok(Progress::MOMENT),
            Err(error) => Err(error),
        }
    }

    /// Finds the next event of the datagram, or that something was lost.
    fn find(&mut self, socket: &Socket) -> bool {
        loop {
            let datagram = &socket.buf[..socket.len];
            match Messages::new(datagram.get(self.next..).unwrap_or_default()).next() {
                Some(Ok(message)) if message.header.kind == Header::NOOP => {
                    self.next += padded(message.header);
                }
                Some(Ok(message)) if message.header.kind == Header::OVERRUN => {
                    self.lost = Some(Lost::Overflow);
                    return false;
                }
                Some(Ok(_)) => return true,
                Some(Err(mut error)) => {
                    error.offset += self.next as u32;
                    self.lost = Some(Lost::Undecodable(error));
                    return false;
                }
                None => return false,
            }
        }
    }
}

/// Length of a message with the padding after it.
const fn padded(header: Header) -> usize {
    (header.len as usize + 3) & !3
}

/// A socket that joined groups, or is about to. If it was in the middle of a
/// request, the stream starts with [`Lost::Skipped`].
impl From<Socket> for Events {
    fn from(mut socket: Socket) -> Self {
        socket.catch_up();
        let lost = (!socket.exchange.is_over()).then_some(Lost::Skipped);
        (socket.exchange, socket.len) = (Exchange::idle(0, 0), 0);
        Self { socket, state: Hearing { lost, ..Hearing::default() } }
    }
}

impl AsFd for Events {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overflow => f.write_str("events were lost: the receive buffer was full"),
            Self::Truncated(len) => {
                write!(f, "an event of {len} bytes was lost: it did not fit the buffer")
            }
            Self::Undecodable(error) => write!(f, "events were lost: {error}"),
            Self::Skipped => f.write_str("events were lost: a request skipped them"),
            Self::Unplaced => f.write_str("an event was lost: it did not tell its namespace"),
        }
    }
}
