//! What several instructions share: parse requests, flags, command lines, pairs, sources, and Go's way to print lists.

use super::super::ast::{Flag, Heredoc, InstructionKind, Word};
use super::super::frontend::Frontend;
use super::super::heredoc::heredoc_word;
use super::{FlagKind, InstructionSpec};
use crate::diagnostic::{DiagnosticKind, InstructionError, nearest, quote};
use crate::span::Span;

/// The part after keyword and flags, cut up in the instruction's style.
#[derive(Debug, Clone)]
pub(in super::super) enum Arguments {
    /// There is none.
    None,
    /// Words.
    Words(Vec<Word>),
    /// The strings of a JSON array.
    Json(Vec<Word>),
    /// The rest of the line.
    Text(Word),
    /// Names and values.
    Pairs(Vec<Pair>),
    /// HEALTHCHECK's first word, and what follows.
    Health(Word, Box<Arguments>),
    /// ONBUILD's instruction: its keyword, and whether it has the JSON form.
    Trigger { keyword: Word, json: bool },
}

/// What an instruction's parse function is given.
pub(in super::super) struct Request<'a> {
    /// The instruction.
    pub spec: &'static InstructionSpec,
    /// Its flags as written.
    pub flags: &'a [Flag],
    /// Its arguments.
    pub arguments: Arguments,
    /// Its here-documents.
    pub heredocs: &'a [Heredoc],
    /// The joined line, untrimmed.
    pub line: &'a str,
    /// Who reads the file.
    pub frontend: Frontend,
}

/// Why an instruction is not understood, and which part of it; the whole if none.
#[derive(Debug)]
pub(in super::super) struct Problem {
    pub kind: DiagnosticKind,
    pub span: Option<Span>,
}

impl<K: Into<DiagnosticKind>> From<K> for Problem {
    fn from(kind: K) -> Self {
        Self { kind: kind.into(), span: None }
    }
}

impl Problem {
    /// About one part of the instruction.
    pub fn at(kind: impl Into<DiagnosticKind>, span: Span) -> Self {
        Self { kind: kind.into(), span: Some(span) }
    }
}

pub(in super::super) type Parsed = Result<InstructionKind, Problem>;

/// Flags that passed: known, given no more often than allowed, with values where needed.
pub(in super::super) struct FlagValues<'a> {
    flags: Vec<(&'static str, &'a Flag)>,
}

impl<'a> FlagValues<'a> {
    /// The value of a flag, as a word; none if it is not given or empty, which BuildKit does not tell apart.
    pub fn value(&self, name: &str) -> Option<Word> {
        self.values(name).into_iter().next_back().filter(|word| !word.text.is_empty())
    }

    /// All values of a flag.
    pub fn values(&self, name: &str) -> Vec<Word> {
        let word = |flag: &'a Flag| Some(Word { text: flag.value.clone()?, span: flag.value_span });
        self.flags.iter().filter(|(known, _)| *known == name).filter_map(|(_, flag)| word(flag)).collect()
    }

    /// A boolean flag; none if it is not given.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        let (_, flag) = self.flags.iter().rfind(|(known, _)| *known == name)?;
        Some(flag.value.as_deref().is_none_or(|value| !value.eq_ignore_ascii_case("false")))
    }
}

