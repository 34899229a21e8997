//! What `NETLINK_ROUTE` lets one add, change, delete and ask for: links, addresses, routes,
//! neighbours, rules and nexthop objects.
//!
//! A [`Request`] tells an object in netlink-wire's words: a fixed header, and whatever attributes are
//! pushed. The functions of this module start one, and set the parts of the header that belong to their
//! arguments; the methods of [`Socket`] say what is to become of it.
//!
//! ```no_run
//! use netlink_sys::{Protocol, Socket, ops};
//! use netlink_wire::route::RouteAttr;
//!
//! let mut socket = Socket::open(Protocol::ROUTE)?;
//! let route = ops::route("10.0.0.0/8".parse()?).push(RouteAttr::Gateway([192, 0, 2, 1].into()));
//! socket.add(&route)?;
//! socket.delete(&route)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What the verbs mean
//!
//! | Verb | Flags | What the kernel does |
//! |---|---|---|
//! | [`add`](Socket::add) | `CREATE`, `EXCL` | adds it; that it exists is an error ([`Error::is_exists`](crate::Error::is_exists)) |
//! | [`replace`](Socket::replace) | `CREATE`, `REPLACE` | puts it in the place of what has the same key, or adds it |
//! | [`change`](Socket::change) | `REPLACE` | the same, but that there is nothing is an error ([`Error::is_not_found`](crate::Error::is_not_found)) |
//! | [`append`](Socket::append) | `CREATE`, `APPEND` | adds it behind those with the same key |
//! | [`prepend`](Socket::prepend) | `CREATE` | adds it before those with the same key |
//! | [`delete`](Socket::delete) | none | deletes the first one that has all that the request tells |
//! | [`get`](Socket::get) | none | returns it |
//!
//! Not all objects have all of them; what the kernel would take for something else does not compile. And
//! they differ:
//!
//! - **Links**: `replace` and `change` change what the request tells, and leave the rest as it is. The
//!   kernel would refuse `REPLACE`, so that `replace` goes without it, and `change` without any flag.
//! - **Addresses**: `change` adds an address that is not there. Either sets lifetimes, flags and metric
//!   anew; what the request does not tell is reset. The kernel can look up those of IPv6 alone; one of
//!   IPv4 is searched for in a dump.
//! - **Routes** of IPv4: those with the same prefix, table, TOS and metric are a list, of which the first
//!   is used. `replace` and `change` are about the first one; `append` and `prepend` make the list longer.
//! - **Routes** of IPv6 with the same prefix, table and metric are next hops of one route, if they have a
//!   gateway: `append` and `prepend` alike add a next hop; `replace` puts one route in the place of all.
//! - **Routes**, `get`: the kernel looks up which way a packet takes, and returns that; see [`lookup`].
//! - **Neighbours**: `append` is for entries of forwarding databases that can have several remote ends, as
//!   those of VXLAN.
//! - **Rules**: only `add`, `delete` and `get`. The kernel adds a rule that exists once more, if it is not
//!   told `EXCL`. To `delete` it compares what the request tells and nothing else, and never whether a rule
//!   is inverted or where it jumps: [`Socket::delete_rule`] deletes the one that is meant.
//! - **Nexthop objects**: `replace` also changes what the routes that use it do.
//!
//! # Without a socket
//!
//! The methods of [`Request`] return the bytes of the message, for [`Socket::bulk`] or an event loop of
//! one's own:
//!
//! ```no_run
//! # use netlink_sys::{Protocol, Socket, ops};
//! # use netlink_wire::{Addr, route::Rtn};
//! let mut socket = Socket::open(Protocol::ROUTE)?;
//! let mut bulk = socket.bulk()?;
//! for n in 0..=255 {
//!     let route = ops::route((Addr::from([10, n, 0, 0]), 16).into());
//!     bulk.push(&mut route.with(|header| header.kind = Rtn::BLACKHOLE).to_add()?)?;
//! }
//! assert!(bulk.finish().is_done());
//! # Ok::<(), netlink_sys::Error>(())
//! ```

mod addr;
mod link;
mod neigh;
mod nexthop;
mod route;
mod rule;

use netlink_wire::{
    Attribute, Attrs, Error, ErrorKind, Header, Message, Nest, Nla, Nlas, NlmFlags, Pod, Record,
    Result, Rtm, Whole, Writer, addr::IfAddrMsg, link::IfInfoMsg, neigh::NdMsg, nexthop::NhMsg,
    route::RtMsg,
};

