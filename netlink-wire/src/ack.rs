//! How an exchange ends: `NLMSG_ERROR` and `NLMSG_DONE`, with the extended
//! acknowledgement.
//!
//! Source: `include/uapi/linux/netlink.h`, as of Linux 6.18.

use crate::{
    attrs::Attrs,
    error::{ErrorKind, Result},
    message::{Header, Message, NlmFlags},
    nla::align,
    scalar::Reader,
    value::{Pod, Str},
    writer::{Whole, Writer},
};

/// An acknowledgement, a refusal, or the end of a dump: `struct nlmsgerr` and
/// its attributes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ack<'a> {
    /// 0, or a negative errno. It is positive in some ends of dumps, which
    /// means nothing.
    pub error: i32,
    /// Header of the request; `NLMSG_DONE` does not have it.
    pub request: Option<Header>,
    /// What follows that header: the request's payload if the socket does not
    /// have `NETLINK_CAP_ACK`, and there was an error.
    pub request_payload: &'a [u8],
    /// The extended acknowledgement.
    pub attrs: Attrs<'a, AckAttr<'a>>,
}

impl<'a> Ack<'a> {
    /// Length of the errno in bytes.
    const ERRNO: usize = i32::LEN;

    /// Reads a message of type [`Header::ERROR`] or [`Header::DONE`].
    ///
    /// Other protocols than route's may end a dump with an empty
    /// `NLMSG_DONE`; that is success.
    ///
    /// # Errors
    ///
    /// An `NLMSG_ERROR` ends before its errno.
    pub fn parse(message: Message<'a>) -> Result<Self> {
        let Message { header, payload } = message;
        let done = header.kind == Header::DONE;
        if payload.len() < Self::ERRNO && !(done && payload.is_empty()) {
            return Err(ErrorKind::Truncated.at("nlmsgerr", Header::LEN as u32));
        }
        let error = i32::read(&mut Reader::new(payload));
        let after = payload.get(Self::ERRNO..).unwrap_or_default();
        let request = if done { None } else { Header::of(after) };
        // Where the request ends. Its header says how long it was, sent back or not.
        let end = match request {
            None => 0,
            Some(_) if header.flags.contains(NlmFlags::CAPPED) => Header::LEN,
            // A success never repeats the payload.
            Some(_) if error == 0 => Header::LEN,
            Some(request) => {
                align((request.len as usize).min(after.len())).clamp(Header::LEN, after.len())
            }
        };
        let tlvs = if done || header.flags.contains(NlmFlags::ACK_TLVS) {
            after.get(end..).unwrap_or_default()
        } else {
            &[]
        };
        Ok(Self {
            error,
            request,
            request_payload: after.get(Header::LEN..end).unwrap_or_default(),
            attrs: Attrs::new(tlvs, (Header::LEN + Self::ERRNO + end) as u32),
        })
    }

    /// Starts the answer that ends a request which is no dump: `NLMSG_ERROR`. It
    /// does not repeat the request's payload.
    ///
    /// `errno` is 0 for success, else a positive errno. What is pushed says more;
    /// with success it is a warning.
    ///
    /// ```
    /// use netlink_wire::{Ack, AckAttr, Header, Messages};
    ///
    /// let request = Header { seq: 7, portid: 4242, ..Header::default() };
    /// let mut buf = [0; 64];
    /// let refusal = Ack::answer(&mut buf, &request, 22).push(AckAttr::Offs(36)).finish()?;
    /// let ack = Ack::parse(Messages::new(refusal).next().unwrap()?)?;
    /// assert_eq!((ack.errno(), ack.request), (Some(22), Some(request)));
    /// assert_eq!(ack.attrs.get(AckAttr::Offs)?, Some(36));
    /// # Ok::<(), netlink_wire::Error>(())
    /// ```
    pub fn answer<'b>(
        buf: &'b mut [u8],
        request: &Header,
        errno: i32,
    ) -> Writer<'b, AckAttr<'static>, Whole> {
        let flags = NlmFlags::CAPPED | NlmFlags::ACK_TLVS;
        let body = NlMsgErr { error: errno.wrapping_neg(), request: *request };
        let mut writer = Writer::new(buf, Header::ERROR, flags, &body);
        writer.reply_to(request);
        writer
    }

    /// Starts the message that ends a dump: `NLMSG_DONE`.
    ///
    /// `errno` is 0 if the dump is whole, else the positive errno that it failed with.
    pub fn done<'b>(
        buf: &'b mut [u8],
        request: &Header,
        errno: i32,
    ) -> Writer<'b, AckAttr<'static>, Whole> {
        let mut writer = Writer::new(buf, Header::DONE, NlmFlags::MULTI, &errno.wrapping_neg());
        writer.reply_to(request);
        writer
    }

    /// The errno as a positive number, if the kernel refused.
    pub const fn errno(&self) -> Option<i32> {
        if self.error < 0 { Some(self.error.wrapping_neg()) } else { None }
    }
}

