//! A snapshot with a writable upper, while a step runs: the operations of a filesystem, with overlayfs's copy-up,
//! whiteouts and opaque directories. Paths are absolute and may hold `.`, `..` and links.

use super::changeset::Changeset;
use super::content::Content;
use super::errno::Errno;
use super::node::{Access, Cred, Dir, Ino, Inode, Meta, Node, READ_ONLY, Stat, Time};
use super::resolve::{Last, Location};
use super::snapshot::{DirEntry, Snapshot};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most entries a step may make (DESIGN.md, "Budgets").
pub const MAX_ENTRIES: u64 = 500_000;

/// Which budget of the filesystem a step has outrun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exceeded {
    /// A file longer than [`super::MAX_SIZE`], or more bytes than that written in one step.
    Bytes,
    /// More than [`MAX_ENTRIES`] new entries.
    Entries,
}

/// A filesystem in which a step works: `lower` is the snapshot before it, everything written goes to the upper.
#[derive(Clone)]
pub struct Overlay {
    pub(super) lower: Snapshot,
    pub(super) merged: Snapshot,
    /// The number of the layer that the upper becomes.
    pub(super) layer: u32,
    /// Inodes without a name, kept for who has them open.
    pub(super) orphans: Vec<Ino>,
    pub(super) made: u64,
    /// Bytes that were stored in the upper so far, those removed since too.
    pub(super) written: u64,
    /// Names of mount points that are in no layer: directory and name.
    pub(super) grafted: Vec<(Ino, Arc<str>)>,
    /// Files that someone else than root has open for writing, and whether that one is not in the file's group.
    pub(super) by_users: BTreeMap<Ino, bool>,
    pub(super) exceeded: Option<Exceeded>,
}

impl Overlay {
    /// Starts a step on a snapshot.
    pub fn new(lower: Snapshot) -> Self {
        let layer = lower.layers;
        Self {
            merged: lower.clone(),
            lower,
            layer,
            orphans: Vec::new(),
            made: 0,
            written: 0,
            grafted: Vec::new(),
            by_users: BTreeMap::new(),
            exceeded: None,
        }
    }

    /// Ends the step: what the upper holds, and the snapshot with it as one more layer. Mounted trees are left out.
    pub fn commit(mut self) -> (Snapshot, Changeset) {
        self.end_mounts();
        let changeset = self.changeset();
        let mut merged = self.merged;
        for ino in self.orphans {
            merged.inodes.remove(&ino);
        }
        merged.layers += 1;
        (merged, changeset)
    }

    /// The merged view as it is now, mounts included.
    pub fn merged(&self) -> &Snapshot {
        &self.merged
    }

    /// The snapshot the step started from.
    pub fn lower(&self) -> &Snapshot {
        &self.lower
    }

    /// The budget that was outrun, if one was: the build has to stop.
    pub fn exceeded(&self) -> Option<Exceeded> {
        self.exceeded
    }

    // ---- reading ----

    /// See [`Snapshot::resolve`].
    ///
    /// # Errors
    /// As there.
    pub fn resolve(&self, cred: &Cred, path: &str, follow: bool) -> Result<Location, Errno> {
        self.merged.resolve(cred, path, follow)
    }

    /// The path without links, `.` and `..`; the last component may be missing, as for `realpath` of busybox.
    ///
    /// # Errors
    /// As [`Snapshot::resolve`].
    pub fn realpath(&self, cred: &Cred, path: &str) -> Result<crate::path::AbsPath, Errno> {
        Ok(self.resolve(cred, path, true)?.path())
    }

    /// `stat`: links followed.
    ///
    /// # Errors
    /// ENOENT and those of [`Snapshot::resolve`].
    pub fn stat(&self, cred: &Cred, path: &str) -> Result<Stat, Errno> {
        let ino = self.resolve(cred, path, true)?.found()?;
        self.merged.stat_ino(ino).ok_or(Errno::ENOENT)
    }

