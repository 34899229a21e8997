//! The mirror while much changes, and many mirrors at once.

#[path = "common/checked.rs"]
mod checked;
mod common;
#[path = "common/ip.rs"]
mod ip_json;

use std::{
    fmt::Write as _,
    os::fd::AsFd,
    time::{Duration, Instant},
};

use checked::*;
use common::*;
use ip_json::*;
use netlink_sys::{
    Protocol, Socket,
    mirror::{Change, Mirror, Reason, Table},
};
use netlink_wire::{
    NlmFlags, Rtm,
    route::{Route, RouteAddr, RouteAttr, RtMsg, Rtn},
};
use nix::{
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sched::{CloneFlags, setns},
};

/// Numbers that look random, the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u32 % end
    }
}

/// Changes IPv4 routes at random: of several with one key, or of one.
fn churn_routes(random: &mut Random, count: u32, among: u32) {
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    let mut bulk = socket.bulk().unwrap();
    for _ in 0..count {
        let n = random.below(among);
        let kinds = [Rtn::BLACKHOLE, Rtn::UNREACHABLE, Rtn::PROHIBIT];
        let header = RtMsg { kind: kinds[random.below(3) as usize], ..blackhole(2, 32) };
        let create = NlmFlags::CREATE;
        let (kind, flags) = match random.below(6) {
            0 => (Rtm::NEWROUTE, create | NlmFlags::EXCL),
            1 => (Rtm::NEWROUTE, create | NlmFlags::REPLACE),
            2 => (Rtm::NEWROUTE, create | NlmFlags::APPEND),
            3 => (Rtm::NEWROUTE, create),
            _ => (Rtm::DELROUTE, NlmFlags::default()),
        };
        let mut buf = [0; 64];
        let mut writer = Route::writer(&mut buf, kind, flags, &header);
        writer.push(RouteAttr::Dst(RouteAddr::Addr(addr(n).into())));
        bulk.push(writer.finish().unwrap()).unwrap();
    }
    // That there is no such route, or one already, is a part of it.
    drop(bulk.finish());
}

/// Commands of `ip` about all else.
fn churn_of_ip(random: &mut Random, count: u32) -> String {
    let mut lines = String::new();
    for _ in 0..count {
        let (n, m) = (random.below(4), random.below(4));
        let line = match random.below(22) {
            0 => format!("link set v{n} down"),
            1 => format!("link set v{n} up"),
            2 => format!("link del v{n}"),
            3..=5 => format!(
                "link add v{n} type veth peer name p{n}\nlink set v{n} up addrgenmode none\nlink set p{n} up addrgenmode none\naddr add 192.0.{n}.1/24 dev v{n}\naddr add 2001:db8:{n}::1/64 dev v{n} nodad"
            ),
            6 => format!("addr add 203.0.113.{n}/32 dev v{m}"),
            7 => format!("addr del 203.0.113.{n}/32 dev v{m}"),
            8 => format!("addr del 192.0.{n}.1/24 dev v{n}"),
            9 => format!("route append 198.51.{n}.0/24 via 192.0.{m}.9"),
            10 => format!("route replace 198.51.{n}.0/24 via 192.0.{m}.8 src 203.0.113.{n}"),
            11 => format!(
                "route replace 198.52.{n}.0/24 nexthop via 192.0.{n}.9 nexthop via 192.0.{m}.7"
            ),
            12 => format!("route del 198.51.{n}.0/24"),
            13 => format!("nexthop replace id {} via 192.0.{m}.3 dev v{m}", n + 1),
            14 => format!("nexthop del id {}", n + 1),
            15 => format!("nexthop replace id {} group {}/{}", n + 10, n + 1, m + 1),
            16 => format!("route replace 198.53.{n}.0/24 nhid {}", [n + 1, n + 10][m as usize % 2]),
            17 => format!("-6 route append 2001:db8:a{n}::/64 via 2001:db8:{m}::9"),
            18 => format!("-6 route del 2001:db8:a{n}::/64 via 2001:db8:{m}::9"),
            19 => format!("rule add from 192.0.{n}.0/24 iif v{m} pref {} table 100", 100 + n),
            20 => format!("rule del pref {}", 100 + n),
            _ => format!("neigh replace 192.0.{n}.77 lladdr 02:00:00:00:00:0{m} dev v{n}"),
        };
        writeln!(lines, "{line}").unwrap();
    }
    lines
}

/// Memory that this process takes, in MiB.
fn memory() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4 / 1024
}

