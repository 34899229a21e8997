//! Bridges.

use netlink_wire::{
    Addr, Attribute, Value,
    link::{BrAttr, BrBoolopt, BridgeQuerierAttr, IflaBridgeId},
};

use super::{
    super::{Printer, ethertype::Ethertype},
    Settings,
};
use crate::{
    palette::Kind,
    text::{Hex, Nanoseconds},
};

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, BrAttr<'a>>) {
    of.num(BrAttr::ForwardDelay, "forward_delay", ["forward_delay ", " "]);
    of.num(BrAttr::HelloTime, "hello_time", ["hello_time ", " "]);
    of.num(BrAttr::MaxAge, "max_age", ["max_age ", " "]);
    of.num(BrAttr::AgeingTime, "ageing_time", ["ageing_time ", " "]);
    of.num(BrAttr::StpState, "stp_state", ["stp_state ", " "]);
    of.constant(BrAttr::StpMode, "stp_mode", ["stp_mode ", " "]);
    of.num(BrAttr::Priority, "priority", ["priority ", " "]);
    of.num(BrAttr::VlanFiltering, "vlan_filtering", ["vlan_filtering ", " "]);
    if let Some(protocol) = of.get(BrAttr::VlanProtocol) {
        let protocol = Ethertype(protocol.get(), of.to.names.are_numbers());
        of.to.out.word("vlan_protocol", ["vlan_protocol ", " "], protocol);
    }
    of.bridge_id(BrAttr::BridgeId, "bridge_id", "bridge_id ");
    of.bridge_id(BrAttr::RootId, "root_id", "designated_root ");
    of.num(BrAttr::RootPort, "root_port", ["root_port ", " "]);
    of.num(BrAttr::RootPathCost, "root_path_cost", ["root_path_cost ", " "]);
    of.num(BrAttr::TopologyChange, "topology_change", ["topology_change ", " "]);
    let key = "topology_change_detected";
    of.num(BrAttr::TopologyChangeDetected, key, ["topology_change_detected ", " "]);
    of.timer(BrAttr::HelloTimer, "hello_timer");
    of.timer(BrAttr::TcnTimer, "tcn_timer");
    of.timer(BrAttr::TopologyChangeTimer, "topology_change_timer");
    of.timer(BrAttr::GcTimer, "gc_timer");
    of.num(BrAttr::FdbNLearned, "fdb_n_learned", ["fdb_n_learned ", " "]);
    of.num(BrAttr::FdbMaxLearned, "fdb_max_learned", ["fdb_max_learned ", " "]);
    of.num(BrAttr::VlanDefaultPvid, "vlan_default_pvid", ["vlan_default_pvid ", " "]);
    of.num(BrAttr::VlanStatsEnabled, "vlan_stats_enabled", ["vlan_stats_enabled ", " "]);
    of.num(BrAttr::VlanStatsPerPort, "vlan_stats_per_port", ["vlan_stats_per_port ", " "]);
    if let Some(mask) = of.get(BrAttr::GroupFwdMask) {
        of.to.out.word("group_fwd_mask", ["group_fwd_mask ", " "], Hex(mask));
    }
    of.word(BrAttr::GroupAddr, "group_addr", ["group_address ", " "]);
    of.num(BrAttr::McastSnooping, "mcast_snooping", ["mcast_snooping ", " "]);
    print_options(of);
    print_multicast(of);
    of.num(BrAttr::NfCallIptables, "nf_call_iptables", ["nf_call_iptables ", " "]);
    of.num(BrAttr::NfCallIp6tables, "nf_call_ip6tables", ["nf_call_ip6tables ", " "]);
    of.num(BrAttr::NfCallArptables, "nf_call_arptables", ["nf_call_arptables ", " "]);
}

/// Options that are bits. The mask tells which of them the kernel knows.
fn print_options<'a>(of: &mut Settings<'_, 'a, BrAttr<'a>>) {
    const ALL: [(BrBoolopt, &str, &str); 5] = [
        (BrBoolopt::NO_LL_LEARN, "no_linklocal_learn", "no_linklocal_learn "),
        (BrBoolopt::MCAST_VLAN_SNOOPING, "mcast_vlan_snooping", "mcast_vlan_snooping "),
        (BrBoolopt::MST_ENABLE, "mst_enabled", "mst_enabled "),
        (
            BrBoolopt::MDB_OFFLOAD_FAIL_NOTIFICATION,
            "mdb_offload_fail_notification",
            "mdb_offload_fail_notification ",
        ),
        (BrBoolopt::FDB_LOCAL_VLAN_0, "fdb_local_vlan_0", "fdb_local_vlan_0 "),
    ];
    let Some(options) = of.get(BrAttr::MultiBoolopt) else { return };
    for (option, key, before) in ALL {
        if options.optmask.contains(option) {
            of.to.out.num(key, [before, " "], u8::from(options.optval.contains(option)));
        }
    }
}

