//! A long table tells on a terminal how far it is, and nowhere else.

use std::{
    env, fs,
    process::{Command, Stdio},
};

/// More than fits between the program and who reads what it prints.
const ROUTES: u32 = 20_000;
/// Whoever reads it begins after two seconds: it takes longer than a short table.
const SLOWLY: &str = "{ sleep 2; cat; }";

#[test]
fn only_where_people_read_along() {
    let folder = env::temp_dir().join(format!("netlink-dump-progress-{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    let routes: String = (0..ROUTES)
        .map(|n| format!("route add 10.{}.{}.{} dev lo\n", n >> 16, n >> 8 & 255, n & 255))
        .collect();
    fs::write(folder.join("routes"), routes).unwrap();
    let program = env!("CARGO_BIN_EXE_netlink-dump");
    let script = format!(
        "set -e; cd {}; ip link set lo up; ip -batch routes
         script -qec '{program} route' /dev/null | {SLOWLY} >both
         script -qec '{program} route 2>/dev/null' /dev/null | {SLOWLY} >rows
         script -qec '{program} route | {SLOWLY} >/dev/null' /dev/null >errors
         script -qec '{program} link' /dev/null >short",
        folder.display()
    );
    let run = |options: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(options).args(["--", "sh", "-c", &script]).stdin(Stdio::null());
        command.output().unwrap()
    };
    let mut output = run(&["-n"]);
    if !output.status.success() {
        output = run(&["-Urn"]);
    }
    let read = |name| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let [both, rows, errors, short] = ["both", "rows", "errors", "short"].map(read);
    fs::remove_dir_all(&folder).unwrap();
    if !output.status.success() {
        let promised = env::var_os("NETLINK_LIVE").is_some_and(|live| live == "1");
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!promised, "NETLINK_LIVE=1, but: {why}");
        eprintln!("NOT RUN: this system refuses network namespaces, or has no script(1): {why}");
        return;
    }
    assert_eq!([&both, &rows, &short].map(|text| text.contains(" rows/s")), [true, false, false]);
    assert_eq!(errors, "");
    // Each line is wiped away before rows follow.
    let told = both.matches(" rows/s").count();
    assert_eq!(both.matches("\r\x1b[K").count(), told);
    let without_line = |piece: &str| {
        let start = piece.rfind('\n').map_or(0, |at| at + 1);
        let is_line = piece[start..].ends_with(" rows/s");
        piece[..if is_line { start } else { piece.len() }].to_owned()
    };
    let rest: String = both.split("\r\x1b[K").map(without_line).collect();
    assert_eq!(rest.lines().count(), ROUTES as usize);
    assert!(rest == rows, "rows differ");
}
