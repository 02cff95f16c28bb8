//! The Files panel's view model: the merged filesystem at a step, its ghosts, the selected file, and the lookup of its path.

use super::changes::{kind, marks};
use super::lens::{Lens, inherited, part};
use crate::build::outcome::Stage;
use crate::image::Certainty;
use crate::insight::lookup::{End, Found, Met, lookup};
use crate::insight::why;
use crate::path::AbsPath;
use crate::vfs::{Content, EntryKind, FileKind as VfsKind, Ino, Node, Snapshot};
use crate::view::files::{
    ContentView, Fall, FallMet, FileRow, FileView, FilesView, LookupEnd, LookupView, MAX_HEX, MAX_TEXT,
};
use crate::view::layer::StepKey;
use crate::view::list::{Order, Query, Window};
use crate::view::panel::Selection;
use std::collections::{BTreeMap, BTreeSet};

/// The panel at a step.
pub(super) fn files(
    lens: &Lens<'_>,
    key: StepKey,
    selection: &Selection,
    path: Option<&AbsPath>,
    window: Window,
) -> FilesView {
    let stage = lens.stage_of(key);
    let (snapshot, layers) = at(lens, stage, key);
    let mut listing = lens.shown.files.borrow_mut();
    let open = opened(selection, path);
    let ghosts = selection.ghosts;
    if listing.tree_key != Some((key, ghosts)) {
        let hidden = if ghosts { hidden(stage, layers, snapshot) } else { BTreeMap::new() };
        *listing = Listing { tree_key: Some((key, ghosts)), items: items(snapshot, &hidden), ..Listing::default() };
    }
    let rows_key = (open, selection.query.clone());
    if listing.rows_key.as_ref() != Some(&rows_key) {
        let marks = marks(lens, key);
        let Listing { items, .. } = &*listing;
        let rows = rows(items, &rows_key.0, &rows_key.1, &marks);
        listing.rows = rows;
        listing.rows_key = Some(rows_key);
    }
    let Listing { items, rows, rows_key, .. } = &*listing;
    let total = rows.len();
    let index =
        path.and_then(|path| rows.iter().position(|row| items.get(row.item).is_some_and(|one| one.path == *path)));
    let certainty = stage.layers.iter().take(layers).map(|layer| layer.layer.certainty).max().unwrap_or_default();
    let drawer = Drawer { lens, stage, snapshot, certainty };
    let range = window.of(total);
    let start = range.start as u32;
    let all_open = rows_key.as_ref().is_some_and(|(_, query)| query.filters());
    let drawn = rows[range].iter().filter_map(|row| {
        let item = items.get(row.item)?;
        let open = item
            .is_full(row.item)
            .then(|| all_open || rows_key.as_ref().is_some_and(|(open, _)| open.contains(&item.path)));
        drawer.row(item, row, open)
    });
    FilesView {
        step: key.step,
        total: total as u32,
        start,
        rows: drawn.collect(),
        at: index.map(|index| index as u32),
        file: path.and_then(|path| file(snapshot, path, certainty)),
        lookup: path.map(|path| look(lens, stage, layers, path)),
    }
}

/// The tree that was listed last, so that a scroll lists nothing again.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    tree_key: Option<(StepKey, bool)>,
    /// The whole filesystem, in tree order.
    items: Vec<Item>,
    rows_key: Option<(BTreeSet<AbsPath>, Query)>,
    rows: Vec<Row>,
}

/// A path of the whole filesystem.
#[derive(Debug, Clone)]
struct Item {
    path: AbsPath,
    /// None for a ghost.
    ino: Option<Ino>,
    /// The layer that hides a ghost.
    layer: usize,
    level: u8,
    /// The index of the directory that it is in.
    parent: Option<usize>,
    /// One past the last item below it.
    end: usize,
    /// Bytes of a file, or of all files below a directory, each inode once.
    bytes: u64,
    is_file: bool,
}

impl Item {
    /// Is there something below it? `index` is its own.
    fn is_full(&self, index: usize) -> bool {
        self.end > index + 1
    }
}

