//! What a layer holds: the upper as the operations of a step left it (OCI image-spec, layer.md).

use super::content::Content;
use super::node::{Ino, Inode, Meta, Node};
use super::overlay::Overlay;
use super::snapshot::Snapshot;
use crate::path::AbsPath;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The entries of a layer, in tree order: a directory before what is below it, its opaque whiteout right after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changeset {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// One entry of a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where; for a whiteout the hidden path, for an opaque whiteout its directory.
    pub path: AbsPath,
    /// What.
    pub kind: EntryKind,
    /// Mode, owner, time; of no meaning for whiteouts.
    pub meta: Meta,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    /// A directory.
    Dir,
    /// A regular file.
    File(Content),
    /// Another name of a file (or link, pipe, device) of this layer.
    Hardlink(AbsPath),
    /// A symbolic link.
    Symlink(Arc<str>),
    /// A named pipe.
    Fifo,
    /// A character device.
    CharDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// A block device.
    BlockDevice {
        /// Major number.
        major: u32,
        /// Minor number.
        minor: u32,
    },
    /// The path is gone.
    Whiteout,
    /// What lower layers have in this directory is gone.
    Opaque,
}

impl EntryKind {
    /// Whiteout or opaque whiteout: it hides and stores nothing.
    pub fn is_whiteout(&self) -> bool {
        matches!(self, EntryKind::Whiteout | EntryKind::Opaque)
    }
}

impl Entry {
    /// The bytes it stores: a file's length, else 0 (a hard link and a symbolic link count nothing in `docker history`).
    pub fn size(&self) -> u64 {
        match &self.kind {
            EntryKind::File(content) => content.len(),
            _ => 0,
        }
    }
}

impl Changeset {
    /// The layer's size as `docker history` has it, in bytes: the sum of the lengths of its regular files.
    pub fn size(&self) -> u64 {
        self.entries.iter().map(Entry::size).sum()
    }

    /// A whole filesystem as one layer: what `docker export` gives of a container.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut first = BTreeMap::new();
        let entries = snapshot.walk().map(|(path, ino, inode)| entry(&path, ino, inode, &mut first)).collect();
        Self { entries }
    }

    /// No entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Overlay {
    /// What the upper holds now.
    pub fn changeset(&self) -> Changeset {
        let mut entries = Vec::new();
        self.collect(&AbsPath::root(), self.merged.root(), &mut entries, &mut BTreeMap::new());
        Changeset { entries }
    }

    fn collect(&self, path: &AbsPath, ino: Ino, entries: &mut Vec<Entry>, first: &mut BTreeMap<Ino, AbsPath>) {
        let Some(inode) = self.merged.inode(ino).filter(|inode| inode.layer == self.layer) else { return };
        let Some(dir) = inode.as_dir() else { return };
        let mut whiteouts = dir.upper.whiteouts.iter().peekable();
        for (name, child) in &dir.names {
            while let Some(hidden) = whiteouts.next_if(|hidden| *hidden < name) {
                entries.push(whiteout(path.child(hidden)));
            }
            let Some(inode) = self.merged.inode(*child).filter(|inode| inode.layer == self.layer) else { continue };
            let path = path.child(name);
            entries.push(entry(&path, *child, inode, first));
            if inode.as_dir().is_some_and(|dir| dir.upper.opaque) {
                entries.push(Entry { path: path.clone(), kind: EntryKind::Opaque, meta: inode.meta });
            }
            self.collect(&path, *child, entries, first);
        }
        entries.extend(whiteouts.map(|hidden| whiteout(path.child(hidden))));
    }
}

fn whiteout(path: AbsPath) -> Entry {
    let meta = Meta { mode: 0, uid: 0, gid: 0, mtime: super::Time::default() };
    Entry { path, kind: EntryKind::Whiteout, meta }
}

fn entry(path: &AbsPath, ino: Ino, inode: &Inode, first: &mut BTreeMap<Ino, AbsPath>) -> Entry {
    let linked = inode.nlink > 1 && inode.as_dir().is_none();
    let kind = match &inode.node {
        Node::Dir(_) => EntryKind::Dir,
        // Docker writes a hard link for whatever has more than one name, symbolic links and devices too.
        _ if first.contains_key(&ino) => EntryKind::Hardlink(first[&ino].clone()),
        Node::File(content) => EntryKind::File(content.clone()),
        Node::Symlink(target) => EntryKind::Symlink(target.clone()),
        Node::Fifo => EntryKind::Fifo,
        Node::CharDevice { major, minor } => EntryKind::CharDevice { major: *major, minor: *minor },
        Node::BlockDevice { major, minor } => EntryKind::BlockDevice { major: *major, minor: *minor },
    };
    if linked {
        first.entry(ino).or_insert_with(|| path.clone());
    }
    Entry { path: path.clone(), kind, meta: inode.meta }
}
