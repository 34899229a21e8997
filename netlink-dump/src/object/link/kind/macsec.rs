//! Encryption on the wire.

use netlink_wire::link::{MacsecAttr, MacsecCipherId};

use super::Settings;

pub(super) fn print<'a>(of: &mut Settings<'_, 'a, MacsecAttr<'a>>) {
    if let Some(id) = of.get(MacsecAttr::Sci) {
        of.to.out.word("sci", ["sci ", " "], format_args!("{:016x}", id.get()));
    }
    of.on_off(MacsecAttr::Protect, "protect", "protect");
    if let Some(suite) = of.get(MacsecAttr::CipherSuite) {
        let name = match suite {
            MacsecCipherId::DEFAULT_CIPHER_ID | MacsecCipherId::CIPHER_ID_GCM_AES_128 => {
                "GCM-AES-128"
            }
            suite => suite.word().unwrap_or("(unknown)"),
        };
        of.to.out.word("cipher_suite", ["cipher ", " "], name);
    }
    of.num(MacsecAttr::IcvLen, "icv_len", ["icvlen ", " "]);
    of.num(MacsecAttr::EncodingSa, "encoding_sa", ["encodingsa ", " "]);
    if let Some(validation) = of.get(MacsecAttr::Validation) {
        let word = validation.word().unwrap_or("(unknown)");
        of.to.out.word("validation", ["validate ", " "], word);
    }
    if let Some(offload) = of.get(MacsecAttr::Offload) {
        let word = offload.word().unwrap_or("(unknown)");
        of.to.out.word("offload", ["offload ", " "], word);
    }
    of.on_off(MacsecAttr::Encrypt, "encrypt", "encrypt");
    of.on_off(MacsecAttr::IncSci, "inc_sci", "send_sci");
    of.on_off(MacsecAttr::Es, "es", "end_station");
    of.on_off(MacsecAttr::Scb, "scb", "scb");
    of.on_off(MacsecAttr::ReplayProtect, "replay_protect", "replay");
    of.num(MacsecAttr::Window, "window", ["window ", " "]);
}
