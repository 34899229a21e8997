//! A dump of the running kernel's routes, beside a loop that only receives.
//!
//! `ROUTES` in the environment says how many there are, else 10 000.

use std::{
    hint::black_box,
    os::fd::{AsRawFd, OwnedFd},
};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use netlink_benches::{loops, namespace};
use netlink_sys::{Protocol, Socket};
use netlink_wire::{
    Header, NlmFlags, Rtm,
    route::{Route, RouteAttr, RtMsg, RtTable},
};
use nix::{
    libc, setsockopt_impl, sockopt_impl,
    sys::socket::{
        AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, setsockopt, socket,
    },
};

sockopt_impl!(
    /// `NETLINK_GET_STRICT_CHK`
    StrictCheck, SetOnly, libc::SOL_NETLINK, libc::NETLINK_GET_STRICT_CHK, bool
);

/// The request for the main table, which both make.
fn request(buf: &mut [u8]) -> &mut [u8] {
    let header = RtMsg { family: 2, ..RtMsg::default() };
    Route::writer(buf, Rtm::GETROUTE, NlmFlags::REQUEST | NlmFlags::DUMP, &header)
        .push(RouteAttr::Table(RtTable::MAIN))
        .finish()
        .unwrap()
}

/// A dump that is received and not looked at, but for its end: the floor.
fn receive(fd: &OwnedFd, buf: &mut [u8]) -> usize {
    send(fd.as_raw_fd(), request(&mut [0; 64]), MsgFlags::empty()).unwrap();
    let mut bytes = 0;
    loop {
        let len = recv(fd.as_raw_fd(), buf, MsgFlags::empty()).unwrap();
        bytes += len;
        // Nothing but the end of a dump is as short as this.
        if Header::of(&buf[..len]).is_none_or(|header| header.kind == Header::DONE) {
            return bytes;
        }
    }
}

/// The same dump through the library, every attribute read as its type says.
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
    namespace::fill(routes).unwrap();
    let kind = SockType::Raw;
    let flags = SockFlag::SOCK_CLOEXEC;
    let fd = socket(AddressFamily::Netlink, kind, flags, SockProtocol::NetlinkRoute).unwrap();
    setsockopt(&fd, StrictCheck, &true).unwrap();
    let mut buf = vec![0; 64 << 10];
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    assert_ne!(read(&mut socket), 0);
    let mut group = c.benchmark_group(format!("dump of {routes} routes"));
    group.sample_size(10);
    group.throughput(Throughput::Elements(routes.into()));
    group.bench_function("receive only", |b| b.iter(|| black_box(receive(&fd, &mut buf))));
    group.bench_function("netlink-sys, typed", |b| b.iter(|| black_box(read(&mut socket))));
    group.finish();
}

criterion_group!(benches, live);
criterion_main!(benches);
