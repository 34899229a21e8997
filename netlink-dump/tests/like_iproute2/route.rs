//! `ip route`

use serde_json::Value;

use super::harness::{COLORS_IN_6_1, CUT_JSON_IN_6_1, Case, Change, Difference, case, check};

const LINKS: &str = "
    ip link set lo up
    ip link add v0 type veth peer name v1
    ip link set v0 addrgenmode none
    ip link set v1 addrgenmode none
    ip link set v0 up
    ip link set v1 up
    ip addr add 10.0.0.1/24 dev v0
    ip addr add 10.0.1.1/24 dev v1
    ip addr add 2001:db8::1/64 dev v0 nodad";

/// Makes the network of a case: links first.
macro_rules! routes {
    ($($line:literal)*) => {
        concat!(
            "ip link set lo up
             ip link add v0 type veth peer name v1
             ip link set v0 addrgenmode none
             ip link set v1 addrgenmode none
             ip link set v0 up
             ip link set v1 up
             ip addr add 10.0.0.1/24 dev v0
             ip addr add 10.0.1.1/24 dev v1
             ip addr add 2001:db8::1/64 dev v0 nodad
            ",
            $($line, "\n"),*
        )
    };
}

const ROUTES: &str = routes! {
    "ip route add default via 10.0.0.254 proto static metric 77"
    "ip route add 10.1.0.0/16 via 10.0.0.2"
    "ip route add 10.2.0.0/16 via 10.0.0.2 dev v0 metric 20 proto bgp src 10.0.0.1"
    "ip route add 10.2.0.0/16 via 10.0.0.3 dev v0 metric 21 proto 77"
    "ip route add 10.3.0.0/16 nexthop via 10.0.0.2 weight 2 nexthop via 10.9.1.2 dev v1 weight 256 onlink"
    "ip route add 10.4.0.0/16 realms 3/4 via inet6 fe80::1 dev v0"
    "ip route add 10.4.1.0/24 realms 7 via 10.0.0.2"
    "ip route add 10.4.2.0/24 nexthop via 10.0.0.2 realms 1/2 nexthop via inet6 fe80::2 dev v1 realm 9"
    "ip route add blackhole 10.5.0.0/16"
    "ip route add unreachable 10.6.0.0/16 metric 4278198272"
    "ip route add prohibit 10.7.0.0/16 proto 200"
    "ip route add throw 10.8.0.0/16 table 100"
    "ip route add 10.9.0.1 dev v0 tos 0x10 scope link"
    "ip route add 10.9.0.2 dev v0 tos 0x28"
    "ip route add 10.9.1.0/24 via 10.9.9.9 dev v0 onlink proto ospf scope site"
    "ip route add local 10.16.0.1 dev lo table 100"
    "ip route add broadcast 10.16.0.255 dev v0 table 100"
    "ip route add multicast 224.0.0.99 dev v0"
    "ip route add 10.17.0.0/16 dev v0 table 1000"
    "ip -6 route add default via fe80::fe dev v0 pref low metric 9"
    "ip -6 route add 2001:db8:1::/48 via fe80::9 dev v0 expires 600 pref high proto ra"
    "ip -6 route add 2001:db8:2::/48 nexthop via fe80::9 dev v0 nexthop via fe80::a dev v1 weight 3"
    "ip -6 route add 2001:db8:3::/48 from 2001:db8::/64 via fe80::9 dev v0 metric 5"
    "ip -6 route add 2001:db8:3::1 from 2001:db8::1 dev v1 table 1000"
    "ip -6 route add unreachable 2001:db8:5::/48"
    "ip -6 route add blackhole 2001:db8:6::/48"
    "ip -6 route add prohibit ::ffff:1.2.3.0/120"
    "ip -6 route add 64:ff9b::1.2.3.0/120 dev v0"
    "ip -6 route add ::1.2.3.0/120 dev v0"
    "ip -6 route add throw 2001:db8:7::/48 table 1000"
};

