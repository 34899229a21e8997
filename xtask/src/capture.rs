//! `cargo xtask capture`: boots throw-away kernels and files what they said.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use netlink_captures::{Capture, Record};

use crate::{
    Result,
    kernel::{self, Kernel},
    scenario, shape,
    temp::TempDir,
};

/// Records these scenarios; all, if there are none.
pub(crate) fn run(names: &[&str]) -> Result {
    let all = scenarios()?;
    let chosen: Vec<_> =
        all.iter().filter(|(name, _)| names.is_empty() || names.contains(&name.as_str())).collect();
    if chosen.is_empty() {
        return Err("no such scenario".into());
    }
    for kernel in kernel::all(&[])? {
        record(&*kernel, &chosen)?;
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

fn record(kernel: &dyn Kernel, scenarios: &[&(String, String)]) -> Result {
    let folder = TempDir::new()?;
    fs::copy(env::current_exe()?, folder.path().join("xtask"))?;
    let mut modules = BTreeSet::from(["ipv6", "nlmon"]);
    let mut script = String::new();
    for (name, text) in scenarios {
        modules.extend(scenario::modules(text));
        fs::write(folder.path().join(name), text)?;
        script += &format!("unshare -n ./xtask agent {name} {name}.txt || echo {name} failed\n");
    }
    let modules: Vec<_> = modules.into_iter().collect();
    let output = kernel.run(folder.path(), &modules, &script)?;
    print!("{}", output.text);
    if output.status != Some(0) {
        return Err(format!("{} died:\n{}", kernel.name(), output.console).into());
    }
    for (name, _) in scenarios {
        let text = fs::read_to_string(folder.path().join(name).with_extension("txt"))?;
        let new = Capture::read(&text)?;
        let changed = file(kernel.name(), name, new)?;
        println!("{}/{name}: {changed}", kernel.name());
    }
    Ok(())
}

/// Writes a capture, and leaves in it every message of the one before that
/// differs in nothing but what time and chance made.
fn file(kernel: &str, scenario: &str, mut new: Capture) -> Result<String> {
    let path: PathBuf =
        netlink_captures::folder().join(kernel).join(scenario).with_extension("txt");
    let old = fs::read_to_string(&path).ok();
    let mut kept: BTreeMap<_, Vec<Record>> = BTreeMap::new();
    if let Some(old) = &old {
        for record in Capture::read(old)?.records.into_iter().rev() {
            kept.entry((record.kind.word(), shape::stable(&record))).or_default().push(record);
        }
    }
    let mut changed = 0;
    for record in &mut new.records {
        let same = kept.get_mut(&(record.kind.word(), shape::stable(record)));
        match same.and_then(Vec::pop) {
            Some(old) => record.bytes = old.bytes,
            None => changed += 1,
        }
    }
    let (all, text) = (new.records.len(), new.to_string());
    fs::create_dir_all(path.parent().unwrap_or(&path))?;
    fs::write(&path, text)?;
    Ok(format!("{all} messages, {changed} of them new"))
}
