//! The stand-in for the kernel, and what the rest of the crate makes of faults
//! that a real one cannot be made to have.

mod common;

use std::{
    io::{self, BufReader, Write},
    os::fd::AsFd,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use common::*;
use netlink_sys::{
    Builder, Consistency, Errno, Error, Event, Lost, Outcome, Protocol, Retry, Socket,
    fake::{Answer, FakeKernel, Fault},
    ops,
    table::{Addrs, Links, Neighs, Routes},
};
use netlink_wire::{
    AckAttr, Header, Message, Nla, NlmFlags, PolicyAttr, PolicyType, Rtm, RtnlGrp, Whole, Writer,
    addr::{AddrAttr, Address, IfAddrMsg},
    link::{IfInfoMsg, Link, LinkAttr},
    neigh::{NdMsg, Neigh},
    route::{Route, RouteAttr, RtTable},
};
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike,
};

/// A kernel with this many routes and a loopback interface, which refuses all else.
fn kernel(routes: u32) -> FakeKernel {
    FakeKernel::new(move |request, answer| match Rtm(request.header.kind) {
        Rtm::GETROUTE => {
            for n in 0..routes {
                answer.reply(route(&mut [0; 64], Rtm::NEWROUTE, n));
            }
        }
        Rtm::GETLINK => link(answer),
        Rtm::NEWROUTE => {}
        Rtm::GETNEIGH => answer.reply(neigh(&mut [0; 64])),
        _ => answer.refuse(Errno::EOPNOTSUPP),
    })
}

fn link(answer: &mut Answer) {
    let mut buf = [0; 64];
    let header = IfInfoMsg { index: 1, ..IfInfoMsg::default() };
    let link = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags(0), &header)
        .push(LinkAttr::IfName("lo".into()))
        .finish();
    answer.reply(link.unwrap());
}

fn neigh(buf: &mut [u8]) -> &[u8] {
    let header = NdMsg { family: 2, ifindex: 1, ..NdMsg::default() };
    Neigh::writer(buf, Rtm::NEWNEIGH, NlmFlags(0), &header).finish().unwrap()
}

fn open(kernel: &FakeKernel) -> Socket {
    let builder = Socket::builder(Protocol::ROUTE).on(kernel);
    builder.timeout(Duration::from_secs(5)).open().unwrap()
}

/// How many routes a dump has, or how it ends.
fn routes(socket: &mut Socket) -> Result<usize, Error> {
    let mut dump = socket.dump(Routes::ipv4())?;
    let mut count = 0;
    while let Some(route) = dump.recv()? {
        assert_eq!(route.table().unwrap(), RtTable::MAIN);
        count += 1;
    }
    Ok(count)
}

#[test]
fn answers_as_the_model_says() {
    let kernel = kernel(1_000);
    let mut socket = open(&kernel);
    assert_eq!(routes(&mut socket), Ok(1_000));
    assert_eq!(socket.link("lo").unwrap().header.index, 1);
    let refused = socket.dump(Addrs::ipv4()).unwrap().collect(|_| ()).unwrap_err();
    assert_eq!(refused.errno(), Some(Errno::EOPNOTSUPP));
    let found = socket.dump_proven(Routes::ipv4()).unwrap().collect(|_| ()).unwrap();
    assert_eq!((found.entries.len(), found.consistency), (1_000, Consistency::Proven));
    assert_eq!(found.consistency.to_string(), "proven");
    // What is dropped half-way is read before the next request; a kernel would
    // refuse it otherwise, and so does this one.
    socket.dump(Routes::ipv4()).unwrap().recv().unwrap();
    assert_eq!(routes(&mut socket), Ok(1_000));
}

#[test]
fn an_interruption_of_any_message_is_seen() {
    let kernel = kernel(5);
    let mut socket = open(&kernel);
    // The last one is NLMSG_DONE.
    for index in 0..=5 {
        kernel.inject(Fault::Interrupt(index));
        assert_eq!(routes(&mut socket), Err(Error::Interrupted), "message {index}");
        assert_eq!(routes(&mut socket), Ok(5));
        // Repeated, it is fine.
        kernel.inject(Fault::Interrupt(index));
        let found = socket.dump(Routes::ipv4()).unwrap().collect(|_| ()).unwrap();
        assert_eq!((found.entries.len(), found.attempts), (5, 2));
        assert_eq!(found.consistency, Consistency::Unproven);
        // Not repeated, it has its mark.
        kernel.inject(Fault::Interrupt(index));
        let dump = socket.dump(Routes::ipv4()).unwrap().retry(Retry::NEVER);
        let found = dump.collect(|_| ()).unwrap();
        assert_eq!(found.consistency, Consistency::Interrupted);
        kernel.inject(Fault::Interrupt(index));
        let found = socket.dump_proven(Routes::ipv4()).unwrap().retry(Retry::NEVER);
        assert_eq!(found.collect(|_| ()).unwrap().consistency, Consistency::Interrupted);
        // By hand.
        kernel.inject(Fault::Interrupt(index));
        let request = dump_routes(&mut [0; 64]).to_vec();
        let mut replies = socket.request(&mut request.clone()).unwrap();
        while replies.recv().unwrap().is_some() {}
        assert!(replies.is_interrupted());
    }
}

