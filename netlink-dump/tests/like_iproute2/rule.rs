//! `ip rule`

use super::harness::{COLORS_IN_6_1, CUT_JSON_IN_6_1, Case, Change, Difference, case, check};

const RULES: &str = "
    ip link set lo up
    ip rule add pref 20 fwmark 0x10/0xff iif lo uidrange 0-0 ipproto tcp sport 100-200 dport 80 table 300
    ip rule add pref 30 from 10.1.0.0/16 to 192.0.2.1 table 100 suppress_prefixlength 0 protocol static
    ip rule add pref 31 from 10.1.2.3 table 100 suppress_ifgroup default
    ip rule add pref 32 to 10.2.0.0/15 table 1000 suppress_ifgroup 77 protocol 99
    ip rule add pref 40 not from 10.2.0.0/16 tos 0x10 goto 32766
    ip rule add pref 41 fwmark 0/0xf goto 50000
    ip rule add pref 42 fwmark 0x1234 nop
    ip rule add pref 50 from 198.51.100.0/24 prohibit
    ip rule add pref 51 from 198.51.100.0/25 blackhole
    ip rule add pref 52 from 198.51.100.0/26 unreachable
    ip rule add pref 60 tun_id 4242424242 oif eth9 realms 3/4 table main protocol static
    ip rule add pref 61 iif eth7 oif eth8 realms 5 table default protocol 200
    ip rule add pref 62 iif lo oif lo table local protocol bgp
    ip rule add pref 70 l3mdev
    ip rule add pref 71 l3mdev protocol kernel
    ip rule add pref 80 ipproto 200 sport 7 dport 8-9 table 5
    ip rule add pref 81 ipproto icmp tos 0x1c table 5
    ip -6 rule add pref 20 from 2001:db8::/32 iif lo blackhole
    ip -6 rule add pref 21 from 2001:db8::1 to 2001:db8:1::/48 ipproto ipv6-icmp table 300
    ip -6 rule add pref 22 not to 2001:db8::2 tos 0x40 goto 23 protocol ra
    ip -6 rule add pref 23 suppress_prefixlength 7 table main";

