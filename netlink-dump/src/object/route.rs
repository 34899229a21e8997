//! Routes, as `ip route` prints them.

mod encap;
mod get;
mod metrics;
mod print;
mod select;

use netlink_wire::route::Route;

pub(super) use self::print::{Printer, print_flags};
use self::{
    print::{Fields, Hidden},
    select::Selection,
};
use super::{Context, nexthop::NexthopCache};
use crate::{
    failure::{Failure, Faults},
    help::Help,
    out::Out,
    selector::Words,
};

pub(super) const HELP: Help = Help {
    about: "routes, and the one that a packet takes",
    usage: &["route [show] [WORDS]", "route get [fibmatch] [connected] [to] ADDRESS [FLOW]"],
    words: &[
        ("table TABLE|all|cache", "routes of this table; without it those of the table main"),
        ("vrf DEV", "routes of this VRF"),
        ("cached|cloned", "exceptions, such as those for a path's MTU"),
        ("[to] PREFIX", "routes to networks inside of this one"),
        ("root PREFIX", "the same, after `to` or `from`"),
        ("match PREFIX", "routes to networks around this one, after `to` or `from`"),
        ("exact PREFIX", "routes to this network, after `to` or `from`"),
        ("from PREFIX", "routes for packets from this network"),
        ("dev|oif DEV", "routes through this link"),
        ("iif DEV", "routes for packets that came in by this link; route get: which come in by it"),
        ("via ADDRESS", "routes through this gateway; inet or inet6 may stand before it"),
        ("src PREFIX", "routes that prefer such a source address"),
        ("protocol PROTO|all", "routes that this protocol set"),
        ("scope SCOPE|all", "routes of this scope"),
        (
            "type TYPE|unicast|local|broadcast|multicast|anycast|blackhole|unreachable|prohibit|throw",
            "routes of this type",
        ),
        ("metric|priority|preference NUMBER", "routes with this metric"),
        ("tos|dsfield TOS", "routes for this type of service"),
        ("realms REALMS", "routes with these realms"),
        ("mark NUMBER", "route get: with this mark; show: cached routes with it"),
        ("uid NUMBER", "route get: of this user"),
        ("ipproto IPPROTO", "route get: of this protocol above IP"),
        ("sport|dport NUMBER", "route get: from or to this port"),
        ("flowlabel LABEL", "route get: with this flow label"),
        ("as LABELS", "route get: with these MPLS labels"),
        ("fibmatch", "route get: the entry of the table rather than what comes of it"),
        ("connected", "route get: then again from the source address that was found"),
        ("notify", "route get: tell those who watch routes"),
    ],
    notes: "",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    match words.command("route", &HELP, &["show", "get"])? {
        "get" => get::run(context, words),
        _ => show(context, words),
    }
}

/// Prints what an event says of a route, all but the end of the line. Its link is printed if it
/// was not asked for.
pub(super) fn print_event(
    route: &Route<'_>,
    has_link: bool,
    printer: &mut Printer<'_>,
    out: &mut Out,
) {
    let fields = Fields::read(route.attrs, printer.faults);
    printer.route(&route.header, &fields, &Hidden { oif: !has_link, ..Hidden::default() }, out);
}

/// Whether a route, or a leg of it, leads through a link.
pub(super) fn leaves_through(index: u32, route: &Route<'_>, faults: &mut Faults) -> bool {
    select::leaves_through(index, &Fields::read(route.attrs, faults))
}

fn show(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let selection = Selection::parse(words, &context.args, &mut context.names)?;
    let hidden = selection.hidden();
    let mut buf = [0; 64];
    let request = selection.request(&mut buf)?;
    let mut nexthops = NexthopCache::default();
    let mut row = |context: &mut Context, route: Route<'_>| {
        let Context { args, names, out, faults, .. } = context;
        let fields = Fields::read(route.attrs, faults);
        if selection.has(&route.header, &fields) {
            let mut printer = Printer::new(args, names, faults, &mut nexthops);
            out.row(|out| printer.route(&route.header, &fields, &hidden, out))?;
        }
        Ok(())
    };
    let parts = selection.parts().filter(|_| context.args.unordered && !context.explains());
    let result = context.list(|context| match parts {
        Some(routes) => context.dump_unordered(routes, row),
        None => context.dump(request, Failure::KERNEL, |context, message| {
            row(context, Route::parse(message)?)
        }),
    });
    match result {
        // There is no main table as long as nothing is in it.
        Err(failure) if selection.is_main() && failure.not_found => Ok(()),
        result => result,
    }
}
