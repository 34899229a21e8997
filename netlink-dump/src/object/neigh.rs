//! Neighbours, as `ip neigh` prints them.

use netlink_wire::{
    Addr, Attrs, LlAddr, NlmFlags, Rtm,
    neigh::{NdMsg, NdaCacheInfo, Neigh, NeighAttr, Ntf, NtfExt, Nud},
    route::RtProt,
};

use super::{Context, USER_HZ, link::Printer};
use crate::{
    args::{Args, Family},
    failure::{Failure, Faults},
    help::Help,
    names::{File, Names},
    out::Out,
    palette::Kind,
    selector::{Prefix, Word, Words},
    text::LinkLayer,
};

pub(super) const HELP: Help = Help {
    about: "neighbours: which link-layer address an IP address has",
    usage: &[
        "neighbour [show] [WORDS]",
        "neighbour get ADDRESS dev DEV",
        "neighbour get proxy ADDRESS [dev DEV]",
    ],
    words: &[
        ("[to] PREFIX", "neighbours in this network"),
        ("dev DEV", "neighbours on this link"),
        ("master DEV", "neighbours on ports of a bridge, bond, .."),
        ("nomaster", "neighbours on links that are no port"),
        ("vrf DEV", "neighbours in this VRF"),
        (
            "nud STATE|permanent|reachable|noarp|none|stale|incomplete|delay|probe|failed|all",
            "neighbours in this state; without it all but those that need no resolution",
        ),
        ("proxy", "addresses that are answered for others"),
        ("protocol PROTO|all", "neighbours that this protocol set"),
        ("unused", "neighbours that nothing needs"),
    ],
    notes: "",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    match words.command("neigh", &HELP, &["get", "show"])? {
        "get" => get(context, words),
        _ => show(context, words),
    }
}

fn show(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let family = context.args.family.unwrap_or(Family::UNSPEC);
    let filter = Filter::parse(family, words, &mut context.names)?;
    let flags = if filter.proxies { Ntf::PROXY } else { Ntf::default() };
    let header = NdMsg { family: filter.family.0, flags, ..NdMsg::default() };
    let mut buf = [0; 64];
    let mut request = Neigh::writer(&mut buf, Rtm::GETNEIGH, NlmFlags::DUMP, &header);
    if let Some(index) = filter.index {
        request.push(NeighAttr::IfIndex(index));
    }
    if let Some(master) = filter.master {
        request.push(NeighAttr::Master(master));
    }
    let request = request.finish()?;
    context.list(|context| {
        context.dump(request, Failure::MISSING, |context, message| {
            let neigh = Neigh::parse(message)?;
            let fields = Fields::read(neigh.attrs, &mut context.faults);
            if filter.passes(&neigh.header, &fields) {
                let Context { args, names, out, .. } = context;
                out.row(|out| {
                    fields.show(&neigh.header, filter.index.is_none(), args, names, out)
                })?;
            }
            Ok(())
        })
    })
}

/// Asks for one neighbour.
fn get(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let family = context.args.family.unwrap_or(Family::UNSPEC);
    let mut device = None;
    let mut address = None;
    let mut flags = Ntf::default();
    while let Some(word) = words.next() {
        if word.is("dev") {
            device = Some(words.value()?);
            continue;
        }
        let is_proxy = word.begins("proxy");
        let value = if is_proxy || word.is("to") { words.value()? } else { word };
        if value.begins("help") {
            return Err(Failure::usage(&HELP));
        }
        if is_proxy {
            flags = Ntf::PROXY;
        }
        match &address {
            Some(_) if is_proxy => return Err(value.second("address")),
            Some(_) => return Err(value.garbage("to")),
            None => address = Some(value.address(family)?),
        }
    }
    // `any` is no address as long as no family is asked for.
    let address = address.filter(|address| address.family != Family::UNSPEC);
    // What is answered for others may be so on all links.
    let (Some(address), true) = (address, device.is_some() || flags == Ntf::PROXY) else {
        let message = "Device and address are required arguments.";
        return Err(Failure::new(Failure::MISSING, message));
    };
    let index = device.map(|device| device.link(&mut context.names)).transpose()?;
    let ifindex = index.unwrap_or(0) as i32;
    let header = NdMsg { family: address.family.0, ifindex, flags, ..NdMsg::default() };
    let mut buf = [0; 64];
    let request = Neigh::writer(&mut buf, Rtm::GETNEIGH, NlmFlags::REQUEST, &header)
        .push(NeighAttr::Dst(address.addr()))
        .finish()?;
    context.ask(request, |Context { args, names, out, faults, .. }, message| {
        let neigh = Neigh::parse(message)?;
        let fields = Fields::read(neigh.attrs, faults);
        Ok(out.row(|out| fields.show(&neigh.header, true, args, names, out))?)
    })
}

/// Prints what an event says of a neighbour, all but the end of the line.
pub(super) fn print_event(neigh: &Neigh<'_>, has_link: bool, to: &mut Printer<'_>) {
    Fields::read(neigh.attrs, to.faults).show(&neigh.header, has_link, to.args, to.names, to.out);
}

