//! Events of the running kernel, each test in a namespace of its own.

mod common;

use std::{
    os::fd::{AsFd, AsRawFd},
    process::Command,
    time::{Duration, Instant},
};

use common::*;
use netlink_sys::{
    BpfInsn, Consistency, Errno, Error, Event, Events, Lost, Netns, Protocol, Retry, Socket,
    table::Routes,
};
use netlink_wire::{
    Header, Nla, NlmFlags, Rtm, RtnlGrp, Whole, Writer,
    link::{Link, LinkAttr},
    route::{Route, RouteAddr},
};
use nix::sys::socket::{MsgFlags, NetlinkAddr, bind, sendto, setsockopt, sockopt};

fn routes(receive_buffer: usize) -> Events {
    let builder = Socket::builder(Protocol::ROUTE).group(RtnlGrp::IPV4_ROUTE);
    builder.receive_buffer(receive_buffer).timeout(Duration::from_secs(60)).listen().unwrap()
}

/// What the next event is about, or why there is none.
fn next_route(events: &mut Events) -> Result<u32, Lost> {
    match events.recv().unwrap() {
        Event::Lost { reason } => Err(reason),
        Event::Message(event) => {
            assert_eq!(event.group, RtnlGrp::IPV4_ROUTE.0);
            let route = Route::parse(event.message).unwrap();
            match route.destination().unwrap().addr {
                RouteAddr::Addr(netlink_wire::Addr::Ipv4(ip)) => Ok(u32::from(ip) - 0x0a00_0000),
                addr => panic!("{addr:?}"),
            }
        }
    }
}

