use std::{
    os::fd::{AsRawFd, OwnedFd},
    time::Duration,
};

use nix::sys::socket::{NetlinkAddr, bind, connect};
use socket2::{Domain, SockFilter, Type};

use crate::{
    Errno, Events, Netns, Options, Protocol, Socket,
    ahead::ReadAhead,
    error::{Error, Result},
    fake::FakeKernel,
    netns::errno_of,
    options,
    transport::{Kernel, Transport},
};

/// How to open a [`Socket`]; made by [`Socket::builder`].
///
/// ```no_run
/// use netlink_sys::{Protocol, Socket};
/// use netlink_wire::RtnlGrp;
///
/// let mut events = Socket::builder(Protocol::ROUTE)
///     .group(RtnlGrp::LINK)
///     .group(RtnlGrp::NEXTHOP)
///     .receive_buffer(4 << 20)
///     .listen()?;
/// # Ok::<(), netlink_sys::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    protocol: Protocol,
    port: u32,
    groups: Vec<u32>,
    connect: bool,
    buffer: usize,
    receive_buffer: Option<usize>,
    send_buffer: Option<usize>,
    timeout: Option<Duration>,
    options: Options,
    read_ahead: Option<OverKernel>,
    filter: Vec<BpfInsn>,
    netns: Option<Netns>,
    fake: Option<(FakeKernel, OverFake)>,
}

// Pointers, so that the code is in those programs alone that ask for it.
type OverKernel = fn(Kernel) -> Box<dyn Transport>;
type OverFake = fn(&FakeKernel, Protocol, Option<usize>) -> Result<Box<dyn Transport>>;

/// An instruction of a classic BPF program: `struct sock_filter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BpfInsn {
    /// What to do: `BPF_*`.
    pub code: u16,
    /// How many instructions to skip if true.
    pub jt: u8,
    /// How many instructions to skip if false.
    pub jf: u8,
    /// The constant.
    pub k: u32,
}

impl Builder {
    /// Default size of the buffer that is received into, in bytes.
    pub(crate) const BUFFER: usize = 64 * 1024;
    /// Least size. The kernel fills dumps up to this much a datagram, for a
    /// reader that offers as much.
    const MIN_BUFFER: usize = 32 * 1024;

    pub(crate) const fn new(protocol: Protocol) -> Self {
        Self {
            protocol,
            port: 0,
            groups: Vec::new(),
            connect: false,
            buffer: Self::BUFFER,
            receive_buffer: None,
            send_buffer: None,
            timeout: None,
            options: Options::DEFAULT,
            read_ahead: None,
            filter: Vec::new(),
            netns: None,
            fake: None,
        }
    }

    /// Takes a port of one's own choice, rather than one that the kernel chooses.
    pub const fn port(mut self, port: u32) -> Self {
        self.port = port;
        self
    }

    /// Joins a multicast group, the number of which may be above 32. It turns on
    /// [`pkt_info`](Self::pkt_info).
    pub fn group(mut self, group: impl Into<u32>) -> Self {
        self.groups.push(group.into());
        self.options.pkt_info = true;
        self
    }

    /// Joins several groups, as [`group`](Self::group) joins one.
    pub fn groups(self, groups: impl IntoIterator<Item: Into<u32>>) -> Self {
        groups.into_iter().fold(self, Self::group)
    }

    /// Whether other processes are refused to send to the socket, rather than
    /// what they send being skipped. What they send to its groups still arrives,
    /// and is skipped. Off at first.
    pub const fn connect(mut self, on: bool) -> Self {
        self.connect = on;
        self
    }

    /// Size of the buffer that is received into, in bytes; at least 32 KiB, at
    /// first 64 KiB. It grows when a datagram does not fit.
    pub fn buffer(mut self, len: usize) -> Self {
        self.buffer = len.max(Self::MIN_BUFFER);
        self
    }

    /// Whether a thread receives the datagrams of long dumps while the caller works on those before,
    /// of which at most four wait: where there is a second processor, such a dump takes hardly longer
    /// than the kernel needs for it. Off at first.
    ///
    /// The thread starts with the fifth datagram, of 32 KiB or so each, and ends with the socket. None
    /// starts any more once a dump was left before its end, nor for events and tasks. An event loop
    /// of one's own should leave it off: what [`AsFd`](std::os::fd::AsFd) gives is another file while
    /// there is a thread.
    pub const fn read_ahead(mut self, on: bool) -> Self {
        self.read_ahead = if on { Some(|kernel| Box::new(ReadAhead::new(kernel))) } else { None };
        self
    }

    /// Size of the kernel's receive buffer, in bytes of payload and bookkeeping.
    /// An event takes 832 bytes or more. Without the right to pass the limit of
    /// the system (`net.core.rmem_max`), it ends there;
    /// [`Socket::receive_buffer`] tells what was reached.
    pub const fn receive_buffer(mut self, len: usize) -> Self {
        self.receive_buffer = Some(len);
        self
    }

    /// Size of the kernel's send buffer, in bytes. A request must be shorter.
    pub const fn send_buffer(mut self, len: usize) -> Self {
        self.send_buffer = Some(len);
        self
    }

    /// Limits how long each call may block.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Opens the socket in another network namespace. The calling thread stays
    /// where it is.
    pub fn netns(mut self, netns: Netns) -> Self {
        self.netns = Some(netns);
        self
    }

    /// Opens the socket on a stand-in for the kernel, for a test. Of all that can
    /// be set, groups, buffers, and the timeout count there.
    pub fn on(mut self, kernel: &FakeKernel) -> Self {
        let open: OverFake =
            |kernel, protocol, buffer| Ok(Box::new(kernel.open(protocol, buffer)?));
        self.fake = Some((kernel.clone(), open));
        self
    }

