//! How fast a dump is read, in bytes per second.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use netlink_benches::rule_dump;
use netlink_wire::{
    Attribute, Messages, Nla, Rtm, Value,
    rule::{Rule, RuleAttr},
};

fn parse(c: &mut Criterion) {
    let dump = rule_dump(1 << 20);
    let rules =
        || Messages::new(&dump).map(Result::unwrap).filter(|m| m.header.kind == Rtm::NEWRULE.0);
    let mut group = c.benchmark_group("rule");
    group.throughput(Throughput::Bytes(dump.len() as u64));
    group.bench_function("framing", |b| {
        b.iter(|| {
            rules()
                .map(|m| {
                    Rule::parse(m)
                        .unwrap()
                        .attrs
                        .raw()
                        .map(|n| Nla::code(n.unwrap()) as u64)
                        .sum::<u64>()
                })
                .sum::<u64>()
        });
    });
    group.bench_function("match", |b| {
        b.iter(|| {
            let mut sum = 0;
            for message in rules() {
                for attr in Rule::parse(message).unwrap().attrs {
                    match attr.unwrap() {
                        RuleAttr::Priority(n) => sum += u64::from(n),
                        RuleAttr::Table(table) => sum += u64::from(table.0),
                        RuleAttr::FwMark(n) => sum ^= u64::from(n),
                        other => {
                            black_box(&other);
                        }
                    }
                }
            }
            sum
        });
    });
    group.bench_function("get 3", |b| {
        b.iter(|| {
            let mut sum = 0;
            for message in rules() {
                let rule = Rule::parse(message).unwrap();
                sum += u64::from(rule.get(RuleAttr::Priority).unwrap().unwrap_or(0));
                sum += u64::from(rule.get(RuleAttr::Table).unwrap().unwrap_or_default().0);
                sum ^= u64::from(rule.get(RuleAttr::FwMark).unwrap().unwrap_or(0));
            }
            sum
        });
    });
    group.bench_function("get 18", |b| {
        b.iter(|| {
            for message in rules() {
                let r = Rule::parse(message).unwrap();
                macro_rules! get { ($($v:ident)*) => { $( black_box(r.get(RuleAttr::$v).unwrap()); )* } }
                get!(Priority Src Dst FwMark FwMask IifName OifName L3mdev UidRange IpProto SportRange
                     DportRange TunId Table SuppressPrefixLen SuppressIfGroup Flow Protocol);
            }
        });
    });
    group.bench_function("index 18", |b| {
        b.iter(|| {
            for message in rules() {
                let r = Rule::parse(message).unwrap();
                let mut index = [None; 31];
                for nla in r.attrs.raw() {
                    let nla = nla.unwrap();
                    if let Some(slot) = index.get_mut(usize::from(nla.code())) { *slot = Some(nla); }
                }
                macro_rules! get { ($($v:ident)*) => { $( {
                    let code = Nla::new(RuleAttr::$v(Value::PROBE).kind(), &[]).code();
                    let _ = black_box(index[usize::from(code)].map(|nla| RuleAttr::parse(nla).unwrap()));
                } )* } }
                get!(Priority Src Dst FwMark FwMask IifName OifName L3mdev UidRange IpProto SportRange
                     DportRange TunId Table SuppressPrefixLen SuppressIfGroup Flow Protocol);
            }
        });
    });
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
