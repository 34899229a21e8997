//! What `monitor`, `watch` and `capture` have in common: what can be listened to, and a row for
//! any message.

mod mroute;
mod nsid;
mod prefix;
mod stats;

use std::{
    io,
    time::{Duration, SystemTime},
};

use netlink_sys::{Errno, Error, Events, Lost, Protocol, Socket};
use netlink_wire::{
    Message, Rtm, Rtnl, RtnlGrp,
    neigh::Neigh,
    netconf::NetConfAttr,
    nexthop::NexthopAttr,
    route::{Route, RouteAttr, RtmFlags},
};

use super::{
    Context, addr, addrlabel, fdb,
    link::{self, Printer, Show},
    neigh, netconf,
    nexthop::{self, NexthopCache},
    route, rule,
};
use crate::{
    args::Family,
    failure::{Failure, Faults, NoRow, complain},
    out::Out,
    selector::{Word, Words},
};

/// Something that the kernel tells of, under the name that `ip monitor` has for it.
pub(super) struct Subject {
    pub(super) name: &'static str,
    /// Whether the name may be shortened.
    is_long: bool,
    /// The groups, and the family that each is for; of no family if it is for all.
    groups: &'static [(Family, RtnlGrp)],
}

const fn subject(name: &'static str, groups: &'static [(Family, RtnlGrp)]) -> Subject {
    Subject { name, is_long: true, groups }
}

/// In the order in which `ip` tries them.
static SUBJECTS: [Subject; 13] = {
    use Family as F;
    use RtnlGrp as G;
    [
        subject("link", &[(F::UNSPEC, G::LINK)]),
        subject("address", &[(F::INET, G::IPV4_IFADDR), (F::INET6, G::IPV6_IFADDR)]),
        Subject { is_long: false, ..subject("acaddress", &[(F::INET6, G::IPV6_ACADDR)]) },
        subject("maddress", &[(F::INET, G::IPV4_MCADDR), (F::INET6, G::IPV6_MCADDR)]),
        subject(
            "route",
            &[(F::INET, G::IPV4_ROUTE), (F::INET6, G::IPV6_ROUTE), (F::MPLS, G::MPLS_ROUTE)],
        ),
        subject("mroute", &[(F::INET, G::IPV4_MROUTE), (F::INET6, G::IPV6_MROUTE)]),
        subject("prefix", &[(F::INET6, G::IPV6_PREFIX)]),
        subject("neighbour", &[(F::UNSPEC, G::NEIGH)]),
        subject(
            "netconf",
            &[(F::INET, G::IPV4_NETCONF), (F::INET6, G::IPV6_NETCONF), (F::MPLS, G::MPLS_NETCONF)],
        ),
        subject("rule", &[(F::INET, G::IPV4_RULE), (F::INET6, G::IPV6_RULE)]),
        subject("nsid", &[(F::UNSPEC, G::NSID)]),
        subject("nexthop", &[(F::UNSPEC, G::NEXTHOP)]),
        Subject { is_long: false, ..subject("stats", &[(F::UNSPEC, G::STATS)]) },
    ]
};

