//! A RUN of chmod or chown that stores files of lower layers again: a copy-up takes the whole file.

use super::{View, note, says};
use crate::diagnostic::{Diagnostic, Lesson};
use crate::units::human;
use crate::vfs::{EntryKind, FileKind, Node};

pub(super) fn find(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for step in view.runs() {
        let Some(command) = ["chmod", "chown", "chgrp"].into_iter().find(|command| says(step, command)) else {
            continue;
        };
        let Some(layer) = &step.layer else { continue };
        let mut bytes = 0;
        for entry in &layer.layer.changeset.entries {
            let EntryKind::File(content) = &entry.kind else { continue };
            let Some(before) = step.before.lstat(&entry.path).filter(|stat| stat.kind == FileKind::File) else {
                continue;
            };
            let inode = step.before.lookup(&entry.path).and_then(|ino| step.before.inode(ino));
            // The copy-up changed nothing of the content.
            if matches!(inode.map(|inode| &inode.node), Some(Node::File(old)) if old == content) {
                bytes += before.size;
            }
        }
        if bytes > 0 {
            found.push(note(Lesson::CopiedUp { command: command.to_owned(), size: human(bytes) }, step));
        }
    }
}
