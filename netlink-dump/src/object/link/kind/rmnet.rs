//! Links over a modem of Qualcomm.

use netlink_wire::link::{RmnetAttr, RmnetFlags};

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, RmnetAttr<'a>>) {
    const ALL: [(RmnetFlags, &str); 6] = [
        (RmnetFlags::INGRESS_DEAGGREGATION, "INGRESS_DEAGGREGATION"),
        (RmnetFlags::INGRESS_MAP_COMMANDS, "INGRESS_MAP_COMMANDS"),
        (RmnetFlags::INGRESS_MAP_CKSUMV4, "INGRESS_MAP_CKSUMV4"),
        (RmnetFlags::EGRESS_MAP_CKSUMV4, "EGRESS_MAP_CKSUMV4"),
        (RmnetFlags::INGRESS_MAP_CKSUMV5, "INGRESS_MAP_CKSUMV5"),
        (RmnetFlags::EGRESS_MAP_CKSUMV5, "EGRESS_MAP_CKSUMV5"),
    ];
    of.num(RmnetAttr::MuxId, "mux_id", ["mux_id ", " "]);
    let Some(flags) = of.get(RmnetAttr::Flags).map(|flags| flags.flags) else { return };
    of.to.out.array("flags", |out| {
        out.text("<");
        let (mut comma, mut rest) = ("", flags);
        for (flag, word) in ALL.into_iter().filter(|&(flag, _)| flags.contains(flag)) {
            out.item([comma, ""], word);
            (comma, rest) = (",", rest.without(flag));
        }
        if !rest.is_empty() {
            out.item([comma, ""], format_args!("{:x}", rest.0));
        }
        out.text("> ");
    });
}
