//! Types that an attribute can have: what is equal, what is flagged, what is past the end, and how
//! they are shown.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use netlink_wire::{
    Attribute, Attrs, ErrorKind, Headed, Header, List, Multi, Nla, NlmFlags, Packed, Pod, Str,
    Struct, Uint, Value, Whole, Writer,
    link::{IfInfoMsg, LinkAttr, VethAttr},
    neigh::Ntf,
    nexthop::NexthopAttr,
    route::{MplsLabel, RouteAttr, RtProt, RtnhFlags},
    schema::{Int, Type},
    tc::ActionsAttr,
    walk::Shown,
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
fn the_bytes_are_those_that_were_sent() {
    let bytes = [1, 2, 3, 4, 5];
    assert_eq!(Packed::<u16>::new(&bytes).as_bytes(), bytes);
    assert_eq!(read::<Struct<'_, IfInfoMsg>>(1, &bytes).as_bytes(), bytes);
    assert_eq!(read::<&[u8]>(1, &bytes), bytes);
}

/// Reads an attribute of this set, and writes it.
fn comes_back<'a, A: Attribute<'a>>(bytes: &'a [u8]) {
    let attr = Attrs::<A>::new(bytes, 0).iter().next().unwrap().unwrap();
    let mut buf = [0; 64];
    let mut writer = Writer::<A::Set, Whole>::new(&mut buf, 0, NlmFlags(0), &[0u8; 0]);
    assert_eq!(writer.push(attr).finish().unwrap()[Header::LEN..], *bytes, "{attr:?}");
}

#[test]
fn what_was_read_is_written_as_it_was() {
    let nla = |kind: u16, payload: &[u8]| {
        let len = (Nla::HEADER_LEN + payload.len()) as u16;
        [&len.to_ne_bytes()[..], &kind.to_ne_bytes(), payload].concat()
    };
    let inner = nla(1, &[1, 2, 3, 4]);
    comes_back::<RouteAttr<'_>>(&nla(10, &[1, 2, 3, 4]));
    comes_back::<LinkAttr<'_>>(&nla(3, b"lo\0\xff"));
    // When a route expires, in either width.
    comes_back::<RouteAttr<'_>>(&nla(23, &[7; 4]));
    comes_back::<RouteAttr<'_>>(&nla(23, &[7; 8]));
    // Structs of which there is more than is known, or less.
    comes_back::<LinkAttr<'_>>(&nla(23, &[7; 12]));
    comes_back::<NexthopAttr<'_>>(&nla(2, &[7; 20]));
    // What has attributes inside.
    comes_back::<ActionsAttr<'_>>(&nla(1, &inner));
    comes_back::<LinkAttr<'_>>(&nla(18, &inner));
    comes_back::<VethAttr<'_>>(&nla(1, &[&[7; 16][..], &inner].concat()));
}

#[test]
fn a_struct_with_attributes_may_have_none_of_them() {
    type Peer<'a> = Headed<'a, IfInfoMsg, LinkAttr<'a>>;
    let mut bytes = [0; 24];
    bytes[4..8].copy_from_slice(&7u32.to_ne_bytes());
    bytes[16..18].copy_from_slice(&8u16.to_ne_bytes());
    bytes[18..20].copy_from_slice(&4u16.to_ne_bytes());
    bytes[20..].copy_from_slice(&1500u32.to_ne_bytes());
    let all: Peer<'_> = read(1, &bytes);
    assert_eq!((all.header().index, all.attrs().get(LinkAttr::Mtu)), (7, Ok(Some(1500))));
    let alone: Peer<'_> = read(1, &bytes[..16]);
    assert_eq!((alone.header().index, alone.attrs().iter().count()), (7, 0));
    assert_eq!(Peer::parse(Nla::new(1, &bytes[..15])), Err(ErrorKind::Length(15)));
}

#[test]
fn what_is_no_nest_has_no_flags() {
    use netlink_wire::Payload;
    let nest = read::<Attrs<'_, LinkAttr<'_>>>(7 | Nla::NESTED, &[]);
    assert_eq!((Value::flags(&7u32), Payload::flags(&7u32)), (0, 0));
    assert_eq!((Payload::flags(&Multi(7u32)), Payload::flags(&Str::from("lo"))), (0, 0));
    assert_eq!((Payload::flags(&nest), Payload::flags(&Multi(nest))), (Nla::NESTED, Nla::NESTED));
}

#[test]
fn a_number_of_either_width_has_one_value() {
    let (short, long) = (7u32.to_ne_bytes(), (7u64 << 32).to_ne_bytes());
    assert_eq!((read::<Uint>(1, &short), read::<Uint>(1, &long)), (Uint(7), Uint(7 << 32)));
    assert_eq!(Uint::parse(Nla::new(1, &[0; 5])), Err(ErrorKind::Length(5)));
    assert_eq!(Uint(7 << 32).to_string(), "30064771072");
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
    let hash = |string: Str<'_>| {
        let mut hasher = DefaultHasher::new();
        string.hash(&mut hasher);
        hasher.finish()
    };
    assert!(ours != Str::from("eth0") && ours != Str::from("l"));
    assert_eq!(hash(read), hash(ours));
    assert_ne!(hash(ours), hash(Str::from("eth0")));
    assert!(read == "lo" && read == *"lo" && read != "eth0" && read != *"l");
    assert_eq!((read.as_bytes(), read.to_str()), (&b"lo"[..], Some("lo")));
    assert_eq!(Str::exact(b"lo").as_bytes(), b"lo");
    assert_eq!(Str::exact(b"a\xffb\xfe").to_string(), "a\u{fffd}b\u{fffd}");
    assert_eq!(Str::exact(b"a\xff").to_str(), None);
}

