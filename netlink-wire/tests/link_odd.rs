//! Links that are out of the ordinary: each test is named after what goes wrong elsewhere.
//!
//! The messages are made here, after the functions of the kernel that fill them.

use netlink_wire::{
    Attribute, Attrs, Be, Error, ErrorKind, Header, LlAddr, Message, Messages, Multi, Nla,
    NlmFlags, Rtm, Uint, Writer,
    link::{
        AfSpec, AfSpecAttr, BridgeAttr, CfmAttr, CfmCcConfigAttr, CfmCcPeerStatusAttr,
        CfmCcmInterval, CfmDomain, CfmMepCreateAttr, Devconf, IfInfoMsg, IflaVfBroadcast,
        IflaVfLinkState, IflaVfMac, IflaVfRate, IflaVfRssQueryEn, IflaVfSpoofChk, IflaVfTrust,
        IflaVfTxRate, IflaVfVlan, IflaVfVlanInfo, Inet6Attr, InetAttr, InetConf, Ipv4Devconf, Link,
        LinkAttr, MrpAttr, MrpInfoAttr, MrpRingRole, MrpRingState, PortAttr, PortRequest,
        PortResponse, RtnlLinkStats64, VfAttr, VfInfoAttr, VfLinkState, VfPortsAttr, VfStatsAttr,
        VfVlanAttr, XdpAttached, XdpAttr,
    },
    walk,
};

/// One attribute: header, payload, padding.
fn nla(kind: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = ((payload.len() + 4) as u16).to_ne_bytes().to_vec();
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(payload);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn name(name: &str) -> Vec<u8> {
    nla(3, &[name.as_bytes(), &[0]].concat())
}

fn u32(kind: u16, number: u32) -> Vec<u8> {
    nla(kind, &number.to_ne_bytes())
}

/// A whole message around these attributes.
fn message(family: u8, attrs: &[u8]) -> Vec<u8> {
    let mut bytes = ((32 + attrs.len()) as u32).to_ne_bytes().to_vec();
    bytes.extend(Rtm::NEWLINK.0.to_ne_bytes());
    bytes.extend([0; 10]);
    bytes.push(family);
    bytes.extend([0; 15]);
    bytes.extend(attrs);
    bytes
}

fn link(bytes: &[u8]) -> Link<'_> {
    let message: Message<'_> = Messages::new(bytes).next().unwrap().unwrap();
    Link::parse(message).unwrap()
}

/// Writes every attribute back, typed, and compares all but the header.
fn assert_written_back(bytes: &[u8]) {
    let link = link(bytes);
    let mut buf = vec![0xff; bytes.len() + 64];
    let mut writer = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags(0), &link.header);
    for attr in link.attrs {
        writer.push(attr.unwrap());
    }
    assert_eq!(writer.finish().unwrap()[size_of::<Header>()..], bytes[size_of::<Header>()..]);
}

fn value<T>(read: netlink_wire::Result<Option<T>>) -> T {
    read.unwrap().unwrap()
}

#[test]
fn one_odd_attribute_loses_the_message() {
    let bytes = message(0, &[name("e0"), nla(4, &[1, 2]), u32(13, 1000)].concat());
    let link = link(&bytes);
    let kind = ErrorKind::Length(2);
    let error = Error { context: "IFLA_MTU", offset: 40, kind };
    let header = IfInfoMsg { index: 7, ..link.header };
    assert_eq!(Link { header, ..link }.index(), 7);
    assert_eq!(link.get(LinkAttr::Mtu), Err(error), "malformed");
    assert_eq!(link.get(LinkAttr::Group), Ok(None), "absent");
    assert_eq!(link.get(LinkAttr::TxqLen), Ok(Some(1000)), "present");
    let attrs: Vec<_> = link.attrs.iter().collect();
    assert_eq!(attrs, [Ok(LinkAttr::IfName("e0".into())), Err(error), Ok(LinkAttr::TxqLen(1000))]);
    let raw = link.attrs.raw().nth(1);
    assert_eq!(raw, Some(Ok(Nla::new(4, &[1, 2]))), "its bytes can still be read");
}

