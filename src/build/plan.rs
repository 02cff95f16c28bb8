//! The plan of a build: which stages the target needs, what they start from, and what each of their instructions does.
//! All errors that BuildKit finds before it runs anything are found here, in its order.

use super::outcome::{Source, StepId};
use super::step::copy::Origin;
use super::step::{self, Op, Scope, State};
use super::{Request, trace};
use crate::catalog::{Catalog, CatalogError};
use crate::diagnostic::{Diagnostic, DiagnosticKind, Severity};
use crate::dockerfile::expand::{EnvList, Lexer};
use crate::dockerfile::instruction::mount::mount_source;
use crate::dockerfile::stages::{self, StageGraph};
use crate::dockerfile::{Dockerfile, Instruction, InstructionKind};
use crate::image::{ContainerConfig, DEFAULT_PATH, Image};
use crate::vfs::Snapshot;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The plan.
pub(super) struct Plan {
    /// The stages as the text has them.
    pub graph: StageGraph,
    /// One for each stage of the graph; without steps where the target does not need it.
    pub stages: Vec<StagePlan>,
    /// The images that stages start from, copy from or mount, by name as written; none if there is no such image.
    pub images: BTreeMap<String, Option<Arc<Image>>>,
    /// Errors besides those of the graph, in BuildKit's order; the first is the one that BuildKit reports.
    pub errors: Vec<Diagnostic>,
    /// What is to be said of images that were found: the diagnostics of the catalogue.
    pub notes: Vec<Diagnostic>,
    /// Data files of images that are not here yet: with them, the plan has to be made anew.
    pub needs: Vec<String>,
}

/// A stage's plan.
#[derive(Default)]
pub(super) struct StagePlan {
    /// The config it starts with.
    pub start: ContainerConfig,
    /// What it ends with: a stage on top of it gets its config, and its ARGs, too.
    pub end: Option<State>,
    /// Its steps.
    pub steps: Vec<PlannedStep>,
}

/// A step's plan.
pub(super) struct PlannedStep {
    /// Its key.
    pub id: StepId,
    /// Where it stands.
    pub source: Source,
    /// What it does.
    pub op: Op,
    /// Its row of the history.
    pub created_by: Option<String>,
    /// The config after it.
    pub config: Arc<ContainerConfig>,
    /// What a change of is a reason to run it again.
    pub variables: BTreeMap<String, String>,
    /// From an offset in the script of a RUN to a line of the Dockerfile.
    pub lines: trace::ScriptLines,
}

fn note(kind: DiagnosticKind, instruction: &Instruction) -> Diagnostic {
    let mut note = Diagnostic::warning(kind, instruction.span, instruction.first_line);
    note.severity = Severity::Note;
    note
}

impl Plan {
    /// Plans a build.
    pub fn new(file: &Dockerfile, request: &Request, catalog: &Catalog) -> Self {
        let mut plan = Self {
            graph: StageGraph::plan(file, &request.options),
            stages: Vec::new(),
            images: BTreeMap::new(),
            errors: Vec::new(),
            notes: Vec::new(),
            needs: Vec::new(),
        };
        plan.stages.resize_with(plan.graph.stages.len(), StagePlan::default);
        if plan.graph.diagnostics.is_empty() {
            plan.find_images(file, catalog);
        }
        if plan.graph.diagnostics.is_empty() && plan.errors.is_empty() && plan.needs.is_empty() {
            for index in 0..plan.stages.len() {
                if plan.graph.stages[index].reachable {
                    plan.plan_stage(index, file, request);
                }
            }
        }
        plan
    }

    /// Looks up the base images; their ONBUILD triggers may make the target need more stages.
    fn find_images(&mut self, file: &Dockerfile, catalog: &Catalog) {
        for index in 0..self.graph.stages.len() {
            let stage = &self.graph.stages[index];
            if !stage.reachable {
                continue;
            }
            let from = &file.instructions[stage.from];
            let mut wanted: Vec<(stages::Source, usize)> = vec![(stage.base.clone(), stage.from)];
            wanted.extend(stage.references.iter().map(|reference| (reference.source.clone(), reference.instruction)));
            wanted.extend(
                stage.triggers.iter().flat_map(|trigger| &trigger.sources).map(|source| (source.clone(), stage.from)),
            );
            for (source, instruction) in wanted {
                if let stages::Source::Image(name) = source {
                    self.find_image(&name, &file.instructions[instruction], catalog);
                }
            }
            if let stages::Source::Image(name) = self.graph.stages[index].base.clone()
                && let Some(Some(image)) = self.images.get(&name).cloned()
            {
                self.graph.add_triggers(index, &image.config.config.on_build, file);
                let triggered = self.graph.stages[index].triggers.iter().flat_map(|trigger| trigger.sources.clone());
                for source in triggered.collect::<Vec<_>>() {
                    if let stages::Source::Image(name) = source {
                        self.find_image(&name, from, catalog);
                    }
                }
            }
        }
    }

    fn find_image(&mut self, name: &str, instruction: &Instruction, catalog: &Catalog) {
        if self.images.contains_key(name) {
            return;
        }
        let image = match catalog.resolve(name) {
            Ok(resolved) => {
                self.notes.extend(resolved.note.map(|kind| note(kind, instruction)));
                Some(resolved.image)
            }
            Err(CatalogError::Waiting { files }) => {
                self.needs.extend(files);
                None
            }
            Err(error) => {
                let stages: Vec<String> = self.graph.stages.iter().filter_map(|stage| stage.name.clone()).collect();
                let kind = error.kind(&stages);
                self.errors.push(Diagnostic::error(kind, instruction.span, Some(instruction.first_line)));
                self.notes.extend(error.note().map(|kind| note(kind, instruction)));
                None
            }
        };
        self.images.insert(name.to_owned(), image);
    }