wire_struct! {
    /// What an `NLMSG_ERROR` starts with.
    pub struct NlMsgErr in "nlmsgerr" {
        /// 0, or a negative errno.
        pub error: i32,
        /// Header of the request.
        pub request: Header,
    }
}

attributes! {
    /// An attribute of an [`Ack`]: `NLMSGERR_ATTR_*`.
    pub enum AckAttr<'a> in "nlmsgerr-attrs" {
        /// What is wrong, in words; with success, a warning.
        NLMSGERR_ATTR_MSG = 1 => Msg(Str<'a>),
        /// Where the attribute at fault starts, in bytes from the start of the request.
        /// [`walk::path`](crate::walk::path) names it.
        NLMSGERR_ATTR_OFFS = 2 => Offs(u32),
        /// Something that the operation gives back, as its own documentation says.
        NLMSGERR_ATTR_COOKIE = 3 => Cookie(&'a [u8]),
        /// What the kernel would have accepted in the attribute at fault. Since Linux 5.10.
        NLMSGERR_ATTR_POLICY = 4 => Policy(Attrs<'a, PolicyAttr<'a>>),
        /// Type of an attribute that is missing. Since Linux 6.1.
        NLMSGERR_ATTR_MISS_TYPE = 5 => MissType(u32),
        /// Where the nest that lacks it starts, in bytes from the start of the request;
        /// absent if it is missing from the message itself. Since Linux 6.1.
        NLMSGERR_ATTR_MISS_NEST = 6 => MissNest(u32),
    }
}

constants! {
    /// Type of an attribute in a policy.
    pub struct PolicyType(u32) in "NL_ATTR_TYPE_" {
        /// None that can be told.
        INVALID = 0, "invalid";
        /// No payload; the presence is the value.
        FLAG = 1, "flag";
        /// Unsigned, 8 bits.
        U8 = 2, "u8";
        /// Unsigned, 16 bits.
        U16 = 3, "u16";
        /// Unsigned, 32 bits.
        U32 = 4, "u32";
        /// Unsigned, 64 bits.
        U64 = 5, "u64";
        /// Signed, 8 bits.
        S8 = 6, "s8";
        /// Signed, 16 bits.
        S16 = 7, "s16";
        /// Signed, 32 bits.
        S32 = 8, "s32";
        /// Signed, 64 bits.
        S64 = 9, "s64";
        /// Bytes.
        BINARY = 10, "binary";
        /// Text that may lack its NUL.
        STRING = 11, "string";
        /// Text with a NUL.
        NUL_STRING = 12, "nul-string";
        /// Attributes.
        NESTED = 13, "nested";
        /// Attributes whose numbers are positions.
        NESTED_ARRAY = 14, "nested-array";
        /// 32 bits, each a flag, with a mask.
        BITFIELD32 = 15, "bitfield32";
        /// Signed, 32 or 64 bits. Since Linux 6.7.
        SINT = 16, "sint";
        /// Unsigned, 32 or 64 bits. Since Linux 6.7.
        UINT = 17, "uint";
    }
}

attributes! {
    /// An attribute of [`AckAttr::Policy`]: `NL_POLICY_TYPE_ATTR_*`.
    pub enum PolicyAttr<'a> in "policy-attrs" {
        /// Type of the attribute.
        NL_POLICY_TYPE_ATTR_TYPE = 1 => Type(PolicyType),
        /// Least value, if it is signed.
        NL_POLICY_TYPE_ATTR_MIN_VALUE_S = 2 => MinValueS(i64),
        /// Greatest value, if it is signed.
        NL_POLICY_TYPE_ATTR_MAX_VALUE_S = 3 => MaxValueS(i64),
        /// Least value, if it is unsigned.
        NL_POLICY_TYPE_ATTR_MIN_VALUE_U = 4 => MinValueU(u64),
        /// Greatest value, if it is unsigned.
        NL_POLICY_TYPE_ATTR_MAX_VALUE_U = 5 => MaxValueU(u64),
        /// Least length in bytes.
        NL_POLICY_TYPE_ATTR_MIN_LENGTH = 6 => MinLength(u32),
        /// Greatest length in bytes.
        NL_POLICY_TYPE_ATTR_MAX_LENGTH = 7 => MaxLength(u32),
        /// Policy of the attributes inside, by its index in a dump of policies.
        NL_POLICY_TYPE_ATTR_POLICY_IDX = 8 => PolicyIdx(u32),
        /// Greatest number of an attribute inside.
        NL_POLICY_TYPE_ATTR_POLICY_MAXTYPE = 9 => PolicyMaxType(u32),
        /// Bits that may be set, of a `struct nla_bitfield32`.
        NL_POLICY_TYPE_ATTR_BITFIELD32_MASK = 10 => Bitfield32Mask(u32),
        /// Padding.
        NL_POLICY_TYPE_ATTR_PAD = 11 => Pad(&'a [u8]),
        /// Bits that may be set, of an integer.
        NL_POLICY_TYPE_ATTR_MASK = 12 => Mask(u64),
    }
}
