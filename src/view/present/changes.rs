//! The Changes panel's view model: `docker diff`, what is stored beside it, what whiteouts hide, and the sentence why.

use super::ledger::not_run;
use super::lens::{CHANGERS, Lens, REMOVERS, amount, command_of, has_base, inherited, part};
use super::stack::counts;
use super::tar::stored;
use crate::build::outcome::{Stage, Step, StepState};
use crate::insight;
use crate::insight::why::{Attributes, Hidden, HiddenCopy, Why, why_entry};
use crate::path::AbsPath;
use crate::shell::NoteKind;
use crate::vfs::{ChangeKind, Entry, EntryKind};
use crate::view::changes::{
    Because, ChangesView, CopyView, EntryView, EntryWhy, FileKind, MAX_COPIES, MAX_STORED, Mark, SHORT, StoredView,
    WhiteoutView,
};
use crate::view::layer::{Kind, StepKey};
use crate::view::list::{Order, Query, Window};
use crate::view::stack::Counts;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Entries of a layer that are looked at to say what the step did: hidden copies are looked for in every layer below.
const LOOKED_AT: usize = 800;

/// The panel of a step or a base.
pub(super) fn changes(
    lens: &Lens<'_>,
    key: StepKey,
    query: &Query,
    path: Option<&AbsPath>,
    window: Window,
) -> ChangesView {
    let stage = lens.stage_of(key);
    match lens.step(key) {
        Some(step) => of_step(lens, stage, step, query, path, window),
        None => of_base(stage),
    }
}

fn of_base(stage: &Stage) -> ChangesView {
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
    plain(because)
}

fn plain(because: Because) -> ChangesView {
    let counts = Counts::default();
    ChangesView {
        because,
        against: None,
        counts,
        total: 0,
        start: 0,
        entries: Vec::new(),
        at: None,
        long: false,
        selected: None,
        stored: Vec::new(),
    }
}

/// What a step did to each path: as `docker diff` lists it, and the files that are stored without being listed.
pub(super) fn marks<'a>(lens: &Lens<'a>, key: StepKey) -> BTreeMap<&'a AbsPath, Mark> {
    let Some(made) = lens.step(key).and_then(|step| step.layer.as_ref()) else { return BTreeMap::new() };
    let files = made.layer.changeset.entries.iter().filter(|entry| matches!(entry.kind, EntryKind::File(_)));
    let mut marks: BTreeMap<&AbsPath, Mark> = files.map(|entry| (&entry.path, Mark::StoredAgain)).collect();
    for change in made.diff.iter() {
        let mark = match change.kind {
            ChangeKind::Added => Mark::Added,
            ChangeKind::Changed => Mark::Changed,
            ChangeKind::Deleted => Mark::Deleted,
        };
        marks.insert(&change.path, mark);
    }
    marks
}

/// A path of the list, with its depth below other listed ones.
type Line<'a> = (&'a AbsPath, Mark, u8);

/// The paths of a list in their order.
fn lines<'a>(step: &Step, marks: BTreeMap<&'a AbsPath, Mark>, query: &Query) -> Vec<Line<'a>> {
    let lower = query.text.to_lowercase();
    let size = |path: &AbsPath| step.after.lstat(path).filter(|stat| stat.is_file()).map_or(0, |stat| stat.size);
    let kept = marks.into_iter().filter(|(path, mark)| {
        Query::text_fits(path.as_str(), &lower)
            && query.mark.is_none_or(|wanted| wanted == *mark)
            && (query.least == 0 || size(path) >= query.least)
    });
    if query.order == Order::Size {
        let mut sized: Vec<(u64, Line<'_>)> = kept.map(|(path, mark)| (size(path), (path, mark, 1))).collect();
        sized.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
        return sized.into_iter().map(|(_, line)| line).collect();
    }
    let mut open: Vec<&AbsPath> = Vec::new();
    let leveled = kept.map(|(path, mark)| {
        if mark == Mark::StoredAgain {
            return (path, mark, 1);
        }
        while open.last().is_some_and(|dir| !path.starts_with(dir)) {
            open.pop();
        }
        open.push(path);
        (path, mark, open.len().min(255) as u8)
    });
    leveled.collect()
}

