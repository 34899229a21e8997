//! Prints the TCP sockets of IPv4: `cargo run --example sockets`.

use netlink_sys::{Protocol, Socket};
use netlink_wire::{
    NlmFlags,
    sock_diag::{InetDiag, InetDiagReqV2, InetDiagRequest, SOCK_DIAG_BY_FAMILY, TcpStates},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut socket = Socket::open(Protocol::SOCK_DIAG)?;
    let states = TcpStates::ALL;
    let header = InetDiagReqV2 { family: 2, protocol: 6, states, ..InetDiagReqV2::default() };
    let mut buf = [0; 128];
    let request =
        InetDiagRequest::writer(&mut buf, SOCK_DIAG_BY_FAMILY, NlmFlags::DUMP, &header).finish()?;
    let mut sockets = socket.request(request)?;
    while let Some(message) = sockets.recv()? {
        let socket = InetDiag::parse(message)?;
        println!("{}\t{:?}\t{:?}", socket.header.state, socket.local(), socket.remote());
    }
    Ok(())
}
