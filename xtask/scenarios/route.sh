# Routes.
# modules: dummy mpls_router
-ip link add d0 index 10 address 02:00:00:00:00:01 type dummy
-ip link add d1 index 11 address 02:00:00:00:00:02 type dummy
-ip addr add 192.0.2.1/24 dev d0
-ip addr add 192.0.2.129/24 dev d1
-ip addr add 2001:db8::1/64 dev d0
-ip addr add 2001:db8:1::1/64 dev d1
-ip link set lo up
-ip link set d0 up
-ip link set d1 up
-sysctl -q net.ipv4.ip_forward=1 net.mpls.platform_labels=1000 net.mpls.conf.d0.input=1
ip route add default via 192.0.2.254 dev d0
ip route add 203.0.113.0/24 via 192.0.2.254 dev d0 proto bgp metric 77 src 192.0.2.1 table 300 realms 3/4
ip route add 203.0.113.0/25 dev d0 tos 0x10 mtu lock 1400 window 30000 rtt 100ms rttvar 50ms ssthresh 11 cwnd lock 12 advmss 1300 reordering 5 hoplimit 33 initcwnd 14 features ecn rto_min 300ms initrwnd 15 quickack 1 congctl reno fastopen_no_cookie 1
ip route add 203.0.113.1 dev d0 features tcp_usec_ts
ip route add 203.0.113.128/25 nexthop via 192.0.2.253 dev d0 weight 3 onlink realm 5 nexthop via inet6 2001:db8:1::2 dev d1 weight 256
ip route append 203.0.113.128/25 dev d1 proto 17
ip route prepend 203.0.113.128/25 dev d0 proto keepalived
ip route change 203.0.113.128/25 dev d0 proto keepalived via 192.0.2.252
ip route add 203.0.113.2 via inet6 2001:db8::2 dev d0
ip route add blackhole 203.0.113.3 proto openr
ip route add unreachable 203.0.113.4 proto ra
ip route add prohibit 203.0.113.5 proto 200
ip route add throw 203.0.113.6 proto babel table 400
ip route add local 203.0.113.7 dev lo
ip route add broadcast 203.0.113.8 dev d0
ip route add multicast 224.0.0.99 dev d0
ip route replace default via 192.0.2.254 dev d0 proto dhcp
ip -6 route add default via 2001:db8::ff dev d0 pref high metric 50
ip -6 route add 2001:db8:2::/48 via 2001:db8::fe dev d0 expires 300 mtu 1300 pref low
ip -6 route add 2001:db8:3::/48 from 2001:db8:4::/56 via 2001:db8::fd dev d0
ip -6 route add 2001:db8:5::/48 nexthop via 2001:db8::fc dev d0 weight 7 nexthop via 2001:db8:1::fc dev d1
ip -6 route append 2001:db8:5::/48 via 2001:db8::fb dev d0
ip -6 route add blackhole 2001:db8:6::/48 table 400
ip -6 route add unreachable 2001:db8:7::/48 proto isis
ip -6 route add prohibit 2001:db8:8::/48 proto eigrp
ip -M route add 100 as 200/300 via inet 192.0.2.9 dev d0
ip -M route add 101 via inet6 2001:db8::9 dev d0 ttl-propagate disabled
ip -M route add 102 via link 02:00:00:00:00:09 dev d0 ttl-propagate enabled proto static
ip -M route add 103 nexthop as 400 via inet 192.0.2.9 dev d0 nexthop as 500/600 via inet6 2001:db8:1::9 dev d1
ip -M route add 104 dev lo
ip route show table all
ip -6 route show table all
ip -M route show
ip route show root 203.0.113.0/24 proto keepalived
ip route show cache
ip route get 203.0.113.129 mark 0x12 ipproto udp sport 1000 dport 2000 uid 5
ip route get fibmatch 203.0.113.129
ip route get 203.0.113.9 from 192.0.2.77 iif d1
ip -6 route get 2001:db8:5::1 flowlabel 0x12345
ip -6 route get fibmatch 2001:db8:2::1
ip -M route get 100
ip route get 203.0.113.4
-ip link set d1 carrier off
ip route show
-ip link set d1 down
ip route show
ip -6 route show
ip route del 203.0.113.2
ip route del 198.51.100.77
ip route add 203.0.113.3 via 198.51.100.77
ip -6 route del 2001:db8:5::/48
ip -M route del 100
