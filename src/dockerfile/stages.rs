//! Stages: which instructions belong to which, what each starts from and copies from, and which ones a build needs.
//!
//! Planned before anything runs, with the ARGs before the first FROM. What only the base image knows (its ONBUILD
//! triggers) is added later with [`StageGraph::add_triggers`]. Errors are in the order in which BuildKit meets them.

use super::ast::{Dockerfile, Instruction, InstructionKind};
use super::expand::{EnvList, Lexer};
use super::instruction::mount::mount_source;
use super::parser::parse_trigger;
use super::platform::Platform;
use super::reference::Reference;
use crate::diagnostic::{Diagnostic, DiagnosticKind, StageError, nearest};
use crate::span::Span;
use std::collections::BTreeMap;
use std::ops::Range;

mod args;
mod cycle;

pub use args::{PROXY_ARGS, predefined_args};

/// What a build is asked for, as far as the Dockerfile's meaning depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BuildOptions {
    /// `--build-arg`.
    pub build_args: EnvList,
    /// `--target`.
    pub target: Option<String>,
    /// Where the build runs.
    pub build_platform: Platform,
    /// What it builds for.
    pub target_platform: Platform,
}

/// Something that files come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Nothing: the empty filesystem.
    Scratch,
    /// A stage of this file.
    Stage(usize),
    /// An image, as it is written (variables expanded).
    Image(String),
}

/// `COPY --from` or `RUN --mount=from`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageReference {
    /// The instruction that refers: an index into [`Dockerfile::instructions`], of the FROM for a trigger.
    pub instruction: usize,
    /// Which of its mounts; none for COPY.
    pub mount: Option<usize>,
    /// What it refers to.
    pub source: Source,
}

/// An instruction that the base brings along by ONBUILD.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// As the base holds it.
    pub expression: String,
    /// The same, parsed; its spans are about the expression.
    pub instruction: Instruction,
    /// What its `--from` or its mounts refer to, in order.
    pub sources: Vec<Source>,
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its number, from 0.
    pub index: usize,
    /// Its name in lower case, if it has one.
    pub name: Option<String>,
    /// Its name, or `stage-N`.
    pub label: String,
    /// Its FROM: an index into [`Dockerfile::instructions`].
    pub from: usize,
    /// The instructions after it.
    pub instructions: Range<usize>,
    /// What it starts from.
    pub base: Source,
    /// `--platform`, expanded.
    pub platform: Option<Platform>,
    /// Triggers of the base; they run before the stage's own instructions.
    pub triggers: Vec<Trigger>,
    /// What its instructions (not its triggers) refer to.
    pub references: Vec<StageReference>,
    /// Does the target need it?
    pub reachable: bool,
    triggers_known: bool,
}

/// All stages of a Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StageGraph {
    /// In the order of the file.
    pub stages: Vec<Stage>,
    /// The stage that is asked for; none if there is none.
    pub target: Option<usize>,
    /// The predefined ARGs and those before the first FROM, with their values. A stage sees one of them after an `ARG`
    /// of that name without a default.
    pub global_args: EnvList,
    /// Names that are declared before the first FROM, with or without a value.
    pub declared_args: Vec<String>,
    /// Errors, in the order in which BuildKit meets them.
    pub diagnostics: Vec<Diagnostic>,
    names: BTreeMap<String, usize>,
    /// Images that are copied from; BuildKit numbers them after the stages as they come.
    images: Vec<String>,
}

impl StageGraph {
    /// Plans the stages of a file. Instructions that are not understood are left out.
    pub fn plan(file: &Dockerfile, options: &BuildOptions) -> Self {
        let mut graph = Self::default();
        graph.global_args(file, options);
        graph.collect(file);
        graph.choose_target(file, options);
        graph.connect(file);
        graph.find_cycle(file);
        graph.check_references(file);
        graph.reach(file);
        graph
    }

    fn error(&mut self, kind: impl Into<DiagnosticKind>, instruction: &Instruction) {
        self.diagnostics.push(Diagnostic::error(kind, instruction.span, Some(instruction.first_line)));
    }

