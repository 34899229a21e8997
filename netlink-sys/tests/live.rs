//! Requests to the running kernel, each test in a namespace of its own.

mod common;

use std::time::{Duration, Instant};

use common::*;
use netlink_sys::{Errno, Error, Protocol, Socket};
use netlink_wire::{
    Nla, NlmFlags, Rtm, Whole, Writer,
    route::{Route, RouteAttr, RtMsg, RtTable},
};

/// `GENL_ID_CTRL`, the type of requests about generic netlink families.
const CTRL: u16 = 16;

fn ctrl<'b>(buf: &'b mut [u8], flags: u16, cmd: u8) -> Writer<'b, Nla<'static>, Whole> {
    Writer::new(buf, CTRL, NlmFlags(flags), &[cmd, 2, 0, 0])
}

/// The number of a family of generic netlink, if this kernel has it.
fn family(socket: &mut Socket, name: &[u8]) -> Option<u16> {
    let mut buf = [0; 64];
    let request = ctrl(&mut buf, 0, 3).push(Nla::new(2, name)).finish().unwrap();
    let message = match socket.get_raw(request) {
        Ok(message) => message,
        Err(error) => {
            eprintln!("NOT RUN: this kernel has no such family: {error}");
            return None;
        }
    };
    let mut nlas = netlink_wire::Nlas::new(&message.payload[4..], 20);
    let id = nlas.find(|nla| nla.unwrap().code() == 1).unwrap().unwrap();
    Some(u16::from_ne_bytes(id.payload().try_into().unwrap()))
}

#[test]
fn dumps_to_the_end() {
    let mut socket = Socket::open(Protocol::GENERIC).unwrap();
    for _ in 0..2 {
        let mut buf = [0; 64];
        let request = ctrl(&mut buf, 0x300, 3).finish().unwrap();
        let mut replies = socket.request(request).unwrap();
        let mut families = 0;
        while let Some(message) = replies.recv().unwrap() {
            assert_eq!(message.header.kind, CTRL);
            families += 1;
        }
        assert!(families >= 1);
        assert!(replies.recv().unwrap().is_none());
    }
}

#[test]
fn all_options_are_on_and_told() {
    let mut socket = Socket::open(Protocol::GENERIC).unwrap();
    let options = socket.options();
    assert!(options.ext_ack && options.cap_ack && options.strict_check);
    assert!(!options.pkt_info && !options.listen_all_nsid);
    assert!(!options.broadcast_error && !options.no_enobufs);
    let builder = Socket::builder(Protocol::GENERIC).ext_ack(false).cap_ack(false);
    let options = builder.strict_check(false).open().unwrap().options();
    assert!(!options.ext_ack && !options.cap_ack && !options.strict_check);
    assert_eq!(socket.port().unwrap(), 0, "no port before the first request");
    socket.request(ctrl(&mut [0; 64], 0x300, 3).finish().unwrap()).unwrap().finish().unwrap();
    assert_ne!(socket.port().unwrap(), 0);
}

