//! What all links have in common, as kernels sent it. `data/README.md` tells how it was recorded.

use std::sync::LazyLock;

use netlink_captures::{Capture, Kind};
use netlink_wire::{
    Attrs, Be, LlAddr, Rtnl,
    link::{
        AfSpec, Arphrd, BrPortAttr, BrState, BridgeAttr, BridgeMstAttr, BridgeMstEntryAttr,
        BridgeVlanInfo, BridgeVlanInfoFlags, BridgeVlanTunnelAttr, Devconf, IfLink, IfLinkMode,
        IfOper, Iff, IflaEvent, IflaVfGuid, IflaVfLinkState, IflaVfMac, IflaVfRate,
        IflaVfRssQueryEn, IflaVfSpoofChk, IflaVfTrust, IflaVfTxRate, IflaVfVlan, IflaVfVlanInfo,
        In6AddrGenMode, Inet6Attr, InetAttr, InfoAttr, Ipv4Devconf, Link, LinkAttr, PropAttr,
        ProtInfo, ProtoDownReasonAttr, RtextFilter, RtnlLinkStats, RtnlLinkStats64, VfAttr,
        VfLinkState, VfStatsAttr, VfVlanAttr, XdpAttached, XdpAttr, XdpFlags,
    },
};

static CAPTURES: LazyLock<Vec<Capture>> = LazyLock::new(|| netlink_captures::of("link-attrs"));

/// The links in what a command caused, of each kernel.
fn links(kind: Kind, command: &str) -> impl Iterator<Item = Vec<Link<'static>>> {
    // Not every scenario has been recorded anew in every byte order.
    let has = move |c: &&Capture| c.records.iter().any(|record| record.command == command);
    let captures = CAPTURES.iter().filter(move |c| has(c) || cfg!(target_endian = "little"));
    captures.map(move |capture| {
        let records = capture.records.iter();
        let records = records.filter(|r| r.kind == kind && r.command == command);
        let links = records.filter_map(|record| match Rtnl::parse(record.message()).unwrap() {
            Rtnl::Link(link) | Rtnl::LinkProp(link) => Some(link),
            _ => None,
        });
        links.collect()
    })
}

/// All links that replies and events tell of.
fn every_link() -> impl Iterator<Item = Link<'static>> {
    let records = CAPTURES.iter().flat_map(|capture| &capture.records);
    let records = records.filter(|record| record.kind != Kind::Request);
    records.filter_map(|record| match Rtnl::parse(record.message()).unwrap() {
        Rtnl::Link(link) => Some(link),
        _ => None,
    })
}

/// The request that a command made, of each kernel.
fn request(command: &str) -> impl Iterator<Item = Link<'static>> {
    links(Kind::Request, command).map(|links| *links.last().unwrap())
}

/// The link of this name, of each kernel, in what `command` shows.
fn shown(command: &str, name: &str) -> impl Iterator<Item = Link<'static>> {
    links(Kind::Reply, command).filter_map(move |links| {
        let link = links.iter().rev().find(|link| link.name() == Ok(Some(name.into()))).copied();
        assert!(link.is_some() || cfg!(target_endian = "big"), "{command}: no {name}");
        link
    })
}

fn value<T>(read: netlink_wire::Result<Option<T>>) -> T {
    read.unwrap().unwrap()
}

fn bridge<'a>(link: &Link<'a>) -> Attrs<'a, BridgeAttr<'a>> {
    match value(link.get(LinkAttr::AfSpec)) {
        AfSpec::Bridge(bridge) => bridge,
        other => panic!("{other:?}"),
    }
}

