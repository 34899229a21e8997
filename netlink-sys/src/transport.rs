//! How datagrams get to the kernel and back.

use std::{
    fmt,
    io::IoSliceMut,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
};

use nix::libc;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, NetlinkAddr, getsockname, recvmsg, send};

use crate::Errno;

/// What carries datagrams: the kernel, or what stands in for it.
///
/// All decisions lie above it: a transport tells what came and from where.
pub(crate) trait Transport: fmt::Debug + Send {
    /// The port; 0 as long as there is none.
    fn port(&mut self) -> Result<u32, Errno>;

    /// Sends a datagram to the kernel.
    fn send(&mut self, datagram: &[u8]) -> Result<(), Errno>;

    /// Receives a datagram, or fails with `EAGAIN` if there is none.
    fn recv(&mut self, buf: &mut [u8]) -> Result<Datagram, Errno>;

    /// Becomes readable when a datagram or an error waits.
    fn fd(&self) -> BorrowedFd<'_>;
}

/// What a transport received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Datagram {
    /// Length in bytes. It is more than the buffer holds if it was truncated.
    pub(crate) len: usize,
    /// Port of the sender; 0 is the kernel.
    pub(crate) sender: u32,
    /// The group that it was sent to; 0 is none.
    pub(crate) group: u32,
    /// Id of the namespace that it came from; none is the socket's own.
    pub(crate) nsid: Option<i32>,
    /// Whether the group and the namespace could not be told.
    pub(crate) unplaced: bool,
}

/// The kernel, behind a socket.
#[derive(Debug)]
pub(crate) struct Kernel {
    pub(crate) fd: OwnedFd,
    /// For the control messages of sockets that have groups.
    control: Vec<u8>,
}

impl Kernel {
    /// What is received is placed by its control messages if `events` is set.
    pub(crate) fn new(fd: OwnedFd, events: bool) -> Self {
        let control = if events { nix::cmsg_space!(u32, libc::c_int) } else { Vec::new() };
        Self { fd, control }
    }
}

impl Transport for Kernel {
    fn port(&mut self) -> Result<u32, Errno> {
        Ok(getsockname::<NetlinkAddr>(self.fd.as_raw_fd())?.pid())
    }

    fn send(&mut self, datagram: &[u8]) -> Result<(), Errno> {
        send(self.fd.as_raw_fd(), datagram, MsgFlags::empty())?;
        Ok(())
    }

    fn recv(&mut self, buf: &mut [u8]) -> Result<Datagram, Errno> {
        // With MSG_TRUNC, the length is the true one of a datagram that did not fit.
        let flags = MsgFlags::MSG_TRUNC | MsgFlags::MSG_DONTWAIT;
        let mut iov = [IoSliceMut::new(buf)];
        let control = Some(self.control.as_mut_slice()).filter(|control| !control.is_empty());
        let placed = control.is_some();
        let message = recvmsg::<NetlinkAddr>(self.fd.as_raw_fd(), &mut iov, control, flags)?;
        let mut datagram = Datagram { len: message.bytes, ..Datagram::default() };
        if let Some(sender) = message.address {
            datagram.sender = sender.pid();
            // A mask of the first 32 groups, with one bit set.
            datagram.group = match sender.groups() {
                0 => 0,
                groups => groups.trailing_zeros() + 1,
            };
        }
        if !placed {
            return Ok(datagram);
        }
        // Not an error of the socket: nix says ENOBUFS where control data was cut off.
        let Ok(cmsgs) = message.cmsgs() else {
            datagram.unplaced = true;
            return Ok(datagram);
        };
        for cmsg in cmsgs {
            let ControlMessageOwned::Unknown(cmsg) = cmsg else { continue };
            let Ok(bytes) = <[u8; 4]>::try_from(cmsg.data_bytes.as_slice()) else { continue };
            match (cmsg.cmsg_header.cmsg_level, cmsg.cmsg_header.cmsg_type) {
                (libc::SOL_NETLINK, libc::NETLINK_PKTINFO) => {
                    datagram.group = u32::from_ne_bytes(bytes);
                }
                (libc::SOL_NETLINK, libc::NETLINK_LISTEN_ALL_NSID) => {
                    datagram.nsid = Some(i32::from_ne_bytes(bytes));
                }
                _ => {}
            }
        }
        Ok(datagram)
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}
