//! SHELL: what runs the shell form of RUN, CMD and ENTRYPOINT.

use super::super::ast::{InstructionKind, Word};
use super::{ArgumentStyle, Arguments, InstructionSpec, Parsed, Request, go_list};
use crate::diagnostic::InstructionError;

/// `SHELL ["program", "argument"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellInstruction {
    /// Program and arguments; not expanded.
    pub shell: Vec<Word>,
}

impl ShellInstruction {
    /// The row of the history.
    pub fn created_by(&self) -> String {
        format!("SHELL {}", go_list(&self.arguments()))
    }

    /// Program and arguments.
    pub fn arguments(&self) -> Vec<String> {
        self.shell.iter().map(|word| word.text.clone()).collect()
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "SHELL",
    arguments: ArgumentStyle::JsonOrText,
    flags: &[],
    heredocs: false,
    layer: false,
    doc: "Set the shell of the shell form",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    request.flags()?;
    match &request.arguments {
        Arguments::Json(words) if !words.is_empty() => {
            Ok(InstructionKind::Shell(ShellInstruction { shell: words.clone() }))
        }
        Arguments::Text(_) => Err(InstructionError::NotJson { instruction: request.name() }.into()),
        _ => Err(InstructionError::AtLeastOneArgument { instruction: request.name() }.into()),
    }
}
