//! Any script of changes, dumps and faults: the mirror ends with what a model of
//! the kernel has, and tells every change once, with the right old value.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../netlink-sys/tests/common/model.rs"]
mod model;

fuzz_target!(|script: &[u8]| {
    netlink_fuzz::plant("mirror");
    model::run(script);
});
