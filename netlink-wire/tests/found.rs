//! What fuzzing found, each the smallest input that showed it.

use netlink_wire::{
    Messages, Nla, NlmFlags, Rtm,
    route::{Route, RouteAttr, RtMsg},
    walk::Walk,
};

/// The key of a choice can have any length, none and more than an integer's included.
#[test]
fn a_key_of_any_length_chooses_nothing() {
    for len in [0, 1, 2, 3, 8, 9, 200] {
        let mut buf = [0; 256];
        let bytes = Route::writer(&mut buf, Rtm::NEWROUTE, NlmFlags(0), &RtMsg::default())
            .push_raw(Nla::new(RTA_ENCAP_TYPE, &[0xff; 200][..len]))
            .push_raw(Nla::new(RTA_ENCAP, &[1, 2, 3]))
            .finish()
            .unwrap();
        let message = Messages::new(bytes).next().unwrap().unwrap();
        let names: Vec<_> = Walk::rtnl(message).map(|entry| entry.unwrap().name()).collect();
        assert_eq!(names, [Some("RTA_ENCAP_TYPE"), Some("RTA_ENCAP")]);
        let route = Route::parse(message).unwrap();
        assert_eq!(route.get(RouteAttr::EncapType).is_err(), len != 2);
    }
}

const RTA_ENCAP_TYPE: u16 = 21;
const RTA_ENCAP: u16 = 22;
