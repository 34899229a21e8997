//! Encapsulations, as kernels and `ip` sent them. `data/README.md` tells how they
//! were recorded.

use std::net::{Ipv4Addr, Ipv6Addr};

use netlink_captures::{Record, asked, said};
use netlink_wire::{
    Attribute, Attrs, Be, ErrorKind, Header, Messages, Multi, Nla, NlmFlags, Rtm, Whole, Writer,
    nexthop::{Nexthop, NexthopAttr, NexthopEncap, NhMsg},
    route::{
        Encap, LwtunnelEncap, MplsLabel, NextHop, Route, RouteAttr, RtMsg, RtNextHop,
        encap::{
            ErspanOptAttr, GeneveOpt, GeneveOptAttr, IlaAttr, IlaAtype, IlaCsum, IlaHook,
            Ioam6Attr, Ioam6IptunnelMode, Ioam6TraceHdr, Ip6EncapAttr, IpEncapAttr, IpOptsAttr,
            Ipv6RplSrHdr, Ipv6SrHdr, LwtBpfAttr, LwtBpfProgAttr, MplsEncapAttr, RplAttr, Seg6Attr,
            Seg6IptunMode, Seg6LocalAction, Seg6LocalAttr, Seg6LocalBpfAttr, Seg6LocalCntAttr,
            Seg6LocalFlvAttr, Seg6LocalFlvOp, Sr6Flags, Sr6TlvKind, TunnelFlags, VxlanOptAttr,
            XfrmEncapAttr,
        },
    },
};

fn v6(text: &str) -> Ipv6Addr {
    text.parse().unwrap()
}

fn encap(record: &'static Record) -> Encap<'static> {
    let route = Route::parse(record.message()).unwrap();
    Encap::of(route.attrs).unwrap().unwrap()
}

/// What a kernel told of the route that a command made.
fn added(command: &str) -> Option<Encap<'static>> {
    said("encap", command, Rtm::NEWROUTE).map(encap)
}

/// The same of the request, for what no kernel at hand supports.
fn requested(command: &str) -> Option<Encap<'static>> {
    asked("encap", command, Rtm::NEWROUTE).map(encap)
}

/// What is in an encapsulation. The test ends if there is none in this
/// machine's byte order, and fails if it is of another type.
macro_rules! the {
    ($encap:expr, $Variant:path) => {
        match $encap {
            Some($Variant(attrs)) => attrs,
            Some(other) => panic!("{other:?}"),
            None => return,
        }
    };
}

fn list<'a, A: Attribute<'a>>(attrs: Attrs<'a, A>) -> Vec<A> {
    attrs.iter().collect::<Result<_, _>>().unwrap()
}

/// The payload of an encapsulation that is built by `fill`.
fn payload(fill: impl FnOnce(&mut Writer<'_, RouteAttr<'static>, Whole>)) -> Vec<u8> {
    let mut buf = [0xff; 1024];
    let mut writer = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &RtMsg::default());
    fill(&mut writer);
    let message = Messages::new(writer.finish().unwrap()).next().unwrap().unwrap();
    let route = Route::parse(message).unwrap();
    route.get(RouteAttr::Encap).unwrap().unwrap().raw().payload().to_vec()
}

fn sent(record: &Record) -> Vec<u8> {
    let route = Route::parse(record.message()).unwrap();
    route.get(RouteAttr::Encap).unwrap().unwrap().raw().payload().to_vec()
}

#[test]
fn mpls() {
    let mpls = the!(added("ip route add 203.0.113.1 "), Encap::Mpls);
    let labels: Vec<_> = mpls.get(MplsEncapAttr::Dst).unwrap().unwrap().iter().collect();
    assert_eq!(labels, [MplsLabel::new(100, false), MplsLabel::new(200, true)]);
    assert_eq!(mpls.get(MplsEncapAttr::Ttl), Ok(Some(64)));
}

#[test]
fn ip() {
    let ip = the!(added("ip route add 203.0.113.3 "), Encap::Ip);
    let flags = TunnelFlags::KEY | TunnelFlags::CSUM;
    // Some kernels align numbers of eight bytes.
    let attrs = list(ip).into_iter().filter(|attr| !matches!(attr, IpEncapAttr::Pad(_)));
    assert_eq!(
        attrs.collect::<Vec<_>>(),
        [
            IpEncapAttr::Id(Be::new(4242)),
            IpEncapAttr::Dst(Ipv4Addr::new(192, 0, 2, 9)),
            IpEncapAttr::Src(Ipv4Addr::new(192, 0, 2, 1)),
            IpEncapAttr::Tos(6),
            IpEncapAttr::Ttl(5),
            IpEncapAttr::Flags(Be::new(flags.0)),
        ]
    );
}

