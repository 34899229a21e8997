//! Every number, struct and type of the families is the kernel's, and none is missing.
//!
//! `facts/uapi.txt` is what the UAPI headers say (`cargo xtask facts` extracts
//! it); `facts/specs.txt` is what the kernel's netlink specifications say. What
//! differs on purpose stands in a list here, each with its reason.

#[path = "facts/raw_sys.rs"]
mod raw_sys;

use std::collections::{BTreeMap, BTreeSet};

use netlink_wire::{
    Attribute, Family, Record,
    genl::{CtrlAttr, GenlMsgHdr},
    schema::{Constants, Layout, Schema, Type},
    sock_diag::{InetDiagAttr, InetDiagMsg, InetDiagReqAttr, InetDiagReqV2},
};

const UAPI: &str = include_str!("facts/uapi.txt");
const SPECS: &str = include_str!("facts/specs.txt");

/// Everything that the tables declare.
#[derive(Default)]
struct Declared {
    sets: BTreeMap<&'static str, &'static Schema>,
    layouts: BTreeMap<&'static str, &'static Layout>,
    constants: BTreeMap<&'static str, &'static Constants>,
}

impl Declared {
    fn all() -> Self {
        let mut all = Self::default();
        for family in Family::all() {
            all.layout(family.header());
            all.set(family.attrs());
        }
        for (header, attrs) in [
            (GenlMsgHdr::LAYOUT, CtrlAttr::SCHEMA),
            (InetDiagReqV2::LAYOUT, InetDiagReqAttr::SCHEMA),
            (InetDiagMsg::LAYOUT, InetDiagAttr::SCHEMA),
        ] {
            all.layout(header);
            all.set(attrs);
        }
        all
    }

    fn set(&mut self, schema: &'static Schema) {
        if self.sets.insert(schema.name, schema).is_none() {
            schema.attrs.iter().for_each(|field| self.ty(&field.ty));
        }
    }

    fn layout(&mut self, layout: &'static Layout) {
        self.layouts.insert(layout.name, layout);
        layout.fields.iter().for_each(|(_, ty)| self.ty(ty));
    }

    fn ty(&mut self, ty: &Type) {
        match ty {
            Type::Constants(constants) => drop(self.constants.insert(constants.name, constants)),
            Type::Struct(layout) => self.layout(layout),
            Type::Nest(set) => self.set(set()),
            Type::Headed(layout, set) | Type::Records(layout, set) => {
                self.layout(layout);
                self.set(set());
            }
            Type::List(item) | Type::Multi(item) | Type::Packed(item) | Type::Array(item, _) => {
                self.ty(item);
            }
            Type::Select(choices) => {
                choices.of.iter().for_each(|(_, ty)| self.ty(ty));
                self.ty(choices.other);
            }
            _ => {}
        }
    }
}

/// The constants of the headers: name, value, and number of the group.
fn uapi() -> BTreeMap<&'static str, (i64, usize)> {
    let mut group = 0;
    let mut names = BTreeMap::new();
    for line in UAPI.lines().filter(|line| !line.starts_with(['#', 's'])) {
        match line.split_once(' ') {
            None => group += 1,
            Some((name, value)) => {
                names.insert(name, (value.parse().unwrap(), group));
            }
        }
    }
    assert!(names.len() > 2000, "only {} constants", names.len());
    names
}

/// Fails with all complaints at once.
#[track_caller]
fn none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

/// A list of exceptions, each with its reason. One that is not needed fails.
struct Exceptions {
    list: &'static [(&'static str, &'static str)],
    needed: BTreeSet<&'static str>,
}

impl Exceptions {
    fn new(list: &'static [(&'static str, &'static str)]) -> Self {
        Self { list, needed: BTreeSet::new() }
    }

    /// Whether what is wrong with `name` is on purpose.
    fn excuse(&mut self, name: &str) -> bool {
        let line = self.list.iter().find(|(listed, _)| *listed == name);
        self.needed.extend(line.map(|(name, _)| name));
        line.is_some()
    }

    /// Adds the lines that nothing needed, or that stand twice.
    fn finish(mut self, complaints: &mut Vec<String>) {
        for (name, reason) in self.list {
            assert!(!reason.is_empty(), "{name} without a reason");
            if !self.needed.remove(name) {
                complaints.push(format!("{name} is no exception: take it from the list"));
            }
        }
    }
}

