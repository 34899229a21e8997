//! Every operation beside the `ip` command that it stands for: the same commands are run in one
//! namespace by `ip`, in another one by us, and after each both must show the same. What `ip` sends
//! is compared with what we send.

mod common;
#[path = "common/ip.rs"]
mod ip_json;

use std::{
    net::{IpAddr, Ipv4Addr},
    process::Command,
};

use ip_json::ip;
use netlink_sys::{
    Error, Protocol, Socket, ops,
    table::{Links, Routes},
};
use netlink_wire::{
    Addr, Be, ErrorKind, Header, LlAddr, Messages, NlmFlags, Prefix, Result, Rtm, Rtnl,
    addr::{AddrAttr, IfaCacheInfo, IfaFlags},
    link::{
        BondAttr, BondMode, BrAttr, BrPortAttr, GreAttr, IfInfoMsg, InfoAttr, InfoData,
        InfoSlaveData, LinkAttr, MacvlanAttr, MacvlanMode, VethAttr, VlanAttr, VrfAttr, VxlanAttr,
    },
    neigh::{NeighAttr, Ntf, Nud},
    nexthop::{NexthopAttr, NexthopGrp},
    route::{MetricAttr, RouteAttr, RtNextHop, RtProt, RtScope, RtTable, Rtn, RtnhFlags},
    rule::{FibRuleFlags, FibRulePortRange, FibRuleUidRange, FrAct, RuleAttr},
    walk::{Content, Walk},
};
use serde_json::Value;

/// What `ip` is told, and our message for it.
type Step = (&'static str, fn() -> Result<Vec<u8>>);

/// Commands that `ip` sends other bytes for, and why we do not.
const OTHERWISE: &[(&str, &str)] = &[
    ("bridge_slave", "`ip` has a kind of its own for ports; we name that of the master"),
    ("type gre", "`ip` sends all settings, and we those that are told"),
    ("-6 route add default", "no bit of the destination counts; `ip` sends it nevertheless"),
];

fn index(name: &str) -> u32 {
    nix::net::if_::if_nametoindex(name).unwrap()
}

/// What `ip` shows.
fn json(args: &str) -> Vec<Value> {
    ip_json::json(&format!("-j {args}"))
}

fn prefix<A: From<IpAddr>>(text: &str) -> Prefix<A> {
    text.parse().unwrap()
}

fn addr(text: &str) -> Addr<'static> {
    text.parse::<IpAddr>().unwrap().into()
}

const MAC: LlAddr<'_> = LlAddr(&[2, 0, 0, 0, 0, 0x21]);

/// Two links that are up, with addresses, and a bridge: the same in each namespace.
fn set_up() {
    ip("link set lo up");
    ip("link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02");
    ip("link add br0 address 02:00:00:00:00:03 type bridge");
    for name in ["v0", "v1"] {
        ip(&format!("link set {name} addrgenmode none"));
        ip(&format!("link set {name} up"));
    }
    ip("addr add 192.0.2.1/24 dev v0");
    ip("addr add 2001:db8::1/64 dev v0 nodad");
    // The carrier is told a moment later, and so is the route to the address.
    while json("link show v0")[0]["operstate"] != "UP"
        || json("-6 route show table local 2001:db8::1").is_empty()
    {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// What `ip` shows of the objects that a command is about; without what depends on the moment.
fn shown(command: &str) -> Vec<Value> {
    let object = command.split_whitespace().find(|word| !word.starts_with('-')).unwrap();
    let mut rows = match object {
        "link" => json("-d link"),
        "addr" => json("addr"),
        "route" => [json("-4 route show table all"), json("-6 route show table all")].concat(),
        "neigh" => {
            let mut proxies = json("neigh show proxy");
            // Those of no link outlive their namespace, and show in a later one.
            proxies.retain(|row| !row["dev"].is_null());
            [json("neigh show nud all"), proxies].concat()
        }
        "rule" => [json("-d -4 rule"), json("-d -6 rule")].concat(),
        "nexthop" => json("-d nexthop"),
        _ => serde_json::from_str(&ip_json::run("bridge", "-j fdb")).unwrap(),
    };
    rows.iter_mut().for_each(settle);
    // Their order tells which link came up first.
    rows.retain(|row| row["dst"] != "ff00::/8");
    // Groups are joined a moment later.
    rows.retain(|row| row["mac"].as_str().is_none_or(|mac| mac.starts_with("02:")));
    if object == "neigh" {
        // They come in the order of a hash, the seed of which is random. Others come by themselves.
        rows.retain(|row| {
            row["state"].as_array().is_none_or(|state| !state.contains(&"NOARP".into()))
        });
        rows.sort_by_key(Value::to_string);
    }
    rows
}

/// Removes what depends on the moment.
fn settle(value: &mut Value) {
    match value {
        Value::Array(list) => {
            list.retain(|flag| flag != "NO-CARRIER" && flag != "LOWER_UP" && flag != "M-DOWN");
            list.iter_mut().for_each(settle);
        }
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                let is_time = ["valid_life_time", "preferred_life_time", "expires"];
                match value.as_u64() {
                    Some(seconds) if is_time.contains(&name.as_str()) => {
                        *value = seconds.div_ceil(50).into();
                    }
                    _ => settle(value),
                }
            }
            fields.remove("operstate");
            fields.retain(|name, _| !name.ends_with("_timer"));
        }
        _ => {}
    }
}

