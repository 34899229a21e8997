//! A big-endian kernel: Debian's for s390x, under QEMU, with a root file system
//! of its own in memory.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    Result,
    debian::{Suite, numbers, run},
    kernel::{self, Kernel, Output},
    temp::TempDir,
};

/// What the guest's commands need.
const PACKAGES: &[&str] = &[
    "linux-image-6.1.0-*-s390x",
    "busybox-static",
    "dash",
    "iproute2",
    "libbpf1",
    "libbsd0",
    "libc6",
    "libcap2",
    "libelf1",
    "libgcc-s1",
    "libmd0",
    "libmnl0",
    "netbase",
    "zlib1g",
];

const TARGET: &str = "s390x-unknown-linux-gnu";
const BEGIN: &str = "--- what the guest leaves ---";
const END: &str = "--- end ---";

/// The big-endian kernel.
#[derive(Clone, Debug)]
pub(crate) struct S390x {
    name: String,
    release: String,
    root: PathBuf,
}

impl S390x {
    pub(crate) fn new() -> Result<Self> {
        let suite = Suite { name: "bookworm", arch: "s390x" };
        let root = suite.unpack("s390x", PACKAGES)?.canonicalize()?;
        let entries = fs::read_dir(root.join("lib/modules"))?.flatten();
        let release = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let release = release.max_by_key(|name| numbers(name)).ok_or("no kernel modules")?;
        if !root.join("lib/modules").join(&release).join("modules.dep").exists() {
            run(Command::new("/sbin/depmod").arg("-b").arg(&root).arg(&release))?;
        }
        let version: Vec<_> = release.split('.').take(2).collect();
        Ok(Self { name: format!("linux-{}-s390x", version.join(".")), release, root })
    }

    /// Lays out the root file system in `to`.
    fn lay_out(&self, to: &Path, folder: &Path, modules: &[&str], files: &[PathBuf]) -> Result {
        for name in
            ["bin", "dev", "etc", "lib64", "mnt", "modules", "proc", "run", "sbin", "sys", "tmp"]
        {
            fs::create_dir_all(to.join(name))?;
        }
        for program in ["bin/busybox", "bin/dash", "bin/ip", "sbin/bridge"] {
            let name = Path::new(program).file_name().unwrap_or_default();
            kernel::copy(&self.root.join(program), &to.join("bin").join(name))?;
        }
        // The loader, and every library in the path that it searches.
        let libraries = to.join("lib/s390x-linux-gnu");
        fs::create_dir_all(&libraries)?;
        symlink("/lib/s390x-linux-gnu/ld64.so.1", to.join("lib/ld64.so.1"))?;
        for place in ["lib/s390x-linux-gnu", "usr/lib/s390x-linux-gnu"] {
            for entry in fs::read_dir(self.root.join(place))?.flatten() {
                let name = entry.file_name();
                let wanted = name.to_string_lossy().contains(".so.") || name == "ld64.so.1";
                if wanted && entry.path().is_file() {
                    kernel::copy(&entry.path(), &libraries.join(name))?;
                }
            }
        }
        kernel::copy(&self.root.join("etc/protocols"), &to.join("etc/protocols"))?;
        let mut load = String::new();
        for module in modules {
            // In the order in which they need one another; nothing for what is built in.
            let mut command = Command::new("/sbin/modprobe");
            command.arg("-d").arg(&self.root).args(["-S", &self.release, "-D", module]);
            for line in run(&mut command).unwrap_or_default().lines() {
                let Some(line) = line.strip_prefix("insmod ") else { continue };
                let (path, options) = line.split_once(' ').unwrap_or((line, ""));
                let path = Path::new(path);
                let name = path.file_name().unwrap_or_default();
                kernel::copy(path, &to.join("modules").join(name))?;
                let name = name.to_string_lossy();
                load += &format!("insmod /modules/{name} {options} 2>/dev/null\n");
            }
        }
        for file in files {
            let at = to.join(file.strip_prefix("/")?);
            fs::create_dir_all(at.parent().unwrap_or(to))?;
            if file.is_dir() {
                fs::create_dir_all(at)?;
            } else {
                run(Command::new("s390x-linux-gnu-strip").arg("-o").arg(at).arg(file))?;
            }
        }
        run(Command::new("cp").arg("-r").arg(folder.join(".")).arg(to.join("mnt")))?;
        let init = format!(
            "#!/bin/busybox sh
export PATH=/bin:/sbin HOME=/tmp
/bin/busybox --install -s /sbin
ln -sf dash /bin/sh
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
{load}
cd /mnt
/bin/ip link set lo up
/bin/sh /mnt/script >/mnt/out 2>&1; echo $? >/mnt/status
rm -f /mnt/xtask
echo; echo '{BEGIN}'; tar c -C /mnt . | gzip | base64; echo '{END}'
poweroff -f
"
        );
        kernel::write_executable(&to.join("init"), &init)
    }
}

impl Kernel for S390x {
    fn name(&self) -> &str {
        &self.name
    }

    fn family(&self) -> &'static str {
        "emulated"
    }

    fn target(&self) -> Option<&'static str> {
        Some(TARGET)
    }

    fn run(
        &self,
        folder: &Path,
        modules: &[&str],
        script: &str,
        files: &[PathBuf],
    ) -> Result<Output> {
        fs::write(folder.join("script"), script)?;
        let work = TempDir::new()?;
        let (root, initrd) = (work.path().join("root"), work.path().join("initrd"));
        self.lay_out(&root, folder, modules, files)?;
        let pack = "find . | cpio -o -H newc --quiet | gzip -1 >\"$0\"";
        run(Command::new("sh").args(["-c", pack]).arg(&initrd).current_dir(&root))?;
        let console = kernel::confined()
            .args(["qemu-system-s390x", "-accel", "tcg", "-m", "1G", "-nodefaults"])
            .args(["-display", "none", "-serial", "stdio", "-monitor", "none", "-no-reboot"])
            .arg("-kernel")
            .arg(self.root.join("boot").join(format!("vmlinuz-{}", self.release)))
            .arg("-initrd")
            .arg(&initrd)
            .args(["-append", "console=ttyS0 quiet panic=-1"])
            .stdin(Stdio::null())
            .output()?;
        let console = [console.stdout, console.stderr].concat();
        let text = String::from_utf8_lossy(&console).replace('\r', "");
        let left = text.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END));
        let Some((left, _)) = left else {
            return Ok(Output { text: String::new(), status: None, console: text });
        };
        let archive = work.path().join("left");
        fs::write(&archive, left)?;
        let unpack = "base64 -d <\"$0\" | tar xz -C \"$1\"";
        run(Command::new("sh").args(["-c", unpack]).arg(&archive).arg(folder))?;
        Ok(Output::read(folder, console))
    }
}
