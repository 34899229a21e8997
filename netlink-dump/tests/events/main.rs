//! `monitor`, `watch` and `capture` beside what is done to the kernel, in namespaces of their own.
//!
//! `NETLINK_IP7` names an `ip` of iproute2 7 for `monitor` to be compared with; without it, that
//! of the system is. `NETLINK_LIVE=1` promises that namespaces can be had.

mod capture;
mod live;
mod monitor;
#[path = "../common/namespace.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod namespace;
mod watch;
