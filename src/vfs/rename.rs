//! Renaming, with overlayfs's own rules: a directory that a lower layer has cannot be renamed, and a directory of the
//! upper that comes to where lower directories merge is made opaque (fs/overlayfs/dir.c, `ovl_rename`).

use super::errno::Errno;
use super::node::{Access, Cred, Inode, Node};
use super::overlay::{Overlay, without_slash};

impl Overlay {
    /// `rename(2)`.
    ///
    /// # Errors
    /// EXDEV for a directory of a lower layer and across mounts; EINVAL into itself; EISDIR, ENOTDIR, ENOTEMPTY for what
    /// is replaced; EACCES, EPERM, EBUSY.
    pub fn rename(&mut self, cred: &Cred, old: &str, new: &str) -> Result<(), Errno> {
        let from = self.resolve(cred, without_slash(old), false)?;
        let ino = from.found()?;
        let to = self.resolve(cred, without_slash(new), false)?;
        self.check_removal(cred, &from)?;
        if to.ino().is_some() {
            self.check_removal(cred, &to)?
        } else {
            self.check_parent(cred, &to)?
        }
        if self.is_mounted(from.parent()?) != self.is_mounted(to.parent()?) {
            return Err(Errno::EXDEV);
        }
        let is_dir = self.merged.inode(ino).is_some_and(|inode| inode.as_dir().is_some());
        if !is_dir && (old.ends_with('/') || new.ends_with('/')) {
            return Err(Errno::ENOTDIR);
        }
        if is_dir && to.chain.iter().any(|(dir, _)| *dir == ino) {
            return Err(Errno::EINVAL);
        }
        if let Some(target) = to.ino() {
            if target == ino {
                return Ok(());
            }
            match self.merged.inode(target).and_then(Inode::as_dir) {
                Some(_) if !is_dir => return Err(Errno::EISDIR),
                Some(dir) if !dir.names.is_empty() => return Err(Errno::ENOTEMPTY),
                None if is_dir => return Err(Errno::ENOTDIR),
                _ => {}
            }
        }
        if is_dir && from.parent()? != to.parent()? {
            self.check(ino, cred, Access::Write)?;
        }
        if is_dir && self.shows_lower(ino) {
            return Err(Errno::EXDEV);
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