#[test]
fn ip6() {
    let ip6 = the!(added("ip -6 route add 2001:db8:1::/48"), Encap::Ip6);
    let attrs = list(ip6).into_iter().filter(|attr| !matches!(attr, Ip6EncapAttr::Pad(_)));
    assert_eq!(
        attrs.collect::<Vec<_>>(),
        [
            Ip6EncapAttr::Id(Be::new(4247)),
            Ip6EncapAttr::Dst(v6("2001:db8::9")),
            Ip6EncapAttr::Src(v6("2001:db8::1")),
            Ip6EncapAttr::Tc(8),
            Ip6EncapAttr::HopLimit(7),
            Ip6EncapAttr::Flags(Be::new(TunnelFlags::SEQ.0)),
        ]
    );
}

#[test]
fn geneve_options_of_requests_and_of_the_kernel() {
    let options = [
        GeneveOpt { class: 0x0102, kind: 0x80, data: &[1, 2, 3, 4] },
        GeneveOpt { class: 0x0103, kind: 1, data: &[10, 11, 12, 13, 14, 15, 16, 17] },
    ];
    let command = "ip route add 203.0.113.4 ";
    for (encap, nests) in [(added(command), 1), (requested(command), 2)] {
        let ip = the!(encap, Encap::Ip);
        let opts = ip.get(IpEncapAttr::Opts).unwrap().unwrap();
        assert_eq!(opts.all(IpOptsAttr::Geneve).count(), nests);
        let read: Vec<_> = IpOptsAttr::geneve(opts).map(Result::unwrap).collect();
        assert_eq!(read, options);
    }
    let ip = the!(added(command), Encap::Ip);
    let flags = ip.get(IpEncapAttr::Flags).unwrap().unwrap();
    assert_eq!(TunnelFlags(flags.get()), TunnelFlags::GENEVE_OPT);
}

#[test]
fn geneve_options_are_built_as_ip_builds_them() {
    let ours = payload(|route| {
        route.select_nest(Encap::Ip, |ip| {
            ip.push(IpEncapAttr::Id(Be::new(4243)));
            ip.push(IpEncapAttr::Dst(Ipv4Addr::new(192, 0, 2, 9)));
            ip.nest(IpEncapAttr::Opts, |opts| {
                for (class, kind, data) in [
                    (0x0102, 0x80, &[1, 2, 3, 4][..]),
                    (0x0103, 1, &[10, 11, 12, 13, 14, 15, 16, 17]),
                ] {
                    opts.nest(IpOptsAttr::Geneve, |opt| {
                        opt.push(GeneveOptAttr::Class(Multi(Be::new(class))));
                        opt.push(GeneveOptAttr::Type(Multi(kind)));
                        opt.push(GeneveOptAttr::Data(Multi(data)));
                    });
                }
            });
        });
    });
    let route = RtMsg { family: 2, ..RtMsg::default() };
    let mut buf = [0; 256];
    let message = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &route)
        .push_raw(Nla::new(22, &ours))
        .push(RouteAttr::EncapType(LwtunnelEncap::IP))
        .finish()
        .unwrap();
    let route = Route::parse(Messages::new(message).next().unwrap().unwrap()).unwrap();
    let Ok(Some(Encap::Ip(ours))) = Encap::of(route.attrs) else { panic!() };
    let theirs = the!(requested("ip route add 203.0.113.4 "), Encap::Ip);
    // `ip` leaves what happens to be there in the padding: not the bytes are compared.
    assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
}

