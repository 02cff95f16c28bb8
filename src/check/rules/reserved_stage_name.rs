//! Stages called `scratch` or `context`.

use super::super::state::FileView;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Finding};
use crate::dockerfile::InstructionKind;

pub(in super::super) const RULE: Rule = Rule {
    name: "ReservedStageName",
    experimental: false,
    doc: "Reserved words should not be used as stage names",
    run: Run::File(check),
};

fn check(view: &FileView<'_>, sink: &mut Sink) {
    for instruction in &view.file.instructions {
        let InstructionKind::From(from) = &instruction.kind else { continue };
        let (Some(word), Some(name)) = (&from.name, from.stage_name()) else { continue };
        if matches!(name.as_str(), "scratch" | "context") {
            sink.report(Diagnostic::warning(Finding::ReservedStageName { name }, word.span, instruction.first_line));
        }
    }
}