    fn global_args(&mut self, file: &Dockerfile, options: &BuildOptions) {
        let stages = file.instructions.iter().filter_map(|instruction| match &instruction.kind {
            InstructionKind::From(from) => Some(from.stage_name()),
            _ => None,
        });
        let last = stages.fold(None, |_, name| name);
        let target = options.target.clone().filter(|name| !name.is_empty()).or(last);
        self.global_args = predefined_args(options, target.as_deref());
        let lexer = Lexer::new(file.escape);
        for instruction in file.instructions.iter().take_while(|instruction| instruction.name != "FROM") {
            let InstructionKind::Arg(arg) = &instruction.kind else { continue };
            for declaration in &arg.declarations {
                let name = &declaration.name.text;
                self.declared_args.push(name.clone());
                let value = match (options.build_args.get(name), &declaration.default) {
                    (Some(value), _) => value.to_owned(),
                    (None, Some(default)) => match lexer.process(&default.text, &self.global_args) {
                        Ok(expansion) => expansion.text,
                        Err(kind) => {
                            self.error(kind, instruction);
                            continue;
                        }
                    },
                    (None, None) => continue,
                };
                self.global_args.set(name, &value);
            }
        }
    }

    fn collect(&mut self, file: &Dockerfile) {
        let starts: Vec<usize> =
            (0..file.instructions.len()).filter(|at| file.instructions[*at].name == "FROM").collect();
        for (index, &at) in starts.iter().enumerate() {
            let instruction = &file.instructions[at];
            let end = starts.get(index + 1).copied().unwrap_or(file.instructions.len());
            let mut stage = Stage {
                index,
                name: None,
                label: format!("stage-{index}"),
                from: at,
                instructions: at + 1..end,
                base: Source::Scratch,
                platform: None,
                triggers: Vec::new(),
                references: Vec::new(),
                reachable: false,
                triggers_known: false,
            };
            if let InstructionKind::From(from) = &instruction.kind {
                self.base(&mut stage, from, file, instruction);
            }
            if let Some(name) = &stage.name {
                self.names.insert(name.clone(), index);
            }
            self.stages.push(stage);
        }
    }

    fn base(
        &mut self,
        stage: &mut Stage,
        from: &super::ast::FromInstruction,
        file: &Dockerfile,
        instruction: &Instruction,
    ) {
        let lexer = Lexer::new(file.escape);
        match lexer.process(&from.base.text, &self.global_args) {
            Err(kind) => self.error(kind, instruction),
            Ok(expansion) if expansion.text.is_empty() => {
                self.error(StageError::BlankBaseName { name: from.base.text.clone() }, instruction);
            }
            // A stage's name counts only as it is stored: in lower case.
            Ok(expansion) => {
                stage.base = match self.names.get(&expansion.text) {
                    Some(&index) => Source::Stage(index),
                    None if expansion.text == "scratch" => Source::Scratch,
                    None => Source::Image(expansion.text),
                }
            }
        }
        stage.name = from.stage_name();
        if let Some(name) = &stage.name {
            stage.label.clone_from(name);
        }
        let Some(platform) = &from.platform else { return };
        match lexer.process(&platform.text, &self.global_args) {
            Err(kind) => self.error(kind, instruction),
            Ok(expansion) if expansion.text.is_empty() => {
                let names: Vec<&str> = self.global_args.names().collect();
                let hints = expansion.unmatched.iter().map(|name| nearest(name, names.iter().copied()));
                let suggestion = hints.into_iter().find(|hint| !hint.is_empty()).unwrap_or_default();
                self.error(StageError::EmptyPlatform { expression: platform.text.clone(), suggestion }, instruction);
            }
            Ok(expansion) => match Platform::parse(&expansion.text) {
                Ok(parsed) => stage.platform = Some(parsed),
                Err(reason) => {
                    self.error(StageError::InvalidPlatform { expression: platform.text.clone(), reason }, instruction);
                }
            },
        }
    }

    fn choose_target(&mut self, file: &Dockerfile, options: &BuildOptions) {
        self.target = self.stages.len().checked_sub(1);
        let Some(target) = options.target.as_deref().filter(|name| !name.is_empty()) else { return };
        match self.names.get(&target.to_lowercase()) {
            Some(&index) => self.target = Some(index),
            None => {
                let suggestion = nearest(target, self.stages.iter().map(|stage| stage.label.as_str()));
                let kind = StageError::UnknownTarget { target: target.to_owned(), suggestion };
                let span =
                    file.instructions.last().map_or(Span::default(), |last| Span::new(last.span.end, last.span.end));
                self.diagnostics.push(Diagnostic::error(kind, span, None));
                self.target = None;
            }
        }
    }

