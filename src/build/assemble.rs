//! What stages and steps look like before they run, and what a stage starts from.

use super::outcome::{
    Base, BaseKind, Build, CacheStatus, HistoryRow, Source, Stage, StageLayer, StageState, Step, StepId, StepState,
};
use super::plan::{Plan, PlannedStep};
use crate::digest::{Digest, Hasher};
use crate::dockerfile::{self, Dockerfile, stages};
use crate::image::{ContainerConfig, Image};
use crate::vfs::Snapshot;
use std::sync::Arc;

/// What a stage starts from: its base with that one's layers and history.
pub(super) struct Start {
    /// The base.
    pub base: Base,
    /// Its layers.
    pub layers: Vec<StageLayer>,
    /// Its history.
    pub history: Vec<HistoryRow>,
}

/// What a stage starts from, and the cache key of that (for a stage, its last step's key counts instead).
pub(super) fn start(index: usize, plan: &Plan, build: &Build) -> (Start, Digest) {
    let old = build.stages[index].base.clone();
    match &plan.graph.stages[index].base {
        stages::Source::Stage(base) => {
            let from = &build.stages[*base];
            let base = Base {
                kind: BaseKind::Stage(*base),
                snapshot: from.snapshot.clone(),
                reference: old.reference,
                ..from.base.clone()
            };
            (Start { base, layers: from.layers.clone(), history: from.history.clone() }, Digest::of(b"stage"))
        }
        stages::Source::Scratch => {
            let base = Base { kind: BaseKind::Scratch, ..old };
            (Start { base, layers: Vec::new(), history: Vec::new() }, Digest::of(b"scratch"))
        }
        stages::Source::Image(name) => match plan.images.get(name).and_then(Option::as_ref) {
            Some(image) => (from_image(image, old), image_key(image)),
            None => (Start { base: old, layers: Vec::new(), history: Vec::new() }, Digest::of(b"unknown")),
        },
    }
}

fn from_image(image: &Image, old: Base) -> Start {
    let mut layers: Vec<StageLayer> = Vec::new();
    let mut history = Vec::new();
    for (row, layer) in image.history_with_layers() {
        let layer = layer.map(|layer| {
            layers.push(StageLayer { layer: layer.clone(), step: None, history: history.len() });
            layers.len() - 1
        });
        history.push(HistoryRow { row: row.clone(), layer, step: None });
    }
    // An imported image may have more layers than rows that claim one.
    for layer in image.layers.iter().skip(layers.len()) {
        layers.push(StageLayer { layer: layer.clone(), step: None, history: history.len().saturating_sub(1) });
    }
    let base = Base {
        kind: BaseKind::Image,
        resolved: image.names.first().cloned().unwrap_or_else(|| old.reference.clone()),
        layers: layers.len(),
        history: history.len(),
        config: Some(Arc::new(image.config.clone())),
        is_listing: image.is_listing,
        snapshot: image.snapshot.clone(),
        reference: old.reference,
    };
    Start { base, layers, history }
}

fn image_key(image: &Image) -> Digest {
    let mut hasher = Hasher::default();
    match image.id {
        Some(id) => hasher.update(id.hex().as_bytes()),
        None => hasher.update(image.config.to_json().as_bytes()),
    }
    hasher.finish()
}

/// A stage of the text, of which nothing has run.
pub(super) fn unrun_stage(stage: &stages::Stage, file: &Dockerfile, plan: &Plan) -> Stage {
    let from = &file.instructions[stage.from];
    let reference = plan.base_reference(stage);
    let kind = match &stage.base {
        stages::Source::Scratch => BaseKind::Scratch,
        stages::Source::Stage(index) => BaseKind::Stage(*index),
        stages::Source::Image(name) if plan.images.get(name).is_some_and(Option::is_some) => BaseKind::Image,
        stages::Source::Image(_) => BaseKind::Unknown,
    };
    let nothing = Snapshot::empty();
    let step = |step: &PlannedStep| unrun_step(step.id, step.source.clone(), &nothing);
    let planned = &plan.stages[stage.index].steps;
    Stage {
        index: stage.index,
        name: stage.name.clone(),
        base: Base {
            resolved: reference.clone(),
            reference,
            kind,
            layers: 0,
            history: 0,
            config: None,
            is_listing: false,
            snapshot: Snapshot::empty(),
        },
        state: if stage.reachable { StageState::NotRun } else { StageState::Skipped },
        from: source(from, String::new()),
        steps: if planned.is_empty() {
            skipped_steps(stage, file, &nothing)
        } else {
            planned.iter().map(step).collect()
        },
        layers: Vec::new(),
        history: Vec::new(),
        config: ContainerConfig::default(),
        snapshot: Snapshot::empty(),
    }
}

/// The steps of a stage that was not planned: skipped, or hidden by an error.
fn skipped_steps(stage: &stages::Stage, file: &Dockerfile, nothing: &Snapshot) -> Vec<Step> {
    let instructions = stage.instructions.clone().map(|at| &file.instructions[at]).enumerate();
    instructions
        .map(|(i, instruction)| {
            let id = StepId { stage: stage.index, ordinal: i + 1 };
            unrun_step(id, source(instruction, instruction.code.clone()), nothing)
        })
        .collect()
}

/// A step that has not run. All share one empty snapshot: a long file makes thousands of them at every edit.
fn unrun_step(id: StepId, source: Source, nothing: &Snapshot) -> Step {
    Step {
        id,
        source,
        state: StepState::NotRun,
        cache: CacheStatus::NotRun,
        history: None,
        layer: None,
        log: Vec::new(),
        notes: Vec::new(),
        copied: None,
        before: nothing.clone(),
        after: nothing.clone(),
    }
}

fn source(instruction: &dockerfile::Instruction, text: String) -> Source {
    Source {
        span: instruction.span,
        first_line: instruction.first_line,
        last_line: instruction.last_line,
        name: instruction.name.clone(),
        text: if text.is_empty() { instruction.code.clone() } else { text },
        trigger_of: None,
    }
}
