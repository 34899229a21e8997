//! Many requests, several of which are outstanding at a time.

use std::{fmt, ops::Range};

use netlink_wire::{Exchange, Header, Message, NlmFlags, Step};

use crate::{
    ExtAck, Socket,
    error::{Error, Refusal, Result},
    request::{closing, header},
};

/// Makes many requests; started by [`Socket::bulk`].
///
/// They are sent several at a time, but never so many that the answers could
/// overflow the socket's receive buffer.
///
/// ```no_run
/// # use netlink_sys::{Protocol, Socket};
/// # use netlink_wire::{NlmFlags, Rtm, rule::{FibRuleHdr, FrAct, Rule, RuleAttr}};
/// let mut socket = Socket::open(Protocol::ROUTE)?;
/// let mut bulk = socket.bulk()?;
/// let rule = FibRuleHdr { family: 2, action: FrAct::BLACKHOLE, ..FibRuleHdr::default() };
/// for priority in 1000..2000 {
///     let mut buf = [0; 64];
///     bulk.push(
///         Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags::CREATE | NlmFlags::EXCL, &rule)
///             .push(RuleAttr::Priority(priority))
///             .finish()?,
///     )?;
/// }
/// let report = bulk.finish();
/// for (index, refusal) in report.refused() {
///     println!("rule {}: {refusal}", 1000 + index);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "what was pushed last is sent by `finish`"]
pub struct Bulk<'s> {
    socket: &'s mut Socket,
    on_reply: Option<Box<OnReply<'s>>>,
    /// Where each request that waits to be sent lies in the socket's `kept`.
    requests: Vec<Range<usize>>,
    /// What their answers may take of the receive buffer at most.
    cost: usize,
    budget: usize,
    report: Report,
}

/// Sees replies, each with the index of its request.
type OnReply<'s> = dyn FnMut(usize, Message<'_>) + 's;

/// What became of many requests.
#[derive(Debug, Default)]
pub struct Report {
    /// How many there are.
    len: usize,
    refused: Vec<(usize, Refusal)>,
    warnings: Vec<(usize, ExtAck)>,
    unknown: Vec<Range<usize>>,
    error: Option<Error>,
}

/// What became of one request among many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// The kernel did it.
    Done,
    /// The kernel refused it.
    Refused(&'a Refusal),
    /// There is no telling: the answer was lost, or has not come.
    Unknown,
}

impl Socket {
    /// Starts to make many requests. What an earlier request left unread is read
    /// first, which is when it blocks.
    ///
    /// # Errors
    ///
    /// A system call fails, or the wait for the earlier request ends early.
    pub fn bulk(&mut self) -> Result<Bulk<'_>> {
        self.settle()?;
        self.kept.clear();
        let budget = self.receive_buffer()? / 2;
        Ok(Bulk {
            socket: self,
            on_reply: None,
            requests: Vec::new(),
            cost: 0,
            budget,
            report: Report::default(),
        })
    }
}

impl<'s> Bulk<'s> {
    /// What an acknowledgement takes of the receive buffer, in bytes, beside
    /// what it repeats of the request.
    const ACK: usize = 1024;
    /// What an echo takes, in bytes.
    const ECHO: usize = 4096;
    /// How long a datagram may get, in bytes, if it holds several requests.
    const DATAGRAM: usize = 32 * 1024;

