//! Routes, dumped by several sockets at once.

use std::{
    collections::HashMap,
    fmt,
    ops::Range,
    panic::resume_unwind,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use netlink_wire::{
    Header, Message, Pod as _,
    nexthop::NexthopAttr,
    route::{Route, RouteAttr, Rtn},
};

use crate::{
    Builder, Consistency, Errno, Protocol, Socket,
    dump::Dumping,
    error::{Error, Result},
    netns::errno_of,
    table::{Links, Nexthops, Raw, Routes, Table, sealed},
};

/// A dump of routes in no order, made by several threads at once: on a large
/// table whose routes leave through several interfaces it takes less time than a
/// [`Dump`](crate::Dump), and more of the processor.
///
/// Each thread has a socket of its own, and asks for one part of the table after
/// another: the routes through one interface, and for IPv4 those of each type
/// that has no interface (`blackhole`, `unreachable`, `prohibit`, `throw`). All
/// routes of these two families have the one or the other. A route that several
/// interfaces share is handed on with the part of its first next hop alone; that
/// of a nexthop object is asked for. So each route comes once, provided that
/// nothing changes meanwhile, which is watched as
/// [`dump_proven`](Socket::dump_proven) does: what cannot be proven ends with an
/// error.
///
/// A table is dumped in one part where others would not add up to it: of all families, of MPLS, of
/// one interface; on a kernel without strict checking. Likewise where they would not pay, as the
/// kernel walks the whole table for each part: several pay for IPv4 with three threads and at most two
/// interfaces beside the loopback one, and with another thread for every three more. Before Linux 6.9
/// the kernel makes one dump at a time.
///
/// ```no_run
/// # use netlink_sys::{Protocol, Socket, table::Routes};
/// let threads = std::thread::available_parallelism()?.get();
/// let mut routes = Socket::builder(Protocol::ROUTE).dump_unordered(Routes::ipv4(), threads)?;
/// while let Some(route) = routes.recv()? {
///     println!("{:?}", route.destination()?);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Unordered {
    /// Watches for changes. Its dump begins before all parts, and ends after them.
    socket: Socket,
    watching: Dumping<Raw>,
    shared: Arc<Shared>,
    pieces: Option<Receiver<Result<Vec<u8>>>>,
    threads: Vec<JoinHandle<()>>,
    /// Messages that came, and where the next one starts.
    piece: Vec<u8>,
    next: usize,
    /// How it ended.
    end: Option<Result<()>>,
}

/// What the threads know of each other.
struct Shared {
    builder: Builder,
    parts: Vec<Part>,
    next: AtomicUsize,
    /// The first interface of each nexthop object, once one is met.
    nexthops: OnceLock<Result<HashMap<u32, u32>>>,
    /// Whether something was not as it was in the beginning.
    disturbed: AtomicBool,
    /// Whether nobody reads on.
    stopped: AtomicBool,
    /// Buffers that can be used again.
    spare: Mutex<Vec<Vec<u8>>>,
}

/// What a thread asks for.
#[derive(Clone, Copy, Debug)]
struct Part {
    routes: Routes,
    /// Where the routes that it hands on belong; all of them if it is the only one.
    place: Option<Place>,
}

/// The one part that a route belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// That of the interface with this index.
    Link(u32),
    /// That of a type without an interface.
    Kind(Rtn),
}

/// The types that have no interface, in IPv4. Those of IPv6 have the loopback one.
const NOWHERE: [Rtn; 4] = [Rtn::BLACKHOLE, Rtn::UNREACHABLE, Rtn::PROHIBIT, Rtn::THROW];

/// The loopback interface of every namespace, which nexthop objects that drop have.
const LOOPBACK: u32 = 1;

impl Builder {
    /// Starts to dump routes in no order, with sockets such as this one would be
    /// and with so many threads; see [`std::thread::available_parallelism`]. It blocks for a moment.
    ///
    /// # Errors
    ///
    /// A system call fails, or the wait ends early.
    pub fn dump_unordered(self, routes: Routes, threads: usize) -> Result<Unordered> {
        Unordered::start(self, routes, threads.max(1))
    }
}

