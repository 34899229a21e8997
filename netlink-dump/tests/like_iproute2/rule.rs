use super::harness::{Case, Change, Difference, case, check};

const CASES: &[Case] = &[case(
    "selectors and actions",
    "ip link set lo up
     ip rule add pref 50 fwmark 0x10/0xff iif lo uidrange 0-99 ipproto tcp sport 100-200 dport 80 table 300
     ip rule add pref 60 from 10.1.0.0/16 to 192.0.2.1 table 100 suppress_prefixlength 0
     ip rule add pref 70 not from 10.2.0.0/16 tos 0x10 goto 32766
     ip rule add pref 80 from 198.51.100.0/24 prohibit
     ip rule add pref 90 tun_id 4242 oif eth9 realms 3/4 table main protocol static
     ip rule add pref 95 l3mdev
     ip -6 rule add pref 55 from 2001:db8::/32 iif lo blackhole",
    &["rule", "-6 rule"],
)];

const SINCE_7: &[Difference] = &[];
const IN_6_1: &[Difference] = &[Difference {
    why: "it knows no masks of ports",
    lines: "-j",
    change: Change::OurKeys(&["sport_mask", "dport_mask"]),
}];

#[test]
fn rule() {
    check(CASES, SINCE_7, IN_6_1);
}
