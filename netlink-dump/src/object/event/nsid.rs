//! Ids of network namespaces.

use std::os::unix::ffi::OsStrExt;

use netlink_wire::nsid::{NetnsaAttr, Nsid};

use crate::{object::link::Printer, out::Out};

/// Prints all but the end of the line.
pub(super) fn print(nsid: &Nsid<'_>, to: &mut Printer<'_>) {
    let Printer { out, names, faults, .. } = to;
    let id = faults.read(nsid.get(NetnsaAttr::Nsid)).unwrap_or(-1);
    print_id("nsid", "nsid ", id, out);
    let current = faults.read(nsid.get(NetnsaAttr::CurrentNsid));
    if let Some(current) = current {
        print_id("current-nsid", "current-nsid ", current, out);
    }
    // Names are for ids of the namespace that this is run in.
    if let Some(name) = names.netns(current.unwrap_or(id)) {
        out.word("name", ["(iproute2 netns name: ", ")"], name.as_bytes());
    }
}

fn print_id(key: &str, before: &str, id: i32, out: &mut Out) {
    out.json_num(key, id);
    match id {
        0.. => out.text_value([before, " "], id),
        _ => out.text_value([before, " "], "unassigned"),
    }
}
