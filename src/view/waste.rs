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
    /// The image after the best saving.
    pub saving: Option<Saving>,
}

/// Files that are listed before "and n more".
pub const MAX_GROUPS: usize = 200;

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
    /// By a whiteout (true) or by a newer copy.
    pub whiteout: bool,
    /// Its bytes.
    pub bytes: u64,
}
