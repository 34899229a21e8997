//! Messages: `struct nlmsghdr`, the messages of a datagram, and what is in one.

use crate::{
    attrs::{Attribute, Attrs},
    error::{Error, ErrorKind, Result},
    nla::align,
    scalar::Reader,
    value::{Pod, Record, Value},
    writer::{Buffer, Whole, Writer},
};

wire_struct! {
    /// The header that starts every message.
    ///
    /// Source: `include/uapi/linux/netlink.h`.
    pub struct Header in "nlmsghdr" {
        /// Length of the message in bytes, this header included.
        pub len: u32,
        /// Message type: `NLMSG_*`, or one of the protocol's such as [`Rtm`](crate::Rtm).
        pub kind: u16,
        /// Flags. What the upper byte means depends on the type.
        pub flags: NlmFlags,
        /// Sequence number; a reply repeats the one of its request.
        pub seq: u32,
        /// Port of the socket that asked; 0 in what the kernel sends by itself.
        pub portid: u32,
    }
}

flags! {
    /// Flags of a message. The words of the upper byte are those that it has in a GET request.
    pub struct NlmFlags(u16) in "NLM_F_" {
        /// The message asks the kernel for something.
        REQUEST = 0x1, "request";
        /// The message is one of several, the last of which is `NLMSG_DONE`.
        MULTI = 0x2, "multi";
        /// The sender wants an acknowledgement.
        ACK = 0x4, "ack";
        /// The sender wants the notification that its request causes.
        ECHO = 0x8, "echo";
        /// Something changed during the dump: it may lack or repeat entries.
        DUMP_INTR = 0x10, "dump-intr";
        /// The kernel filtered the dump as it was asked to.
        DUMP_FILTERED = 0x20, "dump-filtered";
        /// GET: the whole table.
        ROOT = 0x100, "root";
        /// GET: all entries that match.
        MATCH = 0x200, "match";
        /// GET: no effect.
        ATOMIC = 0x400, "atomic";
    }
}

impl NlmFlags {
    /// GET: dump the table. `NLM_F_DUMP` = `NLM_F_ROOT | NLM_F_MATCH`
    pub const DUMP: Self = Self(0x300);
    /// NEW: replace what exists. `NLM_F_REPLACE` = 0x100
    pub const REPLACE: Self = Self(0x100);
    /// NEW: fail if it exists. `NLM_F_EXCL` = 0x200
    pub const EXCL: Self = Self(0x200);
    /// NEW: create it if it does not exist. `NLM_F_CREATE` = 0x400
    pub const CREATE: Self = Self(0x400);
    /// NEW: add to the end of the list. `NLM_F_APPEND` = 0x800
    pub const APPEND: Self = Self(0x800);
    /// DEL: do not delete recursively. `NLM_F_NONREC` = 0x100
    pub const NONREC: Self = Self(0x100);
    /// DEL: delete several objects. `NLM_F_BULK` = 0x200
    pub const BULK: Self = Self(0x200);
    /// Acknowledgement: the request's payload is left out. `NLM_F_CAPPED` = 0x100
    pub const CAPPED: Self = Self(0x100);
    /// Acknowledgement: attributes follow. `NLM_F_ACK_TLVS` = 0x200
    pub const ACK_TLVS: Self = Self(0x200);
}

impl Header {
    /// `NLMSG_NOOP`: to be ignored.
    pub const NOOP: u16 = 1;
    /// `NLMSG_ERROR`: an error, or an acknowledgement; see [`Ack`](crate::Ack).
    pub const ERROR: u16 = 2;
    /// `NLMSG_DONE`: the end of a dump; see [`Ack`](crate::Ack).
    pub const DONE: u16 = 3;
    /// `NLMSG_OVERRUN`: data was lost.
    pub const OVERRUN: u16 = 4;

    /// The header that starts `message`, if there is a whole one.
    pub fn of(message: &[u8]) -> Option<Self> {
        message.get(..Self::LEN).map(|bytes| Self::read(&mut Reader::new(bytes)))
    }

    /// Whether the message is about an exchange, rather than a part of one: `NLMSG_NOOP` to `NLMSG_OVERRUN`.
    pub(crate) fn is_control(&self) -> bool {
        (Self::NOOP..=Self::OVERRUN).contains(&self.kind)
    }

