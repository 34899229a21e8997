//! Programs that see packets first.

use netlink_wire::{
    Attrs,
    link::{XdpAttached, XdpAttr},
};

use super::Printer;

/// What is attached, and where.
struct Programs {
    mode: XdpAttached,
    /// The one program, if there is just one.
    id: Option<u32>,
    /// Each one, and where it is.
    attached: Vec<(XdpAttached, u32)>,
}

fn read(xdp: Attrs<'_, XdpAttr<'_>>, to: &mut Printer<'_>) -> Option<Programs> {
    let mode = to.get(xdp, XdpAttr::Attached).filter(|&mode| mode != XdpAttached::NONE)?;
    let id = to.get(xdp, XdpAttr::ProgId).filter(|&id| id != 0);
    let attached = [
        (XdpAttached::SKB, to.get(xdp, XdpAttr::SkbProgId)),
        (XdpAttached::DRV, to.get(xdp, XdpAttr::DrvProgId)),
        (XdpAttached::HW, to.get(xdp, XdpAttr::HwProgId)),
    ];
    let attached = attached.into_iter().filter_map(|(mode, id)| Some((mode, id?)));
    Some(Programs { mode, id, attached: attached.filter(|&(_, id)| id != 0).collect() })
}

/// Prints, in the line of the link, that there is a program; with `with_id` which one.
///
/// What is in a program, only the system call for them tells.
pub(super) fn print_mark(xdp: Attrs<'_, XdpAttr<'_>>, with_id: bool, to: &mut Printer<'_>) {
    let Some(Programs { mode, id, attached }) = read(xdp, to) else { return };
    if to.out.is_json() {
        to.out.object("xdp", |out| {
            out.json_num("mode", mode.0);
            id.inspect(|id| out.object("prog", |out| out.json_num("id", id)));
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
pub(super) fn print_programs(xdp: Attrs<'_, XdpAttr<'_>>, to: &mut Printer<'_>) {
    if to.out.is_json() {
        return;
    }
    let Some(Programs { mode, id, attached }) = read(xdp, to) else { return };
    let mut print = |before: &str, id: u32| {
        to.out.new_line();
        to.out.text_value([before, " "], id);
    };
    id.inspect(|&id| print("    prog/xdp id ", id));
    if mode == XdpAttached::MULTI {
        for (mode, id) in attached {
            match mode {
                XdpAttached::SKB => print("    prog/xdpgeneric id ", id),
                XdpAttached::DRV => print("    prog/xdpdrv id ", id),
                _ => print("    prog/xdpoffload id ", id),
            }
        }
    }
}
