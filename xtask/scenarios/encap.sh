# Encapsulations, in routes and in their next hops.
# modules: dummy vrf mpls_router mpls_iptunnel ila geneve vxlan ip_gre ip6_gre
-ip link add d0 index 10 address 02:00:00:00:00:01 type dummy
-ip link add v0 index 11 address 02:00:00:00:00:02 type vrf table 500
-ip addr add 192.0.2.1/24 dev d0
-ip addr add 2001:db8::1/64 dev d0
-ip link set lo up
-ip link set d0 up
-ip link set v0 up
-sysctl -q net.vrf.strict_mode=1
ip route add 203.0.113.1 encap mpls 100/200 ttl 64 via 192.0.2.9 dev d0
ip route add 203.0.113.2 encap mpls 16 via inet6 2001:db8::9 dev d0
ip route add 203.0.113.3 encap ip id 4242 dst 192.0.2.9 src 192.0.2.1 ttl 5 tos 6 csum key dev d0
ip route add 203.0.113.4 encap ip id 4243 dst 192.0.2.9 geneve_opts 0x0102:0x80:01020304,0x0103:1:0a0b0c0d0e0f1011 dev d0
ip route add 203.0.113.5 encap ip id 4244 dst 192.0.2.9 vxlan_opts 0x1234 dev d0
ip route add 203.0.113.6 encap ip id 4245 dst 192.0.2.9 erspan_opts 1:0x12345:0:0 dev d0
ip route add 203.0.113.7 encap ip id 4246 dst 192.0.2.9 erspan_opts 2:0:1:0x21 dev d0
ip -6 route add 2001:db8:1::/48 encap ip6 id 4247 dst 2001:db8::9 src 2001:db8::1 hoplimit 7 tc 8 seq dev d0
ip -6 route add 2001:db8:2::/48 encap ip6 id 4248 dst 2001:db8::9 geneve_opts 0x0102:0x80:01020304 dev d0
ip -6 route add 2001:db8:3::/48 encap seg6 mode encap segs 2001:db8:f::1,2001:db8:f::2,2001:db8:f::3 dev d0
ip -6 route add 2001:db8:4::/48 encap seg6 mode inline segs 2001:db8:f::1,2001:db8:f::2 dev d0
ip -6 route add 2001:db8:5::/48 encap seg6 mode l2encap segs 2001:db8:f::1 dev d0
ip -6 route add 2001:db8:6::/48 encap seg6 mode encap.red segs 2001:db8:f::1,2001:db8:f::2 dev d0
-printf 'secret\n' | ip sr hmac set 17 sha256
ip -6 route add 2001:db8:7::/48 encap seg6 mode encap segs 2001:db8:f::1 hmac 17 dev d0
ip -6 route add 2001:db8:8::/48 encap seg6 mode encap tunsrc 2001:db8::1 segs 2001:db8:f::1 dev d0
ip route add 203.0.113.8 encap seg6 mode encap segs 2001:db8:f::1 dev d0
ip -6 route add 2001:db8:10::1 encap seg6local action End count dev d0
ip -6 route add 2001:db8:10::2 encap seg6local action End flavors psp dev d0
ip -6 route add 2001:db8:10::3 encap seg6local action End flavors next-csid lblen 48 nflen 16 dev d0
ip -6 route add 2001:db8:10::4 encap seg6local action End.X nh6 2001:db8::9 dev d0
ip -6 route add 2001:db8:10::5 encap seg6local action End.T table 300 dev d0
ip -6 route add 2001:db8:10::6 encap seg6local action End.DX2 oif d0 dev d0
ip -6 route add 2001:db8:10::7 encap seg6local action End.DX6 nh6 2001:db8::9 dev d0
ip -6 route add 2001:db8:10::8 encap seg6local action End.DX4 nh4 192.0.2.9 dev d0
ip -6 route add 2001:db8:10::9 encap seg6local action End.DT6 table 300 dev d0
ip -6 route add 2001:db8:10::a encap seg6local action End.DT4 vrftable 500 dev d0
ip -6 route add 2001:db8:10::b encap seg6local action End.DT46 vrftable 500 dev d0
ip -6 route add 2001:db8:10::c encap seg6local action End.B6 srh segs 2001:db8:f::1,2001:db8:f::2 dev d0
ip -6 route add 2001:db8:10::d encap seg6local action End.B6.Encaps srh segs 2001:db8:f::1 dev d0
ip -6 route add 2001:db8:11::/48 encap rpl segs 2001:db8:f::1,2001:db8:f::2 dev d0
ip -6 route add 2001:db8:12::/48 encap ioam6 trace prealloc type 0x800001 ns 258 size 12 dev d0
ip -6 route add 2001:db8:13::/48 encap ioam6 freq 2/5 mode encap tundst 2001:db8::9 trace prealloc type 0xc00000 ns 258 size 12 dev d0
ip -6 route add 2001:db8:14::/48 encap ioam6 mode auto tunsrc 2001:db8::1 tundst 2001:db8::9 trace prealloc type 0xc00000 ns 258 size 24 dev d0
ip -6 route add 2001:db8:15:0:1::/80 encap ila 1:2:3:4 csum-mode adj-transport ident-type luid hook-type output dev d0
ip -6 route add 2001:db8:16::/48 dev d0 encap xfrm if_id 5 link_dev d0
ip route add 203.0.113.9 nexthop encap mpls 100 via 192.0.2.9 dev d0 nexthop encap ip id 7 dst 192.0.2.8 via 192.0.2.8 dev d0
ip -6 route add 2001:db8:17::/48 nexthop encap mpls 101 via 2001:db8::9 dev d0 nexthop encap seg6 mode encap segs 2001:db8:f::1 via 2001:db8::8 dev d0
ip route show
ip -6 route show
python3 -c 'import ctypes, os, socket, struct; code = ctypes.create_string_buffer(bytes.fromhex("b700000000000000" "9500000000000000")); gpl = ctypes.create_string_buffer(b"GPL"); load = lambda kind: ctypes.CDLL(None).syscall(321, 5, struct.pack("IIQQIIQ", kind, 2, ctypes.addressof(code), ctypes.addressof(gpl), 0, 0, 0) + bytes(80), 120); a = lambda n, p: (lambda b: b + bytes(-len(b) % 4))(struct.pack("HH", 4 + len(p), n) + p); prog = lambda n, kind, name: a(n, a(1, struct.pack("I", load(kind))) + a(2, name + b"\0")); send = lambda family, m: (lambda s: (s.send(struct.pack("IHHII", 28 + len(m), 24, 0x605, 1, 0) + bytes([family, 32 if family == 2 else 128, 0, 0, 254, 4, 253 if family == 2 else 0, 1, 0, 0, 0, 0]) + m), s.recv(9999)))(socket.socket(16, 3, 0)); oif = a(4, struct.pack("I", 10)); send(2, a(1, bytes([203, 0, 113, 10])) + oif + a(21, struct.pack("H", 6)) + a(22, prog(1, 10, b"in") + prog(2, 11, b"out") + prog(3, 12, b"xmit") + a(4, struct.pack("I", 20)))); send(10, a(1, socket.inet_pton(10, "2001:db8:10::e")) + oif + a(21, struct.pack("H", 7)) + a(22, a(1, struct.pack("I", 15)) + prog(8, 19, b"end")))'
