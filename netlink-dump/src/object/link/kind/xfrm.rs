//! IPsec tunnels with an id.

use netlink_wire::link::XfrmAttr;

use super::Settings;
use crate::text::Hex;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, XfrmAttr<'a>>) {
    if of.get(XfrmAttr::CollectMetadata).is_some() {
        return of.mark(true, "external", "external ");
    }
    if let Some(id) = of.get(XfrmAttr::IfId) {
        of.to.out.word("if_id", ["if_id ", " "], Hex(id));
    }
}
