//! Runs the plan: step by step, each from the cache or by doing it. A future that gives way inside a RUN; dropped, it keeps
//! what is in the cache.

use super::Request;
use super::cache::{self, Cache, StepResult, Trace};
use super::outcome::{
    Base, BaseKind, Build, CacheStatus, ContextSize, Failure, HistoryRow, Source, Stage, StageLayer, StageState, Step,
    StepId, StepLayer, StepState,
};
use super::plan::{Plan, PlannedStep, step_error};
use super::sources::Prints;
use super::step::Op;
use super::step::copy::Origin;
use super::step::run::Surroundings;
use crate::catalog::Catalog;
use crate::diagnostic::{BuildError, Diagnostic};
use crate::digest::{Digest, Hasher};
use crate::dockerfile::ignore::Ignore;
use crate::dockerfile::stages;
use crate::dockerfile::{self, Dockerfile};
use crate::image::{Certainty, ContainerConfig, History, Layer};
use crate::shell::{Budget, Note, NoteKind, Stream};
use crate::vfs::{self, Overlay, Snapshot};
use std::cell::RefCell;
use std::collections::BTreeMap;
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
    let plan = Plan::new(&file, &request, &catalog);
    let mut run = Executor {
        context: Snapshot::empty(),
        traces: BTreeMap::new(),
        keys: BTreeMap::new(),
        commands: Budget::default().commands,
        build: Build {
            stages: plan.graph.stages.iter().map(|stage| unrun_stage(stage, &file, &plan)).collect(),
            target: plan.graph.target,
            diagnostics: Vec::new(),
            failure: None,
            context: ContextSize::default(),
            executed: 0,
            dockerfile: file.clone(),
        },
        plan,
        request,
        cache,
    };
    let ignored = match ignore {
        Ok(ignore) => {
            (run.context, run.build.context) = run.request.context.filter(&ignore);
            None
        }
        Err(message) => Some(BuildError::ValueRefused { message }),
    };
    run.diagnose(&file);
    if run.build.failure.is_none() {
        if let Some(kind) = ignored {
            run.fail(Diagnostic::error(kind, crate::span::Span::default(), None), None);
        } else if let Some(error) = run.missing_sources() {
            run.fail(error, None);
        } else {
            run.run_stages().await;
        }
    }
    run.finish()
}

struct Executor {
    request: Rc<Request>,
    cache: Rc<RefCell<Cache>>,
    plan: Plan,
    build: Build,
    context: Snapshot,
    traces: BTreeMap<StepId, Trace>,
    /// The key of the last step of each stage that was built.
    keys: BTreeMap<usize, Digest>,
    commands: u64,
}

fn unrun_stage(stage: &stages::Stage, file: &Dockerfile, plan: &Plan) -> Stage {
    let from = &file.instructions[stage.from];
    let reference = match &stage.base {
        stages::Source::Scratch => "scratch".to_owned(),
        stages::Source::Stage(index) => plan.graph.stages[*index].label.clone(),
        stages::Source::Image(name) => name.clone(),
    };
    let step = |step: &PlannedStep| Step {
        id: step.id,
        source: step.source.clone(),
        state: StepState::NotRun,
        cache: CacheStatus::NotRun,
        history: None,
        layer: None,
        log: Vec::new(),
        notes: Vec::new(),
        before: Snapshot::empty(),
        after: Snapshot::empty(),
    };
    let planned = &plan.stages[stage.index].steps;
    Stage {
        index: stage.index,
        name: stage.name.clone(),
        base: Base {
            resolved: reference.clone(),
            reference,
            kind: BaseKind::Unknown,
            layers: 0,
            history: 0,
            config: None,
            is_listing: false,
            snapshot: Snapshot::empty(),
        },
        state: if stage.reachable { StageState::NotRun } else { StageState::Skipped },
        from: source(from, String::new()),
        steps: if planned.is_empty() { skipped_steps(stage, file) } else { planned.iter().map(step).collect() },
        layers: Vec::new(),
        history: Vec::new(),
        config: ContainerConfig::default(),
        snapshot: Snapshot::empty(),
    }
}

