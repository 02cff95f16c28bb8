//! A RUN that removes what lower layers of this build store: the image stays as large.

use super::{View, note};
use crate::diagnostic::{Diagnostic, Lesson};
use crate::units::human;
use crate::vfs::{FileKind, Node, Snapshot};

pub(super) fn find(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for step in view.runs() {
        let Some(layer) = &step.layer else { continue };
        let gone = layer.layer.changeset.entries.iter().filter(|entry| entry.kind.is_whiteout());
        let bytes: u64 = gone.map(|entry| stored_below(view, &step.before, &entry.path)).sum();
        if bytes > 0 {
            found.push(note(Lesson::Cleanup { size: human(bytes) }, step));
        }
    }
}

/// The bytes of this build's files at a path and below it.
fn stored_below(view: &View<'_>, before: &Snapshot, path: &crate::path::AbsPath) -> u64 {
    let Some(stat) = before.lstat(path) else { return 0 };
    if stat.kind != FileKind::Dir {
        return if view.own(stat.layer) { stat.size } else { 0 };
    }
    let Some(ino) = before.lookup(path) else { return 0 };
    let below = before.walk_from(path.clone(), ino).filter(|(_, _, inode)| view.own(inode.layer));
    below.map(|(_, _, inode)| if let Node::File(content) = &inode.node { content.len() } else { 0 }).sum()
}
