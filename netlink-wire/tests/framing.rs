//! Where messages and attributes start and end.

use netlink_wire::{
    Attribute, Attrs, Error, ErrorKind, Header, Message, Messages, Nla, Nlas,
    route::RouteAttr,
    rule::{Rule, RuleAttr},
};

fn attribute(kind: u16, payload: &[u8]) -> Vec<u8> {
    let len = (Nla::HEADER_LEN + payload.len()) as u16;
    let mut bytes = [&len.to_ne_bytes()[..], &kind.to_ne_bytes(), payload].concat();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn nlattr(offset: u32, kind: ErrorKind) -> Option<netlink_wire::Result<Nla<'static>>> {
    Some(Err(Error { context: "nlattr", offset, kind }))
}

#[test]
fn attributes_start_after_the_padding_of_the_one_before() {
    let list = [attribute(1, &[9; 5]), attribute(2, &[]), attribute(3, &[8; 4])].concat();
    let nlas: Vec<_> = Nlas::new(&list, 100).map(Result::unwrap).collect();
    let expected = [Nla::new(1, &[9; 5]), Nla::new(2, &[]), Nla::new(3, &[8; 4])];
    assert_eq!(nlas, expected);
    assert_eq!(nlas.iter().map(|nla| nla.offset()).collect::<Vec<_>>(), [100, 112, 116]);
    assert_eq!((nlas[0].family(), Nla::new(1, &[]).offset()), (0, 0));
    // The last one may lack its padding.
    let unpadded = Nlas::new(&list[..9], 0).collect::<Vec<_>>();
    assert_eq!(unpadded, [Ok(expected[0])]);
}

#[test]
fn an_attribute_is_header_and_payload_without_padding() {
    let list = [attribute(1, &[9; 5]), attribute(2, &[])].concat();
    let at: Vec<Vec<u32>> = Nlas::new(&list, 100)
        .map(|nla| (96..120).filter(|at| nla.unwrap().contains(*at)).collect())
        .collect();
    assert_eq!(at, [(100..109).collect::<Vec<_>>(), (112..116).collect()]);
}

#[test]
fn a_nest_starts_after_its_header() {
    let list = attribute(7, &[attribute(1, &[1]), attribute(2, &[2])].concat());
    let nest = Nlas::new(&list, 40).next().unwrap().unwrap();
    let inner: Vec<_> = nest.nested().map(|nla| nla.unwrap().offset()).collect();
    assert_eq!(inner, [44, 52]);
    let attrs = Attrs::<Nla<'_>>::of(nest);
    assert_eq!(attrs.raw().map(|nla| nla.unwrap().offset()).collect::<Vec<_>>(), inner);
}

#[test]
fn a_length_less_than_its_header_is_short() {
    for len in 0..4u16 {
        let mut list = [attribute(1, &[]), attribute(2, &[]), attribute(3, &[])].concat();
        list[4..6].copy_from_slice(&len.to_ne_bytes());
        let mut nlas = Nlas::new(&list, 100);
        assert_eq!(nlas.next(), Some(Ok(Nla::new(1, &[]))));
        assert_eq!(nlas.next(), nlattr(104, ErrorKind::Short(len.into())));
        assert_eq!(nlas.next(), None, "past a broken length there is no telling");
    }
}

#[test]
fn a_length_more_than_the_list_is_truncated() {
    let list = attribute(1, &[9; 8]);
    for end in 4..12 {
        let mut nlas = Nlas::new(&list[..end], 7);
        assert_eq!(nlas.next(), nlattr(7, ErrorKind::Truncated), "{end}");
        assert_eq!(nlas.next(), None);
    }
    for end in 0..4 {
        assert_eq!(Nlas::new(&list[..end], 7).next(), None, "the kernel lets it pass");
    }
}

#[test]
fn a_type_is_told_without_its_flags() {
    for (flags, priority) in [(0, 1), (Nla::NESTED, 2), (Nla::NET_BYTEORDER, 3), (0xc000, 4)] {
        let list = attribute(6 | flags, &u32::to_ne_bytes(priority));
        let nla = Nlas::new(&list, 0).next().unwrap().unwrap();
        assert_eq!((nla.kind(), nla.code(), nla.flags()), (6 | flags, 6, flags));
        let attrs = Attrs::<RuleAttr<'_>>::new(&list, 0);
        assert_eq!(attrs.get(RuleAttr::Priority), Ok(Some(priority)));
        assert_eq!(attrs.index().get(RuleAttr::Priority), Ok(Some(priority)));
        assert_eq!(attrs.iter().next(), Some(Ok(RuleAttr::Priority(priority))));
    }
}

/// Of an attribute that comes twice, the kernel heeds the last one.
#[test]
fn the_last_attribute_wins() {
    let of = |priority| attribute(6, &u32::to_ne_bytes(priority));
    let list = [of(1), attribute(15, &[0; 4]), of(2)].concat();
    let attrs = Attrs::<RuleAttr<'_>>::new(&list, 0);
    assert_eq!(attrs.get(RuleAttr::Priority), Ok(Some(2)));
    assert_eq!(attrs.index().get(RuleAttr::Priority), Ok(Some(2)));
}

