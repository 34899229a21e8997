//! Runs the examples that are named after commands of `ip`, each in a namespace of its own, and has `ip`
//! show what they did.

mod common;
#[path = "common/ip.rs"]
mod ip_json;

examples! {
    bridge_fdb_append in "../examples/bridge_fdb_append.rs"
    container_interface in "../examples/container_interface.rs"
    ip_addr_add in "../examples/ip_addr_add.rs"
    ip_link_add_veth in "../examples/ip_link_add_veth.rs"
    ip_link_add_vlan in "../examples/ip_link_add_vlan.rs"
    ip_link_set in "../examples/ip_link_set.rs"
    ip_link_show_dev in "../examples/ip_link_show_dev.rs"
    ip_neigh_replace in "../examples/ip_neigh_replace.rs"
    ip_nexthop_add in "../examples/ip_nexthop_add.rs"
    ip_route_add in "../examples/ip_route_add.rs"
    ip_route_add_ecmp in "../examples/ip_route_add_ecmp.rs"
    ip_route_get in "../examples/ip_route_get.rs"
    ip_route_show in "../examples/ip_route_show.rs"
    ip_rule_add in "../examples/ip_rule_add.rs"
}

use std::net::IpAddr;

use ip_json::{ip, json};
use netlink_sys::{Errno, Error, Protocol, Socket};
use serde_json::Value;

/// A pair of links, `v0` of which is up and has 192.0.2.1/24.
fn pair() -> Socket {
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    ip_link_add_veth::add_pair(&mut socket, "v0", "v1").unwrap();
    ip("link set v1 up");
    ip("link set v0 up");
    ip_addr_add::add_addr(&mut socket, "192.0.2.1/24".parse().unwrap(), "v0").unwrap();
    socket
}

fn ip_addr(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// The only row that `ip` shows.
#[track_caller]
fn row(args: &str) -> Value {
    let mut rows = json(&format!("-j {args}"));
    assert_eq!(rows.len(), 1, "ip {args}: {rows:?}");
    rows.remove(0)
}

/// Whether a kernel does not know a kind of link; it may not, unless it was promised.
fn lacks_kind(error: &Error) -> bool {
    let lacks = error.errno() == Some(Errno::EOPNOTSUPP);
    if lacks {
        eprintln!("NOT RUN: {error}");
        assert!(std::env::var_os("NETLINK_KINDS").is_none(), "promised to know the kind");
    }
    lacks
}

live! {
    fn links() {
        let mut socket = pair();
        assert_eq!(row("link show v0")["link"], "v1");
        assert_eq!(row("addr show dev v0 to 192.0.2.1")["addr_info"][0]["prefixlen"], 24);
        ip("link add br0 type bridge");
        ip_link_set::set_port(&mut socket, "v1", "br0").unwrap();
        let port = row("link show v1");
        assert_eq!((&port["mtu"], &port["master"]), (&1400.into(), &"br0".into()));
        match ip_link_add_vlan::add_vlan(&mut socket, "v0", 7) {
            Err(error) if lacks_kind(&error) => {}
            added => {
                added.unwrap();
                assert_eq!(row("-d link show v0.7")["linkinfo"]["info_data"]["id"], 7);
            }
        }
        assert_eq!(ip_link_show_dev::mtu("v1"), Ok(Some(1400)));
    }

    fn routes() {
        let mut socket = pair();
        let to = || "10.0.0.0/8".parse().unwrap();
        for _ in 0..2 {
            ip_route_add::add_route(&mut socket, to(), ip_addr("192.0.2.9")).unwrap();
            assert_eq!(row("route show table 100")["gateway"], "192.0.2.9");
        }
        for weights in [[3, 1], [1, 255]] {
            let hops = [(ip_addr("192.0.2.8"), weights[0]), (ip_addr("192.0.2.9"), weights[1])];
            ip_route_add_ecmp::spread(&mut socket, to(), &hops).unwrap();
            let route = row("route show 10.0.0.0/8");
            for (n, weight) in weights.into_iter().enumerate() {
                assert_eq!(route["nexthops"][n]["weight"], weight);
            }
        }
        let index = socket.link("v0").unwrap().index();
        let way = ip_route_get::way_to(&mut socket, ip_addr("192.0.2.7")).unwrap();
        assert_eq!(way, (Some(index), Some(ip_addr("192.0.2.1"))));
        ip_route_show::main().unwrap();
    }

    fn rules() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let rule = ip_rule_add::from("10.0.0.0/8".parse().unwrap(), 100, 1000);
        socket.add(&rule).unwrap();
        let shown = row("rule show pref 1000");
        assert_eq!((&shown["src"], &shown["table"]), (&"10.0.0.0".into(), &"100".into()));
        ip_rule_add::main().unwrap_err();
        socket.delete_rule(&rule).unwrap();
        ip_rule_add::main().unwrap();
        assert_eq!(json("-j rule show pref 1000"), [] as [Value; 0]);
    }

    fn neighbours() {
        let mut socket = pair();
        for last in [9, 8] {
            let lladdr = [2, 0, 0, 0, 0, last];
            ip_neigh_replace::set_neigh(&mut socket, ip_addr("192.0.2.9"), &lladdr, "v0").unwrap();
            let neigh = row("neigh show 192.0.2.9");
            assert_eq!(neigh["lladdr"], format!("02:00:00:00:00:{last:02x}"));
        }
    }

    fn forwarding_entries() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let vxlan = netlink_sys::ops::link("vx0").info(netlink_wire::link::InfoData::Vxlan, |vxlan| {
            vxlan.push(netlink_wire::link::VxlanAttr::Id(7));
            vxlan.push(netlink_wire::link::VxlanAttr::Port(netlink_wire::Be::new(4789)));
        });
        match socket.add(&vxlan) {
            Err(error) if lacks_kind(&error) => return,
            added => added.unwrap(),
        };
        for remote in ["192.0.2.7", "192.0.2.8"] {
            bridge_fdb_append::flood_to(&mut socket, "vx0", ip_addr(remote)).unwrap();
        }
        let shown = ip_json::run("bridge", "fdb show dev vx0");
        assert!(shown.contains("dst 192.0.2.7") && shown.contains("dst 192.0.2.8"), "{shown}");
    }

    fn nexthop_objects() {
        let mut socket = pair();
        let routers = [ip_addr("192.0.2.8"), ip_addr("192.0.2.9")];
        ip_nexthop_add::share(&mut socket, "10.0.0.0/8".parse().unwrap(), &routers, "v0").unwrap();
        let route = row("route show 10.0.0.0/8");
        assert_eq!(route["nhid"], 10);
        assert_eq!(route["nexthops"][1]["gateway"], "192.0.2.9");
    }

    fn the_interface_of_a_container() {
        let netns = common::new_netns();
        let [router, addr] = ["192.0.2.1/24", "192.0.2.7/24"].map(|text| text.parse().unwrap());
        container_interface::set_up(&netns, "veth7", router, addr).unwrap();
        assert_eq!(row("addr show dev veth7")["addr_info"][0]["local"], "192.0.2.1");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                nix::sched::setns(&netns, nix::sched::CloneFlags::CLONE_NEWNET).unwrap();
                assert_eq!(row("addr show dev eth0")["addr_info"][0]["local"], "192.0.2.7");
                assert_eq!(row("route show default")["gateway"], "192.0.2.1");
                // The other end answers, be it to refuse.
                let error = std::net::TcpStream::connect("192.0.2.1:9").unwrap_err();
                assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
            });
        });
    }
}
