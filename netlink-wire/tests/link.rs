//! Nests, sub-messages, lists and growing structs, on messages of our own making.

use std::net::Ipv4Addr;

use netlink_wire::{
    Attribute, Attrs, Be, Error, ErrorKind, Header, Messages, Multi, Nla, NlmFlags, Rtm, Whole,
    Writer,
    link::{
        AfSpec, AfSpecAttr, BondAttr, BondSlaveAttr, BondState, BridgeAttr, BridgeVlanInfo,
        BridgeVlanInfoFlags, IfInfoMsg, IflaVfMac, IflaVfVlan, IflaVlanQosMapping, InetAttr,
        InetConf, InfoAttr, InfoData, InfoSlaveData, Ipv4Devconf, Link, LinkAttr, PropAttr, VfAttr,
        VfInfoAttr, VlanAttr, VlanQosAttr, VxlanAttr,
    },
    walk,
};

fn build<'b>(
    buf: &'b mut [u8],
    family: u8,
    fill: impl FnOnce(&mut Writer<'b, LinkAttr<'static>, Whole>),
) -> Link<'b> {
    let header = IfInfoMsg { family, ..IfInfoMsg::default() };
    let mut writer = Link::writer(buf, Rtm::NEWLINK, NlmFlags::CREATE, &header);
    fill(&mut writer);
    let bytes: &'b [u8] = writer.finish().unwrap();
    Link::parse(Messages::new(bytes).next().unwrap().unwrap()).unwrap()
}

/// An attribute as it lies in memory, `len` being what it says of itself.
fn raw(len: u16, kind: u16, payload: &[u8]) -> Vec<u8> {
    [&len.to_ne_bytes(), &kind.to_ne_bytes(), payload].concat()
}

fn path(link: Link<'_>, at: u32) -> String {
    walk::path(walk::Walk::new(LinkAttr::SCHEMA, link.attrs.raw()), at).to_string()
}

fn vlan(buf: &mut [u8]) -> &mut [u8] {
    Link::writer(buf, Rtm::NEWLINK, NlmFlags::CREATE, &IfInfoMsg::default())
        .push(LinkAttr::IfName("v0".into()))
        .nest(LinkAttr::LinkInfo, |info| {
            info.select_nest(InfoData::Vlan, |vlan| {
                vlan.push(VlanAttr::Id(5)).push(VlanAttr::Protocol(Be::new(0x8100)));
                vlan.nest(VlanAttr::EgressQos, |map| {
                    for from in 0..2 {
                        let mapping = IflaVlanQosMapping { from, to: 7 };
                        map.push(VlanQosAttr::Mapping(Multi(mapping)));
                    }
                });
            });
        })
        .finish()
        .unwrap()
}

#[test]
fn reads_a_nest_by_its_selector() {
    let mut buf = [0; 128];
    let link = Link::parse(Messages::new(vlan(&mut buf)).next().unwrap().unwrap()).unwrap();
    let info = link.get(LinkAttr::LinkInfo).unwrap().unwrap();
    assert_eq!(info.get(InfoAttr::Kind), Ok(Some("vlan".into())));
    let Some(InfoData::Vlan(vlan)) = InfoData::of(info).unwrap() else { panic!("not a vlan") };
    assert_eq!(vlan.get(VlanAttr::Id), Ok(Some(5)));
    assert_eq!(vlan.get(VlanAttr::Protocol), Ok(Some(Be::new(0x8100))));
    let map = vlan.get(VlanAttr::EgressQos).unwrap().unwrap();
    let from: Vec<u32> = map.all(VlanQosAttr::Mapping).map(|m| m.unwrap().from).collect();
    assert_eq!(from, [0, 1]);
}

