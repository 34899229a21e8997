//! Any file, decoded as text and as JSON: no file may panic, JSON is always valid, and every part of
//! a message lies inside of it.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../netlink-dump/tests/common/decoded.rs"]
mod decoded;

fuzz_target!(|file: &[u8]| {
    netlink_fuzz::plant("decode");
    decoded::check(file);
});
