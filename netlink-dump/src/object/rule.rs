//! Rules, as `ip rule` prints them.

use std::io::Write;

use netlink_wire::{
    NlmFlags, Rtm,
    route::{RtProt, RtTable},
    rule::{FibRuleFlags, FibRuleHdr, FibRulePortRange, FrAct, Rule, RuleAttr},
};

use super::{Context, dump};
use crate::{
    args::Family,
    failure::{Failure, Faults},
    names::{File, Names},
    out::Out,
    selector::Words,
    text::{Hex, Plain},
};

pub(super) fn run<W: Write>(context: &mut Context<W>, _: &mut Words) -> Result<(), Failure> {
    let mut socket = context.open()?;
    let Context { args, names, out, faults, .. } = context;
    let header =
        FibRuleHdr { family: args.family.unwrap_or(Family::INET).0, ..FibRuleHdr::default() };
    let mut buf = [0; 64];
    let request = Rule::writer(&mut buf, Rtm::GETRULE, NlmFlags::DUMP, &header).finish()?;
    dump(&mut socket, request, out, |out, message| {
        let rule = Rule::parse(message)?;
        Ok(out.row(|out| print(&rule, names, out, faults))?)
    })
}

fn print<W: Write>(rule: &Rule<'_>, names: &Names, rows: &mut Out<W>, faults: &mut Faults) {
    let FibRuleHdr { family, src_len, dst_len, tos, action, flags, .. } = rule.header;
    let host_len = if family == 2 { 32 } else { 128 };

    rows.num("priority", ["", ""], faults.read(rule.get(RuleAttr::Priority)).unwrap_or(0));
    rows.text(":\t");
    if flags.contains(FibRuleFlags::INVERT) {
        rows.mark("not", "not ");
    }
    match faults.read(rule.get(RuleAttr::Src)) {
        Some(src) => rows.word("src", ["from ", ""], src),
        None => rows.word("src", ["from ", ""], "all"),
    }
    if src_len != 0 && src_len != host_len {
        rows.num("srclen", ["/", ""], src_len);
    }
    if let Some(dst) = faults.read(rule.get(RuleAttr::Dst)) {
        rows.word("dst", [" to ", ""], dst);
        if dst_len != host_len {
            rows.num("dstlen", ["/", ""], dst_len);
        }
    }
    if tos != 0 {
        rows.word("tos", [" tos ", ""], Hex(tos));
    }
    if let Some(mark) = faults.read(rule.get(RuleAttr::FwMark)) {
        rows.word("fwmark", [" fwmark ", ""], Hex(mark));
        if let Some(mask) = faults.read(rule.get(RuleAttr::FwMask)).filter(|&m| m != u32::MAX) {
            rows.word("fwmask", ["/", ""], Hex(mask));
        }
    }
    if let Some(name) = faults.read(rule.get(RuleAttr::IifName)) {
        rows.word("iif", [" iif ", ""], name);
        if flags.contains(FibRuleFlags::IIF_DETACHED) {
            rows.mark("iif_detached", " [detached]");
        }
    }
    if let Some(name) = faults.read(rule.get(RuleAttr::OifName)) {
        rows.word("oif", [" oif ", ""], name);
        if flags.contains(FibRuleFlags::OIF_DETACHED) {
            rows.mark("oif_detached", " [detached]");
        }
    }
    if faults.read(rule.get(RuleAttr::L3mdev)) == Some(1) {
        rows.mark("l3mdev", " lookup [l3mdev-table]");
    }
    if let Some(users) = faults.read(rule.get(RuleAttr::UidRange)) {
        rows.num("uid_start", [" uidrange ", ""], users.start);
        rows.num("uid_end", ["-", ""], users.end);
    }
    if let Some(proto) = faults.read(rule.get(RuleAttr::IpProto)) {
        match names.ip_protocol(proto) {
            Some(name) => rows.word("ipproto", [" ipproto ", ""], name),
            None => rows.word("ipproto", [" ipproto ", ""], format_args!("ipproto-{proto}")),
        }
    }
    if let Some(ports) = faults.read(rule.get(RuleAttr::SportRange)) {
        let mask = faults.read(rule.get(RuleAttr::SportMask));
        print_ports(
            rows,
            ports,
            mask,
            ["sport", "sport_mask", "sport_start", "sport_end"],
            " sport ",
        );
    }
    if let Some(ports) = faults.read(rule.get(RuleAttr::DportRange)) {
        let mask = faults.read(rule.get(RuleAttr::DportMask));
        print_ports(
            rows,
            ports,
            mask,
            ["dport", "dport_mask", "dport_start", "dport_end"],
            " dport ",
        );
    }
    if let Some(id) = faults.read(rule.get(RuleAttr::TunId)) {
        rows.num("tun_id", [" tun_id ", ""], id);
    }
    let table = faults.read(rule.table().map(Some)).unwrap_or_default();
    if table != RtTable::UNSPEC {
        rows.word("table", [" lookup ", ""], names.named(File::Tables, table.0));
        if let Some(len) =
            faults.read(rule.get(RuleAttr::SuppressPrefixLen)).filter(|&len| len != -1)
        {
            rows.num("suppress_prefixlen", [" suppress_prefixlength ", ""], len);
        }
        if let Some(group) =
            faults.read(rule.get(RuleAttr::SuppressIfGroup)).filter(|&group| group != -1)
        {
            rows.word("suppress_ifgroup", [" suppress_ifgroup ", ""], group);
        }
    }
    if let Some(realms) = faults.read(rule.get(RuleAttr::Flow)) {
        rows.text(" realms ");
        if realms >> 16 != 0 {
            rows.word("flow_from", ["", ""], realms >> 16);
            rows.text("/");
        }
        rows.word("flow_to", ["", ""], realms & 0xffff);
    }
    match action {
        FrAct::TO_TBL => {}
        FrAct::GOTO => match faults.read(rule.get(RuleAttr::Goto)) {
            Some(priority) => rows.num("goto", [" goto ", ""], priority),
            None => rows.word("goto", [" goto ", ""], "none"),
        },
        FrAct::NOP => rows.mark("nop", " nop"),
        other => rows.word("action", [" ", ""], Plain(other)),
    }
    if flags.contains(FibRuleFlags::UNRESOLVED) {
        rows.mark("unresolved", " [unresolved]");
    }
    match faults.read(rule.get(RuleAttr::Protocol)) {
        None | Some(RtProt::UNSPEC | RtProt::KERNEL) => {}
        Some(protocol) => {
            rows.word("protocol", [" proto ", ""], names.named(File::Protocols, protocol.0))
        }
    }
}

fn print_ports<W: Write>(
    rows: &mut Out<W>,
    ports: FibRulePortRange,
    mask: Option<u16>,
    [port, port_mask, start, end]: [&str; 4],
    before: &str,
) {
    if ports.start != ports.end {
        rows.num(start, [before, ""], ports.start);
        rows.num(end, ["-", ""], ports.end);
        return;
    }
    rows.json_num(port, ports.start);
    if let Some(mask) = mask {
        rows.json_word(port_mask, Hex(mask));
    }
    match mask.filter(|&mask| mask != u16::MAX) {
        None => rows.text_value([before, ""], ports.start),
        Some(mask) => {
            rows.text_value([before, "/"], Hex(ports.start));
            rows.text_value(["", ""], Hex(mask));
        }
    }
}