/// Runs a command under strace and returns the requests that it sent; none without strace.
fn run_ip(command: &str) -> Option<Vec<Vec<u8>>> {
    let (program, args) = match command.strip_prefix("fdb ") {
        Some(args) => ("bridge", format!("fdb {args}")),
        None => ("ip", command.to_owned()),
    };
    if Command::new("strace").arg("-V").output().is_err() {
        ip_json::run(program, &args);
        return None;
    }
    let options = "-e trace=sendmsg -e signal=none -e write=all";
    let args = format!("{options} {program} {args}");
    let output = Command::new("strace").args(args.split_whitespace()).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "strace {args}: {text}");
    let sent = text.split("sendmsg(").skip(1).map(|call| {
        let lines = call.lines().filter_map(|line| line.strip_prefix(" | ")?.split_once("  "));
        let hex = lines.flat_map(|(_, line)| line[..48].split_whitespace());
        hex.map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
    });
    Some(sent.collect())
}

/// A message in words, one an attribute, so that the order does not count.
fn words(bytes: &[u8]) -> Vec<String> {
    let message = Messages::new(bytes).next().unwrap().unwrap();
    let asks = NlmFlags::REQUEST | NlmFlags::ACK;
    let Header { kind, flags, .. } = message.header;
    let mut words = vec![format!("{} {}", Rtm(kind), NlmFlags(flags.0 & !asks.0))];
    let mut table = None;
    let header = match Rtnl::parse(message).unwrap() {
        Rtnl::Link(link) => format!("{:?}", link.header),
        Rtnl::Addr(mut addr) => {
            // The byte says the same as the attribute, if no other bit is set.
            words.push(format!("flags {}", addr.flags().unwrap()));
            addr.header.flags = 0;
            format!("{:?}", addr.header)
        }
        Rtnl::Route(mut route) => {
            // The byte says the same as the attribute, if it is small.
            table = Some(route.table().unwrap());
            route.header.table = 0;
            format!("{:?}", route.header)
        }
        Rtnl::Neigh(neigh) => format!("{:?}", neigh.header),
        Rtnl::Rule(mut rule) => {
            table = Some(rule.table().unwrap());
            rule.header.table = 0;
            format!("{:?}", rule.header)
        }
        Rtnl::Nexthop(nexthop) => format!("{:?}", nexthop.header),
        other => panic!("{other:?}"),
    };
    words.push(header);
    words.extend(table.map(|table| format!("table {table}")));
    attributes(Walk::rtnl(message), "", &mut words);
    // These are told above. What replies are to have in them differs among versions of `ip`.
    let told = ["/RTA_TABLE", "/FRA_TABLE", "/IFA_FLAGS", "/IFLA_EXT_MASK", "/NHA_OP_FLAGS"];
    words.retain(|word| !told.iter().any(|name| word.starts_with(name)));
    words.sort();
    words
}

fn attributes(walk: Walk<'_>, path: &str, words: &mut Vec<String>) {
    for entry in walk {
        let entry = entry.unwrap();
        let path = format!("{path}/{}", entry.name().unwrap_or("?"));
        match entry.content() {
            Content::Attrs(walk) => attributes(walk, &path, words),
            Content::Headed(header, walk) => {
                words.push(format!("{path} {header}"));
                attributes(walk, &path, words);
            }
            Content::Records(records) => {
                for (n, record) in records.map(Result::unwrap).enumerate() {
                    words.push(format!("{path}[{n}] {}", record.header));
                    attributes(record.attrs, &format!("{path}[{n}]"), words);
                }
            }
            Content::Value(value) => words.push(format!("{path} {value}")),
        }
    }
}

/// Runs the steps by `ip` in this namespace, then ours in another one, and compares both.
fn compare(steps: &[Step]) {
    set_up();
    let theirs: Vec<_> =
        steps.iter().map(|(command, _)| (run_ip(command), shown(command))).collect();
    if theirs.iter().any(|(sent, _)| sent.is_none()) {
        eprintln!("NOT RUN: there is no strace: bytes are not compared");
        let is_sample = std::env::var_os("NETLINK_SAMPLE").is_some();
        assert!(
            is_sample || std::env::var("NETLINK_LIVE").as_deref() != Ok("1"),
            "promised to run"
        );
    }
    let run_ours = || {
        nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWNET).unwrap();
        set_up();
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        for ((command, message), (sent, state)) in steps.iter().zip(&theirs) {
            let mut message = message().unwrap();
            if let Some(sent) = sent {
                // It also asks for names of links.
                let kind = |bytes: &[u8]| Header::of(bytes).unwrap().kind;
                let ours = words(&message);
                let theirs = sent.iter().filter(|sent| kind(sent) == kind(&message));
                let theirs: Vec<_> = theirs.map(|sent| words(sent)).collect();
                let is_same = theirs.contains(&ours);
                match OTHERWISE.iter().find(|(other, _)| command.contains(other)) {
                    Some((_, why)) => assert!(!is_same, "{command}: no longer: {why}"),
                    None => assert!(is_same, "{command}: {ours:#?}, and `ip` {theirs:#?}"),
                }
            }
            socket.request(&mut message).unwrap().finish().unwrap_or_else(|error| {
                panic!("{command}: {error}");
            });
            let ours = shown(command);
            let only = |a: &[Value], b: &[Value]| -> Vec<String> {
                a.iter().filter(|row| !b.contains(row)).map(Value::to_string).collect()
            };
            let difference = (only(&ours, state), only(state, &ours));
            assert!(ours == *state, "{command}: only ours, and only that of `ip`: {difference:#?}");
        }
    };
    std::thread::scope(|scope| scope.spawn(run_ours).join().unwrap());
}

