//! The line above everything: image size, what of it is live, what is wasted, and the one best saving.

use crate::diagnostic::Edit;
use crate::view::layer::{Kind, LayerName};
use crate::view::size::Amount;
use serde::{Deserialize, Serialize};

/// What the ledger bar shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LedgerView {
    /// The build made an image.
    Image(ImageLedger),
    /// It stopped at a step.
    Failed(FailedLedger),
}

/// The ledger of a finished image. Live, shadowed and deleted are exclusive and sum to the size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageLedger {
    /// The image's size: the sum of its layers.
    pub size: Amount,
    /// How many layers, the base's included.
    pub layers: u32,
    /// How many of them came with FROM.
    pub base_layers: u32,
    /// The base's name as FROM writes it; none for scratch.
    pub base_name: Option<String>,
    /// Live bytes, the base's included.
    pub live: Amount,
    /// Live bytes of the base's layers.
    pub base: u64,
    /// Live bytes of this build's layers.
    pub own: u64,
    /// Stored, but a newer copy of the path wins.
    pub shadowed: u64,
    /// Stored, but the path is gone.
    pub deleted: u64,
    /// Bytes of other stages that no layer of the image holds; none where there is one stage.
    pub left_behind: Option<u64>,
    /// The bar, from left to right.
    pub segments: Vec<Segment>,
    /// The one best saving.
    pub saving: Option<Saving>,
}

impl ImageLedger {
    /// Bytes that are stored and cannot be read.
    pub fn wasted(&self) -> u64 {
        self.shadowed + self.deleted
    }
}

/// A piece of the bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// What it stands for.
    pub fate: SegmentFate,
    /// Its bytes.
    pub bytes: u64,
    /// What is written on it: the layers that store them (none for the base, which is named by the ledger).
    pub layers: Vec<LayerName>,
    /// The stage left behind, for such a segment.
    pub stage: Option<String>,
}

/// What a piece of the bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SegmentFate {
    /// Live bytes of the base.
    Base,
    /// Live bytes of our layers, coloured by the instruction that stores most of them.
    Own(Kind),
    /// Shadowed bytes.
    Shadowed,
    /// Deleted bytes.
    Deleted,
    /// Bytes of another stage, not in the image.
    Behind,
}

/// A way to make the image smaller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saving {
    /// What to do.
    pub kind: SavingKind,
    /// The bytes saved.
    pub bytes: u64,
    /// The edits of the Dockerfile that do it.
    pub edits: Vec<Edit>,
}

/// What a saving does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SavingKind {
    /// Merge the RUN instructions of these lines (first and last) into one.
    MergeRuns {
        /// First line of the first RUN, from 1.
        first: u32,
        /// Last line of the last RUN.
        last: u32,
    },
    /// Move the `rm` of one RUN into the RUN that wrote what it removes.
    MoveRemoval {
        /// First line of the RUN that wrote, from 1.
        to: u32,
        /// First line of the RUN that removes.
        from: u32,
    },
}

/// What the ledger says of a build that stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedLedger {
    /// The line it stopped at, from 1.
    pub line: Option<u32>,
    /// The failed step, within its stage.
    pub step: Option<u32>,
    /// Steps of that stage.
    pub steps: u32,
    /// Layers finished before.
    pub layers: u32,
    /// Their bytes.
    pub bytes: Amount,
    /// The base and its bytes.
    pub base: Option<(String, u64)>,
}
