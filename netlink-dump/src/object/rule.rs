//! Rules, as `ip rule` prints them.

use netlink_wire::{
    Addr, Attrs, NlmFlags, Rtm, Str,
    route::{RtProt, Rtn},
    rule::{FibRuleFlags, FibRuleHdr, FibRulePortRange, FibRuleUidRange, FrAct, Rule, RuleAttr},
};

use super::{Context, link::Printer};
use crate::{
    args::Family,
    failure::{Failure, Faults},
    help::Help,
    names::{File, Names},
    out::Out,
    palette::Kind,
    selector::{Prefix, Word, Words},
    text::Hex,
};

pub(super) const HELP: Help = Help {
    about: "rules that choose the routing table",
    usage: &["rule [show] [WORDS]"],
    words: &[
        ("from PREFIX", "rules for packets from this network"),
        ("to PREFIX", "rules for packets to this network"),
        ("iif|dev DEV", "rules for packets that came in by this link"),
        ("oif DEV", "rules for packets of sockets that are bound to this link"),
        ("tos|dsfield TOS", "rules for this type of service"),
        ("dscp DSCP[/MASK]", "rules for this DSCP"),
        ("fwmark MARK[/MASK]", "rules for this mark"),
        ("flowlabel LABEL[/MASK]", "rules for this flow label"),
        ("uidrange FIRST-LAST", "rules for sockets of these users"),
        ("ipproto IPPROTO", "rules for this protocol above IP"),
        ("sport PORT[/MASK]|FIRST-LAST", "rules for these source ports"),
        ("dport PORT[/MASK]|FIRST-LAST", "rules for these destination ports"),
        ("tun_id KEY", "rules for this tunnel key"),
        ("preference|priority|order NUMBER", "rules of this priority"),
        ("table|lookup TABLE", "rules that look into this table"),
        ("protocol PROTO|all", "rules that this protocol set"),
        ("l3mdev", "rules that look into the table of the VRF"),
        ("not", "rules for all other packets"),
    ],
    notes: "",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    words.command("rule", &HELP, &["show"])?;
    // Without a family it is IPv4.
    let family = context.args.family.unwrap_or(Family::INET);
    let filter = Filter::parse(family, words, &context.names)?;
    let header = FibRuleHdr { family: family.0, ..FibRuleHdr::default() };
    let mut buf = [0; 64];
    let request = Rule::writer(&mut buf, Rtm::GETRULE, NlmFlags::DUMP, &header).finish()?;
    context.list(|context| {
        context.dump(request, Failure::USAGE, |context, message| {
            let Context { args, names, out, faults, .. } = context;
            let rule = Rule::parse(message)?;
            let fields = Fields::read(rule.attrs, faults);
            if filter.passes(&rule.header, &fields) {
                out.row(|out| fields.print(&rule.header, names, args.details > 0, out))?;
            }
            Ok(())
        })
    })
}

/// Prints what an event says of a rule, all but the end of the line.
pub(super) fn print_event(rule: &Rule<'_>, to: &mut Printer<'_>) {
    let fields = Fields::read(rule.attrs, to.faults);
    fields.print(&rule.header, to.names, to.args.details > 0, to.out);
}

/// The attributes of a rule, read in one pass.
#[derive(Default)]
struct Fields<'a> {
    dst: Option<Addr<'a>>,
    src: Option<Addr<'a>>,
    iif_name: Option<Str<'a>>,
    oif_name: Option<Str<'a>>,
    goto: Option<u32>,
    priority: u32,
    fw_mark: Option<u32>,
    fw_mask: Option<u32>,
    flow: Option<u32>,
    tun_id: Option<u64>,
    suppress_if_group: Option<i32>,
    suppress_prefix_len: Option<i32>,
    table: Option<u32>,
    l3mdev: bool,
    uid_range: Option<FibRuleUidRange>,
    protocol: Option<RtProt>,
    ip_proto: Option<u8>,
    sport: Option<FibRulePortRange>,
    sport_mask: Option<u16>,
    dport: Option<FibRulePortRange>,
    dport_mask: Option<u16>,
    dscp: Option<u8>,
    dscp_mask: Option<u8>,
    flow_label: Option<u32>,
    flow_label_mask: Option<u32>,
}

