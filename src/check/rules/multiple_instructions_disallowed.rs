//! Only the last CMD, ENTRYPOINT and HEALTHCHECK of a stage counts. Reported at the one that does not.

use super::super::state::Step;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Finding};

pub(in super::super) const RULE: Rule = Rule {
    name: "MultipleInstructionsDisallowed",
    experimental: false,
    doc: "Multiple instructions of the same type should not be used in the same stage",
    run: Run::Step(check),
};

fn check(step: &Step<'_>, sink: &mut Sink) {
    let name = &step.instruction.name;
    let Some((_, span, line)) = step.state.last.iter().find(|(known, ..)| known == name) else { return };
    let kind = Finding::MultipleInstructionsDisallowed { instruction: step.instruction.keyword.text.clone() };
    sink.report(Diagnostic::warning(kind, *span, *line));
}
