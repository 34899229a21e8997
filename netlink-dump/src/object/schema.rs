//! The tables of attributes, as data: every set that netlink-wire declares,
//! with numbers, names and types.

use netlink_wire::{
    AckAttr, Attribute, Family,
    schema::{Choices, Chooser, Field, Schema, Type},
};

use super::Context;
use crate::{failure::Failure, help::Help, out::Out, selector::Words};

pub(super) const HELP: Help = Help {
    about: "the tables of attributes, as data",
    usage: &["[-json] schema [-json]"],
    words: &[],
    notes: "",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let out = &mut context.out;
    // It is no object of `ip`, the options of which come first.
    while let Some(word) = words.next() {
        if word.is("help") {
            return Err(Failure::usage(&HELP));
        }
        if !word.is_json() {
            return Err(word.garbage("schema"));
        }
        out.turn_to_json();
    }
    out.begin();
    for set in sets() {
        out.row(|out| {
            out.word("set", ["", "\n"], set.name);
            out.array("attributes", |out| set.attrs.iter().for_each(|field| attribute(out, field)));
        })?;
    }
    Ok(out.end()?)
}

fn attribute(out: &mut Out, field: &Field) {
    let width = 40usize.saturating_sub(field.name.len());
    out.item_object(|out| {
        out.num("number", [if field.code < 10 { "     " } else { "    " }, " "], field.code);
        out.word("name", ["", ""], field.name);
        out.text_value([" ", "\n"], format_args!("{:width$}{}", "", field.ty));
        kind(out, &field.ty);
    });
}

/// A type in the words of the kernel's specifications, and what is inside.
fn kind(out: &mut Out, ty: &Type) {
    let (word, inside) = word(ty);
    out.json_word("type", word.as_str());
    match inside {
        Some(inside) => out.json_word("nested", inside),
        None if out.is_json() => out.mark("nested", ""),
        None => {}
    }
    if out.is_json() {
        if let Type::Select(choices) | Type::Multi(Type::Select(choices)) = ty {
            choice(out, choices);
        }
    }
}

fn word(ty: &Type) -> (String, Option<&'static str>) {
    match ty {
        Type::Nest(set) => ("nest".into(), Some(set().name)),
        Type::Headed(head, set) => (format!("struct:{}+nest", head.name), Some(set().name)),
        Type::Records(head, set) => (format!("records:{}+nest", head.name), Some(set().name)),
        Type::Select(choices) => ("sub-message".into(), Some(choices.name)),
        Type::List(item) => ("indexed-array".into(), word(item).1),
        Type::Multi(item) => word(item),
        ty => (ty.to_string(), None),
    }
}

/// The types among which something chooses.
fn choice(out: &mut Out, choices: &Choices) {
    match choices.by {
        Chooser::Attr(number) => out.json_num("selector", number()),
        Chooser::Family => out.json_word("selector", "family"),
        Chooser::Nested => out.json_word("selector", "NLA_F_NESTED"),
    }
    out.array("choices", |out| {
        for (value, ty) in choices.of {
            out.item_object(|out| {
                out.json_word("value", value.to_string().as_str());
                kind(out, ty);
            });
        }
    });
}

/// Every set that a message can hold, each after the first one that it stands in.
fn sets() -> Vec<&'static Schema> {
    let mut sets: Vec<&'static Schema> = Vec::new();
    for family in Family::all() {
        add(&mut sets, family.attrs());
    }
    add(&mut sets, AckAttr::SCHEMA);
    sets
}

fn add(sets: &mut Vec<&'static Schema>, set: &'static Schema) {
    if sets.iter().any(|known| std::ptr::eq(*known, set) || known.name == set.name) {
        return;
    }
    sets.push(set);
    set.attrs.iter().for_each(|field| inside(sets, &field.ty));
}

fn inside(sets: &mut Vec<&'static Schema>, ty: &Type) {
    match ty {
        Type::Nest(set) | Type::Headed(_, set) | Type::Records(_, set) => add(sets, set()),
        Type::List(item) | Type::Multi(item) | Type::Packed(item) => inside(sets, item),
        Type::Select(choices) => {
            choices.of.iter().for_each(|(_, ty)| inside(sets, ty));
            inside(sets, choices.other);
        }
        _ => {}
    }
}
