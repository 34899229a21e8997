//! Forwarding databases of bridges and VXLAN devices, as `bridge fdb` prints them.

use netlink_wire::{
    Addr, Attrs, LlAddr, Message, NlmFlags, Rtm,
    neigh::{FdbExtAttr, FdbNotify, NdMsg, NdaCacheInfo, Neigh, NeighAttr, Ntf, NtfExt, Nud},
};

use super::{Context, USER_HZ, link::Printer};
use crate::{
    args::{Args, Family},
    failure::{Failure, Faults, NoRow},
    help::Help,
    names::Names,
    out::Out,
    palette::Kind,
    selector::{Word, Words},
    text::LinkLayer,
};

pub(super) const HELP: Help = Help {
    about: "forwarding entries of bridges and VXLAN links, as `bridge fdb` has them",
    usage: &[
        "fdb [show] [WORDS]",
        "fdb get ADDRESS {dev|br DEV} [vlan NUMBER] [vni NUMBER] [self] [master]",
    ],
    words: &[
        ("br DEV", "entries of this bridge"),
        ("dev|brport DEV", "entries of this port"),
        ("vlan NUMBER", "entries of this VLAN"),
        ("state STATE|permanent|static|stale|reachable|all", "entries in this state"),
        ("dynamic", "entries that were learnt, without permanent and static ones"),
    ],
    notes: "",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    match words.command("fdb", &HELP, &["get", "show"])? {
        "get" => get(context, words),
        _ => show(context, words),
    }
}

fn show(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let filter = Filter::parse(words, &mut context.names)?;
    let header = NdMsg { family: Family::BRIDGE.0, ..NdMsg::default() };
    let mut buf = [0; 64];
    let mut request = Neigh::writer(&mut buf, Rtm::GETNEIGH, NlmFlags::DUMP, &header);
    if let Some(bridge) = filter.bridge {
        request.push(NeighAttr::Master(bridge));
    }
    if let Some(index) = filter.index {
        request.push(NeighAttr::IfIndex(index));
    }
    let request = request.finish()?;
    context.list(|context| {
        context.dump(request, Failure::MISSING, |context, message| row(context, &filter, message))
    })
}

/// Asks for one entry.
fn get(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let mut filter = Filter::default();
    let (mut bridge, mut device, mut address) = (None, None, None);
    let (mut vlan, mut vni, mut flags) = (None, None, Ntf::default());
    while let Some(word) = words.next() {
        if word.is("brport") || word.is("dev") {
            device = Some(words.value()?);
        } else if word.is("br") {
            bridge = Some(words.value()?);
        } else if word.is("vni") {
            let value = words.value()?;
            let number = value.number("").ok().filter(|vni: &u32| vni >> 24 == 0);
            vni = Some(number.ok_or_else(|| value.wrong("invalid VNI"))?);
        } else if word.is("self") {
            flags |= Ntf::SELF;
        } else if word.begins("master") {
            flags |= Ntf::MASTER;
        } else if word.begins("vlan") {
            if vlan.is_some() {
                return Err(word.garbage("vlan"));
            }
            vlan = Some(words.value()?.atoi() as u16);
        } else if word.begins("dynamic") {
            filter.dynamic = true;
        } else {
            let word = if word.is("to") { words.value()? } else { word };
            if word.begins("help") {
                return Err(Failure::usage(&HELP));
            } else if address.is_some() {
                return Err(word.garbage("to"));
            }
            address = Some(word);
        }
    }
    let (Some(address), true) = (address, device.is_some() || bridge.is_some()) else {
        let message = "Device or master and address are required arguments.";
        return Err(Failure::new(Failure::USAGE, message));
    };
    let octets = address.mac().ok_or_else(|| {
        Failure::new(Failure::USAGE, format_args!("Invalid mac address {address}"))
    })?;
    let index = device.map(|device| find(&device, "device", &mut context.names)).transpose()?;
    let bridge =
        bridge.map(|bridge| find(&bridge, "bridge device", &mut context.names)).transpose()?;
    let ifindex = index.unwrap_or(0) as i32;
    let header = NdMsg { family: Family::BRIDGE.0, ifindex, flags, ..NdMsg::default() };
    let mut buf = [0; 64];
    let mut request = Neigh::writer(&mut buf, Rtm::GETNEIGH, NlmFlags::REQUEST, &header);
    request.push(NeighAttr::LlAddr(LlAddr(&octets)));
    if let Some(vlan) = vlan {
        request.push(NeighAttr::Vlan(vlan));
    }
    if let Some(vni) = vni {
        request.push(NeighAttr::Vni(vni));
    }
    if let Some(bridge) = bridge {
        request.push(NeighAttr::Master(bridge));
    }
    let asked = context.ask(request.finish()?, |context, message| row(context, &filter, message));
    // `bridge` has an exit code of its own for what the kernel refuses here.
    asked.map_err(|failure| match failure.code {
        Failure::KERNEL => Failure { code: 254, ..failure },
        _ => failure,
    })
}