/// The steps of a stage that was not planned: skipped, or hidden by an error.
fn skipped_steps(stage: &stages::Stage, file: &Dockerfile) -> Vec<Step> {
    let instructions = stage.instructions.clone().map(|at| &file.instructions[at]).enumerate();
    instructions
        .map(|(i, instruction)| Step {
            id: StepId { stage: stage.index, ordinal: i + 1 },
            source: source(instruction, instruction.code.clone()),
            state: StepState::NotRun,
            cache: CacheStatus::NotRun,
            history: None,
            layer: None,
            log: Vec::new(),
            notes: Vec::new(),
            before: Snapshot::empty(),
            after: Snapshot::empty(),
        })
        .collect()
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

impl Executor {
    /// Collects what is wrong with the text, and fails with what BuildKit would stop at.
    fn diagnose(&mut self, file: &Dockerfile) {
        let stage_errors = || self.plan.graph.diagnostics.iter().chain(&self.plan.errors);
        let fatal = file.fatal().or_else(|| stage_errors().next()).cloned();
        let mut diagnostics: Vec<Diagnostic> = file.diagnostics.clone();
        if file.fatal().is_none() {
            diagnostics.extend(stage_errors().cloned());
        }
        diagnostics.extend(self.plan.notes.iter().cloned());
        let parses = file.fatal().is_none();
        if parses {
            diagnostics.extend(self.findings(file));
        }
        diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.severity));
        self.build.diagnostics = diagnostics;
        if let Some(fatal) = fatal {
            self.build.failure =
                Some(Failure { message: fatal.to_string(), line: fatal.line, exit_code: None, step: None });
        }
    }

    fn findings(&self, file: &Dockerfile) -> Vec<Diagnostic> {
        let _ = file;
        Vec::new()
    }

    fn fail(&mut self, error: Diagnostic, step: Option<StepId>) {
        let exit_code = match &error.kind {
            crate::diagnostic::DiagnosticKind::Build(BuildError::ProcessFailed { exit_code, .. }) => Some(*exit_code),
            _ => None,
        };
        self.build.failure = Some(Failure { message: error.to_string(), line: error.line, exit_code, step });
        self.build.diagnostics.push(error);
        self.build.diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.severity));
    }

    /// The files of an origin; of a stage as far as it is built.
    fn files(&self, origin: &Origin) -> Option<Snapshot> {
        match origin {
            Origin::Context => Some(self.context.clone()),
            Origin::From(stages::Source::Stage(index)) => Some(self.build.stages.get(*index)?.snapshot.clone()),
            origin => self.plan.image_files(origin),
        }
    }

    /// The first source that is not in the context or in an image: BuildKit finds out before anything runs.
    fn missing_sources(&self) -> Option<Diagnostic> {
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
            if let Err(kind) = result {
                return Some(step_error(kind, &step.source));
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
                        let exit_code = match &error.kind {
                            crate::diagnostic::DiagnosticKind::Build(BuildError::ProcessFailed {
                                exit_code, ..
                            }) => Some(*exit_code),
                            _ => None,
                        };
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
        let base = match self.plan.graph.stages[index].base.clone() {
            stages::Source::Stage(base) => {
                let from = &self.build.stages[base];
                let kept = Base {
                    kind: BaseKind::Stage(base),
                    snapshot: from.snapshot.clone(),
                    reference: self.build.stages[index].base.reference.clone(),
                    ..from.base.clone()
                };
                (kept, from.layers.clone(), from.history.clone(), self.keys.get(&base).copied())
            }
            stages::Source::Scratch => {
                let old = self.build.stages[index].base.clone();
                (Base { kind: BaseKind::Scratch, ..old }, Vec::new(), Vec::new(), Some(Digest::of(b"scratch")))
            }
            stages::Source::Image(name) => {
                let Some(image) = self.plan.images.get(&name).cloned().flatten() else { return };
                let mut layers: Vec<StageLayer> = Vec::new();
                let mut history = Vec::new();
                for (row, layer) in image.history_with_layers() {
                    let layer = layer.map(|layer| {
                        layers.push(StageLayer { layer: layer.clone(), step: None, history: history.len() });
                        layers.len() - 1
                    });
                    history.push(HistoryRow { row: row.clone(), layer, step: None });
                }
                for layer in image.layers.iter().skip(layers.len()) {
                    layers.push(StageLayer {
                        layer: layer.clone(),
                        step: None,
                        history: history.len().saturating_sub(1),
                    });
                }
                let base = Base {
                    kind: BaseKind::Image,
                    resolved: image.names.first().cloned().unwrap_or_else(|| name.clone()),
                    layers: layers.len(),
                    history: history.len(),
                    config: Some(Arc::new(image.config.clone())),
                    is_listing: image.is_listing,
                    snapshot: image.snapshot.clone(),
                    reference: name,
                };
                (base, layers, history, Some(image_key(&image)))
            }
        };
        let (base, layers, history, key) = base;
        let stage = &mut self.build.stages[index];
        stage.snapshot = base.snapshot.clone();
        stage.base = base;
        stage.layers = layers;
        stage.history = history;
        stage.config = self.plan.stages[index].start.clone();
        self.keys.insert(index, key.unwrap_or_else(|| Digest::of(b"")));
    }

    async fn run_step(&mut self, step: &PlannedStep, rebuilt: &mut Option<StepId>) -> Result<(), BuildError> {
        let index = step.id.stage;
        let before = self.build.stages[index].snapshot.clone();
        if !step.op.makes_layer() {
            let done = Done {
                cache: if rebuilt.is_none() {
                    CacheStatus::Cached
                } else {
                    CacheStatus::Built(super::outcome::Miss::ParentRebuilt { step: rebuilt.unwrap_or(step.id) })
                },
                result: None,
            };
            self.record(step, before, done);
            return Ok(());
        }
        let prints = match &step.op {
            Op::Copy(copy) => self.files(&copy.origin).map(|files| copy.prints(&files)).unwrap_or_default(),
            Op::Run(run) => run.prints(&|origin| self.files(origin))?,
            _ => Prints::new(),
        };
        let definition = match &step.op {
            Op::Copy(copy) => format!("COPY {}", copy.definition()),
            Op::Run(run) => format!("RUN {}", run.definition()),
            Op::Workdir(workdir) => format!("WORKDIR {workdir:?}"),
            Op::Config => String::new(),
        };
        let parent = self.keys.get(&index).copied().unwrap_or_else(|| Digest::of(b""));
        let key = cache::key(parent, &definition, &prints);
        let trace =
            Trace { parent: Some(parent), text: step.source.text.clone(), variables: step.variables.clone(), prints };
        self.keys.insert(index, key);
        let found = self.cache.borrow_mut().get(key);
        if let Some(result) = found {
            self.traces.insert(step.id, trace);
            self.record(step, before, Done { cache: CacheStatus::Cached, result: Some(result) });
            return Ok(());
        }
        let miss = self.cache.borrow().explain(step.id, &trace, *rebuilt);
        self.traces.insert(step.id, trace);
        rebuilt.get_or_insert(step.id);
        self.build.executed += 1;
        let status = CacheStatus::Built(miss);
        let mut certainty =
            self.build.stages[index].layers.iter().map(|layer| layer.layer.certainty).max().unwrap_or_default();
        let (overlay, log, notes) = match &step.op {
            Op::Copy(copy) => {
                certainty = certainty.max(self.certainty_of(&copy.origin));
                let mut overlay = Overlay::new(before.clone());
                let files = self.files(&copy.origin).unwrap_or_else(Snapshot::empty);
                if let Err(kind) = copy.run(&files, &mut overlay) {
                    return self.failed(step, before, status, Vec::new(), Vec::new(), kind);
                }
                (overlay, Vec::new(), Vec::new())
            }
            Op::Workdir(workdir) => {
                let mut overlay = Overlay::new(before.clone());
                if let Err(kind) = workdir.run(&mut overlay) {
                    return self.failed(step, before, status, Vec::new(), Vec::new(), kind);
                }
                (overlay, Vec::new(), Vec::new())
            }
            Op::Run(run) => {
                for origin in run.origins.iter().flatten() {
                    certainty = certainty.max(self.certainty_of(origin));
                }
                let mut caches = std::mem::take(&mut self.cache.borrow_mut().mounts);
                let surroundings = Surroundings {
                    files: &|origin| self.files(origin),
                    secrets: &self.request.secrets,
                    caches: &mut caches,
                    commands: self.commands,
                };
                let ran = run.run(before.clone(), surroundings).await;
                self.cache.borrow_mut().mounts = caches;
                self.commands = ran.commands;
                if let Some(kind) = ran.failure {
                    return self.failed(step, before, status, ran.log, ran.notes, kind);
                }
                (ran.overlay, ran.log, ran.notes)
            }
            Op::Config => return Ok(()),
        };
        for note in &notes {
            certainty = certainty.max(match note.kind {
                NoteKind::Modelled | NoteKind::Placeholder => Certainty::Modelled,
                NoteKind::NotSimulated => Certainty::Unknown,
            });
        }
        let (after, changeset) = overlay.commit();
        if changeset.size() > vfs::MAX_SIZE {
            let kind = BuildError::TooManyBytes { limit: vfs::MAX_SIZE };
            return self.failed(step, before, status, log, notes, kind);
        }
        let diff = vfs::diff(&before, &after, &changeset);
        let result = StepResult {
            layer: Arc::new(Layer::built(Arc::new(changeset), certainty)),
            diff: Arc::new(diff),
            after,
            log: Arc::new(log),
            notes: Arc::new(notes),
        };
        self.cache.borrow_mut().put(key, result.clone());
        self.record(step, before, Done { cache: status, result: Some(result) });
        Ok(())
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

    fn failed(
        &mut self,
        step: &PlannedStep,
        before: Snapshot,
        status: CacheStatus,
        log: Vec<(Stream, String)>,
        notes: Vec<Note>,
        kind: BuildError,
    ) -> Result<(), BuildError> {
        let lines = cache::with_lines(&notes, |offset| step.lines.line(offset));
        if let Some(shown) = self.build.stages[step.id.stage].steps.get_mut(step.id.ordinal - 1) {
            shown.cache = status;
            shown.log = log;
            shown.notes = lines;
            shown.after = before.clone();
            shown.before = before;
        }
        Err(kind)
    }

    /// Adds a step's layer and row of the history to its stage.
    fn record(&mut self, step: &PlannedStep, before: Snapshot, done: Done) {
        let stage = &mut self.build.stages[step.id.stage];
        let layer = done.result.as_ref().map(|result| StepLayer {
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
        if let Some(result) = &done.result {
            stage.snapshot = result.after.clone();
        }
        stage.config = (*step.config).clone();
        let after = stage.snapshot.clone();
        if let Some(shown) = stage.steps.get_mut(step.id.ordinal - 1) {
            shown.state = StepState::Done;
            shown.cache = done.cache;
            shown.history = history;
            shown.layer = layer;
            shown.before = before;
            shown.after = after;
            if let Some(result) = done.result {
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

/// What a step came to, to be recorded.
struct Done {
    cache: CacheStatus,
    result: Option<StepResult>,
}

fn image_key(image: &crate::image::Image) -> Digest {
    let mut hasher = Hasher::default();
    match image.id {
        Some(id) => hasher.update(id.hex().as_bytes()),
        None => hasher.update(image.config.to_json().as_bytes()),
    }
    hasher.finish()
}
