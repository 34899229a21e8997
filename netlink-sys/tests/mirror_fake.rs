//! The mirror on a stand-in for the kernel: faults that a real one cannot be made
//! to have.

mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use common::*;
use netlink_sys::{
    Errno, Error, Lost, Retry,
    fake::{Answer, FakeKernel, Fault},
    mirror::{Change, Mirror, Reason, Table, Tables},
};
use netlink_wire::{
    NlmFlags, Rtm, RtnlGrp, Whole, Writer,
    addr::{Address, IfAddrMsg},
    link::{IfInfoMsg, Iff, Link, LinkAttr},
    nexthop::{Nexthop, NhMsg},
};

/// How many routes there are, and what else happens in a dump of them.
#[derive(Clone, Default)]
struct Model {
    routes: Arc<AtomicU32>,
    /// Whether each dump of routes is disturbed by an event.
    is_busy: Arc<AtomicU32>,
    dumps: Arc<AtomicU32>,
}

impl Model {
    fn with(routes: u32) -> (Self, FakeKernel) {
        let model = Self::default();
        model.routes.store(routes, Ordering::Relaxed);
        let this = model.clone();
        let kernel = FakeKernel::new(move |request, answer| match Rtm(request.header.kind) {
            Rtm::GETLINK => link(answer),
            Rtm::GETROUTE => {
                this.dumps.fetch_add(1, Ordering::Relaxed);
                let family = request.payload[0];
                if this.is_busy.load(Ordering::Relaxed) != 0 {
                    let group = if family == 2 { RtnlGrp::IPV4_ROUTE } else { RtnlGrp::IPV6_ROUTE };
                    let mut buf = [0; 64];
                    let event = of_family(route(&mut buf, Rtm::NEWROUTE, 0), family);
                    answer.notify(group, event);
                }
                for n in 0..this.routes.load(Ordering::Relaxed) {
                    answer.reply(of_family(route(&mut [0; 64], Rtm::NEWROUTE, n), family));
                }
            }
            _ => answer.refuse(Errno::EOPNOTSUPP),
        });
        (model, kernel)
    }

    fn set(&self, routes: u32) {
        self.routes.store(routes, Ordering::Relaxed);
    }

    fn dumps(&self) -> u32 {
        self.dumps.load(Ordering::Relaxed)
    }
}

/// The same route of another family.
fn of_family(message: &mut [u8], family: u8) -> &[u8] {
    message[16] = family;
    message
}

fn link(answer: &mut Answer) {
    let mut buf = [0; 64];
    let header = IfInfoMsg { index: 1, ..IfInfoMsg::default() };
    let link = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags(0), &header)
        .push(LinkAttr::IfName("lo".into()))
        .finish();
    answer.reply(link.unwrap());
}

const QUICK: Retry = Retry {
    attempts: 4,
    backoff: Duration::from_millis(1),
    max_backoff: Duration::from_millis(20),
};

fn open(kernel: &FakeKernel, table: Table) -> Mirror {
    let builder = Mirror::builder().table(table).on(kernel).retry(QUICK);
    builder.timeout(Duration::from_secs(5)).open().unwrap()
}

/// What is told until the mirror is in step.
fn sync(mirror: &mut Mirror) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    loop {
        let change = mirror.recv()?;
        let is_last = matches!(change, Change::Synced { .. });
        changes.push(change);
        if is_last {
            return Ok(changes);
        }
    }
}

fn count(changes: &[Change], is: fn(&Change) -> bool) -> usize {
    changes.iter().filter(|change| is(change)).count()
}

fn is_added(change: &Change) -> bool {
    matches!(change, Change::Added { .. })
}

fn is_removed(change: &Change) -> bool {
    matches!(change, Change::Removed { .. })
}

