//! Many requests, several of which are outstanding at a time.

use std::{fmt, ops::Range};

use netlink_wire::{Exchange, Header, Message, NlmFlags, Step};

use crate::{
    Errno, ExtAck, Socket,
    error::{Error, Refusal, Result},
    progress::{Progress, done},
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
    on_reply: Box<OnReply<'s>>,
    batch: Batch,
}

/// Sees replies, each with the index of its request.
type OnReply<'s> = dyn FnMut(usize, Message<'_>) + 's;

/// Requests that are made together, and those before them.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The requests that are to be sent, or wait for their answers.
    datagram: Vec<u8>,
    /// Where each of them lies.
    requests: Vec<Range<usize>>,
    /// What their answers may take of the receive buffer at most.
    cost: usize,
    budget: usize,
    /// Once they were sent.
    sent: Option<Sent>,
    report: Report,
}

/// How far the answers are.
#[derive(Debug)]
struct Sent {
    /// Sequence number of the first request.
    seq: u32,
    /// Which of them have no answer. In the end, these are unknown.
    open: Vec<bool>,
    /// Whether answers were lost: nobody waits for them.
    lossy: bool,
}

/// What became of many requests.
#[derive(Debug, Default)]
pub struct Report {
    /// How many there are.
    len: usize,
    refused: Vec<(usize, Refusal)>,
    warnings: Vec<(usize, ExtAck)>,
    unknown: Vec<usize>,
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
        let batch = Batch::new(self)?;
        Ok(Bulk { socket: self, on_reply: Box::new(|_, _| {}), batch })
    }
}

impl<'s> Bulk<'s> {
    /// Lets `on_reply` see the replies that come before the end of a request,
    /// with the index of the request. Without it they are dropped.
    pub fn on_reply(mut self, on_reply: impl FnMut(usize, Message<'_>) + 's) -> Self {
        self.on_reply = Box::new(on_reply);
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
        if self.batch.is_full(self.socket, request)? {
            self.flush()?;
        }
        self.batch.push(self.socket, request)
    }

    /// Sends the requests that wait, and blocks until all are answered.
    ///
    /// # Errors
    ///
    /// Those of [`push`](Self::push).
    pub fn flush(&mut self) -> Result<()> {
        let Self { socket, on_reply, batch } = self;
        let flushed = socket.block(|socket| batch.flush(socket, on_reply));
        flushed.inspect_err(|error| batch.fail(socket, error))
    }

    /// Sends what waits and tells what became of all requests. It blocks until
    /// all are answered.
    pub fn finish(mut self) -> Report {
        // The report has the error.
        let _ = self.flush();
        self.batch.into_report()
    }
}

impl Batch {
    /// What an acknowledgement takes of the receive buffer, in bytes, beside
    /// what it repeats of the request.
    const ACK: usize = 1024;
    /// What an echo takes, in bytes.
    const ECHO: usize = 4096;
    /// How long a datagram may get, in bytes, if it holds several requests.
    const DATAGRAM: usize = 32 * 1024;

    pub(crate) fn new(socket: &Socket) -> Result<Self> {
        Ok(Self {
            datagram: Vec::new(),
            requests: Vec::new(),
            cost: 0,
            budget: socket.receive_buffer()? / 2,
            sent: None,
            report: Report::default(),
        })
    }

    /// What the answer to a request may take of the receive buffer.
    fn cost(socket: &Socket, request: &[u8]) -> Result<usize> {
        let header = header(request)?;
        let mut cost = Self::ACK;
        if !socket.options().cap_ack {
            cost += request.len();
        }
        if header.flags.contains(NlmFlags::ECHO) {
            cost += Self::ECHO;
        }
        Ok(cost)
    }

    /// Whether what waits has to be sent before this request is added.
    pub(crate) fn is_full(&self, socket: &Socket, request: &[u8]) -> Result<bool> {
        let full = self.cost + Self::cost(socket, request)? > self.budget
            || self.requests.len() == Exchange::MAX
            || self.datagram.len() + request.len() > Self::DATAGRAM;
        Ok(self.sent.is_some() || full && !self.requests.is_empty())
    }

    /// Adds a request.
    pub(crate) fn push(&mut self, socket: &Socket, request: &[u8]) -> Result<usize> {
        if let Some(error) = &self.report.error {
            return Err(error.clone());
        }
        self.cost += Self::cost(socket, request)?;
        let start = self.datagram.len();
        self.datagram.extend_from_slice(request);
        self.requests.push(start..self.datagram.len());
        self.datagram.resize(self.datagram.len().next_multiple_of(4), 0);
        self.report.len += 1;
        Ok(self.report.len - 1)
    }