    /// Writes the header over the one that starts `message`. Too short a
    /// message stays as it is.
    pub fn replace_in(&self, message: &mut [u8]) {
        if let Some(bytes) = message.get_mut(..Self::LEN) {
            self.put(&mut Buffer::new(bytes));
        }
    }
}

/// One message: its header, and everything after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Message<'a> {
    /// The header.
    pub header: Header,
    /// What follows the header, without padding.
    pub payload: &'a [u8],
}

/// Iterator over the messages of one datagram: `NLMSG_OK` and `NLMSG_NEXT`.
///
/// It ends after the first error: past a broken length there is no telling
/// where the next message starts.
#[derive(Clone, Debug)]
pub struct Messages<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Messages<'a> {
    /// The messages in `datagram`.
    pub const fn new(datagram: &'a [u8]) -> Self {
        Self { rest: datagram, offset: 0 }
    }

    /// The messages in `datagram` from the byte at `start` on.
    pub(crate) fn at(datagram: &'a [u8], start: usize) -> Self {
        Self { rest: datagram.get(start..).unwrap_or_default(), offset: start }
    }

    /// Where the next message starts, in bytes from the start of the datagram.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    #[cold]
    fn broken(&mut self) -> Error {
        let rest = core::mem::take(&mut self.rest);
        let kind = match Header::of(rest) {
            Some(Header { len, .. }) if (len as usize) < Header::LEN => ErrorKind::Short(len),
            _ => ErrorKind::Truncated,
        };
        kind.at("nlmsghdr", self.offset as u32)
    }
}

impl<'a> Iterator for Messages<'a> {
    type Item = Result<Message<'a>>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let message = Header::of(self.rest).and_then(|header| {
            let payload = self.rest.get(Header::LEN..header.len as usize)?;
            Some(Message { header, payload })
        });
        let Some(message) = message else { return Some(Err(self.broken())) };
        let len = align(message.header.len as usize);
        // The last message may lack its padding.
        self.rest = self.rest.get(len.min(self.rest.len())..).unwrap_or_default();
        self.offset += len;
        Some(Ok(message))
    }
}

/// A message of one family: its fixed header `H` and its attributes `A`.
///
/// Families name theirs: [`Rule`](crate::rule::Rule), [`Neigh`](crate::neigh::Neigh).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body<'a, H, A: Attribute<'a>> {
    /// The fixed header.
    pub header: H,
    /// The attributes.
    pub attrs: Attrs<'a, A>,
}

impl<'a, H: Record, A: Attribute<'a>> Body<'a, H, A> {
    /// Reads the body of `message`, the type of which the caller has checked.
    ///
    /// # Errors
    ///
    /// The message ends inside the fixed header.
    pub fn parse(message: Message<'a>) -> Result<Self> {
        if message.payload.len() < H::LEN {
            return Err(ErrorKind::Truncated.at(H::LAYOUT.name, Header::LEN as u32));
        }
        Ok(Self::parse_request(message))
    }

    /// The same for a request, in which old tools leave out a part of the fixed
    /// header: all but the address family, or less. What is left out is 0.
    pub fn parse_request(message: Message<'a>) -> Self {
        let len = align(H::LEN);
        let attrs = message.payload.get(len..).unwrap_or_default();
        let attrs = Attrs::new(attrs, (Header::LEN + len) as u32);
        // Every header of a family starts with it: `struct rtgenmsg`.
        let attrs = attrs.with_family(message.payload.first().copied().unwrap_or_default());
        Self { header: H::read(&mut Reader::new(message.payload)), attrs }
    }

    /// Starts a message of type `kind` in `buf`.
    pub fn writer<'b>(
        buf: &'b mut [u8],
        kind: impl Into<u16>,
        flags: NlmFlags,
        header: &H,
    ) -> Writer<'b, A::Set, Whole> {
        Writer::new(buf, kind.into(), flags, header)
    }

    /// Shorthand for [`Attrs::get`].
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`].
    #[inline]
    pub fn get<T: Value<'a>>(&self, variant: impl FnOnce(T) -> A) -> Result<Option<T>> {
        self.attrs.get(variant)
    }
}
