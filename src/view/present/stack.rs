//! The stack's view model: every stage's rows, their cells, and the rail of the path that is looked for.

use super::lanes::Lanes;
use super::lens::{Lens, amount, base_key, digest, has_base, inherited, key, size, text};
use super::wires;
use crate::build::outcome::{CacheStatus, LineNote, Miss, Stage, StageState, Step, StepState};
use crate::insight::lookup::{End, Lookup, Met, lookup};
use crate::path::AbsPath;
use crate::shell::{NoteKind, Stream};
use crate::vfs::{ChangeKind, EntryKind};
use crate::view::layer::{InstructionText, Kind};
use crate::view::size::thickness;
use crate::view::stack::{
    Badge, BaseLayer, BaseView, BuiltBecause, CacheView, Counts, FailedBody, LayerBody, Rail, RowBody, RowView,
    SightEnd, SightView, StackView, StageRole, StageView, ThenView,
};
use std::rc::Rc;

/// The whole stack. `lens` may see a stage that is cut off after one of its steps: fates and the look are those of that
/// moment; the lanes are always those of the `whole`, so that none moves while one steps.
pub(super) fn stack(whole: &Lens<'_>, lens: &Lens<'_>, path: Option<&AbsPath>) -> StackView {
    let lanes = if whole.many() { Lanes::single() } else { Lanes::of(whole, path) };
    let look = path.map(|path| lookup(lens.stage, lens.stage.layers.len(), path));
    let rails = Rails::of(lens.stage, look.as_ref());
    let stages = lens.build.stages.iter().map(|stage| {
        let is_final = stage.index == lens.stage.index;
        let none = Rails::none();
        stage_view(lens, stage, &lanes, path, if is_final { &rails } else { &none })
    });
    let sight = look.map(|look| SightView { path: look.path.clone(), end: sight_end(lens, &look) });
    StackView { stages: stages.collect(), lanes: lanes.count(), sight }
}

fn sight_end(lens: &Lens<'_>, look: &Lookup) -> SightEnd {
    let opaque = look.falls.iter().any(|fall| matches!(fall.met, Met::Opaque(_) | Met::NotADirectory(_)));
    match look.end {
        End::Found(at) | End::Directory(at) => SightEnd::Found(lens.name(lens.stage, at)),
        End::Hidden(at) if opaque => SightEnd::HiddenByOpaque(lens.name(lens.stage, at)),
        End::Hidden(at) => SightEnd::Hidden(lens.name(lens.stage, at)),
        End::Absent => SightEnd::Absent,
    }
}

fn stage_view(lens: &Lens<'_>, stage: &Stage, lanes: &Lanes, path: Option<&AbsPath>, rails: &Rails) -> StageView {
    let is_final = stage.index == lens.stage.index;
    let role = match stage.state {
        _ if is_final => StageRole::Final,
        StageState::Skipped => StageRole::Skipped,
        _ => StageRole::Behind,
    };
    let mut rows: Vec<Rc<RowView>> = Vec::new();
    // From below, so that an empty row has the rail of the layer under it.
    let mut below = inherited(stage);
    for step in &stage.steps {
        let (body, rail) = match (&step.state, &step.layer) {
            (StepState::Done, Some(made)) => {
                below = made.index + 1;
                (layer_body(lens, stage, step, made.index, lanes, path), rails.at(made.index))
            }
            (StepState::Done, None) => (RowBody::Empty, rails.between(below)),
            (StepState::Failed { message, exit_code }, _) => {
                (RowBody::Failed(FailedBody { exit_code: *exit_code, message: said(step, message) }), Rail::None)
            }
            (StepState::NotRun, _) => (RowBody::NotRun, Rail::None),
        };
        let lines = (step.source.first_line as u32, step.source.last_line as u32);
        let kind = Kind::of_keyword(&step.source.name);
        let from = wires::provider(lens, step);
        rows.push(Rc::new(RowView { key: key(step.id), kind, text: text(lens.build, step), lines, body, rail, from }));
    }
    rows.reverse();
    let writable = (is_final && lens.build.image().is_some()).then(|| rails.top());
    let name = stage.name.clone();
    let base = has_base(stage).then(|| Rc::new(base_view(lens, stage, rails)));
    let then = (!lens.many()).then_some(ThenView { base: stage.base.history as u32, lines: stage.steps.len() as u32 });
    StageView { index: stage.index as u32, name, role, size: amount(&stage.layers), rows, base, writable, then }
}

