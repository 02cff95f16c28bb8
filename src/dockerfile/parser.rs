//! From text to instructions.
//!
//! The order of things is BuildKit's: lines are joined and cut into words for the whole file ("lexing"), then the
//! instructions are looked at one by one. Both happen here in one pass; an error's [`crate::diagnostic::Phase`] says
//! which of them hides which. After an error the rest is still understood.

use super::ast::{Dockerfile, Heredoc, Instruction, InstructionKind, Pair};
use super::frontend::Frontend;
use super::heredoc;
use super::instruction::{ArgumentStyle, Arguments, INSTRUCTIONS, Problem, Request, spec};
use super::lines::{DirectiveReader, Line, Lines, continued, too_long};
use super::logical::LogicalLine;
use super::words::{Json, is_blank, json_strings, split_blanks, split_command, split_quoted};
use crate::diagnostic::{Diagnostic, DiagnosticKind, InstructionError, LexError, StageError, nearest};
use crate::span::Span;
use std::ops::Range;

/// Bytes of a Dockerfile that are read.
pub const SIZE_LIMIT: usize = 1 << 20;

/// Parses a Dockerfile. Never fails: what is wrong is in the result's diagnostics, the rest in its instructions.
pub fn parse(text: &str) -> Dockerfile {
    let mut parser = Parser::new(text);
    if text.is_empty() {
        parser.error(LexError::EmptyDockerfile {}, Span::default(), None);
    } else if text.len() > SIZE_LIMIT {
        parser.error(LexError::TooLarge { bytes: text.len(), limit: SIZE_LIMIT }, Span::default(), None);
    } else {
        parser.run();
    }
    parser.file
}

/// Parses a trigger of ONBUILD, as it is stored in an image's config. Its spans are about `expression`. The error is
/// reported at the FROM that starts from the image, without `dockerfile parse error`.
pub fn parse_trigger(expression: &str) -> Result<Instruction, DiagnosticKind> {
    let mut file = parse(expression);
    let first = file.diagnostics.drain(..).find(|diagnostic| diagnostic.kind != StageError::NoBuildStage {}.into());
    if let Some(diagnostic) = first
        && diagnostic.kind != (StageError::NoStages {}).into()
    {
        return Err(StageError::Trigger { message: diagnostic.kind.to_string() }.into());
    }
    match (file.instructions.pop(), file.instructions.is_empty()) {
        (Some(instruction), true) => Ok(instruction),
        _ => Err(StageError::Trigger { message: "onbuild trigger should be a single expression".to_owned() }.into()),
    }
}

struct Parser<'a> {
    text: &'a str,
    lines: Lines<'a>,
    directives: DirectiveReader,
    frontend: Frontend,
    comments: Vec<String>,
    file: Dockerfile,
}

