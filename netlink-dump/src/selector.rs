//! The words after the object: a command, keywords that may be shortened, and
//! their values. What is not understood is refused in the words of `ip`.

#![allow(dead_code, reason = "not all objects select yet")]

use std::{
    ffi::{OsStr, OsString},
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    os::unix::ffi::OsStrExt,
};

use netlink_wire::Addr;

use crate::{
    args::Family,
    failure::Failure,
    help::Help,
    names::{File, Names},
};

/// The words after the object, one after the other.
#[derive(Debug)]
pub(crate) struct Words {
    words: std::vec::IntoIter<OsString>,
}

impl Words {
    pub(crate) fn new(words: impl Into<Vec<OsString>>) -> Self {
        Self { words: words.into().into_iter() }
    }

    /// The command that the first word is a beginning of: the first such in the
    /// order given, which is the one in which `ip` tries them. Without a word it
    /// is `show`, which `list` and `lst` mean as well. `help` shows `help`.
    pub(crate) fn command(
        &mut self,
        object: &str,
        help: &Help,
        commands: &[&'static str],
    ) -> Result<&'static str, Failure> {
        let Some(word) = self.next() else { return Ok("show") };
        let means = |command: &&&str| match **command {
            // `s` is short for `set` there.
            "show" if object == "link" && word.is("s") => false,
            "show" => ["show", "list", "lst", "ls"].iter().any(|show| word.begins(show)),
            command => word.begins(command),
        };
        match commands.iter().find(means) {
            Some(command) => Ok(command),
            None if word.begins("help") => Err(Failure::usage(help)),
            None => Err(Failure::new(
                Failure::USAGE,
                format_args!("Command \"{word}\" is unknown, try \"netlink-dump {object} help\"."),
            )),
        }
    }

    /// The next word, if there is one.
    pub(crate) fn next(&mut self) -> Option<Word> {
        self.words.next().map(Word)
    }

    /// The word that has to follow: the value of a keyword.
    pub(crate) fn value(&mut self) -> Result<Word, Failure> {
        self.next().ok_or_else(|| {
            Failure::new(Failure::USAGE, "Command line is not complete. Try option \"help\"")
        })
    }

    /// Whether there is no word left.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.as_slice().is_empty()
    }
}

/// Whether a word asks for JSON, as an option that stands after the object.
pub(crate) fn is_json(word: &OsStr) -> bool {
    ["-j", "-json", "--json"].iter().any(|json| word == *json)
}

/// One word of the command line.
#[derive(Clone, Debug)]
pub(crate) struct Word(OsString);

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.to_string_lossy().fmt(f)
    }
}

impl From<&str> for Word {
    fn from(word: &str) -> Self {
        Self(word.into())
    }
}

