//! What other libraries make of a message, beside what our types read.
//!
//! Their types differ from ours and from each other. What `Debug` shows of them
//! has one form all the same: names, and what is inside, in the order of the
//! message.

use std::{
    cell::Cell,
    collections::BTreeSet,
    fmt,
    net::IpAddr,
    panic::{self, AssertUnwindSafe, catch_unwind},
};

use netlink_bindings::{rt_addr, rt_link, rt_neigh, rt_route, rt_rule};
use netlink_captures::sets::{self, Set};
use netlink_packet_core::{NetlinkMessage, NetlinkPayload};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_wire::{
    Addr, LlAddr, Message,
    schema::Type,
    walk::{Content, Entry, Walk},
};

/// The attributes of a message as another library reads them; `None` if it knows none of that type.
pub type Peer = fn(&[u8], Message<'_>) -> Option<Result<Node, String>>;

/// Both, with their names.
pub const ALL: [(&str, Peer); 2] =
    [("netlink-packet-route", packet_route), ("netlink-bindings", bindings)];

/// What a library has otherwise: its name, the path, and the kernel's word for our reading.
pub const KNOWN: &[(&str, &str, &str)] = &[
    (
        "netlink-packet-route",
        "message 16",
        "`ip link set d1 type bridge_slave ..` sends IFLA_INFO_SLAVE_DATA alone",
    ),
    (
        "netlink-packet-route",
        "/IFLA_LINKINFO/IFLA_INFO_DATA/IFLA_MACSEC_SCI",
        "02:00:00:00:06:01 and 1234 in hex, in network order: `sci_t` is a `__be64`",
    ),
    ("netlink-packet-route", "/FRA_SUPPRESS_PREFIXLEN", "-1 is none: `int suppress_prefixlen`"),
    ("netlink-bindings", "/FRA_SUPPRESS_PREFIXLEN", "-1 is none: `int suppress_prefixlen`"),
    ("netlink-bindings", "/FRA_TUN_ID", "`ip rule add tun_id 4242`: `nla_put_be64`"),
    ("netlink-bindings", "/NDA_PORT", "`bridge fdb add .. port 4800`: `nla_put_be16`"),
    (
        "netlink-bindings",
        "/IFLA_LINKINFO/IFLA_INFO_SLAVE_DATA/IFLA_BOND_SLAVE_PRIO",
        "`ip link set d1 type bond_slave prio -77`: `nla_put_s32`",
    ),
];

/// Whether a library is known to have an attribute otherwise.
pub fn is_known(name: &str, path: &str) -> bool {
    KNOWN.iter().any(|fault| (fault.0, fault.1) == (name, path))
}

/// `netlink-packet-route`, which reads all of a message or nothing.
pub fn packet_route(bytes: &[u8], message: Message<'_>) -> Option<Result<Node, String>> {
    use RouteNetlinkMessage as M;
    // NEW and DEL of links, addresses, routes, neighbours and rules.
    if !(16..=33).contains(&message.header.kind) || message.header.kind % 4 > 1 {
        return None;
    }
    let read = || NetlinkMessage::<RouteNetlinkMessage>::deserialize(bytes);
    let message = match may_panic(read) {
        Some(Ok(message)) => message,
        Some(Err(error)) => return Some(Err(error.to_string())),
        None => return Some(Err("it panics".to_owned())),
    };
    let NetlinkPayload::InnerMessage(message) = message.payload else { return None };
    let shown = match message {
        M::NewLink(m) | M::DelLink(m) => format!("{:?}", m.attributes),
        M::NewAddress(m) | M::DelAddress(m) => format!("{:?}", m.attributes),
        M::NewRoute(m) | M::DelRoute(m) => format!("{:?}", m.attributes),
        M::NewNeighbour(m) | M::DelNeighbour(m) => format!("{:?}", m.attributes),
        M::NewRule(m) | M::DelRule(m) => format!("{:?}", m.attributes),
        _ => return None,
    };
    Some(Ok(Node::read(&shown)))
}

/// `netlink-bindings`, which leaves out what it does not know.
pub fn bindings(_: &[u8], message: Message<'_>) -> Option<Result<Node, String>> {
    let payload = message.payload;
    let shown = match message.header.kind {
        16 | 17 => format!("{:?}", rt_link::OpNewlinkDo::decode_request(payload).1),
        20 | 21 => format!("{:?}", rt_addr::OpNewaddrDo::decode_request(payload).1),
        24 | 25 => format!("{:?}", rt_route::OpNewrouteDo::decode_request(payload).1),
        28 | 29 => format!("{:?}", rt_neigh::OpNewneighDo::decode_request(payload).1),
        32 | 33 => format!("{:?}", rt_rule::OpNewruleDo::decode_request(payload).1),
        _ => return None,
    };
    Some(Ok(Node::read(&shown)))
}

thread_local! {
    /// Whether what runs may panic.
    static MAY_PANIC: Cell<bool> = const { Cell::new(false) };
}

/// Runs what may panic; `None` if it does.
fn may_panic<T>(f: impl FnOnce() -> T) -> Option<T> {
    MAY_PANIC.set(true);
    let result = catch_unwind(AssertUnwindSafe(f));
    MAY_PANIC.set(false);
    result.ok()
}

/// Keeps the panics of other libraries from the panic hook, which ends a fuzzer.
pub fn forgive_panics() {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !MAY_PANIC.get() {
            hook(info);
        }
    }));
}

