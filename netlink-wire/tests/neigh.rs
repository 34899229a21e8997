//! Neighbours and forwarding entries, as kernels sent them. `data/README.md` tells
//! how they were recorded.

use std::net::Ipv4Addr;

use netlink_captures::{Record, asked, said};
use netlink_wire::{
    Addr, Be, Error, ErrorKind, LlAddr, Messages, Nla, NlmFlags, Rtm,
    neigh::{FdbExtAttr, FdbNotify, NdMsg, Neigh, NeighAttr, Ntf, NtfExt, Nud},
    route::{RtProt, Rtn},
};

const AF_BRIDGE: u8 = 7;

/// What a kernel told of the neighbour that a command made.
fn added(command: &str) -> Option<Neigh<'static>> {
    said("neigh", command, Rtm::NEWNEIGH).map(neigh)
}

fn neigh(record: &'static Record) -> Neigh<'static> {
    Neigh::parse(record.message()).unwrap()
}

fn v4(text: &str) -> Addr<'static> {
    text.parse::<Ipv4Addr>().unwrap().into()
}

#[test]
fn reads_every_attribute() {
    let Some(neigh) = added("ip neigh add 192.0.2.3 ") else { return };
    let header = NdMsg {
        family: 2,
        ifindex: neigh.header.ifindex,
        state: Nud::REACHABLE,
        kind: Rtn::UNICAST,
        ..NdMsg::default()
    };
    assert_eq!(neigh.header, header);
    let attrs: Vec<_> = neigh.attrs.iter().collect::<Result<_, _>>().unwrap();
    let [dst, lladdr, probes, NeighAttr::CacheInfo(ages), protocol] = attrs[..] else {
        panic!("{attrs:?}")
    };
    assert_eq!(
        [dst, lladdr, probes, protocol],
        [
            NeighAttr::Dst(v4("192.0.2.3")),
            NeighAttr::LlAddr(LlAddr(&[2, 0, 0, 0, 0, 3])),
            NeighAttr::Probes(0),
            NeighAttr::Protocol(RtProt::STATIC),
        ]
    );
    assert!(ages.refcnt < 9 && ages.updated < 9_000, "{ages:?}");
}

#[test]
fn reads_states_and_flags() {
    let Some(stale) = added("ip neigh add 192.0.2.4 ") else { return };
    assert_eq!((stale.header.state, stale.header.flags), (Nud::STALE, Ntf::EXT_LEARNED));
    let Some(failed) = added("ip neigh add 192.0.2.5 ") else { return };
    assert_eq!(failed.header.state, Nud::FAILED);
    assert_eq!(failed.get(NeighAttr::LlAddr), Ok(None));
    let Some(router) = added("ip neigh add 2001:db8::2 ") else { return };
    assert_eq!((router.header.state, router.header.flags), (Nud::PERMANENT, Ntf::ROUTER));
    // The kernel leaves out the attribute if none of its flags is set.
    assert_eq!(router.ext_flags(), Ok(NtfExt(0)));
    let Some(validated) = added("ip neigh add 192.0.2.9 ") else { return };
    assert_eq!(validated.ext_flags(), Ok(NtfExt::EXT_VALIDATED));

    let Some(record) = asked("neigh", "ip neigh add 192.0.2.7 managed", Rtm::NEWNEIGH) else {
        return;
    };
    assert_eq!(neigh(record).ext_flags(), Ok(NtfExt::MANAGED));
    let Some(record) = asked("neigh", "ip neigh add proxy 192.0.2.8", Rtm::NEWNEIGH) else {
        return;
    };
    assert_eq!(neigh(record).header.flags, Ntf::PROXY);

    assert!(Nud::VALID.contains(Nud::CONNECTED));
    assert!(!Nud::VALID.intersects(Nud::INCOMPLETE | Nud::FAILED));
    assert_eq!(Nud::CONNECTED, Nud::PERMANENT | Nud::NOARP | Nud::REACHABLE);
    assert_eq!(Nud::VALID, Nud::CONNECTED | Nud::STALE | Nud::DELAY | Nud::PROBE);
}

