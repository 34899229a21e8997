//! Addresses of links, as `ip address` prints them: under each link.

mod kept;

use netlink_wire::{
    Addr, Message, NlmFlags, Rtm, Str,
    addr::{AddrAttr, Address, IfAddrMsg, IfaCacheInfo, IfaFlags, IfaProt},
    link::Link,
};

use self::kept::Kept;
use super::{
    Context,
    link::{self, AddressFacts, Printer, Row, Select, Show},
};
use crate::{
    args::Family,
    failure::{Failure, Faults, NoRow},
    help::Help,
    names::File,
    out::Out,
    palette::Kind,
    selector::Words,
    text::Hex,
};

pub(super) const HELP: Help = Help {
    about: "addresses of links",
    usage: &["address [show] [WORDS]"],
    words: &[
        ("[dev] DEV", "addresses of the link with this name or alternative name"),
        ("to PREFIX", "addresses in this network"),
        ("scope SCOPE|all", "addresses of this scope"),
        ("label PATTERN", "addresses with such a label"),
        ("proto ADDRPROTO", "addresses that this protocol set"),
        ("permanent|dynamic", "addresses that stay, or that end some time"),
        ("primary|secondary", "first addresses of a network, or further ones"),
        ("temporary", "IPv6: temporary addresses, for privacy"),
        ("tentative|deprecated", "addresses not yet in use, or no longer to be used"),
        ("dadfailed", "addresses that somebody else has as well"),
        ("nodad|optimistic", "addresses that are not looked for elsewhere, or used meanwhile"),
        ("noprefixroute", "addresses without a route to their network"),
        ("mngtmpaddr", "addresses that temporary ones are made for"),
        ("stable-privacy", "addresses made from a secret"),
        ("home|autojoin", "addresses with this flag"),
        ("-FLAG", "addresses without one of these flags"),
    ],
    notes: "The words that choose links choose those that addresses are of: `netlink-dump link help`.\n",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    words.command("address", &HELP, &["show"])?;
    let preferred = context.args.family.unwrap_or(Family::UNSPEC);
    let mut select = Select::read(words, preferred, &mut context.names, &HELP)?;
    if let Some(name) = &select.device {
        let index = context.names.link_index(name.as_bytes());
        select.index = Some(index.ok_or_else(|| link::no_such_device(name))?);
    }
    // The addresses come first, for they are fewer bytes to keep than the links.
    let addresses = match select.family {
        Family::PACKET => Kept::default(),
        _ => keep(context, &select)?,
    };
    let mut buf = [0; 1024];
    let request = select.request(&mut buf, preferred, &context.args)?;
    context.list(|context| {
        context.dump(request, Failure::MISSING, |context, message| {
            row(context, &select, &addresses, message)
        })
    })
}

/// Asks for the addresses that are wanted.
fn keep(context: &mut Context, select: &Select) -> Result<Kept, Failure> {
    let header = IfAddrMsg {
        family: select.family.0,
        index: select.index.unwrap_or(0),
        ..IfAddrMsg::default()
    };
    let mut buf = [0; 64];
    let request = Address::writer(&mut buf, Rtm::GETADDR, NlmFlags::DUMP, &header).finish()?;
    let mut kept = Kept::default();
    context.dump(request, Failure::MISSING, |Context { names, faults, .. }, message| {
        let address = Address::parse(message)?;
        let IfAddrMsg { family, index, .. } = address.header;
        // A family that has no addresses of its own gets those of all.
        let is_of_family = select.family == Family::UNSPEC || select.family.0 == family;
        let mut is_wanted = |faults| {
            select.has_all_addresses()
                || select.has_address(&Fields::read(&address, faults).facts(), names)
        };
        if is_of_family && is_wanted(faults) {
            kept.push(index, message);
        } else {
            kept.push_unwanted(index);
        }
        Ok(())
    })?;
    kept.sort();
    Ok(kept)
}

