//! What tests against the running kernel share: a namespace of their own, and
//! tables with much in them.
#![allow(dead_code, missing_docs, unreachable_pub)] // No test file uses all of it.

use std::{net::Ipv4Addr, process::Command};

use netlink_sys::{Protocol, Socket};
use netlink_wire::{
    NlmFlags, Rtm,
    link::{IfInfoMsg, Link},
    route::{Route, RouteAttr, RtMsg, RtProt, Rtn},
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

/// Builds a request for an IPv4 route: `RTM_NEWROUTE` or `RTM_DELROUTE`.
pub fn route(buf: &mut [u8], kind: Rtm, n: u32) -> &mut [u8] {
    let flags = NlmFlags::CREATE | NlmFlags::EXCL;
    Route::writer(buf, kind, flags, &blackhole(2, 32))
        .push(RouteAttr::Dst(netlink_wire::route::RouteAddr::Addr(addr(n).into())))
        .finish()
        .unwrap()
}

/// Adds IPv4 routes.
pub fn add_routes(count: u32) {
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    for n in 0..count {
        socket.request(route(&mut [0; 64], Rtm::NEWROUTE, n)).unwrap().finish().unwrap();
    }
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
