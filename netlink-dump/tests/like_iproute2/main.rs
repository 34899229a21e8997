//! What `ip` prints, we print.
//!
//! Each object has a file of cases. A case makes some network in a namespace of its own, and both
//! programs are then run in it with the same arguments: what they print and their exit codes must
//! be equal.
//!
//! What the cases print is held against `fields.txt`, a table of all that iproute2 prints.
//!
//! - `NETLINK_IP7` names an `ip` of iproute2 7 to compare with. It is also the one that makes the
//!   networks: some of what is compared an older one cannot make. `cargo xtask ip` fetches one.
//! - `ip` itself is compared with if it is of iproute2 6.1, or of 7 and no other one is named.
//! - `NETLINK_LIVE=1` promises that namespaces can be had: without them the tests then fail.
//! - `NETLINK_SAMPLE=9` runs every ninth line, which makes do in a slow throw-away kernel. Cases that
//!   not every kernel can run are run in whole on the newest.
//! - `NETLINK_CASE` picks the cases whose names contain it.

mod addr;
mod addrlabel;
mod bytes;
mod fdb;
mod fields;
mod harness;
mod link;
mod link_kind;
#[path = "../common/namespace.rs"]
mod namespace;
mod neigh;
mod netconf;
mod nexthop;
mod ntable;
mod options;
mod route;
mod rule;