/// Linux before 4.6 knows 23 counters, before 5.19 it knows 24.
#[test]
fn stats64_of_an_older_kernel_is_too_short() {
    for known in [0, 1, 23, 24, 25, 30] {
        let counters: Vec<u8> = (1..=known).flat_map(|n: u64| (n << 40).to_ne_bytes()).collect();
        let bytes = message(0, &[nla(23, &counters), name("e0")].concat());
        let stats: RtnlLinkStats64 = value(link(&bytes).get(LinkAttr::Stats64)).read();
        let counter = |position| if position <= known { position << 40 } else { 0 };
        assert_eq!(stats.rx_packets, counter(1));
        assert_eq!(stats.tx_compressed, counter(23));
        assert_eq!(stats.rx_nohandler, counter(24));
        assert_eq!(stats.rx_otherhost_dropped, counter(25));
        assert_eq!(link(&bytes).name(), Ok(Some("e0".into())));
        assert_written_back(&bytes);
    }
}

#[test]
fn an_empty_list_of_virtual_functions_is_an_error() {
    let bytes = message(0, &[u32(21, 0), nla(22, &[]), name("e0")].concat());
    let link = link(&bytes);
    assert_eq!(link.vfs().unwrap().count(), 0);
    assert_eq!(link.name(), Ok(Some("e0".into())));
    assert_written_back(&bytes);
}

/// What deletes a link says has an empty one of those, too.
#[test]
fn empty_address_family_settings_are_an_error() {
    let bytes = message(0, &nla(26, &[]));
    assert_eq!(link(&bytes).inet(), Ok(None));
    assert_eq!(link(&bytes).inet6(), Ok(None));
    assert_written_back(&bytes);
}

#[test]
fn settings_of_ipv6_have_the_length_of_another_kernel() {
    for known in [0_usize, 1, 38, 60, 61, 100] {
        let conf: Vec<u8> = (1..=known).flat_map(|n| (n as i32 * -65_537).to_ne_bytes()).collect();
        let inet6 = [u32(1, 0x8000_0000), nla(2, &conf), nla(8, &[1])].concat();
        let bytes = message(0, &[nla(26, &nla(10, &inet6)), name("e0")].concat());
        let inet6 = value(link(&bytes).inet6());
        let conf = value(inet6.get(Inet6Attr::Conf));
        let at = |position| (position < known).then_some((position as i32 + 1) * -65_537);
        assert_eq!(conf.get(Devconf::FORWARDING), at(0));
        assert_eq!(conf.get(Devconf::STABLE_SECRET), at(36));
        assert_eq!(conf.get(Devconf::FORCE_FORWARDING), at(59));
        assert_eq!(conf.iter().count(), known);
        assert_eq!(inet6.get(Inet6Attr::AddrGenMode).unwrap().unwrap().0, 1);
        assert_written_back(&bytes);
    }
}

#[test]
fn a_name_is_not_utf8() {
    let bytes = message(0, &[nla(3, b"e\xff\xfe0\0"), nla(20, b"\xc3("), u32(4, 1500)].concat());
    let link = link(&bytes);
    let name = value(link.name());
    assert_eq!(name.as_bytes(), b"e\xff\xfe0");
    assert_eq!(name.to_str(), None);
    assert_eq!(name.to_string(), "e\u{fffd}\u{fffd}0");
    assert_eq!(value(link.get(LinkAttr::IfAlias)).as_bytes(), b"\xc3(", "without a NUL");
    assert_eq!(link.get(LinkAttr::Mtu), Ok(Some(1500)));
    assert_written_back(&bytes);
}

#[test]
fn up_to_three_bytes_trail() {
    for trailing in 0..4 {
        let mut inner = u32(1, 7);
        inner.extend(vec![0xee; trailing]);
        let mut attrs = [name("e0"), nla(55, &inner)].concat();
        attrs.extend(vec![0xee; trailing]);
        let bytes = message(0, &attrs);
        let link = link(&bytes);
        assert!(link.attrs.iter().all(|attr| attr.is_ok()));
        assert_eq!(link.attrs.iter().count(), 2);
        assert_eq!(link.get(LinkAttr::Mtu), Ok(None));
        let reason = value(link.get(LinkAttr::ProtoDownReason));
        assert!(reason.iter().all(|attr| attr.is_ok()));
        assert_eq!(reason.as_bytes().len(), 8 + trailing);
    }
}

