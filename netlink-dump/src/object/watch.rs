//! What the kernel has, and from then on what truly changes.

use std::io;

use netlink_sys::mirror::{Change, Mirror, Object, Table, Tables};
use netlink_wire::Rtnl;

use super::{
    Context,
    event::{self, RECEIVE_BUFFER, Rows, Style, Topic},
    link::Printer,
};
use crate::{
    args::Family,
    failure::{Failure, complain},
    help::Help,
    selector::{Word, Words},
};

pub(super) const HELP: Help = Help {
    about: "all that there is, and then what truly changes",
    usage: &["watch [all|OBJECTS] [WORDS]"],
    words: &[
        ("address", "addresses of links"),
        ("link", "links"),
        ("neigh", "neighbours"),
        ("fdb", "forwarding databases"),
        ("nexthop", "nexthop objects"),
        ("route", "routes"),
        ("rule", "rules"),
        ("all", "all of these, as without any of them"),
        ("--until-synced", "end when all is told that there is"),
        ("--rcvbuf SIZE", "the kernel's receive buffer, in bytes; when it was too small it grows"),
        ("-j", "the same as before the object"),
    ],
    notes: "\
What is told is not each event, but what is different from before, be it that events were lost, or
that something vanished without one:
  +  is there    ~  changed: what it was, and after `->` what it is    -  is gone
  =  the kernel has all of the above, and nothing else    !  events were lost: it is read again
With -j, each is an object on a line of its own: {\"event\":\"added\",\"object\":\"route\",
\"new\":{..}} with the keys of the command that shows it, changed with old and new, removed with old,
{\"event\":\"synced\",\"generation\":1}, {\"event\":\"lost\",\"reason\":\"overflow\"}",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let mut wanted = Tables::EMPTY;
    let mut until_synced = false;
    while let Some(word) = words.next() {
        if word.begins("help") {
            return Err(Failure::usage(&HELP));
        } else if word.is("--until-synced") || word.is("-until-synced") {
            until_synced = true;
        } else if !event::take_option(&word, words, context)? {
            let tables = tables_named(&word);
            let tables = tables.ok_or_else(|| event::unknown(&word, "watch"))?;
            wanted = tables.iter().copied().fold(wanted, Tables::with);
        }
    }
    if wanted.is_empty() {
        wanted = Table::ALL.into_iter().collect();
    }
    let family = context.args.family;
    wanted = wanted.iter().filter(|table| may_have(*table, family)).collect();
    Watch { wanted, until_synced, rows: Rows::default() }.run(context)
}

/// What can be watched, in the order in which words are tried.
const OBJECTS: [(&str, &[Table]); 9] = [
    ("link", &[Table::Links]),
    ("address", &[Table::Addrs]),
    ("route", &[Table::Ipv4Routes, Table::Ipv6Routes, Table::MplsRoutes]),
    ("rule", &[Table::Ipv4Rules, Table::Ipv6Rules]),
    ("neighbour", &[Table::Neighs]),
    ("neighbor", &[Table::Neighs]),
    ("nexthop", &[Table::Nexthops]),
    ("fdb", &[Table::Fdb]),
    ("all", &Table::ALL),
];

/// The tables that a word names.
fn tables_named(word: &Word) -> Option<&'static [Table]> {
    OBJECTS.iter().find(|(name, _)| word.begins(name)).map(|(_, tables)| *tables)
}

/// The object that a table has.
fn object_of(table: Table) -> &'static str {
    let found = OBJECTS.iter().find(|(_, tables)| tables.contains(&table));
    found.map_or("", |(name, _)| name)
}

/// Whether a table may have objects of the family that is asked for.
fn may_have(table: Table, family: Option<Family>) -> bool {
    let Some(family) = family else { return true };
    match table {
        Table::Ipv4Routes | Table::Ipv4Rules => family == Family::INET,
        Table::Ipv6Routes | Table::Ipv6Rules => family == Family::INET6,
        Table::MplsRoutes => family == Family::MPLS,
        Table::Fdb => family == Family::BRIDGE,
        _ => true,
    }
}

struct Watch {
    wanted: Tables,
    until_synced: bool,
    rows: Rows,
}

