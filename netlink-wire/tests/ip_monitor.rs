//! Another judge: `ip` prints every captured message with the values that we read.
//!
//! `ip monitor` reads messages from a file, and acts on nothing. Between them
//! stand time stamps, which it prints as well: they tell what is of which.
#![cfg(target_endian = "little")] // The other machines are emulated, and this one has no `ip` for them.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
    process::Command,
};

use netlink_captures::{Kind, Record};
use netlink_wire::{
    Addr, LlAddr, Str,
    schema::Type,
    walk::{Content, Entry, Walk},
};

/// The word that `ip -N` puts before the value of an attribute.
const WORDS: &[(&str, &str)] = &[
    ("IFLA_MTU", "mtu"),
    ("IFLA_QDISC", "qdisc"),
    ("IFLA_GROUP", "group"),
    ("IFLA_PROMISCUITY", "promiscuity"),
    ("IFLA_MIN_MTU", "minmtu"),
    ("IFLA_MAX_MTU", "maxmtu"),
    ("IFLA_NUM_TX_QUEUES", "numtxqueues"),
    ("IFLA_NUM_RX_QUEUES", "numrxqueues"),
    ("IFLA_GSO_MAX_SIZE", "gso_max_size"),
    ("IFLA_GSO_MAX_SEGS", "gso_max_segs"),
    ("IFLA_VLAN_ID", "id"),
    ("IFLA_VXLAN_ID", "id"),
    ("IFLA_VXLAN_AGEING", "ageing"),
    ("IFLA_VXLAN_PORT", "dstport"),
    ("IFLA_GENEVE_ID", "id"),
    ("IFLA_GENEVE_PORT", "dstport"),
    ("IFLA_VRF_TABLE", "table"),
    ("IFLA_BOND_MIIMON", "miimon"),
    ("IFLA_BOND_UPDELAY", "updelay"),
    ("IFLA_BOND_DOWNDELAY", "downdelay"),
    ("IFLA_BOND_ARP_INTERVAL", "arp_interval"),
    ("IFLA_BOND_RESEND_IGMP", "resend_igmp"),
    ("IFLA_BOND_MIN_LINKS", "min_links"),
    ("IFLA_BOND_LP_INTERVAL", "lp_interval"),
    ("IFLA_BOND_PACKETS_PER_SLAVE", "packets_per_slave"),
    ("IFLA_BOND_AD_ACTOR_SYS_PRIO", "ad_actor_sys_prio"),
    ("IFLA_BOND_AD_USER_PORT_KEY", "ad_user_port_key"),
    ("IFLA_BOND_AD_ACTOR_SYSTEM", "ad_actor_system"),
    ("IFLA_BOND_PEER_NOTIF_DELAY", "peer_notify_delay"),
    ("IFLA_BR_FORWARD_DELAY", "forward_delay"),
    ("IFLA_BR_HELLO_TIME", "hello_time"),
    ("IFLA_BR_MAX_AGE", "max_age"),
    ("IFLA_BR_AGEING_TIME", "ageing_time"),
    ("IFLA_BR_STP_STATE", "stp_state"),
    ("IFLA_BR_PRIORITY", "priority"),
    ("IFLA_BR_VLAN_FILTERING", "vlan_filtering"),
    ("IFLA_BR_VLAN_DEFAULT_PVID", "vlan_default_pvid"),
    ("IFLA_BR_GROUP_ADDR", "group_address"),
    ("IFLA_BR_MCAST_HASH_MAX", "mcast_hash_max"),
    ("IFLA_BR_MCAST_LAST_MEMBER_CNT", "mcast_last_member_count"),
    ("IFLA_BR_MCAST_QUERY_INTVL", "mcast_query_interval"),
    ("IFLA_BRPORT_PRIORITY", "priority"),
    ("IFLA_BRPORT_COST", "cost"),
    ("IFLA_GRE_LOCAL", "local"),
    ("IFLA_GRE_REMOTE", "remote"),
    ("IFLA_IPTUN_LOCAL", "local"),
    ("IFLA_IPTUN_REMOTE", "remote"),
    ("IFLA_VTI_LOCAL", "local"),
    ("IFLA_VTI_REMOTE", "remote"),
    ("IFA_RT_PRIORITY", "metric"),
    ("RTA_TABLE", "table"),
    ("RTA_PRIORITY", "metric"),
    ("RTA_PREFSRC", "src"),
    ("RTA_GATEWAY", "via"),
    ("RTA_NH_ID", "nhid"),
    ("RTAX_MTU", "mtu"),
    ("RTAX_ADVMSS", "advmss"),
    ("RTAX_WINDOW", "window"),
    ("RTAX_CWND", "cwnd"),
    ("RTAX_INITCWND", "initcwnd"),
    ("RTAX_INITRWND", "initrwnd"),
    ("RTAX_HOPLIMIT", "hoplimit"),
    ("RTAX_REORDERING", "reordering"),
    ("RTAX_QUICKACK", "quickack"),
    ("NDA_LLADDR", "lladdr"),
    ("FRA_TABLE", "lookup"),
    ("FRA_IIFNAME", "iif"),
    ("FRA_OIFNAME", "oif"),
    ("FRA_GOTO", "goto"),
    ("FRA_SUPPRESS_PREFIXLEN", "suppress_prefixlength"),
    ("FRA_SUPPRESS_IFGROUP", "suppress_ifgroup"),
    ("NHA_ID", "id"),
    ("NHA_GATEWAY", "via"),
];