/// One instruction's lines, joined.
struct Joined {
    line: LogicalLine,
    first_line: usize,
    last_line: usize,
    end: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            lines: Lines::new(text),
            directives: DirectiveReader::default(),
            frontend: Frontend::BuiltIn,
            comments: Vec::new(),
            file: Dockerfile {
                escape: '\\',
                directives: Vec::new(),
                instructions: Vec::new(),
                comments: Vec::new(),
                empty_continuations: Vec::new(),
                diagnostics: Vec::new(),
            },
        }
    }

    fn error(&mut self, kind: impl Into<DiagnosticKind>, span: Span, line: Option<usize>) {
        self.file.diagnostics.push(Diagnostic::error(kind, span, line));
    }

    fn run(&mut self) {
        while let Some(line) = self.next_line() {
            if line.is_comment() {
                self.comment(&line);
                continue;
            }
            self.directive(&line);
            if line.is_blank() {
                continue;
            }
            let joined = self.join(&line);
            self.instruction(joined);
        }
        let count = self.lines.lines_read();
        let end = Span::new(self.text.len(), self.text.len());
        if self.file.instructions.is_empty() {
            self.error(LexError::NoInstructions {}, end, Some(count));
        }
        self.file.directives = std::mem::take(&mut self.directives.found);
        self.stages();
    }

    fn next_line(&mut self) -> Option<Line<'a>> {
        let line = self.lines.next()?;
        if too_long(&line) {
            self.error(LexError::LineTooLong {}, line.span(), Some(line.number - 1));
        }
        Some(line)
    }

    fn comment(&mut self, line: &Line<'_>) {
        self.file.comments.push(line.span());
        if self.directive(line) {
            return;
        }
        // The first character is dropped, `#` or not: an indented comment keeps its `#`.
        let mut chars = line.text.chars();
        chars.next();
        match chars.as_str().trim() {
            "" => self.comments.clear(),
            comment => self.comments.push(comment.to_owned()),
        }
    }

    /// Looks for a directive; any other line ends them.
    fn directive(&mut self, line: &Line<'_>) -> bool {
        let trimmed = line.text.trim_start();
        let start = line.start + (line.text.len() - trimmed.len());
        match self.directives.read(trimmed, start, line.number) {
            Ok(false) => false,
            Ok(true) => {
                self.apply_directive(line);
                true
            }
            Err(kind) => {
                // Docker counts the line only after it has looked for directives.
                self.error(kind, line.span(), Some(line.number - 1).filter(|number| *number > 0));
                true
            }
        }
    }

    fn apply_directive(&mut self, line: &Line<'_>) {
        let Some(directive) = self.directives.found.last() else { return };
        match (directive.name.as_str(), directive.value.text.as_str()) {
            ("escape", "\\") => self.file.escape = '\\',
            ("escape", "`") => self.file.escape = '`',
            ("escape", value) => {
                let (value, span) = (value.to_owned(), directive.value.span);
                let reported = Some(line.number - 1).filter(|number| *number > 0);
                self.error(LexError::InvalidEscape { value }, span, reported);
            }
            ("syntax", value) => self.frontend = Frontend::named(value),
            _ => {}
        }
    }

    /// Joins a line and its continuations.
    fn join(&mut self, first: &Line<'a>) -> Joined {
        let escape = self.file.escape;
        let text = first.text.trim_start();
        let start = first.start + (first.text.len() - text.len());
        let mut line = LogicalLine::default();
        let mut last = *first;
        let mut empty: Option<Span> = None;
        let mut more = continued(text, escape);
        line.push(more.unwrap_or(text), start);
        while more.is_some() {
            let Some(next) = self.next_line() else { break };
            last = next;
            if next.is_comment() {
                self.file.comments.push(next.span());
            } else if next.is_blank() {
                let line = Span::new(next.start, next.start + next.full.len());
                match &mut empty {
                    Some(known) if known.end == line.start => known.end = line.end,
                    Some(_) => {}
                    None => empty = Some(line),
                }
            } else {
                more = continued(next.text, escape);
                line.push(more.unwrap_or(next.text), next.start);
            }
        }
        if let Some(span) = empty {
            self.file.empty_continuations.push((last.number, span));
        }
        Joined { line, first_line: first.number, last_line: last.number, end: last.start + last.text.len() }
    }

    fn instruction(&mut self, joined: Joined) {
        let Joined { line, first_line, mut last_line, mut end } = joined;
        let comments = std::mem::take(&mut self.comments);
        let (keyword, flags, rest) = split_command(&line, 0..line.text.len());
        let keyword = line.word(keyword);
        let name = keyword.text.to_uppercase();
        let known = spec(&keyword.text);
        let style = known.map(|spec| spec.arguments);
        let arguments = match style {
            Some(style) => lex_arguments(style, &name, &line, rest, self.file.escape),
            None => Ok(Arguments::None),
        };
        let mut heredocs = Vec::new();
        let may_have_heredocs = match (&arguments, known) {
            (Ok(Arguments::Json(_)) | Err(_), _) | (_, None) => false,
            (Ok(Arguments::Trigger { keyword, json }), _) => {
                !json && spec(&keyword.text).is_some_and(|spec| spec.heredocs)
            }
            (_, Some(spec)) => spec.heredocs,
        };
        let mut lex_error = None;
        if may_have_heredocs && line.text.contains("<<") {
            match heredoc::announced(&line.text) {
                Ok(announced) => {
                    for heredoc in announced {
                        match self.heredoc(heredoc, &mut last_line, &mut end) {
                            Ok(heredoc) => heredocs.push(heredoc),
                            Err(kind) => {
                                lex_error.get_or_insert(kind);
                            }
                        }
                    }
                }
                Err(message) => lex_error = Some(LexError::BadHeredocWord { message }),
            }
        }
        let start = keyword.span.start;
        let span = Span::new(start, end);
        let header = Span::new(start, line.span(0..line.text.trim_end().len()).end.max(keyword.span.end));
        let mut kind = InstructionKind::Invalid;
        match (arguments, lex_error) {
            (Err(problem), _) => self.error(problem.kind, problem.span.unwrap_or(header), Some(first_line)),
            (Ok(_), Some(problem)) => self.error(problem, header, Some(first_line)),
            (Ok(arguments), None) => match known {
                Some(spec) => {
                    let frontend = self.frontend;
                    let request =
                        Request { spec, flags: &flags, arguments, heredocs: &heredocs, line: &line.text, frontend };
                    match (spec.parse)(&request) {
                        Ok(parsed) => kind = parsed,
                        Err(problem) => self.error(problem.kind, problem.span.unwrap_or(header), Some(first_line)),
                    }
                }
                None => self.unknown(&keyword.text, keyword.span, first_line),
            },
        }
        let code = line.text.trim().to_owned();
        self.file.instructions.push(Instruction {
            span,
            first_line,
            last_line,
            keyword,
            name,
            kind,
            flags,
            heredocs,
            comments,
            code,
        });
    }

    fn unknown(&mut self, name: &str, span: Span, line: usize) {
        let nearest = nearest(&name.to_uppercase(), INSTRUCTIONS.iter().map(|spec| spec.name));
        // The suggestion takes the case of what is written; mixed case gets lower case.
        let suggestion = if name.to_uppercase() == name { nearest } else { nearest.to_lowercase() };
        self.error(InstructionError::UnknownInstruction { name: name.to_owned(), suggestion }, span, Some(line));
    }

    /// Reads the lines of a here-document. One that does not end takes the rest of the file, if its word looks as if
    /// one was meant; else nothing, and the next lines are instructions.
    fn heredoc(&mut self, mut heredoc: Heredoc, last_line: &mut usize, end: &mut usize) -> Result<Heredoc, LexError> {
        let start = self.lines.offset();
        let before = (start, self.lines.lines_read());
        let mut content_end = start;
        let mut last = None;
        while let Some(line) = self.next_line() {
            last = Some(line);
            let candidate = if heredoc.strip_tabs { line.text.trim_start_matches('\t') } else { line.text };
            if candidate == heredoc.name {
                heredoc.span = Span::new(start, content_end);
                *last_line = line.number;
                *end = line.start + line.text.len();
                return Ok(heredoc);
            }
            heredoc.content.push_str(line.full);
            content_end = line.start + line.full.len();
        }
        let name = heredoc.name;
        let meant = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        match last {
            Some(line) if meant => {
                *last_line = line.number;
                *end = line.start + line.text.len();
            }
            _ => self.lines.rewind(before),
        }
        Err(LexError::UnterminatedHeredoc { name })
    }

    /// What only the order of the instructions can tell: nothing but ARG comes before FROM.
    fn stages(&mut self) {
        let is_from = |instruction: &&Instruction| instruction.name == "FROM";
        let first = self.file.instructions.iter().position(|instruction| is_from(&instruction));
        let before = &self.file.instructions[..first.unwrap_or(self.file.instructions.len())];
        let misplaced = before
            .iter()
            .find(|instruction| !matches!(instruction.kind, InstructionKind::Arg(_) | InstructionKind::Invalid))
            .map(|instruction| (instruction.span, instruction.first_line));
        if let Some((span, line)) = misplaced {
            self.error(StageError::NoBuildStage {}, span, Some(line));
        } else if first.is_none()
            && let Some(last) = self.file.instructions.last().map(|last| last.span)
            && self.file.fatal().is_none()
        {
            self.error(StageError::NoStages {}, last, None);
        }
        self.file.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    }
}

