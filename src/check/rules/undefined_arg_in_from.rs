//! FROM sees only the ARGs before it, and the predefined ones.

use super::super::state::StageView;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Finding, nearest};
use crate::dockerfile::InstructionKind;
use crate::dockerfile::expand::Lexer;
use std::collections::BTreeSet;

pub(in super::super) const RULE: Rule = Rule {
    name: "UndefinedArgInFrom",
    experimental: false,
    doc: "FROM command must use declared ARGs",
    run: Run::Stage(check),
};

fn check(view: &StageView<'_>, sink: &mut Sink) {
    let instruction = view.from();
    let InstructionKind::From(from) = &instruction.kind else { return };
    let known: BTreeSet<&str> =
        view.graph.global_args.names().chain(view.graph.declared_args.iter().map(String::as_str)).collect();
    for word in [Some(&from.base), from.platform.as_ref()].into_iter().flatten() {
        let Ok(expansion) = Lexer::new(view.file.escape).process(&word.text, &view.graph.global_args) else { continue };
        for name in expansion.unmatched.iter().filter(|name| !known.contains(name.as_str())) {
            let suggestion = nearest(name, known.iter().copied());
            let kind = Finding::UndefinedArgInFrom { name: name.clone(), suggestion };
            sink.report(Diagnostic::warning(kind, word.span, instruction.first_line));
        }
    }
}