live! {
    fn a_dump_dropped_half_way_does_no_harm() {
        add_routes(many(100_000));
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut buf = [0; 64];
        // Leaves most of the table unread, once after one message and once unread at all.
        socket.request(dump_routes(&mut buf)).unwrap().recv().unwrap().unwrap();
        let _ = socket.request(dump_routes(&mut buf)).unwrap();
        // Forgotten rather than dropped: it is no destructor that reads the rest.
        std::mem::forget(socket.request(dump_routes(&mut buf)).unwrap());
        assert_eq!(count(&mut socket, dump_routes(&mut buf)), many(100_000) as usize);
        // Nor does it disturb what is no dump.
        socket.request(dump_routes(&mut buf)).unwrap().recv().unwrap().unwrap();
        let mut replies = socket.request(get_link(&mut buf, 1)).unwrap();
        assert_eq!(replies.recv().unwrap().unwrap().header.kind, Rtm::NEWLINK.0);
        assert!(replies.recv().unwrap().is_none());
    }

    fn routes_of_nine_and_seventeen_kilobytes() {
        lo_up();
        let mut socket = Socket::builder(Protocol::ROUTE).buffer(0).open().unwrap();
        let mut buf = vec![0; 1 << 16];
        for (n, hops) in [(1, 1_150), (2, 2_150), (3, 1_160)] {
            socket.request(wide_route(&mut buf, n, hops)).unwrap().finish().unwrap();
        }
        let mut replies = socket.request(dump_routes(&mut buf)).unwrap();
        let mut wide = Vec::new();
        while let Some(message) = replies.recv().unwrap() {
            wide.extend(Some(message.payload.len()).filter(|len| *len > 1_000));
        }
        assert!(matches!(wide[..], [9_200..=9_300, 17_200..=17_300, 9_280..=9_400]), "{wide:?}");
    }

    fn a_route_of_more_than_32_kilobytes_ends_the_dump() {
        lo_up();
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut buf = vec![0; 1 << 16];
        for (n, hops) in [(1, 2), (2, 5_000), (3, 2)] {
            socket.request(wide_route(&mut buf, n, hops)).unwrap().finish().unwrap();
        }
        // The kernel says no word of the second and the third: this is documented at `Routes`.
        let dump = socket.dump(netlink_sys::table::Routes::ipv4().table(RtTable::MAIN)).unwrap();
        match dump.collect(|route| route.destination().unwrap().len) {
            Ok(found) => assert!(matches!(found.entries.len(), 1 | 3), "{found:?}"),
            // As old ones do, such as Linux 6.1.
            Err(error) => assert_eq!(error.errno(), Some(Errno::EMSGSIZE)),
        }
        // Nothing is left of it in what follows.
        assert_eq!(socket.link("lo").unwrap().header.index, 1);
    }

    fn a_refusal_names_the_attribute() {
        // Without NETLINK_CAP_ACK the request is repeated before the words.
        for cap_ack in [true, false] {
            refused_routes(Socket::builder(Protocol::ROUTE).cap_ack(cap_ack).open().unwrap());
        }
    }

    fn a_failed_dump_is_no_empty_one() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut buf = [0; 64];
        // A table that does not exist: the errno comes in NLMSG_DONE.
        let header = RtMsg { family: 2, ..RtMsg::default() };
        let request = Route::writer(&mut buf, Rtm::GETROUTE, NlmFlags::DUMP, &header)
            .push(RouteAttr::Table(RtTable(12_345)))
            .finish()
            .unwrap();
        let error = socket.request(request).unwrap().finish().unwrap_err();
        assert!(error.is_not_found(), "{error}");
        assert!(error.ext_ack().unwrap().message.is_some(), "{error}");
    }

    fn a_missing_attribute_is_told() {
        let mut socket = Socket::open(Protocol::GENERIC).unwrap();
        // NETDEV_CMD_DEV_GET, since Linux 6.3: it asks for an index.
        let Some(netdev) = family(&mut socket, b"netdev\0") else { return };
        let mut buf = [0; 64];
        let request = Writer::<Nla<'static>, Whole>::new(&mut buf, netdev, NlmFlags(0), &[1u8, 1, 0, 0])
            .finish()
            .unwrap();
        let error = socket.request(request).unwrap().finish().unwrap_err();
        let ext_ack = error.ext_ack().unwrap();
        assert_eq!((ext_ack.missing_type, ext_ack.missing_nest), (Some(1), None), "{error}");
        assert!(error.to_string().ends_with("1 is missing"), "{error}");
    }

    fn an_attribute_that_is_missing_from_a_nest_is_told() {
        let mut socket = Socket::open(Protocol::GENERIC).unwrap();
        let Some(ethtool) = family(&mut socket, b"ethtool\0") else { return };
        // ETHTOOL_MSG_TSINFO_GET; ETHTOOL_A_TSINFO_HWTSTAMP_PROVIDER, since Linux 6.14, lacks its index.
        let mut buf = [0; 64];
        let mut device = [0; 8];
        let device = Writer::<Nla<'static>>::attrs(&mut device, |w| {
            w.push(Nla::new(2, b"lo\0"));
        });
        let request = Writer::<Nla<'static>, Whole>::new(&mut buf, ethtool, NlmFlags(0), &[25u8, 1, 0, 0])
            .push(Nla::new(1 | Nla::NESTED, device.unwrap()))
            .push(Nla::new(7 | Nla::NESTED, &[]))
            .finish()
            .unwrap();
        let error = socket.request(request).unwrap().finish().unwrap_err();
        let ext_ack = error.ext_ack().unwrap();
        if ext_ack.offset == Some(32) {
            return eprintln!("NOT RUN: this kernel has no such attribute: {error}");
        }
        assert_eq!((ext_ack.missing_type, ext_ack.missing_nest), (Some(1), Some(32)), "{error}");
        assert!(error.to_string().ends_with("7/1 is missing"), "{error}");
    }

    fn success_may_come_with_a_warning() {
        // A class of the HTB qdisc with so much bandwidth that its quantum is big.
        let lo = 1i32.to_ne_bytes();
        let tcmsg = |handle: u32, parent: u32| {
            let mut header = [0; 20];
            header[4..8].copy_from_slice(&lo);
            header[8..12].copy_from_slice(&handle.to_ne_bytes());
            header[12..16].copy_from_slice(&parent.to_ne_bytes());
            header
        };
        let words = |words: &[u32]| words.iter().flat_map(|n| n.to_ne_bytes()).collect::<Vec<_>>();
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut change = |kind: Rtm, header: [u8; 20], options: &[u8]| {
            let mut buf = [0; 256];
            let flags = NlmFlags::CREATE | NlmFlags::EXCL;
            let request = Writer::<Nla<'static>, Whole>::new(&mut buf, kind.0, flags, &header)
                .push_raw(Nla::new(1, b"htb\0"))
                .push_raw(Nla::new(2 | Nla::NESTED, options))
                .finish();
            socket.request(request.unwrap()).unwrap().finish().unwrap()
        };
        // struct tc_htb_glob, and the root qdisc 1:.
        let glob = nla(2, &words(&[3, 10, 0, 0, 0]));
        assert_eq!(change(Rtm::NEWQDISC, tcmsg(0x1_0000, 0xffff_ffff), &glob), None);
        // struct tc_htb_opt, of an Ethernet-like link with 1.25 GB/s.
        let rate = [&[0, 1, 0, 0, 0, 0, 0, 0][..], &words(&[1_250_000_000])].concat();
        let opt = [&rate[..], &rate, &words(&[1_000, 1_000, 0, 0, 0])].concat();
        let warning = change(Rtm::NEWTCLASS, tcmsg(0x1_0001, 0x1_0000), &nla(1, &opt));
        let Some(warning) = warning else {
            // Before Linux 6.4 it goes to the kernel's log alone.
            assert!(kernel() < (6, 4), "no warning");
            return eprintln!("NOT RUN: this kernel warns elsewhere");
        };
        assert!(warning.message.unwrap().contains("quantum"));
    }

    fn what_is_no_message_is_not_sent() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut long = get_link(&mut [0; 64], 1).to_vec();
        long.push(0);
        for request in [&mut [0; 0][..], &mut [0; 15], &mut [0; 16], &mut [1; 20], &mut long] {
            // The kernel would not answer, and this would wait forever.
            assert!(matches!(socket.request(request), Err(Error::Wire(_))), "{request:?}");
        }
        assert!(socket.link("lo").is_ok());
    }

    fn a_deadline_holds() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        socket.set_timeout(Some(Duration::from_millis(50)));
        let start = Instant::now();
        assert_eq!(socket.recv_into(&mut [0; 64]), Err(Error::TimedOut));
        assert!((50..5_000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
        // One that has passed, in the middle of a dump that has more to say.
        add_routes(10_000);
        let mut dump = socket.dump(netlink_sys::table::Routes::ipv4()).unwrap();
        assert!(dump.recv().unwrap().is_some());
        drop(dump);
        socket.set_deadline(Some(Instant::now()));
        let mut buf = [0; 64];
        assert_eq!(socket.request(dump_routes(&mut buf)).err(), Some(Error::TimedOut));
        // The next call goes on where that one ended, and has all the time there is.
        socket.set_deadline(None);
        socket.set_timeout(None);
        assert_eq!(count(&mut socket, dump_routes(&mut buf)), 10_000);
        // Nobody is on the other side of this protocol.
        let mut socket = Socket::open(Protocol::USERSOCK).unwrap();
        let error = socket.request(get_link(&mut buf, 1)).unwrap_err();
        assert_eq!(error.errno(), Some(Errno::ECONNREFUSED));
    }
}

