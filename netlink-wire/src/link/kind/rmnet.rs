//! Several links over one modem of Qualcomm: kind `rmnet`.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

flags! {
    /// What modem and kernel do to packets: `RMNET_FLAGS_*`.
    pub struct RmnetFlags(u32) in "RMNET_FLAGS_" {
        /// The modem puts packets together.
        INGRESS_DEAGGREGATION = 0x1, "INGRESS_DEAGGREGATION";
        /// The modem sends commands.
        INGRESS_MAP_COMMANDS = 0x2, "INGRESS_MAP_COMMANDS";
        /// The modem checks checksums, in version 4.
        INGRESS_MAP_CKSUMV4 = 0x4, "INGRESS_MAP_CKSUMV4";
        /// The modem computes checksums, in version 4.
        EGRESS_MAP_CKSUMV4 = 0x8, "EGRESS_MAP_CKSUMV4";
        /// The modem checks checksums, in version 5. Since Linux 5.14.
        INGRESS_MAP_CKSUMV5 = 0x10, "INGRESS_MAP_CKSUMV5";
        /// The modem computes checksums, in version 5. Since Linux 5.14.
        EGRESS_MAP_CKSUMV5 = 0x20, "EGRESS_MAP_CKSUMV5";
    }
}

wire_struct! {
    /// Flags, and which of them count.
    pub struct IflaRmnetFlags in "ifla_rmnet_flags" {
        /// Values.
        pub flags: RmnetFlags,
        /// Flags to change; the kernel sends all ones.
        pub mask: RmnetFlags,
    }
}

attributes! {
    /// An attribute of [`InfoData::Rmnet`](crate::link::InfoData::Rmnet).
    pub enum RmnetAttr<'a> in "linkinfo-rmnet-attrs" {
        /// Number of the link on the modem, up to 254.
        IFLA_RMNET_MUX_ID = 1 => MuxId(u16),
        /// What is done to packets.
        IFLA_RMNET_FLAGS = 2 => Flags(IflaRmnetFlags),
    }
}
