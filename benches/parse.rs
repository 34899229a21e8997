//! How fast captured dumps are read: in bytes a second, and in messages a second.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use netlink_benches::{
    count, dump,
    loops::{self, Loop},
};
use netlink_wire::{
    Messages, Nlas, NlmFlags, Pod, Rtm, Rtnl,
    addr::IfAddrMsg,
    link::IfInfoMsg,
    neigh::NdMsg,
    route::{Route, RouteAddr, RouteAttr, RtMsg, Rtn},
    rule::FibRuleHdr,
};

/// Size of the dumps in bytes: they fit a cache, as what comes from a socket does.
const SIZE: usize = 256 << 10;

/// The dumps: scenario, type of its messages, length of their fixed header.
const DUMPS: [(&str, Rtm, usize); 5] = [
    ("route", Rtm::NEWROUTE, RtMsg::LEN),
    ("link-attrs", Rtm::NEWLINK, IfInfoMsg::LEN),
    ("addr", Rtm::NEWADDR, IfAddrMsg::LEN),
    ("neigh", Rtm::NEWNEIGH, NdMsg::LEN),
    ("rule", Rtm::NEWRULE, FibRuleHdr::LEN),
];

/// Every header of messages and attributes, and nothing of what they hold.
fn framing(dump: &[u8], fixed: usize) -> u64 {
    let mut sum = 0;
    for message in Messages::new(dump).flatten() {
        for nla in Nlas::new(&message.payload[fixed..], 0).flatten() {
            sum += u64::from(nla.code());
        }
    }
    sum
}

/// Every attribute as its type says.
fn typed(dump: &[u8]) -> u64 {
    let mut attrs = 0;
    macro_rules! read {
        ($body:expr) => {
            for attr in $body.attrs {
                attrs += u64::from(black_box(attr).is_ok());
            }
        };
    }
    for message in Messages::new(dump).flatten() {
        match Rtnl::parse(message) {
            Ok(Rtnl::Route(route)) => read!(route),
            Ok(Rtnl::Link(link)) => read!(link),
            Ok(Rtnl::Addr(addr)) => read!(addr),
            Ok(Rtnl::Neigh(neigh)) => read!(neigh),
            Ok(Rtnl::Rule(rule)) => read!(rule),
            _ => {}
        }
    }
    attrs
}

fn measure(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    dump: &[u8],
    read: impl Fn(&[u8]) -> u64,
) {
    group.throughput(Throughput::Bytes(dump.len() as u64));
    group.bench_function(name, |b| b.iter(|| read(black_box(dump))));
}

fn parse(c: &mut Criterion) {
    for (scenario, kind, fixed) in DUMPS {
        let dump = dump(scenario, kind, SIZE);
        let mut group = c.benchmark_group(scenario);
        measure(&mut group, "framing", &dump, |dump| framing(dump, fixed));
        measure(&mut group, "typed", &dump, typed);
        group.throughput(Throughput::Elements(count(&dump)));
        group.bench_function("typed, in messages", |b| b.iter(|| typed(black_box(&dump))));
        group.finish();
    }
}

/// The same work as a loop in C does.
fn beside_c(c: &mut Criterion) {
    let loops: [(&str, Rtm, Loop, Option<Loop>); 2] = [
        ("route", Rtm::NEWROUTE, loops::routes, loops::C_ROUTES),
        ("link-attrs", Rtm::NEWLINK, loops::links, loops::C_LINKS),
    ];
    for (scenario, kind, ours, in_c) in loops {
        let dump = dump(scenario, kind, SIZE);
        let mut group = c.benchmark_group(format!("{scenario}, beside C"));
        group.throughput(Throughput::Elements(count(&dump)));
        group.bench_function("typed pass", |b| b.iter(|| ours(black_box(&dump))));
        match in_c {
            None => eprintln!("no comparison with C: there was no compiler"),
            Some(in_c) => {
                assert_eq!(ours(&dump), in_c(&dump), "both do the same work");
                group.bench_function("C", |b| b.iter(|| in_c(black_box(&dump))));
            }
        }
        if kind == Rtm::NEWLINK {
            assert_eq!(ours(&dump), loops::links_indexed(&dump), "both do the same work");
            group.bench_function("twelve reads", |b| {
                b.iter(|| loops::links_indexed(black_box(&dump)));
            });
        }
        group.finish();
    }
}

fn build(c: &mut Criterion) {
    c.bench_function("build a route", |b| {
        let mut buf = [0; 128];
        let header = RtMsg { family: 2, dst_len: 24, kind: Rtn::UNICAST, ..RtMsg::default() };
        let (dst, gateway) = ([10, 1, 2, 0].into(), [10, 0, 0, 1].into());
        b.iter(|| {
            Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags::CREATE, black_box(&header))
                .push(RouteAttr::Dst(RouteAddr::Addr(black_box(dst))))
                .push(RouteAttr::Gateway(gateway))
                .push(RouteAttr::Oif(3))
                .finish()
                .map(|message| message.len())
        });
    });
}

criterion_group!(benches, parse, beside_c, build);
criterion_main!(benches);