#[test]
fn a_faulty_dump_is_repeated_and_never_seen() {
    for fault in [
        Fault::Interrupt(0),
        Fault::Interrupt(3),
        Fault::Interrupt(usize::MAX),
        Fault::Done(Errno::ENOMEM),
        Fault::Truncate,
        Fault::Broken,
        Fault::Receive(Errno::EIO),
        Fault::Overflow,
    ] {
        let is_interruption = matches!(fault, Fault::Interrupt(_));
        let mut reasons = [0; 2];
        // In each part of a round: the first lock, a dump, the last lock.
        for steps in 0..8 {
            let (model, kernel) = Model::with(100);
            let mut mirror = open(&kernel, Table::Ipv4Routes);
            let first = sync(&mut mirror).unwrap();
            assert_eq!(count(&first, is_added), 100, "{fault:?}");
            mirror.refresh(Table::Ipv4Routes.into());
            for _ in 0..steps {
                assert_eq!(mirror.try_recv(), Ok(None));
                let pause =
                    mirror.wakes_at().map(|at| at.saturating_duration_since(Instant::now()));
                std::thread::sleep(pause.unwrap_or_default());
            }
            kernel.inject(fault);
            let changes = sync(&mut mirror).unwrap();
            assert_eq!(changes.len(), 1, "{fault:?}: {changes:?}");
            assert_eq!(mirror.len(Table::Ipv4Routes), 100);
            for (count, reason) in reasons.iter_mut().zip([Reason::Interrupted, Reason::Failed]) {
                *count += mirror.stats().due(reason);
            }
            model.set(60);
            mirror.refresh(Table::Ipv4Routes.into());
            let changes = sync(&mut mirror).unwrap();
            assert_eq!(count(&changes, is_removed), 40, "{fault:?}");
        }
        let told = reasons.map(|count| count > 0);
        assert_eq!(told, [is_interruption, !is_interruption], "{fault:?}");
    }
}

#[test]
fn the_old_snapshot_stays_until_the_new_one_is_whole() {
    let (model, kernel) = Model::with(5_000);
    let mut mirror = open(&kernel, Table::Ipv4Routes);
    sync(&mut mirror).unwrap();
    model.set(3_000);
    mirror.refresh(Table::Ipv4Routes.into());
    let mut steps = 0;
    while mirror.generation() == 1 {
        assert_eq!((mirror.len(Table::Ipv4Routes), mirror.routes().count()), (5_000, 5_000));
        mirror.try_recv().unwrap();
        steps += 1;
    }
    assert!(steps > 10, "a step has a datagram at most");
    assert_eq!(mirror.len(Table::Ipv4Routes), 3_000);
}

#[test]
fn a_dump_that_always_fails_ends_with_an_error() {
    let (model, kernel) = Model::with(10);
    let mut fresh = open(&kernel, Table::Ipv4Routes);
    let failed = (0..2_000).any(|_| {
        kernel.inject(Fault::Done(Errno::ENOMEM));
        std::thread::sleep(Duration::from_millis(1));
        fresh.try_recv().is_err_and(|error| error.errno() == Some(Errno::ENOMEM))
    });
    assert!(failed);
    // Nothing was shown, and the number of attempts was kept.
    assert_eq!((fresh.generation(), fresh.len(Table::Ipv4Routes)), (0, 0));
    assert!((1..=QUICK.attempts).contains(&model.dumps()), "{}", model.dumps());
}

#[test]
fn a_table_that_the_kernel_lacks_is_told_and_not_asked_for_all_the_time() {
    let (_, kernel) = Model::with(3);
    let mut mirror = open(&kernel, Table::Neighs);
    let start = Instant::now();
    let error = sync(&mut mirror).unwrap_err();
    assert_eq!(error.errno(), Some(Errno::EOPNOTSUPP));
    let dumps = mirror.stats().dumps;
    assert_eq!(sync(&mut mirror).unwrap_err().errno(), Some(Errno::EOPNOTSUPP));
    // One attempt at a time from then on, with a pause before it.
    assert_eq!(mirror.stats().dumps, dumps + 2);
    assert!(start.elapsed() >= QUICK.max_backoff);
    // The other tables do not appear in the meantime.
    assert_eq!(mirror.generation(), 0);
}

#[test]
fn a_family_that_the_kernel_lacks_has_nothing() {
    let kernel = FakeKernel::new(|request, answer| match Rtm(request.header.kind) {
        Rtm::GETLINK => link(answer),
        _ => answer.refuse(Errno::EAFNOSUPPORT),
    });
    let mut mirror = open(&kernel, Table::Ipv6Rules);
    assert_eq!(sync(&mut mirror).unwrap().len(), 1);
    assert!(mirror.is_settled());
}

