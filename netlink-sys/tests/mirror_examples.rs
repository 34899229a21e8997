//! The examples that have a mirror, each in a namespace of its own.

mod common;
#[path = "../examples/default_route.rs"]
mod default_route;
#[path = "../examples/fast_path.rs"]
mod fast_path;
#[path = "common/ip.rs"]
mod ip_json;

use std::time::Duration;

use default_route::{DefaultRoute, changed};
use fast_path::FastPath;
use ip_json::ip;
use netlink_sys::mirror::Mirror;

fn settle(mirror: &mut Mirror, fast_path: &mut FastPath) {
    while !mirror.is_settled() {
        while let Some(change) = mirror.try_recv().unwrap() {
            fast_path.follow(mirror, &change).unwrap();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

live! {
    fn default_routes() {
        ip("link add v0 type veth peer name v1");
        ip("link set v0 up addrgenmode none");
        ip("link set v1 up addrgenmode none");
        ip("addr add 192.0.2.1/24 dev v0");
        ip("addr add 2001:db8::1/64 dev v0 nodad");
        ip("route add default via 192.0.2.9 metric 100");
        let route = |gateway: &str, metric| DefaultRoute {
            gateway: Some(gateway.parse().unwrap()),
            interface: "v0".into(),
            metric,
        };
        let mut mirror = default_route::open().unwrap();
        mirror.set_timeout(Some(Duration::from_secs(10)));
        let first = vec![route("192.0.2.9", 100)];
        let mut now = changed(&mut mirror, &[]).unwrap();
        assert_eq!(now, first);
        let steps: [(&str, Vec<DefaultRoute>); 4] = [
            ("route add default via 192.0.2.7 metric 50", vec![route("192.0.2.7", 50), route("192.0.2.9", 100)]),
            ("route replace default via 192.0.2.8 metric 50", vec![route("192.0.2.8", 50), route("192.0.2.9", 100)]),
            ("route del default metric 50", first.clone()),
            ("-6 route add default via 2001:db8::9 metric 200", vec![route("192.0.2.9", 100), route("2001:db8::9", 200)]),
        ];
        for (what, wanted) in steps {
            ip(what);
            now = changed(&mut mirror, &now).unwrap();
            assert_eq!(now, wanted, "{what}");
        }
        // The interface goes down: no event tells of the IPv4 route.
        ip("link set v0 down");
        while !now.is_empty() {
            now = changed(&mut mirror, &now).unwrap();
        }
    }

    fn tables_of_a_fast_path() {
        ip("link add v0 type veth peer name v1");
        ip("link set v0 up addrgenmode none");
        ip("link set v1 up addrgenmode none");
        ip("addr add 192.0.2.1/24 dev v0");
        let mut mirror = fast_path::open().unwrap();
        let mut tables = FastPath::default();
        settle(&mut mirror, &mut tables);
        let index = nix::net::if_::if_nametoindex("v0").unwrap();
        let look_up = |tables: &FastPath, to: &str| {
            tables.look_up(to.parse().unwrap()).map(|(link, lladdr)| (link, lladdr[5]))
        };
        let steps = [
            ("neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0", "192.0.2.9", Some((index, 9))),
            ("neigh add 192.0.2.8 lladdr 02:00:00:00:00:08 dev v0", "198.51.100.1", None),
            ("route add 198.51.100.0/24 via 192.0.2.9", "198.51.100.1", Some((index, 9))),
            ("route add 198.51.100.0/25 via 192.0.2.8", "198.51.100.1", Some((index, 8))),
            ("route prepend 198.51.100.0/25 via 192.0.2.9", "198.51.100.1", Some((index, 9))),
            ("route del 198.51.100.0/25 via 192.0.2.9", "198.51.100.1", Some((index, 8))),
            ("route add blackhole 198.51.100.1/32", "198.51.100.1", None),
            ("route del 198.51.100.1/32", "198.51.100.1", Some((index, 8))),
            ("neigh change 192.0.2.8 lladdr 02:00:00:00:00:07 dev v0", "198.51.100.1", Some((index, 7))),
            ("neigh del 192.0.2.8 dev v0", "198.51.100.1", None),
            ("route del 198.51.100.0/25", "198.51.100.1", Some((index, 9))),
            ("link set v0 down", "198.51.100.1", None),
        ];
        for (what, to, wanted) in steps {
            ip(what);
            // The event is there.
            if let Some(change) = mirror.try_recv().unwrap() {
                tables.follow(&mirror, &change).unwrap();
            }
            settle(&mut mirror, &mut tables);
            assert_eq!(look_up(&tables, to), wanted, "{what}: {tables:?}");
        }
        assert!(tables.routes.is_empty() && tables.neighs.is_empty(), "{tables:?}");
    }
}
