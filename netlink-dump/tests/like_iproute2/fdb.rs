//! `bridge fdb`

use super::harness::{COLORS_IN_6_1, Case, Change, Difference, case, check};

const CASES: &[Case] = &[
    case(
        "entries",
        "ip link add v0 type veth peer name v1
         ip link set v0 master br0; ip link set v0 up; ip link set v1 up
         ip link add vx0 type vxlan id 7 local 192.0.2.1 dstport 4789; ip link set vx0 up
         bridge fdb add 02:00:00:00:00:0a dev vx0 dst 192.0.2.9 port 4800 vni 8 via v0
         bridge fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.10 dynamic
         bridge fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.11
         bridge fdb add 02:00:00:00:00:0b dev v0 master static
         bridge fdb add 02:00:00:00:00:0c dev v0 master static sticky
         bridge fdb add 02:00:00:00:00:0d dev v0 master extern_learn
         # Not before the bridge has seen that the port has a carrier.
         for try in 1 2 3 4 5 6 7 8 9; do bridge link set dev v0 state 3 && break; sleep 0.1; done
         bridge fdb add 02:00:00:00:00:0e dev v0 master dynamic
         bridge fdb add 02:00:00:00:00:0f dev v0 master static activity_notify norefresh || :
         ip nexthop add id 1 via 192.0.2.50 fdb
         ip nexthop add id 10 group 1 fdb
         bridge fdb add 02:00:00:00:02:06 dev vx0 nhid 10",
        &[
            "fdb",
            "fdb show",
            "fdb l",
            "-s fdb",
            "-d fdb",
            "-o fdb",
            "-p fdb",
            "-c fdb",
            "fdb show br br0",
            "fdb show br v1",
            "fdb show dev v0",
            "fdb show brport vx0",
            "fdb show br br0 brport v0",
            "fdb show dev v0 dev vx0",
            "fdb show vlan 1",
            "fdb show vlan 0",
            "fdb show vlan -1",
            "fdb show vlan 65537",
            "fdb show vlan x",
            "fdb show dynamic",
            "fdb show state static",
            "fdb show state temp",
            "fdb show state permanent",
            "fdb show state reachable",
            "fdb show state dyn",
            "fdb show state stale",
            "fdb show state all",
            "fdb show state 0x42",
            "fdb show ignored",
            "fdb get 02:00:00:00:00:0b br br0",
            "fdb get 2:0:0:0:0:b dev v0 master",
            "fdb get to 02:00:00:00:00:0d brport v0 m",
            "fdb get 02:00:00:00:00:0b br br0 dynamic",
            "fdb get 02:00:00:00:00:0b br br0 vlan 7",
            "fdb get 02:00:00:00:00:0a dev vx0 self",
            "fdb get 02:00:00:00:00:0a dev vx0 self vni 8",
            "-s -d fdb get 02:00:00:00:02:06 dev vx0 self",
            "fdb get 02:00:00:00:00:0b dev v0",
            "fdb get 02:00:00:00:00:ff br br0",
            "fdb get 02:00:00:00:00:0b dev v0 self",
        ],
    )
    .needs("ip link add br0 type bridge; ip link set br0 up; ip link add probe type vxlan id 8 dstport 4789; ip link del probe"),
    case(
        "of VLANs",
        "ip link add v0 type veth peer name v1
         ip link set v0 master br0; ip link set v0 up; ip link set v1 up
         bridge vlan add vid 7 dev v0
         bridge fdb add 02:00:00:00:00:0b dev v0 master static vlan 7",
        &["fdb", "fdb show vlan 7", "fdb show br br0 vlan 1"],
    )
    .needs("ip link add br0 type bridge vlan_filtering 1; ip link set br0 up"),
    case(
        "refused",
        "",
        &[
            "fdb nosuch",
            "fdb get",
            "fdb get help",
            "fdb get 02:00:00:00:00:0b",
            "fdb get dev lo",
            "fdb get 02:00:00:00:00 dev lo",
            "fdb get 02:00:00:00:00:xx dev lo",
            "fdb get 02:00:00:00:00:0b dev nosuch",
            "fdb get 02:00:00:00:00:0b br nosuch",
            "fdb get 02:00:00:00:00:0b 02:00:00:00:00:0c dev lo",
            "fdb get 02:00:00:00:00:0b dev lo vlan 1 vlan 2",
            "fdb get 02:00:00:00:00:0b dev lo vlan",
            "fdb get 02:00:00:00:00:0b dev lo vni 16777216",
            "fdb get 02:00:00:00:00:0b dev lo vni x",
            "fdb get 02:00:00:00:00:0b dev lo vlan x",
            "fdb get 02:00:00:00:00:0b dev lo",
            "fdb help",
            "fdb show help",
            "fdb show br",
            "fdb show br nosuch",
            "fdb show dev nosuch",
            "fdb show state nosuch",
            "fdb show vlan 1 vlan 2",
        ],
    ),
];

const SINCE_7: &[Difference] = &[];

const IN_6_1: &[Difference] = &[
    Difference {
        why: "it has an article too many",
        lines: "fdb get",
        change: Change::TheirError("is a garbage", "is garbage"),
    },
    COLORS_IN_6_1,
    Difference {
        why: "it does not tell which entries notify",
        lines: "-d",
        change: Change::Ours("activity_notify ", ""),
    },
    Difference {
        why: "it does not tell which entries notify",
        lines: "-j -d",
        change: Change::OurKeys(&["activity_notify"]),
    },
];

#[test]
fn fdb() {
    check(CASES, SINCE_7, IN_6_1);
}
