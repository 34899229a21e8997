//! Dumps that a thread receives ahead are the same, each test in a namespace of its own.

mod common;

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use common::*;
use netlink_sys::{Errno, Error, Protocol, Socket, table::Routes};
use netlink_wire::{Rtm, RtnlGrp, route::Route};

/// Of more than the few datagrams that a dump starts with.
const MANY: std::ops::Range<u32> = 0..20_000;

fn ahead() -> Socket {
    Socket::builder(Protocol::ROUTE).read_ahead(true).open().unwrap()
}

fn rows(socket: &mut Socket) -> Vec<Vec<u8>> {
    let row = |route: Route<'_>| route.attrs.as_bytes().to_vec();
    socket.dump(Routes::ipv4()).unwrap().collect(row).unwrap().entries
}

/// How many threads of this process read ahead. The tests run in it at once.
fn readers() -> usize {
    let tasks = fs::read_dir("/proc/self/task").unwrap().flatten();
    let names = tasks.flat_map(|task| fs::read_to_string(task.path().join("comm")));
    names.filter(|name| name.trim() == "netlink reader").count()
}

/// The same, once those that have ended are listed no more.
fn left() -> usize {
    let end = Instant::now() + Duration::from_secs(10);
    while readers() > 0 && Instant::now() < end {
        thread::sleep(Duration::from_millis(1));
    }
    readers()
}

/// One after the other, for they count threads.
static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

live! {
    fn it_is_the_same_dump() {
        let _alone = ALONE.lock();
        change_routes(Rtm::NEWROUTE, MANY);
        let expected = rows(&mut Socket::open(Protocol::ROUTE).unwrap());
        assert!(expected.len() >= MANY.len());
        let mut socket = ahead();
        for round in 0..3 {
            assert!(rows(&mut socket) == expected, "round {round}");
            assert_eq!(readers(), 1);
        }
        drop(socket);
        assert_eq!(left(), 0);
    }

    fn a_short_dump_needs_no_thread() {
        let _alone = ALONE.lock();
        change_routes(Rtm::NEWROUTE, 0..20);
        let mut socket = ahead();
        for _ in 0..20 {
            assert!(rows(&mut socket).len() >= 20);
        }
        assert_eq!(readers(), 0);
    }

    fn it_may_be_left_at_any_time() {
        let _alone = ALONE.lock();
        change_routes(Rtm::NEWROUTE, MANY);
        for read in [1, 3000, 5000, 19_000] {
            let mut socket = ahead();
            let mut dump = socket.dump(Routes::ipv4()).unwrap();
            for _ in 0..read {
                dump.recv().unwrap().unwrap();
            }
            // What is left of it stands before the next answer.
            assert_eq!(socket.link("lo").unwrap().index(), 1);
            let mut dump = socket.dump(Routes::ipv4()).unwrap();
            for _ in 0..read {
                dump.recv().unwrap().unwrap();
            }
            drop(socket);
            assert_eq!(left(), 0, "after {read}");
        }
    }

    fn a_datagram_that_does_not_fit_is_told() {
        let _alone = ALONE.lock();
        lo_up();
        change_routes(Rtm::NEWROUTE, MANY);
        // Refusals that hold the request.
        let builder = Socket::builder(Protocol::ROUTE).cap_ack(false).buffer(0).read_ahead(true);
        let mut socket = builder.open().unwrap();
        rows(&mut socket);
        assert_eq!(readers(), 1);
        let mut refused = || {
            let mut buf = vec![0; 70_000];
            let request = wide_route(&mut buf, 1, 8000);
            socket.request(request).unwrap().finish().unwrap_err()
        };
        // The thread's buffers grow after the caller's.
        let mut lost = 0;
        let error = loop {
            match refused() {
                Error::Truncated(64_000..) => lost += 1,
                error => break error,
            }
        };
        assert!((1..10).contains(&lost), "{lost}");
        assert_eq!(error.errno(), Some(Errno::EEXIST), "{error}");
    }

    fn events_are_not_read_ahead() {
        let _alone = ALONE.lock();
        let builder = Socket::builder(Protocol::ROUTE).group(RtnlGrp::IPV4_ROUTE);
        let mut events = builder.read_ahead(true).open().unwrap();
        change_routes(Rtm::NEWROUTE, 0..20);
        for _ in 0..20 {
            events.recv_into(&mut [0; 1000]).unwrap();
        }
        assert_eq!(readers(), 0);
        let mut late = ahead();
        change_routes(Rtm::NEWROUTE, MANY.start + 20..MANY.end);
        let expected = rows(&mut late);
        assert_eq!(readers(), 1);
        late.join(RtnlGrp::IPV4_RULE).unwrap();
        assert!(rows(&mut late) == expected);
        assert_eq!(left(), 0);
    }

    fn waits_end() {
        let _alone = ALONE.lock();
        change_routes(Rtm::NEWROUTE, MANY);
        let mut socket = ahead();
        rows(&mut socket);
        assert_eq!(readers(), 1);
        let mut buf = [0; 100];
        assert_eq!(socket.try_recv_into(&mut buf), Ok(None));
        let waker = socket.waker().unwrap();
        let woken = thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(50));
                waker.wake();
            });
            socket.recv_into(&mut buf)
        });
        assert_eq!(woken, Err(Error::Woken));
        let start = Instant::now();
        socket.set_timeout(Some(Duration::from_millis(50)));
        assert_eq!(socket.recv_into(&mut buf), Err(Error::TimedOut));
        assert!(start.elapsed() >= Duration::from_millis(50));
    }
}
