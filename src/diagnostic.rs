//! What is wrong with the user's text: a kind that carries its data, and the span it is about.
//!
//! Docker's own words are the `Display` of a [`Diagnostic`], verbatim in logs and in the report; the page words a
//! diagnostic by its code and arguments, from the Fluent files. Kinds are grouped by who finds them; each group is an
//! enum in `diagnostic/`, declared with one row per kind: variant, data, code, Docker's words. It lacks anything that
//! is not about a text: messages of the simulated system are the commands' own output.

use crate::span::{Span, line_column};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Declares one group of kinds. A row is `Variant { field: Type } = "code" => "words {field}", extra = expression;`.
macro_rules! kinds {
    ($(#[$meta:meta])* pub enum $name:ident {
        $( $(#[$vmeta:meta])* $variant:ident { $($field:ident : $ty:ty),* $(,)? } = $code:literal => $fmt:literal $(, $arg:ident = $value:expr)* ; )*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[$vmeta])* $variant { $( #[allow(missing_docs)] $field: $ty ),* }, )*
        }

        impl $name {
            /// Every code of this group, for the tests that look for its words in the Fluent files.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// A stable code.
            pub fn code(&self) -> &'static str {
                match self { $( Self::$variant { .. } => $code, )* }
            }

            /// The data, by name.
            pub fn args(&self) -> Vec<(&'static str, String)> {
                match self { $( Self::$variant { $($field),* } => vec![$((stringify!($field), $field.to_string())),*], )* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $( Self::$variant { $($field),* } => { $( let _ = $field; )* write!(f, $fmt $(, $arg = $value)*) } )*
                }
            }
        }
    };
}

mod build;
mod check;
mod expansion;
mod instruction;
mod lesson;
mod lex;
mod stage;
mod words;

pub use build::BuildError;
pub use check::Finding;
pub use expansion::ExpansionError;
pub use instruction::InstructionError;
pub use lesson::Lesson;
pub use lex::LexError;
pub use stage::StageError;
pub use words::{did_you_mean, nearest, quote};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The build cannot run.
    Error,
    /// A build check's finding.
    Warning,
    /// Something worth knowing.
    Note,
}

/// A replacement of text that mends a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub replacement: String,
}

/// What is wrong. The groups follow BuildKit's phases; see [`Phase`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiagnosticKind {
    /// The text does not fall into instructions.
    Lex(LexError),
    /// An instruction is not well formed.
    Instruction(InstructionError),
    /// A word does not expand.
    Expansion(ExpansionError),
    /// Stages, targets and references between them.
    Stage(StageError),
    /// A build check's finding.
    Check(Finding),
    /// A step of the build that cannot be done.
    Build(BuildError),
    /// Something that the build teaches beyond Docker's checks.
    Lesson(Lesson),
}

/// When BuildKit finds an error. An error of an earlier phase hides all later ones, whatever their lines
/// (`tests/cases/docker/parse-*`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Phase {
    /// The `# check=` options.
    Options,
    /// The whole file is cut into instructions.
    Lex,
    /// The instructions, in order.
    Instructions,
    /// Global ARGs, stages, image names, and what instructions expand to.
    Stages,
    /// Findings of the build checks; an error only by `# check=error=true`.
    Checks,
    /// The steps.
    Build,
}

impl DiagnosticKind {
    /// A stable code; a build check's is its rule's name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Lex(kind) => kind.code(),
            Self::Instruction(kind) => kind.code(),
            Self::Expansion(kind) => kind.code(),
            Self::Stage(kind) => kind.code(),
            Self::Check(kind) => kind.code(),
            Self::Build(kind) => kind.code(),
            Self::Lesson(kind) => kind.code(),
        }
    }

    /// The data, by the names that the Fluent messages use.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Lex(kind) => kind.args(),
            Self::Instruction(kind) => kind.args(),
            Self::Expansion(kind) => kind.args(),
            Self::Stage(kind) => kind.args(),
            Self::Check(kind) => kind.args(),
            Self::Build(kind) => kind.args(),
            Self::Lesson(kind) => kind.args(),
        }
    }

    /// When BuildKit finds it.
    pub fn phase(&self) -> Phase {
        match self {
            Self::Lex(LexError::CheckOptions { .. }) => Phase::Options,
            Self::Lex(_) => Phase::Lex,
            Self::Instruction(_) | Self::Stage(StageError::NoBuildStage {}) => Phase::Instructions,
            Self::Expansion(_) | Self::Stage(_) => Phase::Stages,
            Self::Check(_) => Phase::Checks,
            Self::Build(_) | Self::Lesson(_) => Phase::Build,
        }
    }
}

impl fmt::Display for DiagnosticKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lex(kind) => kind.fmt(f),
            Self::Instruction(kind) => kind.fmt(f),
            Self::Expansion(kind) => kind.fmt(f),
            Self::Stage(kind) => kind.fmt(f),
            Self::Check(kind) => kind.fmt(f),
            Self::Build(kind) => kind.fmt(f),
            Self::Lesson(kind) => kind.fmt(f),
        }
    }
}

macro_rules! from_group {
    ($($group:ident => $variant:ident),*) => {
        $(impl From<$group> for DiagnosticKind {
            fn from(kind: $group) -> Self {
                Self::$variant(kind)
            }
        })*
    };
}
from_group!(LexError => Lex, InstructionError => Instruction, ExpansionError => Expansion, StageError => Stage, Finding => Check, BuildError => Build, Lesson => Lesson);

/// One thing that is wrong with the text.
///
/// Its `Display` is the message as Docker prints it after `failed to solve: `, with `dockerfile parse error on line N: `
/// where Docker has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What it is.
    pub kind: DiagnosticKind,
    /// How bad it is.
    pub severity: Severity,
    /// Where in the text; what an editor underlines.
    pub span: Span,
    /// The line that Docker reports, from 1; none where Docker reports none. Not always the line of the span: an
    /// instruction's error is reported at its first line.
    pub line: Option<usize>,
    /// A mend, where it is mechanical.
    pub edit: Option<Edit>,
}

impl Diagnostic {
    /// An error about `span`, reported at `line`.
    pub fn error(kind: impl Into<DiagnosticKind>, span: Span, line: Option<usize>) -> Self {
        Self { kind: kind.into(), severity: Severity::Error, span, line, edit: None }
    }

    /// A build check's finding about `span`, reported at `line`.
    pub fn warning(kind: impl Into<DiagnosticKind>, span: Span, line: usize) -> Self {
        Self { kind: kind.into(), severity: Severity::Warning, span, line: Some(line), edit: None }
    }

    /// The same with a mend.
    pub fn with_edit(mut self, edit: Edit) -> Self {
        self.edit = Some(edit);
        self
    }

    /// Line and column (from 1) of the span's start.
    pub fn position(&self, text: &str) -> (usize, usize) {
        line_column(text, self.span.start)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (DiagnosticKind::Instruction(_), Some(line)) = (&self.kind, self.line) {
            write!(f, "dockerfile parse error on line {line}: ")?;
        }
        self.kind.fmt(f)
    }
}

/// The error at which BuildKit stops: of the earliest phase that has one, the first in the text. None if there is no error.
pub fn fatal(diagnostics: &[Diagnostic]) -> Option<&Diagnostic> {
    diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .min_by_key(|diagnostic| diagnostic.kind.phase())
}
