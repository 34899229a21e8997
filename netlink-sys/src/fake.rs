//! A stand-in for the kernel, to test programs with.
//!
//! It takes the place of the kernel below everything else, so that a program
//! runs as it is: requests, dumps, bulk writes and events. It answers from a
//! model, which is a function of the test, or from a recording of the real
//! kernel ([`Socket::record`](crate::Socket::record)). Like the kernel, it drops events when a receive
//! buffer is full, and has one dump a socket.
//!
//! ```
//! use netlink_sys::{Errno, Protocol, Socket, fake::{FakeKernel, Fault}, table::Rules};
//! use netlink_wire::{NlmFlags, Rtm, rule::{FibRuleHdr, Rule, RuleAttr}};
//!
//! let kernel = FakeKernel::new(|request, answer| {
//!     if request.header.kind != Rtm::GETRULE.0 {
//!         return answer.refuse(Errno::EOPNOTSUPP);
//!     }
//!     for priority in [0, 32766] {
//!         let mut buf = [0; 64];
//!         let rule = FibRuleHdr { family: 2, ..FibRuleHdr::default() };
//!         let rule = Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags::default(), &rule)
//!             .push(RuleAttr::Priority(priority))
//!             .finish();
//!         answer.reply(rule.unwrap());
//!     }
//! });
//! let mut socket = Socket::builder(Protocol::ROUTE).on(&kernel).open()?;
//! let dump = socket.dump(Rules::ipv4())?;
//! let priorities = dump.collect(|rule| rule.get(RuleAttr::Priority).unwrap())?;
//! assert_eq!(priorities.entries, [Some(0), Some(32766)]);
//!
//! kernel.inject(Fault::Done(Errno::ENOMEM));
//! let error = socket.dump(Rules::ipv4())?.collect(|_| ()).unwrap_err();
//! assert_eq!(error.errno(), Some(Errno::ENOMEM));
//! # Ok::<(), netlink_sys::Error>(())
//! ```

use std::{
    collections::{BTreeMap, VecDeque},
    fmt, io,
    os::fd::{AsFd, BorrowedFd},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use netlink_wire::{AckAttr, Header, Message, Messages, Nla, NlmFlags, Pod, Whole, Writer};
use nix::sys::eventfd::{EfdFlags, EventFd};

use crate::{
    Errno, Protocol,
    error::{Error, Result},
    record::{Recorded, Recording},
    transport::{Datagram, Origin, Transport},
};

/// A stand-in for the kernel; see the [module](self).
///
/// Clones are the same one.
#[derive(Clone)]
pub struct FakeKernel(Arc<Mutex<State>>);

/// What goes wrong with the next answer or notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is lost, for the receive buffer is full: `ENOBUFS`.
    Overflow,
    /// In the next dump, the message with this index, counted from 0, says
    /// `NLM_F_DUMP_INTR`; if there are fewer, the end does.
    Interrupt(usize),
    /// The next dump ends with this errno in `NLMSG_DONE`.
    Done(Errno),
    /// Its first datagram is longer than the buffer of whoever receives it.
    Truncate,
    /// Before it comes the datagram of a process with this port, which looks like
    /// the end of the exchange.
    Stranger(u32),
    /// Its messages have an attribute at their end that nobody knows.
    NewerKernel,
    /// Its first datagram has a message that claims to be longer than it is.
    Broken,
    /// The next system call to receive fails so.
    Receive(Errno),
    /// The next system call to send fails so.
    Send(Errno),
}

/// What a model answers to a request.
///
/// Unless it refuses, the request succeeds: a dump ends with `NLMSG_DONE`, all
/// else is acknowledged.
#[derive(Debug, Default)]
pub struct Answer {
    replies: Vec<Vec<u8>>,
    errno: Option<Errno>,
    attrs: Vec<u8>,
    filtered: bool,
    events: Vec<(u32, Option<i32>, Vec<u8>)>,
}

impl Answer {
    /// Adds a reply. The fake sets its port and sequence number, and in a dump
    /// `NLM_F_MULTI`.
    pub fn reply(&mut self, message: &[u8]) {
        self.replies.push(message.to_vec());
    }

    /// Refuses the request; a dump that has replies fails after them.
    pub fn refuse(&mut self, errno: Errno) {
        self.errno = Some(errno);
    }