#[test]
fn reads_the_selector_after_the_data() {
    let mut buf = [0; 256];
    let link = build(&mut buf, 0, |link| {
        link.nest(LinkAttr::LinkInfo, |info| {
            info.push_raw(Nla::new(5, &raw(5, 1, &[1, 0, 0, 0])));
            info.push_raw(Nla::new(2 | Nla::NESTED, &raw(8, 1, &42u32.to_ne_bytes())));
            info.push(InfoAttr::SlaveKind("bond".into())).push(InfoAttr::Kind("vxlan".into()));
        });
    });
    let info = link.get(LinkAttr::LinkInfo).unwrap().unwrap();
    let Some(InfoData::Vxlan(vxlan)) = InfoData::of(info).unwrap() else { panic!("no vxlan") };
    assert_eq!(vxlan.get(VxlanAttr::Id), Ok(Some(42)));
    let Some(InfoSlaveData::Bond(port)) = InfoSlaveData::of(info).unwrap() else { panic!() };
    assert_eq!(port.get(BondSlaveAttr::State), Ok(Some(BondState::BACKUP)));
    assert_eq!(path(link, 52), "IFLA_LINKINFO/IFLA_INFO_DATA/IFLA_VXLAN_ID");
}

#[test]
fn keeps_data_of_an_unknown_kind() {
    let mut buf = [0; 256];
    let link = build(&mut buf, 0, |link| {
        link.nest(LinkAttr::LinkInfo, |info| {
            info.push(InfoAttr::Kind("new".into()));
            info.push_raw(Nla::new(2, &raw(5, 1, &[9, 0, 0, 0])));
        });
    });
    let info = link.get(LinkAttr::LinkInfo).unwrap().unwrap();
    let Some(InfoData::Unknown(data)) = InfoData::of(info).unwrap() else { panic!("known") };
    assert_eq!(data.nested().next(), Some(Ok(Nla::new(1, &[9]))));
}

#[test]
fn reads_address_family_settings_by_the_family() {
    let mut buf = [0; 256];
    let link = build(&mut buf, 0, |link| {
        link.nest(
            |families| LinkAttr::AfSpec(AfSpec::Families(families)),
            |families| {
                families.nest(AfSpecAttr::Inet, |inet| {
                    inet.push_packed(|all| InetAttr::Conf(InetConf::All(all)), &[1, 0, -3]);
                });
            },
        );
    });
    let Ok(Some(AfSpec::Families(spec))) = link.get(LinkAttr::AfSpec) else { panic!() };
    let inet = spec.get(AfSpecAttr::Inet).unwrap().unwrap();
    let conf = inet.get(InetAttr::Conf).unwrap().unwrap();
    assert_eq!(conf.get(Ipv4Devconf::PROXY_ARP), Ok(Some(-3)));

    let mut buf = [0; 256];
    let link = build(&mut buf, 7, |link| {
        link.nest(
            |bridge| LinkAttr::AfSpec(AfSpec::Bridge(bridge)),
            |bridge| {
                let info = |vid| BridgeVlanInfo { flags: BridgeVlanInfoFlags(0), vid };
                bridge.push(BridgeAttr::VlanInfo(Multi(info(1))));
                bridge.push(BridgeAttr::VlanInfo(Multi(info(2))));
            },
        );
    });
    let Ok(Some(AfSpec::Bridge(spec))) = link.get(LinkAttr::AfSpec) else { panic!() };
    let vids: Vec<u16> = spec.all(BridgeAttr::VlanInfo).map(|info| info.unwrap().vid).collect();
    assert_eq!(vids, [1, 2]);
}

#[test]
fn reads_lists() {
    let mut buf = [0; 512];
    let targets = [[192, 0, 2, 1], [192, 0, 2, 2]].map(Ipv4Addr::from);
    let link = build(&mut buf, 0, |link| {
        link.nest(LinkAttr::PropList, |list| {
            list.push(PropAttr::AltIfName(Multi("a".into())));
            list.push(PropAttr::AltIfName(Multi("b".into())));
        });
        link.nest(LinkAttr::VfInfoList, |list| {
            for vf in 0..2 {
                list.nest(VfInfoAttr::Info, |info| {
                    info.push_struct(VfAttr::Mac, &IflaVfMac { vf, mac: [7; 32] });
                    info.push(VfAttr::Vlan(IflaVfVlan { vf, vlan: 5, qos: 0 }));
                });
            }
        });
        link.nest(LinkAttr::LinkInfo, |info| {
            info.select_nest(InfoData::Bond, |bond| {
                bond.nest(BondAttr::ArpIpTarget, |list| {
                    list.item(0, targets[0]).item(1, targets[1]);
                });
            });
        });
    });
    let props = link.get(LinkAttr::PropList).unwrap().unwrap();
    let names: Vec<_> = props.all(PropAttr::AltIfName).map(Result::unwrap).collect();
    assert_eq!(names, ["a", "b"]);
    let vfs = link.get(LinkAttr::VfInfoList).unwrap().unwrap();
    for (n, vf) in vfs.all(VfInfoAttr::Info).enumerate() {
        let mac = vf.unwrap().get(VfAttr::Mac).unwrap().unwrap().read();
        assert_eq!((mac.vf, mac.mac), (n as u32, [7; 32]));
    }
    let info = link.get(LinkAttr::LinkInfo).unwrap().unwrap();
    let Some(InfoData::Bond(bond)) = InfoData::of(info).unwrap() else { panic!("not a bond") };
    let list = bond.get(BondAttr::ArpIpTarget).unwrap().unwrap();
    assert_eq!(list.iter().map(|item| item.unwrap().1).collect::<Vec<_>>(), targets);
}

