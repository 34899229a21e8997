use std::{fmt, io};

use nix::libc;

/// The number of an error, as the kernel knows it.
///
/// `Display` prints what it means and its name: `File exists (EEXIST)`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Errno(pub i32);

impl Errno {
    /// `ENOTSUPP`, which is meant to stay inside of the kernel, but does not.
    pub const ENOTSUPP: Self = Self(524);

    /// The name of the number, such as `"EEXIST"`, if it has one.
    pub fn name(self) -> Option<&'static str> {
        let place = Self::ALL.iter().position(|errno| *errno == self)?;
        Self::NAMES.split(' ').nth(place)
    }

    /// What the error means, in words of the system.
    pub fn desc(self) -> &'static str {
        match self {
            Self::ENOTSUPP => "Operation is not supported",
            Self(number) => nix::errno::Errno::from_raw(number).desc(),
        }
    }
}

/// Declares a constant for each name, with the number that it has on this architecture.
macro_rules! errnos {
    ($($NAME:ident)*) => {
        #[allow(missing_docs)] // The kernel's names say it all.
        impl Errno {
            $( pub const $NAME: Self = Self(libc::$NAME); )*

            const ALL: &[Self] = &[Self::ENOTSUPP, $( Self::$NAME, )*];
            // A third of the bytes that a list of strings would take.
            const NAMES: &str = concat!("ENOTSUPP", $( " ", stringify!($NAME), )*);
        }
    };
}

errnos! {
    EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT
    ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG
    ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY
    ELOOP ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR
    EXFULL ENOANO EBADRQC EBADSLT EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE
    ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD
    EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK
    EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP
    EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET
    ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT
    ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL
    EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED
    EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON
}

/// An errno of either kind. A private trait, for nix stays out of the API.
pub(crate) trait IntoErrno {
    fn into_errno(self) -> Errno;
}

impl IntoErrno for Errno {
    fn into_errno(self) -> Errno {
        self
    }
}

impl IntoErrno for nix::errno::Errno {
    fn into_errno(self) -> Errno {
        Errno(self as i32)
    }
}

impl From<Errno> for io::Error {
    fn from(Errno(number): Errno) -> Self {
        Self::from_raw_os_error(number)
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{} ({name})", self.desc()),
            None => write!(f, "error {}", self.0),
        }
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "Errno({})", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_names_and_meanings() {
        assert_eq!(Errno::EPERM.name(), Some("EPERM"));
        assert_eq!(Errno::EEXIST.name(), Some("EEXIST"));
        assert_eq!(Errno::EHWPOISON.name(), Some("EHWPOISON"));
        assert_eq!(Errno::EEXIST.to_string(), "File exists (EEXIST)");
        assert_eq!(format!("{:?}", Errno::EAGAIN), "EAGAIN");
        assert_eq!(Errno(524), Errno::ENOTSUPP);
        assert_eq!(Errno(524).to_string(), "Operation is not supported (ENOTSUPP)");
        assert_eq!(Errno(4_000).to_string(), "error 4000");
        assert_eq!(Errno(-5).name(), None);
        assert_eq!(nix::errno::Errno::ENODEV.into_errno(), Errno::ENODEV);
        assert_eq!(io::Error::from(Errno::ENOENT).kind(), io::ErrorKind::NotFound);
    }
}
