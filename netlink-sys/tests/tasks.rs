//! Runs the examples that are tasks, each in a namespace of its own.

mod common;

examples! {
    ip_addr_show_dev in "../examples/ip_addr_show_dev.rs"
    fake_kernel in "../examples/fake_kernel.rs"
    neighbours in "../examples/neighbours.rs"
    other_namespace in "../examples/other_namespace.rs"
    wait_for_link in "../examples/wait_for_link.rs"
}

use std::{thread, time::Duration};

use common::*;
use netlink_sys::{Error, Netns, Protocol, Socket};
use netlink_wire::{
    LlAddr, NlmFlags, Rtm,
    addr::{AddrAttr, Address, IfAddrMsg},
    neigh::{NdMsg, Neigh, NeighAttr, Nud},
};

fn ask(request: &mut [u8]) {
    Socket::open(Protocol::ROUTE).unwrap().request(request).unwrap().finish().unwrap();
}

/// Does something a little later, in the same namespace.
fn later(what: impl FnOnce() + Send + 'static) -> thread::JoinHandle<()> {
    thread::spawn(|| {
        thread::sleep(Duration::from_millis(100));
        what();
    })
}

live! {
    fn lists_the_addresses_of_an_interface() {
        lo_up();
        let header = IfAddrMsg { family: 2, prefixlen: 24, index: 1, ..IfAddrMsg::default() };
        let mut buf = [0; 64];
        let mut addr = Address::writer(&mut buf, Rtm::NEWADDR, NlmFlags::CREATE, &header);
        ask(addr.push(AddrAttr::Local([192, 0, 2, 130].into())).finish().unwrap());
        let mut out = Vec::new();
        ip_addr_show_dev::addresses("lo", &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.lines().any(|line| line == "192.0.2.130/24 global"), "{out}");
        assert!(ip_addr_show_dev::addresses("nothing0", &mut Vec::new()).is_err());
    }

    fn waits_for_a_link() {
        let limit = Duration::from_millis(1);
        assert_eq!(wait_for_link::wait_for_link("late0", limit), Err(Error::TimedOut));
        let adding = later(|| add_link("late0", "bridge"));
        assert!(wait_for_link::wait_for_link("late0", Duration::from_secs(20)).unwrap() > 1);
        adding.join().unwrap();
    }

    fn watches_neighbours() {
        add_link("br7", "bridge");
        let index = Socket::open(Protocol::ROUTE).unwrap().link("br7").unwrap().header.index;
        let adding = later(move || {
            let header = NdMsg { family: 2, ifindex: index, state: Nud::PERMANENT, ..NdMsg::default() };
            let mut buf = [0; 64];
            let mut neigh = Neigh::writer(&mut buf, Rtm::NEWNEIGH, NlmFlags::CREATE, &header);
            neigh.push(NeighAttr::Dst([192, 0, 2, 7].into()));
            neigh.push(NeighAttr::LlAddr(LlAddr(&[2, 0, 0, 0, 0, 0x17])));
            ask(neigh.finish().unwrap());
        });
        let mut seen = String::new();
        neighbours::watch(|line| {
            seen = line.to_owned();
            !line.contains("192.0.2.7")
        })
        .unwrap();
        assert!(seen.contains("02:00:00:00:00:17") && seen.ends_with("PERMANENT"), "{seen}");
        adding.join().unwrap();
    }

    fn looks_into_another_namespace() {
        add_link("here0", "bridge");
        let here = Netns::current().unwrap();
        let there = new_netns();
        assert_eq!(other_namespace::links(there).unwrap(), ["lo"]);
        assert!(other_namespace::links(here).unwrap().contains(&"here0".to_owned()));
    }
}
