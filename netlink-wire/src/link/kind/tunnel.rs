//! What several kinds of tunnels share.
//!
//! Source: `include/uapi/linux/if_tunnel.h` and `ip6_tunnel.h`, as of Linux 7.2.

constants! {
    /// What a tunnel puts between IP and its own packets: `TUNNEL_ENCAP_*`.
    pub struct TunnelEncap(u16) in "TUNNEL_ENCAP_" {
        /// Nothing.
        NONE = 0, "none";
        /// UDP: "foo over UDP".
        FOU = 1, "fou";
        /// UDP, and a header of its own: generic UDP encapsulation.
        GUE = 2, "gue";
        /// MPLS labels.
        MPLS = 3, "mpls";
    }
}

flags! {
    /// How [`TunnelEncap::FOU`] and [`TunnelEncap::GUE`] treat checksums:
    /// `TUNNEL_ENCAP_FLAG_*`.
    pub struct TunnelEncapFlags(u16) in "TUNNEL_ENCAP_FLAG_" {
        /// Compute the UDP checksum over IPv4.
        CSUM = 0x1, "csum";
        /// Compute the UDP checksum over IPv6.
        CSUM6 = 0x2, "csum6";
        /// Leave checksums of the inner packet to the remote end.
        REMCSUM = 0x4, "remcsum";
    }
}

flags! {
    /// How a tunnel over IPv6 behaves: `IP6_TNL_F_*`.
    pub struct Ip6TnlFlags(u32) in "IP6_TNL_F_" {
        /// Add no option that limits nesting.
        IGN_ENCAP_LIMIT = 0x1, "ign_encap_limit";
        /// Copy the traffic class from the inner header.
        USE_ORIG_TCLASS = 0x2, "use_orig_tclass";
        /// Copy the flow label from the inner header.
        USE_ORIG_FLOWLABEL = 0x4, "use_orig_flowlabel";
        /// The tunnel serves Mobile IPv6.
        MIP6_DEV = 0x8, "mip6_dev";
        /// Copy the DSCP of the outer header into packets that are received.
        RCV_DSCP_COPY = 0x10, "rcv_dscp_copy";
        /// Copy the mark of the inner packet.
        USE_ORIG_FWMARK = 0x20, "use_orig_fwmark";
        /// The remote end may be on this host.
        ALLOW_LOCAL_REMOTE = 0x40, "allow_local_remote";
        /// The local end can send. This one and those below are the kernel's own.
        CAP_XMIT = 0x10000, "cap_xmit";
        /// The local end can receive.
        CAP_RCV = 0x20000, "cap_rcv";
        /// It is looked up for each packet whether the ends can be reached.
        CAP_PER_PACKET = 0x40000, "cap_per_packet";
    }
}
