# Tunnels of every kind.
# modules: dummy ip_gre ip6_gre ipip sit ip6_tunnel ip_vti ip6_vti vxlan geneve fou fou6
-ip link add d0 address 02:00:00:00:00:01 type dummy
-ip addr add 192.0.2.1/24 dev d0
-ip addr add 2001:db8::1/64 dev d0
-ip link set d0 up
ip link add gre1 type gre local 192.0.2.1 remote 198.51.100.2 ttl 64 tos 0x10 dev d0 ikey 0.0.1.2 okey 0.0.3.4 icsum oseq fwmark 0x1234
ip link add gre2 type gre remote 198.51.100.3 nopmtudisc ignore-df key 4660 encap gue encap-sport 5555 encap-dport 6080 encap-csum encap-remcsum
ip link add gre3 type gre external
ip link add gt1 address 02:00:00:00:01:01 type gretap local 192.0.2.1 remote 198.51.100.4 tos inherit encap fou encap-sport auto encap-dport 5555 encap-udp6-csum
ip link add gt2 address 02:00:00:00:01:02 type gretap external
ip link add es1 address 02:00:00:00:01:03 type erspan local 192.0.2.1 remote 198.51.100.5 seq key 30 erspan_ver 1 erspan 123
ip link add es2 address 02:00:00:00:01:04 type erspan local 192.0.2.1 remote 198.51.100.6 seq key 31 erspan_ver 2 erspan_dir egress erspan_hwid 17
ip link add g61 type ip6gre local 2001:db8::1 remote 2001:db8:1::2 hoplimit 77 encaplimit 6 tclass 0x20 flowlabel 0x12345 ikey 7 okey 8 ocsum iseq dev d0 fwmark 99
ip link add g62 type ip6gre remote 2001:db8:1::3 encaplimit none tclass inherit flowlabel inherit dscp inherit allow-localremote fwmark inherit
ip link add gt61 address 02:00:00:00:01:05 type ip6gretap local 2001:db8::1 remote 2001:db8:1::4 key 258
ip link add es61 address 02:00:00:00:01:06 type ip6erspan local 2001:db8::1 remote 2001:db8:1::5 seq key 32 erspan_ver 1 erspan 124
ip link add es62 address 02:00:00:00:01:07 type ip6erspan local 2001:db8::1 remote 2001:db8:1::6 seq key 33 erspan_ver 2 erspan_dir ingress erspan_hwid 18
ip link add ii1 type ipip local 192.0.2.1 remote 198.51.100.7 mode any ttl 33 dev d0 encap fou encap-sport 5556 encap-dport 5557
ip link add ii2 type ipip external
ip link add s1 type sit local 192.0.2.1 remote 198.51.100.8 mode ip6ip isatap ttl 44
ip link add s2 type sit local 192.0.2.1 6rd-prefix 2001:db8:100::/40 6rd-relay_prefix 10.0.0.0/8 fwmark 3
ip link add i61 type ip6tnl local 2001:db8::1 remote 2001:db8:1::7 mode ip6ip6 hoplimit 55 encaplimit 5 tclass 0x40 flowlabel 0x54321 dev d0
ip link add i62 type ip6tnl mode any external
ip link add i63 type ip6tnl remote 2001:db8:1::8 mode ipip6 encaplimit none tclass inherit flowlabel inherit dscp inherit allow-localremote fwmark inherit encap gue encap-sport auto encap-dport 6081 encap-udp6-csum
ip link add vt1 type vti local 192.0.2.1 remote 198.51.100.9 ikey 0.0.1.5 okey 0.0.1.6 fwmark 4
ip link add vt2 type vti6 local 2001:db8::1 remote 2001:db8:1::9 ikey 1.2.3.4 okey 5.6.7.8 dev d0
ip link add vx1 address 02:00:00:00:02:01 type vxlan id 66051 remote 198.51.100.10 local 192.0.2.1 dev d0 dstport 4789 srcport 32768 61000 ttl 99 tos 0x30 df set ageing 1234 maxaddress 77 proxy rsc l2miss l3miss udpcsum
ip link add vx2 address 02:00:00:00:02:02 type vxlan id 43 group ff05::1:2 local 2001:db8::1 dev d0 dstport 8472 flowlabel 0x23456 nolearning udp6zerocsumtx udp6zerocsumrx remcsumtx remcsumrx
ip link add vx3 address 02:00:00:00:02:03 type vxlan dstport 4790 external vnifilter
ip link add vx4 address 02:00:00:00:02:04 type vxlan id 44 dstport 4791 group 239.1.2.3 dev d0 ttl inherit gbp localbypass
ip link add vx5 type vxlan dstport 4792 external gpe
ip link add vx6 address 02:00:00:00:02:05 type vxlan id 46 dstport 4793 remote 2001:db8:1::10 flowlabel 77 reserved_bits 0xf0000000000000a5
ip link set vx1 type vxlan ageing 2345 learning
ip link add gn1 address 02:00:00:00:03:01 type geneve id 66052 remote 198.51.100.11 ttl 88 tos 0x50 dstport 6082 df inherit noudpcsum
ip link add gn2 address 02:00:00:00:03:02 type geneve id 45 remote 2001:db8:1::11 ttl inherit flowlabel 0x34567 udp6zerocsumtx udp6zerocsumrx
ip link add gn3 address 02:00:00:00:03:03 type geneve dstport 6083 external
ip link add gn4 type geneve id 46 remote 198.51.100.12 innerprotoinherit
ip link add gn5 address 02:00:00:00:03:05 type geneve id 47 remote 198.51.100.13 local 192.0.2.1
ip link add vx9 type vxlan id 16777216
ip link add gn9 type geneve
ip link add gre9 type gre local 192.0.2.1 remote 198.51.100.2 ttl 64 tos 0x10 dev d0 ikey 0.0.1.2 okey 0.0.3.4
