# Multicast groups of bridges and of a VXLAN device.
# modules: bridge dummy veth vxlan
-ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
-ip link add d1 address 02:00:00:00:00:03 type dummy
-ip link add br0 address 02:00:00:00:01:01 type bridge mcast_snooping 1 mcast_igmp_version 3 mcast_mld_version 2 vlan_filtering 1
-ip link set v0 master br0
-ip link set d1 master br0
-ip link set v0 up
-ip link set v1 up
-ip link set d1 up
-ip addr add 192.0.2.1/24 dev br0
-ip link set br0 up
-sleep 1
bridge mdb add dev br0 port v0 grp 239.1.2.3 permanent
bridge mdb add dev br0 port v0 grp 239.1.2.8 temp vid 1
bridge mdb add dev br0 port d1 grp ff05::1234 permanent vid 300
bridge mdb add dev br0 port d1 grp 01:00:5e:7f:00:01 permanent
bridge mdb add dev br0 port v0 grp 239.1.2.4 src 192.0.2.77 permanent
bridge mdb add dev br0 port br0 grp 239.1.2.5
bridge mdb add dev br0 port v0 grp 239.1.2.6 permanent filter_mode include source_list 192.0.2.78,192.0.2.79 proto bgp
ip link set d1 type bridge_slave mcast_router 2
ip link set v0 type bridge_slave mcast_router 3
bridge -d mdb show dev br0
bridge -d -s mdb show
bridge mdb get dev br0 grp 239.1.2.8 vid 1
bridge mdb get dev br0 grp 239.1.2.4 src 192.0.2.77 vid 1
bridge mdb del dev br0 port v0 grp 239.1.2.3 permanent
bridge mdb flush dev br0 nopermanent port v0 vid 1
ip link set d1 type bridge_slave mcast_router 0
-ip link add vx0 address 02:00:00:00:02:01 type vxlan dstport 4789 external local 192.0.2.1
-ip link set vx0 up
bridge mdb add dev vx0 port vx0 grp 239.1.2.7 src 192.0.2.80 permanent proto static dst 198.51.100.1 dst_port 5789 vni 305419 src_vni 70000 via d1
bridge -d mdb show dev vx0
bridge mdb del dev vx0 port vx0 grp 239.1.2.7 src 192.0.2.80 permanent dst 198.51.100.1 src_vni 70000