/// Prints a link and its addresses, if they are to be shown.
fn row(
    context: &mut Context,
    select: &Select,
    addresses: &Kept,
    message: Message<'_>,
) -> Result<(), NoRow> {
    let Context { args, names, out, faults, .. } = context;
    let row = Row::read(&Link::parse(message)?, faults);
    link::note(&row, names);
    let of_no_family = matches!(select.family, Family::UNSPEC | Family::PACKET);
    let is_of_links = select.family == Family::PACKET;
    let mut wanted = addresses.of(row.index()).peekable();
    // A link that has no address at all is shown where no family is asked for.
    let is_kept = wanted.peek().is_some() || of_no_family && !addresses.has_any(row.index());
    if !is_kept || !select.has_group(&row) {
        return Ok(());
    }
    // Without links, each address has a line of its own; it does not matter then of which master
    // or kind its link is.
    let with_links = args.brief || !args.oneline || is_of_links;
    let is_on = select.has_switch(&row);
    let has_link = with_links && select.label.is_none();
    if with_links && !(is_on && (select.label.is_some() || select.has_link(&row, faults))) {
        return Ok(());
    }
    let addresses = wanted.filter_map(|message| Address::parse(message).ok());
    let addresses: Vec<_> =
        addresses.filter(|address| is_on && select.has_protocol_of(address, faults)).collect();
    // In short, a line ends even if there is nothing on it.
    let is_line = !addresses.is_empty() || args.brief && !is_of_links;
    if !(has_link || is_line || args.json) {
        return Ok(());
    }
    out.row(|out| {
        let mut to = Printer { out, names, faults, args };
        if has_link {
            let link_layer = of_no_family || args.details > 0;
            // In short, links without addresses are shown as `ip link` shows them.
            let link = is_of_links && args.brief;
            row.show(&Show { link, link_layer, ..Show::ADDRESS }, &mut to);
        }
        if !is_of_links {
            print_addresses(&addresses, has_link, &mut to);
        }
        if has_link && args.statistics > 0 && !args.brief {
            to.out.text("\n");
            row.print_stats(&mut to);
        }
    })?;
    Ok(())
}

fn print_addresses(addresses: &[Address<'_>], follow_link: bool, to: &mut Printer<'_>) {
    let Printer { out, names, faults, args } = to;
    out.array("addr_info", |out| {
        for (i, address) in addresses.iter().enumerate() {
            let address = Fields::read(address, faults);
            if !args.brief && (i > 0 || follow_link) {
                out.text("\n");
            }
            out.item_object(|out| {
                address.print(args.oneline || args.echo, &mut Printer { out, names, faults, args });
            });
        }
    });
}

/// Prints what an event says of an address, all but the end of the last line.
pub(super) fn print_event(address: &Address<'_>, to: &mut Printer<'_>) {
    Fields::read(address, to.faults).print(true, to);
}

/// What one message says of an address.
#[derive(Default)]
struct Fields<'a> {
    header: IfAddrMsg,
    address: Option<Addr<'a>>,
    local: Option<Addr<'a>>,
    label: Option<Str<'a>>,
    broadcast: Option<Addr<'a>>,
    anycast: Option<Addr<'a>>,
    multicast: Option<Addr<'a>>,
    cache_info: Option<IfaCacheInfo>,
    flags: Option<IfaFlags>,
    metric: Option<u32>,
    proto: Option<IfaProt>,
}

impl<'a> Fields<'a> {
    /// Reads the attributes in one pass.
    fn read(address: &Address<'a>, faults: &mut Faults) -> Self {
        let mut fields = Self { header: address.header, ..Self::default() };
        for attr in address.attrs {
            match attr {
                Ok(AddrAttr::Address(address)) => fields.address = Some(address),
                Ok(AddrAttr::Local(address)) => fields.local = Some(address),
                Ok(AddrAttr::Label(label)) => fields.label = Some(label),
                Ok(AddrAttr::Broadcast(address)) => fields.broadcast = Some(address),
                Ok(AddrAttr::Anycast(address)) => fields.anycast = Some(address),
                Ok(AddrAttr::Multicast(address)) => fields.multicast = Some(address),
                Ok(AddrAttr::CacheInfo(info)) => fields.cache_info = Some(info),
                Ok(AddrAttr::Flags(flags)) => fields.flags = Some(flags),
                Ok(AddrAttr::RtPriority(metric)) => fields.metric = Some(metric),
                Ok(AddrAttr::Proto(proto)) => fields.proto = Some(proto),
                Ok(_) => {}
                Err(error) => faults.note(error),
            }
        }
        fields
    }

