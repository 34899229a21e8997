//! A dump of the running kernel's routes, beside a loop that only receives.
//!
//! `ROUTES` in the environment says how many there are, else 10 000.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use netlink_benches::{
    floor::{Floor, request},
    loops, namespace,
};
use netlink_sys::{Protocol, Socket};

/// The dump through the library, every attribute read as its type says.
fn read(socket: &mut Socket) -> u64 {
    let mut sum = 0u64;
    let mut replies = socket.request(request(&mut [0; 64])).unwrap();
    while let Some(message) = replies.recv().unwrap() {
        sum = sum.wrapping_add(loops::route(message));
    }
    sum
}

fn live(c: &mut Criterion) {
    let routes = std::env::var("ROUTES").map_or(10_000, |routes| routes.parse().unwrap());
    if let Err(error) = namespace::enter() {
        return eprintln!("live: NOT RUN: no namespace of its own: {error}");
    }
    namespace::routes(routes).unwrap();
    let mut floor = Floor::open().unwrap();
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    assert_ne!(read(&mut socket), 0);
    let mut group = c.benchmark_group(format!("dump of {routes} routes"));
    group.sample_size(10);
    group.throughput(Throughput::Elements(routes.into()));
    group.bench_function("receive only", |b| b.iter(|| black_box(floor.receive().unwrap())));
    group.bench_function("netlink-sys, typed", |b| b.iter(|| black_box(read(&mut socket))));
    group.finish();
}

criterion_group!(benches, live);
criterion_main!(benches);
