//! Routes, as kernels sent them. `data/README.md` tells how they were recorded.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use netlink_captures::{Record, asked, find, said};
use netlink_wire::{
    Addr, Be, Error, ErrorKind, Message, Messages, Nla, NlmFlags, Prefix, Rtm, Whole, Writer,
    route::{
        MetricAttr, MplsLabel, Route, RouteAddr, RouteAttr, RouteExpires, RouterPref, RtMsg,
        RtNextHop, RtProt, RtScope, RtTable, RtaCacheInfo, RtaMfcStats, RtaxFeatures, RtmFlags,
        Rtn, RtnhFlags, Via,
    },
    walk::{Content, Walk, path},
};

/// What a kernel told of the route that a command made.
fn added(command: &str) -> Option<&'static Record> {
    said("route", command, Rtm::NEWROUTE)
}

fn route(record: &'static Record) -> Route<'static> {
    Route::parse(record.message()).unwrap()
}

fn read(bytes: &[u8]) -> Message<'_> {
    Messages::new(bytes).next().unwrap().unwrap()
}

fn attrs<'a>(route: &Route<'a>) -> Vec<RouteAttr<'a>> {
    route.attrs.iter().collect::<Result<_, _>>().unwrap()
}

fn v4(text: &str) -> Ipv4Addr {
    text.parse().unwrap()
}

fn v6(text: &str) -> Ipv6Addr {
    text.parse().unwrap()
}

#[test]
fn reads_every_attribute() {
    let Some(record) = added("ip route add 203.0.113.0/24 via 192.0.2.254") else { return };
    let route = route(record);
    let header = RtMsg {
        family: 2,
        dst_len: 24,
        table: 252,
        protocol: RtProt::BGP,
        kind: Rtn::UNICAST,
        ..RtMsg::default()
    };
    assert_eq!(route.header, header);
    assert_eq!(
        attrs(&route),
        [
            RouteAttr::Table(RtTable(300)),
            RouteAttr::Dst(RouteAddr::Addr(v4("203.0.113.0").into())),
            RouteAttr::Priority(77),
            RouteAttr::PrefSrc(v4("192.0.2.1").into()),
            RouteAttr::Gateway(v4("192.0.2.254").into()),
            RouteAttr::Oif(10),
            RouteAttr::Flow(3 << 16 | 4),
        ]
    );
    assert_eq!(route.table(), Ok(RtTable(300)));
}

#[test]
fn reads_metrics() {
    let Some(record) = added("ip route add 203.0.113.0/25 ") else { return };
    let route = route(record);
    assert_eq!((route.header.tos, route.header.scope), (0x10, RtScope::LINK));
    let metrics = route.get(RouteAttr::Metrics).unwrap().unwrap();
    assert_eq!(
        metrics.iter().collect::<Result<Vec<_>, _>>().unwrap(),
        [
            // mtu and cwnd are locked; the kernel locks the congestion control by itself.
            MetricAttr::Lock(1 << 2 | 1 << 7 | 1 << 13),
            MetricAttr::Mtu(1400),
            MetricAttr::Window(30_000),
            MetricAttr::Rtt(8 * 100),
            MetricAttr::RttVar(4 * 50),
            MetricAttr::SsThresh(11),
            MetricAttr::Cwnd(12),
            MetricAttr::AdvMss(1300),
            MetricAttr::Reordering(5),
            MetricAttr::HopLimit(33),
            MetricAttr::InitCwnd(14),
            MetricAttr::Features(RtaxFeatures::ECN),
            MetricAttr::RtoMin(300),
            MetricAttr::InitRwnd(15),
            MetricAttr::QuickAck(1),
            MetricAttr::CcAlgo("reno".into()),
            MetricAttr::FastopenNoCookie(1),
        ]
    );
}

#[test]
fn reads_ipv6_routes() {
    let Some(record) = added("ip -6 route add 2001:db8:3::/48 from") else { return };
    let route = route(record);
    let dst = RouteAddr::Addr(v6("2001:db8:3::").into());
    assert_eq!(route.destination(), Ok(Prefix { addr: dst, len: 48 }));
    let src = route.source().unwrap();
    assert_eq!(src.to_string(), "2001:db8:4::/56");
    assert_eq!(route.get(RouteAttr::Pref), Ok(Some(RouterPref::MEDIUM)));
}

