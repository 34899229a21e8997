//! Every message that a kernel sent: framed, read in full, written back byte for byte.

use std::collections::{BTreeMap, BTreeSet};

use netlink_captures::{Capture, Kind, Record, hex, sets};
use netlink_wire::{
    Ack, Addr, Attribute, Body, Error, Family, Header, LlAddr, Messages, Nla, Nlas, Rtnl, Str,
    nduseropt::NdUserOpt,
    schema::{Chooser, Field, Schema, Type},
    walk::{Content, Entry, Walk},
};

fn each(mut f: impl FnMut(&Capture, &Record)) {
    let mut count = 0;
    for capture in netlink_captures::all() {
        for record in &capture.records {
            f(&capture, record);
            count += 1;
        }
    }
    assert!(count > 30, "only {count} messages");
}

#[test]
fn frames_and_reads_all() {
    each(|_, record| {
        let messages: Result<Vec<_>, _> = Messages::new(&record.bytes).collect();
        let [message] = *messages.unwrap() else { panic!("{}", record.command) };
        match Rtnl::parse(message) {
            Ok(Rtnl::Unknown(_)) => match message.header.kind {
                Header::ERROR | Header::DONE => {
                    let ack = Ack::parse(message).unwrap();
                    assert!(ack.attrs.iter().all(|attr| attr.is_ok()), "{}", record.command);
                }
                kind => panic!("{}: {kind} has no family", record.command),
            },
            Ok(_) => {}
            Err(error) => panic!("{}: {error}", record.command),
        }
    });
}

/// Message by message: header, and attribute by attribute into a buffer of 0xFF.
#[test]
fn writes_messages_back() {
    fn write<'a, H: netlink_wire::Record, A: Attribute<'a>>(
        header: Header,
        body: Body<'a, H, A>,
    ) -> Vec<u8> {
        let mut buf = vec![0xff; header.len as usize + 64];
        let mut writer = Body::<H, A>::writer(&mut buf, header.kind, header.flags, &body.header);
        for attr in body.attrs {
            writer.push(attr.unwrap());
        }
        writer.finish().unwrap()[size_of::<Header>()..].to_vec()
    }
    each(|capture, record| {
        let message = record.message();
        let Header { len, kind, flags, .. } = message.header;
        let header = Header { len, kind, flags, ..Header::default() };
        let written = match Rtnl::parse(message).unwrap() {
            Rtnl::Link(body) | Rtnl::LinkProp(body) => write(header, body),
            Rtnl::Addr(body) | Rtnl::Multicast(body) | Rtnl::Anycast(body) => write(header, body),
            Rtnl::Route(body) => write(header, body),
            Rtnl::Neigh(body) => write(header, body),
            Rtnl::Rule(body) => write(header, body),
            Rtnl::NeighTbl(body) => write(header, body),
            Rtnl::AddrLabel(body) => write(header, body),
            Rtnl::NetConf(body) => write(header, body),
            Rtnl::Nsid(body) => write(header, body),
            Rtnl::Nexthop(body) | Rtnl::NexthopBucket(body) => write(header, body),
            Rtnl::Stats(body) => write(header, body),
            Rtnl::StatsRequest(body) => write(header, body),
            Rtnl::Qdisc(body) | Rtnl::Tclass(body) | Rtnl::Tfilter(body) | Rtnl::Chain(body) => {
                write(header, body)
            }
            Rtnl::Prefix(body) => write(header, body),
            Rtnl::BridgeMdb(body) => write(header, body),
            Rtnl::BridgeMdbRequest(body) => write(header, body),
            Rtnl::BridgeMdbGet(body) => write(header, body),
            Rtnl::BridgeVlan(body) => write(header, body),
            Rtnl::BridgeVlanRequest(body) => write(header, body),
            Rtnl::Tunnel(body) => write(header, body),
            Rtnl::Action(body) => write(header, body),
            Rtnl::Dcb(body) => write(header, body),
            Rtnl::CacheReport(body) => write(header, body),
            Rtnl::NdUserOpt(NdUserOpt { header, options, attrs }) => {
                let mut buf = vec![0xff; len as usize + 64];
                let mut writer = NdUserOpt::writer(&mut buf, flags, &header, options);
                for attr in attrs {
                    writer.push(attr.unwrap());
                }
                writer.finish().unwrap()[size_of::<Header>()..].to_vec()
            }
            Rtnl::Unknown(_) => return,
            other => panic!("no line here for {other:?}"),
        };
        let mut read = record.bytes.clone();
        if record.kind == Kind::Request {
            // `ip` leaves what happens to be there in the padding.
            for nla in Walk::rtnl(message).map(|entry| entry.unwrap().nla) {
                let end = nla.offset() as usize + 4 + nla.payload().len();
                read[end..end.next_multiple_of(4)].fill(0);
            }
        }
        same(&written, &read[size_of::<Header>()..], || {
            format!("{}: {}", capture.kernel, record.command)
        });
    });
}

