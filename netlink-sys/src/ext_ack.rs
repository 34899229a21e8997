//! What the kernel says beside the errno.

use std::fmt;

use netlink_wire::{
    Ack, AckAttr, Attrs, Header, Message, Messages, Nlas, Pod, PolicyAttr, PolicyType,
    schema::Schema,
    walk::{self, Content, Walk},
};

use crate::Protocol;

/// What the kernel says about a request, beside success or an errno: why it was
/// refused, or with success a warning.
///
/// `Display` joins what there is:
/// `attribute type 1 has an invalid length (FRA_PRIORITY, expects u32)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtAck {
    /// The kernel's own words.
    pub message: Option<Box<str>>,
    /// Where in the request the attribute at fault starts, in bytes from the
    /// start of its header.
    pub offset: Option<u32>,
    /// Number of an attribute that is missing. Since Linux 6.1.
    pub missing_type: Option<u32>,
    /// Where in the request the nest starts that lacks it. Since Linux 6.1.
    pub missing_nest: Option<u32>,
    /// What the kernel would have accepted. Since Linux 5.10.
    pub policy: Option<Policy>,
    /// What the operation gives back, as its own documentation says.
    pub cookie: Option<Box<[u8]>>,
    /// The request that offsets point into, if there are any.
    request: Option<Request>,
}

/// A request as it was sent. Its attributes are named when somebody asks: a
/// program that never does need not contain the tables of all names.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Request {
    protocol: Protocol,
    bytes: Box<[u8]>,
}

/// What the kernel accepts in an attribute. `Display` puts it into words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// Type of the payload.
    pub kind: PolicyType,
    /// Least and greatest value.
    pub range: Option<(i128, i128)>,
    /// Least length in bytes.
    pub min_len: Option<u32>,
    /// Greatest length in bytes.
    pub max_len: Option<u32>,
    /// Bits that may be set.
    pub mask: Option<u64>,
}

impl ExtAck {
    /// From an acknowledgement of a request of this protocol, with its bytes.
    ///
    /// What cannot be read is left out: it is an error's decoration.
    pub(crate) fn of(ack: &Ack<'_>, protocol: Protocol, request: &[u8]) -> Self {
        let mut this = Self::default();
        for attr in ack.attrs.iter().flatten() {
            match attr {
                AckAttr::Msg(text) => this.message = Some(text.to_string().into()),
                AckAttr::Offs(offset) => this.offset = Some(offset),
                AckAttr::Cookie(cookie) => this.cookie = Some(cookie.into()),
                AckAttr::Policy(policy) => this.policy = Some(Policy::of(policy)),
                AckAttr::MissType(kind) => this.missing_type = Some(kind),
                AckAttr::MissNest(offset) => this.missing_nest = Some(offset),
                _ => {}
            }
        }
        if this.offset.is_some() || this.missing_type.is_some() {
            this.request = Some(Request { protocol, bytes: request.into() });
        }
        this
    }

    /// The names of the attribute at fault and of those around it, the
    /// outermost first: `RTA_MULTIPATH/RTA_GATEWAY`.
    pub fn path(&self) -> Option<String> {
        let attributes = self.request.as_ref()?.attributes()?;
        let path = walk::path(attributes, self.offset?).to_string();
        (!path.is_empty()).then_some(path)
    }

    /// The name of the attribute that is missing, after those of the nests
    /// that it is missing from: `IFLA_LINKINFO/IFLA_INFO_KIND`.
    pub fn missing(&self) -> Option<String> {
        let attributes = self.request.as_ref()?.attributes()?;
        let kind = self.missing_type?;
        let (mut path, mut schema) = (String::new(), attributes.schema());
        if let Some(offset) = self.missing_nest {
            let around = walk::path(attributes, offset);
            path = around.to_string() + "/";
            schema = match around.last().map(|entry| entry.content()) {
                Some(Content::Attrs(walk) | Content::Headed(_, walk)) => walk.schema(),
                _ => None,
            };
        }
        let code = u16::try_from(kind).ok();
        Some(match code.and_then(|code| schema?.field(code)) {
            Some(field) => path + field.name,
            None => path + &kind.to_string(),
        })
    }
}

impl Request {
    /// The attributes, if their place is known.
    fn attributes(&self) -> Option<Walk<'_>> {
        const UNKNOWN: Schema = Schema { name: "", attrs: &[] };
        /// `struct genlmsghdr`, in bytes.
        const GENL_LEN: usize = 4;
        let message: Message<'_> = Messages::new(&self.bytes).next()?.ok()?;
        match self.protocol {
            Protocol::ROUTE => Some(Walk::rtnl(message)),
            Protocol::GENERIC => {
                let attrs = message.payload.get(GENL_LEN..)?;
                Some(Walk::new(&UNKNOWN, Nlas::new(attrs, (Header::LEN + GENL_LEN) as u32)))
            }
            _ => None,
        }
    }
}

impl Policy {
    fn of(attrs: Attrs<'_, PolicyAttr<'_>>) -> Self {
        let mut this = Self::default();
        let (mut min, mut max) = (None, None);
        for attr in attrs.iter().flatten() {
            match attr {
                PolicyAttr::Type(kind) => this.kind = kind,
                PolicyAttr::MinValueS(value) => min = Some(value.into()),
                PolicyAttr::MaxValueS(value) => max = Some(value.into()),
                PolicyAttr::MinValueU(value) => min = Some(value.into()),
                PolicyAttr::MaxValueU(value) => max = Some(value.into()),
                PolicyAttr::MinLength(len) => this.min_len = Some(len),
                PolicyAttr::MaxLength(len) => this.max_len = Some(len),
                PolicyAttr::Bitfield32Mask(mask) => this.mask = Some(mask.into()),
                PolicyAttr::Mask(mask) => this.mask = Some(mask),
                _ => {}
            }
        }
        this.range = min.zip(max);
        this
    }
}

impl fmt::Display for ExtAck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut notes = Vec::new();
        match (self.path(), self.offset) {
            (Some(path), _) => notes.push(path),
            (None, Some(offset)) => notes.push(format!("at byte {offset} of the request")),
            (None, None) => {}
        }
        match (self.missing(), self.missing_type) {
            (Some(path), _) => notes.push(format!("{path} is missing")),
            (None, Some(kind)) => notes.push(format!("attribute {kind} is missing")),
            (None, None) => {}
        }
        if let Some(policy) = self.policy {
            notes.push(format!("expects {policy}"));
        }
        let notes = notes.join(", ");
        match &self.message {
            Some(message) if notes.is_empty() => f.write_str(message),
            Some(message) => write!(f, "{message} ({notes})"),
            None => f.write_str(&notes),
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some((min, max)) = self.range {
            write!(f, " from {min} to {max}")?;
        }
        match (self.min_len, self.max_len) {
            (Some(min), Some(max)) if min == max => write!(f, " of {min} bytes")?,
            (Some(min), Some(max)) => write!(f, " of {min} to {max} bytes")?,
            (Some(min), None) => write!(f, " of at least {min} bytes")?,
            (None, Some(max)) => write!(f, " of at most {max} bytes")?,
            (None, None) => {}
        }
        if let Some(mask) = self.mask {
            write!(f, " with bits of {mask:#x}")?;
        }
        Ok(())
    }
}
