//! Conversions to and from the types of the crate `ipnet`.

use core::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::{
    netaddr::{Addr, Prefix},
    route::RouteAddr,
};

impl Prefix<Addr<'_>> {
    /// The prefix as a type of the crate `ipnet`, bits of the host included; `None` if it is none of
    /// IPv4 or IPv6, or longer than the address.
    ///
    /// ```
    /// use netlink_wire::{Addr, Prefix};
    ///
    /// let prefix = Prefix { addr: Addr::from([192, 0, 2, 1]), len: 24 };
    /// assert_eq!(prefix.ip_net(), "192.0.2.1/24".parse().ok());
    /// assert_eq!(Prefix { len: 33, ..prefix }.ip_net(), None);
    /// ```
    pub fn ip_net(self) -> Option<IpNet> {
        IpNet::new(self.addr.ip()?, self.len).ok()
    }
}

impl Prefix<RouteAddr<'_>> {
    /// The destination as a type of the crate `ipnet`; `None` if it is a label stack, or for the reasons
    /// that [an address](Prefix::ip_net) has.
    ///
    /// ```
    /// # use std::net::IpAddr;
    /// # use netlink_wire::{Result, route::Route};
    /// # fn f(route: Route<'_>) -> Result<()> {
    /// let host = IpAddr::from([192, 0, 2, 7]);
    /// let is_here = route.destination()?.ip_net().is_some_and(|net| net.contains(&host));
    /// # Ok(()) }
    /// ```
    pub fn ip_net(self) -> Option<IpNet> {
        match self.addr {
            RouteAddr::Addr(addr) => Prefix { addr, len: self.len }.ip_net(),
            RouteAddr::Labels(_) => None,
        }
    }
}

macro_rules! from {
    ($($Net:ty),*) => {$(
        impl From<$Net> for Prefix<Addr<'static>> {
            fn from(net: $Net) -> Self {
                Self { addr: IpAddr::from(net.addr()).into(), len: net.prefix_len() }
            }
        }

        impl From<$Net> for Prefix<RouteAddr<'static>> {
            fn from(net: $Net) -> Self {
                Self { addr: IpAddr::from(net.addr()).into(), len: net.prefix_len() }
            }
        }
    )*};
}

from! { IpNet, Ipv4Net, Ipv6Net }
