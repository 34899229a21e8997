//! Prefixes that a router advertised, as kernels told of them.

use netlink_captures::Kind;
use netlink_wire::{
    Rtnl,
    prefix::{AdvertisedPrefix, PrefixAttr, PrefixFlags},
};

fn advertised(capture: &netlink_captures::Capture) -> Vec<AdvertisedPrefix<'_>> {
    let events = capture.records.iter().filter(|record| record.kind == Kind::Event);
    let messages = events.map(|record| Rtnl::parse(record.message()).unwrap());
    messages
        .filter_map(|message| match message {
            Rtnl::Prefix(prefix) => Some(prefix),
            _ => None,
        })
        .collect()
}

#[test]
fn reads_prefixes() {
    let captures = netlink_captures::of("prefix");
    // They are not recorded in the other byte order yet.
    assert!(captures.len() >= if cfg!(target_endian = "big") { 0 } else { 2 });
    for capture in &captures {
        let prefixes = advertised(capture);
        let [first, second] = prefixes[..] else { panic!("{prefixes:?}") };
        assert_eq!((first.header.family, first.header.ifindex, first.header.kind), (10, 3, 3));
        assert_eq!((first.header.len, second.header.len), (64, 56));
        let address = |prefix: &AdvertisedPrefix<'_>| prefix.get(PrefixAttr::Address).unwrap();
        assert_eq!(address(&first), Some("2001:db8:1:2::".parse().unwrap()));
        assert_eq!(address(&second), Some("2001:db8:3:400::".parse().unwrap()));
        let lives = first.get(PrefixAttr::CacheInfo).unwrap().unwrap();
        assert_eq!((lives.valid_time, lives.preferred_time), (86401, 14402));
        let lives = second.get(PrefixAttr::CacheInfo).unwrap().unwrap();
        assert_eq!((lives.valid_time, lives.preferred_time), (4660, 1234));
        // Both kernels hand on the bits of the advertisement.
        let flags = PrefixFlags::ONLINK | PrefixFlags::AUTOCONF;
        assert_eq!(first.header.flags, flags);
        assert!(flags.is_onlink() && flags.is_autoconf());
        let flags = PrefixFlags::ONLINK | PrefixFlags::ROUTERADDR | PrefixFlags::PREFERPD;
        assert_eq!(second.header.flags, flags);
        assert!(flags.is_onlink() && !flags.is_autoconf());
    }
}

#[test]
fn bits_of_old_kernels_mean_the_same() {
    assert!(PrefixFlags(0x01).is_onlink() && !PrefixFlags(0x01).is_autoconf());
    assert!(PrefixFlags(0x02).is_autoconf() && !PrefixFlags(0x02).is_onlink());
}
