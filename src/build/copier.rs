//! Copying into a step's filesystem as BuildKit's file operations do (`tonistiigi/fsutil`, `copy`): what is made on the
//! way, whose mode and owner counts, what is replaced and what is followed. Cases `copy-*`, `stage-copy-perms`.

use super::outcome::CopiedFile;
use super::sources::Found;
use crate::archive::{Limits, Member, MemberKind, TarReader, is_archive, path_in_root};
use crate::glob::PatternList;
use crate::path::AbsPath;
use crate::shell::commands::mode;
use crate::vfs::{Content, Cred, Errno, FileKind, Ino, Inode, Meta, Node, OpenOptions, Overlay, Snapshot};
use std::collections::BTreeMap;

/// `--chmod`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chmod {
    /// For all that is copied, and for the directories made on the way.
    Octal(u16),
    /// For what is copied.
    Symbolic(String),
}

/// One copy operation.
pub(super) struct Copier<'a> {
    /// Where it copies to.
    pub target: &'a mut Overlay,
    /// `--chown`; none keeps the source's owners and makes directories as root.
    pub owner: Option<(u32, u32)>,
    /// `--chmod`.
    pub chmod: Option<&'a Chmod>,
    /// `--exclude`, matched against paths below a directory that is copied.
    pub exclude: &'a PatternList,
    /// What was copied, but for directories.
    pub copied: Vec<CopiedFile>,
}

const ROOT: Cred = Cred { uid: 0, gid: 0, groups: Vec::new() };