/// The steps that this kernel knows the kinds of links for.
fn known(steps: &[Step]) -> Vec<Step> {
    let is_known = |(command, _): &&Step| {
        let output = Command::new("ip").args(command.split_whitespace()).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        if error.contains("Unknown device type") || error.contains("not supported") {
            eprintln!("{command}: NOT RUN: {error}");
            assert!(std::env::var_os("NETLINK_KINDS").is_none(), "promised to know the kind");
            return false;
        }
        true
    };
    let try_all = || {
        nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWNET).unwrap();
        set_up();
        steps.iter().filter(is_known).copied().collect()
    };
    std::thread::scope(|scope| scope.spawn(try_all).join().unwrap())
}

live! {
    fn kinds_of_links() {
        compare(&known(&[
            ("link add d0 address 02:00:00:00:00:07 type dummy", || {
                let link = ops::link("d0").push(LinkAttr::Address(LlAddr(&[2, 0, 0, 0, 0, 7])));
                link.kind("dummy").to_add()
            }),
            ("link add link v0 name v0.7 type vlan protocol 802.1ad id 7", || {
                ops::link("v0.7")
                    .push(LinkAttr::Link(index("v0")))
                    .info(InfoData::Vlan, |vlan| {
                        vlan.push(VlanAttr::Id(7)).push(VlanAttr::Protocol(Be::new(0x88a8)));
                    })
                    .to_add()
            }),
            ("link add b0 address 02:00:00:00:00:08 type bond mode active-backup miimon 100", || {
                ops::link("b0")
                    .push(LinkAttr::Address(LlAddr(&[2, 0, 0, 0, 0, 8])))
                    .info(InfoData::Bond, |bond| {
                        bond.push(BondAttr::Mode(BondMode::MODE_ACTIVEBACKUP));
                        bond.push(BondAttr::MiiMon(100));
                    })
                    .to_add()
            }),
            ("link add red address 02:00:00:00:00:09 type vrf table 70007", || {
                ops::link("red")
                    .push(LinkAttr::Address(LlAddr(&[2, 0, 0, 0, 0, 9])))
                    .info(InfoData::Vrf, |vrf| {
                        vrf.push(VrfAttr::Table(70_007));
                    })
                    .to_add()
            }),
            ("link add vx0 address 02:00:00:00:00:0a type vxlan id 7 local 192.0.2.1 dstport 4789 learning", || {
                ops::link("vx0")
                    .push(LinkAttr::Address(LlAddr(&[2, 0, 0, 0, 0, 10])))
                    .info(InfoData::Vxlan, |vxlan| {
                        vxlan
                            .push(VxlanAttr::Id(7))
                            .push(VxlanAttr::Local(Ipv4Addr::new(192, 0, 2, 1)))
                            .push(VxlanAttr::Port(Be::new(4789)))
                            .push(VxlanAttr::Learning(1));
                    })
                    .to_add()
            }),
            ("link add gre7 type gre local 192.0.2.1 remote 192.0.2.9 ttl 77", || {
                ops::link("gre7")
                    .info(InfoData::Gre, |gre| {
                        gre.push(GreAttr::Local(addr("192.0.2.1")))
                            .push(GreAttr::Remote(addr("192.0.2.9")))
                            .push(GreAttr::PmtuDisc(1))
                            .push(GreAttr::Ttl(77));
                    })
                    .to_add()
            }),
            ("link del vx0", || ops::link_by_index(index("vx0")).to_delete()),
        ]));
    }

    fn links() {
        compare(&[
            ("link add p0 address 02:00:00:00:00:07 type veth peer name p1 address 02:00:00:00:00:08", || {
                let pair = ops::link("p0").push(LinkAttr::Address(LlAddr(&[2, 0, 0, 0, 0, 7])));
                pair.info(InfoData::Veth, |veth| {
                    veth.headed(VethAttr::Peer, &IfInfoMsg::default(), |peer| {
                        peer.push(LinkAttr::IfName("p1".into()));
                        peer.push(LinkAttr::Address(LlAddr(&[2, 0, 0, 0, 0, 8])));
                    });
                })
                .to_add()
            }),
            ("link add br1 address 02:00:00:00:00:09 type bridge forward_delay 200 hello_time 300", || {
                let bridge = ops::link("br1").push(LinkAttr::Address(LlAddr(&[2, 0, 0, 0, 0, 9])));
                bridge.info(InfoData::Bridge, |bridge| {
                    bridge.push(BrAttr::ForwardDelay(200)).push(BrAttr::HelloTime(300));
                })
                .to_add()
            }),
            ("link change br1 type bridge forward_delay 300", || {
                ops::link_by_index(index("br1"))
                    .info(InfoData::Bridge, |bridge| {
                        bridge.push(BrAttr::ForwardDelay(300));
                    })
                    .to_change()
            }),
            ("link set p1 master br1", || {
                ops::link_by_index(index("p1")).push(LinkAttr::Master(index("br1"))).to_change()
            }),
            ("link set p1 type bridge_slave learning off cost 7", || {
                ops::link_by_index(index("p1"))
                    .port(InfoSlaveData::Bridge, |port| {
                        port.push(BrPortAttr::Learning(0)).push(BrPortAttr::Cost(7));
                    })
                    .to_change()
            }),
            ("link set p1 nomaster", || {
                ops::link_by_index(index("p1")).push(LinkAttr::Master(0)).to_change()
            }),
            ("link set p0 mtu 1400 txqueuelen 77 alias other", || {
                ops::link_by_index(index("p0"))
                    .push(LinkAttr::Mtu(1400))
                    .push(LinkAttr::TxqLen(77))
                    .push(LinkAttr::IfAlias("other".into()))
                    .to_change()
            }),
            ("link set p0 up", || ops::link_by_index(index("p0")).up().to_change()),
            ("link set p0 down", || ops::link_by_index(index("p0")).down().to_change()),
            ("link set p0 name q0", || {
                ops::link_by_index(index("p0")).push(LinkAttr::IfName("q0".into())).to_change()
            }),
            ("link add mv0 link v0 address 02:00:00:00:00:0a type macvlan mode bridge", || {
                ops::link("mv0")
                    .push(LinkAttr::Link(index("v0")))
                    .push(LinkAttr::Address(LlAddr(&[2, 0, 0, 0, 0, 10])))
                    .info(InfoData::Macvlan, |macvlan| {
                        macvlan.push(MacvlanAttr::Mode(MacvlanMode::BRIDGE));
                    })
                    .to_add()
            }),
            ("link show dev mv0", || ops::link("mv0").to_get()),
            ("link del mv0", || ops::link_by_index(index("mv0")).to_delete()),
            ("link del q0", || ops::link_by_index(index("q0")).to_delete()),
        ]);
    }

    fn addresses() {
        let v0 = || index("v0");
        compare(&[
            ("addr add 192.0.2.5/24 dev v0", || ops::addr(index("v0"), prefix("192.0.2.5/24")).to_add()),
            ("addr add 127.0.0.5/8 dev lo", || ops::addr(1, prefix("127.0.0.5/8")).to_add()),
            ("addr add 198.51.100.1 peer 198.51.100.2/32 dev v0", || {
                let local = Ipv4Addr::new(198, 51, 100, 1).into();
                ops::addr_with_peer(index("v0"), local, prefix("198.51.100.2/32")).to_add()
            }),
            ("addr add 10.0.0.1/8 broadcast 10.255.255.255 scope link label v0:x dev v0", || {
                ops::addr(index("v0"), prefix("10.0.0.1/8"))
                    .push(AddrAttr::Broadcast(addr("10.255.255.255")))
                    .push(AddrAttr::Label("v0:x".into()))
                    .with(|header| header.scope = RtScope::LINK)
                    .to_add()
            }),
            ("addr change 192.0.2.5/24 dev v0 valid_lft 10000 preferred_lft 5000", || {
                ops::addr(index("v0"), prefix("192.0.2.5/24"))
                    .push(AddrAttr::CacheInfo(IfaCacheInfo {
                        prefered: 5000,
                        valid: 10_000,
                        ..IfaCacheInfo::default()
                    }))
                    .to_change()
            }),
            ("addr replace 192.0.2.6/24 dev v0 metric 77 noprefixroute", || {
                ops::addr(index("v0"), prefix("192.0.2.6/24"))
                    .push(AddrAttr::RtPriority(77))
                    .push(AddrAttr::Flags(IfaFlags::NOPREFIXROUTE))
                    .to_replace()
            }),
            ("addr del 192.0.2.5/24 dev v0", || {
                ops::addr(index("v0"), prefix("192.0.2.5/24")).to_delete()
            }),
            ("addr add 2001:db8::5/64 dev v0 nodad", || {
                ops::addr(index("v0"), prefix("2001:db8::5/64"))
                    .push(AddrAttr::Flags(IfaFlags::NODAD))
                    .to_add()
            }),
            ("addr change 2001:db8::5/64 dev v0 nodad valid_lft 10000 preferred_lft 5000", || {
                ops::addr(index("v0"), prefix("2001:db8::5/64"))
                    .push(AddrAttr::Flags(IfaFlags::NODAD))
                    .push(AddrAttr::CacheInfo(IfaCacheInfo {
                        prefered: 5000,
                        valid: 10_000,
                        ..IfaCacheInfo::default()
                    }))
                    .to_change()
            }),
            ("addr del 2001:db8::5/64 dev v0", || {
                ops::addr(index("v0"), prefix("2001:db8::5/64")).to_delete()
            }),
        ]);
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        // One is searched for in a dump, the other one the kernel looks up.
        for text in ["192.0.2.1/24", "2001:db8::1/64"] {
            let wanted: Prefix<Addr<'_>> = prefix(text);
            let found = socket.get(&ops::addr(v0(), wanted)).unwrap();
            assert_eq!(found.local(), Ok(Some(wanted.addr)));
            assert_eq!(found.header.prefixlen, wanted.len);
        }
        for text in ["192.0.2.1/25", "192.0.2.77/24", "2001:db8::77/64"] {
            let error = socket.get(&ops::addr(v0(), prefix(text))).unwrap_err();
            assert!(error.is_not_found(), "{text}: {error}");
        }
    }

    fn routes() {
        let via = |gateway: &str| RouteAttr::Gateway(addr(gateway));
        compare(&[
            ("route add 10.0.0.0/8 via 192.0.2.9", || {
                ops::route(prefix("10.0.0.0/8")).push(RouteAttr::Gateway(addr("192.0.2.9"))).to_add()
            }),
            ("route add 10.1.0.0/16 dev v0 src 192.0.2.1 mtu 1400 metric 5", || {
                ops::route(prefix("10.1.0.0/16"))
                    .push(RouteAttr::Oif(index("v0")))
                    .push(RouteAttr::PrefSrc(addr("192.0.2.1")))
                    .push(RouteAttr::Priority(5))
                    .nest(RouteAttr::Metrics, |metrics| {
                        metrics.push(MetricAttr::Mtu(1400));
                    })
                    .to_add()
            }),
            ("route add local 10.2.0.1 dev lo", || {
                ops::route(prefix("10.2.0.1"))
                    .push(RouteAttr::Oif(1))
                    .with(|header| header.kind = Rtn::LOCAL)
                    .to_add()
            }),
            ("route add blackhole 10.3.0.0/16", || {
                ops::route(prefix("10.3.0.0/16")).with(|header| header.kind = Rtn::BLACKHOLE).to_add()
            }),
            ("route add default via 192.0.2.9 table 100", || {
                ops::route(prefix("0.0.0.0/0"))
                    .push(RouteAttr::Gateway(addr("192.0.2.9")))
                    .push(RouteAttr::Table(RtTable(100)))
                    .to_add()
            }),
            ("route add unreachable default metric 4278198272 proto bgp table 70000", || {
                ops::route(prefix("0.0.0.0/0"))
                    .push(RouteAttr::Priority(4_278_198_272))
                    .push(RouteAttr::Table(RtTable(70_000)))
                    .with(|header| {
                        header.kind = Rtn::UNREACHABLE;
                        header.protocol = RtProt::BGP;
                    })
                    .to_add()
            }),
            ("route add 10.4.0.0/16 nexthop via 192.0.2.9 weight 2 nexthop via 192.0.2.8 dev v0 onlink", || {
                ops::route(prefix("10.4.0.0/16"))
                    .nest(RouteAttr::Multipath, |hops| {
                        hops.hop(&RtNextHop { hops: 1, ..RtNextHop::default() }, |hop| {
                            hop.push(RouteAttr::Gateway(addr("192.0.2.9")));
                        });
                        let ifindex = index("v0") as i32;
                        let flags = RtnhFlags::ONLINK;
                        hops.hop(&RtNextHop { ifindex, flags, ..RtNextHop::default() }, |hop| {
                            hop.push(RouteAttr::Gateway(addr("192.0.2.8")));
                        });
                    })
                    .to_add()
            }),
            ("route replace 10.0.0.0/8 via 192.0.2.8", || {
                ops::route(prefix("10.0.0.0/8")).push(RouteAttr::Gateway(addr("192.0.2.8"))).to_replace()
            }),
            ("route append 10.0.0.0/8 via 192.0.2.7", || {
                ops::route(prefix("10.0.0.0/8")).push(RouteAttr::Gateway(addr("192.0.2.7"))).to_append()
            }),
            ("route prepend 10.0.0.0/8 via 192.0.2.6", || {
                ops::route(prefix("10.0.0.0/8")).push(RouteAttr::Gateway(addr("192.0.2.6"))).to_prepend()
            }),
            ("route change 10.0.0.0/8 via 192.0.2.5", || {
                ops::route(prefix("10.0.0.0/8")).push(RouteAttr::Gateway(addr("192.0.2.5"))).to_change()
            }),
            ("route del 10.0.0.0/8 via 192.0.2.7", || {
                ops::route(prefix("10.0.0.0/8")).push(RouteAttr::Gateway(addr("192.0.2.7"))).to_delete()
            }),
            ("route del 10.0.0.0/8", || ops::route(prefix("10.0.0.0/8")).to_delete()),
            ("route del local 10.2.0.1", || {
                ops::route(prefix("10.2.0.1")).with(|header| header.kind = Rtn::LOCAL).to_delete()
            }),
            ("route del unreachable default table 70000", || {
                ops::route(prefix("0.0.0.0/0"))
                    .push(RouteAttr::Table(RtTable(70_000)))
                    .with(|header| header.kind = Rtn::UNREACHABLE)
                    .to_delete()
            }),
            ("-6 route add 2001:db8:1::/48 via 2001:db8::9", || {
                ops::route(prefix("2001:db8:1::/48")).push(RouteAttr::Gateway(addr("2001:db8::9"))).to_add()
            }),
            ("-6 route append 2001:db8:1::/48 via 2001:db8::8", || {
                ops::route(prefix("2001:db8:1::/48")).push(RouteAttr::Gateway(addr("2001:db8::8"))).to_append()
            }),
            ("-6 route prepend 2001:db8:1::/48 via 2001:db8::7", || {
                ops::route(prefix("2001:db8:1::/48")).push(RouteAttr::Gateway(addr("2001:db8::7"))).to_prepend()
            }),
            ("-6 route replace 2001:db8:1::/48 via 2001:db8::6", || {
                ops::route(prefix("2001:db8:1::/48")).push(RouteAttr::Gateway(addr("2001:db8::6"))).to_replace()
            }),
            ("-6 route add default via 2001:db8::9 metric 7", || {
                ops::route(prefix("::/0"))
                    .push(RouteAttr::Gateway(addr("2001:db8::9")))
                    .push(RouteAttr::Priority(7))
                    .to_add()
            }),
            ("-6 route add 2001:db8:2::/48 dev v0", || {
                ops::route(prefix("2001:db8:2::/48")).push(RouteAttr::Oif(index("v0"))).to_add()
            }),
            ("route get 10.1.2.3 mark 7", || {
                ops::lookup("10.1.2.3".parse().unwrap()).push(RouteAttr::Mark(7)).to_get()
            }),
            ("-6 route get 2001:db8:1::1", || ops::lookup("2001:db8:1::1".parse().unwrap()).to_get()),
            ("-6 route del 2001:db8:1::/48", || ops::route(prefix("2001:db8:1::/48")).to_delete()),
        ]);
        // Which way packets take.
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let route = socket.get(&ops::lookup("192.0.2.77".parse().unwrap())).unwrap();
        assert_eq!(route.get(RouteAttr::PrefSrc), Ok(Some(addr("192.0.2.1"))));
        assert_eq!(route.table(), Ok(RtTable::MAIN));
        socket.append(&ops::route(prefix("10.1.0.0/16")).push(via("192.0.2.7"))).unwrap();
        let route = socket.get(&ops::lookup("10.1.2.3".parse().unwrap())).unwrap();
        assert_eq!(route.get(RouteAttr::Gateway), Ok(Some(addr("192.0.2.7"))));
    }

    fn neighbours() {
        compare(&[
            ("neigh add 192.0.2.9 lladdr 02:00:00:00:00:21 dev v0", || {
                ops::neigh(index("v0"), "192.0.2.9".parse().unwrap()).push(NeighAttr::LlAddr(MAC)).to_add()
            }),
            ("neigh change 192.0.2.9 lladdr 02:00:00:00:00:21 dev v0 nud noarp router", || {
                ops::neigh(index("v0"), "192.0.2.9".parse().unwrap())
                    .push(NeighAttr::LlAddr(MAC))
                    .with(|header| (header.state, header.flags) = (Nud::NOARP, Ntf::ROUTER))
                    .to_change()
            }),
            ("neigh replace 2001:db8::9 lladdr 02:00:00:00:00:21 dev v0", || {
                ops::neigh(index("v0"), "2001:db8::9".parse().unwrap())
                    .push(NeighAttr::LlAddr(MAC))
                    .to_replace()
            }),
            ("neigh add proxy 192.0.2.77 dev v0", || {
                ops::proxy(index("v0"), "192.0.2.77".parse().unwrap()).to_add()
            }),
            ("neigh get 192.0.2.9 dev v0", || {
                ops::neigh(index("v0"), "192.0.2.9".parse().unwrap()).to_get()
            }),
            ("neigh del 192.0.2.9 dev v0", || {
                ops::neigh(index("v0"), "192.0.2.9".parse().unwrap()).to_delete()
            }),
            ("neigh del proxy 192.0.2.77 dev v0", || {
                ops::proxy(index("v0"), "192.0.2.77".parse().unwrap()).to_delete()
            }),
        ]);
    }

    fn forwarding_entries() {
        compare(&[
            ("link set v1 master br0", || {
                ops::link_by_index(index("v1")).push(LinkAttr::Master(index("br0"))).to_change()
            }),
            ("fdb add 02:00:00:00:00:21 dev v1 master", || ops::fdb(index("v1"), MAC.0, Ntf::MASTER).to_add()),
            ("fdb replace 02:00:00:00:00:22 dev v1 master static sticky", || {
                ops::fdb(index("v1"), &[2, 0, 0, 0, 0, 0x22], Ntf::MASTER | Ntf::STICKY)
                    .with(|header| header.state = Nud::NOARP | Nud::REACHABLE)
                    .to_replace()
            }),
            ("fdb get 02:00:00:00:00:21 br br0", || {
                ops::fdb(0, MAC.0, Ntf::MASTER).push(NeighAttr::Master(index("br0"))).to_get()
            }),
            ("fdb del 02:00:00:00:00:21 dev v1 master", || {
                ops::fdb(index("v1"), MAC.0, Ntf::MASTER).to_delete()
            }),
        ]);
    }

    fn rules() {
        compare(&[
            ("rule add from 10.0.0.0/8 to 192.0.2.0/24 table 100", || {
                ops::ipv4_rule()
                    .source(prefix("10.0.0.0/8"))
                    .destination(prefix("192.0.2.0/24"))
                    .push(RuleAttr::Table(RtTable(100)))
                    .to_add()
            }),
            ("rule add fwmark 7/0xff lookup 1000 pref 50 iif v0 protocol bgp", || {
                ops::ipv4_rule()
                    .push(RuleAttr::FwMark(7))
                    .push(RuleAttr::FwMask(0xff))
                    .push(RuleAttr::Table(RtTable(1000)))
                    .push(RuleAttr::Priority(50))
                    .push(RuleAttr::IifName("v0".into()))
                    .push(RuleAttr::Protocol(RtProt::BGP))
                    .to_add()
            }),
            ("rule add pref 60 goto 32766", || {
                ops::ipv4_rule().push(RuleAttr::Priority(60)).push(RuleAttr::Goto(32_766)).to_add()
            }),
            ("rule add pref 61 blackhole", || {
                ops::ipv4_rule()
                    .push(RuleAttr::Priority(61))
                    .with(|header| header.action = FrAct::BLACKHOLE)
                    .to_add()
            }),
            ("rule add not from 10.0.0.0/8 pref 62 ipproto tcp dport 80-90 uidrange 0-7", || {
                ops::ipv4_rule()
                    .source(prefix("10.0.0.0/8"))
                    .push(RuleAttr::Priority(62))
                    .push(RuleAttr::IpProto(6))
                    .push(RuleAttr::DportRange(FibRulePortRange { start: 80, end: 90 }))
                    .push(RuleAttr::UidRange(FibRuleUidRange { start: 0, end: 7 }))
                    .with(|header| header.flags |= FibRuleFlags::INVERT)
                    .to_add()
            }),
            ("rule add pref 63 suppress_prefixlength 0 table main", || {
                ops::ipv4_rule()
                    .push(RuleAttr::Priority(63))
                    .push(RuleAttr::SuppressPrefixLen(0))
                    .to_add()
            }),
            ("-6 rule add from 2001:db8::/32 table 7 pref 50", || {
                ops::ipv6_rule()
                    .source(prefix("2001:db8::/32"))
                    .push(RuleAttr::Table(RtTable(7)))
                    .push(RuleAttr::Priority(50))
                    .to_add()
            }),
            ("rule del pref 50", || ops::ipv4_rule().push(RuleAttr::Priority(50)).to_delete()),
            ("rule del from 10.0.0.0/8 to 192.0.2.0/24 table 100", || {
                ops::ipv4_rule()
                    .source(prefix("10.0.0.0/8"))
                    .destination(prefix("192.0.2.0/24"))
                    .push(RuleAttr::Table(RtTable(100)))
                    .to_delete()
            }),
        ]);
    }

    fn deletes_the_rule_that_is_meant() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        for rule in [
            "pref 100 from 10.0.0.0/8 fwmark 7 lookup 100",
            "pref 200 from 10.0.0.0/8 lookup 100 protocol bgp",
            "pref 300 not from 10.0.0.0/8 lookup 100",
            "pref 400 from 10.0.0.0/8 lookup 100 suppress_prefixlength 8",
            "pref 500 fwmark 7 lookup 100",
            "pref 500 lookup 100",
            "pref 600 goto 32766",
        ] {
            ip(&format!("rule add {rule}"));
        }
        let priorities = || -> Vec<_> {
            json("-4 rule").iter().map(|rule| rule["priority"].as_u64().unwrap()).collect()
        };
        let plain = || ops::ipv4_rule().push(RuleAttr::Table(RtTable(100)));
        let from = || plain().source(prefix("10.0.0.0/8"));
        // The kernel would take the one with a mark.
        assert!(socket.get(&from()).is_ok());
        socket.delete_rule(&from()).unwrap();
        assert_eq!(priorities(), [0, 100, 300, 400, 500, 500, 600, 32_766, 32_767]);
        assert_eq!(socket.delete_rule(&from()), Err(Error::NotFound));
        assert_eq!(socket.get(&from()).unwrap_err(), Error::NotFound);
        socket.delete_rule(&from().with(|header| header.flags = FibRuleFlags::INVERT)).unwrap();
        assert_eq!(priorities(), [0, 100, 400, 500, 500, 600, 32_766, 32_767]);
        // That with the mark comes first, and the kernel compares no more than it is told.
        assert_eq!(socket.delete_rule(&plain()), Err(Error::Ambiguous));
        assert_eq!(priorities(), [0, 100, 400, 500, 500, 600, 32_766, 32_767]);
        socket.delete_rule(&plain().push(RuleAttr::FwMark(7))).unwrap();
        socket.delete_rule(&plain()).unwrap();
        socket.delete_rule(&from().push(RuleAttr::SuppressPrefixLen(8))).unwrap();
        socket.delete_rule(&ops::ipv4_rule().push(RuleAttr::Goto(32_766))).unwrap();
        assert_eq!(priorities(), [0, 100, 32_766, 32_767]);
        let wrong = from().push(RuleAttr::FwMark(7)).push(RuleAttr::Priority(101));
        assert_eq!(socket.delete_rule(&wrong), Err(Error::NotFound));
        socket.delete_rule(&from().push(RuleAttr::FwMark(7)).push(RuleAttr::Priority(100))).unwrap();
        assert_eq!(priorities(), [0, 32_766, 32_767]);
    }

    fn nexthop_objects() {
        compare(&[
            ("nexthop add id 7 via 192.0.2.9 dev v0", || {
                ops::nexthop(7)
                    .push(NexthopAttr::Gateway(addr("192.0.2.9")))
                    .push(NexthopAttr::Oif(index("v0")))
                    .to_add()
            }),
            ("nexthop add id 8 blackhole", || ops::nexthop(8).push(NexthopAttr::Blackhole(())).to_add()),
            ("nexthop add id 9 via 2001:db8::9 dev v0 protocol bgp", || {
                ops::nexthop(9)
                    .push(NexthopAttr::Gateway(addr("2001:db8::9")))
                    .push(NexthopAttr::Oif(index("v0")))
                    .with(|header| header.protocol = RtProt::BGP)
                    .to_add()
            }),
            ("nexthop add id 11 dev v0", || ops::nexthop(11).push(NexthopAttr::Oif(index("v0"))).to_add()),
            ("nexthop add id 10 group 7/11,3", || {
                ops::nexthop(10).group(&[NexthopGrp::new(7, 1), NexthopGrp::new(11, 3)]).to_add()
            }),
            ("route add 10.0.0.0/8 nhid 10", || {
                ops::route(prefix("10.0.0.0/8")).push(RouteAttr::NhId(10)).to_add()
            }),
            ("nexthop replace id 7 via 192.0.2.8 dev v0", || {
                ops::nexthop(7)
                    .push(NexthopAttr::Gateway(addr("192.0.2.8")))
                    .push(NexthopAttr::Oif(index("v0")))
                    .to_replace()
            }),
            ("nexthop get id 7", || ops::nexthop(7).to_get()),
            ("nexthop del id 10", || ops::nexthop(10).to_delete()),
        ]);
        // The kernel chooses an id, and more than the id is left out.
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let whole = ops::nexthop(7).push(NexthopAttr::Oif(index("v0")));
        assert!(socket.get(&whole).unwrap().get(NexthopAttr::Gateway).unwrap().is_some());
        socket.add(&ops::nexthop(0).push(NexthopAttr::Blackhole(()))).unwrap();
        socket.delete(&whole).unwrap();
        assert!(socket.delete(&whole).unwrap_err().is_not_found());
    }

    fn names_the_attribute() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let route = ops::route(prefix("10.0.0.0/8")).push(RouteAttr::Table(RtTable(7)));
        let hop = |gateway: &'static [u8]| {
            route.clone().nest(RouteAttr::Multipath, |hops| {
                hops.hop(&RtNextHop { ifindex: 1, ..RtNextHop::default() }, |hop| {
                    hop.push(RouteAttr::Gateway(Addr::Other(gateway)));
                });
            })
        };
        let path = |error: Error| error.ext_ack().unwrap().path();
        let error = socket.add(&route.clone().push(RouteAttr::Gateway(Addr::Other(&[1])))).unwrap_err();
        assert_eq!(path(error).as_deref(), Some("RTA_GATEWAY"));
        assert!(socket.add(&hop(&[1])).is_err());
        let info = ops::link("v9").nest(LinkAttr::LinkInfo, |info| {
            info.push(InfoAttr::Kind("nothing".into()));
        });
        let error = socket.add(&info).unwrap_err();
        assert!(error.to_string().contains("Unknown device type"), "{error}");
    }

    fn a_name_that_no_link_can_have() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        let link = ops::link("longer-than-fifteen");
        let error = socket.add(&link.clone().kind("bridge")).unwrap_err();
        assert_eq!(error.errno(), Some(netlink_sys::Errno(34)), "{error}");
        assert!(socket.replace(&link.clone().kind("bridge")).unwrap_err().is_not_found());
        let links = socket.dump(Links::default()).unwrap().collect(|_| ()).unwrap();
        assert_eq!(links.entries.len(), 1, "the loopback one");
        // Another one may have it beside its own.
        socket.add(&ops::link("br0").kind("bridge")).unwrap();
        ip("link property add dev br0 altname longer-than-fifteen");
        socket.replace(&link.push(LinkAttr::Mtu(1400))).unwrap();
        let mtu = socket.link("br0").unwrap().get(LinkAttr::Mtu);
        assert_eq!(mtu, Ok(Some(1400)));
    }

    fn requests_of_any_size() {
        let mut socket = Socket::open(Protocol::ROUTE).unwrap();
        socket.change(&ops::link("lo").up()).unwrap();
        let wide = |hops: u32| {
            ops::route(prefix("10.0.0.0/8")).nest(RouteAttr::Multipath, move |list| {
                for _ in 0..hops {
                    list.hop(&RtNextHop { ifindex: 1, ..RtNextHop::default() }, |_| {});
                }
            })
        };
        socket.add(&wide(2000)).unwrap();
        // `ip` shows nothing of it.
        let mut routes = socket.dump(Routes::ipv4().table(RtTable::MAIN)).unwrap();
        let route = routes.recv().unwrap().unwrap();
        assert_eq!(route.next_hops().unwrap().count(), 2000);
        // An attribute has 65,535 bytes at most, with its header.
        assert_eq!(wide(8191).to_add().unwrap().len(), 16 + 12 + 8 + 4 + 8191 * 8);
        let error = wide(8192).push(RouteAttr::Priority(7)).to_add().unwrap_err();
        assert_eq!(error.kind, ErrorKind::TooLong);
        // The socket's send buffer is what limits a message.
        let mut many = ops::route(prefix("10.0.0.0/8"));
        for _ in 0..1_000_000 {
            many = many.push(RouteAttr::Priority(7));
        }
        let error = socket.add(&many).unwrap_err();
        assert_eq!(error.errno(), Some(netlink_sys::Errno(90)), "{error}");
    }
}