use crate::{ExtAck, Socket, error};

use sealed::Verb;

pub use addr::{addr, addr_with_peer};
pub use link::{link, link_by_index};
pub use neigh::{fdb, neigh, proxy};
pub use nexthop::nexthop;
pub use route::{lookup, route};
#[cfg(feature = "tokio")]
pub(crate) use rule::Search;
pub use rule::{ipv4_rule, ipv6_rule};

/// An object as a request tells it: fixed header `H` and attributes.
///
/// What is wrong with an attribute, such as its length, is told when the message is made.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Request<H> {
    /// The fixed header. What the kernel needs in it and is not told here, it gets from
    /// the methods that make messages; the functions that start a request say what.
    pub header: H,
    attrs: Vec<u8>,
    error: Option<Error>,
}

/// The fixed header of an object: tells what a [`Request`] is about.
///
/// It cannot be implemented outside of this crate; netlink-wire builds requests for all that has no type
/// here, and [`Socket::request`] makes them.
pub trait Object: sealed::Object {
    /// The set of its attributes.
    type Set;

    /// The object, as the kernel returns it.
    type Entry<'a>;

    /// Reads the object.
    #[doc(hidden)]
    fn parse<'a>(message: Message<'a>) -> Result<Self::Entry<'a>>;
}

/// Objects that can be replaced or changed.
pub trait Replace: Object {}

/// Objects of which there can be several with one key.
pub trait Append: Object {}

impl Replace for IfInfoMsg {}
impl Replace for IfAddrMsg {}
impl Replace for RtMsg {}
impl Replace for NdMsg {}
impl Replace for NhMsg {}
impl Append for RtMsg {}
impl Append for NdMsg {}

pub(crate) mod sealed {
    use netlink_wire::{Message, Nla, NlmFlags, Record, Result, Rtm};

    use super::Request;

    /// What is to become of an object.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Verb {
        Get,
        Add,
        Replace,
        Change,
        Append,
        Prepend,
        Delete,
    }

    impl Verb {
        /// How the kernel is told so: beside the type of the message, by flags.
        pub fn flags(self) -> NlmFlags {
            match self {
                Self::Get | Self::Delete => NlmFlags::default(),
                Self::Add => NlmFlags::CREATE | NlmFlags::EXCL,
                Self::Replace => NlmFlags::CREATE | NlmFlags::REPLACE,
                Self::Change => NlmFlags::REPLACE,
                Self::Append => NlmFlags::CREATE | NlmFlags::APPEND,
                Self::Prepend => NlmFlags::CREATE,
            }
        }
    }

    pub trait Object: Record {
        /// Type of the message that adds or changes; those that delete and ask follow it.
        const NEW: Rtm;

        /// Flags that mean what the verb does.
        fn flags(_: &Request<Self>, verb: Verb) -> NlmFlags {
            verb.flags()
        }

        /// Type of the message.
        fn kind(&self, verb: Verb) -> Rtm {
            let Rtm(new) = Self::NEW;
            Rtm(match verb {
                Verb::Get => new + 2,
                Verb::Delete => new + 1,
                _ => new,
            })
        }

        /// Whether the kernel lets one ask by this attribute.
        fn asks_by(_: Nla<'_>) -> bool {
            true
        }

        /// Sets what the kernel wants to be told and the request does not tell.
        fn complete(request: &mut Request<Self>, verb: Verb) -> Result<()>;

        /// The dump in which the object is found, if the kernel cannot be asked for it alone.
        fn dump(_: &Request<Self>) -> Result<Option<Vec<u8>>> {
            Ok(None)
        }

        /// Whether an entry of that dump is what the request tells.
        fn is(_: &Request<Self>, _: Message<'_>) -> Result<bool> {
            Ok(false)
        }
    }
}

impl<H: Object> Request<H> {
    /// Starts a request with a header of one's own.
    pub const fn new(header: H) -> Self {
        Self { header, attrs: Vec::new(), error: None }
    }

    /// Changes the header.
    pub fn with(mut self, change: impl FnOnce(&mut H)) -> Self {
        change(&mut self.header);
        self
    }