impl<'a> Fields<'a> {
    fn read(attrs: Attrs<'a, RuleAttr<'a>>, faults: &mut Faults) -> Self {
        let mut fields = Self::default();
        for attr in attrs {
            match attr {
                Ok(RuleAttr::Dst(dst)) => fields.dst = Some(dst),
                Ok(RuleAttr::Src(src)) => fields.src = Some(src),
                Ok(RuleAttr::IifName(name)) => fields.iif_name = Some(name),
                Ok(RuleAttr::OifName(name)) => fields.oif_name = Some(name),
                Ok(RuleAttr::Goto(priority)) => fields.goto = Some(priority),
                Ok(RuleAttr::Priority(priority)) => fields.priority = priority,
                Ok(RuleAttr::FwMark(mark)) => fields.fw_mark = Some(mark),
                Ok(RuleAttr::FwMask(mask)) => fields.fw_mask = Some(mask),
                Ok(RuleAttr::Flow(realms)) => fields.flow = Some(realms),
                Ok(RuleAttr::TunId(id)) => fields.tun_id = Some(id.get()),
                Ok(RuleAttr::SuppressIfGroup(group)) => fields.suppress_if_group = Some(group),
                Ok(RuleAttr::SuppressPrefixLen(len)) => fields.suppress_prefix_len = Some(len),
                Ok(RuleAttr::Table(table)) => fields.table = Some(table.0),
                Ok(RuleAttr::L3mdev(on)) => fields.l3mdev = on != 0,
                Ok(RuleAttr::UidRange(users)) => fields.uid_range = Some(users),
                Ok(RuleAttr::Protocol(protocol)) => fields.protocol = Some(protocol),
                Ok(RuleAttr::IpProto(protocol)) => fields.ip_proto = Some(protocol),
                Ok(RuleAttr::SportRange(ports)) => fields.sport = Some(ports),
                Ok(RuleAttr::SportMask(mask)) => fields.sport_mask = Some(mask),
                Ok(RuleAttr::DportRange(ports)) => fields.dport = Some(ports),
                Ok(RuleAttr::DportMask(mask)) => fields.dport_mask = Some(mask),
                Ok(RuleAttr::Dscp(dscp)) => fields.dscp = Some(dscp),
                Ok(RuleAttr::DscpMask(mask)) => fields.dscp_mask = Some(mask),
                Ok(RuleAttr::FlowLabel(label)) => fields.flow_label = Some(label.get()),
                Ok(RuleAttr::FlowLabelMask(mask)) => fields.flow_label_mask = Some(mask.get()),
                Ok(_) => {}
                Err(error) => faults.note(error),
            }
        }
        fields
    }

    /// The table to look up; 0 if the rule does something else.
    fn table(&self, header: &FibRuleHdr) -> u32 {
        self.table.unwrap_or(header.table.into())
    }

