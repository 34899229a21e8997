//! What the command tells of itself: the manual, completions, its version.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_netlink-dump");

fn run(args: &[&str]) -> Output {
    Command::new(PROGRAM).args(args).output().unwrap()
}

fn print(args: &[&str]) -> String {
    let output = run(args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a program that need not be there prints on both, given `input`; nothing if it is not.
fn tool(name: &str, args: &[&str], input: &str) -> Option<String> {
    let mut command = Command::new(name);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        let promised = std::env::var_os("NETLINK_LIVE").is_some_and(|live| live == "1");
        assert!(!promised, "NETLINK_LIVE=1, but there is no {name}");
        eprintln!("NOT RUN: there is no {name}");
        return None;
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let Output { stdout, stderr, status } = child.wait_with_output().unwrap();
    let text = [stdout, stderr].concat();
    Some(format!("{}{}", String::from_utf8_lossy(&text), status.code().unwrap()))
}

#[test]
fn the_version_is_that_of_the_headers_as_well() {
    for option in ["-V", "-Version", "--version"] {
        let version = print(&[option]);
        let expected = concat!("netlink-dump ", env!("CARGO_PKG_VERSION"), ", headers of Linux ");
        assert_eq!(version, format!("{expected}{}\n", netlink_wire::UAPI));
    }
}

/// Every object and option is in the manual, which is well-formed.
#[test]
fn the_manual_has_all() {
    let page = print(&["man"]);
    let help = String::from_utf8(run(&["help"]).stderr).unwrap();
    let (options, objects) = help.split_once("Objects").unwrap();
    let mut count = 0;
    for line in objects.lines().filter_map(|line| line.strip_prefix("  ")) {
        let object = line.split(' ').next().unwrap();
        assert!(page.contains(&format!("\n.SS {object}\n")), "{object} is missing");
        // Each says how it is used, as the manual does.
        let help = run(&[object, "help"]);
        assert_eq!(help.status.code(), Some(255), "{object}");
        let help = String::from_utf8(help.stderr).unwrap();
        let usage = help.lines().next().unwrap().strip_prefix("Usage: ").unwrap();
        assert!(page.contains(&usage.replace('-', "\\-")), "{usage} is missing");
        count += 1;
    }
    assert!(count > 12, "only {count} objects");
    let words = options.split_whitespace();
    for option in words.filter_map(|word| word.strip_prefix("--")) {
        let option = option.split(['.', '[', ']', '=']).next().unwrap();
        let option = format!("--{option}");
        assert!(page.contains(&option.replace('-', "\\-")), "{option} is missing");
    }
    // Long lines are no fault.
    if let Some(faults) = tool("mandoc", &["-T", "lint", "-W", "warning"], &page) {
        assert_eq!(faults, "0");
    }
    if let Some(text) = tool("man", &["--warnings", "-l", "-"], &page) {
        assert!(text.contains("EXIT STATUS") && !text.contains("warning"), "{text}");
    }
}

/// What a shell would offer for a command line.
fn candidates(line: &[&str]) -> Vec<String> {
    let output = Command::new(PROGRAM)
        .args(["--", "netlink-dump"])
        .args(line)
        .env("NETLINK_DUMP_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", line.len().to_string())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn words_are_completed() {
    let is = |line: &[&str], expected: &[&str]| assert_eq!(candidates(line), expected, "{line:?}");
    is(&["ro"], &["route"]);
    is(&["-json", "-4", "ne"], &["neighbour", "netconf", "nexthop"]);
    is(&["-ts", "-f", "inet6", "ru"], &["rule"]);
    is(&["-loops", "3", "gr"], &["graph"]);
    is(&["--fam"], &["--family"]);
    is(&["-f", "i"], &["inet", "inet6"]);
    is(&["--color="], &["--color=auto", "--color=always", "--color=never"]);
    is(&["r", "ge"], &["get"]);
    is(&["route", "show", "table", "m"], &["main"]);
    is(&["explain", "rule", "dsc"], &["dscp"]);
    is(&["link", "show", "dev", "lo"], &["lo"]);
    is(&["link", "lo"], &["lo"]);
    is(&["neigh", "nud", "perm"], &["permanent"]);
    is(&["completions", "z"], &["zsh"]);
    is(&["nothing", ""], &[]);
    assert!(candidates(&[""]).len() > 30);
    assert!(candidates(&["route", ""]).iter().all(|word| !word.starts_with('-')));
}

/// The scripts are understood by their shells.
#[test]
fn scripts_for_shells() {
    let folder = std::path::Path::new(PROGRAM).parent().unwrap().to_str().unwrap();
    let path = format!("PATH={folder}:$PATH");
    for (shell, args, ask, expected) in [
        (
            "bash",
            &["--norc", "-s"][..],
            "COMP_WORDS=(netlink-dump ru); COMP_CWORD=1\n\
             _clap_complete_netlink_dump netlink-dump ru netlink-dump\n\
             complete -p netlink-dump >/dev/null && echo \"${COMPREPLY[*]}\"\n",
            "rule\n0",
        ),
        (
            "zsh",
            &["-f", "-s"],
            "echo $_comps[netlink-dump]\n",
            "_clap_dynamic_completer_netlink_dump\n0",
        ),
        (
            "fish",
            &["--no-config"],
            "complete -C 'netlink-dump ru' | string split \\t\n",
            "rule\nrules that choose the routing table\n0",
        ),
    ] {
        let script = print(&["completions", shell]);
        let before = match shell {
            "zsh" => "autoload -U compinit; compinit -u -D\n",
            _ => "",
        };
        let path = if shell == "fish" {
            format!("set -x {}", path.replacen('=', " ", 1).replace(':', " "))
        } else {
            format!("export {path}")
        };
        let input = format!("{path}\n{before}{script}\n{ask}");
        if let Some(text) = tool(shell, args, &input) {
            assert_eq!(text, expected, "{shell}");
        }
    }
    assert_eq!(run(&["completions", "tcsh"]).status.code(), Some(255));
    assert_eq!(run(&["completions"]).status.code(), Some(255));
}

/// What cannot be written fails, and a complaint that cannot be is no reason to end otherwise.
#[test]
fn a_full_disk_is_a_failure() {
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    for args in [&["-V"][..], &["man"], &["schema"]] {
        let output = Command::new(PROGRAM).args(args).stdout(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(complaint.contains("No space left on device"), "{args:?}: {complaint}");
    }
    for (args, code) in [(&["nosuch"][..], 1), (&["link", "nosuch"], 255), (&["help"], 255)] {
        let status = Command::new(PROGRAM).args(args).stderr(full()).status().unwrap();
        assert_eq!(status.code(), Some(code), "{args:?}");
    }
}
