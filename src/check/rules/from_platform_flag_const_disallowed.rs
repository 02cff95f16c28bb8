//! A fixed platform, unless the stage's name says so.

use super::super::state::StageView;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Finding};
use crate::dockerfile::InstructionKind;
use crate::dockerfile::expand::Lexer;
use crate::dockerfile::platform::Platform;

pub(in super::super) const RULE: Rule = Rule {
    name: "FromPlatformFlagConstDisallowed",
    experimental: false,
    doc: "FROM --platform flag should not use a constant value",
    run: Run::Stage(check),
};

fn check(view: &StageView<'_>, sink: &mut Sink) {
    let instruction = view.from();
    let InstructionKind::From(from) = &instruction.kind else { return };
    let Some(word) = &from.platform else { return };
    let Ok(expansion) = Lexer::new(view.file.escape).process(&word.text, &view.graph.global_args) else { return };
    if !expansion.matched.is_empty() || !expansion.unmatched.is_empty() {
        return;
    }
    let Ok(platform) = Platform::parse(&expansion.text) else { return };
    let name = from.stage_name().unwrap_or_default();
    if name.contains(&platform.os) || name.contains(&platform.architecture) {
        return;
    }
    let kind = Finding::FromPlatformFlagConstDisallowed { platform: expansion.text };
    sink.report(Diagnostic::warning(kind, word.span, instruction.first_line));
}
