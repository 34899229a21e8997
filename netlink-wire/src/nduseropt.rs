//! Options of router advertisements that are for programs, such as name servers:
//! `RTM_NEWNDUSEROPT`.
//!
//! They cannot be asked for. The kernel tells of each one when it comes in.
//!
//! Source: `include/uapi/linux/rtnetlink.h`, as of Linux 7.2.

use core::net::Ipv6Addr;

use crate::{
    attrs::Attrs,
    error::{ErrorKind, Result},
    message::{Header, Message, NlmFlags},
    nla::align,
    rtnl::Rtm,
    scalar::Reader,
    value::{Pod, Record},
    writer::{Whole, Writer},
};

/// Options of a router advertisement.
///
/// They stand between the fixed header and the attributes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NdUserOpt<'a> {
    /// The fixed header.
    pub header: NdUserOptMsg,
    /// The options, as they came in: each with its type in the first byte, and its length in
    /// eights of bytes in the second.
    pub options: &'a [u8],
    /// The attributes.
    pub attrs: Attrs<'a, NdUserOptAttr<'a>>,
}

wire_struct! {
    /// The fixed header of a [`NdUserOpt`].
    pub struct NdUserOptMsg in "nduseroptmsg" {
        /// `AF_INET6`.
        pub family: u8,
        /// Padding; 0.
        pub pad1: u8,
        /// Length of the options in bytes.
        pub opts_len: u16,
        /// Index of the link that they came in on.
        pub ifindex: i32,
        /// Type of the message that they were in: 134 is a router advertisement.
        pub icmp_type: u8,
        /// Code of that message: 0.
        pub icmp_code: u8,
        /// Padding; 0.
        pub pad2: u16,
        /// Padding; 0.
        pub pad3: u32,
    }
}

attributes! {
    /// An attribute of a [`NdUserOpt`].
    pub enum NdUserOptAttr<'a> in "nd-useropt-attrs" {
        /// The router that sent them.
        NDUSEROPT_SRCADDR = 1 => SrcAddr(Ipv6Addr),
    }
}

impl<'a> NdUserOpt<'a> {
    /// Reads the body of `message`, the type of which the caller has checked.
    ///
    /// # Errors
    ///
    /// The message ends inside the fixed header, or inside the options.
    pub fn parse(message: Message<'a>) -> Result<Self> {
        const LEN: usize = NdUserOptMsg::LEN;
        let truncated = ErrorKind::Truncated.at(NdUserOptMsg::LAYOUT.name, Header::LEN as u32);
        let payload = message.payload;
        let (head, after) = payload.split_at_checked(LEN).ok_or(truncated)?;
        let header = NdUserOptMsg::read(&mut Reader::new(head));
        let options = after.get(..header.opts_len.into()).ok_or(truncated)?;
        let start = Self::attrs_start(payload);
        let attrs = payload.get(start..).unwrap_or_default();
        let attrs = Attrs::new(attrs, (Header::LEN + start) as u32).with_family(header.family);
        Ok(Self { header, options, attrs })
    }

    /// Where the attributes start in such a payload.
    pub(crate) fn attrs_start(payload: &[u8]) -> usize {
        let header = NdUserOptMsg::read(&mut Reader::new(payload));
        align(NdUserOptMsg::LEN + usize::from(header.opts_len))
    }

    /// Starts a message in `buf`, with these options. They make the header's `opts_len`.
    pub fn writer<'b>(
        buf: &'b mut [u8],
        flags: NlmFlags,
        header: &NdUserOptMsg,
        options: &[u8],
    ) -> Writer<'b, NdUserOptAttr<'static>, Whole> {
        let header = NdUserOptMsg { opts_len: options.len() as u16, ..*header };
        let mut writer = Writer::new(buf, Rtm::NEWNDUSEROPT.0, flags, &header);
        if usize::from(header.opts_len) != options.len() {
            writer.out.refuse();
        }
        writer.out.put(options);
        writer.out.pad();
        writer
    }
}
