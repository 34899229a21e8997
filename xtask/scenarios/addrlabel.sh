# Labels of IPv6 addresses.
# modules: ipv6 dummy
-ip link add d0 type dummy
ip addrlabel add prefix 2001:db8:1200::/40 label 770
ip addrlabel add prefix 2001:db8:3400::/41 dev d0 label 99
ip addrlabel list
ip addrlabel del prefix 2001:db8:1200::/40 label 770
ip addrlabel add prefix ::1/128 label 5
