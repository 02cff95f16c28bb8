//! What `docker diff` says of a step: the changeset's paths, before against after.

use super::changeset::{Changeset, EntryKind};
use super::node::{Ino, Inode, Node};
use super::snapshot::Snapshot;
use crate::path::AbsPath;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A line of `docker diff`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The letter.
    pub kind: ChangeKind,
    /// Of what.
    pub path: AbsPath,
}

/// Added, changed or deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ChangeKind {
    /// A
    Added,
    /// C
    Changed,
    /// D
    Deleted,
}

impl ChangeKind {
    /// Docker's letter for it.
    pub fn letter(self) -> char {
        match self {
            ChangeKind::Added => 'A',
            ChangeKind::Changed => 'C',
            ChangeKind::Deleted => 'D',
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.letter(), self.path)
    }
}

/// The lines of `docker diff` for a step, sorted by path. It compares kind, mode, owner, and for all but directories size
/// and time, never content; a directory is also changed when something below it is listed. So a file that was stored again
/// without a change (a `chmod` to the mode it has) is in the changeset and not here.
pub fn diff(before: &Snapshot, after: &Snapshot, changeset: &Changeset) -> Vec<Change> {
    let mut changes: BTreeMap<AbsPath, ChangeKind> = BTreeMap::new();
    for entry in &changeset.entries {
        if entry.kind == EntryKind::Opaque {
            hidden(before, after, &entry.path, &mut changes);
            continue;
        }
        let inode = |snapshot: &Snapshot, ino: Option<Ino>| ino.and_then(|ino| snapshot.inode(ino).cloned());
        let kind = match (inode(before, before.lookup(&entry.path)), inode(after, after.lookup(&entry.path))) {
            (None, Some(_)) => ChangeKind::Added,
            (Some(_), None) => ChangeKind::Deleted,
            (Some(old), Some(new)) if differs(&old, &new) => ChangeKind::Changed,
            _ => continue,
        };
        changes.insert(entry.path.clone(), kind);
    }
    let touched: Vec<AbsPath> =
        changes.keys().flat_map(|path| std::iter::successors(path.parent(), AbsPath::parent)).collect();
    for dir in touched {
        if !dir.is_root() && before.lookup(&dir).is_some() {
            changes.entry(dir).or_insert(ChangeKind::Changed);
        }
    }
    changes.into_iter().map(|(path, kind)| Change { kind, path }).collect()
}

/// What an opaque directory hides: each name of before that is gone, without what is below it.
fn hidden(before: &Snapshot, after: &Snapshot, dir: &AbsPath, changes: &mut BTreeMap<AbsPath, ChangeKind>) {
    for entry in before.lookup(dir).and_then(|ino| before.list(ino)).unwrap_or_default() {
        let path = dir.child(&entry.name);
        match after.lookup(&path) {
            None => {
                changes.insert(path, ChangeKind::Deleted);
            }
            Some(_) => hidden(before, after, &path, changes),
        }
    }
}

fn differs(old: &Inode, new: &Inode) -> bool {
    let owner = |inode: &Inode| (inode.kind(), inode.meta.mode, inode.meta.uid, inode.meta.gid);
    owner(old) != owner(new)
        || match (&old.node, &new.node) {
            (Node::Dir(_), Node::Dir(_)) => false,
            (Node::CharDevice { .. } | Node::BlockDevice { .. }, _) if old.node != new.node => true,
            _ => old.size() != new.size() || old.meta.mtime != new.meta.mtime,
        }
}
