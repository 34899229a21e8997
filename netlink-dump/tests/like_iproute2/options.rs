//! What stands before the object.

use super::harness::{CUT_JSON_IN_6_1, Case, Change, Difference, case, check};

const CASES: &[Case] = &[
    case(
        "spellings",
        "ip link set lo up; ip -6 rule add pref 9 from 2001:db8::/32 table 300",
        &[
            "-4 rule",
            "-6 rule",
            "-4 -6 rule",
            "--6 ru",
            "-f inet6 rule",
            "-fam inet rule",
            "-o rule",
            "-oneline ru show",
            "-p rule",
            "-pretty rule list",
            "-N rule lst",
            "-N -6 rule ls",
            "-s -s -d rule",
            "-stat -details rule",
            "-h -iec -r -a -t -ts rule",
            "-l 3 -force -echo rule",
            "-rc 100000 rule",
            "-c rule",
            "-c=never rule",
            "-color=always rule",
            "-j -c rule",
            "-- rule",
        ],
    ),
    case(
        "namespaces",
        "ip netns add blue; ip -n blue rule add pref 7 from 192.0.2.0/24 table 7",
        &["rule", "-n blue rule", "-netns blue -6 rule", "-n nosuch rule", "-n /nosuch rule"],
    ),
    case(
        "refusals",
        "",
        &[
            "",
            "-foo",
            "-jj rule",
            "-c=no rule",
            "-f",
            "-f help",
            "-f any rule",
            "-f inet6x rule",
            "-l",
            "-rc",
            "-rc x rule",
            "-help",
            "help",
            "he",
            "nosuch",
            "rul3",
            "''",
            "-- -4 rule",
            "-B rule",
            "rule nosuch",
            "rule help",
            "rule he",
        ],
    ),
];

const SINCE_7: &[Difference] = &[];

const IN_6_1: &[Difference] = &[
    CUT_JSON_IN_6_1,
    Difference {
        why: "it tells of the whole use, not of what is missing",
        lines: "-(f|l|rc)$",
        change: Change::Useless,
    },
];

#[test]
fn options() {
    check(CASES, SINCE_7, IN_6_1);
}