live! {
    fn one_overflow_is_told_once_and_later_events_come() {
        let mut events = routes(4 << 10);
        let reached = events.receive_buffer().unwrap();
        assert!((4 << 10..=8 << 10).contains(&reached), "{reached}");
        for round in 0..3 {
            let first = round * 10_000;
            change_routes(Rtm::NEWROUTE, first..first + 2_000);
            // Sent after the overflow, before it is told: dropped with the rest.
            assert_eq!(next_route(&mut events), Err(Lost::Overflow));
            assert!(events.try_recv().unwrap().is_none());
            for n in first + 2_000..first + 2_100 {
                change_routes(Rtm::NEWROUTE, n..n + 1);
                assert_eq!(next_route(&mut events), Ok(n), "a single event got lost");
            }
            assert!(events.try_recv().unwrap().is_none());
        }
    }

    fn a_large_receive_buffer_loses_nothing() {
        let mut events = routes(8 << 20);
        change_routes(Rtm::NEWROUTE, 0..5_000);
        for n in 0..5_000 {
            assert_eq!(next_route(&mut events), Ok(n));
        }
        assert!(events.try_recv().unwrap().is_none());
    }

    fn events_of_nine_seventeen_and_forty_kilobytes() {
        lo_up();
        let builder = Socket::builder(Protocol::ROUTE).group(RtnlGrp::IPV4_ROUTE).buffer(0);
        let mut events = builder.receive_buffer(1 << 20).listen().unwrap();
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut buf = vec![0; 1 << 16];
        for (n, hops) in [(1, 1_150), (2, 2_150), (3, 5_000), (4, 5_000), (5, 1)] {
            socket.request(wide_route(&mut buf, n, hops)).unwrap().finish().unwrap();
            match next_route(&mut events) {
                // The first one that does not fit is lost, and makes the buffer grow.
                Err(Lost::Truncated(len)) => assert!(n == 3 && len > 40_000, "{n}: {len}"),
                told => assert!(n != 3 && told == Ok(n), "{told:?}"),
            }
        }
    }

    fn groups_above_32() {
        // The number of the group is not in the sender's address. The first one
        // is since Linux 6.15; the kernel need not be able to do the second.
        let builder = Socket::builder(Protocol::ROUTE).timeout(Duration::from_secs(5));
        let listen = |group| builder.clone().group(group).listen().map(|events| (events, group));
        let (mut events, group) = listen(RtnlGrp::IPV4_MCADDR)
            .inspect(|_| add_link("br0", "bridge"))
            .or_else(|_| listen(RtnlGrp::BRVLAN).inspect(|_| add_vlan("br0")))
            .unwrap();
        match events.recv().unwrap() {
            Event::Message(event) => {
                assert_eq!(event.group, group.0);
                assert!([Rtm::NEWVLAN.0, Rtm::NEWMULTICAST.0].contains(&event.message.header.kind));
                assert_eq!(event.nsid, None);
            }
            other => panic!("{other:?}"),
        }
    }

    fn joined_and_left_later() {
        let mut events = Events::from(Socket::open(Protocol::ROUTE).unwrap());
        events.join(RtnlGrp::LINK).unwrap();
        add_link("br0", "bridge");
        let Some(Event::Message(event)) = events.try_recv().unwrap() else { panic!("no event") };
        assert_eq!(event.group, RtnlGrp::LINK.0);
        let name = Link::parse(event.message).unwrap().get(LinkAttr::IfName).unwrap().unwrap();
        assert_eq!(name.to_string(), "br0");
        while events.try_recv().unwrap().is_some() {}
        events.leave(RtnlGrp::LINK).unwrap();
        add_link("br1", "bridge");
        assert!(events.try_recv().unwrap().is_none());
        assert!(events.join(4_000u32).is_err());
    }

    fn a_group_is_told_by_the_address_as_well() {
        let socket = Socket::open(Protocol::ROUTE).unwrap();
        // Joins group 7 without NETLINK_PKTINFO.
        let mask = NetlinkAddr::new(0, 1 << 6);
        bind(socket.as_fd().as_raw_fd(), &mask).unwrap();
        assert!(!socket.options().pkt_info);
        let mut events = Events::from(socket);
        change_routes(Rtm::NEWROUTE, 7..8);
        assert_eq!(next_route(&mut events), Ok(7));
    }

    fn a_socket_in_the_middle_of_a_request_listens_with_a_hole() {
        add_routes(2_000);
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut dump = socket.dump(netlink_sys::table::Routes::ipv4()).unwrap();
        assert!(dump.recv().unwrap().is_some());
        drop(dump);
        socket.join(RtnlGrp::IPV4_ROUTE).unwrap();
        let mut events = Events::from(socket);
        assert_eq!(next_route(&mut events), Err(Lost::Skipped));
        assert!(events.try_recv().unwrap().is_none(), "the rest of the dump is no event");
        change_routes(Rtm::NEWROUTE, 5_000..5_001);
        assert_eq!(next_route(&mut events), Ok(5_000));
    }

    fn cut_off_control_data_is_no_overflow() {
        let mut events = routes(1 << 20);
        // Besides the group, each datagram tells its time and its sender.
        setsockopt(&events, sockopt::PassCred, &true).unwrap();
        setsockopt(&events, sockopt::ReceiveTimestamp, &true).unwrap();
        change_routes(Rtm::NEWROUTE, 0..3);
        for n in 0..3 {
            assert_eq!(next_route(&mut events), Ok(n));
        }
    }

    fn options_of_a_listener() {
        let builder = Socket::builder(Protocol::ROUTE).group(RtnlGrp::IPV4_ROUTE);
        let builder = builder.broadcast_error(true).no_enobufs(true).receive_buffer(1);
        let mut events = builder.listen().unwrap();
        let options = events.options();
        assert!(options.broadcast_error && options.no_enobufs && options.pkt_info);
        assert!(!options.listen_all_nsid);
        assert!(events.receive_buffer().unwrap() < 5_000);
        events.set_receive_buffer(8 << 10).unwrap();
        assert_eq!(events.receive_buffer(), Ok(16 << 10));
        events.set_receive_buffer(1).unwrap();
        // The one who asks not to be told is not told.
        change_routes(Rtm::NEWROUTE, 0..100);
        assert_eq!(next_route(&mut events), Ok(0));
        while let Some(event) = events.try_recv().unwrap() {
            assert!(matches!(event, Event::Message(_)));
        }
        assert!(format!("{events:?}").len() < 2_000, "buffers are not for people");
    }

    fn a_program_in_the_kernel_filters() {
        // Lets only deletions of routes pass: the type of a message is its third
        // half-word, which BPF reads in network byte order.
        let insn = |code, jt, jf, k| BpfInsn { code, jt, jf, k };
        let program = [
            insn(0x28, 0, 0, 4), // ldh [4]
            insn(0x15, 0, 1, Rtm::DELROUTE.0.to_be().into()), // jeq
            insn(0x06, 0, 0, u32::MAX), // ret: all of it
            insn(0x06, 0, 0, 0), // ret: nothing
        ];
        let builder = Socket::builder(Protocol::ROUTE).group(RtnlGrp::IPV4_ROUTE);
        let mut events = builder.clone().filter(&program).listen().unwrap();
        change_routes(Rtm::NEWROUTE, 0..10);
        change_routes(Rtm::DELROUTE, 3..5);
        for n in [3, 4] {
            assert_eq!(next_route(&mut events), Ok(n));
        }
        assert!(events.try_recv().unwrap().is_none());
        let error = builder.clone().filter(&[insn(0xffff, 0, 0, 0)]).open().unwrap_err();
        assert_eq!(error.errno(), Some(Errno::EINVAL));
        let error = builder.filter(&vec![program[2]; 1 << 16]).open().unwrap_err();
        assert_eq!(error.errno(), Some(Errno::EINVAL));
    }

    fn a_wait_can_be_ended() {
        let mut events = Socket::builder(Protocol::ROUTE).group(RtnlGrp::LINK).listen().unwrap();
        let waker = events.waker().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                std::thread::sleep(Duration::from_millis(50));
                waker.wake();
            });
            assert_eq!(events.recv(), Err(Error::Woken));
        });
        // It counts once.
        events.set_timeout(Some(Duration::from_millis(20)));
        let start = Instant::now();
        assert_eq!(events.recv(), Err(Error::TimedOut));
        assert!((20..2_000).contains(&start.elapsed().as_millis()));
    }

    fn forgeries_of_another_process_are_counted_and_skipped() {
        let mut events = routes(32 << 20);
        let mut socket =
            Socket::builder(Protocol::ROUTE).receive_buffer(32 << 20).open().unwrap();
        socket.request(get_link(&mut [0; 64], 1)).unwrap().finish().unwrap();
        // What takes its place without a reader, where the limit of the system holds.
        let fits = socket.receive_buffer().unwrap() >= 64 << 20;
        let rounds: u64 = if fits { many(10_000).into() } else { 2_000 };
        let ports = [events.port().unwrap(), socket.port().unwrap()];
        forge(&format!("{} {} {rounds}", ports[0], ports[1]));
        // What the kernel sends after them is the first that is seen.
        change_routes(Rtm::NEWROUTE, 7..8);
        assert_eq!(next_route(&mut events), Ok(7));
        assert_eq!(events.strangers(), 2 * rounds, "each to the port and to the group");
        // Deadlines hold among them.
        forge(&format!("{} {} {rounds}", ports[0], ports[1]));
        events.set_timeout(Some(Duration::from_millis(50)));
        let start = Instant::now();
        assert_eq!(events.recv(), Err(Error::TimedOut));
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        // A request is answered by the kernel alone.
        let mut replies = socket.request(get_link(&mut [0; 64], 1)).unwrap();
        let link = Link::parse(replies.recv().unwrap().unwrap()).unwrap();
        assert_eq!(link.header.index, 1);
        assert!(replies.recv().unwrap().is_none());
        assert_eq!(socket.strangers(), 4 * rounds);
    }

    fn forgeries_do_not_make_a_dump_unproven() {
        add_routes(2_000);
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut dump = socket.dump_proven(Routes::ipv4()).unwrap().retry(Retry::NEVER);
        assert!(dump.recv().unwrap().is_some());
        let mut listener = routes(1 << 20);
        let port = listener.port().unwrap();
        forge(&format!("{port} {port} 10"));
        assert_eq!(dump.collect(|_| ()).unwrap().consistency, Consistency::Proven);
        assert_eq!(listener.try_recv(), Ok(None));
        assert!(listener.strangers() > 30, "to the group as well");
    }

    fn connected_sockets_refuse_other_processes() {
        let mut events = Socket::builder(Protocol::ROUTE)
            .group(RtnlGrp::IPV4_ROUTE)
            .connect(true)
            .listen()
            .unwrap();
        let from = Socket::open(Protocol::ROUTE).unwrap();
        let to = NetlinkAddr::new(events.port().unwrap(), 0);
        let sent = sendto(from.as_fd().as_raw_fd(), &[0; 16], &to, MsgFlags::empty());
        assert_eq!(sent, Err(nix::errno::Errno::ECONNREFUSED));
        change_routes(Rtm::NEWROUTE, 7..8);
        assert_eq!(next_route(&mut events), Ok(7));
        assert_eq!(events.strangers(), 0);
    }

    fn three_namespaces_on_one_socket() {
        let before = netns_inode();
        let mut events = Socket::builder(Protocol::ROUTE)
            .group(RtnlGrp::LINK)
            .group(RtnlGrp::NSID)
            .listen_all_nsid(true)
            .timeout(Duration::from_secs(5))
            .listen()
            .unwrap();
        let others = [new_netns(), new_netns()];
        for (nsid, netns) in (70..).zip(&others) {
            name_netns(netns, nsid);
        }
        let mut ids = Vec::new();
        let mut told = |expected: Option<i32>, name: &str| loop {
            let Event::Message(event) = events.recv().unwrap() else { panic!("lost") };
            if event.group != RtnlGrp::LINK.0 {
                ids.push((event.message.header.kind, event.message.payload.to_vec()));
                continue;
            }
            let link = Link::parse(event.message).unwrap();
            if link.get(LinkAttr::IfName).unwrap() == Some(name.into()) {
                return assert_eq!(event.nsid, expected, "{name}");
            }
        };
        add_link("here", "bridge");
        told(None, "here");
        for (nsid, netns) in (70..).zip(&others) {
            add_link_in(netns, &format!("there{nsid}"));
            told(Some(nsid), &format!("there{nsid}"));
        }
        assert_eq!(netns_inode(), before, "the thread has moved");
        // A namespace ends while it is watched; the others go on.
        let [first, second] = others;
        drop(first);
        std::thread::sleep(Duration::from_millis(200));
        add_link_in(&second, "again");
        told(Some(71), "again");
        add_link("here2", "bridge");
        told(None, "here2");
        // The end of the first was told by its id: struct rtgenmsg, NETNSA_NSID.
        let is_end = |(kind, payload): &(u16, Vec<u8>)| {
            *kind == Rtm::DELNSID.0 && payload[4..] == nla(1, &70i32.to_ne_bytes())
        };
        assert!(ids.iter().any(is_end), "{ids:?}");
        // One that is watched from within lives as long as the one who watches, and is
        // readable to the end.
        let inside = Socket::builder(Protocol::ROUTE).netns(second.clone()).group(RtnlGrp::LINK);
        let mut inside = inside.timeout(Duration::from_millis(200)).listen().unwrap();
        add_link_in(&second, "last");
        drop(second);
        let Event::Message(event) = inside.recv().unwrap() else { panic!("lost") };
        assert_eq!(event.message.header.kind, Rtm::NEWLINK.0);
        while inside.try_recv().unwrap().is_some() {}
        assert_eq!(inside.recv(), Err(Error::TimedOut));
    }
}

