//! User-mode Linux: a kernel in a plain process, on this machine's own files.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{
    Result,
    debian::{Suite, run},
};

/// One user-mode kernel.
#[derive(Clone, Debug)]
pub(crate) struct Uml {
    /// Name of the folder for its captures: `linux-6.1`.
    pub(crate) name: String,
    kernel: PathBuf,
    /// Holds a folder of modules for each release.
    modules: PathBuf,
    /// Searched for commands before anything else.
    path: String,
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

impl Uml {
    /// The one of Debian's package `user-mode-linux`.
    pub(crate) fn installed() -> Result<Self> {
        let kernel = PathBuf::from("/usr/bin/linux.uml");
        if !kernel.exists() {
            return Err("no /usr/bin/linux.uml: install the package user-mode-linux".into());
        }
        Self::new(kernel, PathBuf::from("/usr/lib/uml/modules"), String::new())
    }

    /// The newest that Debian has, and an `ip` of the same age.
    pub(crate) fn newest() -> Result<Self> {
        let suite = Suite { name: "forky", arch: "amd64" };
        let root = suite.unpack("uml", &["user-mode-linux", "libc6", "iproute2"])?;
        let root = root.canonicalize()?;
        let libraries = root.join("usr/lib/x86_64-linux-gnu");
        let patched = root.join(".patched");
        if !patched.exists() {
            for program in ["usr/bin/linux.uml", "usr/bin/ip", "usr/sbin/bridge"] {
                run(Command::new("patchelf")
                    .arg("--set-interpreter")
                    .arg(libraries.join("ld-linux-x86-64.so.2"))
                    .arg("--set-rpath")
                    .arg(&libraries)
                    .arg(root.join(program)))?;
            }
            fs::write(patched, "")?;
        }
        let path = format!("{0}/usr/bin:{0}/usr/sbin:", root.display());
        Self::new(root.join("usr/bin/linux.uml"), root.join("usr/lib/uml/modules"), path)
    }

    fn new(kernel: PathBuf, modules: PathBuf, path: String) -> Result<Self> {
        let entries = fs::read_dir(&modules)?.flatten();
        let release = entries.map(|entry| entry.file_name()).max().ok_or("no kernel modules")?;
        let release = release.to_string_lossy().into_owned();
        let version: Vec<_> = release.split('.').take(2).collect();
        Ok(Self { name: format!("linux-{}", version.join(".")), kernel, modules, path })
    }

    /// Runs a shell script in the kernel, as its root, with `folder` at `/mnt`.
    pub(crate) fn run(&self, folder: &Path, modules: &[&str], script: &str) -> Result<Output> {
        let modprobe = "#!/bin/sh\nexec /sbin/modprobe -d /mnt/root \"$@\"\n";
        write_executable(&folder.join("modprobe"), modprobe)?;
        fs::create_dir_all(folder.join("root/lib"))?;
        let link = folder.join("root/lib/modules");
        if !link.exists() {
            std::os::unix::fs::symlink(&self.modules, link)?;
        }
        fs::write(folder.join("script"), script)?;
        let load: String = modules.iter().map(|m| format!("/mnt/modprobe -q {m}\n")).collect();
        let init = format!(
            "#!/bin/sh
export PATH={path}/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev 2>/dev/null
mount -t hostfs -o {folder} none /mnt
mount -t tmpfs tmp /run
echo /mnt/modprobe >/proc/sys/kernel/modprobe
cd /mnt
{{ {load} ip link set lo up; }} >/mnt/out 2>&1
sh /mnt/script >>/mnt/out 2>&1; echo $? >/mnt/status; sync
exec busybox poweroff -f
",
            path = self.path,
            folder = folder.display(),
        );
        let init_file = folder.join("init");
        write_executable(&init_file, &init)?;

        static COUNT: AtomicU32 = AtomicU32::new(0);
        let id = format!("xtask-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        // The guest's root has this machine's files with the rights of whoever runs it.
        let mut command = Command::new("timeout");
        command.args(["-k", "5", "300"]);
        if nix::unistd::geteuid().is_root() {
            command.args(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]);
        }
        let console = command
            .arg(&self.kernel)
            .args(["mem=256M", "rootfstype=hostfs", "rootflags=/", "root=none", "ro"])
            .arg(format!("umid={id}"))
            .arg(format!("uml_dir={}", folder.display()))
            .arg(format!("init={}", init_file.display()))
            .args(["con=null", "con0=null,fd:2", "con1=null", "quiet", "panic=-1"])
            .env("TMPDIR", folder)
            .stdin(Stdio::null())
            .output()?;
        let read = |name: &str| fs::read(folder.join(name)).unwrap_or_default();
        Ok(Output {
            text: String::from_utf8_lossy(&read("out")).into_owned(),
            status: String::from_utf8_lossy(&read("status")).trim().parse().ok(),
            console: String::from_utf8_lossy(&[console.stdout, console.stderr].concat())
                .into_owned(),
        })
    }
}

fn write_executable(path: &Path, text: &str) -> Result {
    fs::write(path, text)?;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o755))?)
}

/// A new folder that is removed in the end.
#[derive(Debug)]
pub(crate) struct TempDir(PathBuf);

impl TempDir {
    /// Makes one that everybody may enter.
    pub(crate) fn new() -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("netlink-{}-{count}", std::process::id()));
        fs::create_dir(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