/// Cuts up the part after keyword and flags.
fn lex_arguments(
    style: ArgumentStyle,
    name: &str,
    line: &LogicalLine,
    rest: Range<usize>,
    escape: char,
) -> Result<Arguments, Problem> {
    let words = |words: Vec<_>| if words.is_empty() { Arguments::None } else { Arguments::Words(words) };
    Ok(match style {
        ArgumentStyle::Words => words(split_blanks(line, rest)),
        ArgumentStyle::JsonOrWords => match json_strings(line, rest.clone()) {
            Json::Strings(words) => Arguments::Json(words),
            Json::NotStrings => return Err(Problem::at(LexError::NotAStringArray {}, line.span(rest))),
            Json::No => words(split_blanks(line, rest)),
        },
        ArgumentStyle::JsonOrText => json_or_text(line, rest)?,
        ArgumentStyle::Text if rest.is_empty() => Arguments::None,
        ArgumentStyle::Text => Arguments::Text(line.word(rest)),
        ArgumentStyle::Declarations => words(split_quoted(line, rest, escape)),
        ArgumentStyle::Pairs => pairs(name, line, rest, escape)?,
        ArgumentStyle::Health => {
            let text = &line.text[rest.clone()];
            if text.is_empty() {
                return Ok(Arguments::None);
            }
            let end = rest.start + text.find(char::is_whitespace).unwrap_or(text.len());
            let command = line.trim(end..rest.end);
            Arguments::Health(line.word(rest.start..end), Box::new(json_or_text(line, command)?))
        }
        ArgumentStyle::Trigger if rest.is_empty() => Arguments::None,
        ArgumentStyle::Trigger => {
            let (keyword, _, rest) = split_command(line, rest);
            let keyword = line.word(keyword);
            let json = match spec(&keyword.text) {
                // Chains are refused anyway, and are not followed here.
                Some(spec) if spec.arguments != ArgumentStyle::Trigger => {
                    let inner = lex_arguments(spec.arguments, spec.name, line, rest, escape)?;
                    matches!(inner, Arguments::Json(_))
                }
                _ => false,
            };
            Arguments::Trigger { keyword, json }
        }
    })
}

