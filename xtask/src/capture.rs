//! `cargo xtask capture`: boots throw-away kernels and files what they said.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    Result,
    debian::run,
    foreign,
    kernel::{self, Kernel},
    scenario, shape,
    temp::TempDir,
};

/// Records these scenarios on these kernels; all, if there are none.
pub(crate) fn run_all(names: &[&str]) -> Result {
    let all = scenarios()?;
    let (kernels, names): (Vec<_>, Vec<_>) =
        names.iter().partition(|name| name.starts_with("linux-"));
    let chosen: Vec<_> =
        all.iter().filter(|(name, _)| names.is_empty() || names.contains(&name.as_str())).collect();
    if chosen.is_empty() {
        return Err("no such scenario".into());
    }
    for kernel in kernel::all(&kernels)? {
        let agent = agent(&*kernel)?;
        for scenario in &chosen {
            record(&*kernel, &agent, scenario)?;
        }
    }
    Ok(())
}

/// Counts the shapes in all captures.
pub(crate) fn shapes() -> Result {
    let mut kernels: BTreeMap<String, BTreeSet<_>> = BTreeMap::new();
    let mut all = BTreeSet::new();
    for capture in netlink_captures::all() {
        let seen = kernels.entry(capture.kernel).or_default();
        for shape in capture.records.iter().map(shape::shape) {
            seen.insert(shape.clone());
            all.insert(shape);
        }
    }
    for (kernel, seen) in kernels {
        println!("{kernel}: {} shapes", seen.len());
    }
    println!("together: {} shapes", all.len());
    Ok(())
}

/// The scenarios: name and text.
fn scenarios() -> Result<Vec<(String, String)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        all.push((name, fs::read_to_string(path)?));
    }
    all.sort();
    Ok(all)
}

/// Records one scenario. It has the kernel for itself: modules of another one
/// would add devices, and shift the numbers of all.
fn record(kernel: &dyn Kernel, agent: &Path, (name, text): &(String, String)) -> Result {
    let folder = TempDir::new()?;
    kernel::copy(agent, &folder.path().join("xtask"))?;
    fs::write(folder.path().join(name), text)?;
    // The guest compares: it alone has the byte order of its messages.
    fs::write(folder.path().join("old"), fs::read(file(kernel, name)).unwrap_or_default())?;

    let modules: Vec<_> = ["ipv6", "nlmon"].into_iter().chain(scenario::modules(text)).collect();
    let script = format!("unshare -n ./xtask agent {name} old new\n");
    let output = kernel.run(folder.path(), &modules, &script, &[])?;
    for line in output.text.lines() {
        println!("{}/{line}", kernel.name());
    }
    if output.status != Some(0) {
        return Err(format!("{} on {} failed:\n{}", name, kernel.name(), output.console).into());
    }
    let text = fs::read_to_string(folder.path().join("new"))?;
    let file = file(kernel, name);
    fs::create_dir_all(file.parent().unwrap_or(&file))?;
    Ok(fs::write(file, text)?)
}

/// Where the capture of a scenario is.
fn file(kernel: &dyn Kernel, scenario: &str) -> PathBuf {
    netlink_captures::folder().join(kernel.name()).join(scenario).with_extension("txt")
}

/// This program, built for the machine of a kernel.
fn agent(kernel: &dyn Kernel) -> Result<PathBuf> {
    let Some(target) = kernel.target() else { return Ok(env::current_exe()?) };
    run(foreign::cargo(Some(target), "build")?.args(["-q", "-p", "xtask"]))?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/foreign").join(target);
    Ok(root.join("debug/xtask"))
}