#[test]
fn reads_when_a_route_expires() {
    let command = "ip -6 route add 2001:db8:2::/48 via 2001:db8::fe dev d0 expires 300";
    let Some(record) = added(command) else { return };
    let cache_info = route(record).get(RouteAttr::CacheInfo).unwrap().unwrap().read();
    assert_eq!(cache_info, RtaCacheInfo { expires: 30_000, ..RtaCacheInfo::default() });
    assert_eq!(route(record).get(RouteAttr::Pref), Ok(Some(RouterPref::LOW)));

    let Some(record) = asked("route", command, Rtm::NEWROUTE) else { return };
    assert_eq!(route(record).get(RouteAttr::Expires), Ok(Some(RouteExpires::In(300))));
}

#[test]
fn the_default_route_has_no_destination() {
    for (command, addr) in [
        ("ip route add default", Addr::from(Ipv4Addr::UNSPECIFIED)),
        ("ip -6 route add default", Addr::from(Ipv6Addr::UNSPECIFIED)),
    ] {
        let Some(record) = added(command) else { return };
        assert_eq!(route(record).get(RouteAttr::Dst), Ok(None));
        let all = Prefix { addr: RouteAddr::Addr(addr), len: 0 };
        assert_eq!(route(record).destination(), Ok(all));
        assert_eq!(route(record).source(), Ok(Prefix { addr, len: 0 }));
    }
}

#[test]
fn reads_one_next_hop_or_many() {
    let hops = |record: &'static Record| -> Vec<(i32, u16, RtnhFlags, Option<IpAddr>)> {
        let hops = route(record).next_hops().unwrap().map(Result::unwrap);
        hops.map(|hop| (hop.header.ifindex, hop.weight(), hop.header.flags, hop.gateway().unwrap()))
            .collect()
    };
    let none = RtnhFlags(0);

    let Some(record) = added("ip route add default via") else { return };
    assert_eq!(hops(record), [(10, 1, none, Some(v4("192.0.2.254").into()))]);
    let Some(record) = added("ip route append 203.0.113.128/25") else { return };
    assert_eq!(hops(record), [(11, 1, none, None)]);
    let Some(record) = added("ip route add 203.0.113.128/25 nexthop") else { return };
    assert_eq!(
        hops(record),
        [
            (10, 3, RtnhFlags::ONLINK, Some(v4("192.0.2.253").into())),
            (11, 256, none, Some(v6("2001:db8:1::2").into())),
        ]
    );
    let Some(record) = added("ip -6 route append 2001:db8:5::/48") else { return };
    assert_eq!(
        hops(record),
        [
            (10, 1, none, Some(v6("2001:db8::fb").into())),
            (10, 7, none, Some(v6("2001:db8::fc").into())),
            (11, 1, none, Some(v6("2001:db8:1::fc").into())),
        ]
    );
}

#[test]
fn a_next_hop_can_be_an_object() {
    // With net.ipv4.nexthop_compat_mode=0 the id is all that the kernel tells.
    for record in find("nexthop", "ip route show", Rtm::NEWROUTE) {
        let route = route(record);
        let has_more = attrs(&route)
            .iter()
            .any(|attr| matches!(attr, RouteAttr::Oif(_) | RouteAttr::Multipath(_)));
        let Some(id) = route.get(RouteAttr::NhId).unwrap().filter(|_| !has_more) else { continue };
        let hops: Vec<_> = route.next_hops().unwrap().map(Result::unwrap).collect();
        assert_eq!(hops.len(), 1);
        assert_eq!(hops[0].attrs.get(RouteAttr::NhId), Ok(Some(id)));
        assert_eq!(hops[0].header, RtNextHop::default());
        return;
    }
    if cfg!(target_endian = "little") {
        panic!("no route has only an id");
    }
}

#[test]
fn a_route_that_drops_has_no_next_hop() {
    for command in [
        "ip route add blackhole",
        "ip route add unreachable",
        "ip route add prohibit",
        "ip route add throw",
        "ip -6 route add blackhole", // These lead to the loopback interface.
        "ip -6 route add unreachable",
        "ip -6 route add prohibit",
    ] {
        let Some(record) = added(command) else { return };
        assert_eq!(route(record).next_hops().unwrap().count(), 0, "{command}");
    }
}

