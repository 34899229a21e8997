//! VLANs and multicast groups of bridges, and VNIs, as kernels told of them.

use std::net::{IpAddr, Ipv4Addr};

use netlink_captures::{Capture, Kind};
use netlink_wire::{
    Addr, NlmFlags, Rtm, Rtnl,
    bridge_mdb::{
        BrMdbEntry, BrPortMsg, BridgeMdb, BridgeMdbRequest, McastMode, MdbAttr, MdbEntryAttr,
        MdbFlags, MdbGroup, MdbGroupAttr, MdbGroupsAttr, MdbRouterAttr, MdbRouterPortAttr,
        MdbSetAttr, MdbSrcAttr, MdbSrcListAttr, MdbState, MdbeAttr,
    },
    bridge_vlan::{
        BridgeVlan, BridgeVlanDbAttr, BridgeVlanDumpAttr, BridgeVlanDumpFlags, BridgeVlanEntryAttr,
        BridgeVlanOptsAttr, BridgeVlanStatsAttr, BridgeVlanTinfoAttr,
    },
    link::{BrState, BridgeVlanInfoFlags, MdbRtrType},
    route::RtProt,
    tunnel::{TunnelAttr, TunnelMsgFlags, VniFilterEntryAttr, VniFilterStatsAttr},
    walk::Walk,
};

/// What a command caused.
fn caused<'a>(capture: &'a Capture, kind: Kind, command: &str) -> Vec<Rtnl<'a>> {
    let records = capture.records.iter();
    let records = records.filter(|record| record.kind == kind && record.command == command);
    records.map(|record| Rtnl::parse(record.message()).unwrap()).collect()
}

fn each(scenario: &str, mut f: impl FnMut(&Capture)) {
    let captures = netlink_captures::of(scenario);
    // They are not recorded in the other byte order yet.
    let least = if cfg!(target_endian = "big") { 0 } else { 2 };
    assert!(captures.len() >= least, "{scenario}");
    captures.iter().for_each(&mut f);
}

/// Whether the kernel is younger than the first one.
fn is_new(capture: &Capture) -> bool {
    capture.kernel != "linux-6.1"
}

