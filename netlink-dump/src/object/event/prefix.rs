//! Prefixes that routers advertise.

use netlink_wire::prefix::{AdvertisedPrefix, PrefixAttr, PrefixCacheInfo};

use crate::{object::link::Printer, palette::Kind};

/// Prints all but the end of the line.
pub(super) fn print(prefix: &AdvertisedPrefix<'_>, to: &mut Printer<'_>) {
    let Printer { out, names, faults, .. } = to;
    if let Some(address) = faults.read(prefix.get(PrefixAttr::Address)) {
        out.text("prefix ");
        out.paint(Kind::Inet6, |out| out.word("prefix", ["", ""], names.host(address)));
        out.num("prefixlen", ["/", " "], prefix.header.len);
    }
    out.text("dev ");
    let name = names.link(prefix.header.ifindex as u32);
    out.paint(Kind::Link, |out| out.word("dev", ["", " "], name));
    for (is_set, key, text) in [
        (prefix.header.flags.is_onlink(), "onlink", "onlink "),
        (prefix.header.flags.is_autoconf(), "autoconf", "autoconf "),
    ] {
        if is_set {
            out.truth(key, text, true);
        }
    }
    if let Some(info) = faults.read(prefix.get(PrefixAttr::CacheInfo)) {
        let PrefixCacheInfo { valid_time, preferred_time } = info;
        out.num("valid", ["valid ", " "], valid_time);
        out.num("preferred", ["preferred ", " "], preferred_time);
    }
}
