//! The JSON report. docs/report.md says what each field means; a change of meaning raises [`SCHEMA`].

use super::shown_stage;
use crate::build::outcome::{Build, CacheStatus, ContextSize, Copied, CopiedFile, CopiedFrom, Miss, Stage, Step};
use crate::diagnostic::{Diagnostic, DiagnosticKind, Severity};
use crate::image::Certainty;
use crate::insight::lessons::lessons;
use crate::insight::provenance::came_from;
use crate::path::AbsPath;
use crate::shell::NoteKind;
use crate::span::line_column;
use crate::vfs::{Changeset, Content, Entry, EntryKind, Snapshot};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The version of the report's schema.
pub const SCHEMA: &str = "layerlab.report/1";

/// The version of Docker whose behaviour is simulated.
pub const DOCKER: &str = "28.5.2";

/// How Docker's client opens the last line of a failed build.
const FAILED: &str = "failed to build: failed to solve: ";

/// The largest file whose digest is computed, in bytes (DESIGN.md, "Budgets"): 2 GiB.
const MAX_HASHED: u64 = 2 << 30;

/// Directories that BuildKit's own mounts touch, whatever a RUN does.
const NOISE: [&str; 6] = ["/etc", "/proc", "/sys", "/dev", "/run", "/tmp"];

/// The report of a build.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// [`DOCKER`].
    pub docker: &'static str,
    /// Is there an image?
    pub ok: bool,
    /// Findings of the build checks, by line and rule.
    pub warnings: Vec<Warning>,
    /// Docker's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// First line of the instruction that failed, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<Option<usize>>,
    /// The exit code of the RUN that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<Option<i32>>,
    /// What came with the base image, and is not listed.
    pub base: BaseCount,
    /// The image config.
    pub config: BTreeMap<String, Value>,
    /// The rows after the base's, oldest first.
    pub history: Vec<HistoryRow>,
    /// The layers after the base's, lowest first.
    pub layers: Vec<LayerReport>,
    /// The steps of all stages.
    pub steps: Vec<StepReport>,
    /// The build context, before and after `.dockerignore`.
    pub context: ContextSize,
    /// All that is wrong with the text, or worth knowing.
    pub diagnostics: Vec<DiagnosticReport>,
    /// What is modelled or not simulated.
    pub notes: Vec<NoteReport>,
}

/// A finding of a build check.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Warning {
    /// The line that Docker reports, from 1.
    pub line: usize,
    /// The rule's name.
    pub rule: String,
}

/// How much of history and layers came with the base image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct BaseCount {
    /// Rows of the history.
    pub history: usize,
    /// Layers.
    pub layers: usize,
}

/// A row of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryRow {
    /// The instruction, as Docker words it.
    pub created_by: String,
    /// It made no layer.
    pub empty: bool,
}

/// A layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerReport {
    /// The index of its row in `history`.
    pub history: usize,
    /// Its size in bytes, as `docker history` has it.
    pub size: u64,
    /// How sure that is.
    pub certainty: Certainty,
    /// What it holds, sorted by path and kind.
    pub entries: Vec<EntryReport>,
    /// What `docker diff` says of its step.
    pub diff: Vec<String>,
}

/// An entry of a layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryReport {
    /// Its path; of a whiteout the hidden one, of an opaque whiteout the directory.
    pub path: AbsPath,
    /// `file`, `dir`, `symlink`, `hardlink`, `other`, `whiteout` or `opaque`.
    pub kind: &'static str,
    /// Four octal digits; not for links and whiteouts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// The owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// The group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gid: Option<u32>,
    /// A file's length in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// A file's digest; absent where its bytes are not known, or more than 2 GiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// A link's target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepReport {
    /// The index of its stage.
    pub stage: usize,
    /// Its first line, from 1.
    pub line: usize,
    /// Its text, as BuildKit prints it.
    pub text: String,
    /// Was it taken from the cache?
    pub cached: bool,
    /// Why not; null if it was, or did not run.
    pub reason: Option<Miss>,
    /// The index of its layer in `layers`; null if it made none, or none of this image.
    pub layer: Option<usize>,
    /// Where it took its files, if from a stage or an image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<FromReport>,
}

/// Where a COPY took its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FromReport {
    /// The index of the stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<usize>,
    /// The name of the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// What it copied, but for directories, sorted by path.
    pub files: Vec<CopiedReport>,
}

/// A file that was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopiedReport {
    /// Where it went.
    pub path: AbsPath,
    /// Where it stood.
    pub source: AbsPath,
    /// The line of the step that last wrote it there; null where it came with an image.
    pub line: Option<usize>,
}