/// At every depth: read as its type, written back, and told the same by a walk.
#[test]
fn reads_and_writes_every_attribute() {
    each(|capture, record| {
        let mut path = format!("{}/{}: {}", capture.kernel, capture.scenario, record.command);
        attributes(&record.bytes, Walk::rtnl(record.message()), &mut path);
    });
}

fn attributes(message: &[u8], walk: Walk<'_>, path: &mut String) {
    let schema = walk.schema();
    for entry in walk {
        let entry = entry.unwrap_or_else(|e| panic!("{path}: {e}"));
        let len = path.len();
        *path += &format!("/{}", entry.name().map_or(entry.nla.code().to_string(), str::to_owned));
        if let Some(schema) = schema {
            attribute(message, schema, entry, path);
        }
        match entry.content() {
            Content::Value(_) => {}
            Content::Attrs(walk) | Content::Headed(_, walk) => attributes(message, walk, path),
            Content::Records(records) => {
                for record in records {
                    attributes(
                        message,
                        record.unwrap_or_else(|e| panic!("{path}: {e}")).attrs,
                        path,
                    );
                }
            }
        }
        path.truncate(len);
    }
}

fn attribute(message: &[u8], schema: &Schema, entry: Entry<'_>, path: &str) {
    let start = entry.nla.offset() as usize;
    let end = start + 4 + entry.nla.payload().len();
    let set = sets::of(schema).unwrap_or_else(|| panic!("{path}: no such set"));
    let (mut shown, mut bytes) = (String::new(), Vec::new());
    let read = set.read(entry.nla, Some(&mut shown), &mut bytes);
    read.unwrap_or_else(|e| panic!("{path}: {e}"));
    let (written, padding) = bytes.split_at(end - start);
    same(written, &message[start..end], || path.to_owned());
    assert!(padding.iter().all(|byte| *byte == 0), "{path}");
    // What another attribute chooses, an attribute by itself cannot show.
    let alone = |field: &Field| match field.ty {
        Type::Select(choices) => matches!(choices.by, Chooser::Family),
        _ => true,
    };
    if entry.field.is_some_and(alone) {
        if let Some(expected) = debug(entry.ty, entry.nla.payload()) {
            // `Dst(Addr(192.0.2.1))` is as good as `Dst(192.0.2.1)`.
            let (shown, expected) = (shown.trim_end_matches(')'), expected.trim_end_matches(')'));
            assert!(shown.ends_with(expected), "{path}: {shown}, {expected}");
        }
    }
}

/// What `Debug` shows of a value, as the schema has it.
fn debug(ty: Type, bytes: &[u8]) -> Option<String> {
    Some(match ty {
        Type::Int(int) => {
            let mut wide = [0; 8];
            let network = int.network || cfg!(target_endian = "big");
            let len = usize::from(int.len);
            if network {
                wide[8 - len..].copy_from_slice(bytes);
            } else {
                wide[..len].copy_from_slice(bytes);
            }
            let number = if network { u64::from_be_bytes(wide) } else { u64::from_le_bytes(wide) };
            let unused = 64 - 8 * u32::from(int.len);
            if int.signed {
                ((number << unused) as i64 >> unused).to_string()
            } else {
                number.to_string()
            }
        }
        Type::Constants(constants) => {
            format!("{}({})", constants.name, debug(Type::Int(constants.int), bytes)?)
        }
        Type::Flag => "()".to_owned(),
        Type::String => format!("{:?}", Str::exact(bytes)),
        Type::Addr => format!("{:?}", Addr::new(bytes)),
        Type::LlAddr => format!("{:?}", LlAddr(bytes)),
        Type::Array(item, count) => {
            let items = bytes.chunks(bytes.len() / count).map(|bytes| debug(*item, bytes));
            format!("[{}]", items.collect::<Option<Vec<_>>>()?.join(", "))
        }
        Type::Struct(layout) => {
            let mut bytes = bytes.to_vec();
            bytes.resize(layout.size()?, 0);
            let (mut fields, mut rest) = (Vec::new(), &bytes[..]);
            for (name, ty) in layout.fields {
                let (value, after) = rest.split_at(ty.size()?);
                if let Type::Struct(_) = ty {
                    return None; // Its name in this crate is not known here.
                }
                fields.push(format!("{name}: {}", debug(*ty, value)?));
                rest = after;
            }
            format!("{{ {} }}", fields.join(", "))
        }
        _ => return None,
    })
}