impl Word {
    /// Whether it is this keyword in full.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.as_bytes() == keyword.as_bytes()
    }

    /// Whether it is a beginning of this keyword, or all of it. In `ip` some
    /// keywords may be shortened and others not: the objects follow it in that.
    pub(crate) fn begins(&self, keyword: &str) -> bool {
        !self.0.is_empty() && keyword.as_bytes().starts_with(self.as_bytes())
    }

    /// Whether it asks for JSON, as an option that stands after the object.
    pub(crate) fn is_json(&self) -> bool {
        is_json(&self.0)
    }

    /// As it stands on the command line: names of links need not be UTF-8.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The word as the name of a file.
    pub(crate) fn to_path(&self) -> &std::path::Path {
        self.0.as_ref()
    }

    /// The word, if it is UTF-8.
    pub(crate) fn to_str(&self) -> Option<&str> {
        self.0.to_str()
    }

    // Refusals.

    /// The value cannot be.
    pub(crate) fn wrong(&self, why: impl fmt::Display) -> Failure {
        Failure::new(Failure::USAGE, format_args!("Error: argument \"{self}\" is wrong: {why}"))
    }

    /// The keyword had a value already: this is the second.
    pub(crate) fn second(&self, keyword: &str) -> Failure {
        Failure::new(
            Failure::USAGE,
            format_args!("Error: duplicate \"{keyword}\": \"{self}\" is the second value."),
        )
    }

    /// Neither a keyword, nor a second value of one that may be left out.
    pub(crate) fn garbage(&self, keyword: &str) -> Failure {
        Failure::new(
            Failure::USAGE,
            format_args!("Error: either \"{keyword}\" is duplicate, or \"{self}\" is garbage."),
        )
    }

    // Values.

    /// What stands before a separator, and what after it if there is one.
    pub(crate) fn split(&self, separator: char) -> (Word, Option<Word>) {
        match self.to_str().and_then(|word| word.split_once(separator)) {
            Some((before, after)) => (Self(before.into()), Some(Self(after.into()))),
            None => (self.clone(), None),
        }
    }

    /// A number: decimal, octal after `0`, or hex after `0x`. `why` tells what is
    /// wrong with one that is none, or too large.
    pub(crate) fn number<T: TryFrom<u64>>(&self, why: &str) -> Result<T, Failure> {
        self.to_str()
            .and_then(number)
            .and_then(|number| number.try_into().ok())
            .ok_or_else(|| self.wrong(why))
    }

    /// A decimal number, for which C's `atoi` takes what is none for 0.
    pub(crate) fn atoi(&self) -> i32 {
        self.to_str().and_then(|word| word.parse().ok()).unwrap_or(0)
    }

    /// A number, or the name that a file has for one.
    pub(crate) fn named(&self, names: &Names, file: File, why: &str) -> Result<u32, Failure> {
        let number = self.to_str().and_then(|name| names.number(file, name));
        number.ok_or_else(|| self.wrong(why))
    }

    /// A type of service, all eight bits of it: its name, or hex without `0x`.
    pub(crate) fn dsfield(&self, names: &Names, why: &str) -> Result<u8, Failure> {
        let known = |word| names.known(File::DsField, word)?.try_into().ok();
        let hex = |word: &str| {
            let word = word.strip_prefix("0x").unwrap_or(word);
            u8::from_str_radix(word, 16).ok()
        };
        self.to_str()
            .and_then(|word| known(word).or_else(|| hex(word)))
            .ok_or_else(|| self.wrong(why))
    }

    /// A DSCP: the name of the type of service that is four times as much, or a number.
    pub(crate) fn dscp(&self, names: &Names, why: &str) -> Result<u8, Failure> {
        let known = |word| {
            let tos = names.known(File::DsField, word).filter(|tos| tos & 3 == 0)?;
            u8::try_from(tos >> 2).ok()
        };
        let number = |word| u8::try_from(number(word)?).ok().filter(|&dscp| dscp < 64);
        self.to_str()
            .and_then(|word| known(word).or_else(|| number(word)))
            .ok_or_else(|| self.wrong(why))
    }

    /// A protocol above IP: a decimal number, or a name of `/etc/protocols`.
    pub(crate) fn ip_protocol(&self, names: &Names, why: &str) -> Result<u8, Failure> {
        let protocol = |word: &str| word.parse().ok().or_else(|| names.ip_protocol_number(word));
        self.to_str().and_then(protocol).ok_or_else(|| self.wrong(why))
    }

    /// What may be the name of a link.
    pub(crate) fn link_name(self, why: &str) -> Result<Self, Failure> {
        let is_letter = |byte: &u8| *byte != b'/' && !byte.is_ascii_whitespace();
        let is_name =
            matches!(self.as_bytes().len(), 1..16) && self.as_bytes().iter().all(is_letter);
        if is_name { Ok(self) } else { Err(self.wrong(why)) }
    }

    /// The index of the link that has this name, or this alternative name.
    pub(crate) fn link(&self, names: &mut Names) -> Result<u32, Failure> {
        names.link_index(self.as_bytes()).ok_or_else(|| {
            Failure::new(Failure::MISSING, format_args!("Cannot find device \"{self}\""))
        })
    }

    /// An address of this family; of any if that is [`Family::UNSPEC`].
    pub(crate) fn address(&self, family: Family) -> Result<Prefix, Failure> {
        self.to_str().and_then(|word| address(word, family)).ok_or_else(|| {
            let family = family.words();
            Failure::new(
                Failure::MISSING,
                format_args!("Error: {family} address is expected rather than \"{self}\"."),
            )
        })
    }

    /// A link-layer address of six octets.
    pub(crate) fn mac(&self) -> Option<[u8; 6]> {
        let octets = self.to_str()?.split(':').map(|octet| u8::from_str_radix(octet, 16).ok());
        octets.collect::<Option<Vec<_>>>()?.try_into().ok()
    }

    /// A prefix, or an address, which is the longest prefix of itself.
    pub(crate) fn prefix(&self, family: Family) -> Result<Prefix, Failure> {
        if family == Family::PACKET {
            let message = "may be inet prefix, but it is not allowed in this context.";
            return Err(Failure::new(
                Failure::MISSING,
                format_args!("Error: \"{self}\" {message}"),
            ));
        }
        self.to_str().and_then(|word| prefix(word, family)).ok_or_else(|| {
            let family = family.words();
            Failure::new(
                Failure::MISSING,
                format_args!("Error: {family} prefix is expected rather than \"{self}\"."),
            )
        })
    }
}

