//! Links that share another link with a MAC address of their own: macvlan and macvtap.

use netlink_wire::link::{MacvlanAttr, MacvlanFlags, MacvlanMode};

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, MacvlanAttr<'a>>) {
    let mode = of.get(MacvlanAttr::Mode);
    if let Some(mode) = mode {
        of.to.out.word("mode", ["mode ", " "], mode.word().unwrap_or("unknown"));
    }
    let flags = of.get(MacvlanAttr::Flags).unwrap_or_default();
    of.mark(flags.contains(MacvlanFlags::NOPROMISC), "nopromisc", "nopromisc ");
    of.mark(flags.contains(MacvlanFlags::NODST), "nodst", "nodst ");
    of.num(MacvlanAttr::BcQueueLen, "bcqueuelen", ["bcqueuelen ", " "]);
    of.num(MacvlanAttr::BcQueueLenUsed, "usedbcqueuelen", ["usedbcqueuelen ", " "]);
    of.num(MacvlanAttr::BcCutoff, "bclim", ["bclim ", " "]);
    if mode != Some(MacvlanMode::SOURCE) {
        return;
    }
    of.num(MacvlanAttr::MacAddrCount, "macaddr_count", ["remotes (", ") "]);
    if let Some(addresses) = of.get(MacvlanAttr::MacAddrData) {
        let faults = &mut *of.to.faults;
        of.to.out.array("macaddr_data", |out| {
            for address in addresses.all(MacvlanAttr::MacAddr) {
                match address {
                    Ok(address) => out.item(["", " "], address),
                    Err(error) => faults.note(error),
                }
            }
        });
    }
}