#[test]
fn what_an_interrupted_dump_lacks_may_be_there() {
    let kernel = FakeKernel::new(|request, answer| {
        assert_eq!(Rtm(request.header.kind), Rtm::GETADDR);
        for n in [1, 2] {
            let header = IfAddrMsg { family: 2, index: 1, prefixlen: 8, ..IfAddrMsg::default() };
            let mut buf = [0; 64];
            let addr = Address::writer(&mut buf, Rtm::NEWADDR, NlmFlags(0), &header)
                .push(AddrAttr::Local([10, 0, 0, n].into()))
                .finish();
            answer.reply(addr.unwrap());
        }
    });
    let mut socket = open(&kernel);
    let addr = |n: u8| ops::addr(1, format!("10.0.0.{n}/8").parse().unwrap());
    assert_eq!(socket.get(&addr(9)).unwrap_err(), Error::NotFound);
    for index in 0..=2 {
        kernel.inject(Fault::Interrupt(index));
        assert_eq!(socket.get(&addr(9)).unwrap_err(), Error::Interrupted, "message {index}");
    }
    assert!(socket.get(&addr(2)).is_ok());
}

#[test]
fn retries_are_bounded_and_slow_down() {
    let kernel = FakeKernel::new(|_, answer| {
        answer.notify(RtnlGrp::IPV4_ROUTE, route(&mut [0; 64], Rtm::NEWROUTE, 1));
        answer.reply(route(&mut [0; 64], Rtm::NEWROUTE, 1));
    });
    let mut socket = open(&kernel);
    let retry = Retry {
        attempts: 4,
        backoff: Duration::from_millis(10),
        max_backoff: Duration::from_millis(25),
    };
    let start = Instant::now();
    let found = socket.dump_proven(Routes::ipv4()).unwrap().retry(retry).collect(|_| ()).unwrap();
    assert_eq!((found.attempts, found.consistency), (4, Consistency::Unproven));
    assert_eq!(found.entries.len(), 1, "of the last attempt alone");
    assert!(start.elapsed() >= Duration::from_millis(10 + 20 + 25));
    // The deadline ends it as well.
    socket.set_deadline(Some(Instant::now() + Duration::from_millis(5)));
    let found = socket.dump_proven(Routes::ipv4()).unwrap().retry(retry).collect(|_| ());
    assert_eq!(found, Err(Error::TimedOut));
}

/// How long this thread has been computing.
fn cpu_time() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_THREAD).unwrap();
    [usage.user_time(), usage.system_time()]
        .map(|time| Duration::from_micros(time.num_microseconds() as u64))
        .iter()
        .sum()
}

#[test]
fn the_first_pause_is_the_shortest() {
    let kernel = kernel(1);
    let mut socket = open(&kernel);
    let pause = Duration::from_millis(400);
    let retry = Retry { attempts: 2, backoff: pause, max_backoff: Duration::MAX };
    kernel.inject(Fault::Interrupt(0));
    let (start, busy) = (Instant::now(), cpu_time());
    // Twice the pause would be too much.
    socket.set_deadline(Some(start + 2 * pause - Duration::from_millis(20)));
    let found = socket.dump(Routes::ipv4()).unwrap().retry(retry).collect(|_| ()).unwrap();
    assert_eq!((found.attempts, found.consistency), (2, Consistency::Unproven));
    assert!(start.elapsed() >= pause);
    // It is slept, not waited for in a loop.
    let busy = cpu_time() - busy;
    assert!(busy < pause / 2, "{busy:?}");
    // One without end is not too much to reckon with.
    kernel.inject(Fault::Interrupt(0));
    socket.set_deadline(Some(Instant::now() + Duration::from_millis(20)));
    let retry = Retry { backoff: Duration::MAX, ..retry };
    let found = socket.dump(Routes::ipv4()).unwrap().retry(retry).collect(|_| ());
    assert_eq!(found, Err(Error::TimedOut));
}

#[test]
fn an_attempt_starts_in_quiet_unless_there_is_none() {
    let kernel = kernel(3);
    let mut socket = open(&kernel);
    // What is heard besides the event, and in which attempt the dump is proven.
    for (heard, attempts) in [(3, 2), (10_100, 3)] {
        let mut dump = socket.dump_proven(Routes::ipv4()).unwrap();
        (0..heard).for_each(|_| kernel.inject(Fault::Receive(Errno::ENOBUFS)));
        kernel.notify(RtnlGrp::IPV4_ROUTE, None, route(&mut [0; 64], Rtm::NEWROUTE, 1));
        assert_eq!(dump.recv().map(|route| route.is_some()), Ok(true));
        let found = dump.collect(|_| ()).unwrap();
        assert_eq!((found.attempts, found.consistency), (attempts, Consistency::Proven));
    }
}

#[test]
fn a_proof_asks_for_the_link_that_there_always_is() {
    let asked = Arc::<Mutex<Vec<i32>>>::default();
    let asks = Arc::clone(&asked);
    let kernel = FakeKernel::new(move |request, answer| {
        if request.header.kind == Rtm::GETLINK.0 {
            asks.lock().unwrap().push(Link::parse(request).unwrap().header.index);
        }
        link(answer);
    });
    open(&kernel).dump_proven(Routes::ipv4()).unwrap().collect(|_| ()).unwrap();
    assert_eq!(*asked.lock().unwrap(), [1, 1], "before and after");
    open(&kernel).dump(Routes::ipv4()).unwrap().collect(|_| ()).unwrap();
    assert_eq!(asked.lock().unwrap().len(), 2, "nothing is to be proven");
}

#[test]
fn the_timeout_is_for_the_kernel_and_not_for_who_reads() {
    let kernel = kernel(3_000);
    let mut socket = open(&kernel);
    let timeout = Duration::from_millis(100);
    socket.set_timeout(Some(timeout));
    let mut slow = Some(timeout + Duration::from_millis(20));
    let dump = socket.dump(Routes::ipv4()).unwrap();
    let found = dump.collect(|_| std::thread::sleep(slow.take().unwrap_or_default()));
    assert_eq!(found.unwrap().entries.len(), 3_000);
}

