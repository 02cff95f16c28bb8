//! The build cache: results of steps by what BuildKit keys them by, kept across builds within a bound; and, for the steps of
//! the last build, what went into them, so that a miss can be explained.

use super::outcome::{CopiedFile, LineNote, Miss, StepId};
use super::sources::{self, Prints};
use crate::digest::{Digest, Hasher};
use crate::image::Layer;
use crate::shell::{Note, Stream};
use crate::vfs::{Change, Content, EntryKind, Segment, Snapshot, Tree};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most steps that are kept: more than the longest Dockerfile anyone writes, several times over.
pub const MAX_STEPS: usize = 4096;

/// The most bytes of file contents and logs that are kept: 256 MiB.
pub const MAX_BYTES: u64 = 256 << 20;

/// Results of earlier steps.
#[derive(Default)]
pub struct Cache {
    results: BTreeMap<Digest, Kept>,
    /// Keys by last use, oldest first.
    used: BTreeMap<u64, Digest>,
    clock: u64,
    bytes: u64,
    traces: BTreeMap<StepId, Trace>,
    /// What RUNs left in cache mounts, by id.
    pub(super) mounts: BTreeMap<String, Tree>,
}

struct Kept {
    used: u64,
    bytes: u64,
    result: StepResult,
}

/// What a step came to.
#[derive(Clone)]
pub(super) struct StepResult {
    pub layer: Arc<Layer>,
    pub diff: Arc<Vec<Change>>,
    pub after: Snapshot,
    pub log: Arc<Vec<(Stream, String)>>,
    pub notes: Arc<Vec<Note>>,
    /// What a COPY copied.
    pub copied: Arc<Vec<CopiedFile>>,
}

/// What went into a step, as far as a miss is explained by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Trace {
    /// The key of what the step is built on.
    pub parent: Option<Digest>,
    /// Its text, with variables filled in.
    pub text: String,
    /// Variables, and USER, WORKDIR, SHELL.
    pub variables: BTreeMap<String, String>,
    /// The files it copies or mounts.
    pub prints: Prints,
}

/// The key of a step: its parent's key, what it does, and the files that go into it.
pub(super) fn key(parent: Digest, definition: &str, prints: &Prints) -> Digest {
    let mut hasher = Hasher::default();
    hasher.update(parent.hex().as_bytes());
    hasher.update(definition.as_bytes());
    hasher.update(sources::digest(prints).hex().as_bytes());
    hasher.finish()
}

impl Cache {
    /// How many steps are kept.
    pub fn len(&self) -> usize {
        self.results.len()
    }

    /// Nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.results.is_empty()
    }

    pub(super) fn get(&mut self, key: Digest) -> Option<StepResult> {
        self.clock += 1;
        let kept = self.results.get_mut(&key)?;
        self.used.remove(&kept.used);
        kept.used = self.clock;
        self.used.insert(self.clock, key);
        Some(kept.result.clone())
    }

    pub(super) fn put(&mut self, key: Digest, result: StepResult) {
        self.clock += 1;
        let bytes = held(&result);
        if let Some(old) = self.results.insert(key, Kept { used: self.clock, bytes, result }) {
            self.used.remove(&old.used);
            self.bytes -= old.bytes;
        }
        self.used.insert(self.clock, key);
        self.bytes += bytes;
        while self.results.len() > MAX_STEPS || (self.bytes > MAX_BYTES && self.results.len() > 1) {
            let Some((_, oldest)) = self.used.pop_first() else { return };
            if let Some(gone) = self.results.remove(&oldest) {
                self.bytes -= gone.bytes;
            }
        }
    }

    /// Why a step is not in the cache; `rebuilt` is the first step before it in its stage that was not.
    pub(super) fn explain(&self, id: StepId, trace: &Trace, rebuilt: Option<StepId>) -> Miss {
        let stage_is_known =
            self.traces.range(StepId { ordinal: 0, ..id }..).next().is_some_and(|(known, _)| known.stage == id.stage);
        if !stage_is_known {
            return Miss::FirstBuild;
        }
        if let Some(step) = rebuilt {
            return Miss::ParentRebuilt { step };
        }
        let Some(before) = self.traces.get(&id) else { return Miss::FirstBuild };
        let names: Vec<String> = before
            .variables
            .keys()
            .chain(trace.variables.keys())
            .filter(|name| before.variables.get(*name) != trace.variables.get(*name))
            .cloned()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect();
        let mut files = sources::changes(&before.prints, &trace.prints);
        if before.text != trace.text {
            Miss::InstructionChanged
        } else if !names.is_empty() {
            Miss::VariablesChanged { names }
        } else if !files.is_empty() {
            let count = files.len();
            files.truncate(10);
            Miss::FilesChanged { files, count }
        } else if before.parent != trace.parent {
            Miss::BaseChanged
        } else {
            Miss::Evicted
        }
    }

    /// Takes the place of what was remembered of the last build.
    pub(super) fn remember(&mut self, traces: BTreeMap<StepId, Trace>) {
        self.traces = traces;
    }
}

/// The bytes that a result holds: file contents that are not generated, and the log.
fn held(result: &StepResult) -> u64 {
    let content = |content: &Content| -> u64 {
        content
            .segments()
            .iter()
            .map(|segment| if let Segment::Bytes(bytes) = segment { bytes.len() as u64 } else { 0 })
            .sum()
    };
    let files = result
        .layer
        .changeset
        .entries
        .iter()
        .map(|entry| if let EntryKind::File(file) = &entry.kind { content(file) } else { 0 });
    let log: u64 = result.log.iter().map(|(_, text)| text.len() as u64).sum();
    files.sum::<u64>() + log + 256 * result.layer.changeset.entries.len() as u64
}

/// Notes with the lines of their commands.
pub(super) fn with_lines(notes: &[Note], line_of: impl Fn(usize) -> usize) -> Vec<LineNote> {
    notes
        .iter()
        .map(|note| LineNote { line: line_of(note.position), kind: note.kind, message: note.message.clone() })
        .collect()
}
