//! The outline of a Dockerfile as text, for `layerlab parse`: a line for each instruction, then what is wrong. The whole
//! tree is `dockerfile::tree`'s JSON.

use crate::dockerfile::ast::{CommandLine, Healthcheck, InstructionKind};
use crate::dockerfile::{Dockerfile, Instruction};
use crate::span::line_column;
use std::fmt::Write;

/// The outline of a parsed text; `name` is the file's, for the messages.
pub fn outline(file: &Dockerfile, text: &str, name: &str) -> String {
    let mut out = String::new();
    for instruction in &file.instructions {
        let lines = match (instruction.first_line, instruction.last_line) {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}-{last}"),
        };
        let original = instruction.span.of(text);
        let original = original.lines().next().unwrap_or_default().trim_end();
        let _ = writeln!(out, "{lines:>9}  {:<24}{original}", kind(instruction));
    }
    for diagnostic in &file.diagnostics {
        let (line, column) = line_column(text, diagnostic.span.start);
        let severity = format!("{:?}", diagnostic.severity).to_lowercase();
        let _ = writeln!(out, "{name}:{line}:{column}: {severity}: {diagnostic} [{}]", diagnostic.kind.code());
    }
    out
}

/// The instruction's name, its form where it has two, and how many flags and here-documents it has.
fn kind(instruction: &Instruction) -> String {
    let command = match &instruction.kind {
        InstructionKind::Invalid => return format!("{} (invalid)", instruction.name),
        InstructionKind::Run(run) => Some(&run.command),
        InstructionKind::Cmd(cmd) => Some(&cmd.command),
        InstructionKind::Entrypoint(entrypoint) => Some(&entrypoint.command),
        InstructionKind::Healthcheck(check) => match &check.check {
            Healthcheck::Command(check) => Some(&check.command),
            Healthcheck::None => None,
        },
        _ => None,
    };
    let mut facts = Vec::new();
    facts.extend(command.map(|command| match command {
        CommandLine::Shell(_) => "shell".to_owned(),
        CommandLine::Exec(_) => "exec".to_owned(),
    }));
    for (count, what) in [(instruction.flags.len(), "flag"), (instruction.heredocs.len(), "heredoc")] {
        match count {
            0 => {}
            1 => facts.push(format!("1 {what}")),
            _ => facts.push(format!("{count} {what}s")),
        }
    }
    match facts.is_empty() {
        true => instruction.name.clone(),
        false => format!("{} ({})", instruction.name, facts.join(", ")),
    }
}
