//! What tests against the running kernel share: a namespace of their own, and
//! tables with much in them.
#![allow(dead_code, missing_docs, unreachable_pub)] // No test file uses all of it.

use std::{net::Ipv4Addr, os::unix::fs::MetadataExt, process::Command};

use netlink_sys::{Netns, Protocol, Socket};
use netlink_wire::{
    NlmFlags, Rtm,
    link::{IfInfoMsg, Iff, InfoAttr, Link, LinkAttr},
    route::{Route, RouteAddr, RouteAttr, RtMsg, RtNextHop, RtProt, RtScope, Rtn},
};
use nix::sched::{CloneFlags, unshare};

/// Declares tests that run in a network namespace of their own.
#[macro_export]
macro_rules! live {
    ($( $(#[$meta:meta])* fn $name:ident() $body:block )*) => {$(
        #[test]
        $(#[$meta])*
        fn $name() {
            common::live(concat!(module_path!(), "::", stringify!($name)), || $body);
        }
    )*};
}

/// Declares examples as modules.
#[macro_export]
macro_rules! examples {
    ($( $name:ident in $path:literal )*) => {$(
        #[path = $path]
        #[allow(dead_code)] // Its `main`.
        mod $name;
    )*};
}

/// Runs `body` in a network namespace of its own; as an ordinary user, in
/// another process.
pub fn live(path: &str, body: impl FnOnce()) {
    if unshare(CloneFlags::CLONE_NEWNET).is_ok() {
        return body();
    }
    // The name of the test, without that of its crate.
    let name = path.split_once("::").unwrap().1;
    eprintln!("{name}: no right to a namespace; trying `unshare -Urn`");
    let allowed = Command::new("unshare").args(["-Urn", "true"]).status();
    if !allowed.is_ok_and(|status| status.success()) {
        eprintln!("{name}: NOT RUN: `unshare -Urn` is refused");
        assert_ne!(std::env::var("NETLINK_LIVE").as_deref(), Ok("1"), "promised to run");
        return;
    }
    let test = std::env::current_exe().unwrap();
    let args = ["--exact", name, "--nocapture", "--include-ignored"];
    let output = Command::new("unshare").arg("-Urn").arg(test).args(args).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    eprintln!("{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && printed.contains("1 passed"), "{name} failed");
}

/// The header of a route to nowhere, which needs no interface.
pub fn blackhole(family: u8, dst_len: u8) -> RtMsg {
    RtMsg {
        family,
        dst_len,
        table: 254,
        protocol: RtProt::STATIC,
        kind: Rtn::BLACKHOLE,
        ..RtMsg::default()
    }
}

/// The `n`th of many addresses.
pub fn addr(n: u32) -> Ipv4Addr {
    Ipv4Addr::from(0x0a00_0000 + n)
}

/// Flags of a request that adds, or of one that deletes, where the same bits
/// mean something else.
pub fn change(kind: Rtm) -> NlmFlags {
    match kind.0 % 4 {
        0 => NlmFlags::CREATE | NlmFlags::EXCL,
        _ => NlmFlags::default(),
    }
}

/// Builds a request for an IPv4 route: `RTM_NEWROUTE` or `RTM_DELROUTE`.
pub fn route(buf: &mut [u8], kind: Rtm, n: u32) -> &mut [u8] {
    Route::writer(buf, kind, change(kind), &blackhole(2, 32))
        .push(RouteAttr::Dst(RouteAddr::Addr(addr(n).into())))
        .finish()
        .unwrap()
}

/// Adds IPv4 routes, or deletes them.
pub fn change_routes(kind: Rtm, numbers: std::ops::Range<u32>) {
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    let mut bulk = socket.bulk().unwrap();
    for n in numbers {
        bulk.push(route(&mut [0; 64], kind, n)).unwrap();
    }
    let report = bulk.finish();
    assert!(report.is_done(), "{report:?}");
}

/// Adds IPv4 routes.
pub fn add_routes(count: u32) {
    change_routes(Rtm::NEWROUTE, 0..count);
}

/// Builds a request for a bridge.
pub fn new_bridge<'b>(buf: &'b mut [u8], name: &str) -> &'b mut [u8] {
    new_link(buf, name, "bridge")
}

fn new_link<'b>(buf: &'b mut [u8], name: &str, kind: &str) -> &'b mut [u8] {
    let header = IfInfoMsg { flags: Iff::UP, change: Iff::UP, ..IfInfoMsg::default() };
    let flags = NlmFlags::CREATE | NlmFlags::EXCL;
    Link::writer(buf, Rtm::NEWLINK, flags, &header)
        .push(LinkAttr::IfName(name.into()))
        .nest(LinkAttr::LinkInfo, |info| {
            info.push(InfoAttr::Kind(kind.into()));
        })
        .finish()
        .unwrap()
}