/// Something to say of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiagnosticReport {
    /// A stable code; a build check's rule.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: Severity,
    /// Where, from 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// Docker's words.
    pub message: String,
    /// A mend; null where there is none.
    pub edit: Option<EditReport>,
}

/// A replacement of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditReport {
    /// First byte that is replaced.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// By what.
    pub replacement: String,
}

/// What is to be said of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteReport {
    /// The command's own line, from 1.
    pub line: usize,
    /// `modelled`, `not simulated` or `placeholder`.
    pub kind: NoteKind,
    /// Which command, and what about it.
    pub message: String,
}

impl Report {
    /// The report of a build of this text. It computes the digests of files: time in proportion to their bytes.
    pub fn new(build: &Build, text: &str) -> Self {
        let failure = build.failure.as_ref();
        let stage = shown_stage(build);
        let lessons = lessons(build);
        let (base, layers) = stage.map(|stage| (base_count(stage), layers(build, stage))).unwrap_or_default();
        Self {
            schema: SCHEMA,
            docker: DOCKER,
            ok: build.image().is_some(),
            warnings: warnings(&build.diagnostics),
            error: failure.map(|failure| format!("{FAILED}{}", failure.message)),
            line: failure.map(|failure| failure.line),
            exit_code: failure.map(|failure| failure.exit_code),
            base,
            config: stage.map(config).unwrap_or_default(),
            history: stage.map(history).unwrap_or_default(),
            layers,
            steps: steps(build, stage),
            context: build.context,
            diagnostics: build.diagnostics.iter().chain(&lessons).map(|one| diagnostic_report(one, text)).collect(),
            notes: build
                .notes()
                .into_iter()
                .map(|note| NoteReport { line: note.line, kind: note.kind, message: note.message.clone() })
                .collect(),
        }
    }

    /// The document, indented by one space, with a line end.
    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        let format = serde_json::ser::PrettyFormatter::with_indent(b" ");
        let mut serializer = serde_json::Serializer::with_formatter(&mut out, format);
        if self.serialize(&mut serializer).is_err() {
            return String::new();
        }
        out.push(b'\n');
        String::from_utf8_lossy(&out).into_owned()
    }
}

fn warnings(diagnostics: &[Diagnostic]) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = diagnostics
        .iter()
        .filter(|diagnostic| matches!(diagnostic.kind, DiagnosticKind::Check(_)))
        .map(|diagnostic| Warning {
            line: diagnostic.line.unwrap_or_default(),
            rule: diagnostic.kind.code().to_owned(),
        })
        .collect();
    warnings.sort();
    warnings
}

fn base_count(stage: &Stage) -> BaseCount {
    BaseCount { history: stage.base.history, layers: stage.base.layers }
}

/// The config as Docker's has it, without empty values and what every build leaves to the daemon.
fn config(stage: &Stage) -> BTreeMap<String, Value> {
    let fields = match serde_json::to_value(&stage.config) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    fields
        .into_iter()
        .filter(|(name, value)| {
            let empty = match value {
                Value::Null | Value::Bool(false) => true,
                Value::Number(number) => number.as_f64() == Some(0.0),
                Value::String(text) => text.is_empty(),
                Value::Array(items) => items.is_empty(),
                Value::Object(fields) => fields.is_empty(),
                Value::Bool(true) => false,
            };
            !empty && !["Hostname", "Domainname", "Image", "ArgsEscaped"].contains(&name.as_str())
        })
        .collect()
}

fn history(stage: &Stage) -> Vec<HistoryRow> {
    let rows = stage.history.iter().skip(stage.base.history);
    rows.map(|row| HistoryRow { created_by: row.row.created_by.clone(), empty: row.layer.is_none() }).collect()
}

fn layers(build: &Build, stage: &Stage) -> Vec<LayerReport> {
    let own = stage.layers.iter().skip(stage.base.layers);
    own.map(|layer| {
        let step = layer.step.and_then(|id| build.step(id));
        let diff = step.and_then(|step| step.layer.as_ref()).map(|layer| layer.diff.as_slice()).unwrap_or_default();
        LayerReport {
            history: layer.history.saturating_sub(stage.base.history),
            size: layer.layer.size,
            certainty: layer.layer.certainty,
            entries: entries(&layer.layer.changeset, step.map(|step| &step.before)),
            diff: diff.iter().map(ToString::to_string).collect(),
        }
    })
    .collect()
}

