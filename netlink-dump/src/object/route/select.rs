//! Which routes are shown.

use netlink_sys::table::Routes;
use netlink_wire::{
    Addr, NlmFlags, Rtm,
    route::{Route, RouteAddr, RouteAttr, RtMsg, RtProt, RtScope, RtTable, RtmFlags, Rtn},
};

use super::{
    HELP,
    print::{Fields, Hidden},
};
use crate::{
    args::{Args, Family},
    failure::Failure,
    names::{File, Names},
    selector::{Prefix, Word, Words},
};

/// What a route must be like to be shown. What is not told may be anything.
#[derive(Debug)]
pub(super) struct Selection {
    /// Whether more was told than family and table.
    narrow: bool,
    /// The family that is asked for.
    family: Family,
    /// The one that was told.
    told_family: Family,
    /// All tables if it is `RT_TABLE_UNSPEC`.
    table: RtTable,
    /// Routes that were made for one lookup, rather than the others.
    cloned: bool,
    kind: Kind,
    tos: Option<u8>,
    protocol: Option<RtProt>,
    scope: Option<RtScope>,
    iif: Option<u32>,
    oif: Option<u32>,
    mark: Option<u32>,
    metric: Option<u32>,
    realms: Option<Realms>,
    via: Option<Prefix>,
    prefsrc: Option<Prefix>,
    to: Range,
    from: Range,
}

/// Which types of routes.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Any,
    Only(Rtn),
    /// Not those that the kernel makes of addresses.
    NotOwn,
}

/// Realms, and which bits of them count.
#[derive(Clone, Copy, Debug)]
struct Realms {
    value: u32,
    mask: u32,
}

/// Between which prefixes a route's own one lies.
#[derive(Debug, Default)]
struct Range {
    /// It holds the route's prefix.
    root: Option<Prefix>,
    /// The route's prefix holds it.
    matched: Option<Prefix>,
}

impl Selection {
    /// Reads the words. The keywords are tried in the order in which `ip` tries
    /// them, as many can be shortened.
    pub(super) fn parse(
        words: &mut Words,
        args: &Args,
        names: &mut Names,
    ) -> Result<Self, Failure> {
        let family = args.family.unwrap_or(Family::UNSPEC);
        let (mut iif, mut oif) = (None, None);
        let mut this = Self {
            narrow: false,
            family,
            told_family: family,
            table: RtTable::MAIN,
            cloned: false,
            kind: Kind::Any,
            tos: None,
            protocol: None,
            scope: None,
            iif: None,
            oif: None,
            mark: None,
            metric: None,
            realms: None,
            via: None,
            prefsrc: None,
            to: Range::default(),
            from: Range::default(),
        };
        while let Some(word) = words.next() {
            if word.begins("table") {
                this.parse_table(&words.value()?, names)?;
                continue;
            }
            this.narrow = true;
            if word.begins("vrf") {
                let name = words.value()?;
                let table = names.vrf_table(name.as_bytes());
                this.table = RtTable(table.ok_or_else(|| name.wrong("Invalid VRF"))?);
                this.kind = Kind::NotOwn;
            } else if word.begins("cached") || word.begins("cloned") {
                this.cloned = true;
            } else if word.is("tos") || word.begins("dsfield") {
                this.tos = Some(dsfield(&words.value()?, names)?);
            } else if word.begins("protocol") {
                let value = words.value()?;
                this.protocol =
                    named_or_all(&value, names, File::Protocols, "protocol")?.map(RtProt);
            } else if word.begins("scope") {
                let value = words.value()?;
                this.scope = named_or_all(&value, names, File::Scopes, "scope")?.map(RtScope);
            } else if word.begins("type") {
                this.kind = Kind::Only(route_type(&words.value()?)?);
            } else if word.is("dev") || word.is("oif") {
                oif = Some(words.value()?);
            } else if word.is("iif") {
                iif = Some(words.value()?);
            } else if word.is("mark") {
                this.mark = Some(words.value()?.number("invalid mark value")?);
            } else if word.begins("metric") || word.begins("priority") || word.is("preference") {
                this.metric = Some(words.value()?.number("\"metric\" value is invalid")?);
            } else if word.is("via") {
                let value = words.value()?;
                let (family, prefix) = match family_named(&value) {
                    Some(family) => (family, words.value()?),
                    None => (family, value),
                };
                this.via = Some(prefix.prefix(family)?);
            } else if word.is("src") {
                this.prefsrc = Some(words.value()?.prefix(family)?);
            } else if word.begins("realms") {
                this.realms = Some(Realms::parse(&words.value()?, names)?);
            } else if word.begins("from") {
                let value = words.value()?;
                this.from.parse(value, words, family)?;
            } else {
                let value = if word.begins("to") { words.value()? } else { word };
                this.to.parse(value, words, family)?;
            }
        }
        if family == Family::UNSPEC && this.table != RtTable::UNSPEC {
            this.family = Family::INET;
        }
        this.iif = iif.map(|name| name.link(names)).transpose()?;
        this.oif = oif.map(|name| name.link(names)).transpose()?;
        Ok(this)
    }

