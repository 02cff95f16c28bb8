//! What a build comes to: the stages, their steps and layers, and the failure if there is one. The page, the reports and
//! the explanations are all made from it.
//!
//! Everything shared between steps is behind `Arc` or structure-sharing maps, so that a [`Build`] is cheap to clone.

use super::placeholder::Placeholder;
use crate::diagnostic::Diagnostic;
use crate::dockerfile::ast::Dockerfile;
use crate::image::{self, ContainerConfig, History, Image, ImageConfig, Layer};
use crate::path::AbsPath;
use crate::shell::{NoteKind, Stream};
use crate::span::Span;
use crate::vfs::{Change, Snapshot};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A build, finished, failed or stopped.
#[derive(Debug, Clone)]
pub struct Build {
    /// The Dockerfile as it was understood.
    pub dockerfile: Arc<Dockerfile>,
    /// All stages in the order of the text, those that were not needed too.
    pub stages: Vec<Stage>,
    /// The stage that becomes the image: the last, or `--target`. None if there is no stage, or no such target.
    pub target: Option<usize>,
    /// Errors and findings about the text, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// Why there is no image.
    pub failure: Option<Failure>,
    /// The build context, before and after `.dockerignore`.
    pub context: ContextSize,
    /// How many steps were executed, that is not taken from the cache.
    pub executed: usize,
    /// Files that the text wants of the context and it lacks, as placeholders would have them.
    pub lacking: Vec<Placeholder>,
}

/// Number and bytes of the files of the build context.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextSize {
    /// Files in all.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Files that `.dockerignore` leaves.
    pub sent_files: usize,
    /// Their bytes.
    pub sent_bytes: u64,
}

/// Why there is no image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Docker's words, without `failed to build: failed to solve: `.
    pub message: String,
    /// First line of the instruction, from 1; none if the error has none.
    pub line: Option<usize>,
    /// The exit code of the RUN that failed.
    pub exit_code: Option<i32>,
    /// The step that failed; none for an error before the first step.
    pub step: Option<StepId>,
}

/// The key of a step: rows of the page have it, never a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StepId {
    /// Index of the stage.
    pub stage: usize,
    /// Its place in the stage: FROM is 0, the instruction after it 1; ONBUILD triggers of the base come between.
    pub ordinal: usize,
}

/// A stage.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Its index.
    pub index: usize,
    /// `AS name`, in lower case.
    pub name: Option<String>,
    /// What it starts from.
    pub base: Base,
    /// What became of it.
    pub state: StageState,
    /// Its FROM.
    pub from: Source,
    /// Its steps after FROM, in order, the ones that were not run too.
    pub steps: Vec<Step>,
    /// All its layers, lowest first: those of the base image, those of the stages it is built on, its own. A layer's index
    /// is its number in the snapshots (`Stat::layer`).
    pub layers: Vec<StageLayer>,
    /// All rows of the history, oldest first, likewise.
    pub history: Vec<HistoryRow>,
    /// The image config as it is after the last step that ran.
    pub config: ContainerConfig,
    /// The merged filesystem after the last step that ran.
    pub snapshot: Snapshot,
}

/// What a stage starts from.
#[derive(Debug, Clone)]
pub struct Base {
    /// As written in FROM, expanded.
    pub reference: String,
    /// What it is.
    pub kind: BaseKind,
    /// The name under which it was found (`alpine:3.20`); what was said of that is in the diagnostics.
    pub resolved: String,
    /// How many of the stage's layers come from the base *image* (0 for scratch).
    pub layers: usize,
    /// How many rows of its history do.
    pub history: usize,
    /// The config of the base image; none for scratch and before it is known.
    pub config: Option<Arc<ImageConfig>>,
    /// Its file contents are only listed.
    pub is_listing: bool,
    /// The snapshot that the stage starts from.
    pub snapshot: Snapshot,
}

/// The kinds of [`Base`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseKind {
    /// `FROM scratch`.
    Scratch,
    /// An image.
    Image,
    /// Another stage, by index.
    Stage(usize),
    /// Not known: it could not be found, or was not looked for.
    Unknown,
}

/// What became of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StageState {
    /// The target does not need it.
    Skipped,
    /// All its steps ran.
    Built,
    /// One of its steps failed.
    Failed,
    /// The build ended before it did.
    NotRun,
}

/// A layer in a stage.
#[derive(Debug, Clone)]
pub struct StageLayer {
    /// The layer.
    pub layer: Arc<Layer>,
    /// The step that made it; none for one of the base image. The step may belong to a stage that this one is built on.
    pub step: Option<StepId>,
    /// The row of the history that it belongs to.
    pub history: usize,
}

/// A row of the history.
#[derive(Debug, Clone)]
pub struct HistoryRow {
    /// As the image config has it.
    pub row: History,
    /// The index of its layer; none for an empty layer.
    pub layer: Option<usize>,
    /// The step it came from; none for one of the base image.
    pub step: Option<StepId>,
}

/// Where an instruction stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The whole instruction; of an ONBUILD trigger, the FROM that brought it.
    pub span: Span,
    /// Its first line, from 1.
    pub first_line: usize,
    /// Its last line, from 1.
    pub last_line: usize,
    /// The keyword in upper case.
    pub name: String,
    /// As BuildKit prints the step: flags and expanded words, without `# buildkit`.
    pub text: String,
    /// An ONBUILD trigger of the base with this reference.
    pub trigger_of: Option<String>,
}

