//! The arguments of commands: patterns, replacements, texts, file names.

use super::parse::{Fault, Parser};
use super::substitute::{Substitution, parse_replacement};
use crate::shell::commands::regex::{Invalid, Pattern, Syntax};
use crate::vfs::Libc;
use std::collections::BTreeMap;

impl Parser<'_> {
    /// The text up to an unescaped delimiter; an escaped one loses its backslash, brackets of a regular expression hide it.
    pub(super) fn delimited(&mut self, delimiter: u8, pattern: bool) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        loop {
            let byte = self.peek()?;
            if pattern
                && byte == b'['
                && byte != delimiter
                && let Some(length) = bracket_length(&self.text[self.at..])
            {
                out.extend_from_slice(&self.text[self.at..self.at + length]);
                self.at += length;
                continue;
            }
            self.at += 1;
            if byte == delimiter {
                return Some(out);
            }
            if byte == b'\n' && pattern && !self.dialect.busybox {
                self.at -= 1;
                return None;
            }
            if byte != b'\\' {
                out.push(byte);
                continue;
            }
            let next = self.peek()?;
            self.at += 1;
            if next == delimiter {
                // Bare it may be special: `s.b\..X.` replaces `b` and any character.
                if !pattern && next == b'&' {
                    out.push(b'\\');
                }
                out.push(next);
            } else if next == b'n' && pattern {
                out.push(b'\n');
            } else {
                out.extend_from_slice(&[b'\\', next]);
            }
        }
    }

    pub(super) fn pattern(&self, text: &[u8], ignore_case: bool, multi_line: bool) -> Result<Option<Pattern>, Fault> {
        if text.is_empty() {
            return Ok(None);
        }
        let syntax = Syntax {
            extended: self.dialect.extended,
            ignore_case,
            utf8: self.dialect.utf8,
            multi_line,
            escapes: true,
            tre: self.dialect.libc == Libc::Musl,
            bracket_backslash: false,
        };
        match Pattern::new(text, syntax) {
            Ok(pattern) => Ok(Some(pattern)),
            Err(Invalid::TooLarge) => {
                Err(Fault::NotSimulated(format!("the pattern {}", String::from_utf8_lossy(text))))
            }
            Err(invalid) => {
                let message = invalid.message(self.dialect.libc);
                let busybox = format!("bad regex '{}': {message}", String::from_utf8_lossy(text));
                Err(self.fault(&busybox, message))
            }
        }
    }

    pub(super) fn file_name(&mut self) -> Result<String, Fault> {
        self.blanks();
        let start = self.at;
        self.skip(|byte| byte != b'\n');
        let name = String::from_utf8_lossy(&self.text[start..self.at]).into_owned();
        if name.is_empty() {
            return Err(self.fault("empty filename", "missing filename in r/R/w/W commands"));
        }
        Ok(name)
    }

    /// The text of `a`, `i`, `c`: after `\` and a line feed, or on the same line; a backslash at a line's end continues it.
    pub(super) fn text_argument(&mut self) -> Result<Vec<u8>, Fault> {
        self.blanks();
        if self.peek().is_none() {
            return Err(self.fault("incomplete command", "expected \\ after `a', `c' or `i'"));
        }
        if self.peek() == Some(b'\\') {
            self.at += 1;
            let before = self.at;
            self.blanks();
            if self.peek() == Some(b'\n') {
                self.at += 1;
            } else {
                self.at = before;
            }
        }
        // GNU's `a\` without a text adds nothing.
        let alone = self.peek().is_none() && !self.dialect.busybox;
        let mut out = Vec::new();
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\n' => break,
                b'\\' => match self.peek() {
                    Some(next) => {
                        self.at += 1;
                        out.push(match next {
                            b't' => b'\t',
                            b'n' => b'\n',
                            _ => next,
                        });
                    }
                    None => break,
                },
                _ => out.push(byte),
            }
        }
        if !(out.is_empty() && alone) {
            out.push(b'\n');
        }
        Ok(out)
    }

    pub(super) fn substitution(&mut self) -> Result<Substitution, Fault> {
        let unterminated = "unterminated `s' command";
        let Some(delimiter) = self.peek().filter(|byte| !b"\n\\".contains(byte)) else {
            return Err(self.fault("bad format in substitution expression", unterminated));
        };
        self.at += 1;
        let busybox = format!("unmatched '{}'", char::from(delimiter));
        let Some(pattern) = self.delimited(delimiter, true) else { return Err(self.fault(&busybox, unterminated)) };
        let Some(replacement) = self.delimited(delimiter, false) else {
            return Err(self.fault(&busybox, unterminated));
        };
        let mut made = Substitution { number: 1, ..Substitution::default() };
        let (mut ignore_case, mut multi_line) = (false, false);
        loop {
            match self.peek() {
                Some(b'g') if made.global && !self.dialect.busybox => {
                    self.at += 1;
                    return Err(self.fault("", "multiple `g' options to `s' command"));
                }
                Some(b'g') => made.global = true,
                Some(b'p') => made.print = true,
                Some(b'i' | b'I') => ignore_case = true,
                Some(b'm' | b'M') if !self.dialect.busybox => multi_line = true,
                Some(b'e') => return Err(Fault::NotSimulated("the flag e of s".to_owned())),
                Some(b'0'..=b'9') => {
                    made.number = self.number().unwrap_or(1).max(1);
                    continue;
                }
                Some(b'w') => {
                    self.at += 1;
                    made.write = Some(self.file_name()?);
                    break;
                }
                None | Some(b';' | b'\n' | b'}' | b'#' | b' ' | b'\t' | b'\r') => break,
                Some(_) => {
                    self.at += 1;
                    return Err(self.fault("bad option in substitution expression", "unknown option to `s'"));
                }
            }
            self.at += 1;
        }
        if self.dialect.busybox && made.global {
            made.number = 1;
        }
        made.pattern = self.pattern(&pattern, ignore_case, multi_line)?;
        made.replacement = parse_replacement(&replacement, self.dialect.busybox);
        if let (Some(pattern), Some(most)) = (&made.pattern, made.highest_group())
            && most > pattern.groups
            && !self.dialect.busybox
        {
            let gnu = format!("invalid reference \\{most} on `s' command's RHS");
            return Err(self.fault("", &gnu));
        }
        Ok(made)
    }

    pub(super) fn translation(&mut self) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, Fault> {
        let fault = "unterminated `y' command";
        let Some(delimiter) = self.peek() else { return Err(self.fault("bad format in y command", fault)) };
        self.at += 1;
        let (Some(from), Some(to)) = (self.delimited(delimiter, false), self.delimited(delimiter, false)) else {
            return Err(self.fault(&format!("unmatched '{}'", char::from(delimiter)), fault));
        };
        let utf8 = self.dialect.utf8 && !self.dialect.busybox;
        let (from, to) = (characters(&from, utf8), characters(&to, utf8));
        if from.len() != to.len() && !self.dialect.busybox {
            return Err(self.fault("", "strings for `y' command are different lengths"));
        }
        let mut map = BTreeMap::new();
        for (from, to) in from.into_iter().zip(to) {
            map.entry(from).or_insert(to);
        }
        Ok(map)
    }
}

