//! VRFs and their ports.

use netlink_wire::link::{VrfAttr, VrfPortAttr};

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, VrfAttr<'a>>) {
    of.num(VrfAttr::Table, "table", ["table ", " "]);
}

pub(super) fn print_slave<'a>(of: &mut Settings<'_, 'a, VrfPortAttr<'a>>) {
    of.num(VrfPortAttr::Table, "table", ["table ", " "]);
}