    /// Lets `on_reply` see the replies that come before the end of a request,
    /// with the index of the request. Without it they are dropped.
    pub fn on_reply(mut self, on_reply: impl FnMut(usize, Message<'_>) + 's) -> Self {
        self.on_reply = Some(Box::new(on_reply));
        self
    }

    /// Adds a request, and returns its index. If as many wait as may be
    /// outstanding, they are sent first; then it blocks until all are answered.
    ///
    /// # Errors
    ///
    /// The message is none ([`Error::Wire`]), and has not been added. Or an
    /// earlier request could not be sent or its answer not be received; no more
    /// can be added then, and [`finish`](Self::finish) tells how far it got.
    /// That the kernel refuses a request is no error here.
    pub fn push(&mut self, request: &mut [u8]) -> Result<usize> {
        let header = header(request)?;
        let mut cost = Self::ACK;
        if !self.socket.options().cap_ack {
            cost += request.len();
        }
        if header.flags.contains(NlmFlags::ECHO) {
            cost += Self::ECHO;
        }
        let full = self.cost + cost > self.budget
            || self.requests.len() == Exchange::MAX
            || self.socket.kept.len() + request.len() > Self::DATAGRAM;
        if full && !self.requests.is_empty() {
            self.flush()?;
        }
        if let Some(error) = &self.report.error {
            return Err(error.clone());
        }
        let kept = &mut self.socket.kept;
        let start = kept.len();
        kept.extend_from_slice(request);
        self.requests.push(start..kept.len());
        kept.resize(kept.len().next_multiple_of(4), 0);
        self.cost += cost;
        self.report.len += 1;
        Ok(self.report.len - 1)
    }

    /// Sends the requests that wait, and blocks until all are answered.
    ///
    /// # Errors
    ///
    /// Those of [`push`](Self::push).
    pub fn flush(&mut self) -> Result<()> {
        if let Some(error) = &self.report.error {
            return Err(error.clone());
        }
        let result = self.round();
        self.requests.clear();
        self.socket.kept.clear();
        self.cost = 0;
        self.report.error = result.clone().err().or(self.report.error.take());
        result
    }

    /// Sends what waits and tells what became of all requests. It blocks until
    /// all are answered.
    pub fn finish(mut self) -> Report {
        // The report has the error.
        let _ = self.flush();
        self.report.refused.sort_by_key(|(index, _)| *index);
        self.report
    }

    /// Sends the requests that wait and receives the answers to them.
    fn round(&mut self) -> Result<()> {
        let Self { socket, on_reply, requests, report, budget, .. } = self;
        if requests.is_empty() {
            return Ok(());
        }
        let first = report.len - requests.len();
        // Those that have no answer in the end are unknown.
        let mut open = vec![true; requests.len()];
        let seq = socket.exchange.next_seq();
        socket.exchange = Exchange::idle(seq, socket.port);
        socket.len = 0;
        let kept = std::mem::take(&mut socket.kept);
        let mut datagram = kept.clone();
        for request in requests.iter() {
            socket.exchange.also(&mut datagram[request.clone()]);
        }
        let mut result = socket.send(&datagram);
        let deadline = socket.limit();
        let mut lossy = false;
        while result.is_ok() {
            let index = |header: Header| header.seq.wrapping_sub(seq) as usize;
            match socket.exchange.step(&socket.buf[..socket.len]) {
                Ok(Step::End) => break,
                Ok(Step::Receive) if lossy => match socket.receive_waiting() {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(Error::Overflow | Error::Truncated(_)) => {}
                    Err(error) => result = Err(error),
                },
                Ok(Step::Receive) => match socket.receive(deadline) {
                    Ok(()) => {}
                    // What was answered before is read; the rest is unknown.
                    Err(Error::Truncated(_)) => lossy = true,
                    Err(Error::Overflow) => {
                        lossy = true;
                        *budget /= 2;
                    }
                    Err(error) => result = Err(error),
                },
                Ok(Step::Reply(header, payload)) => {
                    if let Some(on_reply) = on_reply {
                        let payload = &socket.buf[payload];
                        on_reply(first + index(header), Message { header, payload });
                    }
                }
                Ok(Step::Close(header, payload)) => {
                    let index = index(header);
                    let message = Message { header, payload: &socket.buf[payload] };
                    let request = &kept[requests[index].clone()];
                    match closing(message, socket.protocol(), request) {
                        Ok(None) => open[index] = false,
                        Ok(Some(warning)) => {
                            open[index] = false;
                            report.warnings.push((first + index, warning));
                        }
                        Err(Error::Refused(refusal)) => {
                            open[index] = false;
                            report.refused.push((first + index, *refusal));
                        }
                        // An answer that cannot be read tells nothing.
                        Err(_) => {}
                    }
                }
                // Answers were in what is skipped now.
                Err(_) => lossy = true,
            }
        }
        for (index, _) in open.iter().enumerate().filter(|(_, open)| **open) {
            let index = first + index;
            match report.unknown.last_mut() {
                Some(range) if range.end == index => range.end += 1,
                _ => report.unknown.push(index..index + 1),
            }
        }
        if lossy {
            // Answers may be lost for good: nobody waits for them.
            socket.exchange = Exchange::idle(socket.exchange.next_seq(), socket.port);
        }
        socket.kept = kept;
        result
    }
}

impl Report {
    /// How many requests were made.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether none was made.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What became of the request with this index.
    pub fn outcome(&self, index: usize) -> Outcome<'_> {
        if index >= self.len || self.unknown.iter().any(|range| range.contains(&index)) {
            return Outcome::Unknown;
        }
        match self.refused.binary_search_by_key(&index, |(index, _)| *index) {
            Ok(at) => Outcome::Refused(&self.refused[at].1),
            Err(_) => Outcome::Done,
        }
    }

    /// Whether the kernel did all.
    pub fn is_done(&self) -> bool {
        self.refused.is_empty() && self.unknown.is_empty() && self.error.is_none()
    }

    /// What the kernel refused, each with the index of its request.
    pub fn refused(&self) -> &[(usize, Refusal)] {
        &self.refused
    }

    /// What the kernel did with a warning, each with the index of its request.
    pub fn warnings(&self) -> &[(usize, ExtAck)] {
        &self.warnings
    }

    /// Indices of the requests of which it is not known what became.
    pub fn unknown(&self) -> impl Iterator<Item = usize> + '_ {
        self.unknown.iter().cloned().flatten()
    }

    /// Why it ended early, if it did.
    pub const fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }
}

impl fmt::Debug for Bulk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk").field("report", &self.report).finish_non_exhaustive()
    }
}
