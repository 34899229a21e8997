//! Links over a modem.

use netlink_wire::link::WwanAttr;

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, WwanAttr<'a>>) {
    of.num(WwanAttr::LinkId, "linkid", ["linkid ", " "]);
}
