//! Runs the plan: step by step, each from the cache or by doing it. A future that gives way inside a RUN; dropped, it keeps
//! what is in the cache.

use super::Request;
use super::assemble;
use super::cache::{self, Cache, StepResult, Trace};
use super::outcome::{
    Build, CacheStatus, ContextSize, Copied, CopiedFrom, Failure, HistoryRow, Miss, StageLayer, StageState, StepId,
    StepLayer, StepState,
};
use super::placeholder;
use super::plan::{Plan, PlannedStep, step_error};
use super::sources::{self, Prints};
use super::step::Op;
use super::step::copy::{CopyOp, Origin};
use super::step::run::{Ran, Surroundings};
use crate::catalog::Catalog;
use crate::check::{self, BaseConfig, Inputs};
use crate::data::Data;
use crate::diagnostic::{BuildError, Diagnostic, DiagnosticKind};
use crate::digest::Digest;
use crate::dockerfile::ignore::Ignore;
use crate::dockerfile::platform::Platform;
use crate::dockerfile::stages;
use crate::dockerfile::{self, Dockerfile};
use crate::image::{Certainty, History, Layer};
use crate::path::AbsPath;
use crate::shell::{Budget, Note, NoteKind};
use crate::vfs::{self, Overlay, Snapshot};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// Builds. The future gives way every few hundred commands of a RUN; whoever drops it stops the build, and what was built
/// until then stays in the cache.
pub async fn build(request: Rc<Request>, catalog: Rc<Catalog>, cache: Rc<RefCell<Cache>>) -> Build {
    let file = Arc::new(dockerfile::parse(&request.dockerfile));
    let ignore = match &request.dockerignore {
        Some(text) => Ignore::parse(text),
        None => Ignore::parse(&request.context.text(".dockerignore").unwrap_or_default()),
    };
    // What could not be had before is tried again.
    catalog.data().retry();
    let plan = loop {
        let plan = Plan::new(&file, &request, &catalog);
        if plan.needs.is_empty() {
            break plan;
        }
        catalog.data().get_all(&plan.needs).await;
    };
    let mut run = Executor {
        context: Snapshot::empty(),
        placeholders: request.context.placeholders().clone(),
        traces: BTreeMap::new(),
        keys: BTreeMap::new(),
        commands: Budget::default().commands,
        build: Build {
            stages: plan.graph.stages.iter().map(|stage| assemble::unrun_stage(stage, &file, &plan)).collect(),
            target: plan.graph.target,
            diagnostics: Vec::new(),
            failure: None,
            context: ContextSize::default(),
            executed: 0,
            lacking: Vec::new(),
            dockerfile: file.clone(),
        },
        plan,
        request,
        data: catalog.data().clone(),
        cache,
    };
    if let Ok(ignore) = &ignore {
        (run.context, run.build.context) = run.request.context.filter(ignore);
    }
    run.diagnose(&file, ignore.as_ref().ok().filter(|ignore| !ignore.is_empty()));
    if run.build.failure.is_none() {
        if let Err(message) = ignore {
            let kind = BuildError::ValueRefused { message };
            run.fail(Diagnostic::error(kind, crate::span::Span::default(), None), None);
        } else if let Some(error) = {
            run.find_lacking();
            run.missing_sources()
        } {
            run.fail(error, None);
        } else {
            run.run_stages().await;
        }
    }
    run.finish()
}

struct Executor {
    request: Rc<Request>,
    data: Data,
    cache: Rc<RefCell<Cache>>,
    plan: Plan,
    build: Build,
    context: Snapshot,
    /// Files of the context that stand for others.
    placeholders: BTreeSet<AbsPath>,
    traces: BTreeMap<StepId, Trace>,
    /// The key of the last step of each stage that was built.
    keys: BTreeMap<usize, Digest>,
    commands: u64,
}

