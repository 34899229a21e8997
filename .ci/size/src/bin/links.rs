//! A program that lists the links of this machine, with all that tells of what went wrong.

use std::{
    error::Error,
    io::{self, Read, Write},
    net::TcpStream,
    os::fd::{FromRawFd, OwnedFd},
};

use netlink_wire::{
    Ack, AckAttr, Header, Messages, NlmFlags, Rtm,
    link::{IfInfoMsg, Link, LinkAttr, RtextFilter},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut socket = open()?;
    let mut buf = vec![0; 1 << 15];
    let flags = NlmFlags::REQUEST | NlmFlags::DUMP;
    let request = Link::writer(&mut buf, Rtm::GETLINK, flags, &IfInfoMsg::default())
        .push(LinkAttr::ExtMask(RtextFilter::VF))
        .finish()?;
    socket.write_all(request)?;
    loop {
        let len = socket.read(&mut buf)?;
        for message in Messages::new(buf.get(..len).unwrap_or_default()) {
            let message = message?;
            match message.header.kind {
                Header::DONE => return Ok(()),
                Header::ERROR => return Err(refusal(Ack::parse(message)?)),
                kind if kind == Rtm::NEWLINK.0 => print(Link::parse(message)?)?,
                _ => {}
            }
        }
    }
}

/// A socket of `NETLINK_ROUTE`. What reads and writes it is the library's type for streams.
fn open() -> io::Result<TcpStream> {
    let kind = libc::SOCK_RAW | libc::SOCK_CLOEXEC;
    // SAFETY: no memory is passed.
    let fd = unsafe { libc::socket(libc::AF_NETLINK, kind, libc::NETLINK_ROUTE) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it is open, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) }.into())
}

fn refusal(ack: Ack<'_>) -> Box<dyn Error> {
    let error = io::Error::from_raw_os_error(ack.errno().unwrap_or_default());
    match ack.attrs.get(AckAttr::Msg) {
        Ok(Some(text)) => format!("{error}: {text}").into(),
        _ => error.into(),
    }
}

fn print(link: Link<'_>) -> netlink_wire::Result<()> {
    print!("{}: {}", link.header.index, link.header.flags);
    if let Some(master) = link.get(LinkAttr::Master)? {
        print!(" master {master}");
    }
    for attr in link.attrs {
        match attr {
            Ok(LinkAttr::IfName(name)) => print!(" {name}"),
            Ok(LinkAttr::Mtu(mtu)) => print!(" mtu {mtu}"),
            Ok(LinkAttr::OperState(state)) => print!(" state {state}"),
            Ok(LinkAttr::Address(address)) => print!(" {address}"),
            Ok(_) => {}
            Err(error) => print!(" ({error})"),
        }
    }
    if let Some(kind) = link.kind()? {
        print!(" {kind}");
    }
    println!();
    Ok(())
}
