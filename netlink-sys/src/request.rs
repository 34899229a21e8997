use std::ops::Range;

use netlink_wire::{Ack, ErrorKind, Header, Message, Step};

use crate::{
    Errno, ExtAck, Protocol, Socket,
    error::{Error, Refusal, Result},
    progress::{Progress, done},
    trace::Span,
};

/// The replies to one request.
///
/// Not an [`Iterator`]: each message borrows the socket's buffer, which the
/// next call may overwrite. It may be dropped at any time; the socket reads the
/// rest before it is used again.
#[derive(Debug)]
pub struct Replies<'s> {
    pub(crate) socket: &'s mut Socket,
    answers: Answers,
}

/// How far the replies to a request are.
#[derive(Debug)]
pub(crate) struct Answers {
    pub(crate) span: Span,
    warning: Option<ExtAck>,
    /// Why replies are missing, if some are.
    lost: Option<Error>,
}

/// A message in the socket's buffer: its header, and where its payload lies.
pub(crate) type Found = (Header, Range<usize>);

impl Answers {
    /// Those to a request that was just sent.
    pub(crate) const fn new(span: Span) -> Self {
        Self { span, warning: None, lost: None }
    }

    /// Finds the next reply, and receives a datagram for it at most.
    #[inline]
    pub(crate) fn step(&mut self, socket: &mut Socket) -> Result<Progress<Option<Found>>> {
        match socket.reply() {
            Some(found) => Ok(Progress::Done(Some(found))),
            None => self.other_step(socket),
        }
    }

    /// What is no reply, which is rare.
    #[cold]
    fn other_step(&mut self, socket: &mut Socket) -> Result<Progress<Option<Found>>> {
        loop {
            let step = socket.exchange.step(&socket.buf[..socket.len]);
            if let Err(error) = step {
                self.lost = Some(Error::Wire(error));
                self.span.lost(&Error::Wire(error));
            }
            match step? {
                Step::Reply(header, payload) => return Ok(Progress::Done(Some((header, payload)))),
                Step::Receive => return self.receive(socket),
                Step::Close(header, payload) => {
                    let message = Message { header, payload: &socket.buf[payload] };
                    let closed = closing(message, socket.protocol(), &socket.kept);
                    self.span.ended(&closed);
                    self.warning = closed?;
                }
                Step::End => return self.lost.clone().map_or(Ok(Progress::Done(None)), Err),
            }
        }
    }

    fn receive<T>(&mut self, socket: &mut Socket) -> Result<Progress<T>> {
        let received = self.span.within(|| socket.receive_waiting());
        if let Err(lost @ (Error::Overflow | Error::Truncated(_))) = &received {
            self.span.lost(lost);
            self.lost = Some(lost.clone());
        }
        match (received?, &self.lost) {
            (true, _) => Ok(Progress::MOMENT),
            (false, None) => Ok(Progress::READABLE),
            // Who waited for what is lost would wait forever.
            (false, Some(lost)) => Err(lost.clone()),
        }
    }

    /// Drops replies until their end.
    pub(crate) fn finish(&mut self, socket: &mut Socket) -> Result<Progress<()>> {
        while done!(self.step(socket)).is_some() {}
        Ok(Progress::Done(()))
    }

    pub(crate) const fn warning(&self) -> Option<&ExtAck> {
        self.warning.as_ref()
    }

    pub(crate) fn into_warning(self) -> Option<ExtAck> {
        self.warning
    }
}

impl<'s> Replies<'s> {
    pub(crate) const fn new(socket: &'s mut Socket, answers: Answers) -> Self {
        Self { socket, answers }
    }

    /// Receives the next reply, or `None` after the last. It blocks until
    /// either comes.
    ///
    /// # Errors
    ///
    /// - [`Error::Refused`]: the kernel refused the request, or a dump failed
    ///   half-way. There are no more replies.
    /// - [`Error::Truncated`], [`Error::Overflow`], [`Error::Wire`]: replies
    ///   were lost, perhaps the last one, as they did not fit or the header of
    ///   one is broken. Further calls return what still waits, without blocking,
    ///   and in the end the error again.
    /// - [`Error::TimedOut`], [`Error::Woken`]: the wait ended early. The next
    ///   call goes on.
    /// - [`Error::Os`]: a system call failed.
    #[inline]
    pub fn recv(&mut self) -> Result<Option<Message<'_>>> {
        // Not by way of a step: it would be copied three times.
        if let Some(found) = self.socket.reply() {
            return Ok(Some(self.socket.message(found)));
        }
        Ok(self.next()?.map(|found| self.socket.message(found)))
    }

    /// Receives the next reply and tells where it lies.
    pub(crate) fn next(&mut self) -> Result<Option<Found>> {
        self.socket.block(|socket| self.answers.step(socket))
    }

    /// Reads the replies to their end, dropping them, and returns what the
    /// kernel said although the request succeeded. It blocks until then.
    ///
    /// # Errors
    ///
    /// Those of [`recv`](Self::recv).
    pub fn finish(mut self) -> Result<Option<ExtAck>> {
        self.socket.block(|socket| self.answers.finish(socket))?;
        Ok(self.answers.into_warning())
    }

    /// Whether the kernel said so far that something changed during the dump,
    /// which may therefore lack or repeat entries: `NLM_F_DUMP_INTR`. Most
    /// tables never say so.
    pub const fn is_interrupted(&self) -> bool {
        self.socket.exchange.is_interrupted()
    }

    /// Whether the kernel said that it filtered the dump as the request asks
    /// for: `NLM_F_DUMP_FILTERED`. If not, the replies have to be filtered again.
    pub const fn is_filtered(&self) -> bool {
        self.socket.exchange.is_filtered()
    }

    /// What the kernel said although the request succeeded, once all replies
    /// have come.
    pub const fn warning(&self) -> Option<&ExtAck> {
        self.answers.warning()
    }

    /// How many messages were no replies to this request: notifications, and
    /// what earlier requests left.
    pub const fn others(&self) -> u64 {
        self.socket.exchange.strangers() + self.socket.notifications
    }
}

/// The header of a request, which has to be one whole message: the kernel would
/// not answer to anything else.
///
/// # Errors
///
/// It is none.
pub(crate) fn header(request: &[u8]) -> Result<Header> {
    match Header::of(request) {
        Some(header) if header.len as usize == request.len() => Ok(header),
        _ => {
            let kind = ErrorKind::Length(request.len() as u32);
            Err(Error::Wire(netlink_wire::Error { context: "nlmsghdr", offset: 0, kind }))
        }
    }
}

/// Reads the message that closes an exchange: a refusal, or perhaps a warning.
pub(crate) fn closing(
    message: Message<'_>,
    protocol: Protocol,
    request: &[u8],
) -> Result<Option<ExtAck>> {
    let ack = Ack::parse(message)?;
    let ext_ack = ExtAck::of(&ack, protocol, request);
    match ack.errno() {
        None => Ok(Some(ext_ack).filter(|ext_ack| *ext_ack != ExtAck::default())),
        Some(errno) => {
            let ended_dump = message.header.kind == Header::DONE;
            Err(Error::Refused(Box::new(Refusal { errno: Errno(errno), ext_ack, ended_dump })))
        }
    }
}