fn print_multicast<'a>(of: &mut Settings<'_, 'a, BrAttr<'a>>) {
    if let Some(router) = of.get(BrAttr::McastRouter) {
        of.to.out.num("mcast_router", ["mcast_router ", " "], router.0);
    }
    let key = "mcast_query_use_ifaddr";
    of.num(BrAttr::McastQueryUseIfaddr, key, ["mcast_query_use_ifaddr ", " "]);
    of.num(BrAttr::McastQuerier, "mcast_querier", ["mcast_querier ", " "]);
    print_querier(of);
    let key = "mcast_hash_elasticity";
    of.num(BrAttr::McastHashElasticity, key, ["mcast_hash_elasticity ", " "]);
    of.num(BrAttr::McastHashMax, "mcast_hash_max", ["mcast_hash_max ", " "]);
    let key = "mcast_last_member_cnt";
    of.num(BrAttr::McastLastMemberCnt, key, ["mcast_last_member_count ", " "]);
    let key = "mcast_startup_query_cnt";
    of.num(BrAttr::McastStartupQueryCnt, key, ["mcast_startup_query_count ", " "]);
    let key = "mcast_last_member_intvl";
    of.num(BrAttr::McastLastMemberIntvl, key, ["mcast_last_member_interval ", " "]);
    let key = "mcast_membership_intvl";
    of.num(BrAttr::McastMembershipIntvl, key, ["mcast_membership_interval ", " "]);
    let key = "mcast_querier_intvl";
    of.num(BrAttr::McastQuerierIntvl, key, ["mcast_querier_interval ", " "]);
    of.num(BrAttr::McastQueryIntvl, "mcast_query_intvl", ["mcast_query_interval ", " "]);
    let key = "mcast_query_response_intvl";
    of.num(BrAttr::McastQueryResponseIntvl, key, ["mcast_query_response_interval ", " "]);
    let key = "mcast_startup_query_intvl";
    of.num(BrAttr::McastStartupQueryIntvl, key, ["mcast_startup_query_interval ", " "]);
    of.num(BrAttr::McastStatsEnabled, "mcast_stats_enabled", ["mcast_stats_enabled ", " "]);
    of.num(BrAttr::McastIgmpVersion, "mcast_igmp_version", ["mcast_igmp_version ", " "]);
    of.num(BrAttr::McastMldVersion, "mcast_mld_version", ["mcast_mld_version ", " "]);
}

/// Who asks for members of groups: the bridge itself, or the one that it heard.
fn print_querier<'a>(of: &mut Settings<'_, 'a, BrAttr<'a>>) {
    let Some(state) = of.get(BrAttr::McastQuerierState) else { return };
    of.to.settings("mcast_querier_state_ipv4", state, |of| {
        of.querier(BridgeQuerierAttr::IpAddress, Kind::Inet, "mcast_querier_ipv4_addr");
        let key = "mcast_querier_ipv4_port";
        of.num(BridgeQuerierAttr::IpPort, key, ["mcast_querier_ipv4_port ", " "]);
        of.other_timer(BridgeQuerierAttr::IpOtherTimer, "mcast_querier_ipv4_other_timer");
    });
    of.to.settings("mcast_querier_state_ipv6", state, |of| {
        of.querier(BridgeQuerierAttr::Ipv6Address, Kind::Inet6, "mcast_querier_ipv6_addr");
        let key = "mcast_querier_ipv6_port";
        of.num(BridgeQuerierAttr::Ipv6Port, key, ["mcast_querier_ipv6_port ", " "]);
        of.other_timer(BridgeQuerierAttr::Ipv6OtherTimer, "mcast_querier_ipv6_other_timer");
    });
}

impl<'a> Settings<'_, 'a, BridgeQuerierAttr<'a>> {
    fn querier<T: Value<'a> + Into<Addr<'a>>>(
        &mut self,
        variant: impl FnOnce(T) -> BridgeQuerierAttr<'a>,
        color: Kind,
        key: &str,
    ) {
        let Some(address) = self.get(variant) else { return };
        let Printer { out, names, .. } = &mut self.to;
        out.text_value(["", " "], key);
        out.paint(color, |out| out.word(key, ["", " "], names.host(address)));
    }

    /// How long another one may still be silent. `ip` takes the kernel's hundredths of a second
    /// for nanoseconds.
    fn other_timer(&mut self, variant: impl FnOnce(u64) -> BridgeQuerierAttr<'a>, key: &str) {
        if let Some(ticks) = self.get(variant) {
            self.to.out.text_value(["", " "], key);
            self.to.out.word(key, ["", " "], Nanoseconds(ticks));
        }
    }
}

/// What bridges have as their ports.
impl<'a, A: Attribute<'a>> Settings<'_, 'a, A> {
    /// The id of a bridge: priority, and an address without leading zeros.
    pub(super) fn bridge_id(
        &mut self,
        variant: impl FnOnce(IflaBridgeId) -> A,
        key: &str,
        before: &str,
    ) {
        if let Some(id) = self.get(variant) {
            let prio = id.prio.get();
            let [a, b, c, d, e, f] = id.addr;
            let text = [before, " "];
            // In the call itself: Rust 1.85 does not keep it alive in a variable.
            self.to.out.word(
                key,
                text,
                format_args!("{prio:04x}.{a:x}:{b:x}:{c:x}:{d:x}:{e:x}:{f:x}"),
            );
        }
    }

    /// What is left on a timer, in hundredths of a second.
    pub(super) fn timer(&mut self, variant: impl FnOnce(u64) -> A, key: &str) {
        if let Some(ticks) = self.get(variant) {
            let (seconds, rest) = (ticks / 100, ticks % 100);
            self.to.out.json_num(key, format_args!("{seconds}.{rest:02}"));
            self.to.out.text_value([key, " "], format_args!(" {seconds:4}.{rest:02}"));
        }
    }
}
