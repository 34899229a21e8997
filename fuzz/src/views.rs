//! What types of messages have beside their tables: methods written by hand.

use std::{
    fmt::{Debug, Display, Write},
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use netlink_wire::{
    Addr, Attribute, Attrs, Family, Message, Nla, Nlas, NlmFlags, Prefix, Result, Rtnl, Select,
    Value, Writer,
    addr::AddrAttr,
    bridge_mdb::{MdbGroup, MdbSetAttr},
    genl::Ctrl,
    link::{Devconf, Inet6Attr, InetAttr, InfoData, Ipv4Devconf, LinkAttr, VxlanAttr},
    nexthop::{NexthopAttr, NexthopEncap},
    prefix::PrefixFlags,
    route::{
        MplsLabel, NextHop, RouteAddr, RouteAttr, RtMsg, RtProt, RtmFlags,
        encap::{Encap, IpEncapAttr, IpOptsAttr},
    },
    sock_diag::{InetDiag, InetDiagAttr},
    tc::{TcHandle, TcMsg},
};

use crate::Nowhere;

fn debug(value: impl Debug) {
    write!(Nowhere, "{value:?}").expect("nowhere takes all");
}

/// What is told of a list, until something is wrong with it.
fn each<T: Debug>(items: Result<impl Iterator<Item = Result<T>>>) {
    match items {
        Ok(items) => items.for_each(debug),
        Err(error) => Nowhere::show(error),
    }
}

/// Calls every method of a message. An index finds what a search does.
pub fn views(message: Message<'_>) {
    let flags = message.header.flags;
    shown::<NlmFlags>(flags);
    let dump = flags & NlmFlags::DUMP;
    assert_eq!(dump | flags.without(NlmFlags::DUMP), flags);
    assert_eq!(dump.is_empty(), !flags.intersects(NlmFlags::DUMP));
    if let Some(family) = Family::of(message.header) {
        untyped(message.payload.get(family.attrs_start(message.payload)..).unwrap_or_default());
    }
    match Rtnl::parse(message) {
        Ok(Rtnl::Link(link)) => {
            debug((link.index(), link.name(), link.kind(), link.slave_kind(), link.iflink()));
            debug((link.inet(), link.inet6()));
            each(link.alt_names());
            each(link.vfs());
            if let Ok(Some(inet)) = link.inet()
                && let Ok(Some(conf)) = inet.get(InetAttr::Conf)
            {
                conf.iter().for_each(debug);
                debug(conf.get(Ipv4Devconf::FORWARDING));
            }
            if let Ok(Some(inet6)) = link.inet6()
                && let Ok(Some(conf)) = inet6.get(Inet6Attr::Conf)
            {
                debug((conf.get(Devconf::FORWARDING), conf.as_bytes()));
            }
            debug(link.without_spoiled());
            index(link.attrs, LinkAttr::Mtu);
            index(link.attrs, LinkAttr::IfName);
            if let Ok(Some(name)) = link.name() {
                assert!(name.to_str().is_none_or(|text| name == text));
            }
            if let Ok(Some(info)) = link.get(LinkAttr::LinkInfo)
                && let Some(InfoData::Vxlan(vxlan)) = select(info)
            {
                debug(vxlan.get(VxlanAttr::TtlInherit).map(|ttl| ttl.map(|ttl| ttl.is_set())));
            }
        }
        Ok(Rtnl::Addr(addr)) => {
            debug((addr.local(), addr.peer(), addr.flags()));
            if let Ok(Some(local)) = addr.get(AddrAttr::Local) {
                address(local);
            }
            index(addr.attrs, AddrAttr::Local);
        }
        Ok(Rtnl::Route(route)) => {
            debug((route.table(), route.source()));
            let RtMsg { protocol, flags, .. } = route.header;
            shown::<RtProt>(protocol);
            shown::<RtmFlags>(flags);
            if let Ok(destination) = route.destination() {
                if let Some(net) = destination.ip_net() {
                    assert_eq!(Prefix::<RouteAddr<'_>>::from(net), destination);
                    assert_eq!(Prefix::<Addr<'_>>::from(net).ip_net(), Some(net));
                }
                match destination.addr {
                    RouteAddr::Addr(addr) => {
                        words(&Prefix { addr, len: destination.len }.to_string());
                    }
                    RouteAddr::Labels(labels) => labels.iter().for_each(label),
                    _ => {}
                }
            }
            if let Ok(hops) = route.next_hops() {
                hops.flatten().for_each(hop);
            }
            index(route.attrs, RouteAttr::Oif);
        }
        Ok(Rtnl::Rule(rule)) => {
            debug((rule.table(), rule.destination(), rule.source(), rule.mark()));
        }
        Ok(Rtnl::Neigh(neigh)) => debug(neigh.ext_flags()),
        Ok(Rtnl::Nexthop(nexthop)) => {
            debug((nexthop.encap(), select::<NexthopEncap<'_>>(nexthop.attrs)));
            if let Ok(Some(group)) = nexthop.get(NexthopAttr::Group) {
                group.iter().for_each(|hop| debug(hop.weight()));
            }
        }
        Ok(Rtnl::Qdisc(qdisc)) => shown::<TcHandle>(qdisc.header.handle),
        Ok(Rtnl::BridgeMdbRequest(request)) => {
            if let Ok(Some(entry)) = request.get(MdbSetAttr::Entry) {
                let (ip, [a, b, c, d, e, f, ..]) = (Ipv6Addr::from(entry.addr), entry.addr);
                let others = [MdbGroup::Ip(ip.into()), MdbGroup::Mac([a, b, c, d, e, f])];
                for group in others.into_iter().chain([entry.group()]) {
                    assert_eq!(entry.with_group(group).group(), group);
                }
            }
        }
        Ok(Rtnl::Tfilter(filter)) => {
            let (priority, protocol) =
                (filter.header.filter_priority(), filter.header.filter_protocol());
            assert_eq!(TcMsg::filter_info(priority, protocol), filter.header.info);
        }
        Ok(Rtnl::Prefix(prefix)) => {
            shown::<PrefixFlags>(prefix.header.flags);
            debug((prefix.header.flags.is_onlink(), prefix.header.flags.is_autoconf()));
        }
        Ok(_) => {}
        Err(error) => Nowhere::show(error),
    }
    if let Ok(ctrl) = Ctrl::parse(message) {
        debug((ctrl.cmd(), ctrl.group("mcast"), &ctrl));
        each(ctrl.groups());
        if let Ok(groups) = ctrl.groups() {
            for (name, _) in groups.map_while(Result::ok) {
                let found = |name| matches!(ctrl.group(name), Ok(Some(_)));
                assert!(name.to_str().is_none_or(found), "{name}");
            }
        }
    }
    if let Ok(socket) = InetDiag::parse(message) {
        debug((socket.local(), socket.remote(), &socket));
        if let Ok(Some(tcp)) = socket.get(InetDiagAttr::Info) {
            let tcp = tcp.read();
            debug((tcp.snd_wscale(), tcp.rcv_wscale()));
            debug((tcp.delivery_rate_app_limited(), tcp.fastopen_client_fail()));
        }
        if let Ok(Some(options)) = socket.get(InetDiagAttr::SockOpt) {
            let options = options.read();
            debug((options.recverr(), options.defer_connect()));
        }
        index(socket.attrs, InetDiagAttr::Mark);
    }
}

fn hop(hop: NextHop<'_>) {
    debug((hop.gateway(), hop.weight(), hop.encap()));
    if let Some(Encap::Ip(ip)) = select(hop.attrs)
        && let Ok(Some(opts)) = ip.get(IpEncapAttr::Opts)
    {
        IpOptsAttr::geneve(opts).for_each(debug);
    }
}

fn index<'a, A: Attribute<'a>, T: Value<'a> + PartialEq + Debug>(
    attrs: Attrs<'a, A>,
    variant: fn(T) -> A,
) {
    assert_eq!(attrs.index().get(variant), attrs.get(variant));
}

/// Attributes of no known set are written as they were.
fn untyped(bytes: &[u8]) {
    let list = Attrs::<Nla<'_>>::new(bytes, 0);
    let whole = || list.into_iter().map_while(Result::ok);
    let mut buf = vec![0; bytes.len().next_multiple_of(4)];
    let again = Writer::<Nla<'static>>::attrs(&mut buf, |writer| {
        whole().for_each(|nla| _ = writer.push(nla));
    });
    let again = Attrs::<Nla<'_>>::new(again.expect("as long as before"), 0);
    assert!(whole().map(Ok).eq(again));
}

/// Data is read as what another attribute tells, and written as it was, after that one.
fn select<'a, D: Select<'a>>(list: Attrs<'a, D::Parent>) -> Option<D> {
    let data = D::of(list).ok()??;
    let raw = list.get(D::data_attr).ok()??.raw();
    let mut buf = vec![0; 1 << 17];
    let again = Writer::<<D::Parent as Attribute<'a>>::Set>::attrs(&mut buf, |writer| {
        writer.select(data);
    });
    let again = Nlas::new(again.expect("it was in one attribute"), 0).flatten().last();
    assert_eq!(again.map(|nla| (nla.code(), nla.payload())), Some((raw.code(), raw.payload())));
    Some(data)
}