    /// `lstat`: a link itself.
    ///
    /// # Errors
    /// ENOENT and those of [`Snapshot::resolve`].
    pub fn lstat(&self, cred: &Cred, path: &str) -> Result<Stat, Errno> {
        let ino = self.resolve(cred, path, false)?.found()?;
        self.merged.stat_ino(ino).ok_or(Errno::ENOENT)
    }

    /// The target of a symbolic link.
    ///
    /// # Errors
    /// EINVAL for anything else.
    pub fn readlink(&self, cred: &Cred, path: &str) -> Result<String, Errno> {
        let ino = self.resolve(cred, path, false)?.found()?;
        match self.node(ino)? {
            Node::Symlink(target) => Ok(target.to_string()),
            _ => Err(Errno::EINVAL),
        }
    }

    /// The names of a directory, sorted by bytes.
    ///
    /// # Errors
    /// ENOTDIR, EACCES and those of [`Snapshot::resolve`].
    pub fn read_dir(&self, cred: &Cred, path: &str) -> Result<Vec<DirEntry>, Errno> {
        let ino = self.resolve(cred, path, true)?.found()?;
        let inode = self.merged.inode(ino).ok_or(Errno::ENOENT)?;
        if inode.as_dir().is_some() && !inode.allows(cred, Access::Read) {
            return Err(Errno::EACCES);
        }
        self.merged.list(ino).ok_or(Errno::ENOTDIR)
    }

    /// The whole content of a file. Devices: see [`Overlay::open`].
    ///
    /// # Errors
    /// EISDIR, EACCES and those of [`Snapshot::resolve`].
    pub fn read(&self, cred: &Cred, path: &str) -> Result<Content, Errno> {
        let ino = self.resolve(cred, path, true)?.found()?;
        self.check(ino, cred, Access::Read)?;
        self.content(ino)
    }

    /// May `cred` do this to the inode at `path`? `access(2)`.
    ///
    /// # Errors
    /// EACCES and those of [`Snapshot::resolve`].
    pub fn access(&self, cred: &Cred, path: &str, access: Access) -> Result<(), Errno> {
        let ino = self.resolve(cred, path, true)?.found()?;
        self.check(ino, cred, access)
    }

    // ---- making names ----

    /// Makes a directory. `mkdir(2)` takes the sticky bit and no setuid and setgid; those need a chmod.
    ///
    /// # Errors
    /// EEXIST, EACCES, ENOSPC and those of [`Snapshot::resolve`].
    pub fn mkdir(&mut self, cred: &Cred, path: &str, mode: u16) -> Result<(), Errno> {
        let at = self.name(cred, path, |_| Errno::EEXIST)?;
        self.create(cred, &at, Node::Dir(Dir::default()), mode & 0o1777).map(|_| ())
    }

    /// Makes a symbolic link at `path`.
    ///
    /// # Errors
    /// As [`Overlay::mkdir`]; ENOENT for an empty target.
    pub fn symlink(&mut self, cred: &Cred, target: &str, path: &str) -> Result<(), Errno> {
        if target.is_empty() {
            return Err(Errno::ENOENT);
        }
        let at = self.new_name(cred, path)?;
        self.create(cred, &at, Node::Symlink(target.into()), 0o777).map(|_| ())
    }

    /// Makes a named pipe or a device.
    ///
    /// # Errors
    /// As [`Overlay::mkdir`]; EPERM for a device without root.
    pub fn mknod(&mut self, cred: &Cred, path: &str, node: Node, mode: u16) -> Result<(), Errno> {
        if cred.uid != 0 && matches!(node, Node::CharDevice { .. } | Node::BlockDevice { .. }) {
            return Err(Errno::EPERM);
        }
        let at = self.new_name(cred, path)?;
        self.create(cred, &at, node, mode).map(|_| ())
    }