    fn parse_table(&mut self, value: &Word, names: &Names) -> Result<(), Failure> {
        match value.named(names, File::Tables, "table id value is invalid") {
            Ok(table) => self.table = RtTable(table),
            Err(_) if value.is("all") => self.table = RtTable::UNSPEC,
            Err(_) if value.is("cache") => self.cloned = true,
            Err(_) if value.is("help") => return Err(Failure::usage(&HELP)),
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    /// Whether the main table is shown, which may be missing.
    pub(super) fn is_main(&self) -> bool {
        self.table == RtTable::MAIN
    }

    /// The request, which has the kernel leave out as much as it can. By type it
    /// would leave out too much: routes whose nexthop object is a blackhole.
    pub(super) fn request<'b>(&self, buf: &'b mut [u8]) -> Result<&'b mut [u8], Failure> {
        let header = RtMsg {
            family: self.family.0,
            protocol: self.protocol.unwrap_or_default(),
            flags: if self.cloned { RtmFlags::CLONED } else { RtmFlags::default() },
            ..RtMsg::default()
        };
        let mut request = Route::writer(buf, Rtm::GETROUTE, NlmFlags::DUMP, &header);
        if self.table != RtTable::UNSPEC {
            request.push(RouteAttr::Table(self.table));
        }
        if let Some(index) = self.oif {
            request.push(RouteAttr::Oif(index));
        }
        Ok(request.finish()?)
    }

    /// What the same request would be in parts, if it can be.
    pub(super) fn parts(&self) -> Option<Routes> {
        let mut routes = match self.family {
            Family::INET => Routes::ipv4(),
            Family::INET6 => Routes::ipv6(),
            _ => return None,
        };
        if self.table != RtTable::UNSPEC {
            routes = routes.table(self.table);
        }
        if let Some(protocol) = self.protocol {
            routes = routes.protocol(protocol);
        }
        if let Some(index) = self.oif {
            routes = routes.oif(index);
        }
        Some(routes).filter(|_| !self.cloned)
    }

    /// What all routes that are shown have in common.
    pub(super) fn hidden(&self) -> Hidden {
        Hidden {
            tos: self.tos.is_some(),
            via: self.via.as_ref().map(|prefix| prefix.len),
            oif: self.oif.is_some(),
            table: self.table != RtTable::UNSPEC,
            protocol: self.protocol.is_some(),
            scope: self.scope.is_some(),
            prefsrc: self.prefsrc.as_ref().map(|prefix| prefix.len),
            priority: self.metric.is_some(),
            realms: self.realms.is_some_and(|realms| realms.mask == u32::MAX),
            iif: self.iif.is_some(),
        }
    }

    /// Whether a route is shown. The kernel need not have left out the others.
    pub(super) fn has(&self, header: &RtMsg, fields: &Fields<'_>) -> bool {
        let family = Family(header.family);
        (self.told_family == Family::UNSPEC || self.told_family == family)
            && self.cloned == header.flags.contains(RtmFlags::CLONED)
            && (self.table == RtTable::UNSPEC || self.table == fields.table(header))
            && (!self.narrow || self.has_narrow(family, header, fields))
    }

