//! VOLUME: mount points of containers. It creates nothing in the image.

use super::super::ast::{InstructionKind, Word};
use super::{ArgumentStyle, InstructionSpec, Parsed, Problem, Request, go_list};
use crate::diagnostic::InstructionError;

/// `VOLUME path …` or `VOLUME ["path"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeInstruction {
    /// Paths, trimmed; expanded.
    pub paths: Vec<Word>,
}

impl VolumeInstruction {
    /// The row of the history, for the expanded paths.
    pub fn created_by(paths: &[String]) -> String {
        format!("VOLUME {}", go_list(paths))
    }
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "VOLUME",
    arguments: ArgumentStyle::JsonOrWords,
    flags: &[],
    heredocs: false,
    layer: false,
    doc: "Name directories that containers keep elsewhere",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    let words = request.some_words()?;
    request.flags()?;
    let mut paths = Vec::new();
    for word in words {
        let text = word.text.trim().to_owned();
        if text.is_empty() {
            return Err(Problem::at(InstructionError::EmptyVolume {}, word.span));
        }
        paths.push(Word { text, span: word.span });
    }
    Ok(InstructionKind::Volume(VolumeInstruction { paths }))
}