#[test]
fn reads_what_was_set() {
    let mut kernels = 0;
    for d0 in shown("ip -d link show", "d0") {
        assert_eq!(d0.header.kind, Arphrd::ETHER);
        assert_eq!(d0.header.index, 2);
        let flags = Iff::UP | Iff::NOARP | Iff::PROMISC | Iff::ALLMULTI | Iff::DYNAMIC;
        assert!(d0.header.flags.contains(flags | Iff::BROADCAST | Iff::LOWER_UP));
        assert!(!d0.header.flags.intersects(Iff::MULTICAST | Iff::RUNNING | Iff::LOOPBACK));
        assert_eq!(d0.get(LinkAttr::Mtu), Ok(Some(1400)));
        assert_eq!(d0.get(LinkAttr::TxqLen), Ok(Some(77)));
        assert_eq!(d0.get(LinkAttr::Group), Ok(Some(9)));
        assert_eq!(d0.get(LinkAttr::IfAlias), Ok(Some("a-remark".into())));
        assert_eq!(d0.get(LinkAttr::Address), Ok(Some(LlAddr(&[2, 0, 0, 0, 0, 0x11]))));
        assert_eq!(d0.get(LinkAttr::Broadcast), Ok(Some(LlAddr(&[2, 255, 255, 255, 255, 255]))));
        assert_eq!(d0.get(LinkAttr::GsoMaxSize), Ok(Some(65_000)));
        assert_eq!(d0.get(LinkAttr::GsoMaxSegs), Ok(Some(99)));
        assert_eq!(d0.get(LinkAttr::GroMaxSize), Ok(Some(64_000)));
        assert_eq!(d0.get(LinkAttr::Promiscuity), Ok(Some(1)));
        assert_eq!(d0.get(LinkAttr::AllMulti), Ok(Some(1)));
        assert_eq!(d0.get(LinkAttr::NumTxQueues), Ok(Some(3)));
        assert_eq!(d0.get(LinkAttr::CarrierChanges), Ok(Some(2)));
        assert_eq!(d0.get(LinkAttr::CarrierUpCount), Ok(Some(1)));
        assert_eq!(d0.get(LinkAttr::CarrierDownCount), Ok(Some(1)));
        assert_eq!(d0.get(LinkAttr::OperState), Ok(Some(IfOper::DORMANT)));
        assert_eq!(d0.get(LinkAttr::LinkMode), Ok(Some(IfLinkMode::DORMANT)));
        assert_eq!(d0.get(LinkAttr::Qdisc), Ok(Some("noqueue".into())));
        assert_eq!(d0.kind(), Ok(Some("dummy".into())));
        assert_eq!(d0.slave_kind(), Ok(None));
        assert_eq!(d0.iflink(), Ok(None));
        let names: Vec<_> = d0.alt_names().unwrap().map(Result::unwrap).collect();
        assert_eq!(names, ["quite-a-long-name-for-a-link"]);
        kernels += 1;
    }
    assert_eq!(kernels, CAPTURES.len());
}

/// Since Linux 6.3 and 6.18.
#[test]
fn reads_what_newer_kernels_have() {
    if cfg!(target_endian = "big") {
        return eprintln!("skipped: nothing is recorded of newer kernels with this byte order");
    }
    let newest = shown("ip -d link show", "d0").last().unwrap();
    assert_eq!(newest.get(LinkAttr::GsoIpv4MaxSize), Ok(Some(63_000)));
    assert_eq!(newest.get(LinkAttr::GroIpv4MaxSize), Ok(Some(62_000)));
    assert_eq!(newest.get(LinkAttr::NetnsImmutable), Ok(Some(0)));
    assert!(value(newest.get(LinkAttr::DevlinkPort)).iter().next().is_none());
    assert!(value(newest.get(LinkAttr::DpllPin)).iter().next().is_none());
    // A VLAN header fits in front of the device's own.
    let vlan = shown("ip link show type vlan", "d0.5").last().unwrap();
    assert_eq!(vlan.get(LinkAttr::Headroom), Ok(Some(4)));
    assert_eq!(vlan.get(LinkAttr::Tailroom), Ok(Some(0)));
}

#[test]
fn tells_the_link_below_and_the_peer() {
    for vlan in shown("ip -d link show", "d0.5") {
        assert_eq!(vlan.iflink(), Ok(Some(IfLink { index: 2, netnsid: None })));
        assert_eq!(vlan.kind(), Ok(Some("vlan".into())));
    }
    // Its peer has moved to the namespace with this id.
    for veth in shown("ip -d link show", "v0") {
        assert_eq!(veth.iflink(), Ok(Some(IfLink { index: 3, netnsid: Some(5) })));
        assert_eq!(veth.get(LinkAttr::MinMtu), Ok(Some(68)));
        assert_eq!(veth.get(LinkAttr::MaxMtu), Ok(Some(65_535)));
    }
    // The kernel of the other byte order has one kind of link less.
    let bond = if cfg!(target_endian = "big") { 7 } else { 8 };
    for port in shown("ip link show master b0", "d1") {
        assert_eq!(port.slave_kind(), Ok(Some("bond".into())));
        assert_eq!(port.get(LinkAttr::Master), Ok(Some(bond)));
    }
}