#[test]
fn a_broken_geneve_option_is_told() {
    let mut buf = [0; 64];
    let mut writer = Writer::<IpOptsAttr<'static>, Whole>::new(&mut buf, 0, NlmFlags(0), &[0u8; 0]);
    writer.nest(IpOptsAttr::Geneve, |opt| {
        opt.push(GeneveOptAttr::Class(Multi(Be::new(0x0102))));
        opt.push_raw(Nla::new(2, &[9, 9])); // The type has one byte.
    });
    let bytes = writer.finish().unwrap();
    let opts = Attrs::<IpOptsAttr<'_>>::new(&bytes[size_of::<Header>()..], 0);
    let read: Vec<_> = IpOptsAttr::geneve(opts).collect();
    let [Err(error)] = read[..] else { panic!("{read:?}") };
    assert_eq!(error.kind, ErrorKind::Length(2));
    assert_eq!(error.context, "LWTUNNEL_IP_OPT_GENEVE_TYPE");
}

#[test]
fn vxlan_and_erspan_options() {
    if added("ip route add 203.0.113.5 ").is_none() {
        return;
    }
    let opts = |command| match added(command) {
        Some(Encap::Ip(ip)) => list(ip.get(IpEncapAttr::Opts).unwrap().unwrap())[0],
        other => panic!("{other:?}"),
    };
    let IpOptsAttr::Vxlan(vxlan) = opts("ip route add 203.0.113.5 ") else { panic!() };
    assert_eq!(list(vxlan), [VxlanOptAttr::Gbp(0x1234)]);
    let IpOptsAttr::Erspan(erspan) = opts("ip route add 203.0.113.6 ") else { panic!() };
    assert_eq!(list(erspan), [ErspanOptAttr::Ver(1), ErspanOptAttr::Index(Be::new(0x12345))]);
    let IpOptsAttr::Erspan(erspan) = opts("ip route add 203.0.113.7 ") else { panic!() };
    assert_eq!(
        list(erspan),
        [ErspanOptAttr::Ver(2), ErspanOptAttr::Dir(1), ErspanOptAttr::HwId(0x21)]
    );
}

#[test]
fn seg6() {
    let seg6 = the!(added("ip -6 route add 2001:db8:3::/48"), Encap::Seg6);
    let encap = seg6.get(Seg6Attr::Srh).unwrap().unwrap();
    assert_eq!(encap.mode, Seg6IptunMode::ENCAP);
    let header = Ipv6SrHdr {
        hdrlen: 6,
        kind: 4,
        segments_left: 2,
        first_segment: 2,
        ..Ipv6SrHdr::default()
    };
    assert_eq!(encap.srh.header, header);
    let segments = ["2001:db8:f::3", "2001:db8:f::2", "2001:db8:f::1"].map(v6);
    assert_eq!(encap.srh.segments().iter().collect::<Vec<_>>(), segments);
    assert_eq!(encap.srh.tlvs().count(), 0);

    let mode = |command| match added(command) {
        Some(Encap::Seg6(seg6)) => seg6.get(Seg6Attr::Srh).unwrap().unwrap().mode,
        other => panic!("{other:?}"),
    };
    assert_eq!(mode("ip -6 route add 2001:db8:4::/48").word(), Some("inline"));
    assert_eq!(mode("ip -6 route add 2001:db8:5::/48").word(), Some("l2encap"));
    assert_eq!(mode("ip -6 route add 2001:db8:6::/48").word(), Some("encap.red"));
    // IPv4 packets go along IPv6 segments, too.
    assert_eq!(mode("ip route add 203.0.113.8 "), Seg6IptunMode::ENCAP);
}

#[test]
fn seg6_with_an_hmac() {
    let seg6 = the!(requested("ip -6 route add 2001:db8:7::/48"), Encap::Seg6);
    let srh = seg6.get(Seg6Attr::Srh).unwrap().unwrap().srh;
    assert_eq!(srh.header.flags, Sr6Flags::HMAC);
    assert_eq!(srh.segments().iter().collect::<Vec<_>>(), [v6("2001:db8:f::1")]);
    let tlvs: Vec<_> = srh.tlvs().collect();
    assert_eq!(tlvs.len(), 1);
    assert_eq!((tlvs[0].kind, tlvs[0].data.len()), (Sr6TlvKind::HMAC, 38));
    assert_eq!(tlvs[0].data[2..6], 17u32.to_be_bytes());
}

#[test]
fn seg6_with_a_source() {
    let seg6 = the!(requested("ip -6 route add 2001:db8:8::/48"), Encap::Seg6);
    assert_eq!(seg6.get(Seg6Attr::Src), Ok(Some(v6("2001:db8::1"))));
}

