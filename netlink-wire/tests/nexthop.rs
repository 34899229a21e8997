//! Nexthop objects, as kernels sent them. `data/README.md` tells how they were
//! recorded.

use std::net::{Ipv4Addr, Ipv6Addr};

use netlink_captures::{Record, asked, find, said};
use netlink_wire::{
    Addr, Attribute, Error, ErrorKind, Header, Messages, Nla, NlmFlags, Rtm, Rtnl, Uint,
    nexthop::{
        GroupStatsAttr, GroupStatsEntryAttr, Nexthop, NexthopAttr, NexthopGrp, NexthopGrpType,
        NhMsg, NhaOpFlags, ResBucketAttr, ResGroupAttr,
    },
    route::{RtProt, RtScope, RtmFlags, RtnhFlags},
};

/// What a kernel told of the object that a command made.
fn added(command: &str) -> Option<Nexthop<'static>> {
    said("nexthop", command, Rtm::NEWNEXTHOP).map(nexthop)
}

fn nexthop(record: &'static Record) -> Nexthop<'static> {
    match Rtnl::parse(record.message()) {
        Ok(Rtnl::Nexthop(nexthop) | Rtnl::NexthopBucket(nexthop)) => nexthop,
        other => panic!("{other:?}"),
    }
}

fn attrs(nexthop: Nexthop<'static>) -> Vec<NexthopAttr<'static>> {
    nexthop.attrs.iter().collect::<Result<_, _>>().unwrap()
}

#[test]
fn reads_one() {
    let Some(one) = added("ip nexthop add id 2 ") else { return };
    let header = NhMsg {
        family: 2,
        scope: RtScope::LINK,
        protocol: RtProt::ZEBRA,
        resvd: 0,
        flags: RtmFlags(4),
    };
    assert_eq!(one.header, header);
    assert_eq!(one.header.flags.next_hop(), RtnhFlags::ONLINK);
    let gateway: Addr<'_> = Ipv4Addr::new(192, 0, 2, 10).into();
    assert_eq!(
        attrs(one),
        [NexthopAttr::Id(2), NexthopAttr::Oif(10), NexthopAttr::Gateway(gateway)]
    );

    let Some(ipv6) = added("ip nexthop add id 5 ") else { return };
    let gateway: Addr<'_> = "2001:db8::9".parse::<Ipv6Addr>().unwrap().into();
    assert_eq!(ipv6.get(NexthopAttr::Gateway), Ok(Some(gateway)));
    let Some(blackhole) = added("ip nexthop add id 4 ") else { return };
    assert_eq!(attrs(blackhole), [NexthopAttr::Id(4), NexthopAttr::Blackhole(())]);
    let Some(fdb) = added("ip nexthop add id 8 ") else { return };
    assert_eq!(fdb.get(NexthopAttr::Fdb), Ok(Some(())));
    assert_eq!(fdb.get(NexthopAttr::Oif), Ok(None));
}

fn members(nexthop: Nexthop<'_>) -> Vec<(u32, u32)> {
    let group = nexthop.get(NexthopAttr::Group).unwrap().unwrap();
    group.iter().map(|member| (member.id, member.weight())).collect()
}

#[test]
fn reads_groups() {
    let Some(group) = added("ip nexthop add id 10 ") else { return };
    assert_eq!(group.header.family, 0);
    assert_eq!(group.get(NexthopAttr::GroupType), Ok(Some(NexthopGrpType::MPATH)));
    assert_eq!(members(group), [(1, 5), (2, 255)]);
}

#[test]
fn weights_above_256_have_a_second_byte() {
    for weight in [1, 256, 257, 65_536] {
        assert_eq!(NexthopGrp::new(1, weight).weight(), weight);
    }
    assert_eq!(NexthopGrp::new(1, 0).weight(), 65_536, "there is none");
    let Some(group) = added("ip nexthop add id 11 ") else { return };
    assert_eq!(members(group), [(1, 1), (2, 300)]);
    let flags = group.get(NexthopAttr::OpFlags).unwrap().unwrap();
    assert_eq!(flags, NhaOpFlags::RESP_GRP_RESVD_0);

    for weight in [1, 2, 256, 257, 65_536] {
        assert_eq!(NexthopGrp::new(7, weight).weight(), weight);
    }
    let member = NexthopGrp { id: 7, weight: 0x2b, weight_high: 1, resvd2: 0 };
    assert_eq!(NexthopGrp::new(7, 300), member);
}

#[test]
fn reads_resilient_groups_and_their_buckets() {
    let Some(group) = added("ip nexthop add id 12 ") else { return };
    assert_eq!(group.get(NexthopAttr::GroupType), Ok(Some(NexthopGrpType::RES)));
    let settings = group.get(NexthopAttr::ResGroup).unwrap().unwrap();
    let settings: Vec<_> = settings
        .iter()
        .map(Result::unwrap)
        .filter(|attr| !matches!(attr, ResGroupAttr::Pad(_)))
        .collect();
    assert_eq!(
        settings,
        [
            ResGroupAttr::Buckets(4),
            ResGroupAttr::IdleTimer(6_000),
            ResGroupAttr::UnbalancedTimer(30_000),
            ResGroupAttr::UnbalancedTime(0),
        ]
    );

    let command = "ip nexthop bucket get id 12 index 2";
    let Some(record) = said("nexthop", command, Rtm::NEWNEXTHOPBUCKET) else { return };
    let bucket = nexthop(record);
    assert_eq!(bucket.get(NexthopAttr::Id), Ok(Some(12)));
    let bucket = bucket.get(NexthopAttr::ResBucket).unwrap().unwrap();
    assert_eq!(bucket.get(ResBucketAttr::Index), Ok(Some(2)));
    assert!(matches!(bucket.get(ResBucketAttr::NhId), Ok(Some(1 | 2))));
    let idle = bucket.get(ResBucketAttr::IdleTime).unwrap().unwrap();
    assert!(idle < 100 * 60, "{idle}");
}

#[test]
fn reads_counters() {
    let stats = |record| {
        let nexthop = nexthop(record);
        let id = nexthop.get(NexthopAttr::Id).unwrap()?;
        let stats = nexthop.get(NexthopAttr::GroupStats).unwrap()?;
        Some((id, nexthop.get(NexthopAttr::HwStatsEnable).unwrap(), stats))
    };
    let told = find("nexthop", "ip -s nexthop show", Rtm::NEWNEXTHOP)
        .filter_map(stats)
        .find(|(id, ..)| *id == 14);
    let Some((_, hw_stats, stats)) = told else {
        if cfg!(target_endian = "little") {
            panic!("no counters");
        }
        return;
    };
    assert_eq!(hw_stats, Some(1));
    let entries: Vec<Vec<_>> = stats
        .all(GroupStatsAttr::Entry)
        .map(|entry| entry.unwrap().iter().map(Result::unwrap).collect())
        .collect();
    let packets = GroupStatsEntryAttr::Packets(Uint(0));
    assert_eq!(
        entries,
        [[GroupStatsEntryAttr::Id(1), packets], [GroupStatsEntryAttr::Id(2), packets]]
    );
}

/// A counter takes eight bytes once it needs them.
#[test]
fn counters_have_four_bytes_or_eight() {
    for packets in [u64::from(u32::MAX), 1 << 32 | 5] {
        let mut buf = [0; 128];
        let mut writer = Nexthop::writer(&mut buf, Rtm::NEWNEXTHOP, NlmFlags(0), &NhMsg::default());
        writer.nest(NexthopAttr::GroupStats, |stats| {
            stats.nest(GroupStatsAttr::Entry, |entry| {
                entry.push(GroupStatsEntryAttr::PacketsHw(Uint(packets)));
            });
        });
        let message = writer.finish().unwrap();
        let wide = packets > u32::MAX.into();
        assert_eq!(message.len(), 16 + 8 + 4 + 4 + 4 + if wide { 8 } else { 4 });
        let nexthop = Nexthop::parse(Messages::new(message).next().unwrap().unwrap()).unwrap();
        let stats = nexthop.get(NexthopAttr::GroupStats).unwrap().unwrap();
        let entry = stats.all(GroupStatsAttr::Entry).next().unwrap().unwrap();
        assert_eq!(entry.get(GroupStatsEntryAttr::PacketsHw), Ok(Some(Uint(packets))));
    }
}

#[test]
fn builds_what_ip_asks_for() {
    let Some(record) = asked("nexthop", "ip nexthop add id 10 ", Rtm::NEWNEXTHOP) else { return };
    let message = record.message();
    let mut buf = [0xff; 128];
    let ours = Nexthop::writer(&mut buf, Rtm::NEWNEXTHOP, message.header.flags, &NhMsg::default())
        .push(NexthopAttr::Id(10))
        .push_packed(NexthopAttr::Group, &[NexthopGrp::new(1, 5), NexthopGrp::new(2, 255)])
        .finish()
        .unwrap();
    assert_eq!(ours[size_of::<Header>()..], *message.payload);
}

/// Events repeat the flags of the request, NLM_F_REQUEST among them.
#[test]
fn events_look_like_requests() {
    let Some(record) = said("nexthop", "ip nexthop add id 1 ", Rtm::NEWNEXTHOP) else { return };
    let header = record.message().header;
    assert!(header.flags.contains(NlmFlags::REQUEST | NlmFlags::CREATE));
    assert_ne!(header.portid, 0);
}

#[test]
fn a_cut_off_member_is_kept_as_bytes() {
    let bytes = [7; 16];
    let Ok(NexthopAttr::Group(group)) = NexthopAttr::parse(Nla::new(2, &bytes[..12])) else {
        panic!()
    };
    assert_eq!(group.iter().count(), 1);
    assert_eq!(group.as_bytes(), &bytes[..12]);
}

#[test]
fn a_broken_bucket_tells_where() {
    // Three bytes are less than an attribute: nothing is there.
    for (payload, expected) in [
        (&[6, 0, 1][..], Ok(None)),
        (
            // A length of 0x0909 bytes.
            &[9, 9, 1, 0, 5, 0, 0, 0],
            Err(Error { context: "nlattr", offset: 4, kind: ErrorKind::Truncated }),
        ),
    ] {
        let Ok(NexthopAttr::ResBucket(bucket)) = NexthopAttr::parse(Nla::new(13, payload)) else {
            panic!()
        };
        assert_eq!(bucket.get(ResBucketAttr::Index), expected);
    }
}