    /// The same of all but family and table, which a large table need not be asked for.
    fn has_narrow(&self, family: Family, header: &RtMsg, fields: &Fields<'_>) -> bool {
        let kind = match self.kind {
            Kind::Any => true,
            Kind::Only(kind) => header.kind == kind,
            Kind::NotOwn => !matches!(header.kind, Rtn::LOCAL | Rtn::BROADCAST),
        };
        kind && self.protocol.is_none_or(|protocol| protocol == header.protocol)
            && self.scope.is_none_or(|scope| scope == header.scope)
            && self.tos.is_none_or(|tos| tos == header.tos)
            && (self.to.is_all() || self.to.has(family, &dst_bytes(fields), header.dst_len))
            && (self.from.is_all() || self.from.has(family, &bytes(fields.src), header.src_len))
            && self.via.as_ref().is_none_or(|via| has_gateway(via, family, fields))
            && self.prefsrc.as_ref().is_none_or(|prefix| {
                prefix.family_is(family)
                    && same_bits(&prefix.bytes, &bytes(fields.prefsrc), prefix.len)
            })
            && self.realms.is_none_or(|realms| realms.has(fields.flow.unwrap_or(0)))
            && self.iif.is_none_or(|index| index == fields.iif.unwrap_or(0))
            && self.oif.is_none_or(|index| leaves_through(index, fields))
            && self.mark.is_none_or(|mark| mark == fields.mark.unwrap_or(0))
            && self.metric.is_none_or(|metric| metric == fields.priority.unwrap_or(0))
    }
}

/// A route without an interface of its own can have legs. If it has neither, it is by a nexthop
/// object that the kernel knew of, or leads nowhere, and `ip` shows it.
pub(super) fn leaves_through(index: u32, fields: &Fields<'_>) -> bool {
    match (fields.oif, fields.multipath) {
        (Some(oif), _) => oif == index,
        (None, Some(hops)) => hops.iter().flatten().any(|hop| hop.header.ifindex as u32 == index),
        (None, None) => true,
    }
}

/// Whether a gateway lies in the prefix. Those of legs do not count.
fn has_gateway(prefix: &Prefix, family: Family, fields: &Fields<'_>) -> bool {
    let (family, addr) = match fields.via {
        Some(via) => (Family(via.family as u8), bytes(Some(Addr::new(via.addr)))),
        None => (family, bytes(fields.gateway)),
    };
    prefix.family_is(family) && same_bits(&prefix.bytes, &addr, prefix.len)
}

impl Realms {
    /// `FROM/TO`, `FROM/` or `TO`, each a name or a number; or the number of both.
    fn parse(word: &Word, names: &Names) -> Result<Self, Failure> {
        let wrong = || word.wrong("invalid realms");
        let text = word.to_str().ok_or_else(wrong)?;
        if let Some(value) = names.number(File::Realms, text).filter(|&both| both > 0xffff) {
            return Ok(Self { value, mask: u32::MAX });
        }
        let realm = |name: &str| {
            names.number(File::Realms, name).filter(|&realm| realm <= 0xffff).ok_or_else(wrong)
        };
        let (from, to) = match text.split_once('/') {
            Some((from, to)) => (Some(realm(from)?), to),
            None => (None, text),
        };
        let to = if to.is_empty() { None } else { Some(realm(to)?) };
        let value = from.unwrap_or(0) << 16 | to.unwrap_or(0);
        let mut mask = u32::MAX;
        if value & 0xffff == 0 && text.ends_with('/') {
            mask &= !0xffff;
        }
        if value >> 16 == 0 && from.is_none() {
            mask &= 0xffff;
        }
        Ok(Self { value, mask })
    }

    fn has(self, realms: u32) -> bool {
        (realms ^ self.value) & self.mask == 0
    }
}

impl Range {
    /// `[ root | match | exact ] PREFIX`, the first word of which was read.
    fn parse(&mut self, first: Word, words: &mut Words, family: Family) -> Result<(), Failure> {
        if first.begins("root") {
            self.root = Some(words.value()?.prefix(family)?);
        } else if first.begins("match") {
            self.matched = Some(words.value()?.prefix(family)?);
        } else {
            let value = if first.begins("exact") { words.value()? } else { first };
            let prefix = value.prefix(family)?;
            self.matched = Some(prefix.clone());
            self.root = Some(prefix);
        }
        Ok(())
    }

    /// Whether any prefix lies in it.
    fn is_all(&self) -> bool {
        self.root.is_none() && self.matched.is_none()
    }