impl Watch {
    /// Tells what changes as it does. What is known at once is written at once.
    fn run(&mut self, context: &mut Context) -> Result<(), Failure> {
        // A mirror follows links in any case, and their names are needed.
        let builder = Mirror::builder().tables(self.wanted.with(Table::Links));
        let mut mirror = match context.args.rcvbuf {
            Some(size) => builder.receive_buffer(size, LARGEST_BUFFER),
            None => builder.receive_buffer(RECEIVE_BUFFER, LARGEST_BUFFER),
        }
        .open()?;
        loop {
            let mut next = mirror.recv().map(Some);
            loop {
                match next {
                    Ok(None) => break,
                    Ok(Some(change)) => {
                        let is_synced = matches!(change, Change::Synced { .. });
                        self.change(&change, context)?;
                        if is_synced && self.until_synced {
                            return Ok(context.out.flush()?);
                        }
                    }
                    Err(error) if event::is_passing(&error) => {
                        context.out.flush()?;
                        complain(format_args!("netlink-dump: {error}"));
                    }
                    Err(error) => return Err(error.into()),
                }
                next = mirror.try_recv();
            }
            context.out.flush()?;
        }
    }

    fn change(&mut self, change: &Change, context: &mut Context) -> io::Result<()> {
        match change {
            Change::Added { new } => {
                self.learn(new, context);
                self.row(["added", "+ "], [None, Some(new)], context)
            }
            Change::Changed { old, new } => {
                self.learn(new, context);
                self.row(["changed", "~ "], [Some(old), Some(new)], context)
            }
            Change::Removed { old } => self.row(["removed", "- "], [Some(old), None], context),
            Change::Lost { reason } if context.out.is_json() => {
                event::lost_line(*reason, &mut context.out, |_| {})
            }
            Change::Lost { reason } => {
                context.out.line(|out| out.text_value(["! ", ""], format_args!("{reason}")))
            }
            Change::Synced { generation, unproven } => context.out.line(|out| {
                out.json_word("event", "synced");
                out.num("generation", ["= synced, generation ", ""], *generation);
                if !unproven.is_empty() {
                    out.text(", but these changed too fast:");
                    out.array("unproven", |out| {
                        unproven.iter().for_each(|table| out.item([" ", ""], object_of(table)));
                    });
                }
            }),
            _ => Ok(()),
        }
    }

    /// The names of links are known before other objects name them.
    fn learn(&mut self, object: &Object, context: &mut Context) {
        context.names.turn_to(None);
        self.rows.learn(object.message(), context);
    }

    fn row(
        &mut self,
        [event, sign]: [&str; 2],
        objects: [Option<&Object>; 2],
        context: &mut Context,
    ) -> io::Result<()> {
        let Some(object) = objects.into_iter().flatten().next() else { return Ok(()) };
        let is_wanted = object.table().is_some_and(|table| self.wanted.contains(table));
        let Some(topic) = Topic::of(&object.rtnl()).filter(|_| is_wanted) else { return Ok(()) };
        if !is_of_family(&object.rtnl(), context.args.family) {
            return Ok(());
        }
        let Context { args, names, out, faults, .. } = context;
        out.line(|out| {
            out.json_word("event", event);
            out.word("object", [sign, " "], topic.object);
            if let Some(family) = event::family(&object.rtnl()) {
                out.json_word("family", family);
                // A rule need not have an address to tell by.
                if topic.object == "rule" {
                    out.text_value(["", " "], family);
                }
            }
            for ((object, key), before) in
                objects.into_iter().zip(["old", "new"]).zip(["", "\n    -> "])
            {
                let Some(object) = object else { continue };
                out.text(if objects[0].is_some() { before } else { "" });
                out.object(key, |out| {
                    let mut to = Printer { out, names, faults, args };
                    self.rows.print(&object.rtnl(), Style::Show, &mut to);
                });
            }
        })?;
        if let [_, Some(new)] = objects {
            self.rows.learn_after(new.message(), context);
        }
        Ok(())
    }
}

/// Bytes that the kernel's receive buffer may grow to.
const LARGEST_BUFFER: usize = 64 << 20;

/// Addresses and neighbours of all families are in one table.
fn is_of_family(rtnl: &Rtnl<'_>, family: Option<Family>) -> bool {
    let Some(family) = family else { return true };
    match rtnl {
        Rtnl::Addr(addr) => addr.header.family == family.0,
        Rtnl::Neigh(neigh) => neigh.header.family == family.0,
        _ => true,
    }
}
