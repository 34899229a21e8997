//! Ports of bonds.

use netlink_wire::link::{AdChurn, BondSlaveAttr, LacpState};

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, BondSlaveAttr<'a>>) {
    if let Some(state) = of.get(BondSlaveAttr::State) {
        match state.word() {
            Some(word) => of.to.out.word("state", ["state ", " "], word),
            None => of.to.out.num("state_index", ["state ", " "], state.0),
        }
    }
    if let Some(status) = of.get(BondSlaveAttr::MiiStatus) {
        match status.word() {
            Some(word) => of.to.out.word("mii_status", ["mii_status ", " "], word),
            None => of.to.out.num("mii_status_index", ["mii_status ", " "], status.0),
        }
    }
    let key = "link_failure_count";
    of.num(BondSlaveAttr::LinkFailureCount, key, ["link_failure_count ", " "]);
    of.word(BondSlaveAttr::PermHwAddr, "perm_hwaddr", ["perm_hwaddr ", " "]);
    of.num(BondSlaveAttr::QueueId, "queue_id", ["queue_id ", " "]);
    of.num(BondSlaveAttr::Prio, "prio", ["prio ", " "]);
    of.num(BondSlaveAttr::AdAggregatorId, "ad_aggregator_id", ["ad_aggregator_id ", " "]);
    if let Some(state) = of.get(BondSlaveAttr::AdActorOperPortState) {
        let keys = ["ad_actor_oper_port_state", "ad_actor_oper_port_state_str"];
        print_state(of, keys, state.0.into());
    }
    if let Some(state) = of.get(BondSlaveAttr::AdPartnerOperPortState) {
        let keys = ["ad_partner_oper_port_state", "ad_partner_oper_port_state_str"];
        print_state(of, keys, state);
    }
    if let Some(state) = of.get(BondSlaveAttr::AdChurnActorState) {
        print_churn(of, "churn_actor_state", "churn_actor_state ", state);
    }
    if let Some(state) = of.get(BondSlaveAttr::AdChurnPartnerState) {
        print_churn(of, "churn_partner_state", "churn_partner_state ", state);
    }
    of.num(BondSlaveAttr::ActorPortPrio, "actor_port_prio", ["actor_port_prio ", " "]);
}

/// The state of LACP, as a number and in words.
fn print_state<'a>(
    of: &mut Settings<'_, 'a, BondSlaveAttr<'a>>,
    [key, words_key]: [&str; 2],
    state: u16,
) {
    const ALL: [(LacpState, &str); 8] = [
        (LacpState::LACP_ACTIVITY, "active"),
        (LacpState::LACP_TIMEOUT, "short_timeout"),
        (LacpState::AGGREGATION, "aggregating"),
        (LacpState::SYNCHRONIZATION, "in_sync"),
        (LacpState::COLLECTING, "collecting"),
        (LacpState::DISTRIBUTING, "distributing"),
        (LacpState::DEFAULTED, "defaulted"),
        (LacpState::EXPIRED, "expired"),
    ];
    let out = &mut *of.to.out;
    out.text(key);
    out.num(key, [" ", " "], state);
    out.text(words_key);
    out.array(words_key, |out| {
        out.text(" <");
        let mut comma = "";
        for (_, word) in ALL.iter().filter(|(bit, _)| state & u16::from(bit.0) != 0) {
            out.item([comma, ""], *word);
            comma = ",";
        }
        out.text("> ");
    });
}

/// Whether LACP finds no agreement.
fn print_churn<'a>(
    of: &mut Settings<'_, 'a, BondSlaveAttr<'a>>,
    key: &str,
    before: &str,
    state: AdChurn,
) {
    match state {
        AdChurn::CHURN_MONITOR => of.to.out.word(key, [before, " "], "MONITOR"),
        AdChurn::CHURN => of.to.out.word(key, [before, " "], "CHURN"),
        AdChurn::NO_CHURN => of.to.out.word(key, [before, " "], "NO_CHURN"),
        other => of.to.out.num(key, [before, " "], other.0),
    }
}
