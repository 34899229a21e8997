//! Any attributes, in any nest, into a buffer of any size: what was pushed is
//! read back, or the error tells the size that does.
//!
//! The input is the size, the type of the message and a number, in two bytes each,
//! and then lists of attributes, each after its length in two bytes. The type tells
//! what is made of the number and of the lists.
#![no_main]

use std::{array, net::Ipv6Addr};

use libfuzzer_sys::fuzz_target;
use netlink_fuzz::{Nowhere, parts, plant};
use netlink_wire::{
    Ack, AckAttr, Attribute, Batch, ErrorKind, Header, Message, Messages, Nla, Nlas, NlmFlags, Rtm,
    Whole, Writer,
    link::{
        AfSpec, AfSpecAttr, IfInfoMsg, InetAttr, InetConf, InfoAttr, InfoData, Ipv4Devconf, Link,
        LinkAttr, VlanAttr, VlanQosAttr,
    },
    nduseropt::{NdUserOpt, NdUserOptAttr, NdUserOptMsg},
    nexthop::{Nexthop, NexthopAttr, NexthopEncap, NexthopGrp, NhMsg},
    route::{
        MetricAttr, Route, RouteAttr, RtMsg, RtNextHop,
        encap::{Encap, Seg6Attr, Seg6IptunMode},
    },
};

struct Input<'a> {
    space: usize,
    kind: u16,
    number: u16,
    lists: [Vec<Nla<'a>>; 4],
}

impl<'a> Input<'a> {
    fn read(input: &'a [u8]) -> Option<Self> {
        let (head, rest) = input.split_first_chunk::<6>()?;
        let [space, kind, number] =
            array::from_fn(|at| u16::from_le_bytes([head[2 * at], head[2 * at + 1]]));
        let mut lists = parts(rest).map(|part| Nlas::new(part, 0).map_while(Result::ok).collect());
        let lists = array::from_fn(|_| lists.next().unwrap_or_default());
        Some(Self { space: space.into(), kind, number, lists })
    }

    /// The header of the request that is answered.
    fn request(&self) -> Header {
        Header { seq: self.number.into(), portid: self.space as u32, ..Header::default() }
    }

    /// How often one payload is written; most often few times, as that takes long.
    fn times(&self) -> u16 {
        if self.number < 0xff00 { self.number % 64 } else { self.number }
    }

    /// What a router announces, up to more than the header can tell the length of.
    fn options(&self) -> Vec<u8> {
        vec![7; 2 * usize::from(self.number)]
    }

    /// The members of a group: what is in a list makes up their ids and weights.
    fn group(&self) -> Vec<NexthopGrp> {
        let member =
            |nla: &Nla<'_>| NexthopGrp::new(nla.code().into(), 1 + nla.payload().len() as u32);
        self.lists[1].iter().map(member).collect()
    }

    /// The way of a packet, up to longer than can be told.
    fn segments(&self) -> Vec<Ipv6Addr> {
        (0..self.number % 256).map(|at| Ipv6Addr::from(u128::from(at))).collect()
    }
}

const NEWLINK: u16 = Rtm::NEWLINK.0;
const NEWROUTE: u16 = Rtm::NEWROUTE.0;
const NEWNEXTHOP: u16 = Rtm::NEWNEXTHOP.0;
const NEWNDUSEROPT: u16 = Rtm::NEWNDUSEROPT.0;

/// Pushes what can be read as an attribute of the set as that, the rest raw.
fn push<'a, A: Attribute<'a>, M>(writer: &mut Writer<'_, A::Set, M>, attrs: &[Nla<'a>]) {
    for nla in attrs {
        match A::parse(*nla) {
            Ok(attr) => writer.push(attr),
            Err(_) => writer.push_raw(*nla),
        };
    }
}

