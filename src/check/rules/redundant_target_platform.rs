//! `FROM --platform=$TARGETPLATFORM`: what happens anyway.

use super::super::state::StageView;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Edit, Finding};
use crate::dockerfile::InstructionKind;
use crate::dockerfile::expand::Lexer;
use crate::span::Span;

pub(in super::super) const RULE: Rule = Rule {
    name: "RedundantTargetPlatform",
    experimental: false,
    doc: "Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior",
    run: Run::Stage(check),
};

fn check(view: &StageView<'_>, sink: &mut Sink) {
    let instruction = view.from();
    let InstructionKind::From(from) = &instruction.kind else { return };
    let Some(platform) = &from.platform else { return };
    let args = &view.graph.global_args;
    let Ok(expansion) = Lexer::new(view.file.escape).process(&platform.text, args) else { return };
    let alone = expansion.matched.iter().eq(["TARGETPLATFORM"]) && expansion.unmatched.is_empty();
    if alone && args.get("TARGETPLATFORM") == Some(expansion.text.as_str()) {
        let kind = Finding::RedundantTargetPlatform { expression: platform.text.clone() };
        let mut finding = Diagnostic::warning(kind, platform.span, instruction.first_line);
        if let Some(flag) = instruction.flags.iter().find(|flag| flag.name == "platform") {
            // With the blanks after it.
            let span = Span::new(flag.span.start, from.base.span.start.max(flag.span.end));
            finding = finding.with_edit(Edit { span, replacement: String::new() });
        }
        sink.report(finding);
    }
}
