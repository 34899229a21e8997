//! The words of every enumeration and of every set of flags: shown, and read back.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use netlink_wire::{
    Family, NlmFlags, PolicyType, Rtm, RtnlGrp,
    addr::{IfaFlags, IfaProt},
    bridge_mdb::{McastMode, MdbFlags, MdbState},
    bridge_vlan::{BridgeVlanDumpFlags, BridgeVlanTinfoCmd},
    cache_report::IgmpMsg,
    genl::{CtrlCmd, GenlOpFlags},
    link::{
        AdChurn, AdLacp, AmtMode, Arphrd, BondAd, BondArpTargets, BondArpValidate, BondFom,
        BondLink, BondMode, BondPriReselect, BondState, BondXmitPolicy, BrBoolopt, BrState,
        BrStpMode, BridgeFlags, BridgeMode, BridgeVlanInfoFlags, CanCtrlmodeFlags, CanState,
        CfmCcmInterval, CfmDomain, CfmMepDirection, Devconf, ErspanDir, GeneveDf, GreFlags,
        GtpRole, HsrProtocol, IfLinkMode, IfOper, Iff, IflaEvent, In6AddrGenMode, Inet6Flags,
        Ip6TnlFlags, IpoibMode, Ipv4Devconf, IpvlanFlags, IpvlanMode, LacpState, MacsecCipherId,
        MacsecOffload, MacsecValidate, MacvlanFlags, MacvlanMacAddr, MacvlanMode, MdbRtrType,
        MrpInRole, MrpInState, MrpPortRole, MrpPortState, MrpRingRole, MrpRingState, NetkitAction,
        NetkitDevice, NetkitMode, NetkitScrub, OvpnMode, PortRequest, PortResponse, RmnetFlags,
        RtextFilter, SitFlags, TunType, TunnelEncap, TunnelEncapFlags, VfLinkState, VlanFlags,
        VxlanDf, VxlanLabel, XdpAttached, XdpFlags,
    },
    neigh::{FdbNotify, Ntf, NtfExt, Nud},
    nexthop::{NexthopGrpType, NhaOpFlags},
    prefix::PrefixFlags,
    route::encap::{
        IlaAtype, IlaCsum, IlaHook, Ioam6IptunnelMode, LwtunnelEncap, Seg6IptunMode,
        Seg6LocalAction, Seg6LocalFlvOp, Sr6Flags, Sr6TlvKind, TunnelFlags,
    },
    route::{
        RouterPref, RtDelReason, RtProt, RtScope, RtTable, RtaxFeatures, RtmFlags, Rtn, RtnhFlags,
    },
    rule::{FibRuleFlags, FrAct},
    schema::{Constants, Schema, Type},
    sock_diag::{
        InetDiagExt, InetDiagTimer, MptcpSubflowFlags, SkShutdown, TcpCaState, TcpState, TcpStates,
        TcpiOpt, TlsConf,
    },
    stats::{OffloadXstatsFilter, StatsFilter},
    tc::{TcActFlag, TcDumpFlag},
    tunnel::TunnelMsgFlags,
};
use proptest::prelude::*;

/// A type with a table.
trait Words: Copy + PartialEq + Display + FromStr {
    const TABLE: &'static Constants;

    fn from_number(number: u64) -> Self;
}

