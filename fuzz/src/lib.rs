//! What the fuzz targets share.

pub mod peers;
pub mod views;

use std::fmt::{self, Write};

use netlink_captures::sets::{self, Set};
use netlink_wire::{
    Nla,
    walk::{Content, Walk},
};

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
/// deep it is. Values that are no attributes are made text.
pub fn visit(walk: Walk<'_>, depth: usize, f: &mut dyn FnMut(&'static Set, Nla<'_>, usize)) {
    // The set without a name is that of messages of no known type, which have no attributes.
    let schema = walk.schema().filter(|schema| !schema.name.is_empty());
    let set = schema.map(|schema| sets::of(schema).expect("every set is listed"));
    for entry in walk.flatten() {
        if let Some(set) = set {
            f(set, entry.nla, depth);
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
