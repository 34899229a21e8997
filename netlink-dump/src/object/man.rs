//! The manual page, made from what the command line knows of itself.

use clap::{Arg, CommandFactory};
use roff::{Inline, Roff, bold, italic, roman};

use super::{Context, helps};
use crate::{args::Args, failure::Failure, help::Help, selector::Words};

pub(super) const HELP: Help = Help {
    about: "the manual page of this command",
    usage: &["man"],
    words: &[],
    notes: "To read it: netlink-dump man | man -l -\n",
};

/// When what the page says has changed.
const CHANGED: &str = "2026-11-28";

const DESCRIPTION: [&str; 3] = [
    "netlink-dump prints the tables of the kernel's network stack, as text or JSON, with the words, \
     the options and the exit codes of ip(8), whose commands that show something it understands. It \
     changes nothing.",
    "Beyond that it tells what goes over the socket byte by byte (explain), reads captures and other \
     dumps of netlink messages (decode), and draws the links of the machine (graph).",
    "A word of a command line may be cut short wherever ip(8) allows it: netlink-dump r s t all.",
];

/// Exit codes, and what they mean.
const EXIT: [(&str, &str); 4] = [
    ("0", "All was shown."),
    ("1", "Something that was asked for does not exist or cannot be read: a link, a file."),
    ("2", "The kernel refused, or something that it sent could not be read and is missing."),
    ("255", "The command line makes no sense."),
];

const ENVIRONMENT: [(&str, &str); 2] = [
    ("NO_COLOR", "If it is set and not empty, text has colors only where the options say always."),
    (
        "COLORFGBG",
        "Whether the background is dark, as some terminals tell: the part after the last ;.",
    ),
];

const FILES: [(&str, &str); 4] = [
    (
        "/etc/iproute2, /usr/share/iproute2",
        "Names of tables, protocols, scopes, realms and groups.",
    ),
    ("/run/netns", "Network namespaces that ip netns gave names to."),
    ("/etc/netns/NAME", "Files that stand in for those of /etc in the namespace NAME."),
    ("/etc/protocols, /etc/passwd", "Names of protocols above IP, and of users."),
];

const EXAMPLES: [(&str, &str); 8] = [
    ("netlink-dump route", "The main routing table, as ip route prints it."),
    ("netlink-dump -j -p -d link show type vxlan", "All of each VXLAN link, as JSON for people."),
    ("netlink-dump -n blue -6 neigh show nud reachable", "Neighbours in the namespace blue."),
    ("netlink-dump route get 192.0.2.1 mark 7", "How a packet with a mark would go."),
    ("netlink-dump explain rule", "What is asked for rules, and what comes back, byte by byte."),
    ("netlink-dump decode capture.pcap", "What was recorded on an nlmon link."),
    ("netlink-dump -j schema", "Every attribute that is known: number, name, type."),
    ("netlink-dump -a graph links.svg", "A picture of the links of all namespaces."),
];

pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    if let Some(word) = words.next() {
        return Err(match word.is("help") {
            true => Failure::usage(&HELP),
            false => word.garbage("man"),
        });
    }
    Ok(context.out.page(&page())?)
}

