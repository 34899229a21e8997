//! Multicast routes.

use netlink_wire::route::{
    NextHops, Route, RouteAddr, RouteAttr, RouteExpires, RtTable, RtaMfcStats, RtmFlags, RtnhFlags,
};

use crate::{
    names::File,
    object::{USER_HZ, link::Printer},
    text::Text,
};

/// Prints all but the end of the last line.
pub(super) fn print(route: &Route<'_>, to: &mut Printer<'_>) {
    let Printer { out, names, faults, .. } = to;
    let mut pair = b"(".to_vec();
    for (addr, key, after) in [
        (faults.read(route.get(RouteAttr::Src)).map(RouteAddr::Addr), "src", ","),
        (faults.read(route.get(RouteAttr::Dst)), "dst", ")"),
    ] {
        match addr {
            Some(addr) => {
                out.json_word(key, addr);
                addr.append(&mut pair);
            }
            None => "unknown".append(&mut pair),
        }
        after.append(&mut pair);
    }
    out.text_column(32, pair.as_slice());
    out.text("Iif: ");
    match faults.read(route.get(RouteAttr::Iif)) {
        Some(index) => out.column("iif", 10, names.link(index)),
        None => out.text("unresolved "),
    }
    if let Some(hops) = faults.read(route.get(RouteAttr::Multipath)) {
        print_hops(hops, to);
    }
    let Printer { out, names, faults, args } = to;
    let is_resolved = !route.header.flags.contains(RtmFlags(RtnhFlags::UNRESOLVED.0.into()));
    let state = if is_resolved { "resolved" } else { "unresolved" };
    out.word("state", [" State: ", ""], state);
    if route.header.flags.contains(RtmFlags(RtnhFlags::OFFLOAD.0.into())) {
        out.truth("offload", " offload", true);
    }
    if args.statistics > 0 {
        if let Some(stats) = faults.read(route.get(RouteAttr::MfcStats)) {
            let RtaMfcStats { packets, bytes, wrong_if } = stats;
            out.new_line();
            out.num("packets", ["  ", " packets, "], packets);
            out.num("bytes", ["", " bytes"], bytes);
            if wrong_if != 0 {
                out.num("wrong_if", [", ", " arrived on wrong iif."], wrong_if);
            }
        }
        if let Some(RouteExpires::LastUse(ticks)) = faults.read(route.get(RouteAttr::Expires)) {
            let (seconds, rest) = (ticks / u64::from(USER_HZ), ticks % u64::from(USER_HZ));
            out.json_num("expires", format_args!("{seconds}.{rest:02}"));
            out.text_value([", Age ", ""], format_args!("{seconds}.{rest:02}"));
        }
    }
    let table = faults.read(route.get(RouteAttr::Table));
    let table = table.unwrap_or(RtTable(route.header.table.into()));
    if table != RtTable::UNSPEC && (table != RtTable::MAIN || args.details > 0) {
        out.word("table", [" Table: ", ""], names.named(File::Tables, table.0));
    }
}

/// Where packets are sent on to.
fn print_hops(hops: NextHops<'_>, to: &mut Printer<'_>) {
    let Printer { out, names, faults, .. } = to;
    out.text("Oifs: ");
    out.array("multipath", |out| {
        for hop in hops.iter() {
            let Some(hop) = faults.read(hop.map(Some)) else { continue };
            out.item_object(|out| {
                out.word("oif", ["", ""], names.link(hop.header.ifindex as u32));
                match hop.header.hops {
                    ttl @ 2.. => out.num("ttl", ["(ttl ", ") "], ttl),
                    _ => out.text(" "),
                }
            });
        }
    });
}
