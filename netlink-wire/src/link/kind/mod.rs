//! The kinds of links, one a file.
//!
//! Kinds without a file have no settings: `dummy`, `ifb`, `nlmon`, `vcan`,
//! `wireguard`, `team`, ..; a request for one of them has an
//! [`InfoAttr::Kind`](super::InfoAttr::Kind) only.

mod amt;
mod bareudp;
mod batadv;
mod bond;
mod bridge;
mod can;
mod dsa;
mod geneve;
mod gre;
mod gtp;
mod hsr;
mod ip6tnl;
mod ipoib;
mod iptun;
mod ipvlan;
mod macsec;
mod macvlan;
mod netkit;
mod ovpn;
mod ppp;
mod rmnet;
mod tun;
mod tunnel;
mod veth;
mod vlan;
mod vrf;
mod vti;
mod vxlan;
mod wwan;
mod xfrm;

pub use amt::*;
pub use bareudp::*;
pub use batadv::*;
pub use bond::*;
pub use bridge::*;
pub use can::*;
pub use dsa::*;
pub use geneve::*;
pub use gre::*;
pub use gtp::*;
pub use hsr::*;
pub use ip6tnl::*;
pub use ipoib::*;
pub use iptun::*;
pub use ipvlan::*;
pub use macsec::*;
pub use macvlan::*;
pub use netkit::*;
pub use ovpn::*;
pub use ppp::*;
pub use rmnet::*;
pub use tun::*;
pub use tunnel::*;
pub use veth::*;
pub use vlan::*;
pub use vrf::*;
pub use vti::*;
pub use vxlan::*;
pub use wwan::*;
pub use xfrm::*;
