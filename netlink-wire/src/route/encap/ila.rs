//! Address translation: identifier locator addressing.
//!
//! Source: `include/uapi/linux/ila.h`, as of Linux 7.2.

use crate::scalar::Be;

attributes! {
    /// An attribute of [`Encap::Ila`](super::Encap::Ila).
    pub enum IlaAttr<'a> in "ila-attrs" {
        /// Upper half of the address that packets get.
        ILA_ATTR_LOCATOR = 1 => Locator(Be<u64>),
        /// Not used in a route.
        ILA_ATTR_IDENTIFIER = 2 => Identifier(Be<u64>),
        /// Not used in a route.
        ILA_ATTR_LOCATOR_MATCH = 3 => LocatorMatch(Be<u64>),
        /// Not used in a route.
        ILA_ATTR_IFINDEX = 4 => IfIndex(i32),
        /// Not used in a route.
        ILA_ATTR_DIR = 5 => Dir(u32),
        /// Padding.
        ILA_ATTR_PAD = 6 => Pad(&'a [u8]),
        /// How checksums are kept right.
        ILA_ATTR_CSUM_MODE = 7 => CsumMode(IlaCsum),
        /// What the lower half of the address is.
        ILA_ATTR_IDENT_TYPE = 8 => IdentType(IlaAtype),
        /// Which packets are translated.
        ILA_ATTR_HOOK_TYPE = 9 => HookType(IlaHook),
    }
}

constants! {
    /// How checksums are kept right: `ILA_CSUM_*`.
    pub struct IlaCsum(u8) in "ILA_CSUM_" {
        /// The checksum of TCP, UDP or ICMPv6 is corrected.
        ADJUST_TRANSPORT = 0, "adj-transport";
        /// The address is changed so that the checksum stays right.
        NEUTRAL_MAP = 1, "neutral-map";
        /// They are not.
        NO_ACTION = 2, "no-action";
        /// Like `NEUTRAL_MAP`; the address does not tell that it was changed.
        NEUTRAL_MAP_AUTO = 3, "neutral-map-auto";
    }
}

constants! {
    /// What the lower half of an address is: `ILA_ATYPE_*`.
    pub struct IlaAtype(u8) in "ILA_ATYPE_" {
        /// An interface id.
        IID = 0, "iid";
        /// An id that is unique in the locator's domain.
        LUID = 1, "luid";
        /// A virtual IPv4 address.
        VIRT_V4 = 2, "virt-v4";
        /// A virtual IPv6 address.
        VIRT_UNI_V6 = 3, "virt-uni-v6";
        /// A virtual IPv6 multicast address.
        VIRT_MULTI_V6 = 4, "virt-multi-v6";
        /// An address that is not local.
        NONLOCAL_ADDR = 5, "nonlocal-addr";
        /// Reserved.
        RSVD_1 = 6, "rsvd-1";
        /// Reserved.
        RSVD_2 = 7, "rsvd-2";
        /// The address tells itself.
        USE_FORMAT = 32, "use-format";
    }
}

constants! {
    /// Which packets are translated: `ILA_HOOK_*`.
    pub struct IlaHook(u8) in "ILA_HOOK_" {
        /// Those that leave.
        ROUTE_OUTPUT = 0, "output";
        /// Those that come in.
        ROUTE_INPUT = 1, "input";
    }
}