/// Adds a bridge in another namespace, through a socket that was opened there.
fn add_link_in(netns: &Netns, name: &str) {
    let mut buf = [0; 128];
    let request = new_bridge(&mut buf, name);
    let mut socket = Socket::builder(Protocol::ROUTE).netns(netns.clone()).open().unwrap();
    socket.request(request).unwrap().finish().unwrap();
}

/// Gives a namespace an id in the one of this thread.
fn name_netns(netns: &Netns, nsid: i32) {
    let (id, fd) = (nsid.to_ne_bytes(), netns.as_fd().as_raw_fd().to_ne_bytes());
    let mut buf = [0; 64];
    let request =
        Writer::<Nla<'static>, Whole>::new(&mut buf, Rtm::NEWNSID.0, NlmFlags(0), &[0u8; 1])
            .push_raw(Nla::new(1, &id))
            .push_raw(Nla::new(3, &fd))
            .finish()
            .unwrap();
    Socket::open(Protocol::ROUTE).unwrap().request(request).unwrap().finish().unwrap();
}

/// Adds VLAN 7 to a bridge itself.
fn add_vlan(bridge: &str) {
    add_link(bridge, "bridge");
    let index = nix::net::if_::if_nametoindex(bridge).unwrap().to_ne_bytes();
    // struct br_vlan_msg; BRIDGE_VLANDB_ENTRY with BRIDGE_VLANDB_ENTRY_INFO:
    // struct bridge_vlan_info of flags BRENTRY and VLAN 7.
    let header = [7, 0, 0, 0, index[0], index[1], index[2], index[3]];
    let entry = nla(1, &[32u16.to_ne_bytes(), 7u16.to_ne_bytes()].concat());
    let mut buf = [0; 64];
    let request =
        Writer::<Nla<'static>, Whole>::new(&mut buf, Rtm::NEWVLAN.0, NlmFlags(0), &header)
            .push_raw(Nla::new(1 | Nla::NESTED, &entry))
            .finish()
            .unwrap();
    Socket::open(Protocol::ROUTE).unwrap().request(request).unwrap().finish().unwrap();
}