#[test]
fn tells_where_a_link_moved() {
    for links in links(Kind::Event, "ip link set v1 netns n1") {
        let moved = links.last().unwrap();
        assert_eq!(moved.name(), Ok(Some("v1".into())));
        assert_eq!(moved.header.change, Iff(u32::MAX));
        assert_eq!(moved.get(LinkAttr::NewNetnsId), Ok(Some(5)));
        assert_eq!(moved.get(LinkAttr::NewIfIndex), Ok(Some(3)));
    }
}

#[test]
fn tells_what_happened() {
    for links in links(Kind::Event, "ip link set d1 master b0") {
        let events = links.iter().filter_map(|link| link.get(LinkAttr::Event).unwrap());
        let events: Vec<_> = events.collect();
        assert!(events.contains(&IflaEvent::BONDING_FAILOVER), "{events:?}");
        assert!(events.contains(&IflaEvent::NOTIFY_PEERS), "{events:?}");
    }
}

/// `ip` sends the attribute twice, of which the kernel heeds the last.
#[test]
fn reads_why_a_link_is_kept_down() {
    let command = "ip link set mv0 protodown_reason 3 on protodown_reason 17 on";
    for asked in request(command) {
        let reason = value(asked.get(LinkAttr::ProtoDownReason));
        assert_eq!(reason.get(ProtoDownReasonAttr::Mask), Ok(Some(1 << 17)));
        assert_eq!(asked.attrs.iter().count(), 2);
    }
    for mv0 in shown("ip -d link show", "mv0") {
        assert_eq!(mv0.get(LinkAttr::ProtoDown), Ok(Some(1)));
        let reason = value(mv0.get(LinkAttr::ProtoDownReason));
        assert_eq!(reason.get(ProtoDownReasonAttr::Mask), Ok(None));
        assert_eq!(reason.get(ProtoDownReasonAttr::Value), Ok(Some(1 << 17)));
    }
}

#[test]
fn reads_settings_of_ipv4_and_ipv6() {
    for v0 in shown("ip -d link show dev v0", "v0") {
        let inet = value(v0.inet());
        let conf = value(inet.get(InetAttr::Conf));
        assert_eq!(conf.get(Ipv4Devconf::MEDIUM_ID), Ok(Some(-1)));
        assert_eq!(conf.get(Ipv4Devconf::RP_FILTER), Ok(Some(2)));
        assert_eq!(conf.get(Ipv4Devconf::IGMPV2_UNSOLICITED_REPORT_INTERVAL), Ok(Some(10_000)));
        assert_eq!(conf.get(Ipv4Devconf::ARP_EVICT_NOCARRIER), Ok(Some(1)));
        assert_eq!(conf.get(Ipv4Devconf(34)), Ok(None));
        assert_eq!(conf.get(Ipv4Devconf(0)), Ok(None));

        let inet6 = value(v0.inet6());
        let conf = value(inet6.get(Inet6Attr::Conf));
        assert_eq!(conf.get(Devconf::HOPLIMIT), Some(64));
        assert_eq!(conf.get(Devconf::MTU6), Some(1500));
        assert_eq!(conf.get(Devconf::RTR_SOLICITS), Some(-1));
        assert_eq!(conf.get(Devconf::RTR_SOLICIT_MAX_INTERVAL), Some(3_600_000));
        assert_eq!(conf.get(Devconf::RA_DEFRTR_METRIC), Some(1024));
        assert_eq!(conf.get(Devconf::IOAM6_ID), Some(65_535));
        assert_eq!(conf.get(1000_usize), None);
        let cache = value(inet6.get(Inet6Attr::CacheInfo)).read();
        assert_eq!((cache.max_reasm_len, cache.retrans_time), (65_535, 1000));
        let token: std::net::Ipv6Addr = "::1234".parse().unwrap();
        assert_eq!(inet6.get(Inet6Attr::Token), Ok(Some(token)));
        assert_eq!(inet6.get(Inet6Attr::AddrGenMode), Ok(Some(In6AddrGenMode::EUI64)));
    }
}

/// The first number of each tells how many there are.
#[test]
fn counts_the_counters_of_ipv6() {
    let mut count = 0;
    for link in every_link().filter(|link| link.header.family == 0) {
        let Ok(Some(inet6)) = link.inet6() else { continue };
        for attr in [Inet6Attr::Stats, Inet6Attr::Icmp6Stats] {
            let Ok(Some(counters)) = inet6.get(attr) else { continue };
            assert_eq!(counters.get(0_usize), Some(counters.iter().count() as u64));
            count += 1;
        }
    }
    assert!(count > 10, "only {count}");
}

