# What all links have, whatever their kind; what bridges and IPv6 say of links.
# modules: dummy veth bridge vlan macvlan bonding vxlan
ip link add d0 address 02:00:00:00:00:01 numtxqueues 3 numrxqueues 2 type dummy
-ip link add v0 address 02:00:00:00:01:01 type veth peer name v1 address 02:00:00:00:01:02
-ip link add link d0 name d0.5 type vlan id 5
-ip link set d0 up
ip link set d0 mtu 1400 txqueuelen 77 group 9 alias a-remark
ip link set d0 address 02:00:00:00:00:11 broadcast 02:ff:ff:ff:ff:ff
ip link set d0 gso_max_size 65000 gso_max_segs 99 gro_max_size 64000
-ip link set d0 gso_ipv4_max_size 63000 gro_ipv4_max_size 62000
-ip link set d0 promisc on allmulticast on arp off multicast off dynamic on
-ip link set d0 carrier off
-ip link set d0 carrier on
-ip link set d0 mode dormant
ip link set d0 state dormant
ip link property add dev d0 altname quite-a-long-name-for-a-link altname d-null
ip link show dev quite-a-long-name-for-a-link
ip link property del dev d0 altname d-null
-ip link add link d0 name mv0 address 02:00:00:00:00:03 type macvlan mode bridge
-ip link set mv0 protodown on
ip link set mv0 protodown_reason 3 on protodown_reason 17 on
-ip netns add n1
-ip netns set n1 5
-ip link add v2 address 02:00:00:00:02:01 type veth peer name v3 address 02:00:00:00:02:02 netns n1
ip link set v1 netns n1
ip -d link show
ip link show type vlan
-ip link set d0 addrgenmode none
-sysctl -q net.ipv6.conf.v0.router_solicitations=-1 net.ipv4.conf.v0.medium_id=-1 net.ipv4.conf.v0.rp_filter=2
-ip link set v0 up
ip token set ::1234 dev v0
ip -d link show dev v0
ip -6 addr show dev v0
ip -6 addr show
ip link set d0 vf 1 mac 02:00:00:00:00:77
ip link set d0 vf 1 vlan 5 qos 2 proto 802.1ad
ip link set d0 vf 1 rate 300
ip link set d0 vf 1 max_tx_rate 300 min_tx_rate 200
ip link set d0 vf 1 spoofchk on
ip link set d0 vf 1 query_rss on
ip link set d0 vf 1 state disable
ip link set d0 vf 1 trust on
ip link set d0 vf 1 node_guid 01:02:03:04:05:06:07:08
ip link set d0 vf 1 port_guid 11:12:13:14:15:16:17:18
ip link set d0 xdpgeneric off
-ip link set d0 mtu 1401
ip link add d0 type dummy
ip link add e0 type no-such-kind
ip link show dev no-such-link
-ip link add b0 address 02:00:00:00:03:01 type bond mode active-backup miimon 100
-ip link add d1 address 02:00:00:00:03:02 type dummy
-ip link set b0 up
ip link set d1 master b0
ip link show master b0
-ip link add br0 address 02:00:00:00:04:01 type bridge vlan_filtering 1 vlan_default_pvid 0 mst_enabled 1
-ip link add br0 address 02:00:00:00:04:01 type bridge vlan_filtering 1 vlan_default_pvid 0
-ip link set v0 master br0
-ip link add vx0 address 02:00:00:00:04:02 type vxlan dstport 4789 external
-ip link set vx0 master br0
-ip link set br0 up
-ip link set vx0 up
bridge link set dev vx0 vlan_tunnel on
bridge vlan add dev v0 vid 7 pvid untagged
-bridge vlan add dev v0 vid 100-110
-bridge vlan add dev br0 vid 7 self
-bridge vlan add dev vx0 vid 100-102
bridge vlan add dev vx0 vid 100-102 tunnel_info id 1000-1002
-bridge vlan global set dev br0 vid 7 msti 3
bridge mst set dev v0 msti 3 state 4
bridge mst show
-bridge link set dev v0 cost 44 hairpin on
bridge link show
ip -d link show dev br0
bridge vlan del dev v0 vid 105
ip link set v0 nomaster
ip link del d1
