//! Sockets, events and mirrors in tasks of tokio: the same answers, however they are
//! given up.

mod common;
#[path = "common/ip.rs"]
mod ip_json;

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::{Duration, Instant},
};

use common::*;
use futures_util::StreamExt;
use ip_json::{difference, ip, json};
use netlink_sys::{
    Consistency, Errno, Error, Event, Lost, Outcome, OwnedEvent, Protocol,
    fake::{FakeKernel, Fault},
    mirror::{self, Change},
    ops,
    table::{Links, Routes, Rules},
    tokio::{Events, Mirror, Socket},
};
use netlink_wire::{
    Addr, Header, NlmFlags, Rtm, RtnlGrp,
    link::{IfInfoMsg, Link},
    route::{Route, RouteAddr, Rtn},
    rule::{FibRuleHdr, Rule, RuleAttr},
};
use tokio::{
    runtime::{Builder, Runtime},
    task::{coop, yield_now},
    time::timeout,
};

/// A runtime of each kind; the threads of the second are in the namespace of the caller.
fn runtimes() -> [Runtime; 2] {
    let [mut one, mut many] = [Builder::new_current_thread(), Builder::new_multi_thread()];
    [one.enable_all().build().unwrap(), many.worker_threads(2).enable_all().build().unwrap()]
}

/// Runs a task on each kind of runtime, as one of many: it has to be `Send`.
fn on_each<F: Future<Output = ()> + Send + 'static>(task: impl Fn() -> F) {
    for runtime in runtimes() {
        runtime.block_on(runtime.spawn(task())).unwrap();
    }
}

/// Polls a future so many times, of which each takes it to its next pause, and gives it
/// up if that was not enough.
async fn up_to<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    for poll in 0..polls {
        // tokio lets a task do so much before it has to pause. Of that, nothing is left; later
        // enough to go on after a pause.
        let mut budget = 0;
        yield_now().await;
        while coop::has_budget_remaining() {
            coop::consume_budget().await;
            budget += 1;
        }
        if poll > 0 {
            yield_now().await;
            for _ in 1..budget {
                coop::consume_budget().await;
            }
        }
        let polled = poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await;
        if let Poll::Ready(output) = polled {
            return Some(output);
        }
    }
    None
}

/// The numbers of the routes, in order.
async fn routes(socket: &mut Socket) -> Vec<u32> {
    let dump = socket.dump(Routes::ipv4()).await.unwrap();
    let read = |route: Route<'_>| number(&route);
    let mut numbers = dump.collect(read).await.unwrap().entries;
    numbers.retain(|n| *n < 1 << 24);
    numbers.sort_unstable();
    numbers
}

/// The number of a route that `add_routes` added.
fn number(route: &Route<'_>) -> u32 {
    match route.destination().unwrap().addr {
        RouteAddr::Addr(Addr::Ipv4(addr)) => u32::from(addr).wrapping_sub(0x0a00_0000),
        _ => u32::MAX,
    }
}

async fn has_link(socket: &mut Socket, name: &str) -> bool {
    match socket.link(name).await {
        Ok(link) => {
            assert_eq!(link.name().unwrap().unwrap().to_string(), name);
            true
        }
        Err(error) => {
            assert!(error.is_not_found(), "{error}");
            false
        }
    }
}

/// A message about a rule with this priority.
fn rule(priority: u32) -> Vec<u8> {
    let header = FibRuleHdr { family: 2, ..FibRuleHdr::default() };
    let mut buf = [0; 64];
    Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags::default(), &header)
        .push(RuleAttr::Priority(priority))
        .finish()
        .unwrap()
        .to_vec()
}

/// A kernel with this many rules.
fn fake(rules: u32) -> FakeKernel {
    FakeKernel::new(move |request, answer| match Rtm(request.header.kind) {
        Rtm::GETRULE => (0..rules).for_each(|priority| answer.reply(&rule(priority))),
        Rtm::DELRULE => answer.refuse(Errno::ENOENT),
        _ => {}
    })
}

