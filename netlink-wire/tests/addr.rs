//! Addresses, as kernels sent them. `data/README.md` tells how they were recorded.

use std::net::{Ipv4Addr, Ipv6Addr};

use netlink_captures::{Record, asked, find, said};
use netlink_wire::{
    Addr, Error, ErrorKind, Message, Messages, Nla, NlmFlags, Rtm, Rtnl,
    addr::{AddrAttr, Address, IfAddrMsg, IfaCacheInfo, IfaFlags, IfaProt},
    route::RtScope,
};

/// What a kernel told of the address that a command made.
fn added(command: &str) -> Option<Address<'static>> {
    said("addr", command, Rtm::NEWADDR).map(address)
}

fn address(record: &'static Record) -> Address<'static> {
    Address::parse(record.message()).unwrap()
}

fn v4(text: &str) -> Addr<'static> {
    text.parse::<Ipv4Addr>().unwrap().into()
}

fn v6(text: &str) -> Addr<'static> {
    text.parse::<Ipv6Addr>().unwrap().into()
}

fn lifetimes(address: Address<'_>) -> (u32, u32) {
    let IfaCacheInfo { prefered, valid, .. } = address.get(AddrAttr::CacheInfo).unwrap().unwrap();
    (prefered, valid)
}

#[test]
fn reads_every_attribute() {
    let Some(address) = added("ip addr add 192.0.2.3 peer 198.51.100.1/32") else { return };
    let header = IfAddrMsg {
        family: 2,
        prefixlen: 32,
        flags: 0x80,
        scope: RtScope::UNIVERSE,
        index: address.header.index,
    };
    assert_eq!(address.header, header);
    let attrs: Vec<_> = address.attrs.iter().collect::<Result<_, _>>().unwrap();
    let [rest @ .., AddrAttr::CacheInfo(IfaCacheInfo { prefered, valid, cstamp, tstamp })] =
        &attrs[..]
    else {
        panic!("{attrs:?}")
    };
    assert_eq!(
        rest,
        [
            AddrAttr::Address(v4("198.51.100.1")),
            AddrAttr::Local(v4("192.0.2.3")),
            AddrAttr::Label("d0".into()),
            AddrAttr::Flags(IfaFlags::PERMANENT),
            AddrAttr::RtPriority(77),
        ]
    );
    assert_eq!((*prefered, *valid), (u32::MAX, u32::MAX));
    assert!(cstamp == tstamp && *cstamp > 0);
}

#[test]
fn tells_the_own_address_from_the_peer() {
    let ends = |address: Address<'static>| (address.local().unwrap(), address.peer().unwrap());

    let Some(address) = added("ip addr add 192.0.2.1/24") else { return };
    assert_eq!(ends(address), (Some(v4("192.0.2.1")), None));
    let Some(address) = added("ip addr add 192.0.2.3 peer") else { return };
    assert_eq!(ends(address), (Some(v4("192.0.2.3")), Some(v4("198.51.100.1"))));
    // IPv6 sends IFA_LOCAL only beside a peer's.
    let Some(address) = added("ip addr add 2001:db8::1/64") else { return };
    assert_eq!(address.get(AddrAttr::Local), Ok(None));
    assert_eq!(ends(address), (Some(v6("2001:db8::1")), None));
    let Some(address) = added("ip addr add 2001:db8::3 peer") else { return };
    assert_eq!(ends(address), (Some(v6("2001:db8::3")), Some(v6("2001:db8:1::1"))));
}

#[test]
fn flags_are_more_than_the_byte_of_the_header() {
    let Some(address) = added("ip addr add 192.0.2.9/25") else { return };
    assert_eq!(address.header.flags, 0);
    assert_eq!(address.flags(), Ok(IfaFlags::NOPREFIXROUTE));
    assert_eq!(lifetimes(address), (500, 1000));
    let Some(address) = added("ip addr add 2001:db8::4/64") else { return };
    let flags = address.flags().unwrap();
    assert!(flags.contains(IfaFlags::MANAGETEMPADDR | IfaFlags::NOPREFIXROUTE), "{flags}");
    let Some(address) = added("ip addr add 2001:db8::2/64") else { return };
    let flags = address.flags().unwrap();
    let expected = IfaFlags::NODAD | IfaFlags::HOMEADDRESS | IfaFlags::DEPRECATED;
    assert_eq!(flags, expected, "{flags}");
    assert_eq!(flags.to_string(), "nodad|home|deprecated");
    assert_eq!(lifetimes(address), (0, 3000));

    // An old kernel has the byte alone.
    let header = IfAddrMsg { flags: 0xa0, ..IfAddrMsg::default() };
    let mut buf = [0; 64];
    let mut writer = Address::writer(&mut buf, Rtm::NEWADDR, NlmFlags(0), &header);
    let message = Messages::new(writer.finish().unwrap()).next().unwrap().unwrap();
    let flags = Address::parse(message).unwrap().flags();
    assert_eq!(flags, Ok(IfaFlags::PERMANENT | IfaFlags::DEPRECATED));
}

