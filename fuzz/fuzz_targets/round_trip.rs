//! Writing what was read, twice, gives the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netlink_wire::{
    Attribute, Attrs, Header, NlmFlags, Whole, Writer, link::LinkAttr, neigh::NeighAttr,
    rule::RuleAttr,
};

/// Writes each attribute that can be read, and returns their bytes.
fn rewrite<'a, A: Attribute<'a>>(bytes: &'a [u8]) -> Vec<u8> {
    let mut buf = vec![0; 4 * bytes.len() + 64];
    let mut writer = Writer::<A::Set, Whole>::new(&mut buf, 0, NlmFlags(0), &[0u8; 0]);
    for attr in Attrs::<A>::new(bytes, 0).iter().flatten() {
        writer.push(attr);
    }
    writer.finish().expect("the buffer is large enough")[size_of::<Header>()..].to_vec()
}

fuzz_target!(|bytes: &[u8]| {
    let once = rewrite::<RuleAttr<'_>>(bytes);
    assert_eq!(rewrite::<RuleAttr<'_>>(&once), once);
    let once = rewrite::<NeighAttr<'_>>(bytes);
    assert_eq!(rewrite::<NeighAttr<'_>>(&once), once);
    let once = rewrite::<LinkAttr<'_>>(bytes);
    assert_eq!(rewrite::<LinkAttr<'_>>(&once), once);
});
