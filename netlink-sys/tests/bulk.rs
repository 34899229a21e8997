//! Many requests to the running kernel, each test in a namespace of its own.

mod common;

use common::*;
use netlink_sys::{Errno, Error, Outcome, Protocol, Socket};
use netlink_wire::{
    Nla, NlmFlags, Rtm, RtnlGrp,
    link::Link,
    route::{Route, RouteAddr, RouteAttr},
};

live! {
    fn four_thousand_creates_with_one_that_exists() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        socket.request(route(&mut [0; 64], Rtm::NEWROUTE, 2_345)).unwrap().finish().unwrap();
        let mut bulk = socket.bulk().unwrap();
        for n in 0..4_000 {
            assert_eq!(bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, n)), Ok(n as usize));
        }
        let report = bulk.finish();
        assert_eq!(report.len(), 4_000);
        let [(2_345, refusal)] = report.refused() else { panic!("{report:?}") };
        assert_eq!(refusal.errno, Errno::EEXIST);
        assert_eq!(report.outcome(2_344), Outcome::Done);
        assert_eq!(report.outcome(2_345), Outcome::Refused(refusal));
        assert_eq!(report.outcome(3_999), Outcome::Done);
        assert_eq!(report.outcome(4_000), Outcome::Unknown, "it was never made");
        assert_eq!(report.unknown().count(), 0);
        assert!(!report.is_done());
        assert_eq!(count(&mut socket, dump_routes(&mut [0; 64])), 4_000);
    }

    fn the_window_fits_the_smallest_receive_buffer() {
        for cap_ack in [true, false] {
            let builder = Socket::builder(Protocol::ROUTE).receive_buffer(1).cap_ack(cap_ack);
            let mut socket = builder.open().unwrap();
            assert!(socket.receive_buffer().unwrap() < 5_000);
            let mut bulk = socket.bulk().unwrap();
            for n in 0..300 {
                bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, n)).unwrap();
            }
            let report = bulk.finish();
            assert_eq!(report.unknown().count(), 0, "{report:?}");
            assert_eq!(report.refused().len(), if cap_ack { 0 } else { 300 }, "{report:?}");
        }
    }

    fn the_smallest_send_buffer() {
        // Requests of 512 bytes, of which a datagram would hold 64 and the buffer 8.
        let mut socket = Socket::builder(Protocol::ROUTE).send_buffer(1).open().unwrap();
        let mut bulk = socket.bulk().unwrap();
        for n in 0..200 {
            let mut buf = [0; 1_024];
            let header = blackhole(2, 32);
            let mut request = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags::CREATE, &header);
            request.push(RouteAttr::Dst(RouteAddr::Addr(addr(n).into())));
            // Nobody knows this attribute.
            request.push_raw(Nla::new(200, &[0; 460]));
            bulk.push(request.finish().unwrap()).unwrap();
        }
        let report = bulk.finish();
        assert_eq!((report.unknown().count(), report.error()), (0, None), "{report:?}");
        // One that does not fit by itself is told.
        let mut buf = vec![0; 1 << 14];
        let mut bulk = socket.bulk().unwrap();
        bulk.push(wide_route(&mut buf, 1, 1_500)).unwrap();
        assert_eq!(bulk.finish().error().unwrap().errno(), Some(Errno::EMSGSIZE));
        assert!(socket.link("lo").is_ok());
    }

    fn what_overflowed_is_unknown_and_never_done() {
        // Events fill the receive buffer, so that no acknowledgement finds room.
        let group = RtnlGrp::IPV4_ROUTE;
        let mut socket = Socket::builder(Protocol::ROUTE).group(group).open().unwrap();
        let mut bulk = socket.bulk().unwrap();
        for n in 0..20 {
            bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, n)).unwrap();
        }
        change_routes(Rtm::NEWROUTE, 1_000..2_000);
        bulk.flush().unwrap();
        for n in 20..40 {
            bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, n)).unwrap();
        }
        let report = bulk.finish();
        assert!(report.error().is_none(), "{report:?}");
        assert_eq!(report.unknown().collect::<Vec<_>>(), (0..20).collect::<Vec<_>>());
        assert_eq!(report.outcome(7), Outcome::Unknown);
        assert_eq!(report.outcome(20), Outcome::Done);
        // They were executed all the same.
        let mut other = Socket::open(Protocol::ROUTE).unwrap();
        assert_eq!(count(&mut other, dump_routes(&mut [0; 64])), 1_040);
        // The socket is of use again.
        assert!(socket.request(get_link(&mut [0; 64], 1)).unwrap().recv().unwrap().is_some());
    }

    fn several_questions_at_once() {
        for name in ["a0", "a1", "a2"] {
            add_link(name, "bridge");
        }
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut found = Vec::new();
        let mut bulk = socket.bulk().unwrap().on_reply(|index, message| {
            found.push((index, Link::parse(message).unwrap().header.index));
        });
        for index in [3, 2, 999, 4] {
            bulk.push(get_link(&mut [0; 64], index)).unwrap();
        }
        let report = bulk.finish();
        let [(2, refusal)] = report.refused() else { panic!("{report:?}") };
        assert_eq!(refusal.errno, Errno::ENODEV);
        assert_eq!(found, [(0, 3), (1, 2), (3, 4)]);
    }

    fn a_broken_message_is_not_added() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut bulk = socket.bulk().unwrap();
        assert!(matches!(bulk.push(&mut [0; 20]), Err(Error::Wire(_))));
        assert!(matches!(bulk.push(&mut [0; 3]), Err(Error::Wire(_))));
        assert_eq!(bulk.push(get_link(&mut [0; 64], 1)), Ok(0));
        assert!(bulk.finish().is_done());
    }

    fn an_echo_is_a_reply() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let mut buf = [0; 64];
        let request = route(&mut buf, Rtm::NEWROUTE, 5);
        let mut header = netlink_wire::Header::of(request).unwrap();
        header.flags |= NlmFlags::ECHO;
        header.replace_in(request);
        let mut replies = socket.request(request).unwrap();
        assert_eq!(replies.recv().unwrap().unwrap().header.kind, Rtm::NEWROUTE.0);
        assert!(replies.recv().unwrap().is_none());
    }
}
