//! The objects that the command line can name, one file each.

mod addr;
mod addrlabel;
mod capture;
pub(crate) mod completions;
pub(crate) mod decode;
mod event;
mod explain;
mod fdb;
mod graph;
mod link;
mod man;
mod monitor;
mod neigh;
mod netconf;
mod nexthop;
mod ntable;
mod route;
mod rule;
mod schema;
mod watch;

use std::{io, num::NonZero, thread};

use netlink_sys::{self as sys, Protocol, Socket, table::Routes};
use netlink_wire::{Message, route::Route};
use nix::sys::socket::{setsockopt, sockopt::RcvBuf};

use crate::{
    args::Args,
    failure::{Failure, Faults, NoRow},
    help::Help,
    names::Names,
    out::Out,
    progress::Progress,
    selector::{Word, Words},
};

/// Clock ticks a second in what the kernel tells: `USER_HZ`.
pub(crate) const USER_HZ: u32 = 100;

/// What a run of the command has at hand.
pub(crate) struct Context {
    pub(crate) args: Args,
    pub(crate) names: Names,
    pub(crate) out: Out,
    pub(crate) faults: Faults,
    /// What is done to a socket before it is used.
    explain: Option<Box<dyn Fn(Socket) -> Socket>>,
}

impl Context {
    fn new(args: Args, out: Out) -> Self {
        let names = Names::new(&args);
        Self { args, names, out, faults: Faults::default(), explain: None }
    }

    /// The socket that an object makes its requests over.
    pub(crate) fn open(&self) -> Result<Socket, Failure> {
        let socket = Socket::builder(Protocol::ROUTE).read_ahead(true).open()?;
        if let Some(size) = self.args.rcvbuf {
            setsockopt(&socket, RcvBuf, &size).map_err(io::Error::from)?;
        }
        Ok(match &self.explain {
            Some(explain) => explain(socket),
            None => socket,
        })
    }

    /// Writes a list. JSON has it as an array, which ends even if the list is
    /// cut short.
    pub(crate) fn list(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.out.begin();
        let written = write(self);
        let ended = self.out.end();
        written?;
        Ok(ended?)
    }

