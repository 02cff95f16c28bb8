//! The way through a file, in BuildKit's order, and where it stops.

use super::convert::{Args, Conversion, convert};
use super::state::{BaseConfig, FileView, Inputs, StageView, State, Step};
use super::{CheckOptions, Run, Sink};
use crate::diagnostic::{Diagnostic, DiagnosticKind, LexError, Phase, Severity, StageError};
use crate::dockerfile::expand::EnvList;
use crate::dockerfile::{Dockerfile, Frontend, Instruction, InstructionKind, Source, StageGraph};
use crate::span::Span;

/// What the checks came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Findings, in the order in which BuildKit makes them, each once for a line.
    pub findings: Vec<Diagnostic>,
    /// The error at which BuildKit stops before anything runs: of parsing, of the stages, of the instructions' values,
    /// or of findings with `# check=error=true`. None if the build can start. Missing sources are not looked for.
    pub error: Option<Diagnostic>,
}

const DEFAULT_PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Checks a file. `graph` is its plan, with the triggers of base images added.
pub fn check(file: &Dockerfile, graph: &StageGraph, inputs: &Inputs<'_>) -> Outcome {
    let options = match check_options(file, inputs) {
        Ok(options) => options,
        Err(error) => return Outcome { findings: Vec::new(), error: Some(*error) },
    };
    let mut sink = Sink::new(options);
    let error = walk(file, graph, inputs, &mut sink);
    let error = error.or_else(|| violations(&sink));
    Outcome { findings: sink.findings, error }
}

/// The options: of `--build-arg BUILDKIT_DOCKERFILE_CHECK`, else of the directive.
fn check_options(file: &Dockerfile, inputs: &Inputs<'_>) -> Result<CheckOptions, Box<Diagnostic>> {
    let directive = file.directive("check");
    let given = inputs.options.build_args.get("BUILDKIT_DOCKERFILE_CHECK");
    let text = given.or(directive.map(|directive| directive.value.text.as_str())).unwrap_or("");
    CheckOptions::parse(text).map_err(|message| {
        let span = directive.map_or(Span::default(), |directive| directive.value.span);
        Box::new(Diagnostic::error(LexError::CheckOptions { message }, span, None))
    })
}

/// `error=true` fails the build once everything has been looked at.
fn violations(sink: &Sink) -> Option<Diagnostic> {
    let mut rules: Vec<&str> = Vec::new();
    for finding in &sink.findings {
        if !rules.contains(&finding.kind.code()) {
            rules.push(finding.kind.code());
        }
    }
    let first = sink.findings.first().filter(|_| sink.options.error)?;
    Some(Diagnostic::error(StageError::LintViolations { rules: rules.join(", ") }, first.span, None))
}

fn walk(file: &Dockerfile, graph: &StageGraph, inputs: &Inputs<'_>, sink: &mut Sink) -> Option<Diagnostic> {
    let parse_error = file.fatal();
    if parse_error.is_some_and(|error| error.kind.phase() < Phase::Instructions) {
        return parse_error.cloned();
    }
    sink.run(|run, sink| {
        if let Run::Text(rule) = run {
            rule(file, sink);
        }
    });
    // An instruction that is not understood is still looked at, those after it are not.
    let last = parse_error.and_then(|error| error.line).unwrap_or(usize::MAX);
    for instruction in file.instructions.iter().filter(|instruction| instruction.first_line <= last) {
        sink.run(|run, sink| {
            if let Run::Instruction(rule) = run {
                rule(instruction, sink);
            }
        });
    }
    if let Some(error) = parse_error {
        return Some(error.clone());
    }
    let view = FileView { file, options: inputs.options };
    sink.run(|run, sink| {
        if let Run::File(rule) = run {
            rule(&view, sink);
        }
    });
    let error = graph.diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    // Stages are set up in order, up to the first whose FROM does not work.
    let failing = error.and_then(|error| Some((error.line?, &error.kind)));
    let failing = failing.filter(|(_, kind)| {
        !matches!(
            kind,
            DiagnosticKind::Stage(StageError::CircularDependency { .. } | StageError::InvalidReference { .. })
        )
    });
    let first_from = graph.stages.first().map_or(usize::MAX, |stage| file.instructions[stage.from].first_line);
    let globals_fail = failing.is_some_and(|(line, _)| line < first_from);
    let failing = failing.map_or(usize::MAX, |(line, _)| line);
    for stage in
        graph.stages.iter().filter(|stage| !globals_fail && file.instructions[stage.from].first_line <= failing)
    {
        let view = StageView { file, graph, stage };
        sink.run(|run, sink| {
            if let Run::Stage(rule) = run {
                rule(&view, sink);
            }
        });
    }
    if let Some(error) = error {
        return Some(error.clone());
    }
    stages(file, graph, inputs, sink)
}

