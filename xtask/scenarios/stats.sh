# Counters of links, those of their kinds and of address families included.
# modules: dummy bridge bonding veth mpls_router
-ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
-ip link add br0 address 02:00:00:00:01:00 type bridge vlan_filtering 1 vlan_stats_enabled 1 mcast_stats_enabled 1 stp_state 1
-ip link set v0 master br0
-ip link add b0 address 02:00:00:00:02:00 type bond mode 802.3ad
-ip link add d1 address 02:00:00:00:02:01 type dummy
-ip link set d1 master b0
-ip link set br0 up
-ip link set b0 up
-ip link set v1 up
-ip link set v0 up
-sysctl -q net.mpls.conf.v1.input=1
-sleep 0.5
ip stats show dev v1
ip stats show dev br0
ip stats show dev v0
ip stats show dev b0
ip stats show dev d1
ip stats show group link
ip stats show group offload subgroup l3_stats
ip stats show group offload subgroup hw_stats_info
ip stats show group afstats
ip stats set dev v0 l3_stats on
ip stats show dev v0 group offload
ip stats set dev v0 l3_stats off
