use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use netlink_wire::{Ack, AckAttr, Exchange, Message, Step};
use nix::{
    errno::Errno,
    libc, setsockopt_impl, sockopt_impl,
    sys::socket::{
        AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, bind, getsockname,
        recv, send, setsockopt, socket,
    },
};

use crate::error::{Error, Result};

sockopt_impl!(
    /// `NETLINK_EXT_ACK`: refusals come with a message.
    ExtAck, SetOnly, libc::SOL_NETLINK, libc::NETLINK_EXT_ACK, bool
);
sockopt_impl!(
    /// `NETLINK_CAP_ACK`: refusals do not repeat the request.
    CapAck, SetOnly, libc::SOL_NETLINK, libc::NETLINK_CAP_ACK, bool
);
sockopt_impl!(
    /// `NETLINK_GET_STRICT_CHK`: dumps are filtered by their request.
    StrictCheck, SetOnly, libc::SOL_NETLINK, libc::NETLINK_GET_STRICT_CHK, bool
);

/// A netlink socket and the one buffer that it receives into.
#[derive(Debug)]
pub struct Socket {
    fd: OwnedFd,
    portid: u32,
    seq: u32,
    buf: Box<[u8]>,
}

impl Socket {
    /// Size of the receive buffer in bytes. The kernel fills dumps up to
    /// 32 KiB a datagram for a reader that offers as much.
    const BUF_LEN: usize = 64 * 1024;

    /// Opens a socket with extended acknowledgements and strict checking.
    pub fn open(protocol: SockProtocol) -> Result<Self> {
        let fd = socket(AddressFamily::Netlink, SockType::Raw, SockFlag::SOCK_CLOEXEC, protocol)?;
        bind(fd.as_raw_fd(), &NetlinkAddr::new(0, 0))?;
        let portid = getsockname::<NetlinkAddr>(fd.as_raw_fd())?.pid();
        setsockopt(&fd, ExtAck, &true)?;
        setsockopt(&fd, CapAck, &true)?;
        setsockopt(&fd, StrictCheck, &true)?;
        Ok(Self { fd, portid, seq: 0, buf: vec![0; Self::BUF_LEN].into() })
    }

    /// Sends a request and returns the replies to it.
    ///
    /// The request is sent with `NLM_F_REQUEST`, and with `NLM_F_ACK` unless
    /// it is a dump, so that the replies have an end.
    pub fn request(&mut self, request: &mut [u8]) -> Result<Replies<'_>> {
        self.seq = self.seq.wrapping_add(1);
        let exchange = Exchange::start(request, self.seq, self.portid);
        send(self.fd.as_raw_fd(), request, MsgFlags::empty())?;
        Ok(Replies { exchange, socket: self, len: 0 })
    }

    /// Receives one datagram and returns its length in bytes.
    fn recv(&mut self) -> Result<usize> {
        loop {
            // With MSG_TRUNC, recv returns the true length of a datagram that did not fit.
            match recv(self.fd.as_raw_fd(), &mut self.buf, MsgFlags::MSG_TRUNC) {
                Err(Errno::EINTR) => {}
                Ok(len) if len > self.buf.len() => return Err(Error::Truncated(len)),
                result => return Ok(result?),
            }
        }
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// The replies to one request.
///
/// Not an [`Iterator`]: each message borrows the socket's buffer, which the
/// next call may overwrite.
#[derive(Debug)]
pub struct Replies<'s> {
    socket: &'s mut Socket,
    exchange: Exchange,
    len: usize,
}

impl Replies<'_> {
    /// Receives the next reply, or `None` after the last.
    pub fn recv(&mut self) -> Result<Option<Message<'_>>> {
        loop {
            match self.exchange.step(&self.socket.buf[..self.len])? {
                Step::Receive => self.len = self.socket.recv()?,
                Step::Reply(header, payload) => {
                    return Ok(Some(Message { header, payload: &self.socket.buf[payload] }));
                }
                Step::Close(header, payload) => {
                    refusal(Message { header, payload: &self.socket.buf[payload] })?;
                }
                Step::End => return Ok(None),
            }
        }
    }

    /// Reads the replies to their end, dropping them.
    pub fn finish(mut self) -> Result<()> {
        while self.recv()?.is_some() {}
        Ok(())
    }
}

/// Turns a closing message into the error that it carries, if any.
fn refusal(message: Message<'_>) -> Result<()> {
    let ack = Ack::parse(message)?;
    let Some(errno) = ack.errno() else { return Ok(()) };
    Err(Error::Refused {
        errno: Errno::from_raw(errno),
        message: ack.attrs.get(AckAttr::Msg)?.map(|m| m.to_string().into()),
        offset: ack.attrs.get(AckAttr::Offs)?,
    })
}
