//! Types that an attribute can have: what is equal, what is flagged, what is past the end.

use std::collections::HashSet;

use netlink_wire::{
    Attrs, Headed, List, Nla, Packed, Str, Value,
    link::{IfInfoMsg, LinkAttr},
};

fn read<'a, T: Value<'a>>(kind: u16, payload: &'a [u8]) -> T {
    T::parse(Nla::new(kind, payload)).unwrap()
}

#[test]
fn a_position_past_the_end_is_none() {
    let packed = Packed::<u32>::new(&[1, 0, 0, 0, 2, 0, 0, 0, 3]);
    assert_eq!(packed.iter().count(), 2, "the last one is cut off");
    assert_eq!(packed.get(1usize), packed.iter().nth(1));
    for position in [2, 3, usize::MAX, usize::MAX / 4 + 1, usize::MAX / 4 + 2] {
        assert_eq!(packed.get(position), None, "{position}");
    }
}

#[test]
fn lists_and_structs_with_attributes_differ_by_their_bytes() {
    type Peer<'a> = Headed<'a, IfInfoMsg, LinkAttr<'a>>;
    let (one, two) = ([0; 20], [1; 20]);
    assert!(read::<List<'_, u32>>(1, &one) == read(2, &one));
    assert!(read::<List<'_, u32>>(1, &one) != read(1, &two));
    assert!(read::<Peer<'_>>(1, &one) == read(2, &one));
    assert!(read::<Peer<'_>>(1, &one) != read(1, &two));
}

#[test]
fn a_flag_of_a_nest_is_kept() {
    let payload = [0; 20];
    for flag in [0, Nla::NESTED] {
        let kind = 7 | flag;
        assert_eq!(read::<List<'_, u32>>(kind, &payload).flags(), flag);
        assert_eq!(read::<Headed<'_, IfInfoMsg, LinkAttr<'_>>>(kind, &payload).flags(), flag);
        assert_eq!(read::<Attrs<'_, LinkAttr<'_>>>(kind, &payload).flags(), flag);
    }
}

#[test]
fn a_string_ends_at_its_nul() {
    let (read, ours) = (Str::exact(b"lo\0\xff"), Str::from("lo"));
    assert_eq!(read, ours);
    let set: HashSet<Str<'_>> = [read, ours, Str::from("eth0")].into();
    assert_eq!(set.len(), 2);
    assert_eq!(Str::exact(b"a\xffb\xfe").to_string(), "a\u{fffd}b\u{fffd}");
    assert_eq!(Str::exact(b"a\xff").to_str(), None);
}
