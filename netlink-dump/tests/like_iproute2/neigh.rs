//! `ip neigh`

use super::harness::{COLORS_IN_6_1, Case, Change, Difference, case, check};

/// Neighbours in all states that last, on veth and macvlan links, with a bridge as master.
const NEIGHBOURS: &str = "
    ip link set lo up
    ip link add v0 type veth peer name v1
    ip link add br0 type bridge
    ip link set v0 up; ip link set v1 up; ip link set br0 up
    ip link add mv0 link v0 type macvlan
    ip link set mv0 up
    ip link add a-link-of-15-by type veth peer name p1 master br0
    ip link set a-link-of-15-by up; ip link set p1 up
    ip addr add 192.0.2.1/24 dev v0
    ip addr add 198.51.100.1/24 dev br0
    ip neigh add 192.0.2.10 lladdr 02:00:00:00:00:0a dev v0 nud permanent
    ip neigh add 192.0.2.11 lladdr 02:00:00:00:00:0b dev v0 nud reachable
    ip neigh add 192.0.2.12 lladdr 02:00:00:00:00:0c dev v0 nud stale
    ip neigh add 192.0.2.13 lladdr 02:00:00:00:00:0d dev v0 nud noarp
    ip neigh add 192.0.2.14 lladdr 02:00:00:00:00:0e dev v0 nud stale protocol static
    ip neigh add 192.0.2.15 lladdr 02:00:00:00:00:0f dev v0 nud permanent protocol 77
    ip neigh add 192.0.2.16 lladdr 02:00:00:00:00:10 dev v0 nud noarp extern_learn
    ip neigh add 192.0.2.17 dev v0 nud failed
    ip neigh add 192.0.2.18 dev v0 nud none
    ip neigh add 198.51.100.2 lladdr 02:00:00:00:00:12 dev br0 nud permanent
    ip neigh add 203.0.113.2 lladdr 02:00:00:00:00:13 dev mv0 nud permanent
    ip neigh add 203.0.113.3 lladdr 02:00:00:00:00:14 dev a-link-of-15-by nud permanent
    ip neigh add 203.0.113.4 lladdr 02:00:00:00:00:15 dev p1 nud permanent
    ip neigh add 2001:db8::10 lladdr 02:00:00:00:00:1a dev v0 nud permanent router
    ip neigh add 2001:db8::11 lladdr 02:00:00:00:00:1b dev v0 nud stale
    ip neigh add 2001:db8::12 lladdr 02:00:00:00:00:1c dev mv0 nud noarp
    ip neigh add 2001:db8:1234:5678:9abc:def0:1234:5678 lladdr 02:00:00:00:00:1d dev v0 nud permanent
    ip neigh add proxy 192.0.2.100 dev v0
    ip neigh add proxy 192.0.2.101 dev v0 router protocol static
    ip neigh add proxy 192.0.2.102
    ip neigh add proxy 2001:db8::100 dev v1";

