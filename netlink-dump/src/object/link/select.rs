//! Which links are shown, and which of their addresses. Both objects take the same words.

use netlink_wire::{
    Addr, NlmFlags, Rtm, Str,
    addr::{AddrAttr, Address, IfaFlags},
    link::{IfInfoMsg, Iff, InfoAttr, Link, LinkAttr, RtextFilter},
};

use super::{Row, pattern};
use crate::{
    args::{Args, Family},
    failure::{Failure, Faults},
    help::Help,
    names::{File, Names},
    selector::{Prefix, Word, Words},
};

pub(in crate::object) const HELP: Help = Help {
    about: "links: what sends and receives packets",
    usage: &["link [show] [WORDS]"],
    words: &[
        ("[dev] DEV", "the link of this name or alternative name"),
        ("up|down", "links that are switched on, or off"),
        ("master DEV", "ports of a bridge, bond, .."),
        ("nomaster", "links that are no port"),
        ("vrf DEV", "ports of a VRF"),
        ("type KIND", "links of a kind; of a kind of master: KIND_slave"),
        ("group GROUP", "links of a group, or of that number"),
        ("novf", "do not ask for virtual functions"),
    ],
    notes: "",
};

/// Which links are shown, and which of their addresses.
#[derive(Default)]
pub(crate) struct Select {
    pub(crate) device: Option<Word>,
    /// Index of that link, once it is known.
    pub(crate) index: Option<u32>,
    up: bool,
    down: bool,
    /// Index; 0 for links that have none.
    master: Option<u32>,
    kind: Option<Word>,
    group: Option<u32>,
    no_vfs: bool,
    /// Family of the addresses.
    pub(crate) family: Family,
    to: Option<Prefix>,
    scope: Option<u8>,
    pub(crate) label: Option<Word>,
    proto: Option<u8>,
    /// Flags that count, and those of them that are wanted.
    flag_mask: IfaFlags,
    flags: IfaFlags,
}

impl Select {
    /// Reads the words after the command.
    pub(crate) fn read(
        words: &mut Words,
        family: Family,
        names: &mut Names,
        help: &Help,
    ) -> Result<Self, Failure> {
        let mut select = Self { family, ..Self::default() };
        while let Some(word) = words.next() {
            select.take(word, words, names, help)?;
        }
        Ok(select)
    }

    fn take(
        &mut self,
        word: Word,
        words: &mut Words,
        names: &mut Names,
        help: &Help,
    ) -> Result<(), Failure> {
        if let Some((flag, wanted)) = flag(&word) {
            self.flag_mask |= flag;
            self.flags = self.flags.without(flag);
            if wanted {
                self.flags |= flag;
            }
        } else if word.is("up") {
            self.up = true;
        } else if word.is("down") {
            self.down = true;
        } else if word.is("to") {
            let to = words.value()?.prefix(self.family)?;
            if self.family == Family::UNSPEC {
                self.family = to.family;
            }
            self.to = Some(to);
        } else if word.is("scope") {
            let word = words.value()?;
            self.scope = match word.is("all") {
                true => None,
                false => Some(
                    byte(word.named(names, File::Scopes, "invalid \"scope\"")?)
                        .ok_or_else(|| word.wrong("invalid \"scope\""))?,
                ),
            };
        } else if word.is("label") {
            self.label = Some(words.value()?);
        } else if word.is("proto") {
            let (word, why) = (words.value()?, "\"proto\" value is invalid");
            let proto = word.named(names, File::AddrProtocols, why)?;
            self.proto = Some(byte(proto).ok_or_else(|| word.wrong(why))?);
        } else if word.is("group") {
            let word = words.value()?;
            self.group = Some(word.named(names, File::Groups, "Invalid \"group\" value")?);
        } else if word.is("master") {
            let word = words.value()?;
            let master = names.link_index(word.as_bytes());
            self.master = Some(master.ok_or_else(|| word.wrong("Device does not exist"))?);
        } else if word.is("vrf") {
            let word = words.value()?;
            let vrf = names.vrf_index(word.as_bytes());
            self.master = Some(vrf.ok_or_else(|| word.wrong("Not a valid VRF name"))?);
        } else if word.is("nomaster") {
            self.master = Some(0);
        } else if word.is("type") {
            self.kind = Some(words.value()?);
        } else if word.is("novf") {
            self.no_vfs = true;
        } else {
            let word = if word.is("dev") {
                words.value()?
            } else if word.begins("help") {
                return Err(Failure::usage(help));
            } else {
                word
            };
            if self.device.is_some() {
                return Err(word.garbage("dev"));
            }
            self.device = Some(word);
        }
        Ok(())
    }

