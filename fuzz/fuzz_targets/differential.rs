//! Any message that another library reads, too: it reads what we do, but for a list of its faults.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netlink_fuzz::{
    peers::{self, Opinion},
    plant,
};
use netlink_wire::Messages;

fuzz_target!(init: peers::forgive_panics(), |datagram: &[u8]| {
    plant("differential");
    let mut messages = Messages::new(datagram);
    loop {
        let start = messages.offset();
        let Some(Ok(message)) = messages.next() else { return };
        for (name, peer) in peers::ALL {
            let Some(Ok(theirs)) = peer(&datagram[start..], message) else { continue };
            for difference in Opinion::of(message, &theirs).differences {
                let known = difference.is_sign()
                    || difference.is_start()
                    || difference.is_truth()
                    || peers::is_known(name, &difference.path);
                assert!(known, "{name} has otherwise: {difference}");
            }
        }
    }
});
