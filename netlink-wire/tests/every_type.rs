//! Every message type of `NETLINK_ROUTE` is read: those that few tools meet as well.

use netlink_wire::{
    Addr, ErrorKind, Family, Header, Messages, Nla, Nlas, NlmFlags, Rtm, Rtnl, Whole, Writer,
    addr::{AddrAttr, Address, IfAddrMsg},
    cache_report::{CacheReport, CacheReportAttr, IgmpMsg},
    dcb::{Dcb, DcbMsg},
    nduseropt::{NdUserOpt, NdUserOptAttr, NdUserOptMsg},
    nsid::RtGenMsg,
    tc::{Actions, ActionsAttr, TcActFlag, TcActFlags, TcaMsg},
    walk::Walk,
};

/// What the headers of Linux 7.2 have.
const UAPI: &str = include_str!("facts/uapi.txt");

/// Names that stand among the types, and are none.
const NO_TYPES: &[&str] = &["RTM_BASE", "RTM_NR_FAMILIES", "RTM_NR_MSGTYPES"];

fn types() -> Vec<(&'static str, u16)> {
    let names = UAPI.lines().filter(|line| line.starts_with("RTM_") && !line.starts_with("RTM_F_"));
    let types = names.filter_map(|line| line.split_once(' '));
    types
        .filter(|(name, _)| !NO_TYPES.contains(name))
        .map(|(n, v)| (n, v.parse().unwrap()))
        .collect()
}

/// Header and raw attributes of each type that a header of the kernel has.
#[test]
fn header_and_attributes_of_every_type_are_read() {
    let types = types();
    assert!(types.len() > 70, "only {} types", types.len());
    for (name, kind) in types {
        assert_eq!(Rtm(kind).word(), Some(name));
        for flags in [NlmFlags(0), NlmFlags::REQUEST] {
            let header = Header { kind, flags, ..Header::default() };
            let family = Family::of(header).unwrap_or_else(|| panic!("{name} has no family"));
            let start = 16 + family.header().size().unwrap().next_multiple_of(4);
            let mut buf = [0; 24];
            let attr = Nla::new(4000, &[1, 2, 3]);
            let mut writer = Writer::<Nla<'_>, Whole>::new(&mut buf, kind, flags, &[0u8; 0]);
            let (header, attrs) = writer.push_raw(attr).finish().unwrap().split_at(16);
            // The fixed header is all zeros.
            let mut bytes = [header, &vec![0; start - 16], attrs].concat();
            let len = bytes.len() as u32;
            bytes[..4].copy_from_slice(&len.to_ne_bytes());

            let message = Messages::new(&bytes).next().unwrap().unwrap();
            let parsed = Rtnl::parse(message).unwrap();
            assert!(!matches!(parsed, Rtnl::Unknown(_)), "{name}");
            let entries: Vec<_> = Walk::rtnl(message).map(|entry| entry.unwrap().nla).collect();
            assert_eq!(entries, [attr], "{name}");
            assert_eq!(entries[0].offset() as usize, start, "{name}");
            // Raw, whatever the type.
            let raw: Vec<_> = Nlas::new(&bytes[start..], 0).map(Result::unwrap).collect();
            assert_eq!(raw, [attr], "{name}");
        }
    }
}

/// A type of a kernel to come, or of nobody, is a value.
#[test]
fn an_unknown_type_is_no_error() {
    for kind in [0, 1, 4, 15, 124, 127, 128, 1000, 65_535] {
        let mut buf = [0; 64];
        let mut writer = Writer::<Nla<'_>, Whole>::new(&mut buf, kind, NlmFlags(0), &[7u8; 5]);
        let message = Messages::new(writer.finish().unwrap()).next().unwrap().unwrap();
        let Ok(Rtnl::Unknown(same)) = Rtnl::parse(message) else { panic!("{kind} is known") };
        assert_eq!(same, message);
        assert_eq!(same.payload[..5], [7; 5]);
        assert_eq!(Walk::rtnl(message).count(), 0);
    }
}

