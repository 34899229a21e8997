//! Options of netlink sockets, which nix does not have.

use std::os::fd::OwnedFd;

use nix::{
    getsockopt_impl,
    libc::{self, c_int},
    setsockopt_impl, sockopt_impl,
    sys::socket::{SetSockOpt, setsockopt, sockopt},
};

use crate::{Errno, errno::IntoErrno};

sockopt_impl!(
    /// `NETLINK_EXT_ACK`
    ExtAckOn, SetOnly, libc::SOL_NETLINK, libc::NETLINK_EXT_ACK, bool
);
sockopt_impl!(
    /// `NETLINK_CAP_ACK`
    CapAckOn, SetOnly, libc::SOL_NETLINK, libc::NETLINK_CAP_ACK, bool
);
sockopt_impl!(
    /// `NETLINK_GET_STRICT_CHK`
    StrictCheckOn, SetOnly, libc::SOL_NETLINK, libc::NETLINK_GET_STRICT_CHK, bool
);
sockopt_impl!(
    /// `NETLINK_PKTINFO`
    PktInfoOn, SetOnly, libc::SOL_NETLINK, libc::NETLINK_PKTINFO, bool
);
sockopt_impl!(
    /// `NETLINK_BROADCAST_ERROR`
    BroadcastErrorOn, SetOnly, libc::SOL_NETLINK, libc::NETLINK_BROADCAST_ERROR, bool
);
sockopt_impl!(
    /// `NETLINK_NO_ENOBUFS`
    NoEnobufsOn, SetOnly, libc::SOL_NETLINK, libc::NETLINK_NO_ENOBUFS, bool
);
sockopt_impl!(
    /// `NETLINK_LISTEN_ALL_NSID`
    ListenAllNsidOn, SetOnly, libc::SOL_NETLINK, libc::NETLINK_LISTEN_ALL_NSID, bool
);
sockopt_impl!(
    /// `NETLINK_ADD_MEMBERSHIP`
    AddMembership, SetOnly, libc::SOL_NETLINK, libc::NETLINK_ADD_MEMBERSHIP, u32
);
sockopt_impl!(
    /// `NETLINK_DROP_MEMBERSHIP`
    DropMembership, SetOnly, libc::SOL_NETLINK, libc::NETLINK_DROP_MEMBERSHIP, u32
);
sockopt_impl!(
    /// `SO_PROTOCOL`
    ProtocolOf, GetOnly, libc::SOL_SOCKET, libc::SO_PROTOCOL, c_int
);
sockopt_impl!(
    /// `SO_DOMAIN`
    DomainOf, GetOnly, libc::SOL_SOCKET, libc::SO_DOMAIN, c_int
);
sockopt_impl!(
    /// `SO_NETNS_COOKIE`, since Linux 5.14.
    NetnsCookie, GetOnly, libc::SOL_SOCKET, SO_NETNS_COOKIE, u64
);

/// From `asm/socket.h`; the libc crate lacks it.
const SO_NETNS_COOKIE: c_int =
    if cfg!(any(target_arch = "sparc", target_arch = "sparc64")) { 0x50 } else { 71 };

/// Which options a socket has. An older kernel does not know them all.
///
/// [`Builder`](crate::Builder) sets them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// `NETLINK_EXT_ACK`: refusals come with words. Since Linux 4.12.
    pub ext_ack: bool,
    /// `NETLINK_CAP_ACK`: refusals do not repeat the request. Since Linux 4.3.
    pub cap_ack: bool,
    /// `NETLINK_GET_STRICT_CHK`: the kernel checks requests for data, and
    /// filters dumps by them. Since Linux 4.20.
    pub strict_check: bool,
    /// `NETLINK_PKTINFO`: events tell their group even if its number is above 32.
    pub pkt_info: bool,
    /// `NETLINK_BROADCAST_ERROR`: who causes an event that does not reach this
    /// socket gets an error.
    pub broadcast_error: bool,
    /// `NETLINK_NO_ENOBUFS`: the kernel does not tell that events were lost.
    pub no_enobufs: bool,
    /// `NETLINK_LISTEN_ALL_NSID`: events come from all namespaces that have an
    /// id in the socket's own. Since Linux 4.2.
    pub listen_all_nsid: bool,
}

impl Options {
    /// What a new socket tries to turn on.
    pub(crate) const DEFAULT: Self = Self {
        ext_ack: true,
        cap_ack: true,
        strict_check: true,
        pkt_info: false,
        broadcast_error: false,
        no_enobufs: false,
        listen_all_nsid: false,
    };

    /// Turns on what is set. What the kernel does not know comes back as off.
    pub(crate) fn apply(self, fd: &OwnedFd) -> Result<Self, Errno> {
        Ok(Self {
            ext_ack: self.ext_ack && turn_on(fd, ExtAckOn)?,
            cap_ack: self.cap_ack && turn_on(fd, CapAckOn)?,
            strict_check: self.strict_check && turn_on(fd, StrictCheckOn)?,
            pkt_info: self.pkt_info && turn_on(fd, PktInfoOn)?,
            broadcast_error: self.broadcast_error && turn_on(fd, BroadcastErrorOn)?,
            no_enobufs: self.no_enobufs && turn_on(fd, NoEnobufsOn)?,
            listen_all_nsid: self.listen_all_nsid && turn_on(fd, ListenAllNsidOn)?,
        })
    }
}

/// Turns on an option; false if the kernel does not know it.
pub(crate) fn turn_on(fd: &OwnedFd, option: impl SetSockOpt<Val = bool>) -> Result<bool, Errno> {
    match setsockopt(fd, option, &true) {
        Ok(()) => Ok(true),
        Err(nix::errno::Errno::ENOPROTOOPT) => Ok(false),
        Err(errno) => Err(errno.into_errno()),
    }
}

/// Sets the kernel's receive buffer, past the system's limit if that is allowed.
pub(crate) fn receive_buffer(fd: &OwnedFd, len: usize) -> Result<(), Errno> {
    match setsockopt(fd, sockopt::RcvBufForce, &len) {
        Err(nix::errno::Errno::EPERM) => setsockopt(fd, sockopt::RcvBuf, &len),
        result => result,
    }
    .map_err(IntoErrno::into_errno)
}

/// Sets the kernel's send buffer, past the system's limit if that is allowed.
pub(crate) fn send_buffer(fd: &OwnedFd, len: usize) -> Result<(), Errno> {
    match setsockopt(fd, sockopt::SndBufForce, &len) {
        Err(nix::errno::Errno::EPERM) => setsockopt(fd, sockopt::SndBuf, &len),
        result => result,
    }
    .map_err(IntoErrno::into_errno)
}
