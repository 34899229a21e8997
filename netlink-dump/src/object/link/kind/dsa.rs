//! Ports of a switch.

use netlink_wire::link::DsaAttr;

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, DsaAttr<'a>>) {
    of.link(DsaAttr::Conduit, "conduit", ["conduit ", " "]);
}
