//! Addresses of interfaces: `RTM_NEWADDR`, `RTM_DELADDR`, `RTM_GETADDR`.
//!
//! Those of multicast and anycast have the same form: `RTM_NEWMULTICAST`,
//! `RTM_NEWANYCAST` and so on. A dump of these comes as messages of type
//! `RTM_GETMULTICAST` and `RTM_GETANYCAST`: the kernel does not change the type.
//!
//! Source: `include/uapi/linux/if_addr.h`, as of Linux 7.2.

use crate::{error::Result, message::Body, netaddr::Addr, route::RtScope, value::Str};

/// An address of an interface.
pub type Address<'a> = Body<'a, IfAddrMsg, AddrAttr<'a>>;

impl<'a> Address<'a> {
    /// The interface's own address.
    ///
    /// It is `IFA_LOCAL`, or `IFA_ADDRESS` where the kernel omits the former, as
    /// it does for an IPv6 address without a peer.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`](crate::Attrs::get).
    pub fn local(&self) -> Result<Option<Addr<'a>>> {
        match self.get(AddrAttr::Local)? {
            Some(local) => Ok(Some(local)),
            None => self.get(AddrAttr::Address),
        }
    }

    /// The address of the other end of a point-to-point connection, if it has
    /// one of its own. The prefix length is that of this address.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`](crate::Attrs::get).
    pub fn peer(&self) -> Result<Option<Addr<'a>>> {
        let local = self.get(AddrAttr::Local)?;
        let address = self.get(AddrAttr::Address)?;
        Ok(address.filter(|_| local.is_some() && local != address))
    }

    /// All flags: `IFA_FLAGS`, or the header's byte on a kernel that lacks it.
    ///
    /// # Errors
    ///
    /// Those of [`Attrs::get`](crate::Attrs::get).
    pub fn flags(&self) -> Result<IfaFlags> {
        let flags = self.get(AddrAttr::Flags)?;
        Ok(flags.unwrap_or(IfaFlags(self.header.flags.into())))
    }
}

wire_struct! {
    /// The fixed header of an [`Address`].
    pub struct IfAddrMsg in "ifaddrmsg" {
        /// `AF_INET`, `AF_INET6` or another one that has addresses.
        pub family: u8,
        /// How many bits of [`AddrAttr::Address`] are the network's.
        pub prefixlen: u8,
        /// Low byte of the flags; [`Address::flags`] has all of them.
        pub flags: u8,
        /// Where the address is valid.
        pub scope: RtScope,
        /// Index of the interface.
        pub index: u32,
    }
}

flags! {
    /// What is special about an address: `IFA_F_*`.
    pub struct IfaFlags(u32) in "IFA_F_" {
        /// IPv4: another address of the interface in the same network comes
        /// first. IPv6: a temporary address, as [`TEMPORARY`](Self::TEMPORARY) has it.
        SECONDARY = 0x01, "secondary";
        /// IPv6 does not look for duplicates of the address.
        NODAD = 0x02, "nodad";
        /// The address may be used while IPv6 still looks for duplicates.
        OPTIMISTIC = 0x04, "optimistic";
        /// IPv6 found a duplicate: the address is not used.
        DADFAILED = 0x08, "dadfailed";
        /// A home address of Mobile IPv6.
        HOMEADDRESS = 0x10, "home";
        /// The preferred lifetime is over: new connections avoid the address.
        DEPRECATED = 0x20, "deprecated";
        /// IPv6 still looks for duplicates.
        TENTATIVE = 0x40, "tentative";
        /// The address has no end of life. `ip` calls one without it "dynamic".
        PERMANENT = 0x80, "permanent";
        /// The kernel makes temporary addresses from this one.
        MANAGETEMPADDR = 0x100, "mngtmpaddr";
        /// No route to the network is made for the address.
        NOPREFIXROUTE = 0x200, "noprefixroute";
        /// The interface joins the multicast groups that the address stands for.
        MCAUTOJOIN = 0x400, "autojoin";
        /// Its interface id is derived from a secret (RFC 7217).
        STABLE_PRIVACY = 0x800, "stable-privacy";
    }
}

impl IfaFlags {
    /// IPv6: a temporary address (RFC 8981), made to be hard to trace.
    /// `IFA_F_TEMPORARY` = 0x01
    pub const TEMPORARY: Self = Self::SECONDARY;
}

constants! {
    /// Who set an address: `IFAPROT_*`. The kernel leaves other values to its users.
    pub struct IfaProt(u8) in "IFAPROT_" {
        /// Not told.
        UNSPEC = 0, "unspec";
        /// The kernel, for the loopback interface.
        KERNEL_LO = 1, "kernel_lo";
        /// The kernel, from a router advertisement.
        KERNEL_RA = 2, "kernel_ra";
        /// The kernel, for the link: `fe80::/64`.
        KERNEL_LL = 3, "kernel_ll";
    }
}

wire_struct! {
    /// How long an address lives.
    pub struct IfaCacheInfo in "ifa_cacheinfo" {
        /// Seconds until new connections avoid the address; `u32::MAX` is forever.
        pub prefered: u32,
        /// Seconds until the address is deleted; `u32::MAX` is forever.
        pub valid: u32,
        /// When it was created, in hundredths of a second since the kernel started.
        pub cstamp: u32,
        /// When it was last changed, in hundredths of a second since the kernel started.
        pub tstamp: u32,
    }
}

attributes! {
    /// An attribute of an [`Address`].
    pub enum AddrAttr<'a> in "addr-attrs" {
        /// The other end's address on a point-to-point connection, else the
        /// interface's own; [`Address::peer`] and [`Address::local`] tell them apart.
        IFA_ADDRESS = 1 => Address(Addr<'a>),
        /// The interface's own address. IPv6 sends it only beside a peer's.
        IFA_LOCAL = 2 => Local(Addr<'a>),
        /// IPv4: a name for the address that starts with the interface's, such as `eth0:1`.
        IFA_LABEL = 3 => Label(Str<'a>),
        /// Address that reaches all hosts of the network.
        IFA_BROADCAST = 4 => Broadcast(Addr<'a>),
        /// The anycast address, in a message about one.
        IFA_ANYCAST = 5 => Anycast(Addr<'a>),
        /// Lifetimes.
        IFA_CACHEINFO = 6 => CacheInfo(IfaCacheInfo),
        /// The multicast address that the interface listens to, in a message about one.
        IFA_MULTICAST = 7 => Multicast(Addr<'a>),
        /// All flags, where [`IfAddrMsg::flags`] has the low byte.
        IFA_FLAGS = 8 => Flags(IfaFlags),
        /// Metric of the route to the network; 0 is the usual one.
        IFA_RT_PRIORITY = 9 => RtPriority(u32),
        /// Network namespace that was asked, by its id in the asker's.
        IFA_TARGET_NETNSID = 10 => TargetNetnsId(i32),
        /// Who set the address. Since Linux 5.18.
        IFA_PROTO = 11 => Proto(IfaProt),
        /// How many users a multicast address has. Newer than Linux 7.2.
        IFA_MC_USERS = 12 => McUsers(u32),
    }
}
