use std::collections::BTreeMap;

use netlink_wire::{
    Addr, Attribute, Body, Message, NlmFlags, Prefix, Result, Rtm,
    route::RtTable,
    rule::{FibRuleFlags, FibRuleHdr, FrAct, Rule, RuleAttr},
};

use super::{Object, Request, Verb, message, nlas, sealed};
use crate::{
    Error, ExtAck, Socket, error,
    table::{IPV4, IPV6, Rules, sealed::Table},
};

/// Starts a request about a rule of IPv4.
///
/// Unless the header tells another action, a rule that is added looks up a table, or jumps, if there is
/// [`RuleAttr::Goto`]. Without [`RuleAttr::Table`] it is the main one. Without [`RuleAttr::Priority`] the
/// kernel puts it before all others but the first.
///
/// ```no_run
/// use netlink_sys::{Protocol, Socket, ops};
/// use netlink_wire::{route::RtTable, rule::RuleAttr};
///
/// let mut socket = Socket::open(Protocol::ROUTE)?;
/// let rule = ops::ipv4_rule()
///     .source("10.0.0.0/8".parse()?)
///     .push(RuleAttr::Table(RtTable(100)))
///     .push(RuleAttr::Priority(1000));
/// socket.add(&rule)?;
/// socket.delete_rule(&rule)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn ipv4_rule() -> Request<FibRuleHdr> {
    Request::new(FibRuleHdr { family: IPV4, ..FibRuleHdr::default() })
}

/// Starts a request about a rule of IPv6, as [`ipv4_rule`] does.
pub fn ipv6_rule() -> Request<FibRuleHdr> {
    Request::new(FibRuleHdr { family: IPV6, ..FibRuleHdr::default() })
}

impl Request<FibRuleHdr> {
    /// Sources that match.
    pub fn source(self, from: Prefix<Addr<'_>>) -> Self {
        self.with(|header| header.src_len = from.len).push(RuleAttr::Src(from.addr))
    }

    /// Destinations that match.
    pub fn destination(self, to: Prefix<Addr<'_>>) -> Self {
        self.with(|header| header.dst_len = to.len).push(RuleAttr::Dst(to.addr))
    }

    /// The request as a rule, completed as if it were to be added.
    fn meaning(&self) -> Result<Meaning> {
        let mut request = self.clone();
        <FibRuleHdr as sealed::Object>::complete(&mut request, Verb::Add)?;
        Meaning::of(&Body { header: request.header, attrs: request.attrs() })
    }
}

impl Socket {
    /// Deletes the rule that [`add`](Self::add) would add, and no other one: what the request does not tell,
    /// the rule does not have either. Only priority and protocol may be any, if they are not told. It
    /// blocks until the kernel has done so.
    ///
    /// The rule is searched for in a dump, and then deleted by all that the kernel knows of it.
    ///
    /// # Errors
    ///
    /// - [`Error::NotFound`]: there is none.
    /// - [`Error::Ambiguous`]: another rule of the same priority comes first and has all that this one
    ///   has, and more. The kernel cannot be told to leave that alone. Nothing is deleted.
    /// - Those of [`Replies::recv`](crate::Replies::recv).
    pub fn delete_rule(&mut self, request: &Request<FibRuleHdr>) -> error::Result<Option<ExtAck>> {
        let mut search = Search::new(request)?;
        let mut entries = self.request(&mut search.dump()?)?;
        let mut deletion = loop {
            let Some(found) = entries.next()? else { return Err(entries.socket.missing()) };
            if let Some(deletion) = search.see(entries.socket.message(found))? {
                break deletion;
            }
        };
        drop(entries);
        self.request(&mut deletion)?.finish()
    }
}

/// Searches the rules of a family for the one to delete.
pub(crate) struct Search {
    family: u8,
    wanted: Meaning,
    /// Those that come before it.
    before: Vec<Meaning>,
}

impl Search {
    pub(crate) fn new(request: &Request<FibRuleHdr>) -> Result<Self> {
        let family = request.header.family;
        Ok(Self { family, wanted: request.meaning()?, before: Vec::new() })
    }

    /// The request for all of them.
    pub(crate) fn dump(&self) -> Result<Vec<u8>> {
        rules(self.family)
    }

    /// Takes the next one; if it is the one, returns the request that deletes it.
    ///
    /// # Errors
    ///
    /// [`Error::Ambiguous`]: the request would delete another one.
    pub(crate) fn see(&mut self, entry: Message<'_>) -> error::Result<Option<Vec<u8>>> {
        let entry = Rule::parse(entry)?;
        let meaning = Meaning::of(&entry)?;
        if !meaning.is(&self.wanted) {
            self.before.push(meaning);
            return Ok(None);
        }
        if self.before.iter().any(|other| other.passes_for(&meaning)) {
            return Err(Error::Ambiguous);
        }
        let mut found = Request::new(entry.header);
        found.attrs.extend_from_slice(entry.attrs.as_bytes());
        Ok(Some(message(Rtm::DELRULE, NlmFlags::default(), &found)?))
    }
}