fn fake_socket(kernel: &FakeKernel) -> Socket {
    Socket::new(netlink_sys::Socket::builder(Protocol::ROUTE).on(kernel).open().unwrap()).unwrap()
}

async fn priorities(socket: &mut Socket) -> netlink_sys::Result<Vec<u32>> {
    let dump = socket.dump(Rules::ipv4()).await?;
    let read = |rule: Rule<'_>| rule.get(RuleAttr::Priority).unwrap().unwrap();
    Ok(dump.collect(read).await?.entries)
}

live! {
    fn requests_dumps_and_bulk() {
        add_routes(3_000);
        for (round, runtime) in runtimes().into_iter().enumerate() {
            let task = async move {
                let mut socket = Socket::open(Protocol::ROUTE).unwrap();
                assert!(has_link(&mut socket, "lo").await);
                assert!(!has_link(&mut socket, "nothing0").await);
                assert_eq!(socket.link_by_index(1).await.unwrap().header.index, 1);
                assert!(routes(&mut socket).await.into_iter().take(3_000).eq(0..3_000));

                let mut dump = socket.dump_proven(Routes::ipv4().oif(1)).await.unwrap();
                assert!(dump.recv().await.unwrap().is_none());
                assert_eq!(dump.consistency(), Some(Consistency::Proven));

                // One of the many is there.
                let first = 5_000 + 1_000 * round as u32;
                let mut bulk = socket.bulk().await.unwrap();
                for n in (first..first + 400).chain([7]).chain(first + 400..first + 900) {
                    bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, n)).await.unwrap();
                }
                let report = bulk.finish().await;
                assert_eq!((report.len(), report.unknown().count()), (901, 0));
                let refused: Vec<_> = report.refused().iter().map(|(index, _)| *index).collect();
                assert_eq!(refused, [400]);
                assert!(matches!(report.outcome(400), Outcome::Refused(refusal) if refusal.is_exists()));

                let mut buf = [0; 64];
                let refused = socket.request(route(&mut buf, Rtm::DELROUTE, 4_000)).await.unwrap();
                assert!(refused.finish().await.unwrap_err().is_not_found());
            };
            runtime.block_on(runtime.spawn(task)).unwrap();
        }
    }

    fn verbs() {
        on_each(|| async {
            let mut socket = Socket::open(Protocol::ROUTE).unwrap();
            let to = "192.0.2.0/24".parse().unwrap();
            let route = ops::route(to).with(|header| header.kind = Rtn::BLACKHOLE);
            socket.add(&route).await.unwrap();
            assert!(socket.add(&route).await.unwrap_err().is_exists());
            socket.prepend(&route.clone().with(|header| header.kind = Rtn::PROHIBIT)).await.unwrap();
            socket.append(&route.clone().with(|header| header.kind = Rtn::UNREACHABLE)).await.unwrap();
            assert_eq!(json("-j route show 192.0.2.0/24").len(), 3);
            for _ in 0..3 {
                socket.delete(&ops::route(to)).await.unwrap();
            }
            assert!(socket.delete(&route).await.unwrap_err().is_not_found());
            assert_eq!(socket.get(&ops::link("lo")).await.unwrap().header.index, 1);
            let rule = ops::ipv4_rule().push(RuleAttr::Goto(32_766));
            socket.add(&rule).await.unwrap();
            socket.delete_rule(&rule).await.unwrap();
            assert_eq!(socket.delete_rule(&rule).await, Err(Error::NotFound));
        });
    }

    fn a_request_is_given_up_at_every_pause() {
        on_each(|| async {
            let mut socket = Socket::open(Protocol::ROUTE).unwrap();
            let mut completed = 0;
            for polls in 0..8 {
                let name = format!("br{polls}");
                let mut buf = [0; 128];
                let adding = async {
                    socket.request(new_bridge(&mut buf, &name)).await.unwrap().finish().await.unwrap();
                };
                let is_done = up_to(polls, adding).await.is_some();
                // What was sent is done. What answers next is mine.
                assert_eq!(has_link(&mut socket, &name).await, polls > 0);
                assert!(!has_link(&mut socket, "nothing0").await);
                let again = socket.request(new_bridge(&mut buf, &name)).await.unwrap().finish().await;
                assert_eq!(again.is_err_and(|error| error.is_exists()), polls > 0);
                completed += usize::from(is_done);
                let mut buf = [0; 64];
                let index = socket.link(&name).await.unwrap().header.index;
                let header = IfInfoMsg { index, ..Default::default() };
                let gone = Link::writer(&mut buf, Rtm::DELLINK, NlmFlags::default(), &header);
                socket.request({ gone }.finish().unwrap()).await.unwrap().finish().await.unwrap();
            }
            assert!((1..8).contains(&completed), "{completed}");
        });
    }

    fn a_dump_is_given_up_at_every_pause() {
        add_routes(20_000);
        on_each(|| {
            async {
                let mut socket = Socket::open(Protocol::ROUTE).unwrap();
                for polls in 0.. {
                    let proven = async {
                        let dump = socket.dump_proven(Routes::ipv4()).await.unwrap();
                        dump.collect(|_| ()).await.unwrap()
                    };
                    if let Some(dump) = up_to(polls, proven).await {
                        assert_eq!(dump.consistency, Consistency::Proven);
                        assert!(dump.entries.len() >= 20_000 && polls > 20, "{polls} polls");
                        break;
                    }
                    // A request for one thing, or the next dump, or a dump given up as well.
                    match polls % 3 {
                        0 => assert!(has_link(&mut socket, "lo").await),
                        1 => assert!(routes(&mut socket).await.into_iter().eq(0..20_000), "{polls}"),
                        _ => assert!(up_to(3, routes(&mut socket)).await.is_none()),
                    }
                }
                assert!(routes(&mut socket).await.into_iter().eq(0..20_000));
            }
        });
    }

    fn a_dump_goes_on_after_recv_was_given_up() {
        add_routes(20_000);
        on_each(|| async {
            let mut socket = Socket::open(Protocol::ROUTE).unwrap();
            let mut dump = socket.dump_proven(Routes::ipv4()).await.unwrap();
            let (mut numbers, mut given_up) = (Vec::new(), 0);
            loop {
                match up_to(1, dump.recv()).await {
                    None => given_up += 1,
                    Some(Ok(Some(route))) => numbers.push(number(&route)),
                    Some(end) => {
                        assert_eq!(end.map(drop), Ok(()));
                        break;
                    }
                }
            }
            assert_eq!(dump.consistency(), Some(Consistency::Proven));
            assert!(given_up > 20, "{given_up}");
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(0..20_000));
        });
    }

    fn bulk_goes_on_after_it_was_given_up() {
        on_each(|| async {
            let mut socket = Socket::open(Protocol::ROUTE).unwrap();
            for kind in [Rtm::NEWROUTE, Rtm::DELROUTE] {
                let mut bulk = socket.bulk().await.unwrap();
                let mut given_up = 0;
                for n in 0..1_000 {
                    while up_to(1, bulk.push(route(&mut [0; 64], kind, n))).await.is_none() {
                        given_up += 1;
                    }
                }
                let report = bulk.finish().await;
                assert!(report.is_done() && report.len() == 1_000, "{report:?}");
                assert!(given_up >= 10, "{given_up}");
            }
            // Given up for good: what has no answer is unknown, and the socket is as new.
            let mut bulk = socket.bulk().await.unwrap();
            for n in 0..10 {
                bulk.push(route(&mut [0; 64], Rtm::NEWROUTE, n)).await.unwrap();
            }
            assert!(up_to(1, bulk.flush()).await.is_none());
            // The answers that one datagram brought may have been read.
            assert!(bulk.report().unknown().count() >= 9);
            assert_eq!(routes(&mut socket).await, (0..10).collect::<Vec<_>>());
            change_routes(Rtm::DELROUTE, 0..10);
        });
    }

    fn a_flood_of_replies_lets_others_run() {
        add_routes(20_000);
        runtimes()[0].block_on(async {
            let mut socket = Socket::open(Protocol::ROUTE).unwrap();
            let endless = async {
                loop {
                    assert_eq!(routes(&mut socket).await.len(), 20_000);
                }
            };
            timeout(Duration::from_millis(200), endless).await.unwrap_err();
            assert!(has_link(&mut socket, "lo").await);
        });
    }

    fn events_wait_and_overflow() {
        on_each(|| async {
            let builder = netlink_sys::Socket::builder(Protocol::ROUTE);
            let builder = builder.group(RtnlGrp::IPV4_ROUTE).receive_buffer(4 << 10);
            let mut events = Events::new(builder.listen().unwrap()).unwrap();
            let moment = Duration::from_millis(10);
            timeout(moment, events.recv()).await.unwrap_err();
            timeout(moment, events.next()).await.unwrap_err();

            // It is heard of while it is waited for, whichever way.
            let adding = tokio::spawn(async {
                for n in [50_000, 50_001] {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    change_routes(Rtm::NEWROUTE, n..n + 1);
                }
            });
            let Event::Message(event) = events.recv().await.unwrap() else { panic!() };
            assert_eq!((event.message.header.kind, event.group), (Rtm::NEWROUTE.0, 7));
            let Some(Ok(OwnedEvent::Message(event))) = events.next().await else { panic!() };
            assert_eq!((event.message().header.kind, event.group), (Rtm::NEWROUTE.0, 7));
            adding.await.unwrap();

            add_routes(2_000);
            let mut lost = 0;
            while let Ok(event) = timeout(moment, events.next()).await {
                match event.unwrap().unwrap() {
                    OwnedEvent::Lost { reason } => {
                        assert_eq!(reason, Lost::Overflow);
                        lost += 1;
                    }
                    OwnedEvent::Message(_) => assert_eq!(lost, 0, "what waited was dropped"),
                }
            }
            assert_eq!(lost, 1);
            change_routes(Rtm::NEWROUTE, 60_000..60_003);
            for n in 60_000..60_003 {
                let Event::Message(event) = events.recv().await.unwrap() else { panic!() };
                let route = Route::parse(event.message).unwrap();
                assert_eq!(number(&route), n);
            }
            change_routes(Rtm::DELROUTE, 0..2_000);
            change_routes(Rtm::DELROUTE, 60_000..60_003);
            change_routes(Rtm::DELROUTE, 50_000..50_002);
        });
    }

    fn a_mirror_is_what_ip_shows() {
        for runtime in runtimes() {
            ip("link add v0 type veth peer name v1");
            ip("link set v0 up addrgenmode none");
            ip("link set v1 up addrgenmode none");
            let steps = [
                "addr add 192.0.2.1/24 dev v0",
                "route add 198.51.100.0/24 via 192.0.2.9",
                "-6 addr add 2001:db8::1/64 dev v0 nodad",
                "neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0",
                "rule add pref 7 table 9",
                "nexthop add id 7 dev v0",
                "route add 203.0.113.0/24 nhid 7",
                "link set v0 down",
                "link set v0 up",
                "rule del pref 7",
                "link del v0",
            ];
            runtime.block_on(async {
                let builder = mirror::Mirror::builder().links().addrs().routes().neighs().rules().nexthops();
                let mut mirror = Mirror::new(builder.open().unwrap()).unwrap();
                let mut changes = 0;
                // Some as a stream, and some given up again and again.
                for (index, step) in [""].into_iter().chain(steps).enumerate() {
                    if !step.is_empty() {
                        tokio::task::spawn_blocking(|| ip(step)).await.unwrap();
                    }
                    let deadline = Instant::now() + Duration::from_secs(20);
                    // The kernel sees to some of it in its own time.
                    while Instant::now() < deadline {
                        let moment = Duration::from_millis(20);
                        let change = match index % 2 {
                            0 => timeout(moment, mirror.next()).await.map(Option::unwrap),
                            _ => timeout(moment, mirror.recv()).await,
                        };
                        match change.map(Result::unwrap) {
                            Ok(Change::Lost { reason }) => panic!("{reason}"),
                            Ok(_) => changes += 1,
                            Err(_) if !mirror.get_ref().is_settled() => {}
                            // `ip` is slow in a throw-away kernel.
                            Err(_) if index % 4 != 3 => break,
                            Err(_) if difference(mirror.get_ref()).is_none() => break,
                            Err(_) => {}
                        }
                    }
                    assert!(Instant::now() < deadline, "{:?}", difference(mirror.get_ref()));
                }
                assert!(changes > 30, "{changes}");
                assert!(mirror.get_ref().routes().count() < 20);
            });
        }
    }
}

