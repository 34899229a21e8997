//! What stands before the object.

use super::{
    addr::{PROTO_IN_6_1, PROTO_KEY_IN_6_1},
    harness::{CUT_JSON_IN_6_1, Case, Change, Difference, case, check},
};

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
            "- 3 rule",
            "-echo addr show lo",
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
        "files of a namespace",
        "ip netns add blue
         mount -t tmpfs none /etc/iproute2
         mkdir -p /run/etc-netns/blue/iproute2
         mkdir -p /etc/netns && mount --bind /run/etc-netns /etc/netns
         echo '300 ours' > /etc/iproute2/rt_tables
         echo '300 theirs' > /etc/netns/blue/iproute2/rt_tables
         ip rule add pref 7 table 300; ip -n blue rule add pref 7 table 300",
        &["rule", "-n blue rule", "-n blue rule show table theirs"],
    ),
    case(
        "names of hosts",
        "cat > /run/hosts <<-'END'
         10.9.0.1 gw.example
         10.9.0.2 me.example
         10.9.0.255 all.example
         2001:db8:9::2 six.example
         END
         mount --bind /run/hosts /etc/hosts
         echo 'hosts: files' > /run/nss; mount --bind /run/nss /etc/nsswitch.conf
         ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up
         ip addr add 10.9.0.2/24 brd + dev v0; ip addr add 2001:db8:9::2/64 dev v0 nodad
         ip addr add 10.9.0.2 peer 10.9.0.1 dev v1
         ip route add 10.77.0.0/24 via 10.9.0.1 src 10.9.0.2
         ip route add 10.9.0.77 via 10.9.0.1; ip route add 10.9.0.2 dev v0 table 9
         ip route add table 7 default nexthop via 10.9.0.1 nexthop via 10.9.0.1 dev v1
         ip -6 route add 2001:db8:9::2/128 dev v1 metric 1 table 9
         ip neigh add 10.9.0.1 lladdr 02:00:00:00:00:01 dev v0
         ip rule add from 10.9.0.2 to 10.9.0.1 table 9
         ip nexthop add id 1 via 10.9.0.1 dev v0
         ip link add x0 type vxlan id 3 local 10.9.0.2 remote 10.9.0.1 dstport 4789
         ip addrlabel add prefix 2001:db8:9::2/128 label 5",
        &[
            "-r addr show v0",
            "-r addr show v1",
            "-r -br addr show v0",
            "-r route",
            "-r -6 route show table 9",
            "-r route show table 9",
            "-r route show table 7",
            "-r route get 10.9.0.1",
            "-r neigh",
            "-r -br neigh",
            "-r rule",
            "-r nexthop",
            "-r addrlabel",
            "-d -r link show x0",
        ],
    ),
    case(
        "lines of a file",
        "printf 'rule # all\\n\\n\\nrule show \\\\\\n table \"main\"\\nlink show \\047lo\\047\\n' > /run/whole
         printf 'rule\\nlink show nosuch\\nrule show table main\\n' > /run/missing
         printf 'rule\\nnosuch\\n\\nlink show lo\\nnosuch' > /run/unknown
         printf 'rule\\nrule show table nosuch\\nlink show lo\\n' > /run/wrong
         printf 'rule\\nlink help\\nlink show lo\\n' > /run/help
         printf 'rule\\n-4 rule\\nlink show lo\\n' > /run/option
         printf 'rule \\\\\\n' > /run/cut; printf \"rule 'show\\n\" > /run/open",
        &[
            "-b /run/whole",
            "-batch /run/whole rule nosuch",
            "-o -b /run/whole",
            "-6 -ba /run/whole",
            "-force -b /run/whole",
            "-b /run/missing",
            "-force -b /run/missing",
            "-b /run/unknown",
            "-force -b /run/unknown",
            "-b /run/wrong",
            "-force -b /run/wrong",
            "-force -b /run/help",
            "-force -b /run/option",
            "-b /run/cut",
            "-b /run/open",
            "-b /run/nosuch",
            "-b",
            "-b -",
        ],
    ),
    case(
        "refusals",
        "",
        &[
            "",
            "-foo",
            "--foo",
            "---4 rule",
            "-ech rule",
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
    PROTO_IN_6_1,
    PROTO_KEY_IN_6_1,
    Difference {
        why: "it tells of the whole use, not of what is missing",
        lines: "-(f|l|rc|b)$",
        change: Change::Useless,
    },
];

#[test]
fn options() {
    check(CASES, SINCE_7, IN_6_1);
}
