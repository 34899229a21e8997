//! Ports of bridges.

use netlink_wire::link::BrPortAttr;

use super::Settings;
use crate::text::Hex;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, BrPortAttr<'a>>) {
    if let Some(state) = of.get(BrPortAttr::State) {
        match state.word() {
            Some(word) => of.to.out.word("state", ["state ", " "], word),
            None => of.to.out.num("state_index", ["state (", ") "], state.0),
        }
    }
    of.num(BrPortAttr::Priority, "priority", ["priority ", " "]);
    of.num(BrPortAttr::Cost, "cost", ["cost ", " "]);
    of.on_off(BrPortAttr::Mode, "hairpin", "hairpin");
    of.on_off(BrPortAttr::Guard, "guard", "guard");
    of.on_off(BrPortAttr::Protect, "root_block", "root_block");
    of.on_off(BrPortAttr::FastLeave, "fastleave", "fastleave");
    of.on_off(BrPortAttr::Learning, "learning", "learning");
    of.on_off(BrPortAttr::UnicastFlood, "flood", "flood");
    of.hex(BrPortAttr::Id, "id", "port_id ");
    of.hex(BrPortAttr::No, "no", "port_no ");
    of.num(BrPortAttr::DesignatedPort, "designated_port", ["designated_port ", " "]);
    of.num(BrPortAttr::DesignatedCost, "designated_cost", ["designated_cost ", " "]);
    of.bridge_id(BrPortAttr::BridgeId, "bridge_id", "designated_bridge ");
    of.bridge_id(BrPortAttr::RootId, "root_id", "designated_root ");
    of.timer(BrPortAttr::HoldTimer, "hold_timer");
    of.timer(BrPortAttr::MessageAgeTimer, "message_age_timer");
    of.timer(BrPortAttr::ForwardDelayTimer, "forward_delay_timer");
    let key = "topology_change_ack";
    of.num(BrPortAttr::TopologyChangeAck, key, ["topology_change_ack ", " "]);
    of.num(BrPortAttr::ConfigPending, "config_pending", ["config_pending ", " "]);
    of.on_off(BrPortAttr::ProxyArp, "proxy_arp", "proxy_arp");
    of.on_off(BrPortAttr::ProxyArpWifi, "proxy_arp_wifi", "proxy_arp_wifi");
    if let Some(router) = of.get(BrPortAttr::MulticastRouter) {
        of.to.out.num("multicast_router", ["mcast_router ", " "], router.0);
    }
    if let Some(leaves) = of.get(BrPortAttr::FastLeave) {
        // It is `fastleave` again, which JSON has once.
        let on_off = if leaves != 0 { "on" } else { "off" };
        of.to.out.text_value(["mcast_fast_leave ", " "], on_off);
    }
    of.on_off(BrPortAttr::McastFlood, "mcast_flood", "mcast_flood");
    of.on_off(BrPortAttr::BcastFlood, "bcast_flood", "bcast_flood");
    of.on_off(BrPortAttr::McastToUcast, "mcast_to_unicast", "mcast_to_unicast");
    of.on_off(BrPortAttr::NeighSuppress, "neigh_suppress", "neigh_suppress");
    of.on_off(BrPortAttr::NeighVlanSuppress, "neigh_vlan_suppress", "neigh_vlan_suppress");
    of.on_off(BrPortAttr::NeighForwardGrat, "neigh_forward_grat", "neigh_forward_grat");
    if let Some(mask) = of.get(BrPortAttr::GroupFwdMask) {
        of.to.out.word("group_fwd_mask", ["group_fwd_mask ", " "], Hex(mask));
        let words = group_forwarding(mask);
        of.to.out.word("group_fwd_mask_str", ["group_fwd_mask_str ", " "], words.as_str());
    }
    of.on_off(BrPortAttr::VlanTunnel, "vlan_tunnel", "vlan_tunnel");
    of.on_off(BrPortAttr::Isolated, "isolated", "isolated");
    of.on_off(BrPortAttr::Locked, "locked", "locked");
    of.on_off(BrPortAttr::Mab, "mab", "mab");
    of.link(BrPortAttr::BackupPort, "backup_port", ["backup_port ", " "]);
    of.num(BrPortAttr::BackupNhid, "backup_nhid", ["backup_nhid ", " "]);
}

/// The protocols of the link-local groups that are forwarded.
fn group_forwarding(mask: u16) -> String {
    if mask == 0 {
        return "0x0".into();
    }
    let bits = (0..u16::BITS).map(|bit| mask & 1 << bit).filter(|&bit| bit != 0);
    let words = bits.map(|bit| match bit {
        0x1 => "stp".into(),
        0x4 => "lacp".into(),
        0x4000 => "lldp".into(),
        other => format!("{other:#x}"),
    });
    words.collect::<Vec<_>>().join(",")
}

impl<'a> Settings<'_, 'a, BrPortAttr<'a>> {
    fn hex(&mut self, variant: impl FnOnce(u16) -> BrPortAttr<'a>, key: &str, before: &str) {
        if let Some(value) = self.get(variant) {
            self.to.out.word(key, [before, " "], Hex(value));
        }
    }
}