/// A dump of all rules of a family.
fn rules(family: u8) -> Result<Vec<u8>> {
    match family {
        IPV4 => Rules::ipv4().request(),
        IPV6 => Rules::ipv6().request(),
        _ => Rules::default().request(),
    }
}

/// What a rule says, however it is put: in a request, or by the kernel.
#[derive(Debug, PartialEq)]
struct Meaning {
    /// Without the table, and the flags that the kernel sets.
    header: FibRuleHdr,
    /// Without what says no more than if it were not there.
    attrs: BTreeMap<u16, Vec<u8>>,
}

impl Meaning {
    fn of(rule: &Rule<'_>) -> Result<Self> {
        let mut header = rule.header;
        let RtTable(table) = rule.table()?;
        header.table = 0;
        header.flags = header.flags & (FibRuleFlags::INVERT | FibRuleFlags::FIND_SADDR);
        let mut attrs = BTreeMap::new();
        for nla in nlas(rule.attrs.as_bytes()) {
            let payload = match RuleAttr::parse(nla)? {
                RuleAttr::Table(_) | RuleAttr::Pad(_) => continue,
                RuleAttr::SuppressIfGroup(-1) | RuleAttr::SuppressPrefixLen(-1) => continue,
                RuleAttr::Protocol(protocol) if protocol.0 == 0 => continue,
                RuleAttr::L3mdev(0) | RuleAttr::FwMark(0) | RuleAttr::Flow(0) => continue,
                RuleAttr::SportMask(u16::MAX) | RuleAttr::DportMask(u16::MAX) => continue,
                RuleAttr::DscpMask(0x3f) => continue,
                RuleAttr::FlowLabelMask(mask) if mask.get() == 0xf_ffff => continue,
                RuleAttr::FwMask(_) => continue,
                RuleAttr::IifName(name) | RuleAttr::OifName(name) => name.as_bytes().to_vec(),
                _ => nla.payload().to_vec(),
            };
            attrs.insert(nla.code(), payload);
        }
        let mut insert = |attr: RuleAttr<'_>, value: u32| {
            attrs.insert(attr.code(), value.to_ne_bytes().to_vec());
        };
        if table != 0 {
            insert(RuleAttr::Table(RtTable(0)), table);
        }
        if let Some((mark, mask @ 1..)) = rule.mark()? {
            insert(RuleAttr::FwMark(0), mark);
            insert(RuleAttr::FwMask(0), mask);
        }
        Ok(Self { header, attrs })
    }

    /// Whether it is the rule that is wanted.
    fn is(&self, wanted: &Self) -> bool {
        let any = [RuleAttr::Priority(0), RuleAttr::Protocol(Default::default())];
        let any = any.map(|attr| attr.code()).map(|code| (code, wanted.attrs.contains_key(&code)));
        let counts = |code: &u16| !any.contains(&(*code, false));
        let mine = self.attrs.iter().filter(|(code, _)| counts(code));
        self.header == wanted.header && mine.eq(&wanted.attrs)
    }

    /// Whether the kernel would delete this rule if it were told all of the other one.
    fn passes_for(&self, other: &Self) -> bool {
        let (a, b) = (&self.header, &other.header);
        let passes = |a: u8, b: u8| b == 0 || a == b;
        passes(a.src_len, b.src_len)
            && passes(a.dst_len, b.dst_len)
            && passes(a.tos, b.tos)
            && a.action == b.action
            && other.attrs.iter().all(|(code, value)| {
                *code == RuleAttr::Goto(0).code() || self.attrs.get(code) == Some(value)
            })
    }
}

impl sealed::Object for FibRuleHdr {
    const NEW: Rtm = Rtm::NEWRULE;

    fn complete(request: &mut Request<Self>, verb: Verb) -> Result<()> {
        if verb != Verb::Add {
            return Ok(());
        }
        if request.header.action == FrAct::UNSPEC {
            request.header.action = match request.has(RuleAttr::Goto(0)) {
                true => FrAct::GOTO,
                false => FrAct::TO_TBL,
            };
        }
        let l3mdev: Option<u8> = request.attrs().get(RuleAttr::L3mdev)?;
        if request.header.action == FrAct::TO_TBL
            && request.header.table == 0
            && !request.has(RuleAttr::Table(RtTable::UNSPEC))
            && l3mdev.unwrap_or_default() == 0
        {
            request.header.table = RtTable::MAIN.0 as u8;
        }
        Ok(())
    }

    /// The kernel cannot be asked for one.
    fn dump(request: &Request<Self>) -> Result<Option<Vec<u8>>> {
        rules(request.header.family).map(Some)
    }

    fn is(request: &Request<Self>, message: Message<'_>) -> Result<bool> {
        Ok(Meaning::of(&Rule::parse(message)?)?.is(&request.meaning()?))
    }
}

impl Object for FibRuleHdr {
    type Set = <RuleAttr<'static> as Attribute<'static>>::Set;
    type Entry<'a> = Rule<'a>;

    fn parse<'a>(message: Message<'a>) -> Result<Rule<'a>> {
        Rule::parse(message)
    }
}