/// The same counters, once of 64 and once of 32 bits.
#[test]
fn reads_traffic_counters_at_both_widths() {
    let mut used = 0;
    for link in every_link() {
        let Ok(Some(wide)) = link.get(LinkAttr::Stats64) else { continue };
        let RtnlLinkStats { rx_packets, tx_packets, rx_bytes, tx_bytes, tx_dropped, .. } =
            value(link.get(LinkAttr::Stats)).read();
        let wide: RtnlLinkStats64 = wide.read();
        assert_eq!(wide.rx_packets, rx_packets.into());
        assert_eq!(wide.tx_packets, tx_packets.into());
        assert_eq!(wide.rx_bytes, rx_bytes.into());
        assert_eq!(wide.tx_bytes, tx_bytes.into());
        assert_eq!(wide.tx_dropped, tx_dropped.into());
        used += u32::from(tx_packets > 0 && tx_bytes > tx_packets);
    }
    assert!(used > 0, "no link has sent anything");
}

#[test]
fn reads_the_view_of_ipv6() {
    for links in links(Kind::Reply, "ip -6 addr show") {
        let v0 = links.iter().find(|link| link.name() == Ok(Some("v0".into()))).unwrap();
        assert_eq!(v0.header.family, 10);
        let inet6 = value(v0.inet6());
        assert_eq!(v0.get(LinkAttr::ProtInfo), Ok(Some(ProtInfo::Inet6(inet6))));
        assert_eq!(value(inet6.get(Inet6Attr::Conf)).get(Devconf::HOPLIMIT), Some(64));
        assert_eq!(v0.get(LinkAttr::AfSpec), Ok(None));
    }
}

#[test]
fn reads_vlans_of_bridge_ports() {
    let (begin, end) = (BridgeVlanInfoFlags::RANGE_BEGIN, BridgeVlanInfoFlags::RANGE_END);
    for asked in request("bridge vlan add dev v0 vid 7 pvid untagged") {
        assert_eq!(asked.header.family, 7);
        let vlans: Vec<_> = bridge(&asked).all(BridgeAttr::VlanInfo).map(Result::unwrap).collect();
        let flags = BridgeVlanInfoFlags::PVID | BridgeVlanInfoFlags::UNTAGGED;
        assert_eq!(vlans, [BridgeVlanInfo { flags, vid: 7 }]);
    }
    let command = "bridge vlan add dev vx0 vid 100-102 tunnel_info id 1000-1002";
    for told in links(Kind::Event, command) {
        let vx0 = told.iter().find(|link| link.header.family == 7).unwrap();
        let vlans: Vec<_> = bridge(vx0).all(BridgeAttr::VlanInfo).map(Result::unwrap).collect();
        let [first, last] = [(begin, 100), (end, 102)];
        let info = |(flags, vid)| BridgeVlanInfo { flags, vid };
        assert_eq!(vlans, [info(first), info(last)]);
        let tunnels = bridge(vx0).all(BridgeAttr::VlanTunnelInfo).map(|tunnel| {
            let tunnel = tunnel.unwrap();
            (
                value(tunnel.get(BridgeVlanTunnelAttr::Flags)),
                value(tunnel.get(BridgeVlanTunnelAttr::Vid)),
                value(tunnel.get(BridgeVlanTunnelAttr::Id)),
            )
        });
        assert_eq!(tunnels.collect::<Vec<_>>(), [(begin, 100, 1000), (end, 102, 1002)]);
    }
}

#[test]
fn reads_bridge_ports() {
    for links in links(Kind::Reply, "bridge link show") {
        let named = |link: &&Link<'_>| link.name() == Ok(Some("v0".into()));
        let v0 = links.iter().filter(named).find(|link| link.header.family == 7).unwrap();
        let Ok(Some(ProtInfo::Bridge(port))) = v0.get(LinkAttr::ProtInfo) else { panic!() };
        assert_eq!(port.get(BrPortAttr::Cost), Ok(Some(44)));
        assert_eq!(port.get(BrPortAttr::Mode), Ok(Some(1)));
        assert_eq!(port.get(BrPortAttr::Priority), Ok(Some(32)));
        let vx0 = links.iter().rfind(|link| link.header.family == 7).unwrap();
        assert_eq!(v0.get(LinkAttr::Master), vx0.get(LinkAttr::Master));
    }
}

