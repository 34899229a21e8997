# Bonds and their ports.
# modules: bonding dummy veth
-ip link add d0 address 02:00:00:00:00:01 type dummy
-ip link add d1 address 02:00:00:00:00:02 type dummy
ip link add b0 address 02:00:00:00:01:01 type bond mode active-backup miimon 100 updelay 300 downdelay 500 peer_notify_delay 700 primary_reselect better fail_over_mac follow resend_igmp 7 num_grat_arp 9 all_slaves_active 1 min_links 3 lp_interval 77
ip link set d0 master b0
ip link set d1 master b0
-ip link set d0 up
-ip link set d1 up
-ip link set b0 up
-sleep 1
ip link set b0 type bond active_slave d1
ip link set b0 type bond primary d0
ip link set d0 type bond_slave queue_id 5
ip link set d1 type bond_slave prio -77
ip -d link show dev b0
ip -d link show dev d0
ip -d link show dev d1
ip link add b1 address 02:00:00:00:01:02 type bond mode 1 arp_interval 1000 arp_ip_target 192.0.2.1,192.0.2.2,198.51.100.3 arp_validate filter_backup arp_all_targets all arp_missed_max 5
ip link set b1 type bond ns_ip6_target 2001:db8::1,2001:db8::2
ip -d link show dev b1
ip link add b2 address 02:00:00:00:01:03 type bond mode balance-rr packets_per_slave 17
ip link add b3 address 02:00:00:00:01:04 type bond mode balance-xor xmit_hash_policy vlan+srcmac
ip link add b4 address 02:00:00:00:01:05 type bond mode balance-tlb tlb_dynamic_lb 0
ip link add b5 address 02:00:00:00:01:06 type bond mode 802.3ad lacp_rate fast lacp_active on ad_select bandwidth ad_user_port_key 1000 ad_actor_sys_prio 4660 ad_actor_system 02:aa:bb:cc:dd:ee xmit_hash_policy layer3+4 miimon 100
ip link add b6 address 02:00:00:00:01:07 type bond mode 802.3ad coupled_control off broadcast_neighbor on ad_select actor_port_prio
-ip link add v0 address 02:00:00:00:02:01 type veth peer name w0 address 02:00:00:00:02:02
-ip link add v1 address 02:00:00:00:02:03 type veth peer name w1 address 02:00:00:00:02:04
-ip link add b7 address 02:00:00:00:01:08 type bond mode 802.3ad lacp_rate fast miimon 100
ip link set v0 master b5
ip link set v1 master b5
-ip link set w0 master b7
-ip link set w1 master b7
-ip link set b5 up
-ip link set b7 up
ip link set v0 type bond_slave actor_port_prio 777
-sleep 5
ip -d link show dev b5
ip -d link show dev v0
ip link set b0 type bond mode balance-rr
ip link set b0 type bond resend_igmp 256
ip link set d0 nomaster
