//! The one edit of the Dockerfile that saves most: RUN lines merged into one, or an `rm` moved into the RUN that wrote.
//!
//! What is written, changed and removed inside one RUN is stored once, as it ends up. So a merge of RUN lines saves the
//! copies that one of them stored and another put out of reach; that is a lower bound where hard links are broken between
//! them. It offers no edit whose merged commands could mean something else: a shell comment, a here-document, the exec
//! form, flags, another SHELL, or an instruction that RUN sees (ENV, USER, COPY …) between them.

use super::at_and_below;
use super::ledger::Ledger;
use crate::build::outcome::{Build, Stage, Step, StepState};
use crate::diagnostic::Edit;
use crate::dockerfile::ast::{CommandLine, Instruction, InstructionKind};
use crate::path::AbsPath;
use crate::span::Span;
use crate::vfs::EntryKind;

/// A way to make the image smaller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saving {
    /// What to do.
    pub kind: SavingKind,
    /// The bytes saved.
    pub bytes: u64,
    /// The edits that do it, in the order of the text.
    pub edits: Vec<Edit>,
}

/// What a saving does; lines from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SavingKind {
    /// Merge the RUN instructions of these lines into one.
    MergeRuns {
        /// First line of the first one.
        first: usize,
        /// Last line of the last one.
        last: usize,
        /// How many.
        runs: usize,
    },
    /// Move the `rm` of one RUN into the RUN that wrote what it removes.
    MoveRemoval {
        /// First line of the RUN that wrote.
        to: usize,
        /// First line of the RUN that removes.
        from: usize,
    },
}

/// Instructions that change what no RUN after them sees: they may stand between RUN lines that are merged.
const UNSEEN: [&str; 9] =
    ["LABEL", "EXPOSE", "CMD", "ENTRYPOINT", "MAINTAINER", "STOPSIGNAL", "HEALTHCHECK", "VOLUME", "ONBUILD"];

/// The best single saving in a stage's own instructions; `text` is the Dockerfile's. None if no edit saves anything.
pub fn saving(build: &Build, stage: &Stage, ledger: &Ledger, text: &str) -> Option<Saving> {
    let steps: Vec<Candidate<'_>> = stage.steps.iter().map(|step| Candidate::new(build, step)).collect();
    let merges = blocks(&steps).into_iter().filter_map(|block| merge(build, stage, ledger, &block, text));
    let moves = removals(&steps, ledger, build, text);
    // Of equal savings the merge, and of equal merges the first.
    merges.chain(moves).fold(None, |best: Option<Saving>, saving| match best {
        Some(best) if best.bytes >= saving.bytes => Some(best),
        _ => Some(saving),
    })
}

/// A step with what an edit needs of it.
struct Candidate<'a> {
    step: &'a Step,
    instruction: Option<&'a Instruction>,
    /// The command, if the step is a RUN that can be merged.
    command: Option<&'a crate::dockerfile::ast::Word>,
}

impl<'a> Candidate<'a> {
    fn new(build: &'a Build, step: &'a Step) -> Self {
        let own = step.source.trigger_of.is_none();
        let instruction =
            build.dockerfile.instructions.iter().find(|instruction| own && instruction.span == step.source.span);
        let command = instruction.filter(|_| step.state == StepState::Done && step.layer.is_some()).and_then(command);
        Self { step, instruction, command }
    }

    fn layer(&self) -> Option<usize> {
        self.step.layer.as_ref().map(|layer| layer.index)
    }
}

/// The shell text of a RUN without flags, here-documents and comments.
fn command(instruction: &Instruction) -> Option<&crate::dockerfile::ast::Word> {
    let InstructionKind::Run(run) = &instruction.kind else { return None };
    let CommandLine::Shell(word) = &run.command else { return None };
    let comment = word.text.starts_with('#') || word.text.contains(" #") || word.text.contains("\t#");
    let plain = instruction.flags.is_empty() && instruction.heredocs.is_empty() && !word.text.is_empty();
    (plain && !comment && !ends_in_background(&word.text)).then_some(word)
}

fn ends_in_background(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with('&') || text.ends_with(';')
}