/// Which subjects are listened to: all, unless some are named.
#[derive(Default)]
pub(super) struct Subjects(Vec<&'static Subject>);

impl Subjects {
    /// Takes a word that names a subject; tells whether it does.
    pub(super) fn take(&mut self, word: &Word) -> bool {
        let found = SUBJECTS.iter().find(|subject| match subject.is_long {
            true => word.begins(subject.name),
            false => word.is(subject.name),
        });
        let found = found.or_else(|| word.is("neighbor").then(|| &SUBJECTS[7]));
        self.0.extend(found);
        found.is_some()
    }

    /// Whether any was named.
    pub(super) fn are_named(&self) -> bool {
        !self.0.is_empty()
    }

    /// Joins the groups. One that the kernel lacks is missed only if it was asked for.
    pub(super) fn join(&self, family: Option<Family>, events: &mut Events) -> Result<(), Failure> {
        let all: Vec<_> = SUBJECTS.iter().collect();
        for subject in if self.are_named() { &self.0 } else { &all } {
            let is_wanted =
                |of: Family| of == Family::UNSPEC || family.is_none_or(|family| family == of);
            for (_, group) in subject.groups.iter().filter(|(of, _)| is_wanted(*of)) {
                match events.join(*group) {
                    Ok(()) => {}
                    Err(error) if error.errno() == Some(Errno::EINVAL) && !self.are_named() => {}
                    Err(error) => {
                        let name = subject.name;
                        complain(format_args!("netlink-dump: {error}"));
                        return Err(Failure::new(
                            Failure::MISSING,
                            format_args!("Failed to add {name} group to list"),
                        ));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Bytes of the kernel's receive buffer, as `ip` has it.
pub(super) const RECEIVE_BUFFER: usize = 1 << 20;
/// Bytes of the buffer that is received into: more than any event has.
const BUFFER: usize = 1 << 20;

/// A socket to hear events on, which has joined no groups so far.
pub(super) fn open(context: &Context, all_nsid: bool) -> Result<Socket, Failure> {
    Ok(Socket::builder(Protocol::ROUTE)
        .buffer(BUFFER)
        .receive_buffer(context.args.rcvbuf.unwrap_or(RECEIVE_BUFFER))
        .pkt_info(true)
        .listen_all_nsid(all_nsid)
        .open()?)
}

/// Takes an option that may stand after the object as well; tells whether it is one.
pub(super) fn take_option(
    word: &Word,
    words: &mut Words,
    context: &mut Context,
) -> Result<bool, Failure> {
    if word.is_json() {
        context.out.turn_to_json();
    } else if word.is("-rcvbuf") || word.is("--rcvbuf") {
        let size = words.value()?;
        let number = size.to_str().and_then(|size| size.parse().ok());
        let wrong = || Failure::new(Failure::USAGE, format_args!("Invalid rcvbuf size '{size}'"));
        context.args.rcvbuf = Some(number.ok_or_else(wrong)?);
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// How a row is to look.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As the command prints it that shows the table.
    Show,
    /// As `ip monitor` prints it. JSON has the keys of the table in any case.
    Monitor {
        /// Whether events come from all namespaces.
        all_nsid: bool,
    },
}

/// What messages are about: the word for it, and the label that `ip monitor` has.
#[derive(Clone, Copy)]
pub(super) struct Topic {
    pub(super) object: &'static str,
    pub(super) label: &'static str,
}

impl Topic {
    /// That of a message, if there are rows for such messages.
    pub(super) fn of(message: &Rtnl<'_>) -> Option<Self> {
        let (object, label) = match message {
            Rtnl::Link(_) => ("link", "[LINK]"),
            Rtnl::Addr(_) => ("address", "[ADDR]"),
            Rtnl::Multicast(_) => ("maddress", "[ADDR]"),
            Rtnl::Anycast(_) => ("acaddress", "[ADDR]"),
            Rtnl::Route(route) if is_multicast(route) => ("mroute", "[MROUTE]"),
            Rtnl::Route(_) => ("route", "[ROUTE]"),
            Rtnl::Neigh(neigh) if is_of_bridge(neigh) => ("fdb", "[NEIGH]"),
            Rtnl::Neigh(_) => ("neigh", "[NEIGH]"),
            Rtnl::Rule(_) => ("rule", "[RULE]"),
            Rtnl::Prefix(_) => ("prefix", "[PREFIX]"),
            Rtnl::NetConf(_) => ("netconf", "[NETCONF]"),
            Rtnl::Nsid(_) => ("nsid", "[NSID]"),
            Rtnl::Stats(_) => ("stats", "[STATS]"),
            Rtnl::Nexthop(_) => ("nexthop", "[NEXTHOP]"),
            Rtnl::NexthopBucket(_) => ("bucket", "[NEXTHOPBUCKET]"),
            Rtnl::AddrLabel(_) => ("addrlabel", "[ADDRLABEL]"),
            _ => return None,
        };
        Some(Self { object, label })
    }
}

/// The family of a message that tells it by its header alone.
pub(super) fn family(message: &Rtnl<'_>) -> Option<&'static str> {
    let family = match message {
        Rtnl::Route(route) if !is_multicast(route) => route.header.family,
        Rtnl::Rule(rule) => rule.header.family,
        _ => return None,
    };
    Some(Family(family).words())
}

/// `RTNL_FAMILY_IPMR` and `RTNL_FAMILY_IP6MR`.
fn is_multicast(route: &Route<'_>) -> bool {
    matches!(route.header.family, 128 | 129)
}

fn is_of_bridge(neigh: &Neigh<'_>) -> bool {
    Family(neigh.header.family) == Family::BRIDGE
}

/// Prints any message.
#[derive(Default)]
pub(super) struct Rows {
    /// The link that all is about. Like any other thing that was asked for, its name is not
    /// printed again.
    index: Option<u32>,
    nexthops: NexthopCache,
}

impl Rows {
    /// Those about one link, or about all.
    pub(super) fn about(index: Option<u32>) -> Self {
        Self { index, ..Self::default() }
    }

    /// Whether a message is about the link that was asked for, or about no link.
    pub(super) fn has(&self, message: &Rtnl<'_>, faults: &mut Faults) -> bool {
        let Some(index) = self.index else { return true };
        match message {
            Rtnl::Link(link) => link.index() == index,
            Rtnl::Addr(addr) | Rtnl::Multicast(addr) | Rtnl::Anycast(addr) => {
                addr.header.index == index
            }
            Rtnl::Route(route) if is_multicast(route) => {
                faults.read(route.get(RouteAttr::Iif)) == Some(index)
            }
            Rtnl::Route(route) => route::leaves_through(index, route, faults),
            Rtnl::Neigh(neigh) => neigh.header.ifindex as u32 == index,
            Rtnl::NetConf(settings) => {
                let of = faults.read(settings.get(NetConfAttr::IfIndex));
                of.is_none_or(|of| of as u32 == index)
            }
            _ => true,
        }
    }

    /// Prints what a message says, all but the end of the last line.
    pub(super) fn print(&mut self, message: &Rtnl<'_>, style: Style, to: &mut Printer<'_>) {
        let has_link = self.index.is_none();
        match message {
            Rtnl::Link(link) => {
                let show = match style {
                    Style::Monitor { all_nsid } if !to.out.is_json() => {
                        Show { queue: false, netns_names: !all_nsid, ..Show::ADDRESS }
                    }
                    _ => Show::LINK,
                };
                link::print_event(link, &show, to);
            }
            Rtnl::Addr(addr) | Rtnl::Multicast(addr) | Rtnl::Anycast(addr) => {
                addr::print_event(addr, to);
            }
            Rtnl::Route(route) if is_multicast(route) => mroute::print(route, to),
            Rtnl::Route(route) => {
                let Printer { out, names, faults, args } = to;
                let mut printer = route::Printer::new(args, names, faults, &mut self.nexthops);
                route::print_event(route, has_link, &mut printer, out);
            }
            Rtnl::Neigh(neigh) if is_of_bridge(neigh) => match style {
                Style::Monitor { .. } if !to.out.is_json() => {
                    neigh::print_event(neigh, has_link, to);
                }
                _ => fdb::print_event(neigh, to),
            },
            Rtnl::Neigh(neigh) => neigh::print_event(neigh, has_link, to),
            Rtnl::Rule(rule) => rule::print_event(rule, to),
            Rtnl::Prefix(prefix) => prefix::print(prefix, to),
            Rtnl::NetConf(settings) => netconf::print_event(settings, to),
            Rtnl::Nsid(nsid) => nsid::print(nsid, to),
            Rtnl::Stats(stats) => stats::print(stats, to),
            Rtnl::Nexthop(nexthop) => {
                let Printer { out, names, faults, args } = to;
                route::Printer::new(args, names, faults, &mut self.nexthops).nexthop(nexthop, out);
            }
            Rtnl::NexthopBucket(bucket) => nexthop::print_bucket(bucket, to.faults, to.out),
            Rtnl::AddrLabel(label) => addrlabel::print(label, to),
            _ => {}
        }
    }

    /// Learns from a message what rows after it need to know, before it is printed.
    pub(super) fn learn(&mut self, message: Message<'_>, context: &mut Context) {
        let is_deleted = is_deleted(message);
        match Rtnl::parse(message) {
            Ok(Rtnl::Link(link)) if is_deleted => context.names.forget_link(link.index()),
            Ok(Rtnl::Link(link)) => link::note_event(&link, context),
            Ok(Rtnl::Nsid(_)) if !is_deleted => context.names.forget_netns(),
            _ => {}
        }
    }

    /// The same, after it is printed.
    pub(super) fn learn_after(&mut self, message: Message<'_>, context: &mut Context) {
        match Rtnl::parse(message) {
            Ok(Rtnl::Nexthop(nexthop)) => {
                if let Some(id) = context.faults.read(nexthop.get(NexthopAttr::Id)) {
                    self.nexthops.note(id, message);
                }
            }
            Ok(Rtnl::Nsid(_)) if is_deleted(message) => context.names.forget_netns(),
            _ => {}
        }
    }
}

/// Whether a message tells that something is gone.
pub(super) fn is_deleted(message: Message<'_>) -> bool {
    message.header.kind & 3 == Rtm::DELLINK.0 & 3
}

/// Whether a message is about a route that the kernel made for one destination.
pub(super) fn is_cloned(message: &Rtnl<'_>) -> bool {
    matches!(message, Rtnl::Route(route) if route.header.flags.contains(RtmFlags::CLONED))
}

/// Writes that events were lost, as one line of JSON.
pub(super) fn lost_line(
    reason: Lost,
    out: &mut Out,
    more: impl FnOnce(&mut Out),
) -> io::Result<()> {
    out.line(|out| {
        out.json_word("event", "lost");
        let (word, bytes) = match reason {
            Lost::Overflow => ("overflow", None),
            Lost::Truncated(bytes) => ("truncated", Some(bytes)),
            Lost::Undecodable(_) => ("undecodable", None),
            Lost::Unplaced => ("unplaced", None),
            _ => ("skipped", None),
        };
        out.json_word("reason", word);
        if let Some(bytes) = bytes {
            out.json_num("bytes", bytes);
        }
        more(out);
    })
}

/// Time since 1970.
pub(super) fn now() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// What is wrong with a message costs that message alone.
pub(super) fn noted(row: Result<(), NoRow>, faults: &mut Faults) -> io::Result<()> {
    match row {
        Ok(()) => Ok(()),
        Err(NoRow::Message(error)) => {
            faults.note(error);
            Ok(())
        }
        Err(NoRow::Output(error)) => Err(error),
    }
}

/// A word that is none of those that a command takes.
pub(super) fn unknown(word: &Word, command: &str) -> Failure {
    Failure::new(
        Failure::USAGE,
        format_args!("Argument \"{word}\" is unknown, try \"netlink-dump {command} help\"."),
    )
}

/// Whether a mirror or a stream goes on after an error by itself.
pub(super) fn is_passing(error: &Error) -> bool {
    matches!(error, Error::Interrupted | Error::Truncated(_) | Error::Overflow | Error::Wire(_))
}
