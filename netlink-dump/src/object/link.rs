//! Links, as `ip link` prints them.

mod ethertype;
mod kind;
mod pattern;
mod row;
mod select;
mod stats;
mod vf;
mod xdp;

use netlink_wire::{
    Attribute, Attrs, Message, Value,
    link::{Iff, Link},
};

pub(super) use self::{
    row::Row,
    select::{AddressFacts, HELP, Select},
};
use super::Context;
use crate::{
    args::{Args, Family},
    failure::{Failure, Faults, NoRow},
    names::Names,
    out::Out,
    selector::{Word, Words},
    text::Text,
};

/// What the printers of a link have at hand.
pub(super) struct Printer<'p> {
    pub(super) out: &'p mut Out,
    pub(super) names: &'p mut Names,
    pub(super) faults: &'p mut Faults,
    pub(super) args: &'p Args,
}

impl Printer<'_> {
    /// The value of an attribute, if it is there and can be read.
    fn get<'a, A: Attribute<'a>, T: Value<'a>>(
        &mut self,
        attrs: Attrs<'a, A>,
        variant: impl FnOnce(T) -> A,
    ) -> Option<T> {
        self.faults.read(attrs.get(variant))
    }
}

impl Printer<'_> {
    /// A number, if there is one.
    fn num(&mut self, value: Option<impl Text>, key: &str, text: [&str; 2]) {
        if let Some(value) = value {
            self.out.num(key, text, value);
        }
    }

    /// A word, if there is one.
    fn word(&mut self, value: Option<impl Text>, key: &str, text: [&str; 2]) {
        if let Some(value) = value {
            self.out.word(key, text, value);
        }
    }
}

/// What of a link is shown.
#[derive(Clone, Copy)]
pub(super) struct Show {
    /// What `ip link` shows and `ip address` does not.
    pub(super) link: bool,
    /// The line about the link layer.
    pub(super) link_layer: bool,
    /// The length of the queue.
    pub(super) queue: bool,
    /// Names of network namespaces, as far as they have any, rather than ids.
    pub(super) netns_names: bool,
}

impl Show {
    /// As `ip link` shows it.
    pub(super) const LINK: Self =
        Self { link: true, link_layer: true, queue: true, netns_names: true };
    /// As `ip address` does.
    pub(super) const ADDRESS: Self = Self { link: false, ..Self::LINK };
}

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    words.command("link", &HELP, &["show"])?;
    let mut select = Select::read(words, Family::PACKET, &mut context.names, &HELP)?;
    if let Some(device) = select.device.as_ref().filter(|_| select.wants_index()) {
        let index = context.names.link_index(device.as_bytes());
        select.index = Some(index.ok_or_else(|| no_such_device(device))?);
    }
    let mut buf = [0; 1024];
    let request = select.request(&mut buf, Family::PACKET, &context.args);
    let Some(device) = &select.device else {
        let request = request?;
        return context.list(|context| {
            context
                .dump(request, Failure::MISSING, |context, message| row(context, &select, message))
        });
    };
    // The kernel would find fault with the request.
    if !(1..=MAX_NAME).contains(&device.as_bytes().len()) {
        return Err(no_such_device(device));
    }
    let mut socket = context.open()?;
    let mut replies = socket.request(request?)?;
    let reply = match replies.recv() {
        Ok(reply) => reply,
        // A link that is missing is told instead of an empty table.
        Err(error) if error.is_not_found() => match context.names.link_index(device.as_bytes()) {
            None => return Err(no_such_device(device)),
            // With `if7` one may well be meant, but the kernel knows no such name.
            Some(_) => return context.list(|_| Err(no_such_name())),
        },
        Err(error) => return Err(error.into()),
    };
    context.list(|context| match reply.map(|reply| row(context, &select, reply)) {
        Some(Err(NoRow::Message(error))) => {
            context.faults.note(error);
            Ok(())
        }
        Some(Err(NoRow::Output(error))) => Err(error.into()),
        Some(Ok(())) | None => Ok(()),
    })
}

/// Most bytes of an alternative name: `ALTIFNAMSIZ` less its NUL.
const MAX_NAME: usize = 127;

/// Prints a link, if it is one that is to be shown.
fn row(context: &mut Context, select: &Select, message: Message<'_>) -> Result<(), NoRow> {
    let Context { args, names, out, faults, .. } = context;
    let row = Row::read(&Link::parse(message)?, faults);
    note(&row, names);
    // Addresses have labels: a link has none that could match.
    if select.label.is_none() && select.has_link(&row, faults) {
        out.row(|out| row.show(&Show::LINK, &mut Printer { out, names, faults, args }))?;
    }
    Ok(())
}

fn no_such_name() -> Failure {
    Failure::new(
        Failure::MISSING,
        "RTNETLINK answers: No such device\nCannot send link get request: No such device",
    )
}

pub(super) fn no_such_device(name: &Word) -> Failure {
    Failure::new(Failure::MISSING, format_args!("Device \"{name}\" does not exist."))
}

/// Prints what an event says of a link, all but the end of the last line.
pub(super) fn print_event(link: &Link<'_>, show: &Show, to: &mut Printer<'_>) {
    Row::read(link, to.faults).show(show, to);
}

/// Notes the name that an event has for a link.
pub(super) fn note_event(link: &Link<'_>, context: &mut Context) {
    note(&Row::read(link, &mut context.faults), &mut context.names);
}

/// Notes the name of a link, which links after it may refer to.
pub(super) fn note(row: &Row<'_>, names: &mut Names) {
    if let Some(name) = row.name {
        names.note_link(
            row.index(),
            name.as_bytes(),
            row.header.flags.contains(Iff::UP),
            row.header.kind,
        );
    }
}

#[cfg(test)]
mod tests;