/// A name or a value, and what is inside.
#[derive(Clone, Debug, Default)]
pub struct Node {
    name: String,
    inside: Vec<Node>,
    /// Whether there can be any number of things inside.
    list: bool,
}

impl Node {
    /// Reads what `Debug` shows.
    fn read(shown: &str) -> Self {
        Self::one(&mut &*shown)
    }

    fn one(rest: &mut &str) -> Self {
        *rest = rest.trim_start();
        if rest.starts_with('"') {
            let mut escaped = false;
            let end = rest[1..].find(|c| {
                let closes = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                closes
            });
            let (text, after) = rest.split_at(end.map_or(rest.len(), |end| end + 2));
            *rest = after;
            return Self { name: text.to_owned(), ..Self::default() };
        }
        let end = rest.find(['(', '[', '{', ',', ')', ']', '}']).unwrap_or(rest.len());
        let field = rest[..end].find(": ").unwrap_or(end);
        let name = rest[..field].trim_end().to_owned();
        *rest = &rest[field..];
        if let Some(value) = rest.strip_prefix(": ") {
            *rest = value;
            return Self { name, inside: vec![Self::one(rest)], list: false };
        }
        let list = rest.starts_with(['[', '{']);
        let mut inside = Vec::new();
        if list || rest.starts_with('(') {
            *rest = rest[1..].trim_start();
            while !rest.is_empty() && !rest.starts_with([')', ']', '}']) {
                inside.push(Self::one(rest));
                *rest = rest.trim_start_matches([',', ' ']);
            }
            *rest = rest.get(1..).unwrap_or_default();
        }
        Self { name, inside, list }
    }

    /// Whether it stands where the other library does not read on: `Err`, or the name of a set with it.
    fn gives_up(&self) -> bool {
        self.name.ends_with("Err")
    }

    /// The outermost list.
    fn list(&self) -> Option<&[Node]> {
        match &self.inside[..] {
            _ if self.gives_up() => None,
            inside if self.list => Some(inside),
            [inner] => inner.list(),
            _ => None,
        }
    }

    /// The value that is alone inside.
    fn value(&self) -> Option<&str> {
        match &self.inside[..] {
            [] if !self.list => Some(&self.name),
            [inner] if !self.list => inner.value(),
            _ => None,
        }
    }
}

/// What was compared.
#[derive(Debug, Default)]
pub struct Opinion {
    /// Values that both tell in the same form.
    pub compared: usize,
    /// The attributes that are told otherwise.
    pub differences: Vec<Difference>,
}

/// An attribute that is told otherwise.
#[derive(Debug)]
pub struct Difference {
    /// The names around it, and its own.
    pub path: String,
    ours: String,
    theirs: String,
}

impl Difference {
    /// Whether it is the same number with a sign and without. It makes a difference where a kernel
    /// sends numbers below 0, which captured messages show.
    pub fn is_sign(&self) -> bool {
        let number = |text: &str| text.parse::<i128>().ok();
        let (Some(ours), Some(theirs)) = (number(&self.ours), number(&self.theirs)) else {
            return false;
        };
        [8, 16, 32, 64].iter().any(|bits| (ours - theirs).abs() == 1 << bits)
            && (ours < 0 || theirs < 0)
    }

    /// Whether others know of IPv4 alone there, and read the start of a longer address. Kernels send
    /// no longer ones.
    pub fn is_start(&self) -> bool {
        let addr = |text: &str| text.parse::<IpAddr>().ok();
        match (addr(&self.ours), addr(&self.theirs)) {
            (Some(IpAddr::V6(ours)), Some(IpAddr::V4(theirs))) => {
                ours.octets().starts_with(&theirs.octets())
            }
            _ => false,
        }
    }

    /// Whether it is a number above 1 that is not true to others, which is a matter of taste. Kernels
    /// send 0 and 1, as captured messages show.
    pub fn is_truth(&self) -> bool {
        self.theirs == "false" && self.ours != "1"
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ours {}, theirs {}", self.path, self.ours, self.theirs)
    }
}

impl Opinion {
    /// Compares the attributes of a message with those that another library reads.
    pub fn of(message: Message<'_>, theirs: &Node) -> Self {
        let mut opinion = Self::default();
        opinion.compare(Walk::rtnl(message), theirs, "");
        opinion
    }