const CASES: &[Case] = &[
    case(
        "all",
        NEIGHBOURS,
        &[
            "neigh",
            "neighbor",
            "neighbour show",
            "n",
            "nei list",
            "-4 neigh",
            "-6 neigh",
            "-s neigh",
            "-s -s -d neigh",
            "-o neigh",
            "-N neigh",
            "-c neigh",
            "-c -s neigh show nud all",
            "-p neigh",
            "-br neigh",
            "-br -c neigh",
            "-br neigh show dev v0",
            "-br neigh show proxy",
            "-M neigh",
            "-f link neigh",
        ],
    ),
    case(
        "selectors",
        NEIGHBOURS,
        &[
            "neigh show dev v0",
            "neigh show dev lo",
            "neigh show dev v0 nud all",
            "neigh show nud all",
            "neigh show nud permanent",
            "neigh show nud perm",
            "neigh show nud reach",
            "neigh show nud stale",
            "neigh show nud noarp",
            "neigh show nud fail",
            "neigh show nud none",
            "neigh show nud 0",
            "neigh show nud incomplete",
            "neigh show nud delay",
            "neigh show nud probe",
            "neigh show nud 0x80",
            "neigh show nud 04",
            "neigh show nud 0x84",
            "neigh show nud stale nud permanent",
            "-6 neigh show nud stale nud noarp",
            "neigh show proxy",
            "neigh show proxy dev v1",
            "-4 neigh show proxy",
            "-6 neigh show proxy",
            "neigh show to 192.0.2.10",
            "neigh show 192.0.2.12/31",
            "neigh show to 192.0.2/24",
            "neigh show 2001:db8::/64",
            "neigh show default",
            "neigh show any",
            "-6 neigh show all",
            "neigh show 192.0.2.10 192.0.2.11",
            "neigh show to 198.51.100.0/24 dev br0",
            "neigh show master br0",
            "neigh show nomaster",
            "neigh show unused",
            "-s neigh show unused nud all",
            "neigh show protocol static",
            "neigh show proto 77",
            "neigh show proto all",
            "neigh show proto 0",
            "neigh show proxy proto static",
        ],
    ),
    case(
        "in flight",
        "ip link add v0 type veth peer name v1
         ip link set v0 up; ip link set v1 up
         ip addr add 192.0.2.1/24 dev v0
         ip -6 addr add 2001:db8::1/64 dev v0 nodad
         echo 100 >/proc/sys/net/ipv4/neigh/v0/delay_first_probe_time
         echo 100000 >/proc/sys/net/ipv4/neigh/v0/retrans_time_ms
         ip neigh add 192.0.2.10 lladdr 02:00:00:00:00:0a dev v0 nud stale
         ip neigh add 192.0.2.11 lladdr 02:00:00:00:00:0b dev v0 nud delay
         ip neigh add 192.0.2.12 lladdr 02:00:00:00:00:0c dev v0 nud probe
         ip neigh add 192.0.2.13 dev v0 nud incomplete
         ip neigh add 192.0.2.14 dev v0 use
         ip neigh add 2001:db8::2 dev v0 use managed",
        &[
            "neigh",
            "-s neigh",
            "neigh show nud delay",
            "neigh show nud probe",
            "neigh show nud incomplete",
            "-s neigh show unused",
        ],
    ),
    case(
        "of Linux 6.17",
        "ip link add v0 type veth peer name v1
         ip link set v0 up; ip link set v1 up",
        &["neigh", "-d neigh"],
    )
    .since_7()
    .needs(
        "ip link add w0 type veth peer name w1
         ip link set w0 up; ip link set w1 up
         ip neigh add 192.0.2.10 lladdr 02:00:00:00:00:0a dev w0 nud stale extern_valid",
    ),
    case("tunnels", "", &["neigh", "-br neigh"]).needs(
        "ip tunnel add g0 mode gre local 192.0.2.1 key 5
         ip link set g0 up
         ip neigh add 10.0.0.2 lladdr 192.0.2.7 dev g0 nud permanent
         ip link add g6 type ip6gre local 2001:db8::1
         ip link set g6 up
         ip neigh add 10.0.0.3 dev g6 nud noarp
         ip neigh add 2001:db8::3 dev g6 use",
    ),
    case(
        "vrf",
        "ip link add v0 type veth peer name v1
         ip link set v0 master red; ip link set v0 up; ip link set v1 up
         ip neigh add 192.0.2.10 lladdr 02:00:00:00:00:0a dev v0 nud permanent
         ip neigh add 192.0.2.11 lladdr 02:00:00:00:00:0a dev v1 nud permanent",
        &["neigh show vrf red", "neigh show master red", "neigh show vrf v0"],
    )
    .needs("ip link add red type vrf table 10"),
    case(
        "forwarding",
        "ip link add br0 type bridge; ip link set br0 up
         ip link add v0 type veth peer name v1
         ip link set v0 master br0; ip link set v0 up; ip link set v1 up
         ip link add vx0 type vxlan id 7 local 192.0.2.1 dstport 4789
         ip link set vx0 up
         bridge fdb add 02:00:00:00:00:0a dev vx0 dst 192.0.2.9
         bridge fdb add 02:00:00:00:00:0b dev v0 master static",
        &[
            "-B neigh",
            "-B neigh show nud all",
            "-B -s neigh show nud all",
            "-B -br neigh show nud all",
            "-B -c -br neigh show nud all",
            "-B neigh show nud all dev vx0",
        ],
    )
    .needs("bridge -V; ip link add probe type vxlan id 8 dstport 4789; ip link del probe"),
    case(
        "one",
        NEIGHBOURS,
        &[
            "neigh get 192.0.2.10 dev v0",
            "neigh get to 192.0.2.13 dev v0",
            "neigh get dev v0 2001:db8::10",
            "-s neigh get 192.0.2.11 dev v0",
            "-c neigh g 192.0.2.11 dev v0",
            "neigh get proxy 192.0.2.100 dev v0",
            "neigh get prox 2001:db8::100 dev v1",
            "neigh get proxy 192.0.2.102",
            "neigh get proxy 192.0.2.200",
            "-br neigh get 192.0.2.10 dev v0",
            "neigh get 192.0.2.200 dev v0",
            "neigh get proxy 192.0.2.200 dev v0",
            "neigh get 192.0.2.10 dev v1",
            "-6 neigh get 192.0.2.10 dev v0",
        ],
    ),
    case(
        "refusals",
        "ip link set lo up",
        &[
            "neigh nosuch",
            "neigh help",
            "neigh show nosuch",
            "-6 neigh show 192.0.2.1",
            "-4 neigh show 2001:db8::",
            "neigh show 192.0.2.1 2001:db8::",
            "neigh show help",
            "neigh show to",
            "neigh show dev",
            "neigh show dev nosuch",
            "neigh show dev lo dev lo",
            "neigh show master nosuch",
            "neigh show vrf nosuch",
            "neigh show vrf lo",
            "neigh show nud",
            "neigh show nud nosuch",
            "neigh show nud 256",
            "neigh show nud sta",
            "neigh show proto nosuch",
            "neigh get",
            "neigh get help",
            "neigh get 192.0.2.1",
            "neigh get dev lo",
            "neigh get nosuch dev lo",
            "neigh get 192.0.2.1/24 dev lo",
            "neigh get any dev lo",
            "neigh get default dev lo",
            "neigh get 192.0.2.1 192.0.2.2 dev lo",
            "neigh get 192.0.2.1 proxy 192.0.2.2 dev lo",
            "neigh get 192.0.2.1 dev nosuch",
            "neigh get proxy",
        ],
    ),
];

const SINCE_7: &[Difference] = &[];

const IN_6_1: &[Difference] = &[
    COLORS_IN_6_1,
    Difference {
        why: "it has an article too many",
        lines: "neigh get",
        change: Change::TheirError("is a garbage", "is garbage"),
    },
    Difference {
        why: "one neighbour gets no JSON",
        lines: "-j .*neigh (g|get) ",
        change: Change::Useless,
    },
];

#[test]
fn neigh() {
    check(CASES, SINCE_7, IN_6_1);
}
