//! ADD of plain files: COPY does, and cannot surprise.

use super::{View, layer_size, note_with};
use crate::diagnostic::{Diagnostic, Edit, Lesson};
use crate::dockerfile::{InstructionKind, remote};
use crate::units::human;

/// Endings of what ADD may unpack.
const ARCHIVES: &[&str] = &[".tar", ".tgz", ".gz", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".zst", ".tzst"];

pub(super) fn find(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for step in view.steps() {
        let Some(instruction) = view.instruction(step) else { continue };
        let InstructionKind::Add(add) = &instruction.kind else { continue };
        let special = add.checksum.is_some() || add.keep_git_dir.is_some() || add.unpack.is_some();
        let needs_add = |path: &str| {
            remote::is_url(path)
                || remote::is_git(path)
                || path.contains(['$', '*', '?', '['])
                || ARCHIVES.iter().any(|end| path.ends_with(end))
        };
        if !special && !add.sources.paths.iter().any(|path| needs_add(&path.text)) {
            let lower = instruction.keyword.text.starts_with('a');
            let replacement = if lower { "copy" } else { "COPY" }.to_owned();
            let edit = Edit { span: instruction.keyword.span, replacement };
            found.push(note_with(Lesson::AddForCopy { size: human(layer_size(step)) }, step, Some(edit)));
        }
    }
}
