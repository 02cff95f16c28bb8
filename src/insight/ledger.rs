//! Which of an image's stored bytes can be read: live, shadowed and deleted, exclusive, and in sum the image's size.
//!
//! Counted per inode of a layer: live if any of its names reaches it in the final filesystem, shadowed if a newer copy of
//! one of its paths wins, deleted if all its paths are gone. The cost is that of what the layers hide, not of the
//! filesystem. Bytes are lengths of regular files, as in `docker history`; compression does not exist here.

use super::why::{Cause, cause, links as links_of};
use super::{at, at_and_below};
use crate::build::outcome::{Build, Stage};
use crate::path::AbsPath;
use crate::vfs::{Changeset, Content, EntryKind, FileKind, Ino, Snapshot};
use std::collections::BTreeMap;

/// Files below this size are not compared for [`Duplicate`]s.
pub const MIN_DUPLICATE: u64 = 1024;

/// The ledger of a stage's layers against its final filesystem.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// All stored bytes: `live + shadowed + deleted`.
    pub size: u64,
    /// Bytes that the final filesystem shows.
    pub live: u64,
    /// Bytes of files of which a newer copy wins.
    pub shadowed: u64,
    /// Bytes of files whose paths are gone.
    pub deleted: u64,
    /// The same for each layer, lowest first.
    pub layers: Vec<LayerLedger>,
    /// The stored copies that cannot be read, by layer and path; files without bytes are left out.
    pub lost: Vec<LostCopy>,
    /// The same bytes stored more than once: a mark on top of the sums, not a part of them.
    pub duplicates: Vec<Duplicate>,
}

/// One layer's part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LayerLedger {
    /// All its bytes.
    pub size: u64,
    /// Of them live.
    pub live: u64,
    /// Of them shadowed.
    pub shadowed: u64,
    /// Of them deleted.
    pub deleted: u64,
}

/// What became of stored bytes that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// A newer copy of the path wins.
    Shadowed,
    /// The path is gone.
    Deleted,
}

/// A stored copy of a file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostCopy {
    /// The layer that stores it.
    pub layer: usize,
    /// Its path; of a hard-linked file the name that carries the bytes.
    pub path: AbsPath,
    /// Its other names in the layer.
    pub links: Vec<AbsPath>,
    /// Its bytes.
    pub bytes: u64,
    /// What became of it.
    pub fate: Fate,
    /// The layer that put it out of reach.
    pub since: usize,
    /// By removing it (a whiteout, an opaque directory), not by a newer copy.
    pub removed: bool,
    /// Why the layer stores it.
    pub cause: Cause,
}

/// Bytes that are stored in several places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// Bytes of one copy.
    pub bytes: u64,
    /// The copies, oldest first: layer and path.
    pub copies: Vec<(usize, AbsPath)>,
}

impl Ledger {
    /// The ledger of a stage.
    pub fn new(build: &Build, stage: &Stage) -> Self {
        let mut names = LostNames::new(stage);
        let base = stage.layers.iter().take_while(|layer| layer.step.is_none()).count();
        if base > 1 {
            let mut below = Snapshot::empty();
            for (index, layer) in stage.layers[..base].iter().enumerate() {
                names.lose_to(index, &layer.layer.changeset, &below);
                below = below.apply(&layer.layer.changeset);
            }
        }
        for (index, layer) in stage.layers.iter().enumerate().skip(base) {
            if let Some(step) = layer.step.and_then(|id| build.step(id)) {
                names.lose_to(index, &layer.layer.changeset, &step.before);
            }
        }
        let mut ledger = Ledger::default();
        for layer in &stage.layers {
            let size = layer.layer.size;
            ledger.layers.push(LayerLedger { size, live: size, ..LayerLedger::default() });
        }
        for mut copy in names.lost_copies() {
            if let Some(layer) = ledger.layers.get_mut(copy.layer) {
                layer.live = layer.live.saturating_sub(copy.bytes);
                match copy.fate {
                    Fate::Shadowed => layer.shadowed += copy.bytes,
                    Fate::Deleted => layer.deleted += copy.bytes,
                }
            }
            copy.cause = cause(build, stage, copy.layer, &copy.path);
            ledger.lost.push(copy);
        }
        for layer in &ledger.layers {
            ledger.size += layer.size;
            ledger.live += layer.live;
            ledger.shadowed += layer.shadowed;
            ledger.deleted += layer.deleted;
        }
        ledger.duplicates = duplicates(stage, base);
        ledger
    }

    /// Bytes that are stored and cannot be read.
    pub fn wasted(&self) -> u64 {
        self.shadowed + self.deleted
    }

    /// The lost copy that a layer stores at a path, if that is one.
    pub fn lost_at(&self, layer: usize, path: &AbsPath) -> Option<&LostCopy> {
        let index = self.lost.binary_search_by(|copy| (copy.layer, &copy.path).cmp(&(layer, path))).ok()?;
        self.lost.get(index)
    }
}

/// Names that layers above took from the files of layers below.
struct LostNames<'a> {
    stage: &'a Stage,
    /// By layer and the path of the entry with the bytes.
    names: BTreeMap<(usize, AbsPath), Vec<LostName>>,
}

struct LostName {
    path: AbsPath,
    /// The layer that took it.
    since: usize,
    /// By removing it.
    removed: bool,
}

impl<'a> LostNames<'a> {
    fn new(stage: &'a Stage) -> Self {
        Self { stage, names: BTreeMap::new() }
    }

