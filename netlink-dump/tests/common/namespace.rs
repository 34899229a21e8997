//! Network namespaces, and programs that run in them.

use std::{
    env,
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
    panic::Location,
    path::Path,
    process::{Command, Stdio},
    thread,
};

use nix::sched::{CloneFlags, unshare};

/// What a program wrote, and its exit code.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Output {
    pub(crate) code: i32,
    pub(crate) out: Vec<u8>,
    pub(crate) err: Vec<u8>,
}

impl Output {
    /// Runs a program to its end; nothing if there is no such program.
    pub(crate) fn of(
        program: &str,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Option<Self> {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null());
        command.envs([("LC_ALL", "C"), ("TZ", "UTC")]);
        command.env_remove("NO_COLOR").env_remove("COLORFGBG");
        let output = command.output().ok()?;
        // A signal is no exit code.
        let code = output.status.code().unwrap_or(-1);
        Some(Self { code, out: output.stdout, err: output.stderr })
    }
}

/// The namespaces that a case has of its own.
const OWN: CloneFlags = CloneFlags::CLONE_NEWNET.union(CloneFlags::CLONE_NEWNS);

/// Whether namespaces are promised: what cannot be run is then a failure.
pub(crate) fn are_promised() -> bool {
    env::var_os("NETLINK_LIVE").is_some_and(|live| live == "1")
}

/// Whether the tests of the calling file may make namespaces. If they have to be root of a
/// namespace of users for it, they were run, and passed.
#[track_caller]
pub(crate) fn may_run() -> bool {
    if thread::spawn(|| unshare(OWN).is_ok()).join().unwrap() {
        return true;
    }
    let file = Path::new(Location::caller().file()).file_stem().unwrap_or_default();
    let again = as_root(&file.to_string_lossy());
    assert!(
        !are_promised() || again.is_some(),
        "NETLINK_LIVE=1, but network namespaces are refused"
    );
    match again {
        None => eprintln!("NOT RUN: this system refuses network namespaces"),
        Some(passed) => assert!(passed, "failed as root of a namespace of users"),
    }
    false
}

/// Runs the tests of a module again as root of a namespace of users, which an ordinary user can
/// be: whether they passed, or nothing where even that is refused.
fn as_root(module: &str) -> Option<bool> {
    let unshare = |program: &str| {
        let mut command = Command::new("unshare");
        command.args(["-Ur", "--", program]);
        command
    };
    let probe = unshare("true").stderr(Stdio::null()).status().ok()?;
    if !probe.success() {
        return None;
    }
    let tests = env::current_exe().unwrap();
    let mut again = unshare(&tests.to_string_lossy());
    let status = again.args([&format!("{module}::"), "--nocapture"]).status().unwrap();
    Some(status.success())
}

/// Runs something in namespaces of its own.
pub(crate) fn within<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    // A namespace is a thread's, and of the programs that it starts.
    let run = || {
        unshare(OWN).unwrap();
        let own_run = "mount --make-rprivate / && mount -t tmpfs none /run";
        let mount = Output::of("sh", ["-c", own_run]).unwrap();
        assert_eq!(mount, Output::default(), "no /run of its own");
        run()
    };
    thread::scope(|scope| match scope.spawn(run).join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

/// Runs a shell script, in which `ip` and `bridge` are these; gives back its complaints if a
/// command fails.
pub(crate) fn shell([ip, bridge]: &[String; 2], script: &str) -> Result<(), String> {
    let function = |name, program| format!("{name}() {{ command {program} \"$@\"; }}");
    let prologue = format!("set -ex; {}; {}", function("ip", ip), function("bridge", bridge));
    let script = format!("{prologue}\n{script}\n");
    let Output { code, err, .. } = Output::of("sh", ["-c", &script]).unwrap();
    if code == 0 { Ok(()) } else { Err(String::from_utf8_lossy(&err).into_owned()) }
}

/// The words of a line, as the shell sees them.
pub(crate) fn words(line: &str) -> Vec<OsString> {
    let script = format!("for word in {line}; do printf '%s\\0' \"$word\"; done");
    let Output { code, out, err } = Output::of("sh", ["-c", &script]).unwrap();
    assert_eq!((code, &*err), (0, &b""[..]), "{line}");
    let words = out.split_inclusive(|&byte| byte == 0);
    words.map(|word| OsStr::from_bytes(&word[..word.len() - 1]).to_owned()).collect()
}
