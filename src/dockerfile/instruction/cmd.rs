//! CMD: what a container runs, or the arguments of its entrypoint.

use super::super::ast::InstructionKind;
use super::{ArgumentStyle, CommandLine, InstructionSpec, Parsed, Request, go_quoted_list};

/// `CMD command` or `CMD ["program", "argument"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CmdInstruction {
    /// The command.
    pub command: CommandLine,
}

impl CmdInstruction {
    /// The row of the history; `arguments` with the shell, if it is the shell form.
    pub fn created_by(arguments: &[String]) -> String {
        format!("CMD {}", go_quoted_list(arguments))
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "CMD",
    arguments: ArgumentStyle::JsonOrText,
    flags: &[],
    heredocs: false,
    layer: false,
    doc: "What a container runs by default",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    request.flags()?;
    Ok(InstructionKind::Cmd(CmdInstruction { command: request.command_line() }))
}
