//! LABEL: metadata of the image.

use super::super::ast::InstructionKind;
use super::{ArgumentStyle, InstructionSpec, Pair, Parsed, Request};

/// `LABEL name=value …`, or `LABEL name value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelInstruction {
    /// In order; names and values are expanded.
    pub pairs: Vec<Pair>,
}

impl LabelInstruction {
    /// The row of the history, for expanded names and values.
    pub fn created_by(pairs: &[(String, String)]) -> String {
        pairs.iter().fold("LABEL".to_owned(), |text, (name, value)| format!("{text} {name}={value}"))
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "LABEL",
    arguments: ArgumentStyle::Pairs,
    flags: &[],
    heredocs: false,
    layer: false,
    doc: "Add metadata to the image",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    request.flags()?;
    Ok(InstructionKind::Label(LabelInstruction { pairs: request.pairs()? }))
}
