//! Laying a layer's entries over a snapshot, as a container runtime unpacks an image (OCI image-spec, layer.md,
//! "Applying Changesets").

use super::changeset::{Changeset, Entry, EntryKind};
use super::node::{Dir, Ino, Inode, Meta, Node, Time};
use super::snapshot::Snapshot;
use crate::path::AbsPath;

impl Snapshot {
    /// The snapshot with one more layer on it. Whiteouts hide only what lower layers have; a missing parent directory is
    /// made (0755, root), as runtimes do; a hard link without its target is left out.
    pub fn apply(&self, changeset: &Changeset) -> Snapshot {
        let mut out = self.clone();
        let layer = out.layers;
        out.layers += 1;
        for entry in &changeset.entries {
            match entry.kind {
                EntryKind::Whiteout => out.remove(&entry.path),
                EntryKind::Opaque => {
                    let names = out.lookup(&entry.path).and_then(|ino| out.list(ino)).unwrap_or_default();
                    for name in names {
                        out.remove(&entry.path.child(&name.name));
                    }
                }
                _ => {}
            }
        }
        let (links, others): (Vec<_>, Vec<_>) = changeset
            .entries
            .iter()
            .filter(|e| !e.kind.is_whiteout())
            .partition(|e| matches!(e.kind, EntryKind::Hardlink(_)));
        for entry in others {
            out.put(entry, layer);
        }
        for entry in links {
            if let EntryKind::Hardlink(target) = &entry.kind
                && let Some(ino) = out.lookup(target)
            {
                out.remove(&entry.path);
                out.name(&entry.path, ino, layer);
                if let Some(inode) = out.inode_mut(ino) {
                    inode.nlink += 1;
                }
            }
        }
        out
    }

    fn put(&mut self, entry: &Entry, layer: u32) {
        let node = match &entry.kind {
            EntryKind::Dir => Node::Dir(Dir::default()),
            EntryKind::File(content) => Node::File(content.clone()),
            EntryKind::Symlink(target) => Node::Symlink(target.clone()),
            EntryKind::Fifo => Node::Fifo,
            EntryKind::CharDevice { major, minor } => Node::CharDevice { major: *major, minor: *minor },
            EntryKind::BlockDevice { major, minor } => Node::BlockDevice { major: *major, minor: *minor },
            EntryKind::Hardlink(_) | EntryKind::Whiteout | EntryKind::Opaque => return,
        };
        if let Some(ino) = self.lookup(&entry.path)
            && matches!(node, Node::Dir(_))
            && let Some(inode) = self.inode_mut(ino)
            && inode.as_dir().is_some()
        {
            inode.meta = entry.meta;
            inode.layer = layer;
            return;
        }
        self.remove(&entry.path);
        let ino = self.insert(Inode { meta: entry.meta, node, nlink: 1, layer });
        self.name(&entry.path, ino, layer);
    }

    /// Gives an inode a name, making the directories above it where they are missing.
    fn name(&mut self, path: &AbsPath, ino: Ino, layer: u32) {
        let Some(parent) = path.parent() else { return };
        let dir = match self.lookup(&parent) {
            Some(dir) => dir,
            None => {
                let meta = Meta { mode: 0o755, uid: 0, gid: 0, mtime: Time::default() };
                let dir = self.insert(Inode { meta, node: Node::Dir(Dir::default()), nlink: 1, layer });
                self.name(&parent, dir, layer);
                dir
            }
        };
        if let Some(dir) = self.dir_mut(dir) {
            dir.names.insert(path.name().into(), ino);
        }
    }

    /// Takes a path and all below it away.
    fn remove(&mut self, path: &AbsPath) {
        let (Some(parent), Some(ino)) = (path.parent().and_then(|parent| self.lookup(&parent)), self.lookup(path))
        else {
            return;
        };
        if let Some(dir) = self.dir_mut(parent) {
            dir.names.remove(path.name());
        }
        let below: Vec<Ino> =
            std::iter::once(ino).chain(self.walk_from(path.clone(), ino).map(|(_, ino, _)| ino)).collect();
        for ino in below {
            let Some(inode) = self.inode_mut(ino) else { continue };
            inode.nlink = inode.nlink.saturating_sub(1);
            if inode.nlink == 0 {
                self.inodes.remove(&ino);
            }
        }
    }
}