    /// Appends one attribute. Of several of one kind, the kernel heeds the last.
    pub fn push<'a>(self, attr: impl Attribute<'a, Set = H::Set>) -> Self {
        self.write(|w| {
            w.push(attr);
        })
    }

    /// Appends one attribute as it is: type with flags, and payload.
    pub fn push_raw(self, nla: Nla<'_>) -> Self {
        self.write(|w| {
            w.push_raw(nla);
        })
    }

    /// Appends a nest of this variant, the attributes of which `fill` pushes, as
    /// [`write`](Self::write) does.
    pub fn nest<'a, A: Attribute<'a, Set = H::Set>, T: Nest<'a>>(
        self,
        variant: impl Fn(T) -> A,
        fill: impl Fn(&mut Writer<'_, T::Set>),
    ) -> Self {
        self.write(|w| {
            w.nest(&variant, &fill);
        })
    }

    /// Appends what `fill` pushes. It may be called twice: again when the buffer has grown.
    pub fn write(mut self, fill: impl Fn(&mut Writer<'_, H::Set>)) -> Self {
        if let Err(error) = append(&mut self.attrs, fill) {
            self.error.get_or_insert(error);
        }
        self
    }

    /// The message that asks for the object, by that which the kernel tells it from others by.
    ///
    /// # Errors
    ///
    /// An attribute is longer than 65,535 bytes; so for all these methods.
    pub fn to_get(&self) -> Result<Vec<u8>> {
        self.message(Verb::Get)
    }

    /// The message that adds the object.
    ///
    /// # Errors
    ///
    /// Those of [`to_get`](Self::to_get).
    pub fn to_add(&self) -> Result<Vec<u8>> {
        self.message(Verb::Add)
    }

    /// The message that deletes the object.
    ///
    /// # Errors
    ///
    /// Those of [`to_get`](Self::to_get).
    pub fn to_delete(&self) -> Result<Vec<u8>> {
        self.message(Verb::Delete)
    }

    /// The message that replaces the object, or adds it.
    ///
    /// # Errors
    ///
    /// Those of [`to_get`](Self::to_get).
    pub fn to_replace(&self) -> Result<Vec<u8>>
    where
        H: Replace,
    {
        self.message(Verb::Replace)
    }

    /// The message that changes the object, which has to exist.
    ///
    /// # Errors
    ///
    /// Those of [`to_get`](Self::to_get).
    pub fn to_change(&self) -> Result<Vec<u8>>
    where
        H: Replace,
    {
        self.message(Verb::Change)
    }

    /// The message that adds the object behind others with the same key.
    ///
    /// # Errors
    ///
    /// Those of [`to_get`](Self::to_get).
    pub fn to_append(&self) -> Result<Vec<u8>>
    where
        H: Append,
    {
        self.message(Verb::Append)
    }

    fn message(&self, verb: Verb) -> Result<Vec<u8>> {
        let mut request = self.clone();
        H::complete(&mut request, verb)?;
        if verb == Verb::Get {
            request.retain(H::asks_by);
        }
        message(request.header.kind(verb), H::flags(&request, verb), &request)
    }

    /// The attributes so far.
    fn attrs<'a, A: Attribute<'a, Set = H::Set>>(&'a self) -> Attrs<'a, A> {
        Attrs::new(&self.attrs, 0)
    }

    /// Whether there is an attribute of the kind that this one is of.
    fn has<'a>(&self, attr: impl Attribute<'a, Set = H::Set>) -> bool {
        nlas(&self.attrs).any(|nla| nla.code() == attr.code())
    }

    fn retain(&mut self, is_kept: impl Fn(Nla<'_>) -> bool) {
        let attrs = std::mem::take(&mut self.attrs);
        for nla in nlas(&attrs).filter(|nla| is_kept(*nla)) {
            let start = nla.offset() as usize;
            let end = start + Nla::HEADER_LEN + nla.payload().len();
            self.attrs.extend_from_slice(&attrs[start..end.next_multiple_of(4)]);
        }
    }
}

impl Socket {
    /// Asks for an object and returns it. It blocks until the answer comes.
    ///
    /// # Errors
    ///
    /// There is none ([`Error::is_not_found`](crate::Error::is_not_found)), or one of
    /// [`get_raw`](Self::get_raw). [`Error::Interrupted`](crate::Error::Interrupted): an address of IPv4 was not found, but
    /// others came or went meanwhile, and it may be there all the same.
    pub fn get<H: Object>(&mut self, request: &Request<H>) -> error::Result<H::Entry<'_>> {
        let Some(mut dump) = H::dump(request)? else {
            return Ok(H::parse(self.get_raw(&mut request.to_get()?)?)?);
        };
        let mut entries = self.request(&mut dump)?;
        loop {
            let Some(found) = entries.next()? else { return Err(entries.socket.missing()) };
            if H::is(request, entries.socket.message(found.clone()))? {
                return Ok(H::parse(self.message(found))?);
            }
        }
    }

    /// Adds an object. It blocks until the kernel has done so, and returns what the kernel said
    /// nevertheless.
    ///
    /// # Errors
    ///
    /// It exists ([`Error::is_exists`](crate::Error::is_exists)), or one of
    /// [`Replies::finish`](crate::Replies::finish). What the kernel says of its refusal names the
    /// attribute.
    pub fn add<H: Object>(&mut self, request: &Request<H>) -> error::Result<Option<ExtAck>> {
        self.request(&mut request.to_add()?)?.finish()
    }

    /// Replaces an object, or adds it. It blocks until the kernel has done so.
    ///
    /// # Errors
    ///
    /// Those of [`Replies::finish`](crate::Replies::finish).
    pub fn replace<H: Replace>(&mut self, request: &Request<H>) -> error::Result<Option<ExtAck>> {
        self.request(&mut request.to_replace()?)?.finish()
    }

    /// Changes an object. It blocks until the kernel has done so.
    ///
    /// # Errors
    ///
    /// There is none ([`Error::is_not_found`](crate::Error::is_not_found)), or one of
    /// [`Replies::finish`](crate::Replies::finish).
    pub fn change<H: Replace>(&mut self, request: &Request<H>) -> error::Result<Option<ExtAck>> {
        self.request(&mut request.to_change()?)?.finish()
    }

    /// Adds an object behind others with the same key. It blocks until the kernel has done so.
    ///
    /// # Errors
    ///
    /// The very same one exists ([`Error::is_exists`](crate::Error::is_exists)), or one of
    /// [`Replies::finish`](crate::Replies::finish).
    pub fn append<H: Append>(&mut self, request: &Request<H>) -> error::Result<Option<ExtAck>> {
        self.request(&mut request.to_append()?)?.finish()
    }

    /// Deletes an object: the first one that has all that the request tells. It blocks until the
    /// kernel has done so.
    ///
    /// # Errors
    ///
    /// There is none ([`Error::is_not_found`](crate::Error::is_not_found)), or one of
    /// [`Replies::finish`](crate::Replies::finish).
    pub fn delete<H: Object>(&mut self, request: &Request<H>) -> error::Result<Option<ExtAck>> {
        self.request(&mut request.to_delete()?)?.finish()
    }
}