    /// Makes a hard link: `new` becomes another name of what is at `old` (a link itself, not followed). A file of a lower
    /// layer is copied up for it.
    ///
    /// # Errors
    /// EEXIST, EPERM (a directory, or a file of others that the caller may not read and write, or that has setuid:
    /// `fs.protected_hardlinks`), EXDEV across mounts.
    pub fn link(&mut self, cred: &Cred, old: &str, new: &str) -> Result<(), Errno> {
        let from = self.resolve(cred, old, false)?;
        let ino = from.found()?;
        let to = self.new_name(cred, new)?;
        if to.ino.is_some() {
            return Err(Errno::EEXIST);
        }
        let inode = self.merged.inode(ino).ok_or(Errno::ENOENT)?;
        if inode.is_mounted() != self.is_mounted(to.parent()?) {
            return Err(Errno::EXDEV);
        }
        if !may_link(cred, inode) {
            return Err(Errno::EPERM);
        }
        self.check_parent(cred, &to)?;
        if inode.as_dir().is_some() {
            return Err(Errno::EPERM);
        }
        let ino = self.copy_up(&from)?;
        self.add_name(&to, ino)?;
        if let Some(inode) = self.merged.inode_mut(ino) {
            inode.nlink += 1;
        }
        Ok(())
    }

    // ---- removing names ----

    /// Removes a name that is not a directory's.
    ///
    /// # Errors
    /// EISDIR, EACCES, EPERM (sticky directory), EBUSY (a mount point).
    pub fn unlink(&mut self, cred: &Cred, path: &str) -> Result<(), Errno> {
        let at = self.name(cred, path, |_| Errno::EISDIR)?;
        let ino = at.found()?;
        let is_dir = self.is_dir(ino);
        if path.ends_with('/') {
            return Err(if is_dir { Errno::EISDIR } else { Errno::ENOTDIR });
        }
        self.check_removal(cred, &at)?;
        if is_dir {
            return Err(Errno::EISDIR);
        }
        self.check_busy(ino)?;
        self.remove_name(&at)?;
        self.drop_link(ino);
        Ok(())
    }

    /// Removes an empty directory.
    ///
    /// # Errors
    /// ENOTDIR (a link to a directory with a slash after it, too), ENOTEMPTY, EACCES, EPERM, EBUSY, EINVAL for `x/.`.
    pub fn rmdir(&mut self, cred: &Cred, path: &str) -> Result<(), Errno> {
        let at = self.name(cred, path, |last| match last {
            Last::Dot => Errno::EINVAL,
            Last::DotDot => Errno::ENOTEMPTY,
            _ => Errno::EBUSY,
        })?;
        let ino = at.found()?;
        self.check_removal(cred, &at)?;
        let empty = self.merged.inode(ino).and_then(Inode::as_dir).ok_or(Errno::ENOTDIR)?.names.is_empty();
        self.check_busy(ino)?;
        if !empty {
            return Err(Errno::ENOTEMPTY);
        }
        self.remove_name(&at)?;
        self.orphans.push(ino);
        Ok(())
    }

    // ---- changing inodes ----

    /// Changes the mode bits. Stores the file again even if it has the mode already.
    ///
    /// # Errors
    /// EPERM if the caller does not own it.
    pub fn chmod(&mut self, cred: &Cred, path: &str, mode: u16) -> Result<(), Errno> {
        let at = self.resolve(cred, path, true)?;
        let ino = at.found()?;
        let meta = self.meta(ino)?;
        self.check_owner(cred, meta)?;
        let mode = if cred.uid != 0 && !cred.in_group(meta.gid) { mode & !0o2000 } else { mode };
        let ino = self.copy_up(&at)?;
        self.change(ino, |inode| inode.meta.mode = mode & 0o7777)
    }

