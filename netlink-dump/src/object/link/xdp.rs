//! Programs that see packets first.

use std::io::Write;

use netlink_wire::{
    Attrs,
    link::{XdpAttached, XdpAttr},
};

use super::Printer;

/// What is attached, and where.
struct Programs {
    mode: XdpAttached,
    /// The one program, or each one with where it is.
    ids: [(XdpAttached, Option<u32>); 3],
    id: Option<u32>,
}

fn read<W>(xdp: Attrs<'_, XdpAttr<'_>>, to: &mut Printer<'_, W>) -> Option<Programs> {
    let mode = to.get(xdp, XdpAttr::Attached).filter(|&mode| mode != XdpAttached::NONE)?;
    let ids = [
        (XdpAttached::DRV, to.get(xdp, XdpAttr::DrvProgId)),
        (XdpAttached::SKB, to.get(xdp, XdpAttr::SkbProgId)),
        (XdpAttached::HW, to.get(xdp, XdpAttr::HwProgId)),
    ];
    Some(Programs { mode, ids, id: to.get(xdp, XdpAttr::ProgId) })
}

/// Prints, in the line of the link, that there is a program; with `id` which one.
pub(super) fn print_mark<W: Write>(
    xdp: Attrs<'_, XdpAttr<'_>>,
    with_id: bool,
    to: &mut Printer<'_, W>,
) {
    let Some(Programs { mode, ids, id }) = read(xdp, to) else { return };
    if to.out.is_json() {
        to.out.object("xdp", |out| {
            out.json_num("mode", mode.0);
            let attached: Vec<_> = match mode {
                XdpAttached::MULTI => {
                    ids.iter().filter_map(|&(mode, id)| Some((mode, id?))).collect()
                }
                mode => id.map(|id| (mode, id)).into_iter().collect(),
            };
            out.array("attached", |out| {
                for (mode, id) in attached {
                    out.item_object(|out| {
                        out.json_num("mode", mode.0);
                        out.object("prog", |out| out.json_num("id", id));
                    });
                }
            });
        });
        return;
    }
    match mode.word() {
        Some(word) => to.out.text(word),
        None => to.out.text_value(["xdp[", "]"], mode.0),
    }
    if let Some(id) = id.filter(|_| with_id) {
        to.out.text_value(["/id:", ""], id);
    }
    to.out.text(" ");
}

/// Prints a line for each program.
pub(super) fn print_programs<W: Write>(xdp: Attrs<'_, XdpAttr<'_>>, to: &mut Printer<'_, W>) {
    if to.out.is_json() {
        return;
    }
    let Some(Programs { mode, ids, id }) = read(xdp, to) else { return };
    let mut print = |mode: XdpAttached, id: u32| {
        to.out.new_line();
        to.out.text_value(["    prog/", ""], crate::text::Plain(mode));
        to.out.text_value([" id ", " "], id);
    };
    match (mode, id) {
        (XdpAttached::MULTI, _) => {
            ids.iter().filter_map(|&(mode, id)| Some((mode, id?))).for_each(|(m, id)| print(m, id));
        }
        (mode, Some(id)) => print(mode, id),
        (_, None) => {}
    }
}
