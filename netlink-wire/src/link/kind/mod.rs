//! The kinds of devices, one a file.

mod bond;
mod vlan;
mod vxlan;

pub use bond::{AdInfoAttr, BondAttr, BondSlaveAttr};
pub use vlan::{IflaVlanFlags, IflaVlanQosMapping, VlanAttr, VlanQosAttr};
pub use vxlan::{IflaVxlanPortRange, VxlanAttr};
