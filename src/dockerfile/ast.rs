//! The syntax tree of a Dockerfile: what stands where, unexpanded.
//!
//! Everything that BuildKit expands later is a [`Word`], whose text keeps quotes, escapes and `$` as written. The tree
//! knows nothing of stages, environments or files: see [`super::stages`] and [`super::expand`].

pub use super::instruction::{
    AddInstruction, ArgDeclaration, ArgInstruction, CmdInstruction, CommandLine, CopyInstruction,
    EntrypointInstruction, EnvInstruction, ExposeInstruction, FromInstruction, Healthcheck, HealthcheckCommand,
    HealthcheckInstruction, InlineFile, LabelInstruction, MaintainerInstruction, OnbuildInstruction, Pair,
    RunInstruction, ShellInstruction, Sources, StopsignalInstruction, UserInstruction, VolumeInstruction,
    WorkdirInstruction,
};
use crate::diagnostic::{Diagnostic, fatal};
use crate::span::Span;

/// A piece of an instruction, as BuildKit's lexer hands it on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// The text with its quotes, escapes and variables; continuations are joined.
    pub text: String,
    /// Where it stands. A word that runs over a continuation spans both lines.
    pub span: Span,
}

/// `# name=value` at the top of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// `syntax`, `escape` or `check`.
    pub name: String,
    /// The rest of the line, trimmed.
    pub value: Word,
    /// Its line, from 1.
    pub line: usize,
}

/// A flag such as `--from=build`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Without the dashes.
    pub name: String,
    /// What follows the `=`, unquoted as BuildKit does it; none without `=`.
    pub value: Option<String>,
    /// The whole flag.
    pub span: Span,
    /// The value alone; empty, at the flag's end, without one.
    pub value_span: Span,
}

/// A here-document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heredoc {
    /// The word after `<<`, unquoted: the line that ends it, and the name of the file.
    pub name: String,
    /// Does BuildKit expand variables in it (COPY and ADD)? Not if the word was quoted.
    pub expand: bool,
    /// `<<-`: leading tabs are dropped, of the last line too.
    pub strip_tabs: bool,
    /// The number before `<<`; 0 without one.
    pub descriptor: u64,
    /// The lines as they stand, line ends included, without the last.
    pub content: String,
    /// Where the content stands.
    pub span: Span,
}

impl Heredoc {
    /// The content that counts: without leading tabs if they are dropped.
    pub fn text(&self) -> String {
        if self.strip_tabs { strip_tabs(&self.content) } else { self.content.clone() }
    }
}

fn strip_tabs(content: &str) -> String {
    content.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect()
}

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// From the keyword to the end of the last line (without its line end), here-documents included.
    pub span: Span,
    /// The line of the keyword, from 1; where Docker reports most errors and findings.
    pub first_line: usize,
    /// The last line, from 1.
    pub last_line: usize,
    /// The keyword as written.
    pub keyword: Word,
    /// The keyword in upper case.
    pub name: String,
    /// What it says.
    pub kind: InstructionKind,
    /// All flags in order, understood or not.
    pub flags: Vec<Flag>,
    /// Its here-documents, in order.
    pub heredocs: Vec<Heredoc>,
    /// Whole-line comments right above it, without `#` and blanks; a bare `#` ends the paragraph.
    pub comments: Vec<String>,
    /// The instruction as one line: continuations joined, comments dropped, no here-documents, trimmed. BuildKit prints
    /// a step from it.
    pub code: String,
}

/// What an instruction says; one variant each, and one for what is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum InstructionKind {
    Add(AddInstruction),
    Arg(ArgInstruction),
    Cmd(CmdInstruction),
    Copy(CopyInstruction),
    Entrypoint(EntrypointInstruction),
    Env(EnvInstruction),
    Expose(ExposeInstruction),
    From(FromInstruction),
    Healthcheck(HealthcheckInstruction),
    Label(LabelInstruction),
    Maintainer(MaintainerInstruction),
    Onbuild(OnbuildInstruction),
    Run(RunInstruction),
    Shell(ShellInstruction),
    Stopsignal(StopsignalInstruction),
    User(UserInstruction),
    Volume(VolumeInstruction),
    Workdir(WorkdirInstruction),
    /// Not understood: a diagnostic with this instruction's line says why.
    Invalid,
}

/// A parsed Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dockerfile {
    /// The escape character: `\`, or a backtick by directive.
    pub escape: char,
    /// The parser directives, in order.
    pub directives: Vec<Directive>,
    /// The instructions, in order; those that are not understood are among them.
    pub instructions: Vec<Instruction>,
    /// Whole-line comments (directives included), for highlighting.
    pub comments: Vec<Span>,
    /// Instructions with empty lines inside: the line that Docker reports (where the continuation ends), and the first
    /// empty lines with their ends.
    pub empty_continuations: Vec<(usize, Span)>,
    /// What is wrong with the text, errors only, in the order of the text. Checks are made in [`crate::check`], stages
    /// are looked at in [`super::stages`].
    pub diagnostics: Vec<Diagnostic>,
}

impl Dockerfile {
    /// The error at which BuildKit would stop parsing; none if the text parses.
    pub fn fatal(&self) -> Option<&Diagnostic> {
        fatal(&self.diagnostics)
    }

    /// The value of a directive.
    pub fn directive(&self, name: &str) -> Option<&Directive> {
        self.directives.iter().find(|directive| directive.name == name)
    }

    /// The instruction on a line (from 1), if any.
    pub fn instruction_at_line(&self, line: usize) -> Option<(usize, &Instruction)> {
        self.instructions
            .iter()
            .enumerate()
            .find(|(_, instruction)| (instruction.first_line..=instruction.last_line).contains(&line))
    }
}
