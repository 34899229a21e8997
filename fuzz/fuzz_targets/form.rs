//! Any JSON that a message is built from: it is built and then shown as the same again and again, or the error
//! tells what is wrong with it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netlink_fuzz::{Nowhere, form, plant};
use netlink_wire::{Messages, form::Form};

fuzz_target!(|json: &[u8]| {
    plant("form");
    let Ok(read) = serde_json::from_slice::<Form>(json) else { return };
    let mut buf = vec![0xff; 1 << 16];
    match read.build_rtnl(&mut buf) {
        Ok(built) => form(Messages::new(built).next().expect("a message").expect("well framed")),
        Err(error) => Nowhere::show(error),
    }
});
