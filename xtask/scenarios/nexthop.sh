# Nexthop objects.
# modules: dummy vrf mpls_router mpls_iptunnel
-ip link add d0 index 10 address 02:00:00:00:00:01 type dummy
-ip link add v0 index 11 address 02:00:00:00:00:02 type vrf table 500
-ip link add d1 index 12 address 02:00:00:00:00:03 master v0 type dummy
-ip addr add 192.0.2.1/24 dev d0
-ip addr add 2001:db8::1/64 dev d0
-ip link set lo up
-ip link set d0 up
-ip link set d1 up
-ip link set v0 up
ip nexthop add id 1 via 192.0.2.9 dev d0
ip nexthop add id 2 via 192.0.2.10 dev d0 proto zebra onlink
ip nexthop add id 3 dev d1
ip nexthop add id 4 blackhole
ip nexthop add id 5 via 2001:db8::9 dev d0
ip nexthop add id 6 encap mpls 100/200 via 192.0.2.12 dev d0
ip nexthop add id 7 encap seg6 mode encap segs 2001:db8:f::1 via 2001:db8::9 dev d0
ip nexthop add id 8 via 192.0.2.13 fdb
ip nexthop add id 9 via 192.0.2.14 fdb
ip nexthop add id 10 group 1,5/2,255
ip nexthop add id 11 group 1/2,300
ip nexthop add id 12 group 1/2,3 type resilient buckets 4 idle_timer 60 unbalanced_timer 300
ip nexthop add id 13 group 8/9 fdb
ip nexthop add id 14 group 1/2 hw_stats on
ip nexthop replace id 10 group 1,6/2
ip nexthop add via 192.0.2.11 dev d0
ip nexthop show
ip nexthop show groups
ip nexthop show dev d0
ip nexthop show master v0
ip nexthop show fdb
ip -s nexthop show
ip -s nexthop show id 14
ip -d nexthop show id 11
ip nexthop get id 1
ip nexthop get id 12
ip nexthop get id 99
ip nexthop bucket show
ip nexthop bucket show id 12 nhid 2
ip nexthop bucket get id 12 index 2
ip route add 203.0.113.0/24 nhid 10
ip route add 203.0.113.1 nhid 6
ip -6 route add 2001:db8:1::/48 nhid 5
ip -6 route add 2001:db8:2::/48 nhid 7
ip route show
ip -6 route show
-sysctl -q net.ipv4.nexthop_compat_mode=0
ip route show
ip -6 route show
ip nexthop replace id 12 group 2 type resilient buckets 4
ip nexthop del id 2
ip nexthop flush