macro_rules! only {
    ($messages:expr, $Variant:ident) => {
        $messages
            .into_iter()
            .filter_map(|message| match message {
                Rtnl::$Variant(body) => Some(body),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
}

fn entries<'a>(vlan: &BridgeVlan<'a>) -> Vec<netlink_wire::Attrs<'a, BridgeVlanEntryAttr<'a>>> {
    vlan.attrs.all(BridgeVlanDbAttr::Entry).map(Result::unwrap).collect()
}

#[test]
fn reads_vlans() {
    each("bridge-vlan", |capture| {
        let told = only!(caused(capture, Kind::Reply, "bridge -d vlan show"), BridgeVlan);
        let d0 = told.iter().find(|vlan| vlan.header.ifindex == 2).unwrap();
        assert_eq!(d0.header.family, 7);
        let entries = entries(d0);
        let first = entries[0].get(BridgeVlanEntryAttr::Info).unwrap().unwrap();
        assert_eq!(
            (first.vid, first.flags),
            (300, BridgeVlanInfoFlags::PVID | BridgeVlanInfoFlags::UNTAGGED,)
        );
        let router = entries[0].get(BridgeVlanEntryAttr::McastRouter).unwrap();
        assert_eq!(router, Some(MdbRtrType::PERM));
        let second = entries[1].get(BridgeVlanEntryAttr::Info).unwrap().unwrap();
        assert_eq!(second.vid, 1000);
        assert_eq!(entries[1].get(BridgeVlanEntryAttr::State).unwrap(), Some(BrState::BLOCKING));
        let range = entries.iter().find_map(|entry| {
            let info = entry.get(BridgeVlanEntryAttr::Info).unwrap().unwrap();
            Some((info.vid, entry.get(BridgeVlanEntryAttr::Range).unwrap()?))
        });
        assert!(matches!(range, Some((1001.., 1003 | 1010))), "{range:?}");
        let groups = entries.iter().find_map(|entry| {
            entry.get(BridgeVlanEntryAttr::McastMaxGroups).unwrap().filter(|max| *max != 0)
        });
        assert_eq!(groups, is_new(capture).then_some(4660));
    });
}

#[test]
fn reads_counters_of_vlans() {
    each("bridge-vlan", |capture| {
        let command = "bridge -d -s vlan show";
        let request = only!(caused(capture, Kind::Request, command), BridgeVlanRequest);
        let flags = request[0].get(BridgeVlanDumpAttr::Flags).unwrap();
        assert_eq!(flags, Some(BridgeVlanDumpFlags::STATS));
        let told = only!(caused(capture, Kind::Reply, command), BridgeVlan);
        let stats = told.iter().flat_map(entries).find_map(|entry| {
            entry
                .get(BridgeVlanEntryAttr::Stats)
                .unwrap()
                .filter(|stats| stats.get(BridgeVlanStatsAttr::TxPackets).unwrap().unwrap() > 0)
        });
        let stats = stats.unwrap();
        let [packets, bytes] = [BridgeVlanStatsAttr::TxPackets, BridgeVlanStatsAttr::TxBytes]
            .map(|which| stats.get(which).unwrap().unwrap());
        assert!(bytes > 40 * packets && bytes < 2000 * packets, "{stats:?}");
    });
}

/// A kernel whose clock does not tick in hundredths of a second rounds.
fn assert_near(told: Option<u64>, set: u64) {
    assert!(told == Some(set) || told == Some(set - 1), "{told:?}, {set}");
}

#[test]
fn reads_options_of_the_bridge_for_a_vlan() {
    each("bridge-vlan", |capture| {
        let command = "bridge -d vlan global show";
        let told = only!(caused(capture, Kind::Reply, command), BridgeVlan);
        let options = told.iter().flat_map(|vlan| vlan.attrs.all(BridgeVlanDbAttr::GlobalOptions));
        let options: Vec<_> = options.map(Result::unwrap).collect();
        let of = |vid| {
            let has = |options: &&netlink_wire::Attrs<'_, BridgeVlanOptsAttr<'_>>| {
                options.get(BridgeVlanOptsAttr::Id).unwrap() == Some(vid)
            };
            *options.iter().find(has).unwrap_or_else(|| panic!("{vid}: {options:?}"))
        };
        use BridgeVlanOptsAttr as Opt;
        let of_300 = of(300);
        assert_eq!(of_300.get(Opt::McastSnooping).unwrap(), Some(1));
        assert_eq!(of_300.get(Opt::McastIgmpVersion).unwrap(), Some(3));
        assert_eq!(of_300.get(Opt::McastLastMemberCnt).unwrap(), Some(5));
        assert_eq!(of_300.get(Opt::McastStartupQueryCnt).unwrap(), Some(6));
        assert_near(of_300.get(Opt::McastLastMemberIntvl).unwrap(), 101);
        assert_near(of_300.get(Opt::McastMembershipIntvl).unwrap(), 26001);
        assert_near(of_300.get(Opt::McastQuerierIntvl).unwrap(), 25501);
        assert_near(of_300.get(Opt::McastQueryIntvl).unwrap(), 12501);
        assert_near(of_300.get(Opt::McastQueryResponseIntvl).unwrap(), 1001);
        assert_near(of_300.get(Opt::McastStartupQueryIntvl).unwrap(), 3126);
        assert!(of_300.get(Opt::McastRouterPorts).unwrap().is_some());
        assert_eq!(of(1000).get(Opt::Range).unwrap(), Some(1004));
        if is_new(capture) {
            let command = "bridge -d vlan global show dev br1";
            let told = only!(caused(capture, Kind::Reply, command), BridgeVlan);
            let one = told[0].attrs.all(BridgeVlanDbAttr::GlobalOptions).next().unwrap().unwrap();
            assert_eq!(one.get(Opt::Msti).unwrap(), Some(77));
        }
    });
}

#[test]
fn reads_tunnels_of_vlans() {
    each("bridge-vlan", |capture| {
        let told = caused(capture, Kind::Reply, "bridge -d vlan show dev vx0");
        let tunnel = only!(told, BridgeVlan)
            .iter()
            .flat_map(entries)
            .find_map(|entry| entry.get(BridgeVlanEntryAttr::TunnelInfo).unwrap());
        let id = tunnel.unwrap().get(BridgeVlanTinfoAttr::Id).unwrap();
        assert_eq!(id, Some(305419));
    });
}

#[test]
fn reads_vnis() {
    each("bridge-vlan", |capture| {
        let request = only!(caused(capture, Kind::Request, "bridge -s vni show"), Tunnel);
        assert_eq!(request[0].header.flags, TunnelMsgFlags::STATS);
        let told = only!(caused(capture, Kind::Reply, "bridge vni show"), Tunnel);
        let entries: Vec<_> = told[0].attrs.all(TunnelAttr::Entry).map(Result::unwrap).collect();
        let of = |vni| {
            let has = |entry: &&netlink_wire::Attrs<'_, VniFilterEntryAttr<'_>>| {
                entry.get(VniFilterEntryAttr::Start).unwrap() == Some(vni)
            };
            *entries.iter().find(has).unwrap_or_else(|| panic!("{vni}: {entries:?}"))
        };
        assert_eq!(of(70000).get(VniFilterEntryAttr::End).unwrap(), Some(70010));
        let group = of(305419).get(VniFilterEntryAttr::Group).unwrap();
        assert_eq!(group, Some(Ipv4Addr::new(198, 51, 100, 1)));
        let told = only!(caused(capture, Kind::Reply, "bridge -s vni show"), Tunnel);
        let stats = told[0]
            .attrs
            .all(TunnelAttr::Entry)
            .find_map(|entry| entry.unwrap().get(VniFilterEntryAttr::Stats).unwrap());
        assert!(stats.unwrap().get(VniFilterStatsAttr::TxBytes).unwrap().is_some());
    });
}

type Entry<'a> = netlink_wire::Headed<'a, BrMdbEntry, MdbEntryAttr<'a>>;

fn groups<'a>(mdb: &BridgeMdb<'a>) -> Vec<Entry<'a>> {
    let groups = mdb.get(MdbAttr::Mdb).unwrap().into_iter();
    let groups = groups.flat_map(|groups| groups.all(MdbGroupsAttr::Entry));
    let ports = groups.flat_map(|group| group.unwrap().all(MdbGroupAttr::Info));
    ports.map(Result::unwrap).collect()
}

