//! Traffic control, as kernels told of it.

use netlink_captures::{Capture, Kind};
use netlink_wire::{
    Rtnl,
    tc::{Tc, TcAttr, TcDumpFlag, TcHandle, TcMsg, TcStabAttr, TcStatsAttr},
};

fn each(mut f: impl FnMut(&Capture)) {
    let captures = netlink_captures::of("tc");
    // They are not recorded in the other byte order yet.
    assert!(captures.len() >= if cfg!(target_endian = "big") { 0 } else { 2 });
    captures.iter().for_each(&mut f);
}

/// The messages about traffic control that a command caused.
fn caused<'a>(capture: &'a Capture, kind: Kind, command: &str) -> Vec<Tc<'a>> {
    let records = capture.records.iter();
    let records = records.filter(|record| record.kind == kind && record.command == command);
    records
        .filter_map(|record| match Rtnl::parse(record.message()).unwrap() {
            Rtnl::Qdisc(tc) | Rtnl::Tclass(tc) | Rtnl::Tfilter(tc) | Rtnl::Chain(tc) => Some(tc),
            _ => None,
        })
        .collect()
}

#[test]
fn reads_disciplines() {
    each(|capture| {
        let told = caused(capture, Kind::Reply, "tc -s qdisc show");
        let of = |kind: &str| {
            let has = |tc: &&Tc<'_>| tc.get(TcAttr::Kind).unwrap().unwrap() == *kind;
            *told.iter().find(has).unwrap_or_else(|| panic!("{kind}: {told:?}"))
        };
        let htb = of("htb");
        assert_eq!((htb.header.ifindex, htb.header.parent), (2, TcHandle::ROOT));
        assert_eq!(htb.header.handle, TcHandle::new(1, 0));
        assert_eq!(htb.get(TcAttr::HwOffload).unwrap(), Some(0));
        let stab = htb.get(TcAttr::Stab).unwrap().unwrap();
        let stab = stab.get(TcStabAttr::Base).unwrap().unwrap();
        assert_eq!((stab.overhead, stab.mpu, stab.mtu, stab.linklayer), (18, 64, 2047, 1));
        let fq_codel = of("fq_codel");
        assert_eq!(fq_codel.header.parent.to_string(), "1:10");
        assert_eq!(fq_codel.header.handle.to_string(), "10:");
        // What was sent in all is said twice.
        let stats = htb.get(TcAttr::Stats2).unwrap().unwrap();
        let basic = stats.get(TcStatsAttr::Basic).unwrap().unwrap().read();
        let old = htb.get(TcAttr::Stats).unwrap().unwrap().read();
        assert_eq!((basic.bytes, basic.packets), (old.bytes, old.packets));
        let queue = stats.get(TcStatsAttr::Queue).unwrap().unwrap().read();
        assert_eq!((queue.drops, queue.overlimits), (old.drops, old.overlimits));
    });
}

#[test]
fn reads_classes() {
    each(|capture| {
        let told = caused(capture, Kind::Reply, "tc -s class show dev d0");
        let [class] = told[..] else { panic!("{told:?}") };
        assert_eq!(class.header.handle, "1:10".parse().unwrap());
        // The discipline below it.
        assert_eq!(TcHandle(class.header.info), TcHandle::new(0x10, 0));
        // Bytes per second: 12 and 34 megabits.
        let options = class.get(TcAttr::Options).unwrap().unwrap();
        let has = |rate: u32| options.windows(4).any(|bytes| bytes == rate.to_ne_bytes());
        assert!(has(1_500_000) && has(4_250_000), "{options:x?}");
    });
}

#[test]
fn reads_filters_and_chains() {
    each(|capture| {
        let told = caused(capture, Kind::Reply, "tc filter show dev d0");
        let u32 = told.iter().find(|tc| tc.header.filter_priority() == 4660).unwrap();
        assert_eq!(u32.header.filter_protocol(), 0x0800);
        assert_eq!(u32.header.info, TcMsg::filter_info(4660, 0x0800));
        assert_eq!(u32.get(TcAttr::Chain).unwrap(), Some(77));
        assert_eq!(u32.header.parent.to_string(), "1:");
        let basic = told.iter().find(|tc| tc.header.filter_priority() == 5).unwrap();
        assert_eq!(basic.header.filter_protocol(), 0x86dd);

        let told = caused(capture, Kind::Reply, "tc chain show block 21");
        let chain = told.iter().find(|tc| tc.header.ifindex == -1).unwrap();
        assert_eq!((chain.header.parent.0, chain.get(TcAttr::Chain).unwrap()), (21, Some(99)));
        let told = caused(capture, Kind::Event, "tc qdisc add dev d0 ingress_block 21 ingress");
        assert_eq!(told[0].header.parent.to_string(), "ingress");
        assert_eq!(told[0].get(TcAttr::IngressBlock).unwrap(), Some(21));
        let asked = caused(capture, Kind::Request, "tc -br filter show block 21");
        let flags = asked[0].get(TcAttr::DumpFlags).unwrap().unwrap();
        assert_eq!((flags.value, flags.selector), (TcDumpFlag::TERSE, TcDumpFlag::TERSE));
    });
}

#[test]
fn handles_are_read_as_they_are_written() {
    for word in ["1:10", "10:", ":a", "none", "root", "ingress", "ffff:fff2", "8001:"] {
        let handle: TcHandle = word.parse().unwrap();
        assert_eq!(handle.to_string(), word);
    }
    assert_eq!("1:10".parse(), Ok(TcHandle(0x0001_0010)));
    assert!("1:10000".parse::<TcHandle>().is_err());
    assert!("x".parse::<TcHandle>().is_err());
}
