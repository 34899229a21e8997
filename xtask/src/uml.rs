//! User-mode Linux: a kernel in a plain process, on this machine's own files.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    Result,
    debian::{Suite, run},
    kernel::{self, Kernel, Output},
};

/// One user-mode kernel.
#[derive(Clone, Debug)]
pub(crate) struct Uml {
    /// Name of the folder for its captures: `linux-6.1`.
    name: String,
    kernel: PathBuf,
    /// Holds a folder of modules for each release.
    modules: PathBuf,
    /// Searched for commands before anything else.
    path: String,
}

impl Uml {
    /// The one of Debian's package `user-mode-linux`.
    pub(crate) fn installed() -> Result<Self> {
        let kernel = PathBuf::from("/usr/bin/linux.uml");
        if !kernel.exists() {
            return Err("no /usr/bin/linux.uml: install the package user-mode-linux".into());
        }
        Self::new(kernel, PathBuf::from("/usr/lib/uml/modules"), String::new())
    }

    /// The one of another suite of Debian, with an `ip` of the same age.
    pub(crate) fn of(suite: &'static str) -> Result<Self> {
        let packages = ["user-mode-linux", "libc6", "iproute2"];
        let folder = format!("uml-{suite}");
        let root = Suite { name: suite, arch: "amd64" }.unpack(&folder, &packages)?;
        let root = root.canonicalize()?;
        let libraries = root.join("usr/lib/x86_64-linux-gnu");
        let programs = ["usr/bin/linux.uml", "usr/bin/ip", "usr/sbin/bridge", "usr/sbin/tc"];
        let patched = root.join(".patched");
        if fs::read_to_string(&patched).unwrap_or_default() != programs.concat() {
            for program in programs {
                run(Command::new("patchelf")
                    .arg("--set-interpreter")
                    .arg(libraries.join("ld-linux-x86-64.so.2"))
                    .arg("--set-rpath")
                    .arg(&libraries)
                    .arg(root.join(program)))?;
            }
            fs::write(patched, programs.concat())?;
        }
        let path = format!("{0}/usr/bin:{0}/usr/sbin:", root.display());
        Self::new(root.join("usr/bin/linux.uml"), root.join("usr/lib/uml/modules"), path)
    }

    /// The folders with its own commands, each with a colon after it.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Its `ip`.
    pub(crate) fn ip(&self) -> PathBuf {
        self.kernel.with_file_name("ip")
    }

    fn new(kernel: PathBuf, modules: PathBuf, path: String) -> Result<Self> {
        let entries = fs::read_dir(&modules)?.flatten();
        let release = entries.map(|entry| entry.file_name()).max().ok_or("no kernel modules")?;
        let release = release.to_string_lossy().into_owned();
        let version: Vec<_> = release.split('.').take(2).collect();
        Ok(Self { name: format!("linux-{}", version.join(".")), kernel, modules, path })
    }
}

impl Kernel for Uml {
    fn name(&self) -> &str {
        &self.name
    }

    fn family(&self) -> &'static str {
        "user-mode"
    }

    fn run(&self, folder: &Path, modules: &[&str], script: &str, _: &[PathBuf]) -> Result<Output> {
        let libraries = folder.join("root/lib");
        fs::create_dir_all(&libraries)?;
        symlink(&self.modules, libraries.join("modules"))?;
        let guest = kernel::guest(folder, &self.path, modules, script)?;
        let init = folder.join("init");
        let text = format!(
            "#!/bin/sh
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev 2>/dev/null
mount -t hostfs -o {} none /mnt
{guest}",
            folder.display(),
        );
        kernel::write_executable(&init, &text)?;
        let console = kernel::confined()
            .arg(&self.kernel)
            .args(["mem=1G", "rootfstype=hostfs", "rootflags=/", "root=none", "ro"])
            .arg(format!("umid={}", folder.file_name().unwrap_or_default().to_string_lossy()))
            .arg(format!("uml_dir={}", folder.display()))
            .arg(format!("init={}", init.display()))
            .args(["con=null", "con0=null,fd:2", "con1=null", "quiet", "panic=-1"])
            .env("TMPDIR", folder)
            .stdin(Stdio::null())
            .output()?;
        Ok(Output::read(folder, [console.stdout, console.stderr].concat()))
    }
}
