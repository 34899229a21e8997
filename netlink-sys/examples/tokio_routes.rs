//! Prints the IPv4 routes, from a task of tokio, for ten seconds at most:
//! `cargo run --features tokio --example tokio_routes`.

use std::time::Duration;

use netlink_sys::{Protocol, table::Routes, tokio::Socket};

/// The destinations of all routes, and whether they were so at one moment.
pub(crate) async fn routes() -> Result<(Vec<String>, bool), Box<dyn std::error::Error>> {
    let mut socket = Socket::open(Protocol::ROUTE)?;
    let dump = socket.dump_proven(Routes::ipv4()).await?;
    let dump = dump.collect(|route| format!("{:?}", route.destination())).await?;
    Ok((dump.entries, dump.consistency == netlink_sys::Consistency::Proven))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (routes, is_proven) = tokio::time::timeout(Duration::from_secs(10), routes()).await??;
    routes.iter().for_each(|route| println!("{route}"));
    println!("{} routes, {}", routes.len(), if is_proven { "proven" } else { "not proven" });
    Ok(())
}
