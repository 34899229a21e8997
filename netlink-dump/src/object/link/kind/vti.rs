//! IPsec tunnels with keys: vti and vti6.

use netlink_wire::link::VtiAttr;

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, VtiAttr<'a>>) {
    let remote = of.get(VtiAttr::Remote);
    of.print_end("remote", "remote ", remote);
    let local = of.get(VtiAttr::Local);
    of.print_end("local", "local ", local);
    of.link(VtiAttr::Link, "link", ["dev ", " "]);
    if let Some(key) = of.get(VtiAttr::IKey).filter(|key| key.get() != 0) {
        of.print_key("ikey", "ikey ", key);
    }
    if let Some(key) = of.get(VtiAttr::OKey).filter(|key| key.get() != 0) {
        of.print_key("okey", "okey ", key);
    }
    of.hex_set(VtiAttr::FwMark, "fwmark", ["fwmark ", " "]);
}
