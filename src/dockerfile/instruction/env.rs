//! ENV: environment variables of later steps and of containers.

use super::super::ast::InstructionKind;
use super::{ArgumentStyle, InstructionSpec, Pair, Parsed, Request};

/// `ENV name=value …`, or `ENV name value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvInstruction {
    /// In order. All are expanded with the values from before the line.
    pub pairs: Vec<Pair>,
}

impl EnvInstruction {
    /// The row of the history, for expanded names and values.
    pub fn created_by(pairs: &[(String, String)]) -> String {
        pairs.iter().fold("ENV".to_owned(), |text, (name, value)| format!("{text} {name}={value}"))
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "ENV",
    arguments: ArgumentStyle::Pairs,
    flags: &[],
    heredocs: false,
    layer: false,
    doc: "Set environment variables",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    request.flags()?;
    Ok(InstructionKind::Env(EnvInstruction { pairs: request.pairs()? }))
}
