use core::marker::PhantomData;

use crate::{
    attrs::Attribute,
    error::{ErrorKind, Result},
    message::{Header, NlmFlags},
    nla::{Nla, align},
    scalar,
    select::Select,
    value::{Headed, List, Nest, Packed, Payload, Pod, Record, Struct, Value},
};

/// A caller's buffer that is being filled.
///
/// Writing past its end is no error yet: the buffer goes on counting, so that
/// [`Writer::finish`] can tell how many bytes would have done.
#[derive(Debug)]
pub struct Buffer<'b> {
    bytes: &'b mut [u8],
    len: usize,
    /// Where the first thing starts that is longer than its length field can tell.
    too_long: Option<u32>,
}

impl<'b> Buffer<'b> {
    pub(crate) const fn new(bytes: &'b mut [u8]) -> Self {
        Self { bytes, len: 0, too_long: None }
    }

    /// Appends `bytes`.
    #[inline]
    pub fn put(&mut self, bytes: &[u8]) {
        let end = self.len.saturating_add(bytes.len());
        if let Some(free) = self.bytes.get_mut(self.len..end) {
            free.copy_from_slice(bytes);
        }
        self.len = end;
    }

    /// Appends the payload of an attribute of this name, without padding.
    #[inline]
    pub fn value<'a, P: Payload<'a>>(
        &mut self,
        #[cfg_attr(not(planted_bug), expect(unused_variables))] name: &'static str,
        value: &P,
    ) {
        value.value().write(self);
        #[cfg(planted_bug)]
        crate::planted::write(name, self);
    }

    /// Makes the message fail: what comes next is longer than its length field can tell.
    pub(crate) fn refuse(&mut self) {
        self.too_long.get_or_insert(self.len as u32);
    }

    /// What was written so far; nothing, if it did not fit.
    #[cfg(planted_bug)]
    pub(crate) fn written(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Appends zeros up to where the next thing starts.
    pub(crate) fn pad(&mut self) {
        #[cfg(planted_bug)]
        if crate::planted::trips("writer", "padding", self.written()) {
            return;
        }
        self.put(&[0; 3][..align(self.len).wrapping_sub(self.len)]);
    }

    /// Appends what `fill` writes, and then its length into its first two bytes.
    pub(crate) fn measured(&mut self, fill: impl FnOnce(&mut Self)) {
        let start = self.len;
        fill(self);
        let len = u16::try_from(self.len - start).unwrap_or_else(|_| {
            self.too_long.get_or_insert(start as u32);
            0
        });
        if let Some(field) = self.bytes.get_mut(start..).and_then(<[u8]>::first_chunk_mut) {
            *field = scalar::u16_bytes(len);
        }
        self.pad();
    }

    /// Appends one attribute, the payload of which `fill` writes.
    pub(crate) fn attribute(&mut self, kind: u16, fill: impl FnOnce(&mut Self)) {
        self.measured(|out| {
            out.put(&[0; 2]);
            out.put(&scalar::u16_bytes(kind));
            fill(out);
        });
    }

    /// How many bytes were put so far.
    #[cfg(feature = "serde")]
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// What was put, if it is all here.
    #[cfg(feature = "serde")]
    pub(crate) fn filled(&self) -> Option<&[u8]> {
        self.bytes.get(..self.len)
    }

    /// Ends the message that starts at the first byte.
    pub(crate) fn finish(&mut self) -> Result<&'b mut [u8]> {
        let len = self.len as u32;
        let message = self.end("nlmsghdr")?;
        len.put(&mut Buffer::new(message));
        Ok(message)
    }

    /// Ends what started at the first byte.
    fn end(&mut self, context: &'static str) -> Result<&'b mut [u8]> {
        if let Some(start) = self.too_long {
            return Err(ErrorKind::TooLong.at("nlattr", start));
        }
        // The largest number is where a count of 32 bits stops.
        let Some(len) = u32::try_from(self.len).ok().filter(|len| *len < u32::MAX) else {
            return Err(ErrorKind::TooLong.at(context, 0));
        };
        let written = core::mem::take(&mut self.bytes).get_mut(..self.len);
        written.ok_or(ErrorKind::NoSpace(len).at(context, 0))
    }

    /// Lends the rest of the buffer to a nested writer.
    pub(crate) fn nested<S>(&mut self, fill: impl FnOnce(&mut Writer<'_, S>)) {
        let out = Buffer { bytes: self.bytes, len: self.len, too_long: self.too_long };
        let mut writer = Writer { out, set: PhantomData };
        fill(&mut writer);
        (self.len, self.too_long) = (writer.out.len, writer.out.too_long);
    }
}

/// Builds one message in a caller's buffer, attribute by attribute.
///
/// `S` is the set that it takes attributes of. `M` is [`Whole`] for a message,
/// and nothing for a nest in it, which ends by itself.
///
/// ```
/// use netlink_wire::{NlmFlags, Rtm, link::{IfInfoMsg, InfoAttr, Link, LinkAttr}};
///
/// let mut buf = [0; 256];
/// let request = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags::CREATE, &IfInfoMsg::default())
///     .push(LinkAttr::IfName("v0".into()))
///     .nest(LinkAttr::LinkInfo, |info| {
///         info.push(InfoAttr::Kind("dummy".into()));
///     })
///     .finish()?;
/// assert_eq!(request.len(), 56);
/// # Ok::<(), netlink_wire::Error>(())
/// ```
#[derive(Debug)]
pub struct Writer<'b, S, M = ()> {
    pub(crate) out: Buffer<'b>,
    set: PhantomData<fn(S, M)>,
}

/// Marks the [`Writer`] of a whole message.
#[derive(Debug)]
pub enum Whole {}

impl<'b, S> Writer<'b, S, Whole> {
    /// Starts a message of type `kind` with the fixed header `body`.
    pub fn new(buf: &'b mut [u8], kind: u16, flags: NlmFlags, body: &impl Pod) -> Self {
        let mut out = Buffer::new(buf);
        Header { kind, flags, ..Header::default() }.put(&mut out);
        body.put(&mut out);
        out.pad();
        Self { out, set: PhantomData }
    }