/// Prints an entry, if it is one that is to be shown.
fn row(context: &mut Context, filter: &Filter, message: Message<'_>) -> Result<(), NoRow> {
    let Context { args, names, out, faults, .. } = context;
    let entry = Neigh::parse(message)?;
    let fields = Fields::read(entry.attrs, faults);
    if filter.passes(&entry.header, &fields) {
        let show = Show::new(filter.index.is_none(), args);
        out.row(|out| fields.print(&entry.header, &show, names, out, faults))?;
    }
    Ok(())
}

/// The index of a link, which is missed as a `what`.
fn find(name: &Word, what: &str, names: &mut Names) -> Result<u32, Failure> {
    names
        .link_index(name.as_bytes())
        .ok_or_else(|| Failure::new(Failure::USAGE, format_args!("Cannot find {what} \"{name}\"")))
}

/// Prints what an event says of an entry, all but the end of the line.
pub(super) fn print_event(entry: &Neigh<'_>, to: &mut Printer<'_>) {
    let Printer { out, names, faults, args } = to;
    let show = Show::new(true, args);
    Fields::read(entry.attrs, faults).print(&entry.header, &show, names, out, faults);
}

/// What is shown of an entry.
struct Show {
    /// Its link: not if that was asked for.
    link: bool,
    statistics: bool,
    details: bool,
}

impl Show {
    fn new(link: bool, args: &Args) -> Self {
        Self { link, statistics: args.statistics > 0, details: args.details > 0 }
    }
}

/// The attributes of an entry, read in one pass.
#[derive(Default)]
struct Fields<'a> {
    dst: Option<Addr<'a>>,
    ll_addr: Option<LlAddr<'a>>,
    cache_info: Option<NdaCacheInfo>,
    vlan: u16,
    port: Option<u16>,
    vni: Option<u32>,
    src_vni: Option<u32>,
    via: Option<u32>,
    master: Option<u32>,
    link_netns_id: Option<i32>,
    nh_id: Option<u32>,
    fdb_ext: Option<Attrs<'a, FdbExtAttr<'a>>>,
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
                Ok(NeighAttr::Vlan(vlan)) => fields.vlan = vlan,
                Ok(NeighAttr::Port(port)) => fields.port = Some(port.get()),
                Ok(NeighAttr::Vni(vni)) => fields.vni = Some(vni),
                Ok(NeighAttr::SrcVni(vni)) => fields.src_vni = Some(vni),
                Ok(NeighAttr::IfIndex(index)) => fields.via = Some(index),
                Ok(NeighAttr::Master(index)) => fields.master = Some(index),
                Ok(NeighAttr::LinkNetnsId(id)) => fields.link_netns_id = Some(id),
                Ok(NeighAttr::NhId(id)) => fields.nh_id = Some(id),
                Ok(NeighAttr::FdbExt(ext)) => fields.fdb_ext = Some(ext),
                Ok(NeighAttr::FlagsExt(flags)) => fields.flags_ext = flags,
                Ok(_) => {}
                Err(error) => faults.note(error),
            }
        }
        fields
    }

    fn print(
        &self,
        header: &NdMsg,
        show: &Show,
        names: &mut Names,
        out: &mut Out,
        faults: &mut Faults,
    ) {
        let index = header.ifindex as u32;
        if let Some(address) = self.ll_addr {
            let address = LinkLayer(address, names.link_type(index));
            out.paint(Kind::LlAddr, |out| out.word("mac", ["", " "], address));
        }
        if show.link && index != 0 {
            out.text("dev ");
            out.paint(Kind::Link, |out| out.word("ifname", ["", " "], names.link(index)));
        }
        if let Some(dst) = self.dst {
            let kind = match dst {
                Addr::Ipv4(_) => Some(Kind::Inet),
                Addr::Ipv6(_) => Some(Kind::Inet6),
                _ => None,
            };
            out.text("dst ");
            out.paint(kind, |out| out.word("dst", ["", " "], dst));
        }
        if self.vlan != 0 {
            out.num("vlan", ["vlan ", " "], self.vlan);
        }
        if let Some(port) = self.port {
            out.num("port", ["port ", " "], port);
        }
        if let Some(vni) = self.vni {
            out.num("vni", ["vni ", " "], vni);
        }
        if let Some(vni) = self.src_vni {
            out.num("src_vni", ["src_vni ", " "], vni);
        }
        match (self.via, self.link_netns_id) {
            // A link that lives elsewhere has no name here.
            (Some(via), Some(_)) => out.num("viaIfIndex", ["via ifindex ", " "], via),
            (Some(via), None) => out.word("viaIf", ["via ", " "], names.link(via)),
            (None, _) => {}
        }
        if let Some(id) = self.nh_id {
            out.num("nhid", ["nhid ", " "], id);
        }
        if let Some(id) = self.link_netns_id {
            out.num("linkNetNsId", ["link-netnsid ", " "], id);
        }
        if let Some(info) = self.cache_info.filter(|_| show.statistics) {
            out.num("used", ["used ", ""], info.used / USER_HZ);
            out.num("updated", ["/", " "], info.updated / USER_HZ);
        }
        let ext = self.fdb_ext.filter(|_| show.details);
        let notify = ext.map(|ext| faults.read(ext.get(FdbExtAttr::ActivityNotify)));
        if let Some(notify) = notify.flatten() {
            if notify.contains(FdbNotify::BIT) {
                out.truth("activity_notify", "activity_notify ", true);
            }
            if notify.contains(FdbNotify::INACTIVE_BIT) {
                out.truth("inactive", "inactive ", true);
            }
        }
        out.array("flags", |out| {
            for (is_set, word) in [
                (header.flags.contains(Ntf::SELF), "self"),
                (header.flags.contains(Ntf::ROUTER), "router"),
                (header.flags.contains(Ntf::EXT_LEARNED), "extern_learn"),
                (header.flags.contains(Ntf::OFFLOADED), "offload"),
                (header.flags.contains(Ntf::MASTER), "master"),
                (header.flags.contains(Ntf::STICKY), "sticky"),
                (self.flags_ext.contains(NtfExt::LOCKED), "locked"),
            ] {
                if is_set {
                    out.item(["", " "], word);
                }
            }
        });
        if let Some(master) = self.master {
            out.word("master", ["master ", " "], names.link(master));
        }
        match header.state {
            state if state.contains(Nud::PERMANENT) => out.word("state", ["", ""], "permanent"),
            state if state.contains(Nud::NOARP) => out.word("state", ["", ""], "static"),
            state if state.contains(Nud::STALE) => out.word("state", ["", ""], "stale"),
            state if state.contains(Nud::REACHABLE) => out.word("state", ["", ""], ""),
            state => {
                out.json_word("state", "");
                out.text_value(["state=", ""], format_args!("{:#x}", state.0));
            }
        }
    }
}

