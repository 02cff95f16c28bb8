//! The Changes panel's view model: `docker diff`, what is stored beside it, what whiteouts hide, and the sentence why.

use super::ledger::not_run;
use super::lens::{CHANGERS, Lens, REMOVERS, amount, command_of, has_base, inherited, part};
use super::stack::counts;
use super::tar::stored;
use crate::build::outcome::{Stage, Step, StepState};
use crate::insight::why::{Attributes, Hidden, Why, why_entry};
use crate::path::AbsPath;
use crate::shell::NoteKind;
use crate::vfs::{ChangeKind, Entry, EntryKind};
use crate::view::changes::{
    Because, ChangesView, CopyView, EntryView, EntryWhy, FileKind, MAX_COPIES, MAX_ENTRIES, MAX_STORED, Mark,
    StoredView, WhiteoutView,
};
use crate::view::layer::{Kind, StepKey};
use crate::view::stack::Counts;
use std::collections::BTreeMap;

/// The panel of a step or a base.
pub(super) fn changes(lens: &Lens<'_>, key: StepKey) -> ChangesView {
    let stage = lens.stage_of(key);
    match lens.step(key) {
        Some(step) => of_step(lens, stage, step),
        None => of_base(lens, stage),
    }
}

fn of_base(lens: &Lens<'_>, stage: &Stage) -> ChangesView {
    let count = inherited(stage);
    let layers = stage.layers.get(..count).unwrap_or_default();
    let because = if has_base(stage) {
        Because::Base {
            name: stage.base.reference.clone(),
            layers: count as u32,
            entries: layers.iter().map(|layer| layer.layer.changeset.entries.len() as u32).sum(),
            size: amount(layers),
        }
    } else {
        Because::Scratch
    };
    let _ = lens;
    plain(because)
}

fn plain(because: Because) -> ChangesView {
    let counts = Counts::default();
    ChangesView { because, against: None, counts, entries: Vec::new(), more: 0, stored: Vec::new() }
}

fn of_step(lens: &Lens<'_>, stage: &Stage, step: &Step) -> ChangesView {
    let Some(made) = &step.layer else { return plain(without_layer(lens, stage, step)) };
    let (sums, _) = counts(step);
    let mut listing = Listing::new(lens, stage, step, made.index);
    let because = because(lens, stage, step, &listing);
    let entries = listing.entries();
    let all = entries.len();
    let entries: Vec<EntryView> = entries.into_iter().take(MAX_ENTRIES).collect();
    let changeset = &made.layer.changeset.entries;
    let teaches = changeset.iter().any(|entry| entry.kind.is_whiteout());
    let stored: Vec<StoredView> =
        if teaches { changeset.iter().take(MAX_STORED).map(stored).collect() } else { Vec::new() };
    ChangesView {
        because,
        against: made.index.checked_sub(1).map(|below| lens.name(stage, below)),
        counts: sums,
        more: (all - entries.len()) as u32,
        entries,
        stored,
    }
}

fn without_layer(lens: &Lens<'_>, stage: &Stage, step: &Step) -> Because {
    match &step.state {
        StepState::Failed { exit_code, .. } => Because::Failed { exit_code: *exit_code, not_run: not_run(stage) },
        StepState::NotRun => {
            let failed = lens.build.failure.as_ref().and_then(|failure| failure.step);
            Because::NotRun { failed: failed.map(|id| id.ordinal as u32) }
        }
        StepState::Done => Because::Metadata { keyword: step.source.name.clone() },
    }
}