/// What is missing before a broken length may have come after it.
#[test]
fn malformed_is_not_missing() {
    let list = [attribute(6, &[1, 0, 0, 0]), vec![3, 3, 0, 0]].concat();
    let attrs = Attrs::<RuleAttr<'_>>::new(&list, 16);
    let broken = Error { context: "nlattr", offset: 24, kind: ErrorKind::Truncated };
    assert!(matches!(attrs.get(RuleAttr::Priority), Ok(Some(_))));
    assert!(matches!(attrs.index().get(RuleAttr::Priority), Ok(Some(_))));
    assert_eq!(attrs.get(RuleAttr::Goto), Err(broken));
    assert_eq!(attrs.index().get(RuleAttr::Goto), Err(broken));
    let whole = Attrs::<RuleAttr<'_>>::new(&list[..8], 16);
    assert_eq!(
        (whole.get(RuleAttr::Goto), whole.index().get(RuleAttr::Goto)),
        (Ok(None), Ok(None))
    );
}

#[test]
fn what_differs_is_not_equal() {
    let nla = Nla::new(1, &[1, 2]);
    assert_ne!(nla, Nla::new(2, &[1, 2]));
    assert_ne!(nla, Nla::new(1, &[1, 3]));
    let attrs = |kind, payload| Attrs::<Nla<'_>>::of(Nla::new(kind, payload));
    assert_eq!(attrs(1, &[1, 2]), attrs(2, &[1, 2]));
    assert_ne!(attrs(1, &[1, 2]), attrs(1, &[1, 3]));
    assert_ne!(attrs(1, &[1, 2]), attrs(1 | Nla::NESTED, &[1, 2]));
}

#[test]
fn what_is_not_known_has_no_name() {
    assert_eq!(<Nla<'_> as Attribute<'_>>::name(1), None);
}

#[test]
fn an_error_in_a_next_hop_tells_its_place() {
    let hop = |attrs: &[u8]| {
        let len = 8 + attrs.len() as u16;
        [&len.to_ne_bytes()[..], &[0; 6], attrs].concat()
    };
    let hops = [hop(&attribute(5, &[1; 4])), hop(&attribute(4, &[1; 3]))].concat();
    let list = attribute(9, &hops);
    let hops = Attrs::<RouteAttr<'_>>::new(&list, 28).get(RouteAttr::Multipath).unwrap().unwrap();
    let places = hops.iter().map(|hop| hop.unwrap().attrs.raw().next().unwrap().unwrap().offset());
    assert_eq!(places.collect::<Vec<_>>(), [40, 56]);
    let kind = ErrorKind::Length(3);
    let error = Error { context: "RTA_OIF", offset: 56, kind };
    assert_eq!(hops.iter().nth(1).unwrap().unwrap().attrs.get(RouteAttr::Oif), Err(error));
}

fn message(len: u32, payload: &[u8]) -> Vec<u8> {
    [&len.to_ne_bytes()[..], &[9; 12], payload].concat()
}

#[test]
fn messages_start_after_the_padding_of_the_one_before() {
    let datagram = [message(18, &[1, 2, 0, 0]), message(16, &[]), message(19, &[3; 3])].concat();
    let mut messages = Messages::new(&datagram);
    for (payload, next) in [(&[1, 2][..], 20), (&[], 36), (&[3; 3], 56)] {
        assert_eq!(messages.next().unwrap().unwrap().payload, payload);
        assert_eq!(messages.offset(), next);
    }
    assert_eq!(messages.next(), None);
}

#[test]
fn a_broken_message_ends_its_datagram() {
    let whole = message(16, &[]);
    for (bad, kind) in [
        (message(0, &[]), ErrorKind::Short(0)),
        (message(15, &[]), ErrorKind::Short(15)),
        (message(17, &[]), ErrorKind::Truncated),
        (message(u32::MAX, &[]), ErrorKind::Truncated),
        (whole[..15].to_vec(), ErrorKind::Truncated),
        (vec![0], ErrorKind::Truncated),
    ] {
        let datagram = [&whole[..], &bad].concat();
        let mut messages = Messages::new(&datagram);
        assert!(messages.next().unwrap().is_ok());
        let error = Error { context: "nlmsghdr", offset: 16, kind };
        assert_eq!(messages.next(), Some(Err(error)));
        assert_eq!(messages.next(), None);
    }
}

#[test]
fn a_header_needs_all_its_bytes() {
    let bytes = message(16, &[]);
    let header = Header::of(&bytes).unwrap();
    assert_eq!((header.len, header.seq), (16, 0x0909_0909));
    assert_eq!(Header::of(&bytes[..15]), None);
    let (mut whole, mut cut) = ([0; 17], [0; 15]);
    header.replace_in(&mut whole);
    header.replace_in(&mut cut);
    assert_eq!((&whole[..16], whole[16], cut), (&bytes[..], 0, [0; 15]));
}

#[test]
fn a_request_may_lack_a_part_of_its_header() {
    let header = Header { len: 17, ..Header::default() };
    let message = Message { header, payload: &[10] };
    let rule = Rule::parse_request(message);
    assert_eq!((rule.header.family, rule.attrs.iter().count()), (10, 0));
    let error = Error { context: "fib_rule_hdr", offset: 16, kind: ErrorKind::Truncated };
    assert_eq!(Rule::parse(message), Err(error));
    let whole = Message { header, payload: &[10; 12] };
    assert!(Rule::parse(whole).is_ok());
    let eleven = Message { header, payload: &[10; 11] };
    assert_eq!(Rule::parse(eleven), Err(error));
}
