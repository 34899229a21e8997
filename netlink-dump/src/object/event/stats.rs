//! What the hardware of a link counts.

use netlink_wire::stats::{HwSInfoAttr, HwSInfoOneAttr, OffloadXstatsAttr, Stats, StatsAttr};

use crate::{object::link::Printer, palette::Kind};

/// Prints all but the end of the last line. The kernel tells of nothing else than whether traffic
/// that the hardware routes is counted.
pub(super) fn print(stats: &Stats<'_>, to: &mut Printer<'_>) {
    let Printer { out, names, faults, .. } = to;
    let index = stats.header.ifindex;
    out.num("ifindex", ["", ": "], index);
    out.paint(Kind::Link, |out| out.word("ifname", ["", ":"], names.link(index)));
    let Some(xstats) = faults.read(stats.get(StatsAttr::LinkOffloadXstats)) else { return };
    let Some(info) = faults.read(xstats.get(OffloadXstatsAttr::HwSInfo)) else { return };
    let Some(l3) = faults.read(info.get(HwSInfoAttr::L3Stats)) else { return };
    out.new_line();
    out.object("info", |out| {
        out.text("    l3_stats");
        out.object("l3_stats", |out| {
            for (key, before, value) in [
                ("request", " ", faults.read(l3.get(HwSInfoOneAttr::Request))),
                ("used", " used ", faults.read(l3.get(HwSInfoOneAttr::Used))),
            ] {
                let Some(value) = value else { continue };
                out.text(before);
                out.truth(key, if value != 0 { "on" } else { "off" }, value != 0);
            }
        });
    });
}
