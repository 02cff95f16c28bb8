//! ADD: like COPY, but archives are unpacked and URLs are fetched.

use super::super::ast::{InstructionKind, Word};
use super::{ArgumentStyle, FlagKind, InstructionSpec, Parsed, Request, Sources, flag};

/// `ADD [flags] source… destination`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddInstruction {
    /// Sources and destination.
    pub sources: Sources,
    /// `--chown`; expanded.
    pub chown: Option<Word>,
    /// `--chmod`; expanded.
    pub chmod: Option<Word>,
    /// `--link`.
    pub link: bool,
    /// `--exclude`; not expanded.
    pub exclude: Vec<Word>,
    /// `--checksum`; expanded.
    pub checksum: Option<Word>,
    /// `--keep-git-dir`.
    pub keep_git_dir: Option<bool>,
    /// `--unpack`: unpack URLs too, or nothing. Without it local archives are unpacked and URLs are not.
    pub unpack: Option<bool>,
}

pub(super) const SPEC: InstructionSpec = InstructionSpec {
    name: "ADD",
    arguments: ArgumentStyle::JsonOrWords,
    flags: &[
        flag("chown", FlagKind::Value, "owner of what is added, user[:group]"),
        flag("chmod", FlagKind::Value, "mode of what is added"),
        flag("link", FlagKind::Bool, "a layer that does not depend on those below"),
        flag("keep-git-dir", FlagKind::Bool, "keep .git of a repository"),
        flag("checksum", FlagKind::Value, "what a fetched file must be"),
        flag("unpack", FlagKind::Bool, "unpack archives or not"),
        flag("exclude", FlagKind::Values, "what to leave out"),
    ],
    heredocs: true,
    layer: true,
    doc: "Add files, unpacked archives or URLs",
    parse,
};

fn parse(request: &Request<'_>) -> Parsed {
    request.source_words()?;
    let flags = request.flags()?;
    Ok(InstructionKind::Add(AddInstruction {
        sources: request.sources()?,
        chown: flags.value("chown"),
        chmod: flags.value("chmod"),
        link: flags.boolean("link").unwrap_or(false),
        exclude: flags.values("exclude"),
        checksum: flags.value("checksum"),
        keep_git_dir: flags.boolean("keep-git-dir"),
        unpack: flags.boolean("unpack"),
    }))
}