impl Unordered {
    fn start(builder: Builder, routes: Routes, threads: usize) -> Result<Self> {
        /// Pieces that wait to be read, for each thread.
        const WAITING: usize = 2;
        let mut socket = builder.clone().open()?;
        let request = sealed::Table::request(&Links::default().skip_stats())?;
        let window = Raw::new(&request).groups(sealed::Table::groups(&routes));
        let mut watching = Dumping::proven(&socket, window)?;
        socket.block(|socket| watching.begin(socket))?;
        let parts = match socket.options().strict_check && socket.protocol() == Protocol::ROUTE {
            true => Part::all(routes, &builder, threads)?,
            false => vec![Part { routes, place: None }],
        };
        let threads = threads.min(parts.len());
        let shared = Arc::new(Shared {
            builder,
            parts,
            next: AtomicUsize::new(0),
            nexthops: OnceLock::new(),
            disturbed: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            spare: Mutex::default(),
        });
        let (sender, pieces) = sync_channel(WAITING * threads);
        let mut this = Self {
            socket,
            watching,
            shared,
            pieces: Some(pieces),
            threads: Vec::new(),
            piece: Vec::new(),
            next: 0,
            end: None,
        };
        for _ in 0..threads {
            // Opened here: a socket belongs to the namespace of the thread that opens it.
            let socket = this.shared.builder.clone().open()?;
            let (shared, sender) = (Arc::clone(&this.shared), sender.clone());
            let thread = thread::Builder::new().name("netlink dump".into());
            let spawned = thread.spawn(move || shared.work(socket, &sender));
            this.threads.push(spawned.map_err(|error| Error::os("clone")(errno_of(&error)))?);
        }
        Ok(this)
    }

    /// Receives the next route, or `None` after the last. It blocks until either
    /// comes.
    ///
    /// # Errors
    ///
    /// - [`Error::Interrupted`], [`Error::Unproven`]: after the last route, that
    ///   routes may lack or be repeated.
    /// - [`Error::Wire`]: a route or the datagram that it is in is broken. More
    ///   may follow.
    /// - the others of [`Dump::recv`](crate::Dump::recv), after which nothing
    ///   follows.
    pub fn recv(&mut self) -> Result<Option<Route<'_>>> {
        let Some(found) = self.find()? else { return Ok(None) };
        let bytes = &self.piece[found];
        let header = Header::of(bytes).unwrap_or_default();
        Ok(Some(Route::parse(Message { header, payload: &bytes[Header::LEN..] })?))
    }

    /// What the dump is worth, once it is over.
    pub const fn consistency(&self) -> Option<Consistency> {
        match self.end {
            None => None,
            Some(Ok(())) => Some(Consistency::Proven),
            Some(Err(Error::Unproven)) => Some(Consistency::Unproven),
            Some(Err(_)) => Some(Consistency::Interrupted),
        }
    }

    /// How many parts the table is dumped in.
    pub fn parts(&self) -> usize {
        self.shared.parts.len()
    }

    /// Where in the piece the next message lies.
    fn find(&mut self) -> Result<Option<Range<usize>>> {
        loop {
            if let Some(end) = &self.end {
                return end.clone().map(|()| None);
            }
            if let Some(header) = self.piece.get(self.next..).and_then(Header::of) {
                let end = self.next + header.len as usize;
                let found = self.next..end;
                self.next = end.next_multiple_of(4);
                return Ok(Some(found));
            }
            self.shared.give_back(std::mem::take(&mut self.piece));
            match self.pieces.as_ref().and_then(|pieces| pieces.recv().ok()) {
                Some(Ok(piece)) => (self.piece, self.next) = (piece, 0),
                Some(Err(error @ Error::Wire(_))) => return Err(error),
                Some(Err(error)) => self.end = Some(Err(error)),
                None => self.end = Some(self.judge()),
            }
        }
    }

    /// Whether the parts add up, now that all of them are there.
    fn judge(&mut self) -> Result<()> {
        for thread in self.threads.drain(..) {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
        while self.socket.block(|socket| self.watching.step(socket))?.is_some() {}
        match self.shared.disturbed.load(Relaxed) {
            true => Err(Error::Interrupted),
            false => Ok(()),
        }
    }
}