/// One executed instruction.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its key.
    pub id: StepId,
    /// Where it stands, and what it says.
    pub source: Source,
    /// What became of it.
    pub state: StepState,
    /// From the cache, or why not. Instructions that only change the config are never looked up: they show `Cached` if
    /// nothing before them was rebuilt.
    pub cache: CacheStatus,
    /// Its row in the stage's history; none for ONBUILD and what was not run.
    pub history: Option<usize>,
    /// The layer it made.
    pub layer: Option<StepLayer>,
    /// What was printed.
    pub log: Vec<(Stream, String)>,
    /// What is to be said of its lines.
    pub notes: Vec<LineNote>,
    /// What COPY brought from another stage or an image; none for other steps.
    pub copied: Option<Copied>,
    /// The filesystem before it.
    pub before: Snapshot,
    /// The filesystem after it.
    pub after: Snapshot,
}

/// Where a COPY took its files.
#[derive(Debug, Clone)]
pub struct Copied {
    /// From which stage or image.
    pub from: CopiedFrom,
    /// All that is no directory, sorted by where it went.
    pub files: Arc<Vec<CopiedFile>>,
}

/// What a COPY copies from, besides the context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CopiedFrom {
    /// A stage, by index.
    Stage(usize),
    /// An image, by its name as written.
    Image(String),
}

/// One thing that was copied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CopiedFile {
    /// Where it went.
    pub path: AbsPath,
    /// Where it stood.
    pub source: AbsPath,
}

/// The layer that a step made.
#[derive(Debug, Clone)]
pub struct StepLayer {
    /// Its index in the stage's layers.
    pub index: usize,
    /// The layer.
    pub layer: Arc<Layer>,
    /// What `docker diff` says of the step.
    pub diff: Arc<Vec<Change>>,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// It ran, or was taken from the cache.
    Done,
    /// It failed.
    Failed {
        /// Docker's words, as in [`Failure`].
        message: String,
        /// The exit code of a RUN.
        exit_code: Option<i32>,
    },
    /// The build ended before it, or its stage is skipped.
    NotRun,
}

/// From the cache, or why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CacheStatus {
    /// Taken from the cache.
    Cached,
    /// Executed, and why.
    Built(Miss),
    /// Neither: it was not run.
    NotRun,
}

/// Why a step was not in the cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Miss {
    /// Nothing was built before at this place.
    FirstBuild,
    /// Its text is another.
    InstructionChanged,
    /// ARG or ENV in effect (of these names), the user, the working directory or the shell are others.
    VariablesChanged {
        /// Names of variables; `USER`, `WORKDIR`, `SHELL` among them.
        names: Vec<String>,
    },
    /// A step before it was rebuilt.
    ParentRebuilt {
        /// The first one that was.
        step: StepId,
    },
    /// Files that it copies or mounts changed.
    FilesChanged {
        /// Which, at most ten, sorted.
        files: Vec<FileChange>,
        /// How many in all.
        count: usize,
    },
    /// The base image is another.
    BaseChanged,
    /// It was built before, but the bound of the cache made it go.
    Evicted,
}

/// A file that a COPY found changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// Its path in the context, stage or image.
    pub path: String,
    /// What about it.
    pub what: FileChangeKind,
}

/// What about a file changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its content.
    Content,
    /// Its mode.
    Mode,
    /// Its owner.
    Owner,
}

/// A note about a line of the Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineNote {
    /// The line, from 1: the command's own.
    pub line: usize,
    /// The kind.
    pub kind: NoteKind,
    /// Which command, and what about it.
    pub message: String,
}

impl Build {
    /// The stage that became the image; none if the build failed.
    pub fn image(&self) -> Option<&Stage> {
        if self.failure.is_some() { None } else { self.target_stage() }
    }

    /// The target stage, however far it came.
    pub fn target_stage(&self) -> Option<&Stage> {
        self.target.and_then(|index| self.stages.get(index))
    }

    /// A step.
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.stages.get(id.stage)?.steps.get(id.ordinal.checked_sub(1)?)
    }

    /// All notes, in the order of their lines.
    pub fn notes(&self) -> Vec<&LineNote> {
        let mut notes: Vec<&LineNote> =
            self.stages.iter().flat_map(|stage| &stage.steps).flat_map(|step| &step.notes).collect();
        notes.sort_by_key(|note| note.line);
        notes
    }
}

impl Stage {
    /// The image that it is: with its ID once all diff IDs are there.
    pub fn image(&self) -> Image {
        // BuildKit keeps of the base's config what an image-spec names, and writes the rest anew.
        let base = self.base.config.as_deref();
        let mut config = ImageConfig::scratch();
        if let Some(base) = base {
            config.architecture.clone_from(&base.architecture);
            config.os.clone_from(&base.os);
            config.author.clone_from(&base.author);
            let variant = base.other.iter().filter(|(name, _)| *name == "variant");
            config.other = variant.map(|(name, value)| (name.clone(), value.clone())).collect();
        }
        config.created = Some(image::CREATED.to_owned());
        config.config = self.config.clone();
        for row in &self.history {
            let mut entry = row.row.clone();
            if row.step.is_some() {
                entry.created = Some(image::CREATED.to_owned());
                if let Some(author) = entry.created_by.strip_prefix("MAINTAINER ") {
                    config.author = Some(author.to_owned());
                }
            }
            config.history.push(entry);
        }
        let layers = self.layers.iter().map(|layer| layer.layer.clone()).collect();
        Image::new(config, layers, self.snapshot.clone())
    }

    /// The image's size in bytes: the sum of its layers'.
    pub fn size(&self) -> u64 {
        self.layers.iter().map(|layer| layer.layer.size).sum()
    }
}
