//! Runs the examples.

#[path = "../examples/answerer.rs"]
#[allow(dead_code)]
mod answerer;
#[path = "../examples/build.rs"]
#[allow(dead_code)]
mod build;
#[path = "../examples/decode.rs"]
#[allow(dead_code)]
mod decode;
#[path = "../examples/decode_pcap.rs"]
#[allow(dead_code)]
mod decode_pcap;

use netlink_wire::{
    Ack, AckAttr, Batch, Message, Messages, NlmFlags, Rtm,
    link::{IfInfoMsg, Link, LinkAttr},
    route::{Route, RouteAttr},
};

fn one(datagram: &[u8]) -> Message<'_> {
    Messages::new(datagram).next().unwrap().unwrap()
}

#[test]
fn builds_what_iproute2_would() {
    let mut buf = [0; 128];
    let route = Route::parse(one(build::ecmp(&mut buf).unwrap())).unwrap();
    assert_eq!(route.destination().unwrap().len, 24);
    let hops: Vec<_> = route.next_hops().unwrap().map(Result::unwrap).collect();
    let shown: Vec<_> = hops
        .iter()
        .map(|hop| {
            (hop.header.hops, hop.attrs.get(RouteAttr::Gateway).unwrap().unwrap().to_string())
        })
        .collect();
    assert_eq!(shown, [(0, "192.0.2.1".into()), (2, "192.0.2.2".into())]);
}

#[test]
#[cfg_attr(target_endian = "big", ignore = "its bytes are those of another machine")]
fn decodes_a_rule() {
    let mut out = Vec::new();
    let hex = "2c000000200005062ff1046b00000000 020000000000000100000000 080006005f000000 0500130001000000";
    decode::decode(&decode::bytes(hex).unwrap(), &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.ends_with("\n  FRA_PRIORITY: 95\n  FRA_L3MDEV: 1\n"), "{out}");
}

#[test]
fn decodes_a_capture_file() {
    let mut buf = [0; 128];
    let route = build::ecmp(&mut buf).unwrap();
    // The header of the file, of the packet, and of the link type: microseconds, snaplen, 253.
    let mut pcap = Vec::new();
    for word in [0xa1b2_c3d4u32, 0x0004_0002, 0, 0, 65_535, 253, 1, 2, 0, 0] {
        pcap.extend(word.to_le_bytes());
    }
    let len = 16 + route.len();
    pcap[32..36].copy_from_slice(&(len as u32).to_le_bytes());
    pcap[36..40].copy_from_slice(&(len as u32).to_le_bytes());
    pcap.extend([0, 4, 3, 56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    pcap.extend(&*route);
    let routes = |pcap: &[u8]| {
        let mut out = Vec::new();
        decode_pcap::routes(pcap, &mut out).map(|()| String::from_utf8(out).unwrap())
    };
    let shown = routes(&pcap).unwrap();
    assert!(shown.contains("Dst(") && shown.contains("192.0.2.2"), "{shown}");
    pcap[40 + 15] = 16; // generic netlink
    assert_eq!(routes(&pcap).unwrap(), "");
    pcap[20] = 1; // Ethernet
    assert!(routes(&pcap).is_err());
}

#[test]
fn answers() {
    let ask = |kind: Rtm, flags, name: &'static str| {
        let (mut request, mut buf) = ([0; 64], vec![0; 1024]);
        let mut writer = Link::writer(&mut request, kind, flags, &IfInfoMsg::default());
        if !name.is_empty() {
            writer.push(LinkAttr::IfName(name.into()));
        }
        let mut replies = Batch::new(&mut buf);
        answerer::answer(writer.finish().unwrap(), &mut replies).unwrap();
        replies.as_bytes().to_vec()
    };
    let dump = ask(Rtm::GETLINK, NlmFlags::DUMP, "");
    let kinds: Vec<_> = Messages::new(&dump).map(|message| message.unwrap().header.kind).collect();
    assert_eq!(kinds, [Rtm::NEWLINK.0, Rtm::NEWLINK.0, netlink_wire::Header::DONE]);

    let eth0 = ask(Rtm::GETLINK, NlmFlags::ACK, "eth0");
    assert_eq!(Link::parse(one(&eth0)).unwrap().header.index, 2);
    let ack = Messages::new(&eth0).nth(1).unwrap().unwrap();
    assert_eq!(Ack::parse(ack).unwrap().errno(), None);

    let refused = ask(Rtm::GETLINK, NlmFlags::ACK, "eth9");
    let ack = Ack::parse(one(&refused)).unwrap();
    assert_eq!(ack.errno(), Some(19));
    assert_eq!(ack.attrs.get(AckAttr::Msg).unwrap().unwrap().to_string(), "there is no such link");
    assert_eq!(
        Ack::parse(one(&ask(Rtm::DELLINK, NlmFlags::ACK, "eth0"))).unwrap().errno(),
        Some(95)
    );
}
