//! The ledger bar's view model, and the Waste panel's.

use super::lens::{Lens, amount, inherited, part};
use crate::build::outcome::{Stage, StageState, StepState};
use crate::image::Layer;
use crate::insight::ledger::{Fate as Lost, LostCopy};
use crate::insight::saving;
use crate::path::AbsPath;
use crate::view::layer::{Kind, LayerName};
use crate::view::ledger::{FailedLedger, ImageLedger, LedgerView, Saving, SavingKind, Segment, SegmentFate};
use crate::view::stack::Fate;
use crate::view::waste::{DuplicateView, MAX_DUPLICATES, MAX_GROUPS, WasteCopy, WasteGroup, WasteView};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The ledger bar.
pub(super) fn ledger(lens: &Lens<'_>) -> LedgerView {
    match lens.build.image() {
        Some(_) => LedgerView::Image(image(lens, best_saving(lens))),
        None => LedgerView::Failed(failed(lens)),
    }
}

/// The ledger bar of a stage that is cut off after one of its steps. What could be saved is only known of the whole.
pub(super) fn so_far(lens: &Lens<'_>) -> LedgerView {
    LedgerView::Image(image(lens, None))
}

fn image(lens: &Lens<'_>, saving: Option<Saving>) -> ImageLedger {
    let stage = lens.stage;
    let size = amount(&stage.layers);
    // A stage that this one is built on is the user's own, too: only the base image's layers are the base's.
    let base_layers = stage.base.layers;
    let sums = &lens.ledger.layers;
    let base: u64 = sums.iter().take(base_layers).map(|layer| layer.live).sum();
    let own: u64 = sums.iter().skip(base_layers).map(|layer| layer.live).sum();
    let behind = behind(lens);
    let left_behind: u64 = behind.iter().map(|(_, bytes)| bytes).sum();
    let mut segments = Vec::new();
    let mut add = |fate, bytes, layers, stage| {
        if bytes > 0 {
            segments.push(Segment { fate, bytes, layers, stage });
        }
    };
    add(SegmentFate::Base, base, Vec::new(), None);
    let live: Vec<usize> = holders(lens, base_layers, |layer| layer.live);
    let largest = live.iter().max_by_key(|index| sums.get(**index).map_or(0, |layer| layer.live));
    let kind = largest.map_or(Kind::Run, |index| lens.name(stage, *index).kind);
    add(SegmentFate::Own(kind), own, names(lens, &live), None);
    let shadowed = holders(lens, 0, |layer| layer.shadowed);
    add(SegmentFate::Shadowed, lens.ledger.shadowed, names(lens, &shadowed), None);
    let deleted = holders(lens, 0, |layer| layer.deleted);
    add(SegmentFate::Deleted, lens.ledger.deleted, names(lens, &deleted), None);
    for (index, bytes) in behind {
        add(SegmentFate::Behind, bytes, Vec::new(), Some(lens.stage_name(index)));
    }
    ImageLedger {
        size,
        layers: stage.layers.len() as u32,
        base_layers: base_layers as u32,
        base_name: (base_layers > 0).then(|| base_name(lens, stage)),
        live: part(lens.ledger.live, size.certainty),
        base,
        own,
        shadowed: lens.ledger.shadowed,
        deleted: lens.ledger.deleted,
        left_behind: lens.many().then_some(left_behind),
        segments,
        saving,
    }
}

fn holders(lens: &Lens<'_>, from: usize, bytes: impl Fn(&crate::insight::ledger::LayerLedger) -> u64) -> Vec<usize> {
    let layers = lens.ledger.layers.iter().enumerate().skip(from);
    layers.filter(|(_, layer)| bytes(layer) > 0).map(|(index, _)| index).collect()
}

/// The layers by name, the base's together once.
fn names(lens: &Lens<'_>, layers: &[usize]) -> Vec<LayerName> {
    let mut names: Vec<LayerName> = layers.iter().map(|index| lens.name(lens.stage, *index)).collect();
    names.dedup();
    names
}

/// The base image's name, as the FROM at the bottom of the stage writes it.
fn base_name(lens: &Lens<'_>, stage: &Stage) -> String {
    match stage.base.kind {
        crate::build::outcome::BaseKind::Stage(below) => match lens.build.stages.get(below) {
            Some(below) if below.index < stage.index => base_name(lens, below),
            _ => stage.base.reference.clone(),
        },
        _ => stage.base.reference.clone(),
    }
}

