//! A picture of the machine's links: which lies over which, which are ports of which, which are
//! two ends of one cable, and where tunnels lead.
//!
//! [`machine`] reads what there is, from one network namespace or from all that `ip netns` names.
//! [`dot`] writes it for Graphviz; [`layout`], [`route`] and [`svg`] draw it without other programs.

mod dot;
mod layout;
mod machine;
mod route;
mod svg;

use std::{ffi::OsStr, fs};

use self::machine::{Machine, What};
use super::Context;
use crate::{
    failure::Failure,
    help::Help,
    out::Out,
    selector::{Word, Words},
};

pub(super) const HELP: Help = Help {
    about: "a picture of the links and how they are connected",
    usage: &["[-all] [-json] graph [dot|svg] [FILE]"],
    words: &[
        ("dot", "write it for Graphviz; so it is without a word"),
        ("svg", "draw it"),
        ("[-o] FILE", "write to this file, whose ending tells what it is: .svg or any other"),
    ],
    notes: "\
Links of this network namespace are drawn, with -all those of every one that `ip netns` names: ports
of bridges, bonds and VRFs, both ends of veth pairs, what lies over what, and where tunnels lead.
",
};

/// What the picture is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Dot,
    Svg,
}

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let (mut form, mut file) = (None::<Form>, None::<Word>);
    while let Some(word) = words.next() {
        if word.is("help") {
            return Err(Failure::usage(&HELP));
        } else if ["dot", "-dot", "--dot"].iter().any(|dot| word.is(dot)) {
            form = Some(Form::Dot);
        } else if ["svg", "-svg", "--svg"].iter().any(|svg| word.is(svg)) {
            form = Some(Form::Svg);
        } else if word.is("-o") {
            file = Some(words.value()?);
        } else if file.is_none() {
            file = Some(word);
        } else {
            return Err(word.garbage("graph"));
        }
    }
    let machine = Machine::read(context)?;
    if context.out.is_json() {
        return context.list(|context| print(&machine, &mut context.out));
    }
    let is_svg = |file: &Word| file.to_path().extension() == Some(OsStr::new("svg"));
    let form = form.unwrap_or(match file.as_ref().is_some_and(is_svg) {
        true => Form::Svg,
        false => Form::Dot,
    });
    let picture = match form {
        Form::Dot => dot::draw(&machine),
        Form::Svg => svg::draw(&machine)?,
    };
    match file.filter(|file| !file.is("-")) {
        None => Ok(context.out.page(&picture)?),
        Some(file) => fs::write(file.to_path(), picture).map_err(|error| {
            Failure::new(Failure::MISSING, format_args!("Cannot write \"{file}\": {error}"))
        }),
    }
}

/// As JSON: an object for each link, with what it is connected to.
fn print(machine: &Machine, out: &mut Out) -> Result<(), Failure> {
    for (at, node) in machine.nodes.iter().enumerate() {
        let Some(index) = node.index else { continue };
        out.row(|out| {
            if let Some(name) = &machine.namespaces[node.namespace].name {
                out.json_word("netns", name.as_str());
            }
            out.json_num("ifindex", index);
            out.json_word("ifname", node.name.as_str());
            out.json_word("kind", node.kind.as_str());
            out.json_word("operstate", node.state.as_str());
            out.array("addresses", |out| {
                node.addresses.iter().for_each(|address| out.item(["", ""], address.as_str()));
            });
            out.array("details", |out| {
                node.details.iter().for_each(|detail| out.item(["", ""], detail.as_str()));
            });
            out.array("edges", |out| {
                for edge in machine.edges.iter().filter(|edge| edge.from == at) {
                    let to = &machine.nodes[edge.to];
                    out.item_object(|out| {
                        out.json_word("what", edge.what.word());
                        if let Some(name) = &machine.namespaces[to.namespace].name {
                            out.json_word("netns", name.as_str());
                        }
                        match to.index {
                            Some(index) => {
                                out.json_num("ifindex", index);
                                out.json_word("ifname", to.name.as_str());
                            }
                            None => out.json_word("address", to.name.as_str()),
                        }
                    });
                }
            });
        })?;
    }
    Ok(())
}

impl What {
    fn word(self) -> &'static str {
        match self {
            Self::Peer => "peer",
            Self::Port => "port of",
            Self::Over => "over",
            Self::Tunnel => "to",
        }
    }
}