/// `NLMSG_TSTAMP` of iproute2: seconds and microseconds follow.
const TIME: u16 = 15;

#[test]
fn agrees_with_ip_monitor() {
    let captures = netlink_captures::all();
    let records: Vec<_> = captures.iter().flat_map(|capture| &capture.records).collect();
    let mut bytes = Vec::new();
    for (number, record) in records.iter().enumerate() {
        bytes.extend(24u32.to_ne_bytes());
        bytes.extend(TIME.to_ne_bytes());
        bytes.extend([0; 14]);
        bytes.extend(u32::try_from(number).unwrap().to_ne_bytes());
        bytes.extend(&record.bytes);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("monitor");
    fs::write(&file, bytes).unwrap();
    // In a namespace without links, for it looks their names up.
    let ip = env::var("NETLINK_IP7").ok().filter(|ip| !ip.is_empty()).unwrap_or("ip".to_owned());
    let output = Command::new("unshare")
        .args(["-rn", &ip, "-d", "-N", "monitor", "all", "file"])
        .arg(&file)
        .output();
    let output = match output {
        Ok(output) if output.status.success() => output,
        other => {
            eprintln!("agrees_with_ip_monitor: NOT RUN: {other:?}");
            assert_ne!(env::var("NETLINK_LIVE").as_deref(), Ok("1"), "promised to run");
            return;
        }
    };
    let said = split(&String::from_utf8_lossy(&output.stdout));

    let (mut compared, mut complaints) = (BTreeSet::new(), BTreeMap::new());
    let mut count = 0;
    for (number, record) in records.iter().enumerate() {
        let Some(words) = said.get(&number).filter(|_| record.kind != Kind::Request) else {
            continue;
        };
        visit(Walk::rtnl(record.message()), &mut |entry| {
            let word = WORDS.iter().find(|(name, _)| entry.name() == Some(name));
            let Some(((name, word), ours)) = word.zip(value(&entry)) else { return };
            let values: Vec<_> =
                words.windows(2).filter(|pair| pair[0] == *word).map(|pair| &pair[1]).collect();
            if values.is_empty() {
                return; // It leaves some out.
            }
            compared.insert(*name);
            count += 1;
            let any = ["0.0.0.0", "::"].contains(&ours.as_str());
            if !values.iter().any(|value| **value == ours || (any && *value == "any")) {
                let about = |record: &Record| format!("{ours}, {values:?}: {}", record.command);
                complaints.entry(*name).or_insert_with(|| about(record));
            }
        });
    }
    for (known, why) in KNOWN {
        assert!(complaints.remove(known).is_some(), "`ip` agrees on {known} now: {why}");
    }
    assert!(complaints.is_empty(), "`ip` has otherwise: {complaints:#?}");
    let never: Vec<_> = WORDS.iter().filter(|(name, _)| !compared.contains(name)).collect();
    assert!(never.is_empty(), "`ip` never said these: {never:?}");
    assert!(count > records.len(), "only {count} values compared");
}

/// What `ip` prints otherwise, and why.
const KNOWN: &[(&str, &str)] =
    &[("FRA_TABLE", "a rule for VRFs has the table of the device, and `ip` says so instead of 0")];

/// The words that were printed of each message.
fn split(text: &str) -> BTreeMap<usize, Vec<String>> {
    let mut said: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut number = 0;
    for line in text.lines() {
        if let Some(time) = line.strip_prefix("Timestamp: ") {
            number = time.split(' ').rev().nth(1).unwrap().parse().unwrap();
            continue;
        }
        // Metrics can be locked: `mtu lock 1400`.
        let words = line.split_whitespace().filter(|word| *word != "lock");
        said.entry(number).or_default().extend(words.map(str::to_owned));
    }
    said
}

fn visit<'a>(walk: Walk<'a>, f: &mut dyn FnMut(Entry<'a>)) {
    for entry in walk.flatten() {
        match entry.content() {
            Content::Value(_) => f(entry),
            Content::Attrs(walk) | Content::Headed(_, walk) => visit(walk, f),
            Content::Records(records) => {
                records.flatten().for_each(|record| visit(record.attrs, f));
            }
        }
    }
}

/// A value as `ip -N` prints it.
fn value(entry: &Entry<'_>) -> Option<String> {
    let bytes = entry.nla.payload();
    let int = match entry.ty {
        Type::Int(int) => int,
        Type::Constants(constants) => constants.int,
        Type::String => return Some(Str::exact(bytes).to_string()),
        Type::LlAddr => return Some(LlAddr(bytes).to_string()),
        Type::Addr | Type::Ipv4 | Type::Ipv6 => return Some(Addr::new(bytes).to_string()),
        Type::Array(Type::Int(_), 6) => return Some(LlAddr(bytes).to_string()),
        _ => return None,
    };
    let fold = |number: u64, byte: &u8| (number << 8) | u64::from(*byte);
    let number = match int.network {
        true => bytes.iter().fold(0, fold),
        false => bytes.iter().rev().fold(0, fold),
    };
    Some(number.to_string())
}