    /// Requests a table, and hands on each entry as it comes. If the kernel
    /// refuses, the exit code is `refused`: `ip` has different ones.
    pub(crate) fn dump(
        &mut self,
        request: &mut [u8],
        refused: u8,
        row: impl FnMut(&mut Self, Message<'_>) -> Result<(), NoRow>,
    ) -> Result<(), Failure> {
        let mut socket = self.open()?;
        self.dump_over(&mut socket, request, refused, row)
    }

    /// The same over a socket that is open, perhaps in another namespace.
    pub(crate) fn dump_over(
        &mut self,
        socket: &mut Socket,
        request: &mut [u8],
        refused: u8,
        mut row: impl FnMut(&mut Self, Message<'_>) -> Result<(), NoRow>,
    ) -> Result<(), Failure> {
        let mut replies = socket.request(request)?;
        let mut progress = Progress::on_terminal().filter(|_| self.explain.is_none());
        loop {
            match replies.recv() {
                Ok(None) => break,
                Ok(Some(message)) => {
                    let printed = row(self, message);
                    self.printed(printed)?;
                    if let Some(line) = progress.as_mut().and_then(Progress::row) {
                        self.out.progress(line)?;
                    }
                }
                Err(sys::Error::Wire(error)) => self.faults.note(error),
                Err(error) => return Err(Failure { code: refused, ..Failure::dump(error) }),
            }
        }
        if replies.is_interrupted() {
            self.faults.tell("Dump was interrupted and may be inconsistent.");
        }
        Ok(())
    }

    /// Hands on routes in any order, as several sockets receive them.
    pub(crate) fn dump_unordered(
        &mut self,
        routes: Routes,
        mut row: impl FnMut(&mut Self, Route<'_>) -> Result<(), NoRow>,
    ) -> Result<(), Failure> {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let mut routes = Socket::builder(Protocol::ROUTE).dump_unordered(routes, threads)?;
        loop {
            match routes.recv() {
                Ok(None) => return Ok(()),
                Ok(Some(route)) => {
                    let printed = row(self, route);
                    self.printed(printed)?;
                }
                Err(sys::Error::Wire(error)) => self.faults.note(error),
                Err(sys::Error::Interrupted | sys::Error::Unproven) => {
                    self.faults.tell("Dump was interrupted and may be inconsistent.");
                    return Ok(());
                }
                Err(error) => return Err(Failure::dump(error)),
            }
        }
    }

    /// Whether what happens is shown, step by step.
    pub(crate) fn explains(&self) -> bool {
        self.explain.is_some()
    }

    /// Makes a request that one message answers, and prints what `row` makes of
    /// it as a list of one. If the kernel refuses, there is no list.
    pub(crate) fn ask(
        &mut self,
        request: &mut [u8],
        row: impl FnOnce(&mut Self, Message<'_>) -> Result<(), NoRow>,
    ) -> Result<(), Failure> {
        let mut socket = self.open()?;
        let mut replies = socket.request(request)?;
        let Some(message) = replies.recv()? else { return Ok(()) };
        self.list(|context| {
            let printed = row(context, message);
            context.printed(printed)
        })
    }

    /// A message that cannot be read costs itself alone.
    fn printed(&mut self, row: Result<(), NoRow>) -> Result<(), Failure> {
        match row {
            Ok(()) => Ok(()),
            Err(NoRow::Message(error)) => {
                self.faults.note(error);
                Ok(())
            }
            Err(NoRow::Output(error)) => Err(error.into()),
        }
    }
}

/// What is run for an object: the words after it tell the rest.
type Run = fn(&mut Context, &mut Words) -> Result<(), Failure>;

/// The objects, in the order in which `ip` tries them: any beginning of a name will do, and the
/// first name that it is a beginning of is meant.
const OBJECTS: [(&str, &Help, Run); 20] = [
    ("address", &addr::HELP, addr::run),
    ("addrlabel", &addrlabel::HELP, addrlabel::run),
    ("route", &route::HELP, route::run),
    ("rule", &rule::HELP, rule::run),
    ("neighbor", &neigh::HELP, neigh::run),
    ("neighbour", &neigh::HELP, neigh::run),
    ("ntable", &ntable::HELP, ntable::run),
    ("ntbl", &ntable::HELP, ntable::run),
    ("link", &link::HELP, link::run),
    ("monitor", &monitor::HELP, monitor::run),
    ("netconf", &netconf::HELP, netconf::run),
    ("nexthop", &nexthop::HELP, nexthop::run),
    ("fdb", &fdb::HELP, fdb::run),
    ("schema", &schema::HELP, schema::run),
    ("decode", &decode::HELP, decode::run),
    ("graph", &graph::HELP, graph::run),
    ("watch", &watch::HELP, watch::run),
    ("capture", &capture::HELP, capture::run),
    ("completions", &completions::HELP, completions::run),
    ("man", &man::HELP, man::run),
];

/// What only `ip` has and tries before one of ours. What is short for both means nothing here, so
/// that no other table is shown than the one that was meant.
const ONLY_IN_IP: [(&str, &str); 5] = [
    ("maddress", "monitor"),
    ("netns", "netconf"),
    ("fou", "fdb"),
    ("sr", "schema"),
    ("maddress", "man"),
];

/// The object that a word means.
fn find_object(word: &Word) -> Option<(&'static Help, Run)> {
    let is_meant = |name: &str| {
        let mut others = ONLY_IN_IP.iter().filter(|(_, ours)| *ours == name);
        word.begins(name) && !others.any(|(other, _)| word.begins(other))
    };
    let found = OBJECTS.into_iter().find(|(name, ..)| is_meant(name));
    found.map(|(_, help, run)| (help, run))
}

/// What can be said to each object, `explain` included, by the name that is told.
pub(crate) fn helps() -> Vec<(&'static str, &'static Help)> {
    // The others are second names.
    let told = OBJECTS.into_iter().filter(|(name, ..)| !matches!(*name, "neighbor" | "ntbl"));
    let told = told.map(|(name, help, _)| (name, help));
    told.chain([("explain", &explain::HELP)]).collect()
}

/// The objects, a line each.
pub(crate) fn overview() -> String {
    let line = |(name, help): (&str, &Help)| format!("  {name:12} {}\n", help.about);
    let lines: String = helps().into_iter().map(line).collect();
    format!("Objects, of which a beginning will do:\n{lines}`OBJECT help` tells what to select.")
}

/// Runs what the command line says.
pub(crate) fn run(mut args: Args, out: Out) -> Result<(), Failure> {
    let is_explain = args.words.first().is_some_and(|word| {
        word.to_str().is_some_and(|word| word.len() > 1 && "explain".starts_with(word))
    });
    if is_explain {
        args.words.remove(0);
        return explain::run(args, out);
    }
    run_object(&mut Context::new(args, out))
}

/// Runs the object that the first word names.
fn run_object(context: &mut Context) -> Result<(), Failure> {
    let mut words = Words::new(std::mem::take(&mut context.args.words));
    let Some(object) = words.next() else {
        return Err(Failure::usage(Args::help()));
    };
    let Some((_, run)) = find_object(&object) else {
        if object.begins("help") {
            return Err(Failure::usage(Args::help()));
        }
        return Err(Failure::new(
            Failure::MISSING,
            format_args!("Object \"{object}\" is unknown, try \"netlink-dump help\"."),
        ));
    };
    run(context, &mut words)?;
    context.faults.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_for_an_object_of_ip_alone_is_none_of_ours() {
        let about = |word: &str| find_object(&word.into()).map(|(help, _)| help.about);
        for (word, help) in [
            ("n", &neigh::HELP),
            ("netc", &netconf::HELP),
            ("mo", &monitor::HELP),
            ("man", &man::HELP),
            ("fd", &fdb::HELP),
            ("sc", &schema::HELP),
        ] {
            assert_eq!(about(word), Some(help.about), "{word}");
        }
        for word in ["", "net", "m", "ma", "f", "s", "netns", "sr"] {
            assert_eq!(about(word), None, "{word}");
        }
    }
}
