//! Links of several kinds, made by requests of ours and shown by the kernel.

mod common;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use netlink_sys::{Errno, Error, Protocol, Socket};
use netlink_wire::{
    Attrs, Be, LlAddr, Multi, NlmFlags, Rtm, Writer,
    link::{
        BondAttr, BondMode, BondSlaveAttr, BondXmitPolicy, BrAttr, BrBoolopt, BrBooloptMulti,
        BrPortAttr, BrState, GreAttr, GreFlags, IfInfoMsg, IflaVlanFlags, IflaVlanQosMapping,
        IflaVxlanPortRange, InfoAttr, InfoData, InfoSlaveData, Link, LinkAttr, MacvlanAttr,
        MacvlanMacAddr, MacvlanMode, VethAttr, VlanAttr, VlanFlags, VlanQosAttr, VrfAttr,
        VrfPortAttr, VxlanAttr, VxlanDf, VxlanTtlInherit,
    },
};

/// Asks for a link and reads back what the kernel made of it; none if it does
/// not know the kind.
fn make<T>(
    name: &str,
    below: Option<&str>,
    fill: impl FnOnce(&mut Writer<'_, InfoAttr<'static>>),
    check: impl FnOnce(Link<'_>) -> T,
) -> Option<T> {
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    let below = below.map(|name| socket.link(name).unwrap().header.index);
    let mut buf = [0; 2048];
    let flags = NlmFlags::CREATE | NlmFlags::EXCL;
    let mut request = Link::writer(&mut buf, Rtm::NEWLINK, flags, &IfInfoMsg::default());
    request.push(LinkAttr::IfName(name.into()));
    if let Some(index) = below {
        request.push(LinkAttr::Link(index as u32));
    }
    let request = request.nest(LinkAttr::LinkInfo, fill).finish().unwrap();
    match socket.request(request).unwrap().finish() {
        Ok(_) => {}
        Err(error) if is_unknown_kind(&error) => {
            eprintln!("{name}: NOT RUN: {error}");
            assert!(std::env::var_os("NETLINK_KINDS").is_none(), "promised to know the kind");
            return None;
        }
        Err(error) => panic!("{name}: {error}"),
    }
    Some(check(socket.link(name).unwrap()))
}

fn is_unknown_kind(error: &Error) -> bool {
    let message = error.ext_ack().and_then(|ack| ack.message.as_deref());
    error.errno() == Some(Errno::EOPNOTSUPP) && message == Some("Unknown device type")
}

/// Makes a link a port of another one, and reads back what the kernel says of it.
fn enslave<T>(name: &str, master: &str, check: impl FnOnce(InfoSlaveData<'_>) -> T) -> T {
    let mut socket = Socket::open(Protocol::ROUTE).unwrap();
    let master = socket.link(master).unwrap().header.index;
    let mut buf = [0; 64];
    let request = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags::default(), &IfInfoMsg::default())
        .push(LinkAttr::IfName(name.into()))
        .push(LinkAttr::Master(master as u32))
        .finish()
        .unwrap();
    socket.request(request).unwrap().finish().unwrap();
    let port = socket.link(name).unwrap();
    check(InfoSlaveData::of(info(&port)).unwrap().unwrap())
}

fn info<'a>(link: &Link<'a>) -> Attrs<'a, InfoAttr<'a>> {
    link.get(LinkAttr::LinkInfo).unwrap().unwrap()
}

fn data<'a>(link: &Link<'a>) -> InfoData<'a> {
    InfoData::of(info(link)).unwrap().unwrap()
}

fn veth(name: &str, peer: &str) {
    let fill = |info: &mut Writer<'_, InfoAttr<'static>>| {
        info.select_nest(InfoData::Veth, |veth| {
            veth.headed(VethAttr::Peer, &IfInfoMsg::default(), |link| {
                link.push(LinkAttr::IfName(peer.into())).push(LinkAttr::Mtu(1234));
            });
        });
    };
    make(name, None, fill, |_| ()).expect("every kernel here knows veth");
}

