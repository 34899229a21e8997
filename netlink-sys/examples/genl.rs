//! Prints number and multicast groups of a generic netlink family: `cargo run --example genl nlctrl`.

use netlink_sys::{Protocol, Socket};
use netlink_wire::{
    NlmFlags,
    genl::{Ctrl, CtrlAttr, CtrlCmd, GENL_ID_CTRL, GenlMsgHdr},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).unwrap_or("nlctrl".into());
    let mut socket = Socket::open(Protocol::GENERIC)?;
    let header = GenlMsgHdr { cmd: CtrlCmd::GETFAMILY.0, version: 2, ..GenlMsgHdr::default() };
    let mut buf = [0; 64];
    let request = Ctrl::writer(&mut buf, GENL_ID_CTRL, NlmFlags::default(), &header)
        .push(CtrlAttr::FamilyName(name.as_str().into()))
        .finish()?;
    let mut replies = socket.request(request)?;
    while let Some(message) = replies.recv()? {
        let family = Ctrl::parse(message)?;
        println!("{name}: {:?}", family.get(CtrlAttr::FamilyId)?);
        for group in family.groups()? {
            let (group, number) = group?;
            println!("{number}: {group}");
        }
    }
    Ok(())
}