impl Copier<'_> {
    /// Copies one found thing to `destination`, an absolute path; with a trailing slash it is a directory.
    ///
    /// # Errors
    /// BuildKit's message.
    pub fn copy(&mut self, source: &Snapshot, found: &Found, destination: &str) -> Result<(), String> {
        let Some(inode) = source.inode(found.ino) else { return Ok(()) };
        let is_dir = matches!(inode.node, Node::Dir(_));
        let parent = match destination.rsplit_once('/') {
            Some((dir, _)) if !dir.is_empty() => dir,
            _ => "/",
        };
        self.make_dirs(&self.follow(parent), 0o755)?;
        let mut to = self.follow(destination);
        let existing = self.target.stat(&ROOT, to.as_str()).ok();
        if !is_dir && existing.as_ref().is_some_and(|stat| stat.is_dir()) {
            to = to.child(found.path.name());
        }
        let dir = if is_dir && existing.is_none() { to.clone() } else { to.parent().unwrap_or_else(AbsPath::root) };
        self.make_dirs(&dir, 0o755)?;
        let before = self.copied.len();
        self.copy_inode(source, found.ino, &to, "", &mut BTreeMap::new())?;
        // So far each has its path below what was found.
        for file in &mut self.copied[before..] {
            file.source = found.real.join(&file.source.as_str()[1..]);
        }
        Ok(())
    }

    /// Writes one file of root's to `destination`: a here-document, or what was fetched.
    ///
    /// # Errors
    /// BuildKit's message.
    pub fn write(&mut self, name: &str, content: &Content, mode: u16, destination: &str) -> Result<(), String> {
        let meta = Meta { mode, uid: 0, gid: 0, mtime: crate::vfs::Time { seconds: crate::vfs::EPOCH, nanos: 0 } };
        let source = Snapshot::with_root(Node::File(content.clone()), meta);
        let found = Found { path: AbsPath::root().child(name), real: AbsPath::root(), ino: source.root() };
        self.copy(&source, &found, destination)
    }

    /// Makes the destination as the copy of a directory does.
    ///
    /// # Errors
    /// BuildKit's message.
    pub fn directory(&mut self, destination: &str) -> Result<(), String> {
        let to = self.follow(destination);
        self.make_dirs(&to, 0o755)
    }

    /// Unpacks a found file below `destination` if it is an archive; false if it is none.
    ///
    /// # Errors
    /// What is wrong with the archive.
    pub fn unpack(&mut self, source: &Snapshot, found: &Found, destination: &str) -> Result<bool, String> {
        let Some(Node::File(content)) = source.inode(found.ino).map(|inode| &inode.node) else { return Ok(false) };
        let Ok(bytes) = content.to_bytes() else { return Ok(false) };
        if !is_archive(&bytes) {
            return Ok(false);
        }
        let top = self.follow(destination);
        self.make_dirs(&top, 0o755)?;
        let explain = |error: crate::archive::ArchiveError| format!("{}: {error}", found.path);
        let mut reader = TarReader::new(&bytes, Limits::default());
        while let Some(member) = reader.next_member().map_err(explain)? {
            let content = if matches!(member.kind, MemberKind::File) {
                reader.read_content().map_err(explain)?
            } else {
                Content::empty()
            };
            self.unpack_member(&top, &member, content).map_err(|errno| format!("{}: {}", member.name, errno))?;
        }
        Ok(true)
    }

    fn unpack_member(&mut self, top: &AbsPath, member: &Member, content: Content) -> Result<(), Errno> {
        let Ok(inside) = path_in_root(&member.name) else { return Err(Errno::EINVAL) };
        if inside.is_root() {
            return Ok(());
        }
        let to = top.join(&inside.as_str()[1..]);
        let path = to.as_str();
        if let Some(parent) = to.parent() {
            self.make_dirs(&parent, 0o755).map_err(|_| Errno::ENOTDIR)?;
        }
        if let Ok(old) = self.target.lstat(&ROOT, path)
            && !(old.is_dir() && matches!(member.kind, MemberKind::Dir))
        {
            if old.is_dir() { self.remove_tree(&to)? } else { self.target.unlink(&ROOT, path)? }
        }
        match &member.kind {
            MemberKind::Dir if self.target.lstat(&ROOT, path).is_ok() => {}
            MemberKind::Dir => self.target.mkdir(&ROOT, path, 0o755)?,
            MemberKind::File => self.target.write(&ROOT, path, &content, 0o644)?,
            MemberKind::Symlink(link) => self.target.symlink(&ROOT, link, path)?,
            MemberKind::Hardlink(link) => {
                let Ok(link) = path_in_root(link) else { return Err(Errno::EINVAL) };
                // What follows counts for the link's entry too: its owner and mode go to the file that it names.
                self.target.link(&ROOT, top.join(&link.as_str()[1..]).as_str(), path)?;
            }
            MemberKind::Fifo => self.target.mknod(&ROOT, path, Node::Fifo, 0o644)?,
            MemberKind::CharDevice { major, minor } => {
                self.target.mknod(&ROOT, path, Node::CharDevice { major: *major, minor: *minor }, 0o644)?;
            }
            MemberKind::BlockDevice { major, minor } => {
                self.target.mknod(&ROOT, path, Node::BlockDevice { major: *major, minor: *minor }, 0o644)?;
            }
        }
        let (uid, gid) = self.owner.unwrap_or((member.meta.uid, member.meta.gid));
        self.target.chown(&ROOT, path, Some(uid), Some(gid), false)?;
        if !self.target.lstat(&ROOT, path)?.is_symlink() {
            self.target.chmod(&ROOT, path, member.meta.mode)?;
        }
        self.target.set_mtime(&ROOT, path, Some(member.meta.mtime), false)
    }

    fn remove_tree(&mut self, path: &AbsPath) -> Result<(), Errno> {
        for entry in self.target.read_dir(&ROOT, path.as_str())? {
            let child = path.child(&entry.name);
            if entry.kind == FileKind::Dir {
                self.remove_tree(&child)?
            } else {
                self.target.unlink(&ROOT, child.as_str())?
            }
        }
        self.target.rmdir(&ROOT, path.as_str())
    }

    /// Makes a directory and all above it that are missing; `path` has no links.
    ///
    /// # Errors
    /// `mkdir /f: not a directory`.
    pub fn make_dirs(&mut self, path: &AbsPath, mode: u16) -> Result<(), String> {
        let mut dirs: Vec<AbsPath> = std::iter::successors(Some(path.clone()), AbsPath::parent).collect();
        dirs.reverse();
        for dir in dirs {
            match self.target.stat(&ROOT, dir.as_str()) {
                Ok(stat) if stat.is_dir() => continue,
                Ok(_) => return Err(format!("mkdir {dir}: not a directory")),
                Err(_) => {}
            }
            let made = (|| {
                self.target.mkdir(&ROOT, dir.as_str(), mode)?;
                self.target.chmod(&ROOT, dir.as_str(), mode)?;
                if let Some((uid, gid)) = self.owner {
                    self.target.chown(&ROOT, dir.as_str(), Some(uid), Some(gid), false)?;
                }
                match self.chmod {
                    Some(Chmod::Octal(mode)) => self.target.chmod(&ROOT, dir.as_str(), *mode),
                    _ => Ok(()),
                }
            })();
            made.map_err(|errno| format!("mkdir {dir}: {}", go_message(errno)))?;
        }
        Ok(())
    }

    /// Where a path leads when every link on it, the last too, is followed inside the root; what is missing stays as it
    /// is written.
    pub fn follow(&self, path: &str) -> AbsPath {
        let mut todo: Vec<String> = path.split('/').rev().filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let mut at = AbsPath::root();
        let mut links = 0;
        while let Some(part) = todo.pop() {
            if part == ".." {
                at = at.parent().unwrap_or_else(AbsPath::root);
                continue;
            }
            if part == "." {
                continue;
            }
            let next = at.child(&part);
            match self.target.readlink(&ROOT, next.as_str()) {
                Ok(link) if links < 255 => {
                    links += 1;
                    if link.starts_with('/') {
                        at = AbsPath::root();
                    }
                    todo.extend(link.split('/').rev().filter(|part| !part.is_empty()).map(str::to_owned));
                }
                _ => at = next,
            }
        }
        at
    }

    fn copy_inode(
        &mut self,
        source: &Snapshot,
        ino: Ino,
        to: &AbsPath,
        relative: &str,
        linked: &mut BTreeMap<Ino, AbsPath>,
    ) -> Result<(), String> {
        let Some(inode) = source.inode(ino) else { return Ok(()) };
        let path = to.as_str();
        let existing = self.target.lstat(&ROOT, path).ok();
        if let Node::Dir(_) = inode.node {
            match existing {
                None => self.target.mkdir(&ROOT, path, 0o755).map_err(|errno| self.failed(to, errno))?,
                Some(stat) if stat.is_dir() => {}
                Some(_) => return Err(format!("cannot copy to non-directory: ROOTFS{to}")),
            }
            for entry in source.list(ino).unwrap_or_default() {
                let below =
                    if relative.is_empty() { entry.name.to_string() } else { format!("{relative}/{}", entry.name) };
                if !self.exclude.excludes(&below) || self.brings_back(source, entry.ino, &below) {
                    self.copy_inode(source, entry.ino, &to.child(&entry.name), &below, linked)?;
                }
            }
            // The directory that was named gives nothing of its own; those below it do.
            return if relative.is_empty() { Ok(()) } else { self.attributes(inode, to) };
        }
        match existing {
            Some(stat) if stat.is_dir() => return Err(format!("cannot replace to directory ROOTFS{to} with file")),
            // A link in the place of a copied file is replaced, unless the destination itself was named.
            Some(_) if !relative.is_empty() || !matches!(inode.node, Node::File(_)) => {
                self.target.unlink(&ROOT, path).map_err(|errno| self.failed(to, errno))?;
            }
            _ => {}
        }
        if inode.nlink > 1 && matches!(inode.node, Node::File(_)) {
            if let Some(first) = linked.get(&ino) {
                self.copied.push(CopiedFile { path: to.clone(), source: AbsPath::root().join(relative) });
                return self.target.link(&ROOT, first.as_str(), path).map_err(|errno| self.failed(to, errno));
            }
            linked.insert(ino, to.clone());
        }
        let made = match &inode.node {
            Node::File(content) => self
                .target
                .open(&ROOT, path, OpenOptions::replacing(), 0o644)
                .and_then(|handle| self.target.write_handle(handle, 0, content)),
            Node::Symlink(target) => self.target.symlink(&ROOT, target, path),
            node => self.target.mknod(&ROOT, path, node.clone(), 0o644),
        };
        made.map_err(|errno| self.failed(to, errno))?;
        self.copied.push(CopiedFile { path: to.clone(), source: AbsPath::root().join(relative) });
        self.attributes(inode, to)
    }

    /// Is something below an excluded directory brought back by an exception? Else the directory is not made.
    fn brings_back(&self, source: &Snapshot, ino: Ino, relative: &str) -> bool {
        self.exclude.has_exceptions()
            && source.list(ino).unwrap_or_default().iter().any(|entry| {
                let below = format!("{relative}/{}", entry.name);
                !self.exclude.excludes(&below) || self.brings_back(source, entry.ino, &below)
            })
    }

    /// Owner, mode and time of a copied inode.
    fn attributes(&mut self, inode: &Inode, to: &AbsPath) -> Result<(), String> {
        let (uid, gid) = self.owner.unwrap_or((inode.meta.uid, inode.meta.gid));
        let mode = match self.chmod {
            None => inode.meta.mode,
            Some(Chmod::Octal(mode)) => *mode,
            Some(Chmod::Symbolic(symbolic)) => {
                let target = mode::Target {
                    mode: inode.meta.mode,
                    is_dir: matches!(inode.node, Node::Dir(_)),
                    umask: 0,
                    gnu: true,
                };
                mode::apply(symbolic, target).unwrap_or(inode.meta.mode)
            }
        };
        let path = to.as_str();
        let result = self.target.chown(&ROOT, path, Some(uid), Some(gid), false).and_then(|()| {
            if matches!(inode.node, Node::Symlink(_)) { Ok(()) } else { self.target.chmod(&ROOT, path, mode) }
        });
        result
            .and_then(|()| self.target.set_mtime(&ROOT, path, Some(inode.meta.mtime), false))
            .map_err(|errno| self.failed(to, errno))
    }

    fn failed(&self, path: &AbsPath, errno: Errno) -> String {
        format!("failed to copy to ROOTFS{path}: {}", go_message(errno))
    }
}

/// An error as Go words it: in small letters.
pub(super) fn go_message(errno: Errno) -> String {
    errno.to_string().to_lowercase()
}
