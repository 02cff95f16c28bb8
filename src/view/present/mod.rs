//! From a build to what the page shows of it: the answer to an edit, and to a selection.

mod assist;
mod changes;
mod files;
mod history;
mod lanes;
mod ledger;
mod lens;
mod log;
mod stack;
mod tar;
mod wires;

pub use assist::{Copyable, reply};

use crate::build::Build;
use crate::build::outcome::{CacheStatus, Stage, StageState, Step, StepState};
use crate::diagnostic::{Diagnostic, Phase, Severity};
use crate::dockerfile::SIZE_LIMIT;
use crate::dockerfile::ignore::Ignore;
use crate::insight::ledger::Ledger;
use crate::insight::lessons::lessons;
use crate::path::AbsPath;
use crate::shell::NoteKind;
use crate::span::{Span, line_column};
use crate::view::editor::{DiagnosticView, GutterMark};
use crate::view::layer::{ChipLook, Kind, StepKey};
use crate::view::ledger::LedgerView;
use crate::view::list::Window;
use crate::view::panel::{HeadView, PanelBody, PanelView, Selection, Tab};
use crate::view::picture::{Announcement, Outcome, Overview, Picture, Scene};
use crate::view::project::Project;
use crate::view::size::Amount;
use lens::Lens;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
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
    /// Files of the build context that .dockerignore leaves out.
    ignored: Vec<String>,
    /// The image's ledger, made when it is first looked at.
    ledger: OnceCell<Ledger>,
    /// The Files panel's tree as it was listed last.
    files: RefCell<files::Listing>,
}

impl Shown {
    /// A build of this project, which has this revision.
    pub fn new(revision: u64, project: &Project, build: Build, before: Rc<Vec<Build>>, beside: bool) -> Self {
        let ignore = Ignore::parse(&project.dockerignore).unwrap_or_default();
        let ignored = project.context.keys().filter(|path| ignore.excludes(path)).cloned().collect();
        let text = project.dockerfile.clone();
        Self { revision, text, build, before, beside, ignored, ledger: OnceCell::new(), files: RefCell::default() }
    }

    /// Is there a picture of it? Not of a text that does not parse or cannot be planned.
    pub fn has_picture(&self) -> bool {
        let planned = self.build.failure.as_ref().is_none_or(|failure| failure.step.is_some());
        !self.build.dockerfile.instructions.is_empty() && planned && self.build.target_stage().is_some()
    }
}

/// The answer to an edit.
pub fn overview(shown: &Shown, selection: &Selection, window: Window) -> Overview {
    let build = &shown.build;
    let scene = scene(shown, selection, window);
    let path = scene.as_ref().and_then(|scene| scene.path.clone());
    let outcome = match (scene, Lens::new(shown)) {
        // A text that is too large has no instructions either, but an error to show.
        _ if build.dockerfile.instructions.is_empty() && shown.text.len() <= SIZE_LIMIT => Outcome::Nothing,
        (Some(scene), Some(lens)) => {
            let ledger = ledger::ledger(&lens);
            let announcement = announcement(&lens, &ledger);
            Outcome::Picture(Box::new(Picture { ledger: Rc::new(ledger), scene: Rc::new(scene), announcement }))
        }
        _ => {
            let line = build.failure.as_ref().and_then(|failure| failure.line);
            Outcome::Broken { line: line.map(|line| line as u32), parses: build.dockerfile.fatal().is_none() }
        }
    };
    let mut diagnostics: Vec<DiagnosticView> =
        build.diagnostics.iter().map(|one| diagnostic(&shown.text, build, one)).collect();
    diagnostics.extend(notes(shown));
    diagnostics.extend(lessons(build).iter().map(|one| diagnostic(&shown.text, build, one)));
    diagnostics.sort_by_key(|one| one.line);
    Overview {
        revision: shown.revision,
        outcome,
        gutter: gutter(shown, path.as_ref()),
        diagnostics,
        ignored: shown.ignored.clone(),
        lacking: build.lacking.clone(),
    }
}

/// The view of a selection; none where there is no picture.
pub fn scene(shown: &Shown, selection: &Selection, window: Window) -> Option<Scene> {
    let lens = Lens::new(shown).filter(|_| shown.has_picture())?;
    let (step, path) = about(shown, &lens, selection);
    let cut = if selection.stepping { lens.cut(step) } else { None };
    let then = cut.as_ref().map(|(stage, ledger)| Lens { stage, ledger, ..lens });
    let stack = stack::stack(&lens, then.as_ref().unwrap_or(&lens), path.as_ref());
    let so_far = then.filter(|_| shown.build.image().is_some()).map(|then| Rc::new(ledger::so_far(&then)));
    let body = body(shown, &lens, selection, step, path.as_ref(), window);
    let panel = PanelView { head: head(&lens, step), body: Rc::new(body) };
    Some(Scene { step, path, stack, panel, so_far })
}

