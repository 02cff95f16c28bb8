//! The layer stack: rows, slabs, edges with their lanes, and the rail of the selected path.

use crate::path::AbsPath;
use crate::view::layer::{InstructionText, Kind, LayerName, StepKey};
use crate::view::size::Amount;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// The stack of every stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackView {
    /// The stages in the text's order.
    pub stages: Vec<StageView>,
    /// How many lanes the edges have, 1 to 4.
    pub lanes: u8,
    /// The look for the selected path, from the top of the final stage down.
    pub sight: Option<SightView>,
}

impl StackView {
    /// The stage that becomes the image.
    pub fn final_stage(&self) -> Option<&StageView> {
        self.stages.iter().find(|stage| stage.role == StageRole::Final)
    }

    /// The stage of a step.
    pub fn stage_of(&self, key: StepKey) -> Option<&StageView> {
        self.stages.iter().find(|stage| stage.index == key.stage)
    }

    /// The row of a step; none for a base and for unknown keys.
    pub fn row(&self, key: StepKey) -> Option<&Rc<RowView>> {
        self.stages.iter().flat_map(|stage| &stage.rows).find(|row| row.key == key)
    }

    /// All rows that can be selected, from the top down: the final stage first.
    pub fn order(&self) -> Vec<StepKey> {
        let finals = self.stages.iter().filter(|stage| stage.role == StageRole::Final);
        let others = self.stages.iter().filter(|stage| stage.role == StageRole::Behind);
        let mut keys = Vec::new();
        for stage in finals.chain(others) {
            keys.extend(stage.rows.iter().map(|row| row.key));
            keys.extend(stage.base.iter().map(|base| base.key));
        }
        keys
    }

    /// Is there such a step, or such a base?
    pub fn has(&self, key: StepKey) -> bool {
        self.row(key).is_some()
            || (key.is_base() && self.stages.iter().any(|stage| stage.index == key.stage && stage.base.is_some()))
    }
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageView {
    /// Its index, from 0.
    pub index: u32,
    /// Its name; none where the text gives none.
    pub name: Option<String>,
    /// What becomes of it.
    pub role: StageRole,
    /// The sum of its layers, the base's included.
    pub size: Amount,
    /// Its steps, newest first.
    pub rows: Vec<Rc<RowView>>,
    /// The base's layers; none for scratch and for stages built on another stage.
    pub base: Option<Rc<BaseView>>,
    /// The writable layer a container would add, shown above the final stage.
    pub writable: Option<Rail>,
    /// How Docker before 1.10 would have counted; only of the image's stage where it is the only one, for it knew no others.
    pub then: Option<ThenView>,
}

impl StageView {
    /// Its layers, the base's included.
    pub fn layer_count(&self) -> u32 {
        let own = self.rows.iter().filter(|row| matches!(row.body, RowBody::Layer(_))).count();
        (own + self.base.as_ref().map_or(0, |base| base.layers.len())) as u32
    }
}

/// The layers as Docker before 1.10 counted them: every row of the history was one, with an ID of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThenView {
    /// Those of the base: the rows of its history.
    pub base: u32,
    /// One for each instruction after FROM, those without a layer of today too.
    pub lines: u32,
}

/// What becomes of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StageRole {
    /// It becomes the image.
    Final,
    /// It is built, but is not in the image.
    Behind,
    /// Nothing needs it: its steps did not run.
    Skipped,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowView {
    /// Which.
    pub key: StepKey,
    /// Its instruction's kind.
    pub kind: Kind,
    /// Its text.
    pub text: InstructionText,
    /// Its first and last line, from 1.
    pub lines: (u32, u32),
    /// What it made.
    pub body: RowBody,
    /// The rail beside it.
    pub rail: Rail,
    /// The step of another stage that wrote what it copies.
    pub from: Option<StepKey>,
}

/// What a step made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowBody {
    /// A layer, empty or not.
    Layer(LayerBody),
    /// A history row without a layer.
    Empty,
    /// The step failed.
    Failed(FailedBody),
    /// A step before it failed.
    NotRun,
}

/// A layer's slab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerBody {
    /// Its size.
    pub size: Amount,
    /// Its thickness, in steps; a lid's where it stores only whiteouts.
    pub thick: u8,
    /// Cached, or built and why.
    pub cache: CacheView,
    /// Entries of the layer, as `docker diff` counts them.
    pub counts: Counts,
    /// Files copied up whole from lower layers.
    pub copied_up: u32,
    /// The diff ID's first eight digits, or why there is none.
    pub digest: DigestView,
    /// The image built before beside this one (from 1) that has the very same layer.
    pub also_in: Option<u32>,
    /// Modelled or not simulated commands of this step.
    pub badge: Option<Badge>,
    /// The edge.
    pub cells: Vec<Cell>,
}