    /// Whether a prefix lies in it.
    fn has(&self, family: Family, addr: &[u8], len: u8) -> bool {
        self.root.as_ref().is_none_or(|root| {
            root.is_any()
                || root.family_is(family)
                    && root.len <= len
                    && same_bits(&root.bytes, addr, root.len)
        }) && self.matched.as_ref().is_none_or(|matched| {
            matched.is_any()
                || matched.family_is(family)
                    && len <= matched.len
                    && same_bits(&matched.bytes, addr, len)
        })
    }
}

impl Prefix {
    /// Whether it is of this family, or of none.
    fn family_is(&self, family: Family) -> bool {
        self.family == Family::UNSPEC || self.family == family
    }

    /// Whether it says nothing: `any` of any family.
    fn is_any(&self) -> bool {
        self.family == Family::UNSPEC && !self.has_len
    }
}

/// Whether the first bits are the same; the shorter one has zeros at its end.
fn same_bits(a: &[u8], b: &[u8], bits: u8) -> bool {
    let byte = |bytes: &[u8], i: usize| bytes.get(i).copied().unwrap_or(0);
    let (whole, rest) = (usize::from(bits / 8), bits % 8);
    (0..whole).all(|i| byte(a, i) == byte(b, i))
        && (rest == 0 || (byte(a, whole) ^ byte(b, whole)) >> (8 - rest) == 0)
}

/// An address with zeros at its end; none is all zeros.
fn bytes(addr: Option<Addr<'_>>) -> [u8; 16] {
    match addr {
        Some(Addr::Ipv4(ip)) => padded(&ip.octets()),
        Some(Addr::Ipv6(ip)) => ip.octets(),
        Some(Addr::Other(bytes)) => padded(bytes),
        _ => [0; 16],
    }
}

fn dst_bytes(fields: &Fields<'_>) -> [u8; 16] {
    match fields.dst {
        Some(RouteAddr::Addr(addr)) => bytes(Some(addr)),
        Some(RouteAddr::Labels(labels)) => padded(labels.as_bytes()),
        _ => [0; 16],
    }
}

fn padded(bytes: &[u8]) -> [u8; 16] {
    let mut padded = [0; 16];
    padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    padded
}

/// A name or a number of one byte; `all` is any.
fn named_or_all(word: &Word, names: &Names, file: File, what: &str) -> Result<Option<u8>, Failure> {
    let why = format!("invalid \"{what}\"");
    match word.named(names, file, &why) {
        Ok(number) => u8::try_from(number).map(Some).map_err(|_| word.wrong(why)),
        Err(_) if word.is("all") => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// A type of service: a name, or a number in hex.
pub(super) fn dsfield(word: &Word, names: &Names) -> Result<u8, Failure> {
    let named = word.to_str().and_then(|word| names.known(File::DsField, word));
    let number = || {
        let digits = word.to_str()?;
        u32::from_str_radix(digits.strip_prefix("0x").unwrap_or(digits), 16).ok()
    };
    let tos = named.or_else(number).and_then(|number| u8::try_from(number).ok());
    tos.ok_or_else(|| word.wrong("TOS value is invalid"))
}

fn route_type(word: &Word) -> Result<Rtn, Failure> {
    /// Those that cannot be shortened come first; the order is that of `ip`.
    const WHOLE: [(&str, Rtn); 3] =
        [("local", Rtn::LOCAL), ("nat", Rtn(10)), ("brd", Rtn::BROADCAST)];
    const BEGINNINGS: [(&str, Rtn); 9] = [
        ("broadcast", Rtn::BROADCAST),
        ("anycast", Rtn::ANYCAST),
        ("multicast", Rtn::MULTICAST),
        ("prohibit", Rtn::PROHIBIT),
        ("unreachable", Rtn::UNREACHABLE),
        ("blackhole", Rtn::BLACKHOLE),
        ("xresolve", Rtn(11)),
        ("unicast", Rtn::UNICAST),
        ("throw", Rtn::THROW),
    ];
    let whole = WHOLE.iter().find(|(name, _)| word.is(name));
    let found = whole.or_else(|| BEGINNINGS.iter().find(|(name, _)| word.begins(name)));
    match found {
        Some(&(_, kind)) => Ok(kind),
        None => word.number("node type value is invalid").map(Rtn),
    }
}

/// The family that goes by this name.
pub(super) fn family_named(word: &Word) -> Option<Family> {
    [Family::INET, Family::INET6, Family::PACKET, Family::MPLS, Family::BRIDGE]
        .into_iter()
        .find(|family| word.is(family.words()))
}