    fn print(&self, header: &FibRuleHdr, names: &Names, details: bool, out: &mut Out) {
        let FibRuleHdr { tos, action, flags, .. } = *header;
        let family = Family(header.family);

        out.num("priority", ["", ":\t"], self.priority);
        if flags.contains(FibRuleFlags::INVERT) {
            out.mark("not", "not ");
        }
        out.text("from ");
        print_prefix(out, family, self.src, header.src_len, ["src", "srclen"], true);
        if self.dst.is_some() || header.dst_len != 0 {
            out.text(" to ");
        }
        print_prefix(out, family, self.dst, header.dst_len, ["dst", "dstlen"], false);
        if tos != 0 {
            out.word("tos", [" tos ", ""], names.dsfield(tos));
        }
        if self.fw_mark.is_some() || self.fw_mask.is_some_and(|mask| mask != 0) {
            out.word("fwmark", [" fwmark ", ""], Hex(self.fw_mark.unwrap_or(0)));
            if let Some(mask) = self.fw_mask.filter(|&mask| mask != u32::MAX) {
                out.word("fwmask", ["/", ""], Hex(mask));
            }
        }
        if let Some(name) = self.iif_name {
            out.text(" iif ");
            out.paint(Kind::Link, |out| out.word("iif", ["", ""], name));
            if flags.contains(FibRuleFlags::IIF_DETACHED) {
                out.mark("iif_detached", " [detached]");
            }
        }
        if let Some(name) = self.oif_name {
            out.text(" oif ");
            out.paint(Kind::Link, |out| out.word("oif", ["", ""], name));
            if flags.contains(FibRuleFlags::OIF_DETACHED) {
                out.mark("oif_detached", " [detached]");
            }
        }
        if self.l3mdev {
            out.mark("l3mdev", " lookup [l3mdev-table]");
        }
        if let Some(users) = self.uid_range {
            out.num("uid_start", [" uidrange ", ""], users.start);
            out.num("uid_end", ["-", ""], users.end);
        }
        if let Some(protocol) = self.ip_proto {
            match names.ip_protocol(protocol) {
                Some(name) => out.word("ipproto", [" ipproto ", ""], name),
                None => out.word("ipproto", [" ipproto ", ""], format_args!("ipproto-{protocol}")),
            }
        }
        if let Some(ports) = self.sport {
            let keys = ["sport", "sport_mask", "sport_start", "sport_end"];
            print_ports(out, keys, ports, self.sport_mask);
        }
        if let Some(ports) = self.dport {
            let keys = ["dport", "dport_mask", "dport_start", "dport_end"];
            print_ports(out, keys, ports, self.dport_mask);
        }
        if let Some(id) = self.tun_id {
            out.num("tun_id", [" tun_id ", ""], id);
        }
        let table = self.table(header);
        if table != 0 {
            out.word("table", [" lookup ", ""], names.named(File::Tables, table));
            if let Some(len) = self.suppress_prefix_len.filter(|&len| len != -1) {
                out.num("suppress_prefixlen", [" suppress_prefixlength ", ""], len);
            }
            if let Some(group) = self.suppress_if_group.filter(|&group| group != -1) {
                let group = names.named(File::Groups, group as u32);
                out.word("suppress_ifgroup", [" suppress_ifgroup ", ""], group);
            }
        }
        if let Some(realms) = self.flow {
            let realm = |realm| names.named(File::Realms, realm);
            out.text(" realms ");
            if realms >> 16 != 0 {
                out.word("flow_from", ["", "/"], realm(realms >> 16));
            }
            out.word("flow_to", ["", ""], realm(realms & 0xffff));
        }
        match action {
            FrAct::TO_TBL => {}
            FrAct::GOTO => {
                match self.goto {
                    Some(priority) => out.num("goto", [" goto ", ""], priority),
                    None => out.word("goto", [" goto ", ""], "none"),
                }
                if flags.contains(FibRuleFlags::UNRESOLVED) {
                    out.mark("unresolved", " [unresolved]");
                }
            }
            FrAct::NOP => out.mark("nop", " nop"),
            // The others have the numbers of the types of routes.
            FrAct(action) => {
                let kind = names.constant(Rtn(action), action.into());
                out.word("action", [" ", ""], kind);
            }
        }
        let tells =
            |&protocol: &RtProt| details || !matches!(protocol, RtProt::UNSPEC | RtProt::KERNEL);
        if let Some(protocol) = self.protocol.filter(tells) {
            out.word("protocol", [" proto ", ""], names.named(File::Protocols, protocol.0));
        }
        if let Some(dscp) = self.dscp {
            print_dscp(out, names, dscp, self.dscp_mask);
        }
        if let (Some(label), Some(mask)) = (self.flow_label, self.flow_label_mask) {
            out.word("flowlabel", [" flowlabel ", ""], Hex(label));
            match mask {
                0xf_ffff => out.json_word("flowlabel_mask", Hex(mask)),
                _ => out.word("flowlabel_mask", ["/", ""], Hex(mask)),
            }
        }
    }
}