    /// Runs every datagram through this program, which tells how many bytes of
    /// it to let pass; 0 drops it.
    pub fn filter(mut self, program: &[BpfInsn]) -> Self {
        self.filter = program.to_vec();
        self
    }

    /// `NETLINK_EXT_ACK`; on at first.
    pub const fn ext_ack(mut self, on: bool) -> Self {
        self.options.ext_ack = on;
        self
    }

    /// `NETLINK_CAP_ACK`; on at first.
    pub const fn cap_ack(mut self, on: bool) -> Self {
        self.options.cap_ack = on;
        self
    }

    /// `NETLINK_GET_STRICT_CHK`; on at first.
    pub const fn strict_check(mut self, on: bool) -> Self {
        self.options.strict_check = on;
        self
    }

    /// `NETLINK_PKTINFO`: datagrams tell their group even if its number is above
    /// 32. Joining a group turns it on.
    pub const fn pkt_info(mut self, on: bool) -> Self {
        self.options.pkt_info = on;
        self
    }

    /// `NETLINK_BROADCAST_ERROR`: who causes an event that does not reach this
    /// socket gets an error. Off at first.
    pub const fn broadcast_error(mut self, on: bool) -> Self {
        self.options.broadcast_error = on;
        self
    }

    /// `NETLINK_NO_ENOBUFS`: the kernel does not tell that events were lost. Off
    /// at first, and best left so: [`Events`] could not tell either.
    pub const fn no_enobufs(mut self, on: bool) -> Self {
        self.options.no_enobufs = on;
        self
    }

    /// `NETLINK_LISTEN_ALL_NSID`: events come from all namespaces that have an
    /// id in the socket's own. It needs `CAP_NET_BROADCAST`. Off at first.
    pub const fn listen_all_nsid(mut self, on: bool) -> Self {
        self.options.listen_all_nsid = on;
        self
    }

    /// Opens the socket. An option that the kernel does not know stays off;
    /// [`Socket::options`] tells. It does not block, but waits for the short
    /// life of a thread if there is a namespace to enter.
    ///
    /// # Errors
    ///
    /// A system call fails: the kernel lacks the protocol or a group, the port
    /// is taken (`EADDRINUSE`), a permission is missing, or there are too many
    /// open files.
    pub fn open(self) -> Result<Socket> {
        let (mut io, options): (Box<dyn Transport>, Options) = match &self.fake {
            Some((fake, open)) => (open(fake, self.protocol, self.receive_buffer)?, self.options),
            None => {
                let kernel = self.open_kernel()?;
                let options = kernel.options;
                let over = self.read_ahead.unwrap_or(|kernel| Box::new(kernel));
                (over(kernel), options)
            }
        };
        for group in &self.groups {
            io.join(*group).map_err(Error::os("setsockopt NETLINK_ADD_MEMBERSHIP"))?;
        }
        let mut socket = Socket::over(io, self.protocol, options, self.buffer);
        socket.set_timeout(self.timeout);
        Ok(socket)
    }

    fn open_kernel(&self) -> Result<Kernel> {
        let fd = match &self.netns {
            None => create(self.protocol)?,
            Some(netns) => netns.enter(|| create(self.protocol))?,
        };
        let (fd, options) = self.set_up(fd)?;
        let mut kernel = Kernel::new(fd, options);
        kernel.protocol = self.protocol;
        kernel.netns = self.netns.clone();
        Ok(kernel)
    }

    /// Opens the socket to listen on it.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub fn listen(self) -> Result<Events> {
        self.open().map(Events::from)
    }

    fn set_up(&self, fd: OwnedFd) -> Result<(OwnedFd, Options)> {
        if let Some(len) = self.receive_buffer {
            options::receive_buffer(&fd, len).map_err(Error::os("setsockopt SO_RCVBUF"))?;
        }
        if let Some(len) = self.send_buffer {
            options::send_buffer(&fd, len).map_err(Error::os("setsockopt SO_SNDBUF"))?;
        }
        let options = self.options.apply(&fd).map_err(Error::os("setsockopt"))?;
        let fd = attach(fd, &self.filter)?;
        if self.port != 0 {
            let addr = NetlinkAddr::new(self.port, 0);
            bind(fd.as_raw_fd(), &addr).map_err(Error::os("bind"))?;
        }
        if self.connect {
            let kernel = NetlinkAddr::new(0, 0);
            connect(fd.as_raw_fd(), &kernel).map_err(Error::os("connect"))?;
        }
        Ok((fd, options))
    }
}

/// A new socket, closed on exec.
pub(crate) fn create(protocol: Protocol) -> Result<OwnedFd> {
    let domain = Domain::from(nix::libc::AF_NETLINK);
    socket2::Socket::new(domain, Type::RAW, Some(protocol.0.into()))
        .map(OwnedFd::from)
        .map_err(|error| Error::os("socket")(errno_of(&error)))
}

/// Attaches a program, if there is one.
fn attach(fd: OwnedFd, program: &[BpfInsn]) -> Result<OwnedFd> {
    if program.is_empty() {
        return Ok(fd);
    }
    let call = "setsockopt SO_ATTACH_FILTER";
    // socket2 cuts the count off at 16 bits.
    if u16::try_from(program.len()).is_err() {
        return Err(Error::Os { call, errno: Errno::EINVAL });
    }
    let program: Vec<_> =
        program.iter().map(|insn| SockFilter::new(insn.code, insn.jt, insn.jf, insn.k)).collect();
    let socket = socket2::Socket::from(fd);
    socket.attach_filter(&program).map_err(|error| Error::os(call)(errno_of(&error)))?;
    Ok(socket.into())
}
