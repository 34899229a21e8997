//! Virtual functions of a link.

use netlink_wire::{
    Attrs, LlAddr, Struct,
    link::{Arphrd, IfInfoMsg, Iff, VfAttr, VfInfoAttr, VfLinkState, VfStatsAttr, VfVlanAttr},
};

use super::{Printer, ethertype::Ethertype, stats::Number};
use crate::{palette::Kind, text::LinkLayer};

/// Prints a line for each. `link` is the header of the link that they are of.
pub(super) fn print(
    vfs: Attrs<'_, VfInfoAttr<'_>>,
    link: &IfInfoMsg,
    to: &mut Printer<'_>,
) -> usize {
    let mut count = 0;
    let Printer { out, names, faults, args } = to;
    out.array("vfinfo_list", |out| {
        for vf in vfs.all(VfInfoAttr::Info) {
            match vf {
                Ok(vf) => {
                    out.item_object(|out| {
                        print_one(vf, link, &mut Printer { out, names, faults, args });
                    });
                    count += 1;
                }
                Err(error) => faults.note(error),
            }
        }
    });
    count
}

/// A setting that a driver does not have.
const UNSET: u32 = u32::MAX;

fn print_one(vf: Attrs<'_, VfAttr<'_>>, link: &IfInfoMsg, to: &mut Printer<'_>) {
    to.out.new_line();
    print_addresses(vf, link, to);
    print_vlans(vf, to);
    if let Some(rate) = to.get(vf, VfAttr::TxRate).filter(|rate| rate.rate != 0) {
        to.out.num("tx_rate", [", tx rate ", " (Mbps)"], rate.rate);
    }
    if let Some(rate) = to.get(vf, VfAttr::Rate) {
        to.out.object("rate", |out| {
            out.json_num("max_tx", rate.max_tx_rate);
            out.json_num("min_tx", rate.min_tx_rate);
        });
        if rate.max_tx_rate != 0 {
            to.out.text_value([", max_tx_rate ", "Mbps"], rate.max_tx_rate);
        }
        if rate.min_tx_rate != 0 {
            to.out.text_value([", min_tx_rate ", "Mbps"], rate.min_tx_rate);
        }
    }
    if let Some(check) = to.get(vf, VfAttr::SpoofChk).filter(|check| check.setting != UNSET) {
        print_switch(to, "spoofchk", ", spoof checking ", check.setting);
    }
    for (key, before, guid) in [
        ("node guid", ", NODE_GUID ", to.get(vf, VfAttr::IbNodeGuid)),
        ("port guid", ", PORT_GUID ", to.get(vf, VfAttr::IbPortGuid)),
    ] {
        if let Some(guid) = guid {
            to.out.word(key, [before, ""], LlAddr(&guid.guid.to_be_bytes()));
        }
    }
    match to.get(vf, VfAttr::LinkState).map(|state| state.link_state) {
        Some(VfLinkState::AUTO) => to.out.word("link_state", [", link-state ", ""], "auto"),
        Some(VfLinkState::ENABLE) => to.out.word("link_state", [", link-state ", ""], "enable"),
        Some(_) => to.out.word("link_state", [", link-state ", ""], "disable"),
        None => {}
    }
    if let Some(trust) = to.get(vf, VfAttr::Trust).filter(|trust| trust.setting != UNSET) {
        print_switch(to, "trust", ", trust ", trust.setting);
    }
    if let Some(rss) = to.get(vf, VfAttr::RssQueryEn).filter(|rss| rss.setting != UNSET) {
        print_switch(to, "query_rss_en", ", query_rss ", rss.setting);
    }
    if to.args.statistics > 0 {
        if let Some(stats) = to.get(vf, VfAttr::Stats) {
            print_stats(stats, to);
        }
    }
}

fn print_switch(to: &mut Printer<'_>, key: &str, before: &str, setting: u32) {
    to.out.truth(key, before, setting != 0);
    to.out.text(if setting != 0 { "on" } else { "off" });
}