#[test]
fn an_error_in_done_is_no_empty_dump() {
    let kernel = kernel(3);
    let mut socket = open(&kernel);
    kernel.inject(Fault::Done(Errno::ENOMEM));
    let Err(Error::Refused(refusal)) = routes(&mut socket) else { panic!("not told") };
    assert_eq!((refusal.errno, refusal.ended_dump), (Errno::ENOMEM, true));
    let Err(Error::Refused(refusal)) = socket.dump(Addrs::ipv4()).unwrap().collect(|_| ()) else {
        panic!("not told")
    };
    assert!(!refusal.ended_dump, "it never began");
    kernel.inject(Fault::Done(Errno::ENOMEM));
    let found = socket.dump(Routes::ipv4()).unwrap().collect(|_| ());
    assert_eq!(found.unwrap_err().errno(), Some(Errno::ENOMEM));
    assert_eq!(routes(&mut socket), Ok(3));
}

#[test]
fn truncation_grows_the_buffer_and_repeats() {
    let kernel = kernel(3_000);
    let mut socket = open(&kernel);
    kernel.inject(Fault::Truncate);
    let Err(Error::Truncated(len)) = routes(&mut socket) else { panic!("not noticed") };
    assert!(len > 32 << 10);
    assert_eq!(routes(&mut socket), Ok(3_000));
    kernel.inject(Fault::Truncate);
    let found = socket.dump(Routes::ipv4()).unwrap().collect(|_| ()).unwrap();
    assert_eq!((found.entries.len(), found.attempts), (3_000, 2));
    // The end of a request that is cut off: no waiting for it.
    kernel.inject(Fault::Truncate);
    let mut replies = socket.request(route(&mut [0; 64], Rtm::NEWROUTE, 1)).unwrap();
    for _ in 0..3 {
        assert!(matches!(replies.recv(), Err(Error::Truncated(_))));
    }
    kernel.inject(Fault::Truncate);
    let mut bulk = socket.bulk().unwrap();
    for n in 0..3 {
        bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, n)).unwrap();
    }
    let report = bulk.finish();
    assert_eq!(report.unknown().collect::<Vec<_>>(), [0]);
    assert_eq!(report.outcome(1), Outcome::Done);
}

#[test]
fn an_overflow_is_never_taken_for_success() {
    let kernel = kernel(3);
    let mut socket = open(&kernel);
    kernel.inject(Fault::Overflow);
    let mut replies = socket.request(route(&mut [0; 64], Rtm::NEWROUTE, 1)).unwrap();
    for _ in 0..3 {
        assert_eq!(replies.recv(), Err(Error::Overflow));
    }
    kernel.inject(Fault::Overflow);
    assert_eq!(routes(&mut socket), Err(Error::Overflow));
    kernel.inject(Fault::Overflow);
    let found = socket.dump(Routes::ipv4()).unwrap().collect(|_| ()).unwrap();
    assert_eq!((found.entries.len(), found.attempts), (3, 2));
}

#[test]
fn strangers_are_counted_and_skipped() {
    let kernel = kernel(3);
    let mut socket = open(&kernel);
    for port in [1, 4_711, u32::MAX] {
        // It has the right sequence number and port, and looks like the end.
        kernel.inject(Fault::Stranger(port));
        assert_eq!(routes(&mut socket), Ok(3));
    }
    kernel.inject(Fault::Stranger(5));
    assert!(socket.link("lo").is_ok());
    assert_eq!(socket.strangers(), 4);
    let mut events =
        Socket::builder(Protocol::ROUTE).on(&kernel).group(RtnlGrp::LINK).listen().unwrap();
    kernel.inject(Fault::Stranger(5));
    kernel.notify(RtnlGrp::LINK, None, get_link(&mut [0; 64], 9));
    let Ok(Event::Message(event)) = events.recv() else { panic!("no event") };
    assert_eq!(Link::parse(event.message).unwrap().header.index, 9);
    assert_eq!(events.strangers(), 1);
}

#[test]
fn a_newer_kernel_is_read_all_the_same() {
    let kernel = kernel(4);
    let mut socket = open(&kernel);
    kernel.inject(Fault::NewerKernel);
    let dump = socket.dump(Routes::ipv4()).unwrap();
    let found = dump.collect(|route| {
        assert!(route.get(RouteAttr::Dst).unwrap().is_some());
        route.attrs.iter().filter(|attr| matches!(attr, Ok(RouteAttr::Unknown(_)))).count()
    });
    assert_eq!(found.unwrap().entries, [1; 4]);
}

#[test]
fn a_broken_message_is_no_end() {
    let kernel = kernel(3);
    let mut socket = open(&kernel);
    kernel.inject(Fault::Broken);
    let mut dump = socket.dump(Routes::ipv4()).unwrap();
    for _ in 0..3 {
        assert!(matches!(dump.recv(), Err(Error::Wire(_))), "not taken for the end");
    }
    assert_eq!(routes(&mut socket), Ok(3));
    kernel.inject(Fault::Broken);
    let mut bulk = socket.bulk().unwrap();
    for n in 0..3 {
        bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, n)).unwrap();
    }
    let report = bulk.finish();
    assert_eq!((report.unknown().collect(), report.error()), (vec![0], None));
    let mut events =
        Socket::builder(Protocol::ROUTE).on(&kernel).group(RtnlGrp::LINK).listen().unwrap();
    kernel.inject(Fault::Broken);
    kernel.notify(RtnlGrp::LINK, None, get_link(&mut [0; 64], 1));
    kernel.notify(RtnlGrp::LINK, None, get_link(&mut [0; 64], 2));
    let Ok(Event::Lost { reason: Lost::Undecodable(_) }) = events.recv() else {
        panic!("not told of")
    };
    assert_eq!(events.try_recv(), Ok(None), "what came before was dropped");
}

