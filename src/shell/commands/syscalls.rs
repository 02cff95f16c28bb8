//! The system calls of a process as commands make them: paths taken from its directory, with its user and its umask.
//! Beside them, the quoting of names in GNU messages.

use super::Context;
use crate::vfs::{DirEntry, Errno, Ino, Node, OpenOptions, Stat, Time};

impl Context<'_> {
    /// `stat(2)`.
    pub(super) fn stat(&self, path: &str) -> Result<Stat, Errno> {
        self.system.fs.stat(&self.process.cred, &self.process.path(path))
    }

    /// `lstat(2)`.
    pub(super) fn lstat(&self, path: &str) -> Result<Stat, Errno> {
        self.system.fs.lstat(&self.process.cred, &self.process.path(path))
    }

    /// Is it a directory, links followed?
    pub(super) fn is_dir(&self, path: &str) -> bool {
        self.stat(path).is_ok_and(|stat| stat.is_dir())
    }

    /// `readlink(2)`.
    pub(super) fn readlink(&self, path: &str) -> Result<String, Errno> {
        self.system.fs.readlink(&self.process.cred, &self.process.path(path))
    }

    /// The names of a directory, without `.` and `..`.
    pub(super) fn read_dir(&self, path: &str) -> Result<Vec<DirEntry>, Errno> {
        self.system.fs.read_dir(&self.process.cred, &self.process.path(path))
    }

    /// `mkdir(2)`: the mode is masked.
    pub(super) fn mkdir(&mut self, path: &str, mode: u16) -> Result<(), Errno> {
        self.system.fs.mkdir(&self.process.cred, &self.process.path(path), self.process.masked(mode))
    }

    /// `unlink(2)`.
    pub(super) fn unlink(&mut self, path: &str) -> Result<(), Errno> {
        self.system.fs.unlink(&self.process.cred, &self.process.path(path))
    }

    /// `rmdir(2)`.
    pub(super) fn rmdir(&mut self, path: &str) -> Result<(), Errno> {
        if path == "." || path.ends_with("/.") {
            return Err(Errno::EINVAL);
        }
        self.system.fs.rmdir(&self.process.cred, &self.process.path(path))
    }

    /// `chmod(2)`.
    pub(super) fn chmod(&mut self, path: &str, mode: u16) -> Result<(), Errno> {
        self.system.fs.chmod(&self.process.cred, &self.process.path(path), mode)
    }

    /// `chown(2)`, or `lchown` without `follow`.
    pub(super) fn chown(&mut self, path: &str, uid: Option<u32>, gid: Option<u32>, follow: bool) -> Result<(), Errno> {
        self.system.fs.chown(&self.process.cred, &self.process.path(path), uid, gid, follow)
    }

    /// `utimensat(2)`; `None` is now.
    pub(super) fn set_mtime(&mut self, path: &str, time: Option<Time>, follow: bool) -> Result<(), Errno> {
        self.system.fs.set_mtime(&self.process.cred, &self.process.path(path), time, follow)
    }

    /// `rename(2)`.
    pub(super) fn rename(&mut self, old: &str, new: &str) -> Result<(), Errno> {
        let (old, new) = (self.process.path(old), self.process.path(new));
        self.system.fs.rename(&self.process.cred, &old, &new)
    }

    /// `link(2)`.
    pub(super) fn link(&mut self, old: &str, new: &str) -> Result<(), Errno> {
        let (old, new) = (self.process.path(old), self.process.path(new));
        self.system.fs.link(&self.process.cred, &old, &new)
    }

    /// `symlink(2)`.
    pub(super) fn symlink(&mut self, target: &str, path: &str) -> Result<(), Errno> {
        self.system.fs.symlink(&self.process.cred, target, &self.process.path(path))
    }

    /// `mknod(2)`: the mode is masked.
    pub(super) fn mknod(&mut self, path: &str, node: Node, mode: u16) -> Result<(), Errno> {
        self.system.fs.mknod(&self.process.cred, &self.process.path(path), node, self.process.masked(mode))
    }

    /// `open(2)`: the mode of a new file is masked.
    pub(super) fn open(&mut self, path: &str, options: OpenOptions, mode: u16) -> Result<Ino, Errno> {
        self.system.fs.open(&self.process.cred, &self.process.path(path), options, self.process.masked(mode))
    }

    /// Is the budget of the build spent? Loops over many files ask.
    pub(super) fn stopped(&self) -> bool {
        self.system.stop.is_some() || self.system.fs.exceeded().is_some()
    }

    /// A name in quotes as GNU's `quote` puts them: curly where the locale is UTF-8.
    pub(super) fn quote(&self, name: &str) -> String {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|variable| self.process.env.get(*variable).filter(|value| !value.is_empty()));
        match locale {
            Some(locale) if locale.to_ascii_lowercase().replace('-', "").ends_with("utf8") => format!("‘{name}’"),
            _ => format!("'{name}'"),
        }
    }

    /// Prints a message, then GNU's `Try 'name --help' for more information.`
    pub(super) fn try_help(&mut self, message: impl std::fmt::Display) {
        self.complain(message);
        let line = format!("Try '{} --help' for more information.\n", self.name());
        self.err(line);
    }

    /// What busybox prints for wrong usage starts with this line; its option summary is left out.
    pub(super) fn busybox_usage(&mut self) {
        let version = match self.system.libc {
            crate::vfs::Libc::Musl => "BusyBox v1.36.1 (2024-06-10 07:11:47 UTC) multi-call binary.\n",
            crate::vfs::Libc::Glibc => "BusyBox v1.38.0 (2026-05-13 02:21:49 UTC) multi-call binary.\n",
        };
        self.err(version);
    }

    /// Wrong usage for want of operands, in either flavour; hands back the status.
    pub(super) fn missing_operand(&mut self, message: &str) -> super::Exit {
        if self.busybox() {
            self.busybox_usage()
        } else {
            self.try_help(message)
        }
        1
    }
}

/// A name in quotes as GNU's `quoteaf` puts them: single, or double round a single one.
pub(super) fn quoteaf(name: &str) -> String {
    if name.contains('\'') && !name.contains(['"', '$', '`', '\\']) {
        format!("\"{name}\"")
    } else {
        format!("'{}'", name.replace('\'', "'\\''"))
    }
}

/// The last component of a path, trailing slashes left out (busybox's `bb_get_last_path_component_strip`).
pub(super) fn last_component(path: &str) -> &str {
    let stripped = path.trim_end_matches('/');
    match stripped.rsplit('/').next() {
        Some("") | None => {
            if path.is_empty() {
                ""
            } else {
                "/"
            }
        }
        Some(name) => name,
    }
}

/// `dir/name` without doubling a slash (busybox's `concat_path_file`).
pub(super) fn concat(dir: &str, name: &str) -> String {
    let name = name.trim_start_matches('/');
    if dir.ends_with('/') { format!("{dir}{name}") } else { format!("{dir}/{name}") }
}