#[test]
fn without_end_of_changes_it_makes_do_and_says_so() {
    let (model, kernel) = Model::with(50);
    model.is_busy.store(1, Ordering::Relaxed);
    let mut mirror = open(&kernel, Table::Ipv6Routes);
    let changes = sync(&mut mirror).unwrap();
    let unproven = Tables::EMPTY.with(Table::Ipv6Routes);
    assert_eq!(changes.last(), Some(&Change::Synced { generation: 1, unproven }));
    assert_eq!(count(&changes, is_added), 50);
    assert_eq!(model.dumps(), QUICK.attempts);
    assert!(!mirror.is_settled());
    // What such a dump lacks is not taken for gone.
    model.set(10);
    let changes = sync(&mut mirror).unwrap();
    assert_eq!((changes.len(), mirror.len(Table::Ipv6Routes)), (1, 50));
    // Slower and slower.
    let before = model.dumps();
    let end = Instant::now() + Duration::from_millis(400);
    mirror.set_deadline(Some(end));
    while mirror.recv().is_ok() {}
    assert!((1..=6).contains(&(model.dumps() - before)), "{}", model.dumps() - before);
    assert_eq!(mirror.stats().due(Reason::Disturbed), u64::from(model.dumps()));
    // Once it is quiet, all is right.
    mirror.set_deadline(None);
    model.is_busy.store(0, Ordering::Relaxed);
    let changes = sync(&mut mirror).unwrap();
    assert_eq!(count(&changes, is_removed), 40);
    assert!(mirror.is_settled());
}

#[test]
fn events_that_are_lost_make_it_read_again() {
    let (model, kernel) = Model::with(5);
    let mut mirror = open(&kernel, Table::Ipv4Routes);
    sync(&mut mirror).unwrap();
    let before = mirror.receive_buffer().unwrap();
    model.set(7);
    kernel.inject(Fault::Overflow);
    kernel.notify(RtnlGrp::IPV4_ROUTE, None, route(&mut [0; 64], Rtm::NEWROUTE, 5));
    // Dropped, like all before the socket was read empty.
    kernel.notify(RtnlGrp::IPV4_ROUTE, None, route(&mut [0; 64], Rtm::NEWROUTE, 6));
    let changes = sync(&mut mirror).unwrap();
    assert_eq!(changes[0], Change::Lost { reason: Lost::Overflow });
    assert_eq!((count(&changes, is_added), changes.len()), (2, 4));
    assert!(mirror.receive_buffer().unwrap() > before);
    // One that did not fit, and one that is broken.
    for fault in [Fault::Truncate, Fault::Broken] {
        kernel.inject(fault);
        kernel.notify(RtnlGrp::IPV4_ROUTE, None, route(&mut [0; 64], Rtm::NEWROUTE, 9));
        let changes = sync(&mut mirror).unwrap();
        assert!(matches!(changes[..], [Change::Lost { .. }, Change::Synced { .. }]), "{changes:?}");
    }
    assert_eq!(mirror.stats().losses, 3);
}