/// Other rows of the open tab's list; none where there is no picture.
pub fn panel(shown: &Shown, selection: &Selection, window: Window) -> Option<PanelBody> {
    let lens = Lens::new(shown).filter(|_| shown.has_picture())?;
    let (step, path) = about(shown, &lens, selection);
    Some(body(shown, &lens, selection, step, path.as_ref(), window))
}

/// The step and the path that a selection is about.
fn about(shown: &Shown, lens: &Lens<'_>, selection: &Selection) -> (StepKey, Option<AbsPath>) {
    let failed = shown.build.failure.as_ref().and_then(|failure| failure.step).map(lens::key);
    let exists = |key: &StepKey| {
        let stage = shown.build.stages.get(key.stage as usize);
        lens.step(*key).is_some() || (key.is_base() && stage.is_some())
    };
    let step = selection
        .step
        .filter(exists)
        .or(failed)
        .or_else(|| changes::first_choice(lens))
        .unwrap_or_else(|| lens::base_key(lens.stage));
    let path = selection.path.clone().or_else(|| changes::focus(lens, step));
    (step, path)
}

fn body(
    shown: &Shown,
    lens: &Lens<'_>,
    selection: &Selection,
    step: StepKey,
    path: Option<&AbsPath>,
    window: Window,
) -> PanelBody {
    let failed = shown.build.failure.as_ref().and_then(|failure| failure.step).map(lens::key);
    let query = &selection.query;
    match selection.tab {
        // What went wrong stands in the log.
        Tab::Changes if Some(step) == failed => PanelBody::Log(log::log(lens, step)),
        Tab::Changes => PanelBody::Changes(Rc::new(changes::changes(lens, step, query, path, window))),
        Tab::Files => PanelBody::Files(Rc::new(files::files(lens, step, selection, path, window))),
        Tab::Tar => PanelBody::Tar(Rc::new(tar::tar(lens, step, query, window))),
        Tab::History => PanelBody::History(history::history(lens, step)),
        Tab::Inspect => PanelBody::Inspect(history::inspect(lens, step)),
        Tab::Log => PanelBody::Log(log::log(lens, step)),
        Tab::Waste => PanelBody::Waste(ledger::waste(lens)),
    }
}

/// What the inspector says of a step.
fn head(lens: &Lens<'_>, key: StepKey) -> HeadView {
    let stage = lens.stage_of(key);
    let named = lens.many().then(|| lens.stage_name(stage.index));
    let Some(step) = lens.step(key) else {
        let count = lens::inherited(stage);
        let layers = stage.layers.get(..count).unwrap_or_default();
        return HeadView {
            key,
            kind: Kind::From,
            look: ChipLook::Filled,
            text: stack::base_text(stage),
            line: stage.from.first_line as u32,
            size: (count > 0).then(|| lens::amount(layers)),
            cache: None,
            digest: layers.last().filter(|_| count == 1).map(|layer| lens::digest(&layer.layer, 12)),
            exit_code: None,
            stage: named,
        };
    };
    let layer = step.layer.as_ref().map(|made| &made.layer);
    let exit_code = match step.state {
        StepState::Failed { exit_code, .. } => exit_code,
        _ => None,
    };
    HeadView {
        key,
        kind: Kind::of_keyword(&step.source.name),
        look: look(step, lens.in_image(step.id)),
        text: lens::text(lens.build, step),
        line: step.source.first_line as u32,
        size: layer.map(|layer| lens::size(layer)),
        cache: (layer.is_some() && step.cache != CacheStatus::NotRun).then(|| stack::cache(&step.cache, step)),
        digest: layer.map(|layer| lens::digest(layer, 12)),
        exit_code,
        stage: named,
    }
}

/// What the live region says of a build.
fn announcement(lens: &Lens<'_>, ledger: &LedgerView) -> Announcement {
    match ledger {
        LedgerView::Image(image) => {
            let built = |step: &&Step| matches!(step.cache, CacheStatus::Built(_)) && step.layer.is_some();
            let rebuilt = lens.stage.steps.iter().find(built).map(|step| {
                let bytes = step.layer.as_ref().map_or(0, |made| made.layer.size);
                (step.id.ordinal as u32, stack::counts(step).0, bytes)
            });
            Announcement::Built { bytes: image.size.bytes, layers: image.layers, wasted: image.wasted(), rebuilt }
        }
        LedgerView::Failed(failed) => {
            Announcement::Failed { step: failed.step.unwrap_or(0), line: failed.line.unwrap_or(0) }
        }
    }
}

