//! Counters of links, as kernels sent them. `data/README.md` tells how they were recorded.

use std::sync::LazyLock;

use netlink_captures::{Capture, Kind};
use netlink_wire::{
    Rtm, Rtnl,
    link::{BondXstatsAttr, BridgeXstatsAttr},
    stats::{
        HwSInfoAttr, HwSInfoOneAttr, LinkXstatsAttr, OffloadXstatsAttr, OffloadXstatsFilter, Stats,
        StatsAfSpecAttr, StatsAttr, StatsFilter, StatsFiltersAttr, StatsGetSetAttr, StatsRequest,
    },
};

static CAPTURES: LazyLock<Vec<Capture>> = LazyLock::new(|| netlink_captures::of("stats"));

/// What a command caused, of each kernel.
fn messages(kind: Kind, command: &str) -> Vec<Rtnl<'static>> {
    let records = CAPTURES.iter().flat_map(|capture| &capture.records);
    let records = records.filter(|record| record.kind == kind && record.command == command);
    let messages: Vec<_> = records.map(|r| Rtnl::parse(r.message()).unwrap()).collect();
    assert!(messages.len() >= CAPTURES.len(), "{command}");
    messages
}

fn told(kind: Kind, command: &str) -> Vec<Stats<'static>> {
    let messages = messages(kind, command).into_iter();
    let stats: Vec<_> = messages
        .filter_map(|message| match message {
            Rtnl::Stats(stats) => Some(stats),
            _ => None,
        })
        .collect();
    assert!(stats.len() >= CAPTURES.len(), "{command}");
    stats
}

fn asked(command: &str) -> Vec<StatsRequest<'static>> {
    let messages = messages(Kind::Request, command).into_iter();
    messages
        .filter_map(|message| match message {
            Rtnl::StatsRequest(request) => Some(request),
            _ => None,
        })
        .collect()
}

fn value<T>(read: netlink_wire::Result<Option<T>>) -> T {
    read.unwrap().unwrap()
}

#[test]
fn reads_traffic_counters() {
    for v1 in told(Kind::Reply, "ip stats show dev v1") {
        assert_eq!(v1.header.ifindex, 2);
        assert!(v1.header.filter_mask.contains(StatsFilter::LINK_64 | StatsFilter::AF_SPEC));
        let stats = value(v1.get(StatsAttr::Link64)).read();
        // Packets of 90 bytes: it told routers and neighbours that it is there.
        assert!(stats.tx_packets > 0);
        assert_eq!(stats.tx_bytes, stats.tx_packets * 90);
        assert_eq!(v1.get(StatsAttr::LinkXstats), Ok(None));
        let mpls = value(value(v1.get(StatsAttr::AfSpec)).get(StatsAfSpecAttr::Mpls));
        assert_eq!(mpls.iter().count(), 1, "{mpls:?}");
    }
}

#[test]
fn reads_counters_of_the_kind_and_of_the_masters_kind() {
    for bridge in told(Kind::Reply, "ip stats show dev br0") {
        let kinds = value(bridge.get(StatsAttr::LinkXstats));
        let bridge = value(kinds.get(LinkXstatsAttr::Bridge));
        let vlans: Vec<_> = bridge.all(BridgeXstatsAttr::Vlan).map(|v| v.unwrap().read()).collect();
        assert_eq!(vlans.iter().map(|vlan| vlan.vid).collect::<Vec<_>>(), [1]);
        assert_eq!(kinds.get(LinkXstatsAttr::Bond), Ok(None));
    }
    for port in told(Kind::Reply, "ip stats show dev v0") {
        let kinds = value(port.get(StatsAttr::LinkXstatsSlave));
        let bridge = value(kinds.get(LinkXstatsAttr::Bridge));
        assert_eq!(value(bridge.get(BridgeXstatsAttr::Stp)).read().transition_blk, 2);
        assert_eq!(port.get(StatsAttr::LinkXstats), Ok(None));
    }
    for bond in told(Kind::Reply, "ip stats show dev b0") {
        let kinds = value(bond.get(StatsAttr::LinkXstats));
        let lacp = value(value(kinds.get(LinkXstatsAttr::Bond)).get(BondXstatsAttr::Lacp));
        assert!(lacp.iter().count() >= 9);
    }
}

#[test]
fn reads_what_the_hardware_counts() {
    let requested = |stats: &Stats<'static>| {
        let offload = value(stats.get(StatsAttr::LinkOffloadXstats));
        let info = value(value(offload.get(OffloadXstatsAttr::HwSInfo)).get(HwSInfoAttr::L3Stats));
        assert_eq!(info.get(HwSInfoOneAttr::Used), Ok(Some(0)), "there is none");
        (value(info.get(HwSInfoOneAttr::Request)), offload.get(OffloadXstatsAttr::L3Stats))
    };
    for (command, on) in
        [("ip stats set dev v0 l3_stats on", 1), ("ip stats set dev v0 l3_stats off", 0)]
    {
        for request in asked(command) {
            assert_eq!(request.get(StatsGetSetAttr::SetOffloadXstatsL3Stats), Ok(Some(on)));
        }
        for event in told(Kind::Event, command) {
            assert_eq!(event.header.ifindex, 3);
            assert_eq!(requested(&event), (on, Ok(None)));
        }
    }
    for stats in told(Kind::Reply, "ip stats show dev v0 group offload") {
        let (on, counters) = requested(&stats);
        assert_eq!(on, 1);
        assert_eq!(value(counters).as_bytes().len(), 9 * 8);
    }
}

/// The numbers mean something else than in replies.
#[test]
fn reads_requests() {
    for request in asked("ip stats show group offload subgroup l3_stats") {
        assert_eq!(request.header.filter_mask, StatsFilter::LINK_OFFLOAD_XSTATS);
        let filters = value(request.get(StatsGetSetAttr::GetFilters));
        let wanted = OffloadXstatsFilter::HW_S_INFO | OffloadXstatsFilter::L3_STATS;
        assert_eq!(filters.get(StatsFiltersAttr::LinkOffloadXstats), Ok(Some(wanted)));
    }
    for (kind, is_request) in [(Rtm::NEWSTATS, false), (Rtm::GETSTATS, true), (Rtm::SETSTATS, true)]
    {
        let records = CAPTURES.iter().flat_map(|capture| &capture.records);
        let mut count = 0;
        for record in records.filter(|record| record.message().header.kind == kind.0) {
            let message = Rtnl::parse(record.message()).unwrap();
            assert_eq!(matches!(message, Rtnl::StatsRequest(_)), is_request);
            count += 1;
        }
        assert!(count >= CAPTURES.len(), "{kind}");
    }
}
