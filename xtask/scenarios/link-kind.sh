# Links of every kind that is not a bridge, bond or IP tunnel: as they are asked for, and as they are shown.
# modules: dummy veth 8021q macvlan macvtap ipvlan ipvtap vrf tun hsr macsec vcan vxcan batman-adv nlmon ifb team gtp
-ip link add d0 address 02:00:00:00:00:01 type dummy
-ip link add d1 address 02:00:00:00:00:02 type dummy
-ip link set d0 up
-ip link set d1 up
ip link add link d0 name d0.77 address 02:00:00:00:01:01 type vlan proto 802.1ad id 77 reorder_hdr off gvrp on mvrp on loose_binding on bridge_binding on ingress-qos-map 1:2 6:7 egress-qos-map 5:3 4:6
ip link set d0.77 type vlan gvrp off ingress-qos-map 1:0
ip link add link d0 name mv0 address 02:00:00:00:01:02 type macvlan mode source macaddr set 02:00:00:00:02:01 02:00:00:00:02:02 bcqueuelen 1234
ip link set mv0 type macvlan mode source nodst
ip link set mv0 type macvlan bclim 5
ip -d link show dev mv0
ip link set mv0 type macvlan macaddr add 02:00:00:00:02:03
ip link set mv0 type macvlan macaddr del 02:00:00:00:02:01
ip link set mv0 type macvlan macaddr flush
ip link add link d1 name mv1 address 02:00:00:00:01:03 type macvlan mode passthru nopromisc
ip link add link d0 name mt0 address 02:00:00:00:01:04 type macvtap mode vepa
-ip link add d2 address 02:00:00:00:00:03 type dummy
-ip link add d3 address 02:00:00:00:00:04 type dummy
ip link add link d2 name iv0 type ipvlan mode l3s private
ip link add link d3 name it0 type ipvtap mode l2 vepa
ip link add v0 address 02:00:00:00:03:01 numtxqueues 2 type veth peer name v1 address 02:00:00:00:03:02 mtu 1400 numrxqueues 3
ip link add vrf7 address 02:00:00:00:04:01 type vrf table 7007
ip link set v1 master vrf7
ip tuntap add dev tun7 mode tun user 1234 group 5678 pi vnet_hdr multi_queue
ip tuntap add dev tap7 mode tap
-ip link add e0 address 02:00:00:00:0e:01 type dummy
-ip link add e1 address 02:00:00:00:0e:02 type dummy
ip link add hsr0 address 02:00:00:00:05:01 type hsr slave1 e0 slave2 e1 supervision 77 version 1
-ip link add d4 address 02:00:00:00:00:05 type dummy
-ip link add d5 address 02:00:00:00:00:06 type dummy
-ip link add d6 address 02:00:00:00:00:07 type dummy
ip link add hsr1 address 02:00:00:00:05:02 type hsr slave1 d4 slave2 d5 interlink d6 proto 0
-ip link add d7 address 02:00:00:00:00:08 type dummy
-ip link add d8 address 02:00:00:00:00:09 type dummy
ip link add prp0 address 02:00:00:00:05:03 type hsr slave1 d7 slave2 d8 proto 1
-ip link add e2 address 02:00:00:00:0e:03 type dummy
-ip link add e3 address 02:00:00:00:0e:04 type dummy
ip link add link e2 name ms0 address 02:00:00:00:06:01 type macsec port 4660 cipher gcm-aes-256 icvlen 12 encrypt on send_sci on protect on replay on window 77 validate check encodingsa 2
ip link add link e3 name ms1 address 02:00:00:00:06:02 type macsec sci 0102030405060708 scb off validate disabled
ip link set ms1 type macsec validate check encrypt off
ip link add vcan0 type vcan
ip link add vxcan0 type vxcan peer name vxcan1 mtu 72
ip link add bat0 address 02:00:00:00:07:01 type batadv ra BATMAN_V
ip link add nlmon7 type nlmon
ip link add ifb7 address 02:00:00:00:07:02 type ifb
ip link add team0 address 02:00:00:00:07:03 type team
ip link add gtp0 type gtp role sgsn hsize 1027 restart_count 7
ip -d link show type macsec
ip -d link show dev tun7
ip -d link show dev v1
ip link show master vrf7
ip link set d0.77 type vlan id 5000
ip link add link d0 name mv2 type macvlan mode passthru
ip link add x0 type vrf
ip link del v0