#[test]
fn destinations_of_mpls_are_labels() {
    let Some(record) = added("ip -M route add 100 ") else { return };
    let route_100 = route(record);
    let RouteAddr::Labels(labels) = route_100.destination().unwrap().addr else { panic!("an IP") };
    assert_eq!(labels.iter().collect::<Vec<_>>(), [MplsLabel::new(100, true)]);
    let Ok(Some(RouteAddr::Labels(labels))) = route_100.get(RouteAttr::NewDst) else { panic!() };
    assert_eq!(
        labels.iter().collect::<Vec<_>>(),
        [MplsLabel::new(200, false), MplsLabel::new(300, true)]
    );
    assert_eq!(labels.iter().map(MplsLabel::label).collect::<Vec<_>>(), [200, 300]);

    let Some(record) = added("ip -M route add 101 ") else { return };
    assert_eq!(route(record).get(RouteAttr::TtlPropagate), Ok(Some(0)));

    let Some(record) = added("ip -M route add 103 ") else { return };
    let new: Vec<Vec<u32>> = route(record)
        .next_hops()
        .unwrap()
        .map(|hop| match hop.unwrap().attrs.get(RouteAttr::NewDst) {
            Ok(Some(RouteAddr::Labels(labels))) => labels.iter().map(MplsLabel::label).collect(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(new, [vec![400], vec![500, 600]]);
}

/// RFC 3032: 20 bits of label, 3 of traffic class, the bottom bit, 8 of TTL.
#[test]
fn without_a_destination_it_is_all_of_the_family() {
    let mut buf = [0; 64];
    let mut to = |family| match build(&mut buf, family, |_| {}).destination().unwrap().addr {
        RouteAddr::Addr(addr) => addr.to_string(),
        RouteAddr::Labels(labels) => format!("{} labels", labels.iter().count()),
        other => panic!("{other:?}"),
    };
    assert_eq!([2, 10, 128, 129, 28].map(&mut to), ["0.0.0.0", "::", "0.0.0.0", "::", "0 labels"]);
}

#[test]
fn a_label_has_a_class_a_bottom_and_a_ttl() {
    let of = |entry: u32| {
        let label = MplsLabel { entry: Be::new(entry) };
        (label.label(), label.traffic_class(), label.is_bottom(), label.ttl())
    };
    assert_eq!(of(0x1234_5bfe), (0x12345, 5, true, 0xfe));
    assert_eq!(of(0xffff_f000), (0xfffff, 0, false, 0));
    assert_eq!(of(0x0000_0eff), (0, 7, false, 0xff));
    assert_eq!(of(0x0000_0100), (0, 0, true, 0));
    assert_eq!(MplsLabel::new(0x12345, true).entry.get(), 0x1234_5100);
}

#[test]
fn a_gateway_of_another_family_is_no_plain_address() {
    let Some(record) = added("ip route add 203.0.113.2 via inet6") else { return };
    let addr = &v6("2001:db8::2").octets();
    assert_eq!(route(record).get(RouteAttr::Via), Ok(Some(Via { family: 10, addr })));

    // AF_PACKET: an address of the link layer, which no IP address is to be made of.
    let Some(record) = added("ip -M route add 102 via link") else { return };
    let via = Via { family: 17, addr: &[2, 0, 0, 0, 0, 9] };
    assert_eq!(route(record).get(RouteAttr::Via), Ok(Some(via)));
    let hop = route(record).next_hops().unwrap().next().unwrap().unwrap();
    assert_eq!(hop.gateway(), Ok(None));
    assert_eq!(Via { family: 17, addr: &[192, 0, 2, 1] }.ip(), None);
}

#[test]
fn multicast_routes_tell_their_last_use_in_eight_bytes() {
    let Some(record) = said("mroute", "python3 -c 'import socket", Rtm::NEWROUTE) else { return };
    let mroute = route(record);
    assert_eq!((mroute.header.family, mroute.header.protocol), (128, RtProt::MROUTED));
    assert_eq!(mroute.source().unwrap().to_string(), "192.0.2.77/32");
    let counters = RtaMfcStats { packets: 0, bytes: 0, wrong_if: 0 };
    assert_eq!(mroute.get(RouteAttr::MfcStats), Ok(Some(counters)));
    assert!(matches!(mroute.get(RouteAttr::Expires), Ok(Some(RouteExpires::LastUse(_)))));
    assert_eq!(mroute.get(RouteAttr::Iif), Ok(Some(10)));
    let hop = mroute.next_hops().unwrap().next().unwrap().unwrap();
    assert_eq!((hop.header.ifindex, hop.header.hops), (11, 5));

    // Its end comes with an empty list of next hops.
    let Some(record) = said("mroute", "python3 -c 'import socket", Rtm::DELROUTE) else { return };
    assert!(route(record).get(RouteAttr::Multipath).unwrap().is_some());
    assert_eq!(route(record).next_hops().unwrap().count(), 0);
}

#[test]
fn a_lookup_has_ports_in_network_order() {
    let command = "ip route get 203.0.113.129";
    let Some(record) = asked("route", command, Rtm::GETROUTE) else { return };
    let request = route(record);
    assert_eq!(request.get(RouteAttr::Sport), Ok(Some(Be::new(1000))));
    assert_eq!(request.get(RouteAttr::Dport), Ok(Some(Be::new(2000))));
    assert_eq!(request.get(RouteAttr::IpProto), Ok(Some(17)));
    assert_eq!(request.get(RouteAttr::Uid), Ok(Some(5)));
    assert!(request.header.flags.contains(RtmFlags::LOOKUP_TABLE));
    let Some(record) = said("route", command, Rtm::NEWROUTE) else { return };
    assert!(route(record).header.flags.contains(RtmFlags::CLONED));
    assert_eq!(route(record).get(RouteAttr::Mark), Ok(Some(0x12)));
}

/// Builds a route of our own.
fn build<'b>(
    buf: &'b mut [u8],
    family: u8,
    fill: impl FnOnce(&mut Writer<'b, RouteAttr<'static>, Whole>),
) -> Route<'b> {
    let header = RtMsg { family, dst_len: 24, ..RtMsg::default() };
    let mut writer = Route::writer(buf, Rtm::NEWROUTE, NlmFlags(0), &header);
    fill(&mut writer);
    let bytes: &'b [u8] = writer.finish().unwrap();
    Route::parse(Messages::new(bytes).next().unwrap().unwrap()).unwrap()
}

#[test]
fn builds_what_ip_asks_for() {
    let command = "ip route add 203.0.113.128/25 nexthop";
    let Some(record) = asked("route", command, Rtm::NEWROUTE) else { return };
    let theirs = route(record);
    let mut buf = [0xff; 256];
    let mut ours = Route::writer(
        &mut buf,
        Rtm::NEWROUTE,
        record.message().header.flags,
        &RtMsg {
            family: 2,
            dst_len: 25,
            table: 254,
            protocol: RtProt::BOOT,
            kind: Rtn::UNICAST,
            ..RtMsg::default()
        },
    );
    let hop = RtNextHop::default();
    ours.push(RouteAttr::Dst(RouteAddr::Addr(v4("203.0.113.128").into())));
    ours.nest(RouteAttr::Multipath, |hops| {
        let header = RtNextHop { flags: RtnhFlags::ONLINK, hops: 2, ifindex: 10, ..hop };
        hops.hop(&header, |hop| {
            hop.push(RouteAttr::Gateway(v4("192.0.2.253").into())).push(RouteAttr::Flow(5));
        });
        hops.hop(&RtNextHop { hops: 255, ifindex: 11, ..hop }, |hop| {
            hop.push(RouteAttr::Via(Via { family: 10, addr: &v6("2001:db8:1::2").octets() }));
        });
    });
    let ours = Messages::new(ours.finish().unwrap()).next().unwrap().unwrap();
    assert_eq!(ours.header.len, record.message().header.len);
    // `ip` leaves what happens to be there in the padding: not the bytes are compared.
    assert_eq!(format!("{:?}", Route::parse(ours).unwrap()), format!("{theirs:?}"));
}

/// The bytes of an attribute.
fn nla(kind: u16, payload: &[u8]) -> Vec<u8> {
    let len = (4 + payload.len()) as u16;
    let mut bytes = [&len.to_ne_bytes()[..], &kind.to_ne_bytes(), payload].concat();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// The bytes of a next hop that says it is so long.
fn hop(len: u16, ifindex: u32) -> [u8; 8] {
    let ([a, b], [c, d, e, f]) = (len.to_ne_bytes(), ifindex.to_ne_bytes());
    [a, b, 0, 0, c, d, e, f]
}

#[test]
fn a_next_hop_shorter_than_its_header_ends_the_list() {
    let mut buf = [0; 64];
    let route = build(&mut buf, 2, |route| {
        route.push_raw(Nla::new(9, &[hop(8, 7), hop(7, 8)].concat()));
    });
    let hops: Vec<_> = route.next_hops().unwrap().collect();
    assert_eq!(hops[0].unwrap().header.ifindex, 7);
    let error = Error { context: "rtnexthop", offset: 40, kind: ErrorKind::Short(7) };
    assert_eq!(hops[1..], [Err(error)]);
}

#[test]
fn a_route_that_leads_nowhere_has_no_next_hop() {
    let mut buf = [0; 64];
    let route = build(&mut buf, 2, |_| {});
    assert_eq!(route.next_hops().unwrap().count(), 0);
}

#[test]
fn the_state_of_a_single_next_hop_is_that_of_the_route() {
    let mut buf = [0; 64];
    let mut route = build(&mut buf, 2, |route| {
        route.push(RouteAttr::Oif(7));
    });
    route.header.flags = RtmFlags(0x1_0011);
    let hop = route.next_hops().unwrap().next().unwrap().unwrap();
    assert_eq!(hop.header.flags, RtnhFlags::DEAD | RtnhFlags::LINKDOWN);
    assert_eq!((hop.header.ifindex, hop.weight()), (7, 1));
}

#[test]
fn next_hops_are_written_with_the_flags_that_they_had() {
    for flags in [0, Nla::NESTED] {
        let (mut one, mut two) = ([0; 64], [0; 64]);
        let hops = Nla::new(9 | flags, &[8, 0, 0, 0, 0, 0, 0, 0]);
        let route = build(&mut one, 2, |route| {
            route.push_raw(hops);
        });
        let read = route.attrs.iter().next().unwrap().unwrap();
        let again = build(&mut two, 2, |route| {
            route.push(read);
        });
        assert_eq!(again.attrs.raw().next(), Some(Ok(hops)));
    }
}

#[test]
fn a_next_hop_longer_than_its_list_is_truncated() {
    let mut buf = [0; 64];
    let route = build(&mut buf, 2, |route| {
        route.push_raw(Nla::new(9, &hop(256, 7)));
    });
    let error = Error { context: "rtnexthop", offset: 32, kind: ErrorKind::Truncated };
    assert_eq!(route.next_hops().unwrap().collect::<Vec<_>>(), [Err(error)]);
}

/// As the typed one does, the walk ends where a next hop is broken, and tells where that is.
#[test]
fn a_walk_reads_next_hops_up_to_a_broken_one() {
    let list = [hop(8, 3), hop(6, 4), hop(8, 5)].concat();
    for (list, count, kind) in [
        (&list[..], 1, ErrorKind::Short(6)),
        (&hop(9, 3), 0, ErrorKind::Truncated),
        (&[hop(8, 3), hop(20, 4)].concat(), 1, ErrorKind::Truncated),
        (&hop(0, 3), 0, ErrorKind::Short(0)),
    ] {
        let mut buf = [0; 128];
        let bytes = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &RtMsg::default())
            .push_raw(Nla::new(9, list))
            .finish()
            .unwrap();
        let entry = Walk::rtnl(read(bytes)).next().unwrap().unwrap();
        let Content::Records(records) = entry.content() else { panic!("{entry:?}") };
        let found: Vec<_> = records.collect();
        assert_eq!((found.len(), found.iter().flatten().count()), (count + 1, count));
        let offset = 32 + 8 * count as u32;
        let error = found.last().unwrap().as_ref().unwrap_err();
        assert_eq!(*error, Error { context: "rtnexthop", offset, kind });
    }
    // Less than a header is padding.
    let mut buf = [0; 128];
    let bytes = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &RtMsg::default())
        .push_raw(Nla::new(9, &[&hop(8, 3)[..], &[8, 0, 0, 0]].concat()))
        .finish()
        .unwrap();
    let entry = Walk::rtnl(read(bytes)).next().unwrap().unwrap();
    let Content::Records(records) = entry.content() else { panic!("{entry:?}") };
    assert_eq!(records.map(|record| record.unwrap().bytes.len()).collect::<Vec<_>>(), [8]);
}