/// The attributes of a neighbour, read in one pass.
#[derive(Default)]
struct Fields<'a> {
    dst: Option<Addr<'a>>,
    ll_addr: Option<LlAddr<'a>>,
    cache_info: Option<NdaCacheInfo>,
    probes: Option<u32>,
    protocol: RtProt,
    flags_ext: NtfExt,
}

impl<'a> Fields<'a> {
    fn read(attrs: Attrs<'a, NeighAttr<'a>>, faults: &mut Faults) -> Self {
        let mut fields = Self::default();
        for attr in attrs {
            match attr {
                Ok(NeighAttr::Dst(dst)) => fields.dst = Some(dst),
                Ok(NeighAttr::LlAddr(address)) => fields.ll_addr = Some(address),
                Ok(NeighAttr::CacheInfo(info)) => fields.cache_info = Some(info),
                Ok(NeighAttr::Probes(probes)) => fields.probes = Some(probes),
                Ok(NeighAttr::Protocol(protocol)) => fields.protocol = protocol,
                Ok(NeighAttr::FlagsExt(flags)) => fields.flags_ext = flags,
                Ok(_) => {}
                Err(error) => faults.note(error),
            }
        }
        fields
    }

    /// Prints what is wanted of it, all but the end of the line.
    fn show(&self, header: &NdMsg, has_link: bool, args: &Args, names: &mut Names, out: &mut Out) {
        match args.brief {
            true => self.print_brief(header, has_link, names, out),
            false => self.print(header, has_link, args.statistics > 0, names, out),
        }
    }

    /// The name of the link is printed if it was not asked for.
    fn print(
        &self,
        header: &NdMsg,
        has_link: bool,
        statistics: bool,
        names: &mut Names,
        out: &mut Out,
    ) {
        if let Some(dst) = self.dst {
            out.paint(color(dst), |out| out.word("dst", ["", " "], names.host(dst)));
        }
        let index = header.ifindex as u32;
        if has_link && index != 0 {
            out.text("dev ");
            out.paint(Kind::Link, |out| out.word("dev", ["", " "], names.link(index)));
        }
        if let Some(address) = self.ll_addr {
            let address = LinkLayer(address, names.link_type(index));
            out.text("lladdr ");
            out.paint(Kind::LlAddr, |out| out.word("lladdr", ["", " "], address));
        }
        for (is_set, key, text) in [
            (header.flags.contains(Ntf::ROUTER), "router", "router "),
            (header.flags.contains(Ntf::PROXY), "proxy", "proxy "),
            (self.flags_ext.contains(NtfExt::MANAGED), "managed", "managed "),
            (header.flags.contains(Ntf::EXT_LEARNED), "extern_learn", "extern_learn "),
            (header.flags.contains(Ntf::OFFLOADED), "offload", "offload "),
            (self.flags_ext.contains(NtfExt::EXT_VALIDATED), "extern_valid", "extern_valid "),
        ] {
            if is_set {
                out.mark(key, text);
            }
        }
        if statistics {
            if let Some(info) = self.cache_info {
                // The blanks stand as `ip` has them.
                if info.refcnt != 0 {
                    out.num("refcnt", [" ref ", ""], info.refcnt);
                }
                out.num("used", [" used ", ""], info.used / USER_HZ);
                out.num("confirmed", ["/", ""], info.confirmed / USER_HZ);
                out.num("updated", ["/", ""], info.updated / USER_HZ);
            }
            if let Some(probes) = self.probes {
                out.num("probes", ["probes ", " "], probes);
            }
        }
        if header.state != Nud::default() {
            out.array("state", |out| {
                for (_, state) in STATES.iter().filter(|(bit, _)| header.state.contains(*bit)) {
                    out.item(["", " "], *state);
                }
            });
        }
        if self.protocol != RtProt::UNSPEC {
            let protocol = names.named(File::Protocols, self.protocol.0);
            out.word("protocol", ["proto ", " "], protocol);
        }
    }

    fn print_brief(&self, header: &NdMsg, has_link: bool, names: &mut Names, out: &mut Out) {
        if let Some(dst) = self.dst {
            out.paint(color(dst), |out| out.column("dst", 39, names.host(dst)));
        }
        let index = header.ifindex as u32;
        if has_link && index != 0 {
            out.paint(Kind::Link, |out| out.column("dev", 16, names.link(index)));
        }
        if let Some(address) = self.ll_addr {
            let address = LinkLayer(address, names.link_type(index));
            out.paint(Kind::LlAddr, |out| out.word("lladdr", ["", ""], address));
        }
    }
}

fn color(address: Addr<'_>) -> Option<Kind> {
    match address {
        Addr::Ipv4(_) => Some(Kind::Inet),
        Addr::Ipv6(_) => Some(Kind::Inet6),
        _ => None,
    }
}

/// The states, in the order in which they are printed.
const STATES: [(Nud, &str); 8] = [
    (Nud::INCOMPLETE, "INCOMPLETE"),
    (Nud::REACHABLE, "REACHABLE"),
    (Nud::STALE, "STALE"),
    (Nud::DELAY, "DELAY"),
    (Nud::PROBE, "PROBE"),
    (Nud::FAILED, "FAILED"),
    (Nud::NOARP, "NOARP"),
    (Nud::PERMANENT, "PERMANENT"),
];

