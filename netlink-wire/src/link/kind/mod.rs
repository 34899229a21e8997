//! The kinds of links, one a file.
//!
//! Kinds without a file have no settings: `dummy`, `ifb`, `nlmon`, `vcan`,
//! `wireguard`, `team`, ..; a request for one of them has an
//! [`InfoAttr::Kind`](super::InfoAttr::Kind) only.

mod bond;
mod bridge;
mod gre;
mod ip6tnl;
mod iptun;
mod macvlan;
mod tunnel;
mod veth;
mod vlan;
mod vrf;
mod vti;
mod vxlan;

pub use bond::*;
pub use bridge::*;
pub use gre::*;
pub use ip6tnl::*;
pub use iptun::*;
pub use macvlan::*;
pub use tunnel::*;
pub use veth::*;
pub use vlan::*;
pub use vrf::*;
pub use vti::*;
pub use vxlan::*;
