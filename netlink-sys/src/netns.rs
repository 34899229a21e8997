//! Network namespaces, which sockets can be opened in.

use std::{
    fs::File,
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    path::Path,
    sync::Arc,
    thread,
};

use nix::sched::{CloneFlags, setns};

use crate::{
    Errno,
    error::{Error, Result},
};

/// A network namespace that is held open.
///
/// Clones hold the same one.
#[derive(Clone, Debug)]
pub struct Netns(Arc<OwnedFd>);

impl Netns {
    /// The namespace of a file, such as `/proc/1234/ns/net`. It does not block.
    ///
    /// # Errors
    ///
    /// The file cannot be opened. Whether it is a network namespace shows when
    /// a socket is opened in it.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self> {
        let file = File::open(path).map_err(|error| Error::os("open")(errno_of(&error)))?;
        Ok(OwnedFd::from(file).into())
    }

    /// The namespace that `ip netns` calls so: a file in `/run/netns`.
    ///
    /// # Errors
    ///
    /// There is none: the file cannot be opened. `EINVAL`: the name has a slash.
    pub fn from_name(name: &str) -> Result<Self> {
        if name.is_empty() || name.contains('/') || matches!(name, "." | "..") {
            return Err(Error::Os { call: "open", errno: Errno::EINVAL });
        }
        Self::from_path(Path::new("/run/netns").join(name))
    }

    /// The namespace that the calling thread is in.
    ///
    /// # Errors
    ///
    /// `/proc` is not mounted.
    pub fn current() -> Result<Self> {
        Self::from_path("/proc/thread-self/ns/net")
    }

    /// Runs `open` in this namespace: on a thread of its own, which ends with
    /// it. The calling thread stays where it is.
    pub(crate) fn enter<T: Send>(&self, open: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        thread::scope(|scope| {
            let thread = thread::Builder::new().name("netns".into()).spawn_scoped(scope, || {
                setns(&self.0, CloneFlags::CLONE_NEWNET).map_err(Error::os("setns"))?;
                open()
            });
            let thread = thread.map_err(|error| Error::os("clone")(errno_of(&error)))?;
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}

impl From<OwnedFd> for Netns {
    fn from(fd: OwnedFd) -> Self {
        Self(Arc::new(fd))
    }
}

impl AsFd for Netns {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// The number in an error of the standard library.
pub(crate) fn errno_of(error: &io::Error) -> Errno {
    Errno(error.raw_os_error().unwrap_or(Errno::EIO.0))
}
