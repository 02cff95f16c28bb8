//! Why an entry is in a step's layer, and what it hides: written, changed, copied up (and for which attribute),
//! stored again although nothing changed; a whiteout's and an opaque directory's copies that lower layers still ship.
//!
//! It compares the filesystem before the step with the one after it. It cannot tell a file that was removed and written
//! again with the same bytes from one that was copied up.

use super::{at, at_and_below, cut_above};
use crate::build::outcome::{Build, Stage, Step};
use crate::path::AbsPath;
use crate::vfs::{Changeset, Content, Entry, EntryKind, FileKind, Inode, Node, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// Why one entry is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Nothing was at its path.
    New,
    /// A new name of a file of this layer.
    Link {
        /// The entry that carries the bytes.
        of: AbsPath,
    },
    /// Something else was there: another content, or another kind.
    Changed {
        /// What it was.
        was: FileKind,
        /// The length of its content before, in bytes (0 unless it was a file).
        from: u64,
        /// What changed beside it.
        attributes: Attributes,
    },
    /// The content is the same, and was copied up: for these attributes; for none, it was *stored again, unchanged*.
    CopiedUp {
        /// What changed.
        attributes: Attributes,
    },
    /// A directory that was there: an entry for what changed in or below it.
    Directory {
        /// What changed of itself; its time counts only where nothing else did.
        attributes: Attributes,
        /// Names it gained.
        gained: usize,
        /// Names it lost.
        lost: usize,
    },
    /// A whiteout.
    Whiteout(Hidden),
    /// An opaque whiteout.
    Opaque(Hidden),
}

/// Which attributes changed, each from and to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Permission bits.
    pub mode: Option<(u16, u16)>,
    /// User and group.
    pub owner: Option<((u32, u32), (u32, u32))>,
    /// The modification time.
    pub time: bool,
}

impl Attributes {
    /// Nothing changed.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// What a whiteout or an opaque directory hides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden {
    /// The stored copies of files, newest layer first: the one that was visible and those it shadowed, not what an
    /// earlier layer had removed already.
    pub copies: Vec<HiddenCopy>,
    /// Their bytes, without what is still reachable by another name.
    pub bytes: u64,
    /// How many paths of the filesystem before vanish with it, directories included.
    pub paths: usize,
}

/// A stored copy below a whiteout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenCopy {
    /// The layer that ships it.
    pub layer: usize,
    /// Its path.
    pub path: AbsPath,
    /// Its bytes; 0 for a hard link, whose bytes another entry of the layer carries.
    pub bytes: u64,
    /// A hard link of this path of the layer.
    pub link: Option<AbsPath>,
    /// Another name under which the filesystem after the step still shows these bytes.
    pub reachable_as: Option<AbsPath>,
    /// Why the layer stores it.
    pub cause: Cause,
}

/// Why a layer stores a copy of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It came with the base image.
    Base,
    /// COPY or ADD put it there.
    Copied,
    /// A command wrote it.
    Written,
    /// A command changed these attributes of it (or none), and so all of it was copied up.
    CopiedUp(Attributes),
}

/// Why each entry of a step's layer is there, in the layer's order; empty for a step without a layer.
pub fn why<'a>(build: &Build, stage: &Stage, step: &'a Step) -> Vec<(&'a Entry, Why)> {
    let Some(layer) = &step.layer else { return Vec::new() };
    let entries = layer.layer.changeset.entries.iter();
    entries.map(|entry| (entry, why_entry(build, stage, step, layer.index, entry))).collect()
}

/// Why one entry is in the layer with this index, made by this step.
pub fn why_entry(build: &Build, stage: &Stage, step: &Step, layer: usize, entry: &Entry) -> Why {
    let (before, after) = (&step.before, &step.after);
    match &entry.kind {
        EntryKind::Whiteout => return Why::Whiteout(hidden(build, stage, step, layer, &entry.path, true)),
        EntryKind::Opaque => return Why::Opaque(hidden(build, stage, step, layer, &entry.path, false)),
        _ => {}
    }
    let at = |snapshot: &Snapshot| snapshot.lookup(&entry.path).and_then(|ino| snapshot.inode(ino).cloned());
    let Some(old) = at(before) else {
        return match &entry.kind {
            EntryKind::Hardlink(of) => Why::Link { of: of.clone() },
            _ => Why::New,
        };
    };
    let Some(new) = at(after) else { return Why::New };
    let attributes = attributes(&old, &new);
    match (&old.node, &new.node) {
        (Node::Dir(_), Node::Dir(_)) => {
            let names = |snapshot: &Snapshot| -> BTreeSet<_> {
                let dir = snapshot.lookup(&entry.path).and_then(|ino| snapshot.list(ino)).unwrap_or_default();
                dir.into_iter().map(|name| name.name).collect()
            };
            let (old, new) = (names(before), names(after));
            let (gained, lost) = (new.difference(&old).count(), old.difference(&new).count());
            let time = attributes.time && gained + lost == 0 && attributes.mode.is_none() && attributes.owner.is_none();
            Why::Directory { attributes: Attributes { time, ..attributes }, gained, lost }
        }
        (Node::File(from), Node::File(to)) if same_bytes(from, to) => Why::CopiedUp { attributes },
        (Node::File(_), Node::File(_)) => Why::Changed { was: old.kind(), from: old.size(), attributes },
        (from, to) if from == to => Why::CopiedUp { attributes },
        _ => Why::Changed {
            was: old.kind(),
            from: if old.kind() == FileKind::File { old.size() } else { 0 },
            attributes,
        },
    }
}