/// The kernel sets the flag on some nests, and user space on others.
#[test]
fn a_nest_is_flagged() {
    for flags in [0, Nla::NESTED, Nla::NESTED | Nla::NET_BYTEORDER] {
        let names = [nla(53, b"one\0"), nla(53 | flags, b"two\0")].concat();
        let bytes = message(0, &[nla(52 | flags, &names), nla(3 | flags, b"e0\0")].concat());
        let link = link(&bytes);
        let names: Vec<_> = link.alt_names().unwrap().map(Result::unwrap).collect();
        assert_eq!(names, ["one", "two"]);
        assert_eq!(link.name(), Ok(Some("e0".into())));
    }
    assert_written_back(&message(0, &nla(52 | Nla::NESTED, &nla(53, b"one\0"))));
    assert_written_back(&message(0, &nla(52, &nla(53, b"one\0"))));
}

/// Whatever the length: no panic, at most an error about this one attribute.
#[test]
fn lengths_are_odd() {
    let sequence: Vec<u8> = (1..=255).collect();
    for kind in 0..75 {
        for len in (0..45).chain([96, 97, 201]) {
            for family in [0, 7, 10] {
                let odd = nla(kind, &sequence[..len]);
                let bytes = message(family, &[odd, name("e0"), u32(69, 9)].concat());
                let link = link(&bytes);
                let shown = format!("{link:?}");
                assert!(shown.contains("e0"), "{shown}");
                let errors = link.attrs.iter().filter(Result::is_err).count();
                assert!(errors <= 2, "{shown}");
                let _ = (link.iflink(), link.kind(), link.slave_kind(), link.without_spoiled());
                let _ = (link.inet(), link.inet6(), link.vfs().map(Iterator::count));
                let names = link.alt_names().map(|names| names.map(|_| ()).count());
                assert!(names.is_err() || kind == 52 || names == Ok(0));
            }
        }
    }
}

#[test]
fn resources_have_another_length() {
    let map: Vec<u8> = (1..=32).collect();
    for len in [0, 1, 24, 27, 28, 31, 32] {
        let bytes = message(0, &nla(14, &map[..len]));
        let read = value(link(&bytes).get(LinkAttr::Map)).read();
        assert_eq!(read.dma, if len > 26 { 27 } else { 0 });
        assert_eq!(read.pad[3], if len > 31 { 32 } else { 0 });
        assert_written_back(&bytes);
    }
}

#[test]
fn a_program_id_has_another_length() {
    let xdp = [nla(2, &[1]), nla(4, &[1, 2]), u32(5, 77)].concat();
    let bytes = message(0, &[nla(43, &xdp), name("e0")].concat());
    let xdp = value(link(&bytes).get(LinkAttr::Xdp));
    assert_eq!(xdp.get(XdpAttr::Attached), Ok(Some(XdpAttached::DRV)));
    let error = Error { context: "IFLA_XDP_PROG_ID", offset: 44, kind: ErrorKind::Length(2) };
    assert_eq!(xdp.get(XdpAttr::ProgId), Err(error));
    assert_eq!(xdp.get(XdpAttr::DrvProgId), Ok(Some(77)));
    assert_eq!(link(&bytes).name(), Ok(Some("e0".into())));
}

/// So many virtual functions, with what comes after them, and the length of their list.
fn many_virtual_functions(count: u32, listed: u32) -> (Vec<u8>, usize) {
    let vf = |vf: u32| {
        let mac = [&vf.to_ne_bytes()[..], &[2; 32]].concat();
        let vlan: Vec<u8> = [vf, 5, 2].iter().flat_map(|n: &u32| n.to_ne_bytes()).collect();
        nla(1, &[nla(1, &mac), nla(2, &vlan), nla(6, &vlan)].concat())
    };
    let list: Vec<u8> = (0..listed).flat_map(vf).collect();
    let mut attrs = [name("e0"), nla(1, &[2, 0, 0, 0, 0, 1]), u32(21, count)].concat();
    attrs.extend(((list.len() + 4) as u16).to_ne_bytes());
    attrs.extend(22_u16.to_ne_bytes());
    attrs.extend(&list);
    attrs.extend(name("e1"));
    (message(0, &attrs), list.len() + 4)
}

