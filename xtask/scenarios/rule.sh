# Routing policy rules.
# modules: vrf dummy
-ip link set lo up
-ip link add d0 type dummy
ip rule add pref 50 fwmark 0x10/0xff iif lo uidrange 0-99 ipproto tcp sport 100-200 dport 80 table 300
ip rule add pref 60 from 10.1.0.0/16 to 192.0.2.1 table 100 suppress_prefixlength 0
ip rule add pref 61 to 10.1.2.0/24 iif d0 suppress_ifgroup 5 table 1234567
ip rule add pref 70 not from 10.2.0.0/16 tos 0x10 goto 32766
ip rule add pref 75 goto 1000
ip rule add pref 76 nop
ip rule add pref 80 from 198.51.100.0/24 prohibit
ip rule add pref 81 from 198.51.101.0/24 unreachable
ip rule add pref 82 from 198.51.102.0/24 blackhole
ip rule add pref 90 tun_id 4242 oif eth9 realms 3/4 table main protocol static
ip rule add pref 95 l3mdev
ip rule add pref 96 dscp 10 table 77
ip rule add pref 97 dscp 0x20/0x30 sport 0x1000/0xff00 dport 0x22/0xff table 78
ip -6 rule add pref 55 from 2001:db8::/32 iif lo blackhole
ip -6 rule add pref 56 to 2001:db8:1::/48 fwmark 1 ipproto udp dport 53 table 500 suppress_prefixlength 8
ip -6 rule add pref 57 flowlabel 0x12345/0xfffff table 79
ip rule show
ip -6 rule show
ip rule add pref 50 from 203.0.113.300
ip rule add pref 60 from 10.1.0.0/16 to 192.0.2.1 table 100 suppress_prefixlength 0
ip rule del pref 60
ip rule del pref 61000
ip -6 rule flush
