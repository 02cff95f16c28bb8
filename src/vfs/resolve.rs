//! From a path to inodes, component by component, as path_resolution(7) has it.

use super::errno::Errno;
use super::node::{Access, Cred, Ino, Node};
use super::snapshot::Snapshot;
use crate::path::AbsPath;

/// How many symbolic links one path may pass (Linux: 40).
const MAX_LINKS: usize = 40;

/// Where a path leads: the directories passed from `/` on, the last name, and the inode if there is one.
#[derive(Debug, Clone)]
pub struct Location {
    /// The directories from the root down to the one that holds the name, each with its own name (empty for the root).
    pub(super) chain: Vec<(Ino, String)>,
    /// The last name; empty for `/` itself.
    pub(super) name: String,
    /// What is there.
    pub(super) ino: Option<Ino>,
}

impl Location {
    /// The path without links, `.` and `..`.
    pub fn path(&self) -> AbsPath {
        let dir = self
            .chain
            .iter()
            .fold(AbsPath::root(), |path, (_, name)| if name.is_empty() { path } else { path.child(name) });
        if self.name.is_empty() { dir } else { dir.child(&self.name) }
    }

    /// What is there; none if only the directory exists.
    pub fn ino(&self) -> Option<Ino> {
        self.ino
    }

    /// The inode, or ENOENT.
    pub(super) fn found(&self) -> Result<Ino, Errno> {
        self.ino.ok_or(Errno::ENOENT)
    }

    pub(super) fn parent(&self) -> Result<Ino, Errno> {
        self.chain.last().map(|(ino, _)| *ino).ok_or(Errno::EBUSY)
    }
}

/// What the last component of a path is: whatever makes or removes names wants a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// A name.
    Name,
    /// `.`
    Dot,
    /// `..`
    DotDot,
    /// There is none: `/`.
    Root,
}

impl Last {
    /// Of a path; slashes at its end do not count.
    pub fn of(path: &str) -> Self {
        match path.trim_end_matches('/').rsplit('/').next() {
            Some(".") => Last::Dot,
            Some("..") => Last::DotDot,
            Some("") | None => Last::Root,
            Some(_) => Last::Name,
        }
    }
}

impl Snapshot {
    /// Follows an absolute path (it may hold `.` and `..`). The last component need not exist; if it is a symbolic link, it
    /// is followed when `follow` is set or the path ends with a slash.
    ///
    /// # Errors
    /// ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG, for a directory on the way.
    pub fn resolve(&self, cred: &Cred, path: &str, follow: bool) -> Result<Location, Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        if path.len() > 4096 {
            return Err(Errno::ENAMETOOLONG);
        }
        let wants_dir = path.ends_with('/') || path.ends_with("/.");
        let ends_in_dot = Last::of(path) != Last::Name;
        let mut todo: Vec<String> =
            path.split('/').rev().filter(|c| !c.is_empty() && *c != ".").map(str::to_owned).collect();
        let mut chain: Vec<(Ino, String)> = vec![(self.root, String::new())];
        let mut links = 0;
        let root = |chain: Vec<(Ino, String)>| Location {
            ino: chain.first().map(|(ino, _)| *ino),
            chain: Vec::new(),
            name: String::new(),
        };
        while let Some(name) = todo.pop() {
            let (dir, _) = chain.last().cloned().ok_or(Errno::ENOENT)?;
            let inode = self.inode(dir).ok_or(Errno::ENOENT)?;
            if inode.as_dir().is_none() {
                return Err(Errno::ENOTDIR);
            }
            if !inode.allows(cred, Access::Execute) {
                return Err(Errno::EACCES);
            }
            if name == ".." {
                if chain.len() > 1 {
                    chain.pop();
                }
                continue;
            }
            if name.len() > 255 {
                return Err(Errno::ENAMETOOLONG);
            }
            let last = todo.is_empty();
            let Some(ino) = self.child(dir, &name) else {
                return if last && !ends_in_dot { Ok(Location { chain, name, ino: None }) } else { Err(Errno::ENOENT) };
            };
            match self.inode(ino).map(|inode| &inode.node) {
                Some(Node::Symlink(target)) if !last || follow || wants_dir => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(Errno::ELOOP);
                    }
                    if target.starts_with('/') {
                        chain.truncate(1);
                    }
                    todo.extend(target.split('/').rev().filter(|c| !c.is_empty() && *c != ".").map(str::to_owned));
                }
                Some(Node::Dir(_)) if !last => chain.push((ino, name)),
                Some(_) if !last => return Err(Errno::ENOTDIR),
                Some(Node::Dir(_)) => {
                    // `dir/.` passes through the directory.
                    let through = Last::of(path) != Last::Dot
                        || self.inode(ino).is_some_and(|dir| dir.allows(cred, Access::Execute));
                    return if through { Ok(Location { chain, name, ino: Some(ino) }) } else { Err(Errno::EACCES) };
                }
                _ if wants_dir => return Err(Errno::ENOTDIR),
                _ => return Ok(Location { chain, name, ino: Some(ino) }),
            }
        }
        // The path ended in `/`, `.` or `..`: the directory itself.
        match chain.pop() {
            Some((ino, name)) if !chain.is_empty() => Ok(Location { chain, name, ino: Some(ino) }),
            Some(top) => Ok(root(vec![top])),
            None => Err(Errno::ENOENT),
        }
    }
}