/// The stages that are reached, instruction by instruction.
fn stages(file: &Dockerfile, graph: &StageGraph, inputs: &Inputs<'_>, sink: &mut Sink) -> Option<Diagnostic> {
    let mut states: Vec<Option<State>> = vec![None; graph.stages.len()];
    let mut configs: Vec<Option<BaseConfig>> = vec![None; graph.stages.len()];
    for stage in graph.reachable() {
        let triggered = stage.triggers.iter().flat_map(|trigger| &trigger.sources);
        for source in stage.references.iter().map(|reference| &reference.source).chain(triggered) {
            if let Source::Image(name) = source {
                (inputs.base)(name)?;
            }
        }
        if let Source::Image(name) = &stage.base {
            let config = (inputs.base)(name)?;
            let view = StageView { file, graph, stage };
            sink.run(|run, sink| {
                if let Run::Base(rule) = run {
                    rule(&view, &config, sink);
                }
            });
            configs[stage.index] = Some(config);
        }
    }
    for stage in graph.reachable() {
        let mut state = match &stage.base {
            Source::Stage(base) => states[*base].clone().unwrap_or_default(),
            _ => start(configs[stage.index].as_ref()),
        };
        state.last.clear();
        let from = &file.instructions[stage.from];
        for trigger in &stage.triggers {
            let later = trigger.sources.iter().find_map(|source| later_stage(graph, stage.index, source));
            let walker =
                Walker { file, graph, inputs, later: later.map(|name| vec![(None, name)]).unwrap_or_default() };
            let place = (from.span, from.first_line);
            let copies = trigger.sources.is_empty();
            if let Some(error) = walker.step(&trigger.instruction, place, true, copies, &mut state, sink, &stage.label)
            {
                return Some(error);
            }
        }
        for at in stage.instructions.clone() {
            let instruction = &file.instructions[at];
            let references = stage.references.iter().filter(|reference| reference.instruction == at);
            let later = references
                .filter_map(|reference| Some((reference.mount, later_stage(graph, stage.index, &reference.source)?)));
            let walker = Walker { file, graph, inputs, later: later.collect() };
            let place = (instruction.span, instruction.first_line);
            let copies = stage.copy_source(at).is_none();
            if let Some(error) = walker.step(instruction, place, false, copies, &mut state, sink, &stage.label) {
                return Some(error);
            }
        }
        states[stage.index] = Some(state);
    }
    None
}

/// The name of a source that is a stage and is built after this one.
fn later_stage(graph: &StageGraph, stage: usize, source: &Source) -> Option<String> {
    match source {
        Source::Stage(index) if *index > stage => graph.stages.get(*index).map(|later| later.label.clone()),
        _ => None,
    }
}

fn start(config: Option<&BaseConfig>) -> State {
    let mut state = State::default();
    if let Some(config) = config {
        state.env = EnvList::from_strings(config.env.iter().map(String::as_str));
        state.working_dir.clone_from(&config.working_dir);
        state.has_shell = config.has_shell;
    }
    if state.env.get("PATH").is_none() {
        let path = EnvList::from_strings([DEFAULT_PATH]);
        state.env.set("PATH", path.get("PATH").unwrap_or(""));
    }
    state
}

struct Walker<'a> {
    file: &'a Dockerfile,
    graph: &'a StageGraph,
    inputs: &'a Inputs<'a>,
    /// Stages that the instruction refers to and that are not built yet, by mount.
    later: Vec<(Option<usize>, String)>,
}