/// Since Linux 5.18, but older `bridge` commands cannot ask for it.
#[test]
fn reads_spanning_trees() {
    if cfg!(target_endian = "big") {
        return eprintln!("skipped: nothing is recorded of newer kernels with this byte order");
    }
    let v0 = links(Kind::Reply, "bridge mst show").last().unwrap()[0];
    let trees = value(bridge(&v0).get(BridgeAttr::Mst)).all(BridgeMstAttr::Entry).map(|entry| {
        let entry = entry.unwrap();
        (value(entry.get(BridgeMstEntryAttr::Msti)), value(entry.get(BridgeMstEntryAttr::State)))
    });
    assert_eq!(trees.collect::<Vec<_>>(), [(3, BrState::BLOCKING), (0, BrState::DISABLED)]);
    let asked = links(Kind::Request, "bridge mst show").last().unwrap()[0];
    assert_eq!(asked.get(LinkAttr::ExtMask), Ok(Some(RtextFilter::MST)));
}

/// A device of a driver, with three virtual functions.
#[test]
fn reads_virtual_functions() {
    for capture in netlink_captures::of("vf") {
        let record = capture.records.iter().rfind(|r| r.command.contains("-s link show")).unwrap();
        let Ok(Rtnl::Link(pf)) = Rtnl::parse(record.message()) else { panic!() };
        assert_eq!(pf.name(), Ok(Some("pf0".into())));
        assert_eq!(pf.kind(), Ok(None));
        let address = LlAddr(&[0x52, 0x54, 0, 0x12, 0x34, 0x56]);
        assert_eq!(pf.get(LinkAttr::PermAddress), Ok(Some(address)));
        assert_eq!(pf.get(LinkAttr::ParentDevName), Ok(Some("0000:01:00.0".into())));
        assert_eq!(pf.get(LinkAttr::ParentDevBusName), Ok(Some("pci".into())));
        let map = value(pf.get(LinkAttr::Map)).read();
        assert_eq!((map.mem_start, map.mem_end), (0xfe40_0000, 0xfe41_ffff));
        assert_eq!(pf.get(LinkAttr::NumVf), Ok(Some(3)));
        assert_eq!(pf.without_spoiled(), pf);

        let vfs: Vec<_> = pf.vfs().unwrap().map(Result::unwrap).collect();
        assert_eq!(vfs.len(), 3);
        for (number, vf) in (0..).zip(&vfs) {
            assert_eq!(value(vf.get(VfAttr::Rate)).vf, number);
            assert_eq!(value(vf.get(VfAttr::LinkState)).link_state, VfLinkState::AUTO);
            let broadcast = value(vf.get(VfAttr::Broadcast)).read().broadcast;
            assert_eq!((broadcast[5], broadcast[6]), (0xff, 0));
            let rss = value(vf.get(VfAttr::RssQueryEn));
            assert_eq!(rss.setting, u32::MAX, "the driver cannot tell");
            let stats = value(vf.get(VfAttr::Stats));
            assert!(stats.get(VfStatsAttr::RxPackets).unwrap().is_some(), "number 0");
            assert!(stats.get(VfStatsAttr::TxDropped).unwrap().is_some());
        }
        let mac = value(vfs[0].get(VfAttr::Mac)).read().mac;
        assert_eq!(mac[..7], [2, 0, 0, 0, 0, 0x10, 0]);
        assert_eq!(value(vfs[0].get(VfAttr::Vlan)), IflaVfVlan { vf: 0, vlan: 291, qos: 5 });
        let vlan = value(vfs[0].get(VfAttr::VlanList)).all(VfVlanAttr::Info).next();
        assert_eq!(vlan.unwrap().unwrap().vlan_proto, 0x8100);
        let settings = |vf: &Attrs<'_, VfAttr<'_>>| {
            (value(vf.get(VfAttr::SpoofChk)).setting, value(vf.get(VfAttr::Trust)).setting)
        };
        assert_eq!([settings(&vfs[0]), settings(&vfs[1])], [(1, 0), (0, 1)]);
    }
}