fn of_step(
    lens: &Lens<'_>,
    stage: &Stage,
    step: &Step,
    query: &Query,
    path: Option<&AbsPath>,
    window: Window,
) -> ChangesView {
    let Some(made) = &step.layer else { return plain(without_layer(lens, stage, step)) };
    let (sums, _) = counts(step);
    let listing = Listing::new(lens, stage, step, made.index);
    let because = because(lens, stage, step, &listing);
    let marks = marks(lens, super::lens::key(step.id));
    let long = marks.len() > SHORT;
    let default = Query::default();
    let lines = lines(step, marks, if long { query } else { &default });
    let at = lines.iter().position(|(line, _, _)| Some(*line) == path);
    let range = if long { window.of(lines.len()) } else { 0..lines.len() };
    let start = range.start as u32;
    let entries = lines[range].iter().map(|(path, mark, level)| listing.entry(path, *mark, *level)).collect();
    let selected = at.filter(|_| long).and_then(|at| lines.get(at));
    let selected = selected.map(|(path, mark, level)| listing.entry(path, *mark, *level));
    let changeset = &made.layer.changeset.entries;
    let teaches = changeset.iter().any(|entry| entry.kind.is_whiteout());
    let stored: Vec<StoredView> =
        if teaches { changeset.iter().take(MAX_STORED).map(stored).collect() } else { Vec::new() };
    ChangesView {
        because,
        against: made.index.checked_sub(1).map(|below| lens.name(stage, below)),
        counts: sums,
        total: lines.len() as u32,
        start,
        entries,
        at: at.map(|at| at as u32),
        long,
        selected,
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
    /// The first entries of the layer, and why they are there.
    whys: Vec<(&'a Entry, Why)>,
    /// Those of others that were asked for.
    more: RefCell<BTreeMap<&'a AbsPath, Why>>,
    /// The same for whiteouts and opaque directories above listed paths.
    hiding: RefCell<BTreeMap<&'a AbsPath, Why>>,
}

impl<'a> Listing<'a> {
    fn new(lens: &'a Lens<'a>, stage: &'a Stage, step: &'a Step, index: usize) -> Self {
        let made = step.layer.as_ref();
        let layer = &stage.layers[index].layer;
        let diff =
            made.into_iter().flat_map(|made| made.diff.iter()).map(|change| (&change.path, change.kind)).collect();
        let whys = layer
            .changeset
            .entries
            .iter()
            .take(LOOKED_AT)
            .map(|entry| (entry, why_entry(lens.build, stage, step, index, entry)))
            .collect();
        Self { lens, stage, step, index, layer, diff, whys, more: RefCell::default(), hiding: RefCell::default() }
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

    /// The layer's entry at a path, and why it is there.
    fn at(&self, path: &AbsPath) -> Option<(&'a Entry, Why)> {
        let entry = insight::at(&self.layer.changeset, path).first()?;
        if let Ok(known) = self.whys.binary_search_by(|(one, _)| one.path.cmp(path)) {
            return self.whys.get(known).map(|(_, why)| (entry, why.clone()));
        }
        let mut more = self.more.borrow_mut();
        let why = || why_entry(self.lens.build, self.stage, self.step, self.index, entry);
        Some((entry, more.entry(&entry.path).or_insert_with(why).clone()))
    }

    fn entry(&self, path: &AbsPath, mark: Mark, level: u8) -> EntryView {
        let why = self.at(path);
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
            why: why.as_ref().and_then(|(entry, why)| entry_why(entry, why, self.in_diff(path))),
            whiteout: deleted.then(|| self.whiteout(path, why.as_ref().map(|(_, why)| why))),
        }
    }

    /// Why the layer hides what lower layers have below a directory, if it does: by its whiteout, or by being opaque.
    fn hiding(&self, dir: &AbsPath) -> Option<Why> {
        let entry = insight::at(&self.layer.changeset, dir).iter().find(|entry| entry.kind.is_whiteout())?;
        let mut hiding = self.hiding.borrow_mut();
        let why = || why_entry(self.lens.build, self.stage, self.step, self.index, entry);
        Some(hiding.entry(&entry.path).or_insert_with(why).clone())
    }

    fn whiteout(&self, path: &AbsPath, why: Option<&Why>) -> WhiteoutView {
        // Below an opaque directory, or a whiteout of a directory above, there is no entry of the path's own.
        let opaque = !matches!(why, Some(Why::Whiteout(_)));
        let copies: Vec<HiddenCopy> = match why {
            Some(Why::Whiteout(hidden)) => hidden.copies.clone(),
            _ => {
                let above = std::iter::successors(path.parent(), AbsPath::parent);
                let hidden = above.filter_map(|dir| match self.hiding(&dir)? {
                    Why::Whiteout(hidden) | Why::Opaque(hidden) => Some(hidden.copies),
                    _ => None,
                });
                hidden.flatten().filter(|copy| copy.path.starts_with(path)).collect()
            }
        };
        let stored = copies.iter().filter(|copy| copy.bytes > 0 && copy.reachable_as.is_none());
        let bytes = stored.clone().map(|copy| copy.bytes).sum();
        let more = stored.clone().count().saturating_sub(MAX_COPIES) as u32;
        let view = |copy: &HiddenCopy| CopyView {
            layer: self.lens.name(self.stage, copy.layer),
            path: (copy.path != *path).then(|| copy.path.clone()),
            cause: self.lens.cause(self.stage, copy.layer, &copy.cause),
            bytes: copy.bytes,
            line: self.lens.line(self.stage, copy.layer),
        };
        let copies = stored.take(MAX_COPIES).map(view).collect();
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