/// Adds a link without a peer.
pub fn add_link(name: &str, kind: &str) {
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    socket.request(new_link(&mut [0; 128], name, kind)).unwrap().finish().unwrap();
}

/// A request for all routes.
pub fn dump_routes(buf: &mut [u8]) -> &mut [u8] {
    let header = RtMsg { family: 2, ..RtMsg::default() };
    Route::writer(buf, Rtm::GETROUTE, NlmFlags::DUMP, &header).finish().unwrap()
}

/// A request for the link with this index.
pub fn get_link(buf: &mut [u8], index: i32) -> &mut [u8] {
    let header = IfInfoMsg { index, ..IfInfoMsg::default() };
    Link::writer(buf, Rtm::GETLINK, NlmFlags::default(), &header).finish().unwrap()
}

/// How many replies there are.
pub fn count(socket: &mut Socket, request: &mut [u8]) -> usize {
    let mut replies = socket.request(request).unwrap();
    let mut count = 0;
    while replies.recv().unwrap().is_some() {
        count += 1;
    }
    count
}

/// A new network namespace, which the calling thread does not enter.
pub fn new_netns() -> Netns {
    let open = || {
        unshare(CloneFlags::CLONE_NEWNET).unwrap();
        Netns::current().unwrap()
    };
    std::thread::scope(|scope| scope.spawn(open).join().unwrap())
}

/// Which namespace the calling thread is in.
pub fn netns_inode() -> u64 {
    std::fs::metadata("/proc/thread-self/ns/net").unwrap().ino()
}

/// A large number; less under `NETLINK_SAMPLE=9`, which asks for a ninth of it
/// where a throw-away kernel is slow.
pub fn many(count: u32) -> u32 {
    count / std::env::var("NETLINK_SAMPLE").map_or(1, |every| every.parse().unwrap())
}

/// The bytes of an attribute, to put into another one. Its payload is of whole words.
pub fn nla(kind: u16, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(4 + payload.len()).unwrap();
    [&len.to_ne_bytes()[..], &kind.to_ne_bytes(), payload].concat()
}

/// Version of the kernel.
pub fn kernel() -> (u32, u32) {
    let uname = nix::sys::utsname::uname().unwrap();
    let mut numbers = uname.release().to_str().unwrap().split(['.', '-']);
    let mut number = || numbers.next().unwrap().parse().unwrap();
    (number(), number())
}

/// How many files this process has open.
pub fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Builds a request for an IPv4 route with so many next hops, of 8 bytes each.
pub fn wide_route(buf: &mut [u8], n: u32, hops: usize) -> &mut [u8] {
    let flags = NlmFlags::CREATE | NlmFlags::EXCL;
    let header = RtMsg { kind: Rtn::UNICAST, scope: RtScope::LINK, ..blackhole(2, 32) };
    Route::writer(buf, Rtm::NEWROUTE, flags, &header)
        .push(RouteAttr::Dst(RouteAddr::Addr(addr(n).into())))
        .nest(RouteAttr::Multipath, |list| {
            for _ in 0..hops {
                list.hop(&RtNextHop { ifindex: 1, ..RtNextHop::default() }, |_| {});
            }
        })
        .finish()
        .unwrap()
}

/// Sets the loopback interface up.
pub fn lo_up() {
    let header = IfInfoMsg { index: 1, flags: Iff::UP, change: Iff::UP, ..IfInfoMsg::default() };
    let mut buf = [0; 64];
    let request =
        Link::writer(&mut buf, Rtm::SETLINK, NlmFlags::default(), &header).finish().unwrap();
    Socket::open(Protocol::ROUTE).unwrap().request(request).unwrap().finish().unwrap();
}
