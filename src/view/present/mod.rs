//! From a build to what the page shows of it: the answer to an edit, and to a selection.

use crate::build::Build;
use crate::build::outcome::{Stage, StageState, Step, StepState};
use crate::diagnostic::{Diagnostic, Phase, Severity};
use crate::span::line_column;
use crate::view::editor::{DiagnosticView, GutterMark};
use crate::view::layer::{ChipLook, Kind, StepKey};
use crate::view::panel::Selection;
use crate::view::picture::{Outcome, Overview, Scene};
use std::rc::Rc;

/// A finished build, and what is shown beside it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The text's revision.
    pub revision: u64,
    /// The Dockerfile's text.
    pub text: Rc<str>,
    /// The build.
    pub build: Build,
    /// What was built before it, oldest first.
    pub before: Rc<Vec<Build>>,
    /// Are those images beside this one, and not earlier states of it?
    pub beside: bool,
}

/// The answer to an edit.
pub fn overview(shown: &Shown, _selection: &Selection) -> Overview {
    let build = &shown.build;
    let outcome = if build.dockerfile.instructions.is_empty() {
        Outcome::Nothing
    } else if let Some(failure) = build.failure.as_ref().filter(|failure| failure.step.is_none()) {
        Outcome::Broken { line: failure.line.map(|line| line as u32) }
    } else {
        Outcome::Nothing
    };
    Overview {
        revision: shown.revision,
        outcome,
        gutter: gutter(build),
        diagnostics: build.diagnostics.iter().map(|one| diagnostic(&shown.text, build, one)).collect(),
        ignored: Vec::new(),
    }
}

/// The view of a selection; none where there is no picture.
pub fn scene(_shown: &Shown, _selection: &Selection) -> Option<Scene> {
    None
}

/// The instructions in the gutter, in the order of the text.
fn gutter(build: &Build) -> Vec<GutterMark> {
    let broken: Vec<usize> = build
        .diagnostics
        .iter()
        .filter(|one| one.severity == Severity::Error && one.kind.phase() < Phase::Build)
        .filter_map(|one| one.line)
        .collect();
    let instructions = build.dockerfile.instructions.iter().map(|instruction| {
        let lines = (instruction.first_line as u32, instruction.last_line as u32);
        let kind = Kind::of_keyword(&instruction.name);
        let (key, look) = build
            .stages
            .iter()
            .find_map(|stage| placed(build, stage, instruction.first_line))
            .unwrap_or((None, ChipLook::Hollow));
        let look = if broken.contains(&instruction.first_line) { ChipLook::Broken } else { look };
        GutterMark { lines, kind, key, look, ships: false }
    });
    instructions.collect()
}

/// The step of a stage that begins at a line, and how its chip looks.
fn placed(build: &Build, stage: &Stage, line: usize) -> Option<(Option<StepKey>, ChipLook)> {
    let target = build.target == Some(stage.index);
    if stage.from.first_line == line {
        let look = match stage.state {
            StageState::Skipped | StageState::NotRun => ChipLook::NotRun,
            StageState::Built | StageState::Failed if target => ChipLook::Filled,
            StageState::Built | StageState::Failed => ChipLook::Hollow,
        };
        return Some((Some(StepKey::new(stage.index as u32, 0)), look));
    }
    let step = stage.steps.iter().find(|step| step.source.first_line == line && step.source.trigger_of.is_none())?;
    Some((Some(StepKey::new(step.id.stage as u32, step.id.ordinal as u32)), look(step, target)))
}

fn look(step: &Step, target: bool) -> ChipLook {
    match step.state {
        StepState::Failed { .. } => ChipLook::Broken,
        StepState::NotRun => ChipLook::NotRun,
        StepState::Done if target && step.layer.is_some() => ChipLook::Filled,
        StepState::Done => ChipLook::Hollow,
    }
}

fn diagnostic(text: &str, build: &Build, diagnostic: &Diagnostic) -> DiagnosticView {
    let line = diagnostic.line.unwrap_or_else(|| line_column(text, diagnostic.span.start).0);
    let exit_code = build
        .failure
        .as_ref()
        .filter(|failure| failure.line == diagnostic.line && diagnostic.kind.phase() == Phase::Build)
        .and_then(|failure| failure.exit_code);
    DiagnosticView {
        code: diagnostic.kind.code().to_owned(),
        arguments: diagnostic.kind.args().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        message: diagnostic.to_string(),
        severity: diagnostic.severity,
        line: line as u32,
        span: diagnostic.span,
        edit: diagnostic.edit.clone(),
        exit_code,
    }
}
