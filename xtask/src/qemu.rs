//! A kernel as distributions ship it, under QEMU: it has what user-mode Linux
//! lacks. This machine's files are its root, read-only, by 9p.

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

/// What the guest needs to see its root.
const MODULES: &[&str] = &["virtio_pci", "9pnet_virtio", "9p"];

/// A kernel for this machine's architecture.
#[derive(Clone, Debug)]
pub(crate) struct Qemu {
    name: String,
    release: String,
    root: PathBuf,
    /// Searched for commands before anything else.
    path: String,
}

impl Qemu {
    /// The kernel of a suite of Debian, with commands from the folders in `path`.
    pub(crate) fn of(suite: &'static str, package: &str, path: String) -> Result<Self> {
        let folder = format!("linux-{suite}");
        let root = Suite { name: suite, arch: "amd64" }.unpack(&folder, &[package])?;
        let mut root = root.canonicalize()?;
        if !root.join("lib/modules").exists() {
            root.push("usr");
        }
        let entries = fs::read_dir(root.join("lib/modules"))?.flatten();
        let release = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let release = release.max_by_key(|name| numbers(name)).ok_or("no kernel modules")?;
        if !root.join("lib/modules").join(&release).join("modules.dep").exists() {
            run(Command::new("/sbin/depmod").arg("-b").arg(&root).arg(&release))?;
        }
        let version: Vec<_> = release.split('.').take(2).collect();
        Ok(Self { name: format!("linux-{}", version.join(".")), release, root, path })
    }

    /// A file system in memory that does nothing but mount the real one.
    fn initrd(&self, work: &Path) -> Result<PathBuf> {
        let (root, initrd) = (work.join("initrd-root"), work.join("initrd"));
        for name in ["bin", "dev", "modules", "proc", "root", "sys"] {
            fs::create_dir_all(root.join(name))?;
        }
        kernel::copy(Path::new("/bin/busybox"), &root.join("bin/busybox"))?;
        let mut load = String::new();
        for module in MODULES {
            let mut command = Command::new("/sbin/modprobe");
            command.arg("-d").arg(&self.root).args(["-S", &self.release, "-D", module]);
            for line in run(&mut command)?.lines() {
                let Some(path) = line.strip_prefix("insmod ") else { continue };
                let path = Path::new(path.trim());
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let name = name.trim_end_matches(".xz");
                let plain = root.join("modules").join(name);
                if path.extension().is_some_and(|extension| extension == "xz") {
                    let unpack = "xz -dc \"$0\" >\"$1\"";
                    run(Command::new("sh").args(["-c", unpack]).arg(path).arg(plain))?;
                } else {
                    kernel::copy(path, &plain)?;
                }
                load += &format!("insmod /modules/{name} 2>/dev/null\n");
            }
        }
        let init = format!(
            "#!/bin/busybox sh
/bin/busybox --install -s /bin; export PATH=/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
{load}
share=trans=virtio,version=9p2000.L,msize=262144
mount -t 9p -o ro,cache=loose,$share root /root
mount -t 9p -o rw,$share work /root/mnt
for name in proc sys dev; do mount --move /$name /root/$name; done
exec chroot /root /bin/sh /mnt/guest
"
        );
        kernel::write_executable(&root.join("init"), &init)?;
        let pack = "find . | cpio -o -H newc --quiet | gzip -1 >\"$0\"";
        run(Command::new("sh").args(["-c", pack]).arg(&initrd).current_dir(&root))?;
        Ok(initrd)
    }
}

impl Kernel for Qemu {
    fn name(&self) -> &str {
        &self.name
    }

    fn family(&self) -> &'static str {
        "emulated"
    }

    fn run(&self, folder: &Path, modules: &[&str], script: &str, _: &[PathBuf]) -> Result<Output> {
        let work = TempDir::new()?;
        let initrd = self.initrd(work.path())?;
        let libraries = folder.join("root/lib");
        fs::create_dir_all(&libraries)?;
        symlink(self.root.join("lib/modules"), libraries.join("modules"))?;
        fs::write(folder.join("guest"), kernel::guest(folder, &self.path, modules, script)?)?;
        let share = |id: &str, path: &Path, more: &str| {
            let path = path.display();
            [
                "-fsdev".to_owned(),
                format!("local,id={id},path={path},security_model=none,multidevs=remap{more}"),
                "-device".to_owned(),
                format!("virtio-9p-pci,fsdev={id},mount_tag={id}"),
            ]
        };
        let image = self.root.join("boot").join(format!("vmlinuz-{}", self.release));
        let image = if image.exists() {
            image
        } else {
            self.root.join("../boot").join(format!("vmlinuz-{}", self.release))
        };
        let console = kernel::confined()
            .args(["qemu-system-x86_64", "-accel", "tcg", "-machine", "q35", "-m", "512M"])
            .args(["-nodefaults", "-no-user-config", "-nic", "none", "-display", "none"])
            .args(["-serial", "stdio", "-monitor", "none", "-no-reboot"])
            .arg("-kernel")
            .arg(image)
            .arg("-initrd")
            .arg(&initrd)
            .args(["-append", "console=ttyS0 quiet panic=-1"])
            .args(share("root", Path::new("/"), ",readonly=on"))
            .args(share("work", folder, ""))
            .stdin(Stdio::null())
            .output()?;
        Ok(Output::read(folder, [console.stdout, console.stderr].concat()))
    }
}