/// Which neighbours are shown.
struct Filter {
    family: Family,
    index: Option<u32>,
    /// Index of the master, which the kernel looks for. All ones is none.
    master: Option<u32>,
    prefix: Option<Prefix>,
    states: Nud,
    /// Those without a state.
    stateless: bool,
    proxies: bool,
    protocol: Option<RtProt>,
    unused: bool,
}

impl Filter {
    fn parse(family: Family, words: &mut Words, names: &mut Names) -> Result<Self, Failure> {
        let mut filter = Self {
            family,
            index: None,
            master: None,
            prefix: None,
            // Unless they are asked for, those that need no resolution are left out.
            states: Nud(0xff & !Nud::NOARP.0),
            stateless: false,
            proxies: false,
            protocol: None,
            unused: false,
        };
        let mut device: Option<Word> = None;
        let mut has_states = false;
        while let Some(word) = words.next() {
            if word.is("dev") {
                let name = words.value()?;
                if device.is_some() {
                    return Err(name.second("dev"));
                }
                device = Some(name);
            } else if word.is("master") {
                let master = words.value()?;
                let index = names.link_index(master.as_bytes());
                filter.master = Some(index.ok_or_else(|| master.wrong("Device does not exist"))?);
            } else if word.is("vrf") {
                let vrf = words.value()?;
                let index = names.vrf_index(vrf.as_bytes());
                filter.master = Some(index.ok_or_else(|| vrf.wrong("Not a valid VRF name"))?);
            } else if word.is("nomaster") {
                filter.master = Some(u32::MAX);
            } else if word.is("unused") {
                filter.unused = true;
            } else if word.is("nud") {
                let state = words.value()?;
                let wanted = parse_state(&state).ok_or_else(|| state.wrong("nud state is bad"))?;
                if !has_states {
                    has_states = true;
                    filter.states = Nud::default();
                }
                filter.states.0 |= wanted.0;
                filter.stateless |= wanted == Nud::default() || wanted == ALL;
            } else if word.is("proxy") {
                filter.proxies = true;
            } else if word.begins("protocol") {
                let protocol = words.value()?;
                filter.protocol = match protocol.is("all") {
                    true => None,
                    false => {
                        let why = "invalid \"protocol\"";
                        let number = protocol.named(names, File::Protocols, why)?;
                        let number = u8::try_from(number).map_err(|_| protocol.wrong(why))?;
                        Some(RtProt(number)).filter(|&protocol| protocol != RtProt::UNSPEC)
                    }
                };
            } else {
                let prefix = if word.is("to") { words.value()? } else { word };
                if prefix.begins("help") {
                    return Err(Failure::usage(&HELP));
                }
                let prefix = prefix.prefix(filter.family)?;
                if filter.family == Family::UNSPEC {
                    filter.family = prefix.family;
                }
                filter.prefix = Some(prefix);
            }
        }
        filter.index = device.map(|device| device.link(names)).transpose()?;
        Ok(filter)
    }

    /// Whether a neighbour is shown; the kernel has looked at the master.
    fn passes(&self, header: &NdMsg, fields: &Fields<'_>) -> bool {
        let is_in_state = if header.state == Nud::default() {
            self.stateless
        } else {
            header.state.0 & self.states.0 != 0
        };
        let is_of_family = self.family == Family::UNSPEC || self.family.0 == header.family;
        let is_on_link = self.index.is_none_or(|index| index == header.ifindex as u32);
        let is_kept = header.flags.contains(Ntf::PROXY) || header.flags.contains(Ntf::EXT_LEARNED);
        let is_in_prefix = match (&self.prefix, fields.dst) {
            (Some(prefix), Some(dst)) => prefix.holds(dst),
            _ => true,
        };
        is_of_family
            && is_on_link
            && (is_in_state || is_kept)
            && is_in_prefix
            && self.protocol.is_none_or(|protocol| protocol == fields.protocol)
            && !(self.unused && fields.cache_info.is_some_and(|info| info.refcnt != 0))
    }
}

/// All states, and none.
const ALL: Nud = Nud(u16::MAX);

/// A state by its name, some of which may be shortened, or by its number.
fn parse_state(word: &Word) -> Option<Nud> {
    Some(match word {
        word if word.begins("permanent") => Nud::PERMANENT,
        word if word.begins("reachable") => Nud::REACHABLE,
        word if word.is("noarp") => Nud::NOARP,
        word if word.is("none") => Nud::default(),
        word if word.is("stale") => Nud::STALE,
        word if word.is("incomplete") => Nud::INCOMPLETE,
        word if word.is("delay") => Nud::DELAY,
        word if word.is("probe") => Nud::PROBE,
        word if word.begins("failed") => Nud::FAILED,
        word if word.is("all") => ALL,
        word => Nud(word.number("").ok().filter(|bits: &u8| bits.count_ones() <= 1)?.into()),
    })
}
