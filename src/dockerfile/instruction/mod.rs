//! The instructions: one file each, and the table that drives parsing, help and highlighting.

mod add;
mod arg;
mod cmd;
mod copy;
mod entrypoint;
mod env;
mod expose;
mod from;
mod healthcheck;
mod label;
mod maintainer;
pub mod mount;
mod onbuild;
mod run;
mod shared;
mod shell;
mod stopsignal;
mod user;
mod volume;
mod workdir;

pub use add::AddInstruction;
pub use arg::{ArgDeclaration, ArgInstruction};
pub use cmd::CmdInstruction;
pub use copy::CopyInstruction;
pub use entrypoint::EntrypointInstruction;
pub use env::EnvInstruction;
pub use expose::{ExposeInstruction, exposed_ports};
pub use from::FromInstruction;
pub use healthcheck::{Healthcheck, HealthcheckCommand, HealthcheckInstruction};
pub use label::LabelInstruction;
pub use maintainer::MaintainerInstruction;
pub use onbuild::OnbuildInstruction;
pub use run::{Program, RunInstruction};
pub use shared::{CommandLine, InlineFile, Pair, Sources, go_list, go_quoted_list};
pub use shell::ShellInstruction;
pub use stopsignal::StopsignalInstruction;
pub use user::UserInstruction;
pub use volume::VolumeInstruction;
pub use workdir::WorkdirInstruction;

pub(super) use shared::{Arguments, Parsed, Problem, Request};

use super::frontend::Frontend;

/// How the part after keyword and flags is cut up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentStyle {
    /// Words between blanks.
    Words,
    /// A JSON array of strings, else words between blanks.
    JsonOrWords,
    /// A JSON array of strings, else the rest of the line: exec form and shell form.
    JsonOrText,
    /// The rest of the line.
    Text,
    /// Words with quotes: `name` or `name=value`.
    Declarations,
    /// `name=value …`, or the legacy `name value`.
    Pairs,
    /// `NONE`, or `CMD` and a command.
    Health,
    /// Another instruction.
    Trigger,
}

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagKind {
    /// Nothing, `true` or `false`.
    Bool,
    /// A value, once.
    Value,
    /// A value, any number of times.
    Values,
}

/// A flag of an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlagSpec {
    /// Without the dashes.
    pub name: &'static str,
    /// What it takes.
    pub kind: FlagKind,
    /// The least frontend that knows it.
    pub since: Frontend,
    /// One line about it.
    pub doc: &'static str,
}

const fn flag(name: &'static str, kind: FlagKind, doc: &'static str) -> FlagSpec {
    FlagSpec { name, kind, since: Frontend::BuiltIn, doc }
}

/// A row of [`INSTRUCTIONS`].
#[derive(Debug, Clone, Copy)]
pub struct InstructionSpec {
    /// In upper case.
    pub name: &'static str,
    /// How its arguments are cut up.
    pub arguments: ArgumentStyle,
    /// Its flags.
    pub flags: &'static [FlagSpec],
    /// May it have here-documents?
    pub heredocs: bool,
    /// Does it make a layer? (WORKDIR does, but for `/`.) The others are rows of the history with 0 bytes, but for FROM
    /// and ONBUILD, which are none.
    pub layer: bool,
    /// One line about it.
    pub doc: &'static str,
    pub(super) parse: fn(&Request<'_>) -> Parsed,
}

/// All instructions, by name.
pub static INSTRUCTIONS: &[InstructionSpec] = &[
    add::SPEC,
    arg::SPEC,
    cmd::SPEC,
    copy::SPEC,
    entrypoint::SPEC,
    env::SPEC,
    expose::SPEC,
    from::SPEC,
    healthcheck::SPEC,
    label::SPEC,
    maintainer::SPEC,
    onbuild::SPEC,
    run::SPEC,
    shell::SPEC,
    stopsignal::SPEC,
    user::SPEC,
    volume::SPEC,
    workdir::SPEC,
];

/// The row of an instruction, in any case.
pub fn spec(name: &str) -> Option<&'static InstructionSpec> {
    INSTRUCTIONS.iter().find(|spec| spec.name.eq_ignore_ascii_case(name))
}
