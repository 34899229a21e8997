//! Links over a modem.

use std::io::Write;

use netlink_wire::link::WwanAttr;

use super::Settings;

pub(super) fn print<'a, W: Write>(of: &mut Settings<'_, 'a, WwanAttr<'a>, W>) {
    of.num(WwanAttr::LinkId, "linkid", ["linkid ", " "]);
}
