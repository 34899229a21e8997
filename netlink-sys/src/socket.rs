use std::{
    fmt,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use netlink_wire::{Exchange, Message, Messages, Step};

use crate::{
    Builder, Datagram, Errno, Options, Protocol, Replies, Waker,
    error::{Error, Result},
    progress::{Pause, Progress},
    request::{Answers, Found, header},
    trace::{self, Span},
    transport::{Kernel, Transport},
    wait::{sleep, wait},
};

/// A netlink socket and the one buffer that it receives into.
///
/// It makes one request at a time. Messages that are no replies to it are
/// skipped; to listen for events, take another socket.
pub struct Socket {
    io: Box<dyn Transport>,
    protocol: Protocol,
    options: Options,
    /// 0 as long as the kernel has not chosen one.
    pub(crate) port: u32,
    pub(crate) exchange: Exchange,
    /// The requests of the exchange, which errors point into.
    pub(crate) kept: Vec<u8>,
    pub(crate) buf: Vec<u8>,
    /// How much of the buffer the datagram takes.
    pub(crate) len: usize,
    strangers: u64,
    /// How many messages to groups the exchange did not take.
    pub(crate) notifications: u64,
    timeout: Option<Duration>,
    deadline: Option<Instant>,
    waker: Option<Waker>,
}

impl Socket {
    /// Opens a socket with extended acknowledgements and strict checking, as
    /// far as the kernel has them; [`options`](Self::options) tells. It does
    /// not block.
    ///
    /// # Errors
    ///
    /// A system call fails: the kernel lacks the protocol, or there are too
    /// many open files.
    pub fn open(protocol: Protocol) -> Result<Self> {
        Self::builder(protocol).open()
    }

    /// Starts to describe a socket with ports, groups, buffers or options of
    /// one's own choice.
    pub const fn builder(protocol: Protocol) -> Builder {
        Builder::new(protocol)
    }

    /// A socket over what carries its datagrams.
    pub(crate) fn over(
        io: Box<dyn Transport>,
        protocol: Protocol,
        options: Options,
        buffer: usize,
    ) -> Self {
        Self {
            io,
            protocol,
            options,
            port: 0,
            exchange: Exchange::idle(1, 0),
            kept: Vec::new(),
            buf: vec![0; buffer],
            len: 0,
            strangers: 0,
            notifications: 0,
            timeout: None,
            deadline: None,
            waker: None,
        }
    }

    /// The same socket over another carrier.
    pub(crate) fn map_io(self, map: impl FnOnce(Box<dyn Transport>) -> Box<dyn Transport>) -> Self {
        Self { io: map(self.io), ..self }
    }

    /// The protocol that it was opened for: which part of the kernel it talks to.
    pub const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Which options are on.
    pub const fn options(&self) -> Options {
        self.options
    }

    /// The port that the kernel chose, which tells the socket from others. It
    /// has none before its first request: 0. It does not block.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn port(&mut self) -> Result<u32> {
        if self.port == 0 {
            self.port = self.io.port().map_err(Error::os("getsockname"))?;
        }
        Ok(self.port)
    }

    /// How many datagrams were skipped because somebody else than the kernel
    /// had sent them.
    pub const fn strangers(&self) -> u64 {
        self.strangers
    }

    /// Size of the kernel's receive buffer in bytes, as it counts them: twice
    /// what was asked for, as far as that was allowed. It does not block.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn receive_buffer(&self) -> Result<usize> {
        self.io.receive_buffer().map_err(Error::os("getsockopt SO_RCVBUF"))
    }

    /// Sets the size of the kernel's receive buffer; see
    /// [`Builder::receive_buffer`]. It does not block.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn set_receive_buffer(&mut self, len: usize) -> Result<()> {
        self.io.set_receive_buffer(len).map_err(Error::os("setsockopt SO_RCVBUF"))
    }

    /// Joins a multicast group, the number of which may be above 32. It does not
    /// block. [`Events`](crate::Events) reads what arrives; a request skips it.
    ///
    /// # Errors
    ///
    /// A system call fails: the kernel has no such group, or a permission is
    /// missing.
    pub fn join(&mut self, group: impl Into<u32>) -> Result<()> {
        let joined = self.io.join(group.into());
        joined.map_err(Error::os("setsockopt NETLINK_ADD_MEMBERSHIP"))?;
        self.options.pkt_info = true;
        Ok(())
    }

    /// Leaves a multicast group. It does not block. Events that were sent before
    /// may still wait.
    ///
    /// # Errors
    ///
    /// A system call fails: the kernel has no such group.
    pub fn leave(&mut self, group: impl Into<u32>) -> Result<()> {
        let left = self.io.leave(group.into());
        left.map_err(Error::os("setsockopt NETLINK_DROP_MEMBERSHIP"))
    }

    /// Limits how long each call may block; `None` is without limit, as at first.
    pub const fn set_timeout(&mut self, timeout: Option<Duration>) {
        self.timeout = timeout;
    }

    /// Limits until when calls may block, beside the timeout.
    pub const fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    /// How long each call may block.
    pub(crate) const fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// What ends a wait of this socket from another thread. It does not block.
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

    /// Sends a request and returns the replies to it.
    ///
    /// The request gets a sequence number, `NLM_F_REQUEST` and `NLM_F_ACK`, so
    /// that the replies have an end. What an earlier request left unread is
    /// read first, which is when it blocks.
    ///
    /// # Errors
    ///
    /// A system call fails, the wait for the earlier request ends early, or the
    /// request is not one whole message ([`Error::Wire`]). That the kernel
    /// refuses the request is told by the replies.
    pub fn request(&mut self, request: &mut [u8]) -> Result<Replies<'_>> {
        let answers = self.start(request)?;
        Ok(Replies::new(self, answers))
    }

    /// Sends a request, which starts an exchange.
    pub(crate) fn start(&mut self, request: &mut [u8]) -> Result<Answers> {
        header(request)?;
        self.settle()?;
        let seq = self.exchange.next_seq();
        self.exchange = Exchange::start(request, seq, self.port);
        self.notifications = 0;
        self.kept.clear();
        self.kept.extend_from_slice(request);
        let span = Span::request(self.protocol, header(request)?);
        let sent = span.within(|| self.send(request));
        sent.inspect_err(|_| self.exchange = Exchange::idle(seq, self.port))?;
        Ok(Answers::new(span))
    }

    /// The next reply, if it is in the buffer.
    #[inline(always)]
    pub(crate) fn reply(&mut self) -> Option<Found> {
        self.exchange.reply(&self.buf[..self.len])
    }

    /// A message that a step found.
    pub(crate) fn message(&self, (header, payload): Found) -> Message<'_> {
        Message { header, payload: &self.buf[payload] }
    }

    /// What it means that the entry that was looked for is not in the dump that just ended.
    pub(crate) const fn missing(&self) -> Error {
        match self.exchange.is_interrupted() {
            true => Error::Interrupted,
            false => Error::NotFound,
        }
    }

    /// A second socket beside this one; see [`Origin::sibling`](crate::transport::Origin).
    pub(crate) fn sibling(&self) -> Result<Option<Box<dyn Transport>>> {
        self.io.origin().sibling()
    }

    /// Takes steps until the last, and blocks between them.
    pub(crate) fn block<T>(
        &mut self,
        mut step: impl FnMut(&mut Self) -> Result<Progress<T>>,
    ) -> Result<T> {
        let mut limit = None;
        loop {
            match step(self)? {
                Progress::Done(done) => return Ok(done),
                Progress::Paused(pause) => self.pause(pause, &mut limit)?,
            }
        }
    }

    /// Blocks between two steps. The limit is told by the first pause of a call.
    #[cold]
    fn pause(&self, pause: Pause, limit: &mut Option<Option<Instant>>) -> Result<()> {
        let deadline = *limit.get_or_insert_with(|| self.limit());
        match pause {
            Pause::Moment => check(deadline),
            Pause::Readable(_) => wait(self.io.fd(), self.waker.as_ref(), deadline),
            // The timeout is for what comes after it.
            Pause::Until(time) => {
                *limit = None;
                let end = self.deadline.map_or(time, |deadline| deadline.min(time));
                sleep(self.waker.as_ref(), end)?;
                check(self.deadline)
            }
        }
    }

    /// Sends a datagram to the kernel as it is, for callers who follow the
    /// exchange by themselves. It does not block.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn send(&mut self, datagram: &[u8]) -> Result<()> {
        loop {
            match self.io.send(datagram) {
                Err(Errno::EINTR) => {}
                result => break result.map_err(Error::os("send"))?,
            }
        }
        let port = self.port()?;
        self.exchange.set_port(port);
        Ok(())
    }

    /// Receives a datagram of the kernel into the caller's buffer. It blocks
    /// until there is one; [`try_recv_into`](Self::try_recv_into) does not.
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`] if it does not fit; it is lost. [`Error::Overflow`],
    /// [`Error::TimedOut`], [`Error::Woken`], or a system call fails.
    pub fn recv_into(&mut self, buf: &mut [u8]) -> Result<Datagram> {
        self.block(|socket| socket.receive_into(buf))
    }

    /// Receives a datagram of the kernel into the caller's buffer, if there is
    /// one already: for event loops, which wait until the socket is readable
    /// ([`AsFd`]). It does not block.
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`] if it does not fit; it is lost. [`Error::Overflow`],
    /// or a system call fails. [`Error::TimedOut`] if nothing but what strangers
    /// sent came until the deadline.
    pub fn try_recv_into(&mut self, buf: &mut [u8]) -> Result<Option<Datagram>> {
        let deadline = self.limit();
        loop {
            match self.receive_into(buf)? {
                Progress::Done(datagram) => return Ok(Some(datagram)),
                Progress::Paused(Pause::Moment) => check(deadline)?,
                Progress::Paused(_) => return Ok(None),
            }
        }
    }

    /// Receives a datagram of the kernel.
    pub(crate) fn receive_into(&mut self, buf: &mut [u8]) -> Result<Progress<Datagram>> {
        match self.recv_once(buf)? {
            None => Ok(Progress::READABLE),
            Some(datagram) if datagram.sender != 0 => Ok(Progress::MOMENT),
            Some(datagram) if datagram.len > buf.len() => Err(Error::Truncated(datagram.len)),
            Some(datagram) => Ok(Progress::Done(datagram)),
        }
    }

    /// From now on the socket does not read ahead: for who waits for it in another way, or has to know
    /// when nothing is left.
    pub(crate) fn catch_up(&mut self) {
        self.io.catch_up();
    }

    /// Reads what an exchange left, so that no dump runs any more.
    pub(crate) fn settle(&mut self) -> Result<()> {
        self.block(Self::settle_step)
    }

    /// Reads a datagram of what an exchange left.
    pub(crate) fn settle_step(&mut self) -> Result<Progress<()>> {
        if !self.exchange.is_over() {
            self.catch_up();
        }
        while !self.exchange.is_over() {
            match self.exchange.step(&self.buf[..self.len]) {
                Ok(Step::Receive) => {}
                // What is broken is of no interest any more.
                Ok(_) | Err(_) => continue,
            }
            match self.receive_waiting() {
                // The kernel has nothing more to say. It goes on with a dump
                // whenever it is read from.
                Ok(false) => break,
                Ok(true) | Err(Error::Overflow | Error::Truncated(_)) => {
                    return Ok(Progress::MOMENT);
                }
                Err(error) => return Err(error),
            }
        }
        self.exchange = Exchange::idle(self.exchange.next_seq(), self.port);
        self.len = 0;
        Ok(Progress::Done(()))
    }

    /// Until when a call that starts now may block.
    pub(crate) fn limit(&self) -> Option<Instant> {
        let timeout = self.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        match (timeout, self.deadline) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Receives what the exchange takes, if something waits; false if nothing does.
    pub(crate) fn receive_waiting(&mut self) -> Result<bool> {
        let Some(datagram) = self.try_receive()? else { return Ok(false) };
        if !self.exchange.takes(datagram.sender, datagram.group) {
            self.notifications += Messages::new(&self.buf[..self.len]).count() as u64;
            self.len = 0;
        }
        Ok(true)
    }

    /// Receives a datagram, if there is one, into the socket's buffer, where
    /// that of a stranger has no length.
    pub(crate) fn try_receive(&mut self) -> Result<Option<Datagram>> {
        self.len = 0;
        let mut buf = std::mem::take(&mut self.buf);
        let received = self.recv_once(&mut buf);
        self.buf = buf;
        let Some(datagram) = received? else { return Ok(None) };
        if datagram.sender == 0 {
            if datagram.len > self.buf.len() {
                self.buf.resize(datagram.len.next_power_of_two(), 0);
                return Err(Error::Truncated(datagram.len));
            }
            self.len = datagram.len;
        }
        Ok(Some(datagram))
    }

    /// Receives a datagram, if there is one, and counts strangers.
    fn recv_once(&mut self, buf: &mut [u8]) -> Result<Option<Datagram>> {
        loop {
            match self.io.recv(buf) {
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => return Ok(None),
                Err(Errno::ENOBUFS) => return Err(Error::Overflow),
                Err(errno) => return Err(Error::os("recvmsg")(errno)),
                Ok(datagram) => {
                    self.strangers += u64::from(datagram.sender != 0);
                    trace::received(&datagram);
                    return Ok(Some(datagram));
                }
            }
        }
    }
}

/// Fails once a deadline has passed.
pub(crate) fn check(deadline: Option<Instant>) -> Result<()> {
    match deadline {
        Some(deadline) if Instant::now() >= deadline => Err(Error::TimedOut),
        _ => Ok(()),
    }
}

/// Takes over a netlink socket from elsewhere, with its port, groups and
/// options; [`Socket::options`] knows of none that are on.
impl From<OwnedFd> for Socket {
    fn from(fd: OwnedFd) -> Self {
        let kernel = Kernel::adopt(fd);
        let (protocol, options) = (kernel.protocol, kernel.options);
        let mut socket = Self::over(Box::new(kernel), protocol, options, Builder::BUFFER);
        // Numbers that whoever had it before is not likely to have used.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        socket.exchange = Exchange::idle((1 << 31) + now.subsec_nanos(), 0);
        socket
    }
}

/// Without the buffers, which are large.
impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket")
            .field("protocol", &self.protocol)
            .field("port", &self.port)
            .field("options", &self.options)
            .field("exchange", &self.exchange)
            .field("strangers", &self.strangers)
            .finish_non_exhaustive()
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.io.fd()
    }
}
