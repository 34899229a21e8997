//! What the fuzz targets share.

use netlink_captures::sets::{self, Typed};
use netlink_wire::{
    Nla, Result,
    schema::Schema,
    walk::{Content, Walk},
};

/// Shows every attribute of a walk, however deep, to `f`: as it lies in the
/// message, and as its type. What is shown as text is made and thrown away.
pub fn visit(walk: Walk<'_>, f: &mut dyn FnMut(&'static Schema, Nla<'_>, &Result<Typed>)) {
    let schema = walk.schema();
    for entry in walk.flatten() {
        if let Some(schema) = schema {
            let typed = sets::read(schema, entry.nla).expect("every set is listed");
            f(schema, entry.nla, &typed);
        }
        match entry.content() {
            Content::Value(value) => drop(value.to_string()),
            Content::Attrs(walk) => visit(walk, f),
            Content::Headed(head, walk) => {
                drop(head.to_string());
                visit(walk, f);
            }
            Content::Records(records) => {
                for record in records.flatten() {
                    drop(record.header.to_string());
                    visit(record.attrs, f);
                }
            }
        }
    }
}

/// Chooses the planted bug that the environment names, if any.
pub fn plant() {
    #[cfg(planted_bug)]
    {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            let name = std::env::var("PLANTED_BUG").unwrap_or_default();
            netlink_wire::planted::choose(&name);
            netlink_sys::planted::choose(&name);
        });
    }
}
