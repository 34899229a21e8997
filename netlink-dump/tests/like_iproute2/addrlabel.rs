//! `ip addrlabel`

use super::harness::{COLORS_IN_6_1, CUT_JSON_IN_6_1, Case, Difference, case, check};

const CASES: &[Case] = &[
    case(
        "labels",
        "ip link add v0 type veth peer name v1
         ip addrlabel add prefix 2001:db8:1200::/40 label 770
         ip addrlabel add prefix 2001:db8:3400::/41 dev v0 label 99",
        &[
            "addrlabel",
            "addrl show",
            "addrlabel list",
            "-6 addrlabel",
            "-o addrlabel",
            "-p addrlabel",
            "-c addrlabel",
        ],
    ),
    case(
        "refused",
        "",
        &["addrlabel nosuch", "addrlabel help", "addrlabel show v0", "-4 addrlabel"],
    ),
];

const SINCE_7: &[Difference] = &[];

const IN_6_1: &[Difference] = &[COLORS_IN_6_1, CUT_JSON_IN_6_1];

#[test]
fn addrlabel() {
    check(CASES, SINCE_7, IN_6_1);
}
