//! What no kernel at hand has: hardware, and messages that are broken.

use netlink_wire::{
    Be, Messages, Nla, NlmFlags, Rtm, Whole, Writer,
    link::{
        AmtAttr, AmtMode, Arphrd, BareudpAttr, IfInfoMsg, IflaRmnetFlags, IflaVfBroadcast,
        IflaVfGuid, IflaVfLinkState, IflaVfMac, IflaVfRate, IflaVfRssQueryEn, IflaVfSpoofChk,
        IflaVfTrust, IflaVfTxRate, IflaVfVlan, IflaVfVlanInfo, InfoAttr, InfoData, IpoibAttr,
        IpoibMode, LinkAttr, RmnetAttr, RmnetFlags, VfAttr, VfInfoAttr, VfLinkState, VfStatsAttr,
        VfVlanAttr, WwanAttr, XdpAttached, XdpAttr,
    },
};

use super::*;
use crate::out::Format;

type LinkWriter<'b> = Writer<'b, LinkAttr<'static>, Whole>;

/// What is printed of a link, and whether anything could not be read.
fn print(options: &str, fill: impl FnOnce(&mut LinkWriter<'_>)) -> (String, bool) {
    let words = ["ip"].into_iter().chain(options.split_whitespace()).map(Into::into);
    let args = Args::parse_ip(words).unwrap();
    let header = IfInfoMsg {
        index: 7,
        kind: Arphrd::ETHER,
        flags: Iff::UP | Iff::RUNNING,
        ..IfInfoMsg::default()
    };
    let mut buf = [0; 4096];
    let mut writer = Link::writer(&mut buf, Rtm::NEWLINK, NlmFlags::default(), &header);
    writer.push(LinkAttr::IfName("x7".into()));
    fill(&mut writer);
    let bytes = writer.finish().unwrap();
    let message = Messages::new(bytes).next().unwrap().unwrap();
    let link = Link::parse(message).unwrap();
    let (mut names, mut faults) = (Names::default(), Faults::default());
    let format = Format { json: args.json, oneline: args.oneline, ..Format::default() };
    let mut out = Out::in_memory(format);
    out.begin();
    let row = Row::read(&link, &mut faults);
    out.row(|out| {
        let mut to = Printer { out, names: &mut names, faults: &mut faults, args: &args };
        row.show(&Show::LINK, &mut to);
    })
    .unwrap();
    out.end().unwrap();
    (String::from_utf8(out.into_bytes()).unwrap(), faults.end().is_err())
}

/// The line of the kind, and its settings in JSON.
fn print_kind(fill: impl Fn(&mut Writer<'_, InfoAttr<'static>>)) -> [String; 2] {
    let (text, _) = print("-d link", |link| {
        link.nest(LinkAttr::LinkInfo, &fill);
    });
    let (json, _) = print("-d -j link", |link| {
        link.nest(LinkAttr::LinkInfo, &fill);
    });
    let line = text.lines().last().unwrap_or_default().to_owned();
    let settings = json.split_once(r#""info_data":"#).map_or("", |(_, settings)| settings);
    [line, settings.trim_end_matches("}}]\n").to_owned()]
}

#[test]
fn kinds_of_hardware() {
    let [text, json] = print_kind(|info| {
        info.select_nest(InfoData::Ipoib, |ipoib| {
            ipoib.push(IpoibAttr::Pkey(0x8001));
            ipoib.push(IpoibAttr::Mode(IpoibMode::CONNECTED));
            ipoib.push(IpoibAttr::Umcast(1));
        });
    });
    assert_eq!(text, "    ipoib pkey 0x8001 mode connected umcast 0001 ");
    assert_eq!(json, r#"{"key":"0x8001","mode":"connected","umcast":"0001"}"#);

    let [text, json] = print_kind(|info| {
        info.select_nest(InfoData::Rmnet, |rmnet| {
            let flags = RmnetFlags::INGRESS_MAP_COMMANDS | RmnetFlags(0x100);
            rmnet.push(RmnetAttr::MuxId(258));
            rmnet.push(RmnetAttr::Flags(IflaRmnetFlags { flags, mask: flags }));
        });
    });
    assert_eq!(text, "    rmnet mux_id 258 <INGRESS_MAP_COMMANDS,100> ");
    assert_eq!(json, r#"{"mux_id":258,"flags":["INGRESS_MAP_COMMANDS","100"]}"#);

    let [text, json] = print_kind(|info| {
        info.select_nest(InfoData::Wwan, |wwan| {
            wwan.push(WwanAttr::LinkId(77));
        });
    });
    assert_eq!([&*text, &*json], ["    wwan linkid 77 ", r#"{"linkid":77}"#]);
}

#[test]
fn kinds_that_few_kernels_have() {
    let [text, json] = print_kind(|info| {
        info.select_nest(InfoData::Amt, |amt| {
            amt.push(AmtAttr::Mode(AmtMode::GATEWAY));
            amt.push(AmtAttr::RelayPort(Be::new(2269)));
            amt.push(AmtAttr::GatewayPort(Be::new(2268)));
            amt.push(AmtAttr::LocalIp([192, 0, 2, 1].into()));
            amt.push(AmtAttr::DiscoveryIp([192, 0, 2, 2].into()));
            amt.push(AmtAttr::MaxTunnels(128));
        });
    });
    assert_eq!(
        text,
        "    amt gateway gateway_port 2268 relay_port 2269 local 192.0.2.1 discovery 192.0.2.2 \
         max_tunnels 128 "
    );
    assert!(json.starts_with(r#"{"mode":"gateway","gateway_port":2268,"relay_port":2269,"#));

    let [text, json] = print_kind(|info| {
        info.select_nest(InfoData::Bareudp, |bareudp| {
            bareudp.push(BareudpAttr::Port(Be::new(6635)));
            bareudp.push(BareudpAttr::Ethertype(Be::new(0x8847)));
            bareudp.push(BareudpAttr::SrcPortMin(1234));
            bareudp.push(BareudpAttr::MultiprotoMode(()));
        });
    });
    assert_eq!(text, "    bareudp dstport 6635 ethertype mpls_uc srcportmin 1234 multiproto ");
    assert_eq!(
        json,
        r#"{"dstport":6635,"ethertype":"mpls_uc","srcportmin":1234,"multiproto":true}"#
    );
}

fn mac(bytes: [u8; 6]) -> [u8; 32] {
    let mut mac = [0; 32];
    mac[..6].copy_from_slice(&bytes);
    mac
}

/// Two virtual functions: one with all settings, and one with few.
fn fill_vfs(link: &mut LinkWriter<'_>) {
    link.push(LinkAttr::NumVf(2));
    link.nest(LinkAttr::VfInfoList, |list| {
        list.nest(VfInfoAttr::Info, |vf| {
            let address = IflaVfMac { vf: 0, mac: mac([2, 0, 0, 0, 0, 1]) };
            vf.push_struct(VfAttr::Mac, &address);
            vf.push_struct(VfAttr::Broadcast, &IflaVfBroadcast { broadcast: mac([0xff; 6]) });
            vf.push(VfAttr::Vlan(IflaVfVlan { vf: 0, vlan: 7, qos: 0 }));
            vf.push(VfAttr::TxRate(IflaVfTxRate { vf: 0, rate: 100 }));
            vf.push(VfAttr::Rate(IflaVfRate { vf: 0, min_tx_rate: 10, max_tx_rate: 200 }));
            vf.push(VfAttr::SpoofChk(IflaVfSpoofChk { vf: 0, setting: 1 }));
            let guid = IflaVfGuid { vf: 0, pad: [0; 4], guid: 0x0102030405060708 };
            vf.push(VfAttr::IbNodeGuid(guid));
            let state = IflaVfLinkState { vf: 0, link_state: VfLinkState::ENABLE };
            vf.push(VfAttr::LinkState(state));
            vf.push(VfAttr::RssQueryEn(IflaVfRssQueryEn { vf: 0, setting: 0 }));
            vf.push(VfAttr::Trust(IflaVfTrust { vf: 0, setting: 1 }));
            vf.nest(VfAttr::VlanList, |list| {
                let (vlan, qos, vlan_proto) = (7, 3, Be::new(0x88a8));
                let info = IflaVfVlanInfo { vf: 0, vlan, qos, vlan_proto, pad: [0; 2] };
                list.push(VfVlanAttr::Info(netlink_wire::Multi(info)));
            });
            vf.nest(VfAttr::Stats, |stats| {
                stats.push(VfStatsAttr::RxPackets(11));
                stats.push(VfStatsAttr::TxPackets(12));
                stats.push(VfStatsAttr::RxBytes(1300));
                stats.push(VfStatsAttr::TxBytes(1400));
                stats.push(VfStatsAttr::Broadcast(5));
                stats.push(VfStatsAttr::Multicast(6));
            });
        });
        list.nest(VfInfoAttr::Info, |vf| {
            let address = IflaVfMac { vf: 1, mac: mac([2, 0, 0, 0, 0, 2]) };
            vf.push_struct(VfAttr::Mac, &address);
            vf.push(VfAttr::Vlan(IflaVfVlan { vf: 1, vlan: 9, qos: 2 }));
            vf.push(VfAttr::SpoofChk(IflaVfSpoofChk { vf: 1, setting: u32::MAX }));
            vf.push(VfAttr::Trust(IflaVfTrust { vf: 1, setting: u32::MAX }));
        });
    });
}

#[test]
fn virtual_functions() {
    let (text, failed) = print("link", fill_vfs);
    let lines: Vec<_> = text.lines().skip(2).collect();
    assert_eq!(
        lines,
        [
            "    vf 0     link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff, vlan 7, qos 3, \
             vlan protocol 802.1ad, tx rate 100 (Mbps), max_tx_rate 200Mbps, \
             min_tx_rate 10Mbps, spoof checking on, NODE_GUID 01:02:03:04:05:06:07:08, \
             link-state enable, trust on, query_rss off",
            "    vf 1     link/ether 02:00:00:00:00:02, vlan 9, qos 2",
        ]
    );
    assert!(!failed);

    let (json, _) = print("-s -j link", fill_vfs);
    let vfs = json.split_once(r#""vfinfo_list":"#).unwrap().1;
    assert_eq!(
        vfs,
        concat!(
            r#"[{"vf":0,"link_type":"ether","address":"02:00:00:00:00:01","#,
            r#""broadcast":"ff:ff:ff:ff:ff:ff","#,
            r#""vlan_list":[{"vlan":7,"qos":3,"protocol":"802.1ad"}],"tx_rate":100,"#,
            r#""rate":{"max_tx":200,"min_tx":10},"spoofchk":true,"#,
            r#""node guid":"01:02:03:04:05:06:07:08","link_state":"enable","trust":true,"#,
            r#""query_rss_en":false,"stats":{"#,
            r#""rx":{"bytes":1300,"packets":11,"multicast":6,"broadcast":5},"#,
            r#""tx":{"tx_bytes":1400,"tx_packets":12}}},"#,
            r#"{"vf":1,"link_type":"ether","address":"02:00:00:00:00:02","vlan":9,"qos":2}]}]"#,
            "\n"
        )
    );
}

#[test]
fn virtual_functions_that_are_cut_off() {
    let (text, failed) = print("link", |link| {
        fill_vfs(link);
        link.push(LinkAttr::NumVf(3));
    });
    assert!(text.contains("vf 1"));
    assert!(failed, "a list that is cut off must not look whole");
}

#[test]
fn programs() {
    let one = |link: &mut LinkWriter<'_>| {
        link.nest(LinkAttr::Xdp, |xdp| {
            xdp.push(XdpAttr::Attached(XdpAttached::SKB));
            xdp.push(XdpAttr::ProgId(258));
            xdp.push(XdpAttr::SkbProgId(258));
        });
    };
    let (text, _) = print("link", one);
    assert_eq!(text, "7: x7: <UP> xdpgeneric \n    link/ether \n    prog/xdp id 258 \n");
    let (json, _) = print("-j link", one);
    let xdp = r#""xdp":{"mode":2,"prog":{"id":258},"attached":[{"mode":2,"prog":{"id":258}}]}"#;
    assert!(json.contains(xdp), "{json}");

    let two = |link: &mut LinkWriter<'_>| {
        link.nest(LinkAttr::Xdp, |xdp| {
            xdp.push(XdpAttr::Attached(XdpAttached::MULTI));
            xdp.push(XdpAttr::DrvProgId(3));
            xdp.push(XdpAttr::HwProgId(4));
        });
    };
    let (text, _) = print("link", two);
    assert_eq!(
        text,
        "7: x7: <UP> xdpmulti \n    link/ether \n    prog/xdpdrv id 3 \n    prog/xdpoffload id 4 \n"
    );
    let (none, _) = print("link", |link| {
        link.nest(LinkAttr::Xdp, |xdp| {
            xdp.push(XdpAttr::Attached(XdpAttached::NONE));
        });
    });
    assert_eq!(none, "7: x7: <UP> \n    link/ether \n");
}

#[test]
fn a_broken_attribute_costs_itself_alone() {
    let (text, failed) = print("-d link", |link| {
        link.push_raw(Nla::new(4, &[1, 2, 3])); // IFLA_MTU
        link.push(LinkAttr::Group(0));
        link.nest(LinkAttr::LinkInfo, |info| {
            info.select_nest(InfoData::Wwan, |wwan| {
                wwan.push_raw(Nla::new(1, &[1]));
            });
        });
        link.push(LinkAttr::NumTxQueues(4));
    });
    assert_eq!(text, "7: x7: <UP> group default \n    link/ether \n    wwan numtxqueues 4 \n");
    assert!(failed);
}

#[test]
fn ports_of_hardware() {
    let fill = |link: &mut LinkWriter<'_>| {
        link.push(LinkAttr::PhysPortId(&[0x12, 0xab]));
        link.push(LinkAttr::PhysSwitchId(&[0x34, 0xcd, 0x56]));
        link.push(LinkAttr::PhysPortName("p1s2".into()));
        link.push(LinkAttr::LinkNetnsId(-1));
    };
    let (text, _) = print("-d link", fill);
    assert!(text.contains("portname p1s2 portid 12ab switchid 34cd56 "), "{text}");
    assert!(text.contains(" link-netnsid unknown"), "{text}");
    let (json, _) = print("-d -j link", fill);
    let keys = r#""phys_port_name":"p1s2","phys_port_id":"12ab","phys_switch_id":"34cd56""#;
    assert!(json.contains(keys), "{json}");
}

#[test]
fn what_has_no_name_yet_is_a_number() {
    let (text, _) = print("link", |link| {
        link.push(LinkAttr::OperState(netlink_wire::link::IfOper(9)));
        link.push(LinkAttr::LinkMode(netlink_wire::link::IfLinkMode(2)));
    });
    assert_eq!(text, "7: x7: <UP> state 0x9mode 2 \n    link/ether \n");
    let (json, _) = print("-j link", |link| {
        link.push(LinkAttr::OperState(netlink_wire::link::IfOper(9)));
        link.push(LinkAttr::LinkMode(netlink_wire::link::IfLinkMode(2)));
    });
    assert!(json.contains(r#""operstate_index":9,"linkmode_index":2"#), "{json}");
}
