//! Bit fields of sockets, whose order depends on the byte order of the machine.

use netlink_wire::{
    Attrs, Be, Pod,
    sock_diag::{InetDiag, InetDiagMsg, InetDiagSockId, InetDiagSockOpt, TcpInfo},
};

/// The byte of a C bit field with these bits, the first one declared first.
fn field(bits: [u8; 8]) -> u8 {
    let first_lowest = bits.iter().rev().fold(0, |byte, bit| byte << 1 | bit);
    if cfg!(target_endian = "big") { first_lowest.reverse_bits() } else { first_lowest }
}

#[test]
fn options_are_bits_in_the_order_of_their_declaration() {
    for set in 0..8 {
        let bits: [u8; 8] = std::array::from_fn(|bit| (bit == set).into());
        let first = InetDiagSockOpt { first: field(bits), second: 0 };
        let read = [
            first.recverr(),
            first.is_icsk(),
            first.freebind(),
            first.hdrincl(),
            first.mc_loop(),
            first.transparent(),
        ];
        assert_eq!(read.map(u8::from), bits[..6], "{set}");
    }
}

#[test]
fn fields_of_several_bits_are_apart() {
    let window = |value: u8| std::array::from_fn(|bit| if bit < 4 { value >> bit & 1 } else { 0 });
    let mut scales: [u8; 8] = window(0xd);
    scales[4..].copy_from_slice(&window(0x7)[..4]);
    // Both fields keep their own bit order on a machine with the other byte order.
    let wscales = if cfg!(target_endian = "big") { 0xd7 } else { field(scales) };
    let info = TcpInfo { wscales, ..TcpInfo::ZERO };
    assert_eq!((info.snd_wscale(), info.rcv_wscale()), (0xd, 0x7));
    let limits = |little: u8, big: u8| {
        let limits = if cfg!(target_endian = "big") { big } else { little };
        let info = TcpInfo { limits, ..TcpInfo::ZERO };
        (info.delivery_rate_app_limited(), info.fastopen_client_fail())
    };
    assert_eq!(limits(0b0000_0101, 0b1100_0000), (true, 2));
    assert_eq!(limits(0b1111_1010, 0b0011_1111), (false, 1));
    assert_eq!(limits(0b0000_0111, 0b1110_0000), (true, 3));
}

#[test]
fn an_address_is_of_the_family_of_its_socket() {
    let mut octets = [0; 16];
    octets[..4].copy_from_slice(&[192, 0, 2, 1]);
    for (family, local) in [(2, "192.0.2.1"), (10, "c000:201::")] {
        let id = InetDiagSockId { src: octets, sport: Be::new(80), ..InetDiagSockId::ZERO };
        let header = InetDiagMsg { family, id, ..InetDiagMsg::ZERO };
        let attrs = Attrs::new(&[], 0);
        let socket = InetDiag { header, attrs };
        assert_eq!(socket.local(), (local.parse().unwrap(), 80));
        assert_eq!(socket.remote().1, 0);
    }
}
