//! A dump that is received and not looked at: no program can be faster.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use netlink_wire::{
    Header, NlmFlags, Rtm,
    route::{Route, RouteAttr, RtMsg, RtTable},
};
use nix::{
    Result,
    errno::Errno,
    libc, setsockopt_impl, sockopt_impl,
    sys::socket::{
        AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, setsockopt, socket,
    },
};

sockopt_impl!(
    /// `NETLINK_GET_STRICT_CHK`
    StrictCheck, SetOnly, libc::SOL_NETLINK, libc::NETLINK_GET_STRICT_CHK, bool
);

/// The request for the IPv4 routes of the main table, which strict checking has the kernel heed.
///
/// # Panics
///
/// The buffer is too small for it.
pub fn request(buf: &mut [u8]) -> &mut [u8] {
    let header = RtMsg { family: 2, ..RtMsg::default() };
    Route::writer(buf, Rtm::GETROUTE, NlmFlags::REQUEST | NlmFlags::DUMP, &header)
        .push(RouteAttr::Table(RtTable::MAIN))
        .finish()
        .expect("a buffer that it fits")
}

/// A socket, and the buffer that it receives into.
pub struct Floor {
    fd: OwnedFd,
    buf: Vec<u8>,
}

impl Floor {
    /// Opens the socket.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn open() -> Result<Self> {
        let (kind, flags) = (SockType::Raw, SockFlag::SOCK_CLOEXEC);
        let fd = socket(AddressFamily::Netlink, kind, flags, SockProtocol::NetlinkRoute)?;
        setsockopt(&fd, StrictCheck, &true)?;
        Ok(Self { fd, buf: vec![0; 64 << 10] })
    }

    /// Receives a dump to its end. Returns how many bytes it had.
    ///
    /// # Errors
    ///
    /// A system call fails.
    pub fn receive(&mut self) -> Result<usize> {
        send(self.fd.as_raw_fd(), request(&mut [0; 64]), MsgFlags::empty())?;
        let mut bytes = 0;
        loop {
            let len = recv(self.fd.as_raw_fd(), &mut self.buf, MsgFlags::empty())?;
            bytes += len;
            // Nothing but the end of a dump starts a datagram with one.
            if Header::of(&self.buf[..len]).is_none_or(|header| header.kind == Header::DONE) {
                return Ok(bytes);
            }
        }
    }
}

/// Receives what waits at a socket, and returns how many datagrams there were.
///
/// # Errors
///
/// A system call fails.
pub fn drain(socket: &impl AsFd) -> Result<u64> {
    let mut buf = vec![0; 64 << 10];
    for count in 0.. {
        match recv(socket.as_fd().as_raw_fd(), &mut buf, MsgFlags::MSG_DONTWAIT) {
            Err(Errno::EAGAIN) => return Ok(count),
            received => received?,
        };
    }
    Ok(0)
}