/// A router advertises a name server and a search domain; of the capture `prefix`.
#[test]
fn options_of_router_advertisements() {
    let mut count = 0;
    for capture in netlink_captures::of("prefix") {
        for record in &capture.records {
            let Ok(Rtnl::NdUserOpt(opt)) = Rtnl::parse(record.message()) else { continue };
            let NdUserOptMsg { family, opts_len, ifindex, icmp_type, icmp_code, .. } = opt.header;
            assert_eq!((family, ifindex, icmp_type, icmp_code), (10, 3, 134, 0));
            assert_eq!(opt.options.len(), usize::from(opts_len));
            assert!(opts_len > 0);
            assert_eq!(usize::from(opt.options[1]) * 8, opt.options.len());
            // A prefix, which newer kernels hand on as well; name servers, search domains.
            assert!([3, 25, 31].contains(&opt.options[0]), "{}", opt.options[0]);
            let router = opt.attrs.get(NdUserOptAttr::SrcAddr).unwrap().unwrap();
            assert!(router.is_unicast_link_local(), "{router}");
            count += 1;
        }
    }
    // They are not recorded in the other byte order.
    assert!(count > 0 || cfg!(target_endian = "big"));

    let header =
        NdUserOptMsg { family: 10, ifindex: 0x0102_0304, icmp_type: 134, ..Default::default() };
    let options = [25, 3, 0, 0, 0, 0, 0, 9, 1, 2];
    let mut buf = [0xff; 128];
    let router = "fe80::1:2".parse().unwrap();
    let bytes = NdUserOpt::writer(&mut buf, NlmFlags(0), &header, &options)
        .push(NdUserOptAttr::SrcAddr(router))
        .finish()
        .unwrap();
    let message = Messages::new(bytes).next().unwrap().unwrap();
    let Ok(Rtnl::NdUserOpt(opt)) = Rtnl::parse(message) else { panic!() };
    assert_eq!((opt.header.ifindex, opt.header.opts_len), (0x0102_0304, 10));
    assert_eq!(opt.options, options);
    assert_eq!(opt.attrs.get(NdUserOptAttr::SrcAddr), Ok(Some(router)));
    assert_eq!(opt.attrs.raw().next().unwrap().unwrap().offset(), 44);
    assert_eq!(Walk::rtnl(message).next().unwrap().unwrap().name(), Some("NDUSEROPT_SRCADDR"));
    // Options that end after the message.
    for len in [16, 24, 41] {
        let mut cut = bytes[..len].to_vec();
        cut[..4].copy_from_slice(&(len as u32).to_ne_bytes());
        assert!(Rtnl::parse(Messages::new(&cut).next().unwrap().unwrap()).is_err(), "{len}");
    }
    let mut buf = vec![0; 1 << 17];
    let too_long = NdUserOpt::writer(&mut buf, NlmFlags(0), &header, &[0; 1 << 16]).finish();
    assert_eq!(too_long.unwrap_err().kind, ErrorKind::TooLong);
}

/// Built by hand: no tool here runs a daemon of multicast routing.
#[test]
fn packets_that_multicast_routing_tells_of() {
    let mut buf = [0xff; 256];
    let bytes =
        CacheReport::writer(&mut buf, Rtm::NEWCACHEREPORT, NlmFlags(0), &RtGenMsg { family: 128 })
            .push(CacheReportAttr::MsgType(IgmpMsg::WRONGVIF))
            .push(CacheReportAttr::VifId(0x0102_0304))
            .push(CacheReportAttr::SrcAddr(Addr::from([192, 0, 2, 1])))
            .push(CacheReportAttr::DstAddr(Addr::from([232, 1, 2, 3])))
            .push(CacheReportAttr::Pkt(&[0x45, 0, 1]))
            .push(CacheReportAttr::Table(253))
            .finish()
            .unwrap();
    // One byte of header, and padding.
    assert_eq!(bytes[16..20], [128, 0, 0, 0]);
    let message = Messages::new(bytes).next().unwrap().unwrap();
    let Ok(Rtnl::CacheReport(report)) = Rtnl::parse(message) else { panic!() };
    assert_eq!(report.header.family, 128);
    assert_eq!(report.get(CacheReportAttr::MsgType), Ok(Some(IgmpMsg::WRONGVIF)));
    assert_eq!(report.get(CacheReportAttr::VifId), Ok(Some(0x0102_0304)));
    let group = report.get(CacheReportAttr::DstAddr).unwrap().unwrap();
    assert_eq!(group.to_string(), "232.1.2.3");
    assert_eq!(report.get(CacheReportAttr::Pkt), Ok(Some(&[0x45, 0, 1][..])));
    assert_eq!(report.get(CacheReportAttr::Table), Ok(Some(253)));
}

