# Multicast routes, set by a socket option; a packet that has none.
# modules: dummy
-ip link add d0 index 10 address 02:00:00:00:00:01 type dummy
-ip link add d1 index 11 address 02:00:00:00:00:02 type dummy
-ip addr add 192.0.2.1/24 dev d0
-ip addr add 198.51.100.1/24 dev d1
-ip addr add 2001:db8::1/64 dev d0
-ip link set lo up
-ip link set d0 up
-ip link set d1 up
python3 -c 'import socket, struct, subprocess; s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 2); o = lambda n, *b: s.setsockopt(0, n, struct.pack(*b)); o(200, "i", 1); [o(202, "HBBIiI", v, 8, 1, 0, 10 + v, 0) for v in (0, 1)]; o(204, "4s4sH32BIIIi", socket.inet_aton("192.0.2.77"), socket.inet_aton("232.1.2.3"), 0, 0, 5, *[0] * 30, 0, 0, 0, 0); subprocess.run(["ip", "-s", "mroute", "show", "table", "all"])'
python3 -c 'import socket, struct, subprocess; s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58); o = lambda n, *b: s.setsockopt(41, n, struct.pack(*b)); o(200, "i", 1); [o(202, "HBBHI", v, 0, 1, 10 + v, 0) for v in (0, 1)]; a = lambda x: struct.pack("HHI16sI", 10, 0, 0, socket.inet_pton(10, x), 0); o(204, "28s28sHxx32s", a("2001:db8::77"), a("ff3e::123"), 0, b"\2" + bytes(31)); subprocess.run(["ip", "-6", "-s", "mroute", "show", "table", "all"])'
python3 -c 'import socket, struct; s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 2); o = lambda n, *b: s.setsockopt(0, n, struct.pack(*b)); o(200, "i", 1); o(202, "HBBIiI", 3, 8, 1, 0, 10, 0); u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.setsockopt(0, 32, socket.inet_aton("192.0.2.1")); u.sendto(b"asked", ("232.1.2.4", 4660))'
