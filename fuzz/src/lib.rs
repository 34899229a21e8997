//! What the fuzz targets share.

pub mod peers;
pub mod views;

use std::fmt::{self, Write};

use netlink_captures::sets::{self, Set};
use netlink_wire::{
    Message, Messages, Nla, Rtnl,
    form::{Form, View},
    schema::Type,
    walk::{Content, Walk},
};
use serde::Serialize;

/// Text that is made and thrown away.
#[derive(Debug)]
pub struct Nowhere;

impl Write for Nowhere {
    fn write_str(&mut self, _: &str) -> fmt::Result {
        Ok(())
    }
}

impl Nowhere {
    /// Makes the text of a value.
    pub fn show(value: impl fmt::Display) {
        write!(Self, "{value}").expect("nowhere takes all");
    }
}

/// Shows every attribute of a walk, however deep, to `f`, with its set and how
/// deep it is. Values that are no attributes are made text, and so are types.
pub fn visit(walk: Walk<'_>, depth: usize, f: &mut dyn FnMut(&'static Set, Nla<'_>, usize)) {
    // The set without a name is that of messages of no known type, which have no attributes.
    let schema = walk.schema().filter(|schema| !schema.name.is_empty());
    let set = schema.map(|schema| sets::of(schema).expect("every set is listed"));
    for entry in walk.flatten() {
        if let Some(set) = set {
            f(set, entry.nla, depth);
        }
        if let Some(field) = entry.field {
            Nowhere::show(field.ty);
            if let Type::Select(choices) = field.ty {
                choices.of.iter().for_each(|(choice, _)| Nowhere::show(choice));
            }
        }
        match entry.content() {
            Content::Value(value) => Nowhere::show(value),
            Content::Attrs(walk) => visit(walk, depth + 1, f),
            Content::Headed(head, walk) => {
                Nowhere::show(head);
                visit(walk, depth + 1, f);
            }
            Content::Records(records) => {
                for record in records.flatten() {
                    Nowhere::show(record.header);
                    visit(record.attrs, depth + 1, f);
                }
            }
        }
    }
}

/// What is shown of a message as JSON is built, and shown as the same again. A link by its type, and
/// its attributes, are shown as they are in the message.
pub fn form(message: Message<'_>) {
    fn show(value: impl Serialize) -> String {
        serde_json::to_string(&value).expect("always shown")
    }
    let json = show(View::rtnl(message));
    if let Ok(Rtnl::Link(link)) = Rtnl::parse(message) {
        for part in [show(link), show(link.attrs)] {
            assert!(json.ends_with(&part[1..]), "{json} ends with {part}");
        }
    }
    let form: Form = serde_json::from_str(&json).expect("as it was shown");
    // Padding that was missing is added in each nest.
    let mut buf = vec![0xff; 2 * message.payload.len() + 64];
    match form.build_rtnl(&mut buf) {
        Ok(built) => {
            let again = Messages::new(built).next().expect("a message").expect("well framed");
            assert_eq!(show(View::rtnl(again)), json);
        }
        // Nests that were as long as can be have padding now.
        Err(error) => assert!(message.payload.len() > 65_000, "{error}: {json}"),
    }
}

/// Chooses the bug planted in a target that the environment names, if any.
pub fn plant(target: &str) {
    let _ = target;
    #[cfg(planted_bug)]
    {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            let name = std::env::var("PLANTED_BUG").unwrap_or_default();
            netlink_wire::planted::choose(target, &name);
            netlink_sys::planted::choose(target, &name);
        });
    }
}

/// Splits parts off the input, each after its length in two bytes. What is
/// missing from the last one is left out.
pub fn parts(mut input: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (len, rest) = input.split_first_chunk()?;
        let len = usize::from(u16::from_le_bytes(*len)).min(rest.len());
        let (part, after) = rest.split_at(len);
        input = after;
        Some(part)
    })
}
