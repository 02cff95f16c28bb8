//! The merged filesystem after a step: persistent, so that keeping one costs only what changed since the last.

use super::node::{Dir, FileKind, Ino, Inode, Meta, Node, Stat, Time, Upper};
use crate::path::AbsPath;
use imbl::OrdMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A merged filesystem. Clones are cheap and share structure.
#[derive(Clone)]
pub struct Snapshot {
    pub(super) inodes: OrdMap<Ino, Arc<Inode>>,
    pub(super) root: Ino,
    pub(super) next: u64,
    /// How many layers it is made of.
    pub(super) layers: u32,
    /// The nanosecond of the last write.
    pub(super) tick: u32,
    /// While a step runs: which directory or file is covered by which root of a mounted tree.
    pub(super) mounts: BTreeMap<Ino, Ino>,
}

/// A name in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirEntry {
    /// The name.
    pub name: Arc<str>,
    /// What it leads to.
    pub ino: Ino,
    /// The kind of that.
    pub kind: FileKind,
}

/// A filesystem of its own that can be mounted: `/dev`, a tmpfs, a cache, a bound directory or file.
#[derive(Clone)]
pub struct Tree(pub Snapshot);

impl Snapshot {
    /// An empty filesystem of no layers: `FROM scratch`.
    pub fn empty() -> Self {
        let meta = Meta { mode: 0o755, uid: 0, gid: 0, mtime: Time::default() };
        Self::with_root(Node::Dir(Dir::default()), meta)
    }

    /// A filesystem whose root is this node (a file, for a bound file).
    pub fn with_root(node: Node, meta: Meta) -> Self {
        let root = Ino(1);
        let inode = Inode { meta, node, nlink: 1, layer: 0 };
        let inodes = OrdMap::unit(root, Arc::new(inode));
        Self { inodes, root, next: 2, layers: 0, tick: 0, mounts: BTreeMap::new() }
    }

    /// The same filesystem seen from one of its inodes as its root.
    pub fn rooted_at(&self, ino: Ino) -> Self {
        Self { root: ino, ..self.clone() }
    }

    /// How many layers it is made of: the next one has this number.
    pub fn layers(&self) -> u32 {
        self.layers
    }

    /// The root directory.
    pub fn root(&self) -> Ino {
        self.root
    }

    /// An inode.
    pub fn inode(&self, ino: Ino) -> Option<&Inode> {
        self.inodes.get(&ino).map(|inode| &**inode)
    }

    /// The inode at a path, links not followed; none if there is none.
    pub fn lookup(&self, path: &AbsPath) -> Option<Ino> {
        path.components().try_fold(self.root, |dir, name| self.child(dir, name))
    }

    /// What `lstat` says of a path.
    pub fn lstat(&self, path: &AbsPath) -> Option<Stat> {
        self.lookup(path).and_then(|ino| self.stat_ino(ino))
    }

    /// The names of a directory, sorted by bytes; none for anything else.
    pub fn list(&self, dir: Ino) -> Option<Vec<DirEntry>> {
        let dir = self.inode(dir)?.as_dir()?;
        let entry = |(name, ino): (&Arc<str>, &Ino)| {
            let ino = self.mounts.get(ino).copied().unwrap_or(*ino);
            self.inode(ino).map(|inode| DirEntry { name: name.clone(), ino, kind: inode.kind() })
        };
        Some(dir.names.iter().filter_map(entry).collect())
    }

    /// Every path below `/`, in tree order, with its inode.
    pub fn walk(&self) -> impl Iterator<Item = (AbsPath, Ino, &Inode)> {
        self.walk_from(AbsPath::root(), self.root)
    }

    /// Every path below `top` (which is the directory `dir`), in tree order, with its inode.
    pub fn walk_from(&self, top: AbsPath, dir: Ino) -> impl Iterator<Item = (AbsPath, Ino, &Inode)> {
        let mut stack = Vec::new();
        self.push_children(&top, dir, &mut stack);
        std::iter::from_fn(move || {
            let (path, ino) = stack.pop()?;
            self.push_children(&path, ino, &mut stack);
            self.inode(ino).map(|inode| (path, ino, inode))
        })
    }