#[test]
fn events_of_groups_and_namespaces() {
    let kernel = kernel(0);
    let groups = [RtnlGrp::LINK, RtnlGrp::STATS];
    let builder = Socket::builder(Protocol::ROUTE).on(&kernel).receive_buffer(3_000);
    let mut events = builder.groups(groups).timeout(Duration::from_secs(5)).listen().unwrap();
    kernel.notify(RtnlGrp::IPV4_ROUTE, None, get_link(&mut [0; 64], 1));
    kernel.notify(RtnlGrp::STATS, Some(7), get_link(&mut [0; 64], 2));
    let Ok(Event::Message(event)) = events.recv() else { panic!("no event") };
    assert_eq!((event.group, event.nsid), (36, Some(7)));
    assert_eq!(events.try_recv(), Ok(None), "another group");
    // A full receive buffer, as the kernel has it: one ENOBUFS, and all that is
    // sent before the queue is empty is lost as well.
    for round in 0..3 {
        for n in 0..30 {
            kernel.notify(RtnlGrp::LINK, None, get_link(&mut [0; 64], n));
        }
        assert_eq!(events.recv(), Ok(Event::Lost { reason: Lost::Overflow }), "{round}");
        assert_eq!(events.try_recv(), Ok(None));
        kernel.notify(RtnlGrp::LINK, None, get_link(&mut [0; 64], 99));
        assert!(matches!(events.recv(), Ok(Event::Message(_))));
    }
    // From another thread, while this one waits; nobody wakes it.
    let _waker = events.waker().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(30));
            kernel.notify(RtnlGrp::LINK, None, get_link(&mut [0; 64], 5));
        });
        assert!(matches!(events.recv(), Ok(Event::Message(_))));
    });
    kernel.inject(Fault::Receive(Errno::EIO));
    kernel.notify(RtnlGrp::LINK, None, get_link(&mut [0; 64], 5));
    let error = Error::Os { call: "recvmsg", errno: Errno::EIO };
    assert_eq!(events.recv(), Err(error));
    assert!(matches!(events.recv(), Ok(Event::Message(_))), "it goes on");
}

/// A message that has but a header and `len` bytes, with its padding.
fn message(kind: u16, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; (16 + len).next_multiple_of(4)];
    let header = Header { len: (16 + len) as u32, kind, ..Header::default() };
    header.replace_in(&mut bytes);
    bytes
}

#[test]
fn events_of_one_datagram() {
    let kernel = kernel(0);
    let mut events =
        Socket::builder(Protocol::ROUTE).on(&kernel).group(RtnlGrp::LINK).listen().unwrap();
    let mut buf = [0; 64];
    let link = get_link(&mut buf, 3).to_vec();
    let (noop, overrun) = (message(Header::NOOP, 1), message(Header::OVERRUN, 0));
    let broken = 15u32.to_ne_bytes().to_vec();
    let error = netlink_wire::Error {
        context: "nlmsghdr",
        offset: 20 + 32 + 24,
        kind: netlink_wire::ErrorKind::Truncated,
    };
    let undecodable = Lost::Undecodable(error);
    for (last, lost) in
        [(vec![], None), (overrun, Some(Lost::Overflow)), (broken, Some(undecodable))]
    {
        let others = [&noop, &link, &message(99, 5)].map(|message| &message[..]).concat();
        kernel.notify(RtnlGrp::LINK, None, &[others, last].concat());
        for (kind, len) in [(Rtm::GETLINK.0, 16), (99, 5)] {
            let Ok(Event::Message(event)) = events.recv() else { panic!("no event") };
            assert_eq!((event.message.header.kind, event.message.payload.len()), (kind, len));
            assert_eq!(event.group, RtnlGrp::LINK.0);
        }
        if let Some(reason) = lost {
            assert_eq!(events.recv(), Ok(Event::Lost { reason }));
        }
        assert_eq!(events.try_recv(), Ok(None));
    }
    // What is there already is told at any time.
    events.set_deadline(Some(Instant::now()));
    kernel.notify(RtnlGrp::LINK, None, &link);
    assert!(matches!(events.recv(), Ok(Event::Message(_))));
    assert_eq!(events.recv(), Err(Error::TimedOut));
}

#[test]
fn a_buffer_holds_what_is_as_long_as_it() {
    let kernel = kernel(0);
    let builder = Socket::builder(Protocol::ROUTE).on(&kernel).group(RtnlGrp::LINK);
    for (builder, buffer) in [(builder.clone(), 64 * 1024), (builder.buffer(0), 32 * 1024)] {
        holds(&kernel, builder, buffer);
    }
}