/// Writes the message; returns what [`Writer::finish`] does.
fn write<'b>(buf: &'b mut [u8], input: &Input<'_>) -> netlink_wire::Result<&'b mut [u8]> {
    let Input { kind, number, lists, .. } = input;
    match *kind {
        NEWLINK => {
            let [attrs, info, vlan, qos] = lists;
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
            let families = |families| LinkAttr::AfSpec(AfSpec::Families(families));
            writer.nest(families, |writer| {
                writer.nest(AfSpecAttr::Inet, |writer| {
                    let some = |some| InetAttr::Conf(InetConf::Some(some));
                    writer.nest(some, |writer| {
                        writer.item(Ipv4Devconf::FORWARDING.0, (*number).into());
                    });
                });
            });
            writer.finish()
        }
        NEWROUTE => {
            let [attrs, metrics, hops @ ..] = lists;
            let mut writer = Route::writer(buf, *kind, NlmFlags(0), &RtMsg::default());
            push::<RouteAttr<'_>, Whole>(&mut writer, attrs);
            writer.nest(RouteAttr::Metrics, |writer| {
                push::<MetricAttr<'_>, ()>(writer, metrics);
            });
            writer.nest(RouteAttr::Multipath, |writer| {
                for attrs in hops {
                    let header = RtNextHop { ifindex: (*number).into(), ..RtNextHop::default() };
                    writer.hop(&header, |writer| push::<RouteAttr<'_>, ()>(writer, attrs));
                }
            });
            writer.finish()
        }
        NEWNEXTHOP => {
            let mut writer = Nexthop::writer(buf, *kind, NlmFlags(0), &NhMsg::default());
            push::<NexthopAttr<'_>, Whole>(&mut writer, &lists[0]);
            writer.push_packed(NexthopAttr::Group, &input.group());
            let seg6 = |attrs| NexthopEncap(Encap::Seg6(attrs));
            writer.select_nest(seg6, |writer| {
                writer.push_srh(Seg6IptunMode::ENCAP, &input.segments());
            });
            writer.finish()
        }
        NEWNDUSEROPT => {
            let header = NdUserOptMsg::default();
            let mut writer = NdUserOpt::writer(buf, NlmFlags(0), &header, &input.options());
            push::<NdUserOptAttr<'_>, Whole>(&mut writer, &lists[0]);
            writer.finish()
        }
        Header::ERROR | Header::DONE => {
            let answer = if *kind == Header::DONE { Ack::done } else { Ack::answer };
            let mut writer = answer(buf, &input.request(), (*number).into());
            push::<AckAttr<'_>, Whole>(&mut writer, &lists[0]);
            writer.finish()
        }
        // One payload, so many times that a nest cannot hold it.
        _ => {
            let payload = lists[0].first().map(|nla| nla.payload()).unwrap_or_default();
            let mut writer = Link::writer(buf, *kind, NlmFlags(0), &IfInfoMsg::default());
            writer.nest(LinkAttr::PropList, |writer| {
                for _ in 0..input.times() {
                    writer.push_raw(Nla::new(1, payload));
                }
            });
            writer.finish()
        }
    }
}

/// What was pushed is there.
fn check(input: &Input<'_>, bytes: &[u8]) {
    let Input { kind, number, lists, .. } = input;
    let mut messages = Messages::new(bytes);
    let read = messages.next().expect("one message").expect("well framed");
    assert!(messages.next().is_none(), "one message alone");
    assert_eq!((read.header.len as usize, read.header.kind), (bytes.len(), *kind));
    match *kind {
        NEWLINK => check_link(read, input),
        NEWROUTE => {
            let [attrs, metrics, hops @ ..] = lists;
            let route = Route::parse(read).expect("the header is whole");
            let raw = list(route.attrs.raw());
            same(&raw[..attrs.len()], attrs);
            same(&inside(raw[attrs.len()]), metrics);
            let next = route.get(RouteAttr::Multipath).expect("readable").expect("pushed last");
            let read: Vec<_> = next.iter().map(|hop| hop.expect("well framed")).collect();
            assert_eq!(read.len(), hops.len());
            for (read, attrs) in read.iter().zip(hops) {
                assert_eq!(read.header.ifindex, i32::from(*number));
                let raw = list(read.attrs.raw());
                same(&raw, attrs);
            }
        }
        NEWNEXTHOP => {
            let nexthop = Nexthop::parse(read).expect("the header is whole");
            let group = nexthop.get(NexthopAttr::Group).expect("readable").expect("pushed last");
            assert!(group.iter().eq(input.group()));
            let encap = nexthop.encap().expect("readable");
            let Some(Encap::Seg6(seg6)) = encap else { panic!("{encap:?}") };
            let srh = seg6.get(Seg6Attr::Srh).expect("readable").expect("pushed");
            assert!(srh.srh.segments().iter().eq(input.segments().into_iter().rev()));
        }
        NEWNDUSEROPT => {
            let option = NdUserOpt::parse(read).expect("the header and the options are whole");
            assert_eq!(option.options, input.options());
            let raw = list(option.attrs.raw());
            same(&raw, &lists[0]);
        }
        Header::ERROR | Header::DONE => {
            let (ack, request) = (Ack::parse(read).expect("an errno"), input.request());
            assert_eq!(ack.errno(), Some(i32::from(*number)).filter(|errno| *errno != 0));
            assert_eq!((read.header.seq, read.header.portid), (request.seq, request.portid));
            let raw = list(ack.attrs.raw());
            same(&raw, &lists[0]);
        }
        _ => {
            let link = Link::parse(read).expect("the header is whole");
            let list = link.get(LinkAttr::PropList).expect("readable").expect("pushed");
            assert_eq!(list.raw().count(), usize::from(input.times()));
        }
    }
}

fn check_link(read: Message<'_>, input: &Input<'_>) {
    let [attrs, info, vlan, qos] = &input.lists;
    let link = Link::parse(read).expect("the header is whole");
    let raw = list(link.attrs.raw());
    same(&raw[..attrs.len()], attrs);
    let nest = inside(raw[attrs.len()]);
    same(&nest[..info.len()], info);
    assert_eq!(nest.len(), info.len() + 2);
    let data = inside(nest[info.len() + 1]);
    same(&data[..vlan.len()], vlan);
    same(&inside(data[vlan.len()]), qos);
    let inet = link.inet().expect("readable").expect("pushed last");
    let conf = inet.get(InetAttr::Conf).expect("readable").expect("pushed");
    assert_eq!(conf.get(Ipv4Devconf::FORWARDING), Ok(Some(input.number.into())));
}

fn inside(nla: Nla<'_>) -> Vec<Nla<'_>> {
    list(nla.nested())
}

fn list(nlas: Nlas<'_>) -> Vec<Nla<'_>> {
    nlas.map(|nla| nla.expect("well framed")).collect()
}

/// Padding bits and flags of scalars are not kept when they are written as their type.
fn same(read: &[Nla<'_>], pushed: &[Nla<'_>]) {
    let codes = |list: &[Nla<'_>]| list.iter().map(|nla| nla.code()).collect::<Vec<_>>();
    assert_eq!(codes(read), codes(pushed));
}

fuzz_target!(|input: &[u8]| {
    plant("writer");
    let Some(input) = Input::read(input) else { return };
    // More than the longest attribute, and room around it.
    let mut large = vec![0xff; 1 << 17];
    let whole = match write(&mut large, &input) {
        Ok(bytes) => bytes.to_vec(),
        // A nest outgrew its length field: so it does in any buffer.
        Err(error) => {
            Nowhere::show(error);
            assert!(matches!(error.kind, ErrorKind::TooLong | ErrorKind::NoSpace(_)), "{error}");
            assert!(write(&mut [0; 64], &input).is_err());
            return;
        }
    };
    assert!(whole.len() >= size_of::<Header>());
    check(&input, &whole);

    let mut small = vec![0xff; input.space];
    match write(&mut small, &input) {
        Ok(bytes) => assert_eq!(bytes, whole),
        Err(error) => {
            Nowhere::show(error);
            let needed = u32::try_from(whole.len()).expect("a short one");
            assert_eq!(error.kind, ErrorKind::NoSpace(needed));
            assert!(small.len() < whole.len());
            let mut exact = vec![0xff; whole.len()];
            assert_eq!(write(&mut exact, &input).expect("it fits"), whole);
        }
    }

    // Twice in one datagram, and not a third time.
    let mut twice = vec![0xff; 2 * whole.len().next_multiple_of(4)];
    let mut batch = Batch::new(&mut twice);
    for _ in 0..2 {
        assert_eq!(batch.push(|buf| write(buf, &input)).expect("it fits"), whole);
    }
    assert!(batch.push(|buf| write(buf, &input)).is_err());
    assert_eq!(Messages::new(batch.as_bytes()).count(), 2);
});