/// Routes that differ from the one before in nothing but their destination, and some that do in
/// something else.
const ALIKE: &str = routes! {
    "ip route add 10.1.0.0/24 via 10.0.0.2"
    "ip route add 10.1.1.0/24 via 10.0.0.2"
    "ip route add 10.1.2.0/23 via 10.0.0.2"
    "ip route add 10.1.4.1 via 10.0.0.2"
    "ip route add 10.1.4.2 via 10.0.0.2"
    "ip route add 10.1.4.3 via 10.0.0.3"
    "ip route add 10.1.4.4 via 10.0.0.3"
    "ip route add 10.1.4.5 via 10.0.0.3 metric 5"
    "ip route add 10.1.4.6 via 10.0.0.3 metric 6"
    "ip route add 10.1.4.7 via 10.0.0.3 proto bgp"
    "ip route add 10.1.4.8 via 10.0.0.3 proto bgp onlink dev v0"
    "ip route add 10.1.5.0/24 nexthop via 10.0.0.2 nexthop via 10.0.1.2"
    "ip route add 10.1.6.0/24 nexthop via 10.0.0.2 nexthop via 10.0.1.2"
    "ip route add 10.1.7.0/24 nexthop via 10.0.0.2 nexthop via 10.0.1.3"
    "ip route add 0.0.0.0/8 dev v0"
    "ip route add default dev v0"
    "ip route add blackhole 10.2.0.0/24"
    "ip route add blackhole 10.2.1.0/24"
    "ip route add unreachable 10.2.2.0/24"
    "ip route add unreachable 10.2.3.0/24"
    "ip route add 10.3.0.0/24 dev v1 table 100"
    "ip route add 10.3.0.0/24 dev v1 table 101"
    "ip route add 10.3.1.0/24 dev v1 table 101"
    "ip -6 route add 2001:db8:1::/48 via fe80::9 dev v0"
    "ip -6 route add 2001:db8:2::/48 via fe80::9 dev v0"
    "ip -6 route add 2001:db8:3::/64 via fe80::9 dev v0"
    "ip -6 route add 2001:db8:4::4 via fe80::9 dev v0"
    "ip -6 route add 2001:db8:4::5 via fe80::9 dev v0"
    "ip -6 route add blackhole 2001:db8:5::/48"
    "ip -6 route add blackhole 2001:db8:6::/48"
};

/// Asks for one nexthop object, for which iproute2 7 has words that kernels before 6.9 refuse.
pub(crate) const ONE_NEXTHOP: &str = "
    ip link set lo up
    ip nexthop add id 9 dev lo
    ip nexthop get id 9
    ip nexthop flush";