    /// Whether a link is wanted by its index: as `ip` does, where it has to be of a group as well.
    pub(crate) fn wants_index(&self) -> bool {
        self.device.is_some() && self.group.is_some()
    }

    /// Asks for these links as a family sees them: for the one, or for all that may be shown.
    pub(crate) fn request<'b>(
        &self,
        buf: &'b mut [u8],
        family: Family,
        args: &Args,
    ) -> netlink_wire::Result<&'b mut [u8]> {
        let mut mask = RtextFilter(0);
        // The kernel is long about functions: they are asked for where they are shown.
        let shows_vfs = (family == Family::PACKET || args.details > 0) && !args.brief;
        if shows_vfs && !self.no_vfs {
            mask |= RtextFilter::VF;
        }
        if args.statistics == 0 {
            mask |= RtextFilter::SKIP_STATS;
        }
        if let Some(index) = self.index {
            let header = IfInfoMsg { index: index as i32, ..IfInfoMsg::default() };
            let mut request = Link::writer(buf, Rtm::GETLINK, NlmFlags::REQUEST, &header);
            return request.push(LinkAttr::ExtMask(mask)).finish();
        }
        if let Some(name) = self.device.as_ref().map(Word::as_bytes) {
            let header = IfInfoMsg::default();
            let mut request = Link::writer(buf, Rtm::GETLINK, NlmFlags::REQUEST, &header);
            // The first takes alternative names as well, but none of this length.
            let attr = if name.len() < 16 { LinkAttr::IfName } else { LinkAttr::AltIfName };
            return request.push(attr(Str::exact(name))).push(LinkAttr::ExtMask(mask)).finish();
        }
        let header = IfInfoMsg { family: family.0, ..IfInfoMsg::default() };
        let mut request = Link::writer(buf, Rtm::GETLINK, NlmFlags::DUMP, &header);
        // Other families take no attributes.
        if matches!(family, Family::UNSPEC | Family::PACKET) {
            request.push(LinkAttr::ExtMask(mask));
            if let Some(master) = self.master {
                request.push(LinkAttr::Master(if master == 0 { u32::MAX } else { master }));
            }
            if let Some(Wanted::Kind(kind)) = self.wanted_kind() {
                request.nest(LinkAttr::LinkInfo, |info| {
                    info.push(InfoAttr::Kind(Str::exact(kind)));
                });
            }
        }
        request.finish()
    }

    fn wanted_kind(&self) -> Option<Wanted<'_>> {
        let word = self.kind.as_ref()?.as_bytes();
        Some(word.strip_suffix(b"_slave").map_or(Wanted::Kind(word), Wanted::SlaveKind))
    }

    /// Whether the link is one of these. An older kernel hands out others as well. Which links are
    /// no port is left to the kernel, as `ip` does.
    pub(crate) fn has_link(&self, row: &Row<'_>, faults: &mut Faults) -> bool {
        let mastered = match self.master {
            None | Some(0) => true,
            wanted => wanted == row.master,
        };
        self.has_switch(row) && self.has_group(row) && mastered && self.has_kind(row, faults)
    }

    /// Whether the link is on, or off, if that counts.
    pub(crate) fn has_switch(&self, row: &Row<'_>) -> bool {
        let is_up = row.header.flags.contains(Iff::UP);
        !(self.up && !is_up || self.down && is_up)
    }

    /// Whether the link is of the group that is wanted, or does not tell.
    pub(crate) fn has_group(&self, row: &Row<'_>) -> bool {
        match (self.group, row.group) {
            (Some(wanted), Some(group)) => wanted == group,
            _ => true,
        }
    }

    fn has_kind(&self, row: &Row<'_>, faults: &mut Faults) -> bool {
        let Some(wanted) = self.wanted_kind() else { return true };
        let Some(info) = row.info else { return false };
        let (found, wanted) = match wanted {
            Wanted::Kind(kind) => (faults.read(info.get(InfoAttr::Kind)), kind),
            Wanted::SlaveKind(kind) => (faults.read(info.get(InfoAttr::SlaveKind)), kind),
        };
        found.is_some_and(|found| found.as_bytes() == wanted)
    }

    /// Whether all addresses will do, whoever set them.
    pub(crate) fn has_all_addresses(&self) -> bool {
        let Self { to, scope, label, flag_mask, .. } = self;
        to.is_none() && scope.is_none() && label.is_none() && flag_mask.is_empty()
    }

    /// Whether an address is one of these, whoever set it.
    pub(crate) fn has_address(&self, address: &AddressFacts<'_>, names: &mut Names) -> bool {
        let &AddressFacts { index, scope, flags, local, label } = address;
        let in_prefix = || match (&self.to, local) {
            (Some(to), Some(Addr::Ipv4(ip))) => to.contains(&ip.octets()),
            (Some(to), Some(Addr::Ipv6(ip))) => to.contains(&ip.octets()),
            (Some(to), Some(Addr::Other(bytes))) => to.contains(bytes),
            _ => true,
        };
        let mut labelled = || match (&self.label, label) {
            (Some(pattern), Some(label)) => pattern::matches(pattern.as_bytes(), label),
            (Some(pattern), None) => pattern::matches(pattern.as_bytes(), names.link(index)),
            (None, _) => true,
        };
        self.scope.is_none_or(|wanted| wanted == scope)
            && flags & self.flag_mask == self.flags
            && in_prefix()
            && labelled()
    }

    /// Whether an address that is one of these was set by who is wanted, or does not tell. As
    /// with `ip`, its link is shown in any case.
    pub(crate) fn has_protocol_of(&self, address: &Address<'_>, faults: &mut Faults) -> bool {
        let Some(wanted) = self.proto else { return true };
        faults.read(address.get(AddrAttr::Proto)).is_none_or(|proto| proto.0 == wanted)
    }
}

