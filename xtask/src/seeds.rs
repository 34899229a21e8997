//! Seeds of what no kernel sends, made of what kernels send.

use std::mem::{Discriminant, discriminant};

use netlink_captures::Record;
use netlink_wire::{
    Family, Header, Message, Messages, Nla, NlmFlags, Rtm,
    form::{Form, View},
    genl::{CtrlAttr, GenlMsgHdr},
    schema::Type,
    walk::{Content, Entry, Walk},
};

use crate::Result;

/// Words of each kind that a type is read from, and one that is of none.
pub(crate) const WORDS: [&str; 13] = [
    "request|ack|0x8000",
    "onlink|linkdown",
    "kernel",
    "209",
    "root",
    "ingress",
    "none",
    "1:",
    ":10",
    "ffff:10",
    "192.0.2.0/24",
    "2001:db8::1",
    "192.0.2.0/33",
];

/// Members of a link in JSON: odd ones, and some that are wrong.
const MEMBERS: [&str; 30] = [
    r#""4000": "c0ffee", "4000#1": "00""#,
    r#""IFLA_MTU": {"NLA_F_NET_BYTEORDER": true, "hex": "000005dc"}"#,
    r#""IFLA_MTU": {"hex": "0"}"#,
    r#""IFLA_MTU": {"hex": "zz"}"#,
    r#""IFLA_MTU": -1"#,
    r#""IFLA_MTU": true"#,
    r#""IFLA_TEAPOT": 1"#,
    r#""IFLA_IFNAME": {"no_nul": "v0"}"#,
    r#""IFLA_IFNAME": 1"#,
    r#""IFLA_ADDRESS": "2:0:0:0:6:1""#,
    r#""IFLA_OPERSTATE": "sideways""#,
    r#""IFLA_PROP_LIST": {"IFLA_ALT_IFNAME": "uplink"}"#,
    r#""IFLA_LINKINFO": []"#,
    r#""IFLA_LINKINFO": {"IFLA_INFO_KIND": "teapot", "IFLA_INFO_DATA": "c0ffee"}"#,
    r#""IFLA_LINKINFO": {"IFLA_INFO_KIND": "vxlan", "IFLA_INFO_DATA": {"IFLA_VXLAN_TTL_INHERIT": "0000"}}"#,
    r#""IFLA_AF_SPEC": {"AF_INET": {"IFLA_INET_CONF": {"NLA_F_NESTED": true, "1": {"hex": "00"}, "2": 1}}}"#,
    r#""IFLA_LINKINFO": {"IFLA_INFO_DATA": {}, "IFLA_INFO_KIND": 1}"#,
    r#""IFLA_LINKINFO": {"IFLA_INFO_KIND": "vxlan", "IFLA_INFO_DATA": {"IFLA_VXLAN_GROUP": "::1"}}"#,
    r#""IFLA_LINKINFO": {"IFLA_INFO_KIND": "vxlan", "IFLA_INFO_DATA": {"IFLA_VXLAN_PORT_RANGE": {"low": "x"}}}"#,
    r#""IFLA_MAP": 7"#,
    r#""IFLA_MAP": {"teapot": 1}"#,
    r#""IFLA_MAP": {"mem_end": 1, "rest": "c0ffee"}"#,
    r#""IFLA_MAP": {"mem_end": 1, "rest": "zz"}"#,
    r#""IFLA_MAP": {"mem_end": {"hex": "00"}}"#,
    r#""IFLA_MAX_PACING_OFFLOAD_HORIZON": 4294967296"#,
    r#""IFLA_MAX_PACING_OFFLOAD_HORIZON": {"u64": 1}"#,
    r#""IFLA_MAX_PACING_OFFLOAD_HORIZON": {"u64": true}"#,
    r#""NLA_F_NESTED": true, "rest": "zz""#,
    r#""rest": "c0ffee""#,
    r#""between": 1"#,
];