/// Which entries are shown.
#[derive(Default)]
struct Filter {
    /// Index of the bridge, which the kernel looks for.
    bridge: Option<u32>,
    index: Option<u32>,
    vlan: Option<i32>,
    state: Option<Nud>,
    dynamic: bool,
}

impl Filter {
    fn parse(words: &mut Words, names: &mut Names) -> Result<Self, Failure> {
        let mut filter = Self::default();
        let (mut bridge, mut device) = (None, None);
        while let Some(word) = words.next() {
            if word.is("brport") || word.is("dev") {
                device = Some(words.value()?);
            } else if word.is("br") {
                bridge = Some(words.value()?);
            } else if word.is("vlan") {
                let vlan = words.value()?;
                if filter.vlan.is_some() {
                    return Err(vlan.second("vlan"));
                }
                filter.vlan = Some(vlan.atoi()).filter(|&vlan| vlan != 0);
            } else if word.is("state") {
                let state = words.value()?;
                let wanted = parse_state(&state).ok_or_else(|| state.wrong("invalid state"))?;
                filter.state = Some(Nud(filter.state.unwrap_or_default().0 | wanted.0));
            } else if word.is("dynamic") {
                filter.dynamic = true;
            } else if word.begins("help") {
                return Err(Failure::usage(&HELP));
            }
            // As in `bridge`, other words do nothing.
        }
        filter.bridge = bridge.map(|bridge| find(&bridge, "bridge device", names)).transpose()?;
        filter.index = device.map(|device| find(&device, "device", names)).transpose()?;
        Ok(filter)
    }

    fn passes(&self, header: &NdMsg, fields: &Fields<'_>) -> bool {
        header.family == Family::BRIDGE.0
            && self.index.is_none_or(|index| index == header.ifindex as u32)
            && self.state.is_none_or(|state| state.0 & header.state.0 != 0)
            && self.vlan.is_none_or(|vlan| vlan == i32::from(fields.vlan))
            && !(self.dynamic && header.state.contains(Nud::PERMANENT))
    }
}

fn parse_state(word: &Word) -> Option<Nud> {
    Some(match word {
        word if word.begins("permanent") => Nud::PERMANENT,
        word if word.begins("static") || word.begins("temp") => Nud::NOARP,
        word if word.begins("stale") => Nud::STALE,
        word if word.begins("reachable") || word.begins("dynamic") => Nud::REACHABLE,
        word if word.is("all") => Nud(u16::MAX),
        word => Nud(word.number("").ok()?),
    })
}