fn holds(kernel: &FakeKernel, builder: Builder, buffer: usize) {
    let (fits, does_not) = (message(99, buffer - 16), message(99, buffer - 12));
    let mut events = builder.clone().listen().unwrap();
    let mut socket = builder.open().unwrap();
    let mut buf = vec![0; buffer];
    for datagram in [&fits, &does_not] {
        kernel.inject(Fault::Stranger(7));
        kernel.notify(RtnlGrp::LINK, None, datagram);
    }
    assert!(matches!(events.recv(), Ok(Event::Message(_))));
    let reason = Lost::Truncated(buffer + 4);
    let words = format!("an event of {} bytes was lost: it did not fit the buffer", buffer + 4);
    assert_eq!(reason.to_string(), words);
    assert_eq!(events.recv(), Ok(Event::Lost { reason }));
    // The caller's buffer, in which strangers do not show either.
    let datagram = socket.try_recv_into(&mut buf).unwrap().unwrap();
    assert_eq!((datagram.len, datagram.sender, datagram.group), (buffer, 0, RtnlGrp::LINK.0));
    assert!(buf == fits);
    assert_eq!(socket.try_recv_into(&mut buf), Err(Error::Truncated(buffer + 4)));
    assert_eq!(socket.try_recv_into(&mut buf), Ok(None));
    assert_eq!((socket.strangers(), events.strangers()), (2, 2));
    // Where nothing else comes, it ends at the deadline.
    kernel.inject(Fault::Stranger(7));
    kernel.notify(RtnlGrp::LINK, None, &fits);
    socket.set_deadline(Some(Instant::now()));
    assert_eq!(socket.try_recv_into(&mut buf), Err(Error::TimedOut));
}

#[test]
fn an_event_of_ones_own_request_is_no_reply() {
    let kernel = FakeKernel::new(|request: Message<'_>, answer: &mut Answer| {
        if request.header.kind == Rtm::GETLINK.0 {
            answer.notify(RtnlGrp::LINK, get_link(&mut [0; 64], 3));
        }
        link(answer);
    });
    let builder = Socket::builder(Protocol::ROUTE).on(&kernel).group(RtnlGrp::LINK);
    let mut socket = builder.open().unwrap();
    // It has the request's sequence number and port.
    assert_eq!(socket.link("lo").unwrap().header.index, 1);
    // It is counted, beside those that came before.
    kernel.notify(RtnlGrp::LINK, None, get_link(&mut [0; 64], 4));
    let mut replies = socket.request(get_link(&mut [0; 64], 1)).unwrap();
    while replies.recv().unwrap().is_some() {}
    assert_eq!(replies.others(), 2);
    let mut replies = socket.request(route(&mut [0; 64], Rtm::NEWROUTE, 1)).unwrap();
    while replies.recv().unwrap().is_some() {}
    assert_eq!(replies.others(), 0, "another request");
}

#[test]
fn replies_tell_whether_they_are_filtered() {
    let kernel = FakeKernel::new(|request: Message<'_>, answer: &mut Answer| {
        link(answer);
        if request.header.kind == Rtm::GETROUTE.0 {
            answer.filtered();
        }
    });
    let mut socket = open(&kernel);
    let mut buf = [0; 64];
    for (request, filtered) in [(get_link(&mut buf, 1), false), (dump_routes(&mut [0; 64]), true)] {
        let mut replies = socket.request(request).unwrap();
        while replies.recv().unwrap().is_some() {}
        assert_eq!((replies.is_filtered(), replies.is_interrupted()), (filtered, false));
    }
}

#[test]
fn what_is_wrong_is_told_by_name() {
    let kernel = FakeKernel::new(|_: Message<'_>, answer: &mut Answer| {
        answer.refuse(Errno::EINVAL);
        answer.ext_ack(|ext_ack| {
            // The header of a route takes 12 bytes, RTA_PRIORITY 8; then comes
            // RTA_METRICS, and in it RTAX_MTU.
            ext_ack
                .push(AckAttr::Msg("no good".into()))
                .push(AckAttr::Offs(40))
                .push(AckAttr::MissType(1))
                .nest(AckAttr::Policy, |policy| {
                    policy
                        .push(PolicyAttr::Type(PolicyType::U32))
                        .push(PolicyAttr::MinValueU(68))
                        .push(PolicyAttr::MaxValueU(65_535));
                });
        });
    });
    let mut socket = open(&kernel);
    let mut buf = [0; 64];
    let request = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags::CREATE, &blackhole(2, 32))
        .push(RouteAttr::Priority(5))
        .nest(RouteAttr::Metrics, |metrics| {
            metrics.push(netlink_wire::route::MetricAttr::Mtu(7));
        })
        .finish()
        .unwrap();
    let error = socket.request(request).unwrap().finish().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the kernel refused: Invalid argument (EINVAL): no good \
         (RTA_METRICS/RTAX_MTU, RTA_DST is missing, expects u32 from 68 to 65535)"
    );
}

/// What a refusal of a request says, in words.
fn words(
    protocol: Protocol,
    request: &[u8],
    say: impl Fn(&mut Writer<'_, AckAttr<'static>, Whole>) + Send + 'static,
) -> String {
    let kernel = FakeKernel::new(move |_, answer| {
        answer.refuse(Errno::EINVAL);
        answer.ext_ack(&say);
    });
    let mut socket = Socket::builder(protocol).on(&kernel).open().unwrap();
    let replies = socket.request(&mut request.to_vec()).unwrap().finish();
    replies.unwrap_err().ext_ack().unwrap().to_string()
}