#[test]
fn bytes_are_shown_as_their_type_says() {
    const PORT: Type = Type::Int(Int { len: 2, signed: false, network: true });
    let number = [7u32.to_ne_bytes(), 0u32.to_ne_bytes()].concat();
    let long = 7u64.to_ne_bytes();
    let cases: &[(Type, &[u8], &str)] = &[
        (Type::Flag, &[], "set"),
        (PORT, &[1, 2], "258"),
        (PORT, &[1, 2, 3], "010203"),
        (PORT, &[1], "01"),
        (Type::Uint, &number[..4], "7"),
        (Type::Uint, &long, "7"),
        (Type::Uint, &[7, 0, 7], "070007"),
        (<RtProt as Pod>::TYPE, &[4], "static"),
        (<RtProt as Pod>::TYPE, &[77], "77"),
        (<RtProt as Pod>::TYPE, &[], ""),
        (<Ntf as Pod>::TYPE, &[3], "use|self"),
        (<Ntf as Pod>::TYPE, &[0], "0"),
        (<RtnhFlags as Pod>::TYPE, &[0x90], "linkdown|0x80"),
        (<RtnhFlags as Pod>::TYPE, &[0x80], "0x80"),
        (Type::String, b"lo\0", "lo"),
        (Type::Ipv4, &[192, 0, 2, 1], "192.0.2.1"),
        (Type::Ipv6, &[0; 16], "::"),
        (Type::Addr, &[192, 0, 2, 1], "192.0.2.1"),
        (Type::Addr, &[1, 2, 3], "010203"),
        (Type::LlAddr, &[1, 2, 0xab], "01:02:ab"),
        (<[u8; 3] as Pod>::TYPE, &[1, 2, 3], "010203"),
        (Type::Array(&PORT, 2), &[0, 1, 0, 2], "[1, 2]"),
        (Type::Packed(&PORT), &[0, 1, 0, 2, 3], "[1, 2, 03]"),
        (Type::Packed(&PORT), &[], "[]"),
        (Type::Packed(&Type::Flag), &[1, 2], "0102"),
        (Type::Packed(&Type::String), &[1, 2], "0102"),
        (<MplsLabel as Pod>::TYPE, &[0, 0, 1, 2], "{entry: 258}"),
        (<MplsLabel as Pod>::TYPE, &[0, 0, 1, 2, 3, 4], "{entry: 258} + 0304"),
        (<MplsLabel as Pod>::TYPE, &[0, 0, 1], "{}"),
        (Type::Binary, &[1, 0xab], "01ab"),
    ];
    for (ty, bytes, text) in cases {
        assert_eq!(Shown { ty: *ty, bytes }.to_string(), *text, "{ty} {bytes:?}");
    }
}
