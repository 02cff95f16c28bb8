//! MAINTAINER: the author; deprecated, LABEL does it.

use super::super::ast::{InstructionKind, Word};
use super::{ArgumentStyle, InstructionSpec, Parsed, Request};

/// `MAINTAINER name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaintainerInstruction {
    /// The rest of the line; not expanded.
    pub author: Word,
}

impl MaintainerInstruction {
    /// The row of the history.
    pub fn created_by(&self) -> String {
        format!("MAINTAINER {}", self.author.text)
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "MAINTAINER",
    arguments: ArgumentStyle::Text,
    flags: &[],
    heredocs: false,
    layer: false,
    doc: "Name the author (deprecated)",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    let author = request.one_text()?;
    request.flags()?;
    Ok(InstructionKind::Maintainer(MaintainerInstruction { author }))
}