    fn connect(&mut self, file: &Dockerfile) {
        for index in 0..self.stages.len() {
            let mut references = Vec::new();
            for at in self.stages[index].instructions.clone() {
                let instruction = &file.instructions[at];
                for (mount, source) in self.sources(&instruction.kind) {
                    match source {
                        Ok(source) => references.push(StageReference { instruction: at, mount, source }),
                        // BuildKit reports these without a line.
                        Err(kind) => self.diagnostics.push(Diagnostic::error(kind, instruction.span, None)),
                    }
                }
            }
            self.stages[index].references = references;
        }
    }

    /// What an instruction refers to: for COPY one source at most, for RUN one for each mount that has a `from`.
    fn sources(&mut self, kind: &InstructionKind) -> Vec<(Option<usize>, Result<Source, DiagnosticKind>)> {
        match kind {
            InstructionKind::Copy(copy) => {
                let from = copy.from.iter();
                from.map(|from| (None, self.copy_source(&from.text))).collect()
            }
            InstructionKind::Run(run) => {
                let froms = run.mounts.iter().enumerate();
                let froms = froms.filter_map(|(at, mount)| Some((at, mount_source(&mount.text)?)));
                let froms: Vec<_> = froms.collect();
                froms.into_iter().map(|(at, from)| (Some(at), Ok(self.named(&from)))).collect()
            }
            _ => Vec::new(),
        }
    }

    fn copy_source(&mut self, from: &str) -> Result<Source, DiagnosticKind> {
        let expansion = Lexer::new('\\').process(from, &EnvList::new())?;
        if expansion.text != from {
            return Err(StageError::VariableInFrom {}.into());
        }
        let Ok(index) = from.parse::<i64>() else { return Ok(self.named(from)) };
        let known = usize::try_from(index).ok();
        match known.and_then(|index| self.numbered(index)) {
            Some(source) => Ok(source),
            None => Err(StageError::InvalidStageIndex { index }.into()),
        }
    }

    fn numbered(&self, index: usize) -> Option<Source> {
        match index.checked_sub(self.stages.len()) {
            None => Some(Source::Stage(index)),
            Some(image) => self.images.get(image).map(|name| image_source(name)),
        }
    }

    /// A stage's name in any case, else an image.
    fn named(&mut self, from: &str) -> Source {
        if let Some(&index) = self.names.get(&from.to_lowercase()) {
            return Source::Stage(index);
        }
        self.images.push(from.to_owned());
        image_source(from)
    }

    /// Every image name must be one, needed or not.
    fn check_references(&mut self, file: &Dockerfile) {
        let mut errors = Vec::new();
        let invalid = |name: &str| {
            let reason = Reference::parse(name).err()?;
            Some(StageError::InvalidReference { name: name.to_owned(), reason })
        };
        for stage in &self.stages {
            let instruction = &file.instructions[stage.from];
            if let Source::Image(name) = &stage.base
                && let Some(kind) = invalid(name)
            {
                errors.push(Diagnostic::error(kind, instruction.span, Some(instruction.first_line)));
            }
        }
        for reference in self.stages.iter().flat_map(|stage| &stage.references) {
            let instruction = &file.instructions[reference.instruction];
            if let Source::Image(name) = &reference.source
                && let Some(kind) = invalid(name)
            {
                let line = Some(instruction.first_line).filter(|_| reference.mount.is_none());
                errors.push(Diagnostic::error(kind, instruction.span, line));
            }
        }
        // BuildKit looks at all of them at once; the last one's answer comes first.
        errors.reverse();
        self.diagnostics.append(&mut errors);
    }