    /// Prints all but the end of the last line, the link before it if it does not stand above.
    fn print(&self, has_link: bool, to: &mut Printer<'_>) {
        let IfAddrMsg { family, scope, index, .. } = self.header;
        if to.args.brief {
            return self.print_prefix(to);
        }
        if has_link {
            to.out.num("index", ["", ": "], index);
            to.out.word("dev", [""; 2], to.names.link(index));
        }
        match Family(family) {
            Family::INET => to.out.word("family", ["    ", " "], "inet"),
            Family::INET6 => to.out.word("family", ["    ", " "], "inet6"),
            Family(other) => to.out.num("family_index", ["    family ", " "], other),
        }
        self.print_prefix(to);
        let color = Kind::of_address(Family(family));
        for (address, key, before) in [
            (self.broadcast, "broadcast", "brd "),
            (self.anycast, "anycast", "any "),
            (self.multicast, "multicast", "mcast "),
        ] {
            let Some(address) = address else { continue };
            to.out.text(before);
            to.out.paint(color, |out| out.word(key, ["", " "], to.names.host(address)));
        }
        to.out.word("scope", ["scope ", " "], to.names.named(File::Scopes, scope.0));
        self.print_flags(to);
        if let Some(proto) = self.proto.filter(|proto| proto.0 != 0 || to.out.is_json()) {
            match to.names.get(File::AddrProtocols, proto.0) {
                Some(name) => to.out.word("protocol", ["proto ", " "], name),
                None => to.out.word("protocol", ["proto ", " "], Hex(proto.0)),
            }
        }
        if let Some(label) = self.label {
            to.out.word("label", [""; 2], label);
        }
        if let Some(info) = self.cache_info {
            to.out.new_line();
            print_lifetime("valid_life_time", "       valid_lft ", info.valid.into(), to.out);
            let preferred = match self.flags().contains(IfaFlags::DEPRECATED) {
                // What is over counts on, below 0.
                true if info.prefered != FOREVER => i64::from(info.prefered as i32),
                _ => info.prefered.into(),
            };
            print_lifetime("preferred_life_time", " preferred_lft ", preferred, to.out);
        }
    }

    /// The address, the other end's, and how long the prefix is.
    fn print_prefix(&self, to: &mut Printer<'_>) {
        let IfAddrMsg { family, prefixlen, .. } = self.header;
        let color = Kind::of_address(Family(family));
        if let Some(local) = self.local.or(self.address) {
            to.out.paint(color, |out| out.word("local", [""; 2], to.names.host(local)));
            if let Some(peer) = self.address.filter(|&address| address != local) {
                to.out.text(" peer ");
                to.out.paint(color, |out| out.word("address", [""; 2], to.names.host(peer)));
            }
            to.out.num("prefixlen", ["/", " "], prefixlen);
        }
        if let Some(metric) = self.metric {
            to.out.num("metric", ["metric ", " "], metric);
        }
    }

    fn facts(&self) -> AddressFacts<'a> {
        AddressFacts {
            index: self.header.index,
            scope: self.header.scope.0,
            flags: self.flags(),
            local: self.local.or(self.address),
            label: self.label.map(Str::as_bytes),
        }
    }

    fn flags(&self) -> IfaFlags {
        self.flags.unwrap_or(IfaFlags(self.header.flags.into()))
    }

    fn print_flags(&self, to: &mut Printer<'_>) {
        let flags = self.flags();
        let mut rest = flags;
        for (flag, mut word) in FLAGS {
            rest = rest.without(flag);
            // What is permanent is the rule: its absence is told.
            if flags.contains(flag) == (flag == IfaFlags::PERMANENT) {
                continue;
            }
            if flag == IfaFlags::TEMPORARY && Family(self.header.family) == Family::INET6 {
                word = "temporary";
            }
            to.out.truth(word, word, true);
            to.out.text(" ");
        }
        if !rest.is_empty() {
            to.out.word("ifa_flags", ["flags ", " "], format_args!("{:02x}", rest.0));
        }
    }
}

/// The flags and their words, in the order in which `ip` has them.
const FLAGS: [(IfaFlags, &str); 12] = [
    (IfaFlags::SECONDARY, "secondary"),
    (IfaFlags::NODAD, "nodad"),
    (IfaFlags::OPTIMISTIC, "optimistic"),
    (IfaFlags::DADFAILED, "dadfailed"),
    (IfaFlags::HOMEADDRESS, "home"),
    (IfaFlags::DEPRECATED, "deprecated"),
    (IfaFlags::TENTATIVE, "tentative"),
    (IfaFlags::PERMANENT, "dynamic"),
    (IfaFlags::MANAGETEMPADDR, "mngtmpaddr"),
    (IfaFlags::NOPREFIXROUTE, "noprefixroute"),
    (IfaFlags::MCAUTOJOIN, "autojoin"),
    (IfaFlags::STABLE_PRIVACY, "stable-privacy"),
];

/// A lifetime that does not end.
const FOREVER: u32 = u32::MAX;

/// A lifetime in seconds.
fn print_lifetime(key: &str, before: &str, seconds: i64, out: &mut Out) {
    if seconds == i64::from(FOREVER) {
        out.json_num(key, FOREVER);
        out.text_value([before, ""], "forever");
    } else {
        out.num(key, [before, "sec"], seconds);
    }
}
