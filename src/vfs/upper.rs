//! What changes the upper: copy-up, names that come and go, whiteouts and opaque directories (fs/overlayfs/dir.c,
//! copy_up.c). The operations in `overlay` are made of these; they check no permissions but those of making an inode.

use super::content::Content;
use super::errno::Errno;
use super::node::{Cred, Ino, Inode, MOUNTED, Meta, Node, Upper};
use super::overlay::{Exceeded, MAX_ENTRIES, Overlay};
use super::resolve::Location;

impl Overlay {
    /// Copies the directories of a chain up, as far as they are not there.
    pub(super) fn copy_up_chain(&mut self, chain: &[(Ino, String)]) {
        for (ino, _) in chain.iter().rev() {
            if self.is_mounted(*ino) {
                return;
            }
            self.copy_up_dir(*ino);
        }
    }

    fn copy_up_dir(&mut self, ino: Ino) {
        let layer = self.layer;
        if self.merged.inode(ino).is_none_or(|inode| inode.layer == layer) {
            return;
        }
        if let Some(inode) = self.merged.inode_mut(ino) {
            inode.layer = layer;
            if let Node::Dir(dir) = &mut inode.node {
                dir.upper = Upper::copied();
            }
        }
    }

    /// Copies what is at a location up, with the directories above; the inode that is there now. One name of a hard-linked
    /// lower file gets an inode of its own.
    pub(super) fn copy_up(&mut self, at: &Location) -> Result<Ino, Errno> {
        let ino = at.found()?;
        self.check_writable(ino)?;
        let inode = self.merged.inode(ino).ok_or(Errno::ENOENT)?;
        if inode.is_mounted() || inode.layer == self.layer {
            return Ok(ino);
        }
        let (size, linked, is_dir) = (inode.size(), inode.nlink > 1, inode.as_dir().is_some());
        self.copy_up_chain(&at.chain);
        if is_dir {
            self.copy_up_dir(ino);
            return Ok(ino);
        }
        self.grow(size, size)?;
        let layer = self.layer;
        if !linked {
            self.change(ino, |inode| inode.layer = layer)?;
            return Ok(ino);
        }
        let mut copy = self.merged.inode(ino).ok_or(Errno::ENOENT)?.clone();
        copy.layer = layer;
        copy.nlink = 1;
        let copy = self.merged.insert(copy);
        if let Some(dir) = self.merged.dir_mut(at.parent()?) {
            dir.names.insert(at.name.as_str().into(), copy);
        }
        Ok(copy)
    }

    /// Makes a new inode at a location where nothing is.
    pub(super) fn create(&mut self, cred: &Cred, at: &Location, node: Node, mode: u16) -> Result<Ino, Errno> {
        if at.ino.is_some() {
            return Err(Errno::EEXIST);
        }
        self.check_parent(cred, at)?;
        self.made += 1;
        if self.made > MAX_ENTRIES {
            self.exceeded = Some(Exceeded::Entries);
            return Err(Errno::ENOSPC);
        }
        let parent = at.parent()?;
        let parent_meta = self.meta(parent)?;
        let layer = if self.is_mounted(parent) { MOUNTED } else { self.layer };
        let mut mode = mode & 0o7777;
        let mut gid = cred.gid;
        if parent_meta.mode & 0o2000 != 0 {
            gid = parent_meta.gid;
            if matches!(node, Node::Dir(_)) {
                mode |= 0o2000;
            } else if mode & 0o010 != 0 && cred.uid != 0 && !cred.in_group(gid) {
                mode &= !0o2000;
            }
        }
        let mtime = self.merged.now();
        let ino = self.merged.insert(Inode { meta: Meta { mode, uid: cred.uid, gid, mtime }, node, nlink: 1, layer });
        self.add_name(at, ino)?;
        Ok(ino)
    }

    /// Gives an inode of the upper a name: whoever was hidden by a whiteout stays hidden, which makes a directory opaque.
    pub(super) fn add_name(&mut self, at: &Location, ino: Ino) -> Result<(), Errno> {
        self.copy_up_chain(&at.chain);
        let now = self.merged.now();
        let parent = at.parent()?;
        let mut hides = false;
        self.change(parent, |inode| {
            inode.meta.mtime = now;
            if let Node::Dir(dir) = &mut inode.node {
                hides = dir.upper.whiteouts.remove(at.name.as_str()).is_some();
                dir.names.insert(at.name.as_str().into(), ino);
            }
        })?;
        if hides && let Some(dir) = self.merged.dir_mut(ino) {
            dir.upper.opaque = true;
        }
        Ok(())
    }

    /// Takes a name away; where a lower layer has it, a whiteout hides it.
    pub(super) fn remove_name(&mut self, at: &Location) -> Result<(), Errno> {
        self.copy_up_chain(&at.chain);
        let parent = at.parent()?;
        let hides = self.lower_has(parent, &at.name);
        let now = self.merged.now();
        self.change(parent, |inode| {
            inode.meta.mtime = now;
            if let Node::Dir(dir) = &mut inode.node {
                dir.names.remove(at.name.as_str());
                if hides {
                    dir.upper.whiteouts.insert(at.name.as_str().into());
                }
            }
        })
    }

    /// Does a name show through from the lower layers in this directory of the upper?
    fn lower_has(&self, dir: Ino, name: &str) -> bool {
        let merges = self
            .merged
            .inode(dir)
            .is_some_and(|inode| inode.layer == self.layer && inode.as_dir().is_some_and(|dir| dir.upper.merges));
        merges && self.lower.inode(dir).and_then(Inode::as_dir).is_some_and(|dir| dir.names.contains_key(name))
    }

    pub(super) fn drop_link(&mut self, ino: Ino) {
        let layer = self.layer;
        if let Some(inode) = self.merged.inode_mut(ino)
            && (inode.layer == layer || inode.is_mounted())
        {
            inode.nlink = inode.nlink.saturating_sub(1);
            if inode.nlink == 0 {
                self.orphans.push(ino);
            }
        }
    }

    pub(super) fn change(&mut self, ino: Ino, change: impl FnOnce(&mut Inode)) -> Result<(), Errno> {
        self.merged.inode_mut(ino).map(change).ok_or(Errno::ENOENT)
    }

    /// Counts bytes that are about to be stored, and refuses past the budget.
    pub(super) fn grow(&mut self, more: u64, len: u64) -> Result<(), Errno> {
        self.written = self.written.saturating_add(more);
        if len.max(self.written) > super::MAX_SIZE {
            self.exceeded = Some(Exceeded::Bytes);
            return Err(Errno::EFBIG);
        }
        Ok(())
    }

    pub(super) fn set_content(&mut self, ino: Ino, content: Content) -> Result<(), Errno> {
        let now = self.merged.now();
        self.change(ino, |inode| {
            inode.meta.mtime = now;
            inode.node = Node::File(content);
        })
    }
}