    /// Sends the requests that wait, and receives a datagram of answers at most.
    pub(crate) fn flush(
        &mut self,
        socket: &mut Socket,
        on_reply: &mut OnReply<'_>,
    ) -> Result<Progress<()>> {
        if let Some(error) = &self.report.error {
            return Err(error.clone());
        }
        if !self.requests.is_empty() {
            if self.sent.is_none() {
                self.send(socket)?;
            }
            done!(self.receive(socket, on_reply));
            self.end(socket);
        }
        Ok(Progress::Done(()))
    }

    fn send(&mut self, socket: &mut Socket) -> Result<()> {
        let seq = socket.exchange.next_seq();
        socket.exchange = Exchange::idle(seq, socket.port);
        socket.len = 0;
        for request in &self.requests {
            socket.exchange.also(&mut self.datagram[request.clone()]);
        }
        self.sent = Some(Sent { seq, open: vec![true; self.requests.len()], lossy: false });
        match socket.send(&self.datagram) {
            // More than the send buffer holds. One by one, they may fit.
            Err(error) if error.errno() == Some(Errno::EMSGSIZE) && self.requests.len() > 1 => {
                self.requests.iter().try_for_each(|at| socket.send(&self.datagram[at.clone()]))
            }
            sent => sent,
        }
    }

    /// Takes in answers, those of a datagram at most.
    fn receive(&mut self, socket: &mut Socket, on_reply: &mut OnReply<'_>) -> Result<Progress<()>> {
        let Self { datagram, requests, budget, sent, report, .. } = self;
        let Some(sent) = sent else { return Ok(Progress::Done(())) };
        let first = report.len - requests.len();
        loop {
            let index = |header: Header| header.seq.wrapping_sub(sent.seq) as usize;
            match socket.exchange.step(&socket.buf[..socket.len]) {
                Ok(Step::End) => return Ok(Progress::Done(())),
                Ok(Step::Receive) => {
                    return match socket.receive_waiting() {
                        Ok(true) => Ok(Progress::MOMENT),
                        Ok(false) if sent.lossy => Ok(Progress::Done(())),
                        Ok(false) => Ok(Progress::READABLE),
                        // What was answered before is read; the rest is unknown.
                        Err(error @ (Error::Overflow | Error::Truncated(_))) => {
                            if error == Error::Overflow && !sent.lossy {
                                *budget /= 2;
                            }
                            sent.lossy = true;
                            Ok(Progress::MOMENT)
                        }
                        Err(error) => Err(error),
                    };
                }
                Ok(Step::Reply(header, payload)) => {
                    let payload = &socket.buf[payload];
                    on_reply(first + index(header), Message { header, payload });
                }
                Ok(Step::Close(header, payload)) => {
                    let index = index(header);
                    let message = Message { header, payload: &socket.buf[payload] };
                    let request = &datagram[requests[index].clone()];
                    match closing(message, socket.protocol(), request) {
                        Ok(None) => sent.open[index] = false,
                        Ok(Some(warning)) => {
                            sent.open[index] = false;
                            report.warnings.push((first + index, warning));
                        }
                        Err(Error::Refused(refusal)) => {
                            sent.open[index] = false;
                            report.refused.push((first + index, *refusal));
                        }
                        // An answer that cannot be read tells nothing.
                        Err(_) => {}
                    }
                }
                // Answers were in what is skipped now.
                Err(_) => sent.lossy = true,
            }
        }
    }

    /// No more answers are waited for.
    pub(crate) fn end(&mut self, socket: &mut Socket) {
        let first = self.report.len - self.requests.len();
        if let Some(sent) = self.sent.take() {
            let open = sent.open.iter().zip(first..).filter(|(open, _)| **open);
            self.report.unknown.extend(open.map(|(_, index)| index));
            if sent.lossy {
                // Answers may be lost for good: nobody waits for them.
                socket.exchange = Exchange::idle(socket.exchange.next_seq(), socket.port);
            }
        }
        self.requests.clear();
        self.datagram.clear();
        self.cost = 0;
    }

    /// Requests could not be sent, or answers not be received.
    pub(crate) fn fail(&mut self, socket: &mut Socket, error: &Error) {
        self.end(socket);
        self.report.error.get_or_insert_with(|| error.clone());
    }

    pub(crate) fn into_report(mut self) -> Report {
        self.report.refused.sort_by_key(|(index, _)| *index);
        self.report
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
        if index >= self.len || self.unknown.binary_search(&index).is_ok() {
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
        self.unknown.iter().copied()
    }

    /// Why it ended early, if it did.
    pub const fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }
}

impl fmt::Debug for Bulk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk").field("report", &self.batch.report).finish_non_exhaustive()
    }
}
