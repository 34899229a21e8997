//! Runs the examples that have a loop of their own, or one of tokio's.

mod common;
#[path = "common/ip.rs"]
mod ip_json;

examples! {
    tokio_routes in "../examples/tokio_routes.rs"
    tokio_service in "../examples/tokio_service.rs"
    with_epoll in "../examples/with_epoll.rs"
    with_io_uring in "../examples/with_io_uring.rs"
    with_mio in "../examples/with_mio.rs"
}

use std::{
    thread,
    time::{Duration, Instant},
};

use common::*;
use ip_json::{ip, json};
use netlink_sys::{Event, mirror::Change};
use netlink_wire::{Rtnl, link::Link};
use tokio::{runtime::Builder, sync::oneshot};

/// Does something a little later, in the same namespace.
fn later(what: &'static str) -> thread::JoinHandle<()> {
    thread::spawn(|| {
        thread::sleep(Duration::from_millis(100));
        ip(what);
    })
}

fn is_named(link: &Link<'_>, name: &str) -> bool {
    link.name() == Ok(Some(name.into()))
}

live! {
    fn epoll_hears_events_and_replies() {
        let adding = later("rule add pref 777 table 9");
        let (mut lines, mut is_over) = (Vec::new(), false);
        with_epoll::watch(|line| {
            is_over |= line == "that is all";
            lines.push(line);
            !is_over || !lines.iter().any(|line| line.contains("777"))
        })
        .unwrap();
        // There are three rules to begin with.
        assert!(lines.len() >= 5 && lines[3] == "that is all", "{lines:#?}");
        adding.join().unwrap();
    }

    fn mio_has_a_mirror() {
        let adding = later("link add br7 type bridge");
        let mut synced = 0;
        with_mio::watch(|mirror, change| {
            synced += usize::from(matches!(change, Change::Synced { .. }));
            synced == 0 || !mirror.links().any(|link| is_named(&link, "br7"))
        })
        .unwrap();
        adding.join().unwrap();
    }

    fn io_uring_hears_events() {
        if std::env::var_os("NETLINK_SAMPLE").is_some() && io_uring::IoUring::new(8).is_err() {
            return eprintln!("NOT RUN in a throw-away kernel that has no io_uring");
        }
        let adding = later("link add br7 type bridge");
        with_io_uring::watch(|event| {
            let Event::Message(event) = event else { return true };
            !matches!(Rtnl::parse(event.message), Ok(Rtnl::Link(link)) if is_named(&link, "br7"))
        })
        .unwrap();
        adding.join().unwrap();
    }

    fn a_task_of_tokio_dumps() {
        add_routes(100);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (routes, is_proven) = runtime.block_on(tokio_routes::routes()).unwrap();
        assert_eq!((routes.len(), is_proven), (100, true));
    }

    fn a_service_of_tokio_adds_its_route() {
        lo_up();
        ip("link add v0 type veth peer name v1");
        ip("link set v0 addrgenmode none");
        ip("addr add 192.0.2.1/24 dev v0");
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let gateway = "192.0.2.9".parse().unwrap();
        let service = runtime.spawn(tokio_service::serve("v0", gateway, stopped));
        let has_route = |is_wanted: bool| {
            let deadline = Instant::now() + Duration::from_secs(20);
            while json("-j route show default").is_empty() == is_wanted {
                assert!(Instant::now() < deadline && !service.is_finished());
                thread::sleep(Duration::from_millis(20));
            }
        };
        assert!(json("-j route show default").is_empty());
        ip("link set v1 up");
        ip("link set v0 up");
        has_route(true);
        // It goes with the link, without an event of its own, and comes again with it.
        ip("link set v0 down");
        has_route(false);
        ip("link set v0 up");
        has_route(true);
        ip("route del default");
        has_route(true);
        stop.send(()).unwrap();
        runtime.block_on(service).unwrap().unwrap();
    }
}
