//! Completions of the command line: scripts for shells, which ask this command for what may come
//! next, and the answers.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    os::unix::ffi::OsStringExt,
};

use clap::{Arg, Command, CommandFactory};
use clap_complete::{
    CompletionCandidate,
    engine::{ArgValueCompleter, PathCompleter, ValueCompleter},
    env::{CompleteEnv, Shells},
};
use netlink_sys::{Protocol, Socket, table::Links};
use netlink_wire::link::{Link, LinkAttr};

use super::{Context, find_object, helps};
use crate::{
    args::Args,
    failure::Failure,
    help::Help,
    names::{File, Names},
    selector::{Word, Words},
};

pub(super) const HELP: Help = Help {
    about: "a script by which a shell completes command lines",
    usage: &["completions SHELL"],
    words: &[("bash|zsh|fish|elvish|powershell", "the shell")],
    notes: "\
bash: source <(netlink-dump completions bash), in ~/.bashrc
zsh:  source <(netlink-dump completions zsh), in ~/.zshrc after compinit
fish: netlink-dump completions fish >~/.config/fish/completions/netlink-dump.fish
",
};

/// Set by the scripts, to the name of the shell.
const VARIABLE: &str = "NETLINK_DUMP_COMPLETE";
const NAME: &str = "netlink-dump";

/// Prints the script of a shell.
pub(super) fn run(context: &mut Context, words: &mut Words) -> Result<(), Failure> {
    let shell = words.value()?;
    if shell.is("help") {
        return Err(Failure::usage(&HELP));
    }
    if let Some(word) = words.next() {
        return Err(word.garbage("completions"));
    }
    let shells = Shells::builtins();
    let known = shell.to_str().and_then(|shell| shells.completer(shell));
    let known = known.ok_or_else(|| shell.wrong("no shell that is known; `completions help`"))?;
    let mut script = Vec::new();
    known.write_registration(VARIABLE, NAME, NAME, NAME, &mut script)?;
    Ok(context.out.page(&String::from_utf8_lossy(&script))?)
}

/// Answers a script, if one asks: the command line so far stands behind `--`.
pub(crate) fn answer() -> Result<bool, Failure> {
    if env::var_os(VARIABLE).is_none() {
        return Ok(false);
    }
    let mut args: Vec<OsString> = env::args_os().collect();
    let line = args.iter().position(|arg| arg == "--").map_or(args.len(), |at| at + 1);
    let object = Args::spell_for_completion(args.get_mut(line..).unwrap_or_default());
    let words: Vec<OsString> = match object {
        // Of the word that is being completed, the shell and the library take care.
        Some(object) => args[line + object..args.len() - 1].into(),
        None => Vec::new(),
    };
    let command = || match words.is_empty() {
        true => options(),
        // No options come after the object.
        false => Command::new(NAME).disable_help_flag(true).arg(
            Arg::new("words").num_args(..).allow_hyphen_values(true).add(completer(words.clone())),
        ),
    };
    let folder = env::current_dir().ok();
    let complete = CompleteEnv::with_factory(command).var(VARIABLE).bin(NAME).completer(NAME);
    complete.try_complete(args, folder.as_deref()).map_err(|error| Failure::new(1, error))
}

/// The command as long as options may come.
fn options() -> Command {
    Args::command()
        .mut_arg("words", |arg| arg.add(completer(Vec::new())))
        .mut_arg("netns", |arg| arg.add(ArgValueCompleter::new(|_: &OsStr| netns_names())))
        .mut_arg("batch", |arg| arg.add(ArgValueCompleter::new(PathCompleter::file())))
}

/// What completes a word after these, the first of which is the object.
fn completer(words: Vec<OsString>) -> ArgValueCompleter {
    ArgValueCompleter::new(move |current: &OsStr| {
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        let words: Vec<&str> = words.iter().map(|word| &**word).collect();
        let start = current.as_encoded_bytes();
        let mut found = next(&words, current);
        found.retain(|known| known.get_value().as_encoded_bytes().starts_with(start));
        found
    })
}

/// What may come after these words.
fn next(words: &[&str], current: &OsStr) -> Vec<CompletionCandidate> {
    let Some((object, words)) = words.split_first() else {
        return helps().into_iter().map(|(name, help)| told(name, help.about)).collect();
    };
    if object.len() > 1 && "explain".starts_with(object) {
        return next(words, current);
    }
    let found = find_object(&Word::from(*object));
    let Some((help, _)) = found else { return Vec::new() };
    if let Some(last) = words.last() {
        let values = help.words.iter().filter_map(|(syntax, _)| {
            let [keys, values] = Help::alternatives(syntax);
            (keys.contains(last) && !values.is_empty()).then_some(values)
        });
        let values: Vec<_> = values.flatten().collect();
        if !values.is_empty() {
            return values.into_iter().flat_map(|value| those_of(value, "", current)).collect();
        }
    }
    // A command stands first.
    let mut found = Vec::new();
    if words.is_empty() {
        let commands = help.usage.iter().filter_map(|usage| usage.split(' ').nth(1));
        let commands = commands.map(|command| command.trim_matches(['[', ']']));
        found.extend(commands.filter(|word| is_literal(word)).map(CompletionCandidate::new));
        found.dedup_by(|a, b| a.get_value() == b.get_value());
    }
    for (syntax, meaning) in help.words {
        let [keys, values] = Help::alternatives(syntax);
        // Where the word may be left out, its value stands alone.
        let values = values.into_iter().filter(|_| syntax.starts_with('['));
        found.extend(keys.into_iter().chain(values).flat_map(|w| those_of(w, meaning, current)));
    }
    found
}

/// The words that one in the help stands for: it may be in capitals.
fn those_of(word: &str, meaning: &'static str, current: &OsStr) -> Vec<CompletionCandidate> {
    let file = |file| Names::default().all(file).into_iter().map(CompletionCandidate::new);
    match word {
        "DEV" => link_names(),
        "FILE" => PathCompleter::file().complete(current),
        "OBJECT" => next(&[], current),
        "TABLE" => file(File::Tables).collect(),
        "PROTO" => file(File::Protocols).collect(),
        "ADDRPROTO" => file(File::AddrProtocols).collect(),
        "SCOPE" => file(File::Scopes).collect(),
        "GROUP" => file(File::Groups).collect(),
        "TOS" => file(File::DsField).collect(),
        word if is_literal(word) => vec![told(word, meaning)],
        _ => Vec::new(),
    }
}

fn told(word: &str, meaning: &'static str) -> CompletionCandidate {
    CompletionCandidate::new(word).help((!meaning.is_empty()).then(|| meaning.into()))
}

/// Whether a word of the help is meant as it stands.
fn is_literal(word: &str) -> bool {
    word.len() > 1 && !word.contains(|c: char| c.is_uppercase())
}

fn link_names() -> Vec<CompletionCandidate> {
    let mut names = Vec::new();
    let Ok(mut socket) = Socket::open(Protocol::ROUTE) else { return names };
    let Ok(mut links) = socket.dump(Links::default()) else { return names };
    while let Ok(Some(link)) = links.recv() {
        let name = |link: Link<'_>| link.get(LinkAttr::IfName).ok()?.map(|n| n.as_bytes().to_vec());
        names.extend(name(link).map(|name| CompletionCandidate::new(OsString::from_vec(name))));
    }
    names
}

fn netns_names() -> Vec<CompletionCandidate> {
    let folder = fs::read_dir("/run/netns").into_iter().flatten().flatten();
    folder.map(|entry| CompletionCandidate::new(entry.file_name())).collect()
}