fn print_prefix(
    out: &mut Out,
    family: Family,
    address: Option<Addr<'_>>,
    len: u8,
    [key, len_key]: [&str; 2],
    says_all: bool,
) {
    match address {
        Some(address) => {
            out.paint(Kind::of_address(family), |out| out.word(key, ["", ""], address));
            if len != family.bits() {
                out.num(len_key, ["/", ""], len);
            }
        }
        None if len != 0 => {
            out.word(key, ["", ""], "0");
            out.num(len_key, ["/", ""], len);
        }
        None if says_all => out.word(key, ["", ""], "all"),
        None => {}
    }
}

fn print_ports(
    out: &mut Out,
    [port, port_mask, start, end]: [&str; 4],
    ports: FibRulePortRange,
    mask: Option<u16>,
) {
    out.text_value([" ", " "], port);
    if ports.start != ports.end {
        out.num(start, ["", ""], ports.start);
        out.num(end, ["-", ""], ports.end);
        return;
    }
    out.json_num(port, ports.start);
    if let Some(mask) = mask {
        out.json_word(port_mask, Hex(mask));
    }
    match mask.filter(|&mask| mask != u16::MAX) {
        None => out.text_value(["", ""], ports.start),
        Some(mask) => {
            out.text_value(["", "/"], Hex(ports.start));
            out.text_value(["", ""], Hex(mask));
        }
    }
}

fn print_dscp(out: &mut Out, names: &Names, dscp: u8, mask: Option<u8>) {
    let name = names.dscp(dscp);
    match mask {
        None => out.word("dscp", [" dscp ", ""], name),
        Some(mask) => {
            out.json_word("dscp", name);
            out.json_word("dscp_mask", Hex(mask));
            if mask == MAX_DSCP {
                out.text_value([" dscp ", ""], name);
            } else {
                out.text_value([" dscp ", "/"], Hex(dscp));
                out.text_value(["", ""], Hex(mask));
            }
        }
    }
}

/// The largest DSCP, and the mask of all of its bits.
const MAX_DSCP: u8 = 0x3f;

/// Which rules are shown: those that have what is set.
#[derive(Default)]
struct Filter {
    family: Family,
    priority: Option<u32>,
    not: bool,
    src: Option<Prefix>,
    dst: Option<Prefix>,
    tos: Option<u8>,
    fw_mark: Option<u32>,
    fw_mask: Option<u32>,
    iif_name: Option<Word>,
    oif_name: Option<Word>,
    l3mdev: bool,
    uid_range: Option<FibRuleUidRange>,
    ip_proto: Option<u8>,
    sport: Option<Ports>,
    dport: Option<Ports>,
    tun_id: Option<u64>,
    table: Option<u32>,
    dscp: Option<(u8, u8)>,
    flow_label: Option<(u32, u32)>,
}

/// Ports, and the mask of a single one.
type Ports = (FibRulePortRange, u16);

