//! ONBUILD: an instruction for the builds that start from this image.

use super::super::ast::{InstructionKind, Word};
use super::{ArgumentStyle, Arguments, InstructionSpec, Parsed, Problem, Request};
use crate::diagnostic::InstructionError;

/// `ONBUILD instruction`. What it triggers is not checked here, but when it runs: see
/// [`super::super::parse_trigger`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnbuildInstruction {
    /// The instruction as it is stored in the image's config: one line, and its here-documents.
    pub expression: String,
    /// Its keyword as written.
    pub trigger: Word,
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "ONBUILD",
    arguments: ArgumentStyle::Trigger,
    flags: &[],
    heredocs: false,
    layer: false,
    doc: "Do this in builds that start from this image",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    let Arguments::Trigger { keyword, .. } = &request.arguments else {
        return Err(InstructionError::AtLeastOneArgument { instruction: request.name() }.into());
    };
    request.flags()?;
    match keyword.text.to_uppercase().as_str() {
        "ONBUILD" => return Err(Problem::at(InstructionError::ChainedOnbuild {}, keyword.span)),
        name @ ("MAINTAINER" | "FROM") => {
            let instruction = name.to_owned();
            return Err(Problem::at(InstructionError::OnbuildTrigger { instruction }, keyword.span));
        }
        _ => {}
    }
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\u{c}' | '\r');
    let after = request.line.trim_start_matches(is_space).get("ONBUILD".len()..).unwrap_or("");
    let mut expression = after.trim_start_matches(is_space).to_owned();
    for heredoc in request.heredocs {
        expression.push_str(&format!("\n{}{}", heredoc.content, heredoc.name));
    }
    Ok(InstructionKind::Onbuild(OnbuildInstruction { expression, trigger: keyword.clone() }))
}