/// Appends what `fill` pushes, in as much room as it takes.
fn append<S>(attrs: &mut Vec<u8>, fill: impl Fn(&mut Writer<'_, S>)) -> Result<()> {
    /// What most attributes fit in.
    const ROOM: usize = 64;
    let start = attrs.len();
    let mut room = ROOM;
    loop {
        attrs.resize(start + room, 0);
        match Writer::attrs(&mut attrs[start..], &fill).map(|bytes| bytes.len()) {
            Err(Error { kind: ErrorKind::NoSpace(needed), .. }) => room = needed as usize,
            written => {
                attrs.truncate(start + *written.as_ref().unwrap_or(&0));
                return written.map(drop);
            }
        }
    }
}

/// A whole message.
fn message<H: Record>(kind: Rtm, flags: NlmFlags, request: &Request<H>) -> Result<Vec<u8>> {
    if let Some(error) = request.error {
        return Err(error);
    }
    let mut buf = vec![0; Header::LEN + H::LEN.next_multiple_of(4)];
    Writer::<(), Whole>::new(&mut buf, kind.0, flags, &request.header).finish()?;
    buf.extend_from_slice(&request.attrs);
    if let (Some(mut header), Ok(len)) = (Header::of(&buf), u32::try_from(buf.len())) {
        header.len = len;
        header.replace_in(&mut buf);
    }
    Ok(buf)
}

/// The attributes in these bytes, which were written here or by the kernel.
fn nlas(bytes: &[u8]) -> impl Iterator<Item = Nla<'_>> {
    Nlas::new(bytes, 0).map_while(Result::ok)
}