impl Filter {
    /// As in `ip`, most keywords stand in full, and a number that is 0 is as if it had been left
    /// out.
    fn parse(family: Family, words: &mut Words, names: &Names) -> Result<Self, Failure> {
        let mut filter = Self { family, ..Self::default() };
        while let Some(word) = words.next() {
            if word.begins("preference") || word.begins("order") || word.begins("priority") {
                let priority = words.value()?.number("preference value is invalid")?;
                filter.priority = Some(priority);
            } else if word.is("not") {
                filter.not = true;
            } else if word.is("tos") || word.is("dsfield") {
                filter.tos = Some(words.value()?.dsfield(names, "TOS value is invalid")?);
            } else if word.is("fwmark") {
                let (mark, mask) = words.value()?.split('/');
                filter.fw_mark = nonzero(mark.number("fwmark value is invalid")?);
                if let Some(mask) = mask {
                    filter.fw_mask = nonzero(mask.number("fwmask value is invalid")?);
                }
            } else if word.is("dev") || word.is("iif") {
                let name = words.value()?.link_name("\"iif\"/\"dev\" not a valid ifname")?;
                filter.iif_name = Some(name);
            } else if word.is("oif") {
                filter.oif_name = Some(words.value()?.link_name("\"oif\" not a valid ifname")?);
            } else if word.is("l3mdev") {
                filter.l3mdev = true;
            } else if word.is("uidrange") {
                filter.uid_range = Some(parse_users(&words.value()?)?);
            } else if word.begins("tun_id") {
                filter.tun_id = nonzero(words.value()?.number("\"tun_id\" value is invalid")?);
            } else if word.begins("lookup") || word.begins("table") {
                let table =
                    words.value()?.named(names, File::Tables, "table id value is invalid")?;
                filter.table = nonzero(table);
            } else if word.begins("from") || word.begins("src") {
                filter.src = Some(words.value()?.prefix(family)?);
            } else if word.begins("protocol") {
                // Who made a rule decides what is flushed, not what is shown.
                let protocol = words.value()?;
                if !protocol.is("all") {
                    protocol.named(names, File::Protocols, "invalid \"protocol\"")?;
                }
            } else if word.is("ipproto") {
                let protocol = words.value()?.ip_protocol(names, "Invalid \"ipproto\" value")?;
                filter.ip_proto = nonzero(protocol);
            } else if word.is("sport") {
                filter.sport = Some(parse_ports(words.value()?)?);
            } else if word.is("dport") {
                filter.dport = Some(parse_ports(words.value()?)?);
            } else if word.is("dscp") {
                let (dscp, mask) = words.value()?.split('/');
                let dscp = dscp.dscp(names, "invalid dscp")?;
                let mask = mask.map(|mask| mask.number("invalid dscp mask")).transpose()?;
                filter.dscp = Some((dscp, mask.unwrap_or(MAX_DSCP)));
            } else if word.is("flowlabel") {
                let (label, mask) = words.value()?.split('/');
                let label = label.number("invalid flowlabel")?;
                let mask = mask.map(|mask| mask.number("invalid flowlabel mask")).transpose()?;
                filter.flow_label = Some((label, mask.unwrap_or(0xf_ffff)));
            } else {
                let is_key = word.begins("dst") || word.begins("to");
                let prefix = if is_key { words.value()? } else { word };
                filter.dst = Some(prefix.prefix(family)?);
            }
        }
        Ok(filter)
    }

    fn passes(&self, header: &FibRuleHdr, fields: &Fields<'_>) -> bool {
        let ports = |wanted: Option<Ports>, ports, mask: Option<u16>| {
            wanted.is_none_or(|(wanted, wanted_mask)| {
                let is_range = wanted.start != wanted.end;
                ports == Some(wanted) && (is_range || wanted_mask == mask.unwrap_or(u16::MAX))
            })
        };
        header.family == self.family.0
            && self.priority.is_none_or(|priority| priority == fields.priority)
            && (!self.not || header.flags.contains(FibRuleFlags::INVERT))
            && lies_in(&self.src, fields.src, header.src_len)
            && lies_in(&self.dst, fields.dst, header.dst_len)
            && self.tos.is_none_or(|tos| tos == header.tos)
            && self.fw_mark.is_none_or(|mark| Some(mark) == fields.fw_mark)
            && self.fw_mask.is_none_or(|mask| Some(mask) == fields.fw_mask)
            && is_name(&self.iif_name, fields.iif_name)
            && is_name(&self.oif_name, fields.oif_name)
            && (!self.l3mdev || fields.l3mdev)
            && self.uid_range.is_none_or(|users| Some(users) == fields.uid_range)
            && self.ip_proto.is_none_or(|protocol| Some(protocol) == fields.ip_proto)
            && ports(self.sport, fields.sport, fields.sport_mask)
            && ports(self.dport, fields.dport, fields.dport_mask)
            && self.tun_id.is_none_or(|id| Some(id) == fields.tun_id)
            && self.table.is_none_or(|table| table == fields.table(header))
            && self.dscp.is_none_or(|(dscp, mask)| {
                Some(dscp) == fields.dscp && fields.dscp_mask.unwrap_or(MAX_DSCP) == mask
            })
            && self.flow_label.is_none_or(|(label, mask)| {
                Some(label) == fields.flow_label && fields.flow_label_mask == Some(mask)
            })
    }
}