impl Executor {
    /// Collects what is wrong with the text, and fails with what BuildKit would stop at.
    fn diagnose(&mut self, file: &Dockerfile, ignore: Option<&Ignore>) {
        let base = |name: &str| {
            let image = self.plan.images.get(name)?.as_ref()?;
            let config = &image.config.config;
            Some(BaseConfig {
                env: config.env.clone(),
                working_dir: config.working_dir.clone(),
                has_shell: !config.shell.is_empty(),
                platform: Platform {
                    os: image.config.os.clone(),
                    architecture: image.config.architecture.clone(),
                    variant: String::new(),
                },
            })
        };
        let inputs = Inputs { options: &self.request.options, base: &base, ignore };
        let outcome = check::check(file, &self.plan.graph, &inputs);
        let fatal = outcome.error.as_ref().or(self.plan.errors.first()).cloned();
        let mut diagnostics = check::diagnostics(file, &self.plan.graph, &outcome);
        // The checks look at what instructions expand to as well; images only the plan looks for.
        let of_images =
            |error: &&Diagnostic| matches!(error.kind, DiagnosticKind::Build(BuildError::ImageNotFound { .. }));
        diagnostics
            .extend(self.plan.errors.iter().filter(|error| outcome.error.is_none() || of_images(error)).cloned());
        diagnostics.extend(self.plan.notes.iter().cloned());
        diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.severity));
        self.build.diagnostics = diagnostics;
        if let Some(fatal) = fatal {
            self.build.failure =
                Some(Failure { message: fatal.to_string(), line: fatal.line, exit_code: None, step: None });
        }
    }

    fn fail(&mut self, error: Diagnostic, step: Option<StepId>) {
        let exit_code = exit_code(&error);
        self.build.failure = Some(Failure { message: error.to_string(), line: error.line, exit_code, step });
        self.build.diagnostics.push(error);
        self.build.diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.severity));
    }

    /// Finds what the context lacks, and puts placeholders there if they are asked for.
    fn find_lacking(&mut self) {
        let lacking = placeholder::lacking(&self.plan, &self.context);
        if self.request.placeholders {
            self.context = placeholder::with(&self.context, &lacking);
            self.placeholders.extend(lacking.iter().map(|file| AbsPath::new(&file.path)));
        } else {
            self.build.lacking = lacking;
        }
    }

    /// Those of these files that are placeholders.
    fn placeholders_in(&self, prints: &Prints) -> Vec<String> {
        let used = self.placeholders.iter().filter(|path| prints.contains_key(path.as_str()));
        used.map(|path| path.as_str()[1..].to_owned()).collect()
    }

    /// The files that a COPY takes from its origin, and what is to be said of placeholders among them.
    fn copied_files(&self, copy: &CopyOp) -> (Snapshot, Option<Note>) {
        let files = self.files(&copy.origin).unwrap_or_else(Snapshot::empty);
        let (files, stands_for) = match &copy.origin {
            Origin::Context => {
                let used = self.placeholders_in(&copy.prints(&files));
                (files, used)
            }
            // In a stage that is not simulated to the letter, something may be missing only here.
            Origin::From(_) if self.request.placeholders && self.certainty_of(&copy.origin) != Certainty::Exact => {
                let lacking = placeholder::lacking_in_stage(copy, &files);
                (
                    placeholder::with(&files, &lacking),
                    lacking.into_iter().map(|file| format!("/{}", file.path)).collect(),
                )
            }
            Origin::From(_) => (files, Vec::new()),
        };
        (files, placeholder::note("COPY", &stands_for))
    }

    /// The files of an origin; of a stage as far as it is built.
    fn files(&self, origin: &Origin) -> Option<Snapshot> {
        match origin {
            Origin::Context => Some(self.context.clone()),
            Origin::From(stages::Source::Stage(index)) => Some(self.build.stages.get(*index)?.snapshot.clone()),
            origin => self.plan.image_files(origin),
        }
    }

    /// The first source that is not in the context or in an image, or what cannot be asked for at all: BuildKit finds out
    /// before anything runs.
    fn missing_sources(&self) -> Option<Diagnostic> {
        let empty = |step: &&PlannedStep| matches!(&step.op, Op::Run(run) if run.arguments.is_empty());
        if let Some(step) = self.plan.stages.iter().flat_map(|stage| &stage.steps).find(empty) {
            return Some(Diagnostic::error(BuildError::NoArguments {}, step.source.span, None));
        }
        let is_known = |origin: &Origin| !matches!(origin, Origin::From(stages::Source::Stage(_)));
        for step in self.plan.stages.iter().flat_map(|stage| &stage.steps) {
            let result = match &step.op {
                Op::Copy(copy) if is_known(&copy.origin) => {
                    self.files(&copy.origin).map_or(Ok(()), |files| copy.check_sources(&files))
                }
                Op::Run(run) => {
                    run.prints(&|origin| if is_known(origin) { self.files(origin) } else { None }).map(|_| ())
                }
                _ => Ok(()),
            };
            match result {
                Ok(()) => {}
                // Whose URL it is BuildKit does not say.
                Err(kind @ BuildError::BadUrl { .. }) => {
                    return Some(Diagnostic::error(kind, step.source.span, None));
                }
                Err(kind) => return Some(step_error(kind, &step.source)),
            }
        }
        None
    }

    async fn run_stages(&mut self) {
        for index in 0..self.plan.stages.len() {
            if !self.plan.graph.stages[index].reachable {
                continue;
            }
            self.start_stage(index);
            let steps = std::mem::take(&mut self.plan.stages[index].steps);
            let mut rebuilt = None;
            for step in &steps {
                if let Err(kind) = self.run_step(step, &mut rebuilt).await {
                    let error = step_error(kind, &step.source);
                    let failed = &mut self.build.stages[index];
                    failed.state = StageState::Failed;
                    if let Some(failed) = failed.steps.get_mut(step.id.ordinal - 1) {
                        let exit_code = exit_code(&error);
                        failed.state = StepState::Failed { message: error.to_string(), exit_code };
                    }
                    self.fail(error, Some(step.id));
                    return;
                }
            }
            self.build.stages[index].state = StageState::Built;
        }
    }

    fn start_stage(&mut self, index: usize) {
        let key = match &self.plan.graph.stages[index].base {
            stages::Source::Stage(base) => self.keys.get(base).copied(),
            _ => None,
        };
        let (start, own_key) = assemble::start(index, &self.plan, &self.build);
        let stage = &mut self.build.stages[index];
        stage.snapshot = start.base.snapshot.clone();
        stage.base = start.base;
        stage.layers = start.layers;
        stage.history = start.history;
        stage.config = self.plan.stages[index].start.clone();
        self.keys.insert(index, key.unwrap_or(own_key));
    }

    async fn run_step(&mut self, step: &PlannedStep, rebuilt: &mut Option<StepId>) -> Result<(), BuildError> {
        let index = step.id.stage;
        let before = self.build.stages[index].snapshot.clone();
        if !step.op.makes_layer() {
            let cache = rebuilt.map_or(CacheStatus::Cached, |step| CacheStatus::Built(Miss::ParentRebuilt { step }));
            self.record(step, before, cache, None);
            return Ok(());
        }
        let prints = match &step.op {
            Op::Copy(copy) => {
                let (files, note) = self.copied_files(copy);
                let mut prints = copy.prints(&files);
                // Whether a file is a placeholder is a part of what the step makes of it.
                if let Some(note) = note {
                    sources::mark(&mut prints, &note.message);
                }
                prints
            }
            Op::Run(run) => run.prints(&|origin| self.files(origin))?,
            _ => Prints::new(),
        };
        let parent = self.keys.get(&index).copied().unwrap_or_else(|| Digest::of(b""));
        let key = cache::key(parent, &step.op.definition(), &prints);
        let trace =
            Trace { parent: Some(parent), text: step.source.text.clone(), variables: step.variables.clone(), prints };
        self.keys.insert(index, key);
        let found = self.cache.borrow_mut().get(key);
        if let Some(result) = found {
            self.traces.insert(step.id, trace);
            self.record(step, before, CacheStatus::Cached, Some(result));
            return Ok(());
        }
        let status = CacheStatus::Built(self.cache.borrow().explain(step.id, &trace, *rebuilt));
        self.traces.insert(step.id, trace);
        rebuilt.get_or_insert(step.id);
        self.build.executed += 1;
        let attempt = self.execute(&step.op, &before).await;
        let certainty = self.certainty(step, &attempt.notes);
        let (after, changeset) = attempt.overlay.commit();
        let too_large = changeset.size() > vfs::MAX_SIZE;
        let failure =
            attempt.failure.or_else(|| too_large.then_some(BuildError::TooManyBytes { limit: vfs::MAX_SIZE }));
        if let Some(kind) = failure {
            if let Some(shown) = self.build.stages[index].steps.get_mut(step.id.ordinal - 1) {
                shown.cache = status;
                shown.log = attempt.log;
                shown.notes = cache::with_lines(&attempt.notes, |offset| step.lines.line(offset));
                shown.after = before.clone();
                shown.before = before;
            }
            return Err(kind);
        }
        let result = StepResult {
            diff: Arc::new(vfs::diff(&before, &after, &changeset)),
            layer: Arc::new(Layer::built(Arc::new(changeset), certainty)),
            after,
            log: Arc::new(attempt.log),
            notes: Arc::new(attempt.notes),
            copied: Arc::new(attempt.copied),
        };
        self.cache.borrow_mut().put(key, result.clone());
        self.record(step, before, status, Some(result));
        Ok(())
    }

    /// Does what the step does, on a new upper.
    async fn execute(&mut self, op: &Op, before: &Snapshot) -> Ran {
        let done = |overlay, result: Result<(), BuildError>| Ran {
            overlay,
            log: Vec::new(),
            notes: Vec::new(),
            copied: Vec::new(),
            commands: 0,
            failure: result.err(),
        };
        match op {
            Op::Config => done(Overlay::new(before.clone()), Ok(())),
            Op::Copy(copy) => {
                let mut overlay = Overlay::new(before.clone());
                let (files, note) = self.copied_files(copy);
                let (copied, result) = match copy.run(&files, &mut overlay) {
                    Ok(copied) if copy.origin != Origin::Context => (copied, Ok(())),
                    result => (Vec::new(), result.map(|_| ())),
                };
                Ran { notes: note.into_iter().chain(copy.notes()).collect(), copied, ..done(overlay, result) }
            }
            Op::Workdir(workdir) => {
                let mut overlay = Overlay::new(before.clone());
                let result = workdir.run(&mut overlay);
                done(overlay, result)
            }
            Op::Run(run) => {
                // A copy: whoever drops this future in the middle must not lose what earlier builds left.
                let mut caches = self.cache.borrow().mounts.clone();
                let surroundings = Surroundings {
                    files: &|origin| self.files(origin),
                    secrets: &self.request.secrets,
                    caches: &mut caches,
                    commands: self.commands,
                    data: &self.data,
                };
                let mut ran = run.run(before.clone(), surroundings).await;
                if !self.placeholders.is_empty() {
                    let of_context = |origin: &Origin| (*origin == Origin::Context).then(|| self.context.clone());
                    let prints = run.prints(&of_context).unwrap_or_default();
                    ran.notes.extend(placeholder::note("RUN --mount", &self.placeholders_in(&prints)));
                }
                self.cache.borrow_mut().mounts = caches;
                self.commands = ran.commands;
                ran
            }
        }
    }

    /// The weakest of what went into a step: the layers below, the files it copies or mounts, what was noted.
    fn certainty(&self, step: &PlannedStep, notes: &[Note]) -> Certainty {
        let below = self.build.stages[step.id.stage].layers.iter().map(|layer| layer.layer.certainty);
        let origins = match &step.op {
            Op::Copy(copy) => vec![&copy.origin],
            Op::Run(run) => run.origins.iter().flatten().collect(),
            _ => Vec::new(),
        };
        let noted = notes.iter().map(|note| match note.kind {
            NoteKind::Modelled | NoteKind::Placeholder => Certainty::Modelled,
            NoteKind::NotSimulated => Certainty::Unknown,
        });
        below.chain(origins.into_iter().map(|origin| self.certainty_of(origin))).chain(noted).max().unwrap_or_default()
    }

    fn certainty_of(&self, origin: &Origin) -> Certainty {
        match origin {
            Origin::From(stages::Source::Stage(index)) => {
                self.build.stages[*index].layers.iter().map(|layer| layer.layer.certainty).max().unwrap_or_default()
            }
            Origin::From(stages::Source::Image(name)) => self
                .plan
                .images
                .get(name)
                .and_then(|image| image.as_ref())
                .map_or(Certainty::Exact, |image| image.certainty()),
            _ => Certainty::Exact,
        }
    }

    /// Adds a step's layer and row of the history to its stage.
    fn record(&mut self, step: &PlannedStep, before: Snapshot, cache: CacheStatus, result: Option<StepResult>) {
        let stage = &mut self.build.stages[step.id.stage];
        let layer = result.as_ref().map(|result| StepLayer {
            index: stage.layers.len(),
            layer: result.layer.clone(),
            diff: result.diff.clone(),
        });
        let history = step.created_by.as_ref().map(|created_by| {
            let row = History {
                created_by: created_by.clone(),
                comment: "buildkit.dockerfile.v0".to_owned(),
                empty_layer: layer.is_none(),
                ..History::default()
            };
            stage.history.push(HistoryRow { row, layer: layer.as_ref().map(|layer| layer.index), step: Some(step.id) });
            stage.history.len() - 1
        });
        if let Some(layer) = &layer {
            let history = history.unwrap_or_default();
            stage.layers.push(StageLayer { layer: layer.layer.clone(), step: Some(step.id), history });
        }
        if let Some(result) = &result {
            stage.snapshot = result.after.clone();
        }
        stage.config = (*step.config).clone();
        let after = stage.snapshot.clone();
        if let Some(shown) = stage.steps.get_mut(step.id.ordinal - 1) {
            shown.state = StepState::Done;
            shown.cache = cache;
            shown.history = history;
            shown.layer = layer;
            shown.before = before;
            shown.after = after;
            if let Some(result) = result {
                let from = match &step.op {
                    Op::Copy(copy) => copied_from(&copy.origin),
                    _ => None,
                };
                shown.copied = from.map(|from| Copied { from, files: result.copied.clone() });
                shown.log = (*result.log).clone();
                shown.notes = cache::with_lines(&result.notes, |offset| step.lines.line(offset));
            }
        }
    }

    fn finish(self) -> Build {
        // A text that does not parse says nothing of steps: what is remembered of the last build stays.
        if !self.traces.is_empty() {
            self.cache.borrow_mut().remember(self.traces);
        }
        self.build
    }
}

/// What a COPY copies from, if it is not the context.
fn copied_from(origin: &Origin) -> Option<CopiedFrom> {
    match origin {
        Origin::From(stages::Source::Stage(index)) => Some(CopiedFrom::Stage(*index)),
        Origin::From(stages::Source::Image(name)) => Some(CopiedFrom::Image(name.clone())),
        Origin::From(stages::Source::Scratch) | Origin::Context => None,
    }
}

fn exit_code(error: &Diagnostic) -> Option<i32> {
    match &error.kind {
        DiagnosticKind::Build(BuildError::ProcessFailed { exit_code, .. }) => Some(*exit_code),
        _ => None,
    }
}
