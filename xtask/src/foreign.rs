//! Other machines than this one: what is built for them, and the parser's tests on those that QEMU emulates.

use std::{env, path::Path, process::Command};

use crate::Result;

/// `cargo` with what it needs to build for another machine.
///
/// Rust's releases bring the library for few machines. The others build it from
/// the sources that Debian has for its own compiler.
pub(crate) fn cargo(target: Option<&str>, command: &str) -> Result<Command> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.arg(command).current_dir(&workspace).env("CARGO_TERM_COLOR", "never");
    if let Some(target) = target {
        let rustc = workspace.join("target/ci/rustc-1.85");
        if !rustc.exists() {
            return Err("no compiler for other machines: run `.ci/run install`".into());
        }
        cargo.env("RUSTC", rustc).env("RUSTC_BOOTSTRAP", "1");
        cargo.env(setting(target, "LINKER"), gnu_name(target) + "-gcc");
        // The crate io-uring knows of few machines; its structs are those of all with 64 bits.
        cargo.env(setting(target, "RUSTFLAGS"), "--cfg=io_uring_skip_arch_check");
        // Without what prints backtraces.
        cargo.args(["-Zbuild-std=std,panic_unwind,test", "-Zbuild-std-features=default"]);
        cargo.args(["--target", target]);
        cargo.args(["--config", ".ci/foreign.toml", "--target-dir", "target/foreign"]);
    }
    Ok(cargo)
}

/// `cargo xtask foreign-test`: runs the tests of netlink-wire on an emulated machine.
///
/// Those in its documentation are left out: the old rustdoc does not know how today's cargo names the
/// emulator. Of what is made up at random, a part has to do.
pub(crate) fn test(target: &str) -> Result {
    let machine = match target.split_once('-') {
        Some(("powerpc", _)) => "ppc",
        Some((machine, _)) => machine,
        None => return Err(format!("{target} is no target").into()),
    };
    let runner = format!("qemu-{machine}-static -L /usr/{}", gnu_name(target));
    let mut cargo = cargo(Some(target), "test")?;
    cargo.args(["-p", "netlink-wire", "--tests", "--no-fail-fast"]);
    cargo.env(setting(target, "RUNNER"), runner).env("PROPTEST_CASES", "64");
    match cargo.status()?.success() {
        true => Ok(()),
        false => Err(format!("the tests fail on {target}").into()),
    }
}

/// The variable with a setting of cargo for one target.
fn setting(target: &str, name: &str) -> String {
    format!("CARGO_TARGET_{}_{name}", target.replace('-', "_").to_uppercase())
}

/// What GNU's tools call the target.
fn gnu_name(target: &str) -> String {
    target.replace("-unknown", "")
}
