//! Messages as JSON, and built again from it.

use std::collections::BTreeSet;

use netlink_captures::Kind;
use netlink_wire::{
    Attribute, ErrorKind, Header, Message, Messages, Nla, NlmFlags, Record, Rtm, Writer,
    form::{Form, View},
    genl::{CtrlAttr, GenlMsgHdr},
    link::{IfInfoMsg, Iff, InfoAttr, InfoData, Link, LinkAttr, PropAttr, VethAttr, VlanAttr},
    route::{Route, RouteAttr, RtMsg},
    walk::{Content, Entry, Walk},
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn show(message: Message<'_>) -> String {
    serde_json::to_string(&View::rtnl(message)).unwrap()
}

fn build(json: &str) -> Vec<u8> {
    let form: Form = serde_json::from_str(json).unwrap_or_else(|e| panic!("{e}: {json}"));
    // What is not written is seen.
    let mut buf = vec![0xff; 1 << 17];
    form.build_rtnl(&mut buf).unwrap_or_else(|e| panic!("{e}: {json}")).to_vec()
}

/// The message without what happens to be in its padding.
fn without_padding(message: &[u8]) -> Vec<u8> {
    fn blank(walk: Walk<'_>, bytes: &mut [u8]) {
        for entry in walk.flatten() {
            let end = entry.nla.offset() as usize + 4 + entry.nla.payload().len();
            let padded = end.next_multiple_of(4).min(bytes.len());
            bytes[end..padded].fill(0);
            match entry.content() {
                Content::Value(_) => {}
                Content::Attrs(walk) | Content::Headed(_, walk) => blank(walk, bytes),
                Content::Records(records) => {
                    records.flatten().for_each(|record| blank(record.attrs, bytes));
                }
            }
        }
    }
    let mut bytes = message.to_vec();
    blank(Walk::rtnl(Messages::new(message).next().unwrap().unwrap()), &mut bytes);
    bytes
}

/// Each message that a kernel sent, and each that `ip` sent to one but for its padding, which `ip`
/// does not clear.
#[test]
fn every_captured_message_is_built_again() {
    let mut count = 0;
    for capture in netlink_captures::all() {
        for record in &capture.records {
            let json = show(record.message());
            let expected = match record.kind {
                Kind::Request => without_padding(&record.bytes),
                _ => record.bytes.clone(),
            };
            let built = build(&json);
            if built != expected {
                let [built, expected] =
                    [&built, &expected].map(|bytes| netlink_captures::hex(bytes));
                panic!("{}: {}\n{json}\n{built}\n{expected}", capture.kernel, record.command);
            }
            // Options of an action are left untyped, and flagged as a nest.
            let is_action =
                (Rtm::NEWACTION..=Rtm::GETACTION).contains(&Rtm(record.message().header.kind));
            let is_typed = !json.contains("\"hex\"") || is_action;
            assert!(is_typed, "read as its type: {}\n{json}", record.command);
            count += 1;
        }
    }
    assert!(count > 1000, "only {count} messages");
}

/// A message that has one of each.
fn sample(buf: &mut [u8]) -> Message<'_> {
    let header = IfInfoMsg { index: 7, flags: Iff(0x10_0001), ..Default::default() };
    let mut writer = Link::writer(buf, Rtm::NEWLINK, NlmFlags::MULTI, &header);
    writer
        .push(LinkAttr::IfName("v0".into()))
        .push(LinkAttr::Mtu(1500))
        .nest(LinkAttr::LinkInfo, |info| {
            info.select_nest(InfoData::Vlan, |vlan| {
                vlan.push(VlanAttr::Id(42));
            });
        })
        .nest(LinkAttr::PropList, |list| {
            list.push(PropAttr::AltIfName(netlink_wire::Multi("uplink".into())));
            list.push(PropAttr::AltIfName(netlink_wire::Multi("wan".into())));
        })
        .push_raw(Nla::new(4000, &[0xc0, 0xff, 0xee]))
        .push_raw(Nla::new(4001 | Nla::NET_BYTEORDER, &[1]))
        // Too short for its type.
        .push_raw(Nla::new(LinkAttr::TxqLen(0).code(), &[1, 2]))
        .push_raw(Nla::new(LinkAttr::Qdisc("".into()).code(), b"fq"))
        .push_raw(Nla::new(LinkAttr::IfAlias("".into()).code(), b"\xff\0"))
        .push(LinkAttr::Mtu(9000));
    Messages::new(writer.finish().unwrap()).next().unwrap().unwrap()
}