fn print_addresses(vf: Attrs<'_, VfAttr<'_>>, link: &IfInfoMsg, to: &mut Printer<'_>) {
    let Some(mac) = to.get(vf, VfAttr::Mac).map(Struct::read) else { return };
    let kind = link.kind;
    let len = if kind == Arphrd::INFINIBAND { 20 } else { 6 };
    to.out.text("    ");
    to.out.num("vf", ["vf ", " "], mac.vf);
    to.out.word("link_type", ["    link/", " "], kind.word().unwrap_or("generic"));
    let address = LinkLayer(LlAddr(&mac.mac[..len]), kind);
    to.out.paint(Kind::LlAddr, |out| out.word("address", [""; 2], address));
    if let Some(broadcast) = to.get(vf, VfAttr::Broadcast).map(Struct::read) {
        let broadcast = LinkLayer(LlAddr(&broadcast.broadcast[..len]), kind);
        if link.flags.contains(Iff::POINTOPOINT) {
            to.out.text(" peer ");
            to.out.json_truth("link_pointtopoint", true);
        } else {
            to.out.text(" brd ");
        }
        to.out.paint(Kind::LlAddr, |out| out.word("broadcast", [""; 2], broadcast));
    }
}

fn print_vlans(vf: Attrs<'_, VfAttr<'_>>, to: &mut Printer<'_>) {
    if let Some(vlans) = to.get(vf, VfAttr::VlanList) {
        let Printer { out, names, faults, .. } = to;
        out.array("vlan_list", |out| {
            for vlan in vlans.all(VfVlanAttr::Info) {
                match vlan {
                    Ok(vlan) => out.item_object(|out| {
                        if vlan.vlan != 0 {
                            out.num("vlan", [", vlan ", ""], vlan.vlan);
                        }
                        if vlan.qos != 0 {
                            out.num("qos", [", qos ", ""], vlan.qos);
                        }
                        let protocol = vlan.vlan_proto.get();
                        if protocol != 0 && protocol != 0x8100 {
                            let protocol = Ethertype(protocol, names.are_numbers());
                            out.word("protocol", [", vlan protocol ", ""], protocol);
                        }
                    }),
                    Err(error) => faults.note(error),
                }
            }
        });
    } else if let Some(vlan) = to.get(vf, VfAttr::Vlan) {
        if vlan.vlan != 0 {
            to.out.num("vlan", [", vlan ", ""], vlan.vlan);
        }
        if vlan.qos != 0 {
            to.out.num("qos", [", qos ", ""], vlan.qos);
        }
    }
}

fn print_stats(stats: Attrs<'_, VfStatsAttr<'_>>, to: &mut Printer<'_>) {
    let rx = [
        ("bytes", to.get(stats, VfStatsAttr::RxBytes), 10),
        ("packets", to.get(stats, VfStatsAttr::RxPackets), 8),
        ("multicast", to.get(stats, VfStatsAttr::Multicast), 7),
        ("broadcast", to.get(stats, VfStatsAttr::Broadcast), 7),
        ("dropped", to.get(stats, VfStatsAttr::RxDropped), 8),
    ];
    let tx = [
        ("tx_bytes", to.get(stats, VfStatsAttr::TxBytes), 10),
        ("tx_packets", to.get(stats, VfStatsAttr::TxPackets), 8),
        ("dropped", to.get(stats, VfStatsAttr::TxDropped), 8),
    ];
    let Printer { out, args, .. } = to;
    out.object("stats", |out| {
        for (key, title, values) in [
            ("rx", "    RX: bytes  packets  mcast   bcast ", &rx[..]),
            ("tx", "    TX: bytes  packets ", &tx[..]),
        ] {
            out.object(key, |out| {
                out.new_line();
                out.text(title);
                if values.last().is_some_and(|(_, dropped, _)| dropped.is_some()) {
                    out.text("  dropped ");
                }
                out.new_line();
                out.text("    ");
                for &(key, value, width) in values {
                    let Some(value) = value else { continue };
                    out.json_num(key, value);
                    let number = Number { value, human: args.human, iec: args.iec }.to_string();
                    out.text_value(["", " "], format_args!("{number:>width$}"));
                }
            });
        }
    });
}
