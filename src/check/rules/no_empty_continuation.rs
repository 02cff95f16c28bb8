//! Empty lines inside an instruction. Reported where its continuation ends.

use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Edit, Finding};
use crate::dockerfile::Dockerfile;

pub(in super::super) const RULE: Rule = Rule {
    name: "NoEmptyContinuation",
    experimental: false,
    doc: "Empty continuation lines will become errors in a future release",
    run: Run::Text(check),
};

fn check(file: &Dockerfile, sink: &mut Sink) {
    for (line, span) in &file.empty_continuations {
        let edit = Edit { span: *span, replacement: String::new() };
        sink.report(Diagnostic::warning(Finding::NoEmptyContinuation {}, *span, *line).with_edit(edit));
    }
}