    /// Marks what the target needs. Triggers of base stages may need more.
    fn reach(&mut self, file: &Dockerfile) {
        let Some(target) = self.target else { return };
        let mut pending = vec![target];
        while let Some(index) = pending.pop() {
            if !self.stages[index].reachable {
                self.stages[index].reachable = true;
                self.stage_triggers(index, file);
            }
            let stage = &self.stages[index];
            let sources = stage.references.iter().map(|reference| &reference.source);
            let triggered = stage.triggers.iter().flat_map(|trigger| &trigger.sources);
            for source in sources.chain(triggered).chain([&stage.base]) {
                if let Source::Stage(next) = source
                    && !self.stages[*next].reachable
                {
                    pending.push(*next);
                }
            }
        }
    }

    /// The triggers that a stage gets from a base that is a stage: those written in it, not those it inherited.
    fn stage_triggers(&mut self, index: usize, file: &Dockerfile) {
        let Source::Stage(base) = self.stages[index].base else { return };
        let instructions = self.stages[base].instructions.clone();
        let expressions = file.instructions[instructions].iter().filter_map(|instruction| match &instruction.kind {
            InstructionKind::Onbuild(onbuild) => Some(onbuild.expression.clone()),
            _ => None,
        });
        let expressions: Vec<String> = expressions.collect();
        self.parse_triggers(index, &expressions, file);
    }

    fn parse_triggers(&mut self, index: usize, expressions: &[String], file: &Dockerfile) {
        if std::mem::replace(&mut self.stages[index].triggers_known, true) {
            return;
        }
        let from = &file.instructions[self.stages[index].from];
        for expression in expressions {
            let parsed = parse_trigger(expression).and_then(|instruction| {
                let sources: Result<Vec<_>, _> =
                    self.sources(&instruction.kind).into_iter().map(|(_, source)| source).collect();
                Ok(Trigger { expression: expression.clone(), instruction, sources: sources? })
            });
            match parsed {
                Ok(trigger) => self.stages[index].triggers.push(trigger),
                Err(kind) => self.error(kind, from),
            }
        }
    }

    /// Adds the triggers that a base image holds (`OnBuild` of its config) to a stage, and marks what they need. Call it
    /// once for each reachable stage that starts from an image; further calls change nothing.
    pub fn add_triggers(&mut self, stage: usize, expressions: &[String], file: &Dockerfile) {
        self.parse_triggers(stage, expressions, file);
        for stage in &mut self.stages {
            stage.reachable = false;
        }
        self.reach(file);
    }

    /// The stage's name as steps show it: `build`, `stage-1`; nothing if the file has one stage and copies from no image.
    pub fn step_label(&self, stage: usize) -> &str {
        match self.stages.get(stage) {
            Some(stage) if self.stages.len() + self.images.len() > 1 => &stage.label,
            _ => "",
        }
    }

    /// The stage that an instruction belongs to; none before the first FROM.
    pub fn stage_of(&self, instruction: usize) -> Option<&Stage> {
        self.stages.iter().rfind(|stage| stage.from <= instruction)
    }

    /// The stages that the target needs, in the order in which they are built: that of the file.
    pub fn reachable(&self) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(|stage| stage.reachable)
    }
}

fn image_source(name: &str) -> Source {
    if name == "scratch" { Source::Scratch } else { Source::Image(name.to_owned()) }
}

impl Stage {
    /// What a COPY of this stage copies from; none for the build context.
    pub fn copy_source(&self, instruction: usize) -> Option<&Source> {
        self.mount_source(instruction, None)
    }

    /// What a mount of a RUN of this stage shows; none for the build context.
    pub fn mount_source(&self, instruction: usize, mount: Option<usize>) -> Option<&Source> {
        let mut references = self.references.iter();
        let found = references.find(|reference| reference.instruction == instruction && reference.mount == mount);
        found.map(|reference| &reference.source)
    }

    /// The number of numbered steps, as in `[build 2/5]`: one for the base unless it is a stage or scratch, one for each
    /// RUN, COPY, ADD and WORKDIR, triggers included.
    pub fn step_count(&self, file: &Dockerfile) -> usize {
        let numbered = |kind: &InstructionKind| {
            matches!(
                kind,
                InstructionKind::Run(_)
                    | InstructionKind::Copy(_)
                    | InstructionKind::Add(_)
                    | InstructionKind::Workdir(_)
            )
        };
        let own = file.instructions[self.instructions.clone()].iter().filter(|instruction| numbered(&instruction.kind));
        usize::from(matches!(self.base, Source::Image(_))) + own.count() + self.triggers.len()
    }
}