live! {
    fn a_pair() {
        veth("v0", "v1");
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let peer = socket.link("v1").unwrap();
        assert_eq!(peer.get(LinkAttr::Mtu), Ok(Some(1234)));
        assert_eq!(info(&peer).get(InfoAttr::Kind), Ok(Some("veth".into())));
        assert_eq!(info(&peer).get(InfoAttr::Data), Ok(None));
    }

    fn a_bridge_and_its_port() {
        let learn = BrBoolopt::NO_LL_LEARN;
        let options = BrBooloptMulti { optval: learn, optmask: learn };
        make(
            "br0",
            None,
            |info| {
                info.select_nest(InfoData::Bridge, |bridge| {
                    bridge
                        .push(BrAttr::AgeingTime(12_344))
                        .push(BrAttr::Priority(0x1234))
                        .push(BrAttr::McastQueryIntvl(54_320))
                        .push(BrAttr::GroupAddr(LlAddr(&[1, 0x80, 0xc2, 0, 0, 0x0d])))
                        .push(BrAttr::MultiBoolopt(options));
                });
            },
            |link| {
                let InfoData::Bridge(bridge) = data(&link) else { panic!("{link:?}") };
                assert_eq!(bridge.get(BrAttr::AgeingTime), Ok(Some(12_344)));
                assert_eq!(bridge.get(BrAttr::Priority), Ok(Some(0x1234)));
                assert_eq!(bridge.get(BrAttr::McastQueryIntvl), Ok(Some(54_320)));
                let addr = bridge.get(BrAttr::GroupAddr).unwrap().unwrap();
                assert_eq!(addr, LlAddr(&[1, 0x80, 0xc2, 0, 0, 0x0d]));
                let id = bridge.get(BrAttr::BridgeId).unwrap().unwrap();
                assert_eq!(id.prio, Be::new(0x1234));
                let options = bridge.get(BrAttr::MultiBoolopt).unwrap().unwrap();
                assert!(options.optval == learn && options.optmask.contains(learn));
            },
        )
        .expect("every kernel here knows bridges");
        veth("v0", "v1");
        enslave("v0", "br0", |data| {
            let InfoSlaveData::Bridge(port) = data else { panic!("{data:?}") };
            assert_eq!(port.get(BrPortAttr::No), Ok(Some(1)));
            assert_eq!(port.get(BrPortAttr::State), Ok(Some(BrState::DISABLED)));
            assert_eq!(port.get(BrPortAttr::Learning), Ok(Some(1)));
        });
    }

    fn vxlans() {
        let group = Ipv4Addr::new(198, 51, 100, 7);
        let ports = IflaVxlanPortRange { low: Be::new(32_768), high: Be::new(61_000) };
        veth("v0", "v1");
        make(
            "vx0",
            None,
            |info| {
                info.select_nest(InfoData::Vxlan, |vxlan| {
                    vxlan
                        .push(VxlanAttr::Id(0x010203))
                        .push(VxlanAttr::Group(group))
                        .push(VxlanAttr::Local("192.0.2.1".parse().unwrap()))
                        .push(VxlanAttr::TtlInherit(VxlanTtlInherit::Flag))
                        .push(VxlanAttr::Df(VxlanDf::SET))
                        .push(VxlanAttr::Learning(0))
                        .push(VxlanAttr::Ageing(1234))
                        .push(VxlanAttr::PortRange(ports))
                        .push(VxlanAttr::Port(Be::new(4790)))
                        .push(VxlanAttr::Gbp(()));
                });
            },
            |link| {
                let InfoData::Vxlan(vxlan) = data(&link) else { panic!("{link:?}") };
                assert_eq!(vxlan.get(VxlanAttr::Id), Ok(Some(0x010203)));
                assert_eq!(vxlan.get(VxlanAttr::Group), Ok(Some(group)));
                assert_eq!(vxlan.get(VxlanAttr::Local), Ok(Some(Ipv4Addr::new(192, 0, 2, 1))));
                let inherit = vxlan.get(VxlanAttr::TtlInherit).unwrap().unwrap();
                assert_eq!(inherit, VxlanTtlInherit::Byte(1));
                assert_eq!(vxlan.get(VxlanAttr::Df), Ok(Some(VxlanDf::SET)));
                assert_eq!(vxlan.get(VxlanAttr::Learning), Ok(Some(0)));
                assert_eq!(vxlan.get(VxlanAttr::Ageing), Ok(Some(1234)));
                assert_eq!(vxlan.get(VxlanAttr::PortRange), Ok(Some(ports)));
                assert_eq!(vxlan.get(VxlanAttr::Port), Ok(Some(Be::new(4790))));
                assert_eq!(vxlan.get(VxlanAttr::Gbp), Ok(Some(())));
            },
        );
        let group: Ipv6Addr = "2001:db8::7".parse().unwrap();
        make(
            "vx1",
            None,
            |info| {
                info.select_nest(InfoData::Vxlan, |vxlan| {
                    vxlan.push(VxlanAttr::Id(7)).push(VxlanAttr::Port(Be::new(4791)));
                    vxlan.push(VxlanAttr::Group6(group)).push(VxlanAttr::Label(Be::new(0x12345)));
                });
            },
            |link| {
                let InfoData::Vxlan(vxlan) = data(&link) else { panic!("{link:?}") };
                assert_eq!(vxlan.get(VxlanAttr::Group6), Ok(Some(group)));
                assert_eq!(vxlan.get(VxlanAttr::Label), Ok(Some(Be::new(0x12345))));
            },
        );
    }

    fn a_vlan() {
        veth("v0", "v1");
        make(
            "v0.77",
            Some("v0"),
            |info| {
                info.select_nest(InfoData::Vlan, |vlan| {
                    let flags = VlanFlags::GVRP | VlanFlags::LOOSE_BINDING;
                    let mask = flags | VlanFlags::REORDER_HDR;
                    vlan.push(VlanAttr::Id(77))
                        .push(VlanAttr::Protocol(Be::new(0x88a8)))
                        .push(VlanAttr::Flags(IflaVlanFlags { flags, mask }))
                        .nest(VlanAttr::EgressQos, |map| {
                            for (from, to) in [(4, 6), (5, 3)] {
                                let mapping = IflaVlanQosMapping { from, to };
                                map.push(VlanQosAttr::Mapping(Multi(mapping)));
                            }
                        });
                });
            },
            |link| {
                let InfoData::Vlan(vlan) = data(&link) else { panic!("{link:?}") };
                assert_eq!(vlan.get(VlanAttr::Id), Ok(Some(77)));
                assert_eq!(vlan.get(VlanAttr::Protocol), Ok(Some(Be::new(0x88a8))));
                let flags = vlan.get(VlanAttr::Flags).unwrap().unwrap().flags;
                assert_eq!(flags, VlanFlags::GVRP | VlanFlags::LOOSE_BINDING);
                let map = vlan.get(VlanAttr::EgressQos).unwrap().unwrap();
                let map = map.all(VlanQosAttr::Mapping).map(Result::unwrap);
                assert_eq!(map.map(|m| (m.from, m.to)).collect::<Vec<_>>(), [(4, 6), (5, 3)]);
                assert_eq!(vlan.get(VlanAttr::IngressQos), Ok(None));
            },
        );
    }

    fn a_bond_and_its_port() {
        let targets = [[192, 0, 2, 7], [198, 51, 100, 3]].map(Ipv4Addr::from);
        let bond = make(
            "b0",
            None,
            |info| {
                info.select_nest(InfoData::Bond, |bond| {
                    bond.push(BondAttr::Mode(BondMode::MODE_ACTIVEBACKUP))
                        .push(BondAttr::ArpInterval(1234))
                        .push(BondAttr::XmitHashPolicy(BondXmitPolicy::LAYER34))
                        .push(BondAttr::MinLinks(3))
                        .nest(BondAttr::ArpIpTarget, |list| {
                            list.item(0, targets[0]).item(1, targets[1]);
                        });
                });
            },
            |link| {
                let InfoData::Bond(bond) = data(&link) else { panic!("{link:?}") };
                assert_eq!(bond.get(BondAttr::Mode), Ok(Some(BondMode::MODE_ACTIVEBACKUP)));
                assert_eq!(bond.get(BondAttr::ArpInterval), Ok(Some(1234)));
                let policy = bond.get(BondAttr::XmitHashPolicy).unwrap();
                assert_eq!(policy, Some(BondXmitPolicy::LAYER34));
                assert_eq!(bond.get(BondAttr::MinLinks), Ok(Some(3)));
                let list = bond.get(BondAttr::ArpIpTarget).unwrap().unwrap();
                let list: Vec<_> = list.iter().map(Result::unwrap).collect();
                assert_eq!(list, [(0, targets[0]), (1, targets[1])]);
            },
        );
        if bond.is_some() {
            veth("v0", "v1");
            enslave("v0", "b0", |data| {
                let InfoSlaveData::Bond(port) = data else { panic!("{data:?}") };
                assert_eq!(port.get(BondSlaveAttr::QueueId), Ok(Some(0)));
                let addr = port.get(BondSlaveAttr::PermHwAddr).unwrap().unwrap();
                assert_eq!(addr.0.len(), 6);
            });
        }
    }

    fn a_macvlan() {
        let list: [&[u8]; 2] = [&[2, 0, 0, 0, 2, 1], &[2, 0, 0, 0, 2, 7]];
        veth("v0", "v1");
        make(
            "mv0",
            Some("v0"),
            |info| {
                info.select_nest(InfoData::Macvlan, |macvlan| {
                    macvlan
                        .push(MacvlanAttr::Mode(MacvlanMode::SOURCE))
                        .push(MacvlanAttr::MacAddrMode(MacvlanMacAddr::SET))
                        .nest(MacvlanAttr::MacAddrData, |data| {
                            for addr in list {
                                data.push(MacvlanAttr::MacAddr(Multi(LlAddr(addr))));
                            }
                        });
                });
            },
            |link| {
                let InfoData::Macvlan(macvlan) = data(&link) else { panic!("{link:?}") };
                assert_eq!(macvlan.get(MacvlanAttr::Mode), Ok(Some(MacvlanMode::SOURCE)));
                assert_eq!(macvlan.get(MacvlanAttr::MacAddrCount), Ok(Some(2)));
                let data = macvlan.get(MacvlanAttr::MacAddrData).unwrap().unwrap();
                let mut found: Vec<_> =
                    data.all(MacvlanAttr::MacAddr).map(|addr| addr.unwrap().0).collect();
                found.sort();
                assert_eq!(found, list);
            },
        );
    }

    fn a_vrf_and_its_port() {
        let vrf = make(
            "red",
            None,
            |info| {
                info.select_nest(InfoData::Vrf, |vrf| {
                    vrf.push(VrfAttr::Table(70_007));
                });
            },
            |link| {
                let InfoData::Vrf(vrf) = data(&link) else { panic!("{link:?}") };
                assert_eq!(vrf.get(VrfAttr::Table), Ok(Some(70_007)));
            },
        );
        if vrf.is_some() {
            veth("v0", "v1");
            enslave("v0", "red", |data| {
                let InfoSlaveData::Vrf(port) = data else { panic!("{data:?}") };
                assert_eq!(port.get(VrfPortAttr::Table), Ok(Some(70_007)));
            });
        }
    }

    fn a_tunnel() {
        let [local, remote] = [[192, 0, 2, 1], [198, 51, 100, 2]].map(Ipv4Addr::from);
        make(
            "gre7",
            None,
            |info| {
                info.select_nest(InfoData::Gre, |gre| {
                    gre.push(GreAttr::Local(local.into()))
                        .push(GreAttr::Remote(remote.into()))
                        .push(GreAttr::IFlags(Be::new(GreFlags::KEY)))
                        .push(GreAttr::OFlags(Be::new(GreFlags::KEY | GreFlags::SEQ)))
                        .push(GreAttr::IKey(Be::new(0x0102)))
                        .push(GreAttr::OKey(Be::new(0x0304)))
                        .push(GreAttr::Ttl(77));
                });
            },
            |link| {
                let InfoData::Gre(gre) = data(&link) else { panic!("{link:?}") };
                let addr = gre.get(GreAttr::Remote).unwrap().unwrap();
                assert_eq!(addr.ip(), Some(IpAddr::V4(remote)));
                let flags = gre.get(GreAttr::OFlags).unwrap().unwrap().get();
                assert_eq!(flags, GreFlags::KEY | GreFlags::SEQ);
                assert_eq!(gre.get(GreAttr::IKey), Ok(Some(Be::new(0x0102))));
                assert_eq!(gre.get(GreAttr::OKey), Ok(Some(Be::new(0x0304))));
                assert_eq!(gre.get(GreAttr::Ttl), Ok(Some(77)));
            },
        );
    }
}
