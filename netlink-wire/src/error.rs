use core::fmt;

/// A result of reading or building a message.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// Why a message could not be read or built, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// What was being read, by its kernel name: `"FRA_PRIORITY"`, `"nlmsghdr"`.
    pub context: &'static str,
    /// Where it starts, in bytes from the start of the message (of the
    /// datagram, when framing failed).
    pub offset: u32,
    /// What was wrong with it.
    pub kind: ErrorKind,
}

/// What was wrong with a message or an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input ends inside a header, or before the length that it announces.
    Truncated,
    /// A length field says less than the length of its own header.
    Short(u32),
    /// The payload of an attribute has a length that its type does not allow,
    /// in bytes.
    Length(u32),
    /// The caller's buffer is too small; this many bytes would have done.
    NoSpace(u32),
    /// An attribute, or something in it, is longer than its length field can
    /// tell: 65 535 bytes for an attribute, 4 GiB for a message.
    TooLong,
    /// What a message is to be built of has a name that its table does not have.
    Name,
    /// What a message is to be built of lacks a value, or has one that its type does not allow.
    Value,
}

impl ErrorKind {
    pub(crate) const fn at(self, context: &'static str, offset: u32) -> Error {
        Error { context, offset, kind: self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}: {}", self.context, self.offset, self.kind)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the input ends too early"),
            Self::Short(n) => write!(f, "a length of {n} bytes is less than its own header"),
            Self::Length(n) => write!(f, "unexpected length of {n} bytes"),
            Self::NoSpace(n) => write!(f, "the buffer is too small, {n} bytes are needed"),
            Self::Name => f.write_str("a name that its table does not have"),
            Self::Value => f.write_str("no value, or one that its type does not allow"),
            Self::TooLong => f.write_str("longer than its length field can tell"),
        }
    }
}

impl core::error::Error for Error {}
