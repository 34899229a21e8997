# Addresses of interfaces.
# modules: dummy
-ip link add d0 address 02:00:00:00:00:01 type dummy
-ip link set lo up
-ip link set d0 up
ip addr add 192.0.2.1/24 dev d0
ip addr add 192.0.2.2/24 brd + dev d0 label d0:home scope link
ip addr add 192.0.2.3 peer 198.51.100.1/32 dev d0 metric 77
ip addr add 192.0.2.9/25 dev d0 valid_lft 1000 preferred_lft 500 noprefixroute
ip addr add 192.0.2.10/25 dev d0 proto 99
ip addr add 224.0.0.99/32 dev d0 autojoin
ip addr add 2001:db8::1/64 dev d0
ip addr add 2001:db8::2/64 dev d0 nodad home valid_lft 3000 preferred_lft 0
ip addr add 2001:db8::3 peer 2001:db8:1::1/64 dev d0
ip addr add 2001:db8::4/64 dev d0 mngtmpaddr noprefixroute
ip addr change 192.0.2.1/24 dev d0 scope host
ip addr show
ip -4 addr show dev d0
ip -6 addr show dev d0 scope global
ip maddr show
-sysctl -q net.ipv6.conf.d0.forwarding=1
python3 -c 'import socket, struct; [(lambda s: (s.send(struct.pack("IHHIIB3xI", 24, kind, 0x301, 1, 0, family, 0)), s.recv(9999)))(socket.socket(16, 3, 0)) for kind in (58, 62) for family in (2, 10)]'
ip addr del 192.0.2.3 peer 198.51.100.1/32 dev d0
ip addr del 192.0.2.99/24 dev d0
ip addr add 192.0.2.1/24 dev d0
ip -6 addr flush dev d0
