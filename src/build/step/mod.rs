//! What each instruction does. Planning turns it into an [`Op`] and a row of the history, with everything expanded and the
//! image config changed; nothing runs yet. Errors come in this phase whatever their lines, as BuildKit has it.

mod config;
pub(super) mod copy;
pub(super) mod run;
pub(super) mod workdir;

use crate::diagnostic::DiagnosticKind;
use crate::dockerfile::expand::{EnvList, Lexer};
use crate::dockerfile::stages::Source;
use crate::dockerfile::{Instruction, InstructionKind, Word};
use crate::image::ContainerConfig;
use std::sync::Arc;

/// What a step does to the filesystem.
#[derive(Debug, Clone)]
pub(super) enum Op {
    /// Nothing: it changes the config only.
    Config,
    /// RUN.
    Run(Arc<run::RunOp>),
    /// COPY and ADD.
    Copy(Arc<copy::CopyOp>),
    /// WORKDIR, but for `/`.
    Workdir(workdir::WorkdirOp),
}

impl Op {
    /// Does it make a layer?
    pub fn makes_layer(&self) -> bool {
        !matches!(self, Op::Config)
    }

    /// All that the cache key is made of, but for the files that go into the step.
    pub fn definition(&self) -> String {
        match self {
            Op::Copy(copy) => format!("COPY {}", copy.definition()),
            Op::Run(run) => format!("RUN {}", run.definition()),
            Op::Workdir(workdir) => format!("WORKDIR {workdir:?}"),
            Op::Config => String::new(),
        }
    }
}

/// What an instruction comes to.
pub(super) struct Planned {
    /// What it does.
    pub op: Op,
    /// Its row of the history; none for ONBUILD.
    pub created_by: Option<String>,
}

impl Planned {
    fn config(created_by: String) -> Result<Self, DiagnosticKind> {
        Ok(Self { op: Op::Config, created_by: Some(created_by) })
    }
}

/// A stage while it is planned.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// The image config so far.
    pub config: ContainerConfig,
    /// Variables of RUN and of expansion: ENV and ARG; of one name the later counts.
    pub env: EnvList,
    /// The ARGs so far, with their values.
    pub build_args: Vec<(String, Option<String>)>,
    /// CMD was set in this stage: a new ENTRYPOINT keeps it.
    pub cmd_set: bool,
}

impl State {
    /// The start of a stage on this config.
    pub fn new(config: ContainerConfig) -> Self {
        let env = EnvList::from_strings(config.env.iter().map(String::as_str));
        Self { config, env, build_args: Vec::new(), cmd_set: false }
    }

    /// What the shell form starts with.
    pub fn shell(&self) -> Vec<String> {
        if self.config.shell.is_empty() {
            vec!["/bin/sh".to_owned(), "-c".to_owned()]
        } else {
            self.config.shell.clone()
        }
    }

    /// The working directory.
    pub fn dir(&self) -> &str {
        if self.config.working_dir.is_empty() { "/" } else { &self.config.working_dir }
    }

    /// A path from the working directory; a trailing slash stays.
    pub fn path(&self, path: &str) -> String {
        let absolute = crate::path::AbsPath::new(self.dir()).join(path);
        let is_dir = path.ends_with('/') || path == "." || path.ends_with("/.") || path.is_empty();
        if is_dir && !absolute.is_root() { format!("{absolute}/") } else { absolute.to_string() }
    }
}

/// What planning a stage needs besides its state.
pub(super) struct Scope<'a> {
    /// How words are read.
    pub lexer: Lexer,
    /// `--build-arg`.
    pub build_args: &'a EnvList,
    /// ARGs before the first FROM, and the platform's own.
    pub globals: &'a EnvList,
    /// What the instruction's `--from` (none), or the `from` of one of its mounts, refers to; none for the context.
    pub source: &'a dyn Fn(Option<usize>) -> Option<Source>,
}

impl Scope<'_> {
    fn expand(&self, word: &Word, state: &State) -> Result<String, DiagnosticKind> {
        Ok(self.lexer.process(&word.text, &state.env)?.text)
    }

    fn expand_all(&self, words: &[Word], state: &State) -> Result<Vec<String>, DiagnosticKind> {
        words.iter().map(|word| self.expand(word, state)).collect()
    }
}

/// Plans one instruction.
///
/// # Errors
/// Words that do not expand, flags and values that BuildKit refuses when it has expanded them.
pub(super) fn plan(instruction: &Instruction, state: &mut State, scope: &Scope<'_>) -> Result<Planned, DiagnosticKind> {
    match &instruction.kind {
        InstructionKind::Run(run) => run::plan(run, instruction, state, scope),
        InstructionKind::Copy(copy) => copy::plan_copy(copy, state, scope),
        InstructionKind::Add(add) => copy::plan_add(add, state, scope),
        InstructionKind::Workdir(workdir) => workdir::plan(workdir, state, scope),
        _ => config::plan(instruction, state, scope),
    }
}
