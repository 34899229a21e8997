//! Pairs whose packets BPF programs handle.

use netlink_wire::link::NetkitAttr;

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, NetkitAttr<'a>>) {
    if let Some(mode) = of.get(NetkitAttr::Mode) {
        of.to.out.word("mode", ["mode ", " "], mode.word().unwrap_or("unknown"));
    }
    if let Some(is_primary) = of.get(NetkitAttr::Primary).map(|is| is != 0) {
        let kind = if is_primary { "primary" } else { "peer" };
        of.to.out.word("type", ["type ", " "], kind);
    }
    if let Some(policy) = of.get(NetkitAttr::Policy) {
        of.to.out.word("policy", ["policy ", " "], policy.word().unwrap_or("unknown"));
    }
    if let Some(policy) = of.get(NetkitAttr::PeerPolicy) {
        of.to.out.word("peer_policy", ["peer policy ", " "], policy.word().unwrap_or("unknown"));
    }
    if let Some(scrub) = of.get(NetkitAttr::Scrub) {
        of.to.out.word("scrub", ["scrub ", " "], scrub.word().unwrap_or("unknown"));
    }
    if let Some(scrub) = of.get(NetkitAttr::PeerScrub) {
        of.to.out.word("peer_scrub", ["peer scrub ", " "], scrub.word().unwrap_or("unknown"));
    }
}