fn json_or_text(line: &LogicalLine, rest: Range<usize>) -> Result<Arguments, Problem> {
    if rest.is_empty() {
        return Ok(Arguments::None);
    }
    match json_strings(line, rest.clone()) {
        Json::Strings(words) => Ok(Arguments::Json(words)),
        Json::NotStrings => Err(Problem::at(LexError::NotAStringArray {}, line.span(rest))),
        Json::No => Ok(Arguments::Text(line.word(rest))),
    }
}

/// `name=value …`, or, if the first word has no `=`, `name` and the rest of the line.
fn pairs(name: &str, line: &LogicalLine, rest: Range<usize>, escape: char) -> Result<Arguments, Problem> {
    let words = split_quoted(line, rest.clone(), escape);
    let Some(first) = words.first() else { return Ok(Arguments::None) };
    if !first.text.contains('=') {
        let text = &line.text[rest.clone()];
        let Some(end) = text.find(is_blank) else {
            return Err(Problem::at(LexError::MissingValue { instruction: name.to_owned() }, line.span(rest)));
        };
        let after = text[end..].trim_start_matches(is_blank);
        let value = line.word(rest.end - after.len()..rest.end);
        let pair = Pair { name: line.word(rest.start..rest.start + end), value, legacy: true };
        return Ok(Arguments::Pairs(vec![pair]));
    }
    let mut pairs = Vec::new();
    for word in words {
        let Some((name, value)) = word.text.split_once('=') else {
            return Err(Problem::at(LexError::MissingEquals { word: word.text }, word.span));
        };
        let part = |text: &str| super::ast::Word { text: text.to_owned(), span: word.span };
        pairs.push(Pair { name: part(name), value: part(value), legacy: false });
    }
    Ok(Arguments::Pairs(pairs))
}
