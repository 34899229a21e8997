//! What is read and written is read as the same again, at every depth; so is what is built from JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netlink_fuzz::{plant, visit};
use netlink_wire::{
    Header, Message, Messages, Nlas,
    form::{Form, View},
    walk::Walk,
};

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

fn form(message: Message<'_>) {
    let show = |message| serde_json::to_string(&View::rtnl(message)).expect("always shown");
    let json = show(message);
    let form: Form = serde_json::from_str(&json).expect("as it was shown");
    // Padding that was missing is added in each nest.
    let mut buf = vec![0xff; 2 * message.payload.len() + 64];
    match form.build_rtnl(&mut buf) {
        Ok(built) => {
            let again = Messages::new(built).next().expect("a message").expect("well framed");
            assert_eq!(show(again), json);
        }
        // Nests that were as long as can be have padding now.
        Err(error) => assert!(message.payload.len() > 65_000, "{error}: {json}"),
    }
}