/// A prefix that something is to lie in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// The address's, or the one that was asked for where any will do.
    pub(crate) family: Family,
    /// The address as attributes carry it; nothing for `any` and `all`.
    pub(crate) bytes: Vec<u8>,
    /// Length in bits.
    pub(crate) len: u8,
    /// Whether the length was told: `10.0.0.1/32` rather than `10.0.0.1`.
    pub(crate) has_len: bool,
}

impl Prefix {
    /// The address as attributes carry it.
    pub(crate) fn addr(&self) -> Addr<'_> {
        Addr::new(&self.bytes)
    }

    /// Whether the address lies in the prefix. A prefix of no bits holds all.
    pub(crate) fn holds(&self, address: Addr<'_>) -> bool {
        match address {
            Addr::Ipv4(ip) => self.contains(&ip.octets()),
            Addr::Ipv6(ip) => self.contains(&ip.octets()),
            Addr::Other(bytes) => self.contains(bytes),
            _ => false,
        }
    }

    /// The same, of the bytes of an address.
    pub(crate) fn contains(&self, address: &[u8]) -> bool {
        if self.len == 0 {
            return true;
        }
        let (whole, rest) = (usize::from(self.len / 8), self.len % 8);
        let bits = |bytes: &[u8]| bytes.get(whole).map(|byte| byte >> (8 - rest));
        address.len() == self.bytes.len()
            && address.get(..whole) == self.bytes.get(..whole)
            && (rest == 0 || bits(address) == bits(&self.bytes))
    }
}

/// What C's `strtoul` reads, if that is all of the word.
fn number(word: &str) -> Option<u64> {
    match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None if word.len() > 1 && word.starts_with('0') => u64::from_str_radix(word, 8).ok(),
        None => word.parse().ok(),
    }
}

fn address(word: &str, family: Family) -> Option<Prefix> {
    let any = |bytes| Some(Prefix { family, bytes, len: 0, has_len: false });
    match word {
        "default" | "all" | "any" if family == Family::MPLS => return None,
        "default" => {
            let bytes = vec![0; usize::from(family.bits() / 8)];
            return Some(Prefix { has_len: true, ..any(bytes)? });
        }
        "all" | "any" => return any(Vec::new()),
        _ => {}
    }
    let (found, bytes) = if word.contains(':') {
        (Family::INET6, word.parse::<Ipv6Addr>().ok()?.octets().into())
    } else if family == Family::MPLS {
        (Family::MPLS, labels(word)?)
    } else {
        (Family::INET, ipv4(word)?.octets().into())
    };
    let wanted = family == Family::UNSPEC || family == found;
    wanted.then_some(Prefix { family: found, bytes, len: found.bits(), has_len: false })
}

