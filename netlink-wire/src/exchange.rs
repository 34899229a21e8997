//! Which message is a reply to mine, and when all have come.

use core::ops::Range;

use crate::{
    error::{ErrorKind, Result},
    message::{Header, Message, Messages, NlmFlags},
    value::Pod,
};

/// Follows one request through the replies to it. It does no I/O: the caller
/// receives, and lends it each datagram for as long as it has messages.
///
/// Steps name bytes of the datagram rather than borrow it, so that one buffer
/// can be received into and read from in turns.
///
/// ```
/// use netlink_wire::{Exchange, NlmFlags, Rtm, Step, rule::{FibRuleHdr, Rule}};
///
/// let mut buf = [0; 64];
/// let request = Rule::writer(&mut buf, Rtm::GETRULE, NlmFlags::DUMP, &FibRuleHdr::default());
/// let request = { request }.finish()?;
/// let mut exchange = Exchange::start(request, 1, 4242);
/// // .. send it, and then:
/// let datagram: &[u8] = &[]; // received from the kernel, none so far
/// match exchange.step(datagram)? {
///     Step::Receive => {} // receive another datagram
///     Step::Reply(header, payload) => println!("{:?}", &datagram[payload]),
///     Step::Close(header, payload) => println!("see Ack"),
///     Step::End => {}
/// }
/// # Ok::<(), netlink_wire::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Exchange {
    seq: u32,
    portid: u32,
    /// Where in the datagram the next message starts.
    next: usize,
    closed: bool,
    flags: NlmFlags,
    strangers: u64,
}

/// What to do next in an [`Exchange`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Receive another datagram.
    Receive,
    /// Here is a reply: its header, and where its payload lies.
    Reply(Header, Range<usize>),
    /// Here is the last one, an [`Ack`](crate::Ack).
    Close(Header, Range<usize>),
    /// The exchange is over.
    End,
}

impl Step {
    /// The message that the step is about, in the datagram that it was taken from.
    pub fn message<'a>(&self, datagram: &'a [u8]) -> Option<Message<'a>> {
        match self {
            Self::Reply(header, payload) | Self::Close(header, payload) => {
                Some(Message { header: *header, payload: datagram.get(payload.clone())? })
            }
            Self::Receive | Self::End => None,
        }
    }
}

impl Exchange {
    /// The exchange that a request with this sequence number starts, from the
    /// socket with this port.
    pub const fn new(seq: u32, portid: u32) -> Self {
        Self { seq, portid, next: 0, closed: false, flags: NlmFlags(0), strangers: 0 }
    }

    /// Makes a message a request, and starts its exchange.
    ///
    /// It sets the sequence number, `NLM_F_REQUEST`, and unless it is a dump
    /// `NLM_F_ACK`: without it the kernel would not answer to an end.
    pub fn start(message: &mut [u8], seq: u32, portid: u32) -> Self {
        if let Some(mut header) = Header::of(message) {
            header.flags |= NlmFlags::REQUEST;
            if !header.flags.intersects(NlmFlags::DUMP) {
                header.flags |= NlmFlags::ACK;
            }
            header.seq = seq;
            header.replace_in(message);
        }
        Self::new(seq, portid)
    }

    /// The next step, given the datagram that was received last; empty if none was.
    ///
    /// # Errors
    ///
    /// The datagram has a message with a broken length, or says that data was
    /// lost. The rest of it is skipped; the exchange is not over.
    #[inline]
    pub fn step(&mut self, datagram: &[u8]) -> Result<Step> {
        while !self.closed {
            let start = self.next;
            let mut messages = Messages::at(datagram, start);
            let message = match messages.next() {
                Some(Ok(message)) => message,
                Some(Err(error)) => {
                    self.next = datagram.len();
                    return Err(error);
                }
                None => {
                    self.next = 0;
                    return Ok(Step::Receive);
                }
            };
            self.next = messages.offset();
            let header = message.header;
            if header.kind == Header::OVERRUN {
                return Err(ErrorKind::Truncated.at("NLMSG_OVERRUN", start as u32));
            }
            if header.seq != self.seq || header.portid != self.portid {
                self.strangers += 1;
                continue;
            }
            if header.kind == Header::NOOP {
                continue;
            }
            self.flags |= header.flags;
            let payload = start + Header::LEN..start + header.len as usize;
            if let Header::DONE | Header::ERROR = header.kind {
                self.closed = true;
                return Ok(Step::Close(header, payload));
            }
            return Ok(Step::Reply(header, payload));
        }
        Ok(Step::End)
    }

    /// Whether the exchange is over.
    pub const fn is_over(&self) -> bool {
        self.closed
    }

    /// Whether any message so far said `NLM_F_DUMP_INTR`: the dump may lack or
    /// repeat entries.
    pub const fn is_interrupted(&self) -> bool {
        self.flags.contains(NlmFlags::DUMP_INTR)
    }

    /// Whether any message so far said `NLM_F_DUMP_FILTERED`.
    pub const fn is_filtered(&self) -> bool {
        self.flags.contains(NlmFlags::DUMP_FILTERED)
    }

    /// How many messages were no replies to this request: left over from an
    /// earlier one, or notifications.
    pub const fn strangers(&self) -> u64 {
        self.strangers
    }
}