/// As Linux 6.18 told of a program that the stack runs.
#[test]
fn a_program_is_told_twice() {
    let xdp = [u32(6, 97), nla(2, &[2]), u32(4, 97)].concat();
    let bytes = message(0, &nla(43, &xdp));
    let xdp = value(link(&bytes).get(LinkAttr::Xdp));
    assert_eq!(value(xdp.get(XdpAttr::Attached)).to_string(), "xdpgeneric");
    assert_eq!(xdp.get(XdpAttr::ProgId), Ok(Some(97)));
    assert_eq!(xdp.get(XdpAttr::SkbProgId), Ok(Some(97)));
    assert_eq!(xdp.get(XdpAttr::DrvProgId), Ok(None));
    assert_written_back(&bytes);
}

/// `nla_len` has 16 bits: the kernel sent the length of the list modulo 65,536.
#[test]
fn a_list_of_virtual_functions_has_a_length_that_wraps() {
    let own = LlAddr(&[2, 0, 0, 0, 0, 1]);
    for count in (863..1800).step_by(97) {
        let (bytes, len) = many_virtual_functions(count, count);
        assert!(len > 65_535);
        let link = link(&bytes).without_spoiled();
        assert_eq!(link.get(LinkAttr::Address), Ok(Some(own)));
        assert_eq!(link.get(LinkAttr::NumVf), Ok(Some(count)));
        assert_eq!(link.name(), Ok(Some("e0".into())));
        assert_eq!(link.get(LinkAttr::Mtu).unwrap_or_default(), None);
        let vfs = link.vfs().unwrap().filter(Result::is_ok).count();
        assert_eq!(vfs, (len % 65_536).saturating_sub(4) / 76);
    }
    // What the test is for: the address is one of the virtual functions. In the other byte order
    // the walk over them comes to its end before that.
    let (bytes, _) = many_virtual_functions(1000, 1000);
    if cfg!(target_endian = "little") {
        assert_ne!(link(&bytes).get(LinkAttr::Address), Ok(Some(own)));
    }
}

/// Newer kernels leave out those that do not fit.
#[test]
fn a_list_of_virtual_functions_is_whole_or_cut_off_in_time() {
    for (count, listed) in [(0, 0), (1, 1), (3, 0), (862, 862), (1000, 862)] {
        let (bytes, len) = many_virtual_functions(count, listed);
        assert!(len <= 65_535);
        let link = link(&bytes).without_spoiled();
        assert_eq!(link.name(), Ok(Some("e1".into())), "nothing was cut off");
        assert_eq!(link.vfs().unwrap().filter(Result::is_ok).count(), listed as usize);
        assert_eq!(link.get(LinkAttr::NumVf), Ok(Some(count)));
    }
}

#[test]
fn a_list_is_built_that_does_not_fit() {
    let mut buf = vec![0; 200_000];
    let mut writer = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags(0), &IfInfoMsg::default());
    writer.nest(LinkAttr::VfInfoList, |list| {
        for vf in 0..2000 {
            list.nest(VfInfoAttr::Info, |info| {
                info.push_struct(VfAttr::Mac, &IflaVfMac { vf, mac: [2; 32] });
            });
        }
    });
    let error = Error { context: "nlattr", offset: 32, kind: ErrorKind::TooLong };
    assert_eq!(writer.finish(), Err(error));
    let alias = [b'a'; 65_532];
    let mut buf = vec![0; 200_000];
    let mut writer = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags(0), &IfInfoMsg::default());
    writer.push(LinkAttr::PhysPortId(&alias));
    assert_eq!(writer.finish(), Err(error), "one byte more than `nla_len` can tell");
}

