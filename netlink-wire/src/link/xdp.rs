//! Programs that see packets first: `IFLA_XDP`.
//!
//! Source: `include/uapi/linux/if_link.h`, as of Linux 7.2.

attributes! {
    /// An attribute of [`LinkAttr::Xdp`](super::LinkAttr::Xdp).
    pub enum XdpAttr<'a> in "xdp-attrs" {
        /// Program to attach, as a file descriptor; -1 detaches.
        IFLA_XDP_FD = 1 => Fd(i32),
        /// Where the program runs.
        IFLA_XDP_ATTACHED = 2 => Attached(XdpAttached),
        /// Where to attach, and when.
        IFLA_XDP_FLAGS = 3 => Flags(XdpFlags),
        /// Id of the program, if it is the only one.
        IFLA_XDP_PROG_ID = 4 => ProgId(u32),
        /// Id of the program in the driver.
        IFLA_XDP_DRV_PROG_ID = 5 => DrvProgId(u32),
        /// Id of the program in the stack.
        IFLA_XDP_SKB_PROG_ID = 6 => SkbProgId(u32),
        /// Id of the program in the hardware.
        IFLA_XDP_HW_PROG_ID = 7 => HwProgId(u32),
        /// Program to replace, as a file descriptor; -1 is none. Since Linux 5.7.
        IFLA_XDP_EXPECTED_FD = 8 => ExpectedFd(i32),
    }
}

constants! {
    /// Where a program runs: `XDP_ATTACHED_*`.
    pub struct XdpAttached(u8) in "XDP_ATTACHED_" {
        /// There is none.
        NONE = 0, "none";
        /// In the driver.
        DRV = 1, "xdp";
        /// In the stack, whatever the driver.
        SKB = 2, "xdpgeneric";
        /// In the hardware.
        HW = 3, "xdpoffload";
        /// There are several.
        MULTI = 4, "xdpmulti";
    }
}

flags! {
    /// Where to attach a program, and when: `XDP_FLAGS_*`.
    pub struct XdpFlags(u32) in "XDP_FLAGS_" {
        /// Only if there is none.
        UPDATE_IF_NOEXIST = 0x1, "update_if_noexist";
        /// In the stack.
        SKB_MODE = 0x2, "xdpgeneric";
        /// In the driver.
        DRV_MODE = 0x4, "xdpdrv";
        /// In the hardware.
        HW_MODE = 0x8, "xdpoffload";
        /// Only in place of [`XdpAttr::ExpectedFd`]. Since Linux 5.7.
        REPLACE = 0x10, "replace";
    }
}
