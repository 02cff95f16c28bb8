//! The Files panel's view model: the merged filesystem at a step, its ghosts, and the lookup of the selected path.

use super::changes::kind;
use super::lens::{Lens, inherited, part};
use crate::build::outcome::Stage;
use crate::image::Certainty;
use crate::insight::lookup::{End, Found, Met, lookup};
use crate::path::AbsPath;
use crate::vfs::{EntryKind, FileKind as VfsKind, Ino, Node, Snapshot};
use crate::view::files::{Fall, FallMet, FileRow, FilesView, LookupEnd, LookupView, MAX_ROWS};
use crate::view::layer::StepKey;
use crate::view::panel::Selection;
use std::collections::{BTreeMap, BTreeSet};

/// The panel at a step.
pub(super) fn files(lens: &Lens<'_>, key: StepKey, selection: &Selection, path: Option<&AbsPath>) -> FilesView {
    let stage = lens.stage_of(key);
    let (snapshot, layers) = at(lens, stage, key);
    let mut tree = Tree {
        lens,
        stage,
        snapshot,
        certainty: stage.layers.iter().take(layers).map(|layer| layer.layer.certainty).max().unwrap_or_default(),
        open: opened(selection, path),
        ghosts: if selection.ghosts { ghosts(stage, layers, snapshot) } else { BTreeMap::new() },
        rows: Vec::new(),
        more: 0,
    };
    tree.below(&AbsPath::root(), snapshot.root(), 1);
    let lookup = path.map(|path| look(lens, stage, layers, path));
    FilesView { step: key.step, rows: tree.rows, more: tree.more, lookup }
}

/// The filesystem at a step, and how many layers it is made of.
fn at<'a>(lens: &Lens<'a>, stage: &'a Stage, key: StepKey) -> (&'a Snapshot, usize) {
    match lens.step(key) {
        Some(step) => (&step.after, step.after.layers() as usize),
        None => (&stage.base.snapshot, inherited(stage)),
    }
}

/// Directories that are open: those the user opened, and those above the selected path.
fn opened(selection: &Selection, path: Option<&AbsPath>) -> BTreeSet<AbsPath> {
    let above = std::iter::successors(path.and_then(AbsPath::parent), AbsPath::parent);
    // A directory above the selected path that is in the set was closed by the user.
    let mut open = selection.open.clone();
    for dir in above.filter(|dir| !dir.is_root()) {
        if !open.remove(&dir) {
            open.insert(dir);
        }
    }
    open
}

/// Names that whiteouts hide, by their directory: the name, and the topmost layer that hides it.
fn ghosts(stage: &Stage, layers: usize, snapshot: &Snapshot) -> BTreeMap<AbsPath, BTreeMap<String, usize>> {
    let mut ghosts: BTreeMap<AbsPath, BTreeMap<String, usize>> = BTreeMap::new();
    for (index, layer) in stage.layers.iter().enumerate().take(layers) {
        let whiteouts = layer.layer.changeset.entries.iter().filter(|entry| entry.kind == EntryKind::Whiteout);
        for path in whiteouts.map(|entry| &entry.path) {
            if snapshot.lookup(path).is_none()
                && let Some(dir) = path.parent()
            {
                ghosts.entry(dir).or_default().insert(path.name().to_owned(), index);
            }
        }
    }
    ghosts
}

struct Tree<'a> {
    lens: &'a Lens<'a>,
    stage: &'a Stage,
    snapshot: &'a Snapshot,
    certainty: Certainty,
    open: BTreeSet<AbsPath>,
    ghosts: BTreeMap<AbsPath, BTreeMap<String, usize>>,
    rows: Vec<FileRow>,
    more: u32,
}