#[test]
fn segments_are_built_as_ip_builds_them() {
    let segments = ["2001:db8:f::1", "2001:db8:f::2", "2001:db8:f::3"].map(v6);
    let Some(record) = asked("encap", "ip -6 route add 2001:db8:3::/48", Rtm::NEWROUTE) else {
        return;
    };
    let ours = payload(|route| {
        route.select_nest(Encap::Seg6, |seg6| {
            seg6.push_srh(Seg6IptunMode::ENCAP, &segments);
        });
    });
    assert_eq!(ours, sent(record));

    let segments = ["2001:db8:f::1", "2001:db8:f::2", "::"].map(v6);
    let Some(record) = asked("encap", "ip -6 route add 2001:db8:10::c", Rtm::NEWROUTE) else {
        return;
    };
    let ours = payload(|route| {
        route.select_nest(Encap::Seg6Local, |seg6| {
            seg6.push(Seg6LocalAttr::Action(Seg6LocalAction::END_B6)).push_srh(&segments);
        });
    });
    assert_eq!(ours, sent(record));

    let ours = payload(|route| {
        route.select_nest(Encap::Seg6, |seg6| {
            seg6.push_srh(Seg6IptunMode::ENCAP, &[]);
        });
    });
    assert_eq!(ours[ours.len() - 8..], [0, 0, 4, 0, 0, 0, 0, 0], "none is left");

    // Here `ip` has them the other way round.
    let addresses = ["2001:db8:f::2", "2001:db8:f::1"].map(v6);
    let Some(record) = asked("encap", "ip -6 route add 2001:db8:11::/48", Rtm::NEWROUTE) else {
        return;
    };
    let ours = payload(|route| {
        route.select_nest(Encap::Rpl, |rpl| {
            rpl.push_srh(&addresses);
        });
    });
    assert_eq!(ours, sent(record));
}

#[test]
fn more_segments_than_a_header_counts_are_refused() {
    for (count, fits) in [(0, true), (127, true), (128, false), (5000, false)] {
        let segments = vec![v6("2001:db8::1"); count];
        let mut buf = vec![0; 128 << 10];
        let mut writer = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &RtMsg::default());
        writer.select_nest(Encap::Seg6, |seg6| {
            seg6.push_srh(Seg6IptunMode::ENCAP, &segments);
        });
        let built = writer.finish().map_err(|error| error.kind).map(|message| message.len());
        let len = 16 + 12 + 8 + 4 + 4 + 4 + 8 + 16 * count;
        assert_eq!(built, if fits { Ok(len) } else { Err(ErrorKind::TooLong) }, "{count}");
    }
}

#[test]
fn a_segment_routing_header_tells_more_than_it_has() {
    // first_segment says 256 segments; there is one, and half of another.
    let mut bytes = vec![0, 6, 4, 0, 255, 0, 0, 0];
    bytes.extend([7; 24]);
    let payload = [&1i32.to_ne_bytes()[..], &bytes].concat();
    let Ok(Seg6Attr::Srh(encap)) = Seg6Attr::parse(Nla::new(1, &payload)) else { panic!() };
    assert_eq!(encap.srh.segments().iter().count(), 1);
    assert_eq!(encap.srh.tlvs().count(), 0);
    // An option that is cut off.
    let mut bytes = vec![0, 3, 4, 0, 0, 0, 0, 0];
    bytes.extend([7; 16]);
    bytes.extend([5, 1, 9, 4, 200, 0]);
    let payload = [&1i32.to_ne_bytes()[..], &bytes].concat();
    let Ok(Seg6Attr::Srh(encap)) = Seg6Attr::parse(Nla::new(1, &payload)) else { panic!() };
    let tlvs: Vec<_> = encap.srh.tlvs().map(|tlv| (tlv.kind, tlv.data)).collect();
    assert_eq!(tlvs, [(Sr6TlvKind::HMAC, &[9][..])]);
    // Less than the fixed part.
    let error = Seg6Attr::parse(Nla::new(1, &payload[..11])).unwrap_err();
    assert_eq!(error.to_string(), "SEG6_IPTUNNEL_SRH at byte 0: unexpected length of 11 bytes");
}