/// What is modelled or not simulated, at the command's own line.
fn notes(shown: &Shown) -> Vec<DiagnosticView> {
    let line_span = |line: usize| {
        let start = shown.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let len = shown.text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
        Span::new(start, start + len)
    };
    let view = |note: &crate::build::outcome::LineNote| DiagnosticView {
        code: match note.kind {
            NoteKind::Modelled => "modelled".to_owned(),
            NoteKind::NotSimulated => "not-simulated".to_owned(),
            NoteKind::Placeholder => "placeholder".to_owned(),
        },
        arguments: BTreeMap::new(),
        message: note.message.clone(),
        severity: Severity::Note,
        line: note.line as u32,
        span: line_span(note.line),
        edit: None,
        exit_code: None,
    };
    shown.build.notes().into_iter().map(view).collect()
}

/// The instructions in the gutter, in the order of the text.
fn gutter(shown: &Shown, path: Option<&AbsPath>) -> Vec<GutterMark> {
    let build = &shown.build;
    let ships = ships(shown, path);
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
        // Where nothing was run, the chips say what the text would make.
        let look = if shown.has_picture() || look == ChipLook::Broken { look } else { unbuilt(kind) };
        let look = if broken.contains(&instruction.first_line) { ChipLook::Broken } else { look };
        let ships = key.is_some_and(|key| ships.contains(&key));
        let (size, cached) = key.filter(|_| shown.has_picture()).map_or((None, None), |key| made(build, key));
        GutterMark { lines, kind, key, look, size, cached, ships }
    });
    instructions.collect()
}

/// The size of what a step or a FROM brought, and whether the cache had it.
fn made(build: &Build, key: StepKey) -> (Option<Amount>, Option<bool>) {
    let Some(stage) = build.stages.get(key.stage as usize) else { return (None, None) };
    if key.is_base() {
        let count = lens::inherited(stage);
        return ((count > 0).then(|| lens::amount(stage.layers.iter().take(count))), None);
    }
    let step = build.step(crate::build::outcome::StepId { stage: key.stage as usize, ordinal: key.step as usize });
    let layer = step.and_then(|step| step.layer.as_ref().map(|made| (step, &made.layer)));
    layer.map_or((None, None), |(step, layer)| (Some(lens::size(layer)), Some(step.cache == CacheStatus::Cached)))
}

/// The steps whose layers store the path, though it is out of reach.
fn ships(shown: &Shown, path: Option<&AbsPath>) -> Vec<StepKey> {
    let (Some(path), true) = (path, shown.has_picture()) else { return Vec::new() };
    let Some(lens) = Lens::new(shown).filter(|lens| lens.stage.snapshot.lookup(path).is_none()) else {
        return Vec::new();
    };
    let lost = lens.ledger.lost.iter().filter(|copy| copy.path == *path);
    lost.map(|copy| lens.name(lens.stage, copy.layer).key).filter(|key| !key.is_base()).collect()
}

fn unbuilt(kind: Kind) -> ChipLook {
    if kind == Kind::Meta { ChipLook::Hollow } else { ChipLook::Filled }
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
        message: match exit_code.and(build.failure.as_ref()).and_then(|failure| build.step(failure.step?)) {
            // The command's own words, as its slab has them.
            Some(step) => stack::said(step, &diagnostic.kind.to_string()),
            None => diagnostic.kind.to_string(),
        },
        severity: diagnostic.severity,
        line: line as u32,
        span: diagnostic.span,
        edit: diagnostic.edit.clone().or_else(|| respelled(text, diagnostic)),
        exit_code,
    }
}

/// A mistyped keyword, spelled as the engine suggests; none where the suggestion does not stand for the whole span.
fn respelled(text: &str, diagnostic: &Diagnostic) -> Option<crate::diagnostic::Edit> {
    let arguments = diagnostic.kind.args();
    let of = |wanted: &str| arguments.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone());
    let (name, suggestion) = (of("name")?, of("suggestion").filter(|suggestion| !suggestion.is_empty())?);
    let fits = diagnostic.severity == Severity::Error && diagnostic.span.of(text).eq_ignore_ascii_case(&name);
    fits.then_some(crate::diagnostic::Edit { span: diagnostic.span, replacement: suggestion })
}
