//! Rules, as a kernel sent them. `data/README.md` tells how they were made.

use std::{net::Ipv4Addr, sync::LazyLock};

use netlink_captures::{Capture, Kind};
use netlink_wire::{
    Addr, Attribute, Be, Error, ErrorKind, Header, Message, Messages, Nla, NlmFlags, Rtm,
    route::{RtProt, RtTable},
    rule::{FibRuleFlags, FibRuleHdr, FibRulePortRange, FibRuleUidRange, FrAct, Rule, RuleAttr},
};

fn rules() -> impl Iterator<Item = (Message<'static>, Rule<'static>)> {
    static CAPTURE: LazyLock<Capture> = LazyLock::new(|| netlink_captures::one("rule"));
    CAPTURE
        .records
        .iter()
        .filter(|record| record.kind == Kind::Reply)
        .map(|record| record.message())
        .filter(|message| message.header.kind == Rtm::NEWRULE.0)
        .map(|message| (message, Rule::parse(message).unwrap()))
}

fn rule(priority: u32) -> Rule<'static> {
    rules().map(|(_, rule)| rule).find(|r| r.get(RuleAttr::Priority) == Ok(Some(priority))).unwrap()
}

/// ip rule add pref 50 fwmark 0x10/0xff iif lo uidrange 0-99 ipproto tcp
///     sport 100-200 dport 80 table 300
#[test]
fn reads_every_attribute() {
    let rule = rule(50);
    let header =
        FibRuleHdr { family: 2, table: 252, action: FrAct::TO_TBL, ..FibRuleHdr::default() };
    assert_eq!(rule.header, header);
    assert_eq!(
        rule.attrs.iter().collect::<Result<Vec<_>, _>>().unwrap(),
        [
            RuleAttr::Table(RtTable(300)),
            RuleAttr::SuppressPrefixLen(-1),
            RuleAttr::Protocol(RtProt::UNSPEC),
            RuleAttr::IifName("lo".into()),
            RuleAttr::Priority(50),
            RuleAttr::FwMark(0x10),
            RuleAttr::FwMask(0xff),
            RuleAttr::UidRange(FibRuleUidRange { start: 0, end: 99 }),
            RuleAttr::SportRange(FibRulePortRange { start: 100, end: 200 }),
            RuleAttr::DportRange(FibRulePortRange { start: 80, end: 80 }),
            RuleAttr::IpProto(6),
        ]
    );
    assert_eq!(rule.table(), Ok(RtTable(300)));
}

#[test]
fn reads_one_attribute() {
    assert_eq!(rule(60).get(RuleAttr::Dst), Ok(Some(Addr::from(Ipv4Addr::new(192, 0, 2, 1)))));
    assert_eq!(rule(60).get(RuleAttr::OifName), Ok(None));
    assert_eq!(rule(90).get(RuleAttr::TunId), Ok(Some(Be::new(4242))));
    assert!(rule(90).header.flags.contains(FibRuleFlags::OIF_DETACHED));
}

/// What a kernel told of the rule that a command made.
fn added(command: &str) -> Option<Rule<'static>> {
    let record = netlink_captures::said("rule", command, Rtm::NEWRULE)?;
    Some(Rule::parse(record.message()).unwrap())
}

#[test]
fn tells_what_it_selects() {
    let Some(rule) = added("ip rule add pref 60 ") else { return };
    assert_eq!(rule.source().unwrap().to_string(), "10.1.0.0/16");
    assert_eq!(rule.destination().unwrap().to_string(), "192.0.2.1/32");
    assert_eq!(rule.mark(), Ok(None));
    let Some(rule) = added("ip -6 rule add pref 56 ") else { return };
    assert_eq!(rule.source().unwrap().to_string(), "::/0");
    assert_eq!(rule.destination().unwrap().to_string(), "2001:db8:1::/48");
    assert_eq!(rule.mark(), Ok(Some((1, u32::MAX))));
    let Some(rule) = added("ip rule add pref 50 ") else { return };
    assert_eq!(rule.source().unwrap().to_string(), "0.0.0.0/0");
    assert_eq!(rule.mark(), Ok(Some((0x10, 0xff))));
}

#[test]
fn a_mask_without_a_mark_is_of_mark_0() {
    let mut buf = [0; 64];
    let message = Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags(0), &FibRuleHdr::default())
        .push(RuleAttr::FwMask(0xff))
        .finish()
        .unwrap();
    let rule = Rule::parse(Messages::new(message).next().unwrap().unwrap()).unwrap();
    assert_eq!(rule.mark(), Ok(Some((0, 0xff))));
}

#[test]
fn a_tunnel_key_has_eight_bytes_in_network_order() {
    let Some(rule) = added("ip rule add pref 90 tun_id 4242 ") else { return };
    let nla = rule.attrs.raw().map(Result::unwrap).find(|nla| nla.code() == 12).unwrap();
    assert_eq!(nla.payload(), [0, 0, 0, 0, 0, 0, 0x10, 0x92]);
    assert_eq!(rule.get(RuleAttr::TunId), Ok(Some(Be::new(4242))));
    assert_eq!(rule.get(RuleAttr::Flow), Ok(Some(3 << 16 | 4)));
    assert_eq!(rule.get(RuleAttr::Protocol), Ok(Some(RtProt::STATIC)));
}