fn refused_routes(mut socket: Socket) {
    let mut buf = [0; 64];
    let mut refused = |request: Result<&mut [u8], _>| {
        let error = socket.request(request.unwrap()).unwrap().finish().unwrap_err();
        let Error::Refused(refusal) = error else { panic!("{error}") };
        *refusal
    };
    let header = RtMsg { dst_len: 32, ..blackhole(2, 32) };
    // RTA_DST of three bytes.
    let error = refused(
        Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags::CREATE, &header)
            .push(RouteAttr::Priority(7))
            .push_raw(Nla::new(1, &[10, 0, 0]))
            .finish(),
    );
    assert_eq!(error.errno, Errno::ERANGE);
    assert_eq!(error.ext_ack.path().as_deref(), Some("RTA_DST"), "{error}");
    assert_eq!(error.ext_ack.offset, Some(16 + 12 + 8));
    assert!(error.ext_ack.message.is_some());
    // RTA_METRICS with an RTAX_MTU of two bytes: inside of a nest.
    let mtu = [&6u16.to_ne_bytes()[..], &2u16.to_ne_bytes(), &[1, 2, 0, 0]].concat();
    let error = refused(
        Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags::CREATE, &header)
            .push_raw(Nla::new(1, &[10, 0, 0, 1]))
            .push_raw(Nla::new(8 | Nla::NESTED, &mtu))
            .finish(),
    );
    assert_eq!(error.errno, Errno::EINVAL);
    assert_eq!(error.ext_ack.path().as_deref(), Some("RTA_METRICS/RTAX_MTU"), "{error}");
}

