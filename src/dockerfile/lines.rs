//! Physical lines: their ends, comments, directives and continuations.

use super::ast::{Directive, Word};
use crate::diagnostic::LexError;
use crate::span::Span;

/// A line of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Without its end (`\n`, and any `\r` before it).
    pub text: &'a str,
    /// With its end.
    pub full: &'a str,
    /// Where it starts.
    pub start: usize,
    /// Its number, from 1.
    pub number: usize,
}

impl Line<'_> {
    /// Where the line without its end stands.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.start + self.text.len())
    }

    /// A comment: `#` after white space.
    pub fn is_comment(&self) -> bool {
        self.text.trim_start().starts_with('#')
    }

    /// Nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.text.trim_start().is_empty()
    }
}

/// The lines of a text, one by one. A byte order mark at the start is skipped.
pub(super) struct Lines<'a> {
    text: &'a str,
    next: usize,
    number: usize,
}

/// Bytes of a line with its end that Docker reads at most.
const LINE_LIMIT: usize = 64 * 1024;

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, next: if text.starts_with('\u{feff}') { 3 } else { 0 }, number: 0 }
    }

    /// Lines read so far.
    pub fn lines_read(&self) -> usize {
        self.number
    }

    /// Goes back to an earlier offset, and the number of lines read there.
    pub fn rewind(&mut self, (offset, count): (usize, usize)) {
        (self.next, self.number) = (offset, count);
    }

    /// Where the next line starts.
    pub fn offset(&self) -> usize {
        self.next
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = &self.text[self.next..];
        if rest.is_empty() {
            return None;
        }
        let full = &rest[..rest.find('\n').map_or(rest.len(), |end| end + 1)];
        let line = Line { text: full.trim_end_matches(['\r', '\n']), full, start: self.next, number: self.number + 1 };
        self.next += full.len();
        self.number += 1;
        Some(line)
    }
}

/// Is the line too long for Docker? Without a line end one byte less fits.
pub(super) fn too_long(line: &Line<'_>) -> bool {
    let limit = if line.full.ends_with('\n') { LINE_LIMIT } else { LINE_LIMIT - 1 };
    line.full.len() > limit
}

/// The line without its continuation, if it has one: the escape character as the last but blanks, alone or after any
/// other character than itself.
pub(super) fn continued(text: &str, escape: char) -> Option<&str> {
    let before = text.trim_end_matches([' ', '\t']).strip_suffix(escape)?;
    (!before.ends_with(escape)).then_some(before)
}

/// The parser directives at the top: `# name=value`, one of each, before anything else.
#[derive(Debug, Default)]
pub(super) struct DirectiveReader {
    done: bool,
    pub found: Vec<Directive>,
}

impl DirectiveReader {
    /// Looks at a line (trimmed at its start, which stands at `start`). True if it is a directive.
    pub fn read(&mut self, text: &str, start: usize, line: usize) -> Result<bool, LexError> {
        if self.done {
            return Ok(false);
        }
        let Some((name, value)) = directive(text) else {
            self.done = true;
            return Ok(false);
        };
        let name = name.to_lowercase();
        if !matches!(name.as_str(), "syntax" | "escape" | "check") {
            self.done = true;
            return Ok(false);
        }
        if self.found.iter().any(|known| known.name == name) {
            return Err(LexError::DuplicateDirective { name });
        }
        let at = start + (value.as_ptr() as usize - text.as_ptr() as usize);
        let span = Span::new(at, at + value.len());
        self.found.push(Directive { name, value: Word { text: value.to_owned(), span }, line });
        Ok(true)
    }
}

fn directive(text: &str) -> Option<(&str, &str)> {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\u{c}' | '\r');
    let rest = text.strip_prefix('#')?.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let value = rest.trim_start_matches(blank).strip_prefix('=')?;
    let value = value.trim_start_matches(blank).trim_end_matches(blank);
    (!value.is_empty()).then_some((name, value))
}
