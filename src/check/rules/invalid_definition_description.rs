//! A comment right above ARG or FROM is taken as its description, and should start with its name.

use super::super::{Rule, Run, Sink};
use crate::diagnostic::{Diagnostic, Finding};
use crate::dockerfile::{Instruction, InstructionKind};

pub(in super::super) const RULE: Rule = Rule {
    name: "InvalidDefinitionDescription",
    experimental: true,
    doc: "Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`",
    run: Run::Instruction(check),
};

fn check(instruction: &Instruction, sink: &mut Sink) {
    let names: Vec<String> = match &instruction.kind {
        InstructionKind::From(from) => from.stage_name().into_iter().collect(),
        InstructionKind::Arg(arg) => arg.declarations.iter().map(|arg| arg.name.text.clone()).collect(),
        _ => return,
    };
    let (Some(comment), Some(first)) = (instruction.comments.last(), names.first()) else { return };
    let described = comment.split(' ').next().unwrap_or("");
    if names.iter().any(|name| name == described) {
        return;
    }
    let name = if names.len() > 1 { "<arg_key>".to_owned() } else { first.clone() };
    let kind = Finding::InvalidDefinitionDescription { instruction: instruction.name.clone(), name };
    sink.report(Diagnostic::warning(kind, instruction.keyword.span, instruction.first_line));
}
