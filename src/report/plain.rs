//! The build as `docker build --progress=plain` prints it, and the history as `docker history` does, without times:
//! the engine has no clock. Steps stand in the order in which they ran here; BuildKit runs independent ones side by side.

use super::shown_stage;
use crate::build::outcome::{BaseKind, Build, CacheStatus, Failure, Stage, StageState, Step, StepState};
use crate::diagnostic::{Diagnostic, DiagnosticKind};
use crate::dockerfile::reference::Reference;
use crate::image::Certainty;
use crate::shell::Stream;
use crate::units::human;
use std::fmt::Write;

/// How much of a command `docker history` shows.
const CREATED_BY_WIDTH: usize = 45;

/// A vertex of the log: its number, its name and what it printed.
struct Log {
    out: String,
    number: usize,
}

/// What a failed step was called, and what it printed.
type FailedStep = Option<(String, Vec<String>)>;

/// The log of a build of this text, which stands in a file of this name, and the history of the image.
pub fn plain(build: &Build, text: &str, file: &str) -> String {
    let mut out = log(build, text, file);
    if let Some(stage) = build.image() {
        out.push('\n');
        out.push_str(&history(stage));
    }
    notes(&mut out, build);
    out
}

/// The log of a build of this text, which stands in a file of this name.
pub fn log(build: &Build, text: &str, file: &str) -> String {
    let mut log = Log { out: "#0 building with \"default\" instance using docker driver\n".to_owned(), number: 0 };
    let mut lines: Vec<String> = findings(build).map(|finding| format!("WARN: {finding}")).collect();
    lines.push("DONE".to_owned());
    log.vertex(&format!("[internal] load build definition from {file}"), &lines);
    let mut failed = None;
    if build.target.is_some() && !fails_in_text(build) {
        log.stages(build, &mut failed);
    }
    let mut out = log.out;
    findings_text(&mut out, build);
    if let Some(failure) = &build.failure {
        failure_text(&mut out, failure, failed, text, file);
    }
    out
}

/// Did it fail before any source was looked at?
fn fails_in_text(build: &Build) -> bool {
    build.failure.as_ref().is_some_and(|failure| failure.step.is_none() && missing_source(failure).is_none())
}

/// The error of a step whose source is missing, which BuildKit words twice.
fn missing_source(failure: &Failure) -> Option<&str> {
    failure.message.strip_prefix("failed to compute cache key: ")
}

impl Log {
    fn vertex(&mut self, name: &str, lines: &[String]) {
        self.number += 1;
        let number = self.number;
        let _ = writeln!(self.out, "\n#{number} {name}");
        for line in lines {
            let _ = writeln!(self.out, "#{number} {line}");
        }
    }

    fn done(&mut self, name: &str) {
        self.vertex(name, &["DONE".to_owned()]);
    }

    fn stages(&mut self, build: &Build, failed: &mut FailedStep) {
        let needed: Vec<&Stage> = build.stages.iter().filter(|stage| stage.state != StageState::Skipped).collect();
        let mut bases: Vec<&str> = Vec::new();
        for stage in needed.iter().filter(|stage| stage.base.kind == BaseKind::Image) {
            if !bases.contains(&stage.base.resolved.as_str()) {
                bases.push(&stage.base.resolved);
            }
        }
        for base in &bases {
            self.done(&format!("[internal] load metadata for {}", normalized(base)));
        }
        self.done("[internal] load .dockerignore");
        let mut based: Vec<&str> = Vec::new();
        let mut context = needed.iter().flat_map(|stage| &stage.steps).any(reads_context);
        for stage in &needed {
            let names = StepNames::new(build, stage);
            // Stages on one image share its vertex.
            if names.from && !based.contains(&stage.base.resolved.as_str()) {
                based.push(&stage.base.resolved);
                self.done(&names.step(1, &format!("FROM {}", normalized(&stage.base.resolved))));
            }
            if std::mem::take(&mut context) {
                self.done("[internal] load build context");
            }
            self.steps(build, stage, &names, failed);
        }
        if build.image().is_some() {
            self.vertex("exporting to image", &["exporting layers done".to_owned(), "DONE".to_owned()]);
        }
    }

