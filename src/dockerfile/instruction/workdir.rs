//! WORKDIR: the working directory, which is created if it is missing.

use super::super::ast::{InstructionKind, Word};
use super::{ArgumentStyle, InstructionSpec, Parsed, Request};

/// `WORKDIR path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkdirInstruction {
    /// The rest of the line; expanded.
    pub path: Word,
}

impl WorkdirInstruction {
    /// The row of the history (it has no `# buildkit`), for the absolute path.
    pub fn created_by(path: &str) -> String {
        format!("WORKDIR {path}")
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "WORKDIR",
    arguments: ArgumentStyle::Text,
    flags: &[],
    heredocs: false,
    layer: true,
    doc: "Set and create the working directory",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    let path = request.one_text()?;
    request.flags()?;
    Ok(InstructionKind::Workdir(WorkdirInstruction { path }))
}