impl Part {
    /// The parts of a table, which add up to it.
    fn all(routes: Routes, builder: &Builder, threads: usize) -> Result<Vec<Self>> {
        let whole = vec![Self { routes, place: None }];
        let Some(kinds) = routes.kinds_without_link(&NOWHERE) else { return Ok(whole) };
        let mut socket = builder.clone().open()?;
        let links =
            socket.dump(Links::default().skip_stats())?.collect(|link| link.index())?.entries;
        let links = links.into_iter().map(|index| (routes.oif(index), Place::Link(index)));
        let kinds = kinds.iter().map(|&kind| (routes.kind(kind), Place::Kind(kind)));
        let parts: Vec<_> =
            links.chain(kinds).map(|(routes, place)| Self { routes, place: Some(place) }).collect();
        // Each part walks the whole table, which takes three tenths of dumping it.
        let pays = 3 * parts.len() + 7 < threads.saturating_mul(10);
        Ok(if pays { parts } else { whole })
    }
}

impl Shared {
    /// Dumps parts as long as there are any.
    fn work(&self, mut socket: Socket, sender: &SyncSender<Result<Vec<u8>>>) {
        while let Some(part) = self.parts.get(self.next.fetch_add(1, Relaxed)) {
            if self.stopped.load(Relaxed) {
                return;
            }
            match self.dump(&mut socket, part, sender) {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    self.stopped.store(true, Relaxed);
                    self.disturbed.store(true, Relaxed);
                    // Nobody need read on.
                    let _ = sender.send(Err(error));
                    return;
                }
            }
        }
    }

    /// Dumps a part, and tells whether anybody reads on.
    fn dump(
        &self,
        socket: &mut Socket,
        part: &Part,
        sender: &SyncSender<Result<Vec<u8>>>,
    ) -> Result<bool> {
        /// Messages are handed on when they come to so many bytes.
        const PIECE: usize = 32 << 10;
        let mut piece = self.spare();
        let mut dump = socket.dump(Messages(part.routes))?;
        loop {
            match dump.recv() {
                Ok(Some(message)) => {
                    if self.is_of(part, message)? {
                        append(&mut piece, message);
                    }
                    if piece.len() < PIECE {
                        continue;
                    }
                }
                Ok(None) => return Ok(sender.send(Ok(piece)).is_ok()),
                Err(error) => match error {
                    Error::Wire(_) => {
                        if sender.send(Err(error)).is_err() {
                            return Ok(false);
                        }
                        continue;
                    }
                    Error::Interrupted => self.disturbed.store(true, Relaxed),
                    // The interface has gone.
                    Error::Refused(refusal)
                        if refusal.errno == Errno::ENODEV && part.place.is_some() =>
                    {
                        self.disturbed.store(true, Relaxed);
                        return Ok(sender.send(Ok(piece)).is_ok());
                    }
                    error => {
                        let _ = sender.send(Ok(piece));
                        return Err(error);
                    }
                },
            }
            if sender.send(Ok(std::mem::replace(&mut piece, self.spare()))).is_err() {
                return Ok(false);
            }
        }
    }

    /// Whether a route is handed on with this part.
    fn is_of(&self, part: &Part, message: Message<'_>) -> Result<bool> {
        let Some(place) = part.place else { return Ok(true) };
        // What is broken is told of by who reads it.
        let Ok(route) = Route::parse(message) else { return Ok(true) };
        let found = self.place(&route)?;
        if !found.is_some_and(|found| self.parts.iter().any(|part| part.place == Some(found))) {
            // No part would have it.
            self.disturbed.store(true, Relaxed);
        }
        Ok(found == Some(place))
    }

    /// The part that a route belongs to.
    fn place(&self, route: &Route<'_>) -> Result<Option<Place>> {
        let (mut oif, mut id) = (None, None);
        for attr in route.attrs.into_iter().flatten() {
            match attr {
                RouteAttr::Oif(index) => oif = Some(index),
                RouteAttr::NhId(nexthop) => id = Some(nexthop),
                RouteAttr::Multipath(hops) => {
                    let first = hops.iter().flatten().next();
                    oif = oif.or(first.map(|hop| hop.header.ifindex as u32));
                }
                _ => {}
            }
        }
        if let Some(id) = id {
            let nexthops = self.nexthops.get_or_init(|| first_links(&self.builder));
            return Ok(nexthops.as_ref().map_err(Error::clone)?.get(&id).copied().map(Place::Link));
        }
        Ok(match route.header.kind {
            kind if oif.is_none() && NOWHERE.contains(&kind) => Some(Place::Kind(kind)),
            _ => oif.map(Place::Link),
        })
    }

    fn spare(&self) -> Vec<u8> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn give_back(&self, mut piece: Vec<u8>) {
        piece.clear();
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).push(piece);
    }
}