fn ip(group: &str) -> MdbGroup {
    MdbGroup::Ip(group.parse::<IpAddr>().unwrap())
}

#[test]
fn reads_groups() {
    each("bridge-mdb", |capture| {
        let told = only!(caused(capture, Kind::Reply, "bridge -d mdb show dev br0"), BridgeMdb);
        let all: Vec<_> = told.iter().flat_map(groups).collect();
        let of = |group: MdbGroup| {
            let entry = all.iter().find(|entry| entry.header().group() == group);
            entry.unwrap_or_else(|| panic!("{group:?}: {all:?}"))
        };
        let permanent = of(ip("239.1.2.3")).header();
        assert_eq!(permanent.state, MdbState::PERMANENT);
        assert_eq!(permanent.proto, 0x0800);
        let temporary = of(ip("239.1.2.8"));
        assert_eq!((temporary.header().state, temporary.header().vid), (MdbState::TEMPORARY, 1));
        let timer = temporary.attrs().get(MdbEntryAttr::Timer).unwrap().unwrap();
        assert!((1..=26000).contains(&timer), "{timer}");
        let six = of(ip("ff05::1234")).header();
        assert_eq!((six.vid, six.proto.get()), (300, 0x86dd));
        of(MdbGroup::Mac([0x01, 0x00, 0x5e, 0x7f, 0x00, 0x01]));
        let source = of(ip("239.1.2.4")).attrs().get(MdbEntryAttr::Source).unwrap();
        assert_eq!(source, Some(Addr::Ipv4(Ipv4Addr::new(192, 0, 2, 77))));
        if is_new(capture) {
            let listed = all.iter().find_map(|entry| {
                let listed = entry.attrs().get(MdbEntryAttr::SrcList).unwrap()?;
                (entry.header().group() == ip("239.1.2.6")).then_some((entry, listed))
            });
            let (entry, listed) = listed.unwrap();
            let mode = entry.attrs().get(MdbEntryAttr::GroupMode).unwrap();
            assert_eq!(mode, Some(McastMode::INCLUDE));
            assert_eq!(entry.attrs().get(MdbEntryAttr::RtProt).unwrap(), Some(RtProt::BGP));
            let mut sources: Vec<_> = listed
                .all(MdbSrcListAttr::Entry)
                .map(|source| source.unwrap().get(MdbSrcAttr::Address).unwrap().unwrap())
                .map(|source| source.to_string())
                .collect();
            sources.sort();
            assert_eq!(sources, ["192.0.2.78", "192.0.2.79"]);
        }
    });
}