#[test]
fn the_form_is_that_of_the_schema() {
    let mut buf = [0; 512];
    let message = sample(&mut buf);
    let shown: Value = serde_json::from_str(&show(message)).unwrap();
    let expected = json!({
        "nlmsghdr": {"kind": 16, "flags": "multi", "seq": 0, "portid": 0},
        "ifinfomsg": {
            "family": 0, "pad": 0, "kind": "generic", "index": 7, "flags": "UP|0x100000", "change": "0",
        },
        "IFLA_IFNAME": "v0",
        "IFLA_MTU": 1500,
        "IFLA_LINKINFO": {
            "NLA_F_NESTED": true,
            "IFLA_INFO_KIND": "vlan",
            "IFLA_INFO_DATA": {"NLA_F_NESTED": true, "IFLA_VLAN_ID": 42},
        },
        "IFLA_PROP_LIST": {"NLA_F_NESTED": true, "IFLA_ALT_IFNAME": ["uplink", "wan"]},
        "4000": "c0ffee",
        "4001": {"NLA_F_NET_BYTEORDER": true, "hex": "01"},
        "IFLA_TXQLEN": {"hex": "0102"},
        "IFLA_QDISC": {"no_nul": "fq"},
        "IFLA_IFALIAS": {"hex": "ff00"},
        "IFLA_MTU#9": 9000,
    });
    assert_eq!(shown, expected);
    // Typed views show the same, without the message's header.
    let link = serde_json::to_value(Link::parse(message).unwrap()).unwrap();
    let mut attrs = expected;
    attrs.as_object_mut().unwrap().remove("nlmsghdr");
    assert_eq!(link, attrs);
    attrs.as_object_mut().unwrap().remove("ifinfomsg");
    assert_eq!(serde_json::to_value(Link::parse(message).unwrap().attrs).unwrap(), attrs);
}

/// A view that lost its header is built again with another.
#[test]
fn a_body_is_built_with_a_header() {
    let (mut buf, mut again) = ([0; 512], [0xff; 512]);
    let message = sample(&mut buf);
    let json = serde_json::to_string(&Link::parse(message).unwrap()).unwrap();
    let form: Form = serde_json::from_str(&json).unwrap();
    assert_eq!(form.header().unwrap_err().to_string(), missing("nlmsghdr", 0));
    let header = Header { seq: 0x0102_0304, ..message.header };
    let built = form.build::<IfInfoMsg, LinkAttr<'_>>(header, &mut again).unwrap();
    let built = Messages::new(built).next().unwrap().unwrap();
    assert_eq!(built.header, header);
    assert_eq!(built.payload, message.payload);
}

fn missing(name: &str, at: u32) -> String {
    format!("{name} at byte {at}: no value, or one that its type does not allow")
}

/// An object that is sorted by name has what is chosen before what chooses it. Of messages with the same attributes one
/// is enough.
#[test]
fn order_does_not_matter_to_choices() {
    let mut seen = BTreeSet::new();
    for capture in netlink_captures::all() {
        for record in &capture.records {
            if !seen.insert(codes(Walk::rtnl(record.message()))) {
                continue;
            }
            let sorted: Value = serde_json::from_str(&show(record.message())).unwrap();
            let built = build(&sorted.to_string());
            let message = Messages::new(&built).next().unwrap().unwrap();
            let again: Value = serde_json::from_str(&show(message)).unwrap();
            assert_eq!(unnumbered(again), unnumbered(sorted), "{}", record.command);
        }
    }
    assert!(seen.len() > 100, "only {} messages", seen.len());
}

/// What attributes there are, and in which.
fn codes(walk: Walk<'_>) -> Vec<String> {
    let inside = |entry: Entry<'_>| match entry.content() {
        Content::Value(_) => Vec::new(),
        Content::Attrs(walk) | Content::Headed(_, walk) => codes(walk),
        Content::Records(records) => {
            records.flatten().flat_map(|record| codes(record.attrs)).collect()
        }
    };
    walk.flatten().map(|entry| format!("{}{:?}", entry.nla.code(), inside(entry))).collect()
}

/// The positions of attributes that come twice are others in another order.
fn unnumbered(value: Value) -> Vec<String> {
    fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                let name = name.split('#').next().unwrap();
                leaves(value, &format!("{path}/{name}"), found);
            }),
            Value::Array(items) => items.iter().for_each(|item| leaves(item, path, found)),
            leaf => found.push(format!("{path}={leaf}")),
        }
    }
    let mut found = Vec::new();
    leaves(&value, "", &mut found);
    found.sort();
    found
}

