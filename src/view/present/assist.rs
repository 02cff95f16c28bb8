//! Replies to the editor's questions, from the engine's own tables: instructions, flags, commands, the catalogue, the
//! stages of the text and the files of the build context.
//!
//! Works on the text as it is typed, which seldom parses: only the instruction's words up to the place are looked at. It
//! lacks values of variables and paths of the filesystem that a RUN sees.

use super::Shown;
use super::lens::{amount, inherited, size};
use crate::build::Build;
use crate::catalog::Catalog;
use crate::dockerfile::ast::{Dockerfile, Instruction, InstructionKind};
use crate::dockerfile::instruction::{INSTRUCTIONS, spec};
use crate::path::AbsPath;
use crate::shell::commands::COMMANDS;
use crate::vfs::{FileKind, Snapshot};
use crate::view::assist::{Completion, CompletionWhat, Explanation, MAX_COMPLETIONS, Question, QuestionKind, Reply};
use crate::view::layer::StepKey;
use crate::view::size::Amount;
use std::collections::BTreeMap;

/// What can be copied.
#[derive(Debug, Clone)]
pub struct Copyable {
    /// The build context without what .dockerignore leaves out.
    pub context: Snapshot,
    /// The stages of the last text that could be planned, by name: a COPY that is being typed cannot.
    pub stages: BTreeMap<String, Snapshot>,
}

impl Copyable {
    /// The named stages of a build.
    pub fn stages_of(build: &Build) -> BTreeMap<String, Snapshot> {
        build.stages.iter().filter_map(|stage| Some((stage.name.clone()?, stage.snapshot.clone()))).collect()
    }
}

/// The reply to a question about the text that is shown.
pub fn reply(shown: &Shown, catalog: &Catalog, copyable: &Copyable, question: Question) -> Reply {
    let text = &*shown.text;
    let Some(before) = text.get(..question.at) else { return Reply::Nothing };
    let asked = Asked { shown, catalog, copyable, file: &shown.build.dockerfile };
    match question.kind {
        QuestionKind::Complete => asked.complete(before),
        QuestionKind::Explain => asked.explain(text, question.at).unwrap_or(Reply::Nothing),
    }
}

struct Asked<'a> {
    shown: &'a Shown,
    catalog: &'a Catalog,
    copyable: &'a Copyable,
    file: &'a Dockerfile,
}

/// An instruction as far as it is typed.
struct Typed<'a> {
    /// In upper case; none where it is what is typed.
    keyword: Option<String>,
    /// The whole words after it.
    words: Vec<&'a str>,
    /// The word before the place; empty behind a blank.
    last: &'a str,
}