/// What kind of link is wanted.
enum Wanted<'a> {
    Kind(&'a [u8]),
    /// Ports of a master of this kind.
    SlaveKind(&'a [u8]),
}

/// What of an address counts when addresses are selected.
pub(crate) struct AddressFacts<'a> {
    pub(crate) index: u32,
    pub(crate) scope: u8,
    pub(crate) flags: IfaFlags,
    pub(crate) local: Option<Addr<'a>>,
    pub(crate) label: Option<&'a [u8]>,
}

fn byte(number: u32) -> Option<u8> {
    number.try_into().ok()
}

/// The flag that the word is about, and whether it is wanted.
fn flag(word: &Word) -> Option<(IfaFlags, bool)> {
    let (word, wanted) = match word.as_bytes() {
        [b'-', word @ ..] => (word, false),
        word => (word, true),
    };
    let (flag, set) = match word {
        b"secondary" | b"temporary" => (IfaFlags::SECONDARY, true),
        b"primary" => (IfaFlags::SECONDARY, false),
        b"nodad" => (IfaFlags::NODAD, true),
        b"optimistic" => (IfaFlags::OPTIMISTIC, true),
        b"dadfailed" => (IfaFlags::DADFAILED, true),
        b"home" => (IfaFlags::HOMEADDRESS, true),
        b"deprecated" => (IfaFlags::DEPRECATED, true),
        b"tentative" => (IfaFlags::TENTATIVE, true),
        b"permanent" => (IfaFlags::PERMANENT, true),
        b"dynamic" => (IfaFlags::PERMANENT, false),
        b"mngtmpaddr" => (IfaFlags::MANAGETEMPADDR, true),
        b"noprefixroute" => (IfaFlags::NOPREFIXROUTE, true),
        b"autojoin" => (IfaFlags::MCAUTOJOIN, true),
        b"stable-privacy" => (IfaFlags::STABLE_PRIVACY, true),
        _ => return None,
    };
    Some((flag, set == wanted))
}