/// RUN lines in a row that may become one, at least two; what stands between them comes along.
fn blocks<'a, 'b>(steps: &'b [Candidate<'a>]) -> Vec<Vec<&'b Candidate<'a>>> {
    let mut blocks = Vec::new();
    let mut block: Vec<&Candidate<'_>> = Vec::new();
    for step in steps {
        if step.command.is_some() || (!block.is_empty() && UNSEEN.contains(&step.step.source.name.as_str())) {
            block.push(step);
        } else {
            blocks.push(std::mem::take(&mut block));
        }
    }
    blocks.push(block);
    blocks.retain(|block| block.iter().filter(|step| step.command.is_some()).count() > 1);
    blocks
}

/// The smallest merge in a block that saves all it can, with the neighbours that store nothing.
fn merge(build: &Build, stage: &Stage, ledger: &Ledger, block: &[&Candidate<'_>], text: &str) -> Option<Saving> {
    let runs: Vec<&Candidate<'_>> = block.iter().filter(|step| step.command.is_some()).copied().collect();
    let (low, high) = (runs.first()?.layer()?, runs.last()?.layer()?);
    let saved = ledger.lost.iter().filter(|copy| copy.layer >= low && copy.since <= high);
    let (mut bytes, mut from, mut to) = (0, high, low);
    for copy in saved {
        bytes += copy.bytes;
        from = from.min(copy.layer);
        to = to.max(copy.since);
    }
    if bytes == 0 {
        return None;
    }
    let index = |layer: usize| runs.iter().position(|run| run.layer() == Some(layer));
    let (mut first, mut last) = (index(from)?, index(to)?);
    let stores_nothing = |run: &Candidate<'_>| run.step.layer.as_ref().is_some_and(|layer| layer.layer.size == 0);
    while first > 0 && runs.get(first - 1).is_some_and(|run| stores_nothing(run)) {
        first -= 1;
    }
    while runs.get(last + 1).is_some_and(|run| stores_nothing(run)) {
        last += 1;
    }
    let runs = runs.get(first..=last)?;
    // A RUN makes its working directory anew if the one before removed it; inside one RUN nobody does.
    if runs.iter().any(|run| run.step.before.lookup(&working_dir(stage, run.step)).is_none()) {
        return None;
    }
    let (top, bottom) = (runs.first()?.instruction?, runs.last()?.instruction?);
    let kind = SavingKind::MergeRuns { first: top.first_line, last: bottom.last_line, runs: runs.len() };
    let edit = merged(build, top, bottom, block, text)?;
    Some(Saving { kind, bytes, edits: vec![edit] })
}

/// The working directory of a step: that of the last WORKDIR row before its own, or the base's.
fn working_dir(stage: &Stage, step: &Step) -> AbsPath {
    let rows = stage.history.iter().take(step.history.unwrap_or_default());
    let row = rows.rev().find_map(|row| row.row.created_by.strip_prefix("WORKDIR "));
    let base = stage.base.config.as_ref().map(|config| config.config.working_dir.as_str());
    AbsPath::new(row.or(base).unwrap_or("/"))
}

/// The text of the merged instructions: comments first, then the one RUN, then what stood between.
fn merged(
    build: &Build,
    top: &Instruction,
    bottom: &Instruction,
    block: &[&Candidate<'_>],
    text: &str,
) -> Option<Edit> {
    let span = top.span.to(bottom.span);
    let (mut comments, mut commands, mut others) = (String::new(), Vec::new(), String::new());
    let mut end = span.start;
    for step in block {
        let Some(instruction) = step.instruction.filter(|it| span.start <= it.span.start && it.span.end <= span.end)
        else {
            continue;
        };
        let gap = text.get(end..instruction.span.start)?;
        for line in gap.lines().filter(|line| line.trim_start().starts_with('#')) {
            comments.push_str(line);
            comments.push('\n');
        }
        end = instruction.span.end;
        match step.command {
            Some(word) => {
                let written = word.span.of(text).trim();
                commands.push(if stays_inside(&word.text) { format!("({written})") } else { written.to_owned() });
            }
            None => {
                others.push('\n');
                others.push_str(instruction.span.of(text));
            }
        }
    }
    let keyword = &top.keyword.text;
    let glue = format!(" {}\n && ", build.dockerfile.escape);
    Some(Edit { span, replacement: format!("{comments}{keyword} {}{others}", commands.join(&glue)) })
}

/// Must a command run in a subshell of its own, so that it does not change what follows and `&&` takes it as a whole?
fn stays_inside(command: &str) -> bool {
    const STATE: [&str; 14] = [
        "cd", "pushd", "popd", "export", "unset", "set", "umask", "exit", "exec", "trap", "alias", "source", ".",
        "return",
    ];
    let without_and = command.replace("&&", " ");
    without_and.contains([';', '&', '\n', '(', ')', '{', '}'])
        || command.contains("||")
        || command.split([' ', '\t']).any(|word| STATE.contains(&word))
        || command.split("&&").any(|part| part.split_whitespace().next().is_some_and(|word| word.contains('=')))
}

/// RUN lines that are nothing but `rm` of absolute paths, each moved into the RUN that wrote what it removes; nothing
/// between them runs a command or writes below what is removed.
fn removals(steps: &[Candidate<'_>], ledger: &Ledger, build: &Build, text: &str) -> Vec<Saving> {
    let mut savings = Vec::new();
    for (at, remover) in steps.iter().enumerate() {
        let (Some(word), Some(layer)) = (remover.command, remover.layer()) else { continue };
        if !is_plain_removal(&word.text) {
            continue;
        }
        let between: Vec<&Candidate<'_>> = steps[..at].iter().rev().take_while(|step| step.command.is_none()).collect();
        let harmless = |step: &&Candidate<'_>| {
            !matches!(step.step.source.name.as_str(), "RUN" | "USER" | "SHELL") && step.step.source.trigger_of.is_none()
        };
        let Some(writer) = at.checked_sub(between.len() + 1).and_then(|index| steps.get(index)) else { continue };
        if !between.iter().all(harmless) || between.iter().all(|step| step.layer().is_none()) {
            continue;
        }
        let Some(stored) = writer.layer() else { continue };
        let removed = remover.step.layer.iter().flat_map(|layer| &layer.layer.changeset.entries);
        let removed: Vec<&AbsPath> =
            removed.filter(|entry| entry.kind == EntryKind::Whiteout).map(|entry| &entry.path).collect();
        let written_between = |path: &AbsPath| {
            between
                .iter()
                .filter_map(|step| step.step.layer.as_ref())
                .any(|layer| at_and_below(&layer.layer.changeset, path).iter().any(|entry| !entry.kind.is_whiteout()))
        };
        if removed.iter().any(|path| written_between(path)) {
            continue;
        }
        let lost = ledger.lost.iter().filter(|copy| copy.layer == stored && copy.since == layer && copy.removed);
        let bytes: u64 = lost.map(|copy| copy.bytes).sum();
        let (Some(to), Some(from)) = (writer.instruction, remover.instruction) else { continue };
        if bytes == 0 || writer.command.is_none_or(|word| word.text.split([' ', '\t', ';']).any(|w| w == "exit")) {
            continue;
        }
        let insert = format!(" {}\n && {}", build.dockerfile.escape, word.span.of(text).trim());
        let edits = vec![
            Edit { span: Span::new(to.span.end, to.span.end), replacement: insert },
            Edit { span: whole_lines(from.span, text), replacement: String::new() },
        ];
        let kind = SavingKind::MoveRemoval { to: to.first_line, from: from.first_line };
        savings.push(Saving { kind, bytes, edits });
    }
    savings
}

/// `rm` with flags and absolute paths, and nothing else.
fn is_plain_removal(command: &str) -> bool {
    let mut words = command.split_whitespace();
    words.next() == Some("rm")
        && words.all(|word| word.starts_with('/') || word.starts_with('-'))
        && !command.contains(['&', '|', ';', '$', '`', '<', '>', '(', ')', '\n'])
}

/// A span with its line end, so that removing it leaves no empty line.
fn whole_lines(span: Span, text: &str) -> Span {
    let end = text.get(span.end..).filter(|rest| rest.starts_with('\n')).map_or(span.end, |_| span.end + 1);
    Span::new(span.start, end)
}
