//! The Waste panel: every stored copy that cannot be read, by file; who stored it, and what put it out of reach.

use crate::path::AbsPath;
use crate::view::changes::Cause;
use crate::view::layer::LayerName;
use crate::view::ledger::{ImageLedger, Saving};
use crate::view::stack::Fate;
use serde::{Deserialize, Serialize};

/// The Waste panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WasteView {
    /// The image's ledger; none for a failed build.
    pub ledger: Option<ImageLedger>,
    /// The files, most wasted first; at most [`MAX_GROUPS`].
    pub groups: Vec<WasteGroup>,
    /// How many files more there are, and their bytes.
    pub more: (u32, u64),
    /// All copies.
    pub copies: u32,
    /// The same bytes in several places: a mark on top, not a part of the sums. The largest first; at most
    /// [`MAX_DUPLICATES`].
    pub duplicates: Vec<DuplicateView>,
    /// The image after the best saving.
    pub saving: Option<Saving>,
}

/// Files that are listed before "and n more".
pub const MAX_GROUPS: usize = 200;

/// Duplicates that are listed.
pub const MAX_DUPLICATES: usize = 20;

/// The same bytes, stored more than once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicateView {
    /// Bytes of one copy.
    pub bytes: u64,
    /// The copies, oldest first: the layer, its line (none for the base), the path.
    pub copies: Vec<(LayerName, Option<u32>, AbsPath)>,
}

/// The wasted copies of one path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WasteGroup {
    /// The path.
    pub path: AbsPath,
    /// Shadowed or deleted.
    pub fate: Fate,
    /// Bytes of all its copies.
    pub bytes: u64,
    /// The copies, oldest first.
    pub copies: Vec<WasteCopy>,
}

/// A wasted copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WasteCopy {
    /// The layer that stores it.
    pub layer: LayerName,
    /// Why it does.
    pub cause: Cause,
    /// The line that stored it, from 1; none for the base.
    pub line: Option<u32>,
    /// The layer that put it out of reach.
    pub since: LayerName,
    /// The line that did, from 1; none in the base.
    pub since_line: Option<u32>,
    /// By a whiteout (true) or by a newer copy.
    pub whiteout: bool,
    /// Its bytes.
    pub bytes: u64,
}