impl Asked<'_> {
    fn complete(&self, before: &str) -> Reply {
        let line = before.matches('\n').count() + 1;
        let code = self.code(before);
        if code.trim_start().starts_with('#') || self.in_heredoc(line) {
            return Reply::Nothing;
        }
        let typed = typed(code);
        let (word, all) = self.ways(&typed, line);
        let from = before.len() - word.len();
        let mut ways: Vec<Completion> = Vec::new();
        for (text, what) in all {
            let starts = text.len() >= word.len()
                && text.is_char_boundary(word.len())
                && text[..word.len()].eq_ignore_ascii_case(word);
            // A word that is whole already needs no help, and Enter shall end the line.
            if starts && text.eq_ignore_ascii_case(word) {
                return Reply::Nothing;
            }
            if starts && ways.len() < MAX_COMPLETIONS {
                ways.push(Completion { text, what });
            }
        }
        if ways.is_empty() { Reply::Nothing } else { Reply::Completions(from, ways) }
    }

    /// The text of the instruction before the place: the lines that a continuation joins.
    fn code<'t>(&self, before: &'t str) -> &'t str {
        let mut start = before.rfind('\n').map_or(0, |at| at + 1);
        while start > 0 {
            let above = &before[..start - 1];
            let line = &above[above.rfind('\n').map_or(0, |at| at + 1)..];
            if !line.trim_end().ends_with(self.file.escape) {
                break;
            }
            start -= line.len() + 1;
        }
        &before[start..]
    }

    fn in_heredoc(&self, line: usize) -> bool {
        let Some((_, instruction)) = self.file.instruction_at_line(line) else { return false };
        !instruction.heredocs.is_empty() && line > instruction.first_line
    }

    /// The part of the last word that is completed, and what it can become.
    fn ways<'t>(&self, typed: &Typed<'t>, line: usize) -> (&'t str, Vec<(String, CompletionWhat)>) {
        let last = typed.last;
        let Some(keyword) = &typed.keyword else {
            let capital = !last.starts_with(|first: char| first.is_ascii_lowercase());
            let name = |name: &str| if capital { name.to_owned() } else { name.to_lowercase() };
            let ways = INSTRUCTIONS.iter().map(|spec| (name(spec.name), CompletionWhat::Instruction(spec.layer)));
            return (last, ways.collect());
        };
        if let Some((_, name)) = last.rsplit_once('$').filter(|(_, name)| !name.contains('}')) {
            let name = name.strip_prefix('{').unwrap_or(name);
            return (name, self.variables(line));
        }
        if let Some(rest) = last.strip_prefix("--") {
            if let Some(from) = rest.strip_prefix("from=") {
                return (from, self.images(line));
            }
            if rest.contains('=') {
                return (last, Vec::new());
            }
            let flags = spec(keyword).map_or(&[][..], |spec| spec.flags);
            let ways = flags.iter().map(|flag| (format!("--{}", flag.name), CompletionWhat::Flag));
            return (last, ways.collect());
        }
        let words: Vec<&&str> = typed.words.iter().filter(|word| !word.starts_with("--")).collect();
        match (keyword.as_str(), words.len()) {
            ("FROM", 0) => (last, self.images(line)),
            ("FROM", 1) => (last, vec![("AS".to_owned(), CompletionWhat::Keyword)]),
            ("HEALTHCHECK", 0) => (last, ["CMD", "NONE"].map(|word| (word.to_owned(), CompletionWhat::Keyword)).into()),
            ("COPY" | "ADD", _) => {
                let from = typed.words.iter().find_map(|word| word.strip_prefix("--from="));
                (last, self.paths(last, from))
            }
            ("RUN" | "CMD", 0) if !last.is_empty() && !last.starts_with('[') => (last, commands()),
            ("RUN" | "CMD", _) if !last.is_empty() && words.last().is_some_and(|word| ends_command(word)) => {
                (last, commands())
            }
            _ => (last, Vec::new()),
        }
    }

    /// Stages above a line, then the catalogue's images.
    fn images(&self, line: usize) -> Vec<(String, CompletionWhat)> {
        let above = self.file.instructions.iter().filter(|one| one.last_line < line);
        let stages = above.filter_map(|one| match &one.kind {
            InstructionKind::From(from) => from.name.as_ref().map(|name| (name.text.clone(), CompletionWhat::Stage)),
            _ => None,
        });
        let plain = |name: String| name.strip_suffix(":latest").map_or(name.clone(), str::to_owned);
        let images = self.catalog.names().into_iter().map(plain).chain(["scratch".to_owned()]);
        stages.chain(images.map(|name| (name, CompletionWhat::Image))).collect()
    }

    /// Variables that are declared above a line.
    fn variables(&self, line: usize) -> Vec<(String, CompletionWhat)> {
        let mut names: Vec<String> = Vec::new();
        for instruction in self.file.instructions.iter().filter(|one| one.last_line < line) {
            let declares = matches!(instruction.kind, InstructionKind::Arg(_) | InstructionKind::Env(_));
            for word in instruction.code.split_whitespace().skip(1).filter(|_| declares) {
                let name = word.split('=').next().unwrap_or_default().to_owned();
                if !names.contains(&name) && !name.is_empty() {
                    names.push(name);
                }
            }
        }
        names.into_iter().map(|name| (name, CompletionWhat::Variable)).collect()
    }

    /// Files of the build context, or of a stage, in the directory that a word names.
    fn paths(&self, word: &str, from: Option<&str>) -> Vec<(String, CompletionWhat)> {
        let stage = from.map(|from| self.copyable.stages.get(&from.to_lowercase()));
        let files = match stage {
            None => &self.copyable.context,
            Some(Some(stage)) => stage,
            Some(None) => return Vec::new(),
        };
        let (dir, _) = word.rsplit_once('/').map_or(("", word), |(dir, name)| (&word[..=dir.len()], name));
        let names = files.lookup(&AbsPath::new(&format!("/{dir}"))).and_then(|ino| files.list(ino)).unwrap_or_default();
        let ways = names.into_iter().map(|name| {
            let is_dir = files.inode(name.ino).is_some_and(|inode| inode.kind() == FileKind::Dir);
            let (slash, what) = if is_dir { ("/", CompletionWhat::Dir) } else { ("", CompletionWhat::File) };
            // Behind a stage's `/` as well as in the context, the word begins as it was typed.
            let root = if dir.is_empty() && stage.is_some() { "/" } else { "" };
            (format!("{root}{dir}{}{slash}", name.name), what)
        });
        ways.collect()
    }

    fn explain(&self, text: &str, at: usize) -> Option<Reply> {
        let instruction = self.file.instructions.iter().find(|one| one.span.start <= at && at <= one.span.end)?;
        let keyword = instruction.keyword.span;
        if at <= keyword.end {
            let layer = spec(&instruction.name)?.layer;
            let made = self.made(instruction);
            let about = Explanation::Instruction { name: instruction.name.clone(), layer, made };
            return Some(Reply::Explanation(keyword.start, keyword.end, about));
        }
        if let Some(flag) = instruction.flags.iter().find(|flag| flag.span.start <= at && at <= flag.span.end) {
            let (instruction, name) = (instruction.name.clone(), flag.name.clone());
            let about = Explanation::Flag { instruction, name };
            return Some(Reply::Explanation(flag.span.start, flag.span.end, about));
        }
        let InstructionKind::From(from) = &instruction.kind else { return None };
        let span = from.base.span;
        if !(span.start <= at && at <= span.end) {
            return None;
        }
        let word = span.of(text);
        let stage = self.shown.build.stages.iter().find(|one| one.name.as_deref() == Some(&word.to_lowercase()));
        let about = match stage.filter(|stage| stage.from.first_line < instruction.first_line) {
            Some(stage) => {
                let size = self.shown.has_picture().then(|| amount(&stage.layers));
                Explanation::Stage { name: word.to_owned(), size }
            }
            None => {
                let found = self.catalog.resolve(word).ok()?;
                let layers = &found.image.layers;
                let bytes = layers.iter().map(|layer| layer.size).sum();
                let size = Amount::exact(bytes);
                Explanation::Image { name: word.to_owned(), layers: layers.len() as u32, size }
            }
        };
        Some(Reply::Explanation(span.start, span.end, about))
    }

    /// The step that an instruction made, its layer's size and counts.
    fn made(&self, instruction: &Instruction) -> Option<(StepKey, Amount, crate::view::stack::Counts)> {
        let stages = &self.shown.build.stages;
        let steps = stages.iter().flat_map(|stage| &stage.steps);
        let mut own = steps.filter(|step| step.source.first_line == instruction.first_line && step.layer.is_some());
        if let Some(step) = own.find(|step| step.source.trigger_of.is_none()) {
            let layer = step.layer.as_ref()?;
            return Some((super::lens::key(step.id), size(&layer.layer), super::stack::counts(step).0));
        }
        let stage = stages.iter().find(|stage| stage.from.first_line == instruction.first_line)?;
        let count = inherited(stage);
        let base = stage.layers.get(..count).filter(|layers| !layers.is_empty())?;
        Some((super::lens::base_key(stage), amount(base), Default::default()))
    }
}

/// An instruction's text, up to the place, in words. An instruction that ONBUILD holds stands for itself.
fn typed(code: &str) -> Typed<'_> {
    let split = code.rfind(|c: char| c.is_whitespace()).map_or(0, |at| at + 1);
    let (head, last) = code.split_at(split);
    let mut words: Vec<&str> = head.split_whitespace().filter(|word| *word != "\\").collect();
    if words.first().is_some_and(|word| word.eq_ignore_ascii_case("ONBUILD")) {
        words.remove(0);
    }
    let keyword = (!words.is_empty()).then(|| words.remove(0).to_ascii_uppercase());
    Typed { keyword, words, last }
}

/// Does the next word after this one begin a command?
fn ends_command(word: &str) -> bool {
    const BEFORE: [&str; 10] = ["then", "else", "do", "if", "while", "until", "!", "{", "elif", "sudo"];
    word.ends_with([';', '&', '|', '(']) || BEFORE.contains(&word)
}

fn commands() -> Vec<(String, CompletionWhat)> {
    let names: BTreeMap<&str, ()> = COMMANDS.iter().map(|command| (command.name, ())).collect();
    names.into_keys().map(|name| (name.to_owned(), CompletionWhat::Command)).collect()
}
