//! COPY: files from the build context, a stage or an image.

use super::super::ast::{InstructionKind, Word};
use super::super::frontend::Frontend;
use super::{ArgumentStyle, FlagKind, FlagSpec, InstructionSpec, Parsed, Request, Sources, flag};

/// `COPY [flags] source… destination`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyInstruction {
    /// Sources and destination.
    pub sources: Sources,
    /// `--from`: a stage's name or number, or an image; not expanded.
    pub from: Option<Word>,
    /// `--chown`; expanded.
    pub chown: Option<Word>,
    /// `--chmod`; expanded.
    pub chmod: Option<Word>,
    /// `--link`.
    pub link: bool,
    /// `--parents`: keep the sources' parent directories.
    pub parents: bool,
    /// `--exclude`; not expanded.
    pub exclude: Vec<Word>,
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "COPY",
    arguments: ArgumentStyle::JsonOrWords,
    flags: &[
        flag("chown", FlagKind::Value, "owner of what is copied, user[:group]"),
        flag("from", FlagKind::Value, "a stage or an image instead of the build context"),
        flag("chmod", FlagKind::Value, "mode of what is copied"),
        flag("link", FlagKind::Bool, "a layer that does not depend on those below"),
        flag("exclude", FlagKind::Values, "what to leave out"),
        FlagSpec { since: Frontend::Newer, ..flag("parents", FlagKind::Bool, "keep parent directories") },
    ],
    heredocs: true,
    layer: true,
    doc: "Copy files from the context, a stage or an image",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    request.source_words()?;
    let flags = request.flags()?;
    Ok(InstructionKind::Copy(CopyInstruction {
        sources: request.sources()?,
        from: flags.value("from"),
        chown: flags.value("chown"),
        chmod: flags.value("chmod"),
        link: flags.boolean("link").unwrap_or(false),
        parents: flags.boolean("parents").unwrap_or(false),
        exclude: flags.values("exclude"),
    }))
}
