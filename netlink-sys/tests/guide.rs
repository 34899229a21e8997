//! The C program of the guide to the model, and what stands beside it.

mod common;
#[path = "../examples/six_steps.rs"]
#[allow(dead_code)] // Its `main`.
mod six_steps;

use std::{fs, process::Command};

use common::*;
use netlink_sys::{Protocol, Socket};
use netlink_wire::{
    NlmFlags, Rtm,
    route::{Route, RouteAddr, RouteAttr, RtMsg, RtScope, Rtn},
};

/// The pieces of C in the guide, put together.
fn c_program() -> String {
    let guide = include_str!("../docs/model.md");
    let pieces: Vec<_> =
        guide.split("```c\n").skip(1).filter_map(|c| c.split("```").next()).collect();
    assert_eq!(pieces.len(), 6, "a piece for each step");
    let headers =
        ["arpa/inet.h", "linux/rtnetlink.h", "stdio.h", "string.h", "sys/socket.h", "unistd.h"];
    let headers: String = headers.iter().map(|header| format!("#include <{header}>\n")).collect();
    format!("{headers}int main(void) {{\n{}return 0;\n}}\n", pieces.concat())
}

/// Adds a route through `lo`.
fn add(dst: Option<[u8; 4]>, gateway: Option<[u8; 4]>) {
    let dst_len = if dst.is_some() { 24 } else { 0 };
    let scope = if gateway.is_some() { RtScope::UNIVERSE } else { RtScope::LINK };
    let header = RtMsg { kind: Rtn::UNICAST, scope, ..blackhole(2, dst_len) };
    let mut buf = [0; 128];
    let mut route = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags::CREATE, &header);
    route.push(RouteAttr::Oif(1));
    if let Some(dst) = dst {
        route.push(RouteAttr::Dst(RouteAddr::Addr(dst.into())));
    }
    if let Some(gateway) = gateway {
        route.push(RouteAttr::Gateway(gateway.into()));
    }
    let request = route.finish().unwrap();
    Socket::open(Protocol::ROUTE).unwrap().request(request).unwrap().finish().unwrap();
}

/// Runs a program and returns what it printed.
fn run(program: &mut Command) -> String {
    let output = program.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

live! {
    fn the_c_program_prints_what_ours_prints() {
        lo_up();
        add(Some([10, 1, 2, 0]), None);
        add(None, Some([10, 1, 2, 3]));
        let mut ours = Vec::new();
        six_steps::print_routes(&mut ours).unwrap();
        let expected = "dst=default gw=10.1.2.3 oif=1\ndst=10.1.2.0 gw=- oif=1\n";
        assert_eq!(String::from_utf8(ours).unwrap(), expected);

        if std::env::var_os("NETLINK_SAMPLE").is_some() {
            return eprintln!("NOT RUN in a throw-away kernel: it has no C compiler");
        }
        let dir = std::env::temp_dir().join(format!("netlink-guide-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let (source, program) = (dir.join("six_steps.c"), dir.join("six_steps"));
        fs::write(&source, c_program()).unwrap();
        let options = ["-std=gnu11", "-Wall", "-Wextra", "-Wno-sign-compare", "-Werror", "-o"];
        run(Command::new("cc").args(options).arg(&program).arg(&source));
        assert_eq!(run(&mut Command::new(&program)), expected);
        fs::remove_dir_all(&dir).unwrap();
    }
}
