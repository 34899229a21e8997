//! `ip ntable`

use super::harness::{COLORS_IN_6_1, Case, Change, Difference, case, check};

const CASES: &[Case] = &[
    case(
        "tables",
        "ip link set lo up
         ip link add v0 type veth peer name v1
         ip link set v0 up; ip link set v1 up
         ip ntable change name arp_cache dev v0 queue 7 retrans 1500 app_probes 2
         ip ntable change name arp_cache dev v0 mcast_reprobes 4 || :
         ip ntable change name ndisc_cache dev v1 anycast_delay 900 proxy_delay 700 proxy_queue 65",
        &[
            "ntable",
            "ntbl",
            "nt",
            "-o ntable",
            "-p ntable",
            "-4 ntable list",
            "-6 ntable show",
            "-c ntable",
            "-B ntable",
            "-s ntable",
            "-s -o ntable show dev none",
            "ntable show dev v0",
            "ntable show dev lo",
            "ntable show dev none",
            "ntable show name arp_cache",
            "ntable show name ndisc_cache dev v1",
            "ntable show name nosuch",
        ],
    )
    // All network namespaces of the system change these.
    .masked(&[
        "entries",
        "allocs",
        "destroys",
        "lookups",
        "hits",
        "res_failed",
        "periodic_gc_runs",
    ]),
    // With the loopback, 14 links: their settings end where a first datagram does.
    case(
        "a full datagram",
        "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13; do ip link add b$i type bridge; done",
        &["ntable", "-6 ntable"],
    ),
    case(
        "refused",
        "",
        &[
            "ntable nosuch",
            "ntable help",
            "ntable show nosuch",
            "ntable show dev",
            "ntable show dev nosuch",
            "ntable show name",
        ],
    ),
];

const SINCE_7: &[Difference] = &[];

const IN_6_1: &[Difference] = &[
    COLORS_IN_6_1,
    Difference {
        why: "it does not know how often to ask all again",
        lines: "",
        change: Change::Ours("mcast_reprobes \\d+ ", ""),
    },
    Difference {
        why: "it does not know how often to ask all again",
        lines: "-j",
        change: Change::OurKeys(&["mcast_reprobes"]),
    },
];

#[test]
fn ntable() {
    check(CASES, SINCE_7, IN_6_1);
}