#[test]
fn what_would_have_been_accepted_is_told() {
    let request = route(&mut [0; 64], Rtm::NEWROUTE, 1).to_vec();
    let cases: [(&[PolicyAttr<'static>], &str); 9] = [
        (&[PolicyAttr::Type(PolicyType::S32)], "expects s32"),
        (&[PolicyAttr::MinValueS(-5), PolicyAttr::MaxValueS(7)], " from -5 to 7"),
        (&[PolicyAttr::MinValueU(5), PolicyAttr::MaxValueU(7)], " from 5 to 7"),
        (&[PolicyAttr::MinLength(4), PolicyAttr::MaxLength(4)], " of 4 bytes"),
        (&[PolicyAttr::MinLength(4), PolicyAttr::MaxLength(8)], " of 4 to 8 bytes"),
        (&[PolicyAttr::MinLength(4)], " of at least 4 bytes"),
        (&[PolicyAttr::MaxLength(4)], " of at most 4 bytes"),
        (&[PolicyAttr::Mask(0x5_0000_0000)], " with bits of 0x500000000"),
        (&[PolicyAttr::Bitfield32Mask(0xf0)], " with bits of 0xf0"),
    ];
    for (policy, expected) in cases {
        let said = words(Protocol::ROUTE, &request, move |ext_ack| {
            ext_ack.nest(AckAttr::Policy, |attrs| {
                for attr in policy {
                    attrs.push(*attr);
                }
            });
        });
        assert!(said.ends_with(expected), "{said}: {expected}");
    }
}

#[test]
fn places_are_told_as_far_as_they_are_known() {
    let mut buf = [0; 64];
    let request = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags::CREATE, &blackhole(2, 32))
        .push(RouteAttr::Priority(5))
        .finish()
        .unwrap();
    let cases: [(&[AckAttr<'static>], &str, &str); 5] = [
        (&[AckAttr::Offs(28)], "RTA_PRIORITY", "at byte 28 of the request"),
        // The header.
        (&[AckAttr::Offs(0)], "at byte 0 of the request", "at byte 0 of the request"),
        (&[AckAttr::MissType(1)], "RTA_DST is missing", "attribute 1 is missing"),
        (&[AckAttr::MissType(4_000)], "4000 is missing", "attribute 4000 is missing"),
        // It is no nest at all.
        (
            &[AckAttr::MissNest(28), AckAttr::MissType(1)],
            "RTA_PRIORITY/1 is missing",
            "attribute 1 is missing",
        ),
    ];
    for (said, route, other) in cases {
        let say = move |ext_ack: &mut Writer<'_, AckAttr<'static>, Whole>| {
            for attr in said {
                ext_ack.push(*attr);
            }
        };
        assert_eq!(words(Protocol::ROUTE, request, say), route);
        assert_eq!(words(Protocol::USERSOCK, request, say), other);
    }
    // Attributes of generic netlink have numbers.
    let mut buf = [0; 64];
    let request = Writer::<Nla<'static>, Whole>::new(&mut buf, 16, NlmFlags(0), &[3u8, 1, 0, 0])
        .push(Nla::new(7, &[1, 2, 3, 4]))
        .push(Nla::new(9, &[]))
        .finish()
        .unwrap();
    let told = words(Protocol::GENERIC, request, |ext_ack| {
        ext_ack.push(AckAttr::Offs(28));
    });
    assert_eq!(told, "9");
}

#[test]
fn a_nest_that_lacks_something_is_named() {
    let kernel = FakeKernel::new(|_: Message<'_>, answer: &mut Answer| {
        answer.refuse(Errno::EINVAL);
        answer.ext_ack(|ext_ack| {
            ext_ack.push(AckAttr::MissType(1)).push(AckAttr::MissNest(32));
        });
    });
    let mut socket = open(&kernel);
    let mut buf = [0; 64];
    let request = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags::CREATE, &IfInfoMsg::default())
        .nest(LinkAttr::LinkInfo, |_| {})
        .finish()
        .unwrap();
    let error = socket.request(request).unwrap().finish().unwrap_err();
    let ext_ack = error.ext_ack().unwrap();
    assert_eq!(ext_ack.missing().as_deref(), Some("IFLA_LINKINFO/IFLA_INFO_KIND"), "{error}");
}

#[test]
fn a_warning_comes_with_success() {
    let kernel = FakeKernel::new(|_: Message<'_>, answer: &mut Answer| {
        answer.ext_ack(|ext_ack| {
            ext_ack.push(AckAttr::Msg("done, but".into())).push(AckAttr::Cookie(b"a cookie"));
        });
    });
    let mut socket = open(&kernel);
    let request = || route(&mut [0; 64], Rtm::NEWROUTE, 1).to_vec();
    let warning = socket.request(&mut request()).unwrap().finish().unwrap().unwrap();
    assert_eq!(warning.message.as_deref(), Some("done, but"));
    assert_eq!(warning.cookie.as_deref(), Some(&b"a cookie"[..]));
    assert_eq!(warning.to_string(), "done, but");
    let mut bulk = socket.bulk().unwrap();
    bulk.push(&mut request()).unwrap();
    bulk.push(&mut request()).unwrap();
    let report = bulk.finish();
    assert!(report.is_done());
    assert_eq!(report.warnings().iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 1]);
    // And at the end of a dump.
    let mut replies = socket.request(dump_routes(&mut [0; 64])).unwrap();
    assert!(replies.recv().unwrap().is_none());
    assert!(replies.warning().is_some());
}

#[test]
fn what_cannot_be_filtered_is_refused() {
    let kernel = kernel(0);
    let mut socket = open(&kernel);
    // The fake does not filter, and the master does not show in a neighbour.
    let found = socket.dump(Neighs::ipv4().master(2)).unwrap().collect(|_| ());
    assert_eq!(found, Err(Error::Unfiltered));
    let found = socket.dump(Neighs::ipv4().index(2)).unwrap().collect(|_| ()).unwrap();
    assert_eq!(found.entries.len(), 0, "filtered here");
    let found = socket.dump(Links::default().kind("vlan")).unwrap().collect(|_| ()).unwrap();
    assert_eq!(found.entries.len(), 0, "filtered here");
    // A kernel that says that it has filtered is believed.
    let kernel = FakeKernel::new(|_, answer| {
        answer.reply(neigh(&mut [0; 64]));
        answer.filtered();
    });
    let found = open(&kernel).dump(Neighs::ipv4().master(2)).unwrap().collect(|_| ());
    assert_eq!(found.unwrap().entries.len(), 1);
}