    /// Changes owner and group (`None` keeps one); `follow` says whether of a link's target. Clears setuid and setgid of
    /// files, as the kernel does for root too.
    ///
    /// # Errors
    /// EPERM unless root (an owner may give a file to one of its groups).
    pub fn chown(
        &mut self,
        cred: &Cred,
        path: &str,
        uid: Option<u32>,
        gid: Option<u32>,
        follow: bool,
    ) -> Result<(), Errno> {
        let at = self.resolve(cred, path, follow)?;
        let meta = self.meta(at.found()?)?;
        let allowed = cred.uid == 0
            || (meta.uid == cred.uid
                && uid.is_none_or(|uid| uid == meta.uid)
                && gid.is_none_or(|gid| cred.in_group(gid)));
        if !allowed {
            return Err(Errno::EPERM);
        }
        let outsider = cred.uid != 0 && !cred.in_group(meta.gid);
        let ino = self.copy_up(&at)?;
        self.change(ino, |inode| {
            inode.meta.uid = uid.unwrap_or(inode.meta.uid);
            inode.meta.gid = gid.unwrap_or(inode.meta.gid);
            drop_privileges(inode, outsider);
        })
    }

    /// Sets the modification time; `None` is now.
    ///
    /// # Errors
    /// EPERM, or EACCES if it is set to now and the caller may not write.
    pub fn set_mtime(&mut self, cred: &Cred, path: &str, time: Option<Time>, follow: bool) -> Result<(), Errno> {
        let at = self.resolve(cred, path, follow)?;
        let ino = at.found()?;
        if self.check_owner(cred, self.meta(ino)?).is_err() {
            if time.is_some() {
                return Err(Errno::EPERM);
            }
            self.check(ino, cred, Access::Write)?;
        }
        let ino = self.copy_up(&at)?;
        let time = time.unwrap_or_else(|| self.merged.now());
        self.change(ino, |inode| inode.meta.mtime = time)
    }

    /// Cuts a file to `len` bytes, or extends it with zeros.
    ///
    /// # Errors
    /// EISDIR, EACCES, EFBIG.
    pub fn truncate(&mut self, cred: &Cred, path: &str, len: u64) -> Result<(), Errno> {
        let at = self.resolve(cred, path, true)?;
        let ino = at.found()?;
        let mut content = self.content(ino)?;
        self.check(ino, cred, Access::Write)?;
        let ino = self.copy_up(&at)?;
        self.grow(len.saturating_sub(content.len()), len)?;
        content.truncate(len);
        self.written_by(cred, ino);
        self.set_content(ino, content)
    }

    // ---- the parts that operations are made of ----

    /// Where a name is, or would be: a link or a slash at the end does not lead further. `otherwise` is the error for `.`,
    /// `..` and `/`.
    pub(super) fn name(&self, cred: &Cred, path: &str, otherwise: impl Fn(Last) -> Errno) -> Result<Location, Errno> {
        let trimmed = path.trim_end_matches('/');
        let at = self.resolve(cred, if trimmed.is_empty() { path } else { trimmed }, false)?;
        match Last::of(path) {
            Last::Name => Ok(at),
            last => Err(otherwise(last)),
        }
    }

    /// Where something that is not a directory will be made: a slash after a name that is missing is ENOENT.
    fn new_name(&self, cred: &Cred, path: &str) -> Result<Location, Errno> {
        let at = self.name(cred, path, |_| Errno::EEXIST)?;
        if at.ino.is_none() && path.ends_with('/') { Err(Errno::ENOENT) } else { Ok(at) }
    }

    pub(super) fn is_dir(&self, ino: Ino) -> bool {
        self.merged.inode(ino).is_some_and(|inode| inode.as_dir().is_some())
    }

    pub(super) fn node(&self, ino: Ino) -> Result<&Node, Errno> {
        self.merged.inode(ino).map(|inode| &inode.node).ok_or(Errno::ENOENT)
    }

    pub(super) fn meta(&self, ino: Ino) -> Result<Meta, Errno> {
        self.merged.inode(ino).map(|inode| inode.meta).ok_or(Errno::ENOENT)
    }

