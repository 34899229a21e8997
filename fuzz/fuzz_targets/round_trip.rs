//! What is read and written is read as the same again, at every depth.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netlink_captures::sets;
use netlink_fuzz::{plant, visit};
use netlink_wire::{Header, Messages, Nlas, walk::Walk};

fuzz_target!(|datagram: &[u8]| {
    plant();
    for message in Messages::new(datagram).flatten() {
        let head = message.header.len - message.payload.len() as u32;
        assert_eq!(head as usize, size_of::<Header>());
        visit(Walk::rtnl(message), &mut |schema, nla, typed| {
            let Ok(once) = typed else { return };
            let mut again = Nlas::new(&once.bytes, 0);
            let written = again.next().expect("one attribute").expect("well framed");
            assert!(again.next().is_none(), "one attribute alone");
            assert_eq!(written.code(), nla.code());
            if nla.family() == 0 {
                let twice = sets::read(schema, written).expect("a known set").expect("readable");
                assert_eq!(once.bytes, twice.bytes, "{nla:?}");
            }
        });
    }
});
