//! Encryption on the wire, IEEE 802.1AE: kind `macsec`.
//!
//! Source: `include/uapi/linux/if_link.h` and `if_macsec.h`, as of Linux 7.2.

use crate::scalar::Be;

constants! {
    /// What becomes of packets that fail the check: `MACSEC_VALIDATE_*`.
    pub struct MacsecValidate(u8) in "MACSEC_VALIDATE_" {
        /// There is no check.
        DISABLED = 0, "disabled";
        /// They are counted, and passed if they are not encrypted.
        CHECK = 1, "check";
        /// They are dropped.
        STRICT = 2, "strict";
    }
}

constants! {
    /// Who encrypts: `MACSEC_OFFLOAD_*`.
    pub struct MacsecOffload(u8) in "MACSEC_OFFLOAD_" {
        /// The kernel.
        OFF = 0, "off";
        /// The transceiver.
        PHY = 1, "phy";
        /// The network card. Since Linux 5.7.
        MAC = 2, "mac";
    }
}

constants! {
    /// Cipher: `MACSEC_CIPHER_ID_*` and `MACSEC_DEFAULT_CIPHER_ID`.
    pub struct MacsecCipherId(u64) in "MACSEC_" {
        /// What the kernel sends for [`Self::CIPHER_ID_GCM_AES_128`].
        DEFAULT_CIPHER_ID = 0x0080020001000001, "GCM-AES-128";
        /// AES in Galois/counter mode, with keys of 128 bits.
        CIPHER_ID_GCM_AES_128 = 0x0080c20001000001, "gcm-aes-128";
        /// With keys of 256 bits.
        CIPHER_ID_GCM_AES_256 = 0x0080c20001000002, "GCM-AES-256";
        /// With keys of 128 bits and packet numbers of 64 bits. Since Linux 5.7.
        CIPHER_ID_GCM_AES_XPN_128 = 0x0080c20001000003, "GCM-AES-XPN-128";
        /// With keys of 256 bits and packet numbers of 64 bits. Since Linux 5.7.
        CIPHER_ID_GCM_AES_XPN_256 = 0x0080c20001000004, "GCM-AES-XPN-256";
    }
}

attributes! {
    /// An attribute of [`InfoData::Macsec`](crate::link::InfoData::Macsec).
    pub enum MacsecAttr<'a> in "linkinfo-macsec-attrs" {
        /// Secure channel: MAC address and port number.
        IFLA_MACSEC_SCI = 1 => Sci(Be<u64>),
        /// Port number of the secure channel, the MAC address of which is the link's.
        IFLA_MACSEC_PORT = 2 => Port(Be<u16>),
        /// Length of the check value of each packet, 8 to 16 bytes.
        IFLA_MACSEC_ICV_LEN = 3 => IcvLen(u8),
        /// Cipher.
        IFLA_MACSEC_CIPHER_SUITE = 4 => CipherSuite(MacsecCipherId),
        /// How far behind a packet may come, in packets; sent under
        /// [`ReplayProtect`](Self::ReplayProtect).
        IFLA_MACSEC_WINDOW = 5 => Window(u32),
        /// Number of the association whose key is used, 0 to 3.
        IFLA_MACSEC_ENCODING_SA = 6 => EncodingSa(u8),
        /// 1 if packets are encrypted, 0 if only authenticated.
        IFLA_MACSEC_ENCRYPT = 7 => Encrypt(u8),
        /// 1 if packets are protected at all.
        IFLA_MACSEC_PROTECT = 8 => Protect(u8),
        /// 1 if packets carry the secure channel.
        IFLA_MACSEC_INC_SCI = 9 => IncSci(u8),
        /// 1 if packets carry the end station bit.
        IFLA_MACSEC_ES = 10 => Es(u8),
        /// 1 if packets carry the single copy broadcast bit.
        IFLA_MACSEC_SCB = 11 => Scb(u8),
        /// 1 if packets that come again are dropped.
        IFLA_MACSEC_REPLAY_PROTECT = 12 => ReplayProtect(u8),
        /// What becomes of packets that fail the check.
        IFLA_MACSEC_VALIDATION = 13 => Validation(MacsecValidate),
        /// Padding.
        IFLA_MACSEC_PAD = 14 => Pad(&'a [u8]),
        /// Who encrypts. Since Linux 5.7.
        IFLA_MACSEC_OFFLOAD = 15 => Offload(MacsecOffload),
    }
}
