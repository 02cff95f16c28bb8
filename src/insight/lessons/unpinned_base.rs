//! A base image without a tag, or with `latest`: the name can mean another image at the next build.

use super::View;
use crate::build::outcome::BaseKind;
use crate::diagnostic::{Diagnostic, Edit, Lesson, Severity};
use crate::dockerfile::InstructionKind;
use crate::units::human;

pub(super) fn find(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let (stage, base) = (view.stage, &view.stage.base);
    if base.kind != BaseKind::Image || !floats(&base.reference) {
        return;
    }
    let from = view.build.dockerfile.instructions.iter().find(|instruction| instruction.span == stage.from.span);
    let Some(InstructionKind::From(from)) = from.map(|from| &from.kind) else { return };
    let bytes: u64 = stage.layers.iter().take(base.layers).map(|layer| layer.layer.size).sum();
    let lesson = Lesson::UnpinnedBase { image: base.reference.clone(), size: human(bytes) };
    let mut note = Diagnostic::warning(lesson, from.base.span, stage.from.first_line);
    note.severity = Severity::Note;
    // What the name was taken for is a version, if the catalogue has one.
    if !floats(&base.resolved) && !from.base.text.contains('$') {
        note = note.with_edit(Edit { span: from.base.span, replacement: base.resolved.clone() });
    }
    found.push(note);
}

/// No digest, and no tag but `latest`?
fn floats(reference: &str) -> bool {
    let name = reference.rsplit('/').next().unwrap_or(reference);
    let tag = name.split_once(':').map(|(_, tag)| tag);
    !reference.contains('@') && matches!(tag, None | Some("latest"))
}
