//! `cargo xtask kernel-test`: runs the live tests of the workspace in throw-away kernels.

use std::{
    collections::btree_map::{BTreeMap, Entry},
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
};

use serde_json::Value;

use crate::{
    Result, foreign,
    kernel::{self, Kernel, Output},
    temp::TempDir,
};

/// Packages with tests that talk to a kernel.
const PACKAGES: &[&str] = &["netlink-sys", "netlink-dump"];

/// Modules that tests may need and cannot load by themselves.
const MODULES: &[&str] = &[
    "ipv6", "dummy", "veth", "bridge", "8021q", "bonding", "ip_gre", "macvlan", "vrf", "vxlan",
    "ifb", "sch_htb", "tcp_diag", "udp_diag",
];

/// What the library does with a kernel: the programs that run where everything takes ten times as
/// long, on a machine that is emulated.
const ESSENTIALS: &[&str] = &["dump", "events", "genl", "link_kind", "live", "mirror", "sock_diag"];

/// The longest of them, which starts `ip` a thousand times: left out on a machine like this one, on which
/// user-mode kernels both older and newer run it.
const LONGEST: &str = "mirror";

/// Those of its tests that start most programs: left out on all emulated machines, where each takes half a
/// second to start.
const LONG: &[&str] = &[
    "ipv6_multipath_grown_and_shrunk",
    "ports_of_bridges_come_and_go",
    "rules_are_told_apart_by_all_they_say",
];

/// Programs that take long, and of which no test depends on the kernel.
const ELSEWHERE: &[&str] = &["decode", "help", "progress"];

/// The test programs for one kind of machine.
struct Tests {
    /// Each with the folder that it expects to run in.
    programs: Vec<(PathBuf, PathBuf)>,
    /// What they need to find at its place: themselves, and what they run.
    files: Vec<PathBuf>,
}

/// Runs the tests in the kernels of these names; in all, if there are none.
pub(crate) fn run(names: &[&str]) -> Result {
    let kernels = kernel::all(names)?;
    // One after the other: they share the processor, and cargo's folder.
    let mut tests = BTreeMap::new();
    for kernel in &kernels {
        if let Entry::Vacant(entry) = tests.entry(machine(&**kernel)) {
            entry.insert(build(machine(&**kernel))?);
        }
    }
    let mut failed = Vec::new();
    thread::scope(|scope| {
        let runs: Vec<_> = kernels
            .iter()
            .map(|kernel| {
                (
                    kernel,
                    scope.spawn(|| {
                        let tests = &tests[&machine(&**kernel)];
                        test(&**kernel, tests).map_err(|e| e.to_string())
                    }),
                )
            })
            .collect();
        for (kernel, run) in runs {
            match run.join().unwrap_or_else(|_| Err("panicked".to_owned())) {
                Ok((passed, programs)) => {
                    println!(
                        "kernel-test: {}: {passed} tests passed in {programs} programs",
                        kernel.name()
                    );
                }
                Err(error) => {
                    println!("kernel-test: {}: FAILED\n{error}", kernel.name());
                    failed.push(kernel.name());
                }
            }
        }
    });
    match failed[..] {
        [] => Ok(()),
        _ => Err(format!("failed on {}", failed.join(", ")).into()),
    }
}

/// What its tests are built for, and whether the essential ones have to do.
fn machine(kernel: &dyn Kernel) -> (Option<&'static str>, bool) {
    (kernel.target(), kernel.family() == "emulated")
}

/// Builds the tests for a machine. For this one, they are what `cargo test --workspace` runs.
fn build((target, essential): (Option<&str>, bool)) -> Result<Tests> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let packages = if essential { &PACKAGES[..1] } else { PACKAGES };
    let mut cargo = foreign::cargo(target, "test")?;
    cargo.args(["--no-run", "--message-format=json-render-diagnostics"]).stdin(Stdio::null());
    if target.is_some() {
        cargo.args(["-p", PACKAGES[0]]);
        cargo.args(ESSENTIALS.iter().flat_map(|program| ["--test", program]));
    } else {
        cargo.args(["--workspace", "--tests"]);
    }
    let output = cargo.output()?;
    if !output.status.success() {
        let log = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the tests do not build:\n{log}").into());
    }
    let mut tests = Tests { programs: Vec::new(), files: Vec::new() };
    for line in String::from_utf8(output.stdout)?.lines() {
        let built: Value = serde_json::from_str(line)?;
        let (Some(program), Some(manifest)) =
            (built["executable"].as_str(), built["manifest_path"].as_str())
        else {
            continue;
        };
        let (program, manifest) = (PathBuf::from(program), Path::new(manifest));
        let name = built["target"]["name"].as_str().unwrap_or_default();
        let mut folders = packages.iter().map(|package| workspace.join(package));
        let package = folders.find(|folder| Some(&**folder) == manifest.parent());
        let Some(package) = package.filter(|_| built["profile"]["test"] == true) else { continue };
        let is_left_out = match essential {
            true => !ESSENTIALS.contains(&name) || (target.is_none() && name == LONGEST),
            false => ELSEWHERE.contains(&name),
        };
        if is_left_out {
            continue;
        }
        let command = program.with_file_name("../netlink-dump");
        if command.exists() {
            tests.files.push(command.canonicalize()?);
        }
        tests.files.extend([program.clone(), package.clone()]);
        tests.programs.push((program, package));
    }
    tests.files.sort();
    tests.files.dedup();
    tests.programs.sort();
    match tests.programs[..] {
        [] => Err("there are no tests".into()),
        _ => Ok(tests),
    }
}

/// Runs all in one boot; returns how many tests passed, in how many programs.
fn test(kernel: &dyn Kernel, tests: &Tests) -> Result<(usize, usize)> {
    let folder = TempDir::new()?;
    // A program takes long to start there: a sample of what is compared with `ip` has to do.
    let (_, essential) = machine(kernel);
    let (sample, skipped) = if essential { (255, LONG) } else { (127, &[][..]) };
    let skips: String = skipped.iter().map(|test| format!(" --skip {test}")).collect();
    // The tests count links: no module shall put some of its own into each new namespace.
    let mut script = format!(
        "mkdir -p /dev/pts; mount -t devpts pts /dev/pts
echo 1 >/proc/sys/net/core/fb_tunnels_only_for_init_net
export NETLINK_LIVE=1 NETLINK_KINDS=1 RUST_BACKTRACE=0 TMPDIR=/run
export NETLINK_SAMPLE={sample} MIRROR_SCRIPTS=500
failed=0
"
    );
    for (program, folder) in &tests.programs {
        let (program, folder) = (program.display(), folder.display());
        script += &format!(
            "echo; echo '{program}'; cd '{folder}' && '{program}' --include-ignored --test-threads=1{skips} 2>&1 || failed=1\n"
        );
    }
    script += "exit $failed\n";
    let output = kernel.run(folder.path(), MODULES, &script, &tests.files)?;
    fs::create_dir_all("target/kernel-test")?;
    fs::write(format!("target/kernel-test/{}.log", kernel.name()), &output.text)?;
    if output.status != Some(0) {
        let Output { text, console, status } = output;
        return Err(format!("status {status:?}\n{text}\nconsole:\n{console}").into());
    }
    // "test result: ok. 43 passed; 0 failed; ..."
    let passed = output.text.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    let passed: Vec<usize> =
        passed.filter_map(|line| line.split(' ').next()?.parse().ok()).collect();
    let sum = passed.iter().sum();
    if sum == 0 || passed.len() != tests.programs.len() {
        return Err(format!("not all programs ran:\n{}", output.text).into());
    }
    Ok((sum, passed.len()))
}
