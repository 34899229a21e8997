//! The peers that the benchmarks compare with, each made to do the same work.

pub mod dump;
pub mod parse;

use std::net::IpAddr;

/// The last four bytes of an IP address.
fn ip(addr: IpAddr) -> u64 {
    u64::from(match addr {
        IpAddr::V4(ip) => ip.to_bits(),
        IpAddr::V6(ip) => ip.to_bits() as u32,
    })
}