/// What `ip link set d0 vf 1 ..` asks for; none of these devices has any.
#[test]
fn reads_requests_for_virtual_functions() {
    fn asked(what: &str) -> impl Iterator<Item = VfAttr<'static>> {
        request(&format!("ip link set d0 vf 1 {what}")).collect::<Vec<_>>().into_iter().map(
            |link| {
                let vf = link.vfs().unwrap().next().unwrap().unwrap();
                vf.iter().next().unwrap().unwrap()
            },
        )
    }
    for attr in asked("mac 02:00:00:00:00:77") {
        let VfAttr::Mac(mac) = attr else { panic!("{attr:?}") };
        let mut expected = IflaVfMac { vf: 1, mac: [0; 32] };
        expected.mac[..6].copy_from_slice(&[2, 0, 0, 0, 0, 0x77]);
        assert_eq!(mac.read(), expected);
    }
    for attr in asked("vlan 5 qos 2 proto 802.1ad") {
        let VfAttr::VlanList(list) = attr else { panic!("{attr:?}") };
        let vlan = list.all(VfVlanAttr::Info).next().unwrap().unwrap();
        let vlan_proto = Be::new(0x88a8);
        assert_eq!(vlan, IflaVfVlanInfo { vf: 1, vlan: 5, qos: 2, vlan_proto, pad: [0; 2] });
    }
    let rate = IflaVfRate { vf: 1, min_tx_rate: 200, max_tx_rate: 300 };
    let link_state = VfLinkState::DISABLE;
    let guid = |guid| IflaVfGuid { vf: 1, pad: [0; 4], guid };
    for (what, expected) in [
        ("rate 300", VfAttr::TxRate(IflaVfTxRate { vf: 1, rate: 300 })),
        ("max_tx_rate 300 min_tx_rate 200", VfAttr::Rate(rate)),
        ("spoofchk on", VfAttr::SpoofChk(IflaVfSpoofChk { vf: 1, setting: 1 })),
        ("query_rss on", VfAttr::RssQueryEn(IflaVfRssQueryEn { vf: 1, setting: 1 })),
        ("state disable", VfAttr::LinkState(IflaVfLinkState { vf: 1, link_state })),
        ("trust on", VfAttr::Trust(IflaVfTrust { vf: 1, setting: 1 })),
        ("node_guid 01:02:03:04:05:06:07:08", VfAttr::IbNodeGuid(guid(0x0102_0304_0506_0708))),
        ("port_guid 11:12:13:14:15:16:17:18", VfAttr::IbPortGuid(guid(0x1112_1314_1516_1718))),
    ] {
        for attr in asked(what) {
            assert_eq!(attr, expected);
        }
    }
}

#[test]
fn reads_what_detaches_a_program() {
    for asked in request("ip link set d0 xdpgeneric off") {
        let xdp = value(asked.get(LinkAttr::Xdp));
        assert_eq!(xdp.get(XdpAttr::Fd), Ok(Some(-1)));
        let flags = XdpFlags::UPDATE_IF_NOEXIST | XdpFlags::SKB_MODE;
        assert_eq!(xdp.get(XdpAttr::Flags), Ok(Some(flags)));
    }
    for d0 in shown("ip -d link show", "d0") {
        let xdp = value(d0.get(LinkAttr::Xdp));
        assert_eq!(xdp.get(XdpAttr::Attached), Ok(Some(XdpAttached::NONE)));
        assert_eq!(xdp.get(XdpAttr::ProgId), Ok(None));
    }
}

/// Other names have messages of their own; they are flagged as a nest.
#[test]
fn reads_other_names() {
    for asked in
        request("ip link property add dev d0 altname quite-a-long-name-for-a-link altname d-null")
    {
        let names: Vec<_> = asked.alt_names().unwrap().map(Result::unwrap).collect();
        assert_eq!(names, ["quite-a-long-name-for-a-link", "d-null"]);
        let list = value(asked.get(LinkAttr::PropList));
        assert_eq!(list.iter().count(), list.all(PropAttr::AltIfName).count());
    }
    for asked in request("ip link show dev quite-a-long-name-for-a-link") {
        let name = asked.get(LinkAttr::AltIfName);
        assert_eq!(name, Ok(Some("quite-a-long-name-for-a-link".into())));
    }
}

#[test]
fn reads_filters_of_requests() {
    for asked in links(Kind::Request, "ip link show type vlan") {
        let asked = asked[0];
        let info = value(asked.get(LinkAttr::LinkInfo));
        assert_eq!(info.get(InfoAttr::Kind), Ok(Some("vlan".into())));
        assert!(value(asked.get(LinkAttr::ExtMask)).contains(RtextFilter::VF));
    }
    for asked in links(Kind::Request, "ip link show master b0") {
        let asked = asked.iter().find(|asked| asked.header.index == 0).unwrap();
        assert!(value(asked.get(LinkAttr::Master)) > 6, "the links that were made before");
    }
}