    fn compare(&mut self, walk: Walk<'_>, theirs: &Node, path: &str) {
        let Some(nodes) = theirs.list() else { return };
        match nodes {
            // What is after a struct.
            [_, attrs] if attrs.name == "attributes" => return self.compare(walk, attrs, path),
            // It keeps the bytes.
            [first, ..] if first.name == "kind" => return,
            _ => {}
        }
        // That it gives up somewhere stands between them.
        let nodes: Vec<_> = nodes.iter().filter(|node| !node.gives_up()).collect();
        let set = walk.schema().and_then(sets::of);
        let entries: Vec<_> = walk.flatten().collect();
        // Of attributes that come twice, each library has its own opinion which counts.
        let mut codes = BTreeSet::new();
        if !entries.iter().all(|entry| entry.field.is_none() || codes.insert(entry.nla.code())) {
            return;
        }
        if entries.len() == nodes.len() {
            for (entry, node) in entries.into_iter().zip(nodes) {
                self.one(set, entry, node, path);
            }
            return;
        }
        // They left some out: the names tell which.
        let mut rest = entries.into_iter();
        for node in nodes {
            let name = node.name.to_uppercase();
            let is_it = |entry: &Entry<'_>| {
                let ours = entry.name().unwrap_or_default();
                ours.match_indices('_').any(|(at, _)| ours[at..].replace('_', "") == name)
            };
            if let Some(entry) = rest.find(is_it) {
                self.one(set, entry, node, path);
            }
        }
    }

    fn one(&mut self, set: Option<&Set>, entry: Entry<'_>, node: &Node, path: &str) {
        let name = entry.name().map_or(entry.nla.code().to_string(), str::to_owned);
        let path = format!("{path}/{name}");
        match entry.content() {
            Content::Value(_) => {
                // Of an address that is too long, others read the start.
                let is_ip = Addr::new(entry.nla.payload()).ip().is_some();
                if matches!(entry.ty, Type::Addr | Type::Ipv4 | Type::Ipv6) && !is_ip {
                    return;
                }
                let Some(ours) = set.and_then(|set| ours(set, entry)) else { return };
                let form = |node: &Node| form(entry.ty, node);
                let Some((ours, theirs)) = form(&ours).zip(form(node)) else { return };
                self.compared += 1;
                let same = match theirs.as_str() {
                    "true" => ours != "0",
                    "false" => ours == "0",
                    theirs => ours == theirs,
                };
                if !same {
                    self.differences.push(Difference { path, ours, theirs });
                }
            }
            Content::Attrs(walk) | Content::Headed(_, walk) => self.compare(walk, node, &path),
            Content::Records(_) => {}
        }
    }
}

/// An attribute as its type reads it.
fn ours(set: &Set, entry: Entry<'_>) -> Option<Node> {
    let mut shown = String::new();
    set.read(entry.nla, Some(&mut shown), &mut Vec::new()).ok()?;
    Some(Node::read(&shown))
}

/// A value of such a type, if it is told in a form that all have.
fn form(ty: Type, node: &Node) -> Option<String> {
    let value = node.value();
    match ty {
        Type::Int(_) => number(value?),
        Type::Constants(constants) if !constants.flags => number(value?),
        // What is escaped, each escapes otherwise.
        Type::String => value
            .filter(|text| text.starts_with('"') && text.is_ascii() && !text.contains(['\\', '\'']))
            .map(str::to_owned),
        Type::Addr | Type::Ipv4 | Type::Ipv6 => Some(value?.parse::<IpAddr>().ok()?.to_string()),
        Type::LlAddr => match node.list() {
            Some(bytes) => {
                let bytes = bytes.iter().map(|byte| byte.name.parse().ok());
                Some(LlAddr(&bytes.collect::<Option<Vec<u8>>>()?).to_string())
            }
            None => value.filter(|text| text.contains(':')).map(str::to_owned),
        },
        _ => None,
    }
}

fn number(text: &str) -> Option<String> {
    match text {
        "true" | "false" => Some(text.to_owned()),
        number => Some(number.parse::<i128>().ok()?.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A third opinion on every captured message: each value that another library tells as well is
    /// the same, but for its known faults. A fault that does not show any more has to leave the list.
    #[test]
    fn other_libraries_read_the_same() {
        let mut found: BTreeMap<(String, String), String> = BTreeMap::new();
        for (name, peer) in ALL {
            let mut compared = 0;
            for capture in netlink_captures::all() {
                for record in &capture.records {
                    let message = record.message();
                    let about = format!("{}: {}", capture.kernel, record.command);
                    match peer(&record.bytes, message) {
                        None => {}
                        Some(Err(error)) => {
                            let kind = format!("message {}", message.header.kind);
                            found
                                .entry((name.to_owned(), kind))
                                .or_insert_with(|| format!("{error}; {about}"));
                        }
                        Some(Ok(theirs)) => {
                            let opinion = Opinion::of(message, &theirs);
                            compared += opinion.compared;
                            for difference in opinion.differences {
                                let how = format!("{difference}; {about}");
                                found.entry((name.to_owned(), difference.path)).or_insert(how);
                            }
                        }
                    }
                }
            }
            println!("{name}: {compared} values compared");
            assert!(compared > 10_000, "{name}: only {compared} values");
        }
        for (name, path, why) in KNOWN {
            let key = ((*name).to_owned(), (*path).to_owned());
            assert!(found.remove(&key).is_some(), "{name} has {path} right now: {why}");
        }
        assert!(found.is_empty(), "they have otherwise: {found:#?}");
    }
}
