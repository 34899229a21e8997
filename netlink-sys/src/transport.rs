//! How datagrams get to the kernel and back.

use std::{
    fmt,
    io::IoSliceMut,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
};

use nix::{
    libc,
    sys::socket::{
        ControlMessageOwned, MsgFlags, NetlinkAddr, RecvMsg, bind, getsockname, getsockopt,
        recvmsg, send, setsockopt, sockopt,
    },
};

use crate::{
    Errno, Error, Netns, Options, Protocol, Result, builder,
    errno::IntoErrno,
    fake::FakeSocket,
    netns::errno_of,
    options::{
        self, AddMembership, DomainOf, DropMembership, NetnsCookie, PktInfoOn, ProtocolOf, turn_on,
    },
};

/// What carries datagrams: the kernel, or what stands in for it.
///
/// All decisions lie above it: a transport tells what came and from where.
pub(crate) trait Transport: Send + Sync {
    /// The port; 0 as long as there is none.
    fn port(&mut self) -> Result<u32, Errno>;

    /// Sends a datagram to the kernel.
    fn send(&mut self, datagram: &[u8]) -> Result<(), Errno>;

    /// Receives a datagram, or fails with `EAGAIN` if there is none.
    fn recv(&mut self, buf: &mut [u8]) -> Result<Datagram, Errno>;

    /// Ends for good what receives ahead of the caller, if anything does: from now on, `EAGAIN` means
    /// that nothing is on its way.
    fn catch_up(&mut self);

    /// Becomes readable when a datagram or an error waits.
    fn fd(&self) -> BorrowedFd<'_>;

    /// Joins a group.
    fn join(&mut self, group: u32) -> Result<(), Errno>;

    /// Leaves a group.
    fn leave(&mut self, group: u32) -> Result<(), Errno>;

    /// Size of the kernel's receive buffer, in bytes.
    fn receive_buffer(&self) -> Result<usize, Errno>;

    /// Sets the size of the kernel's receive buffer, past the system's limit if
    /// that is allowed.
    fn set_receive_buffer(&mut self, len: usize) -> Result<(), Errno>;

    /// What the datagrams come from in the end.
    fn origin(&self) -> Origin<'_>;
}

/// Where datagrams come from.
#[derive(Debug)]
pub(crate) enum Origin<'a> {
    Kernel(&'a Kernel),
    Fake(&'a FakeSocket),
}

impl Origin<'_> {
    /// Another one of the same protocol and namespace; `None` if there is no
    /// telling whether it is in the same.
    // No method of a transport: each program that has a socket would have the code.
    pub(crate) fn sibling(&self) -> Result<Option<Box<dyn Transport>>> {
        Ok(match self {
            Self::Kernel(kernel) => kernel.sibling()?.map(|kernel| Box::new(kernel) as _),
            Self::Fake(socket) => Some(Box::new(socket.sibling()?)),
        })
    }
}

impl fmt::Debug for dyn Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.origin().fmt(f)
    }
}

/// What was received, and from where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Datagram {
    /// Length in bytes. It is more than the buffer holds if it was truncated.
    pub len: usize,
    /// Port of the sender; 0 is the kernel.
    pub sender: u32,
    /// The group that it was sent to; 0 is none, or with a number above 32 one
    /// that a socket without `NETLINK_PKTINFO` cannot tell.
    pub group: u32,
    /// Id of the namespace that it came from; none is the socket's own.
    pub nsid: Option<i32>,
    /// Whether control data was cut off, which may have told group and namespace.
    pub unplaced: bool,
}

/// The kernel, behind a socket.
#[derive(Debug)]
pub(crate) struct Kernel {
    fd: OwnedFd,
    pub(crate) protocol: Protocol,
    pub(crate) options: Options,
    pub(crate) netns: Option<Netns>,
    /// Whether it is a netlink socket at all.
    is_netlink: bool,
    /// For the control messages of sockets that have groups.
    control: Vec<u8>,
}

impl Kernel {
    /// Enough for what was asked for, and for what a user may turn on besides.
    const CONTROL_LEN: usize = 256;

    pub(crate) fn new(fd: OwnedFd, options: Options) -> Self {
        let mut this = Self {
            fd,
            protocol: Protocol::ROUTE,
            options,
            netns: None,
            is_netlink: true,
            control: Vec::new(),
        };
        if options.pkt_info || options.listen_all_nsid {
            this.read_control();
        }
        this
    }

    /// A socket from elsewhere, of which little is known.
    pub(crate) fn adopt(fd: OwnedFd) -> Self {
        let protocol = getsockopt(&fd, ProtocolOf).unwrap_or(-1);
        let is_netlink = getsockopt(&fd, DomainOf) == Ok(libc::AF_NETLINK);
        let mut this = Self::new(fd, Options::default());
        (this.protocol, this.is_netlink) = (Protocol(protocol), is_netlink);
        this.read_control();
        this
    }