#[test]
fn is_as_lenient_as_the_kernel() {
    let mtu = |mtu: u32| raw(8, 4, &mtu.to_ne_bytes());
    let bytes = [mtu(1), mtu(2), vec![9, 0, 9]].concat();
    let attrs = Attrs::<LinkAttr<'_>>::new(&bytes, 0);
    assert_eq!(attrs.get(LinkAttr::Mtu), Ok(Some(2)), "the last one wins");
    assert_eq!(attrs.get(LinkAttr::IfName), Ok(None), "three bytes at the end do not matter");

    let bytes = [mtu(1), raw(99, 3, &[])].concat();
    let attrs = Attrs::<LinkAttr<'_>>::new(&bytes, 0);
    let error = Error { context: "nlattr", offset: 8, kind: ErrorKind::Truncated };
    assert_eq!(attrs.get(LinkAttr::Mtu), Ok(Some(1)));
    assert_eq!(attrs.get(LinkAttr::IfName), Err(error));
}

#[test]
fn locates_the_attribute_at_fault() {
    let mut buf = [0; 128];
    let link = Link::parse(Messages::new(vlan(&mut buf)).next().unwrap().unwrap()).unwrap();
    assert_eq!(path(link, 64), "IFLA_LINKINFO/IFLA_INFO_DATA/IFLA_VLAN_ID");
}

#[test]
fn reads_structs_of_older_and_newer_kernels() {
    for (len, rx_bytes) in [(8, 0), (12, 3), (16, 3)] {
        let sent: Vec<u8> =
            [1u32, 2, 3, 4].iter().flat_map(|n| n.to_ne_bytes()).take(len).collect();
        let mut buf = [0; 64];
        let bytes = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags(0), &IfInfoMsg::default())
            .push(LinkAttr::Unknown(Nla::new(7, &sent)))
            .finish()
            .unwrap();
        let link = Link::parse(Messages::new(bytes).next().unwrap().unwrap()).unwrap();
        let stats = link.get(LinkAttr::Stats).unwrap().unwrap().read();
        assert_eq!((stats.rx_packets, stats.tx_packets, stats.rx_bytes), (1, 2, rx_bytes));
    }
}

#[test]
fn writes_strings_and_nests_as_they_were_read() {
    for nla in [
        Nla::new(3, b"v0"),
        Nla::new(3, b"v0\0"),
        Nla::new(3, b"v0\0\0rest"),
        Nla::new(18, &[]),
        Nla::new(18 | Nla::NESTED, &[]),
    ] {
        let attr = LinkAttr::parse(nla).unwrap();
        let mut buf = [0; 64];
        let bytes = Writer::<LinkAttr<'_>, Whole>::new(&mut buf, 0, NlmFlags(0), &[0u8; 0])
            .push(attr)
            .finish()
            .unwrap();
        let again = Attrs::<LinkAttr<'_>>::new(&bytes[size_of::<Header>()..], 0).raw().next();
        assert_eq!(again, Some(Ok(nla)));
    }
}

#[test]
fn tells_the_schema() {
    let ty = |name| LinkAttr::SCHEMA.attrs.iter().find(|a| a.name == name).unwrap().ty.to_string();
    assert_eq!(ty("IFLA_MTU"), "u32");
    assert_eq!(ty("IFLA_STATS"), "struct:rtnl_link_stats");
    assert_eq!(ty("IFLA_LINKINFO"), "nest:linkinfo-attrs");
    assert_eq!(ty("IFLA_AF_SPEC"), "select:af-spec");
}