#[test]
fn seg6_local() {
    if added("ip -6 route add 2001:db8:10::1 ").is_none() {
        return;
    }
    let local = |address: &str| match added(&format!("ip -6 route add 2001:db8:10::{address} ")) {
        Some(Encap::Seg6Local(local)) => list(local),
        other => panic!("{other:?}"),
    };
    let action = Seg6LocalAttr::Action;
    assert_eq!(local("4"), [action(Seg6LocalAction::END_X), Seg6LocalAttr::Nh6(v6("2001:db8::9"))]);
    assert_eq!(local("5"), [action(Seg6LocalAction::END_T), Seg6LocalAttr::Table(300)]);
    assert_eq!(local("6"), [action(Seg6LocalAction::END_DX2), Seg6LocalAttr::Oif(10)]);
    assert_eq!(
        local("7"),
        [action(Seg6LocalAction::END_DX6), Seg6LocalAttr::Nh6(v6("2001:db8::9"))]
    );
    let nh4 = Ipv4Addr::new(192, 0, 2, 9);
    assert_eq!(local("8"), [action(Seg6LocalAction::END_DX4), Seg6LocalAttr::Nh4(nh4)]);
    assert_eq!(local("9"), [action(Seg6LocalAction::END_DT6), Seg6LocalAttr::Table(300)]);
    assert_eq!(local("a"), [action(Seg6LocalAction::END_DT4), Seg6LocalAttr::VrfTable(500)]);
    assert_eq!(local("b"), [action(Seg6LocalAction::END_DT46), Seg6LocalAttr::VrfTable(500)]);

    let [first, Seg6LocalAttr::Srh(srh)] = local("c")[..] else { panic!() };
    assert_eq!(first, action(Seg6LocalAction::END_B6));
    let segments = ["::", "2001:db8:f::2", "2001:db8:f::1"].map(v6);
    assert_eq!(srh.segments().iter().collect::<Vec<_>>(), segments);

    let [_, Seg6LocalAttr::Counters(counters)] = local("1")[..] else { panic!() };
    assert_eq!(
        list(counters),
        [Seg6LocalCntAttr::Packets(0), Seg6LocalCntAttr::Bytes(0), Seg6LocalCntAttr::Errors(0)]
    );
    let [_, Seg6LocalAttr::Flavors(flavors)] = local("3")[..] else { panic!() };
    assert_eq!(
        list(flavors),
        [
            Seg6LocalFlvAttr::Operation(Seg6LocalFlvOp::NEXT_CSID),
            Seg6LocalFlvAttr::LcBlockBits(48),
            Seg6LocalFlvAttr::LcNodeFnBits(16),
        ]
    );
    let psp = the!(added("ip -6 route add 2001:db8:10::2 "), Encap::Seg6Local);
    let flavors = psp.get(Seg6LocalAttr::Flavors).unwrap().unwrap();
    assert_eq!(list(flavors), [Seg6LocalFlvAttr::Operation(Seg6LocalFlvOp::PSP)]);
}

#[test]
fn bpf() {
    let records = netlink_captures::find("encap", "python3 -c 'import ctypes", Rtm::NEWROUTE);
    let (mut names, mut headroom) = (Vec::new(), None);
    for record in records {
        match encap(record) {
            Encap::Bpf(bpf) => {
                for attr in list(bpf) {
                    match attr {
                        LwtBpfAttr::In(prog) | LwtBpfAttr::Out(prog) | LwtBpfAttr::Xmit(prog) => {
                            names.push(prog.get(LwtBpfProgAttr::Name).unwrap().unwrap().to_str());
                        }
                        LwtBpfAttr::XmitHeadroom(bytes) => headroom = Some(bytes),
                        other => panic!("{other:?}"),
                    }
                }
            }
            Encap::Seg6Local(local) => {
                let prog = local.get(Seg6LocalAttr::Bpf).unwrap().unwrap();
                names.push(prog.get(Seg6LocalBpfAttr::ProgName).unwrap().unwrap().to_str());
                assert!(prog.get(Seg6LocalBpfAttr::Prog).unwrap().is_some());
            }
            other => panic!("{other:?}"),
        }
    }
    if names.is_empty() && cfg!(target_endian = "big") {
        return eprintln!("skipped: no BPF programs in this byte order");
    }
    for name in ["in", "out", "xmit", "end"] {
        // The request, and what the kernel made of it.
        assert!(names.iter().filter(|known| **known == Some(name)).count() >= 2, "{names:?}");
    }
    assert_eq!(headroom, Some(20));
}

