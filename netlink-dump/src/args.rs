//! The command line: options before the object as `ip` has them, then the
//! object and its own words.

use std::ffi::OsString;

use clap::{ArgAction, Parser, ValueEnum, builder::PossibleValue};

use crate::failure::Failure;

/// Options that stand before the object.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "netlink-dump",
    version,
    about,
    disable_help_subcommand = true,
    arg_required_else_help = false,
    after_help = crate::object::HELP
)]
pub(crate) struct Args {
    /// Address family; -4 and -6 are short for the first two
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
    /// One line a row
    #[arg(short, long)]
    pub(crate) oneline: bool,
    /// Names as numbers
    #[arg(short = 'N', long)]
    pub(crate) numeric: bool,
    /// The object, and what of it to show
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) words: Vec<OsString>,
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
        &[Self::INET, Self::INET6, Self::MPLS, Self::BRIDGE, Self::PACKET, Self::UNSPEC]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match *self {
            Self::INET => "inet",
            Self::INET6 => "inet6",
            Self::MPLS => "mpls",
            Self::BRIDGE => "bridge",
            Self::PACKET => "link",
            _ => "any",
        }))
    }
}

/// How `ip` spells the options: any beginning of a word will do, and the first
/// word that it is a beginning of is meant. What they are called here follows.
const SPELLINGS: &[(&str, &str)] = &[
    ("family", "--family"),
    ("4", "--family=inet"),
    ("6", "--family=inet6"),
    ("0", "--family=link"),
    ("M", "--family=mpls"),
    ("B", "--family=bridge"),
    ("statistics", "--statistics"),
    ("stats", "--statistics"),
    ("details", "--details"),
    ("oneline", "--oneline"),
    ("Version", "--version"),
    ("json", "--json"),
    ("pretty", "--pretty"),
    ("help", "--help"),
    ("Numeric", "--numeric"),
];

/// Options that are followed by a value.
const TAKE_A_VALUE: &[&str] = &["--family"];

impl Args {
    /// Reads the command line, the name of the program included.
    pub(crate) fn parse_ip(args: impl IntoIterator<Item = OsString>) -> Result<Self, Failure> {
        let mut args = args.into_iter();
        let mut expanded: Vec<OsString> = args.by_ref().take(1).collect();
        let mut object = None;
        while let Some(arg) = args.next() {
            let Some(option) = arg.to_str().and_then(|arg| arg.strip_prefix('-')) else {
                object = Some(arg);
                break;
            };
            let option = option.strip_prefix('-').unwrap_or(option);
            if option.is_empty() {
                break;
            }
            let (option, value) = match option.split_once('=') {
                Some((option, value)) => (option, Some(OsString::from(value))),
                None => (option, None),
            };
            let found = SPELLINGS.iter().find(|(word, _)| word.starts_with(option));
            let Some(&(_, long)) = found else { return Err(Failure::unknown_option(&arg)) };
            expanded.push(long.into());
            if TAKE_A_VALUE.contains(&long) {
                expanded.extend(value.or_else(|| args.next()));
            }
        }
        expanded.push("--".into());
        expanded.extend(object);
        expanded.extend(args);
        Self::try_parse_from(expanded).map_err(Failure::from)
    }
}