const CASES: &[Case] = &[
    case(
        "all",
        RULES,
        &[
            "rule",
            "-d rule",
            "-N rule",
            "-N -d rule",
            "-c rule",
            "-o rule",
            "-p rule",
            "-6 rule",
            "-6 -d rule",
            "-6 -c rule",
            "-6 -N -p rule",
        ],
    ),
    case(
        "selectors",
        RULES,
        &[
            "rule show from 10.1.0.0/16",
            "rule show from 10.1.2.3",
            "rule show src 10.0.0.0/8",
            "rule show f 0.0.0.0/0",
            "rule show from default",
            "rule show from any",
            "rule show s 198.51.100.0/255.255.255.128",
            "rule show to 192.0.2.1",
            "rule show dst 10.2.0.0/16",
            "rule show d 10/8",
            "rule show t 9",
            "rule show 192.0.2.1",
            "rule show 192.0.2.0/24",
            "-6 rule show from 2001:db8::/32",
            "-6 rule show from 2001:db8::1",
            "-6 rule show to 2001:db8:1::1",
            "rule show iif lo",
            "rule show dev eth7",
            "rule show oif lo",
            "rule show iif eth7 oif eth8",
            "rule show oif nosuch",
            "rule show fwmark 0x10",
            "rule show fwmark 16/0xff",
            "rule show fwmark 0x10/0xfe",
            "rule show fwmark 0",
            "rule show fwmark 0/0xf",
            "rule show fwmark 0x1234",
            "rule show pref 20",
            "rule show preference 0",
            "rule show order 30",
            "rule show o 30",
            "rule show priority 0x14",
            "rule show prio 024",
            "rule show table 100",
            "rule show table main",
            "rule show lookup local",
            "rule show l 0",
            "rule show ta 300",
            "rule show tos 0x10",
            "rule show tos 1c",
            "rule show tos 0",
            "rule show dsfield AF12",
            "rule show ipproto tcp",
            "rule show ipproto 200",
            "rule show ipproto 0",
            "rule show sport 7",
            "rule show sport 100-200",
            "rule show sport 100",
            "rule show dport 80",
            "rule show dport 8-9",
            "rule show dport 0",
            "rule show uidrange 0-0",
            "rule show uidrange 0-1",
            "rule show tun_id 4242424242",
            "rule show tun 1",
            "rule show tun_id 0",
            "rule show l3mdev",
            "rule show not",
            "-6 rule show not",
            "rule show protocol static",
            "rule show proto all",
            "rule show from 10.1.0.0/16 table 100 iif lo",
            "rule show table 100 from 10.1.0.0/16",
            "rule list pref 20 pref 30",
        ],
    ),
    case(
        "users",
        "ip rule add pref 1 uidrange 5-99 table 300
         ip rule add pref 2 uidrange 0-4294967294 table 300",
        &["rule", "rule show uidrange 5-99", "rule show uidrange 5-98"],
    )
    // Not so of a namespace that has no other user than root.
    .needs("ip rule add pref 9 uidrange 5-99; ip rule del pref 9"),
    case(
        "names in a broken file",
        "mount -t tmpfs none /etc/iproute2
         printf '300 #three\\n301one and more\\n  \\n302\\n303 three\\n' >/etc/iproute2/rt_tables
         for table in 300 301 302 303; do ip rule add pref $table table $table; done",
        &["rule", "rule show table one", "rule show table three"],
    ),
    case(
        "names",
        "mount -t tmpfs none /etc/iproute2
         mkdir /etc/iproute2/rt_tables.d /etc/iproute2/rt_protos.d
         echo '# of no use

         255 local # of this host
         0x12d hex
         300 three\thundred
         301 again
         ' >/etc/iproute2/rt_tables
         echo '300 three-hundred' >/etc/iproute2/rt_tables.d/b.conf
         echo '254 not-main' >/etc/iproute2/rt_tables.d/ignored
         echo '302 hidden' >/etc/iproute2/rt_tables.d/.c.conf
         echo '200 two' >/etc/iproute2/rt_protos.d/b.conf
         echo '77 seven' >/etc/iproute2/group
         echo '3 inner' >/etc/iproute2/rt_realms
         echo '0x10 lowdelay
         0x28 AF11' >/etc/iproute2/rt_dsfield
         ip rule add pref 10 table 300 tos 0x10 realms 3/9 protocol 200
         ip rule add pref 11 table 301 tos 0x14 realms 9/3 protocol 4 suppress_ifgroup 77
         ip rule add pref 12 table 302 tos 0x4 realms 0",
        &[
            "rule",
            "-d rule",
            "-N rule",
            "rule show table three",
            "rule show table three-hundred",
            "rule show table hex",
            "rule show table again",
            "rule show table 300",
            "rule show tos lowdelay",
            "rule show proto two",
        ],
    ),
    case(
        "of Linux 6.15",
        "ip rule add pref 10 dscp 10 table 5
         ip rule add pref 11 dscp 0x12/0x1f table 5
         ip rule add pref 12 dscp EF table 5 protocol static
         ip rule add pref 13 sport 5/0xf dport 0x1000/0xff00 table 5
         ip rule add pref 14 sport 5 dport 4096 table 5
         ip -6 rule add pref 13 flowlabel 0x12345 table 5
         ip -6 rule add pref 14 flowlabel 0x345/0xfff table 5
         ip -6 rule add pref 15 flowlabel 0/0xf dscp 0 table 5",
        &[
            "rule",
            "-N rule",
            "-d rule",
            "-6 rule",
            "rule show dscp 10",
            "rule show dscp AF11",
            "rule show dscp 18",
            "rule show dscp 18/31",
            "rule show dscp 10/0x3f",
            "-6 rule show dscp 0",
            "-6 rule show flowlabel 0x12345",
            "-6 rule show flowlabel 0x345",
            "-6 rule show flowlabel 0x345/0xfff",
            "-6 rule show flowlabel 0",
            "rule show sport 5",
            "rule show sport 5/0xf",
            "rule show sport 5/0xff",
            "rule show sport 5/0xffff",
            "rule show dport 4096",
            "rule show dport 4096/0xff00",
        ],
    )
    .since_7()
    .needs("ip rule add pref 9 dscp 9/9 sport 9/9; ip rule del pref 9"),
    case(
        "refusals",
        "",
        &[
            "rule nosuch",
            "rule help",
            "rule show nosuch",
            "rule show from",
            "rule show from nosuch",
            "rule show from all/8",
            "rule show from 10.0.0.0/33",
            "rule show from 2001:db8::",
            "-6 rule show from 10.0.0.0",
            "-6 rule show nosuch",
            "rule show iif",
            "rule show iif averyverylongname",
            "rule show iif a/b",
            "rule show dev ''",
            "rule show oif 'a b'",
            "rule show pref x",
            "rule show pref 4294967296",
            "rule show tos lowdelay",
            "rule show tos 100",
            "rule show fwmark x",
            "rule show fwmark 1/x",
            "rule show uidrange 5",
            "rule show uidrange 5-",
            "rule show uidrange x-5",
            "rule show tun_id x",
            "rule show table nosuch",
            "rule show table all",
            "rule show protocol nosuch",
            "rule show ipproto nosuch",
            "rule show ipproto 256",
            "rule show ipproto 0x6",
            "rule show sport x",
            "rule show sport 70000",
            "rule show fw 1",
            "rule show realms 3",
            "-B rule",
        ],
    ),
];

const SINCE_7: &[Difference] = &[];

const IN_6_1: &[Difference] = &[
    COLORS_IN_6_1,
    CUT_JSON_IN_6_1,
    Difference {
        why: "it takes port 0 for none, 70000 for 4464, and x for half a range",
        lines: "port (0|70000|x)$",
        change: Change::Useless,
    },
    Difference {
        why: "it knows no masks of ports",
        lines: "-j",
        change: Change::OurKeys(&["sport_mask", "dport_mask"]),
    },
];

#[test]
fn rule() {
    check(CASES, SINCE_7, IN_6_1);
}