/// Names that the headers of this kernel do not have, and why.
const NOT_IN_HEADERS: &[(&str, &str)] = &[
    ("IFA_MC_USERS", "since Linux 7.3"),
    ("RTA_DEL_REASON", "since Linux 7.3"),
    ("SEG6_IPTUNNEL_TABLE", "since Linux 7.3"),
];

#[test]
fn numbers_are_the_headers() {
    let uapi = uapi();
    let (mut complaints, mut newer) = (Vec::new(), Exceptions::new(NOT_IN_HEADERS));
    for schema in Declared::all().sets.values() {
        for field in schema.attrs {
            match uapi.get(field.name) {
                Some((value, _)) if *value == i64::from(field.code) => {}
                Some((value, _)) => {
                    complaints.push(format!("{} is {value}, not {}", field.name, field.code));
                }
                None if newer.excuse(field.name) => {}
                None => complaints.push(format!("{}: no header has {}", schema.name, field.name)),
            }
        }
    }
    newer.finish(&mut complaints);
    none(complaints);
}

/// Names that the headers have and no set: numbers without an attribute, or an
/// attribute that is left out.
const LEFT_OUT: &[(&str, &str)] = &[
    ("IFLA_DSA_MASTER", "the same as IFLA_DSA_CONDUIT"),
    ("IFLA_IF_NETNSID", "the same as IFLA_TARGET_NETNSID"),
];

/// Families of other protocols, of which a link has some attributes.
const OTHER_FAMILIES: &[&str] = &["DEVLINK_ATTR_", "DPLL_A_"];

/// Where a set has one attribute of an enumeration, it has all.
#[test]
fn no_attribute_is_missing() {
    let uapi = uapi();
    let macros = uapi.values().map(|(_, group)| *group).max().unwrap();
    let (mut complaints, mut left) = (Vec::new(), Exceptions::new(LEFT_OUT));
    let declared = Declared::all();
    let names: BTreeSet<_> = declared.sets.values().flat_map(|s| s.attrs).map(|f| f.name).collect();
    let groups: BTreeSet<_> = names.iter().filter_map(|name| Some(uapi.get(name)?.1)).collect();
    for (name, (value, group)) in &uapi {
        let last = |(other, (same, in_group)): (&&str, &(i64, usize))| {
            other != name && (same, in_group) == (value, group)
        };
        let no_attribute = OTHER_FAMILIES.iter().any(|prefix| name.starts_with(prefix))
            || is_unspec(name, *value)
            || name.ends_with("_MAX") && uapi.iter().any(last);
        let missing = groups.contains(group) && *group != macros && !names.contains(name);
        if missing && !no_attribute && !left.excuse(name) {
            complaints.push(format!("{name} = {value} is not declared"));
        }
    }
    left.finish(&mut complaints);
    none(complaints);
}

/// Number 0 means no attribute nearly everywhere.
fn is_unspec(name: &str, value: i64) -> bool {
    value == 0 && (name.ends_with("UNSPEC") || name.ends_with("NONE"))
}

/// Types whose numbers no UAPI header has, or has otherwise, and why.
const OTHER_CONSTANTS: &[(&str, &str)] = &[
    ("AdChurn", "of include/net/bond_3ad.h"),
    ("AdLacp", "of include/net/bond_3ad.h"),
    ("BondAd", "of include/net/bond_3ad.h"),
    ("BondArpTargets", "of include/net/bonding.h"),
    ("BondArpValidate", "of include/net/bonding.h"),
    ("BondFom", "of include/net/bonding.h"),
    ("BondPriReselect", "of include/net/bonding.h"),
    ("ErspanDir", "of include/net/erspan.h, where it is one bit without a name"),
    ("GreFlags", "__cpu_to_be16 in the header; here in the order of a network number"),
    ("Inet6Flags", "of include/net/if_inet6.h"),
    ("InetDiagExt", "bits of the numbers INET_DIAG_*"),
    ("MptcpSubflowFlags", "of mptcp.h, which does not go with in.h"),
    ("OffloadXstatsFilter", "bits of attributes' numbers: IFLA_STATS_FILTER_BIT()"),
    (
        "PrefixFlags",
        "bits of a router advertisement, which include/net/addrconf.h has as bit fields",
    ),
    ("RtDelReason", "since Linux 7.3"),
    ("Seg6LocalFlvOp", "bits of the numbers SEG6_LOCAL_FLV_OP_*"),
    ("SkShutdown", "of include/net/sock.h"),
    ("StatsFilter", "bits of attributes' numbers: IFLA_STATS_FILTER_BIT()"),
    ("TcpCaState", "TCP_CA_Open and so on in the header"),
    ("TcpState", "of include/net/tcp_states.h"),
    ("TcpStates", "of include/net/tcp_states.h"),
];

