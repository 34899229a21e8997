//! Prints the links of another network namespace: `cargo run --example other_namespace NAME`, or the path
//! of one, such as `/proc/1/ns/net`.

use netlink_sys::{Netns, Protocol, Socket, table::Links};

fn main() -> netlink_sys::Result<()> {
    let name = std::env::args().nth(1).unwrap_or("/proc/self/ns/net".into());
    let netns = match name.contains('/') {
        true => Netns::from_path(&name)?,
        false => Netns::from_name(&name)?,
    };
    for link in links(netns)? {
        println!("{link}");
    }
    Ok(())
}

/// The names of all links there. The calling thread stays where it is.
pub(crate) fn links(netns: Netns) -> netlink_sys::Result<Vec<String>> {
    let mut socket = Socket::builder(Protocol::ROUTE).netns(netns).open()?;
    let mut links = socket.dump(Links::default().skip_stats())?;
    let mut names = Vec::new();
    while let Some(link) = links.recv()? {
        names.extend(link.name()?.map(|name| name.to_string()));
    }
    Ok(names)
}