fn address(addr: Addr<'_>) {
    match IpAddr::try_from(addr) {
        Ok(ip) => {
            assert_eq!(Addr::from(ip), addr);
            let octets = match ip {
                IpAddr::V4(ip) => Addr::from(ip.octets()),
                IpAddr::V6(ip) => Addr::from(ip.octets()),
            };
            assert_eq!(octets, addr);
            assert_eq!(Prefix::<Addr<'_>>::from(ip).ip_net().map(|net| net.addr()), Some(ip));
        }
        Err(same) => assert_eq!(same, addr),
    }
}

fn label(label: MplsLabel) {
    let again = MplsLabel::new(label.label(), label.is_bottom());
    assert_eq!((again.label(), again.is_bottom()), (label.label(), label.is_bottom()));
    debug((label.traffic_class(), label.ttl()));
}

/// What is shown is read as the same.
fn shown<T: FromStr + Display + PartialEq>(value: T) {
    let text = value.to_string();
    assert!(text.parse::<T>().is_ok_and(|same| same == value), "{text}");
}

/// Reads a text as everything that is read from text: what was read is shown, and then read as the same.
pub fn words(text: &str) {
    fn again<T: FromStr<Err: Display> + Display + PartialEq>(text: &str) {
        match text.parse::<T>() {
            Ok(value) => shown(value),
            Err(error) => Nowhere::show(error),
        }
    }
    again::<RtProt>(text);
    again::<RtmFlags>(text);
    again::<NlmFlags>(text);
    again::<TcHandle>(text);
    again::<Prefix<IpAddr>>(text);
    again::<Prefix<Addr<'_>>>(text);
}
