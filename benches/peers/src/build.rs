//! The table of size and building: what a program that lists links costs with each.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use netlink_peers::dump::Result;
use wait4::Wait4;

/// Name, program, packages that it needs.
const PROGRAMS: [(&str, &str, &[&str]); 6] = [
    ("netlink-wire + netlink-sys", "list_links_ours", &["netlink-sys@0.1"]),
    ("netlink-bindings", "list_links_bindings", &["netlink-socket2", "netlink-bindings"]),
    (
        "netlink-packet-route",
        "list_links_packet_route",
        &["netlink-packet-route", "netlink-sys@0.9"],
    ),
    ("rtnetlink", "list_links_rtnetlink", &["rtnetlink"]),
    ("nlink", "list_links_nlink", &["nlink"]),
    ("neli", "list_links_neli", &["neli"]),
];

pub(crate) fn table() -> Result<()> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let size = |program: &str| -> Result<u64> {
        cargo(&folder, &["build", "-q", "--profile", "small", "--bin", program], None)?;
        Ok(fs::metadata(folder.join("target/small").join(program))?.len())
    };
    let empty = size("list_links_empty")?;
    println!(
        "\n| a program that lists links | KB above an empty one | cold build, s of CPU | crates |"
    );
    println!("|---|---:|---:|---:|");
    for (name, program, packages) in PROGRAMS {
        let added = size(program)?.saturating_sub(empty) as f64 / 1e3;
        let packages: Vec<&str> = packages.iter().flat_map(|package| ["-p", package]).collect();
        let cold = folder.join("target/cold");
        let _ = fs::remove_dir_all(&cold);
        let seconds =
            cargo(&folder, &[&["build", "-q", "--release"], &packages[..]].concat(), Some(&cold))?;
        let tree = Command::new("cargo")
            .args(
                [
                    &["tree", "-q", "--prefix", "none", "-e", "normal,build", "--no-dedupe"],
                    &packages[..],
                ]
                .concat(),
            )
            .current_dir(&folder)
            .output()?;
        let tree = String::from_utf8(tree.stdout)?;
        let mut crates: Vec<&str> = tree.lines().filter(|line| !line.is_empty()).collect();
        crates.sort_unstable();
        crates.dedup();
        println!("| {name} | {added:.0} | {seconds:.1} | {} |", crates.len());
        let _ = fs::remove_dir_all(&cold);
    }
    Ok(())
}

/// Runs cargo, and tells how many seconds of CPU it took with all that it ran.
fn cargo(folder: &Path, args: &[&str], target: Option<&Path>) -> Result<f64> {
    let mut command = Command::new(env::var("CARGO").unwrap_or("cargo".into()));
    command.args(args).current_dir(folder).env_remove("CARGO_TARGET_DIR");
    if let Some(target) = target {
        command.arg("--target-dir").arg(target);
    }
    let used = command.spawn()?.wait4()?;
    if !used.status.success() {
        return Err(format!("cargo {} failed", args.join(" ")).into());
    }
    Ok((used.rusage.utime + used.rusage.stime).as_secs_f64())
}
