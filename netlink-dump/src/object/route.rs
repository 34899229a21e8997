//! Routes, as `ip route` prints them.

mod encap;
mod get;
mod metrics;
mod print;
mod select;

use std::io::Write;

use netlink_wire::route::Route;

pub(super) use self::print::{Printer, print_flags};
use self::{print::Fields, select::Selection};
use super::{Context, nexthop::NexthopCache};
use crate::{failure::Failure, selector::Words};

const HELP: &str = "\
Usage: netlink-dump route [ show ] [ SELECTOR ]
       netlink-dump route get [ fibmatch ] [ connected ] [ to ] ADDRESS [ FLOW ]
SELECTOR := [ table TABLE | table all | table cache | vrf NAME ]
            [ [ to ] [ root | match | exact ] PREFIX ] [ from [ root | match | exact ] PREFIX ]
            [ dev DEV ] [ iif DEV ] [ via [ FAMILY ] PREFIX ] [ src PREFIX ] [ proto PROTO ]
            [ scope SCOPE ] [ type TYPE ] [ metric NUMBER ] [ tos TOS ] [ realms REALMS ]
            [ mark NUMBER ]
FLOW := [ from ADDRESS ] [ iif DEV ] [ oif DEV ] [ vrf NAME ] [ mark NUMBER ] [ tos TOS ]
        [ uid NUMBER ] [ ipproto PROTO ] [ sport NUMBER ] [ dport NUMBER ] [ flowlabel NUMBER ]
        [ as [ to ] LABELS ] [ notify ]";

pub(super) fn run<W: Write>(context: &mut Context<W>, words: &mut Words) -> Result<(), Failure> {
    match words.command("route", HELP, &["show", "get"])? {
        "get" => get::run(context, words),
        _ => show(context, words),
    }
}

fn show<W: Write>(context: &mut Context<W>, words: &mut Words) -> Result<(), Failure> {
    let selection = Selection::parse(words, &context.args, &mut context.names)?;
    let hidden = selection.hidden();
    let mut buf = [0; 64];
    let request = selection.request(&mut buf)?;
    let mut nexthops = NexthopCache::default();
    let result = context.list(|context| {
        context.dump(request, Failure::KERNEL, |context, message| {
            let Context { args, names, out, faults, .. } = context;
            let route = Route::parse(message)?;
            let fields = Fields::read(route.attrs, faults);
            if selection.has(&route.header, &fields) {
                let mut printer = Printer::new(args, names, faults, &mut nexthops);
                out.row(|out| printer.route(&route.header, &fields, &hidden, out))?;
            }
            Ok(())
        })
    });
    match result {
        // There is no main table as long as nothing is in it.
        Err(failure) if selection.is_main() && failure.not_found => Ok(()),
        result => result,
    }
}