fn nonzero<T: Default + PartialEq>(number: T) -> Option<T> {
    Some(number).filter(|number| *number != T::default())
}

fn lies_in(wanted: &Option<Prefix>, address: Option<Addr<'_>>, len: u8) -> bool {
    wanted.as_ref().is_none_or(|prefix| {
        prefix.len <= len && address.is_none_or(|address| prefix.holds(address))
    })
}

fn is_name(wanted: &Option<Word>, name: Option<Str<'_>>) -> bool {
    wanted.as_ref().is_none_or(|wanted| name.is_some_and(|n| n.as_bytes() == wanted.as_bytes()))
}

fn parse_users(word: &Word) -> Result<FibRuleUidRange, Failure> {
    let wrong = || word.wrong("invalid UID range");
    let (start, end) = word.split('-');
    let number = |word: Word| word.number("").map_err(|_| wrong());
    Ok(FibRuleUidRange { start: number(start)?, end: number(end.ok_or_else(wrong)?)? })
}

/// One port, perhaps with a mask, or two.
fn parse_ports(word: Word) -> Result<Ports, Failure> {
    Ok(match (word.split('/'), word.split('-')) {
        ((port, Some(mask)), _) => {
            let mask = mask.number("invalid mask")?;
            let port = port.number("invalid port")?;
            (FibRulePortRange { start: port, end: port }, mask)
        }
        (_, (start, Some(end))) => {
            let start = start.number("invalid port range start")?;
            (FibRulePortRange { start, end: end.number("invalid port range end")? }, u16::MAX)
        }
        _ => {
            let port = word.number("invalid port")?;
            (FibRulePortRange { start: port, end: port }, u16::MAX)
        }
    })
}

#[cfg(test)]
mod tests {
    use netlink_wire::{Message, Messages, Nla, route::RtTable};

    use super::*;
    use crate::out::Format;

    /// Text of a rule, and whether all of it could be read.
    fn printed(message: Message<'_>) -> (String, bool) {
        let rule = Rule::parse(message).unwrap();
        let mut faults = Faults::default();
        let fields = Fields::read(rule.attrs, &mut faults);
        let mut out = Out::in_memory(Format::default());
        out.row(|out| fields.print(&rule.header, &Names::numbers(), false, out)).unwrap();
        (String::from_utf8(out.into_bytes()).unwrap(), faults.end().is_ok())
    }

    #[test]
    fn a_bad_attribute_costs_itself_alone() {
        let header = FibRuleHdr { family: 2, action: FrAct::TO_TBL, ..FibRuleHdr::default() };
        let mut buf = [0; 128];
        let bytes = Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags::default(), &header)
            .push(RuleAttr::Priority(7))
            // FRA_TUN_ID has eight bytes.
            .push_raw(Nla::new(12, &[1, 2]))
            .push(RuleAttr::Table(RtTable(300)))
            .finish()
            .unwrap();
        let message = Messages::new(bytes).next().unwrap().unwrap();
        assert_eq!(printed(message), ("7:\tfrom all lookup 300\n".to_owned(), false));
    }

    #[test]
    fn numbers_instead_of_names() {
        let action = FrAct(77);
        let header = FibRuleHdr { family: 10, src_len: 8, action, ..FibRuleHdr::default() };
        let mut buf = [0; 128];
        let bytes = Rule::writer(&mut buf, Rtm::NEWRULE, NlmFlags::default(), &header)
            .push(RuleAttr::Priority(1))
            .push(RuleAttr::IpProto(6))
            .push(RuleAttr::Protocol(RtProt::BGP))
            .finish()
            .unwrap();
        let message = Messages::new(bytes).next().unwrap().unwrap();
        let text = "1:\tfrom 0/8 ipproto ipproto-6 77 proto 186\n";
        assert_eq!(printed(message), (text.to_owned(), true));
    }
}
