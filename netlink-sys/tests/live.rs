//! Exchanges with the running kernel that need no privileges.

use netlink_sys::{Error, Protocol, Socket};
use netlink_wire::{Nla, NlmFlags, Whole, Writer};

/// `GENL_ID_CTRL`, the type of requests about generic netlink families.
const CTRL: u16 = 16;

fn ctrl<'b>(buf: &'b mut [u8], flags: u16, cmd: u8) -> Writer<'b, Nla<'static>, Whole> {
    Writer::new(buf, CTRL, NlmFlags(flags), &[cmd, 2, 0, 0])
}

#[test]
fn dumps_to_the_end() {
    let mut socket = Socket::open(Protocol::NetlinkGeneric).unwrap();
    for _ in 0..2 {
        let mut buf = [0; 64];
        let request = ctrl(&mut buf, 0x300, 3).finish().unwrap();
        let mut replies = socket.request(request).unwrap();
        let mut families = 0;
        while let Some(message) = replies.recv().unwrap() {
            assert_eq!(message.header.kind, CTRL);
            families += 1;
        }
        assert!(families >= 1);
        assert!(replies.recv().unwrap().is_none());
    }
}

#[test]
fn drops_what_an_earlier_request_left() {
    let mut socket = Socket::open(Protocol::NetlinkGeneric).unwrap();
    let mut buf = [0; 64];
    let request = ctrl(&mut buf, 0x300, 3).finish().unwrap();
    socket.request(request).unwrap().recv().unwrap().unwrap();
    let request = ctrl(&mut buf, 0x300, 3).finish().unwrap();
    socket.request(request).unwrap().finish().unwrap();
}

#[test]
fn tells_why_it_was_refused() {
    let mut socket = Socket::open(Protocol::NetlinkGeneric).unwrap();
    let mut buf = [0; 64];
    let name = Nla::new(2, b"no such family\0");
    let request = ctrl(&mut buf, 0, 3).push(name).finish().unwrap();
    let error = socket.request(request).unwrap().finish().unwrap_err();
    assert!(matches!(&error, Error::Refused { .. }), "{error}");
    eprintln!("{error}");
    // A four-byte id in two bytes: the kernel names the attribute at fault.
    let request = ctrl(&mut buf, 0, 3).push(Nla::new(1, &[1])).finish().unwrap();
    let error = socket.request(request).unwrap().finish().unwrap_err();
    eprintln!("{error}");
    let Error::Refused { message: Some(_), offset: Some(20), .. } = error else {
        panic!("{error}")
    };
}
