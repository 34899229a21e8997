//! What types of messages have beside their tables: methods written by hand.

use std::{
    fmt::{Debug, Display, Write},
    net::IpAddr,
    str::FromStr,
};

use netlink_wire::{
    Attribute, Attrs, Message, NlmFlags, Prefix, Result, Rtnl, Value,
    addr::AddrAttr,
    bridge_mdb::MdbSetAttr,
    genl::Ctrl,
    link::{Devconf, Inet6Attr, InetAttr, Ipv4Devconf, LinkAttr},
    nexthop::NexthopAttr,
    route::{
        MplsLabel, NextHop, RouteAddr, RouteAttr, RtMsg, RtProt, RtmFlags,
        encap::{Encap, IpEncapAttr, IpOptsAttr},
    },
    sock_diag::{InetDiag, InetDiagAttr},
    tc::TcHandle,
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
    shown::<NlmFlags>(message.header.flags);
    match Rtnl::parse(message) {
        Ok(Rtnl::Link(link)) => {
            debug((link.index(), link.name(), link.kind(), link.slave_kind(), link.iflink()));
            debug((link.inet(), link.inet6()));
            each(link.alt_names());
            each(link.vfs());
            if let Ok(Some(inet)) = link.inet() {
                if let Ok(Some(conf)) = inet.get(InetAttr::Conf) {
                    conf.iter().for_each(debug);
                    debug(conf.get(Ipv4Devconf::FORWARDING));
                }
            }
            if let Ok(Some(inet6)) = link.inet6() {
                if let Ok(Some(conf)) = inet6.get(Inet6Attr::Conf) {
                    debug((conf.get(Devconf::FORWARDING), conf.as_bytes()));
                }
            }
            debug(link.without_spoiled());
            index(link.attrs, LinkAttr::Mtu);
            index(link.attrs, LinkAttr::IfName);
        }
        Ok(Rtnl::Addr(addr)) => {
            debug((addr.local(), addr.peer(), addr.flags()));
            index(addr.attrs, AddrAttr::Local);
        }
        Ok(Rtnl::Route(route)) => {
            debug((route.table(), route.source()));
            let RtMsg { protocol, flags, .. } = route.header;
            shown::<RtProt>(protocol);
            shown::<RtmFlags>(flags);
            if let Ok(destination) = route.destination() {
                debug(destination.ip_net());
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
            debug(nexthop.encap());
            if let Ok(Some(group)) = nexthop.get(NexthopAttr::Group) {
                group.iter().for_each(|hop| debug(hop.weight()));
            }
        }
        Ok(Rtnl::Qdisc(qdisc)) => shown::<TcHandle>(qdisc.header.handle),
        Ok(Rtnl::BridgeMdbRequest(request)) => {
            if let Ok(Some(entry)) = request.get(MdbSetAttr::Entry) {
                let group = entry.group();
                assert_eq!(entry.with_group(group).group(), group);
            }
        }
        Ok(Rtnl::Tfilter(filter)) => {
            debug((filter.header.filter_priority(), filter.header.filter_protocol()));
        }
        Ok(_) => {}
        Err(error) => Nowhere::show(error),
    }
    if let Ok(ctrl) = Ctrl::parse(message) {
        debug((ctrl.cmd(), ctrl.group("mcast"), &ctrl));
        each(ctrl.groups());
    }
    if let Ok(socket) = InetDiag::parse(message) {
        debug((socket.local(), socket.remote(), &socket));
        if let Ok(Some(tcp)) = socket.get(InetDiagAttr::Info) {
            let tcp = tcp.read();
            debug((tcp.snd_wscale(), tcp.rcv_wscale()));
            debug((tcp.delivery_rate_app_limited(), tcp.fastopen_client_fail()));
        }
        index(socket.attrs, InetDiagAttr::Mark);
    }
}

fn hop(hop: NextHop<'_>) {
    debug((hop.gateway(), hop.weight()));
    if let Ok(Some(Encap::Ip(ip))) = hop.encap() {
        if let Ok(Some(opts)) = ip.get(IpEncapAttr::Opts) {
            IpOptsAttr::geneve(opts).for_each(debug);
        }
    }
}

fn index<'a, A: Attribute<'a>, T: Value<'a> + PartialEq + Debug>(
    attrs: Attrs<'a, A>,
    variant: fn(T) -> A,
) {
    assert_eq!(attrs.index().get(variant), attrs.get(variant));
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
    fn again<T: FromStr + Display + PartialEq>(text: &str) {
        if let Ok(value) = text.parse::<T>() {
            shown(value);
        }
    }
    again::<RtProt>(text);
    again::<RtmFlags>(text);
    again::<NlmFlags>(text);
    again::<TcHandle>(text);
    again::<Prefix<IpAddr>>(text);
}
