//! FROM: a new stage, and what it starts from.

use super::super::ast::{InstructionKind, Word};
use super::{ArgumentStyle, Arguments, FlagKind, InstructionSpec, Parsed, Problem, Request, flag};
use crate::diagnostic::InstructionError;

/// `FROM [--platform=…] base [AS name]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromInstruction {
    /// An image, a stage or `scratch`; expanded with the ARGs before the first FROM.
    pub base: Word,
    /// `AS` as written.
    pub as_keyword: Option<Word>,
    /// The stage's name as written.
    pub name: Option<Word>,
    /// `--platform`; expanded with the ARGs before the first FROM.
    pub platform: Option<Word>,
}

impl FromInstruction {
    /// The stage's name as it is stored: in lower case.
    pub fn stage_name(&self) -> Option<String> {
        self.name.as_ref().map(|name| name.text.to_lowercase())
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "FROM",
    arguments: ArgumentStyle::Words,
    flags: &[flag("platform", FlagKind::Value, "the platform of the base image")],
    heredocs: false,
    layer: false,
    doc: "Start a stage from an image or a stage",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    let words = match &request.arguments {
        Arguments::Words(words) => words.as_slice(),
        _ => &[],
    };
    let (base, as_keyword, name) = match words {
        [base] => (base, None, None),
        [base, keyword, name] if keyword.text.eq_ignore_ascii_case("as") => (base, Some(keyword), Some(name)),
        _ => return Err(InstructionError::FromArguments {}.into()),
    };
    if let Some(name) = name
        && !is_stage_name(&name.text.to_lowercase())
    {
        return Err(Problem::at(InstructionError::InvalidStageName { name: name.text.clone() }, name.span));
    }
    let flags = request.flags()?;
    Ok(InstructionKind::From(FromInstruction {
        base: base.clone(),
        as_keyword: as_keyword.cloned(),
        name: name.cloned(),
        platform: flags.value("platform"),
    }))
}

fn is_stage_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'))
}