    /// Makes the message a reply to the request with this header: it repeats the
    /// sequence number and the port.
    pub fn reply_to(&mut self, request: &Header) -> &mut Self {
        if let Some(mut header) = Header::of(self.out.bytes) {
            (header.seq, header.portid) = (request.seq, request.portid);
            header.replace_in(self.out.bytes);
        }
        self
    }

    /// Ends the message and returns its bytes.
    ///
    /// # Errors
    ///
    /// An attribute is longer than 65 535 bytes, or the buffer is too small;
    /// the error tells how many bytes would have done.
    pub fn finish(&mut self) -> Result<&'b mut [u8]> {
        self.out.finish()
    }
}

impl<'b, S> Writer<'b, S> {
    /// Builds attributes without a message around them, for one that is put together elsewhere, and
    /// returns their bytes.
    ///
    /// ```
    /// use netlink_wire::{Attrs, Writer, rule::RuleAttr};
    ///
    /// let mut buf = [0; 64];
    /// let attrs = Writer::<RuleAttr<'static>>::attrs(&mut buf, |w| {
    ///     w.push(RuleAttr::Priority(50));
    /// })?;
    /// assert_eq!(Attrs::new(attrs, 0).get(RuleAttr::Priority), Ok(Some(50)));
    /// # Ok::<(), netlink_wire::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`finish`](Writer::finish).
    pub fn attrs(buf: &'b mut [u8], fill: impl FnOnce(&mut Writer<'_, S>)) -> Result<&'b mut [u8]> {
        let mut out = Buffer::new(buf);
        out.nested(fill);
        out.end("nlattr")
    }
}

