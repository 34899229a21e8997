//! IP over InfiniBand.

use netlink_wire::link::IpoibAttr;

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, IpoibAttr<'a>>) {
    if let Some(key) = of.get(IpoibAttr::Pkey) {
        of.to.out.word("key", ["pkey ", " "], format_args!("{key:#06x}"));
    }
    if let Some(mode) = of.get(IpoibAttr::Mode) {
        of.to.out.word("mode", ["mode ", " "], mode.word().unwrap_or("unknown"));
    }
    if let Some(umcast) = of.get(IpoibAttr::Umcast) {
        of.to.out.word("umcast", ["umcast ", " "], format_args!("{umcast:04x}"));
    }
}
