//! Ports of a switch.

use std::io::Write;

use netlink_wire::link::DsaAttr;

use super::Settings;

pub(super) fn print<'a, W: Write>(of: &mut Settings<'_, 'a, DsaAttr<'a>, W>) {
    of.link(DsaAttr::Conduit, "conduit", ["conduit ", " "]);
}
