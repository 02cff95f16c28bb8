//! Stage names are stored in lower case, and should be written so.

use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Edit, Finding};
use crate::dockerfile::{Instruction, InstructionKind};

pub(in super::super) const RULE: Rule = Rule {
    name: "StageNameCasing",
    experimental: false,
    doc: "Stage names should be lowercase",
    run: Run::Instruction(check),
};

fn check(instruction: &Instruction, sink: &mut Sink) {
    let InstructionKind::From(from) = &instruction.kind else { return };
    let Some(name) = from.name.as_ref().filter(|name| name.text != name.text.to_lowercase()) else { return };
    let edit = Edit { span: name.span, replacement: name.text.to_lowercase() };
    let kind = Finding::StageNameCasing { name: name.text.clone() };
    sink.report(Diagnostic::warning(kind, name.span, instruction.first_line).with_edit(edit));
}
