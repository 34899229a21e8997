//! Prefixes of the crate `ipnet`, there and back.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use netlink_wire::{
    Addr, Messages, NlmFlags, Prefix, Rtm,
    route::{MplsLabel, Route, RouteAddr, RouteAttr, RtMsg},
};

/// A message about a route to this prefix, and what is read from it.
fn destination(header: RtMsg, dst: Option<RouteAddr<'_>>) -> Option<IpNet> {
    let mut buf = [0; 128];
    let mut route = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags::default(), &header);
    if let Some(dst) = dst {
        route.push(RouteAttr::Dst(dst));
    }
    let message = Messages::new(route.finish().unwrap()).next().unwrap().unwrap();
    Route::parse(message).unwrap().destination().unwrap().ip_net()
}

#[test]
fn destinations_of_routes() {
    let net: IpNet = "198.51.100.0/22".parse().unwrap();
    let prefix = Prefix::<RouteAddr<'_>>::from(net);
    let header = RtMsg { family: 2, dst_len: prefix.len, ..RtMsg::default() };
    assert_eq!(destination(header, Some(prefix.addr)), Some(net));

    let net: Ipv6Net = "2001:db8:1::/48".parse().unwrap();
    let prefix = Prefix::<RouteAddr<'_>>::from(net);
    let header = RtMsg { family: 10, dst_len: prefix.len, ..RtMsg::default() };
    assert_eq!(destination(header, Some(prefix.addr)), Some(net.into()));

    // The default routes come without a destination.
    let all = |family| destination(RtMsg { family, ..RtMsg::default() }, None);
    assert_eq!(all(2), "0.0.0.0/0".parse().ok());
    assert_eq!(all(10), "::/0".parse().ok());
    assert_eq!(all(28), None, "MPLS");
}

#[test]
fn what_is_no_prefix() {
    let addr = Addr::from([192, 0, 2, 130]);
    let host: Ipv4Net = "192.0.2.130/25".parse().unwrap();
    assert_eq!(Prefix { addr, len: 25 }.ip_net(), Some(host.into()), "the host's bits stay");
    assert_eq!(Prefix::<Addr<'_>>::from(host), Prefix { addr, len: 25 });
    assert_eq!(Prefix { addr, len: 33 }.ip_net(), None);
    assert_eq!(Prefix { addr: Addr::new(&[7]), len: 8 }.ip_net(), None);
    let labels = [MplsLabel::new(16, true)].map(|label| label.entry.get().to_be_bytes());
    let labels = netlink_wire::Packed::new(labels.as_flattened());
    assert_eq!(Prefix { addr: RouteAddr::Labels(labels), len: 20 }.ip_net(), None);
}

#[test]
fn addresses_of_the_standard_library() {
    for ip in ["192.0.2.130", "2001:db8::82"] {
        let ip: IpAddr = ip.parse().unwrap();
        assert_eq!(Addr::from(ip).ip(), Some(ip));
        assert_eq!(IpAddr::try_from(Addr::from(ip)), Ok(ip));
        assert_eq!(RouteAddr::from(ip), RouteAddr::Addr(Addr::from(ip)));
    }
    let other = Addr::new(&[7, 8]);
    assert_eq!(IpAddr::try_from(other), Err(other));
}