/// A buffer may start anywhere, and an attribute of 64 bits at any multiple of 4.
#[test]
fn a_message_is_not_aligned() {
    let counters: Vec<u8> = (1..=25_u64).flat_map(|n| (n << 33).to_ne_bytes()).collect();
    let bytes = message(0, &[name("e0"), nla(23, &counters), u32(4, 1500)].concat());
    for shift in 0..8 {
        let mut shifted = vec![0xaa; shift];
        shifted.extend(&bytes);
        let link = link(&shifted[shift..]);
        assert_eq!(value(link.get(LinkAttr::Stats64)).read().rx_bytes, 3 << 33);
        assert_eq!(link.get(LinkAttr::Mtu), Ok(Some(1500)));
    }
}

#[test]
fn an_unknown_attribute_is_lost() {
    let bytes = message(0, &[nla(0x3ff0 | Nla::NESTED, &[1, 2, 3, 4, 5]), name("e0")].concat());
    let unknown = Nla::new(0x3ff0 | Nla::NESTED, &[1, 2, 3, 4, 5]);
    assert_eq!(link(&bytes).attrs.iter().next(), Some(Ok(LinkAttr::Unknown(unknown))));
    assert_written_back(&bytes);
}

/// A link has a kind, and a port of it another one: each chooses for itself.
#[test]
fn a_link_and_its_port_are_of_two_kinds() {
    let vlan = [nla(1, b"vlan\0"), nla(2, &nla(1, &[7, 0]))].concat();
    let port = [nla(4, b"bridge\0"), nla(5, &nla(1, &[3]))].concat();
    for info in [[&vlan[..], &port].concat(), [&port[..], &vlan].concat()] {
        let bytes = message(0, &nla(18, &info));
        let walk = walk::Walk::new(LinkAttr::SCHEMA, link(&bytes).attrs.raw());
        let mut names: Vec<_> = (32..bytes.len() as u32)
            .filter_map(|at| walk::path(walk.clone(), at).nth(2)?.name())
            .collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names, ["IFLA_BRPORT_STATE", "IFLA_VLAN_ID"]);
    }
}

#[test]
fn settings_of_ipv4_are_an_array_or_a_nest() {
    let all: Vec<u8> = [0, 0, 0, -1, 7].iter().flat_map(|n: &i32| n.to_ne_bytes()).collect();
    let bytes = message(0, &nla(26, &nla(2, &nla(1, &all))));
    let conf = value(value(link(&bytes).inet()).get(InetAttr::Conf));
    assert!(matches!(conf, InetConf::All(_)));
    assert_eq!(conf.get(Ipv4Devconf::ACCEPT_REDIRECTS), Ok(Some(-1)));
    assert_eq!(conf.get(Ipv4Devconf::SEND_REDIRECTS), Ok(None));
    assert_written_back(&bytes);
    let walk = walk::Walk::new(LinkAttr::SCHEMA, link(&bytes).attrs.raw());
    let conf = walk::path(walk, 45).map(|entry| entry.ty.to_string());
    assert_eq!(conf.collect::<Vec<_>>(), ["nest:af-spec-attrs", "nest:ifla-attrs", "packed:s32"]);

    let some = [u32(8, 2), u32(14, u32::MAX), u32(8, 1)].concat();
    let bytes = message(0, &nla(26, &nla(2, &nla(1 | Nla::NESTED, &some))));
    let conf = value(value(link(&bytes).inet()).get(InetAttr::Conf));
    assert_eq!(conf.get(Ipv4Devconf::RP_FILTER), Ok(Some(1)), "the last one wins");
    assert_eq!(conf.get(Ipv4Devconf::MEDIUM_ID), Ok(Some(-1)));
    assert_eq!(conf.get(Ipv4Devconf::FORWARDING), Ok(None));
    assert_written_back(&bytes);
    let walk = walk::Walk::new(LinkAttr::SCHEMA, link(&bytes).attrs.raw());
    let conf = walk::path(walk.clone(), 45).map(|entry| entry.ty.to_string());
    assert_eq!(
        conf.collect::<Vec<_>>(),
        ["nest:af-spec-attrs", "nest:ifla-attrs", "list:s32", "s32"]
    );
    assert_eq!(walk::path(walk, 45).to_string(), "IFLA_AF_SPEC/AF_INET/IFLA_INET_CONF/8");

    // Built by a caller.
    let mut buf = [0xff; 128];
    let mut writer = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags(0), &IfInfoMsg::default());
    writer.nest(
        |families| LinkAttr::AfSpec(AfSpec::Families(families)),
        |families| {
            families.nest(AfSpecAttr::Inet, |inet| {
                inet.nest(
                    |conf| InetAttr::Conf(InetConf::Some(conf)),
                    |conf| {
                        conf.item(Ipv4Devconf::RP_FILTER.0, 2);
                    },
                );
            });
        },
    );
    let nested = |kind, payload: &[u8]| nla(kind | Nla::NESTED, payload);
    let expected = nested(26, &nested(2, &nested(1, &u32(8, 2))));
    assert_eq!(writer.finish().unwrap()[32..], expected);

    // A broken list does not hide what stands before.
    let broken = [u32(8, 2), vec![0xff; 4]].concat();
    let bytes = message(0, &nla(26, &nla(2, &nla(1 | Nla::NESTED, &broken))));
    let conf = value(value(link(&bytes).inet()).get(InetAttr::Conf));
    assert_eq!(conf.get(Ipv4Devconf::RP_FILTER), Ok(Some(2)));
    assert!(conf.get(Ipv4Devconf::MEDIUM_ID).is_err());
}