/// The type of an attribute that another one chooses, wherever that one stands.
#[test]
fn a_walk_knows_how_a_route_encapsulates() {
    let ttl = nla(2, &[9]);
    for (attrs, expected) in [
        (vec![(21, &[1, 0][..]), (22, &ttl)], "RTA_ENCAP/MPLS_IPTUNNEL_TTL"),
        (vec![(22, &ttl), (21, &[1, 0])], "RTA_ENCAP/MPLS_IPTUNNEL_TTL"),
        // The last one counts.
        (vec![(22, &ttl), (21, &[1, 0]), (21, &[2, 0])], "RTA_ENCAP/LWTUNNEL_IP_DST"),
        (vec![(20, &[1, 0]), (21, &[99, 0]), (22, &ttl)], "RTA_ENCAP"),
        (vec![(20, &[1, 0]), (22, &ttl)], "RTA_ENCAP"),
    ] {
        let mut buf = [0; 128];
        let mut writer = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &RtMsg::default());
        for (code, payload) in attrs {
            // The number in the byte order of this machine.
            let number = u16::from_le_bytes([payload[0], payload[1]]).to_ne_bytes();
            writer.push_raw(Nla::new(code, if code == 22 { payload } else { &number }));
        }
        let message = read(writer.finish().unwrap());
        let encap = Walk::rtnl(message).flatten().find(|entry| entry.nla.code() == 22).unwrap();
        assert_eq!(path(Walk::rtnl(message), encap.nla.offset() + 8).to_string(), expected);
        assert_eq!(Walk::rtnl(message).schema().map(|set| set.name), Some("route-attrs"));
    }
}