impl<'a> Request<'a> {
    /// Checks the flags.
    pub fn flags(&self) -> Result<FlagValues<'a>, Problem> {
        let mut passed: Vec<(&'static str, &'a Flag)> = Vec::new();
        let known = || self.spec.flags.iter().filter(|spec| spec.since <= self.frontend);
        for flag in self.flags {
            let name = flag.name.clone();
            let Some(spec) = known().find(|spec| spec.name == name) else {
                let suggestion = nearest(&name, known().map(|spec| spec.name));
                return Err(Problem::at(InstructionError::UnknownFlag { flag: name, suggestion }, flag.span));
            };
            if spec.kind != FlagKind::Values && passed.iter().any(|(seen, _)| *seen == spec.name) {
                return Err(Problem::at(InstructionError::DuplicateFlag { flag: name }, flag.span));
            }
            match (spec.kind, flag.value.as_deref()) {
                (FlagKind::Bool, Some("")) | (FlagKind::Value | FlagKind::Values, None) => {
                    return Err(Problem::at(InstructionError::MissingFlagValue { flag: name }, flag.span));
                }
                (FlagKind::Bool, Some(value)) if !["true", "false"].contains(&value.to_lowercase().as_str()) => {
                    let value = value.to_owned();
                    return Err(Problem::at(InstructionError::FlagNotBoolean { flag: name, value }, flag.span));
                }
                _ => passed.push((spec.name, flag)),
            }
        }
        Ok(FlagValues { flags: passed })
    }

    /// The instruction's name, for messages.
    pub fn name(&self) -> String {
        self.spec.name.to_owned()
    }

    /// The one text that there must be.
    pub fn one_text(&self) -> Result<Word, Problem> {
        match &self.arguments {
            Arguments::Text(word) => Ok(word.clone()),
            _ => Err(InstructionError::ExactlyOneArgument { instruction: self.name() }.into()),
        }
    }

    /// The words, at least one.
    pub fn some_words(&self) -> Result<Vec<Word>, Problem> {
        match &self.arguments {
            Arguments::Words(words) | Arguments::Json(words) if !words.is_empty() => Ok(words.clone()),
            _ => Err(InstructionError::AtLeastOneArgument { instruction: self.name() }.into()),
        }
    }

    /// Exec or shell form.
    pub fn command_line(&self) -> CommandLine {
        match &self.arguments {
            Arguments::Json(words) => CommandLine::Exec(words.clone()),
            Arguments::Text(word) => CommandLine::Shell(word.clone()),
            _ => CommandLine::Shell(Word::default()),
        }
    }

    /// The pairs, at least one, none without a name.
    pub fn pairs(&self) -> Result<Vec<Pair>, Problem> {
        let Arguments::Pairs(pairs) = &self.arguments else {
            return Err(InstructionError::AtLeastOneArgument { instruction: self.name() }.into());
        };
        match pairs.iter().find(|pair| pair.name.text.is_empty()) {
            Some(pair) => Err(Problem::at(
                InstructionError::BlankName { instruction: self.name() },
                pair.name.span.to(pair.value.span),
            )),
            None => Ok(pairs.clone()),
        }
    }

    /// Are there too few words for sources and a destination? BuildKit looks at this before the flags.
    pub fn source_words(&self) -> Result<&[Word], Problem> {
        match &self.arguments {
            Arguments::Words(words) | Arguments::Json(words) if words.len() >= 2 => Ok(words),
            _ => Err(InstructionError::NoDestination { instruction: self.name() }.into()),
        }
    }

    /// Sources, here-documents among them, and the destination.
    pub fn sources(&self) -> Result<Sources, Problem> {
        let words = self.source_words()?;
        let (destination, words) =
            words.split_last().map_or((Word::default(), words), |(last, rest)| (last.clone(), rest));
        if let Ok(Some(_)) = heredoc_word(&destination.text) {
            return Err(Problem::at(
                InstructionError::HeredocAsDestination { instruction: self.name() },
                destination.span,
            ));
        }
        let mut sources = Sources { paths: Vec::new(), files: Vec::new(), destination };
        for word in words {
            match heredoc_word(&word.text) {
                Ok(Some(heredoc)) => {
                    let found = self.heredocs.iter().rfind(|candidate| candidate.name == heredoc.name);
                    let content = found.map(|found| Heredoc { strip_tabs: heredoc.strip_tabs, ..found.clone() }.text());
                    sources.files.push(InlineFile {
                        name: heredoc.name,
                        content: content.unwrap_or_default(),
                        expand: heredoc.expand,
                        span: found.map_or(word.span, |found| found.span),
                    });
                }
                _ => sources.paths.push(word.clone()),
            }
        }
        Ok(sources)
    }
}

/// A command in one of its two forms. BuildKit does not expand it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandLine {
    /// A text for the shell; empty if nothing is written.
    Shell(Word),
    /// Program and arguments, from a JSON array.
    Exec(Vec<Word>),
}

impl CommandLine {
    /// Program and arguments: the exec form's own, or the shell's words and the text as the last.
    pub fn arguments(&self, shell: &[String]) -> Vec<String> {
        match self {
            Self::Exec(words) => words.iter().map(|word| word.text.clone()).collect(),
            Self::Shell(word) => shell.iter().cloned().chain([word.text.clone()]).collect(),
        }
    }

    /// Is it the shell form?
    pub fn is_shell(&self) -> bool {
        matches!(self, Self::Shell(_))
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Shell(word) => word.span,
            Self::Exec(words) => match (words.first(), words.last()) {
                (Some(first), Some(last)) => first.span.to(last.span),
                _ => Span::default(),
            },
        }
    }
}

/// A name and its value; BuildKit expands both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The name.
    pub name: Word,
    /// The value.
    pub value: Word,
    /// Written `name value`, without `=`: the rest of the line is the value.
    pub legacy: bool,
}

/// Sources and destination of COPY and ADD; BuildKit expands the paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// Paths (or URLs, for ADD), in order.
    pub paths: Vec<Word>,
    /// Here-documents; they are copied after the paths.
    pub files: Vec<InlineFile>,
    /// The last word.
    pub destination: Word,
}

/// A file whose content stands in the Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineFile {
    /// Its name: the word after `<<`.
    pub name: String,
    /// Its content, unexpanded, without leading tabs if `<<-` drops them.
    pub content: String,
    /// Does BuildKit expand variables in the content ([`super::super::expand::Lexer::for_content`])?
    pub expand: bool,
    /// Where the content stands.
    pub span: Span,
}

impl Sources {
    /// The row of the history without `# buildkit`: `COPY --chown=… --chmod=… a b <<EOF /dest`. Flags other than these
    /// are not in it (`tests/cases/docker/copy-heredoc`, `copy-chown-chmod`). All values expanded by the caller.
    pub fn created_by(&self, name: &str, flags: &[(&str, &str)], paths: &[String], destination: &str) -> String {
        let mut text = name.to_owned();
        for (flag, value) in flags.iter().filter(|(_, value)| !value.is_empty()) {
            text.push_str(&format!(" --{flag}={value}"));
        }
        for path in paths {
            text.push_str(&format!(" {path}"));
        }
        for file in &self.files {
            text.push_str(&format!(" <<{}", file.name));
        }
        format!("{text} {destination}")
    }
}

/// A list as Go's `%v` prints it: `[a b]`.
pub fn go_list<S: AsRef<str>>(items: &[S]) -> String {
    format!("[{}]", items.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" "))
}

/// A list as Go's `%q` prints it: `["a" "b"]`.
pub fn go_quoted_list<S: AsRef<str>>(items: &[S]) -> String {
    format!("[{}]", items.iter().map(|item| quote(item.as_ref())).collect::<Vec<_>>().join(" "))
}
