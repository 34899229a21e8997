# Traffic control: disciplines, classes, filters, chains.
# modules: dummy sch_htb sch_fq_codel sch_tbf sch_ingress cls_u32 cls_basic cls_flower sch_netem cls_matchall
-ip link add d0 address 02:00:00:00:00:01 type dummy
-ip link set d0 up
tc qdisc add dev d0 root handle 1: stab overhead 18 mtu 2047 tsize 512 mpu 64 linklayer ethernet htb default 16
tc class add dev d0 parent 1: classid 1:10 estimator 250ms 500ms htb rate 12mbit ceil 34mbit
tc qdisc add dev d0 parent 1:10 handle 10: fq_codel limit 1234
tc filter add dev d0 parent 1: protocol ip prio 4660 chain 77 u32 match ip dst 192.0.2.0/24 flowid 1:10
tc filter add dev d0 parent 1: protocol ipv6 prio 5 basic flowid 1:10
-ip addr add 192.0.2.1/24 dev d0
tc -s qdisc show
tc -s class show dev d0
tc filter show dev d0
tc qdisc add dev d0 clsact
tc qdisc del dev d0 clsact
tc qdisc add dev d0 ingress_block 21 ingress
tc chain add block 21 chain 99 protocol ip flower dst_ip 198.51.100.0/24
tc chain show block 21
tc filter add block 21 protocol ip prio 3 flower dst_ip 198.51.100.1 action drop
tc filter show block 21
tc -br filter show block 21
tc qdisc show dev d0 invisible
tc qdisc show dev d0 ingress
tc chain del block 21 chain 99
tc filter del dev d0 parent 1: protocol ip prio 4660 chain 77
tc class change dev d0 parent 1: classid 1:10 htb rate 56mbit
tc qdisc del dev d0 root