/// Since Linux 6.13; `nla_put_uint` chooses the width.
#[test]
fn an_integer_has_the_width_that_it_needs() {
    for (number, payload) in [
        (0, 0_u32.to_ne_bytes().to_vec()),
        (0xffff_fffe, 0xffff_fffe_u32.to_ne_bytes().to_vec()),
        (0x1_0000_0002, 0x1_0000_0002_u64.to_ne_bytes().to_vec()),
    ] {
        let bytes = message(0, &nla(66, &payload));
        let horizon = link(&bytes).get(LinkAttr::MaxPacingOffloadHorizon);
        assert_eq!(horizon, Ok(Some(Uint(number))));
        assert_written_back(&bytes);
    }
    let bytes = message(0, &nla(66, &[1, 2]));
    let kind = ErrorKind::Length(2);
    let error = Error { context: "IFLA_MAX_PACING_OFFLOAD_HORIZON", offset: 32, kind };
    assert_eq!(link(&bytes).get(LinkAttr::MaxPacingOffloadHorizon), Err(error));
}

/// In the order of `rtnl_fill_vfinfo`, with counters.
fn virtual_function(info: &mut Writer<'_, VfAttr<'static>>, vf: u32) {
    let mut mac = IflaVfMac { vf, mac: [0; 32] };
    mac.mac[..6].copy_from_slice(&[2, 0, 0, 0, 0, vf as u8]);
    let mut broadcast = IflaVfBroadcast::default();
    broadcast.broadcast[..6].fill(0xff);
    let vlan_proto = Be::new(0x88a8);
    info.push_struct(VfAttr::Mac, &mac)
        .push_struct(VfAttr::Broadcast, &broadcast)
        .push(VfAttr::Vlan(IflaVfVlan { vf, vlan: 0x123, qos: 5 }))
        .push(VfAttr::Rate(IflaVfRate { vf, min_tx_rate: 100, max_tx_rate: 10_000 }))
        .push(VfAttr::TxRate(IflaVfTxRate { vf, rate: 10_000 }))
        .push(VfAttr::SpoofChk(IflaVfSpoofChk { vf, setting: u32::MAX }))
        .push(VfAttr::LinkState(IflaVfLinkState { vf, link_state: VfLinkState::ENABLE }))
        .push(VfAttr::RssQueryEn(IflaVfRssQueryEn { vf, setting: u32::MAX }))
        .push(VfAttr::Trust(IflaVfTrust { vf, setting: 1 }))
        .nest(VfAttr::VlanList, |list| {
            let info = IflaVfVlanInfo { vf, vlan: 0x123, qos: 5, vlan_proto, pad: [0; 2] };
            list.push(VfVlanAttr::Info(Multi(info)));
        })
        .nest(VfAttr::Stats, |stats| {
            stats
                .push(VfStatsAttr::RxPackets(1 << 33))
                .push(VfStatsAttr::Pad(()))
                .push(VfStatsAttr::TxPackets(2 << 33))
                .push(VfStatsAttr::RxBytes(3 << 33))
                .push(VfStatsAttr::TxBytes(4 << 33))
                .push(VfStatsAttr::Broadcast(5 << 33))
                .push(VfStatsAttr::Multicast(6 << 33))
                .push(VfStatsAttr::RxDropped(7 << 33))
                .push(VfStatsAttr::TxDropped(8 << 33));
        });
}

