//! What rules are shown: the file, a stage, a step with the variables in effect.

use crate::diagnostic::{Diagnostic, DiagnosticKind, Edit};
use crate::dockerfile::expand::{EnvList, Expansion};
use crate::dockerfile::platform::Platform;
use crate::dockerfile::stages::BuildOptions;
use crate::dockerfile::{Dockerfile, Ignore, Instruction, Stage, StageGraph, Word};
use crate::span::Span;

/// What a base image's config tells the checks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BaseConfig {
    /// `Env`.
    pub env: Vec<String>,
    /// `WorkingDir`.
    pub working_dir: String,
    /// Has it a `Shell`?
    pub has_shell: bool,
    /// What the image was built for.
    pub platform: Platform,
}

/// What the checks need beside the file.
pub struct Inputs<'a> {
    /// What the build was asked for.
    pub options: &'a BuildOptions,
    /// The config of an image that a stage starts or copies from, by its name as written (variables expanded). None if it
    /// is not known: then BuildKit stops there, and nothing is said about the stages' instructions.
    pub base: &'a dyn Fn(&str) -> Option<BaseConfig>,
    /// The context's `.dockerignore`, if it has one.
    pub ignore: Option<&'a Ignore>,
}

/// The whole file.
pub(super) struct FileView<'a> {
    pub file: &'a Dockerfile,
    pub options: &'a BuildOptions,
}

/// One stage.
pub(super) struct StageView<'a> {
    pub file: &'a Dockerfile,
    pub graph: &'a StageGraph,
    pub stage: &'a Stage,
}

impl StageView<'_> {
    /// The stage's FROM.
    pub fn from(&self) -> &Instruction {
        &self.file.instructions[self.stage.from]
    }
}

/// What a stage has come to: variables, directory, and what was set in it.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// Environment and ARGs with a value.
    pub env: EnvList,
    /// ARGs, with a value or not.
    pub declared: Vec<String>,
    /// The working directory; empty until one is set.
    pub working_dir: String,
    /// Has the file set one?
    pub workdir_set: bool,
    /// Has a SHELL been chosen?
    pub has_shell: bool,
    /// The last CMD, ENTRYPOINT and HEALTHCHECK of this stage, with their places and lines.
    pub last: Vec<(String, Span, usize)>,
}

/// One instruction, about to be done.
pub(super) struct Step<'a> {
    pub instruction: &'a Instruction,
    /// What the base gave; its findings are reported at the FROM, and nothing can be edited.
    pub trigger: bool,
    /// Where findings are reported.
    pub line: usize,
    pub span: Span,
    /// The state before it.
    pub state: &'a State,
    /// The words that are expanded, in BuildKit's order.
    pub words: &'a [(Word, Expansion)],
    /// The ports of an EXPOSE.
    pub ports: &'a [String],
    /// The context's `.dockerignore`, if the instruction copies from the context.
    pub ignore: Option<&'a Ignore>,
}

impl Step<'_> {
    /// A finding about a part of the instruction.
    pub fn finding(&self, kind: impl Into<DiagnosticKind>, span: Span) -> Diagnostic {
        Diagnostic::warning(kind, if self.trigger { self.span } else { span }, self.line)
    }

    /// The same with a mend, where the instruction can be edited.
    pub fn finding_with_edit(&self, kind: impl Into<DiagnosticKind>, span: Span, edit: Option<Edit>) -> Diagnostic {
        let finding = self.finding(kind, span);
        match edit {
            Some(edit) if !self.trigger => finding.with_edit(edit),
            _ => finding,
        }
    }

    /// The expansion of a word of the instruction.
    pub fn expanded(&self, word: &Word) -> Option<&Expansion> {
        self.words.iter().find(|(known, _)| known == word).map(|(_, expansion)| expansion)
    }
}
