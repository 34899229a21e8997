//! Answers requests for links as a kernel does: `cargo run --example answerer`.

use netlink_wire::{
    Ack, AckAttr, Batch, Message, Messages, NlmFlags, Result, Rtm, Rtnl,
    link::{IfInfoMsg, Iff, Link, LinkAttr},
};

const ENODEV: i32 = 19;
const EOPNOTSUPP: i32 = 95;

/// The links of this machine.
const LINKS: [(i32, &str, Iff); 2] = [(1, "lo", Iff::LOOPBACK), (2, "eth0", Iff::UP)];

fn main() -> Result<()> {
    let mut request = [0; 64];
    let request = Link::writer(
        &mut request,
        Rtm::GETLINK,
        NlmFlags::REQUEST | NlmFlags::DUMP,
        &IfInfoMsg::default(),
    );
    let mut buf = [0; 1024];
    let mut replies = Batch::new(&mut buf);
    answer({ request }.finish()?, &mut replies)?;
    for message in Messages::new(replies.as_bytes()) {
        let message = message?;
        match Rtnl::parse(message)? {
            Rtnl::Link(link) => println!("{:?}: {:?}", link.header.index, link.name()?),
            _ => println!("{:?}", Ack::parse(message)?),
        }
    }
    Ok(())
}

/// Answers each request in a datagram.
pub(crate) fn answer(datagram: &[u8], replies: &mut Batch<'_>) -> Result<()> {
    for request in Messages::new(datagram) {
        let request = request?;
        let dump = request.header.flags.contains(NlmFlags::DUMP);
        match request.header.kind {
            kind if kind == Rtm::GETLINK.0 && dump => {
                for link in &LINKS {
                    replies.push(|buf| show(buf, request, NlmFlags::MULTI, link))?;
                }
                replies.push(|buf| Ack::done(buf, &request.header, 0).finish())?;
            }
            kind if kind == Rtm::GETLINK.0 => one(request, replies)?,
            _ => drop(replies.push(|buf| Ack::answer(buf, &request.header, EOPNOTSUPP).finish())?),
        }
    }
    Ok(())
}

/// Answers a request for one link, by its index or its name.
fn one(request: Message<'_>, replies: &mut Batch<'_>) -> Result<()> {
    let asked = Link::parse_request(request);
    let name = asked.name()?;
    let found = LINKS.iter().find(|(index, is, _)| {
        *index == asked.header.index || name.is_some_and(|name| name.to_str() == Some(is))
    });
    match found {
        Some(link) => replies.push(|buf| show(buf, request, NlmFlags::default(), link))?,
        None => {
            let message = AckAttr::Msg("there is no such link".into());
            replies.push(|buf| Ack::answer(buf, &request.header, ENODEV).push(message).finish())?;
            return Ok(());
        }
    };
    if request.header.flags.contains(NlmFlags::ACK) {
        replies.push(|buf| Ack::answer(buf, &request.header, 0).finish())?;
    }
    Ok(())
}

/// A message about a link.
fn show<'b>(
    buf: &'b mut [u8],
    request: Message<'_>,
    flags: NlmFlags,
    &(index, name, iff): &(i32, &str, Iff),
) -> Result<&'b mut [u8]> {
    let header = IfInfoMsg { index, flags: iff, ..IfInfoMsg::default() };
    Link::writer(buf, Rtm::NEWLINK, flags, &header)
        .reply_to(&request.header)
        .push(LinkAttr::IfName(name.into()))
        .push(LinkAttr::Mtu(1500))
        .finish()
}
