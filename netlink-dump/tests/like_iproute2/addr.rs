use super::harness::{Case, Change, Difference, case, check};

const SETUP: &str = "
    ip link set lo up
    ip link add v0 type veth peer name v1
    ip link set v0 up
    ip link set v1 up
    ip link property add dev v0 altname alt0
    ip addr add 192.0.2.1/24 dev v0
    ip addr add 192.0.2.2/24 dev v0 label v0:x
    ip addr add 10.0.0.1 peer 10.0.0.2/30 dev v0 valid_lft 5000 preferred_lft 4000
    ip addr add 198.51.100.1/24 brd + dev v0 metric 5 scope link noprefixroute
    ip addr add 198.51.100.9/32 dev v0 proto 0x42 scope 77 || ip addr add 198.51.100.9/32 dev v0 scope 77
    ip addr add 2001:db8::1/64 dev v0 nodad
    ip addr add 2001:db8::2/64 dev v0 nodad home mngtmpaddr
    ip addr add 2001:db8::3 peer 2001:db8::4/128 dev v0 nodad
    ip addr add 2001:db8::5/64 dev v0 nodad valid_lft 5000 preferred_lft 0
    ip addr add 239.1.2.3/32 dev v1 autojoin
    ip link add br0 type bridge
    ip link set v1 master br0
    sleep 2";

const CASES: &[Case] = &[
    case(
        "addresses",
        SETUP,
        &[
            "addr",
            "-4 addr",
            "-6 addr",
            "-0 addr",
            "-0 -br addr",
            "-0 -o addr",
            "-0 -br -o addr",
            "-M addr",
            "-o addr",
            "-p addr",
            "-N addr",
        ],
    ),
    case(
        "of one link",
        SETUP,
        &[
            "addr show v0",
            "addr show dev alt0",
            "addr list if2",
            "-6 addr show v0",
            "-4 addr show br0",
            "-0 addr show v0",
            "-o -6 addr show v0",
        ],
    ),
    case(
        "selected",
        SETUP,
        &[
            "addr show up",
            "addr show down",
            "addr show master br0",
            "-6 addr show master br0",
            "addr show nomaster type veth",
            "addr show type bridge_slave",
            "addr show group 0 dev lo",
            "addr show to 192.0.2.0/24",
            "addr show dev v0 to 10/8",
            "addr show to 10.0.0.1",
            "addr show to 10.0.0.2",
            "addr show to ::/0",
            "addr show to any",
            "-4 addr show to any",
            "addr show scope all",
            "addr show scope link",
            "addr show scope 77",
            "addr show proto 0x42",
            "addr show proto 7",
            "-br addr show proto 7",
            "-o addr show proto 7",
            "-6 addr show dev v1 scope host",
            "-4 addr show nomaster",
            "-o addr show type veth",
            "-o -4 addr show type veth",
            "-o -4 addr show master br0",
            "-o addr show up",
            "-o addr show group 7",
        ],
    ),
    case(
        "with flags",
        SETUP,
        &[
            "addr show primary",
            "addr show secondary",
            "addr show temporary",
            "addr show dynamic",
            "addr show -dynamic",
            "addr show permanent",
            "addr show tentative",
            "addr show -tentative",
            "addr show deprecated",
            "addr show -deprecated",
            "addr show dadfailed",
            "addr show nodad",
            "addr show -nodad",
            "addr show home",
            "addr show mngtmpaddr",
            "addr show noprefixroute",
            "addr show autojoin",
            "addr show deprecated -nodad",
        ],
    ),
    case(
        "temporary ones",
        "ip link set lo up
         ip link add v0 type veth peer name v1
         sysctl -qw net.ipv6.conf.v0.use_tempaddr=2
         ip link set v0 up; ip link set v1 up
         ip addr add 2001:db8:7::1/64 dev v0 mngtmpaddr valid_lft 500000 preferred_lft 400000
         sleep 3",
        &["addr show v0", "addr show temporary", "addr show mngtmpaddr", "-6 addr show -temporary"],
    ),
    case(
        "labels",
        SETUP,
        &[
            "addr show label v0",
            "addr show label 'v0:*'",
            "-o addr show label 'v[0]:?'",
            "-br addr show label 'v0*' up",
            "addr show label 'v*' down",
            "addr show label 'v*' type bridge",
            "-4 addr show label 'v*' master br0",
            "-0 addr show label v0",
        ],
    ),
    case(
        "refused",
        "",
        &[
            "addr show nope",
            "addr nonsense",
            "addr show to",
            "addr show to nope",
            "-6 addr show to 1.2.3.4",
            "-0 addr show to 1.2.3.4",
            "addr show scope nope",
            "addr show scope 999",
            "addr show proto 999",
            "addr show lo lo",
            "addr help",
        ],
    ),
];

const SINCE_7: &[Difference] = &[
    Difference {
        why: "it leaves an empty object for each link or address that is not selected",
        lines: "-j .*addr show",
        change: Change::Theirs(r",\{\}", ""),
    },
    Difference {
        why: "it leaves an empty object for the first one if that is not selected",
        lines: "-j .*addr show",
        change: Change::Theirs(r"\[\{\},?", "["),
    },
];
const IN_6_1: &[Difference] = &[
    Difference {
        why: "it has an article more",
        lines: "",
        change: Change::TheirError("is a garbage", "is garbage"),
    },
    Difference {
        why: "it leaves an empty object for each link or address that is not selected",
        lines: "-j .*addr show",
        change: Change::Theirs(r",\{\}", ""),
    },
    Difference {
        why: "it leaves an empty object for the first one if that is not selected",
        lines: "-j .*addr show",
        change: Change::Theirs(r"\[\{\},?", "["),
    },
    PROTO_IN_6_1,
    PROTO_KEY_IN_6_1,
    Difference {
        why: "it does not select by who set an address",
        lines: "addr show proto",
        change: Change::Useless,
    },
    Difference {
        why: "it takes the word for the name of a link",
        lines: "addr show (.*down|-.*)$",
        change: Change::Useless,
    },
    Difference {
        why: "it does not look at the group where an address has a line of its own",
        lines: "-o addr show group",
        change: Change::Useless,
    },
    Difference {
        why: "it asks for the length of the queue again, which IPv6's view of a link lacks",
        lines: "-6 addr( show master br0)?$",
        change: Change::Theirs("qlen 1000\n", "\n"),
    },
    Difference {
        why: "it asks for the length of the queue again, which IPv6's view of a link lacks",
        lines: "-6 addr( show master br0)?$",
        change: Change::TheirJson(|object| drop(object.remove("txqlen"))),
    },
];

pub(super) const PROTO_IN_6_1: Difference = Difference {
    why: "it does not know who set an address",
    lines: "",
    change: Change::Ours(r"proto (kernel_\w+|0x\w+) ", ""),
};

pub(super) const PROTO_KEY_IN_6_1: Difference = Difference {
    why: "it does not know who set an address",
    lines: "",
    change: Change::OurKeys(&["protocol"]),
};

#[test]
fn addr() {
    check(CASES, SINCE_7, IN_6_1);
}
