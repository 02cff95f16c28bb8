//! Image names must be valid without any `--build-arg`, too.

use super::super::state::FileView;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Finding};
use crate::dockerfile::InstructionKind;
use crate::dockerfile::expand::Lexer;
use crate::dockerfile::reference::Reference;
use crate::dockerfile::stages::predefined_args;

pub(in super::super) const RULE: Rule = Rule {
    name: "InvalidDefaultArgInFrom",
    experimental: false,
    doc: "Default value for global ARG results in an empty or invalid base image name",
    run: Run::File(check),
};

fn check(view: &FileView<'_>, sink: &mut Sink) {
    // The platform ARGs keep what was asked for; nothing else does.
    let mut args = predefined_args(view.options, None);
    let lexer = Lexer::new(view.file.escape);
    for instruction in view.file.instructions.iter().take_while(|instruction| instruction.name != "FROM") {
        let InstructionKind::Arg(arg) = &instruction.kind else { continue };
        for declaration in &arg.declarations {
            let Some(default) = &declaration.default else { continue };
            let Ok(expansion) = lexer.process(&default.text, &args) else { return };
            args.set(&declaration.name.text, &expansion.text);
        }
    }
    for instruction in &view.file.instructions {
        let InstructionKind::From(from) = &instruction.kind else { continue };
        let Ok(expansion) = lexer.process(&from.base.text, &args) else { return };
        if Reference::parse(&expansion.text).is_err() {
            let kind = Finding::InvalidDefaultArgInFrom { name: from.base.text.clone() };
            sink.report(Diagnostic::warning(kind, from.base.span, instruction.first_line));
        }
    }
}
