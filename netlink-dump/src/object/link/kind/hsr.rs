//! Every packet over two networks: HSR and PRP.

use netlink_wire::link::HsrAttr;

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, HsrAttr<'a>>) {
    of.port(HsrAttr::Slave1, "slave1", "slave1 ");
    of.port(HsrAttr::Slave2, "slave2", "slave2 ");
    of.link(HsrAttr::Interlink, "interlink", ["interlink ", " "]);
    of.num(HsrAttr::SeqNr, "seq_nr", ["sequence ", " "]);
    of.word(HsrAttr::SupervisionAddr, "supervision_addr", ["supervision ", " "]);
    if let Some(protocol) = of.get(HsrAttr::Protocol) {
        of.to.out.num("proto", ["proto ", " "], protocol.0);
    }
    of.num(HsrAttr::Version, "version", ["version ", " "]);
}

impl<'a> Settings<'_, 'a, HsrAttr<'a>> {
    fn port(&mut self, variant: impl FnOnce(u32) -> HsrAttr<'a>, key: &str, before: &str) {
        match self.get(variant) {
            Some(index) => self.to.out.word(key, [before, " "], self.to.names.link(index)),
            None => {
                self.to.out.text(before);
                self.to.out.mark(key, "<none> ");
            }
        }
    }
}