/// An error of the kernel tells a byte: it is in an attribute of one of the next hops, or in none.
#[test]
fn each_byte_of_a_next_hop_is_found() {
    let mut buf = [0; 256];
    let bytes = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &RtMsg::default())
        .push(RouteAttr::Priority(1))
        .nest(RouteAttr::Multipath, |list| {
            for n in [1, 2, 3] {
                list.hop(&RtNextHop { ifindex: n, ..RtNextHop::default() }, |hop| {
                    hop.push(RouteAttr::Gateway([192, 0, 2, n as u8].into()));
                    hop.push(RouteAttr::Flow(n as u32));
                });
            }
        })
        .finish()
        .unwrap();
    let route = Route::parse(read(bytes)).unwrap();
    let hops: Vec<_> = route.next_hops().unwrap().map(Result::unwrap).collect();
    assert_eq!(hops.len(), 3);
    let inner: Vec<_> = hops.iter().flat_map(|hop| hop.attrs.raw()).map(Result::unwrap).collect();
    for at in 36..bytes.len() as u32 {
        let found: Vec<_> = path(Walk::rtnl(read(bytes)), at).map(|entry| entry.nla).collect();
        assert_eq!(found[0].code(), 9, "{at}");
        let expected = inner.iter().find(|nla| nla.contains(at)).copied();
        assert_eq!(found.get(1).copied(), expected, "{at}");
    }
    let shown = path(Walk::rtnl(read(bytes)), bytes.len() as u32 - 1).to_string();
    assert_eq!(shown, "RTA_MULTIPATH/RTA_FLOW");
}