    /// Notes what a layer hides of the filesystem below it.
    fn lose_to(&mut self, layer: usize, changeset: &Changeset, below: &Snapshot) {
        for entry in &changeset.entries {
            let Some(ino) = below.lookup(&entry.path) else { continue };
            match entry.kind {
                EntryKind::Whiteout => self.lose_tree(layer, below, &entry.path, ino, true),
                EntryKind::Opaque => {
                    for name in below.list(ino).unwrap_or_default() {
                        self.lose_tree(layer, below, &entry.path.child(&name.name), name.ino, true);
                    }
                }
                EntryKind::Dir => {
                    if below.inode(ino).is_some_and(|inode| inode.kind() != FileKind::Dir) {
                        self.lose(layer, below, entry.path.clone(), ino, false);
                    }
                }
                _ => self.lose_tree(layer, below, &entry.path, ino, false),
            }
        }
    }

    fn lose_tree(&mut self, layer: usize, below: &Snapshot, path: &AbsPath, ino: Ino, removed: bool) {
        self.lose(layer, below, path.clone(), ino, removed);
        for (path, ino, _) in below.walk_from(path.clone(), ino) {
            self.lose(layer, below, path, ino, true);
        }
    }

    fn lose(&mut self, layer: usize, below: &Snapshot, path: AbsPath, ino: Ino, removed: bool) {
        let Some(inode) = below.inode(ino).filter(|inode| inode.kind() == FileKind::File && inode.size() > 0) else {
            return;
        };
        let stored = inode.layer as usize;
        let Some(provider) = self.stage.layers.get(stored) else { return };
        let holder = at(&provider.layer.changeset, &path).iter().find_map(|entry| match &entry.kind {
            EntryKind::Hardlink(target) => Some(target.clone()),
            _ => None,
        });
        let holder = holder.unwrap_or_else(|| path.clone());
        let names = self.names.entry((stored, holder)).or_default();
        match names.iter_mut().find(|lost| lost.path == path) {
            // Below an opaque directory, and in this layer again: a newer copy.
            Some(lost) => lost.removed &= removed,
            None => names.push(LostName { path, since: layer, removed }),
        }
    }

    /// The copies that lost all their names, by layer and path.
    fn lost_copies(self) -> Vec<LostCopy> {
        let mut links: BTreeMap<usize, BTreeMap<&AbsPath, Vec<&AbsPath>>> = BTreeMap::new();
        for (layer, _) in self.names.keys() {
            let Some(stored) = self.stage.layers.get(*layer) else { continue };
            links.entry(*layer).or_insert_with(|| links_of(&stored.layer.changeset));
        }
        let mut copies = Vec::new();
        for ((layer, path), lost) in &self.names {
            let links: Vec<AbsPath> = links
                .get(layer)
                .and_then(|of| of.get(path))
                .map(|names| names.iter().map(|name| (*name).clone()).collect())
                .unwrap_or_default();
            let all = std::iter::once(path).chain(&links);
            let gone = |name: &AbsPath| lost.iter().any(|lost| lost.path == *name);
            let Some(last) = lost.iter().max_by_key(|lost| lost.since) else { continue };
            if !all.clone().all(gone) {
                continue;
            }
            let Some(stored) = self.stage.layers.get(*layer) else { continue };
            let bytes = at(&stored.layer.changeset, path).iter().map(|entry| entry.size()).sum();
            let fate = if all.clone().any(|name| self.stage.snapshot.lookup(name).is_some()) {
                Fate::Shadowed
            } else {
                Fate::Deleted
            };
            copies.push(LostCopy {
                layer: *layer,
                path: path.clone(),
                links,
                bytes,
                fate,
                since: last.since,
                removed: last.removed,
                cause: Cause::Base,
            });
        }
        copies
    }
}

/// The same bytes in several places, of which at least one is a layer of this build's own. Only what is equal without
/// hashing is found: copies that share their content, generated content, equal held bytes.
fn duplicates(stage: &Stage, base: usize) -> Vec<Duplicate> {
    type Found<'a> = (&'a Content, Vec<(usize, &'a AbsPath)>);
    let mut by_size: BTreeMap<u64, Vec<Found<'_>>> = BTreeMap::new();
    let files = |index: usize| {
        let entries = stage.layers.get(index).map(|layer| layer.layer.changeset.entries.as_slice()).unwrap_or(&[]);
        entries.iter().filter_map(move |entry| match &entry.kind {
            EntryKind::File(content) if content.len() >= MIN_DUPLICATE => Some((index, &entry.path, content)),
            _ => None,
        })
    };
    for (_, _, content) in (base..stage.layers.len()).flat_map(files) {
        by_size.entry(content.len()).or_default();
    }
    for (index, path, content) in (0..stage.layers.len()).flat_map(files) {
        let Some(found) = by_size.get_mut(&content.len()) else { continue };
        match found.iter_mut().find(|(other, _)| other.segments() == content.segments()) {
            Some((_, copies)) => copies.push((index, path)),
            None => found.push((content, vec![(index, path)])),
        }
    }
    let mut duplicates: Vec<Duplicate> = by_size
        .into_values()
        .flatten()
        .filter(|(_, copies)| copies.len() > 1 && copies.iter().any(|(layer, _)| *layer >= base))
        .map(|(content, copies)| Duplicate {
            bytes: content.len(),
            copies: copies.into_iter().map(|(layer, path)| (layer, path.clone())).collect(),
        })
        .collect();
    duplicates.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.copies.cmp(&b.copies)));
    duplicates
}

/// Bytes below a path in a layer, for who wants to say how much of a directory a layer ships.
pub fn bytes_below(changeset: &Changeset, path: &AbsPath) -> u64 {
    at_and_below(changeset, path).iter().map(|entry| entry.size()).sum()
}
