//! VRFs and their ports.

use std::io::Write;

use netlink_wire::link::{VrfAttr, VrfPortAttr};

use super::Settings;

pub(super) fn print<'a, W: Write>(of: &mut Settings<'_, 'a, VrfAttr<'a>, W>) {
    of.num(VrfAttr::Table, "table", ["table ", " "]);
}

pub(super) fn print_slave<'a, W: Write>(of: &mut Settings<'_, 'a, VrfPortAttr<'a>, W>) {
    of.num(VrfPortAttr::Table, "table", ["table ", " "]);
}