/// An item that is listed, and its place among its listed siblings.
#[derive(Debug, Clone, Copy)]
struct Row {
    item: usize,
    place: (u32, u32),
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

/// Names that whiteouts hide, and the topmost layer that hides each.
fn hidden(stage: &Stage, layers: usize, snapshot: &Snapshot) -> BTreeMap<AbsPath, usize> {
    let mut hidden = BTreeMap::new();
    for (index, layer) in stage.layers.iter().enumerate().take(layers) {
        let whiteouts = layer.layer.changeset.entries.iter().filter(|entry| entry.kind == EntryKind::Whiteout);
        for path in whiteouts.map(|entry| &entry.path) {
            let in_a_directory = path.parent().is_some_and(|dir| snapshot.lookup(&dir).is_some());
            if in_a_directory && snapshot.lookup(path).is_none() {
                hidden.insert(path.clone(), index);
            }
        }
    }
    hidden
}

/// All paths and ghosts, in tree order, with what is below each.
fn items(snapshot: &Snapshot, hidden: &BTreeMap<AbsPath, usize>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut above: Vec<(usize, BTreeSet<Ino>)> = Vec::new();
    let mut hidden = hidden.iter().peekable();
    let mut add = |path: AbsPath, ino: Option<Ino>, layer: usize, bytes: u64, is_file: bool, linked: bool| {
        let index = items.len();
        while let Some((dir, _)) = above.last()
            && !path.starts_with(&items[*dir].path)
        {
            items[*dir].end = index;
            above.pop();
        }
        for (dir, seen) in &mut above {
            if ino.is_none_or(|ino| !linked || seen.insert(ino)) {
                items[*dir].bytes += bytes;
            }
        }
        let (level, parent) = (above.len().min(254) as u8 + 1, above.last().map(|(dir, _)| *dir));
        items.push(Item { path, ino, layer, level, parent, end: index + 1, bytes, is_file });
        above.push((index, BTreeSet::new()));
    };
    for (path, ino, inode) in snapshot.walk() {
        while let Some((ghost, layer)) = hidden.next_if(|(ghost, _)| **ghost < path) {
            add(ghost.clone(), None, *layer, 0, false, false);
        }
        let is_file = inode.kind() == VfsKind::File;
        let bytes = if is_file { inode.size() } else { 0 };
        add(path, Some(ino), 0, bytes, is_file, inode.nlink > 1);
    }
    for (ghost, layer) in hidden {
        add(ghost.clone(), None, *layer, 0, false, false);
    }
    let count = items.len();
    for (dir, _) in above {
        items[dir].end = count;
    }
    items
}

/// The rows of a query: what is in open directories, or what a filter leaves and what is above that.
fn rows(
    items: &[Item],
    open: &BTreeSet<AbsPath>,
    query: &Query,
    marks: &BTreeMap<&AbsPath, crate::view::changes::Mark>,
) -> Vec<Row> {
    let filters = query.filters();
    let mut kept = vec![!filters; items.len()];
    if filters {
        let lower = query.text.to_lowercase();
        for (index, item) in items.iter().enumerate().rev() {
            let fits = Query::text_fits(item.path.as_str(), &lower)
                && query.mark.is_none_or(|mark| marks.get(&item.path) == Some(&mark))
                && (query.least == 0 || (item.is_file && item.bytes >= query.least));
            kept[index] |= fits;
            if let Some(parent) = item.parent.filter(|_| kept[index]) {
                kept[parent] = true;
            }
        }
    }
    let mut rows = Vec::new();
    // Directories on the way down: what is left to list of each, last first.
    let mut left = vec![siblings(items, 0..items.len(), query.order, &kept)];
    while let Some(dir) = left.last_mut() {
        let Some(row) = dir.pop() else {
            left.pop();
            continue;
        };
        rows.push(row);
        let Some(item) = items.get(row.item) else { continue };
        if item.is_full(row.item) && (filters || open.contains(&item.path)) {
            left.push(siblings(items, row.item + 1..item.end, query.order, &kept));
        }
    }
    rows
}

/// The items of a range that are not below others of it, in the order asked for, last first.
fn siblings(items: &[Item], range: std::ops::Range<usize>, order: Order, kept: &[bool]) -> Vec<Row> {
    let mut found: Vec<usize> = Vec::new();
    let mut index = range.start;
    while index < range.end {
        if kept.get(index) == Some(&true) {
            found.push(index);
        }
        index = items.get(index).map_or(range.end, |item| item.end);
    }
    if order == Order::Size {
        found.sort_by_key(|index| std::cmp::Reverse(items.get(*index).map_or(0, |item| item.bytes)));
    }
    let count = found.len() as u32;
    let mut rows: Vec<Row> = (1..).zip(found).map(|(at, item)| Row { item, place: (at, count) }).collect();
    rows.reverse();
    rows
}

/// Draws rows.
struct Drawer<'a> {
    lens: &'a Lens<'a>,
    stage: &'a Stage,
    snapshot: &'a Snapshot,
    certainty: Certainty,
}

