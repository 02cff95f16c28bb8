//! Package lists and caches that stay in the layer of the RUN that fetched them.

use super::super::at_and_below;
use super::{View, note_with};
use crate::diagnostic::{Diagnostic, Edit, Lesson};
use crate::dockerfile::InstructionKind;
use crate::dockerfile::ast::CommandLine;
use crate::path::AbsPath;
use crate::span::Span;
use crate::units::human;
use crate::vfs::EntryKind;

/// Where they are, and what removes them at the end of the same RUN.
const PLACES: &[(&str, &str)] = &[
    ("/var/lib/apt/lists", " && rm -rf /var/lib/apt/lists/*"),
    ("/var/cache/apt/archives", " && apt-get clean"),
    ("/var/cache/apk", " && rm -rf /var/cache/apk/*"),
    ("/root/.cache/pip", " && rm -rf /root/.cache/pip"),
    ("/root/.npm/_cacache", " && npm cache clean --force"),
];

pub(super) fn find(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for step in view.runs() {
        let Some(layer) = &step.layer else { continue };
        for (place, removes) in PLACES {
            let entries = at_and_below(&layer.layer.changeset, &AbsPath::new(place));
            let size = |kind: &EntryKind| if let EntryKind::File(content) = kind { content.len() } else { 0 };
            let bytes: u64 = entries.iter().map(|entry| size(&entry.kind)).sum();
            if bytes > 0 {
                let lesson = Lesson::ListsLeft { path: (*place).to_owned(), size: human(bytes) };
                let edit = view.instruction(step).and_then(|instruction| match &instruction.kind {
                    // The end of a shell form without here-documents is the end of its script.
                    InstructionKind::Run(run)
                        if instruction.heredocs.is_empty() && matches!(run.command, CommandLine::Shell(_)) =>
                    {
                        let end = instruction.span.end;
                        Some(Edit { span: Span::new(end, end), replacement: (*removes).to_owned() })
                    }
                    _ => None,
                });
                found.push(note_with(lesson, step, edit));
            }
        }
    }
}