#[test]
fn data_centre_bridging() {
    let mut buf = [0xff; 64];
    let header = DcbMsg { cmd: 20, ..DcbMsg::default() };
    let ifname = Nla::new(1, b"eth0\0");
    let bytes = Dcb::writer(&mut buf, Rtm::GETDCB, NlmFlags::REQUEST, &header)
        .push(ifname)
        .finish()
        .unwrap();
    let message = Messages::new(bytes).next().unwrap().unwrap();
    let Ok(Rtnl::Dcb(dcb)) = Rtnl::parse(message) else { panic!() };
    assert_eq!(dcb.header, header);
    assert_eq!(dcb.attrs.iter().collect::<Vec<_>>(), [Ok(ifname)]);
}

#[test]
fn traffic_actions() {
    let mut buf = [0xff; 128];
    let flags = TcActFlags { value: TcActFlag::TERSE_DUMP, selector: TcActFlag(3) };
    let kind = Nla::new(1, b"gact\0");
    let bytes = Actions::writer(&mut buf, Rtm::GETACTION, NlmFlags::DUMP, &TcaMsg::default())
        .nest(ActionsAttr::Tab, |list| {
            let mut action = [0; 12];
            action[..4].copy_from_slice(&[9u16.to_ne_bytes(), 1u16.to_ne_bytes()].concat());
            action[4..9].copy_from_slice(b"gact\0");
            list.push_raw(Nla::new(1, &action));
        })
        .push(ActionsAttr::Flags(flags))
        .push(ActionsAttr::Count(0x0102_0304))
        .finish()
        .unwrap();
    let message = Messages::new(bytes).next().unwrap().unwrap();
    let Ok(Rtnl::Action(actions)) = Rtnl::parse(message) else { panic!() };
    let list = actions.get(ActionsAttr::Tab).unwrap().unwrap();
    let (place, action) = list.iter().next().unwrap().unwrap();
    assert_eq!((place, action.iter().next()), (1, Some(Ok(kind))));
    assert_eq!(actions.get(ActionsAttr::Flags), Ok(Some(flags)));
    assert_eq!(actions.get(ActionsAttr::Count), Ok(Some(0x0102_0304)));
}

/// `RTM_GETMULTICAST` and `RTM_GETANYCAST`, both ways.
#[test]
fn multicast_and_anycast_addresses() {
    let header = IfAddrMsg { family: 10, prefixlen: 128, index: 7, ..IfAddrMsg::default() };
    let (group, any) = ("ff02::1:ff00:102", "2001:db8::3:4");
    for (base, text) in [(Rtm::NEWMULTICAST, group), (Rtm::NEWANYCAST, any)] {
        for kind in [base.0, base.0 + 1, base.0 + 2] {
            let addr: std::net::Ipv6Addr = text.parse().unwrap();
            let attr = if base == Rtm::NEWMULTICAST {
                AddrAttr::Multicast(addr.into())
            } else {
                AddrAttr::Anycast(addr.into())
            };
            let mut buf = [0xff; 64];
            let bytes = Address::writer(&mut buf, Rtm(kind), NlmFlags(0), &header)
                .push(attr)
                .finish()
                .unwrap();
            let message = Messages::new(bytes).next().unwrap().unwrap();
            let read = match Rtnl::parse(message).unwrap() {
                Rtnl::Multicast(address) if base == Rtm::NEWMULTICAST => address,
                Rtnl::Anycast(address) if base == Rtm::NEWANYCAST => address,
                other => panic!("{other:?}"),
            };
            assert_eq!(read.header, header);
            assert_eq!(read.attrs.iter().collect::<Vec<_>>(), [Ok(attr)]);
            let shown = format!("{:?}", read.attrs);
            assert!(shown.contains(text), "{shown}");
        }
    }
}
