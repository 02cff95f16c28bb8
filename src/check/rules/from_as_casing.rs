//! `AS` in the case of its FROM.

use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Edit, Finding};
use crate::dockerfile::{Instruction, InstructionKind};

pub(in super::super) const RULE: Rule = Rule {
    name: "FromAsCasing",
    experimental: false,
    doc: "The 'as' keyword should match the case of the 'from' keyword",
    run: Run::Instruction(check),
};

fn check(instruction: &Instruction, sink: &mut Sink) {
    let InstructionKind::From(from) = &instruction.kind else { return };
    let (Some(keyword), written) = (&from.as_keyword, &instruction.keyword.text) else { return };
    // A keyword in mixed case is another rule's.
    let wanted = if *written == written.to_lowercase() {
        keyword.text.to_lowercase()
    } else if *written == written.to_uppercase() {
        keyword.text.to_uppercase()
    } else {
        return;
    };
    if keyword.text != wanted {
        let kind = Finding::FromAsCasing { from: written.clone(), keyword: keyword.text.clone() };
        let edit = Edit { span: keyword.span, replacement: wanted };
        sink.report(Diagnostic::warning(kind, keyword.span, instruction.first_line).with_edit(edit));
    }
}