#[test]
fn a_family_that_the_kernel_lacks_has_no_entries() {
    // Such a kernel answers with those of all other families.
    let kernel = kernel(3);
    let mut socket = open(&kernel);
    for (table, len) in [(Routes::mpls(), 0), (Routes::ipv6(), 0), (Routes::ipv4(), 3)] {
        let found = socket.dump(table).unwrap().collect(|_| ()).unwrap();
        assert_eq!(found.entries.len(), len, "{table:?}");
    }
    assert_eq!(socket.dump(Routes::default()).unwrap().collect(|_| ()).unwrap().entries.len(), 3);
}

#[test]
fn a_failing_call_ends_a_bulk_and_says_how_far_it_got() {
    let kernel = kernel(0);
    let mut socket = open(&kernel);
    let mut bulk = socket.bulk().unwrap();
    for n in 0..10 {
        bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, n)).unwrap();
    }
    bulk.flush().unwrap();
    kernel.inject(Fault::Send(Errno::EMSGSIZE));
    bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, 10)).unwrap();
    let error = Error::Os { call: "send", errno: Errno::EMSGSIZE };
    assert_eq!(bulk.flush(), Err(error.clone()));
    assert_eq!(bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, 11)), Err(error.clone()));
    let report = bulk.finish();
    assert_eq!((report.len(), report.error()), (11, Some(&error)));
    assert_eq!(report.outcome(9), Outcome::Done);
    assert_eq!(report.outcome(10), Outcome::Unknown);
}

/// A file in memory that can still be read when it was given away.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<u8>>>);

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How many requests were sent at a time, each of them so many bytes long.
fn sent(tape: &Tape, len: usize) -> Vec<usize> {
    let text = String::from_utf8(tape.0.lock().unwrap().clone()).unwrap();
    let sent = text.lines().filter(|line| line.starts_with('>'));
    sent.map(|line| line.rsplit(' ').next().unwrap().len() / 2 / len).collect()
}

#[test]
fn no_more_is_sent_at_once_than_can_be_answered() {
    let kernel = kernel(0);
    let mut buf = [0; 64];
    let plain = route(&mut buf, Rtm::NEWROUTE, 1).to_vec();
    assert_eq!(plain.len(), 36);
    let mut echo = plain.clone();
    let header = Header::of(&echo).unwrap();
    Header { flags: header.flags | NlmFlags::ECHO, ..header }.replace_in(&mut echo);
    let large = message(Rtm::NEWROUTE.0, 1_008);
    let builder = Socket::builder(Protocol::ROUTE).on(&kernel);
    let buffer = |len| builder.clone().receive_buffer(len);
    let cases = [
        // As many as can be outstanding.
        (builder.clone(), &plain, 130, vec![64, 64, 2]),
        // 32 KiB of requests.
        (builder.clone(), &large, 65, vec![32, 32, 1]),
        // 1 KiB an acknowledgement, of half of a receive buffer of twice this length.
        (buffer(10 << 10), &plain, 25, vec![10, 10, 5]),
        // With what it repeats.
        (buffer(30 * 1_060).cap_ack(false), &plain, 65, vec![30, 30, 5]),
        // And 4 KiB an echo.
        (buffer(6 * 5_120), &echo, 15, vec![6, 6, 3]),
        // One fits always.
        (buffer(1), &echo, 3, vec![1, 1, 1]),
    ];
    for (builder, request, count, expected) in cases {
        let tape = Tape::default();
        let mut socket = builder.open().unwrap().record(tape.clone());
        let mut bulk = socket.bulk().unwrap();
        for index in 0..count {
            assert_eq!(bulk.push(&mut request.clone()), Ok(index));
        }
        let report = bulk.finish();
        assert!(report.is_done() && !report.is_empty(), "{report:?}");
        assert_eq!(sent(&tape, request.len()), expected);
    }
    assert!(open(&kernel).bulk().unwrap().finish().is_empty());
}

#[test]
fn after_an_overflow_half_as_much_is_sent_at_once() {
    let kernel = kernel(0);
    let lost = [Fault::Receive(Errno::ENOBUFS), Fault::Overflow];
    let cases = [
        // Twice in one go counts once.
        (&lost[..], vec![20, 20, 10, 10], 20..40),
        (&lost[..1], vec![20, 20, 10, 10], 0..0),
        (&[Fault::Truncate], vec![20, 20, 20], 20..21),
    ];
    for (faults, expected, unknown) in cases {
        let tape = Tape::default();
        let builder = Socket::builder(Protocol::ROUTE).on(&kernel).receive_buffer(20 << 10);
        let mut socket = builder.open().unwrap().record(tape.clone());
        let mut bulk = socket.bulk().unwrap();
        for index in 0..60 {
            if index == 20 {
                bulk.flush().unwrap();
                faults.iter().for_each(|fault| kernel.inject(*fault));
            }
            bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, 1)).unwrap();
        }
        let report = bulk.finish();
        assert_eq!(sent(&tape, 36), expected, "{faults:?}");
        assert!(report.unknown().eq(unknown.clone()), "{faults:?}: {report:?}");
        for index in 0..60 {
            let lost = unknown.contains(&index);
            assert_eq!(report.outcome(index) == Outcome::Unknown, lost, "{index}");
        }
        assert!(report.error().is_none());
    }
}

#[test]
fn answers_that_are_late_are_waited_for() {
    let kernel = kernel(3);
    let mut socket = open(&kernel);
    for errno in [Errno::EAGAIN, Errno::EINTR] {
        kernel.inject(Fault::Receive(errno));
        assert_eq!(routes(&mut socket), Ok(3));
        kernel.inject(Fault::Receive(errno));
        let mut bulk = socket.bulk().unwrap();
        bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, 1)).unwrap();
        assert_eq!(bulk.finish().outcome(0), Outcome::Done);
    }
}