/// The sentence of a step with a layer.
fn because(lens: &Lens<'_>, stage: &Stage, step: &Step, listing: &Listing<'_>) -> Because {
    if let Some(note) = step.notes.iter().find(|note| note.kind == NoteKind::NotSimulated) {
        let command = note.message.split([':', ' ']).next().unwrap_or_default().to_owned();
        return Because::NotSimulated { command };
    }
    let layer = listing.layer;
    let size = part(layer.size, layer.certainty);
    let hidden: Vec<(&AbsPath, &Hidden)> = listing.hidden().filter(|(_, hidden)| hidden.bytes > 0).collect();
    let gone: u64 = hidden.iter().map(|(_, hidden)| hidden.bytes).sum();
    if gone > layer.size
        && let Some((path, first)) = hidden.iter().max_by_key(|(_, hidden)| hidden.bytes)
    {
        let mut ship: Vec<usize> =
            hidden.iter().flat_map(|(_, hidden)| &hidden.copies).map(|copy| copy.layer).collect();
        ship.sort_unstable();
        ship.dedup();
        let mut ship: Vec<_> = ship.into_iter().map(|layer| lens.name(stage, layer)).collect();
        ship.dedup();
        let one = match first.copies.as_slice() {
            [copy, ..] if first.copies.iter().all(|other| other.path == copy.path) => &copy.path,
            _ => *path,
        };
        return Because::FreedNothing {
            command: command_of(step, REMOVERS),
            path: one.clone(),
            more: hidden.len() as u32 - 1,
            layer: lens.name(stage, listing.index),
            ship,
            bytes: gone,
        };
    }
    let copied: Vec<&(&Entry, Why)> = listing.copied_up().collect();
    let bytes: u64 = copied.iter().map(|(entry, _)| entry.size()).sum();
    if bytes > 0 && bytes * 2 > layer.size {
        let unchanged = copied.iter().filter(|(entry, _)| !listing.in_diff(&entry.path)).count() as u32;
        let command = command_of(step, CHANGERS);
        return Because::CopiedUp { command, files: copied.len() as u32, bytes, unchanged };
    }
    if layer.changeset.entries.is_empty() {
        return Because::EmptyLayer { kind: Kind::of_keyword(&step.source.name) };
    }
    let (sums, _) = counts(step);
    if let Some((from, taken)) = across(lens, step).filter(|_| layer.size > 0) {
        return Because::CopiedAcross { stage: lens.stage_name(from), of: taken, taken: layer.size };
    }
    if layer.size == 0 {
        return Because::OnlyNames { added: sums.added };
    }
    Because::Wrote { added: sums.added, size }
}

/// The stage that a COPY takes from, and that stage's bytes.
fn across(lens: &Lens<'_>, step: &Step) -> Option<(usize, u64)> {
    let word = step.source.text.split_whitespace().find_map(|word| word.strip_prefix("--from="))?;
    let named = |stage: &&Stage| stage.name.as_deref() == Some(&word.to_lowercase()) || stage.index.to_string() == word;
    lens.build.stages.iter().find(named).map(|stage| (stage.index, stage.size()))
}

/// The entries of a layer with why they are there, and the paths that `docker diff` lists.
struct Listing<'a> {
    lens: &'a Lens<'a>,
    stage: &'a Stage,
    step: &'a Step,
    index: usize,
    layer: &'a crate::image::Layer,
    diff: BTreeMap<&'a AbsPath, ChangeKind>,
    whys: Vec<(&'a Entry, Why)>,
}

impl<'a> Listing<'a> {
    fn new(lens: &'a Lens<'a>, stage: &'a Stage, step: &'a Step, index: usize) -> Self {
        let made = step.layer.as_ref();
        let layer = &stage.layers[index].layer;
        let diff =
            made.into_iter().flat_map(|made| made.diff.iter()).map(|change| (&change.path, change.kind)).collect();
        // Hidden copies are looked for in every layer below: only as many as are listed.
        let whys = layer
            .changeset
            .entries
            .iter()
            .take(MAX_ENTRIES * 2)
            .map(|entry| (entry, why_entry(lens.build, stage, step, index, entry)))
            .collect();
        Self { lens, stage, step, index, layer, diff, whys }
    }

    fn in_diff(&self, path: &AbsPath) -> bool {
        self.diff.contains_key(path)
    }

    fn hidden(&self) -> impl Iterator<Item = (&'a AbsPath, &Hidden)> {
        self.whys.iter().filter_map(|(entry, why)| match why {
            Why::Whiteout(hidden) | Why::Opaque(hidden) => Some((&entry.path, hidden)),
            _ => None,
        })
    }

