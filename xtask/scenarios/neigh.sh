# Neighbours and forwarding databases.
# modules: dummy bridge vxlan veth
-ip link add d0 address 02:00:00:00:00:01 type dummy
-ip link set lo up
-ip link set d0 up
-ip addr add 192.0.2.1/24 dev d0
-ip addr add 2001:db8::1/64 dev d0
ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev d0
ip neigh add 192.0.2.3 lladdr 02:00:00:00:00:03 nud reachable protocol static dev d0
ip neigh add 192.0.2.4 lladdr 02:00:00:00:00:04 nud stale extern_learn dev d0
ip neigh add 192.0.2.5 nud failed dev d0
ip neigh add 192.0.2.6 lladdr 02:00:00:00:00:06 nud noarp use dev d0
ip neigh add 192.0.2.7 managed dev d0
ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 nud stale extern_valid dev d0
ip neigh add proxy 192.0.2.8 dev d0
ip neigh add 2001:db8::2 lladdr 02:00:00:00:00:02 router dev d0
ip neigh add proxy 2001:db8::3 dev d0 protocol bgp
ip neigh show
ip neigh show proxy
ip neigh get 192.0.2.2 dev d0
ip neigh replace 192.0.2.2 lladdr 02:00:00:00:00:22 dev d0
ip neigh del 192.0.2.2 dev d0
ip neigh del 192.0.2.99 dev d0
ip ntable show
ip ntable change name arp_cache dev d0 queue 7 retrans 1500
-ip link add br0 address 02:00:00:00:01:00 type bridge vlan_filtering 1
-ip link add v0 address 02:00:00:00:01:01 type veth peer name v1 address 02:00:00:00:01:02
-ip link set v0 master br0
-ip link set br0 up
-ip link set v0 up
-ip link add vx0 address 02:00:00:00:01:03 type vxlan dstport 4789 dev d0 external vnifilter
-ip link add vx1 address 02:00:00:00:01:04 type vxlan id 43 dstport 4790 dev d0
-ip link set vx0 up
-bridge vni add vni 200 dev vx0
bridge fdb add 02:00:00:00:02:01 dev v0 master static
bridge fdb add 02:00:00:00:02:02 dev v0 master static sticky vlan 1
bridge fdb add 02:00:00:00:02:03 dev br0 self local
bridge fdb add 02:00:00:00:02:04 dev vx0 dst 192.0.2.77 vni 100 src_vni 200 port 4800 via d0
bridge fdb append 00:00:00:00:00:00 dev vx1 dst 192.0.2.78
bridge fdb append 00:00:00:00:00:00 dev vx1 dst 192.0.2.79
bridge fdb add 02:00:00:00:02:05 dev v0 master static activity_notify norefresh
ip nexthop add id 1 via 192.0.2.50 fdb
ip nexthop add id 10 group 1 fdb
bridge fdb add 02:00:00:00:02:06 dev vx1 nhid 10
bridge fdb show
bridge fdb show br br0
bridge fdb get 02:00:00:00:02:01 br br0
bridge fdb del 02:00:00:00:02:01 dev v0 master