    /// The same socket once more.
    pub(crate) fn try_clone(&self) -> Result<Self> {
        let fd = self.fd.try_clone().map_err(|error| Error::os("fcntl")(errno_of(&error)))?;
        Ok(Self { fd, netns: self.netns.clone(), control: self.control.clone(), ..*self })
    }

    fn read_control(&mut self) {
        self.control.resize(Self::CONTROL_LEN, 0);
    }

    /// What a socket of another family tells of the sender means nothing here.
    fn check(&self) -> Result<(), Errno> {
        if self.is_netlink { Ok(()) } else { Err(Errno::EAFNOSUPPORT) }
    }

    /// Tells one namespace from another. Since Linux 5.14.
    fn netns_cookie(&self) -> Option<u64> {
        getsockopt(&self.fd, NetnsCookie).ok()
    }

    fn sibling(&self) -> Result<Option<Self>> {
        let fd = match &self.netns {
            None => builder::create(self.protocol)?,
            Some(netns) => netns.enter(|| builder::create(self.protocol))?,
        };
        let mut sibling = Self::new(fd, Options::default());
        sibling.protocol = self.protocol;
        sibling.netns = self.netns.clone();
        // The thread may have moved to another namespace since.
        let cookie = self.netns_cookie().filter(|cookie| Some(*cookie) == sibling.netns_cookie());
        Ok(cookie.map(|_| sibling))
    }
}

impl Transport for Kernel {
    fn port(&mut self) -> Result<u32, Errno> {
        let name = getsockname::<NetlinkAddr>(self.fd.as_raw_fd());
        name.map(|name| name.pid()).map_err(IntoErrno::into_errno)
    }

    fn send(&mut self, datagram: &[u8]) -> Result<(), Errno> {
        self.check()?;
        let sent = send(self.fd.as_raw_fd(), datagram, MsgFlags::empty());
        sent.map(drop).map_err(IntoErrno::into_errno)
    }

    fn recv(&mut self, buf: &mut [u8]) -> Result<Datagram, Errno> {
        self.check()?;
        // With MSG_TRUNC, the length is the true one of a datagram that did not fit.
        let flags = MsgFlags::MSG_TRUNC.union(MsgFlags::MSG_DONTWAIT);
        let mut iov = [IoSliceMut::new(buf)];
        let control = Some(self.control.as_mut_slice()).filter(|control| !control.is_empty());
        let placed = control.is_some();
        let message = recvmsg::<NetlinkAddr>(self.fd.as_raw_fd(), &mut iov, control, flags)
            .map_err(IntoErrno::into_errno)?;
        let mut datagram = Datagram { len: message.bytes, ..Datagram::default() };
        match message.address {
            Some(sender) => {
                datagram.sender = sender.pid();
                // A mask of the first 32 groups, with one bit set.
                datagram.group = match sender.groups() {
                    0 => 0,
                    groups => groups.trailing_zeros() + 1,
                };
            }
            // Nobody that can be named.
            None => datagram.sender = u32::MAX,
        }
        if placed {
            place(&message, &mut datagram);
        }
        Ok(datagram)
    }

    fn catch_up(&mut self) {}

    fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }

    fn join(&mut self, group: u32) -> Result<(), Errno> {
        // Without a port, events do not arrive.
        if self.port()? == 0 {
            let any = NetlinkAddr::new(0, 0);
            bind(self.fd.as_raw_fd(), &any).map_err(IntoErrno::into_errno)?;
        }
        self.options.pkt_info = turn_on(&self.fd, PktInfoOn)?;
        self.read_control();
        setsockopt(&self.fd, AddMembership, &group).map_err(IntoErrno::into_errno)
    }

    fn leave(&mut self, group: u32) -> Result<(), Errno> {
        setsockopt(&self.fd, DropMembership, &group).map_err(IntoErrno::into_errno)
    }

    fn receive_buffer(&self) -> Result<usize, Errno> {
        getsockopt(&self.fd, sockopt::RcvBuf).map_err(IntoErrno::into_errno)
    }

    fn set_receive_buffer(&mut self, len: usize) -> Result<(), Errno> {
        options::receive_buffer(&self.fd, len)
    }

    fn origin(&self) -> Origin<'_> {
        Origin::Kernel(self)
    }
}

/// Reads the control messages, which tell group and namespace.
fn place(message: &RecvMsg<'_, '_, NetlinkAddr>, datagram: &mut Datagram) {
    // Not an error of the socket: nix says ENOBUFS where control data was cut off.
    let Ok(cmsgs) = message.cmsgs() else {
        datagram.unplaced = true;
        return;
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
}
