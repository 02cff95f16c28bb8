//! The lanes of the edges: which files keep a column of their own through all layers, and the cells of each layer.
//!
//! At most four lanes: the selected path, then the paths with most wasted bytes, then the largest; the last lane holds
//! all others together. Lanes stand in the order in which the layers first store their paths.

use super::lens::{Lens, inherited, part, size};
use crate::build::outcome::{Stage, Step};
use crate::insight::ledger::Fate as Lost;
use crate::path::AbsPath;
use crate::vfs::EntryKind;
use crate::view::size::{LABEL_THICK, LID_THICK, thickness};
use crate::view::stack::{Cell, CellWhat, Fate};
use std::collections::BTreeMap;

/// The most lanes that there are.
const MAX_LANES: usize = 4;
/// The largest files of a layer that may get a lane.
const CANDIDATES: usize = 4;

/// The lanes of a stage.
pub(super) struct Lanes {
    paths: Vec<AbsPath>,
    /// Is there a lane for all others?
    others: bool,
}

impl Lanes {
    /// One lane over all, for stages that stand beside others.
    pub fn single() -> Self {
        Self { paths: Vec::new(), others: true }
    }

    /// The lanes of the image's stage.
    pub fn of(lens: &Lens<'_>, selected: Option<&AbsPath>) -> Self {
        let stage = lens.stage;
        // Wasted bytes, then stored bytes, then the layer that stores it first.
        let mut known: BTreeMap<AbsPath, (u64, u64, usize)> = BTreeMap::new();
        let own = inherited(stage);
        let mut all = 0;
        for (index, layer) in stage.layers.iter().enumerate().skip(own) {
            let entries = &layer.layer.changeset.entries;
            let mut files: Vec<(&AbsPath, u64)> =
                entries.iter().filter(|entry| entry.size() > 0).map(|entry| (&entry.path, entry.size())).collect();
            all += files.len();
            files.sort_by(|(a, x), (b, y)| y.cmp(x).then(a.cmp(b)));
            for (path, bytes) in files {
                let wanted = Some(path) == selected || known.contains_key(path);
                if wanted || known.len() < CANDIDATES * stage.layers.len() {
                    known.entry(path.clone()).or_insert((0, 0, index)).1 += bytes;
                }
            }
        }
        for copy in &lens.ledger.lost {
            let first = copy.layer.max(own);
            known.entry(copy.path.clone()).or_insert((0, 0, first)).0 += copy.bytes;
        }
        let mut ranked: Vec<(AbsPath, (u64, u64, usize))> = known.into_iter().collect();
        ranked.sort_by(|(a, x), (b, y)| {
            let chosen = |path: &AbsPath| Some(path) == selected;
            chosen(b).cmp(&chosen(a)).then(y.0.cmp(&x.0)).then(y.1.cmp(&x.1)).then(a.cmp(b))
        });
        let stored: u64 = ranked.len() as u64;
        let others = stored as usize > MAX_LANES || all > ranked.iter().map(|(path, _)| count(stage, own, path)).sum();
        ranked.truncate(if others { MAX_LANES - 1 } else { MAX_LANES });
        ranked.sort_by(|(a, x), (b, y)| x.2.cmp(&y.2).then(a.cmp(b)));
        Self { paths: ranked.into_iter().map(|(path, _)| path).collect(), others }
    }

    /// How many.
    pub fn count(&self) -> u8 {
        (self.paths.len() + usize::from(self.others)).max(1) as u8
    }

    /// The cells of a layer of a step, and its thickness.
    pub fn cells(
        &self,
        lens: &Lens<'_>,
        stage: &Stage,
        step: &Step,
        index: usize,
        selected: Option<&AbsPath>,
    ) -> (u8, Vec<Cell>) {
        let Some(layer) = stage.layers.get(index).map(|layer| &layer.layer) else { return (0, Vec::new()) };
        let mut cells = Vec::new();
        let entries = &layer.changeset.entries;
        let mut thick = thickness(layer.size);
        let labelled = thick >= LABEL_THICK;
        let mut in_lanes = 0;
        for (lane, path) in self.paths.iter().enumerate() {
            let lane = (self.count() > 1).then_some(lane as u8 + 1);
            let what = CellWhat::Path(path.clone());
            let selected = Some(path) == selected;
            let stored = entries.iter().find(|entry| entry.path == *path && entry.size() > 0);
            if let Some(entry) = stored {
                in_lanes += 1;
                let size = part(entry.size(), layer.certainty);
                cells.push(Cell { lane, what, size, fate: fate(lens, stage, index, path), selected, labelled });
            } else if let Some(fate) = hides(stage, step, index, path) {
                thick = thick.max(LID_THICK);
                cells.push(Cell { lane, what, size: part(0, layer.certainty), fate, selected, labelled: true });
            }
        }
        let files = entries.iter().filter(|entry| entry.size() > 0).count();
        if files > in_lanes && self.others {
            let rest: Vec<&AbsPath> = entries
                .iter()
                .filter(|entry| entry.size() > 0 && !self.paths.contains(&entry.path))
                .map(|entry| &entry.path)
                .collect();
            let bytes = entries
                .iter()
                .filter(|entry| !self.paths.contains(&entry.path))
                .map(crate::vfs::Entry::size)
                .sum::<u64>();
            let what = match rest.as_slice() {
                [one] => CellWhat::Path((*one).clone()),
                _ => CellWhat::Entries(rest.len() as u32),
            };
            let fates: Vec<Fate> = rest.iter().map(|path| fate(lens, stage, index, path)).collect();
            let all = |fate: Fate| fates.iter().all(|one| *one == fate);
            let fate = if all(Fate::Deleted) {
                Fate::Deleted
            } else if all(Fate::Shadowed) {
                Fate::Shadowed
            } else {
                Fate::Live
            };
            let lane = (self.count() > 1).then(|| self.count());
            let size = if rest.len() == files { size(layer) } else { part(bytes, layer.certainty) };
            let selected = selected.is_some_and(|selected| rest.contains(&selected));
            cells.push(Cell { lane, what, size, fate, selected, labelled });
        }
        (thick, cells)
    }
}

/// In how many of the stage's own layers a path has bytes.
fn count(stage: &Stage, own: usize, path: &AbsPath) -> usize {
    let stores = |layer: &&crate::build::outcome::StageLayer| {
        layer.layer.changeset.entries.iter().any(|entry| entry.path == *path && entry.size() > 0)
    };
    stage.layers.iter().skip(own).filter(stores).count()
}

fn fate(lens: &Lens<'_>, stage: &Stage, layer: usize, path: &AbsPath) -> Fate {
    if stage.index != lens.stage.index {
        return Fate::Live;
    }
    match lens.ledger.lost_at(layer, path).map(|lost| lost.fate) {
        Some(Lost::Shadowed) => Fate::Shadowed,
        Some(Lost::Deleted) => Fate::Deleted,
        None => Fate::Live,
    }
}

/// Does a layer hide a path that was there before its step?
fn hides(stage: &Stage, step: &Step, index: usize, path: &AbsPath) -> Option<Fate> {
    let entries = &stage.layers.get(index)?.layer.changeset.entries;
    step.before.lookup(path)?;
    if step.after.lookup(path).is_some() {
        return None;
    }
    entries.iter().find_map(|entry| match entry.kind {
        EntryKind::Whiteout if path.starts_with(&entry.path) => Some(Fate::Lid),
        EntryKind::Opaque if path.starts_with(&entry.path) => Some(Fate::Opaque),
        _ => None,
    })
}
