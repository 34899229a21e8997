//! Waiting: until a datagram comes, a deadline passes, or another thread wakes us.

use std::{
    os::fd::{AsFd, BorrowedFd},
    sync::Arc,
    time::{Duration, Instant},
};

use nix::{
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::eventfd::{EfdFlags, EventFd},
};

use crate::error::{Error, Result};

/// Ends the wait of another thread; made by [`Socket::waker`](crate::Socket::waker).
///
/// Clones wake the same socket.
#[derive(Clone, Debug)]
pub struct Waker(Arc<EventFd>);

impl Waker {
    pub(crate) fn new() -> Result<Self> {
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        let event = EventFd::from_flags(flags).map_err(Error::os("eventfd"))?;
        Ok(Self(Arc::new(event)))
    }

    /// Lets a call that waits fail with [`Error::Woken`]; if none waits, the
    /// next one that would. It does not block.
    pub fn wake(&self) {
        // It fails if it was called 2^64 times before: then the thread is awake.
        let _ = self.0.write(1);
    }

    /// Whether it was called since the last time that this was asked.
    pub(crate) fn take(&self) -> bool {
        self.0.read().is_ok()
    }

    /// Readable while that is so.
    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Blocks until the deadline, or until another thread wakes us.
///
/// # Errors
///
/// [`Error::Woken`], or an error of `poll`.
pub(crate) fn sleep(waker: Option<&Waker>, deadline: Instant) -> Result<()> {
    match poll_until(None, waker, Some(deadline)) {
        Err(Error::TimedOut) => Ok(()),
        result => result,
    }
}

/// Blocks until `fd` is readable or has an error.
///
/// # Errors
///
/// [`Error::TimedOut`], [`Error::Woken`], or an error of `poll`.
pub(crate) fn wait(
    fd: BorrowedFd<'_>,
    waker: Option<&Waker>,
    deadline: Option<Instant>,
) -> Result<()> {
    poll_until(Some(fd), waker, deadline)
}

fn poll_until(
    fd: Option<BorrowedFd<'_>>,
    waker: Option<&Waker>,
    deadline: Option<Instant>,
) -> Result<()> {
    let readable = |fd| PollFd::new(fd, PollFlags::POLLIN);
    loop {
        let timeout = match deadline {
            None => PollTimeout::NONE,
            Some(deadline) => match deadline.checked_duration_since(Instant::now()) {
                None | Some(Duration::ZERO) => return Err(Error::TimedOut),
                // A fraction of a millisecond counts as a whole one: no busy waiting.
                Some(left) => PollTimeout::try_from(left + Duration::from_micros(999))
                    .unwrap_or(PollTimeout::MAX),
            },
        };
        let polled = match (fd, waker.map(Waker::fd)) {
            (Some(fd), Some(waking)) => poll(&mut [readable(fd), readable(waking)], timeout),
            (fd, waking) => poll(fd.or(waking).map(readable).as_mut_slice(), timeout),
        };
        match polled {
            Ok(0) | Err(nix::errno::Errno::EINTR) => {}
            Ok(_) => {
                return match waker {
                    Some(waker) if waker.take() => Err(Error::Woken),
                    _ => Ok(()),
                };
            }
            Err(errno) => return Err(Error::os("poll")(errno)),
        }
    }
}
