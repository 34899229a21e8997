//! Throw-away kernels.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Result, qemu::Qemu, s390x::S390x, uml::Uml};

/// A kernel that can be booted, asked, and thrown away.
pub(crate) trait Kernel: Sync {
    /// Name of the folder for its captures: `linux-6.1`.
    fn name(&self) -> &str;

    /// How it runs: `user-mode`, or `emulated`, which takes longer.
    fn family(&self) -> &'static str;

    /// What programs have to be built for, if it is another machine than this one.
    fn target(&self) -> Option<&'static str> {
        None
    }

    /// Runs a shell script in it, as its root. It has `folder` at `/mnt`, and
    /// this machine's files around it, or at least `files`.
    fn run(
        &self,
        folder: &Path,
        modules: &[&str],
        script: &str,
        files: &[PathBuf],
    ) -> Result<Output>;
}

/// What a guest left behind.
#[derive(Debug)]
pub(crate) struct Output {
    /// What was printed.
    pub(crate) text: String,
    /// How it ended; none if the kernel died before.
    pub(crate) status: Option<i32>,
    /// The kernel's console.
    pub(crate) console: String,
}

impl Output {
    /// Reads what the scripts that [`guest`] makes leave in `folder`.
    pub(crate) fn read(folder: &Path, console: Vec<u8>) -> Self {
        let read = |name: &str| fs::read(folder.join(name)).unwrap_or_default();
        Self {
            text: String::from_utf8_lossy(&read("out")).into_owned(),
            status: String::from_utf8_lossy(&read("status")).trim().parse().ok(),
            console: String::from_utf8_lossy(&console).into_owned(),
        }
    }
}

/// The kernels of these names and families; all that can be had, if there are none.
///
/// Those of Debian 12 must be there. The others are of suites that move: one
/// that cannot be had is said to be absent.
pub(crate) fn all(names: &[&str]) -> Result<Vec<Box<dyn Kernel>>> {
    let wanted = |kernel: &dyn Kernel| {
        names.is_empty() || names.contains(&kernel.name()) || names.contains(&kernel.family())
    };
    let mut kernels: Vec<Box<dyn Kernel>> = vec![Box::new(Uml::installed()?)];
    match Uml::of("forky") {
        Ok(kernel) => {
            let image = "linux-image-6.12.*+deb13-amd64";
            match Qemu::of("trixie", image, kernel.path().to_owned()) {
                Ok(kernel) => kernels.push(Box::new(kernel)),
                Err(error) => println!("ABSENT: Linux 6.12 under QEMU: {error}"),
            }
            kernels.push(Box::new(kernel));
        }
        Err(error) => println!("ABSENT: the newest kernels, in user mode and under QEMU: {error}"),
    }
    kernels.push(Box::new(S390x::new()?));
    kernels.retain(|kernel| wanted(&**kernel));
    if kernels.is_empty() {
        return Err("no such kernel".into());
    }
    Ok(kernels)
}

/// The part of a guest's init that is the same everywhere: from a mounted
/// `/mnt` to the end.
pub(crate) fn guest(folder: &Path, path: &str, modules: &[&str], script: &str) -> Result<String> {
    let modprobe = "#!/bin/sh\nexec /sbin/modprobe -d /mnt/root \"$@\"\n";
    write_executable(&folder.join("modprobe"), modprobe)?;
    fs::write(folder.join("script"), script)?;
    // What is built in needs no module: whoever misses one tells.
    let load: String = modules.iter().map(|m| format!("/mnt/modprobe -q {m}\n")).collect();
    Ok(format!(
        "export PATH={path}/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp
mount -t tmpfs tmp /run
echo /mnt/modprobe >/proc/sys/kernel/modprobe
cd /mnt
{{ {load} ip link set lo up; }} >/mnt/out 2>&1
sh /mnt/script >>/mnt/out 2>&1; echo $? >/mnt/status; sync
exec busybox poweroff -f
"
    ))
}

pub(crate) fn write_executable(path: &Path, text: &str) -> Result {
    fs::write(path, text)?;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o755))?)
}

/// Copies a file; the error tells which.
pub(crate) fn copy(from: &Path, to: &Path) -> Result {
    fs::copy(from, to).map_err(|e| format!("{}: {e}", from.display()))?;
    Ok(())
}

/// A command that runs for at most half an hour and as an ordinary user: a
/// guest's root has this machine's files with the rights of whoever runs it.
pub(crate) fn confined() -> Command {
    let mut command = Command::new("timeout");
    command.args(["-k", "5", "1800"]);
    if nix::unistd::geteuid().is_root() {
        command.args(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]);
    }
    command
}
