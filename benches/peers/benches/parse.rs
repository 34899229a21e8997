//! How fast routes that are in memory are read, by us and by others.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use netlink_benches::count;
use netlink_peers::parse;

fn routes(c: &mut Criterion) {
    let dump = parse::routes();
    let mut group = c.benchmark_group("routes");
    group.throughput(Throughput::Elements(count(&dump)));
    for (name, read) in parse::ALL {
        match read {
            Some(read) => group.bench_function(name, |b| b.iter(|| read(black_box(&dump)))),
            None => {
                eprintln!("{name}: NOT RUN: there was no compiler");
                continue;
            }
        };
    }
    group.finish();
}

criterion_group!(benches, routes);
criterion_main!(benches);
