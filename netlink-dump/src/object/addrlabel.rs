//! Labels of IPv6 addresses, as `ip addrlabel` prints them.

use netlink_wire::{
    NlmFlags, Rtm,
    addrlabel::{AddrLabel, AddrLabelAttr, IfAddrLblMsg},
};

use super::{Context, link::Printer};
use crate::{args::Family, failure::Failure, help::Help, palette::Kind, selector::Words};

pub(super) const HELP: Help = Help {
    about: "labels by which IPv6 chooses source addresses",
    usage: &["addrlabel [show]"],
    words: &[],
    notes: "",
};

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    words.command("addrlabel", &HELP, &["show"])?;
    if words.next().is_some() {
        let message = "\"netlink-dump addrlabel show\" does not take any arguments.";
        return Err(Failure::new(Failure::MISSING, message));
    }
    let family = context.args.family.unwrap_or(Family::INET6);
    let header = IfAddrLblMsg { family: family.0, ..IfAddrLblMsg::default() };
    let mut buf = [0; 64];
    let request =
        AddrLabel::writer(&mut buf, Rtm::GETADDRLABEL, NlmFlags::DUMP, &header).finish()?;
    context.list(|context| {
        context.dump(request, Failure::USAGE, |context, message| {
            let Context { args, names, out, faults, .. } = context;
            let label = AddrLabel::parse(message)?;
            Ok(out.row(|out| print(&label, &mut Printer { out, names, faults, args }))?)
        })
    })
}

/// Prints a label, all but the end of the line.
pub(super) fn print(label: &AddrLabel<'_>, to: &mut Printer<'_>) {
    let Printer { out, names, faults, .. } = to;
    if let Some(address) = faults.read(label.get(AddrLabelAttr::Address)) {
        out.text("prefix ");
        out.paint(Kind::Inet6, |out| out.word("address", ["", ""], names.host(address)));
        out.num("prefixlen", ["/", " "], label.header.prefixlen);
    }
    if label.header.index != 0 {
        let name = names.link(label.header.index);
        out.text("dev ");
        out.paint(Kind::Link, |out| out.word("ifname", ["", " "], name));
    }
    if let Some(label) = faults.read(label.get(AddrLabelAttr::Label)) {
        out.num("label", ["label ", " "], label);
    }
}
