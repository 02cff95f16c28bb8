//! USER: who runs later steps and containers.

use super::super::ast::{InstructionKind, Word};
use super::{ArgumentStyle, InstructionSpec, Parsed, Request};

/// `USER user[:group]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserInstruction {
    /// The rest of the line; expanded.
    pub user: Word,
}

impl UserInstruction {
    /// The row of the history, for the expanded user.
    pub fn created_by(user: &str) -> String {
        format!("USER {user}")
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "USER",
    arguments: ArgumentStyle::Text,
    flags: &[],
    heredocs: false,
    layer: false,
    doc: "Set the user of later steps and of containers",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    let user = request.one_text()?;
    request.flags()?;
    Ok(InstructionKind::User(UserInstruction { user }))
}
