//! CMD and ENTRYPOINT in shell form: the shell, not the program, gets the signals. Not if a SHELL was chosen.

use super::super::state::Step;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Edit, Finding};
use crate::dockerfile::InstructionKind;
use crate::dockerfile::ast::CommandLine;

pub(in super::super) const RULE: Rule = Rule {
    name: "JSONArgsRecommended",
    experimental: false,
    doc: "JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals",
    run: Run::Step(check),
};

fn check(step: &Step<'_>, sink: &mut Sink) {
    let command = match &step.instruction.kind {
        InstructionKind::Cmd(cmd) => &cmd.command,
        InstructionKind::Entrypoint(entrypoint) => &entrypoint.command,
        _ => return,
    };
    let CommandLine::Shell(text) = command else { return };
    if step.state.has_shell {
        return;
    }
    let span = if text.text.is_empty() { step.instruction.keyword.span } else { text.span };
    let edit = exec_form(&text.text).map(|replacement| Edit { span, replacement });
    let kind = Finding::JSONArgsRecommended { instruction: step.instruction.keyword.text.clone() };
    sink.report(step.finding_with_edit(kind, span, edit));
}

/// The same command without a shell, if it needs none: plain words, nothing that a shell would read.
fn exec_form(text: &str) -> Option<String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | ':' | ',' | '+' | '@' | '%');
    let words: Vec<String> = text.split_whitespace().map(|word| format!("\"{word}\"")).collect();
    (!words.is_empty() && text.chars().all(plain)).then(|| format!("[{}]", words.join(", ")))
}