    /// What a stage starts from, as its FROM names it; a stage by its label.
    pub fn base_reference(&self, stage: &stages::Stage) -> String {
        match &stage.base {
            stages::Source::Scratch => "scratch".to_owned(),
            stages::Source::Stage(index) => self.graph.stages[*index].label.clone(),
            stages::Source::Image(name) => name.clone(),
        }
    }

    /// The files of an origin, unless they are a stage's or the context's.
    pub fn image_files(&self, origin: &Origin) -> Option<Snapshot> {
        match origin {
            Origin::From(stages::Source::Image(name)) => Some(self.images.get(name)?.as_ref()?.snapshot.clone()),
            Origin::From(stages::Source::Scratch) => Some(Snapshot::empty()),
            _ => None,
        }
    }

    fn start(&self, index: usize) -> State {
        match &self.graph.stages[index].base {
            stages::Source::Scratch => State::new(Image::scratch().config.config),
            stages::Source::Stage(base) => {
                let end = self.stages[*base].end.clone();
                let mut state = end.unwrap_or_else(|| State::new(ContainerConfig::default()));
                state.cmd_set = false;
                state
            }
            stages::Source::Image(name) => {
                let image = self.images.get(name).and_then(|image| image.as_ref());
                let mut config = image.map(|image| image.config.config.clone()).unwrap_or_default();
                // BuildKit makes sure that PATH is always set.
                if config.env_value("PATH").is_none() {
                    config.env.push(format!("PATH={DEFAULT_PATH}"));
                }
                State::new(config)
            }
        }
    }

    fn plan_stage(&mut self, index: usize, file: &Dockerfile, request: &Request) {
        let stage = &self.graph.stages[index];
        let mut state = self.start(index);
        // The triggers fire here and are not handed on.
        state.config.on_build.clear();
        let start = state.config.clone();
        let from = &file.instructions[stage.from];
        let reference = self.base_reference(stage);
        let triggers = stage.triggers.iter().map(|trigger| (&trigger.instruction, Some(&trigger.sources), from));
        let own = stage.instructions.clone().map(|at| (&file.instructions[at], None, &file.instructions[at]));
        let mut steps: Vec<PlannedStep> = Vec::new();
        for (ordinal, (instruction, trigger, place)) in triggers.chain(own).enumerate() {
            let at = stage.instructions.start + ordinal.saturating_sub(stage.triggers.len());
            let source = |mount: Option<usize>| match trigger {
                Some(sources) => trigger_source(instruction, sources, mount),
                None => stage.mount_source(at, mount).cloned(),
            };
            // A trigger is cut up with the default escape character, and expanded with the file's.
            let escape = file.escape;
            let scope = Scope {
                lexer: Lexer::new(escape),
                build_args: &request.options.build_args,
                globals: &self.graph.global_args,
                source: &source,
            };
            let before = state.env.clone();
            match step::plan(instruction, &mut state, &scope) {
                Err(kind) => self.errors.push(Diagnostic::error(kind, place.span, Some(place.first_line))),
                Ok(planned) => steps.push(PlannedStep {
                    id: StepId { stage: index, ordinal: ordinal + 1 },
                    source: Source {
                        span: place.span,
                        first_line: place.first_line,
                        last_line: place.last_line,
                        name: instruction.name.clone(),
                        text: instruction.step_text(escape, &before),
                        trigger_of: trigger.map(|_| reference.clone()),
                    },
                    variables: variables(&planned.op, &state.env, &state.config),
                    lines: trace::ScriptLines::new(
                        &request.dockerfile,
                        instruction,
                        trigger.is_some().then_some(place.first_line),
                    ),
                    op: planned.op,
                    created_by: planned.created_by,
                    config: Arc::new(state.config.clone()),
                }),
            }
        }
        self.stages[index] = StagePlan { start, end: Some(state), steps };
    }
}

fn trigger_source(
    instruction: &Instruction,
    sources: &[stages::Source],
    mount: Option<usize>,
) -> Option<stages::Source> {
    match (&instruction.kind, mount) {
        (InstructionKind::Copy(copy), None) => copy.from.as_ref().and_then(|_| sources.first().cloned()),
        (InstructionKind::Run(run), Some(mount)) => {
            let has_source = |at: &usize| mount_source(&run.mounts[*at].text).is_some();
            let before = (0..mount).filter(has_source).count();
            has_source(&mount).then(|| sources.get(before).cloned()).flatten()
        }
        _ => None,
    }
}

/// What, besides its text and files, is a reason to run a step again.
fn variables(op: &Op, env: &EnvList, config: &ContainerConfig) -> BTreeMap<String, String> {
    match op {
        Op::Run(_) => {
            let mut variables: BTreeMap<String, String> =
                env.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            variables.insert("USER".to_owned(), config.user.clone());
            variables.insert("WORKDIR".to_owned(), config.working_dir.clone());
            variables.insert("SHELL".to_owned(), config.shell.join(" "));
            variables
        }
        Op::Workdir(workdir) => {
            [("USER".to_owned(), workdir.user.clone()), ("WORKDIR".to_owned(), workdir.path.clone())].into()
        }
        Op::Copy(copy) => [("WORKDIR".to_owned(), copy.destination.clone())].into(),
        Op::Config => BTreeMap::new(),
    }
}

/// The diagnostic of an error of a step.
pub(super) fn step_error(kind: impl Into<DiagnosticKind>, source: &Source) -> Diagnostic {
    Diagnostic::error(kind, source.span, Some(source.first_line))
}