/// Bytes of built stages that no layer of the image holds, each layer once.
fn behind(lens: &Lens<'_>) -> Vec<(usize, u64)> {
    let mut seen: Vec<&Arc<Layer>> = lens.stage.layers.iter().map(|layer| &layer.layer).collect();
    let others = lens.build.stages.iter().filter(|stage| {
        stage.index != lens.stage.index && matches!(stage.state, StageState::Built | StageState::Failed)
    });
    let mut behind = Vec::new();
    for stage in others {
        let mut bytes = 0;
        for layer in stage.layers.iter().map(|layer| &layer.layer) {
            if !seen.iter().any(|other| Arc::ptr_eq(other, layer)) {
                bytes += layer.size;
                seen.push(layer);
            }
        }
        behind.push((stage.index, bytes));
    }
    behind
}

fn best_saving(lens: &Lens<'_>) -> Option<Saving> {
    let best = saving::saving(lens.build, lens.stage, lens.ledger, &lens.shown.text)?;
    let kind = match best.kind {
        saving::SavingKind::MergeRuns { first, last, .. } => {
            SavingKind::MergeRuns { first: first as u32, last: last as u32 }
        }
        saving::SavingKind::MoveRemoval { to, from } => SavingKind::MoveRemoval { to: to as u32, from: from as u32 },
    };
    Some(Saving { kind, bytes: best.bytes, edits: best.edits })
}

fn failed(lens: &Lens<'_>) -> FailedLedger {
    let failure = lens.build.failure.as_ref();
    let step = failure.and_then(|failure| failure.step);
    let stage = step.and_then(|id| lens.build.stages.get(id.stage)).unwrap_or(lens.stage);
    let below = inherited(stage);
    let done = stage.layers.iter().skip(below);
    let base = amount(stage.layers.iter().take(below)).bytes;
    FailedLedger {
        line: failure.and_then(|failure| failure.line).map(|line| line as u32),
        step: step.map(|id| id.ordinal as u32),
        steps: stage.steps.len() as u32,
        layers: done.clone().count() as u32,
        bytes: amount(done),
        base: (below > 0).then(|| (stage.base.reference.clone(), base)),
    }
}

/// How many steps of a stage did not run.
pub(super) fn not_run(stage: &Stage) -> u32 {
    stage.steps.iter().filter(|step| step.state == StepState::NotRun).count() as u32
}

/// The Waste panel.
pub(super) fn waste(lens: &Lens<'_>) -> WasteView {
    let LedgerView::Image(ledger) = ledger(lens) else {
        return WasteView {
            ledger: None,
            groups: Vec::new(),
            more: (0, 0),
            copies: 0,
            duplicates: Vec::new(),
            saving: None,
        };
    };
    let mut by_path: BTreeMap<&AbsPath, Vec<&LostCopy>> = BTreeMap::new();
    for copy in lens.ledger.lost.iter().filter(|copy| copy.bytes > 0) {
        by_path.entry(&copy.path).or_default().push(copy);
    }
    let mut groups: Vec<WasteGroup> = by_path.into_iter().map(|(path, copies)| group(lens, path, &copies)).collect();
    groups.sort_by(|a, b| b.bytes.cmp(&a.bytes).then(a.path.cmp(&b.path)));
    let rest = groups.split_off(groups.len().min(MAX_GROUPS));
    let more = (rest.len() as u32, rest.iter().map(|group| group.bytes).sum());
    let copies = lens.ledger.lost.iter().filter(|copy| copy.bytes > 0).count() as u32;
    let duplicates = lens.ledger.duplicates.iter().take(MAX_DUPLICATES).map(|one| DuplicateView {
        bytes: one.bytes,
        copies: one
            .copies
            .iter()
            .map(|(layer, path)| (lens.name(lens.stage, *layer), lens.line(lens.stage, *layer), path.clone()))
            .collect(),
    });
    let duplicates = duplicates.collect();
    WasteView { duplicates, saving: ledger.saving.clone(), ledger: Some(ledger), groups, more, copies }
}

fn group(lens: &Lens<'_>, path: &AbsPath, copies: &[&LostCopy]) -> WasteGroup {
    let fate = match copies.last().map(|copy| copy.fate) {
        Some(Lost::Shadowed) => Fate::Shadowed,
        _ => Fate::Deleted,
    };
    let one = |copy: &&LostCopy| WasteCopy {
        layer: lens.name(lens.stage, copy.layer),
        cause: lens.cause(lens.stage, copy.layer, &copy.cause),
        line: lens.line(lens.stage, copy.layer),
        since: lens.name(lens.stage, copy.since),
        since_line: lens.line(lens.stage, copy.since),
        whiteout: copy.removed,
        bytes: copy.bytes,
    };
    WasteGroup {
        path: path.clone(),
        fate,
        bytes: copies.iter().map(|copy| copy.bytes).sum(),
        copies: copies.iter().map(one).collect(),
    }
}