#[test]
fn tells_why_it_was_refused() {
    for cap_ack in [true, false] {
        refusals(Socket::builder(Protocol::GENERIC).cap_ack(cap_ack).open().unwrap());
    }
    let mut silent = Socket::builder(Protocol::GENERIC).ext_ack(false).open().unwrap();
    let request = ctrl(&mut [0; 64], 0, 3).push(Nla::new(1, &[1])).finish().unwrap().to_vec();
    let error = silent.request(&mut request.clone()).unwrap().finish().unwrap_err();
    assert_eq!(error.ext_ack(), Some(&netlink_sys::ExtAck::default()));
}

fn refusals(mut socket: Socket) {
    let mut buf = [0; 64];
    let name = Nla::new(2, b"no such family\0");
    let request = ctrl(&mut buf, 0, 3).push(name).finish().unwrap();
    let error = socket.request(request).unwrap().finish().unwrap_err();
    assert!(error.is_not_found(), "{error}");
    // A four-byte id in two bytes: the kernel names the attribute at fault.
    let request = ctrl(&mut buf, 0, 3).push(Nla::new(1, &[1])).finish().unwrap();
    let error = socket.request(request).unwrap().finish().unwrap_err();
    let Error::Refused(refusal) = &error else { panic!("{error}") };
    assert_eq!(refusal.errno, Errno::ERANGE, "{error}");
    assert_eq!(refusal.ext_ack.offset, Some(20));
    assert!(refusal.ext_ack.message.is_some());
    assert!(refusal.ext_ack.policy.is_some(), "{error}");
}