impl Tree<'_> {
    fn below(&mut self, dir: &AbsPath, ino: Ino, level: u8) {
        let names = self.snapshot.list(ino).unwrap_or_default();
        let mut rows: BTreeMap<String, Option<Ino>> =
            names.into_iter().map(|name| (name.name.to_string(), Some(name.ino))).collect();
        let ghosts = self.ghosts.get(dir).cloned().unwrap_or_default();
        for name in ghosts.keys() {
            rows.entry(name.clone()).or_insert(None);
        }
        for (name, ino) in rows {
            let path = dir.child(&name);
            if self.rows.len() >= MAX_ROWS {
                self.more += 1;
                continue;
            }
            match ino {
                Some(ino) => self.row(path, ino, level),
                None => {
                    let layer = ghosts.get(&name).copied().unwrap_or_default();
                    self.ghost(path, layer, level);
                }
            }
        }
    }

    fn ghost(&mut self, path: AbsPath, layer: usize, level: u8) {
        let layer = self.lens.name(self.stage, layer);
        let size = Some(part(0, self.certainty));
        let kind = crate::view::changes::FileKind::File;
        self.rows.push(FileRow { level, path, kind, link: None, open: None, mode: None, size, layer, ghost: true });
    }

    fn row(&mut self, path: AbsPath, ino: Ino, level: u8) {
        let Some(inode) = self.snapshot.inode(ino) else { return };
        let directory = inode.kind() == VfsKind::Dir;
        let link = match &inode.node {
            Node::Symlink(target) => Some(target.to_string()),
            _ => None,
        };
        let bytes = match inode.kind() {
            VfsKind::File => Some(inode.size()),
            VfsKind::Dir => Some(self.sum(&path, ino)).filter(|bytes| *bytes > 0),
            _ => None,
        };
        let full = directory
            && (self.snapshot.list(ino).is_some_and(|names| !names.is_empty()) || self.ghosts.contains_key(&path));
        let open = full.then(|| self.open.contains(&path));
        self.rows.push(FileRow {
            level,
            path: path.clone(),
            kind: kind(inode.kind()),
            mode: link.is_none().then_some(inode.meta.mode),
            link,
            open,
            size: bytes.map(|bytes| part(bytes, self.certainty)),
            layer: self.lens.name(self.stage, inode.layer as usize),
            ghost: false,
        });
        if open == Some(true) {
            self.below(&path, ino, level.saturating_add(1));
        }
    }

    /// Bytes of all files below a directory, each inode once.
    fn sum(&self, path: &AbsPath, ino: Ino) -> u64 {
        let mut seen = BTreeSet::new();
        let below = self.snapshot.walk_from(path.clone(), ino);
        let files = below.filter(|(_, _, inode)| inode.kind() == VfsKind::File);
        files.filter(|(_, ino, inode)| inode.nlink < 2 || seen.insert(*ino)).map(|(_, _, inode)| inode.size()).sum()
    }
}

fn look(lens: &Lens<'_>, stage: &Stage, layers: usize, path: &AbsPath) -> LookupView {
    let look = lookup(stage, layers, path);
    let mut falls = vec![Fall { layer: None, met: FallMet::Miss }];
    let mut unread = Vec::new();
    let hidden = matches!(look.end, End::Hidden(_));
    let mut copies = false;
    for fall in &look.falls {
        let certainty = stage.layers.get(fall.layer).map_or(Certainty::Exact, |layer| layer.layer.certainty);
        let size = |found: &Found| (found.kind == VfsKind::File).then(|| part(found.bytes, certainty));
        let mode = |found: &Found| (found.kind != VfsKind::Symlink).then_some(found.mode);
        let met = match &fall.met {
            Met::Miss => FallMet::Miss,
            Met::Hit(found) => FallMet::Hit { mode: mode(found), size: size(found) },
            Met::Merged(found) => FallMet::Merged { mode: mode(found) },
            Met::Whiteout(_) => FallMet::Whiteout,
            Met::Opaque(_) | Met::NotADirectory(_) => FallMet::Opaque,
            Met::Past => {
                unread.push(lens.name(stage, fall.layer));
                continue;
            }
            Met::Still(found) => {
                copies = true;
                FallMet::Under { mode: mode(found), size: size(found), deleted: hidden }
            }
        };
        falls.push(Fall { layer: Some(lens.name(stage, fall.layer)), met });
    }
    unread.dedup();
    let end = match look.end {
        End::Found(_) if copies => LookupEnd::FoundOverCopies,
        End::Found(_) => LookupEnd::Found,
        End::Directory(_) => LookupEnd::Merged,
        End::Hidden(_) => LookupEnd::Hidden,
        End::Absent => LookupEnd::Absent,
    };
    LookupView { path: path.clone(), falls, unread, end }
}
