//! Types of devices.
//!
//! Source: `include/uapi/linux/if_arp.h`, as of Linux 7.2.

constants! {
    /// Type of a device: `ARPHRD_*`. It tells what its addresses look like.
    ///
    /// iproute2 has no word for some of them and prints their number in brackets.
    pub struct Arphrd(u16) in "ARPHRD_" {
        /// NET/ROM.
        NETROM = 0, "generic";
        /// Ethernet.
        ETHER = 1, "ether";
        /// Experimental Ethernet.
        EETHER = 2, "eether";
        /// AX.25.
        AX25 = 3, "ax25";
        /// PROnet token ring.
        PRONET = 4, "pronet";
        /// Chaosnet.
        CHAOS = 5, "chaos";
        /// IEEE 802.2 Ethernet, token ring, or token bus.
        IEEE802 = 6, "ieee802";
        /// ARCnet.
        ARCNET = 7, "arcnet";
        /// AppleTalk.
        APPLETLK = 8, "atalk";
        /// Frame Relay DLCI.
        DLCI = 15, "dlci";
        /// ATM.
        ATM = 19, "atm";
        /// Metricom STRIP.
        METRICOM = 23, "metricom";
        /// IP over FireWire.
        IEEE1394 = 24, "ieee1394";
        /// Addresses of 64 bits.
        EUI64 = 27, "[27]";
        /// InfiniBand.
        INFINIBAND = 32, "infiniband";
        /// SLIP.
        SLIP = 256, "slip";
        /// SLIP with compressed headers.
        CSLIP = 257, "cslip";
        /// SLIP of six bits.
        SLIP6 = 258, "slip6";
        /// SLIP of six bits with compressed headers.
        CSLIP6 = 259, "cslip6";
        /// Reserved.
        RSRVD = 260, "rsrvd";
        /// Adaptive SLIP.
        ADAPT = 264, "adapt";
        /// Rose.
        ROSE = 270, "rose";
        /// X.25.
        X25 = 271, "x25";
        /// X.25 in firmware.
        HWX25 = 272, "hwx25";
        /// CAN bus.
        CAN = 280, "can";
        /// MCTP. Since Linux 5.15.
        MCTP = 290, "[290]";
        /// PPP.
        PPP = 512, "ppp";
        /// HDLC as Cisco has it; `ARPHRD_HDLC` is the same.
        CISCO = 513, "hdlc";
        /// LAPB.
        LAPB = 516, "lapb";
        /// DDCMP.
        DDCMP = 517, "ddcmp";
        /// Raw HDLC.
        RAWHDLC = 518, "rawhdlc";
        /// IP without a link layer.
        RAWIP = 519, "[519]";
        /// IPv4 tunnel over IPv4.
        TUNNEL = 768, "ipip";
        /// Tunnel over IPv6.
        TUNNEL6 = 769, "tunnel6";
        /// Frame Relay access device.
        FRAD = 770, "frad";
        /// SKIP.
        SKIP = 771, "skip";
        /// Loopback.
        LOOPBACK = 772, "loopback";
        /// LocalTalk.
        LOCALTLK = 773, "ltalk";
        /// FDDI.
        FDDI = 774, "fddi";
        /// AP1000 BIF.
        BIF = 775, "bif";
        /// IPv6 tunnel over IPv4.
        SIT = 776, "sit";
        /// IP over DDP.
        IPDDP = 777, "ip/ddp";
        /// GRE over IPv4.
        IPGRE = 778, "gre";
        /// Register interface of PIM-SM.
        PIMREG = 779, "pimreg";
        /// HIPPI.
        HIPPI = 780, "hippi";
        /// Nexus Ash.
        ASH = 781, "ash";
        /// Acorn Econet.
        ECONET = 782, "econet";
        /// IrDA.
        IRDA = 783, "irda";
        /// Fibre Channel, point to point.
        FCPP = 784, "fcpp";
        /// Fibre Channel, arbitrated loop.
        FCAL = 785, "fcal";
        /// Fibre Channel, public loop.
        FCPL = 786, "fcpl";
        /// Fibre Channel, fabric.
        FCFABRIC = 787, "fcfb0";
        /// Token ring.
        IEEE802_TR = 800, "tr";
        /// Wireless LAN.
        IEEE80211 = 801, "ieee802.11";
        /// Wireless LAN, with Prism headers.
        IEEE80211_PRISM = 802, "ieee802.11/prism";
        /// Wireless LAN, with radiotap headers.
        IEEE80211_RADIOTAP = 803, "ieee802.11/radiotap";
        /// Low-rate wireless.
        IEEE802154 = 804, "ieee802.15.4";
        /// Low-rate wireless, monitored.
        IEEE802154_MONITOR = 805, "ieee802.15.4/monitor";
        /// Phonet.
        PHONET = 820, "phonet";
        /// Phonet pipe.
        PHONET_PIPE = 821, "phonet_pipe";
        /// CAIF.
        CAIF = 822, "caif";
        /// GRE over IPv6.
        IP6GRE = 823, "gre6";
        /// Netlink monitor.
        NETLINK = 824, "netlink";
        /// IPv6 over low-power wireless.
        _6LOWPAN = 825, "6lowpan";
        /// Monitor of virtual sockets.
        VSOCKMON = 826, "[826]";
        /// No link layer.
        NONE = 65534, "none";
        /// Nothing is known.
        VOID = 65535, "void";
    }
}