/// Since Linux 6.13 to 6.15. Ports and their masks are in host order, flow labels are not.
#[test]
fn reads_masks_and_flow_labels() {
    let Some(rule) = added("ip rule add pref 96 ") else { return };
    assert_eq!(rule.get(RuleAttr::Dscp), Ok(Some(10)));
    let Some(rule) = added("ip rule add pref 97 ") else { return };
    assert_eq!(rule.get(RuleAttr::Dscp), Ok(Some(0x20)));
    assert_eq!(rule.get(RuleAttr::DscpMask), Ok(Some(0x30)));
    let port = FibRulePortRange { start: 0x1000, end: 0x1000 };
    assert_eq!(rule.get(RuleAttr::SportRange), Ok(Some(port)));
    assert_eq!(rule.get(RuleAttr::SportMask), Ok(Some(0xff00)));
    assert_eq!(rule.get(RuleAttr::DportMask), Ok(Some(0xff)));
    let Some(rule) = added("ip -6 rule add pref 57 ") else { return };
    assert_eq!(rule.get(RuleAttr::FlowLabel), Ok(Some(Be::new(0x12345))));
    assert_eq!(rule.get(RuleAttr::FlowLabelMask), Ok(Some(Be::new(0xfffff))));
}

#[test]
fn reads_what_rules_do() {
    for (pref, action) in [
        (70, FrAct::GOTO),
        (76, FrAct::NOP),
        (80, FrAct::PROHIBIT),
        (81, FrAct::UNREACHABLE),
        (82, FrAct::BLACKHOLE),
        (95, FrAct::TO_TBL),
    ] {
        let Some(rule) = added(&format!("ip rule add pref {pref} ")) else { return };
        assert_eq!(rule.header.action, action, "{pref}");
    }
    let Some(rule) = added("ip rule add pref 70 ") else { return };
    assert_eq!((rule.header.tos, rule.header.flags), (0x10, FibRuleFlags::INVERT));
    assert_eq!(rule.get(RuleAttr::Goto), Ok(Some(32_766)));
    let Some(rule) = added("ip rule add pref 75 ") else { return };
    assert_eq!(rule.header.flags, FibRuleFlags::UNRESOLVED);
    let Some(rule) = added("ip rule add pref 61 ") else { return };
    assert_eq!(rule.table(), Ok(RtTable(1_234_567)));
    assert_eq!(rule.get(RuleAttr::SuppressIfGroup), Ok(Some(5)));
    let Some(rule) = added("ip rule add pref 95 ") else { return };
    assert_eq!((rule.get(RuleAttr::L3mdev), rule.table()), (Ok(Some(1)), Ok(RtTable::UNSPEC)));
}

#[test]
fn writes_what_it_read() {
    for (message, rule) in rules() {
        let mut buf = [0xff; 256];
        let mut writer =
            Rule::writer(&mut buf, message.header.kind, message.header.flags, &rule.header);
        for attr in rule.attrs {
            writer.push(attr.unwrap());
        }
        let written = writer.finish().unwrap();
        assert_eq!(&written[size_of::<Header>()..], message.payload);
    }
}

#[test]
fn keeps_unknown_attributes() {
    let unknown = RuleAttr::Unknown(Nla::new(99 | Nla::NESTED, &[1, 2, 3]));
    let mut buf = [0; 64];
    let bytes = Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags(0), &FibRuleHdr::default())
        .push(unknown)
        .finish()
        .unwrap();
    let rule = Rule::parse(Messages::new(bytes).next().unwrap().unwrap()).unwrap();
    assert_eq!(rule.attrs.iter().next(), Some(Ok(unknown)));
}

#[test]
fn tells_where_it_failed() {
    let mut buf = [0; 64];
    let bytes = Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags(0), &FibRuleHdr::default())
        .push(RuleAttr::Table(RtTable(1)))
        .push(RuleAttr::Unknown(Nla::new(6, &[1, 2]))) // FRA_PRIORITY is four bytes long.
        .push(RuleAttr::Goto(7))
        .finish()
        .unwrap();
    let rule = Rule::parse(Messages::new(bytes).next().unwrap().unwrap()).unwrap();
    let error = Error { context: "FRA_PRIORITY", offset: 36, kind: ErrorKind::Length(2) };
    assert_eq!(rule.get(RuleAttr::Priority), Err(error));
    assert_eq!(error.to_string(), "FRA_PRIORITY at byte 36: unexpected length of 2 bytes");
    // The attributes around it can still be read.
    assert_eq!(
        rule.attrs.iter().collect::<Vec<_>>(),
        [Ok(RuleAttr::Table(RtTable(1))), Err(error), Ok(RuleAttr::Goto(7)),]
    );
}

#[test]
fn tells_how_much_space_it_needs() {
    let mut buf = [0; 40];
    let mut writer = Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags(0), &FibRuleHdr::default());
    writer.push(RuleAttr::Table(RtTable(1))).push(RuleAttr::IifName("wlan0".into()));
    assert_eq!(writer.finish().unwrap_err().kind, ErrorKind::NoSpace(48));
}

#[test]
fn names_attributes() {
    assert_eq!(RuleAttr::name(20), Some("FRA_UID_RANGE"));
    assert_eq!(RuleAttr::name(99), None);
}
