# VLANs of bridges and their ports, with options; VNIs of a VXLAN device.
# modules: bridge dummy vxlan
-ip link add d0 address 02:00:00:00:00:01 type dummy
-ip link add d1 address 02:00:00:00:00:02 type dummy
-ip link add br0 address 02:00:00:00:01:01 type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 1 mcast_vlan_snooping 1 vlan_stats_enabled 1 vlan_stats_per_port 1
-ip link set d0 master br0
-ip link set d1 master br0
-ip link set d0 up
-ip link set br0 up
bridge vlan add dev d0 vid 300 pvid untagged
bridge vlan add dev d0 vid 1000-1010
bridge vlan add dev br0 vid 300 pvid untagged self
-ip addr add 192.0.2.1/24 dev br0
-ip addr add 2001:db8::1/64 dev br0
-sleep 1.5
bridge vlan add dev br0 vid 1000-1010 self
bridge vlan set dev d0 vid 1000 state blocking
bridge vlan set dev d0 vid 300 mcast_router 2
bridge vlan set dev d0 vid 1001-1003 mcast_max_groups 4660
bridge vlan set dev d0 vid 1004 neigh_suppress on
bridge vlan global set dev br0 vid 300 mcast_snooping 1 mcast_igmp_version 3 mcast_mld_version 2
bridge vlan global set dev br0 vid 300 mcast_querier 1 mcast_last_member_count 5 mcast_startup_query_count 6
bridge vlan global set dev br0 vid 300 mcast_last_member_interval 101 mcast_membership_interval 26001 mcast_querier_interval 25501
bridge vlan global set dev br0 vid 300 mcast_query_interval 12501 mcast_query_response_interval 1001 mcast_startup_query_interval 3126
bridge vlan global set dev br0 vid 1000-1004 mcast_igmp_version 3
bridge -d vlan show
bridge -d -s vlan show
bridge -d vlan global show
bridge -d vlan show dev d0
bridge vlan del dev d0 vid 1000-1010
-ip link add br1 address 02:00:00:00:01:02 type bridge vlan_filtering 1 vlan_default_pvid 0
-ip link set br1 type bridge mst_enabled 1
-bridge vlan add dev br1 vid 400 self
bridge vlan global set dev br1 vid 400 msti 77
bridge -d vlan global show dev br1
-ip link add vx0 address 02:00:00:00:02:01 type vxlan dstport 4789 external vnifilter
-ip link set vx0 up
bridge vni add dev vx0 vni 305419 remote 198.51.100.1
bridge vni add dev vx0 vni 70000-70010
bridge vni add dev vx0 vni 80000 remote 2001:db8::1234
bridge vni show
bridge -s vni show
bridge vni del dev vx0 vni 70000-70010
-ip link set vx0 master br0
-ip link set vx0 type bridge_slave vlan_tunnel on
-bridge vlan add dev vx0 vid 1000
bridge vlan add dev vx0 vid 1000 tunnel_info id 305419
bridge -d vlan show dev vx0
