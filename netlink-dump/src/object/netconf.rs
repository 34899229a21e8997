//! Settings of address families, as `ip netconf` prints them.

use netlink_wire::{
    Message, NlmFlags, Rtm,
    netconf::{NetConf, NetConfAttr, NetConfMsg},
};

use super::{
    Context,
    link::{Printer, no_such_device},
};
use crate::{
    args::Family,
    failure::{Failure, Faults},
    help::Help,
    names::Names,
    out::Out,
    palette::Kind,
    selector::Words,
};

pub(super) const HELP: Help = Help {
    about: "settings of address families, by link",
    usage: &["netconf [show] [dev DEV]"],
    words: &[("dev DEV", "settings of this link")],
    notes: "",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    words.command("netconf", &HELP, &["show"])?;
    let mut wanted = None;
    // As in `ip`, other words do nothing.
    while let Some(word) = words.next() {
        if word.is("dev") {
            let name = words.value()?;
            let index = context.names.link_index(name.as_bytes());
            wanted = Some(index.ok_or_else(|| no_such_device(&name))? as i32);
        }
    }
    let family = context.args.family.unwrap_or(Family::UNSPEC);
    let header = NetConfMsg { family: family.0 };
    let mut buf = [0; 64];
    // One link is asked for alone, as soon as one family is.
    let wants_one = wanted.filter(|_| family != Family::UNSPEC);
    let flags = if wants_one.is_some() { NlmFlags::REQUEST } else { NlmFlags::DUMP };
    let mut request = NetConf::writer(&mut buf, Rtm::GETNETCONF, flags, &header);
    if let Some(index) = wants_one {
        request.push(NetConfAttr::IfIndex(index));
    }
    let request = request.finish()?;
    let row = |context: &mut Context, message: Message<'_>| {
        let Context { names, out, faults, .. } = context;
        let settings = NetConf::parse(message)?;
        let index = faults.read(settings.get(NetConfAttr::IfIndex));
        let of_family = family == Family::UNSPEC || family.0 == settings.header.family;
        if of_family && (wanted.is_none() || wanted == index) {
            out.row(|out| print(&settings, index, names, out, faults))?;
        }
        Ok(())
    };
    match wants_one {
        Some(_) => context.ask(request, row),
        None => context.list(|context| context.dump(request, Failure::MISSING, row)),
    }
}

/// Prints what an event says of the settings of a link, all but the end of the line.
pub(super) fn print_event(settings: &NetConf<'_>, to: &mut Printer<'_>) {
    let index = to.faults.read(settings.get(NetConfAttr::IfIndex));
    print(settings, index, to.names, to.out, to.faults);
}

fn print(
    settings: &NetConf<'_>,
    index: Option<i32>,
    names: &mut Names,
    out: &mut Out,
    faults: &mut Faults,
) {
    out.word("family", ["", " "], Family(settings.header.family).words());
    if let Some(index) = index {
        let name: &[u8] = match index {
            -1 => b"all",
            -2 => b"default",
            index => names.link(index as u32),
        };
        out.paint(Kind::Link, |out| out.word("interface", ["", " "], name));
    }
    let mut on_off = |key: &str, attr: fn(i32) -> NetConfAttr<'static>, out: &mut Out| {
        if let Some(value) = faults.read(settings.get(attr)) {
            let is_on = value != 0;
            out.text(key);
            out.truth(key, if is_on { " on " } else { " off " }, is_on);
        }
    };
    on_off("forwarding", NetConfAttr::Forwarding, out);
    if let Some(filter) = settings.get(NetConfAttr::RpFilter).ok().flatten() {
        let word = match filter {
            0 => "off",
            1 => "strict",
            2 => "loose",
            _ => "unknown mode",
        };
        out.word("rp_filter", ["rp_filter ", " "], word);
    }
    on_off("mc_forwarding", NetConfAttr::McForwarding, out);
    on_off("proxy_neigh", NetConfAttr::ProxyNeigh, out);
    on_off("ignore_routes_with_linkdown", NetConfAttr::IgnoreRoutesWithLinkDown, out);
    on_off("input", NetConfAttr::Input, out);
}
