use std::{
    os::fd::{AsFd, BorrowedFd},
    time::{Duration, Instant},
};

use netlink_wire::{Exchange, Step};
use socket2::{Domain, Type};

use crate::{
    Errno, Options, Protocol, Replies, Waker,
    error::{Error, Result},
    transport::{Datagram, Kernel, Transport},
    wait::wait,
};

/// A netlink socket and the one buffer that it receives into.
///
/// It makes one request at a time. Messages that are no replies to it are
/// skipped; to listen for events, take another socket.
#[derive(Debug)]
pub struct Socket {
    io: Box<dyn Transport>,
    protocol: Protocol,
    options: Options,
    /// 0 as long as the kernel has not chosen one.
    port: u32,
    pub(crate) exchange: Exchange,
    /// The requests of the exchange, which errors point into.
    pub(crate) kept: Vec<u8>,
    pub(crate) buf: Vec<u8>,
    /// How much of the buffer the datagram takes.
    pub(crate) len: usize,
    strangers: u64,
    timeout: Option<Duration>,
    deadline: Option<Instant>,
    waker: Option<Waker>,
}

impl Socket {
    /// Size of the receive buffer in bytes. The kernel fills dumps up to
    /// 32 KiB a datagram for a reader that offers as much.
    const BUF_LEN: usize = 64 * 1024;

    /// Opens a socket with extended acknowledgements and strict checking, as
    /// far as the kernel has them; [`options`](Self::options) tells. It does
    /// not block.
    ///
    /// # Errors
    ///
    /// A system call fails: the kernel lacks the protocol, or there are too
    /// many open files.
    pub fn open(protocol: Protocol) -> Result<Self> {
        let socket = socket2::Socket::new(
            Domain::from(nix::libc::AF_NETLINK),
            Type::RAW,
            Some(protocol.0.into()),
        );
        let socket = socket.map_err(|error| {
            Error::os("socket")(Errno(error.raw_os_error().unwrap_or_default()))
        })?;
        let fd = socket.into();
        let all = Options { ext_ack: true, cap_ack: true, strict_check: true };
        let options = all.apply(&fd).map_err(Error::os("setsockopt"))?;
        Ok(Self::over(Box::new(Kernel::new(fd, false)), protocol, options))
    }

    /// A socket over what carries its datagrams.
    pub(crate) fn over(io: Box<dyn Transport>, protocol: Protocol, options: Options) -> Self {
        Self {
            io,
            protocol,
            options,
            port: 0,
            exchange: Exchange::idle(1, 0),
            kept: Vec::new(),
            buf: vec![0; Self::BUF_LEN],
            len: 0,
            strangers: 0,
            timeout: None,
            deadline: None,
            waker: None,
        }
    }

    /// The same socket over another carrier.
    pub(crate) fn map_io(self, map: impl FnOnce(Box<dyn Transport>) -> Box<dyn Transport>) -> Self {
        Self { io: map(self.io), ..self }
    }

    /// The protocol.
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

    /// Limits how long each call may block; `None` is without limit, as at first.
    pub const fn set_timeout(&mut self, timeout: Option<Duration>) {
        self.timeout = timeout;
    }

    /// Limits until when calls may block, beside the timeout.
    pub const fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    /// What ends a wait of this socket from another thread. It does not block.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn waker(&mut self) -> Result<Waker> {
        if self.waker.is_none() {
            self.waker = Some(Waker::new()?);
        }
        self.waker.clone().map_or_else(Waker::new, Ok)
    }

    /// Sends a request and returns the replies to it.
    ///
    /// The request gets a sequence number, `NLM_F_REQUEST` and `NLM_F_ACK`, so
    /// that the replies have an end. What an earlier request left unread is
    /// read first, which is when it blocks.
    ///
    /// # Errors
    ///
    /// A system call fails, or the wait for the earlier request ends early.
    /// That the kernel refuses the request is told by the replies.
    pub fn request(&mut self, request: &mut [u8]) -> Result<Replies<'_>> {
        self.settle()?;
        let seq = self.exchange.next_seq();
        self.exchange = Exchange::start(request, seq, self.port);
        self.kept.clear();
        self.kept.extend_from_slice(request);
        self.send(request).inspect_err(|_| self.exchange = Exchange::idle(seq, self.port))?;
        Ok(Replies::new(self))
    }

    /// Sends a datagram, after which the socket has a port.
    pub(crate) fn send(&mut self, datagram: &[u8]) -> Result<()> {
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

    /// Reads what an exchange left, so that no dump runs any more.
    pub(crate) fn settle(&mut self) -> Result<()> {
        let deadline = self.limit();
        while !self.exchange.is_over() {
            match self.exchange.step(&self.buf[..self.len]) {
                Ok(Step::Receive) => {}
                // What is broken is of no interest any more.
                Ok(_) | Err(_) => continue,
            }
            match self.try_receive() {
                // The kernel has nothing more to say. It goes on with a dump
                // whenever it is read from.
                Ok(None) => break,
                Ok(Some(_)) | Err(Error::Overflow | Error::Truncated(_)) => {}
                Err(error) => return Err(error),
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Err(Error::TimedOut);
            }
        }
        self.exchange = Exchange::idle(self.exchange.next_seq(), self.port);
        self.len = 0;
        Ok(())
    }

    /// Until when a call that starts now may block.
    pub(crate) fn limit(&self) -> Option<Instant> {
        let timeout = self.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        match (timeout, self.deadline) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Blocks until a datagram comes that the exchange takes.
    pub(crate) fn receive(&mut self, deadline: Option<Instant>) -> Result<Datagram> {
        loop {
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Err(Error::TimedOut);
            }
            match self.try_receive()? {
                Some(datagram) if self.len > 0 => return Ok(datagram),
                Some(_) => {}
                None => wait(self.io.fd(), self.waker.as_ref(), deadline)?,
            }
        }
    }

    /// Receives a datagram, if there is one, into the buffer. One that the
    /// exchange does not take leaves the buffer empty.
    fn try_receive(&mut self) -> Result<Option<Datagram>> {
        self.len = 0;
        let datagram = loop {
            match self.io.recv(&mut self.buf) {
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => return Ok(None),
                Err(Errno::ENOBUFS) => return Err(Error::Overflow),
                result => break result.map_err(Error::os("recvmsg"))?,
            }
        };
        if datagram.sender != 0 {
            self.strangers += 1;
        } else if datagram.len > self.buf.len() {
            self.buf.resize(datagram.len.next_power_of_two(), 0);
            return Err(Error::Truncated(datagram.len));
        } else if self.exchange.takes(datagram.sender, datagram.group) {
            self.len = datagram.len;
        }
        Ok(Some(datagram))
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.io.fd()
    }
}