#[test]
fn reads_forwarding_entries_of_a_bridge() {
    let Some(entry) = added("bridge fdb add 02:00:00:00:02:02 ") else { return };
    assert_eq!(entry.header.family, AF_BRIDGE);
    assert_eq!((entry.header.state, entry.header.flags), (Nud::NOARP, Ntf::STICKY));
    assert_eq!(entry.get(NeighAttr::Vlan), Ok(Some(1)));
    assert_eq!(entry.get(NeighAttr::Master), Ok(Some(3)));

    let command = "bridge fdb add 02:00:00:00:02:05 ";
    let Some(entry) = added(command) else { return };
    let ext = entry.get(NeighAttr::FdbExt).unwrap().unwrap();
    assert_eq!(ext.get(FdbExtAttr::ActivityNotify), Ok(Some(FdbNotify::BIT)));
    let Some(record) = asked("neigh", command, Rtm::NEWNEIGH) else { return };
    let ext = neigh(record).get(NeighAttr::FdbExt).unwrap().unwrap();
    assert_eq!(ext.get(FdbExtAttr::DontRefresh), Ok(Some(())));
}

/// The port travels in network byte order, the VNI in that of the host.
#[test]
fn reads_forwarding_entries_of_vxlan() {
    let Some(entry) = added("bridge fdb add 02:00:00:00:02:04 ") else { return };
    assert_eq!(entry.header.flags, Ntf::SELF);
    let attrs: Vec<_> = entry
        .attrs
        .iter()
        .map(Result::unwrap)
        .filter(|attr| !matches!(attr, NeighAttr::CacheInfo(_)))
        .collect();
    assert_eq!(
        attrs,
        [
            NeighAttr::LlAddr(LlAddr(&[2, 0, 0, 0, 2, 4])),
            NeighAttr::Dst(v4("192.0.2.77")),
            NeighAttr::Port(Be::new(4800)),
            NeighAttr::Vni(100),
            NeighAttr::IfIndex(2),
            NeighAttr::SrcVni(200),
        ]
    );
    let Some(entry) = added("bridge fdb add 02:00:00:00:02:06 ") else { return };
    assert_eq!(entry.get(NeighAttr::NhId), Ok(Some(10)));
}

#[test]
fn builds_what_ip_asks_for() {
    let Some(record) = asked("neigh", "ip neigh add 192.0.2.3 ", Rtm::NEWNEIGH) else { return };
    let message = record.message();
    let header = NdMsg {
        family: 2,
        ifindex: neigh(record).header.ifindex,
        state: Nud::REACHABLE,
        ..NdMsg::default()
    };
    let mut buf = [0xff; 128];
    let mut writer = Neigh::writer(&mut buf, Rtm::NEWNEIGH, message.header.flags, &header);
    for attr in neigh(record).attrs.raw() {
        // In the order that `ip` has, which is not the same in all versions.
        match attr.unwrap().code() {
            1 => writer.push(NeighAttr::Dst(v4("192.0.2.3"))),
            2 => writer.push(NeighAttr::LlAddr(LlAddr(&[2, 0, 0, 0, 0, 3]))),
            _ => writer.push(NeighAttr::Protocol(RtProt::STATIC)),
        };
    }
    let ours = Messages::new(writer.finish().unwrap()).next().unwrap().unwrap();
    assert_eq!(Neigh::parse(ours), Ok(neigh(record)));
}

#[test]
fn a_link_layer_address_has_any_length() {
    let mut buf = [0; 128];
    let infiniband = [7; 20];
    let message = Neigh::writer(&mut buf, Rtm::NEWNEIGH, NlmFlags(0), &NdMsg::default())
        .push(NeighAttr::LlAddr(LlAddr(&infiniband)))
        .push(NeighAttr::LlAddr(LlAddr(&[])))
        .finish()
        .unwrap();
    let neigh = Neigh::parse(Messages::new(message).next().unwrap().unwrap()).unwrap();
    let lladdrs: Vec<_> = neigh.attrs.iter().map(Result::unwrap).collect();
    assert_eq!(lladdrs, [NeighAttr::LlAddr(LlAddr(&infiniband)), NeighAttr::LlAddr(LlAddr(&[]))]);
    // The last one wins, like in the kernel.
    assert_eq!(neigh.get(NeighAttr::LlAddr), Ok(Some(LlAddr(&[]))));
}

#[test]
fn a_bad_port_costs_itself_alone() {
    let mut buf = [0; 64];
    let message = Neigh::writer(&mut buf, Rtm::NEWNEIGH, NlmFlags(0), &NdMsg::default())
        .push_raw(Nla::new(6, &[0, 0, 0x12, 0xc0])) // NDA_PORT has two bytes.
        .push(NeighAttr::Vni(100))
        .finish()
        .unwrap();
    let neigh = Neigh::parse(Messages::new(message).next().unwrap().unwrap()).unwrap();
    let error = Error { context: "NDA_PORT", offset: 28, kind: ErrorKind::Length(4) };
    assert_eq!(neigh.get(NeighAttr::Port), Err(error));
    assert_eq!(neigh.get(NeighAttr::Vni), Ok(Some(100)));
}