/// Single ones of the same kind.
const OTHER_CONSTANT: &[(&str, &str)] = &[
    ("IP6_TNL_F_CAP_XMIT", "of include/net/ip6_tunnel.h"),
    ("IP6_TNL_F_CAP_RCV", "of include/net/ip6_tunnel.h"),
    ("IP6_TNL_F_CAP_PER_PACKET", "of include/net/ip6_tunnel.h"),
];

#[test]
fn constants_are_the_headers() {
    let uapi = uapi();
    let mut complaints = Vec::new();
    let (mut types, mut single) =
        (Exceptions::new(OTHER_CONSTANTS), Exceptions::new(OTHER_CONSTANT));
    for constants in Declared::all().constants.values() {
        let mut wrong = Vec::new();
        for constant in constants.values {
            // `_3_3_MS` cannot start with a digit here, as it does behind its prefix.
            let digits = constant.name.strip_prefix('_').unwrap_or(constant.name);
            let name = format!("{}{digits}", constants.prefix);
            // Some headers have the number of a bit.
            let bit = |value: i64| 1u64.checked_shl(value as u32) == Some(constant.value);
            match uapi.get(name.as_str()) {
                Some((value, _)) if *value as u64 == constant.value => {}
                Some((value, _)) if constants.flags && bit(*value) => {}
                Some((value, _)) => {
                    wrong.push(format!("{name} is {value}, not {}", constant.value))
                }
                None if single.excuse(&name) => {}
                None => wrong.push(format!("{}: no header has {name}", constants.name)),
            }
        }
        if !wrong.is_empty() && !types.excuse(constants.name) {
            complaints.append(&mut wrong);
        }
    }
    types.finish(&mut complaints);
    single.finish(&mut complaints);
    none(complaints);
}

/// Structs that no UAPI header has like this, and why.
const OTHER_STRUCTS: &[(&str, &str)] = &[
    ("ioam6_trace_hdr", "bit fields; the trace follows it"),
    ("inet_diag_req_v2", "also inet_diag_req_raw, where the padding has a name"),
    ("inet_diag_sockid", "a field is called `if`, which Rust does not allow"),
    ("sk_meminfo", "positions of an array: SK_MEMINFO_*"),
    ("u32", "a number alone, before attributes"),
    ("vxlanhdr", "of include/net/vxlan.h"),
];

#[test]
fn structs_are_laid_out_as_in_c() {
    let structs: BTreeMap<&str, Vec<&str>> = UAPI
        .lines()
        .filter_map(|line| line.strip_prefix("struct "))
        .map(|line| {
            let mut words = line.split(' ');
            (words.next().unwrap(), words.collect())
        })
        .collect();
    assert!(structs.len() > 20);
    let (mut complaints, mut other) = (Vec::new(), Exceptions::new(OTHER_STRUCTS));
    for layout in Declared::all().layouts.values() {
        let mut wrong = unlike(layout, structs.get(layout.name).map(Vec::as_slice));
        if !wrong.is_empty() && !other.excuse(layout.name) {
            complaints.append(&mut wrong);
        }
    }
    other.finish(&mut complaints);
    none(complaints);
}

/// What a struct has otherwise than the header says.
fn unlike(layout: &Layout, facts: Option<&[&str]>) -> Vec<String> {
    let mut wrong = Vec::new();
    let Some(facts) = facts else {
        return vec![format!("struct {} is in no header", layout.name)];
    };
    let size = layout.size().unwrap();
    if facts[0] != size.to_string() {
        wrong.push(format!("struct {} has {} bytes, not {size}", layout.name, facts[0]));
    }
    // Padding has a field here, and may have none in C.
    let mut at = 0;
    let mut ours = BTreeMap::new();
    for (name, ty) in layout.fields {
        ours.insert(at, *name);
        at += ty.size().unwrap();
    }
    for fact in &facts[1..] {
        let (field, at) = fact.split_once(':').unwrap();
        let same = ours.get(&at.parse().unwrap());
        let close = |name: &&str| {
            field.ends_with(*name) || field.ends_with("_type") || name.starts_with("pad")
        };
        if !same.is_some_and(close) {
            wrong.push(format!("struct {}: {fact} is {same:?}", layout.name));
        }
    }
    wrong
}