#[test]
fn reads_who_set_an_address() {
    let Some(address) = added("ip addr add 192.0.2.10/25 dev d0 proto 99") else { return };
    assert_eq!(address.get(AddrAttr::Proto), Ok(Some(IfaProt(99))));
    let protos: Vec<_> = find("addr", "ip addr show", Rtm::NEWADDR)
        .filter_map(|record| address_of(record.message()).get(AddrAttr::Proto).unwrap())
        .collect();
    assert!(protos.contains(&IfaProt::KERNEL_LO), "{protos:?}");
    assert!(protos.contains(&IfaProt::KERNEL_LL), "{protos:?}");
}

fn address_of(message: Message<'_>) -> Address<'_> {
    Address::parse(message).unwrap()
}

#[test]
fn builds_what_ip_asks_for() {
    let command = "ip addr add 192.0.2.9/25";
    let Some(record) = asked("addr", command, Rtm::NEWADDR) else { return };
    let message = record.message();
    let mut buf = [0xff; 128];
    let lifetimes = IfaCacheInfo { prefered: 500, valid: 1000, ..IfaCacheInfo::default() };
    let ours = Address::writer(
        &mut buf,
        Rtm::NEWADDR,
        message.header.flags,
        &IfAddrMsg {
            family: 2,
            prefixlen: 25,
            index: address(record).header.index,
            ..IfAddrMsg::default()
        },
    )
    .push(AddrAttr::Local(v4("192.0.2.9")))
    .push(AddrAttr::Flags(IfaFlags::NOPREFIXROUTE))
    .push(AddrAttr::Address(v4("192.0.2.9")))
    .push(AddrAttr::CacheInfo(lifetimes))
    .finish()
    .unwrap();
    assert_eq!(ours[16..], *message.payload);
}

/// The kernel answers a GET with messages of the same type.
#[test]
fn multicast_and_anycast_addresses_have_the_same_form() {
    let Some(record) = said("addr", "python3", Rtm::GETMULTICAST) else { return };
    let Ok(Rtnl::Multicast(address)) = Rtnl::parse(record.message()) else { panic!() };
    let Ok(Some(Addr::Ipv6(multicast))) = address.get(AddrAttr::Multicast) else { panic!() };
    assert!(multicast.is_multicast());
    assert_eq!(address.local(), Ok(None));
    assert_eq!(lifetimes(address), (u32::MAX, u32::MAX));

    // The anycast address of routers is that of the network.
    let Some(record) = said("addr", "python3", Rtm::GETANYCAST) else { return };
    let Ok(Rtnl::Anycast(address)) = Rtnl::parse(record.message()) else { panic!() };
    let Ok(Some(Addr::Ipv6(anycast))) = address.get(AddrAttr::Anycast) else { panic!() };
    assert!(["2001:db8::", "fe80::"].contains(&anycast.to_string().as_str()), "{anycast}");
    assert_eq!(address.header.prefixlen, 128);
}

/// AF_MCTP and AF_PHONET have addresses of one byte.
#[test]
fn an_address_of_one_byte_is_an_address() {
    let header = IfAddrMsg { family: 45, index: 3, ..IfAddrMsg::default() };
    let mut buf = [0; 64];
    let message = Address::writer(&mut buf, Rtm::NEWADDR, NlmFlags(0), &header)
        .push(AddrAttr::Local(Addr::Other(&[8])))
        .finish()
        .unwrap();
    assert_eq!(message[28..], [8, 0, 0, 0]);
    let address = address_of(Messages::new(message).next().unwrap().unwrap());
    assert_eq!(address.local(), Ok(Some(Addr::Other(&[8]))));
    assert_eq!(address.peer(), Ok(None));
}

#[test]
fn a_bad_lifetime_costs_itself_alone() {
    let mut buf = [0; 128];
    let message = Address::writer(&mut buf, Rtm::NEWADDR, NlmFlags(0), &IfAddrMsg::default())
        .push_raw(Nla::new(6, &[0; 12])) // IFA_CACHEINFO has 16 bytes.
        .push(AddrAttr::Label("eth0:1".into()))
        .finish()
        .unwrap();
    let address = address_of(Messages::new(message).next().unwrap().unwrap());
    let error = Error { context: "IFA_CACHEINFO", offset: 24, kind: ErrorKind::Length(12) };
    assert_eq!(address.get(AddrAttr::CacheInfo), Err(error));
    assert_eq!(address.get(AddrAttr::Label).unwrap().unwrap(), "eth0:1");
}
