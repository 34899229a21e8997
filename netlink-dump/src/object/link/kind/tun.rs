//! Links whose packets a program reads and writes.

use netlink_wire::link::{TunAttr, TunType};

use super::Settings;
use crate::names::Account;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, TunAttr<'a>>) {
    match of.get(TunAttr::Type) {
        Some(TunType::TUN) => of.to.out.word("type", ["type ", " "], "tun"),
        Some(TunType::TAP) => of.to.out.word("type", ["type ", " "], "tap"),
        Some(_) => of.to.out.word("type", ["type ", " "], "UNKNOWN"),
        None => {}
    }
    of.on_off(TunAttr::Pi, "pi", "pi");
    of.on_off(TunAttr::VnetHdr, "vnet_hdr", "vnet_hdr");
    if let Some(has_queues) = of.get(TunAttr::MultiQueue).map(|has| has != 0) {
        of.to.out.truth("multi_queue", if has_queues { "multi_queue " } else { "" }, has_queues);
        if has_queues {
            of.num(TunAttr::NumQueues, "numqueues", ["numqueues ", " "]);
            of.num(TunAttr::NumDisabledQueues, "numdisabled", ["numdisabled ", " "]);
        }
    }
    of.on_off(TunAttr::Persist, "persist", "persist");
    of.account(TunAttr::Owner, Account::User, "user", ["user ", " "]);
    of.account(TunAttr::Group, Account::Group, "group", ["group ", " "]);
}

impl<'a> Settings<'_, 'a, TunAttr<'a>> {
    /// A user or a group: by name, or else by number.
    fn account(
        &mut self,
        variant: impl FnOnce(u32) -> TunAttr<'a>,
        account: Account,
        key: &str,
        text: [&str; 2],
    ) {
        let Some(id) = self.get(variant) else { return };
        match self.to.names.account(account, id) {
            Some(name) => self.to.out.word(key, text, name),
            None => self.to.out.num(key, text, id),
        }
    }
}