/// Entries by what happened to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// `A`.
    pub added: u32,
    /// `C`.
    pub changed: u32,
    /// `D`.
    pub deleted: u32,
    /// Stored again although nothing changed; `docker diff` does not list them.
    pub stored_again: u32,
}

/// Whether a step came from the cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CacheView {
    /// Taken from the cache.
    Cached,
    /// Built, because.
    Built(BuiltBecause),
}

/// Why a step was built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BuiltBecause {
    /// Nothing was built before.
    First,
    /// The instruction's text changed.
    TextChanged,
    /// A variable in effect changed.
    VariableChanged(String),
    /// A step below was rebuilt; which, within the stage, where it is known.
    ParentRebuilt(Option<u32>),
    /// Files it copies changed; the first of them, and how many more.
    FilesChanged(String, u32),
    /// The base changed.
    BaseChanged,
    /// The instruction is new.
    New,
    /// It was built before, but the cache's bound made it go.
    Evicted,
}

/// A layer's digest, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DigestView {
    /// Not computed yet.
    Pending,
    /// The first eight hex digits.
    Known(String),
    /// The layer is too large, or its bytes are not known.
    NotComputed,
}

/// What a step's figures lack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Badge {
    /// Commands of it are modelled.
    Modelled(Vec<String>),
    /// Commands of it are not simulated.
    NotSimulated(Vec<String>),
}

/// A failed step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedBody {
    /// The exit code of a RUN.
    pub exit_code: Option<i32>,
    /// What the command, or BuildKit, said.
    pub message: String,
}

/// A piece of a layer's edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Its lane, from 1; none spans all of them.
    pub lane: Option<u8>,
    /// What it stands for.
    pub what: CellWhat,
    /// Bytes.
    pub size: Amount,
    /// Solid, hatched or a lid.
    pub fate: Fate,
    /// Does it belong to the selected path?
    pub selected: bool,
    /// Is there room for its label?
    pub labelled: bool,
}

/// What a cell stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CellWhat {
    /// One path.
    Path(AbsPath),
    /// So many entries together.
    Entries(u32),
}

/// What becomes of bytes, or of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// In the final filesystem.
    Live,
    /// Stored, but a newer copy wins.
    Shadowed,
    /// Stored, but the path is gone.
    Deleted,
    /// A whiteout: hides, and stores nothing.
    Lid,
    /// An opaque whiteout: hides all that was in a directory.
    Opaque,
}

/// The layers that came with FROM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseView {
    /// The FROM's key.
    pub key: StepKey,
    /// Its text.
    pub text: InstructionText,
    /// Its lines, from 1.
    pub lines: (u32, u32),
    /// The layers, newest first.
    pub layers: Vec<BaseLayer>,
    /// All of them together.
    pub total: BaseLayer,
    /// The image built before beside this one (from 1) that stands on the same base.
    pub also_in: Option<u32>,
    /// The rail beside its head.
    pub rail: Rail,
}

/// A layer of the base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseLayer {
    /// Its size.
    pub size: Amount,
    /// Its thickness.
    pub thick: u8,
    /// Its entries.
    pub entries: u32,
    /// The rail beside it.
    pub rail: Rail,
}

/// The rail beside a row: one look for the selected path from the top down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Rail {
    /// Nothing.
    #[default]
    None,
    /// The look passes (an empty layer).
    Pass,
    /// Looked, and not there.
    Miss,
    /// Found.
    Hit,
    /// A whiteout stops the look.
    Stop,
    /// Below a stop, nothing stored here.
    Past,
    /// Below a stop, still stored here.
    Still,
    /// The last layer that still stores it.
    StillEnd,
    /// Below a hit, shadowed here.
    Under,
}

impl Rail {
    /// The value of the `data-rail` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pass => "pass",
            Self::Miss => "miss",
            Self::Hit => "hit",
            Self::Stop => "stop",
            Self::Past => "past",
            Self::Still => "still",
            Self::StillEnd => "still-end",
            Self::Under => "under",
        }
    }
}

/// The look for a path, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightView {
    /// The path.
    pub path: AbsPath,
    /// Where the look ended.
    pub end: SightEnd,
}

/// Where the look for a path ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SightEnd {
    /// Found in this layer.
    Found(LayerName),
    /// A whiteout of this layer hides it.
    Hidden(LayerName),
    /// This layer's opaque directory hides it.
    HiddenByOpaque(LayerName),
    /// No layer has it.
    Absent,
}
