//! `ip netconf`

use super::harness::{COLORS_IN_6_1, Case, Change, Difference, case, check};

const CASES: &[Case] = &[
    case(
        "settings",
        "ip link set lo up
         ip link add v0 type veth peer name v1
         echo 1 >/proc/sys/net/ipv4/conf/v0/forwarding
         echo 2 >/proc/sys/net/ipv4/conf/v0/rp_filter
         echo 1 >/proc/sys/net/ipv4/conf/v1/rp_filter
         echo 1 >/proc/sys/net/ipv4/conf/v1/proxy_arp
         echo 1 >/proc/sys/net/ipv4/conf/default/bc_forwarding
         echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
         echo 1 >/proc/sys/net/ipv6/conf/v0/proxy_ndp
         echo 1 >/proc/sys/net/ipv6/conf/v1/ignore_routes_with_linkdown",
        &[
            "netconf",
            "netc show",
            "-4 netconf",
            "-6 netconf list",
            "-o netconf",
            "-p netconf",
            "-c netconf",
            "-B netconf",
            "netconf show dev v0",
            "-4 netconf show dev v0",
            "-6 netconf show dev v1",
            "netconf show ignored dev v1",
            "-0 netconf",
        ],
    ),
    case(
        "of MPLS",
        "ip link add v0 type veth peer name v1",
        &["netconf", "-M netconf", "-M netconf show dev v0"],
    )
    .needs(
        "echo 100 >/proc/sys/net/mpls/platform_labels; echo 1 >/proc/sys/net/mpls/conf/lo/input",
    ),
    case(
        "refused",
        "",
        &[
            "netconf nosuch",
            "netconf help",
            "netconf show dev",
            "netconf show dev nosuch",
            "netconf show dev all",
            "-0 netconf show dev lo",
        ],
    ),
];

const NO_JSON: Difference = Difference {
    why: "one link's settings of one family get no JSON",
    lines: "-j -[46] netconf show dev v",
    change: Change::Useless,
};

const SINCE_7: &[Difference] = &[NO_JSON];

const IN_6_1: &[Difference] = &[
    COLORS_IN_6_1,
    NO_JSON,
    Difference {
        why: "it does not tell that the kernel refused",
        lines: "-0 netconf show",
        change: Change::Useless,
    },
];

#[test]
fn netconf() {
    check(CASES, SINCE_7, IN_6_1);
}