/// What a failed step printed; Docker's words where it printed nothing.
pub(super) fn said(step: &Step, message: &str) -> String {
    let errors: String =
        step.log.iter().filter(|(stream, _)| *stream == Stream::Stderr).map(|(_, text)| text.as_str()).collect();
    let lines: Vec<&str> = errors.lines().filter(|line| !line.is_empty()).collect();
    let last = lines.len().saturating_sub(4);
    if lines.is_empty() { message.to_owned() } else { lines.get(last..).unwrap_or_default().join("\n") }
}

fn layer_body(
    lens: &Lens<'_>,
    stage: &Stage,
    step: &Step,
    index: usize,
    lanes: &Lanes,
    path: Option<&AbsPath>,
) -> RowBody {
    let Some(layer) = stage.layers.get(index).map(|layer| &layer.layer) else { return RowBody::Empty };
    let (thick, cells) = lanes.cells(lens, stage, step, index, path);
    let (counts, copied_up) = counts(step);
    RowBody::Layer(LayerBody {
        size: size(layer),
        thick,
        cache: cache(&step.cache, step),
        counts,
        copied_up,
        digest: digest(layer, 8),
        also_in: lens.also_in(stage, index),
        badge: badge(&step.notes),
        cells,
    })
}

/// The counts of a step's layer, and how many files it copied up.
pub(super) fn counts(step: &Step) -> (Counts, u32) {
    let mut counts = Counts::default();
    let Some(made) = &step.layer else { return (counts, 0) };
    for change in made.diff.iter() {
        match change.kind {
            ChangeKind::Added => counts.added += 1,
            ChangeKind::Changed => counts.changed += 1,
            ChangeKind::Deleted => counts.deleted += 1,
        }
    }
    let mut copied_up = 0;
    for entry in &made.layer.changeset.entries {
        let EntryKind::File(content) = &entry.kind else { continue };
        let before = step.before.lookup(&entry.path).and_then(|ino| step.before.inode(ino));
        let Some(crate::vfs::Node::File(old)) = before.map(|inode| &inode.node) else { continue };
        // Not by its bytes: a file that is as long as before, and not listed or listed for its attributes.
        if old.len() == content.len() && old == content {
            copied_up += 1;
        }
        if made.diff.binary_search_by(|change| change.path.cmp(&entry.path)).is_err() {
            counts.stored_again += 1;
        }
    }
    (counts, copied_up)
}

/// Cached, or built and why.
pub(super) fn cache(status: &CacheStatus, step: &Step) -> CacheView {
    let CacheStatus::Built(miss) = status else { return CacheView::Cached };
    CacheView::Built(match miss {
        Miss::FirstBuild => BuiltBecause::First,
        Miss::InstructionChanged => BuiltBecause::TextChanged,
        Miss::VariablesChanged { names } => BuiltBecause::VariableChanged(names.join(", ")),
        Miss::ParentRebuilt { step: parent } => {
            BuiltBecause::ParentRebuilt((parent.stage == step.id.stage).then_some(parent.ordinal as u32))
        }
        Miss::FilesChanged { files, count } => {
            let first = files.first().map(|file| file.path.clone()).unwrap_or_default();
            BuiltBecause::FilesChanged(first, count.saturating_sub(1) as u32)
        }
        Miss::BaseChanged => BuiltBecause::BaseChanged,
        Miss::Evicted => BuiltBecause::Evicted,
    })
}

fn badge(notes: &[LineNote]) -> Option<Badge> {
    let of = |kind: NoteKind| -> Vec<String> {
        notes.iter().filter(|note| note.kind == kind).map(|note| note.message.clone()).collect()
    };
    let (lacking, modelled) = (of(NoteKind::NotSimulated), of(NoteKind::Modelled));
    if !lacking.is_empty() {
        Some(Badge::NotSimulated(lacking))
    } else if !modelled.is_empty() {
        Some(Badge::Modelled(modelled))
    } else {
        None
    }
}