#[test]
fn reads_ports_with_a_router() {
    each("bridge-mdb", |capture| {
        let told = only!(caused(capture, Kind::Reply, "bridge -d -s mdb show"), BridgeMdb);
        let routers = told.iter().find_map(|mdb| mdb.get(MdbAttr::Router).unwrap()).unwrap();
        let ports: Vec<_> = routers.all(MdbRouterAttr::Port).map(Result::unwrap).collect();
        let kinds: Vec<_> = ports
            .iter()
            .map(|port| {
                let kind = port.attrs().get(MdbRouterPortAttr::Type).unwrap().unwrap();
                (port.header().ifindex, kind)
            })
            .collect();
        // v0 is 3, d1 is 4.
        assert!(kinds.contains(&(4, MdbRtrType::PERM)), "{kinds:?}");
        assert!(kinds.contains(&(3, MdbRtrType::TEMP)), "{kinds:?}");
        let timed = ports.iter().find(|port| port.header().ifindex == 3).unwrap().attrs();
        assert_ne!(timed.get(MdbRouterPortAttr::InetTimer).unwrap(), Some(0));
    });
}

#[test]
fn reads_groups_of_vxlan() {
    each("bridge-mdb", |capture| {
        let told = only!(caused(capture, Kind::Reply, "bridge -d mdb show dev vx0"), BridgeMdb);
        if !is_new(capture) {
            return;
        }
        let entries: Vec<_> = told.iter().flat_map(groups).collect();
        let has = |entry: &&Entry<'_>| entry.header().group() == ip("239.1.2.7");
        let attrs = entries.iter().find(has).unwrap().attrs();
        let dst = attrs.get(MdbEntryAttr::Dst).unwrap();
        assert_eq!(dst, Some(Addr::Ipv4(Ipv4Addr::new(198, 51, 100, 1))));
        assert_eq!(attrs.get(MdbEntryAttr::DstPort).unwrap(), Some(5789));
        assert_eq!(attrs.get(MdbEntryAttr::Vni).unwrap(), Some(305419));
        assert_eq!(attrs.get(MdbEntryAttr::SrcVni).unwrap(), Some(70000));
        assert_eq!(attrs.get(MdbEntryAttr::IfIndex).unwrap(), Some(4));
        assert_eq!(attrs.get(MdbEntryAttr::RtProt).unwrap(), Some(RtProt::STATIC));
    });
}

/// By one number, a request has another attribute than what the kernel tells of it.
#[test]
fn builds_what_a_tool_asks() {
    each("bridge-mdb", |capture| {
        let command = "bridge mdb add dev br0 port v0 grp 239.1.2.4 src 192.0.2.77 permanent";
        let records = capture.records.iter().filter(|record| record.command == command);
        let asked = records.clone().find(|record| record.kind == Kind::Request).unwrap().message();
        let Rtnl::BridgeMdbRequest(request) = Rtnl::parse(asked).unwrap() else { panic!() };
        let BrPortMsg { ifindex, .. } = request.header;
        let entry = BrMdbEntry { ifindex: 3, state: MdbState::PERMANENT, ..Default::default() };
        let entry = entry.with_group(ip("ff0e::1:2:3")).with_group(ip("239.1.2.4"));
        // The kernel writes the VLAN into the request, which is seen here after that.
        let entry = BrMdbEntry { vid: 1, ..entry };
        assert_eq!(request.get(MdbSetAttr::Entry).unwrap(), Some(entry));
        assert_eq!(entry.flags, MdbFlags::default());

        let header = BrPortMsg { family: 7, ifindex, ..BrPortMsg::default() };
        let mut buf = [0xff; 128];
        let flags = asked.header.flags | NlmFlags::REQUEST;
        let built = BridgeMdbRequest::writer(&mut buf, Rtm::NEWMDB, flags, &header)
            .push(MdbSetAttr::Entry(entry))
            .nest(MdbSetAttr::EntryAttrs, |attrs| {
                attrs.push(MdbeAttr::Source(Ipv4Addr::new(192, 0, 2, 77).into()));
            })
            .finish()
            .unwrap();
        assert_eq!(&built[16..], asked.payload, "{}", capture.kernel);
        let names = |message| -> Vec<_> {
            Walk::rtnl(message).map(|entry| entry.unwrap().name().unwrap()).collect()
        };
        assert_eq!(names(asked), ["MDBA_SET_ENTRY", "MDBA_SET_ENTRY_ATTRS"]);
        let told = records.clone().find(|record| record.kind == Kind::Event).unwrap().message();
        assert_eq!(names(told), ["MDBA_MDB"]);
    });
}
