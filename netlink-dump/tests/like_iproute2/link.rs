use super::{
    addr::{PROTO_IN_6_1, PROTO_KEY_IN_6_1},
    harness::{COLORS_IN_6_1, Case, Change, Difference, case, check},
    link_kind::{BLANK_IN_6_1, LESS_IN_6_1, LESS_KEYS_IN_6_1},
};

const CASES: &[Case] = &[
    case(
        "links below and above",
        "ip link set lo up
         ip link add v0 type veth peer name v1
         ip link set v0 up
         ip link set v1 up
         ip link add br0 type bridge
         ip link set v1 master br0
         ip link add link v0 name mv0 type macvlan mode bridge
         ip link add link br0 name mv1 type macvlan
         ip netns add other
         ip link add far type veth peer name near netns other",
        &["link", "-o link", "-p link", "-N link", "link show mv1", "link list dev far", "-4 link"],
    ),
    case(
        "names, alias, group",
        "ip link add v0 type veth peer name v1
         ip link set v0 group 7 alias 'a \"q\" \\ b'
         ip link set v1 group default txqueuelen 0
         ip link property add dev v0 altname alt0 altname a-name-of-more-than-fifteen-bytes",
        &[
            "link",
            "-o link",
            "link show alt0",
            "link show a-name-of-more-than-fifteen-bytes",
            "link show group 7",
            "link show group default",
            "link show if3 group default",
            "link show if2 group 7",
            "link show dev alt0 group 7",
            "link show nosuch group 7",
            "link show v0 group 8",
        ],
    ),
    case(
        "names that are no text",
        "name=$(printf 'b\\377\\001x')
         ip link add \"$name\" type veth peer name \"$(printf '\\303\\244')\"
         ip link set \"$name\" alias \"$(printf 'c\\300d\\033')\"",
        &["link show \"$(printf 'b\\377\\001x')\"", "addr show \"$(printf 'b\\377\\001x')\""],
    ),
    case(
        "kept down",
        "ip link add lower type veth peer name other
         ip link add link lower name v0 type macvlan
         ip link set v0 protodown on
         ip link set v0 protodown_reason 3 on
         ip link set v0 protodown_reason 17 on
         ip link add link lower name v1 type macvlan
         ip link set v1 protodown on",
        &["link"],
    ),
    case(
        "selected",
        "ip link set lo up
         ip link add v0 type veth peer name v1
         ip link set v0 up
         ip link set v1 up
         ip link add br0 type bridge
         ip link set v1 master br0",
        &[
            "link show up",
            "link show down",
            "link show up down",
            "link show master br0",
            "link show nomaster",
            "link show type veth",
            "link show type bridge",
            "link show type bridge_slave",
            "link show type veth master br0",
            "link show type nonsense",
            "link show novf",
            "link show v0 down",
            "link show v0 master br0",
            "link show v0 type bridge",
            "link ls v0",
            "link lst v0",
            "link sh v0",
            "-6 link show v0",
            "link show scope host",
        ],
    ),
    case(
        "counters",
        "ip link add v0 type veth peer name v1
         ip link set v0 up
         ip link set v1 up
         ip addr add 192.0.2.1/24 dev v0
         ip addr add 192.0.2.77/24 dev v1
         ip neigh add 192.0.2.9 lladdr 00:11:22:33:44:55 dev v0
         ip neigh add 192.0.2.10 lladdr ff:ff:ff:ff:ff:ff dev v0
         bash -c 'for to in 9 10; do
                      exec 3<>/dev/udp/192.0.2.$to/9
                      for i in $(seq 1 90); do head -c 60000 /dev/zero >&3; done
                  done'
         sleep 3",
        &[
            "-s link",
            "-s -s link",
            "-o -s link",
            "-o -s -s link",
            "-s -s link show v0",
            "-h -s -s link",
            "-h -iec -s link",
            "-s addr",
            "-s -s addr",
            "-s -o addr",
            "-6 -s addr",
            "-6 -s -s addr show up",
            "-d -s link show v1",
        ],
    ),
    case(
        "in short",
        "ip link set lo up
         ip link add v0 type veth peer name v1
         ip link set v0 up
         ip link set v1 up
         ip link add a-name-of-15-by link v0 type macvlan
         ip addr add 192.0.2.1/24 metric 7 dev v0
         ip addr add 192.0.2.2 peer 192.0.2.3 dev v0
         ip addr add 2001:db8::1/64 metric 9 dev v0 nodad
         ip netns add other
         ip link add far type veth peer name near netns other
         sleep 2",
        &[
            "-br link",
            "-br addr",
            "-br -4 addr",
            "-br -6 addr",
            "-br -o addr",
            "-br -d -s link",
            "-br link show type veth",
            "-br addr show up",
        ],
    ),
    case(
        "in color",
        "ip link set lo up
         ip link add v0 type veth peer name v1
         ip link set v0 up
         ip link set v1 up
         ip link add br0 type bridge
         ip addr add 192.0.2.1/24 brd + dev v0
         ip addr add 192.0.2.2 peer 192.0.2.3 dev v0
         ip addr add 2001:db8::1/64 dev v0 nodad
         sleep 2",
        &[
            "-c=always link",
            "-c=always -br link",
            "-c=always -d link",
            "-c=always addr",
            "-c=always -br addr",
            "-c=always -o addr",
        ],
    ),
    case(
        "details",
        "ip link add v0 type veth peer name v1
         ip link set v0 addrgenmode none
         ip link set v1 addrgenmode stable_secret || ip link set v1 addrgenmode random
         ip link set v0 gso_max_size 1234 gso_max_segs 7 gro_max_size 4321 promisc on
         ip link set v1 allmulticast on
         ip link set v0 alias 'some link'",
        &["-d link", "-d addr", "-d -6 addr", "-d -o link", "-d -s link"],
    ),
    case(
        "refused",
        "ip link add br0 type bridge",
        &[
            "link show nope",
            "link show a/b",
            "link show ''",
            "link show a-name-of-one-hundred-and-twenty-eight-bytes-is-one-more-than-an-alternative-name-can-have-because-there-has-to-be-a-nul--....",
            "link show $(printf %0900d 0)",
            "link nonsense",
            "link s",
            "link show if1",
            "link show dev if999",
            "-4 link show if1",
            "link show dev",
            "link show dev lo dev br0",
            "link show lo br0",
            "link show master nope",
            "link show vrf nope",
            "link show vrf br0",
            "link show type",
            "link show group nope",
            "link show to 10.0.0.0/8",
            "link help",
            "link show help",
        ],
    ),
];

