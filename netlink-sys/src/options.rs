//! Options of netlink sockets, which nix does not have.

use std::os::fd::OwnedFd;

use nix::{
    libc, setsockopt_impl, sockopt_impl,
    sys::socket::{SetSockOpt, setsockopt},
};

use crate::Errno;

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
    StrictChkOn, SetOnly, libc::SOL_NETLINK, libc::NETLINK_GET_STRICT_CHK, bool
);

/// Which options a socket has. An older kernel does not know them all.
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
}

impl Options {
    /// Turns on what is set. What the kernel does not know comes back as off.
    pub(crate) fn apply(self, fd: &OwnedFd) -> Result<Self, Errno> {
        Ok(Self {
            ext_ack: self.ext_ack && turn_on(fd, ExtAckOn)?,
            cap_ack: self.cap_ack && turn_on(fd, CapAckOn)?,
            strict_check: self.strict_check && turn_on(fd, StrictChkOn)?,
        })
    }
}

/// Turns on an option; false if the kernel does not know it.
fn turn_on(fd: &OwnedFd, option: impl SetSockOpt<Val = bool>) -> Result<bool, Errno> {
    match setsockopt(fd, option, &true) {
        Ok(()) => Ok(true),
        Err(nix::errno::Errno::ENOPROTOOPT) => Ok(false),
        Err(errno) => Err(errno.into()),
    }
}