#[test]
fn virtual_functions() {
    let mut buf = [0xff; 2048];
    let bytes = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags(0), &IfInfoMsg::default())
        .push(LinkAttr::NumVf(2))
        .nest(LinkAttr::VfInfoList, |list| {
            for vf in 0..2 {
                list.nest(VfInfoAttr::Info, |info| virtual_function(info, vf));
            }
        })
        .finish()
        .unwrap();
    assert_written_back(bytes);
    let vfs: Vec<_> = link(bytes).vfs().unwrap().map(Result::unwrap).collect();
    let [_, vf] = vfs[..] else { panic!("{vfs:?}") };
    assert_eq!(value(vf.get(VfAttr::Mac)).read().mac[..6], [2, 0, 0, 0, 0, 1]);
    assert_eq!(value(vf.get(VfAttr::Broadcast)).read().broadcast[5], 0xff);
    assert_eq!(value(vf.get(VfAttr::Vlan)).vlan, 0x123);
    assert_eq!(value(vf.get(VfAttr::Rate)).max_tx_rate, 10_000);
    assert_eq!(value(vf.get(VfAttr::SpoofChk)).setting, u32::MAX);
    assert_eq!(value(vf.get(VfAttr::LinkState)).link_state.to_string(), "enable");
    let vlans = value(vf.get(VfAttr::VlanList));
    assert_eq!(vlans.all(VfVlanAttr::Info).next().unwrap().unwrap().vlan_proto, 0x88a8);
    let stats = value(vf.get(VfAttr::Stats));
    assert_eq!(stats.get(VfStatsAttr::RxPackets), Ok(Some(1 << 33)), "number 0");
    assert_eq!(stats.get(VfStatsAttr::TxDropped), Ok(Some(8 << 33)));

    // As C lays the structs out.
    let sizes: Vec<_> = vf.raw().map(|nla| nla.unwrap().payload().len()).take(9).collect();
    assert_eq!(sizes, [36, 32, 12, 12, 8, 8, 8, 8, 8]);
    assert_eq!(vlans.raw().next().unwrap().unwrap().payload().len(), 16);
}

/// In the order of `rtnl_vf_ports_fill` and `enic_get_vf_port`.
#[test]
fn ports_of_virtual_functions() {
    let uuid = *b"0123456789abcdef";
    let mut buf = [0xff; 512];
    let bytes = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags(0), &IfInfoMsg::default())
        .nest(LinkAttr::VfPorts, |ports| {
            ports.nest(VfPortsAttr::Port, |port| {
                port.push(PortAttr::Vf(0x102))
                    .push(PortAttr::Request(PortRequest::ASSOCIATE))
                    .push(PortAttr::Response(PortResponse::PROFILE_RESPONSE_INPROGRESS))
                    .push(PortAttr::Profile("blue".into()))
                    .push(PortAttr::InstanceUuid(uuid));
            });
        })
        .nest(LinkAttr::PortSelf, |port| {
            port.push(PortAttr::HostUuid(uuid));
        })
        .finish()
        .unwrap();
    assert_written_back(bytes);
    let ports = value(link(bytes).get(LinkAttr::VfPorts));
    let port = ports.all(VfPortsAttr::Port).next().unwrap().unwrap();
    assert_eq!(port.get(PortAttr::Vf), Ok(Some(0x102)));
    assert_eq!(port.get(PortAttr::Response), Ok(Some(PortResponse(257))));
    assert_eq!(port.get(PortAttr::Profile), Ok(Some("blue".into())));
    let own = value(link(bytes).get(LinkAttr::PortSelf));
    assert_eq!(own.get(PortAttr::HostUuid), Ok(Some(uuid)));
}

