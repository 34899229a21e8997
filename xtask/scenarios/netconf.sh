# Settings of address families.
# modules: ipv6 dummy mpls_router
-ip link add d0 type dummy
-ip link set d0 up
-echo 2 >/proc/sys/net/ipv4/conf/d0/rp_filter
-echo 1 >/proc/sys/net/ipv4/conf/d0/bc_forwarding
-echo 1 >/proc/sys/net/ipv6/conf/d0/proxy_ndp
-echo 1 >/proc/sys/net/ipv6/conf/d0/force_forwarding
ip netconf show
ip netconf show dev d0
ip -6 netconf show dev d0
-echo 100 >/proc/sys/net/mpls/platform_labels
-echo 1 >/proc/sys/net/mpls/conf/d0/input
ip -f mpls netconf show dev d0
