//! Bonds.

use std::fmt::Display;

use netlink_wire::{
    List, Value,
    link::{BondAdInfoAttr, BondArpValidate, BondAttr},
};

use super::Settings;
use crate::{failure::Faults, text::Text};

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, BondAttr<'a>>) {
    of.constant(BondAttr::Mode, "mode", ["mode ", " "]);
    of.link(BondAttr::ActiveSlave, "active_slave", ["active_slave ", " "]);
    of.num(BondAttr::MiiMon, "miimon", ["miimon ", " "]);
    of.num(BondAttr::UpDelay, "updelay", ["updelay ", " "]);
    of.num(BondAttr::DownDelay, "downdelay", ["downdelay ", " "]);
    of.num(BondAttr::PeerNotifDelay, "peer_notify_delay", ["peer_notify_delay ", " "]);
    of.num(BondAttr::UseCarrier, "use_carrier", ["use_carrier ", " "]);
    of.num(BondAttr::ArpInterval, "arp_interval", ["arp_interval ", " "]);
    of.num(BondAttr::MissedMax, "arp_missed_max", ["arp_missed_max ", " "]);
    if let Some(targets) = of.get(BondAttr::ArpIpTarget) {
        print_targets(of, "arp_ip_target", "arp_ip_target ", targets);
    }
    if let Some(targets) = of.get(BondAttr::NsIp6Target) {
        print_targets(of, "ns_ip6_target", "ns_ip6_target ", targets);
    }
    match of.get(BondAttr::ArpValidate) {
        Some(BondArpValidate::VALIDATE_NONE) => {
            of.to.out.mark("arp_validate", "arp_validate none ");
        }
        Some(_) => of.constant(BondAttr::ArpValidate, "arp_validate", ["arp_validate ", " "]),
        None => {}
    }
    of.constant(BondAttr::ArpAllTargets, "arp_all_targets", ["arp_all_targets ", " "]);
    of.link(BondAttr::Primary, "primary", ["primary ", " "]);
    of.constant(BondAttr::PrimaryReselect, "primary_reselect", ["primary_reselect ", " "]);
    of.constant(BondAttr::FailOverMac, "fail_over_mac", ["fail_over_mac ", " "]);
    of.constant(BondAttr::XmitHashPolicy, "xmit_hash_policy", ["xmit_hash_policy ", " "]);
    of.num(BondAttr::ResendIgmp, "resend_igmp", ["resend_igmp ", " "]);
    of.num(BondAttr::NumPeerNotif, "num_peer_notif", ["num_grat_arp ", " "]);
    of.num(BondAttr::AllSlavesActive, "all_slaves_active", ["all_slaves_active ", " "]);
    of.num(BondAttr::MinLinks, "min_links", ["min_links ", " "]);
    of.num(BondAttr::LpInterval, "lp_interval", ["lp_interval ", " "]);
    of.num(BondAttr::PacketsPerSlave, "packets_per_slave", ["packets_per_slave ", " "]);
    if let Some(active) = of.get(BondAttr::AdLacpActive) {
        let on_off = if active != 0 { "on" } else { "off" };
        of.to.out.word("ad_lacp_active", ["lacp_active ", " "], on_off);
    }
    of.constant(BondAttr::AdLacpRate, "ad_lacp_rate", ["lacp_rate ", " "]);
    of.on_off(BondAttr::CoupledControl, "coupled_control", "coupled_control");
    of.on_off(BondAttr::BroadcastNeigh, "broadcast_neighbor", "broadcast_neighbor");
    of.constant(BondAttr::AdSelect, "ad_select", ["ad_select ", " "]);
    if let Some(info) = of.get(BondAttr::AdInfo) {
        of.to.settings("ad_info", info, print_ad_info);
    }
    of.num(BondAttr::AdActorSysPrio, "ad_actor_sys_prio", ["ad_actor_sys_prio ", " "]);
    of.num(BondAttr::AdUserPortKey, "ad_user_port_key", ["ad_user_port_key ", " "]);
    of.word(BondAttr::AdActorSystem, "ad_actor_system", ["ad_actor_system ", " "]);
    of.num(BondAttr::TlbDynamicLb, "tlb_dynamic_lb", ["tlb_dynamic_lb ", " "]);
}

/// Whom to probe. The kernel leaves out what is not set.
fn print_targets<'a, T: Value<'a> + Text + Display>(
    of: &mut Settings<'_, 'a, BondAttr<'a>>,
    key: &str,
    before: &str,
    targets: List<'a, T>,
) {
    let faults: &mut Faults = of.to.faults;
    let mut targets = targets.iter().peekable();
    if targets.peek().is_none() {
        return;
    }
    of.to.out.array(key, |out| {
        let mut comma = before;
        for target in targets {
            match target {
                Ok((_, target)) => out.item([comma, ""], target),
                Err(error) => faults.note(error),
            }
            comma = ",";
        }
        out.text(" ");
    });
}

fn print_ad_info<'a>(of: &mut Settings<'_, 'a, BondAdInfoAttr<'a>>) {
    of.num(BondAdInfoAttr::Aggregator, "aggregator", ["ad_aggregator ", " "]);
    of.num(BondAdInfoAttr::NumPorts, "num_ports", ["ad_num_ports ", " "]);
    of.num(BondAdInfoAttr::ActorKey, "actor_key", ["ad_actor_key ", " "]);
    of.num(BondAdInfoAttr::PartnerKey, "partner_key", ["ad_partner_key ", " "]);
    of.word(BondAdInfoAttr::PartnerMac, "partner_mac", ["ad_partner_mac ", " "]);
}