/// The page, in the language of `man`.
fn page() -> String {
    let mut roff = Roff::new();
    let source = concat!("netlink-dump ", env!("CARGO_PKG_VERSION"));
    roff.control("TH", ["NETLINK-DUMP", "8", CHANGED, source, "Linux networking"]);
    roff.control("SH", ["NAME"]);
    roff.text([roman("netlink-dump - prints the kernel's networking tables, as text or JSON")]);
    roff.control("SH", ["SYNOPSIS"]);
    roff.text([
        bold("netlink-dump"),
        roman(" ["),
        italic("OPTIONS"),
        roman("] "),
        italic("OBJECT"),
        roman(" ["),
        italic("COMMAND"),
        roman("] ["),
        italic("WORDS"),
        roman("]"),
    ]);
    roff.control("SH", ["DESCRIPTION"]);
    for (number, paragraph) in DESCRIPTION.into_iter().enumerate() {
        if number > 0 {
            roff.control("PP", []);
        }
        roff.text([roman(paragraph)]);
    }
    roff.control("SH", ["OPTIONS"]);
    roff.text([roman("They stand before the object, with one dash or two, and may be cut short.")]);
    let mut command = Args::command();
    command.build();
    command
        .get_arguments()
        .filter(|arg| !arg.is_positional())
        .for_each(|arg| option(&mut roff, arg));
    roff.control("SH", ["OBJECTS"]);
    roff.text([roman(
        "Each takes show (or list, or nothing) where it shows a table, and help. Words in capitals \
         stand for values; a bar is between words of which one is taken.",
    )]);
    for (name, help) in helps() {
        object(&mut roff, name, help);
    }
    let lists: [(&str, &[(&str, &str)]); 4] = [
        ("EXIT STATUS", &EXIT),
        ("ENVIRONMENT", &ENVIRONMENT),
        ("FILES", &FILES),
        ("EXAMPLES", &EXAMPLES),
    ];
    for (title, list) in lists {
        roff.control("SH", [title]);
        list.iter().for_each(|(word, meaning)| tagged(&mut roff, [bold(*word)], meaning));
    }
    roff.control("SH", ["SEE ALSO"]);
    roff.text([roman("ip(8), bridge(8), netlink(7), rtnetlink(7), dot(1), tcpdump(8)")]);
    roff.to_roff()
}

/// An option, as the parser has it.
fn option(roff: &mut Roff, arg: &Arg) {
    let short = arg.get_short().map(|short| format!("-{short}"));
    let longs = arg.get_long_and_visible_aliases().into_iter().flatten();
    let names: Vec<_> = short.into_iter().chain(longs.map(|long| format!("--{long}"))).collect();
    let mut tag = vec![bold(names.join(", "))];
    let values = arg.get_possible_values();
    let values: Vec<_> = values.iter().map(|value| value.get_name()).collect();
    if arg.get_action().takes_values() {
        let name = arg.get_value_names().and_then(|names| names.first());
        let words = (!values.is_empty()).then(|| values.join("|"));
        let value = italic(words.or_else(|| name.map(|name| name.to_string())).unwrap_or_default());
        match arg.is_require_equals_set() {
            true => tag.extend([roman("[="), value, roman("]")]),
            false => tag.extend([roman(" "), value]),
        }
    }
    let help = arg.get_help().map(|help| help.to_string()).unwrap_or_default();
    tagged(roff, tag, &sentence(&help));
}

/// The part about an object.
fn object(roff: &mut Roff, name: &str, help: &Help) {
    roff.control("SS", [name]);
    roff.text([roman(sentence(help.about))]);
    preformatted(roff, help.usage.iter().map(|usage| format!("netlink-dump {usage}")));
    for (syntax, meaning) in help.words {
        let (key, value) = syntax.split_once(' ').unwrap_or((syntax, ""));
        let is_value = |word: &str| word.contains(|c: char| c.is_uppercase());
        let part = |word: &str| if is_value(word) { italic(word) } else { bold(word) };
        let value = (!value.is_empty()).then(|| [roman(" "), part(value)]);
        let tag = [part(key)].into_iter().chain(value.into_iter().flatten());
        tagged(roff, tag.collect::<Vec<_>>(), &sentence(meaning));
    }
    if !help.notes.is_empty() {
        preformatted(roff, help.notes.lines().map(str::to_owned));
    }
}

/// A word, and what it means.
fn tagged(roff: &mut Roff, word: impl Into<Vec<Inline>>, meaning: &str) {
    roff.control("TP", []);
    roff.text(word);
    roff.text([roman(meaning)]);
}

/// Lines that stay as they are.
fn preformatted(roff: &mut Roff, lines: impl Iterator<Item = String>) {
    roff.control("PP", []);
    roff.control("nf", []);
    lines.for_each(|line| {
        roff.text([roman(line)]);
    });
    roff.control("fi", []);
}

/// With a capital, and a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), chars.as_str())
}
