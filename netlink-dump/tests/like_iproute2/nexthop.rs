//! `ip nexthop`

use super::{
    harness::{COLORS_IN_6_1, CUT_JSON_IN_6_1, Case, Difference, case, check},
    route::{FLAT_ENCAP_IN_6_1, ONE_NEXTHOP},
};

const NEXTHOPS: &str = "
    ip link set lo up
    ip link add v0 type veth peer name v1
    ip link add br0 type bridge
    ip link set v0 addrgenmode none
    ip link set v1 addrgenmode none
    ip link set br0 addrgenmode none
    ip link set v1 master br0
    ip link set v0 up
    ip link set v1 up
    ip link set br0 up
    ip addr add 10.0.0.1/24 dev v0
    ip addr add 10.0.1.1/24 dev v1
    ip nexthop add id 1 via 10.0.0.2 dev v0
    ip nexthop add id 2 via 10.0.1.2 dev v1 proto bgp
    ip nexthop add id 3 group 1,2/2,5
    ip nexthop add id 4 blackhole
    ip nexthop add id 5 group 1/2,255 type resilient buckets 4 idle_timer 60 unbalanced_timer 300
    ip nexthop add id 6 via fe80::77 dev v0 proto 77
    ip nexthop add id 7 via fe80::78 fdb
    ip nexthop add id 8 group 7 fdb
    ip nexthop add id 9 dev v1 proto static
    ip nexthop add id 10 via 10.9.0.2 dev v0 onlink
    ip -6 nexthop add id 11 blackhole
    ip nexthop add id 4294967295 group 1";

const CASES: &[Case] = &[
    case(
        "all",
        NEXTHOPS,
        &[
            "nexthop",
            "-d nexthop",
            "-o nexthop",
            "-p nexthop",
            "-N -d nexthop",
            "-c nexthop",
            "-4 nexthop",
            "-6 nexthop",
            "nex",
            "nexthop list",
            "nexthop s",
        ],
    ),
    case(
        "selectors",
        NEXTHOPS,
        &[
            "nexthop show dev v0",
            "nexthop show d v1",
            "nexthop show groups",
            "nexthop show g",
            "nexthop show fdb",
            "nexthop show fdb groups",
            "nexthop show protocol 4",
            "nexthop show proto 186",
            "nexthop show protocol 0",
            "nexthop show protocol 300",
            "nexthop show master br0",
            "nexthop show m v0",
        ],
    ),
    case("one", NEXTHOPS, &[
            "nexthop show id 3",
            "nexthop show id 0x5",
            "nexthop show id 4294967295 nosuch",
            "nexthop get id 1",
            "-d nexthop get id 4",
            "-c nexthop get id 6",
            "nexthop get id 3 id 1",
            "nexthop show id 99",
            "nexthop get id 99",
        ],
    )
    .needs(ONE_NEXTHOP),
    case(
        "buckets",
        NEXTHOPS,
        &[
            "nexthop bucket",
            "nexthop bucket show",
            "nexthop bucket list",
            "-o nexthop bucket",
            "nexthop bucket show id 5",
            "nexthop bucket show id 3",
            "nexthop bucket show id 99",
            "nexthop bucket show dev v0",
            "nexthop bucket show nhid 1",
            "nexthop bucket show nhid 2 id 5",
            "nexthop bucket show master br0",
            "nexthop bucket get id 5 index 1",
            "nexthop bucket get id 5 index 99",
            "nexthop bucket get id 3 index 0",
            "nexthop bucket get id 99 index 0",
        ],
    )
    .masked(&["idle_time"]),
    case(
        "counters",
        NEXTHOPS,
        &[
            "-s nexthop",
            "-s -s nexthop",
            "-s -o nexthop",
            "-s -d nexthop",
            "-s -p nexthop",
            "-s nexthop get id 3",
            "-s -s nexthop show id 5",
            "-d nexthop show id 3",
        ],
    )
    .since_7()
    .needs(
        "ip link set lo up
         ip nexthop add id 9 dev lo
         ip nexthop add id 10 group 9 hw_stats on
         ip nexthop flush",
    ),
    case(
        "heavy members",
        "ip link set lo up
         ip nexthop add id 1 dev lo
         ip nexthop add id 2 dev lo
         ip nexthop add id 3 group 1,300/2,65535",
        &["nexthop", "nexthop get id 3"],
    )
    .since_7()
    .needs(
        "ip link set lo up
         ip nexthop add id 9 dev lo
         ip nexthop add id 10 group 9,257
         ip nexthop flush",
    ),
    case(
        "encapsulations",
        "ip link set lo up
         ip link add v0 type veth peer name v1
         ip link set v0 up
         ip link set v1 up
         ip addr add 10.0.0.1/24 dev v0
         ip addr add 2001:db8::1/64 dev v0 nodad
         ip nexthop add id 1 encap ip id 42 dst 10.0.0.9 via 10.0.0.9 dev v0
         ip nexthop add id 2 encap seg6 mode encap segs 2001:db8:f::1,2001:db8:f::2 via 2001:db8::9 dev v0",
        &["nexthop", "-d nexthop", "-c nexthop", "-p nexthop"],
    )
    .needs(
        "ip link set lo up
         ip nexthop add id 1 encap ip id 42 dst 10.0.0.9 dev lo
         ip -6 nexthop add id 2 encap seg6 mode encap segs ::2 dev lo
         ip nexthop flush",
    ),
    case(
        "a VRF",
        "ip link add red type vrf table 500
         ip link set red up
         ip link add v0 type veth peer name v1
         ip link set v0 master red
         ip link set v0 up
         ip link set v1 up
         ip link set lo up
         ip nexthop add id 1 dev v0
         ip nexthop add id 2 dev lo",
        &["nexthop show vrf red", "nexthop show master red", "nexthop bucket show vrf red"],
    )
    .needs("ip link add blue type vrf table 9; ip link del blue"),
    case(
        "refusals",
        "ip link set lo up",
        &[
            "nexthop nosuch",
            "nexthop help",
            "nexthop show nosuch",
            "nexthop show help",
            "nexthop show id",
            "nexthop show id x",
            "nexthop show dev",
            "nexthop show dev nosuch",
            "nexthop show master nosuch",
            "nexthop show vrf lo",
            "nexthop show vrf nosuch",
            "nexthop show protocol static",
            "nexthop get",
            "nexthop get nosuch",
            "nexthop get id",
            "nexthop get id x",
            "nexthop get id 0",
            "nexthop get id 5 nosuch",
            "nexthop bucket nosuch",
            "nexthop bucket help",
            "nexthop bucket show nosuch",
            "nexthop bucket show id x",
            "nexthop bucket show nhid x",
            "nexthop bucket show dev nosuch",
            "nexthop bucket get",
            "nexthop bucket get id 5",
            "nexthop bucket get index 1",
            "nexthop bucket get id 5 index x",
            "nexthop bucket get id 5 index 70000",
            "nexthop bucket get nosuch",
        ],
    ),
];

const SINCE_7: &[Difference] = &[];

const IN_6_1: &[Difference] = &[COLORS_IN_6_1, CUT_JSON_IN_6_1, FLAT_ENCAP_IN_6_1];

#[test]
fn nexthop() {
    check(CASES, SINCE_7, IN_6_1);
}
