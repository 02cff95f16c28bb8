//! ENTRYPOINT: the program a container is.

use super::super::ast::InstructionKind;
use super::{ArgumentStyle, CommandLine, InstructionSpec, Parsed, Request, go_quoted_list};

/// `ENTRYPOINT command` or `ENTRYPOINT ["program", "argument"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntrypointInstruction {
    /// The command.
    pub command: CommandLine,
}

impl EntrypointInstruction {
    /// The row of the history; `arguments` with the shell, if it is the shell form.
    pub fn created_by(arguments: &[String]) -> String {
        format!("ENTRYPOINT {}", go_quoted_list(arguments))
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "ENTRYPOINT",
    arguments: ArgumentStyle::JsonOrText,
    flags: &[],
    heredocs: false,
    layer: false,
    doc: "The program a container is",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    request.flags()?;
    Ok(InstructionKind::Entrypoint(EntrypointInstruction { command: request.command_line() }))
}