impl Walker<'_> {
    #[allow(clippy::too_many_arguments)]
    fn step(
        &self,
        instruction: &Instruction,
        (span, line): (Span, usize),
        trigger: bool,
        from_context: bool,
        state: &mut State,
        sink: &mut Sink,
        label: &str,
    ) -> Option<Diagnostic> {
        let args = Args { given: &self.inputs.options.build_args, globals: &self.graph.global_args };
        let frontend =
            self.file.directive("syntax").map_or(Frontend::BuiltIn, |syntax| Frontend::named(&syntax.value.text));
        let later = |at: usize| self.later.iter().find(|(mount, _)| *mount == Some(at)).map(|(_, name)| name.clone());
        let mut conversion = convert(instruction, self.file.escape, state, args, &later, frontend);
        if let InstructionKind::Copy(copy) = &instruction.kind
            && let Some(from) = &copy.from
            && self.later.iter().any(|(mount, _)| mount.is_none())
        {
            let kind = StageError::NotDefinedBefore { from: from.text.clone(), stage: label.to_owned() };
            conversion.error = Some(conversion.error.unwrap_or(kind.into()));
        }
        let ignore = self.inputs.ignore.filter(|_| from_context);
        let step = Step {
            instruction,
            trigger,
            line,
            span,
            state,
            words: &conversion.words,
            ports: &conversion.ports,
            ignore,
        };
        let failed = conversion.error.is_some();
        sink.run(|run, sink| match run {
            Run::Step(rule) if !failed || reports_before_error(sink.rule.name, instruction) => rule(&step, sink),
            _ => {}
        });
        if let Some(kind) = conversion.error {
            return Some(Diagnostic::error(kind, span, Some(line)));
        }
        apply(instruction, (span, line), &conversion, state);
        None
    }
}

/// What the instruction changes for those after it.
fn apply(instruction: &Instruction, (span, line): (Span, usize), done: &Conversion, state: &mut State) {
    let text = |word: &crate::dockerfile::Word| {
        done.words
            .iter()
            .find(|(known, _)| known == word)
            .map_or(String::new(), |(_, expansion)| expansion.text.clone())
    };
    match &instruction.kind {
        InstructionKind::Env(env) => {
            for pair in &env.pairs {
                state.env.set(&text(&pair.name), &text(&pair.value));
            }
        }
        InstructionKind::Arg(_) => {
            for (name, value) in &done.declared {
                state.declared.push(name.clone());
                if let Some(value) = value {
                    state.env.set(name, value);
                }
            }
        }
        InstructionKind::Workdir(workdir) => {
            let path = text(&workdir.path);
            let joined = if path.starts_with('/') { path } else { format!("/{}/{path}", state.working_dir) };
            state.working_dir = crate::glob::clean(&joined);
            state.workdir_set = true;
        }
        InstructionKind::Shell(_) => state.has_shell = true,
        InstructionKind::Cmd(_) | InstructionKind::Entrypoint(_) | InstructionKind::Healthcheck(_) => {
            state.last.retain(|(name, ..)| *name != instruction.name);
            state.last.push((instruction.name.clone(), span, line));
        }
        _ => {}
    }
}

/// Findings that BuildKit makes about an instruction before it meets the instruction's own error.
fn reports_before_error(rule: &str, instruction: &Instruction) -> bool {
    match rule {
        "UndefinedVar" | "ExposeInvalidFormat" | "ExposeProtoCasing" => true,
        "SecretsUsedInArgOrEnv" => instruction.name == "ARG",
        _ => false,
    }
}

/// All errors and findings that an editor shows for a file: those of parsing and of the stages, all of them, and the
/// checks' findings. The error that BuildKit stops at is `outcome.error`.
pub fn diagnostics(file: &Dockerfile, graph: &StageGraph, outcome: &Outcome) -> Vec<Diagnostic> {
    let mut list = file.diagnostics.clone();
    list.extend(graph.diagnostics.iter().cloned());
    if let Some(error) = &outcome.error
        && !list.contains(error)
    {
        list.push(error.clone());
    }
    list.extend(outcome.findings.iter().cloned());
    list
}
