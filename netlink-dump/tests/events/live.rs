//! Programs that run while something is done to the kernel.

use std::{
    env,
    ffi::OsStr,
    fmt::Debug,
    io::Read,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::namespace::{self, Output};

pub(crate) const OURS: &str = env!("CARGO_BIN_EXE_netlink-dump");

/// Runs a test of the calling file in namespaces of its own, with the loopback interface up.
#[track_caller]
pub(crate) fn alone(test: impl FnOnce() + Send) {
    if namespace::may_run() {
        namespace::within(|| {
            sh("ip link set lo up");
            test();
        });
    }
}

/// Does something to the kernel.
pub(crate) fn sh(script: &str) {
    let script = format!("set -ex\n{script}\n");
    let Output { code, err, .. } = Output::of("sh", ["-c", &script]).unwrap();
    assert_eq!(code, 0, "{}", String::from_utf8_lossy(&err));
}

/// What `ip -j` or our own command prints of a table.
pub(crate) fn table(program: &str, line: &str) -> Vec<Value> {
    let Output { out, .. } = Output::of(program, line.split(' ')).unwrap();
    serde_json::from_slice(&out).unwrap_or_default()
}

/// Waits for something to become true: longer than it ever takes.
pub(crate) fn wait_for<T: Debug>(what: impl Debug, mut found: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < end, "never came: {what:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A program that runs, and what it has written so far.
pub(crate) struct Program {
    child: Child,
    out: Arc<Mutex<Vec<u8>>>,
    err: Arc<Mutex<Vec<u8>>>,
}

impl Program {
    /// Starts a program, and waits until it listens.
    pub(crate) fn listening(
        program: &str,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Self {
        let before = listeners();
        let program = Self::start(program, arguments);
        wait_for("a socket in a group", || (listeners() > before).then_some(()));
        // There may be more groups to join, and links to read.
        thread::sleep(Duration::from_millis(500));
        program
    }

    pub(crate) fn start(
        program: &str,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Self {
        // Whoever runs the tests in the background may have let them ignore it.
        let mut command = Command::new("env");
        command
            .args(["--default-signal=INT", program])
            .args(arguments)
            .stdin(Stdio::null())
            .env("TZ", "UTC")
            .env("LC_ALL", "C");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = collect(child.stdout.take().unwrap());
        let err = collect(child.stderr.take().unwrap());
        Self { child, out, err }
    }

    pub(crate) fn out(&self) -> String {
        String::from_utf8_lossy(&self.out.lock().unwrap()).into_owned()
    }

    pub(crate) fn err(&self) -> String {
        String::from_utf8_lossy(&self.err.lock().unwrap()).into_owned()
    }

    /// What it has written, each line as JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let out = self.out();
        let whole = out.rfind('\n').map_or(0, |end| end + 1);
        let line =
            |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        out[..whole].lines().map(line).collect()
    }

    /// Waits for a line of JSON.
    pub(crate) fn line(&self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        wait_for(what, || self.lines().into_iter().rev().find(&is))
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: &str) {
        sh(&format!("kill -{signal} {}", self.child.id()));
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for its end, and gives back the exit code.
    pub(crate) fn end(&mut self) -> Option<i32> {
        wait_for("the end", || self.child.try_wait().unwrap()).code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How many sockets of this namespace are in a group.
fn listeners() -> usize {
    let sockets = std::fs::read_to_string("/proc/thread-self/net/netlink").unwrap();
    let groups = |line: &str| line.split_whitespace().nth(3).map(str::to_owned);
    sockets.lines().skip(1).filter_map(groups).filter(|groups| groups != "00000000").count()
}

fn collect(mut from: impl Read + Send + 'static) -> Arc<Mutex<Vec<u8>>> {
    let collected = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&collected);
    thread::spawn(move || {
        let mut buf = vec![0; 1 << 16];
        while let Ok(len @ 1..) = from.read(&mut buf) {
            shared.lock().unwrap().extend_from_slice(&buf[..len]);
        }
    });
    collected
}