    fn copied_up(&self) -> impl Iterator<Item = &(&'a Entry, Why)> {
        self.whys.iter().filter(|(entry, why)| matches!(why, Why::CopiedUp { .. }) && entry.size() > 0)
    }

    /// Every listed path, and every file that is stored without being listed, in tree order.
    fn entries(&mut self) -> Vec<EntryView> {
        let mut paths: BTreeMap<&AbsPath, Mark> = BTreeMap::new();
        for (path, kind) in &self.diff {
            let mark = match kind {
                ChangeKind::Added => Mark::Added,
                ChangeKind::Changed => Mark::Changed,
                ChangeKind::Deleted => Mark::Deleted,
            };
            paths.insert(path, mark);
        }
        for (entry, _) in &self.whys {
            if matches!(entry.kind, EntryKind::File(_)) && !self.in_diff(&entry.path) {
                paths.insert(&entry.path, Mark::StoredAgain);
            }
        }
        let mut open: Vec<&AbsPath> = Vec::new();
        let mut entries = Vec::new();
        for (path, mark) in paths.into_iter().take(MAX_ENTRIES * 2) {
            let mut level = 1;
            if mark != Mark::StoredAgain {
                while open.last().is_some_and(|dir| !path.starts_with(dir)) {
                    open.pop();
                }
                level = open.len() as u8 + 1;
                open.push(path);
            }
            entries.push(self.entry(path, mark, level));
        }
        entries
    }

    fn entry(&self, path: &AbsPath, mark: Mark, level: u8) -> EntryView {
        let why = self.whys.iter().find(|(entry, _)| entry.path == *path);
        let snapshot = if mark == Mark::Deleted { &self.step.before } else { &self.step.after };
        let stat = snapshot.lstat(path);
        let kind = stat.as_ref().map_or(FileKind::Other, |stat| kind(stat.kind));
        let deleted = mark == Mark::Deleted;
        let plain = matches!(kind, FileKind::File | FileKind::Dir | FileKind::Other);
        EntryView {
            level,
            mark,
            path: path.clone(),
            kind,
            mode: stat.as_ref().filter(|_| !deleted && plain).map(|stat| stat.meta.mode),
            size: stat
                .as_ref()
                .filter(|stat| !deleted && stat.is_file())
                .map(|stat| part(stat.size, self.layer.certainty)),
            why: why.and_then(|(entry, why)| entry_why(entry, why, self.in_diff(path))),
            whiteout: deleted.then(|| self.whiteout(path, why.map(|(_, why)| why))),
        }
    }

    fn whiteout(&self, path: &AbsPath, why: Option<&Why>) -> WhiteoutView {
        // Below an opaque directory, or a whiteout of a directory above, there is no entry of the path's own.
        let opaque = !matches!(why, Some(Why::Whiteout(_)));
        let copies: Vec<_> = match why {
            Some(Why::Whiteout(hidden)) => hidden.copies.iter().collect(),
            _ => {
                let all = self.hidden().filter(|(dir, _)| path.starts_with(dir)).flat_map(|(_, hidden)| &hidden.copies);
                all.filter(|copy| copy.path.starts_with(path)).collect()
            }
        };
        let stored = copies.iter().filter(|copy| copy.bytes > 0 && copy.reachable_as.is_none());
        let bytes = stored.clone().map(|copy| copy.bytes).sum();
        let more = stored.clone().count().saturating_sub(MAX_COPIES) as u32;
        let view = |copy: &&&crate::insight::why::HiddenCopy| CopyView {
            layer: self.lens.name(self.stage, copy.layer),
            path: (copy.path != *path).then(|| copy.path.clone()),
            cause: self.lens.cause(self.stage, copy.layer, &copy.cause),
            bytes: copy.bytes,
            line: self.lens.line(self.stage, copy.layer),
        };
        let copies = stored.take(MAX_COPIES).map(|copy| view(&copy)).collect();
        WhiteoutView { opaque, copies, more, bytes }
    }
}

