//! What is read and written is read as the same again, at every depth; so is what is built from JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netlink_fuzz::{form, plant, visit};
use netlink_wire::{Header, Messages, Nlas, walk::Walk};

fuzz_target!(|datagram: &[u8]| {
    plant("round_trip");
    let (mut once, mut twice) = (Vec::new(), Vec::new());
    for message in Messages::new(datagram).flatten() {
        let head = message.header.len - message.payload.len() as u32;
        assert_eq!(head as usize, size_of::<Header>());
        form(message);
        visit(Walk::rtnl(message), 0, &mut |set, nla, _| {
            if set.read(nla, None, &mut once).is_err() {
                return;
            }
            let mut again = Nlas::new(&once, 0);
            let written = again.next().expect("one attribute").expect("well framed");
            assert!(again.next().is_none(), "one attribute alone");
            assert_eq!(written.code(), nla.code());
            if nla.family() == 0 {
                set.read(written, None, &mut twice).expect("readable");
                assert_eq!(once, twice, "{nla:?}");
            }
        });
    }
});
