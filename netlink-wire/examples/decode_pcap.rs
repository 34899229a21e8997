//! Prints the routes in a capture of an nlmon device: `cargo run --example decode_pcap FILE`.
//! `ip link add nl type nlmon; ip link set nl up; tcpdump -i nl -w FILE` makes one.

use std::{error::Error, io::Write};

use netlink_wire::{Messages, NETLINK_ROUTE, Rtnl};
use pcap_parser::{Capture, Linktype, PcapBlock, PcapCapture};

/// The link type of netlink, and the length of the header that it puts before each datagram.
const LINKTYPE_NETLINK: (Linktype, usize) = (Linktype(253), 16);

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("which file?")?;
    routes(&std::fs::read(path)?, &mut std::io::stdout())
}

/// Prints each message about a route. What cannot be read is told, and passed over.
pub(crate) fn routes(pcap: &[u8], out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let capture = PcapCapture::from_file(pcap).map_err(|error| error.to_string())?;
    if capture.get_datalink() != LINKTYPE_NETLINK.0 {
        return Err("not a capture of netlink".into());
    }
    for block in capture.iter() {
        let PcapBlock::Legacy(packet) = block else { continue };
        let Some((header, datagram)) = packet.data.split_at_checked(LINKTYPE_NETLINK.1) else {
            continue;
        };
        // It ends with the protocol, in network byte order.
        if !header.ends_with(&(NETLINK_ROUTE as u16).to_be_bytes()) {
            continue;
        }
        for message in Messages::new(datagram) {
            match message.and_then(Rtnl::parse) {
                Ok(Rtnl::Route(route)) => writeln!(out, "{:?} {:?}", route.header, route.attrs)?,
                Ok(_) => {}
                Err(error) => writeln!(out, "{error}")?,
            }
        }
    }
    Ok(())
}
