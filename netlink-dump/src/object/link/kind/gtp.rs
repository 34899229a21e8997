//! Tunnels of a mobile network.

use netlink_wire::link::GtpAttr;

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, GtpAttr<'a>>) {
    if let Some(role) = of.get(GtpAttr::Role) {
        of.to.out.word("role", ["role ", " "], role.word().unwrap_or("unknown"));
    }
    of.num(GtpAttr::PdpHashSize, "hsize", ["hsize ", " "]);
    of.num(GtpAttr::RestartCount, "restart_count", ["restart_count ", " "]);
}