#[test]
fn events_after_which_others_may_be_gone_make_it_read_again() {
    let (model, kernel) = Model::with(9);
    let mut mirror = open(&kernel, Table::Ipv4Routes);
    sync(&mut mirror).unwrap();
    let mut buf = [0; 64];
    let up = IfInfoMsg { index: 1, flags: Iff::UP, ..IfInfoMsg::default() };
    let bridge = IfInfoMsg { family: 7, index: 1, ..IfInfoMsg::default() };
    let v4 = IfAddrMsg { family: 2, index: 1, ..IfAddrMsg::default() };
    let v6 = IfAddrMsg { family: 10, index: 1, ..IfAddrMsg::default() };
    let nexthop = NhMsg { family: 2, ..NhMsg::default() };
    let none = NlmFlags(0);
    let events: [(RtnlGrp, Vec<u8>, Option<Reason>); 8] = [
        (RtnlGrp::LINK, whole(Link::writer(&mut buf, Rtm::NEWLINK, none, &up)), Some(Reason::Link)),
        (RtnlGrp::LINK, whole(Link::writer(&mut buf, Rtm::NEWLINK, none, &up)), None),
        (RtnlGrp::LINK, whole(Link::writer(&mut buf, Rtm::DELLINK, none, &bridge)), None),
        (RtnlGrp::LINK, whole(Link::writer(&mut buf, Rtm::DELLINK, none, &up)), Some(Reason::Link)),
        (
            RtnlGrp::IPV4_IFADDR,
            whole(Address::writer(&mut buf, Rtm::DELADDR, none, &v4)),
            Some(Reason::Address),
        ),
        (RtnlGrp::IPV4_IFADDR, whole(Address::writer(&mut buf, Rtm::NEWADDR, none, &v4)), None),
        (RtnlGrp::IPV6_IFADDR, whole(Address::writer(&mut buf, Rtm::DELADDR, none, &v6)), None),
        (
            RtnlGrp::NEXTHOP,
            whole(Nexthop::writer(&mut buf, Rtm::DELNEXTHOP, none, &nexthop)),
            Some(Reason::Nexthop),
        ),
    ];
    for (number, (group, event, reason)) in events.into_iter().enumerate() {
        let routes = 8 - number as u32;
        let before = (mirror.len(Table::Ipv4Routes), model.dumps());
        model.set(routes);
        let due = |mirror: &Mirror| reason.map_or(0, |reason| mirror.stats().due(reason));
        let count_before = due(&mirror);
        kernel.notify(group, None, &event);
        let deadline = Instant::now() + Duration::from_millis(150);
        while Instant::now() < deadline {
            while mirror.try_recv().unwrap().is_some() {}
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(mirror.is_settled());
        match reason {
            Some(reason) => {
                assert_eq!(mirror.len(Table::Ipv4Routes), routes as usize, "{number}: {reason:?}");
                assert_eq!(due(&mirror), count_before + 1, "{number}: {reason:?}");
            }
            None => {
                assert_eq!((mirror.len(Table::Ipv4Routes), model.dumps()), before, "{number}");
            }
        }
    }
}

/// The bytes of a message without attributes.
fn whole<S>(writer: Writer<'_, S, Whole>) -> Vec<u8> {
    { writer }.finish().unwrap().to_vec()
}

#[test]
fn what_a_dump_has_twice_is_there_once() {
    let kernel = FakeKernel::new(|request, answer| match Rtm(request.header.kind) {
        Rtm::GETROUTE => {
            for n in [1, 2, 1] {
                answer.reply(route(&mut [0; 64], Rtm::NEWROUTE, n));
            }
        }
        _ => link(answer),
    });
    let mut mirror = open(&kernel, Table::Ipv4Routes);
    sync(&mut mirror).unwrap();
    assert_eq!(mirror.iter(Table::Ipv4Routes).count(), 2);
}

#[test]
fn waits_end_in_time_or_when_somebody_wants() {
    let (_, kernel) = Model::with(5);
    let mut mirror = open(&kernel, Table::Ipv4Routes);
    sync(&mut mirror).unwrap();
    assert_eq!(mirror.wakes_at(), None);
    mirror.set_timeout(Some(Duration::from_millis(20)));
    assert_eq!(mirror.recv(), Err(Error::TimedOut));
    mirror.set_timeout(None);
    mirror.set_deadline(Some(Instant::now() + Duration::from_millis(20)));
    assert_eq!(mirror.recv(), Err(Error::TimedOut));
    mirror.set_deadline(None);
    let waker = mirror.waker().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            waker.wake();
        });
        assert_eq!(mirror.recv(), Err(Error::Woken));
    });
    kernel.notify(RtnlGrp::IPV4_ROUTE, None, route(&mut [0; 64], Rtm::NEWROUTE, 9));
    assert!(is_added(&mirror.recv().unwrap()));
    // The timeout may be there from the beginning.
    let builder = Mirror::builder().table(Table::Ipv4Routes).on(&kernel);
    let mut other = builder.timeout(Duration::from_millis(200)).open().unwrap();
    sync(&mut other).unwrap();
    assert_eq!(other.recv(), Err(Error::TimedOut));
    // A request that cannot be sent is made again.
    mirror.refresh(Table::Ipv4Routes.into());
    kernel.inject(Fault::Send(Errno::ENOMEM));
    sync(&mut mirror).unwrap();
    assert_eq!(mirror.stats().due(Reason::Asked), 1);
}
