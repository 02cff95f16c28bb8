//! What package managers do with files: whole trees written, read and removed, as the process they run as.

use crate::shell::commands::Context;
use crate::vfs::{Content, Errno, FileKind, OpenOptions};

/// Joins a directory and a path below it.
pub fn join(dir: &str, name: &str) -> String {
    if name.is_empty() {
        return dir.to_owned();
    }
    format!("{}/{name}", dir.trim_end_matches('/'))
}

/// The file-system side of a package manager.
pub trait Files {
    /// Is something there, links followed?
    fn exists(&self, path: &str) -> bool;
    /// Is it a directory, links followed?
    fn is_dir(&self, path: &str) -> bool;
    /// The names in a directory, sorted; none if it cannot be read.
    fn names(&self, path: &str) -> Vec<String>;
    /// The text of a file; none if it is not there, no text, or its bytes are not held.
    fn text(&self, path: &str) -> Option<String>;
    /// Makes a directory and those above it (0755, masked).
    ///
    /// # Errors
    /// What `mkdir(2)` says.
    fn make_dirs(&mut self, path: &str) -> Result<(), Errno>;
    /// Writes a file, replacing what is there, with this mode (masked).
    ///
    /// # Errors
    /// What `open(2)` or `write(2)` says.
    fn put(&mut self, path: &str, content: Content, mode: u16) -> Result<(), Errno>;
    /// Makes a symbolic link, replacing what is there.
    ///
    /// # Errors
    /// What `symlink(2)` says.
    fn link_to(&mut self, target: &str, path: &str) -> Result<(), Errno>;
    /// Removes a file, or a directory with all in it; nothing if it is not there.
    fn remove_all(&mut self, path: &str);
    /// All files below a directory, by their paths relative to it, with their sizes.
    fn files_below(&self, path: &str) -> Vec<(String, u64)>;
    /// The path of a program in PATH, without following links.
    fn program(&self, name: &str) -> Option<String>;
}

impl Files for Context<'_> {
    fn exists(&self, path: &str) -> bool {
        self.system.fs.stat(&self.process.cred, &self.process.path(path)).is_ok()
    }

    fn is_dir(&self, path: &str) -> bool {
        self.system.fs.stat(&self.process.cred, &self.process.path(path)).is_ok_and(|stat| stat.is_dir())
    }

    fn names(&self, path: &str) -> Vec<String> {
        let entries = self.system.fs.read_dir(&self.process.cred, &self.process.path(path)).unwrap_or_default();
        let mut names: Vec<String> = entries.into_iter().map(|entry| entry.name.to_string()).collect();
        names.sort();
        names
    }

    fn text(&self, path: &str) -> Option<String> {
        let content = self.system.fs.read(&self.process.cred, &self.process.path(path)).ok()?;
        content.to_text().ok()
    }

    fn make_dirs(&mut self, path: &str) -> Result<(), Errno> {
        let path = self.process.path(path);
        if self.is_dir(&path) {
            return Ok(());
        }
        if let Some((parent, _)) = path.trim_end_matches('/').rsplit_once('/')
            && !parent.is_empty()
        {
            self.make_dirs(parent)?;
        }
        let mode = self.process.masked(0o777);
        self.system.fs.mkdir(&self.process.cred, &path, mode)
    }

    fn put(&mut self, path: &str, content: Content, mode: u16) -> Result<(), Errno> {
        let path = self.process.path(path);
        let mode = self.process.masked(mode);
        let cred = self.process.cred.clone();
        // A package manager writes a new file in the place of an old one.
        if self.system.fs.lstat(&cred, &path).is_ok() {
            self.system.fs.unlink(&cred, &path)?;
        }
        let ino = self.system.fs.open(&cred, &path, OpenOptions::replacing(), mode)?;
        self.system.fs.write_handle(ino, 0, &content)
    }

    fn link_to(&mut self, target: &str, path: &str) -> Result<(), Errno> {
        let path = self.process.path(path);
        let cred = self.process.cred.clone();
        if self.system.fs.lstat(&cred, &path).is_ok() {
            self.system.fs.unlink(&cred, &path)?;
        }
        self.system.fs.symlink(&cred, target, &path)
    }

    fn remove_all(&mut self, path: &str) {
        let path = self.process.path(path);
        let cred = self.process.cred.clone();
        let Ok(stat) = self.system.fs.lstat(&cred, &path) else { return };
        if !stat.is_dir() {
            // What may not be removed stays: package managers warn and go on.
            let _ = self.system.fs.unlink(&cred, &path);
            return;
        }
        for name in self.names(&path) {
            self.remove_all(&join(&path, &name));
        }
        let _ = self.system.fs.rmdir(&cred, &path);
    }

    fn files_below(&self, path: &str) -> Vec<(String, u64)> {
        let mut files = Vec::new();
        let mut dirs = vec![String::new()];
        while let Some(dir) = dirs.pop() {
            for name in self.names(&join(path, &dir)) {
                let below = if dir.is_empty() { name } else { format!("{dir}/{name}") };
                let full = self.process.path(&join(path, &below));
                match self.system.fs.lstat(&self.process.cred, &full) {
                    Ok(stat) if stat.is_dir() => dirs.push(below),
                    Ok(stat) => files.push((below, if stat.kind == FileKind::File { stat.size } else { 0 })),
                    Err(_) => {}
                }
            }
        }
        files.sort();
        files
    }

    fn program(&self, name: &str) -> Option<String> {
        if name.contains('/') {
            return Some(self.process.path(name));
        }
        let path = self.process.env.get("PATH").cloned().unwrap_or_else(|| "/usr/bin:/bin".to_owned());
        path.split(':').map(|dir| join(dir, name)).find(|path| self.exists(path))
    }
}
