//! Any attributes, in any nest, into a buffer of any size: what was pushed is
//! read back, or the error tells the size that does.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use netlink_fuzz::plant;
use netlink_wire::{
    Attribute, ErrorKind, Header, Messages, Nla, NlmFlags, Rtm, Whole, Writer,
    link::{IfInfoMsg, InfoAttr, InfoData, Link, LinkAttr, VlanAttr, VlanQosAttr},
    route::{MetricAttr, Route, RouteAttr, RtMsg, RtNextHop},
};

/// An attribute: its type and its payload.
type Raw<'a> = (u16, &'a [u8]);

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    space: u16,
    message: Message<'a>,
}

#[derive(Arbitrary, Debug)]
enum Message<'a> {
    Link {
        kind: u16,
        attrs: Vec<Raw<'a>>,
        info: Vec<Raw<'a>>,
        vlan: Vec<Raw<'a>>,
        qos: Vec<Raw<'a>>,
    },
    Route {
        kind: u16,
        attrs: Vec<Raw<'a>>,
        metrics: Vec<Raw<'a>>,
        hops: Vec<(i32, Vec<Raw<'a>>)>,
    },
    /// One payload, so many times.
    Long {
        payload: &'a [u8],
        times: u16,
    },
}

/// Pushes what can be read as an attribute of the set as that, the rest raw.
fn push<'a, A: Attribute<'a>, M>(writer: &mut Writer<'_, A::Set, M>, attrs: &[Raw<'a>]) {
    for (kind, payload) in attrs {
        let nla = Nla::new(*kind, payload);
        match A::parse(nla) {
            Ok(attr) => writer.push(attr),
            Err(_) => writer.push_raw(nla),
        };
    }
}

/// Writes the message; returns what [`Writer::finish`] does.
fn write<'b>(buf: &'b mut [u8], message: &Message<'_>) -> netlink_wire::Result<&'b mut [u8]> {
    match message {
        Message::Link { kind, attrs, info, vlan, qos } => {
            let mut writer = Link::writer(buf, *kind, NlmFlags(0), &IfInfoMsg::default());
            push::<LinkAttr<'_>, Whole>(&mut writer, attrs);
            writer.nest(LinkAttr::LinkInfo, |writer| {
                push::<InfoAttr<'_>, ()>(writer, info);
                writer.select_nest(InfoData::Vlan, |writer| {
                    push::<VlanAttr<'_>, ()>(writer, vlan);
                    writer.nest(VlanAttr::EgressQos, |writer| {
                        push::<VlanQosAttr<'_>, ()>(writer, qos);
                    });
                });
            });
            writer.finish()
        }
        Message::Route { kind, attrs, metrics, hops } => {
            let mut writer = Route::writer(buf, *kind, NlmFlags(0), &RtMsg::default());
            push::<RouteAttr<'_>, Whole>(&mut writer, attrs);
            writer.nest(RouteAttr::Metrics, |writer| {
                push::<MetricAttr<'_>, ()>(writer, metrics);
            });
            writer.nest(RouteAttr::Multipath, |writer| {
                for (ifindex, attrs) in hops {
                    let header = RtNextHop { ifindex: *ifindex, ..RtNextHop::default() };
                    writer.hop(&header, |writer| push::<RouteAttr<'_>, ()>(writer, attrs));
                }
            });
            writer.finish()
        }
        Message::Long { payload, times } => {
            let mut writer = Link::writer(buf, Rtm::NEWLINK, NlmFlags(0), &IfInfoMsg::default());
            writer.nest(LinkAttr::PropList, |writer| {
                for _ in 0..*times {
                    writer.push_raw(Nla::new(1, payload));
                }
            });
            writer.finish()
        }
    }
}

/// How many attributes there are at the end of the innermost nest.
fn check(message: &Message<'_>, bytes: &[u8]) {
    let mut messages = Messages::new(bytes);
    let read = messages.next().expect("one message").expect("well framed");
    assert!(messages.next().is_none(), "one message alone");
    assert_eq!(read.header.len as usize, bytes.len());
    match message {
        Message::Link { attrs, info, vlan, qos, .. } => {
            let link = Link::parse(read).expect("the header is whole");
            let raw: Vec<_> = link.attrs.raw().map(|nla| nla.expect("well framed")).collect();
            same(&raw[..attrs.len()], attrs);
            let nest: Vec<_> = raw[attrs.len()].nested().map(Result::unwrap).collect();
            same(&nest[..info.len()], info);
            assert_eq!(nest.len(), info.len() + 2);
            let data: Vec<_> = nest[info.len() + 1].nested().map(Result::unwrap).collect();
            same(&data[..vlan.len()], vlan);
            let map: Vec<_> = data[vlan.len()].nested().map(Result::unwrap).collect();
            same(&map, qos);
        }
        Message::Route { attrs, metrics, hops, .. } => {
            let route = Route::parse(read).expect("the header is whole");
            let raw: Vec<_> = route.attrs.raw().map(|nla| nla.expect("well framed")).collect();
            same(&raw[..attrs.len()], attrs);
            let list: Vec<_> = raw[attrs.len()].nested().map(Result::unwrap).collect();
            same(&list, metrics);
            let next = route.get(RouteAttr::Multipath).expect("readable").expect("pushed last");
            let read: Vec<_> = next.iter().map(|hop| hop.expect("well framed")).collect();
            assert_eq!(read.len(), hops.len());
            for (read, (ifindex, attrs)) in read.iter().zip(hops) {
                assert_eq!(read.header.ifindex, *ifindex);
                let raw: Vec<_> = read.attrs.raw().map(|nla| nla.expect("well framed")).collect();
                same(&raw, attrs);
            }
        }
        Message::Long { times, .. } => {
            let link = Link::parse(read).expect("the header is whole");
            let list = link.get(LinkAttr::PropList).expect("readable").expect("pushed");
            assert_eq!(list.raw().count(), usize::from(*times));
        }
    }
}

/// Padding bits and flags of scalars are not kept when they are written as their type.
fn same(read: &[Nla<'_>], pushed: &[Raw<'_>]) {
    assert_eq!(read.len(), pushed.len());
    for (read, (kind, payload)) in read.iter().zip(pushed) {
        assert_eq!(read.code(), Nla::new(*kind, payload).code());
    }
}

fuzz_target!(|input: Input<'_>| {
    plant("writer");
    // More than the longest attribute, and room around it.
    let mut large = vec![0xff; 1 << 17];
    let whole = match write(&mut large, &input.message) {
        Ok(bytes) => bytes.to_vec(),
        // A nest outgrew its length field: so it does in any buffer.
        Err(error) => {
            assert!(matches!(error.kind, ErrorKind::TooLong | ErrorKind::NoSpace(_)), "{error}");
            assert!(write(&mut [0; 64], &input.message).is_err());
            return;
        }
    };
    assert!(whole.len() >= size_of::<Header>());
    check(&input.message, &whole);

    let mut small = vec![0xff; usize::from(input.space)];
    match write(&mut small, &input.message) {
        Ok(bytes) => assert_eq!(bytes, whole),
        Err(error) => {
            let needed = u32::try_from(whole.len()).expect("a short one");
            assert_eq!(error.kind, ErrorKind::NoSpace(needed));
            assert!(small.len() < whole.len());
            let mut exact = vec![0xff; whole.len()];
            assert_eq!(write(&mut exact, &input.message).expect("it fits"), whole);
        }
    }
});