    pub(super) fn content(&self, ino: Ino) -> Result<Content, Errno> {
        match self.node(ino)? {
            Node::File(content) => Ok(content.clone()),
            Node::Dir(_) => Err(Errno::EISDIR),
            Node::CharDevice { major: 1, minor: 5 } => Ok(Content::zeros(super::MAX_SIZE)),
            Node::CharDevice { major: 1, minor: 8 | 9 } => Ok(Content::unknown(super::MAX_SIZE)),
            _ => Ok(Content::empty()),
        }
    }

    pub(super) fn check(&self, ino: Ino, cred: &Cred, access: Access) -> Result<(), Errno> {
        let inode = self.merged.inode(ino).ok_or(Errno::ENOENT)?;
        if access == Access::Write {
            self.check_writable(ino)?;
        }
        if inode.allows(cred, access) { Ok(()) } else { Err(Errno::EACCES) }
    }

    pub(super) fn check_writable(&self, ino: Ino) -> Result<(), Errno> {
        let read_only = self.merged.inode(ino).is_some_and(|inode| inode.layer == READ_ONLY);
        if read_only { Err(Errno::EROFS) } else { Ok(()) }
    }

    fn check_owner(&self, cred: &Cred, meta: Meta) -> Result<(), Errno> {
        if cred.uid == 0 || cred.uid == meta.uid { Ok(()) } else { Err(Errno::EPERM) }
    }

    pub(super) fn check_parent(&self, cred: &Cred, at: &Location) -> Result<(), Errno> {
        let parent = at.parent()?;
        self.check(parent, cred, Access::Write)?;
        self.check(parent, cred, Access::Execute)
    }

    pub(super) fn check_removal(&self, cred: &Cred, at: &Location) -> Result<(), Errno> {
        self.check_parent(cred, at)?;
        let ino = at.found()?;
        let dir = self.meta(at.parent()?)?;
        let owns = cred.uid == 0 || cred.uid == dir.uid || cred.uid == self.meta(ino)?.uid;
        if dir.mode & 0o1000 != 0 && !owns { Err(Errno::EPERM) } else { Ok(()) }
    }

    /// A write by someone else than root takes setuid and setgid from a file.
    pub(super) fn written_by(&mut self, cred: &Cred, ino: Ino) {
        if cred.uid != 0
            && let Some(inode) = self.merged.inode_mut(ino)
        {
            let outsider = !cred.in_group(inode.meta.gid);
            drop_privileges(inode, outsider);
        }
    }

    /// A mount point cannot be removed or renamed.
    pub(super) fn check_busy(&self, ino: Ino) -> Result<(), Errno> {
        if self.is_mount_root(ino) { Err(Errno::EBUSY) } else { Ok(()) }
    }

    pub(super) fn is_mounted(&self, ino: Ino) -> bool {
        self.merged.inode(ino).is_some_and(Inode::is_mounted)
    }
}

/// `fs.protected_hardlinks` = 1: whoever does not own a file may link it only if it is a regular file without setuid, and
/// without setgid and group execute, that they may read and write.
fn may_link(cred: &Cred, inode: &Inode) -> bool {
    let plain =
        matches!(inode.node, Node::File(_)) && inode.meta.mode & 0o4000 == 0 && inode.meta.mode & 0o2010 != 0o2010;
    cred.uid == 0
        || cred.uid == inode.meta.uid
        || (plain && inode.allows(cred, Access::Read) && inode.allows(cred, Access::Write))
}

/// Takes setuid from a file; setgid too if its group may execute it, or if who changes it is not in the group
/// (fs/attr.c, `setattr_should_drop_suidgid`).
pub(super) fn drop_privileges(inode: &mut Inode, outsider: bool) {
    if matches!(inode.node, Node::File(_)) {
        inode.meta.mode &= !0o4000;
        if inode.meta.mode & 0o010 != 0 || outsider {
            inode.meta.mode &= !0o2000;
        }
    }
}