/// The entries of a layer without the directories that only BuildKit's mounts touched.
fn entries(changeset: &Changeset, before: Option<&Snapshot>) -> Vec<EntryReport> {
    let kept = changeset.entries.iter().filter(|entry| !is_noise(entry, changeset, before));
    let mut entries: Vec<EntryReport> = kept.map(entry_report).collect();
    entries.sort_by(|a, b| (a.path.as_str(), a.kind).cmp(&(b.path.as_str(), b.kind)));
    entries
}

fn is_noise(entry: &Entry, changeset: &Changeset, before: Option<&Snapshot>) -> bool {
    if entry.kind != EntryKind::Dir || !NOISE.contains(&entry.path.as_str()) {
        return false;
    }
    let has_below =
        changeset.entries.iter().any(|other| other.path != entry.path && other.path.starts_with(&entry.path));
    let old = before.and_then(|before| before.lookup(&entry.path).and_then(|ino| before.inode(ino)));
    let same = old.is_none_or(|old| {
        let owner = (old.meta.uid, old.meta.gid) == (entry.meta.uid, entry.meta.gid);
        owner && old.meta.mode == entry.meta.mode && old.kind() == crate::vfs::FileKind::Dir
    });
    !has_below && same
}

fn entry_report(entry: &Entry) -> EntryReport {
    let mut report = EntryReport {
        path: entry.path.clone(),
        kind: "other",
        mode: None,
        uid: None,
        gid: None,
        size: None,
        sha256: None,
        link: None,
    };
    match &entry.kind {
        EntryKind::Whiteout => return EntryReport { kind: "whiteout", ..report },
        EntryKind::Opaque => return EntryReport { kind: "opaque", ..report },
        EntryKind::Dir => report.kind = "dir",
        EntryKind::File(content) => {
            report.kind = "file";
            report.size = Some(content.len());
            report.sha256 = sha256(content);
        }
        EntryKind::Hardlink(target) => {
            report.kind = "hardlink";
            report.link = Some(target.to_string());
        }
        EntryKind::Symlink(target) => {
            report.kind = "symlink";
            report.link = Some(target.to_string());
        }
        EntryKind::Fifo | EntryKind::CharDevice { .. } | EntryKind::BlockDevice { .. } => {}
    }
    report.uid = Some(entry.meta.uid);
    report.gid = Some(entry.meta.gid);
    report.mode = (report.kind != "symlink").then(|| format!("{:04o}", entry.meta.mode));
    report
}

fn sha256(content: &Content) -> Option<String> {
    let digest = if content.len() > MAX_HASHED { content.known_digest() } else { content.digest() };
    digest.map(|digest| digest.hex())
}

fn steps(build: &Build, shown: Option<&Stage>) -> Vec<StepReport> {
    let layer_of = |step: &Step| {
        let shown = shown?;
        let at = shown.layers.iter().position(|layer| layer.step == Some(step.id))?;
        at.checked_sub(shown.base.layers)
    };
    let steps = build.stages.iter().flat_map(|stage| &stage.steps);
    steps
        .map(|step| StepReport {
            stage: step.id.stage,
            line: step.source.first_line,
            text: step.source.text.clone(),
            cached: step.cache == CacheStatus::Cached,
            reason: match &step.cache {
                CacheStatus::Built(miss) => Some(miss.clone()),
                CacheStatus::Cached | CacheStatus::NotRun => None,
            },
            layer: layer_of(step),
            from: step.copied.as_ref().map(|copied| from_report(build, step, copied)),
        })
        .collect()
}

fn from_report(build: &Build, step: &Step, copied: &Copied) -> FromReport {
    let (stage, image) = match &copied.from {
        CopiedFrom::Stage(index) => (Some(*index), None),
        CopiedFrom::Image(name) => (None, Some(name.clone())),
    };
    let line = |path: &AbsPath| Some(build.step(came_from(build, step, path)?.step?)?.source.first_line);
    let file = |file: &CopiedFile| CopiedReport {
        path: file.path.clone(),
        source: file.source.clone(),
        line: line(&file.path),
    };
    FromReport { stage, image, files: copied.files.iter().map(file).collect() }
}

fn diagnostic_report(diagnostic: &Diagnostic, text: &str) -> DiagnosticReport {
    let (line, column) = line_column(text, diagnostic.span.start);
    DiagnosticReport {
        code: diagnostic.kind.code(),
        severity: diagnostic.severity,
        line,
        column,
        message: diagnostic.to_string(),
        edit: diagnostic.edit.as_ref().map(|edit| EditReport {
            start: edit.span.start,
            end: edit.span.end,
            replacement: edit.replacement.clone(),
        }),
    }
}