/// Other messages in JSON, and what is none.
const TEXTS: [&str; 15] = [
    "null",
    "{}",
    r#"{"nlmsghdr": {"kind": "teapot"}}"#,
    r#"{"nlmsghdr": {"kind": 65000}, "rest": "c0ffee"}"#,
    r#"{"nlmsghdr": {"kind": 24}, "rtmsg": {"family": 2}, "RTA_MULTIPATH": {}}"#,
    r#"{"nlmsghdr": {"kind": 24}, "rtmsg": {"family": 2}, "RTA_MULTIPATH": ["zz"]}"#,
    r#"{"nlmsghdr": {"kind": 24}, "rtmsg": {"family": 2},
        "RTA_MULTIPATH": [{"NLA_F_NESTED": true}, {"rtnexthop": {"ifindex": 5}, "RTA_GATEWAY": "192.0.2.1"}, "c0ffee"]}"#,
    r#"{"nlmsghdr": {"kind": 24}, "rtmsg": {"family": 2}, "RTA_MULTIPATH": [{"rtnexthop": {"teapot": 1}}]}"#,
    r#"{"nlmsghdr": {"kind": 24}, "rtmsg": {"family": 2}, "RTA_MULTIPATH": [{"rtnexthop": {}}, "0300000000000000"]}"#,
    r#"{"nlmsghdr": {"kind": 24}, "rtmsg": {"family": 2, "kind": "blackhole"}}"#,
    r#"{"nlmsghdr": {"kind": 24}, "rtmsg": {"family": 2}, "RTA_VIA": "0a"}"#,
    r#"{"nlmsghdr": {"kind": 24}, "rtmsg": {"family": 2}, "RTA_OIF": 5, "RTA_ENCAP_TYPE": "ip",
        "RTA_ENCAP": {"LWTUNNEL_IP_OPTS": {"LWTUNNEL_IP_OPTS_GENEVE": [{"4000": "00"}, {"hex": "0300"}, {"rest": "03000000"}]}}}"#,
    r#"{"nlmsghdr": {"kind": 32}, "fib_rule_hdr": {"family": 2}, "FRA_FWMARK": 7}"#,
    r#"{"nlmsghdr": {"kind": 104}, "nhmsg": {}, "NHA_GROUP_STATS": {"1": {"NHA_GROUP_STATS_ENTRY_PACKETS": {"hex": "00"}}}}"#,
    r#"{"nlmsghdr": {"kind": 68}, "nduseroptmsg": {"opts_len": 2}, "between": "c0ffee00"}"#,
];

/// A family of another protocol, generic netlink.
const FAMILY: &str = r#"{"nlmsghdr": {"kind": 16}, "genlmsghdr": {"cmd": 1}, "CTRL_ATTR_MCAST_GROUPS":
    {"1": {"CTRL_ATTR_MCAST_GRP_NAME": "monitor", "CTRL_ATTR_MCAST_GRP_ID": 5}}}"#;

/// A message of some bytes.
fn message(bytes: &[u8]) -> Message<'_> {
    Messages::new(bytes).next().and_then(Result::ok).expect("a whole message")
}

/// Of each type that attributes have, the shortest message with one, and where it lies.
pub(crate) fn examples(messages: &[Vec<u8>]) -> Vec<(&[u8], Nla<'_>)> {
    let mut short: Vec<_> = messages.iter().collect();
    short.sort_by_key(|bytes| bytes.len());
    let mut seen: Vec<(Discriminant<Type>, bool)> = Vec::new();
    let mut examples = Vec::new();
    for bytes in short {
        each(Walk::rtnl(message(bytes)), &mut |entry| {
            for ty in [Some(entry.ty), entry.field.map(|field| field.ty)].into_iter().flatten() {
                let flags = matches!(ty, Type::Constants(constants) if constants.flags);
                if !seen.contains(&(discriminant(&ty), flags)) {
                    seen.push((discriminant(&ty), flags));
                    examples.push((bytes.as_slice(), entry.nla));
                }
            }
        });
    }
    examples
}

/// Shows each attribute of a walk, however deep.
fn each<'a>(walk: Walk<'a>, f: &mut dyn FnMut(Entry<'a>)) {
    for entry in walk.flatten() {
        f(entry);
        match entry.content() {
            Content::Value(_) => {}
            Content::Attrs(walk) | Content::Headed(_, walk) => each(walk, f),
            Content::Records(records) => records.flatten().for_each(|record| each(record.attrs, f)),
        }
    }
}