#[test]
fn more_next_hops_than_an_attribute_holds_are_refused() {
    let mut buf = vec![0; 128 << 10];
    let header = RtMsg { family: 2, ..RtMsg::default() };
    let mut writer = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &header);
    writer.nest(RouteAttr::Multipath, |hops| {
        for ifindex in 0..10_000 {
            hops.hop(&RtNextHop { ifindex, ..RtNextHop::default() }, |_| {});
        }
    });
    let error = writer.finish().unwrap_err();
    assert_eq!((error.kind, error.offset), (ErrorKind::TooLong, 28));
}

#[test]
fn a_payload_of_64_kib_is_refused() {
    for (len, fits) in [(65_531, true), (65_532, false), (65_536, false), (131_072, false)] {
        let payload = vec![7; len];
        let mut buf = vec![0; 256 << 10];
        let header = RtMsg { family: 2, ..RtMsg::default() };
        let built = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &header)
            .push(RouteAttr::ProtoInfo(&payload))
            .finish()
            .map(|message| message.len());
        let error = Error { context: "nlattr", offset: 28, kind: ErrorKind::TooLong };
        assert_eq!(built, if fits { Ok(65_564) } else { Err(error) }, "{len}");
    }
}

#[test]
fn one_bad_attribute_costs_itself_alone() {
    let mut buf = [0; 128];
    let route = build(&mut buf, 2, |route| {
        route.push(RouteAttr::Oif(3));
        route.push_raw(Nla::new(18, &[1])); // RTA_VIA has a family of two bytes.
        route.push_raw(Nla::new(16, &[1, 2])); // RTA_MARK has four bytes.
        route.push(RouteAttr::Priority(7));
    });
    assert_eq!(route.get(RouteAttr::Oif), Ok(Some(3)));
    assert_eq!(route.get(RouteAttr::Priority), Ok(Some(7)));
    let error = Error { context: "RTA_VIA", offset: 36, kind: ErrorKind::Length(1) };
    assert_eq!(route.get(RouteAttr::Via), Err(error));
    assert_eq!(route.attrs.iter().filter(Result::is_err).count(), 2);
}
