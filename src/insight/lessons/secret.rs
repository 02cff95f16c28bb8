//! A secret in a layer: whoever has the image has it, though a later layer removes it. Told by the file's name.

use super::{View, note};
use crate::diagnostic::{Diagnostic, Lesson};
use crate::units::human;
use crate::vfs::EntryKind;

/// Names that hold secrets, whoever writes them.
const NAMES: &[&str] =
    &[".env", ".git-credentials", ".netrc", ".npmrc", ".pypirc", "id_dsa", "id_ecdsa", "id_ed25519", "id_rsa"];

/// Endings that do, of files that are copied from the context; packages bring keys that are no secrets.
const ENDINGS: &[&str] = &[".key", ".p12", ".pfx", ".kdbx", ".aws/credentials", ".docker/config.json"];

pub(super) fn find(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for step in view.steps() {
        let copied = matches!(step.source.name.as_str(), "COPY" | "ADD");
        for entry in step.layer.iter().flat_map(|layer| &layer.layer.changeset.entries) {
            let EntryKind::File(content) = &entry.kind else { continue };
            let path = entry.path.as_str();
            let secret =
                NAMES.contains(&entry.path.name()) || (copied && ENDINGS.iter().any(|end| path.ends_with(end)));
            if secret && !content.is_empty() {
                found.push(note(Lesson::Secret { path: path.to_owned(), size: human(content.len()) }, step));
            }
        }
    }
}
