//! Sockets of a namespace of its own, as the running kernel lists them.

mod common;

use std::{
    io::Write,
    net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket},
};

use netlink_sys::{Protocol, Socket};
use netlink_wire::{
    NlmFlags,
    sock_diag::{
        InetDiag, InetDiagAttr, InetDiagExt, InetDiagReqV2, InetDiagRequest, SOCK_DIAG_BY_FAMILY,
        TcpState, TcpStates,
    },
};

const TCP: u8 = 6;
const UDP: u8 = 17;

/// Asks for sockets of IPv4 and looks at each.
fn list(protocol: u8, states: TcpStates, mut look: impl FnMut(InetDiag<'_>)) {
    let mut socket = Socket::open(Protocol::SOCK_DIAG).unwrap();
    let ext = InetDiagExt::INFO | InetDiagExt::CONG | InetDiagExt::SKMEMINFO | InetDiagExt::TOS;
    let header = InetDiagReqV2 { family: 2, protocol, ext, states, ..Default::default() };
    let mut buf = [0; 128];
    let request = InetDiagRequest::writer(&mut buf, SOCK_DIAG_BY_FAMILY, NlmFlags::DUMP, &header)
        .finish()
        .unwrap();
    let mut replies = socket.request(request).unwrap();
    while let Some(message) = replies.recv().unwrap() {
        assert_eq!(message.header.kind, SOCK_DIAG_BY_FAMILY);
        look(InetDiag::parse(message).unwrap());
    }
}

live! {
    fn lists_tcp_sockets() {
        common::lo_up();
        let listener = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 2), 4660)).unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        client.write_all(&[7; 1234]).unwrap();
        let server = listener.accept().unwrap().0;
        let port = client.local_addr().unwrap().port();

        let mut found = Vec::new();
        list(TCP, TcpStates::ALL, |socket| {
            let header = socket.header;
            assert_eq!(header.family, 2);
            assert_ne!(header.inode, 0);
            found.push((header.state, socket.local(), socket.remote()));
            let memory = socket.get(InetDiagAttr::SkMemInfo).unwrap().unwrap().read();
            assert!(memory.rcvbuf > 1000 && memory.sndbuf > 1000, "{memory:?}");
            let control = socket.get(InetDiagAttr::Cong).unwrap().unwrap();
            assert!(!control.as_bytes().is_empty());
            let info = socket.get(InetDiagAttr::Info).unwrap().unwrap().read();
            assert_eq!(info.state, header.state);
            assert!(socket.attrs.iter().all(|attr| attr.is_ok()), "{socket:?}");
            if socket.local().1 == port {
                assert_eq!((info.bytes_sent, info.data_segs_out), (1234, 1), "{info:?}");
                assert!((1..=14).contains(&info.snd_wscale()), "{info:?}");
            } else if header.state == TcpState::ESTABLISHED {
                assert_eq!((info.bytes_received, header.rqueue), (1234, 1234), "{info:?}");
            }
        });
        let local = |ip: [u8; 4], port| (ip.into(), port);
        let (here, there) = (local([127, 0, 0, 1], port), local([127, 0, 0, 2], 4660));
        found.sort();
        assert_eq!(found, [
            (TcpState::ESTABLISHED, here, there),
            (TcpState::ESTABLISHED, there, here),
            (TcpState::LISTEN, there, local([0, 0, 0, 0], 0)),
        ]);

        let mut states = Vec::new();
        list(TCP, TcpStates::LISTEN, |socket| states.push(socket.header.state));
        assert_eq!(states, [TcpState::LISTEN]);
        drop(server);
    }

    fn lists_udp_sockets() {
        common::lo_up();
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 22136)).unwrap();
        let mut found = Vec::new();
        list(UDP, TcpStates::ALL, |socket| found.push((socket.header.state, socket.local())));
        assert_eq!(found, [(TcpState::CLOSE, (Ipv4Addr::LOCALHOST.into(), 22136))]);
        drop(socket);
    }
}