live! {
    /// For as many seconds as `MIRROR_CHURN` says, or a few.
    fn churn() {
        let seconds = std::env::var("MIRROR_CHURN").map_or(8, |seconds| seconds.parse().unwrap());
        let seed = std::env::var("MIRROR_SEED").map_or_else(
            |_| u64::from(std::process::id()) << 20 | 77,
            |seed| seed.parse().unwrap(),
        );
        eprintln!("MIRROR_SEED={seed}");
        let mut random = Random(seed);
        lo_up();
        let routes = many(100_000);
        add_routes(routes);
        let builder = Mirror::builder().links().addrs().routes().neighs().rules().nexthops();

        // Where nothing is lost and nothing vanishes, nothing is read again.
        let mut calm = Checked::open(builder.clone().receive_buffer(64 << 20, 64 << 20));
        let before = calm.mirror.stats().clone();
        for _ in 0..5 {
            churn_routes(&mut random, 4_000, 3_000);
            calm.settle();
        }
        calm.check();
        let stats = calm.mirror.stats();
        assert_eq!((stats.dumps, stats.losses), (before.dumps, 0), "{stats:?}");
        assert!(stats.events > before.events + 1_000);

        // Beside it, one that loses much.
        let mut mirror = Checked::open(builder.receive_buffer(16 << 10, 64 << 10));
        let mut memories = Vec::new();
        let end = Instant::now() + Duration::from_secs(seconds);
        let mut rounds = 0;
        // Slow machines get the rounds that it takes until both have happened.
        let happened = |mirror: &Mirror| {
            let stats = mirror.stats();
            stats.losses > 0 && stats.due(Reason::Link) > 0
        };
        while Instant::now() < end || rounds < 2 || rounds < 30 && !happened(&mirror.mirror) {
            rounds += 1;
            std::thread::scope(|scope| {
                let lines = churn_of_ip(&mut random, 150);
                let seed = random.below(u32::MAX);
                let writers = [
                    scope.spawn(move || lines.lines().collect::<Vec<_>>().chunks(50).for_each(|lines| batch(&lines.join("\n")))),
                    scope.spawn(move || {
                        let mut random = Random(u64::from(seed) + 1);
                        for _ in 0..20 {
                            churn_routes(&mut random, 500, routes);
                            std::thread::sleep(Duration::from_millis(20));
                        }
                    }),
                ];
                while !writers.iter().all(|writer| writer.is_finished()) {
                    while let Some(change) = calm.mirror.try_recv().unwrap() {
                        calm.hear(change);
                    }
                    match mirror.mirror.try_recv() {
                        Ok(Some(change)) => mirror.hear(change),
                        Ok(None) => std::thread::sleep(Duration::from_millis(1)),
                        // So much was lost that no attempt came to its end.
                        Err(error) => eprintln!("{error}"),
                    }
                }
            });
            mirror.check();
            calm.check();
            memories.push(memory());
        }
        eprintln!("{rounds} rounds, {memories:?} MiB, {:?}", mirror.mirror.stats());
        assert!(happened(&mirror.mirror));
        // Whatever was read again had a reason that is no loss. A dump may be interrupted, now and then.
        let stats = calm.mirror.stats();
        eprintln!("{stats:?}");
        assert_eq!((stats.losses, stats.due(Reason::Failed)), (0, 0), "{stats:?}");
        let (first, last) = (memories[0], memories[rounds - 1]);
        assert!(last < first + first / 3 + 16, "memory grows: {memories:?}");
    }

    fn a_hundred_namespaces_in_one_thread() {
        // IPv6 may be a module, and not be there yet.
        run("ip", "-6 rule");
        let spaces: Vec<_> = (0..100).map(|_| new_netns()).collect();
        let builder = Mirror::builder().links().addrs().routes().neighs().rules();
        let open = |netns: &netlink_sys::Netns| builder.clone().netns(netns.clone()).open().unwrap();
        let mut mirrors: Vec<Mirror> = spaces.iter().map(open).collect();
        // Until each is settled.
        let mut told = 0;
        let mut follow = |mirrors: &mut Vec<Mirror>| {
            let deadline = Instant::now() + Duration::from_secs(30);
            loop {
                let mut is_idle = true;
                for mirror in mirrors.iter_mut() {
                    while let Some(change) = mirror.try_recv().unwrap() {
                        told += usize::from(matches!(change, Change::Added { .. }));
                    }
                    is_idle &= mirror.is_settled();
                }
                if is_idle {
                    return told;
                }
                let next = mirrors.iter().filter_map(Mirror::wakes_at).min();
                let pause = next.map_or(Duration::from_secs(1), |next| {
                    next.saturating_duration_since(Instant::now())
                });
                let mut fds: Vec<_> = mirrors
                    .iter()
                    .map(|mirror| PollFd::new(mirror.as_fd(), PollFlags::POLLIN))
                    .collect();
                poll(&mut fds, PollTimeout::try_from(pause).unwrap()).unwrap();
                assert!(Instant::now() < deadline, "they do not settle");
            }
        };
        follow(&mut mirrors);
        for (n, netns) in spaces.iter().enumerate() {
            let mut socket =
                Socket::builder(Protocol::ROUTE).netns(netns.clone()).open().unwrap();
            for route_number in 0..=n as u32 {
                let mut buf = [0; 64];
                let request = route(&mut buf, Rtm::NEWROUTE, route_number);
                socket.request(request).unwrap().finish().unwrap();
            }
            let mut buf = [0; 128];
            socket.request(new_bridge(&mut buf, &format!("br{n}"))).unwrap().finish().unwrap();
        }
        // The events are there by now.
        let told = follow(&mut mirrors);
        assert!(told > 100 * 101 / 2 + 100, "{told}");
        // A thread that may move to each.
        std::thread::scope(|scope| {
            scope.spawn(move || {
                for (n, (netns, mirror)) in spaces.iter().zip(&mut mirrors).enumerate() {
                    assert_eq!(mirror.len(Table::Ipv4Routes), n + 1);
                    assert_eq!(mirror.stats().losses, 0);
                    if n % 10 != 0 {
                        continue;
                    }
                    setns(netns, CloneFlags::CLONE_NEWNET).unwrap();
                    // Addresses of new links come in the kernel's own time.
                    let deadline = Instant::now() + Duration::from_secs(10);
                    while Instant::now() < deadline && difference(mirror).is_some() {
                        while mirror.try_recv().unwrap().is_some() || !mirror.is_settled() {}
                    }
                    assert!(Instant::now() < deadline, "{:?}", difference(mirror));
                }
            });
        });
    }
}