macro_rules! words {
    ($( $Type:ident )*) => {
        $( impl Words for $Type {
            const TABLE: &'static Constants = $Type::CONSTANTS;

            fn from_number(number: u64) -> Self {
                Self(number as _)
            }
        } )*

        /// Does the same with all types.
        fn each(mut f: impl FnMut(&'static Constants, fn(u64) -> String, fn(&str) -> Option<String>, u64)) {
            $( f(
                $Type::TABLE,
                |number| $Type::from_number(number).to_string(),
                |word| word.parse::<$Type>().ok().map(|value| value.to_string()),
                u64::MAX >> (64 - 8 * size_of::<$Type>()),
            ); )*
        }

        /// Whether a number is the same after it has been shown and read.
        fn round_trips(name: &str, number: u64) -> bool {
            match name {
                $( stringify!($Type) => {
                    let value = $Type::from_number(number);
                    value.to_string().parse::<$Type>().is_ok_and(|read| read == value)
                } )*
                _ => false,
            }
        }
    };
}

words! {
    AdChurn AdLacp AmtMode Arphrd BondAd BondArpTargets BondArpValidate BondFom BondLink BondMode BondPriReselect BondState BondXmitPolicy BrBoolopt BrState BrStpMode BridgeFlags BridgeMode BridgeVlanDumpFlags BridgeVlanInfoFlags BridgeVlanTinfoCmd CanCtrlmodeFlags CanState CfmCcmInterval CfmDomain CfmMepDirection CtrlCmd Devconf ErspanDir FdbNotify FibRuleFlags FrAct GeneveDf GenlOpFlags GreFlags GtpRole HsrProtocol IfLinkMode IgmpMsg IfOper IfaFlags IfaProt Iff IflaEvent IlaAtype IlaCsum IlaHook In6AddrGenMode Inet6Flags InetDiagExt InetDiagTimer Ioam6IptunnelMode Ip6TnlFlags IpoibMode Ipv4Devconf IpvlanFlags IpvlanMode LacpState LwtunnelEncap MacsecCipherId MacsecOffload MacsecValidate MacvlanFlags MacvlanMacAddr MacvlanMode McastMode MdbFlags MdbRtrType MdbState MptcpSubflowFlags MrpInRole MrpInState MrpPortRole MrpPortState MrpRingRole MrpRingState NetkitAction NetkitDevice NetkitMode NetkitScrub NexthopGrpType NhaOpFlags NlmFlags Ntf NtfExt Nud OffloadXstatsFilter OvpnMode PolicyType PortRequest PortResponse PrefixFlags RmnetFlags RouterPref RtDelReason RtProt RtScope RtTable RtaxFeatures RtextFilter Rtm RtmFlags Rtn RtnhFlags RtnlGrp Seg6IptunMode Seg6LocalAction Seg6LocalFlvOp SitFlags SkShutdown Sr6Flags Sr6TlvKind StatsFilter TcActFlag TcDumpFlag TcpCaState TcpState TcpStates TcpiOpt TlsConf TunType TunnelEncap TunnelEncapFlags TunnelFlags TunnelMsgFlags VfLinkState VlanFlags VxlanDf VxlanLabel XdpAttached XdpFlags
}

#[test]
fn every_value_has_its_word() {
    let mut count = 0;
    each(|table, show, read, most| {
        let mut seen = BTreeMap::new();
        for value in table.values {
            let name = format!("{}::{}", table.name, value.name);
            assert!(value.value <= most, "{name}");
            assert!(!value.word.is_empty(), "{name}");
            if let Some(other) = seen.insert(value.word, value.value) {
                panic!("{name}: {other} has the word {:?} as well", value.word);
            }
            assert_eq!(show(value.value), value.word, "{name}");
            assert_eq!(read(value.word).as_deref(), Some(value.word), "{name}");
            assert!(round_trips(table.name, value.value), "{name}");
            count += 1;
        }
    });
    assert!(count > 500, "only {count} words");
}

#[test]
fn what_has_no_word_is_a_number() {
    each(|table, show, _, most| {
        // Bits that have no name.
        let free = (0..64)
            .map(|bit| 1 << bit)
            .find(|bit| *bit <= most && table.values.iter().all(|value| value.value & bit == 0));
        if let Some(bit) = free {
            let expected = if table.flags { format!("{bit:#x}") } else { bit.to_string() };
            assert_eq!(show(bit), expected, "{}", table.name);
        }
        assert!(round_trips(table.name, most), "{}", table.name);
    });
}

proptest! {
    #[test]
    fn any_number_is_read_as_it_is_shown(number in any::<u64>(), few in 0u64..40) {
        each(|table, _, _, most| {
            for number in [number & most, few & most, most - (few & most)] {
                assert!(round_trips(table.name, number), "{}: {number}", table.name);
            }
        });
    }
}

/// Every table that a message leads to is tested here.
#[test]
fn no_table_is_left_out() {
    // Numbers of disciplines have a form of their own, which `tc.rs` tests.
    let (mut listed, mut seen) = (vec!["TcHandle"], Vec::new());
    each(|table, _, _, _| listed.push(table.name));
    for family in Family::all() {
        reach(family.attrs(), &mut seen, &listed);
    }
}

fn reach(schema: &'static Schema, seen: &mut Vec<&'static str>, listed: &[&str]) {
    if seen.contains(&schema.name) {
        return;
    }
    seen.push(schema.name);
    for field in schema.attrs {
        reach_type(&field.ty, seen, listed);
    }
}

fn reach_type(ty: &Type, seen: &mut Vec<&'static str>, listed: &[&str]) {
    match ty {
        Type::Constants(table) => assert!(listed.contains(&table.name), "{}", table.name),
        Type::Nest(schema) => reach(schema(), seen, listed),
        Type::Struct(layout) => {
            layout.fields.iter().for_each(|(_, ty)| reach_type(ty, seen, listed));
        }
        Type::Headed(layout, schema) | Type::Records(layout, schema) => {
            reach_type(&Type::Struct(layout), seen, listed);
            reach(schema(), seen, listed);
        }
        Type::List(ty) | Type::Multi(ty) | Type::Packed(ty) | Type::Array(ty, _) => {
            reach_type(ty, seen, listed);
        }
        Type::Select(choices) => {
            choices.of.iter().for_each(|(_, ty)| reach_type(ty, seen, listed));
            reach_type(choices.other, seen, listed);
        }
        _ => {}
    }
}
