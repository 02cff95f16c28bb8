//! MAINTAINER: a label does it.

use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Edit, Finding};
use crate::dockerfile::{Instruction, InstructionKind};

pub(in super::super) const RULE: Rule = Rule {
    name: "MaintainerDeprecated",
    experimental: false,
    doc: "The MAINTAINER instruction is deprecated, use a label instead to define an image author",
    run: Run::Instruction(check),
};

fn check(instruction: &Instruction, sink: &mut Sink) {
    if instruction.name != "MAINTAINER" {
        return;
    }
    let mut finding =
        Diagnostic::warning(Finding::MaintainerDeprecated {}, instruction.keyword.span, instruction.first_line);
    if let InstructionKind::Maintainer(maintainer) = &instruction.kind {
        // A label expands variables, MAINTAINER does not.
        let author: String = maintainer.author.text.chars().fold(String::new(), |mut text, c| {
            if matches!(c, '"' | '\\' | '$') {
                text.push('\\');
            }
            text.push(c);
            text
        });
        let replacement = format!("LABEL org.opencontainers.image.authors=\"{author}\"");
        finding = finding.with_edit(Edit { span: instruction.span, replacement });
    }
    sink.report(finding);
}