#[test]
fn a_fake_kernel_answers() {
    on_each(|| async {
        let kernel = fake(3);
        let mut socket = fake_socket(&kernel);
        assert_eq!(priorities(&mut socket).await.unwrap(), [0, 1, 2]);
        kernel.inject(Fault::Done(Errno::ENOMEM));
        let error = priorities(&mut socket).await.unwrap_err();
        assert_eq!(error.errno(), Some(Errno::ENOMEM));
        kernel.inject(Fault::Interrupt(1));
        let dump = socket.dump(Rules::ipv4()).await.unwrap();
        let dump = dump.collect(|_| ()).await.unwrap();
        assert_eq!(
            (dump.consistency, dump.attempts, dump.entries.len()),
            (Consistency::Unproven, 2, 3)
        );
        kernel.inject(Fault::Stranger(4242));
        assert_eq!(priorities(&mut socket).await.unwrap(), [0, 1, 2]);
        assert_eq!(socket.get_ref().strangers(), 1);
        kernel.inject(Fault::Overflow);
        let mut buf = rule(1);
        let error = socket.request(&mut buf).await.unwrap().finish().await.unwrap_err();
        assert_eq!(error, Error::Overflow);
        assert_eq!(priorities(&mut socket).await.unwrap(), [0, 1, 2]);

        let builder = netlink_sys::Socket::builder(Protocol::ROUTE).on(&kernel);
        let mut events = Events::new(builder.group(RtnlGrp::IPV4_RULE).listen().unwrap()).unwrap();
        let notifying = kernel.clone();
        let later = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            notifying.notify(RtnlGrp::IPV4_RULE, Some(7), &rule(9));
        });
        let Some(Ok(OwnedEvent::Message(event))) = events.next().await else { panic!() };
        assert_eq!(event.nsid, Some(7));
        later.await.unwrap();
    });
}