/// What a person writes by hand: little, words or numbers, a struct without its padding.
#[test]
fn little_is_enough() {
    let built = build(
        r#"{
            "nlmsghdr": {"kind": 24, "flags": 1025},
            "rtmsg": {"family": 2, "dst_len": 24, "protocol": "bgp", "kind": 1},
            "RTA_DST": "192.0.2.0",
            "RTA_MULTIPATH": [
                {"rtnexthop": {"ifindex": 3}, "RTA_GATEWAY": "192.0.2.1"},
                {"RTA_ENCAP": {"MPLS_IPTUNNEL_TTL": 9}, "RTA_ENCAP_TYPE": "mpls"}
            ]
        }"#,
    );
    let message = Messages::new(&built).next().unwrap().unwrap();
    assert_eq!(message.header.flags, NlmFlags(1025));
    let route = Route::parse(message).unwrap();
    assert_eq!((route.header.dst_len, route.header.protocol.0), (24, 186));
    let prefix = route.destination().unwrap();
    assert_eq!((format!("{:?}", prefix.addr), prefix.len), ("Addr(192.0.2.0)".to_owned(), 24));
    let hops: Vec<_> = route.next_hops().unwrap().map(Result::unwrap).collect();
    assert_eq!((hops.len(), hops[0].header.ifindex, hops[0].header.len), (2, 3, 16));
    let gateway = hops[0].attrs.get(RouteAttr::Gateway).unwrap().unwrap();
    assert_eq!(gateway.to_string(), "192.0.2.1");
    assert_eq!(hops[1].attrs.get(RouteAttr::EncapType).unwrap().unwrap().to_string(), "mpls");
}

