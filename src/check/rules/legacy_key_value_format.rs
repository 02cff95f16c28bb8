//! `ENV name value`, `LABEL name value`.

use super::super::state::Step;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Edit, Finding};
use crate::dockerfile::InstructionKind;

pub(in super::super) const RULE: Rule = Rule {
    name: "LegacyKeyValueFormat",
    experimental: false,
    doc: "Legacy key/value format with whitespace separator should not be used",
    run: Run::Step(check),
};

fn check(step: &Step<'_>, sink: &mut Sink) {
    let pairs = match &step.instruction.kind {
        InstructionKind::Env(env) => &env.pairs,
        InstructionKind::Label(label) => &label.pairs,
        _ => return,
    };
    for pair in pairs.iter().filter(|pair| pair.legacy) {
        let span = pair.name.span.to(pair.value.span);
        let edit =
            value(&pair.value.text).map(|value| Edit { span, replacement: format!("{}={value}", pair.name.text) });
        let kind = Finding::LegacyKeyValueFormat { instruction: step.instruction.keyword.text.clone() };
        sink.report(step.finding_with_edit(kind, span, edit));
    }
}

/// The value behind an `=`: quoted if it has blanks; none if it has blanks and quotes or escapes of its own.
fn value(text: &str) -> Option<String> {
    if !text.contains(char::is_whitespace) {
        Some(text.to_owned())
    } else if text.contains(['"', '\'', '\\', '`']) {
        None
    } else {
        Some(format!("\"{text}\""))
    }
}