    /// What the kernel says beside success or refusal.
    ///
    /// # Panics
    ///
    /// It is longer than 64 KiB.
    pub fn ext_ack(&mut self, fill: impl FnOnce(&mut Writer<'_, AckAttr<'static>, Whole>)) {
        let mut buf = vec![0; 1 << 16];
        let mut writer = Writer::new(&mut buf, 0, NlmFlags::default(), &[0u8; 0]);
        fill(&mut writer);
        // It fits, or the test has to hear of it.
        let message = writer.finish().expect("an extended acknowledgement of 64 KiB at most");
        self.attrs = message.get(Header::LEN..).unwrap_or_default().to_vec();
    }

    /// Says that the dump was filtered as the request asked for.
    pub fn filtered(&mut self) {
        self.filtered = true;
    }

    /// Adds an event that the request causes, which is sent before the answer.
    pub fn notify(&mut self, group: impl Into<u32>, message: &[u8]) {
        self.events.push((group.into(), None, message.to_vec()));
    }
}

impl FakeKernel {
    /// A kernel that answers each request as `model` says. The model must not
    /// use the fake itself; [`Answer::notify`] sends events.
    pub fn new(model: impl FnMut(Message<'_>, &mut Answer) + Send + 'static) -> Self {
        Self::with(Mind::Model(Box::new(model)))
    }

    /// A kernel that answers as a recording has it, request by request. A
    /// request that differs from the next one of the recording cannot be sent:
    /// `EBADMSG`. Sequence numbers and ports need not be the same.
    ///
    /// # Errors
    ///
    /// The recording cannot be read; a broken line is `InvalidData`.
    pub fn replay(recording: impl io::BufRead) -> io::Result<Self> {
        Recording::read(recording).map(|recording| Self::with(Mind::Recording(recording)))
    }

    fn with(mind: Mind) -> Self {
        let (queues, faults, next_port) = (BTreeMap::new(), Vec::new(), 1 << 12);
        Self(Arc::new(Mutex::new(State { mind, queues, faults, next_port })))
    }

    /// Lets something go wrong with the next answer or notification. Several
    /// faults add up.
    pub fn inject(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// Sends an event to a group, from another namespace if an id is given.
    pub fn notify(&self, group: impl Into<u32>, nsid: Option<i32>, message: &[u8]) {
        self.state().notify(group.into(), nsid, message);
    }

    /// Opens a socket.
    pub(crate) fn open(
        &self,
        protocol: Protocol,
        receive_buffer: Option<usize>,
    ) -> Result<FakeSocket> {
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        let readable = Arc::new(EventFd::from_flags(flags).map_err(Error::os("eventfd"))?);
        let mut state = self.state();
        let port = state.next_port;
        state.next_port += 1;
        let mut queue = Queue {
            protocol,
            readable: readable.clone(),
            items: VecDeque::new(),
            groups: Vec::new(),
            limit: receive_buffer.map_or(212_992, Queue::limit),
            overrun: false,
            congested: false,
        };
        if let Mind::Recording(recording) = &mut state.mind {
            // What came before anything was sent, as it does to a listener.
            queue.items = recording.received(&[]);
        }
        queue.signal();
        state.queues.insert(port, queue);
        drop(state);
        Ok(FakeSocket { kernel: self.clone(), port, readable })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FakeKernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeKernel").finish_non_exhaustive()
    }
}

/// What answers.
enum Mind {
    Model(Box<Model>),
    Recording(Recording),
}

type Model = dyn FnMut(Message<'_>, &mut Answer) + Send;

struct State {
    mind: Mind,
    /// By port.
    queues: BTreeMap<u32, Queue>,
    faults: Vec<Fault>,
    next_port: u32,
}

/// What waits for one socket.
#[derive(Debug)]
struct Queue {
    protocol: Protocol,
    readable: Arc<EventFd>,
    items: VecDeque<Item>,
    groups: Vec<u32>,
    limit: usize,
    /// Whether `ENOBUFS` is to be told.
    overrun: bool,
    /// Whether all is dropped until the queue is empty.
    congested: bool,
}

/// Something to receive.
#[derive(Debug)]
pub(crate) enum Item {
    /// A datagram. It is cut off at its length, which `len` need not be.
    Datagram {
        /// Where it is from.
        from: Datagram,
        /// What of it was there to see.
        bytes: Vec<u8>,
        /// Whether it is a part of a dump.
        dump: bool,
    },
    /// An error.
    Error(Errno),
}

impl Queue {
    /// What an item takes of the receive buffer beside its length, in bytes.
    const OVERHEAD: usize = 512;

    /// What the kernel makes of the size that was asked for: twice as much.
    fn limit(len: usize) -> usize {
        len.saturating_mul(2).max(2_304)
    }

    fn used(&self) -> usize {
        let cost = |item: &Item| match item {
            // A dump waits for its reader.
            Item::Datagram { dump: true, .. } | Item::Error(_) => 0,
            Item::Datagram { bytes, .. } => Self::OVERHEAD + bytes.len(),
        };
        self.items.iter().map(cost).sum()
    }

    fn push(&mut self, item: Item) {
        if self.congested || self.used() > self.limit {
            self.overflow();
        } else {
            self.items.push_back(item);
        }
        self.signal();
    }

    fn overflow(&mut self) {
        self.overrun |= !self.congested;
        self.congested = true;
    }

    fn pop(&mut self) -> Result<Item, Errno> {
        if std::mem::take(&mut self.overrun) {
            self.congested = !self.items.is_empty();
            self.signal();
            return Err(Errno::ENOBUFS);
        }
        let item = self.items.pop_front();
        self.congested &= !self.items.is_empty();
        self.signal();
        item.ok_or(Errno::EAGAIN)
    }

    /// Makes the file readable or not, as there is something or nothing.
    fn signal(&self) {
        // Both fail only if it is that already.
        let _ = match self.items.is_empty() && !self.overrun {
            true => self.readable.read().map(drop),
            false => self.readable.write(1).map(drop),
        };
    }
}

impl State {
    fn take_faults(&mut self, is_wanted: impl Fn(&Fault) -> bool) -> Vec<Fault> {
        let (wanted, others) = self.faults.drain(..).partition(is_wanted);
        self.faults = others;
        wanted
    }

    fn send(&mut self, port: u32, datagram: &[u8]) -> Result<(), Errno> {
        let failing = self.take_faults(|fault| matches!(fault, Fault::Send(_)));
        if let Some(Fault::Send(errno)) = failing.first() {
            return Err(*errno);
        }
        if let Mind::Recording(recording) = &mut self.mind {
            let received = recording.answer(datagram, port)?;
            if let Some(queue) = self.queues.get_mut(&port) {
                received.into_iter().for_each(|item| queue.push(item));
            }
            return Ok(());
        }
        for message in Messages::new(datagram).map_while(std::result::Result::ok) {
            if message.header.flags.contains(NlmFlags::REQUEST) {
                self.answer(port, message);
            }
        }
        Ok(())
    }

    fn answer(&mut self, port: u32, request: Message<'_>) {
        let header = request.header;
        let dump = self.queues.get(&port).is_some_and(|queue| queue.protocol.is_dump(header));
        let mut answer = Answer::default();
        let dumping = |item: &Item| matches!(item, Item::Datagram { dump: true, .. });
        let busy = self.queues.get(&port).is_some_and(|queue| queue.items.iter().any(dumping));
        match &mut self.mind {
            Mind::Model(_) if dump && busy => answer.refuse(Errno::EBUSY),
            Mind::Model(model) => model(request, &mut answer),
            Mind::Recording(_) => {}
        }
        for (group, nsid, mut event) in std::mem::take(&mut answer.events) {
            set(&mut event, |of| (of.seq, of.portid) = (header.seq, port));
            self.notify(group, nsid, &event);
        }
        let faults = self.take_faults(|fault| match fault {
            Fault::Send(_) => false,
            Fault::Interrupt(_) | Fault::Done(_) => dump,
            _ => true,
        });
        let messages = messages(answer, request, port, dump && !busy, &faults);
        self.deliver(port, Datagram::default(), messages, dump && !busy, &faults);
    }

    fn notify(&mut self, group: u32, nsid: Option<i32>, message: &[u8]) {
        let members =
            |(port, queue): (&u32, &Queue)| queue.groups.contains(&group).then_some(*port);
        let ports: Vec<u32> = self.queues.iter().filter_map(members).collect();
        if ports.is_empty() {
            return;
        }
        let faults = self.take_faults(|fault| {
            !matches!(fault, Fault::Send(_) | Fault::Interrupt(_) | Fault::Done(_))
        });
        let from = Datagram { group, nsid, ..Datagram::default() };
        for port in ports {
            let mut message = message.to_vec();
            alter(&mut message, &faults);
            self.deliver(port, from, vec![message], false, &faults);
        }
    }

    /// Packs messages into datagrams and queues them.
    fn deliver(
        &mut self,
        port: u32,
        from: Datagram,
        messages: Vec<Vec<u8>>,
        dump: bool,
        faults: &[Fault],
    ) {
        /// What the kernel fills of a dump's datagram at most, in bytes.
        const FULL: usize = 32 * 1024;
        let Some(queue) = self.queues.get_mut(&port) else { return };
        for fault in faults {
            match fault {
                Fault::Overflow => {
                    queue.overflow();
                    return queue.signal();
                }
                Fault::Receive(errno) => queue.push(Item::Error(*errno)),
                Fault::Stranger(stranger) => {
                    let mut bytes = messages.last().cloned().unwrap_or_default();
                    set(&mut bytes, |header| header.kind = Header::DONE);
                    let from = Datagram { sender: *stranger, len: bytes.len(), ..from };
                    queue.push(Item::Datagram { from, bytes, dump: false });
                }
                _ => {}
            }
        }
        let mut datagrams: Vec<Vec<u8>> = Vec::new();
        for message in messages {
            match datagrams.last_mut() {
                Some(last) if dump && last.len() + message.len() <= FULL => {
                    last.resize(last.len().next_multiple_of(4), 0);
                    last.extend(message);
                }
                _ => datagrams.push(message),
            }
        }
        for (index, mut bytes) in datagrams.into_iter().enumerate() {
            let mut len = bytes.len();
            if index == 0 && faults.contains(&Fault::Truncate) {
                len = usize::MAX;
            }
            if index == 0 && faults.contains(&Fault::Broken) {
                set(&mut bytes, |header| header.len = u32::MAX);
            }
            queue.push(Item::Datagram { from: Datagram { len, ..from }, bytes, dump });
        }
    }
}

/// The messages of an answer, the last one included.
fn messages(
    answer: Answer,
    request: Message<'_>,
    port: u32,
    dump: bool,
    faults: &[Fault],
) -> Vec<Vec<u8>> {
    let seq = request.header.seq;
    let mut messages = answer.replies;
    for message in &mut messages {
        alter(message, faults);
        set(message, |header| {
            (header.seq, header.portid) = (seq, port);
            if dump {
                header.flags |= NlmFlags::MULTI;
            }
            if answer.filtered {
                header.flags |= NlmFlags::DUMP_FILTERED;
            }
        });
    }
    let done = faults.iter().find_map(|fault| match fault {
        Fault::Done(errno) => Some(*errno),
        _ => None,
    });
    let errno = done.or(answer.errno);
    let mut flags = NlmFlags::default();
    let acked = request.header.flags.contains(NlmFlags::ACK) || errno.is_some();
    // A dump that fails before its first entry was never started.
    let closing = if dump && (errno.is_none() || done.is_some() || !messages.is_empty()) {
        flags |= NlmFlags::MULTI;
        Some(Header::DONE)
    } else {
        acked.then_some(Header::ERROR)
    };
    if let Some(kind) = closing {
        let mut payload = (-errno.map_or(0, |errno| errno.0)).to_ne_bytes().to_vec();
        if kind == Header::ERROR {
            flags |= NlmFlags::CAPPED;
            if !answer.attrs.is_empty() {
                flags |= NlmFlags::ACK_TLVS;
            }
            payload.extend(bytes_of(&request.header));
        }
        payload.extend(&answer.attrs);
        let header = Header { kind, flags, seq, portid: port, ..Header::default() };
        messages.push(message(header, &payload));
    }
    let interrupted = faults.iter().find_map(|fault| match fault {
        Fault::Interrupt(index) => Some(*index),
        _ => None,
    });
    if let Some(index) = interrupted {
        let last = messages.len().saturating_sub(1);
        if let Some(message) = messages.get_mut(index.min(last)) {
            set(message, |header| header.flags |= NlmFlags::DUMP_INTR);
        }
    }
    messages
}

/// Makes a message what a newer kernel would have sent.
fn alter(message: &mut Vec<u8>, faults: &[Fault]) {
    if faults.contains(&Fault::NewerKernel) {
        let attr = Nla::new(0x3ff0, b"new!");
        let mut buf = [0; 64];
        let writer = Writer::<Nla<'static>, Whole>::new(&mut buf, 0, NlmFlags(0), &[0u8; 0])
            .push_raw(attr)
            .finish();
        message.resize(message.len().next_multiple_of(4), 0);
        if let Ok(bytes) = writer {
            message.extend(&bytes[Header::LEN..]);
        }
        let len = message.len() as u32;
        set(message, |header| header.len = len);
    }
}

/// Changes the header of a message.
fn set(message: &mut [u8], change: impl FnOnce(&mut Header)) {
    if let Some(mut header) = Header::of(message) {
        change(&mut header);
        header.replace_in(message);
    }
}

/// A message with this header, but for its length, and payload.
fn message(header: Header, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; Header::LEN];
    bytes.extend(payload);
    Header { len: bytes.len() as u32, ..header }.replace_in(&mut bytes);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// The bytes of a header.
fn bytes_of(header: &Header) -> Vec<u8> {
    let mut bytes = vec![0; Header::LEN];
    header.replace_in(&mut bytes);
    bytes
}

/// A socket of a [`FakeKernel`].
#[derive(Debug)]
pub(crate) struct FakeSocket {
    kernel: FakeKernel,
    port: u32,
    readable: Arc<EventFd>,
}

impl FakeSocket {
    fn with_queue<T>(&self, f: impl FnOnce(&mut Queue) -> T) -> Result<T, Errno> {
        self.kernel.state().queues.get_mut(&self.port).map(f).ok_or(Errno::EBADF)
    }

    pub(crate) fn sibling(&self) -> Result<Self> {
        let protocol = self.with_queue(|queue| queue.protocol).map_err(Error::os("socket"))?;
        self.kernel.open(protocol, None)
    }
}

impl Transport for FakeSocket {
    fn port(&mut self) -> Result<u32, Errno> {
        Ok(self.port)
    }

    fn send(&mut self, datagram: &[u8]) -> Result<(), Errno> {
        self.kernel.state().send(self.port, datagram)
    }

    fn recv(&mut self, buf: &mut [u8]) -> Result<Datagram, Errno> {
        match self.with_queue(Queue::pop)?? {
            Item::Error(errno) => Err(errno),
            Item::Datagram { mut from, bytes, .. } => {
                let seen = bytes.len().min(buf.len());
                if let (Some(buf), Some(bytes)) = (buf.get_mut(..seen), bytes.get(..seen)) {
                    buf.copy_from_slice(bytes);
                }
                // Longer than any buffer: longer than this one.
                if from.len == usize::MAX {
                    from.len = buf.len() + 1;
                }
                Ok(from)
            }
        }
    }

    fn catch_up(&mut self) {}

    fn fd(&self) -> BorrowedFd<'_> {
        self.readable.as_fd()
    }

    fn join(&mut self, group: u32) -> Result<(), Errno> {
        self.with_queue(|queue| queue.groups.push(group))
    }

    fn leave(&mut self, group: u32) -> Result<(), Errno> {
        self.with_queue(|queue| queue.groups.retain(|joined| *joined != group))
    }

    fn receive_buffer(&self) -> Result<usize, Errno> {
        self.with_queue(|queue| queue.limit)
    }

    fn set_receive_buffer(&mut self, len: usize) -> Result<(), Errno> {
        self.with_queue(|queue| queue.limit = Queue::limit(len))
    }

    fn origin(&self) -> Origin<'_> {
        Origin::Fake(self)
    }
}

impl Drop for FakeSocket {
    fn drop(&mut self) {
        self.kernel.state().queues.remove(&self.port);
    }
}

impl Recorded {
    /// What was received, as something to receive again.
    pub(crate) fn item(&self) -> Option<Item> {
        match self {
            Self::Sent { .. } => None,
            Self::Received { from, bytes } => {
                Some(Item::Datagram { from: *from, bytes: bytes.clone(), dump: false })
            }
            Self::Failed(errno) => Some(Item::Error(*errno)),
        }
    }
}
