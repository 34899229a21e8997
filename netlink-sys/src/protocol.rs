use netlink_wire::{Header, NlmFlags};
use nix::libc;

/// A netlink protocol: which part of the kernel a [`Socket`](crate::Socket) talks to.
///
/// Any number can be given: `Protocol(31)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Protocol(pub i32);

impl Protocol {
    /// Links, addresses, routes, rules, neighbours, traffic control.
    pub const ROUTE: Self = Self(libc::NETLINK_ROUTE);
    /// Between programs, without the kernel.
    pub const USERSOCK: Self = Self(libc::NETLINK_USERSOCK);
    /// Sockets of all kinds.
    pub const SOCK_DIAG: Self = Self(libc::NETLINK_SOCK_DIAG);
    /// IPsec: states and policies.
    pub const XFRM: Self = Self(libc::NETLINK_XFRM);
    /// Events of SELinux: policy and mode.
    pub const SELINUX: Self = Self(libc::NETLINK_SELINUX);
    /// Open-iSCSI, the initiator.
    pub const ISCSI: Self = Self(libc::NETLINK_ISCSI);
    /// The audit subsystem.
    pub const AUDIT: Self = Self(libc::NETLINK_AUDIT);
    /// Lookups in the IPv4 routing tables.
    pub const FIB_LOOKUP: Self = Self(libc::NETLINK_FIB_LOOKUP);
    /// The connector, such as events of processes.
    pub const CONNECTOR: Self = Self(libc::NETLINK_CONNECTOR);
    /// Netfilter: nftables, connection tracking, logs and queues.
    pub const NETFILTER: Self = Self(libc::NETLINK_NETFILTER);
    /// Events of devices, as udev reads them.
    pub const KOBJECT_UEVENT: Self = Self(libc::NETLINK_KOBJECT_UEVENT);
    /// Generic netlink, which many parts of the kernel share.
    pub const GENERIC: Self = Self(libc::NETLINK_GENERIC);
    /// Events of SCSI transports, such as Fibre Channel.
    pub const SCSITRANSPORT: Self = Self(libc::NETLINK_SCSITRANSPORT);
    /// Remote direct memory access.
    pub const RDMA: Self = Self(libc::NETLINK_RDMA);
    /// Algorithms of the kernel's cryptography.
    pub const CRYPTO: Self = Self(libc::NETLINK_CRYPTO);
}

impl Protocol {
    /// Whether the kernel takes a request of this protocol for a dump. In what is
    /// no request for data, the same bits mean something else.
    pub(crate) fn is_dump(self, header: Header) -> bool {
        match self {
            // Four types a family, of which the third is GET. One of the two
            // bits is enough.
            Self::ROUTE => header.kind % 4 == 2 && header.flags.intersects(NlmFlags::DUMP),
            _ => header.flags.contains(NlmFlags::DUMP),
        }
    }
}
