//! What a process has for itself.

use super::files::Fds;
use crate::vfs::Cred;
use std::collections::BTreeMap;

/// A process. Cloning it is `fork`: the copy's directory, variables and descriptors are its own, the open files are shared.
#[derive(Clone)]
pub struct Process {
    /// The environment, as `exec` hands it on.
    pub env: BTreeMap<String, String>,
    /// The working directory, absolute, without links.
    pub cwd: String,
    /// Who it is.
    pub cred: Cred,
    /// The umask, 0 to 0o777.
    pub umask: u16,
    /// Open files.
    pub fds: Fds,
    /// Its number.
    pub pid: u32,
}

impl Process {
    /// The absolute path of an argument; `.` and `..` stay, for the filesystem to resolve. Empty stays empty (ENOENT).
    pub fn path(&self, arg: &str) -> String {
        if arg.is_empty() || arg.starts_with('/') {
            arg.to_owned()
        } else if self.cwd == "/" {
            format!("/{arg}")
        } else {
            format!("{}/{arg}", self.cwd)
        }
    }

    /// The mode of something new, after the umask.
    pub fn masked(&self, mode: u16) -> u16 {
        mode & !self.umask
    }
}
