//! One route: the one that a packet would take.

use netlink_wire::{
    Addr, Be, NlmFlags, Packed, Rtm,
    route::{Route, RouteAddr, RouteAttr, RtMsg, RtmFlags},
};

use super::{
    Context, HELP, Printer,
    print::{Fields, Hidden},
    select,
};
use crate::{
    args::Family,
    failure::{Failure, complain},
    object::nexthop::NexthopCache,
    selector::{Prefix, Word, Words},
};

/// What is known of the packet.
#[derive(Debug, Default)]
struct Flow {
    header: RtMsg,
    to: Option<Prefix>,
    from: Option<Prefix>,
    iif: Option<Word>,
    oif: Option<Word>,
    mark: u32,
    uid: Option<u32>,
    ip_protocol: Option<u8>,
    sport: Option<u16>,
    dport: Option<u16>,
    flow_label: Option<u32>,
    new_dst: Option<Prefix>,
    /// Whether the lookup is made twice, as for a socket that is connected.
    connected: bool,
}

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let mut flow = Flow::default();
    flow.header.family = context.args.family.unwrap_or(Family::UNSPEC).0;
    flow.parse(words, context)?;
    if flow.to.is_none() {
        return Err(Failure::new(Failure::MISSING, "need at least a destination address"));
    }
    let mut socket = context.open()?;
    let Context { args, names, out, faults, .. } = context;
    let mut buf = [0; 512];
    let mut request = Route::writer(&mut buf, Rtm::GETROUTE, NlmFlags::default(), &flow.header);
    if let Some(to) = flow.to.as_ref().filter(|to| !to.bytes.is_empty()) {
        request.push(RouteAttr::Dst(route_addr(to)));
    }
    if let Some(from) = flow.from.as_ref().filter(|from| !from.bytes.is_empty()) {
        request.push(RouteAttr::Src(from.addr()));
    }
    if let Some(uid) = flow.uid {
        request.push(RouteAttr::Uid(uid));
    }
    if let Some(labels) = &flow.new_dst {
        request.push(RouteAttr::NewDst(route_addr(labels)));
    }
    if let Some(port) = flow.sport {
        request.push(RouteAttr::Sport(Be::new(port)));
    }
    if let Some(port) = flow.dport {
        request.push(RouteAttr::Dport(Be::new(port)));
    }
    if let Some(protocol) = flow.ip_protocol {
        request.push(RouteAttr::IpProto(protocol));
    }
    if let Some(label) = flow.flow_label {
        request.push(RouteAttr::FlowLabel(Be::new(label)));
    }
    if let Some(name) = &flow.iif {
        request.push(RouteAttr::Iif(name.link(names)?));
    }
    if let Some(name) = &flow.oif {
        request.push(RouteAttr::Oif(name.link(names)?));
    }
    if flow.mark != 0 {
        request.push(RouteAttr::Mark(flow.mark));
    }
    let request = request.finish()?;

    let mut nexthops = NexthopCache::default();
    let mut printer = Printer::new(args, names, faults, &mut nexthops);
    let lookups = if flow.connected && flow.from.is_none() { 2 } else { 1 };
    let mut begun = false;
    let mut look_up = |is_last: bool| -> Result<(), Failure> {
        let mut replies = socket.request(request)?;
        while let Some(message) = replies.recv()? {
            let route = Route::parse(message)?;
            let fields = Fields::read(route.attrs, printer.faults);
            if !std::mem::replace(&mut begun, true) {
                out.begin();
            }
            out.row(|out| printer.route(&route.header, &fields, &Hidden::default(), out))?;
            if !is_last && fields.prefsrc.is_none() && fields.src.is_none() {
                return Err(Failure::new(Failure::MISSING, "Failed to connect the route"));
            }
        }
        Ok(())
    };
    let result = (1..=lookups).try_for_each(|lookup| look_up(lookup == lookups));
    if begun {
        out.end()?;
    }
    result
}