#[test]
fn ila() {
    let ila = the!(added("ip -6 route add 2001:db8:15:"), Encap::Ila);
    assert_eq!(
        list(ila),
        [
            IlaAttr::Locator(Be::new(0x0001_0002_0003_0004)),
            IlaAttr::CsumMode(IlaCsum::ADJUST_TRANSPORT),
            IlaAttr::IdentType(IlaAtype::LUID),
            IlaAttr::HookType(IlaHook::ROUTE_OUTPUT),
        ]
    );
}

#[test]
fn rpl() {
    let built = payload(|route| {
        route.select_nest(Encap::Rpl, |rpl| {
            rpl.push_srh(&[v6("2001:db8::1"); 3]);
        });
    });
    assert_eq!(built[built.len() - 56..][..8], [0, 6, 3, 3, 0, 0, 0, 0]);

    let rpl = the!(requested("ip -6 route add 2001:db8:11::/48"), Encap::Rpl);
    let srh = rpl.get(RplAttr::Srh).unwrap().unwrap();
    let header = Ipv6RplSrHdr { hdrlen: 4, kind: 3, segments_left: 2, ..Ipv6RplSrHdr::default() };
    assert_eq!(srh.header, header);
    let addresses = ["2001:db8:f::2", "2001:db8:f::1"].map(v6);
    assert_eq!(srh.addresses().iter().collect::<Vec<_>>(), addresses);
}

#[test]
fn ioam6() {
    let ioam6 = the!(requested("ip -6 route add 2001:db8:12::/48"), Encap::Ioam6);
    let trace = Ioam6TraceHdr {
        namespace_id: Be::new(258),
        nodelen: 0,
        remlen: 3,
        kind: Be::new(0x8000_0100),
    };
    assert_eq!(
        list(ioam6),
        [
            Ioam6Attr::FreqK(1),
            Ioam6Attr::FreqN(1),
            Ioam6Attr::Mode(Ioam6IptunnelMode::INLINE),
            Ioam6Attr::Trace(trace),
        ]
    );
    let ioam6 = the!(requested("ip -6 route add 2001:db8:14::/48"), Encap::Ioam6);
    assert_eq!(ioam6.get(Ioam6Attr::Mode), Ok(Some(Ioam6IptunnelMode::AUTO)));
    assert_eq!(ioam6.get(Ioam6Attr::Src), Ok(Some(v6("2001:db8::1"))));
    assert_eq!(ioam6.get(Ioam6Attr::Dst), Ok(Some(v6("2001:db8::9"))));
    let ioam6 = the!(requested("ip -6 route add 2001:db8:13::/48"), Encap::Ioam6);
    assert_eq!(ioam6.get(Ioam6Attr::FreqK), Ok(Some(2)));
    assert_eq!(ioam6.get(Ioam6Attr::FreqN), Ok(Some(5)));
}

#[test]
fn xfrm() {
    let xfrm = the!(requested("ip -6 route add 2001:db8:16::/48"), Encap::Xfrm);
    assert_eq!(list(xfrm), [XfrmEncapAttr::IfId(5), XfrmEncapAttr::Link(10)]);
}

fn kinds(hops: impl Iterator<Item = NextHop<'static>>) -> Vec<Option<LwtunnelEncap>> {
    use netlink_wire::Select;
    hops.map(|hop| hop.encap().unwrap().and_then(|encap| encap.key())).collect()
}

/// The kernel sends the type after the data, `ip` too; a type may also come first.
#[test]
fn next_hops_have_their_own_encapsulation() {
    let commands = [
        ("ip route add 203.0.113.9 ", [LwtunnelEncap::MPLS, LwtunnelEncap::IP]),
        ("ip -6 route add 2001:db8:17::/48", [LwtunnelEncap::MPLS, LwtunnelEncap::SEG6]),
    ];
    for (command, expected) in commands {
        let Some(record) = said("encap", command, Rtm::NEWROUTE) else { return };
        let route = Route::parse(record.message()).unwrap();
        let hops = route.next_hops().unwrap().map(Result::unwrap);
        assert_eq!(kinds(hops), expected.map(Some));
    }

    let mut buf = [0; 256];
    let mut writer = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &RtMsg::default());
    writer.nest(RouteAttr::Multipath, |hops| {
        hops.hop(&RtNextHop::default(), |hop| {
            hop.select_nest(Encap::Mpls, |mpls| {
                mpls.push_packed(MplsEncapAttr::Dst, &[MplsLabel::new(100, true)]);
            });
        });
        hops.hop(&RtNextHop::default(), |_| {});
    });
    let message = writer.finish().unwrap();
    let route = Route::parse(Messages::new(message).next().unwrap().unwrap()).unwrap();
    let encaps: Vec<_> = route.next_hops().unwrap().map(|hop| hop.unwrap().encap()).collect();
    let Ok(Some(Encap::Mpls(mpls))) = encaps[0] else { panic!("{encaps:?}") };
    let labels = mpls.get(MplsEncapAttr::Dst).unwrap().unwrap();
    assert_eq!(labels.iter().map(MplsLabel::label).collect::<Vec<_>>(), [100]);
    assert_eq!(encaps[1], Ok(None));
}

