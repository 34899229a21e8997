# Bridges and their ports.
# modules: bridge dummy veth br_netfilter
-ip link add d0 address 02:00:00:00:00:01 type dummy
-ip link add d1 address 02:00:00:00:00:02 type dummy
ip link add br0 address 02:00:00:00:01:01 type bridge forward_delay 1234 hello_time 346 max_age 1702 ageing_time 23456 priority 4660 group_fwd_mask 0x5678 group_address 01:80:c2:00:00:0e
ip link set br0 type bridge stp_state 1
ip link set br0 type bridge vlan_filtering 1 vlan_protocol 802.1ad vlan_default_pvid 777 vlan_stats_enabled 1 vlan_stats_per_port 1
ip link set br0 type bridge mcast_snooping 1 mcast_router 2 mcast_query_use_ifaddr 1 mcast_querier 1 mcast_hash_max 8192
ip link set br0 type bridge mcast_last_member_count 5 mcast_startup_query_count 6 mcast_last_member_interval 102 mcast_membership_interval 26002
ip link set br0 type bridge mcast_querier_interval 25502 mcast_query_interval 12502 mcast_query_response_interval 1002 mcast_startup_query_interval 3126
ip link set br0 type bridge mcast_stats_enabled 1 mcast_igmp_version 3 mcast_mld_version 2
ip link set br0 type bridge nf_call_iptables 1 nf_call_ip6tables 0 nf_call_arptables 1
ip link set br0 type bridge no_linklocal_learn 1 mcast_vlan_snooping 0
ip link set br0 type bridge fdb_max_learned 99999
ip link set br0 type bridge mdb_offload_fail_notification 1 fdb_local_vlan_0 1
ip link set br0 type bridge fdb_flush
ip link set d0 master br0
ip link set d1 master br0
-ip link set d0 up
-ip link set br0 up
ip link set d0 type bridge_slave priority 33 cost 4660 hairpin on guard on root_block on fastleave on learning off flood off
ip link set d0 type bridge_slave proxy_arp on proxy_arp_wifi on mcast_router 3 mcast_fast_leave on mcast_flood off bcast_flood off mcast_to_unicast on
ip link set d0 type bridge_slave group_fwd_mask 0x4000 neigh_suppress on vlan_tunnel on isolated on backup_port d1
ip link set d0 type bridge_slave locked on
ip link set d0 type bridge_slave learning on mab on
ip link set d0 type bridge_slave backup_nhid 7777
bridge link set dev d0 mcast_max_groups 555
bridge link set dev d0 neigh_vlan_suppress on
ip link set d0 type bridge_slave fdb_flush
-ip link set br0 type bridge stp_state 0
ip link set br0 type bridge stp_mode kernel
ip -d link show dev br0
ip -d link show dev d0
ip link show type bridge_slave
bridge -d link show
ip link set br0 type bridge vlan_default_pvid 4095
-ip link set br0 type bridge stp_state 1
ip link set br0 type bridge stp_mode user
ip link set d0 type bridge_slave cost 0
-ip link add br1 address 02:00:00:00:02:01 type bridge mcast_snooping 1 mcast_querier 1
-ip link add v0 address 02:00:00:00:02:02 type veth peer name v1 address 02:00:00:00:02:03
-ip link add br2 address 02:00:00:00:02:04 type bridge mcast_snooping 1
-ip link set v0 master br1
-ip link set v1 master br2
-ip link set v0 up
-ip link set v1 up
-ip addr add 192.0.2.1/24 dev br1
-ip link set br1 up
-ip link set br2 up
-ip link set br1 type bridge mcast_query_use_ifaddr 1 mcast_startup_query_interval 100
-sleep 4
ip -d link show dev br2
ip link set d1 nomaster