    /// The steps of a stage; of the one that failed, its name and output.
    fn steps(&mut self, build: &Build, stage: &Stage, names: &StepNames, failed: &mut FailedStep) {
        for (place, step) in stage.steps.iter().filter(|step| makes_vertex(step)).enumerate() {
            let name = names.step(place + names.first_step(), &step.source.text);
            let error = match (&step.state, &build.failure) {
                (StepState::Failed { message, .. }, _) => Some(message.as_str()),
                (StepState::NotRun, Some(failure)) if failure.line == Some(step.source.first_line) => {
                    missing_source(failure)
                }
                _ => None,
            };
            let printed = output(step);
            if let Some(error) = error {
                let mut lines = printed.clone();
                lines.push(format!("ERROR: {error}"));
                self.vertex(&name, &lines);
                *failed = Some((name, printed));
            } else if step.state == StepState::Done && step.cache == CacheStatus::Cached {
                self.vertex(&name, &["CACHED".to_owned()]);
            } else if step.state == StepState::Done {
                let mut lines = printed;
                lines.push("DONE".to_owned());
                self.vertex(&name, &lines);
            }
        }
    }
}

fn makes_vertex(step: &Step) -> bool {
    matches!(step.source.name.as_str(), "RUN" | "COPY" | "ADD" | "WORKDIR")
}

fn reads_context(step: &Step) -> bool {
    matches!(step.source.name.as_str(), "COPY" | "ADD") && !step.source.text.contains("--from=")
}

fn output(step: &Step) -> Vec<String> {
    let mut lines = Vec::new();
    let mut open: Option<Stream> = None;
    for (stream, text) in &step.log {
        for piece in text.split_inclusive('\n') {
            let ended = piece.ends_with('\n');
            let piece = piece.trim_end_matches(['\n', '\r']);
            match (open, lines.last_mut()) {
                (Some(last), Some(line)) if last == *stream => String::push_str(line, piece),
                _ => lines.push(piece.to_owned()),
            }
            open = (!ended).then_some(*stream);
        }
    }
    lines
}

/// How BuildKit names steps (frontend/dockerfile/dockerfile2llb, `prefixCommand`): `[stage n/total]`, counting FROM an
/// image and every instruction that makes a layer.
struct StepNames {
    stage: Option<String>,
    total: usize,
    from: bool,
}

impl StepNames {
    fn new(build: &Build, stage: &Stage) -> Self {
        let from = stage.base.kind == BaseKind::Image;
        let total = usize::from(from) + stage.steps.iter().filter(|step| makes_vertex(step)).count();
        let name = stage.name.clone().unwrap_or_else(|| format!("stage-{}", stage.index));
        Self { stage: (build.stages.len() > 1).then_some(name), total, from }
    }

    fn first_step(&self) -> usize {
        if self.from { 2 } else { 1 }
    }

    fn step(&self, place: usize, text: &str) -> String {
        let width = self.total.max(1).to_string().len();
        let stage = self.stage.as_ref().map(|stage| format!("{stage} ")).unwrap_or_default();
        format!("[{stage}{place:>width$}/{}] {text}", self.total)
    }
}

/// A reference as BuildKit prints it: `busybox` is `docker.io/library/busybox:latest`.
fn normalized(reference: &str) -> String {
    match Reference::parse(reference) {
        Ok(parsed) => parsed.with_default_tag().to_string(),
        Err(_) => reference.to_owned(),
    }
}

/// The findings of the build checks, as the client words them, in the order of the text.
fn findings(build: &Build) -> impl Iterator<Item = String> {
    let is_finding = |diagnostic: &&Diagnostic| matches!(diagnostic.kind, DiagnosticKind::Check(_));
    build.diagnostics.iter().filter(is_finding).map(|finding| {
        let line = finding.line.unwrap_or_default();
        format!("{}: {} (line {line})", finding.kind.code(), finding.kind)
    })
}

fn findings_text(out: &mut String, build: &Build) {
    let findings: Vec<String> = findings(build).collect();
    if findings.is_empty() {
        return;
    }
    let warnings = if findings.len() == 1 { "warning" } else { "warnings" };
    let _ = writeln!(out, "\n {} {warnings} found (use docker --debug to expand):", findings.len());
    for finding in findings {
        let _ = writeln!(out, " - {finding}");
    }
}

/// What the client prints of an error: the output of the step, the place in the Dockerfile, the message.
fn failure_text(out: &mut String, failure: &Failure, failed: Option<(String, Vec<String>)>, text: &str, file: &str) {
    if let Some((name, lines)) = failed {
        let _ = writeln!(out, "------\n > {name}:");
        for line in lines {
            let _ = writeln!(out, "{line}");
        }
        out.push_str("------\n");
    }
    if let Some(first) = failure.line {
        out.push_str(&excerpt(text, file, first, last_line(text, first)));
    }
    let _ = writeln!(out, "ERROR: failed to build: failed to solve: {}", failure.message);
}