#[test]
fn nexthop_objects_have_one_too() {
    let command = "ip nexthop add id 6 ";
    let Some(record) = asked("nexthop", command, Rtm::NEWNEXTHOP) else { return };
    let requested = Nexthop::parse(record.message()).unwrap();
    let Some(record) = said("nexthop", command, Rtm::NEWNEXTHOP) else { return };
    let told = Nexthop::parse(record.message()).unwrap();
    for nexthop in [requested, told] {
        assert_eq!(nexthop.get(NexthopAttr::EncapType), Ok(Some(LwtunnelEncap::MPLS)));
        let Ok(Some(Encap::Mpls(mpls))) = nexthop.encap() else { panic!() };
        let labels = mpls.get(MplsEncapAttr::Dst).unwrap().unwrap();
        assert_eq!(labels.iter().map(MplsLabel::label).collect::<Vec<_>>(), [100, 200]);
    }
}

#[test]
fn nexthop_objects_are_built_with_the_type_first() {
    let mut buf = [0; 128];
    let mut writer = Nexthop::writer(&mut buf, Rtm::NEWNEXTHOP, NlmFlags(0), &NhMsg::default());
    writer.select_nest(
        |seg6| NexthopEncap(Encap::Seg6(seg6)),
        |seg6| {
            seg6.push_srh(Seg6IptunMode::ENCAP, &[v6("2001:db8:f::1")]);
        },
    );
    let message = Messages::new(writer.finish().unwrap()).next().unwrap().unwrap();
    let nexthop = Nexthop::parse(message).unwrap();
    let codes: Vec<_> = nexthop.attrs.raw().map(|nla| nla.unwrap().code()).collect();
    assert_eq!(codes, [7, 8]);
    let Ok(Some(Encap::Seg6(seg6))) = nexthop.encap() else { panic!() };
    let srh = seg6.get(Seg6Attr::Srh).unwrap().unwrap().srh;
    assert_eq!(srh.segments().iter().collect::<Vec<_>>(), [v6("2001:db8:f::1")]);

    // The same, of what was read.
    let mut buf = [0; 128];
    let mut again = Nexthop::writer(&mut buf, Rtm::NEWNEXTHOP, NlmFlags(0), &NhMsg::default());
    let again = again.select(NexthopEncap(Encap::Seg6(seg6))).finish().unwrap();
    assert_eq!(Messages::new(again).next().unwrap().unwrap(), message);

    // As `ip` has it, but for the order.
    let command = "ip nexthop add id 7 encap seg6";
    let Some(record) = asked("nexthop", command, Rtm::NEWNEXTHOP) else { return };
    let theirs = Nexthop::parse(record.message()).unwrap();
    assert_eq!(nexthop.get(NexthopAttr::Encap), theirs.get(NexthopAttr::Encap));
}

#[test]
fn an_unknown_encapsulation_is_kept() {
    let mut buf = [0; 64];
    let message = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &RtMsg::default())
        .push_raw(Nla::new(
            22,
            &[&[8u16, 1].map(u16::to_ne_bytes).concat()[..], &[1, 2, 3, 4]].concat(),
        ))
        .push(RouteAttr::EncapType(LwtunnelEncap(99)))
        .finish()
        .unwrap();
    let route = Route::parse(Messages::new(message).next().unwrap().unwrap()).unwrap();
    let Ok(Some(Encap::Unknown(data))) = Encap::of(route.attrs) else { panic!() };
    assert_eq!(data.nested().next(), Some(Ok(Nla::new(1, &[1, 2, 3, 4]))));
}
