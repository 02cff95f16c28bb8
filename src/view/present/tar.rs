//! The Tar panel's view model: the layer's entries by the names that the archive gives them.

use super::lens::{Lens, digest, inherited};
use crate::vfs::{Entry, EntryKind};
use crate::view::changes::{StoredView, StoredWhat};
use crate::view::layer::StepKey;
use crate::view::list::{Order, Query, Window};
use crate::view::stack::DigestView;
use crate::view::tar::{TarEntry, TarView};

/// The panel of a step; of a base, its topmost layer.
pub(super) fn tar(lens: &Lens<'_>, key: StepKey, query: &Query, window: Window) -> TarView {
    let stage = lens.stage_of(key);
    let index = match lens.step(key) {
        Some(step) => step.layer.as_ref().map(|made| made.index),
        None => inherited(stage).checked_sub(1),
    };
    let Some(layer) = index.and_then(|index| stage.layers.get(index)).map(|layer| &layer.layer) else {
        return TarView { layer: false, total: 0, start: 0, entries: Vec::new(), diff_id: DigestView::NotComputed };
    };
    let lower = query.text.to_lowercase();
    let mut all: Vec<&Entry> = layer.changeset.entries.iter().collect();
    all.retain(|entry| Query::text_fits(entry.path.as_str(), &lower) && entry.size() >= query.least);
    if query.order == Order::Size {
        all.sort_by_key(|entry| std::cmp::Reverse(entry.size()));
    }
    let range = window.of(all.len());
    let start = range.start as u32;
    let entries = all[range].iter().map(|entry| {
        let StoredView { dir, name, what } = stored(entry);
        let mode =
            (!matches!(entry.kind, EntryKind::Symlink(_)) && !entry.kind.is_whiteout()).then_some(entry.meta.mode);
        TarEntry { dir, name, what, mode, owner: (entry.meta.uid, entry.meta.gid) }
    });
    TarView { layer: true, total: all.len() as u32, start, entries: entries.collect(), diff_id: digest(layer, 64) }
}

/// An entry by its name in the archive (OCI image-spec, layer.md, "Whiteouts").
pub(super) fn stored(entry: &Entry) -> StoredView {
    let path = entry.path.as_str().trim_start_matches('/');
    let (dir, name) = path.rsplit_once('/').map_or(("", path), |(dir, name)| (dir, name));
    let dir = if dir.is_empty() { String::new() } else { format!("{dir}/") };
    let (name, what) = match &entry.kind {
        EntryKind::Dir => (format!("{name}/"), StoredWhat::Dir),
        EntryKind::File(content) => (name.to_owned(), StoredWhat::File(content.len())),
        EntryKind::Symlink(target) => (name.to_owned(), StoredWhat::Symlink(target.to_string())),
        EntryKind::Hardlink(target) => {
            (name.to_owned(), StoredWhat::Hardlink(target.as_str().trim_start_matches('/').to_owned()))
        }
        EntryKind::Whiteout => (format!(".wh.{name}"), StoredWhat::Whiteout),
        EntryKind::Opaque => {
            return StoredView { dir: format!("{path}/"), name: ".wh..wh..opq".to_owned(), what: StoredWhat::Opaque };
        }
        EntryKind::Fifo | EntryKind::CharDevice { .. } | EntryKind::BlockDevice { .. } => {
            (name.to_owned(), StoredWhat::Other)
        }
    };
    StoredView { dir, name, what }
}
