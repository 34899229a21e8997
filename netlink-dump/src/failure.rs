//! Why the command failed, in the words and with the exit codes of `ip`.

use std::{
    ffi::OsStr,
    fmt,
    io::{self, Write as _},
};

use netlink_sys as sys;
use netlink_wire as wire;

/// Writes a line to standard error. If that cannot be, nobody is there to be told.
pub(crate) fn complain(what: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{what}");
}

/// What is written to standard error, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: u8,
    pub(crate) message: String,
    /// Whether it is that the kernel knows no such thing.
    pub(crate) not_found: bool,
}

impl Failure {
    /// Nothing to do, or something else than was meant: the caller's fault.
    pub(crate) const USAGE: u8 = 255;
    /// The kernel refused.
    pub(crate) const KERNEL: u8 = 2;
    /// The thing does not exist.
    pub(crate) const MISSING: u8 = 1;

    pub(crate) fn new(code: u8, message: impl fmt::Display) -> Self {
        Self { code, message: message.to_string(), not_found: false }
    }

    /// How a command is used: shown to who asks, and to who got it wrong.
    pub(crate) fn usage(help: impl fmt::Display) -> Self {
        Self::new(Self::USAGE, help)
    }

    /// A dump ended too early.
    pub(crate) fn dump(error: sys::Error) -> Self {
        let terminated = "Dump terminated";
        let not_found = error.is_not_found();
        let failure = match &error {
            // Where a dump ends with that there is no such thing, `ip` says it only if the kernel
            // has words for it.
            sys::Error::Refused(refusal)
                if refusal.ended_dump
                    && refusal.ext_ack.message.is_none()
                    && matches!(refusal.errno, sys::Errno::ENOENT | sys::Errno::EOPNOTSUPP) =>
            {
                Self::new(Self::KERNEL, terminated)
            }
            _ => {
                let Self { code, message, .. } = error.into();
                Self::new(code, format_args!("{message}\n{terminated}"))
            }
        };
        Self { not_found, ..failure }
    }

    /// Writes the message, to standard output if it is what was asked for, and gives back the exit
    /// code.
    pub(crate) fn tell(&self) -> u8 {
        match (self.code, self.message.trim_end_matches('\n')) {
            (_, "") => {}
            (0, message) => {
                if let Err(error) = writeln!(io::stdout(), "{message}") {
                    return Self::from(error).tell();
                }
            }
            (_, message) => complain(message),
        }
        self.code
    }

    pub(crate) fn unknown_option(option: &OsStr) -> Self {
        let option = option.to_string_lossy();
        Self::new(
            Self::USAGE,
            format_args!("Option \"{option}\" is unknown, try \"netlink-dump -help\"."),
        )
    }
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        let is_version = error.kind() == clap::error::ErrorKind::DisplayVersion;
        Self::new(if is_version { 0 } else { Self::USAGE }, error.render())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(0, ""),
            _ => Self::new(1, format_args!("netlink-dump: {error}")),
        }
    }
}

impl From<sys::Error> for Failure {
    fn from(error: sys::Error) -> Self {
        match &error {
            sys::Error::Refused(refusal) => Self::new(Self::KERNEL, refused(refusal)),
            error => Self::new(Self::KERNEL, format_args!("netlink-dump: {error}")),
        }
    }
}

/// What `ip` says when the kernel refuses a request.
fn refused(refusal: &sys::Refusal) -> String {
    match &refusal.ext_ack.message {
        Some(message) => format!("Error: {}.", message.trim_end_matches('.')),
        None => format!("RTNETLINK answers: {}", strerror(refusal.errno)),
    }
}

/// What an errno means, in the words of the C library.
fn strerror(errno: sys::Errno) -> String {
    let error = io::Error::from_raw_os_error(errno.0).to_string();
    match error.rsplit_once(" (os error") {
        Some((words, _)) => words.to_owned(),
        None => error,
    }
}

impl From<wire::Error> for Failure {
    fn from(error: wire::Error) -> Self {
        Self::new(Self::KERNEL, format_args!("netlink-dump: {error}"))
    }
}

/// Why there is no row for a message.
#[derive(Debug)]
pub(crate) enum NoRow {
    /// The message cannot be read. Others can.
    Message(wire::Error),
    /// The row cannot be written.
    Output(io::Error),
}

impl From<wire::Error> for NoRow {
    fn from(error: wire::Error) -> Self {
        Self::Message(error)
    }
}

impl From<io::Error> for NoRow {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Attributes and messages that could not be read: each costs itself alone, but not unseen.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    any: bool,
    last: Option<wire::Error>,
}

impl Faults {
    /// Tells of an attribute, or of a message, that could not be read.
    #[cold]
    pub(crate) fn note(&mut self, error: wire::Error) {
        // Where a list is cut off, each attribute that is looked for meets the same end.
        if self.last.replace(error) != Some(error) {
            self.tell(format_args!("netlink-dump: {error}"));
        }
    }

    /// Tells of something else that is missing.
    #[cold]
    pub(crate) fn tell(&mut self, what: impl fmt::Display) {
        complain(what);
        self.any = true;
    }

    /// The value, or none and a note.
    pub(crate) fn read<T>(&mut self, value: wire::Result<Option<T>>) -> Option<T> {
        value.unwrap_or_else(|error| {
            self.note(error);
            None
        })
    }

    /// Fails if there was any: a list with holes is not the whole list.
    pub(crate) fn end(&self) -> Result<(), Failure> {
        if self.any { Err(Failure::new(Failure::KERNEL, "")) } else { Ok(()) }
    }
}
