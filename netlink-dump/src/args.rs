//! The command line: options before the object as `ip` has them, then the
//! object and its own words.

use std::ffi::OsString;

use clap::{ArgAction, Parser, ValueEnum, builder::PossibleValue};

use self::Spelling::{Idle, Is, Takes};
use crate::failure::Failure;

/// Options that stand before the object.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "netlink-dump",
    version = version(),
    about,
    args_override_self = true,
    help_template = "{usage-heading} {usage}\n\n{options}{after-help}",
    override_usage = "netlink-dump [OPTIONS] OBJECT [COMMAND] [WHAT TO SHOW]",
    disable_help_flag = true,
    disable_help_subcommand = true,
    arg_required_else_help = false,
    after_help = crate::object::overview()
)]
pub(crate) struct Args {
    /// Address family; -4, -6, -M, -B and -0 are short for one each
    #[arg(short, long, value_enum)]
    pub(crate) family: Option<Family>,
    /// JSON instead of text
    #[arg(short, long)]
    pub(crate) json: bool,
    /// JSON for people: indented
    #[arg(short, long)]
    pub(crate) pretty: bool,
    /// More of what the kernel says
    #[arg(short, long, action = ArgAction::Count)]
    pub(crate) details: u8,
    /// Statistics; twice or more for more of them
    #[arg(short, long, action = ArgAction::Count)]
    pub(crate) statistics: u8,
    /// Numbers of statistics with K, M, G after them
    #[arg(short = 'h', long, visible_alias = "human-readable")]
    pub(crate) human: bool,
    /// The same in steps of 1024
    #[arg(long)]
    pub(crate) iec: bool,
    /// One line a row
    #[arg(short, long)]
    pub(crate) oneline: bool,
    /// Little of each row, in columns
    #[arg(long)]
    pub(crate) brief: bool,
    /// Names as numbers
    #[arg(short = 'N', long)]
    pub(crate) numeric: bool,
    /// Colors: always, never, or where a terminal reads along
    #[arg(short, long, value_enum, default_value = "auto", default_missing_value = "always")]
    #[arg(num_args = ..=1, require_equals = true)]
    pub(crate) color: Color,
    /// The time before each event; twice for a short form
    #[arg(short, long, action = ArgAction::Count)]
    pub(crate) timestamp: u8,
    /// The network namespace to look into: a name that `ip netns` gave, or a path
    #[arg(short, long)]
    pub(crate) netns: Option<OsString>,
    /// All network namespaces, or all objects
    #[arg(short, long)]
    pub(crate) all: bool,
    /// Addresses with their link
    #[arg(long)]
    pub(crate) echo: bool,
    /// Addresses of hosts as their names, which may take time: each is asked for
    #[arg(short, long)]
    pub(crate) resolve: bool,
    /// Command lines from a file, or from standard input if it is `-`; without options
    #[arg(short, long)]
    pub(crate) batch: Option<OsString>,
    /// Go on after a line of the file that fails
    #[arg(long)]
    pub(crate) force: bool,
    /// Size of the socket's receive buffer, in bytes
    #[arg(long)]
    pub(crate) rcvbuf: Option<usize>,
    /// Routes in any order, asked for by several sockets at once: sooner, where they are many
    #[arg(long)]
    pub(crate) unordered: bool,
    /// How the command is used
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
    /// The object, and what of it to show
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) words: Vec<OsString>,
}

/// Whether text is colored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

/// `AF_*`, under the names that `ip -family` takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Family(pub(crate) u8);

impl Family {
    pub(crate) const UNSPEC: Self = Self(0);
    pub(crate) const INET: Self = Self(2);
    pub(crate) const BRIDGE: Self = Self(7);
    pub(crate) const INET6: Self = Self(10);
    pub(crate) const PACKET: Self = Self(17);
    pub(crate) const MPLS: Self = Self(28);