/// Attributes that the specifications have otherwise than the kernel, or than this crate on purpose.
const OTHER_THAN_SPECS: &[(&str, &str)] = &[
    ("IFA_BROADCAST", "an address, though only IPv4 has one"),
    ("IFLA_PROTO_DOWN_REASON", "a nest: rtnl_proto_down_reason_fill"),
    ("IFLA_BOND_SLAVE_PRIO", "nla_put_s32"),
    ("IFLA_BR_VLAN_PROTOCOL", "nla_put_be16"),
    ("IFLA_BR_FDB_FLUSH", "a flag: its presence is the value"),
    ("IFLA_IPTUN_FLAGS", "host order in ipip and sit: nla_put_u16"),
    ("NDA_PORT", "nla_put_be16"),
    ("RTA_EXPIRES", "32 or 64 bits, as the kernel is"),
    ("RTA_SPORT", "nla_put_be16"),
    ("RTA_DPORT", "nla_put_be16"),
    ("FRA_TUN_ID", "nla_put_be64"),
    ("FRA_SUPPRESS_IFGROUP", "-1 is none"),
    ("FRA_SUPPRESS_PREFIXLEN", "-1 is none"),
];

#[test]
fn types_are_the_specifications() {
    let declared = Declared::all();
    let fields: BTreeMap<_, _> =
        declared.sets.values().flat_map(|s| s.attrs).map(|field| (field.name, field)).collect();
    let (mut complaints, mut compared) = (Vec::new(), 0);
    let mut other = Exceptions::new(OTHER_THAN_SPECS);
    let mut set = "";
    for line in SPECS.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("set ") {
            set = name;
            continue;
        }
        let [name, number, ty] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        // One name may stand in two sets, in each with a type of its own.
        let own = declared.sets.get(set).and_then(|s| s.attrs.iter().find(|f| f.name == name));
        let Some(field) = own.or(fields.get(name).copied()) else {
            complaints.push(format!("{set}: {name} is not declared"));
            continue;
        };
        compared += 1;
        if number != field.code.to_string() {
            complaints.push(format!("{name} is {number}, not {}", field.code));
        }
        let ours = field.ty.to_string();
        if !agree(ty, &ours) && !other.excuse(name) {
            complaints.push(format!("{set}: {name} is {ty}, not {ours}"));
        }
    }
    other.finish(&mut complaints);
    assert!(compared > 480, "only {compared} attributes");
    none(complaints);
}

/// Whether a type of the specifications can be ours.
fn agree(spec: &str, ours: &str) -> bool {
    let (spec, ours) = (spec.trim_start_matches("multi:"), ours.trim_start_matches("multi:"));
    let kind = |ty: &str| ty.split(':').next().unwrap_or_default().to_owned();
    match (kind(spec).as_str(), kind(ours).as_str()) {
        (a, b) if a == b => true,
        ("binary" | "struct", _) => !matches!(ours, "flag" | "string"),
        ("nest" | "list", "nest" | "list" | "select" | "records") => true,
        ("string", "binary") | ("pad", _) | ("unused", _) => true,
        ("u32" | "be32", "ipv4") => true,
        ("sub-message", "select") => true,
        _ => false,
    }
}

/// Names that Linux 6.17 does not have in an enumeration that it has, and why.
const NOT_IN_6_17: &[(&str, &str)] = &[
    ("IFA_MC_USERS", "since Linux 7.3"),
    ("IFLA_BOND_LACP_STRICT", "added after Linux 6.18"),
    ("IFLA_BOND_SLAVE_ACTOR_PORT_PRIO", "since Linux 6.18"),
    ("IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE", "added after Linux 6.18"),
    ("IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE", "added after Linux 6.18"),
    ("IFLA_BRPORT_NEIGH_FORWARD_GRAT", "added after Linux 6.18"),
    ("IFLA_BR_STP_MODE", "added after Linux 6.18"),
    ("IFLA_GENEVE_GRO_HINT", "added after Linux 6.18"),
    ("IFLA_GENEVE_LOCAL", "added after Linux 6.18"),
    ("IFLA_GENEVE_LOCAL6", "added after Linux 6.18"),
    ("IFLA_HEADROOM", "since Linux 6.18"),
    ("IFLA_NETKIT_PAIRING", "added after Linux 6.18"),
    ("IFLA_TAILROOM", "since Linux 6.18"),
    ("IFLA_TARGET_NETNSID", "a macro, another name of IFLA_IF_NETNSID"),
    ("RTA_DEL_REASON", "since Linux 7.3"),
];

