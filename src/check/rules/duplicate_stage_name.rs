//! Two stages of one name: the later one hides the earlier.

use super::super::state::FileView;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Finding};
use crate::dockerfile::InstructionKind;
use std::collections::BTreeSet;

pub(in super::super) const RULE: Rule = Rule {
    name: "DuplicateStageName",
    experimental: false,
    doc: "Stage names should be unique",
    run: Run::File(check),
};

fn check(view: &FileView<'_>, sink: &mut Sink) {
    let mut seen = BTreeSet::new();
    for instruction in &view.file.instructions {
        let InstructionKind::From(from) = &instruction.kind else { continue };
        let (Some(word), Some(name)) = (&from.name, from.stage_name()) else { continue };
        if !seen.insert(name.clone()) {
            sink.report(Diagnostic::warning(Finding::DuplicateStageName { name }, word.span, instruction.first_line));
        }
    }
}
