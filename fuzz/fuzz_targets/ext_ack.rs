//! Any request, refused with any extended acknowledgement: the error tells what
//! the kernel said, and in words.
//!
//! The input is the request and the attributes of the acknowledgement, each
//! after its length in two bytes.
#![no_main]

use std::{
    cell::RefCell,
    sync::{Arc, Mutex},
};

use libfuzzer_sys::fuzz_target;
use netlink_fuzz::{Nowhere, parts, plant};
use netlink_sys::{Errno, Error, Protocol, Socket, fake::FakeKernel};
use netlink_wire::{AckAttr, Attrs, Messages, NlmFlags};

/// A kernel that refuses everything with the attributes that it is given.
struct Refusing {
    attrs: Arc<Mutex<Vec<u8>>>,
    socket: Socket,
}

impl Refusing {
    fn new() -> Self {
        let attrs = Arc::new(Mutex::new(Vec::new()));
        let said = attrs.clone();
        let kernel = FakeKernel::new(move |_, answer| {
            let attrs = said.lock().expect("nobody panics with it");
            answer.ext_ack(|writer| {
                for nla in Attrs::<AckAttr<'_>>::new(&attrs, 0).raw().flatten() {
                    writer.push_raw(nla);
                }
            });
            answer.refuse(Errno::EINVAL);
        });
        let socket = Socket::builder(Protocol::ROUTE).on(&kernel).open();
        Self { attrs, socket: socket.expect("a socket") }
    }
}

thread_local! {
    static KERNEL: RefCell<Refusing> = RefCell::new(Refusing::new());
}

fuzz_target!(|input: &[u8]| {
    plant("ext_ack");
    let mut parts = parts(input);
    let (Some(request), Some(attrs)) = (parts.next(), parts.next()) else { return };
    // One whole message, and not more than a socket takes.
    let Some(Ok(message)) = Messages::new(request).next() else { return };
    let mut request = request[..message.header.len as usize].to_vec();
    if message.header.flags.contains(NlmFlags::DUMP) || attrs.len() > 1 << 13 {
        return;
    }
    KERNEL.with_borrow_mut(|kernel| {
        *kernel.attrs.lock().expect("nobody panics with it") = attrs.to_vec();
        let replies = kernel.socket.request(&mut request).expect("it is sent");
        let error = replies.finish().expect_err("everything is refused");
        Nowhere::show(&error);
        let Error::Refused(refusal) = &error else { panic!("{error}") };
        let told = &refusal.ext_ack;
        let said = Attrs::<AckAttr<'_>>::new(attrs, 0);
        let last =
            |f: &dyn Fn(AckAttr<'_>) -> Option<u32>| said.iter().flatten().filter_map(f).last();
        assert_eq!(
            (told.offset, told.missing_type, told.missing_nest),
            (
                last(&|attr| if let AckAttr::Offs(at) = attr { Some(at) } else { None }),
                last(&|attr| if let AckAttr::MissType(code) = attr { Some(code) } else { None }),
                last(&|attr| if let AckAttr::MissNest(at) = attr { Some(at) } else { None }),
            )
        );
        assert_eq!(told.missing().is_some(), told.missing_type.is_some());
        if told.path().is_some() {
            let at = told.offset.expect("the offset that the path was made from");
            assert!((at as usize) < request.len(), "{at} is outside of the request");
        }
    });
});