impl Flow {
    /// Reads the words. The keywords are tried in the order in which `ip` tries
    /// them, as many can be shortened.
    fn parse(&mut self, words: &mut Words, context: &mut Context) -> Result<(), Failure> {
        let names = &mut context.names;
        while let Some(word) = words.next() {
            if word.is("tos") || word.begins("dsfield") {
                self.header.tos = select::dsfield(&words.value()?, names)?;
            } else if word.begins("from") {
                let value = words.value()?;
                if value.begins("help") {
                    return Err(Failure::usage(&HELP));
                }
                let from = self.prefix(&value)?;
                self.header.src_len = from.len;
                self.from = Some(from);
            } else if word.begins("iif") {
                self.iif = Some(words.value()?);
            } else if word.begins("mark") {
                self.mark = words.value()?.number("invalid mark value")?;
            } else if word.begins("oif") || word.is("dev") {
                self.oif = Some(words.value()?);
            } else if word.begins("notify") {
                self.header.flags |= RtmFlags::NOTIFY;
            } else if word.begins("connected") {
                self.connected = true;
            } else if word.begins("vrf") {
                let name = words.value()?;
                if names.vrf_index(name.as_bytes()).is_none() {
                    return Err(name.wrong("Invalid VRF"));
                }
                self.oif = Some(name);
            } else if word.begins("uid") {
                self.uid = Some(words.value()?.number("invalid UID")?);
            } else if word.begins("fibmatch") {
                self.header.flags |= RtmFlags::FIB_MATCH;
            } else if word.is("as") {
                let value = words.value()?;
                let value = if value.is("to") { words.value()? } else { value };
                let labels = value.address(Family(self.header.family))?;
                self.family_of(&labels);
                self.new_dst = Some(labels);
            } else if word.begins("sport") {
                self.sport = Some(words.value()?.number("invalid sport")?);
            } else if word.begins("dport") {
                self.dport = Some(words.value()?.number("invalid dport")?);
            } else if word.begins("ipproto") {
                let value = words.value()?;
                let named = value.to_str().and_then(|name| names.ip_protocol_number(name));
                let why = "Invalid \"ipproto\" value";
                self.ip_protocol = Some(named.map_or_else(|| value.number(why), Ok)?);
            } else if word.is("flowlabel") {
                self.flow_label = Some(words.value()?.number("invalid flowlabel")?);
            } else {
                let value = if word.is("to") { words.value()? } else { word };
                if value.begins("help") {
                    return Err(Failure::usage(&HELP));
                }
                let to = self.prefix(&value)?;
                self.header.dst_len = to.len;
                let bits = Family(self.header.family).bits();
                if to.len != bits && matches!(bits, 32 | 128) {
                    complain(format_args!(
                        "Warning: /{} as prefix is invalid, only /{bits} (or none) is supported.",
                        to.len
                    ));
                    self.header.dst_len = bits;
                }
                self.to = Some(to);
            }
        }
        if self.header.family == Family::UNSPEC.0 {
            self.header.family = Family::INET.0;
        }
        if self.header.family == Family::INET.0 {
            // Others do not know the flag.
            self.header.flags |= RtmFlags::LOOKUP_TABLE;
        }
        Ok(())
    }

    fn prefix(&mut self, value: &Word) -> Result<Prefix, Failure> {
        let prefix = value.prefix(Family(self.header.family))?;
        self.family_of(&prefix);
        Ok(prefix)
    }

    /// The first address tells the family.
    fn family_of(&mut self, prefix: &Prefix) {
        if self.header.family == Family::UNSPEC.0 {
            self.header.family = prefix.family.0;
        }
    }
}

fn route_addr(prefix: &Prefix) -> RouteAddr<'_> {
    if prefix.family == Family::MPLS {
        RouteAddr::Labels(Packed::new(&prefix.bytes))
    } else {
        RouteAddr::Addr(Addr::new(&prefix.bytes))
    }
}
