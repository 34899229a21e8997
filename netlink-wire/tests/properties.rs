//! Properties that hold for every set of attributes, on any bytes.

use netlink_captures::sets;
use netlink_wire::{
    Attrs, Header, Messages, Nla, NlmFlags, Whole, Writer, link::LinkAttr, route::RouteAttr,
    rule::RuleAttr,
};
use proptest::prelude::*;

/// The first attribute of a list.
fn first(list: &[u8], family: u8) -> Nla<'_> {
    Attrs::<Nla<'_>>::new(list, 0).with_family(family).raw().next().unwrap().unwrap()
}

proptest! {
    /// What is read, written and read again is the same, in every set.
    #[test]
    fn attributes_round_trip(
        kind in any::<u16>().prop_map(|n| n & 0xc03f),
        family in prop::sample::select(&[0u8, 2, 7, 10, 28, 128]),
        payload in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut list = ((payload.len() + 4) as u16).to_ne_bytes().to_vec();
        list.extend(kind.to_ne_bytes());
        list.extend(&payload);
        for set in sets::all() {
            let (mut once, mut twice) = <((String, Vec<u8>), (String, Vec<u8>))>::default();
            if set.read(first(&list, family), Some(&mut once.0), &mut once.1).is_ok() {
                set.read(first(&once.1, family), Some(&mut twice.0), &mut twice.1).unwrap();
                assert_eq!(once, twice, "{}", set.schema.name);
            }
        }
    }

    /// Attributes that are pushed as they were read are the same bytes.
    #[test]
    fn raw_attributes_are_exact(
        list in prop::collection::vec((any::<u16>(), prop::collection::vec(any::<u8>(), 0..20)), 0..6),
    ) {
        let (mut once, mut twice) = ([0; 256], [0; 256]);
        let mut writer = Writer::<RuleAttr<'_>, Whole>::new(&mut once, 0, NlmFlags(0), &[0u8; 0]);
        for (kind, payload) in &list {
            writer.push_raw(Nla::new(*kind, payload));
        }
        let once = writer.finish().unwrap();
        let read = Attrs::<RuleAttr<'_>>::new(&once[size_of::<Header>()..], 0);
        assert_eq!(read.raw().count(), list.len());
        let mut writer = Writer::<RuleAttr<'_>, Whole>::new(&mut twice, 0, NlmFlags(0), &[0u8; 0]);
        for nla in read.raw() {
            writer.push_raw(nla.unwrap());
        }
        assert_eq!(writer.finish().unwrap(), once);
    }

    #[test]
    fn reading_ends_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let route = Attrs::<RouteAttr<'_>>::new(&bytes, 0);
        let mut hops = 0;
        if let Ok(Some(next)) = route.get(RouteAttr::Multipath) {
            hops = next.iter().filter(Result::is_ok).count();
        }
        assert!(hops <= bytes.len() / 8);
        let _ = format!("{route:?} {:?}", route.cast::<LinkAttr<'_>>());
    }

    #[test]
    fn framing_ends_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        assert!(Messages::new(&bytes).count() <= bytes.len() / 16 + 1);
        assert!(Attrs::<RuleAttr<'_>>::new(&bytes, 0).iter().count() <= bytes.len() / 4 + 1);
    }
}

proptest! {
    /// An index finds what a walk finds, errors included.
    #[test]
    fn index_agrees_with_get(bytes in prop::collection::vec(prop_oneof![0u8..12, any::<u8>()], 0..96)) {
        let attrs = Attrs::<RuleAttr<'_>>::new(&bytes, 7);
        let index = attrs.index();
        prop_assert_eq!(index.get(RuleAttr::Dst), attrs.get(RuleAttr::Dst));
        prop_assert_eq!(index.get(RuleAttr::IifName), attrs.get(RuleAttr::IifName));
        prop_assert_eq!(index.get(RuleAttr::Goto), attrs.get(RuleAttr::Goto));
        prop_assert_eq!(index.get(RuleAttr::Priority), attrs.get(RuleAttr::Priority));
        prop_assert_eq!(index.get(RuleAttr::FwMark), attrs.get(RuleAttr::FwMark));
    }
}