fn bridge<'a>(link: &Link<'a>) -> Attrs<'a, BridgeAttr<'a>> {
    match value(link.get(LinkAttr::AfSpec)) {
        AfSpec::Bridge(bridge) => bridge,
        other => panic!("{other:?}"),
    }
}

/// In the order of `br_mrp_fill_info`.
#[test]
fn rings_of_a_bridge() {
    let info = [
        u32(1, 0x0102_0304),
        u32(2, 17),
        u32(3, 18),
        nla(4, &0x8001_u16.to_ne_bytes()),
        u32(5, 1),
        u32(6, 2),
        u32(7, 20_000),
        u32(8, 3),
        u32(9, 0),
    ]
    .concat();
    let bytes = message(7, &nla(26, &nla(4 | Nla::NESTED, &nla(7 | Nla::NESTED, &info))));
    assert_written_back(&bytes);
    let mrp = value(bridge(&link(&bytes)).get(BridgeAttr::Mrp));
    let ring = mrp.all(MrpAttr::Info).next().unwrap().unwrap();
    assert_eq!(ring.get(MrpInfoAttr::RingId), Ok(Some(0x0102_0304)));
    assert_eq!(ring.get(MrpInfoAttr::SIfIndex), Ok(Some(18)));
    assert_eq!(ring.get(MrpInfoAttr::Prio), Ok(Some(0x8001)));
    assert_eq!(ring.get(MrpInfoAttr::RingState), Ok(Some(MrpRingState::CLOSED)));
    assert_eq!(ring.get(MrpInfoAttr::RingRole), Ok(Some(MrpRingRole::MRM)));
    assert_eq!(ring.get(MrpInfoAttr::TestInterval), Ok(Some(20_000)));
}

/// In the order of `br_cfm_config_fill_info` and `br_cfm_status_fill_info`.
#[test]
fn fault_management_of_a_bridge() {
    let nested = |kind, attrs: &[Vec<u8>]| nla(kind | Nla::NESTED, &attrs.concat());
    let cfm = [
        nested(9, &[u32(1, 3), u32(2, 1), u32(3, 1), u32(4, 17)]),
        nested(11, &[u32(1, 3), u32(2, 1), u32(3, 4), nla(4, &[b'm'; 48])]),
        nested(
            16,
            &[
                u32(1, 3),
                u32(2, 0x1ffe),
                u32(3, 1),
                u32(4, 0),
                nla(5, &[2]),
                nla(6, &[7]),
                u32(7, 1),
                u32(8, 1),
                u32(9, 0),
            ],
        ),
    ]
    .concat();
    let bytes = message(7, &nla(26, &nla(5 | Nla::NESTED, &cfm)));
    assert_written_back(&bytes);
    let cfm = value(bridge(&link(&bytes)).get(BridgeAttr::Cfm));
    let mep = cfm.all(CfmAttr::MepCreateInfo).next().unwrap().unwrap();
    assert_eq!(mep.get(CfmMepCreateAttr::Domain), Ok(Some(CfmDomain::VLAN)));
    assert_eq!(mep.get(CfmMepCreateAttr::IfIndex), Ok(Some(17)));
    let checks = cfm.all(CfmAttr::CcConfigInfo).next().unwrap().unwrap();
    assert_eq!(checks.get(CfmCcConfigAttr::ExpInterval), Ok(Some(CfmCcmInterval::_1_SEC)));
    assert_eq!(checks.get(CfmCcConfigAttr::ExpMaId), Ok(Some(&[b'm'; 48][..])));
    let peer = cfm.all(CfmAttr::CcPeerStatusInfo).next().unwrap().unwrap();
    assert_eq!(peer.get(CfmCcPeerStatusAttr::PeerMepId), Ok(Some(0x1ffe)));
    assert_eq!(peer.get(CfmCcPeerStatusAttr::IfTlvValue), Ok(Some(7)));
}
