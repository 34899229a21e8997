//! `ip -d link`: every kind of link, and the ports of those that have some.
//!
//! Few kernels have all kinds: `cargo xtask kernel-test` runs these where most are.

use super::harness::{Case, Change, Difference, case, check};

/// A case that needs a kind of link.
macro_rules! kind {
    ($kind:literal, $probe:literal, $setup:expr) => {
        case($kind, $setup, &["-d link", "-o -d link"]).needs(concat!(
            "ip link add ",
            $probe,
            "; ip link del probe"
        ))
    };
}

/// A link with addresses, for others to lie over.
macro_rules! over {
    ($setup:literal) => {
        concat!(
            "ip link add d0 type veth peer name d1
             ip link add d2 type veth peer name d3
             ip link set d0 up; ip link set d1 up
             ip addr add 10.0.0.1/24 dev d0
             ip addr add 2001:db8::1/64 dev d0 nodad\n",
            $setup
        )
    };
}

const CASES: &[Case] = &[
    kind!(
        "vlan",
        "d0 type veth peer name d1; ip link add link d0 name probe type vlan id 9; ip link del d0; ip link add probe type veth",
        over!(
            "ip link add link d0 name vl0 type vlan id 5
             ip link add link d0 name vl1 type vlan protocol 802.1ad id 6 reorder_hdr off gvrp on mvrp on loose_binding on bridge_binding on ingress-qos-map 1:2 3:4 egress-qos-map 5:6
             ip link add link d0 name vl2 type vlan id 7 reorder_hdr off"
        )
    ),
    case(
        "vxlan",
        over!(
            "ip link add vx0 type vxlan id 42 dev d0 remote 10.0.0.2 local 10.0.0.1 dstport 4789
             ip link add vx1 type vxlan id 43 dev d0 group 239.1.1.1 dstport 4790 ttl 5 tos inherit srcport 100 200 ageing 0 maxaddress 7 nolearning proxy rsc l2miss l3miss noudpcsum df set
             ip link add vx2 type vxlan id 44 remote 2001:db8::2 local 2001:db8::1 dstport 4791 flowlabel 0x123 udp6zerocsumtx udp6zerocsumrx ttl inherit tos 0x10 gbp df inherit
             ip link add vx3 type vxlan external dstport 4792 vnifilter
             ip link add vx4 type vxlan gpe external dstport 4793
             ip link add vx5 type vxlan id 46 group ff05::100 dev d0 dstport 4794 ageing 20 ttl auto df unset remcsumtx remcsumrx
             ip link set vx5 type vxlan id 46 nolocalbypass || true"
        ),
        &["-d link show type vxlan", "-o -d link show type vxlan", "-d -d link show type vxlan"],
    )
    .needs("ip link add probe type vxlan external dstport 4789; ip link del probe"),
    case(
        "macvlan and macvtap",
        over!(
            "ip link add link d0 name mv0 type macvlan mode bridge bcqueuelen 50
             ip link add link d0 name mv1 type macvlan mode source macaddr add 00:11:22:33:44:55
             ip link set mv1 type macvlan macaddr add 00:11:22:33:44:56
             ip link add link d0 name mv2 type macvlan mode private nodst
             ip link add link d2 name mv3 type macvlan mode passthru nopromisc
             ip link add link d0 name mv4 type macvlan mode source
             ip link set mv0 type macvlan bclim 3 || true
             ip link add link d0 name mt0 type macvtap mode vepa || true"
        ),
        &["-d link", "-o -d link"],
    )
    .needs("ip link add d0 type veth peer name d1; ip link add link d0 type macvlan; ip link del d0"),
    kind!(
        "ipvlan",
        "d0 type veth peer name d1; ip link add link d0 name probe type ipvlan; ip link del d0; ip link add probe type veth",
        over!(
            "ip link add link d0 name iv0 type ipvlan mode l2
             ip link add link d0 name iv1 type ipvlan mode l2 private
             ip link add link d2 name iv2 type ipvlan mode l3s vepa
             ip link add link d3 name iv4 type ipvlan mode l3 vepa
             ip link add link d2 name iv3 type ipvtap mode l3s || true"
        )
    ),
    kind!(
        "vrf",
        "probe type vrf table 9",
        over!("ip link add vrf0 type vrf table 77
               ip link set d0 master vrf0
               ip link set vrf0 up")
    ),
    case(
        "bridge",
        over!(
            "ip link add br0 type bridge stp_state 1 forward_delay 400 hello_time 300 max_age 1500 ageing_time 1234 priority 4096 group_fwd_mask 8 mcast_snooping 0 mcast_querier 1
             ip link set br0 type bridge vlan_filtering 1 vlan_protocol 802.1ad vlan_default_pvid 7 vlan_stats_enabled 1 vlan_stats_per_port 1 || true
             ip link add br1 type bridge fdb_max_learned 9 || ip link add br1 type bridge
             ip link add br2 type bridge
             ip link set br2 type bridge stp_mode user || true
             ip link set d0 master br0
             ip link set d2 master br0
             ip link set d0 type bridge_slave hairpin on cost 7 guard on root_block on fastleave on learning off flood off isolated on priority 3 mcast_router 2 mcast_flood off neigh_suppress on group_fwd_mask 16405 vlan_tunnel on
             ip link set d0 type bridge_slave locked on || true
             ip link set d0 type bridge_slave backup_nhid 5 || true
             ip link set d2 type bridge_slave backup_port d0 group_fwd_mask 4 bcast_flood off mcast_to_unicast on"
        ),
        &["-d link", "-o -d link", "-d addr show br2"],
    )
    .needs("ip link add probe type bridge; ip link del probe")
    .masked(&["gc_timer"]),
    case(
        "a bridge at work",
        over!(
            "ip link add br0 type bridge stp_state 1
             ip link set br0 up
             ip link set d0 master br0"
        ),
        &["-d link show dev br0", "-d link show dev d0"],
    )
    .needs("ip link add probe type bridge; ip link del probe")
    .masked(&[
        "hello_timer",
        "tcn_timer",
        "topology_change_timer",
        "gc_timer",
        "hold_timer",
        "message_age_timer",
        "forward_delay_timer",
    ]),
    case(
        "bridges that ask for members",
        "ip link add br0 type bridge mcast_querier 1 mcast_query_use_ifaddr 1
         ip link add br1 type bridge mcast_querier 1
         ip link add br2 type bridge mcast_querier 1
         ip addr add 192.0.2.1/24 dev br0; ip addr add 2001:db8::1/64 dev br0 nodad
         ip link add d0 type veth peer name d1
         ip link set d0 master br0; ip link set d1 master br1
         for dev in br0 br1 d0 d1; do ip link set $dev up; done
         # Until the queries were heard.
         sleep 4",
        &["-d link show br0", "-d link show br1", "-d link show br2"],
    )
    .needs("ip link add probe type bridge; ip link del probe")
    .masked(&["gc_timer"]),
    kind!(
        "bond",
        "probe type bond",
        over!(
            "ip link add bo0 type bond mode active-backup miimon 100 updelay 200 downdelay 300 primary_reselect better fail_over_mac active
             ip link set d3 master bo0
             ip link set bo0 up
             ip link set bo0 type bond primary d3
             ip link set d3 type bond_slave queue_id 3
             ip link set d3 type bond_slave prio 9 || true
             ip link add e0 type veth peer name e1
             ip link add bo1 type bond mode 802.3ad lacp_rate fast ad_select bandwidth xmit_hash_policy layer3+4 min_links 1 ad_user_port_key 5 ad_actor_sys_prio 7 ad_actor_system 00:aa:bb:cc:dd:ee
             ip link set e0 master bo1
             ip link set bo1 up; ip link set e1 up
             ip link add bo2 type bond mode balance-rr arp_interval 100 arp_ip_target 10.0.0.9,10.0.0.10 packets_per_slave 3
             ip link add bo3 type bond mode active-backup arp_interval 100 arp_ip_target 10.0.0.9 arp_validate active arp_all_targets all
             ip link set bo3 type bond ns_ip6_target 2001:db8::9 || true
             ip link add bo4 type bond mode balance-tlb tlb_dynamic_lb 0
             sleep 2"
        )
    ),
    case(
        "a port that waits",
        over!(
            "ip link add bo0 type bond mode active-backup miimon 100
             ip link set d1 down; ip link set d1 master bo0; ip link set d3 master bo0
             ip link set bo0 up; ip link set d2 up
             ip addr add 10.5.0.1/24 dev d2
             ip neigh add 10.5.0.9 lladdr ff:ff:ff:ff:ff:ff dev d2
             sleep 1
             bash -c 'echo one >/dev/udp/10.5.0.9/9; echo two >/dev/udp/10.5.0.9/9'
             sleep 2"
        ),
        &["-s link show d3", "-s -s link show d3", "-d link show bo0"],
    )
    .needs("ip link add probe type bond; ip link del probe"),
    kind!(
        "gre",
        "probe type gre local 127.0.0.1 remote 127.0.0.2",
        over!(
            "ip link add gre1 type gre local 10.0.0.1 remote 10.0.0.2 ttl 5 key 7
             ip link add gre2 type gre local 10.0.0.1 remote 10.0.0.3 tos inherit ikey 1.2.3.4 okey 5 iseq oseq icsum ocsum dev d0
             ip link add gre3 type gre local 10.0.0.1 remote 10.0.0.4 nopmtudisc tos 0x10 fwmark 0x9
             ip link set gre3 type gre encap fou encap-sport auto encap-dport 5555 encap-csum || true
             ip link add gre4 type gre external
             ip link add gt1 type gretap local 10.0.0.1 remote 10.0.0.5
             ip link set gt1 type gretap encap gue encap-sport 1 encap-dport 2 encap-csum6 encap-remcsum || true
             ip link add gt2 type gretap local any remote any key 8 ignore-df nopmtudisc
             ip link add er1 type erspan local 10.0.0.1 remote 10.0.0.6 key 1 seq erspan_ver 1 erspan 123
             ip link add er2 type erspan local 10.0.0.1 remote 10.0.0.7 key 2 seq erspan_ver 2 erspan_dir egress erspan_hwid 17"
        )
    ),
    kind!(
        "ip6gre",
        "probe type ip6gre local ::1 remote ::2",
        over!(
            "ip link add g61 type ip6gre local 2001:db8::1 remote 2001:db8::2 hoplimit 9 tclass 0x12 flowlabel 0x345 key 5
             ip link add g62 type ip6gre local 2001:db8::1 remote 2001:db8::3 encaplimit none tclass inherit flowlabel inherit hoplimit 0 iseq ocsum dev d0 allow-localremote
             ip link add g63 type ip6gre local 2001:db8::1 remote 2001:db8::4 encaplimit 7 dscp inherit fwmark 0x12
             ip link add g64 type ip6gretap local 2001:db8::1 remote 2001:db8::5 fwmark inherit
             ip link add g65 type ip6gretap external
             ip link add e61 type ip6erspan local 2001:db8::1 remote 2001:db8::6 key 1 seq erspan_ver 1 erspan 12
             ip link add e62 type ip6erspan local 2001:db8::1 remote 2001:db8::7 key 1 seq erspan_ver 2 erspan_dir ingress erspan_hwid 3"
        )
    ),
    kind!(
        "ipip",
        "probe type ipip local 127.0.0.1 remote 127.0.0.2",
        over!(
            "ip link add ipip1 type ipip local 10.0.0.1 remote 10.0.0.2 ttl 6
             ip link add ipip2 type ipip local 10.0.0.1 remote 10.0.0.3 mode any nopmtudisc tos 0x20 dev d0
             ip link add ipip3 type ipip external
             ip link add ipip4 type ipip local 10.0.0.1 remote 10.0.0.4 mode ipip ttl inherit tos inherit
             ip link set ipip4 type ipip encap fou encap-sport auto encap-dport 5555 encap-csum || true"
        )
    ),
    kind!(
        "sit",
        "probe type sit local 127.0.0.1 remote 127.0.0.2",
        over!(
            "ip link add sit1 type sit local 10.0.0.1 remote 10.0.0.2 ttl 5
             ip tunnel 6rd dev sit1 6rd-prefix 2001:db8::/32 6rd-relay_prefix 10.0.0.0/8 || true
             ip link add sit2 type sit local 10.0.0.1 isatap fwmark 4
             ip link add sit3 type sit local 10.0.0.1 remote 10.0.0.4 mode ip6ip"
        )
    ),
    kind!(
        "ip6tnl",
        "probe type ip6tnl local ::1 remote ::2",
        over!(
            "ip link add t61 type ip6tnl local 2001:db8::1 remote 2001:db8::2 hoplimit 7 tclass 0x13 flowlabel 0x00456 mode any
             ip link add t62 type ip6tnl local 2001:db8::1 remote 2001:db8::3 encaplimit none mode ipip6 tclass inherit flowlabel inherit dscp inherit dev d0
             ip link add t63 type ip6tnl local 2001:db8::1 remote 2001:db8::4 encaplimit 9 mode ip6ip6 fwmark inherit allow-localremote
             ip link set t63 type ip6tnl encap gue encap-sport 4 encap-dport 9 || true
             ip link add t64 type ip6tnl external
             ip link add t65 type ip6tnl local 2001:db8::1 remote 2001:db8::5 fwmark 7 hoplimit inherit"
        )
    ),
    kind!(
        "vti",
        "probe type vti local 127.0.0.1 remote 127.0.0.2",
        over!(
            "ip link add vti1 type vti local 10.0.0.1 remote 10.0.0.2 key 5
             ip link add vti2 type vti local 10.0.0.1 remote 10.0.0.3 ikey 6 okey 7 fwmark 3 dev d0
             ip link add vti3 type vti6 local 2001:db8::1 remote 2001:db8::2 ikey 1.2.3.4 || true"
        )
    ),
    kind!(
        "geneve",
        "probe type geneve id 1 remote 127.0.0.1",
        over!(
            "ip link add gnv1 type geneve id 5 remote 10.0.0.2 dstport 6000 ttl 7 tos 0x10 df set
             ip link add gnv2 type geneve id 6 remote 2001:db8::2 dstport 6001 flowlabel 0x12 ttl inherit tos inherit noudp6zerocsumtx udp6zerocsumrx
             ip link add gnv3 type geneve external dstport 6002 innerprotoinherit
             ip link add gnv4 type geneve id 7 remote 10.0.0.3 dstport 6003 df inherit noudpcsum ttl auto"
        )
    ),
    case(
        "hsr",
        over!(
            "ip link add e0 type veth peer name e1
             ip link add hsr0 type hsr slave1 d2 slave2 e0 supervision 45 version 1
             ip link add e2 type veth peer name e3
             ip link add hsr1 type hsr slave1 d3 slave2 e1 interlink e2 proto 0 || true"
        ),
        &["-d link show type veth", "-d link show type hsr"],
    )
    .needs(
        "ip link add d0 type veth peer name d1
         ip link add probe type hsr slave1 d0 slave2 d1
         ip link del probe; ip link del d0",
    )
    .masked(&["sequence", "seq_nr"]),
    case(
        "macsec",
        over!(
            "ip link add link d2 name ms0 type macsec sci 0011223344556677 cipher gcm-aes-256 encrypt on protect on send_sci on end_station off scb off replay on window 8 validate strict encodingsa 2
             ip link add link d3 name ms1 type macsec port 11 encrypt off replay off validate check icvlen 12 send_sci off"
        ),
        &["-d link"],
    )
    .needs("ip link add d0 type veth peer name d1; ip link add link d0 probe type macsec; ip link del d0"),
    case(
        "tun",
        "ip tuntap add dev tap0 mode tap user 0 group 0 multi_queue
         ip tuntap add dev tun0 mode tun pi
         ip tuntap add dev tap1 mode tap vnet_hdr user 12345 group 54321",
        &["-d link", "-o -d link"],
    )
    .needs("ip tuntap add dev probe mode tap; ip link del probe"),
    kind!("gtp", "probe type gtp role sgsn", "ip link add gtp0 type gtp role sgsn hsize 16"),
    kind!("vcan", "probe type vcan", "ip link add vc0 type vcan; ip link add vxc0 type vxcan peer name vxc1 || true"),
    kind!("batadv", "probe type batadv", "ip link add bat0 type batadv ra BATMAN_V"),
    kind!("ifb", "probe type ifb", "ip link add ifb1 type ifb"),
    kind!("nlmon", "probe type nlmon", "ip link add nl0 type nlmon"),
    kind!("team", "probe type team", "ip link add team1 type team"),
    case(
        "netkit",
        "ip link add nk0 type netkit mode l2 forward peer blackhole name nk1
         ip link add nk2 type netkit mode l3 blackhole scrub none peer forward scrub default name nk3",
        &["-d link"],
    )
    .needs("ip link add probe type netkit; ip link del probe")
    .since_7(),
    case(
        "xfrm",
        "ip link add xf0 type xfrm dev lo if_id 0x42
         ip link add xf1 type xfrm external",
        &["-d link"],
    )
    .needs("ip link add probe type xfrm dev lo if_id 1; ip link del probe"),
    case(
        "bareudp",
        "ip link add ba0 type bareudp dstport 6635 ethertype mpls_uc srcportmin 5 multiproto
         ip link add ba1 type bareudp dstport 6636 ethertype ipv4",
        &["-d link", "-N -d link"],
    )
    .needs("ip link add probe type bareudp dstport 1 ethertype ipv4; ip link del probe"),
    case(
        "amt",
        over!(
            "ip link add amt0 type amt mode gateway local 10.0.0.1 discovery 10.0.0.2 dev d0 relay_port 7 gateway_port 8"
        ),
        &["-d link"],
    )
    .needs("ip link add probe type amt mode relay local 127.0.0.1 dev lo; ip link del probe"),
    case(
        "can",
        "ip link set can0 type can bitrate 500000 restart-ms 1234 loopback on || ip link set can0 type can restart-ms 1234 || true",
        &["-d link show can0", "-d -s link show can0", "-o -d link show can0"],
    )
    .needs(
        "mkdir -p /dev/pts; mount -t devpts devpts /dev/pts
         perl -e '$l = pack(\"i\", 0); $n = $l; $c = pack(\"i\", 17); open(M, \"+</dev/ptmx\"); ioctl(M, 0x40045431, $l); ioctl(M, 0x80045430, $n); open(S, \"+</dev/pts/\" . unpack(\"i\", $n)); ioctl(S, 0x5423, $c) or die $!; sleep 20' >/run/perl.log 2>&1 &
         sleep 1
         nsenter -t 1 -n ip link set can0 netns $$",
    ),
];

const SINCE_7: &[Difference] = &[];
const IN_6_1: &[Difference] = &[
    BLANK_IN_6_1,
    LESS_IN_6_1,
    LESS_KEYS_IN_6_1,
    Difference {
        why: "it has them in another order, and some words are others",
        lines: "type vxlan",
        change: Change::Useless,
    },
];

pub(super) const BLANK_IN_6_1: Difference = Difference {
    why: "it has a blank more",
    lines: "-d",
    change: Change::Theirs("(promiscuity [0-9]+)  ", "$1 "),
};

pub(super) const LESS_IN_6_1: Difference = Difference {
    why: "it knows less",
    lines: "-d",
    change: Change::Ours(
        "(?-u:\\b)(netns-immutable|(gso_ipv4_max_size|gro_ipv4_max_size|fdb_n_learned|fdb_max_learned\
         |mst_enabled|mdb_offload_fail_notification|fdb_local_vlan_0|stp_mode\
         |neigh_vlan_suppress|neigh_forward_grat|mab|backup_nhid|bclim\
         |coupled_control|broadcast_neighbor|churn_actor_state|churn_partner_state\
         |actor_port_prio|interlink|version\
         |mcast_querier_ipv[46]_(addr|port|other_timer)) \\S+) ",
        "",
    ),
};

pub(super) const LESS_KEYS_IN_6_1: Difference = Difference {
    why: "it knows less",
    lines: "-d",
    change: Change::OurKeys(&[
        "netns-immutable",
        "gso_ipv4_max_size",
        "gro_ipv4_max_size",
        "fdb_n_learned",
        "fdb_max_learned",
        "mst_enabled",
        "mdb_offload_fail_notification",
        "fdb_local_vlan_0",
        "stp_mode",
        "neigh_vlan_suppress",
        "neigh_forward_grat",
        "mab",
        "backup_nhid",
        "bclim",
        "coupled_control",
        "broadcast_neighbor",
        "churn_actor_state",
        "churn_partner_state",
        "actor_port_prio",
        "interlink",
        "version",
        "mcast_querier_state_ipv4",
        "mcast_querier_state_ipv6",
    ]),
};

#[test]
fn kinds() {
    check(CASES, SINCE_7, IN_6_1);
}
