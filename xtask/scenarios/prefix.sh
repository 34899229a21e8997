# Prefixes that a router advertises: two of them, the second with all flags.
# modules: veth
-ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
-sysctl -q net.ipv6.conf.v0.accept_ra=2 net.ipv6.conf.v0.accept_ra_from_local=1 net.ipv6.conf.v0.autoconf=0 net.ipv6.conf.v1.accept_ra=0
-ip link set v0 up
-ip link set v1 up
-sleep 1
perl -MSocket=:all -e 'socket(S,10,3,58)||die; setsockopt(S,1,25,"v1\0")||die; setsockopt(S,41,18,pack("i",255))||die; $ra=pack("CCnCCnNN",134,0,0,64,0,1800,0,0); $ra.=pack("CCCCNNN",3,4,64,0xc0,86401,14402,0).inet_pton(10,"2001:db8:1:2::"); $ra.=pack("CCCCNNN",3,4,56,0xb0,4660,1234,0).inet_pton(10,"2001:db8:3:400::"); send(S,$ra,0,pack_sockaddr_in6(0,inet_pton(10,"ff02::1")))||die $!' && sleep 0.3
