//! Integers of each width, sign and byte order, and structs that end too early.

use netlink_wire::{
    Be, Header, Key, Nla, NlmFlags, Pod, Reader, RtnlGrp, Whole, Writer,
    link::GreFlags,
    route::RtProt,
    schema::{Choice, Int, Type},
};

#[test]
fn integers_of_any_width_are_read() {
    let bytes = [0x81, 2, 3, 4, 5, 6, 7, 0x88, 9];
    for len in 1..=8 {
        let digits = &bytes[..usize::from(len)];
        for network in [true, false] {
            let number = |all: i128, byte: &u8| all << 8 | i128::from(*byte);
            let unsigned = if network || cfg!(target_endian = "big") {
                digits.iter().fold(0, number)
            } else {
                digits.iter().rev().fold(0, number)
            };
            let bits = 8 * u32::from(len);
            let is_negative = unsigned >> (bits - 1) == 1;
            let signed = if is_negative { unsigned - (1 << bits) } else { unsigned };
            for (is_signed, expected) in [(false, unsigned), (true, signed)] {
                let int = Int { len, signed: is_signed, network };
                assert_eq!(int.read(&bytes), Some(expected), "{int} {len}");
                assert_eq!(int.read(&bytes[..usize::from(len) - 1]), None, "cut off");
            }
        }
    }
    for len in [0, 9] {
        assert_eq!(Int { len, signed: false, network: true }.read(&bytes), None, "{len}");
    }
}

#[test]
fn network_order_is_compared_by_value() {
    let port = Be::<u16>::new(0x1234);
    assert!(port == 0x1234 && port != 0x3412);
    assert_eq!((port.get(), port.to_string()), (0x1234, "4660".into()));
}

#[test]
fn arrays_in_network_order_are_written_as_they_are_read() {
    let ports = [Be::<u16>::new(0x1234), Be::new(0x5678)];
    let mut buf = [0; 32];
    let mut writer = Writer::<Nla<'_>, Whole>::new(&mut buf, 0, NlmFlags(0), &ports);
    let bytes = &writer.finish().unwrap()[Header::LEN..];
    assert_eq!(bytes, [0x12, 0x34, 0x56, 0x78]);
    assert_eq!(<[Be<u16>; 2]>::read(&mut Reader::new(bytes)), ports);
    assert_eq!((<[Be<u16>; 2] as Pod>::LEN, <[u64; 3] as Pod>::LEN), (4, 24));
    // Flags in network order are known by their words all the same.
    let Type::Constants(flags) = <Be<GreFlags> as Pod>::TYPE else { panic!("no flags") };
    assert_eq!(flags.int, Int { len: 2, signed: false, network: true });
    assert!(flags.flags && flags.by_word("key").is_some());
}

/// What an older kernel did not send is 0, and so is all that would come after it.
#[test]
fn past_the_end_are_zeros() {
    let mut from = Reader::new(&[1, 2, 3, 4, 5]);
    assert_eq!(from.take(), [1, 2]);
    assert_eq!(from.take(), [3, 4, 5, 0]);
    assert_eq!(from.take(), [0]);

    let whole: Vec<u8> = (1..=20).collect();
    let mut from = Reader::new(&whole);
    let first = Header::read(&mut from);
    assert_eq!(Some(first), Header::of(&whole));
    let cut = Header::read(&mut from);
    assert_eq!(cut, Header { len: u32::from_ne_bytes([17, 18, 19, 20]), ..Header::ZERO });
    assert_eq!(Header::read(&mut from), Header::ZERO);

    let mut from = Reader::new(&[1; 7]);
    let cut = Header::read(&mut from);
    assert_eq!((cut.len, cut.seq), (0x0101_0101, 0));
    assert_eq!(Header::read(&mut from), Header::ZERO, "nothing is read twice");
}

#[test]
fn types_tell_their_size() {
    let two: &Type = &Type::Int(Int { len: 2, signed: false, network: false });
    assert_eq!(two.size(), Some(2));
    assert_eq!(
        (Type::Flag.size(), Type::Ipv4.size(), Type::Ipv6.size()),
        (Some(0), Some(4), Some(16))
    );
    assert_eq!(<[u32; 3] as Pod>::TYPE.size(), Some(12));
    assert_eq!(Header::TYPE.size(), Some(16));
    assert_eq!((Type::String.size(), Type::Packed(two).size()), (None, None));
    let Type::Constants(protocols) = <RtProt as Pod>::TYPE else { panic!("no constants") };
    assert_eq!(Type::Constants(protocols).size(), Some(1));
}

#[test]
fn constants_are_found_by_value_and_by_word() {
    let Type::Constants(protocols) = <RtProt as Pod>::TYPE else { panic!("no constants") };
    let word = |value| protocols.by_value(value).map(|constant| constant.word);
    assert_eq!((word(4), word(186), word(77)), (Some("static"), Some("bgp"), None));
    let value = |word| protocols.by_word(word).map(|constant| constant.value);
    assert_eq!((value("static"), value("bgp"), value("none of them")), (Some(4), Some(186), None));
}

#[test]
fn types_and_choices_have_names() {
    let int = |len, signed, network| Type::Int(Int { len, signed, network });
    let names =
        [int(2, false, true), int(4, false, false), int(4, true, false), int(8, true, true)];
    assert_eq!(names.map(|ty| ty.to_string()), ["be16", "u32", "s32", "be64"]);
    assert_eq!(<[u32; 3] as Pod>::TYPE.to_string(), "array:3:u32");
    let choices = [Choice::Word("vlan"), Choice::Number(28)].map(|choice| choice.to_string());
    assert_eq!(choices, ["vlan", "28"]);
    assert_eq!(Choice::literal("28"), Choice::Number(28));
    assert_eq!(Choice::literal("\"vlan\""), Choice::Word("vlan"));
}

#[test]
fn a_number_is_its_own_word() {
    assert_eq!((Key::word(7u16), <u16 as Key<'_>>::from_word(7)), (7, 7));
    assert_eq!(u32::from(RtnlGrp::NEXTHOP), 32);
}