    /// Length of an address, in bits. A label of MPLS has 20.
    pub(crate) const fn bits(self) -> u8 {
        match self {
            Self::INET => 32,
            Self::INET6 => 128,
            Self::MPLS => 20,
            _ => 0,
        }
    }

    /// What messages call it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::UNSPEC => "any valid",
            Self::INET => "inet",
            Self::INET6 => "inet6",
            Self::MPLS => "mpls",
            Self::BRIDGE => "bridge",
            Self::PACKET => "link",
            _ => "???",
        }
    }
}

impl ValueEnum for Family {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::INET, Self::INET6, Self::MPLS, Self::BRIDGE, Self::PACKET]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match *self {
            Self::INET => "inet",
            Self::INET6 => "inet6",
            Self::MPLS => "mpls",
            Self::BRIDGE => "bridge",
            Self::PACKET => "link",
            _ => return None,
        }))
    }
}

/// What becomes of an option that `ip` has.
#[derive(Clone, Copy)]
enum Spelling {
    /// It is this one of ours.
    Is(&'static str),
    /// It is this one of ours, and a value follows, which is missed by this name.
    Takes(&'static str, &'static str),
    /// It is about changes, which are not made here: in `ip`, too, what is shown is the same with
    /// it as without. A value follows, which is missed by this name.
    Idle(&'static str),
}

/// How `ip` spells the options: any beginning of a word will do, and the first
/// word that it is a beginning of is meant.
const SPELLINGS: &[(&str, Spelling)] = &[
    ("loops", Idle("loop count")),
    ("family", Takes("--family", "family type")),
    ("4", Is("--family=inet")),
    ("6", Is("--family=inet6")),
    ("0", Is("--family=link")),
    ("M", Is("--family=mpls")),
    ("B", Is("--family=bridge")),
    ("human-readable", Is("--human")),
    ("iec", Is("--iec")),
    ("stats", Is("--statistics")),
    ("statistics", Is("--statistics")),
    ("details", Is("--details")),
    ("resolve", Is("--resolve")),
    ("oneline", Is("--oneline")),
    ("timestamp", Is("--timestamp")),
    ("tshort", Is("--timestamp=short")),
    ("Version", Is("--version")),
    ("force", Is("--force")),
    ("batch", Takes("--batch", "batch file")),
    ("brief", Is("--brief")),
    ("json", Is("--json")),
    ("rcvbuf", Takes("--rcvbuf", "rcvbuf size")),
    ("color", Is("--color=always")),
    ("help", Is("--help")),
    ("netns", Takes("--netns", "network namespace")),
    ("Numeric", Is("--numeric")),
    ("pretty", Is("--pretty")),
    ("all", Is("--all")),
];

/// What an option means, of which one dash is gone.
fn spelling(option: &str) -> Option<Spelling> {
    let option = option.strip_prefix('-').unwrap_or(option);
    match option {
        // In `ip`, only a capital will do.
        "version" => return Some(Is("--version")),
        // `ip` has no such option, nor any beginning of it.
        "unordered" => return Some(Is("--unordered")),
        // It cannot be shortened.
        "echo" => return Some(Is("--echo")),
        _ => {}
    }
    let meant = SPELLINGS.iter().find(|(word, _)| word.starts_with(option));
    meant.map(|&(_, spelling)| spelling)
}

/// Of this command, and of the kernel whose messages it knows.
fn version() -> String {
    format!("{}, headers of Linux {}", env!("CARGO_PKG_VERSION"), netlink_wire::UAPI)
}

impl Args {
    /// Reads the command line, the name of the program included.
    pub(crate) fn parse_ip(args: impl IntoIterator<Item = OsString>) -> Result<Self, Failure> {
        let mut args = args.into_iter();
        let mut ours: Vec<OsString> = args.by_ref().take(1).collect();
        let mut object = None;
        while let Some(arg) = args.next() {
            let Some(option) = arg.to_str().and_then(|arg| arg.strip_prefix('-')) else {
                object = Some(arg);
                break;
            };
            if option == "-" {
                break;
            }
            // `ip` tells it without the second dash.
            let told = format!("-{}", option.strip_prefix('-').unwrap_or(option));
            let (option, value) = match option.split_once('=') {
                Some((option, value)) => (option, Some(value)),
                None => (option, None),
            };
            let unknown = || Failure::unknown_option(told.as_ref());
            let found = spelling(option).ok_or_else(unknown)?;
            let mut follow = |what: &str| {
                let required = format_args!("Error: argument \"{what}\" is required").to_string();
                args.next().ok_or_else(|| Failure::new(Failure::USAGE, required))
            };
            match (found, value) {
                (Is("--color=always"), Some(when @ ("auto" | "always" | "never"))) => {
                    ours.push(format!("--color={when}").into());
                }
                (Is("--timestamp=short"), None) => {
                    ours.extend(["--timestamp".into(), "--timestamp".into()]);
                }
                (Is(option), None) => ours.push(option.into()),
                (Takes(option, what), None) => {
                    let value = follow(what)?;
                    Self::check(option, &value)?;
                    ours.extend([option.into(), value]);
                }
                (Idle(what), None) => drop(follow(what)?),
                (_, Some(_)) => return Err(unknown()),
            }
        }
        ours.push("--".into());
        ours.extend(object);
        ours.extend(args);
        Self::try_parse_from(ours).map_err(Failure::from)
    }

    /// Turns the options of an unfinished command line, the name of the program included, into ours
    /// one for one, and tells where the object is. The last word is not finished.
    pub(crate) fn spell_for_completion(line: &mut [OsString]) -> Option<usize> {
        let last = line.len().saturating_sub(1);
        let mut at = 1;
        while at < last {
            let Some(option) = line[at].to_str().and_then(|word| word.strip_prefix('-')) else {
                return Some(at);
            };
            let (ours, len) = match spelling(option) {
                Some(Is(option)) => (option, 1),
                Some(Takes(option, _)) => (option, 2),
                Some(Idle(_)) => ("--force", 2),
                None => ("--force", 1),
            };
            line[at] = ours.into();
            at += len;
        }
        None
    }

    /// Refuses a value in the words of `ip`.
    fn check(option: &str, value: &OsString) -> Result<(), Failure> {
        let text = value.to_string_lossy();
        let message = match option {
            "--family" if text == "help" => return Err(Failure::usage(Self::help())),
            "--family" if Family::from_str(&text, false).is_err() => {
                format!("Error: argument \"{text}\" is wrong: invalid protocol family")
            }
            "--rcvbuf" if text.parse::<usize>().is_err() => {
                format!("Invalid rcvbuf size '{text}'")
            }
            _ => return Ok(()),
        };
        Err(Failure::new(Failure::USAGE, message))
    }

    /// How the command is used.
    pub(crate) fn help() -> String {
        <Self as clap::CommandFactory>::command().render_help().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Args {
        let words = line.split(' ').map(OsString::from);
        Args::parse_ip([OsString::from("netlink-dump")].into_iter().chain(words)).unwrap()
    }

    #[test]
    fn the_last_family_counts() {
        assert_eq!(parse("-4 -f mpls --6 route").family, Some(Family::INET6));
    }

    #[test]
    fn options_may_be_shortened() {
        let args = parse("-s -stat -h -c=never -ts -br -de -N -n blue link -d");
        assert_eq!((args.statistics, args.human, args.color), (2, true, Color::Never));
        assert_eq!((args.timestamp, args.brief, args.details, args.numeric), (2, true, 1, true));
        assert_eq!(args.netns, Some("blue".into()));
        assert_eq!(args.words, ["link", "-d"]);
    }

    #[test]
    fn options_about_changes_swallow_their_values() {
        let args = parse("-l 3 -force -echo -- rule");
        assert_eq!(args.words, ["rule"]);
    }
}