fn entry_why(entry: &Entry, why: &Why, listed: bool) -> Option<EntryWhy> {
    let of = |attributes: &Attributes| match attributes {
        Attributes { mode: Some((from, to)), .. } => Some(EntryWhy::Mode { from: *from, to: *to }),
        Attributes { owner: Some((from, to)), .. } => Some(EntryWhy::Owner { from: *from, to: *to }),
        Attributes { time: true, .. } => Some(EntryWhy::Time),
        _ => None,
    };
    match why {
        Why::New | Why::Whiteout(_) => match &entry.kind {
            EntryKind::Symlink(target) => Some(EntryWhy::LinkTo(target.to_string())),
            _ => None,
        },
        Why::Link { of } => Some(EntryWhy::LinkTo(of.to_string())),
        Why::Changed { attributes, .. } => {
            Some(of(&Attributes { time: false, ..*attributes }).unwrap_or(EntryWhy::Content))
        }
        Why::CopiedUp { attributes } if listed => Some(of(attributes).unwrap_or(EntryWhy::CopiedUpUnchanged)),
        Why::CopiedUp { .. } => None,
        Why::Directory { attributes, gained, lost } => {
            let attributes = Attributes { time: false, ..*attributes };
            of(&attributes).or(match (gained, lost) {
                (1.., 0) => Some(EntryWhy::GainedName),
                (0, 1..) => Some(EntryWhy::LostName),
                _ => Some(EntryWhy::ChangedBelow),
            })
        }
        Why::Opaque(_) => Some(EntryWhy::Opaque),
    }
}

/// The page's word for a kind of file.
pub(super) fn kind(kind: crate::vfs::FileKind) -> FileKind {
    match kind {
        crate::vfs::FileKind::File => FileKind::File,
        crate::vfs::FileKind::Dir => FileKind::Dir,
        crate::vfs::FileKind::Symlink => FileKind::Symlink,
        _ => FileKind::Other,
    }
}

/// The path that a step is about: of what it hides the file with most bytes, else the largest file that it stores.
pub(super) fn focus(lens: &Lens<'_>, key: StepKey) -> Option<AbsPath> {
    let step = lens.step(key)?;
    let made = step.layer.as_ref()?;
    let listing = Listing::new(lens, lens.stage_of(key), step, made.index);
    let mut hidden: BTreeMap<&AbsPath, u64> = BTreeMap::new();
    for copy in listing.hidden().flat_map(|(_, hidden)| &hidden.copies) {
        *hidden.entry(&copy.path).or_default() += copy.bytes;
    }
    let most = hidden.into_iter().filter(|(_, bytes)| *bytes > 0).max_by_key(|(_, bytes)| *bytes);
    if let Some((path, _)) = most {
        return Some(path.clone());
    }
    let entries = &made.layer.changeset.entries;
    let largest = entries.iter().filter(|entry| entry.size() > 0).max_by_key(|entry| entry.size());
    largest.map(|entry| entry.path.clone())
}

/// The step whose whiteouts hide most bytes, else the last one that was built, else the last one with a layer.
pub(super) fn first_choice(lens: &Lens<'_>) -> Option<StepKey> {
    let stage = lens.stage;
    let mut lost: BTreeMap<usize, u64> = BTreeMap::new();
    for copy in lens.ledger.lost.iter().filter(|copy| copy.removed) {
        *lost.entry(copy.since).or_default() += copy.bytes;
    }
    let hider = lost.into_iter().max_by_key(|(_, bytes)| *bytes).map(|(layer, _)| layer);
    let with_layer = || stage.steps.iter().rev().filter(|step| step.layer.is_some());
    let built = |step: &&Step| matches!(step.cache, crate::build::outcome::CacheStatus::Built(_));
    let step = hider
        .and_then(|layer| stage.layers.get(layer)?.step)
        .or_else(|| with_layer().find(built).map(|step| step.id))
        .or_else(|| with_layer().next().map(|step| step.id));
    step.map(super::lens::key)
}
