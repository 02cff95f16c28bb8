//! The syntax tree as JSON, for `layerlab parse --format json` and for tools.
//!
//! Per instruction: name, lines, span, flags, arguments, form, here-documents and the original text. Its shape is
//! versioned by [`VERSION`]; additions keep the number. Nothing is expanded.

use super::ast::{CommandLine, Dockerfile, Healthcheck, Heredoc, Instruction, InstructionKind, Pair, Sources, Word};
use crate::diagnostic::{Diagnostic, Edit};
use crate::span::{Span, line_column};
use serde_json::{Value, json};

/// The shape of the tree.
pub const VERSION: u32 = 1;

/// The tree of a parsed text. `diagnostics` are those to print with it: [`Dockerfile::diagnostics`], or more.
pub fn tree(file: &Dockerfile, text: &str, diagnostics: &[Diagnostic]) -> Value {
    json!({
        "version": VERSION,
        "escape": file.escape.to_string(),
        "directives": file.directives.iter().map(|directive| json!({
            "name": directive.name,
            "value": directive.value.text,
            "line": directive.line,
        })).collect::<Vec<_>>(),
        "instructions": file.instructions.iter().map(|instruction| node(instruction, text)).collect::<Vec<_>>(),
        "diagnostics": diagnostics.iter().map(|found| diagnostic(found, text)).collect::<Vec<_>>(),
    })
}

/// A diagnostic as the reports have it.
pub fn diagnostic(found: &Diagnostic, text: &str) -> Value {
    let (line, column) = line_column(text, found.span.start);
    json!({
        "code": found.kind.code(),
        "severity": found.severity,
        "line": found.line.unwrap_or(line),
        "column": column,
        "message": found.to_string(),
        "edit": found.edit.as_ref().map(|Edit { span, replacement }| json!({
            "start": span.start,
            "end": span.end,
            "replacement": replacement,
        })),
    })
}

fn node(instruction: &Instruction, text: &str) -> Value {
    let (form, arguments) = arguments(&instruction.kind);
    json!({
        "name": instruction.name,
        "keyword": instruction.keyword.text,
        "understood": instruction.kind != InstructionKind::Invalid,
        "first_line": instruction.first_line,
        "last_line": instruction.last_line,
        "span": span(instruction.span),
        "flags": instruction.flags.iter().map(|flag| json!({ "name": flag.name, "value": flag.value })).collect::<Vec<_>>(),
        "form": form,
        "arguments": arguments,
        "heredocs": instruction.heredocs.iter().map(heredoc).collect::<Vec<_>>(),
        "comments": instruction.comments,
        "original": instruction.span.of(text),
    })
}

fn span(span: Span) -> Value {
    json!([span.start, span.end])
}

fn heredoc(heredoc: &Heredoc) -> Value {
    json!({
        "name": heredoc.name,
        "expand": heredoc.expand,
        "strip_tabs": heredoc.strip_tabs,
        "descriptor": heredoc.descriptor,
        "content": heredoc.content,
    })
}

fn texts(words: &[Word]) -> Value {
    words.iter().map(|word| word.text.as_str()).collect()
}

/// The form (`shell`, `exec`, or none where there is no choice) and the arguments, by name.
fn arguments(kind: &InstructionKind) -> (Option<&'static str>, Value) {
    let option = |word: &Option<Word>| word.as_ref().map(|word| word.text.clone());
    match kind {
        InstructionKind::Add(add) => (None, sources(&add.sources)),
        InstructionKind::Copy(copy) => (None, sources(&copy.sources)),
        InstructionKind::Arg(arg) => {
            let list = arg.declarations.iter();
            let list = list.map(|arg| json!({ "name": arg.name.text, "default": option(&arg.default) }));
            (None, json!({ "declarations": list.collect::<Vec<_>>() }))
        }
        InstructionKind::Env(env) => (None, pairs(&env.pairs)),
        InstructionKind::Label(label) => (None, pairs(&label.pairs)),
        InstructionKind::Cmd(cmd) => command(&cmd.command),
        InstructionKind::Entrypoint(entrypoint) => command(&entrypoint.command),
        InstructionKind::Run(run) => command(&run.command),
        InstructionKind::Healthcheck(check) => match &check.check {
            Healthcheck::None => (None, json!({ "none": true })),
            Healthcheck::Command(check) => command(&check.command),
        },
        InstructionKind::Expose(expose) => (None, json!({ "ports": texts(&expose.ports) })),
        InstructionKind::From(from) => {
            (None, json!({ "base": from.base.text, "name": option(&from.name), "platform": option(&from.platform) }))
        }
        InstructionKind::Maintainer(maintainer) => (None, json!({ "author": maintainer.author.text })),
        InstructionKind::Onbuild(onbuild) => (None, json!({ "expression": onbuild.expression })),
        InstructionKind::Shell(shell) => (Some("exec"), json!({ "words": texts(&shell.shell) })),
        InstructionKind::Stopsignal(stop) => (None, json!({ "signal": stop.signal.text })),
        InstructionKind::User(user) => (None, json!({ "user": user.user.text })),
        InstructionKind::Volume(volume) => (None, json!({ "paths": texts(&volume.paths) })),
        InstructionKind::Workdir(workdir) => (None, json!({ "path": workdir.path.text })),
        InstructionKind::Invalid => (None, Value::Null),
    }
}

fn command(command: &CommandLine) -> (Option<&'static str>, Value) {
    match command {
        CommandLine::Shell(word) => (Some("shell"), json!({ "text": word.text })),
        CommandLine::Exec(words) => (Some("exec"), json!({ "words": texts(words) })),
    }
}

fn sources(sources: &Sources) -> Value {
    let files: Vec<&str> = sources.files.iter().map(|file| file.name.as_str()).collect();
    json!({ "sources": texts(&sources.paths), "files": files, "destination": sources.destination.text })
}

fn pairs(pairs: &[Pair]) -> Value {
    let pair = |pair: &Pair| json!({ "name": pair.name.text, "value": pair.value.text, "legacy": pair.legacy });
    json!({ "pairs": pairs.iter().map(pair).collect::<Vec<_>>() })
}
