//! How many instructions the typed pass takes for a message, counted by callgrind: they are the
//! same on every run, however busy the machine is. More than the limit is a failure.
//!
//! `cargo run --release -p netlink-benches --bin instructions`

use std::{
    env,
    hint::black_box,
    process::{Command, ExitCode},
};

use netlink_benches::{
    count, dump,
    loops::{self, Loop},
};
use netlink_wire::{Messages, Rtm, walk::Walk};

/// What is counted.
struct Pass {
    scenario: &'static str,
    kind: Rtm,
    /// Messages with fewer attributes are left out.
    attrs: usize,
    run: Loop,
    function: &'static str,
    /// Most instructions a message.
    limit: u64,
}

const PASSES: [Pass; 2] = [
    Pass {
        scenario: "route",
        kind: Rtm::NEWROUTE,
        attrs: 0,
        run: loops::routes,
        function: "netlink_benches::loops::routes",
        limit: 190,
    },
    Pass {
        scenario: "link-attrs",
        kind: Rtm::NEWLINK,
        attrs: 33,
        run: loops::links,
        function: "netlink_benches::loops::links",
        limit: 950,
    },
];

impl Pass {
    /// The messages, end to end, a hundred times.
    fn dump(&self) -> Vec<u8> {
        let all = dump(self.scenario, self.kind, 1);
        let mut kept = Vec::new();
        let mut rest = all.as_slice();
        for message in Messages::new(&all).flatten() {
            let (bytes, after) = rest.split_at(message.header.len.next_multiple_of(4) as usize);
            rest = after;
            if Walk::rtnl(message).count() >= self.attrs {
                kept.extend_from_slice(bytes);
            }
        }
        kept.repeat(100)
    }
}

fn main() -> ExitCode {
    if let Some(scenario) = env::args().nth(1) {
        // Under callgrind.
        for pass in PASSES.iter().filter(|pass| pass.scenario == scenario) {
            black_box((pass.run)(black_box(&pass.dump())));
        }
        return ExitCode::SUCCESS;
    }
    let mut passed = true;
    for pass in PASSES {
        let Pass { scenario, limit, .. } = pass;
        let dump = pass.dump();
        let (messages, attrs) = (count(&dump), loops::attributes(&dump));
        let each = match instructions(scenario, pass.function) {
            Ok(all) => all / messages,
            Err(error) => {
                eprintln!("{scenario}: {error}");
                return ExitCode::FAILURE;
            }
        };
        let attrs = attrs as f64 / messages as f64;
        println!(
            "{scenario}: {each} instructions for a message of {attrs:.1} attributes, at most {limit}"
        );
        passed &= each <= limit;
    }
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// All instructions of a pass.
fn instructions(scenario: &str, function: &str) -> Result<u64, String> {
    let this = env::current_exe().map_err(|e| e.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(format!("--toggle-collect={function}"))
        .arg(this)
        .arg(scenario)
        .output()
        .map_err(|e| format!("valgrind: {e}"))?;
    let report = String::from_utf8_lossy(&output.stderr);
    let line = report.lines().find_map(|line| line.split_once("Collected :"));
    let number = line.and_then(|(_, number)| number.trim().parse().ok());
    number.filter(|number| *number > 0).ok_or_else(|| format!("no count from valgrind: {report}"))
}
