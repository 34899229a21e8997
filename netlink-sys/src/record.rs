//! Recording what goes through a socket, to be played back by a
//! [`FakeKernel`](crate::fake::FakeKernel).
//!
//! A recording is text, one line each: `> PORT BYTES` was sent, `< SENDER GROUP
//! NSID LENGTH BYTES` was received, `! ERRNO` is how receiving failed. Bytes are
//! in hexadecimal; the namespace id is `-` if it is the socket's own. Lines that
//! start with `#` are remarks.

use std::{
    collections::VecDeque,
    fmt,
    io::{self, BufRead, Write},
    os::fd::BorrowedFd,
    sync::{Mutex, PoisonError},
};

use netlink_wire::{Header, Messages};

use crate::{
    Errno, Result, Socket,
    fake::Item,
    transport::{Datagram, Origin, Transport},
};

impl Socket {
    /// The same socket, which from now on writes all that it sends and receives
    /// to `out`. An error of `out` ends the recording, and nothing else; the
    /// last line may be cut off then, which shows when it is played back.
    #[must_use]
    pub fn record(self, out: impl Write + Send + 'static) -> Self {
        self.map_io(|io| Box::new(Recorder { io, out: Some(Mutex::new(Box::new(out))) }))
    }
}

/// A transport that records what goes through another one.
struct Recorder {
    io: Box<dyn Transport>,
    /// None once it failed.
    out: Option<Mutex<Box<dyn Write + Send>>>,
}

impl Recorder {
    fn write(&mut self, line: &Recorded) {
        let Some(out) = &mut self.out else { return };
        let out = out.get_mut().unwrap_or_else(PoisonError::into_inner);
        if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
            self.out = None;
        }
    }
}

impl Transport for Recorder {
    fn port(&mut self) -> Result<u32, Errno> {
        self.io.port()
    }

    fn send(&mut self, datagram: &[u8]) -> Result<(), Errno> {
        self.io.send(datagram)?;
        let port = self.io.port()?;
        self.write(&Recorded::Sent { port, bytes: datagram.to_vec() });
        Ok(())
    }

    fn recv(&mut self, buf: &mut [u8]) -> Result<Datagram, Errno> {
        let received = self.io.recv(buf);
        match &received {
            Ok(from) => {
                let bytes = buf.get(..from.len).unwrap_or(buf).to_vec();
                self.write(&Recorded::Received { from: *from, bytes });
            }
            // Both depend on the moment, and not on what the kernel did.
            Err(Errno::EAGAIN | Errno::EINTR) => {}
            Err(errno) => self.write(&Recorded::Failed(*errno)),
        }
        received
    }

    fn catch_up(&mut self) {
        self.io.catch_up();
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.io.fd()
    }

    fn join(&mut self, group: u32) -> Result<(), Errno> {
        self.io.join(group)
    }

    fn leave(&mut self, group: u32) -> Result<(), Errno> {
        self.io.leave(group)
    }

    fn receive_buffer(&self) -> Result<usize, Errno> {
        self.io.receive_buffer()
    }

    fn set_receive_buffer(&mut self, len: usize) -> Result<(), Errno> {
        self.io.set_receive_buffer(len)
    }

    fn origin(&self) -> Origin<'_> {
        self.io.origin()
    }
}

/// A line of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Recorded {
    Sent { port: u32, bytes: Vec<u8> },
    Received { from: Datagram, bytes: Vec<u8> },
    Failed(Errno),
}

impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = match self {
            Self::Failed(Errno(errno)) => return write!(f, "! {errno}"),
            Self::Sent { port, bytes } => {
                write!(f, "> {port} ")?;
                bytes
            }
            Self::Received { from, bytes } => {
                write!(f, "< {} {} ", from.sender, from.group)?;
                match from.nsid {
                    Some(nsid) => write!(f, "{nsid} ")?,
                    None => f.write_str("- ")?,
                }
                write!(f, "{} ", from.len)?;
                bytes
            }
        };
        bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Recorded {
    /// Reads a line; `None` if it is broken.
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let this = match words.next()? {
            "!" => Self::Failed(Errno(words.next()?.parse().ok()?)),
            ">" => Self::Sent { port: words.next()?.parse().ok()?, bytes: unhex(words.next()?)? },
            "<" => {
                let from = Datagram {
                    sender: words.next()?.parse().ok()?,
                    group: words.next()?.parse().ok()?,
                    nsid: match words.next()? {
                        "-" => None,
                        nsid => Some(nsid.parse().ok()?),
                    },
                    len: words.next()?.parse().ok()?,
                    unplaced: false,
                };
                let bytes = unhex(words.next()?)?;
                // Cut off is only what did not fit.
                if bytes.len() > from.len {
                    return None;
                }
                Self::Received { from, bytes }
            }
            _ => return None,
        };
        words.next().is_none().then_some(this)
    }
}

/// The bytes behind an even number of hexadecimal digits.
fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some((digit(high)? << 4 | digit(low)?) as u8),
        _ => None,
    };
    digits.as_bytes().chunks(2).map(byte).collect()
}

/// What tells the messages of one request: sequence number, and port of the socket.
type Id = (u32, u32);

/// A recording that is being played back.
#[derive(Debug)]
pub(crate) struct Recording(VecDeque<Recorded>);

impl Recording {
    pub(crate) fn read(from: impl BufRead) -> io::Result<Self> {
        let mut lines = VecDeque::new();
        for (number, line) in (1..).zip(from.lines()) {
            let line = line?;
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some(line) = Recorded::parse(&line) else {
                let text = format!("line {number} of the recording is broken");
                return Err(io::Error::new(io::ErrorKind::InvalidData, text));
            };
            lines.push_back(line);
        }
        Ok(Self(lines))
    }

    /// What was received upon this datagram, as if by a socket with this port.
    pub(crate) fn answer(&mut self, datagram: &[u8], port: u32) -> Result<Vec<Item>, Errno> {
        let Some(Recorded::Sent { port: old_port, bytes }) = self.0.front() else {
            return Err(Errno::EBADMSG);
        };
        if anonymous(bytes) != anonymous(datagram) {
            return Err(Errno::EBADMSG);
        }
        // Which sequence number is now which.
        let seqs = |bytes| Messages::new(bytes).flatten().map(|message| message.header.seq);
        let renumber: Vec<(Id, Id)> = seqs(bytes)
            .zip(seqs(datagram))
            .map(|(old, new)| ((old, *old_port), (new, port)))
            .collect();
        self.0.pop_front();
        Ok(self.received(&renumber).into())
    }

    /// What was received before the next datagram was sent, with other sequence
    /// numbers and ports.
    pub(crate) fn received(&mut self, renumber: &[(Id, Id)]) -> VecDeque<Item> {
        let mut items = VecDeque::new();
        while let Some(mut item) = self.0.front().and_then(Recorded::item) {
            self.0.pop_front();
            if let Item::Datagram { bytes, .. } = &mut item {
                for_each_header(bytes, |header| {
                    let old = (header.seq, header.portid);
                    if let Some((_, new)) = renumber.iter().find(|(from, _)| *from == old) {
                        (header.seq, header.portid) = *new;
                    }
                });
            }
            items.push_back(item);
        }
        items
    }
}

/// A datagram without what differs each time.
fn anonymous(datagram: &[u8]) -> Vec<u8> {
    let mut bytes = datagram.to_vec();
    for_each_header(&mut bytes, |header| (header.seq, header.portid) = (0, 0));
    bytes
}

/// Changes the header of each message.
fn for_each_header(datagram: &mut [u8], mut change: impl FnMut(&mut Header)) {
    let mut start = 0;
    while let Some(message) = datagram.get_mut(start..) {
        let Some(mut header) = Header::of(message) else { return };
        let len = (header.len as usize).next_multiple_of(4);
        if len == 0 {
            return;
        }
        change(&mut header);
        header.replace_in(message);
        start += len;
    }
}