const S_IS_SET: Difference = Difference {
    why: "it takes the letter for `set`, which we do not have",
    lines: "link s$",
    change: Change::TheirError(
        "Not enough information: \"dev\" argument is required.",
        "Command \"s\" is unknown, try \"netlink-dump link help\".",
    ),
};

const SINCE_7: &[Difference] = &[
    S_IS_SET,
    Difference {
        why: "it knows eight reasons, of the kernel's 32",
        lines: "link",
        change: Change::Ours("<3,17>", "<3>"),
    },
    Difference {
        why: "it knows eight reasons, of the kernel's 32",
        lines: "-j link",
        change: Change::Ours(r#""3","17""#, r#""3""#),
    },
    Difference {
        why: "it writes names that are not UTF-8 into JSON as they are, which no reader takes",
        lines: "-j .* show .*printf",
        change: Change::Useless,
    },
    Difference {
        why: "it leaves an empty object for each link that is not selected",
        lines: "-j .*(link|addr) show",
        change: Change::Theirs(r",\{\}", ""),
    },
    Difference {
        why: "it leaves an empty object for the first link if that is not selected",
        lines: "-j .*(link|addr) show",
        change: Change::Theirs(r"^\[\{\},?", "["),
    },
];
const IN_6_1: &[Difference] = &[
    S_IS_SET,
    PROTO_IN_6_1,
    PROTO_KEY_IN_6_1,
    BLANK_IN_6_1,
    LESS_IN_6_1,
    LESS_KEYS_IN_6_1,
    COLORS_IN_6_1,
    Difference {
        why: "it leaves an empty object for each link that is not selected",
        lines: "-j .*(link|addr) show",
        change: Change::Theirs(r",\{\}", ""),
    },
    Difference {
        why: "it leaves an empty object for the first link if that is not selected",
        lines: "-j .*(link|addr) show",
        change: Change::Theirs(r"^\[\{\},?", "["),
    },
    Difference {
        why: "it does not tell that the queue has no length",
        lines: "",
        change: Change::Ours(r"qlen 0", ""),
    },
    Difference {
        why: "it does not tell that the queue has no length",
        lines: "-j",
        change: Change::Ours(r#""txqlen":0,"#, ""),
    },
    Difference {
        why: "it knows eight reasons, of the kernel's 32",
        lines: "link",
        change: Change::Ours("<3,17>", "<3>"),
    },
    Difference {
        why: "it knows eight reasons, of the kernel's 32",
        lines: "-j link",
        change: Change::Ours(r#""3","17""#, r#""3""#),
    },
    Difference {
        why: "it writes names that are not UTF-8 into JSON as they are, which no reader takes",
        lines: "-j .* show .*printf",
        change: Change::Useless,
    },
    Difference {
        why: "it has an article more",
        lines: "",
        change: Change::TheirError("is a garbage", "is garbage"),
    },
    Difference {
        why: "it takes the word for the name of a link",
        lines: "link show .*(down|novf)",
        change: Change::Useless,
    },
    Difference {
        why: "it reads the counters of IPv6 in the order of an older kernel",
        lines: "-6 -s",
        change: Change::Useless,
    },
];

#[test]
fn link() {
    check(CASES, SINCE_7, IN_6_1);
}