/// The last line of the instruction that starts on this line.
fn last_line(text: &str, first: usize) -> usize {
    let file = crate::dockerfile::parse(text);
    file.instructions.iter().find(|it| it.first_line == first).map_or(first, |it| it.last_line)
}

/// The place of an error, as BuildKit prints it (solver/errdefs/source.go): two lines around it, or four of one line.
pub fn excerpt(text: &str, file: &str, first: usize, last: usize) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut out = String::new();
    if first == 0 || first > lines.len() {
        return out;
    }
    let last = last.clamp(first, lines.len());
    let padding = if first == last { 4 } else { 2 };
    let (mut from, mut to, mut padded) = (first, last, 0);
    while padded < padding {
        if from > 1 {
            from -= 1;
            padded += 1;
        }
        if to != lines.len() {
            to += 1;
            padded += 1;
        }
        padded += 1;
    }
    let _ = writeln!(out, "{file}:{first}\n--------------------");
    for (number, line) in lines.iter().enumerate().map(|(i, line)| (i + 1, line)) {
        if (from..=to).contains(&number) {
            let mark = if (first..=last).contains(&number) { ">>>" } else { "   " };
            let _ = writeln!(out, " {number:>3} | {mark} {line}");
        }
    }
    out.push_str("--------------------\n");
    out
}

/// The image's history, newest row first, as `docker history` prints it, without image IDs and times.
pub fn history(stage: &Stage) -> String {
    let rows: Vec<(String, String, String)> = stage
        .history
        .iter()
        .rev()
        .map(|row| {
            let layer = row.layer.and_then(|index| stage.layers.get(index));
            let size = layer.map_or_else(|| "0B".to_owned(), |layer| amount(layer.layer.size, layer.layer.certainty));
            (cut(&row.row.created_by), size, row.row.comment.clone())
        })
        .collect();
    // As the client's table has it: at least ten wide, three blanks between.
    let width = |cells: &mut dyn Iterator<Item = &String>, title: usize| {
        cells.map(|cell| cell.chars().count()).chain([title, 7]).max().unwrap_or_default() + 3
    };
    let first = width(&mut rows.iter().map(|(created_by, _, _)| created_by), "CREATED BY".len());
    let second = width(&mut rows.iter().map(|(_, size, _)| size), "SIZE".len());
    let mut out = String::new();
    let mut line = |created_by: &str, size: &str, comment: &str| {
        let text = format!("{created_by:<first$}{size:<second$}{comment}");
        let _ = writeln!(out, "{}", text.trim_end());
    };
    line("CREATED BY", "SIZE", "COMMENT");
    for (created_by, size, comment) in &rows {
        line(created_by, size, comment);
    }
    let certainty = stage.layers.iter().map(|layer| layer.layer.certainty).max().unwrap_or_default();
    let _ = writeln!(out, "\n{} in {} layers", amount(stage.size(), certainty), stage.layers.len());
    out
}

fn amount(bytes: u64, certainty: Certainty) -> String {
    match certainty {
        Certainty::Exact => human(bytes),
        Certainty::Modelled => format!("≈{}", human(bytes)),
        Certainty::Unknown => format!("≥{}", human(bytes)),
    }
}

/// As `docker history` cuts a command without `--no-trunc`: 44 characters and an ellipsis, tabs as blanks.
fn cut(text: &str) -> String {
    let text = text.replace('\t', " ");
    if text.chars().count() <= CREATED_BY_WIDTH {
        return text;
    }
    let mut cut: String = text.chars().take(CREATED_BY_WIDTH - 1).collect();
    cut.push('…');
    cut
}

/// What is modelled or not simulated; nothing that Docker would print.
fn notes(out: &mut String, build: &Build) {
    let notes = build.notes();
    if !notes.is_empty() {
        out.push('\n');
    }
    for note in notes {
        let kind = match note.kind {
            crate::shell::NoteKind::Modelled => "modelled",
            crate::shell::NoteKind::NotSimulated => "not simulated",
            crate::shell::NoteKind::Placeholder => "placeholder",
        };
        let _ = writeln!(out, "line {}: {kind}: {}", note.line, note.message);
    }
    if let Some(stage) = shown_stage(build).filter(|stage| stage.base.is_listing) {
        let _ = writeln!(
            out,
            "note: {} is a listing: sizes and digests are real, most file contents are not held",
            stage.base.resolved
        );
    }
}
