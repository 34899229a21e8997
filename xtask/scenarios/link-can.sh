# A controller area network over a serial line, which is a terminal of a program here. The
# kernel makes the link in the first namespace.
# modules: slcan
-mkdir -p /dev/pts; mount -t devpts devpts /dev/pts
-perl -e '$l = pack("i", 0); $n = $l; $c = pack("i", 17); open(M, "+</dev/ptmx"); ioctl(M, 0x40045431, $l); ioctl(M, 0x80045430, $n); open(S, "+</dev/pts/" . unpack("i", $n)); ioctl(S, 0x5423, $c) or die $!; sleep 60' >/run/perl.log 2>&1 &
-sleep 1
-nsenter -t 1 -n ip link set can0 netns $$
ip link set can0 type can bitrate 500000 restart-ms 1234 loopback on
ip link set can0 type can bitrate 500000
ip link set can0 type can bitrate 123456
ip link set can0 type can bitrate 500000 sample-point 0.875 dbitrate 2000000 dsample-point 0.8 fd on tdcv 5 tdco 6 tdcf 7
ip link set can0 type can tq 125 prop-seg 6 phase-seg1 7 phase-seg2 2 sjw 1 termination 120 berr-reporting on
ip link set can0 type can bitrate 500000 xl on xbitrate 4000000 xtdcv 8 xtdco 9 xtdcf 10 tms on pwms 3 pwml 4 pwmo 5
ip -d -s link show dev can0
ip link set can0 type can restart
