//! Renaming, with overlayfs's own rules: a directory that a lower layer has cannot be renamed, and a directory of the
//! upper that comes to where lower directories merge is made opaque (fs/overlayfs/dir.c, `ovl_rename`).

use super::errno::Errno;
use super::node::{Access, Cred, Inode, Node};
use super::overlay::Overlay;

impl Overlay {
    /// `rename(2)`.
    ///
    /// # Errors
    /// EXDEV for a directory of a lower layer and across mounts; EINVAL into itself; EISDIR, ENOTDIR, ENOTEMPTY for what
    /// is replaced; EACCES, EPERM, EBUSY.
    pub fn rename(&mut self, cred: &Cred, old: &str, new: &str) -> Result<(), Errno> {
        let from = self.name(cred, old, |_| Errno::EBUSY);
        let to = self.name(cred, new, |_| Errno::EBUSY);
        let (from, to) = match (from, to) {
            // A path that leads nowhere goes before one that ends in a dot.
            (Err(Errno::EBUSY), Err(error)) | (Err(error), _) | (_, Err(error)) => return Err(error),
            (Ok(from), Ok(to)) => (from, to),
        };
        if self.is_mounted(from.parent()?) != self.is_mounted(to.parent()?) {
            return Err(Errno::EXDEV);
        }
        self.check_writable(from.parent()?)?;
        let ino = from.found()?;
        let is_dir = self.is_dir(ino);
        if !is_dir && (old.ends_with('/') || new.ends_with('/')) {
            return Err(Errno::ENOTDIR);
        }
        if to.chain.iter().any(|(dir, _)| *dir == ino) {
            return Err(Errno::EINVAL);
        }
        if from.chain.iter().any(|(dir, _)| Some(*dir) == to.ino()) {
            return Err(Errno::ENOTEMPTY);
        }
        if to.ino() == Some(ino) {
            return Ok(());
        }
        self.check_removal(cred, &from)?;
        match to.ino() {
            None => self.check_parent(cred, &to)?,
            Some(target) => {
                self.check_removal(cred, &to)?;
                match (is_dir, self.is_dir(target)) {
                    (true, false) => return Err(Errno::ENOTDIR),
                    (false, true) => return Err(Errno::EISDIR),
                    _ => {}
                }
            }
        }
        if is_dir && from.parent()? != to.parent()? {
            self.check(ino, cred, Access::Write)?;
        }
        self.check_busy(ino)?;
        if let Some(target) = to.ino() {
            self.check_busy(target)?;
        }
        if is_dir && self.shows_lower(ino) {
            return Err(Errno::EXDEV);
        }
        let full = |ino| self.merged.inode(ino).and_then(Inode::as_dir).is_some_and(|dir| !dir.names.is_empty());
        if to.ino().is_some_and(full) {
            return Err(Errno::ENOTEMPTY);
        }
        let ino = self.copy_up(&from)?;
        if let Some(target) = to.ino() {
            self.remove_name(&to)?;
            self.drop_link(target);
        }
        self.remove_name(&from)?;
        self.add_name(&to, ino)?;
        let merges = self.shows_lower(to.parent()?);
        if is_dir
            && merges
            && let Some(Node::Dir(dir)) = self.merged.inode_mut(ino).map(|inode| &mut inode.node)
        {
            dir.upper.opaque = true;
        }
        Ok(())
    }

    /// Is this a directory of a lower layer, or one of the upper that merges with one?
    fn shows_lower(&self, ino: super::Ino) -> bool {
        self.merged.inode(ino).is_some_and(|inode| {
            !self.is_mounted(ino) && (inode.layer != self.layer || inode.as_dir().is_some_and(|dir| dir.upper.merges))
        })
    }
}
