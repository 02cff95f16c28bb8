//! COPY or ADD of something that `.dockerignore` leaves out. The path is looked up as it is written: not `./name`.

use super::super::state::Step;
use super::super::{Rule, Run, Sink};
use crate::diagnostic::Finding;
use crate::dockerfile::InstructionKind;

pub(in super::super) const RULE: Rule = Rule {
    name: "CopyIgnoredFile",
    experimental: true,
    doc: "Attempting to Copy file that is excluded by .dockerignore",
    run: Run::Step(check),
};

fn check(step: &Step<'_>, sink: &mut Sink) {
    let (command, sources) = match &step.instruction.kind {
        InstructionKind::Copy(copy) => ("Copy", &copy.sources),
        InstructionKind::Add(add) => ("Add", &add.sources),
        _ => return,
    };
    let Some(ignore) = step.ignore else { return };
    for path in &sources.paths {
        let Some(file) = step.expanded(path).map(|expansion| expansion.text.clone()) else { continue };
        if file.starts_with("http://") || file.starts_with("https://") || !ignore.excludes(&file) {
            continue;
        }
        let kind = Finding::CopyIgnoredFile { command: command.to_owned(), file };
        sink.report(step.finding(kind, path.span));
    }
}