    fn push_children(&self, path: &AbsPath, ino: Ino, stack: &mut Vec<(AbsPath, Ino)>) {
        if let Some(dir) = self.inode(ino).and_then(Inode::as_dir) {
            stack.extend(dir.names.iter().rev().map(|(name, ino)| (path.child(name), *ino)));
        }
    }

    pub(super) fn child(&self, dir: Ino, name: &str) -> Option<Ino> {
        let ino = *self.inode(dir)?.as_dir()?.names.get(name)?;
        Some(self.mounts.get(&ino).copied().unwrap_or(ino))
    }

    pub(super) fn stat_ino(&self, ino: Ino) -> Option<Stat> {
        let inode = self.inode(ino)?;
        let nlink = match &inode.node {
            Node::Dir(dir) => {
                2 + dir.names.values().filter(|ino| self.inode(**ino).is_some_and(|i| i.as_dir().is_some())).count()
                    as u32
            }
            _ => inode.nlink,
        };
        Some(Stat {
            ino,
            kind: inode.kind(),
            meta: inode.meta,
            size: inode.size(),
            nlink,
            layer: inode.layer,
            mounted: inode.is_mounted(),
        })
    }

    pub(super) fn inode_mut(&mut self, ino: Ino) -> Option<&mut Inode> {
        self.inodes.get_mut(&ino).map(Arc::make_mut)
    }

    pub(super) fn dir_mut(&mut self, ino: Ino) -> Option<&mut Dir> {
        match &mut self.inode_mut(ino)?.node {
            Node::Dir(dir) => Some(dir),
            _ => None,
        }
    }

    pub(super) fn insert(&mut self, inode: Inode) -> Ino {
        let ino = Ino(self.next);
        self.next += 1;
        self.inodes.insert(ino, Arc::new(inode));
        ino
    }

    /// A moment later than all before.
    pub(super) fn now(&mut self) -> Time {
        self.tick += 1;
        Time { seconds: super::node::EPOCH + i64::from(self.tick / 1_000_000_000), nanos: self.tick % 1_000_000_000 }
    }

    /// Removes an inode and, if it is a directory, all below it from the table.
    pub(super) fn forget(&mut self, ino: Ino) {
        let mut stack = vec![ino];
        while let Some(ino) = stack.pop() {
            if let Some(inode) = self.inodes.remove(&ino)
                && let Some(dir) = inode.as_dir()
            {
                stack.extend(dir.names.values());
            }
        }
    }
}

impl Upper {
    /// A directory of a lower layer that was copied up.
    pub(super) fn copied() -> Self {
        Self { merges: true, ..Self::default() }
    }
}

impl PartialEq for Snapshot {
    /// Same paths, kinds, contents, modes, owners and hard links; times and layer numbers do not count.
    fn eq(&self, other: &Self) -> bool {
        type Line = (AbsPath, FileKind, Option<super::Content>, Option<Arc<str>>, [u32; 3], AbsPath);
        let list = |snapshot: &Snapshot| -> Vec<Line> {
            let mut first: BTreeMap<Ino, AbsPath> = BTreeMap::new();
            snapshot
                .walk()
                .map(|(path, ino, inode)| {
                    let first = first.entry(ino).or_insert_with(|| path.clone()).clone();
                    let (content, link) = match &inode.node {
                        Node::File(content) => (Some(content.clone()), None),
                        Node::Symlink(target) => (None, Some(target.clone())),
                        _ => (None, None),
                    };
                    let meta = [u32::from(inode.meta.mode), inode.meta.uid, inode.meta.gid];
                    (path, inode.kind(), content, link, meta, first)
                })
                .collect()
        };
        list(self) == list(other)
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.walk().map(|(path, _, inode)| format!("{:04o} {path} {:?}", inode.meta.mode, inode.kind())))
            .finish()
    }
}
