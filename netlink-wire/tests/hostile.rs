//! What no kernel sends: nests without end, and lengths near the largest number.

use netlink_wire::{
    Ack, AckAttr, Attrs, ErrorKind, Header, Message, Messages, Nla, Nlas, NlmFlags, Pod, Rtm, Rtnl,
    Whole, Writer,
    link::IfInfoMsg,
    route::{RouteAttr, RtMsg},
    walk::{Content, Walk, path},
};

fn attribute(kind: u16, payload: &[u8]) -> Vec<u8> {
    let len = (Nla::HEADER_LEN + payload.len()) as u16;
    [&len.to_ne_bytes()[..], &kind.to_ne_bytes(), payload].concat()
}

/// As many attributes as 64 KiB hold, each in the one before it.
fn nested(wrap: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut inner = Vec::new();
    while inner.len() < 65_000 {
        inner = wrap(&inner);
    }
    inner
}

fn message(kind: Rtm, header: &impl Pod, attrs: &[u8]) -> Vec<u8> {
    let mut buf = vec![0; 1 << 17];
    let mut writer = Writer::<Nla<'static>, Whole>::new(&mut buf, kind.into(), NlmFlags(0), header);
    for nla in Nlas::new(attrs, 0) {
        writer.push_raw(nla.unwrap());
    }
    writer.finish().unwrap().to_vec()
}

/// A route whose next hop has next hops, which have next hops ..
fn deep_route() -> Vec<u8> {
    let hops = nested(|inner| {
        let len = (8 + inner.len()) as u16;
        attribute(9, &[&len.to_ne_bytes()[..], &[0; 6], inner].concat())
    });
    message(Rtm::NEWROUTE, &RtMsg { family: 2, ..RtMsg::default() }, &hops)
}

/// A veth whose peer is a veth, whose peer ..
fn deep_link() -> Vec<u8> {
    let info = nested(|inner| {
        let peer = attribute(1, &[&[0; 16], inner].concat());
        let kind = [&attribute(1, b"veth\0")[..], &[0; 3]].concat();
        attribute(18, &[kind, attribute(2, &peer)].concat())
    });
    message(Rtm::NEWLINK, &IfInfoMsg::default(), &info)
}

fn only(bytes: &[u8]) -> Message<'_> {
    Messages::new(bytes).next().unwrap().unwrap()
}

/// How deep the attributes are that a walk shows.
fn depth(walk: Walk<'_>) -> usize {
    let inner = walk.flatten().map(|entry| match entry.content() {
        Content::Value(_) => 0,
        Content::Attrs(walk) | Content::Headed(_, walk) => depth(walk),
        Content::Records(records) => {
            records.flatten().map(|record| depth(record.attrs)).max().unwrap_or_default()
        }
    });
    inner.max().map_or(0, |inner| inner + 1)
}

/// Stacks are small in threads and in kernels.
#[test]
fn nests_without_end_exhaust_no_stack() {
    for bytes in [deep_route(), deep_link()] {
        let message = only(&bytes);
        let shown = format!("{:?}", Rtnl::parse(message).unwrap());
        assert!(shown.len() < 10 * bytes.len());
        assert!(format!("{:?}", Content::rtnl(message)).len() < 10 * bytes.len());
        assert_eq!(depth(Walk::rtnl(message)), 17);
        let path = path(Walk::rtnl(message), bytes.len() as u32 - 1).to_string();
        assert_eq!(path.split('/').count(), 17, "{path}");
    }
}

/// Whoever goes down by hand finds all that there is.
#[test]
fn no_nest_is_too_deep_to_be_read() {
    let bytes = deep_route();
    let Rtnl::Route(route) = Rtnl::parse(only(&bytes)).unwrap() else { panic!("it is a route") };
    let (mut hops, mut depth) = (route.next_hops().unwrap(), 0);
    while let Some(hop) = hops.next() {
        depth += 1;
        let attrs = hop.unwrap().attrs;
        let Some(inner) = attrs.get(netlink_wire::route::RouteAttr::Multipath).unwrap() else {
            break;
        };
        hops = inner.iter();
    }
    assert_eq!(depth, 65_000_usize.div_ceil(12));
}

/// Depth is counted in 8 bits.
#[test]
fn what_is_too_deep_stays_so_further_down() {
    let bytes = nested(|inner| attribute(1, inner));
    let mut nest = Nlas::new(&bytes, 0).next().unwrap().unwrap();
    for depth in 1..600 {
        let attrs = Attrs::<Nla<'_>>::of(nest);
        assert_eq!(format!("{attrs:?}") == "[..]", depth > 16, "{depth}");
        nest = nest.nested().next().unwrap().unwrap();
    }
}

/// An error that claims to answer a request of 4 GiB.
#[test]
fn requests_in_errors_are_no_longer_than_the_error() {
    for len in [0, 15, 16, 24, 1 << 20, u32::MAX - 2, u32::MAX] {
        for flags in [NlmFlags(0), NlmFlags::ACK_TLVS, NlmFlags::CAPPED | NlmFlags::ACK_TLVS] {
            let request = Header { len, ..Header::default() };
            let body = netlink_wire::NlMsgErr { error: -22, request };
            let mut buf = [0; 64];
            let mut writer = Writer::<AckAttr<'static>, Whole>::new(&mut buf, 2, flags, &body);
            let message = writer.push(AckAttr::Offs(7)).finish().unwrap();
            let ack = Ack::parse(only(message)).unwrap();
            assert_eq!((ack.errno(), ack.request), (Some(22), Some(request)));
            let follow =
                flags.contains(NlmFlags::CAPPED) || flags.contains(NlmFlags::ACK_TLVS) && len <= 16;
            assert_eq!(ack.attrs.get(AckAttr::Offs), Ok(follow.then_some(7)), "{len} {flags}");
            assert!(ack.request_payload.len() <= 8);
        }
    }
}

/// Places are counted in 32 bits, whatever the caller says where a list lies.
#[test]
fn offsets_near_the_largest_number_do_not_overflow() {
    let inner = [attribute(1, &[1; 4]), attribute(2, &[3, 0, 1, 0])].concat();
    let list = [attribute(3, &inner), attribute(4, &[])].concat();
    let hop = [&12u16.to_ne_bytes()[..], &[0; 6], &attribute(5, &[])].concat();
    let hops = attribute(9, &[hop.clone(), hop].concat());
    for offset in u32::MAX - 40..=u32::MAX {
        let route = Attrs::<RouteAttr<'_>>::new(&hops, offset);
        let hops = route.get(RouteAttr::Multipath).unwrap().unwrap();
        assert_eq!(hops.iter().filter(Result::is_ok).count(), 2);
        let nlas = Nlas::new(&list, offset);
        assert_eq!(nlas.clone().filter(Result::is_ok).count(), 2);
        for nla in nlas.flatten() {
            let _ = (nla.contains(u32::MAX), nla.contains(0));
            for nla in nla.nested() {
                assert!(nla.is_ok_and(|nla| nla.nested().count() < 2));
            }
        }
    }
}

/// What is written is counted past the end of the buffer, and past what a length can tell.
#[test]
fn messages_that_grow_too_long_are_refused() {
    let mut writer =
        Writer::<Nla<'static>, Whole>::new(&mut [], Rtm::NEWROUTE.into(), NlmFlags(0), &0u32);
    let payload = [0; 65_000];
    for _ in 0..70_000 {
        writer.push_raw(Nla::new(1, &payload));
    }
    assert_eq!(writer.finish().unwrap_err().kind, ErrorKind::TooLong);
}
