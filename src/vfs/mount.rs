//! Mounts, while a step runs: trees over a directory or a file. What lies on them is in no layer.

use super::errno::Errno;
use super::node::{Cred, Ino, MOUNTED, Node, READ_ONLY, Upper};
use super::overlay::Overlay;
use super::snapshot::{Snapshot, Tree};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Overlay {
    /// Mounts a tree over what is at `path`, which must exist. On a read-only mount every change is EROFS.
    ///
    /// # Errors
    /// Those of [`Snapshot::resolve`].
    pub fn mount(&mut self, path: &str, tree: &Tree, read_only: bool) -> Result<(), Errno> {
        let point = self.resolve(&Cred::root(), path, true)?.ino().ok_or(Errno::ENOENT)?;
        let layer = if read_only { READ_ONLY } else { MOUNTED };
        let root = copy_tree(&tree.0, tree.0.root, &mut self.merged, layer);
        self.merged.mounts.insert(point, root);
        Ok(())
    }

    /// Mounts a tree at an absolute path without links that need not exist: what is missing on the way is there while the
    /// step runs, and leaves no trace in the layer. How a container gets `/proc`, `/dev` and `/etc/hosts`.
    pub fn mount_system(&mut self, path: &str, tree: &Tree) {
        if self.mount(path, tree, false).is_ok() {
            return;
        }
        let mut dir = self.merged.root;
        let mut names = path.split('/').filter(|name| !name.is_empty()).peekable();
        while let Some(name) = names.next() {
            if let Some(next) = self.merged.child(dir, name) {
                dir = next;
                continue;
            }
            let next = if names.peek().is_some() {
                let directory = Snapshot::empty();
                copy_tree(&directory, directory.root, &mut self.merged, MOUNTED)
            } else {
                copy_tree(&tree.0, tree.0.root, &mut self.merged, MOUNTED)
            };
            let Some(parent) = self.merged.dir_mut(dir) else { return };
            parent.names.insert(name.into(), next);
            self.grafted.push((dir, name.into()));
            dir = next;
        }
    }

    /// Ends the mount at `path` and hands back its tree as it is now; none if nothing is mounted there.
    pub fn unmount(&mut self, path: &str) -> Option<Tree> {
        let root = self.resolve(&Cred::root(), path, true).ok()?.ino()?;
        let point = self.merged.mounts.iter().find(|(_, mounted)| **mounted == root).map(|(point, _)| *point)?;
        self.merged.mounts.remove(&point);
        let inode = self.merged.inode(root)?.clone();
        let mut tree = Snapshot::with_root(inode.node.clone(), inode.meta);
        let top = tree.root;
        if let Some(dir) = inode.as_dir() {
            let names = dir
                .names
                .iter()
                .map(|(name, ino)| (name.clone(), copy_tree(&self.merged, *ino, &mut tree, 0)))
                .collect();
            if let Some(dir) = tree.dir_mut(top) {
                dir.names = names;
            }
        }
        self.merged.forget(root);
        Some(Tree(tree))
    }

    /// Ends all mounts.
    pub(super) fn end_mounts(&mut self) {
        for root in std::mem::take(&mut self.merged.mounts).into_values() {
            self.merged.forget(root);
        }
        for (dir, name) in std::mem::take(&mut self.grafted) {
            if let Some(ino) = self.merged.dir_mut(dir).and_then(|dir| dir.names.remove(&name)) {
                self.merged.forget(ino);
            }
        }
    }

    pub(super) fn is_mount_root(&self, ino: Ino) -> bool {
        let grafted = |(dir, name): &(Ino, Arc<str>)| self.merged.child(*dir, name) == Some(ino);
        self.merged.mounts.values().any(|root| *root == ino) || self.grafted.iter().any(grafted)
    }
}

/// Copies an inode and all below it into another table, hard links kept.
fn copy_tree(from: &Snapshot, ino: Ino, to: &mut Snapshot, layer: u32) -> Ino {
    fn copy(
        from: &Snapshot,
        ino: Ino,
        to: &mut Snapshot,
        layer: u32,
        seen: &mut std::collections::BTreeMap<Ino, Ino>,
    ) -> Ino {
        if let Some(copied) = seen.get(&ino) {
            return *copied;
        }
        let Some(mut inode) = from.inode(ino).cloned() else { return ino };
        inode.layer = layer;
        if let Node::Dir(dir) = &mut inode.node {
            dir.upper = Upper::default();
            let names: Vec<(Arc<str>, Ino)> = dir.names.iter().map(|(name, ino)| (name.clone(), *ino)).collect();
            dir.names = names.into_iter().map(|(name, child)| (name, copy(from, child, to, layer, seen))).collect();
        }
        let copied = to.insert(inode);
        seen.insert(ino, copied);
        copied
    }
    copy(from, ino, to, layer, &mut BTreeMap::new())
}