#[test]
fn what_is_too_long_together_is_sent_one_by_one() {
    let kernel = kernel(0);
    let mut socket = open(&kernel);
    for (errno, done) in [(Errno::EMSGSIZE, true), (Errno::EPERM, false)] {
        let mut bulk = socket.bulk().unwrap();
        for n in 0..2 {
            bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, n)).unwrap();
        }
        kernel.inject(Fault::Send(errno));
        let report = bulk.finish();
        assert_eq!(report.is_done(), done);
        let error = Error::Os { call: "send", errno };
        assert_eq!(report.error(), Some(&error).filter(|_| !done));
        assert_eq!(report.outcome(1) == Outcome::Done, done);
    }
}

#[test]
fn indices_go_on_from_one_flush_to_the_next() {
    let kernel = FakeKernel::new(|request, answer| {
        answer.ext_ack(|ext_ack| {
            ext_ack.push(AckAttr::Msg("what is said".into()));
        });
        match Rtm(request.header.kind) {
            Rtm::GETLINK => link(answer),
            Rtm::DELROUTE => answer.refuse(Errno::ESRCH),
            _ => {}
        }
    });
    let mut socket = open(&kernel);
    let mut replied = Vec::new();
    let mut bulk = socket.bulk().unwrap().on_reply(|index, _| replied.push(index));
    for _ in 0..3 {
        bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, 1)).unwrap();
        bulk.push(route(&mut [0; 64], Rtm::DELROUTE, 1)).unwrap();
        bulk.push(get_link(&mut [0; 64], 1)).unwrap();
        bulk.flush().unwrap();
    }
    let report = bulk.finish();
    assert_eq!(replied, [2, 5, 8]);
    let refused: Vec<_> = report.refused().iter().map(|(index, _)| *index).collect();
    assert_eq!(refused, [1, 4, 7]);
    let warned: Vec<_> = report.warnings().iter().map(|(index, _)| *index).collect();
    assert_eq!(warned, [0, 2, 3, 5, 6, 8]);
}

/// What a program asks, and learns.
fn program(socket: &mut Socket) -> (Vec<String>, String, Consistency) {
    let dump = socket.dump_proven(Links::default()).unwrap();
    let found = dump.collect(|link| format!("{link:?}")).unwrap();
    let error = socket.link("nothing").unwrap_err();
    assert_eq!(socket.link("lo").unwrap().header.index, 1);
    (found.entries, error.to_string(), found.consistency)
}

live! {
    fn a_recording_of_the_kernel_is_played_back() {
        add_link("br0", "bridge");
        let tape = Tape::default();
        let mut socket = Socket::open(Protocol::ROUTE).unwrap().record(tape.clone());
        let recorded = program(&mut socket);
        assert_eq!(recorded.0.len(), 2);
        let text = String::from_utf8(tape.0.lock().unwrap().clone()).unwrap();
        let play = |text: &str| FakeKernel::replay(BufReader::new(text.as_bytes()));

        let kernel = play(&format!("# a remark\n\n{text}")).unwrap();
        let mut socket = Socket::builder(Protocol::ROUTE).on(&kernel).open().unwrap();
        assert_ne!(socket.port(), Ok(0));
        // Other sequence numbers than those of the recording.
        let mut other = Socket::builder(Protocol::ROUTE).on(&kernel).open().unwrap();
        assert_eq!(other.link("br0").unwrap_err().errno(), Some(Errno::EBADMSG));
        let played = program(&mut socket);
        assert_eq!(played, recorded);
        // It is at its end.
        assert_eq!(socket.link("lo").unwrap_err().errno(), Some(Errno::EBADMSG));

        // A broken one says where.
        let mut broken = text.clone();
        broken.truncate(text.len() - 2);
        let number = text.lines().count();
        for (text, line) in [(broken.as_str(), number), ("> 1 0", 1), ("\n< 1 2 3", 2)] {
            let error = play(text).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            assert!(error.to_string().contains(&format!("line {line} ")), "{error}");
        }
    }

    fn an_adopted_socket_starts_with_numbers_of_its_own() {
        let fd = Socket::open(Protocol::ROUTE).unwrap().as_fd().try_clone_to_owned().unwrap();
        let tape = Tape::default();
        assert!(Socket::from(fd).record(tape.clone()).link("lo").is_ok());
        let text = String::from_utf8(tape.0.lock().unwrap().clone()).unwrap();
        let request = text.lines().next().unwrap().rsplit(' ').next().unwrap();
        let seq = u32::from_str_radix(&request[16..24], 16).unwrap().to_be_bytes();
        // Whoever had it before may have counted from 1.
        assert!(u32::from_ne_bytes(seq) >= 1 << 31, "{seq:?}");
    }

    fn a_recording_of_events_is_played_back() {
        let tape = Tape::default();
        let socket = Socket::builder(Protocol::ROUTE).group(RtnlGrp::LINK).open().unwrap();
        let mut events = netlink_sys::Events::from(socket.record(tape.clone()));
        add_link("br0", "bridge");
        let Ok(Event::Message(event)) = events.recv() else { panic!("no event") };
        let recorded = format!("{event:?}");
        let text = tape.0.lock().unwrap().clone();
        let kernel = FakeKernel::replay(text.as_slice()).unwrap();
        let mut events = Socket::builder(Protocol::ROUTE).on(&kernel).listen().unwrap();
        let Ok(Event::Message(event)) = events.recv() else { panic!("no event") };
        assert_eq!(format!("{event:?}"), recorded);
    }
}