/// The first interface that each nexthop object has: that of a group is the one of
/// its first member.
fn first_links(builder: &Builder) -> Result<HashMap<u32, u32>> {
    let (mut links, mut firsts) = (HashMap::new(), Vec::new());
    let mut socket = builder.clone().open()?;
    let mut nexthops = socket.dump(Nexthops::default())?;
    while let Some(nexthop) = nexthops.recv()? {
        let Some(id) = nexthop.get(NexthopAttr::Id)? else { continue };
        let group = nexthop.get(NexthopAttr::Group)?;
        match group.and_then(|members| members.iter().next()) {
            Some(first) => firsts.push((id, first.id)),
            None if nexthop.get(NexthopAttr::Blackhole)?.is_some() => {
                links.insert(id, LOOPBACK);
            }
            None => links.extend(nexthop.get(NexthopAttr::Oif)?.map(|index| (id, index))),
        }
    }
    let members: Vec<_> =
        firsts.iter().filter_map(|(id, first)| Some((*id, *links.get(first)?))).collect();
    links.extend(members);
    Ok(links)
}

/// Appends a message, padded.
fn append(piece: &mut Vec<u8>, message: Message<'_>) {
    let start = piece.len();
    piece.resize(start + Header::LEN, 0);
    message.header.replace_in(&mut piece[start..]);
    piece.extend_from_slice(message.payload);
    piece.resize(piece.len().next_multiple_of(4), 0);
}

/// Routes as the messages that they are.
struct Messages(Routes);

impl sealed::Table for Messages {
    fn request(&self) -> netlink_wire::Result<Vec<u8>> {
        self.0.request()
    }

    fn kind(&self) -> Option<u16> {
        sealed::Table::kind(&self.0)
    }

    fn groups(&self) -> Vec<u32> {
        Vec::new()
    }

    fn is_whole(&self) -> bool {
        self.0.is_whole()
    }

    fn family(&self) -> u8 {
        sealed::Table::family(&self.0)
    }

    fn is_filtered(&self, strict: bool, told: bool) -> bool {
        self.0.is_filtered(strict, told)
    }
}

impl Table for Messages {
    type Entry<'a> = Message<'a>;

    fn parse<'a>(message: Message<'a>) -> netlink_wire::Result<Message<'a>> {
        Ok(message)
    }

    fn matches(&self, message: &Message<'_>) -> netlink_wire::Result<Option<bool>> {
        self.0.matches(&Route::parse(*message)?)
    }
}

impl Drop for Unordered {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Relaxed);
        self.pieces = None;
        for thread in self.threads.drain(..) {
            // Its own panic was told of.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Unordered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unordered")
            .field("socket", &self.socket)
            .field("parts", &self.shared.parts)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}
