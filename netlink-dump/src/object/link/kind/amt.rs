//! Multicast over a network that has none.

use netlink_wire::link::AmtAttr;

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, AmtAttr<'a>>) {
    of.constant(AmtAttr::Mode, "mode", ["", " "]);
    of.num(AmtAttr::GatewayPort, "gateway_port", ["gateway_port ", " "]);
    of.num(AmtAttr::RelayPort, "relay_port", ["relay_port ", " "]);
    of.host(AmtAttr::LocalIp, "local", ["local ", " "]);
    of.host(AmtAttr::RemoteIp, "remote", ["remote ", " "]);
    of.host(AmtAttr::DiscoveryIp, "discovery", ["discovery ", " "]);
    of.link(AmtAttr::Link, "link", ["dev ", " "]);
    of.num(AmtAttr::MaxTunnels, "max_tunnels", ["max_tunnels ", " "]);
}