#[test]
fn a_late_reply_is_nobody_elses() {
    on_each(|| async {
        let kernel = fake(2);
        let mut socket = fake_socket(&kernel);
        for late in 1..4 {
            // The answer to the first is there only once it was given up; with more of
            // these, only once the next one was made.
            (0..late).for_each(|_| kernel.inject(Fault::Receive(Errno::EAGAIN)));
            let mut buf = rule(1);
            let asking = async { socket.request(&mut buf).await.unwrap().finish().await };
            assert!(up_to(1, asking).await.is_none());
            let mut buf = rule(1);
            Header { kind: Rtm::DELRULE.0, ..Header::of(&buf).unwrap() }.replace_in(&mut buf);
            let refused = socket.request(&mut buf).await.unwrap().finish().await.unwrap_err();
            assert!(refused.is_not_found(), "{refused}");
            assert_eq!(priorities(&mut socket).await.unwrap(), [0, 1]);
        }
    });
}

#[test]
fn it_is_given_back() {
    runtimes()[0].block_on(async {
        let kernel = fake(2);
        let mut socket = fake_socket(&kernel);
        assert!(up_to(1, priorities(&mut socket)).await.is_none());
        let mut socket = socket.into_inner();
        let dump = socket.dump(Rules::ipv4()).unwrap();
        assert_eq!(dump.collect(|_| ()).unwrap().entries.len(), 2);
        let mut socket = Socket::new(socket).unwrap();
        assert!(socket.port().unwrap() > 0);
        assert_eq!(priorities(&mut socket).await.unwrap(), [0, 1]);
        let dump = socket.dump(Links::default()).await.unwrap();
        drop(dump);
    });
}