/// The length of the bracket expression at the start of a text; none if it does not end on its line.
fn bracket_length(text: &[u8]) -> Option<usize> {
    let mut at = 1 + usize::from(text.get(1) == Some(&b'^'));
    if text.get(at) == Some(&b']') {
        at += 1;
    }
    loop {
        match (*text.get(at)?, text.get(at + 1)) {
            (b'\n', _) => return None,
            (b']', _) => return Some(at + 1),
            (b'[', Some(kind @ (b':' | b'.' | b'='))) => {
                let end = text[at + 2..].windows(2).position(|pair| pair == [*kind, b']'])?;
                at += end + 4;
            }
            _ => at += 1,
        }
    }
}

/// The characters of one side of `y`, with `\n`, `\t` and `\\` decoded.
fn characters(text: &[u8], utf8: bool) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'\\' && at + 1 < text.len() {
            let decoded = match text[at + 1] {
                b'n' => vec![b'\n'],
                b't' => vec![b'\t'],
                b'r' => vec![b'\r'],
                b'\\' => vec![b'\\'],
                other => {
                    out.push(vec![b'\\']);
                    vec![other]
                }
            };
            out.push(decoded);
            at += 2;
            continue;
        }
        let len = if utf8 { super::run::character_length(&text[at..]) } else { 1 };
        out.push(text[at..at + len].to_vec());
        at += len;
    }
    out
}
