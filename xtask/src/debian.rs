//! Packages of other Debian suites and architectures, unpacked beside the
//! project rather than installed.
//!
//! apt's own client fetches them and checks their signatures, from the archive
//! that this machine uses already. The machine's own state is not touched.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::Result;

/// A suite of Debian for one architecture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Suite {
    /// `forky`, `trixie-backports`
    pub(crate) name: &'static str,
    /// `amd64`
    pub(crate) arch: &'static str,
}

impl Suite {
    /// Unpacks packages, once, into a folder of this name; a package may be
    /// given as a pattern, of which the last in the order of versions is taken.
    pub(crate) fn unpack(self, folder: &str, packages: &[&str]) -> Result<PathBuf> {
        let root = cache().join(folder);
        let done = root.join(".done");
        let wanted = packages.join(" ");
        if fs::read_to_string(&done).is_ok_and(|have| have == wanted) {
            return Ok(root);
        }
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root)?;
        let state = self.update()?;
        let names = packages.iter().map(|package| self.resolve(&state, package));
        let names: Vec<String> = names.collect::<Result<_>>()?;
        let debs = state.join("deb");
        let _ = fs::remove_dir_all(&debs);
        fs::create_dir_all(&debs)?;
        run(apt(&state, "apt-get").args(["-qq", "download"]).args(&names).current_dir(&debs))?;
        for deb in fs::read_dir(&debs)? {
            run(Command::new("dpkg").arg("-x").arg(deb?.path()).arg(&root))?;
        }
        fs::write(done, wanted)?;
        Ok(root)
    }

    /// Reads the lists of the suite, once.
    fn update(self) -> Result<PathBuf> {
        let Self { name, arch } = self;
        let state = cache().join(format!("apt-{name}-{arch}"));
        let done = state.join(".done");
        if done.exists() {
            return Ok(state);
        }
        for folder in ["lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(state.join(folder))?;
        }
        fs::write(state.join("status"), "")?;
        let archive = archive()?;
        let keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
        let source = format!("deb [signed-by={keys} arch={arch}] {archive} {name} main\n");
        fs::write(state.join("sources.list"), source)?;
        let at = state.display();
        let config = format!(
            "APT::Architecture \"{arch}\"; APT::Architectures {{ \"{arch}\"; }};
APT::Sandbox::User \"root\"; Acquire::Languages \"none\"; Acquire::Check-Valid-Until \"false\";
Dir::State \"{at}\"; Dir::State::status \"{at}/status\"; Dir::State::lists \"{at}/lists\";
Dir::Cache \"{at}/cache\"; Dir::Etc::sourcelist \"{at}/sources.list\"; Dir::Etc::sourceparts \"/nonexistent\";
"
        );
        fs::write(state.join("apt.conf"), config)?;
        run(apt(&state, "apt-get").args(["-qq", "update"]))?;
        fs::write(done, "")?;
        Ok(state)
    }

    fn resolve(self, state: &Path, package: &str) -> Result<String> {
        if !package.contains('*') {
            return Ok(package.to_owned());
        }
        let pattern =
            format!("^{}$", package.replace('.', "\\.").replace('+', "\\+").replace('*', ".*"));
        let found = run(apt(state, "apt-cache").args(["search", "--names-only", &pattern]))?;
        let mut names: Vec<_> = found.lines().filter_map(|line| line.split(' ').next()).collect();
        names.sort_by_key(|name| numbers(name));
        let name = names.last().ok_or_else(|| format!("{}: no package {package}", self.name))?;
        Ok((*name).to_owned())
    }
}

/// The numbers in a name, which order versions: 6.9 before 6.12.
pub(crate) fn numbers(name: &str) -> Vec<u64> {
    name.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect()
}

/// Where the packages are kept.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debian")
}

fn apt(state: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command.env("APT_CONFIG", state.join("apt.conf"));
    command
}

/// The archive that this machine installs from.
fn archive() -> Result<String> {
    let mut command = Command::new("apt-get");
    command.args(["indextargets", "--format", "$(REPO_URI) $(ORIGIN)", "Created-By: Packages"]);
    let targets = run(&mut command)?;
    let debian = targets.lines().filter_map(|line| line.split_once(' '));
    let mut debian =
        debian.filter(|(uri, origin)| *origin == "Debian" && !uri.contains("security"));
    let (uri, _) = debian.next().ok_or("run `apt-get update` first: no archive is known")?;
    Ok(uri.to_owned())
}

/// Runs a command to its end and returns what it printed.
pub(crate) fn run(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("{command:?}: {e}"))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{command:?}: {}: {}", output.status, error.trim()).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
