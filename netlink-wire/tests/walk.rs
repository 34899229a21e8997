//! What a walk by the schema shows.

use std::net::Ipv4Addr;

use netlink_wire::{
    Message, Messages, Nla, NlmFlags, Rtm,
    route::{Route, RouteAddr, RouteAttr, RtMsg, RtNextHop, RtnhFlags},
    walk::Content,
};

fn shown(bytes: &[u8]) -> String {
    format!("{:?}", Content::rtnl(Messages::new(bytes).next().unwrap().unwrap()))
}

#[test]
fn everything_by_name() {
    let header = RtMsg { family: 2, dst_len: 24, table: 254, ..RtMsg::default() };
    let mut buf = [0; 256];
    let mut writer = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &header);
    let network = Ipv4Addr::new(192, 0, 2, 0);
    writer.push(RouteAttr::Dst(RouteAddr::Addr(network.into()))).push(RouteAttr::Oif(7));
    writer.nest(RouteAttr::Multipath, |hops| {
        let onlink = RtNextHop { flags: RtnhFlags::ONLINK, ifindex: 3, ..RtNextHop::default() };
        hops.hop(&onlink, |hop| {
            hop.push(RouteAttr::Flow(5));
        });
    });
    // A number that no attribute has yet.
    writer.push_raw(Nla::new(1_000, &[0xab, 0xcd]));
    let header = "{family: 2, dst_len: 24, src_len: 0, tos: 0, table: 254, protocol: unspec, scope: global, \
                  kind: none, flags: 0}";
    let hop = "{len: 16, flags: onlink, hops: 0, ifindex: 3}, {RTA_FLOW: 5}";
    assert_eq!(
        shown(writer.finish().unwrap()),
        format!(
            "[{header}, {{RTA_DST: 192.0.2.0, RTA_OIF: 7, RTA_MULTIPATH: [[{hop}]], 1000: abcd}}]"
        )
    );
}

/// What can be read stands beside what is wrong.
#[test]
fn a_broken_list() {
    let mut buf = [0; 64];
    let bytes = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &RtMsg::default())
        .push(RouteAttr::Oif(7))
        .push(RouteAttr::Iif(8))
        .finish()
        .unwrap();
    // The second attribute ends behind the message.
    let second = bytes.len() - 8;
    bytes[second..second + 2].copy_from_slice(&9u16.to_ne_bytes());
    let shown = shown(bytes);
    assert!(shown.contains("{RTA_OIF: 7, error: "), "{shown}");
}

#[test]
fn a_type_that_is_not_known() {
    let header = netlink_wire::Header { len: 18, kind: 2_000, ..Default::default() };
    let content = Content::rtnl(Message { header, payload: &[0xab, 0xcd] });
    assert_eq!(format!("{content:?}"), "abcd");
}