/// What the walk of a message meets: set and name.
fn meet(walk: Walk<'_>, met: &mut BTreeSet<(&'static str, &'static str)>) {
    let set = walk.schema().map(|schema| schema.name);
    for entry in walk.flatten() {
        met.extend(set.zip(entry.field.map(|field| field.name)));
        match entry.content() {
            Content::Value(_) => {}
            Content::Attrs(walk) | Content::Headed(_, walk) => meet(walk, met),
            Content::Records(records) => {
                records.flatten().for_each(|record| meet(record.attrs, met));
            }
        }
    }
}

/// The attributes of `facts/uncaptured.txt`. Each group stands under the reason why it was not captured, which names
/// the place in Linux that sends it.
fn uncaptured() -> BTreeSet<(&'static str, &'static str)> {
    let (_, groups) = include_str!("facts/uncaptured.txt").split_once("\n\n").unwrap();
    let mut listed = BTreeSet::new();
    for group in groups.split("\n\n") {
        let (reason, lines): (Vec<_>, Vec<_>) =
            group.lines().partition(|line| line.starts_with("# "));
        let source = |word: &str| word.contains('/') && word.contains('.');
        assert!(reason.join(" ").split(' ').any(source), "no place in Linux:\n{group}");
        for line in lines {
            assert!(listed.insert(line.split_once(' ').unwrap()), "{line}: twice");
        }
    }
    listed
}

/// An attribute was sent to a kernel or by one, or stands in the list of those
/// that were not; in which no line is left that was captured, or is no attribute.
#[test]
#[cfg_attr(target_endian = "big", ignore = "fewer kernels of this byte order were recorded")]
fn every_attribute_was_captured() {
    let (mut met, mut reached) = (BTreeSet::new(), BTreeMap::new());
    each(|_, record| meet(Walk::rtnl(record.message()), &mut met));
    Family::all().iter().for_each(|family| reach(family.attrs(), &mut reached));
    let mut listed = uncaptured();
    let mut complaints = Vec::new();
    for (set, schema) in &reached {
        for Field { name, .. } in schema.attrs {
            match (met.contains(&(*set, *name)), listed.remove(&(*set, *name))) {
                (false, false) => complaints.push(format!("{set} {name}")),
                (true, true) => complaints.push(format!("{set} {name}: was captured meanwhile")),
                _ => {}
            }
        }
    }
    complaints.extend(listed.iter().map(|(set, name)| format!("{set} {name}: no such attribute")));
    let hint = "capture these, or list them in tests/facts/uncaptured.txt";
    assert!(complaints.is_empty(), "{hint}:\n{}", complaints.join("\n"));
}

/// Every set that a family leads to can be read here.
#[test]
fn knows_every_set() {
    let mut reached = BTreeMap::new();
    for family in Family::all() {
        reach(family.attrs(), &mut reached);
    }
    let listed: BTreeSet<_> = sets::all().map(|set| set.schema.name).collect();
    let missing: Vec<_> = reached.keys().filter(|name| !listed.contains(*name)).collect();
    assert!(missing.is_empty(), "add these to captures/sets.rs: {missing:?}");
}

fn reach(schema: &'static Schema, reached: &mut BTreeMap<&'static str, &'static Schema>) {
    if let Some(other) = reached.insert(schema.name, schema) {
        assert!(std::ptr::eq(other.attrs, schema.attrs), "two sets are called {}", schema.name);
        return;
    }
    for field in schema.attrs {
        reach_type(&field.ty, reached);
    }
}

fn reach_type(ty: &Type, reached: &mut BTreeMap<&'static str, &'static Schema>) {
    match ty {
        Type::Nest(schema) | Type::Headed(_, schema) | Type::Records(_, schema) => {
            reach(schema(), reached);
        }
        Type::List(item) | Type::Multi(item) => reach_type(item, reached),
        Type::Select(choices) => {
            choices.of.iter().for_each(|(_, ty)| reach_type(ty, reached));
            reach_type(choices.other, reached);
        }
        _ => {}
    }
}

/// Shows bytes in hexadecimal, and where, if they differ.
fn same(written: &[u8], read: &[u8], place: impl Fn() -> String) {
    if written != read {
        assert_eq!(hex(written), hex(read), "{}", place());
    }
}

/// A message of a capture is not changed by its file.
#[test]
fn the_file_format_loses_nothing() {
    for capture in netlink_captures::all() {
        let again = Capture::read(&capture.to_string()).unwrap();
        assert_eq!(again.records, capture.records);
        assert_eq!(again.big_endian, capture.big_endian);
    }
}

/// Cut short anywhere, a message is refused or read up to the cut.
#[test]
fn survives_being_cut() {
    each(|_, record| {
        for len in (0..record.bytes.len()).step_by(7) {
            let cut = &record.bytes[..len];
            assert!(Messages::new(cut).all(|message| message.is_err()));
            let attrs = Nlas::new(cut.get(16..).unwrap_or_default(), 16);
            let _: Vec<Result<Nla<'_>, Error>> = attrs.collect();
        }
    });
}
