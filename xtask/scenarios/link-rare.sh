# Links of kinds that user-mode Linux does not have: it refuses what was asked.
# modules: dummy xfrm_interface bareudp amt wireguard
-ip link add d0 address 02:00:00:00:00:01 type dummy
-ip addr add 192.0.2.1/24 dev d0
-ip link set d0 up
ip link add xfrm7 type xfrm dev d0 if_id 0x12345678
ip link add xfrm8 type xfrm external
ip link add nk0 type netkit mode l3 forward peer blackhole name nk1
ip link add nk2 address 02:00:00:00:08:01 type netkit mode l2 blackhole scrub none peer forward scrub default name nk3 address 02:00:00:00:08:02
ip link add bu0 type bareudp dstport 6635 ethertype mpls_uc srcportmin 1234 multiproto
ip link add amt0 type amt mode gateway local 192.0.2.1 discovery 192.0.2.2 dev d0 gateway_port 2268 relay_port 2269
ip link add wg0 type wireguard
ip -d link show dev nk3
ip link del nk0
