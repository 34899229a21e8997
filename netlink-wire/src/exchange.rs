//! Which message is a reply to mine, and when all have come.

use core::ops::Range;

use crate::{
    error::{ErrorKind, Result},
    message::{Header, Message, Messages, NlmFlags},
    value::Pod,
};

/// Follows a request through the replies to it. It does no I/O: the caller
/// receives, and lends it each datagram for as long as it has messages.
///
/// Up to [`MAX`](Self::MAX) requests can be outstanding at once; see
/// [`also`](Self::also).
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
    /// Sequence number of the request that bit 0 of `open` is about.
    seq: u32,
    portid: u32,
    /// Sequence number of the next request to be added.
    next_seq: u32,
    /// The requests that have no end yet, one bit each.
    open: u64,
    /// Where in the datagram the next message starts.
    next: usize,
    /// Whether a notification can be a reply, for `NLM_F_ECHO` asked for it.
    echo: bool,
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
    /// Here is the last one to a request, an [`Ack`](crate::Ack).
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
    /// How many requests can be outstanding.
    pub const MAX: usize = u64::BITS as usize;

    /// The exchange that a request with this sequence number starts, from the
    /// socket with this port.
    pub const fn new(seq: u32, portid: u32) -> Self {
        Self { open: 1, next_seq: seq.wrapping_add(1), ..Self::idle(seq, portid) }
    }

    /// An exchange without a request so far. The first one that is added gets
    /// this sequence number.
    pub const fn idle(seq: u32, portid: u32) -> Self {
        let (next_seq, flags) = (seq, NlmFlags(0));
        Self { seq, next_seq, portid, open: 0, next: 0, echo: false, flags, strangers: 0 }
    }

    /// Makes a message a request, and starts its exchange.
    ///
    /// It sets the sequence number, `NLM_F_REQUEST`, and `NLM_F_ACK`: without
    /// it the kernel would not answer to an end. A dump ends with `NLMSG_DONE`
    /// all the same, and with that alone.
    pub fn start(message: &mut [u8], seq: u32, portid: u32) -> Self {
        let mut exchange = Self::idle(seq, portid);
        exchange.also(message);
        exchange
    }

    /// Makes a message a request as [`start`](Self::start) does, and adds it to
    /// the exchange. Its sequence number, which is returned, is one above that
    /// of the request before it.
    ///
    /// It returns `None` and leaves all as it was if the request would be
    /// [`MAX`](Self::MAX) or more above the oldest one that has no end yet.
    pub fn also(&mut self, message: &mut [u8]) -> Option<u32> {
        let seq = self.next_seq;
        self.open |= 1u64.checked_shl(seq.wrapping_sub(self.seq))?;
        self.next_seq = seq.wrapping_add(1);
        if let Some(mut header) = Header::of(message) {
            header.flags |= NlmFlags::REQUEST | NlmFlags::ACK;
            self.echo |= header.flags.contains(NlmFlags::ECHO);
            header.seq = seq;
            header.replace_in(message);
        }
        Some(seq)
    }

    /// Tells the port of the socket, where it has none before it first sends.
    pub const fn set_port(&mut self, portid: u32) {
        self.portid = portid;
    }

    /// Whether a datagram can hold replies: it is from the kernel (port 0), and
    /// not sent to a group unless a request asked for an echo.
    pub const fn takes(&self, sender: u32, group: u32) -> bool {
        sender == 0 && (group == 0 || self.echo)
    }

    /// The next reply: its header, and where its payload lies in the datagram that was received last.
    /// If that has something else next, or nothing, it returns `None` and leaves all as it was:
    /// [`step`](Self::step) tells what.
    ///
    /// Replies are most of what is received. Who asks for them first reads them faster.
    #[inline(always)] // Else each reply is copied once more.
    pub fn reply(&mut self, datagram: &[u8]) -> Option<(Header, Range<usize>)> {
        let start = self.next;
        let mut messages = Messages::at(datagram, start);
        let header = messages.next()?.ok()?.header;
        if header.is_control() || self.request_of(header) == 0 {
            return None;
        }
        self.next = messages.offset();
        self.flags |= header.flags;
        Some((header, start + Header::LEN..start + header.len as usize))
    }

    /// The bit of the open request that a message belongs to; 0 if to none.
    fn request_of(&self, header: Header) -> u64 {
        let bit = 1u64.checked_shl(header.seq.wrapping_sub(self.seq)).unwrap_or_default();
        if header.portid == self.portid { self.open & bit } else { 0 }
    }

    /// The next step, given the datagram that was received last; empty if none was.
    ///
    /// # Errors
    ///
    /// The datagram has a message with a broken length, or says that data was
    /// lost. The rest of it is skipped; the exchange is not over.
    #[inline]
    pub fn step(&mut self, datagram: &[u8]) -> Result<Step> {
        while self.open != 0 {
            if let Some((header, payload)) = self.reply(datagram) {
                return Ok(Step::Reply(header, payload));
            }
            if let Some(step) = self.no_reply(datagram)? {
                return Ok(step);
            }
        }
        Ok(Step::End)
    }

    /// Takes in a message that is no reply, if there is any; `None` if it is of no interest.
    #[cold]
    fn no_reply(&mut self, datagram: &[u8]) -> Result<Option<Step>> {
        let start = self.next;
        let mut messages = Messages::at(datagram, start);
        let header = match messages.next() {
            Some(Ok(message)) => message.header,
            Some(Err(error)) => {
                self.next = datagram.len();
                return Err(error);
            }
            None => {
                self.next = 0;
                return Ok(Some(Step::Receive));
            }
        };
        self.next = messages.offset();
        if header.kind == Header::OVERRUN {
            return Err(ErrorKind::Truncated.at("NLMSG_OVERRUN", start as u32));
        }
        let bit = self.request_of(header);
        if bit == 0 {
            self.strangers += 1;
            return Ok(None);
        }
        if header.kind == Header::NOOP {
            return Ok(None);
        }
        // What is left is an acknowledgement, an error, or the end of a dump.
        self.flags |= header.flags;
        #[cfg(planted_bug)]
        if crate::planted::trips("exchange", "NLM_F_DUMP_INTR of NLMSG_DONE", &[]) {
            self.flags = NlmFlags(self.flags.0 & !(header.flags.0 & NlmFlags::DUMP_INTR.0));
        }
        self.close(bit);
        Ok(Some(Step::Close(header, start + Header::LEN..start + header.len as usize)))
    }

    /// Ends a request, and moves on to the oldest one that is open.
    fn close(&mut self, bit: u64) {
        self.open &= !bit;
        let ended = match self.open {
            0 => self.next_seq.wrapping_sub(self.seq),
            open => open.trailing_zeros(),
        };
        self.seq = self.seq.wrapping_add(ended);
        self.open = self.open.checked_shr(ended).unwrap_or_default();
    }

    /// The sequence number that the next request would get.
    pub const fn next_seq(&self) -> u32 {
        self.next_seq
    }

    /// Whether the exchange is over: no request is without its end.
    pub const fn is_over(&self) -> bool {
        self.open == 0
    }

    /// How many requests have no end yet.
    pub const fn outstanding(&self) -> u32 {
        self.open.count_ones()
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