/// Sets that must be among those that are compared with Linux 6.17.
const IN_6_17: &[&str] = &[
    "addr-attrs",
    "fib-rule-attrs",
    "link-attrs",
    "linkinfo-bond-attrs",
    "linkinfo-vxlan-attrs",
    "neighbour-attrs",
    "route-attrs",
    "metrics",
];

/// The crate linux-raw-sys binds rtnetlink.h, if_link.h, and what they include. Sets of other
/// headers are compared with those of `facts/uapi.txt` alone.
#[test]
fn numbers_are_those_of_linux_6_17() {
    let numbers: BTreeMap<&str, i64> =
        raw_sys::NUMBERS.iter().copied().flatten().copied().collect();
    assert!(numbers.len() > 900, "only {} constants", numbers.len());
    let (mut complaints, mut newer) = (Vec::new(), Exceptions::new(NOT_IN_6_17));
    let declared = Declared::all();
    let (mut names, mut compared) = (BTreeSet::new(), BTreeSet::new());
    for schema in declared.sets.values() {
        if !schema.attrs.iter().any(|field| numbers.contains_key(field.name)) {
            continue;
        }
        compared.insert(schema.name);
        for field in schema.attrs {
            names.insert(field.name);
            match numbers.get(field.name) {
                Some(value) if *value == i64::from(field.code) => {}
                Some(value) => {
                    complaints.push(format!("{} is {value}, not {}", field.name, field.code));
                }
                None if newer.excuse(field.name) => {}
                None => complaints.push(format!("{}: not in 6.17: {}", schema.name, field.name)),
            }
        }
    }
    for name in IN_6_17 {
        assert!(compared.contains(name), "{name} is not compared");
    }
    newer.finish(&mut complaints);
    // Where a set has one attribute of an enumeration, it has all.
    let macros = raw_sys::NUMBERS.len() - 1;
    for group in &raw_sys::NUMBERS[..macros] {
        if !group.iter().any(|(name, _)| names.contains(name)) {
            continue;
        }
        for (name, value) in *group {
            let left_out = LEFT_OUT.iter().any(|(out, _)| out == name);
            if !names.contains(name) && !is_unspec(name, *value) && !left_out {
                complaints.push(format!("{name} = {value} is not declared"));
            }
        }
    }
    none(complaints);
}

#[test]
fn constants_are_those_of_linux_6_17() {
    let numbers: BTreeMap<&str, i64> =
        raw_sys::NUMBERS.iter().copied().flatten().copied().collect();
    let (mut complaints, mut compared) = (Vec::new(), 0);
    for constants in Declared::all().constants.values() {
        for constant in constants.values {
            let digits = constant.name.strip_prefix('_').unwrap_or(constant.name);
            let name = format!("{}{digits}", constants.prefix);
            let Some(value) = numbers.get(name.as_str()) else { continue };
            compared += 1;
            let bit = 1u64.checked_shl(*value as u32) == Some(constant.value) && constants.flags;
            let mask = u64::MAX >> (64 - 8 * u32::from(constants.int.len));
            let same = *value as u64 & mask == constant.value || bit;
            if !same {
                complaints.push(format!("{name} is {value}, not {}", constant.value));
            }
        }
    }
    assert!(compared > 200, "only {compared} constants");
    none(complaints);
}

#[test]
fn structs_are_those_of_linux_6_17() {
    let declared = Declared::all();
    let mut complaints = Vec::new();
    let mut compared = 0;
    for (name, bytes, fields) in raw_sys::STRUCTS {
        let Some(layout) = declared.layouts.get(name) else { continue };
        compared += 1;
        let size = layout.size().unwrap();
        if *bytes != size {
            complaints.push(format!("struct {name} has {bytes} bytes, not {size}"));
        }
        let mut ours = BTreeMap::new();
        layout.fields.iter().fold(0, |at, (field, ty)| {
            ours.insert(at, *field);
            at + ty.size().unwrap()
        });
        for (field, at) in *fields {
            let field = field.trim_start_matches("r#");
            match ours.get(at) {
                Some(same) if field.ends_with(same) || field.ends_with("type") => {}
                Some(pad) if pad.starts_with("pad") => {}
                other => complaints.push(format!("struct {name}: {field} at {at} is {other:?}")),
            }
        }
    }
    assert!(compared > 40, "only {compared} structs");
    none(complaints);
}

/// The version that the crate tells of is that of the headers it is compared with.
#[test]
fn the_version_is_that_of_the_facts() {
    let first = UAPI.lines().next().unwrap();
    assert!(first.contains(&format!(" Linux {},", netlink_wire::UAPI)), "{first}");
}
