//! Links that share another link and its MAC address: ipvlan and ipvtap.

use netlink_wire::link::{IpvlanAttr, IpvlanFlags};

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, IpvlanAttr<'a>>) {
    if let Some(mode) = of.get(IpvlanAttr::Mode) {
        of.to.out.word("mode", [" mode ", " "], mode.word().unwrap_or("unknown"));
    }
    if let Some(flags) = of.get(IpvlanAttr::Flags) {
        if flags.contains(IpvlanFlags::PRIVATE) {
            of.mark(true, "private", "private ");
        } else if flags.contains(IpvlanFlags::VEPA) {
            of.mark(true, "vepa", "vepa ");
        } else {
            of.mark(true, "bridge", "bridge ");
        }
    }
}