/// Datagrams of messages that are wrong: those with each type of attribute in each wrong way, those that end too
/// early, and what can be built of the odd ones in JSON.
pub(crate) fn damaged(messages: &[Vec<u8>]) -> Result<Vec<Vec<u8>>> {
    let damage = |(bytes, nla)| damage(bytes, nla);
    let mut datagrams: Vec<_> = examples(messages).into_iter().map(damage).collect();

    let mut early = Vec::new();
    for family in Family::all() {
        let is_it = |of: &Family| of.attrs().name == family.attrs().name;
        let of_it = |bytes: &&Vec<u8>| Family::of(message(bytes).header).is_some_and(is_it);
        early.extend(messages.iter().find(of_it).map(|bytes| cut(bytes, |header| header)));
    }
    let ack = |header| Header { kind: Header::ERROR, ..header };
    early.extend(messages.first().map(|bytes| cut(bytes, ack)));
    datagrams.push(early.concat());

    let mut odd = Vec::new();
    let mut buf = [0; 4096];
    for json in mistakes() {
        let Ok(form) = serde_json::from_str::<Form>(&json) else { continue };
        odd.extend_from_slice(form.build_rtnl(&mut buf).unwrap_or_default());
    }
    let family: Form = serde_json::from_str(FAMILY)?;
    odd.extend_from_slice(family.build::<GenlMsgHdr, CtrlAttr<'_>>(family.header()?, &mut buf)?);
    datagrams.push(odd);
    Ok(datagrams)
}

/// The message, with the attribute in it wrong in each way in turn.
fn damage(bytes: &[u8], nla: Nla<'_>) -> Vec<u8> {
    let start = nla.offset() as usize;
    let payload = start + 4..start + 4 + nla.payload().len();
    let word = |at: usize, word: usize| {
        let mut bytes = bytes.to_vec();
        bytes[start + at..start + at + 2].copy_from_slice(&(word as u16).to_le_bytes());
        bytes
    };
    let filled = |byte: u8| {
        let mut bytes = bytes.to_vec();
        bytes[payload.clone()].fill(byte);
        bytes
    };
    let ways = [
        // A byte less, which is padding then.
        word(0, payload.len().max(1) + 3),
        // Less than its header.
        word(0, 3),
        word(2, usize::from(nla.kind() ^ Nla::NET_BYTEORDER)),
        // A number that nothing has.
        word(2, 0x3ffe),
        filled(0),
        filled(0xff),
    ];
    ways.into_iter().flat_map(aligned).collect()
}

/// A message, up to where the next one starts.
fn aligned(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// A message that ends inside its fixed header, with what else is changed.
fn cut(bytes: &[u8], change: impl Fn(Header) -> Header) -> Vec<u8> {
    const LEN: usize = size_of::<Header>() + 2;
    let header = change(Header { len: LEN as u32, ..message(bytes).header });
    let mut bytes = bytes[..LEN].to_vec();
    header.replace_in(&mut bytes);
    aligned(bytes)
}

/// A link, whose peer has a peer, and so on, in JSON.
fn deep(depth: usize) -> String {
    let (open, close) = (
        r#", "IFLA_LINKINFO": {"IFLA_INFO_KIND": "veth", "IFLA_INFO_DATA": {"VETH_INFO_PEER": {"ifinfomsg": {}"#,
        "}}}",
    );
    link(&format!("{}{}", &open.repeat(depth)[2..], close.repeat(depth)))
}

/// A link with these members in JSON.
fn link(members: &str) -> String {
    format!(r#"{{"nlmsghdr": {{"kind": 16}}, "ifinfomsg": {{}}, {members}}}"#)
}

/// All of them; and nests that are too deep to be looked into.
fn mistakes() -> Vec<String> {
    let mut mistakes: Vec<_> = MEMBERS.map(link).into();
    mistakes.extend(TEXTS.map(str::to_owned));
    mistakes.push(deep(20));
    mistakes
}

/// JSON that messages are built from: each type of attribute, and mistakes.
pub(crate) fn forms(messages: &[Vec<u8>]) -> Result<Vec<Vec<u8>>> {
    let mut forms = Vec::new();
    for (bytes, _) in examples(messages) {
        forms.push(serde_json::to_string(&View::rtnl(message(bytes)))?);
    }
    forms.dedup();
    forms.extend(mistakes());
    Ok(forms.into_iter().map(String::into_bytes).collect())
}

/// What the target `writer` makes messages of, for each type of message: a number, and where the lists of attributes
/// lie in a captured one.
const WRITTEN: [(u16, u16, &[&[&str]]); 9] = [
    (
        Rtm::NEWLINK.0,
        1,
        &[
            &[],
            &["IFLA_LINKINFO"],
            &["IFLA_LINKINFO", "IFLA_INFO_DATA"],
            &["IFLA_LINKINFO", "IFLA_INFO_DATA", "IFLA_VLAN_EGRESS_QOS"],
        ],
    ),
    (Rtm::NEWROUTE.0, 5, &[&[], &["RTA_METRICS"], &[], &[]]),
    (Rtm::NEWNEXTHOP.0, 2, &[&[], &[]]),
    // More segments than there can be.
    (Rtm::NEWNEXTHOP.0, 128, &[&[]]),
    (Rtm::NEWNDUSEROPT.0, 8, &[]),
    // More options than there can be.
    (Rtm::NEWNDUSEROPT.0, 0x8000, &[]),
    (Header::ERROR, 22, &[]),
    (Header::DONE, 0, &[]),
    // More than a nest can hold.
    (Rtm::DELLINK.0, 0xff00, &[&[]]),
];

/// Seeds of the target `writer`, into a buffer that is large enough and one that is not.
pub(crate) fn written(records: &[&Record]) -> Result<Vec<Vec<u8>>> {
    let mut seeds = Vec::new();
    for (kind, number, paths) in WRITTEN {
        let lists = |record: &&Record| {
            let lists = paths.iter().map(|path| list(record, path));
            lists.collect::<Option<Vec<_>>>()
        };
        let of_it = records.iter().filter(|record| record.message().header.kind == kind);
        let shortest = of_it.filter_map(lists).min_by_key(|lists| lists.concat().len());
        let lists = shortest.filter(|_| !paths.is_empty()).unwrap_or_default();
        if lists.len() < paths.len() {
            return Err(format!("nothing captured of type {kind} has {paths:?}").into());
        }
        for space in [60, 4096] {
            let head = [space, kind, number].map(u16::to_le_bytes).concat();
            let lists = lists.iter().map(|list| crate::fuzz::part(list));
            seeds.push([head].into_iter().chain(lists).flatten().collect());
        }
    }
    Ok(seeds)
}

/// The attributes at a place in a message.
fn list(record: &Record, path: &[&str]) -> Option<Vec<u8>> {
    let message = record.message();
    let mut list =
        message.payload.get(Family::of(message.header)?.attrs_start(message.payload)..)?;
    let mut walk = Walk::rtnl(message);
    for name in path {
        let entry = walk.flatten().find(|entry| entry.name() == Some(name))?;
        list = entry.nla.payload();
        walk = match entry.content() {
            Content::Attrs(walk) => walk,
            _ => return None,
        };
    }
    Some(list.to_vec())
}

/// Replies to the requests of the target `exchange` which nobody expects: to others, of types that say nothing, and
/// with broken lengths.
pub(crate) fn noise(reply: &Record) -> Vec<Vec<u8>> {
    let message = reply.message();
    let with = |change: &dyn Fn(&mut Header)| {
        let (mut header, mut bytes) = (message.header, reply.bytes.clone());
        (header.seq, header.portid) = (1, 7);
        change(&mut header);
        header.replace_in(&mut bytes);
        bytes
    };
    vec![
        with(&|header| header.seq = 9),
        with(&|header| header.kind = Header::NOOP),
        with(&|header| header.kind = Header::OVERRUN),
        with(&|header| header.len += 4),
        with(&|header| header.flags |= NlmFlags::DUMP_FILTERED),
        // The second request ends first.
        with(&|header| (header.seq, header.kind) = (2, Header::DONE)),
        with(&|header| header.kind = Header::DONE),
    ]
}