#[test]
fn errors_say_what_and_where() {
    let error = |attrs: &str| {
        let json = format!(r#"{{"nlmsghdr":{{"kind":16}},"ifinfomsg":{{}},{attrs}}}"#);
        let form: Form = serde_json::from_str(&json).unwrap();
        form.build_rtnl(&mut [0; 256]).unwrap_err().to_string()
    };
    let name =
        |set: &str, at: u32| format!("{set} at byte {at}: a name that its table does not have");
    assert_eq!(error(r#""IFLA_MTU":"x""#), missing("IFLA_MTU", 36));
    assert_eq!(error(r#""IFLA_MTU":4294967296"#), missing("IFLA_MTU", 36));
    assert_eq!(error(r#""IFLA_MTU":-1"#), missing("IFLA_MTU", 36));
    assert_eq!(error(r#""IFLA_GROUP":1,"IFLA_IFNAME":"a\u0000b""#), missing("IFLA_IFNAME", 44));
    assert_eq!(error(r#""IFLA_XYZ":1"#), name("link-attrs", 32));
    assert_eq!(error(r#""16384":"00""#), name("link-attrs", 32));
    assert_eq!(error(r#""4000":"0""#), missing("link-attrs", 36));
    assert_eq!(error(r#""IFLA_ADDRESS":"0:1""#), missing("IFLA_ADDRESS", 36));
    assert_eq!(
        error(r#""IFLA_LINKINFO":{"IFLA_INFO_DATA":{"X":1}}"#),
        missing("IFLA_INFO_DATA", 40)
    );
    assert_eq!(
        error(r#""IFLA_PROP_LIST":{"IFLA_ALT_IFNAME":"x"}"#),
        missing("IFLA_ALT_IFNAME", 36)
    );
    assert_eq!(error(r#""IFLA_STATS64":{"rx_pakets":1}"#), name("IFLA_STATS64", 36));
    let form: Form =
        serde_json::from_str(r#"{"nlmsghdr":{"kind":16},"ifinfomsg":{"inde":1}}"#).unwrap();
    assert_eq!(form.build_rtnl(&mut []).unwrap_err().to_string(), name("ifinfomsg", 16));
    let form: Form = serde_json::from_str(r#"[]"#).unwrap();
    assert_eq!(form.build_rtnl(&mut []).unwrap_err().to_string(), missing("nlmsghdr", 0));
    for bad in ["null", "1.5", "{\"a\":null}", &"[".repeat(200), &"[".repeat(100_000)] {
        assert!(serde_json::from_str::<Form>(bad).is_err(), "{bad:.20}");
    }
}

#[test]
fn what_does_not_fit_is_told() {
    let mut buf = [0; 512];
    let message = sample(&mut buf);
    let form: Form = serde_json::from_str(&show(message)).unwrap();
    for len in [0, 15, 31, message.header.len as usize - 1] {
        let error = form.build_rtnl(&mut vec![0; len]).unwrap_err();
        assert_eq!(error.kind, ErrorKind::NoSpace(message.header.len), "{len}");
    }
    assert!(form.build_rtnl(&mut vec![0; message.header.len as usize]).is_ok());
    let long = format!(r#"{{"nlmsghdr":{{"kind":16}},"IFLA_IFALIAS":"{}"}}"#, "x".repeat(65_531));
    let form: Form = serde_json::from_str(&long).unwrap();
    let error = form.build_rtnl(&mut vec![0; 1 << 17]).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLong);
}

/// Other protocols than `NETLINK_ROUTE` tell their tables.
#[test]
fn other_protocols_have_the_form() {
    let mut buf = [0; 128];
    let mut writer =
        Writer::<CtrlAttr<'_>, _>::new(&mut buf, 16, NlmFlags(0), &GenlMsgHdr::default());
    let bytes = writer
        .push(CtrlAttr::FamilyName("nlctrl".into()))
        .push(CtrlAttr::HdrSize(0x0102_0304))
        .finish()
        .unwrap();
    let message = Messages::new(bytes).next().unwrap().unwrap();
    let json = serde_json::to_string(&View::of::<GenlMsgHdr, CtrlAttr<'_>>(message)).unwrap();
    assert!(json.contains(r#""CTRL_ATTR_HDRSIZE":16909060"#), "{json}");
    let form: Form = serde_json::from_str(&json).unwrap();
    let mut again = [0xff; 128];
    let built = form.build::<GenlMsgHdr, CtrlAttr<'_>>(message.header, &mut again).unwrap();
    assert_eq!(built[16..], *message.payload);
}

/// No field of a struct has a name that means something else.
#[test]
fn no_field_is_called_like_a_part_of_the_form() {
    let layouts = [IfInfoMsg::LAYOUT, RtMsg::LAYOUT, Header::LAYOUT];
    let mut all: Vec<&'static str> =
        layouts.iter().flat_map(|layout| layout.fields).map(|field| field.0).collect();
    for set in netlink_captures::sets::all() {
        for field in set.schema.attrs {
            assert!(!field.name.contains('#') && field.name.parse::<u16>().is_err());
            fields(&field.ty, &mut all);
        }
    }
    assert!(all.len() > 500, "only {} fields", all.len());
    assert!(!all.iter().any(|name| ["rest", "between", "hex", "no_nul", "u64"].contains(name)));
}

fn fields(ty: &netlink_wire::schema::Type, all: &mut Vec<&'static str>) {
    use netlink_wire::schema::Type;
    match ty {
        Type::Struct(layout) | Type::Headed(layout, _) | Type::Records(layout, _) => {
            for (name, ty) in layout.fields {
                all.push(name);
                fields(ty, all);
            }
        }
        Type::Multi(item) | Type::List(item) | Type::Packed(item) | Type::Array(item, _) => {
            fields(item, all);
        }
        Type::Select(choices) => choices.of.iter().for_each(|(_, ty)| fields(ty, all)),
        _ => {}
    }
}

/// Links in links, more than any kernel sends: what lies too deep is left in hex.
#[test]
fn depth_is_bounded() {
    let mut inner = Vec::new();
    for _ in 0..1200 {
        let mut buf = vec![0; inner.len() + 128];
        let mut writer = Writer::<LinkAttr<'_>, _>::new(&mut buf, 16, NlmFlags(0), &[0u8; 0]);
        writer.nest(LinkAttr::LinkInfo, |info| {
            info.select_nest(InfoData::Veth, |veth| {
                let peer = [&[0; 16], inner.as_slice()].concat();
                let code = VethAttr::Peer(netlink_wire::Value::PROBE).code();
                veth.push_raw(Nla::new(code, &peer));
            });
        });
        inner = writer.finish().unwrap()[16..].to_vec();
    }
    let mut buf = vec![0; inner.len() + 64];
    let mut writer = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags(0), &IfInfoMsg::default());
    for nla in netlink_wire::Nlas::new(&inner, 0) {
        writer.push_raw(nla.unwrap());
    }
    let bytes = writer.finish().unwrap();
    let json = show(Messages::new(bytes).next().unwrap().unwrap());
    assert!(json.contains(r#"{"NLA_F_NESTED":true,"hex":"#));
    assert!(build(&json) == bytes);
}

/// Sixteen thousand attributes, each of a type that another one chooses.
#[test]
fn a_list_full_of_choices_is_read_in_linear_time() {
    let mut buf = vec![0; 1 << 17];
    let mut writer = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags(0), &IfInfoMsg::default());
    writer.nest(LinkAttr::LinkInfo, |info| {
        info.push(InfoAttr::Kind("gre".into()));
        let code = InfoAttr::Data(netlink_wire::Value::PROBE).code();
        for _ in 0..16_000 {
            info.push_raw(Nla::new(code, &[]));
        }
    });
    let bytes = writer.finish().unwrap();
    let start = std::time::Instant::now();
    let json = show(Messages::new(bytes).next().unwrap().unwrap());
    assert!(build(&json) == bytes);
    // Looked for each time, the key would be found after minutes.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// Messages of the known types and of others, of attributes that nest as often as not.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let attr = (0u16..70, prop_oneof![4 => Just(0u16), 1 => any::<u16>()]);
    let leaf = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..20),
        prop::sample::select(&["vlan", "veth", "bridge\0", "gre\0", "bond", "ip6gre\0"])
            .prop_map(|word| word.as_bytes().to_vec()),
        prop::sample::select(&[1u16, 2, 3, 5, 7, 8])
            .prop_map(|number| number.to_ne_bytes().to_vec()),
    ];
    let nest = leaf.prop_recursive(4, 40, 6, move |inner| {
        let list = prop::collection::vec((attr.clone(), inner, 0u8..40), 0..6);
        list.prop_map(|list| {
            let mut bytes = Vec::new();
            for ((code, flags), payload, odd) in list {
                let len = if odd == 0 { 3 } else { payload.len() + 4 };
                bytes.extend((len as u16).to_ne_bytes());
                bytes.extend((code | flags & 0xc000).to_ne_bytes());
                bytes.extend(payload);
                // Not always is there padding, or nothing in it.
                while odd != 1 && bytes.len() % 4 != 0 {
                    bytes.push(u8::from(odd == 2));
                }
            }
            bytes
        })
    });
    let kind = prop_oneof![16u16..123, any::<u16>()];
    (kind, any::<u16>(), 0usize..24, any::<[u8; 24]>(), nest).prop_map(
        |(kind, flags, len, head, attrs)| {
            let start = netlink_wire::Family::of(Header { kind, ..Header::default() });
            let len = start.and_then(|f| f.header().size()).unwrap_or(len).next_multiple_of(4);
            let head = &head[..len.min(24)];
            let mut bytes = ((16 + head.len() + attrs.len()) as u32).to_ne_bytes().to_vec();
            bytes.extend(kind.to_ne_bytes());
            bytes.extend(flags.to_ne_bytes());
            bytes.extend([1, 2, 3, 4, 5, 6, 7, 8]);
            bytes.extend(head);
            bytes.extend(attrs);
            bytes
        },
    )
}

/// Shown, built, and shown again: the same, whatever it was.
fn comes_back(bytes: &[u8]) {
    let Some(Ok(message)) = Messages::new(bytes).next() else { return };
    let json = show(message);
    let built = build(&json);
    let again = Messages::new(&built).next().unwrap().unwrap();
    assert_eq!(show(again), json);
    assert_eq!(again.header.kind, message.header.kind);
    let raw = |message: Message<'_>| -> Vec<(u16, usize)> {
        Walk::rtnl(message)
            .map_while(Result::ok)
            .map(|e| (e.nla.kind(), e.nla.payload().len()))
            .collect()
    };
    let (raw, expected) = (raw(again), raw(message));
    assert_eq!(raw.len(), expected.len());
    for ((kind, len), (expected, least)) in raw.into_iter().zip(expected) {
        assert_eq!(kind, expected);
        // Padding that was missing is there.
        assert!((least..least.next_multiple_of(4) + 1).contains(&len), "{len} {least}");
    }
}

proptest! {
    #[test]
    fn any_message_comes_back(bytes in message()) {
        comes_back(&bytes);
    }

    #[test]
    fn any_bytes_come_back(kind in 16u16..123, mut bytes in prop::collection::vec(any::<u8>(), 16..200)) {
        let len = bytes.len() as u32;
        bytes[..4].copy_from_slice(&len.to_ne_bytes());
        bytes[4..6].copy_from_slice(&kind.to_ne_bytes());
        comes_back(&bytes);
    }

    /// What a kernel sent, with some bytes changed.
    #[test]
    fn a_changed_message_comes_back(
        pick in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let capture = captures();
        let mut bytes = capture[pick.index(capture.len())].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            // Its length stays.
            if at >= 4 {
                bytes[at] = byte;
            }
        }
        comes_back(&bytes);
    }
}

fn captures() -> &'static [Vec<u8>] {
    static ALL: std::sync::LazyLock<Vec<Vec<u8>>> = std::sync::LazyLock::new(|| {
        let captures = netlink_captures::all();
        captures.into_iter().flat_map(|c| c.records).map(|record| record.bytes).collect()
    });
    &ALL
}
