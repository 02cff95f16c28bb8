//! STOPSIGNAL: the signal that stops a container.

use super::super::ast::{InstructionKind, Word};
use super::{ArgumentStyle, InstructionSpec, Parsed, Request};

/// `STOPSIGNAL signal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopsignalInstruction {
    /// The rest of the line; expanded.
    pub signal: Word,
}

impl StopsignalInstruction {
    /// The row of the history, for the expanded signal.
    pub fn created_by(signal: &str) -> String {
        format!("STOPSIGNAL {signal}")
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "STOPSIGNAL",
    arguments: ArgumentStyle::Text,
    flags: &[],
    heredocs: false,
    layer: false,
    doc: "Set the signal that stops a container",
    parse,
};

// BuildKit does not look at the flags of STOPSIGNAL.
fn parse(request: &Request<'_>) -> Parsed {
    Ok(InstructionKind::Stopsignal(StopsignalInstruction { signal: request.one_text()? }))
}