const CASES: &[Case] = &[
    case(
        "all",
        ROUTES,
        &[
            "route",
            "-d route",
            "-s route",
            "-o route",
            "-p route",
            "-N route",
            "-N -d route",
            "-c route",
            "-4 route",
            "-6 route",
            "-6 -d route",
            "-6 -s -d route",
            "-6 -o route",
            "-6 -p route",
            "-6 -N -d route",
            "-6 -c route",
            "r",
            "route s",
            "route list",
            "route lst",
            "route l",
        ],
    ),
    case(
        "alike",
        ALIKE,
        &[
            "route",
            "-d route",
            "-o route",
            "-p route",
            "-N route",
            "-c route",
            "-6 route",
            "-6 -d route",
            "-6 -p route",
            "-6 -c route",
            "route show table all",
            "-d route show table all",
            "route show root 10.1.4.0/24",
            "route show match 10.1.4.1",
            "route show via 10.0.0.3",
            "route show type blackhole",
            "route show proto bgp",
        ],
    ),
    case(
        "tables",
        ROUTES,
        &[
            "route show table all",
            "-d route show table all",
            "-c route show table all",
            "-N route show table all",
            "-4 route show table all",
            "-6 route show table all",
            "route show table 0",
            "route show table main",
            "route show table local",
            "-d route show t local",
            "route show ta 254",
            "route show table 100",
            "-d route show table 1000",
            "-6 route show table 0x3e8",
            "route show table 999",
            "-6 route show table 999",
            "route show table cache",
            "route show cached",
            "route show cloned table all",
            "-6 route show cache",
            "route show vrf default",
            "-d -6 route show vrf default",
        ],
    ),
    case(
        "selectors",
        ROUTES,
        &[
            "route show iif v0",
            "route show proto kernel",
            "-d route show proto kernel",
            "route show protocol bgp",
            "route show p 77",
            "route show proto all",
            "route show proto 0",
            "-6 route show proto ra",
            "route show scope link",
            "-d route show scope global",
            "route show s 200",
            "route show scope all",
            "route show type blackhole",
            "route show type b",
            "route show type brd table all",
            "-d route show type unicast",
            "route show type local table all",
            "route show type unre table all",
            "route show type multi",
            "route show type 8",
            "route show type throw table 100",
            "-6 route show type prohibit",
            "route show metric 20",
            "-d route show me 0",
            "route show preference 21",
            "route show pri 4278198272",
            "-6 route show metric 1024",
            "route show tos 0x10",
            "route show tos 10",
            "route show tos 28",
            "-d route show dsfield 0",
            "route show d 10",
            "route show realms 3/4",
            "route show realms 3/",
            "route show realms 0/4",
            "route show realms 4",
            "route show realms 7",
            "route show realms 5",
            "route show realm 3/5",
            "route show r 0x30004",
            "route show mark 0",
            "route show mark 5",
            "route show via 10.0.0.2",
            "route show via 10.0.0.0/24",
            "route show via 10.0.0.0/30",
            "route show via inet6 fe80::1",
            "route show via inet 10.0.0.2",
            "route show via any",
            "route show via default",
            "-4 route show via any",
            "-6 route show via fe80::9",
            "-6 route show via fe80::/10",
            "route show src 10.0.0.1",
            "route show src 10.0.0.0/8",
            "-4 route show src 0/0",
            "route show 10.1.0.0/16",
            "route show 10.1.0.1",
            "route show 10.9.0.1",
            "route show default",
            "route show any",
            "route show all",
            "-4 route show any",
            "-6 route show default",
            "-6 route show any",
            "route show root 10.0.0.0/8",
            "route show root 10.2.0.0/15",
            "route show root 10.0.0.0/255.254.0.0",
            "route show root 10/9",
            "route show match 10.1.2.3",
            "route show match 10.0.0.0/8",
            "route show ma 10.9.1.0/25",
            "route show exact 10.1.0.0/16",
            "route show to 10.1.0.0/16",
            "route show to ro 10.0.0.0/15",
            "route show to match 10.3.4.5",
            "route show to exact default",
            "route show root 0/0",
            "route show root default",
            "route show match default",
            "route show root 10.4.0.0/16 match 10.4.1.1",
            "route show table all root default",
            "route show table all match 2001:db8:1::1",
            "route show table all 10.1.0.0/16",
            "route show 2001:db8:1::/48",
            "-6 route show 2001:db8:1::/48",
            "-6 route show root 2001:db8::/32",
            "-6 route show match 2001:db8:3::1",
            "-6 route show from 2001:db8::/64",
            "-6 route show f exact 2001:db8::/64",
            "-6 route show from root 2001:db8::/16",
            "-6 route show from match 2001:db8::1",
            "-6 route show from match 2001:db8::1 table all",
            "-6 route show from default",
            "-6 route show from any",
            "route show from 10.0.0.0/8",
            "route show dev v0 proto bgp",
            "-6 route show dev lo table all",
            "route show dev v0 via 10.0.0.2 table main metric 20 src 10.0.0.1 scope global",
        ],
    ),
    // iproute2 6.1 shows no route that has several next hops.
    case(
        "by interface",
        ROUTES,
        &[
            "route show dev v0",
            "-d route show dev v0",
            "route show dev v1",
            "route show oif v1 table all",
            "-6 route show dev v0",
            "-6 route show dev v1",
            "-d -6 route show dev v1",
            "route show dev v0 dev v1",
        ],
    )
    .since_7(),
    case(
        "metrics",
        routes! {
            "ip route add 10.1.0.0/16 via 10.0.0.2 mtu lock 1400 window 30000 rtt 100ms rttvar 50ms ssthresh 11 cwnd lock 12 advmss 1300 reordering 5 hoplimit 33 initcwnd 14 features ecn rto_min 300ms initrwnd 15 quickack 1 congctl reno fastopen_no_cookie 1"
            "ip route add 10.2.0.0/16 via 10.0.0.2 mtu 68 rtt 1s rttvar lock 1234ms rto_min 1000000s hoplimit lock 1"
            "ip route add 10.3.0.0/16 via 10.0.0.2 rtt 1234567ms congctl lock reno"
            "ip route add 10.4.0.0/16 mtu 1300 rtt 20250ms quickack 0 nexthop via 10.0.0.2 nexthop via 10.0.1.2"
            "ip -6 route add 2001:db8:1::/48 via 2001:db8::2 mtu 1300 advmss 1200 hoplimit 255 ssthresh 4294967295"
        },
        &["route", "-d route", "-o route", "-6 route", "route show table all"],
    ),
    case(
        "a feature of Linux 6.7",
        routes! {
            "ip route add 10.1.0.0/16 via 10.0.0.2 features tcp_usec_ts"
            "ip route add 10.2.0.0/16 via 10.0.0.2 features ecn tcp_usec_ts"
        },
        &["route"],
    )
    .since_7()
    .needs(
        "ip link set lo up
         ip route add 127.9.9.9 dev lo features tcp_usec_ts
         ip route flush dev lo",
    ),
    case(
        "links that are down",
        routes! {
            "ip route add 10.1.0.0/16 via 10.0.0.2"
            "ip route add 10.2.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.1.2"
            "ip -6 route add 2001:db8:1::/48 via fe80::9 dev v0"
            "ip -6 route add 2001:db8:2::/48 nexthop via fe80::9 dev v0 nexthop via fe80::a dev v1"
            "ip link set v1 down"
        },
        &["route", "-d route", "-6 route", "route show table all"],
    ),
    case(
        "nexthop objects",
        routes! {
            "ip nexthop add id 1 via 10.0.0.2 dev v0"
            "ip nexthop add id 2 via 10.0.1.2 dev v1 proto bgp"
            "ip nexthop add id 3 group 1,2/2,5"
            "ip nexthop add id 4 blackhole"
            "ip nexthop add id 5 group 1/2 type resilient buckets 4 idle_timer 60 unbalanced_timer 300"
            "ip nexthop add id 6 via fe80::77 dev v0"
            "ip nexthop add id 7 dev v1 proto static"
            "ip route add 10.1.0.0/16 nhid 1"
            "ip route add 10.2.0.0/16 nhid 1 metric 5 proto bgp"
            "ip route add 10.3.0.0/16 nhid 3"
            "ip route add 10.4.0.0/16 nhid 4"
            "ip route add 10.5.0.0/16 nhid 5"
            "ip route add 10.6.0.0/16 nhid 6"
            "ip route add 10.7.0.0/16 nhid 7 table 100"
            "ip -6 route add 2001:db8:1::/48 nhid 6"
        },
        &[
            "route",
            "-d route",
            "-d -c route",
            "-d -o route",
            "-d -p route",
            "-N -d route",
            "-6 -d route",
            "-d route show table all",
            "route show via 10.0.0.2",
            "route show type blackhole",
            "route get 10.3.0.1 fibmatch",
            "-d route get 10.1.0.1",
        ],
    )
    .needs(ONE_NEXTHOP),
    case(
        "nexthop objects with counters",
        routes! {
            "ip nexthop add id 1 via 10.0.0.2 dev v0"
            "ip nexthop add id 2 via 10.0.1.2 dev v1"
            "ip nexthop add id 3 group 1,2/2,5"
            "ip route add 10.1.0.0/16 nhid 3"
        },
        &["-d -s route", "-d -s -s route", "-d -s -o route", "-d -s -s -p route"],
    )
    .since_7()
    .needs(
        "ip link set lo up
         ip nexthop add id 9 blackhole
         ip nexthop add id 10 group 9 hw_stats off
         ip nexthop flush",
    ),
    case(
        "routes that show no more than the nexthop object",
        routes! {
            "sysctl -qw net.ipv4.nexthop_compat_mode=0"
            "ip nexthop add id 1 via 10.0.0.2 dev v0"
            "ip nexthop add id 2 via 10.0.1.2 dev v1"
            "ip nexthop add id 3 group 1,2/2,5"
            "ip route add 10.1.0.0/16 nhid 1"
            "ip route add 10.2.0.0/16 nhid 3"
        },
        &["route", "-d route", "route show dev v1", "route show dev v0"],
    )
    .since_7()
    .needs(ONE_NEXTHOP),
    case(
        "lookups",
        routes! {
            "ip route add 10.1.0.0/16 via 10.0.0.2 src 10.0.0.1 metric 5 mtu 1400"
            "ip route add 10.2.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.1.2"
            "ip route add 10.3.0.0/16 via 10.0.0.3 table 100"
            "ip rule add fwmark 0x55 table 100"
            "ip route add blackhole 10.5.0.0/16"
            "ip route add unreachable 10.6.0.0/16"
            "ip route add prohibit 10.7.0.0/16"
            "ip -6 route add 2001:db8:1::/48 via 2001:db8::2 metric 5 mtu 1400"
            "ip -6 route add 2001:db8:2::/48 nexthop via fe80::9 dev v0 nexthop via fe80::a dev v1"
            "ip -6 route add unreachable 2001:db8:5::/48"
            "sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.v1.rp_filter=0 net.ipv4.conf.all.rp_filter=0"
        },
        &[
            "route get 10.1.2.3",
            "-d route get 10.1.2.3",
            "-o route get 10.1.2.3",
            "-p route get 10.1.2.3",
            "-c route get 10.1.2.3",
            "-N -d route get 10.1.2.3",
            "route g 10.1.2.3",
            "route get to 10.1.2.3",
            "route get 10.1.2.3/24",
            "route get 10.0.0.1",
            "-s route get 10.0.0.1",
            "route get 10.0.0.255",
            "-d route get 10.0.0.255",
            "route get 224.0.0.1 oif v0",
            "route get 10.1.2.3 from 10.0.0.1",
            "route get 10.1.2.3 from 10.0.1.9 iif v1",
            "-d route get 10.1.2.3 f 10.0.1.9 i v1",
            "route get 10.0.0.1 from 10.0.1.9 iif v1",
            "route get 10.1.2.3 oif v0",
            "route get 10.1.2.3 dev v1",
            "route get 10.3.2.3 mark 0x55",
            "-d route get 10.3.2.3 mark 85",
            "route get 10.1.2.3 mark 5",
            "route get 10.1.2.3 tos 0x10",
            "route get 10.1.2.3 dsfield 10",
            "route get 10.1.2.3 uid 1000",
            "route get 10.1.2.3 ipproto tcp sport 80 dport 443",
            "route get 10.1.2.3 ipproto 17 sport 80 dport 443",
            "route get fibmatch 10.1.2.3",
            "route get fib 10.2.2.3",
            "-d route get 10.0.0.1 fibmatch",
            "route get 10.5.0.1",
            "route get 10.6.0.1",
            "route get 10.7.0.1",
            "route get 203.0.113.1",
            "route get connected 10.1.2.3 from 10.0.0.1",
            "route get 2001:db8::5",
            "-6 route get 2001:db8:1::5",
            "-d route get 2001:db8:1::5",
            "-c route get 2001:db8:1::5",
            "route get 2001:db8:1::5/64",
            "route get fibmatch 2001:db8:2::1",
            "route get 2001:db8:1::1 from 2001:db8::1 oif v0",
            "route get 2001:db8:5::1",
            "route get fe80::1 dev v0",
            "-d route get ::1",
            "-4 route get any",
            "-6 route get any",
            "route get any",
            "route get default",
            "-6 route get 2001:db8:1::1 mark 7 uid 3 ipproto udp sport 5 dport 6",
        ],
    ),
    // The kernel keeps the flag with the route that each of its processors has at hand: what is
    // looked up afterwards may have it, or not.
    case("lookups that notify", LINKS, &["route get notify 10.0.0.9"]),
    case("lookups that are made twice", LINKS, &["route get connected 10.0.0.9"]),
    case(
        "encapsulations of segment routing",
        routes! {
            "ip -6 route add 2001:db8:3::/48 encap seg6 mode encap segs 2001:db8:f::1,2001:db8:f::2,2001:db8:f::3 dev v0"
            "ip -6 route add 2001:db8:4::/48 encap seg6 mode inline segs 2001:db8:f::1,2001:db8:f::2 dev v0"
            "ip -6 route add 2001:db8:5::/48 encap seg6 mode l2encap segs 2001:db8:f::1 dev v0"
            "ip route add 10.1.0.0/16 encap seg6 mode encap segs 2001:db8:f::1 dev v0"
            "ip -6 route add 2001:db8:10::4 encap seg6local action End.X nh6 2001:db8::9 dev v0"
            "ip -6 route add 2001:db8:10::5 encap seg6local action End.T table 300 dev v0"
            "ip -6 route add 2001:db8:10::6 encap seg6local action End.DX2 oif v1 dev v0"
            "ip -6 route add 2001:db8:10::7 encap seg6local action End.DX6 nh6 2001:db8::9 dev v0"
            "ip -6 route add 2001:db8:10::8 encap seg6local action End.DX4 nh4 10.0.0.9 dev v0"
            "ip -6 route add 2001:db8:10::9 encap seg6local action End.DT6 table main dev v0"
            "ip -6 route add 2001:db8:10::c encap seg6local action End.B6 srh segs 2001:db8:f::1,2001:db8:f::2 dev v0"
            "ip -6 route add 2001:db8:10::d encap seg6local action End.B6.Encaps srh segs 2001:db8:f::1 dev v0"
            "ip -6 route add 2001:db8:17::/48 nexthop encap seg6 mode encap segs 2001:db8:f::2 via 2001:db8::7 dev v0 nexthop encap seg6 mode encap segs 2001:db8:f::1 via 2001:db8::8 dev v0"
        },
        &[
            "route",
            "-6 route",
            "-6 -d route",
            "-6 -o route",
            "-6 -p route",
            "-6 -c route",
            "-6 -N route",
            "-6 route get fibmatch 2001:db8:3::1",
        ],
    )
    .needs(
        "ip link set lo up
         ip -6 route add 2001:db8::1 encap seg6 mode encap segs 2001:db8:f::1 dev lo
         ip -6 route add 2001:db8::2 encap seg6local action End.DT6 table 5 dev lo
         ip -6 route flush dev lo",
    ),
    case(
        "newer encapsulations of segment routing",
        routes! {
            "ip -6 route add 2001:db8:6::/48 encap seg6 mode encap.red segs 2001:db8:f::1,2001:db8:f::2 dev v0"
            "printf 'secret\\n' | ip sr hmac set 4711 sha256"
            "ip -6 route add 2001:db8:7::/48 encap seg6 mode encap segs 2001:db8:f::1 hmac 4711 dev v0"
            "ip -6 route add 2001:db8:10::1 encap seg6local action End count dev v0"
            "ip -6 route add 2001:db8:10::2 encap seg6local action End flavors psp count dev v0"
            "ip -6 route add 2001:db8:10::3 encap seg6local action End flavors next-csid lblen 48 nflen 16 dev v0"
        },
        &["-6 route", "-6 -s route", "-6 -s -p route"],
    )
    .since_7()
    .needs(
        "ip link set lo up
         ip -6 route add 2001:db8::1 encap seg6local action End flavors next-csid dev lo
         ip -6 route flush dev lo",
    ),
    case(
        "MPLS",
        routes! {
            "sysctl -qw net.mpls.platform_labels=1048575 net.mpls.conf.v0.input=1"
            "ip -M route add 100 as 200/300 via inet 10.0.0.9 dev v0"
            "ip -M route add 101 via inet6 2001:db8::9 dev v0 ttl-propagate disabled"
            "ip -M route add 102 via link 02:00:00:00:00:09 dev v0 ttl-propagate enabled proto static"
            "ip -M route add 103 nexthop as 400 via inet 10.0.0.9 dev v0 nexthop as 500/600 via inet6 2001:db8::9 dev v0"
            "ip -M route add 1048574 dev lo"
            "ip route add 10.1.0.0/16 encap mpls 100/200 ttl 64 via 10.0.0.9"
            "ip route add 10.2.0.0/16 encap mpls 16 via inet6 2001:db8::9 dev v0"
            "ip route add 10.3.0.0/16 nexthop encap mpls 100 via 10.0.0.9 nexthop via 10.0.1.9"
            "ip -6 route add 2001:db8:1::/48 encap mpls 16 via 2001:db8::9"
        },
        &[
            "route",
            "-d route",
            "-6 route",
            "-M route",
            "-f mpls -d route",
            "-M -o route",
            "-M -p route",
            "-M -c route",
            "-M -N -d route",
            "-M route show 100",
            "-M route show 100/20",
            "-M route show match 103",
            "-M route show via inet 10.0.0.9",
            "-M route show via inet6 2001:db8::/32",
            "-M route show proto static",
            "-M route show table all",
            "-M route show table 5",
            "-M route show any",
            "-M route show 1048576",
            "-M route get 999",
            "-M route get 99999999",
            "-M route get fibmatch 103",
            "route show table all",
            "-d route show table all",
        ],
    )
    .needs(
        "ip link set lo up
         ip route add 127.9.9.9 encap mpls 16 dev lo
         ip route flush root 127.9.9.9
         test -d /proc/sys/net/mpls",
    ),
    case(
        "MPLS of nexthop objects, and by interface",
        routes! {
            "sysctl -qw net.mpls.platform_labels=1000"
            "ip -M route add 103 nexthop as 400 via inet 10.0.0.9 dev v0 nexthop as 500/600 via inet6 2001:db8::9 dev v0"
            "ip nexthop add id 1 encap mpls 100/200 via 10.0.0.9 dev v0"
            "ip route add 10.4.0.0/16 nhid 1"
        },
        &["-d route", "-M route show dev v0"],
    )
    .since_7()
    .needs(
        "ip link set lo up
         ip nexthop add id 9 encap mpls 16 dev lo
         ip nexthop get id 9
         ip nexthop flush
         test -d /proc/sys/net/mpls",
    ),
    case(
        "tunnels",
        routes! {
            "ip route add 10.1.0.0/16 encap ip id 4242 dst 10.0.0.9 src 10.0.0.1 ttl 5 tos 6 csum key dev v0"
            "ip route add 10.2.0.0/16 encap ip dst 10.0.0.9 seq dev v0"
            "ip -6 route add 2001:db8:1::/48 encap ip6 id 4247 dst 2001:db8::9 src 2001:db8::1 hoplimit 7 tc 8 seq dev v0"
            "ip route add 10.3.0.0/16 nexthop encap ip id 7 dst 10.0.0.8 via 10.0.0.8 dev v0 nexthop via 10.0.1.9"
        },
        &["route", "-d route", "-c route", "-o route", "-p route", "-6 route", "-6 -c route"],
    )
    .needs(
        "ip link set lo up
         ip route add 127.9.9.9 encap ip id 1 dst 127.0.0.1 dev lo
         ip route flush root 127.9.9.9",
    ),
    // Some kernels lock up when they are told of such options: throw-away ones only.
    case(
        "tunnels with options",
        routes! {
            "ip route add 10.1.0.0/16 encap ip id 4243 dst 10.0.0.9 geneve_opts 0x0102:0x80:01020304,0x0103:1:0a0b0c0d0e0f1011 dev v0"
            "ip route add 10.2.0.0/16 encap ip id 4244 dst 10.0.0.9 vxlan_opts 0x1234 dev v0"
            "ip route add 10.3.0.0/16 encap ip id 4245 dst 10.0.0.9 erspan_opts 1:0x12345:0:0 dev v0"
            "ip route add 10.4.0.0/16 encap ip id 4246 dst 10.0.0.9 erspan_opts 2:0:1:0x21 dev v0"
            "ip -6 route add 2001:db8:2::/48 encap ip6 id 4248 dst 2001:db8::9 geneve_opts 0x0102:0x80:01020304 dev v0"
        },
        &["route", "-o route", "-p route", "-6 route"],
    )
    .needs("grep -q 'User Mode Linux' /proc/cpuinfo"),
    case(
        "segment routing into a VRF",
        routes! {
            "ip link add red type vrf table 500"
            "ip link set red up"
            "sysctl -qw net.vrf.strict_mode=1"
            "ip -6 route add 2001:db8:10::1 encap seg6local action End.DT4 vrftable 500 dev red"
            "ip -6 route add 2001:db8:10::2 encap seg6local action End.DT46 vrftable 500 dev red"
            "ip -6 route add 2001:db8:10::3 encap seg6local action End.DT6 vrftable 500 dev red"
        },
        &["-6 route", "-6 -N route"],
    )
    .needs(
        "ip link add red type vrf table 9
         ip link set red up; ip link set lo up
         sysctl -qw net.vrf.strict_mode=1
         ip -6 route add 2001:db8::1 encap seg6local action End.DT4 vrftable 9 dev red
         ip link del red",
    ),
    case(
        "segment routing from an address",
        routes! {
            "ip -6 route add 2001:db8:3::/48 encap seg6 mode encap tunsrc 2001:db8::1 segs 2001:db8:f::1 dev v0"
            "ip -6 route add 2001:db8:4::/48 encap seg6 mode encap segs 2001:db8:f::1 dev v0"
        },
        &["-6 route", "-6 -c route"],
    )
    .since_7()
    .needs(
        "ip link set lo up
         ip -6 route add 2001:db8:1::/48 encap seg6 mode encap tunsrc 2001:db8::1 segs 2001:db8:f::1 dev lo
         ip -6 route flush dev lo",
    ),
    case(
        "telemetry on the way",
        routes! {
            "ip -6 route add 2001:db8:3::/48 encap ioam6 trace prealloc type 0x800000 ns 1 size 12 dev v0"
            "ip -6 route add 2001:db8:4::/48 encap ioam6 freq 2/5 mode encap tundst 2001:db8::9 trace prealloc type 0xc00000 ns 0 size 4 dev v0"
            "ip -6 route add 2001:db8:5::/48 encap ioam6 mode auto tunsrc 2001:db8::1 tundst 2001:db8::9 trace prealloc type 0xc00000 ns 0 size 4 dev v0 || true"
        },
        &["-6 route", "-6 -o route"],
    )
    .since_7()
    .needs(
        "ip link set lo up
         ip -6 route add 2001:db8:1::/48 encap ioam6 trace prealloc type 0x800000 ns 1 size 12 dev lo
         ip -6 route flush dev lo",
    ),
    case(
        "states of IPsec",
        routes! {
            "ip route add 10.1.0.0/16 encap xfrm if_id 7 link_dev v0 dev v1"
            "ip -6 route add 2001:db8:3::/48 encap xfrm if_id 8 dev v0"
        },
        &["route", "-6 route", "-c route"],
    )
    .needs(
        "ip link set lo up
         ip route add 127.9.9.9 encap xfrm if_id 1 dev lo
         ip route flush root 127.9.9.9",
    ),
    case(
        "address translation",
        routes! {
            "ip -6 route add 2001:db8:15:0:1::/80 encap ila 1:2:3:4 csum-mode adj-transport ident-type luid hook-type output dev v0"
        },
        &["-6 route"],
    )
    .needs(
        "ip link set lo up
         ip -6 route add 2001:db8:15:0:1::/80 encap ila 1:2:3:4 csum-mode no-action ident-type luid hook-type output dev lo
         ip -6 route flush dev lo",
    ),
    case(
        "a VRF",
        routes! {
            "ip link add red type vrf table 500"
            "ip link set red up"
            "ip link set v1 master red"
            "ip route add 10.1.0.0/16 via 10.0.1.9 vrf red"
        },
        &[
            "route show vrf red",
            "-d route show vrf red",
            "route show table 500",
            "-6 route show vrf red",
            "route get 10.1.2.3 vrf red",
            "-d route get vrf red 10.1.2.3",
            "route show dev red table all",
        ],
    )
    .needs("ip link add blue type vrf table 9; ip link del blue"),
    case(
        "names",
        "mount -t tmpfs none /etc/iproute2
             echo '1000 thousand' >/etc/iproute2/rt_tables
             echo '77 seven' >/etc/iproute2/rt_protos
             echo '150 here' >/etc/iproute2/rt_scopes
             printf '3 inner\\n4 outer\\n' >/etc/iproute2/rt_realms
             printf '0x10 lowdelay\\n0x28 AF11\\n' >/etc/iproute2/rt_dsfield
             ip link set lo up
             ip route add 10.1.0.0/16 dev lo table thousand proto seven scope here realms inner/outer
             ip route add 10.2.0.0/16 dev lo tos lowdelay
             ip route add 10.3.0.0/16 dev lo tos AF11 realms 4",
        &[
            "route",
            "-N -d route",
            "-d route show table all",
            "-N -d route show table all",
            "route show table thousand",
            "route show table all proto seven",
            "route show table all scope here",
            "route show table all realms inner/outer",
            "route show realms outer",
            "route show tos lowdelay",
            "route show tos AF11",
            "route get 10.2.0.1 tos lowdelay",
        ],
    ),
    case(
        "nothing",
        "",
        &[
            "route",
            "-6 route",
            "-M route",
            "route show table all",
            "route show table main",
            "route show table local",
            "-6 route show table 7",
            "route get 10.1.2.3",
            "route get 2001:db8::1",
        ],
    ),
    case(
        "refusals",
        LINKS,
        &[
            "route nosuch",
            "route help",
            "route h",
            "route show nosuch",
            "route show help",
            "route show table",
            "route show table nosuch",
            "route show table help",
            "route show vrf v0",
            "route show vrf nosuch",
            "route show dev",
            "route show dev nosuch",
            "route show iif nosuch",
            "route show proto nosuch",
            "route show proto 256",
            "route show scope nosuch",
            "route show scope 256",
            "route show type nosuch",
            "route show type 256",
            "route show type l",
            "route show metric x",
            "route show metric 4294967296",
            "route show tos x",
            "route show tos 100",
            "route show realms nosuch",
            "route show realms /4",
            "route show realms 3/nosuch",
            "route show mark x",
            "route show mark",
            "route show via x",
            "route show via inet6 10.0.0.1",
            "route show via inet6",
            "route show src x",
            "route show 1.2.3.4/33",
            "route show 10.0.0.0.0/8",
            "-4 route show ::/0",
            "-6 route show 10.0.0.0/8",
            "-6 route show src 10.0.0.0/8",
            "route show match",
            "route show from",
            "route show from x",
            "route get",
            "route get x",
            "route get help",
            "route get from help",
            "route get 10.0.0.9 from",
            "route get 10.0.0.9 from x",
            "route get 10.0.0.9 2001:db8::1",
            "-6 route get 10.0.0.9",
            "route get 10.0.0.9 oif nosuch",
            "route get 10.0.0.9 iif nosuch",
            "route get 10.0.0.9 mark x",
            "route get 10.0.0.9 tos x",
            "route get 10.0.0.9 uid x",
            "route get 10.0.0.9 vrf v0",
            "route get 10.0.0.9 vrf nosuch",
            "route get 10.0.0.9 ipproto nosuch",
            "route get 10.0.0.9 ipproto 300",
            "route get 10.0.0.9 sport x",
            "route get 10.0.0.9 sport 70000",
            "route get 10.0.0.9 dport x",
            "route get 10.0.0.9 as x",
            "route get 10.0.0.9 as to 10.0.0.8",
            "route get 10.0.0.9 from 203.0.113.1 iif v0",
        ],
    ),
];

const TWO_LOOKUPS: Difference = Difference {
    why: "the second route comes as text after the array",
    lines: "-j .* connected [^ ]*$",
    change: Change::Useless,
};

pub(crate) const FLAT_ENCAP_IN_6_1: Difference = Difference {
    why: "an encapsulation is no object of its own, and its fields clash with the route's",
    lines: "-j",
    change: Change::OurJson(|object| {
        if let Some(Value::Object(encap)) = object.remove("encap") {
            for (key, value) in encap {
                match &*key {
                    "encap_type" => object.insert("encap".into(), value),
                    _ => object.insert(key, value),
                };
            }
        }
    }),
};

const SINCE_7: &[Difference] = &[TWO_LOOKUPS];

const IN_6_1: &[Difference] = &[TWO_LOOKUPS, COLORS_IN_6_1, CUT_JSON_IN_6_1, FLAT_ENCAP_IN_6_1];

#[test]
fn route() {
    check(CASES, SINCE_7, IN_6_1);
}
