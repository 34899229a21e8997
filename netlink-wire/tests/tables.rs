//! Tables of neighbours, labels of addresses and settings of families, as a kernel sent them.
//! `data/README.md` tells how they were made.

use netlink_captures::Kind;
use netlink_wire::{
    Rtnl,
    addrlabel::{AddrLabelAttr, IfAddrLblMsg},
    neightbl::{NdtConfig, NdtStats, NeighTblAttr, NeighTblParmAttr},
    netconf::NetConfAttr,
};

/// What the newest capture has of one family, as far as `pick` takes it. Big-endian kernels have
/// not said all of it.
fn replies<T>(scenario: &str, pick: impl Fn(Rtnl<'static>) -> Option<T>) -> Vec<T> {
    let Some(capture) = netlink_captures::of(scenario).pop() else { return Vec::new() };
    let capture = Box::leak(Box::new(capture));
    let replies = capture.records.iter().filter(|record| record.kind == Kind::Reply);
    replies.filter_map(|record| pick(Rtnl::parse(record.message()).unwrap())).collect()
}

/// ip addrlabel add prefix 2001:db8:3400::/41 dev d0 label 99
#[test]
fn labels() {
    let labels = replies("addrlabel", |message| match message {
        Rtnl::AddrLabel(label) => Some(label),
        _ => None,
    });
    if labels.is_empty() {
        return;
    }
    let label = labels.iter().find(|l| l.get(AddrLabelAttr::Label) == Ok(Some(99))).unwrap();
    let IfAddrLblMsg { family, prefixlen, index, .. } = label.header;
    assert_eq!((family, prefixlen, index), (10, 41, 2));
    let prefix = "2001:db8:3400::".parse().unwrap();
    assert_eq!(label.get(AddrLabelAttr::Address), Ok(Some(prefix)));
}

#[test]
fn settings() {
    let settings = replies("netconf", |message| match message {
        Rtnl::NetConf(settings) => Some(settings),
        _ => None,
    });
    if settings.is_empty() {
        return;
    }
    let of = |family, index| {
        let is_it = |s: &&netlink_wire::netconf::NetConf<'_>| {
            s.header.family == family && s.get(NetConfAttr::IfIndex) == Ok(Some(index))
        };
        settings.iter().rev().find(is_it).unwrap()
    };
    assert_eq!(of(2, 2).get(NetConfAttr::RpFilter), Ok(Some(2)));
    assert_eq!(of(2, 2).get(NetConfAttr::BcForwarding), Ok(Some(1)));
    assert_eq!(of(2, -2).get(NetConfAttr::RpFilter), Ok(Some(0)));
    assert_eq!(of(10, 2).get(NetConfAttr::ProxyNeigh), Ok(Some(1)));
    assert_eq!(of(10, 2).get(NetConfAttr::RpFilter), Ok(None));
    assert_eq!(of(28, 2).get(NetConfAttr::Input), Ok(Some(1)));
}

/// ip ntable show
#[test]
fn tables() {
    let tables = replies("neigh", |message| match message {
        Rtnl::NeighTbl(table) => Some(table),
        _ => None,
    });
    let table = &tables[0];
    assert_eq!(table.header.family, 2);
    assert_eq!(table.get(NeighTblAttr::Name).unwrap().unwrap(), "arp_cache");
    assert_eq!(table.get(NeighTblAttr::Thresh2), Ok(Some(512)));
    assert_eq!(table.get(NeighTblAttr::GcInterval), Ok(Some(30_000)));
    let NdtConfig { key_len, proxy_qlen, .. } = table.get(NeighTblAttr::Config).unwrap().unwrap();
    assert_eq!((key_len, proxy_qlen), (4, 0));
    let NdtStats { allocs, destroys, .. } = table.get(NeighTblAttr::Stats).unwrap().unwrap().read();
    assert!(allocs >= destroys && allocs < 1 << 32, "{allocs} {destroys}");
    let defaults = table.get(NeighTblAttr::Parms).unwrap().unwrap();
    assert_eq!(defaults.get(NeighTblParmAttr::IfIndex), Ok(None));
    assert_eq!(defaults.get(NeighTblParmAttr::RetransTime), Ok(Some(1000)));
    assert_eq!(defaults.get(NeighTblParmAttr::ProxyQlen), Ok(Some(64)));
    assert_eq!(defaults.get(NeighTblParmAttr::LockTime), Ok(Some(1000)));

    let mut of_links = tables.iter().filter(|t| t.get(NeighTblAttr::Config) == Ok(None));
    let parms = of_links.next().unwrap().get(NeighTblAttr::Parms).unwrap().unwrap();
    assert!(parms.get(NeighTblParmAttr::IfIndex).unwrap() > Some(0));
}