/// A stage's FROM as its row shows it.
pub(super) fn base_text(stage: &Stage) -> InstructionText {
    let arguments = stage.from.text.strip_prefix("FROM").unwrap_or(&stage.base.reference);
    InstructionText::new("FROM", arguments)
}

fn base_view(lens: &Lens<'_>, stage: &Stage, rails: &Rails) -> BaseView {
    let count = inherited(stage);
    let layers = stage.layers.iter().enumerate().take(count).rev().map(|(index, layer)| BaseLayer {
        size: size(&layer.layer),
        thick: thickness(layer.layer.size),
        entries: layer.layer.changeset.entries.len() as u32,
        rail: rails.at(index),
    });
    let layers: Vec<BaseLayer> = layers.collect();
    let sum = amount(stage.layers.iter().take(count));
    let rail = layers.iter().map(|layer| layer.rail).find(|rail| !matches!(rail, Rail::None | Rail::Miss | Rail::Past));
    let total = BaseLayer {
        size: sum,
        thick: thickness(sum.bytes),
        entries: layers.iter().map(|layer| layer.entries).sum(),
        rail: rail.or_else(|| layers.first().map(|layer| layer.rail)).unwrap_or_default(),
    };
    BaseView {
        key: base_key(stage),
        text: base_text(stage),
        lines: (stage.from.first_line as u32, stage.from.last_line as u32),
        also_in: count.checked_sub(1).and_then(|last| lens.also_in(stage, last)),
        rail: rails.between(count),
        layers,
        total,
    }
}

/// The rail of each layer, by its index.
struct Rails(Vec<Rail>);

impl Rails {
    fn none() -> Self {
        Self(Vec::new())
    }

    fn of(stage: &Stage, look: Option<&Lookup>) -> Self {
        let Some(look) = look else { return Self::none() };
        let mut rails = vec![Rail::None; stage.layers.len()];
        let hidden = matches!(look.end, End::Hidden(_));
        let last = look.falls.iter().filter(|fall| matches!(fall.met, Met::Still(_))).map(|fall| fall.layer).min();
        let mut found = false;
        for fall in &look.falls {
            let still_below = last.is_some_and(|last| last < fall.layer);
            let rail = match &fall.met {
                Met::Miss if found => Rail::None,
                Met::Miss => Rail::Miss,
                Met::Hit(_) | Met::Merged(_) if !found => {
                    found = true;
                    Rail::Hit
                }
                Met::Hit(_) | Met::Merged(_) => Rail::None,
                Met::Whiteout(_) | Met::Opaque(_) | Met::NotADirectory(_) if !found => Rail::Stop,
                Met::Whiteout(_) | Met::Opaque(_) | Met::NotADirectory(_) => Rail::None,
                Met::Past if hidden && still_below => Rail::Past,
                Met::Past => Rail::None,
                Met::Still(_) if !hidden => Rail::Under,
                Met::Still(_) if still_below => Rail::Still,
                Met::Still(_) => Rail::StillEnd,
            };
            if let Some(slot) = rails.get_mut(fall.layer) {
                *slot = rail;
            }
        }
        Self(rails)
    }

    /// The look goes past the layers that are not there yet.
    fn at(&self, layer: usize) -> Rail {
        let later = if self.0.is_empty() { Rail::None } else { Rail::Pass };
        self.0.get(layer).copied().unwrap_or(later)
    }

    /// Of a row without a layer that stands right above the layers below `count`.
    fn between(&self, count: usize) -> Rail {
        let below = count.checked_sub(1).map_or(Rail::None, |index| self.at(index));
        match below {
            Rail::Miss | Rail::Hit | Rail::Stop | Rail::Pass => Rail::Pass,
            Rail::Still | Rail::StillEnd | Rail::Past => Rail::Past,
            Rail::Under | Rail::None => Rail::None,
        }
    }

    /// Of the writable layer.
    fn top(&self) -> Rail {
        if self.0.is_empty() { Rail::None } else { Rail::Miss }
    }
}
