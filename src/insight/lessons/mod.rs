//! The lessons: findings beyond Docker's checks that teach layers, one file each, with a table. They are notes, under codes of
//! their own, and each names what it costs in this build.
//!
//! They look at what was built, not at the text alone: a step that did not run teaches nothing. Programs are told by the
//! words of the command, so that one behind a variable is not seen.

mod add_for_copy;
mod cleanup;
mod copied_up;
mod copy_before_install;
mod lists_left;
mod secret;
mod unpinned_base;
mod update_alone;

use crate::build::outcome::{BaseKind, Build, Stage, StageState, Step, StepState};
use crate::diagnostic::{Diagnostic, Edit, Lesson, Severity};
use crate::dockerfile::Instruction;

/// A lesson.
pub struct Row {
    /// The code of its findings.
    pub code: &'static str,
    /// Only where the stage's layers are in the image; else in every stage that was built.
    pub shipped: bool,
    find: fn(&View<'_>, &mut Vec<Diagnostic>),
}

/// All lessons.
pub static LESSONS: &[Row] = &[
    Row { code: "lesson-cleanup", shipped: true, find: cleanup::find },
    Row { code: "lesson-copied-up", shipped: true, find: copied_up::find },
    Row { code: "lesson-update-alone", shipped: false, find: update_alone::find },
    Row { code: "lesson-lists-left", shipped: true, find: lists_left::find },
    Row { code: "lesson-copy-before-install", shipped: false, find: copy_before_install::find },
    Row { code: "lesson-secret", shipped: true, find: secret::find },
    Row { code: "lesson-add-for-copy", shipped: false, find: add_for_copy::find },
    Row { code: "lesson-unpinned-base", shipped: false, find: unpinned_base::find },
];

/// What a build teaches, in the order of the text.
pub fn lessons(build: &Build) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let shipped = shipped(build);
    for stage in build.stages.iter().filter(|stage| matches!(stage.state, StageState::Built | StageState::Failed)) {
        let view = View { build, stage };
        for row in LESSONS.iter().filter(|row| !row.shipped || shipped.contains(&stage.index)) {
            (row.find)(&view, &mut found);
        }
    }
    found.sort_by_key(|diagnostic| diagnostic.span.start);
    found
}

/// The stages whose layers are in the image: the target, and what it is built on.
fn shipped(build: &Build) -> Vec<usize> {
    let mut stages = Vec::new();
    let mut next = build.target_stage();
    while let Some(stage) = next {
        stages.push(stage.index);
        next = match stage.base.kind {
            BaseKind::Stage(base) if base < stage.index => build.stages.get(base),
            _ => None,
        };
    }
    stages
}

/// A stage that a lesson looks at.
struct View<'a> {
    build: &'a Build,
    stage: &'a Stage,
}

impl<'a> View<'a> {
    /// The steps that ran.
    fn steps(&self) -> impl Iterator<Item = &'a Step> {
        self.stage.steps.iter().filter(|step| step.state == StepState::Done)
    }

    /// The RUNs among them.
    fn runs(&self) -> impl Iterator<Item = &'a Step> {
        self.steps().filter(|step| step.source.name == "RUN")
    }

    /// The instruction of a step; none for a trigger of the base.
    fn instruction(&self, step: &Step) -> Option<&'a Instruction> {
        let instructions = &self.build.dockerfile.instructions;
        let at = instructions.binary_search_by_key(&step.source.span.start, |instruction| instruction.span.start);
        at.ok().map(|at| &instructions[at]).filter(|_| step.source.trigger_of.is_none())
    }

    /// Was it stored by this build, and not by the base image?
    fn own(&self, layer: u32) -> bool {
        layer as usize >= self.stage.base.layers
    }
}

/// A finding about a step.
fn note(lesson: Lesson, step: &Step) -> Diagnostic {
    let mut note = Diagnostic::warning(lesson, step.source.span, step.source.first_line);
    note.severity = Severity::Note;
    note
}

/// The same with a mend, where the instruction stands in the text.
fn note_with(lesson: Lesson, step: &Step, edit: Option<Edit>) -> Diagnostic {
    let note = note(lesson, step);
    match edit.filter(|_| step.source.trigger_of.is_none()) {
        Some(edit) => note.with_edit(edit),
        None => note,
    }
}

/// The bytes of a step's layer.
fn layer_size(step: &Step) -> u64 {
    step.layer.as_ref().map_or(0, |layer| layer.layer.size)
}

/// Does a command use these words in a row?
fn says(step: &Step, words: &str) -> bool {
    let wanted: Vec<&str> = words.split(' ').collect();
    // Options between a program and its verb do not count: `apt-get -qq update`.
    let text: Vec<&str> = step.source.text.split_whitespace().filter(|word| !word.starts_with('-')).collect();
    text.windows(wanted.len())
        .any(|window| window.iter().map(|word| word.trim_end_matches([';', '&'])).eq(wanted.iter().copied()))
}

#[cfg(test)]
mod tests;