/// Why a layer of a stage stores the file at a path.
pub fn cause(build: &Build, stage: &Stage, layer: usize, path: &AbsPath) -> Cause {
    let Some(id) = stage.layers.get(layer).and_then(|layer| layer.step) else { return Cause::Base };
    let Some(step) = build.step(id) else { return Cause::Written };
    if matches!(step.source.name.as_str(), "COPY" | "ADD") {
        return Cause::Copied;
    }
    let at = |snapshot: &Snapshot| snapshot.lookup(path).and_then(|ino| snapshot.inode(ino).cloned());
    match (at(&step.before), at(&step.after)) {
        (Some(old), Some(new)) => match (&old.node, &new.node) {
            (Node::File(from), Node::File(to)) if same_bytes(from, to) => Cause::CopiedUp(attributes(&old, &new)),
            _ => Cause::Written,
        },
        _ => Cause::Written,
    }
}

/// Equality that hashes only where the same bytes may be cut differently.
fn same_bytes(from: &Content, to: &Content) -> bool {
    use crate::vfs::Segment;
    if from.len() != to.len() {
        return false;
    }
    match (from.segments(), to.segments()) {
        ([Segment::Bytes(from)], [Segment::Bytes(to)]) => from == to,
        _ => from == to,
    }
}

fn attributes(old: &Inode, new: &Inode) -> Attributes {
    let owner = |inode: &Inode| (inode.meta.uid, inode.meta.gid);
    Attributes {
        mode: (old.meta.mode != new.meta.mode && old.kind() != FileKind::Symlink)
            .then_some((old.meta.mode, new.meta.mode)),
        owner: (owner(old) != owner(new)).then_some((owner(old), owner(new))),
        time: old.meta.mtime != new.meta.mtime,
    }
}

/// The copies that layers below `layer` ship at a path and below it (or only below it).
fn hidden(build: &Build, stage: &Stage, step: &Step, layer: usize, path: &AbsPath, whole: bool) -> Hidden {
    let mut hidden = Hidden::default();
    if let Some(ino) = step.before.lookup(path) {
        let below = step.before.walk_from(path.clone(), ino);
        let gone = |path: &AbsPath| step.after.lookup(path).is_none();
        hidden.paths = usize::from(whole) + below.filter(|(path, _, _)| gone(path)).count();
    }
    let mut removed = Removed::default();
    for (index, stored) in stage.layers.iter().enumerate().take(layer).rev() {
        let changeset = &stored.layer.changeset;
        let links = links(changeset);
        for entry in at_and_below(changeset, path) {
            if (!whole && entry.path == *path) || removed.covers(path, &entry.path) {
                continue;
            }
            let (bytes, link) = match &entry.kind {
                EntryKind::File(content) => (content.len(), None),
                EntryKind::Hardlink(of) => (0, Some(of.clone())),
                _ => continue,
            };
            let mut names = links.get(&entry.path).into_iter().flatten().filter(|_| link.is_none());
            let still = |name: &&&AbsPath| step.after.lstat(name).is_some_and(|stat| stat.layer as usize == index);
            let reachable_as = names.find(still).map(|name| (*name).clone());
            if reachable_as.is_none() {
                hidden.bytes += bytes;
            }
            let cause = cause(build, stage, index, &entry.path);
            hidden.copies.push(HiddenCopy { layer: index, path: entry.path.clone(), bytes, link, reachable_as, cause });
        }
        for entry in at_and_below(changeset, path) {
            removed.note(entry);
        }
        let whole_gone = at(changeset, path).iter().any(|entry| entry.kind.is_whiteout());
        if whole_gone || cut_above(changeset, path).is_some() {
            break;
        }
    }
    hidden
}

/// The hard links of a layer by the path of the entry that carries their bytes.
pub(super) fn links(changeset: &Changeset) -> BTreeMap<&AbsPath, Vec<&AbsPath>> {
    let mut links: BTreeMap<&AbsPath, Vec<&AbsPath>> = BTreeMap::new();
    for entry in &changeset.entries {
        if let EntryKind::Hardlink(of) = &entry.kind {
            links.entry(of).or_default().push(&entry.path);
        }
    }
    links
}

/// What layers passed on the way down had removed already.
#[derive(Default)]
struct Removed {
    /// These paths and all below them.
    whole: BTreeSet<AbsPath>,
    /// All below these paths.
    below: BTreeSet<AbsPath>,
}

impl Removed {
    fn note(&mut self, entry: &Entry) {
        match entry.kind {
            EntryKind::Whiteout => self.whole.insert(entry.path.clone()),
            EntryKind::Dir => false,
            _ => self.below.insert(entry.path.clone()),
        };
    }

    fn covers(&self, top: &AbsPath, path: &AbsPath) -> bool {
        if self.whole.contains(path) {
            return true;
        }
        std::iter::successors(path.parent(), AbsPath::parent)
            .take_while(|dir| dir.starts_with(top))
            .any(|dir| self.whole.contains(&dir) || self.below.contains(&dir))
    }
}