/// Lets another process send junk: "EVENTS-PORT REQUESTS-PORT COUNT".
fn forge(what: &str) {
    let test = std::env::current_exe().unwrap();
    let args = ["--exact", "forger", "--ignored", "--nocapture"];
    let status = Command::new(test).args(args).env("FORGE", what).output().unwrap();
    assert!(status.status.success(), "{status:?}");
}

/// The other process of [`forge`]: it is of no use by itself.
#[test]
#[ignore = "sends forgeries for another test"]
fn forger() {
    let Ok(what) = std::env::var("FORGE") else { return };
    let numbers: Vec<u32> = what.split(' ').map(|word| word.parse().unwrap()).collect();
    let [events, requests, count] = numbers[..] else { panic!("{what}") };
    let socket = Socket::open(Protocol::ROUTE).unwrap();
    let fd = socket.as_fd().as_raw_fd();
    let mut buf = [0; 64];
    let message = route(&mut buf, Rtm::NEWROUTE, 99);
    for seq in 0..count {
        // As if it were a reply to one of the first requests, or an event.
        let header = Header { seq, portid: requests, ..Header::of(message).unwrap() };
        header.replace_in(message);
        for to in [NetlinkAddr::new(events, 0), NetlinkAddr::new(0, 1 << 6)] {
            // To a group, the kernel itself is sent to as well, and refuses.
            let _ = sendto(fd, message, &to, MsgFlags::MSG_DONTWAIT);
        }
        for _ in 0..2 {
            let to = NetlinkAddr::new(requests, 0);
            sendto(fd, message, &to, MsgFlags::MSG_DONTWAIT).unwrap();
        }
    }
}
