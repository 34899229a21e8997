//! Routes, on messages of our own making.

use std::net::{IpAddr, Ipv4Addr};

use netlink_wire::{
    Be, Messages, Nla, NlmFlags, Rtm, Whole, Writer,
    route::{
        Encap, LwtunnelEncap, MetricAttr, MplsLabel, Route, RouteAddr, RouteAttr, RtMsg, RtNextHop,
        Via, encap::MplsEncapAttr,
    },
};

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

fn label() -> MplsLabel {
    MplsLabel { entry: Be::new(100 << 12 | 0x100) }
}

#[test]
fn reads_one_next_hop_or_many() {
    let gateway = IpAddr::from([192, 0, 2, 1]);
    let mut buf = [0; 256];
    let route = build(&mut buf, 2, |route| {
        route.push(RouteAttr::Dst(RouteAddr::Addr(Ipv4Addr::new(198, 51, 100, 0).into())));
        route.push(RouteAttr::Gateway(gateway.into())).push(RouteAttr::Oif(3));
        route.nest(RouteAttr::Metrics, |metrics| {
            metrics.push(MetricAttr::Mtu(1400)).push(MetricAttr::CcAlgo("bbr".into()));
        });
    });
    let hops: Vec<_> = route.next_hops().unwrap().map(Result::unwrap).collect();
    assert_eq!(hops.len(), 1);
    assert_eq!((hops[0].header.ifindex, hops[0].gateway()), (3, Ok(Some(gateway))));
    let prefix = route.destination().unwrap();
    assert_eq!(
        (prefix.addr, prefix.len),
        (RouteAddr::Addr(Ipv4Addr::new(198, 51, 100, 0).into()), 24)
    );
    let metrics = route.get(RouteAttr::Metrics).unwrap().unwrap();
    assert_eq!(metrics.get(MetricAttr::Mtu), Ok(Some(1400)));

    let v6 = "2001:db8::1".parse::<std::net::Ipv6Addr>().unwrap();
    let mut buf = [0; 256];
    let route = build(&mut buf, 2, |route| {
        route.nest(RouteAttr::Multipath, |hops| {
            hops.hop(&RtNextHop { ifindex: 3, ..RtNextHop::default() }, |hop| {
                // The kernel sends the type after the data.
                hop.push_raw(Nla::new(22 | Nla::NESTED, &[8, 0, 1, 0, 0, 6, 0x41, 0]));
                hop.push(RouteAttr::EncapType(LwtunnelEncap::MPLS));
                hop.push(RouteAttr::Gateway(gateway.into()));
            });
            hops.hop(&RtNextHop { ifindex: 4, hops: 9, ..RtNextHop::default() }, |hop| {
                hop.push(RouteAttr::Via(Via { family: 10, addr: &v6.octets() }));
                hop.select_nest(Encap::Mpls, |mpls| {
                    mpls.push_packed(MplsEncapAttr::Dst, &[label()]).push(MplsEncapAttr::Ttl(64));
                });
            });
        });
    });
    let hops: Vec<_> = route.next_hops().unwrap().map(Result::unwrap).collect();
    assert_eq!(hops.len(), 2);
    assert_eq!(hops.iter().map(|hop| hop.header.ifindex).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(hops[0].gateway(), Ok(Some(gateway)));
    assert_eq!(hops[1].gateway(), Ok(Some(v6.into())));
    for hop in hops {
        let Ok(Some(Encap::Mpls(mpls))) = hop.encap() else { panic!("not MPLS") };
        let labels = mpls.get(MplsEncapAttr::Dst).unwrap().unwrap();
        assert_eq!(labels.iter().map(MplsLabel::label).collect::<Vec<_>>(), [100]);
    }
}

#[test]
fn reads_destinations_by_the_family() {
    let mut buf = [0; 64];
    let route = build(&mut buf, 28, |route| {
        route.push_packed(|labels| RouteAttr::Dst(RouteAddr::Labels(labels)), &[label()]);
    });
    let RouteAddr::Labels(labels) = route.destination().unwrap().addr else { panic!("an IP") };
    assert_eq!(labels.iter().collect::<Vec<_>>(), [label()]);
    assert!(label().is_bottom());
}