impl<S, M> Writer<'_, S, M> {
    /// Appends one attribute.
    pub fn push<'a>(&mut self, attr: impl Attribute<'a, Set = S>) -> &mut Self {
        self.out.attribute(attr.kind(), |out| attr.write(out));
        self
    }

    /// Appends one attribute as it is: type with flags, and payload.
    pub fn push_raw(&mut self, nla: Nla<'_>) -> &mut Self {
        self.out.attribute(nla.kind(), |out| out.put(nla.payload()));
        self
    }

    /// Appends an attribute of the same type as `probe`, the payload of which `fill` writes.
    pub(crate) fn push_with<'a>(
        &mut self,
        probe: impl Attribute<'a, Set = S>,
        fill: impl FnOnce(&mut Buffer<'_>),
    ) -> &mut Self {
        self.out.attribute(probe.kind(), fill);
        self
    }

    /// Appends a kernel struct.
    pub fn push_struct<'a, A: Attribute<'a, Set = S>, T: Pod>(
        &mut self,
        variant: impl FnOnce(Struct<'a, T>) -> A,
        value: &T,
    ) -> &mut Self {
        self.out.attribute(variant(Struct::PROBE).kind(), |out| value.put(out));
        self
    }

    /// Appends values end to end.
    pub fn push_packed<'a, A: Attribute<'a, Set = S>, T: Pod>(
        &mut self,
        variant: impl FnOnce(Packed<'a, T>) -> A,
        values: &[T],
    ) -> &mut Self {
        let kind = variant(Packed::PROBE).kind();
        self.out.attribute(kind, |out| values.iter().for_each(|value| value.put(out)));
        self
    }

    /// Appends a nest of this variant, the attributes of which `fill` pushes.
    pub fn nest<'a, A: Attribute<'a, Set = S>, T: Nest<'a>>(
        &mut self,
        variant: impl FnOnce(T) -> A,
        fill: impl FnOnce(&mut Writer<'_, T::Set>),
    ) -> &mut Self {
        let kind = variant(T::new(T::Value::PROBE)).kind();
        self.out.attribute(kind, |out| out.nested(fill));
        self
    }

    /// Appends a kernel struct and, after it, the attributes that `fill` pushes.
    ///
    /// ```
    /// # use netlink_wire::{Writer, link::{IfInfoMsg, InfoAttr, InfoData, LinkAttr, VethAttr}};
    /// # fn f(info: &mut Writer<'_, InfoAttr<'static>>) {
    /// info.select_nest(InfoData::Veth, |veth| {
    ///     veth.headed(VethAttr::Peer, &IfInfoMsg::default(), |peer| {
    ///         peer.push(LinkAttr::IfName("v1".into()));
    ///     });
    /// });
    /// # }
    /// ```
    pub fn headed<'a, A: Attribute<'a, Set = S>, H: Record, B: Attribute<'a>>(
        &mut self,
        variant: impl FnOnce(Headed<'a, H, B>) -> A,
        header: &H,
        fill: impl FnOnce(&mut Writer<'_, B::Set>),
    ) -> &mut Self {
        self.out.attribute(variant(Headed::PROBE).kind(), |out| {
            header.put(out);
            out.pad();
            out.nested(fill);
        });
        self
    }

    /// Appends data and, before it, the attribute that tells its type.
    pub fn select<'a, D: Select<'a>>(&mut self, data: D) -> &mut Self
    where
        D::Parent: Attribute<'a, Set = S>,
    {
        if let Some(key) = data.key() {
            self.push(D::key_attr(key));
        }
        let code = D::data_attr(Value::PROBE).code();
        self.out.attribute(code | data.flags(), |out| data.write(out));
        self
    }

    /// Appends a nest and, before it, the attribute that tells its type.
    ///
    /// ```
    /// # use netlink_wire::{Writer, link::{InfoAttr, InfoData, VxlanAttr}};
    /// # fn f(info: &mut Writer<'_, InfoAttr<'static>>) {
    /// info.select_nest(InfoData::Vxlan, |vxlan| {
    ///     vxlan.push(VxlanAttr::Id(42));
    /// });
    /// # }
    /// ```
    ///
    /// The data of one type does not fit another one:
    ///
    /// ```compile_fail,E0271
    /// # use netlink_wire::{Writer, link::{InfoAttr, InfoData, VlanAttr}};
    /// # fn f(info: &mut Writer<'_, InfoAttr<'static>>) {
    /// info.select_nest(InfoData::Vxlan, |vxlan| {
    ///     vxlan.push(VlanAttr::Id(42));
    /// });
    /// # }
    /// ```
    pub fn select_nest<'a, D: Select<'a>, T: Nest<'a>>(
        &mut self,
        variant: impl FnOnce(T) -> D,
        fill: impl FnOnce(&mut Writer<'_, T::Set>),
    ) -> &mut Self
    where
        D::Parent: Attribute<'a, Set = S>,
    {
        let data = variant(T::new(T::Value::PROBE));
        if let Some(key) = data.key() {
            self.push(D::key_attr(key));
        }
        let code = D::data_attr(Value::PROBE).code();
        self.out.attribute(code | data.flags(), |out| out.nested(fill));
        self
    }
}

impl<'a, T: Value<'a>> Writer<'_, List<'a, T>> {
    /// Appends an item with this number.
    pub fn item(&mut self, number: u16, item: T) -> &mut Self {
        self.out.attribute(number | item.flags(), |out| item.write(out));
        self
    }
}

/// Builds several messages into one buffer, to be sent as one datagram.
///
/// ```
/// use netlink_wire::{Batch, Messages, NlmFlags, Rtm, rule::{FibRuleHdr, Rule, RuleAttr}};
///
/// let mut buf = [0; 256];
/// let mut batch = Batch::new(&mut buf);
/// for priority in [10, 20] {
///     batch.push(|buf| {
///         Rule::writer(buf, Rtm::NEWRULE, NlmFlags::CREATE, &FibRuleHdr::default())
///             .push(RuleAttr::Priority(priority))
///             .finish()
///     })?;
/// }
/// assert_eq!(Messages::new(batch.as_bytes()).count(), 2);
/// # Ok::<(), netlink_wire::Error>(())
/// ```
#[derive(Debug)]
pub struct Batch<'b> {
    buf: &'b mut [u8],
    len: usize,
}

impl<'b> Batch<'b> {
    /// Starts without messages.
    pub const fn new(buf: &'b mut [u8]) -> Self {
        Self { buf, len: 0 }
    }

    /// Appends the message that `build` makes at the start of the buffer it is given.
    ///
    /// # Errors
    ///
    /// Those of `build`. The batch is as it was before; the number of bytes
    /// that would have done counts the messages before this one.
    pub fn push(
        &mut self,
        build: impl FnOnce(&mut [u8]) -> Result<&mut [u8]>,
    ) -> Result<&mut [u8]> {
        let start = self.len;
        let free = self.buf.get_mut(start..).unwrap_or_default();
        let message = build(free).map_err(|mut error| {
            if let ErrorKind::NoSpace(needed) = &mut error.kind {
                *needed = needed.saturating_add(start as u32);
            }
            error
        })?;
        self.len = start + align(message.len());
        Ok(message)
    }

    /// The messages so far.
    pub fn as_bytes(&self) -> &[u8] {
        self.buf.get(..self.len).unwrap_or(self.buf)
    }
}