impl Drawer<'_> {
    fn row(&self, item: &Item, row: &Row, open: Option<bool>) -> Option<FileRow> {
        let (level, path, place) = (item.level, item.path.clone(), row.place);
        let Some(ino) = item.ino else {
            let layer = self.lens.name(self.stage, item.layer);
            let (kind, size) = (crate::view::changes::FileKind::File, Some(part(0, self.certainty)));
            return Some(FileRow {
                level,
                place,
                path,
                kind,
                link: None,
                open: None,
                mode: None,
                size,
                layer,
                ghost: true,
            });
        };
        let inode = self.snapshot.inode(ino)?;
        let link = match &inode.node {
            Node::Symlink(target) => Some(target.to_string()),
            _ => None,
        };
        let bytes = match inode.kind() {
            VfsKind::File => Some(item.bytes),
            VfsKind::Dir => Some(item.bytes).filter(|bytes| *bytes > 0),
            _ => None,
        };
        Some(FileRow {
            level,
            place,
            path,
            kind: kind(inode.kind()),
            mode: link.is_none().then_some(inode.meta.mode),
            link,
            open,
            size: bytes.map(|bytes| part(bytes, self.certainty)),
            layer: self.lens.name(self.stage, inode.layer as usize),
            ghost: false,
        })
    }
}

/// The selected file, opened; none for what is no file.
fn file(snapshot: &Snapshot, path: &AbsPath, certainty: Certainty) -> Option<FileView> {
    let inode = snapshot.inode(snapshot.lookup(path)?)?;
    let Node::File(content) = &inode.node else { return None };
    let owner = (inode.meta.uid, inode.meta.gid);
    Some(FileView { size: part(inode.size(), certainty), owner, content: beginning(content) })
}

fn beginning(content: &Content) -> ContentView {
    let shown = content.len().min(MAX_TEXT as u64);
    let Ok(bytes) = content.slice(0, shown).to_bytes() else { return ContentView::NotHeld };
    // A character may be cut in two at the end.
    let whole = match std::str::from_utf8(&bytes) {
        Ok(text) => Some(text),
        Err(error) if shown < content.len() && bytes.len() - error.valid_up_to() < 4 => {
            bytes.get(..error.valid_up_to()).and_then(|bytes| std::str::from_utf8(bytes).ok())
        }
        Err(_) => None,
    };
    match whole.filter(|text| !text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{1b}'))) {
        Some(text) => ContentView::Text(text.to_owned()),
        None => ContentView::Hex(bytes.iter().take(MAX_HEX).copied().collect()),
    }
}

fn look(lens: &Lens<'_>, stage: &Stage, layers: usize, path: &AbsPath) -> LookupView {
    let look = lookup(stage, layers, path);
    let mut falls = vec![Fall { layer: None, met: FallMet::Miss, cause: None }];
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
        let stored = match &fall.met {
            Met::Hit(found) | Met::Still(found) => Some(found).filter(|found| found.kind == VfsKind::File),
            _ => None,
        };
        let cause = stored.map(|_| {
            let cause = why::cause(lens.build, stage, fall.layer, path);
            (lens.cause(stage, fall.layer, &cause), lens.line(stage, fall.layer))
        });
        falls.push(Fall { layer: Some(lens.name(stage, fall.layer)), met, cause });
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
