//! What other libraries make of a message, beside what a walk shows.
//!
//! Their types differ from ours and from each other. What `Debug` shows of them
//! has one form all the same: names, and what is inside, in the order of the
//! message.

use std::{
    net::IpAddr,
    panic::{AssertUnwindSafe, catch_unwind},
};

use netlink_bindings::{rt_addr, rt_link, rt_neigh, rt_route, rt_rule};
use netlink_packet_core::{NetlinkMessage, NetlinkPayload};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_wire::{
    Addr, Message, Str,
    schema::Type,
    walk::{Content, Entry, Walk},
};

/// The attributes of a message as another library reads them; `None` if it knows none of that type.
pub type Peer = fn(&[u8], Message<'_>) -> Option<Result<Node, String>>;

/// Both, with their names.
pub const ALL: [(&str, Peer); 2] =
    [("netlink-packet-route", packet_route), ("netlink-bindings", bindings)];

/// `netlink-packet-route`, which reads all of a message or nothing.
pub fn packet_route(bytes: &[u8], message: Message<'_>) -> Option<Result<Node, String>> {
    use RouteNetlinkMessage as M;
    // NEW and DEL of links, addresses, routes, neighbours and rules.
    if !(16..=33).contains(&message.header.kind) || message.header.kind % 4 > 1 {
        return None;
    }
    let read = || NetlinkMessage::<RouteNetlinkMessage>::deserialize(bytes);
    let message = match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(message)) => message,
        Ok(Err(error)) => return Some(Err(error.to_string())),
        Err(_) => return Some(Err("it panics".to_owned())),
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

    /// The outermost list.
    fn list(&self) -> Option<&[Node]> {
        match &self.inside[..] {
            _ if self.name == "Err" => None, // They give up.
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
    /// The path of each attribute that is told otherwise, and how.
    pub differences: Vec<(String, String)>,
}

impl Opinion {
    /// Compares the attributes of a walk with those of another library.
    pub fn compare(&mut self, walk: Walk<'_>, theirs: &Node, path: &str) {
        let Some(nodes) = theirs.list() else { return };
        match nodes {
            // What is after a struct.
            [_, attrs] if attrs.name == "attributes" => return self.compare(walk, attrs, path),
            // It keeps the bytes.
            [first, ..] if first.name == "kind" => return,
            _ => {}
        }
        let entries: Vec<_> = walk.flatten().collect();
        if entries.len() == nodes.len() {
            for (entry, node) in entries.into_iter().zip(nodes) {
                self.one(entry, node, path);
            }
            return;
        }
        // They left some out: the names tell which.
        let mut rest = entries.into_iter();
        for node in nodes {
            let name = node.name.to_uppercase();
            let is_it = |entry: &Entry<'_>| {
                entry.name().is_some_and(|ours| ours.replace('_', "").ends_with(&name))
            };
            if let Some(entry) = rest.find(is_it) {
                self.one(entry, node, path);
            }
        }
    }

    fn one(&mut self, entry: Entry<'_>, node: &Node, path: &str) {
        let name = entry.name().map_or(entry.nla.code().to_string(), str::to_owned);
        let path = format!("{path}/{name}");
        match entry.content() {
            Content::Value(_) => {
                let Some(ours) = value(entry.ty, entry.nla.payload()) else { return };
                let theirs = match (entry.ty, node.list()) {
                    (Type::LlAddr, Some(bytes)) => {
                        let bytes: Vec<_> = bytes.iter().map(|byte| byte.name.as_str()).collect();
                        Some(bytes.join(","))
                    }
                    _ => node.value().and_then(|theirs| same_form(entry.ty, theirs)),
                };
                if let Some(theirs) = theirs {
                    self.compared += 1;
                    if ours != theirs {
                        self.differences.push((path, format!("ours {ours}, theirs {theirs}")));
                    }
                }
            }
            Content::Attrs(walk) | Content::Headed(_, walk) => self.compare(walk, node, &path),
            Content::Records(_) => {}
        }
    }
}

/// A value of ours as text, if its type has one form everywhere.
fn value(ty: Type, bytes: &[u8]) -> Option<String> {
    let int = match ty {
        Type::Int(int) => int,
        Type::Constants(constants) if !constants.flags => constants.int,
        Type::String => return Some(format!("{:?}", Str::exact(bytes))),
        Type::Addr | Type::Ipv4 | Type::Ipv6 => {
            return match Addr::new(bytes) {
                Addr::Other(_) => None,
                ip => Some(ip.to_string()),
            };
        }
        Type::LlAddr => {
            let bytes: Vec<_> = bytes.iter().map(u8::to_string).collect();
            return Some(bytes.join(","));
        }
        _ => return None,
    };
    (bytes.len() == usize::from(int.len)).then_some(())?;
    let big = int.network || cfg!(target_endian = "big");
    let fold = |number: i128, byte: &u8| (number << 8) | i128::from(*byte);
    let number = if big { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) };
    let bits = 8 * u32::from(int.len);
    let is_negative = int.signed && number >> (bits - 1) == 1;
    Some(if is_negative { number - (1 << bits) } else { number }.to_string())
}

/// A value of theirs, if it has the form of such a type.
fn same_form(ty: Type, theirs: &str) -> Option<String> {
    match ty {
        Type::String => theirs.starts_with('"').then(|| theirs.to_owned()),
        Type::Addr | Type::Ipv4 | Type::Ipv6 => {
            theirs.parse::<IpAddr>().ok().map(|ip| ip.to_string())
        }
        _ => match theirs {
            "true" => Some("1".to_owned()),
            "false" => Some("0".to_owned()),
            number => number.parse::<i128>().ok().map(|number| number.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// What a library has otherwise, and the kernel's word for our reading.
    const KNOWN: &[(&str, &str, &str)] = &[
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
                            let mut opinion = Opinion::default();
                            opinion.compare(Walk::rtnl(message), &theirs, "");
                            compared += opinion.compared;
                            for (path, how) in opinion.differences {
                                found
                                    .entry((name.to_owned(), path))
                                    .or_insert_with(|| format!("{how}; {about}"));
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