fn prefix(word: &str, family: Family) -> Option<Prefix> {
    let Some((ip, len)) = word.split_once('/') else { return address(word, family) };
    let prefix = address(ip, family)?;
    // `any` has no length to cut short.
    let is_any = prefix.len == 0;
    let len = number(len).or_else(|| netmask(len)).filter(|&len| len <= prefix.len.into());
    if is_any { None } else { Some(Prefix { len: len? as u8, has_len: true, ..prefix }) }
}

/// `10.1` is `10.1.0.0`; octets may be octal or hex.
fn ipv4(word: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut places = octets.iter_mut();
    for octet in word.split('.') {
        *places.next()? = number(octet)?.try_into().ok()?;
    }
    Some(octets.into())
}

/// `255.255.0.0` is 16.
fn netmask(word: &str) -> Option<u64> {
    let mask = match word.parse().ok()? {
        IpAddr::V4(mask) => u128::from(mask.to_bits()) << 96,
        IpAddr::V6(mask) => mask.to_bits(),
    };
    (mask.leading_ones() + mask.trailing_zeros() >= 128).then(|| mask.leading_ones().into())
}

/// A stack of MPLS labels, separated by `/`; the last is marked as such.
fn labels(word: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for label in word.split('/') {
        let label = u32::try_from(number(label)?).ok().filter(|&label| label < 1 << 20)?;
        bytes.extend((label << 12).to_be_bytes());
    }
    *bytes.iter_mut().nth_back(1)? |= 1;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: &str) -> Word {
        Word(word.into())
    }

    #[test]
    fn numbers_are_those_of_c() {
        assert_eq!(number("0x1F"), Some(31));
        assert_eq!(number("017"), Some(15));
        assert_eq!(number("0"), Some(0));
        assert_eq!(number("09"), None);
        assert_eq!(number("5x"), None);
        assert!(word("256").number::<u8>("no octet").is_err());
    }

    #[test]
    fn prefixes() {
        let prefix = |text: &str| {
            let prefix = super::prefix(text, Family::UNSPEC)?;
            Some((prefix.bytes, prefix.len, prefix.has_len))
        };
        assert_eq!(prefix("10.1/9"), Some((vec![10, 1, 0, 0], 9, true)));
        assert_eq!(prefix("10.1.2.3"), Some((vec![10, 1, 2, 3], 32, false)));
        assert_eq!(prefix("10.0.0.0/255.254.0.0"), Some((vec![10, 0, 0, 0], 15, true)));
        assert_eq!(prefix("10.0.0.0/255.0.254.0"), None);
        assert_eq!(prefix("10.0.0.0/33"), None);
        assert_eq!(prefix("10.0.0.0.0"), None);
        assert_eq!(prefix("default"), Some((vec![], 0, true)));
        assert_eq!(prefix("default/8"), None);
        assert_eq!(prefix("2001:db8::/129"), None);
        assert_eq!(super::prefix("::1", Family::INET), None);
        assert_eq!(super::prefix("10.0.0.1", Family::INET6), None);
    }

    #[test]
    fn prefixes_hold_addresses() {
        let prefix = super::prefix("10.130.0.0/9", Family::INET).unwrap();
        assert!(prefix.contains(&[10, 128, 3, 4]));
        assert!(!prefix.contains(&[10, 127, 3, 4]));
        assert!(!prefix.contains(&[11, 128, 3, 4]));
        assert!(!prefix.contains(&[10; 16]));
        assert!(super::prefix("10.1.2.0/24", Family::INET).unwrap().contains(&[10, 1, 2, 9]));
    }

    #[test]
    fn label_stacks() {
        let labels = address("100/16", Family::MPLS).unwrap();
        assert_eq!(labels.bytes, [0, 6, 0x40, 0, 0, 1, 1, 0]);
        assert_eq!(address("1048576", Family::MPLS), None);
    }

    #[test]
    fn words_may_be_shortened() {
        assert!(word("sel").begins("selector"));
        assert!(!word("").begins("selector"));
        assert!(!word("selectors").begins("selector"));
        assert!(!word("sel").is("selector"));
    }
}
