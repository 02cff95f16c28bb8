//! Explanations of a build: where an image's bytes are and why, as plain data without words.
//!
//! [`ledger`] says which stored bytes can be read and which cannot, [`saving`] what one edit would save, [`why`] how each
//! entry came into a layer and what it hides, [`lessons`] what the build teaches, [`lookup`] how a path is found through the layers. It executes nothing and
//! changes nothing; a layer is named by its index in [`Stage::layers`](crate::build::outcome::Stage::layers), lowest first.

pub mod ledger;
pub mod lessons;
pub mod lookup;
pub mod provenance;
pub mod saving;
pub mod why;

use crate::path::AbsPath;
use crate::vfs::{Changeset, Entry, EntryKind};

/// The entries of a layer at a path and below it; the changeset is in tree order, so they stand together.
pub(crate) fn at_and_below<'a>(changeset: &'a Changeset, path: &AbsPath) -> &'a [Entry] {
    let entries = &changeset.entries;
    let start = entries.partition_point(|entry| entry.path < *path);
    let len = entries[start..].partition_point(|entry| entry.path.starts_with(path));
    &entries[start..start + len]
}

/// The entries of a layer at exactly this path: none, one, or a directory and its opaque whiteout.
pub(crate) fn at<'a>(changeset: &'a Changeset, path: &AbsPath) -> &'a [Entry] {
    let entries = &changeset.entries;
    let start = entries.partition_point(|entry| entry.path < *path);
    let len = entries[start..].iter().take_while(|entry| entry.path == *path).count();
    &entries[start..start + len]
}

/// How a layer takes away what lower layers have at a path, without an entry for the path itself: by an ancestor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cut {
    /// A whiteout of this ancestor.
    Whiteout(AbsPath),
    /// This ancestor is opaque.
    Opaque(AbsPath),
    /// This ancestor is no directory any more.
    Replaced(AbsPath),
}

/// The topmost ancestor at which a layer cuts a path off from the layers below.
pub(crate) fn cut_above(changeset: &Changeset, path: &AbsPath) -> Option<Cut> {
    let mut ancestors: Vec<AbsPath> =
        std::iter::successors(path.parent(), AbsPath::parent).filter(|dir| !dir.is_root()).collect();
    ancestors.reverse();
    ancestors.into_iter().find_map(|dir| {
        let entries = at(changeset, &dir);
        entries.iter().find_map(|entry| match entry.kind {
            EntryKind::Whiteout => Some(Cut::Whiteout(dir.clone())),
            EntryKind::Opaque => Some(Cut::Opaque(dir.clone())),
            EntryKind::Dir => None,
            _ => Some(Cut::Replaced(dir.clone())),
        })
    })
}
