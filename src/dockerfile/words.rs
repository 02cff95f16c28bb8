//! Cutting an instruction's line into keyword, flags and arguments, by BuildKit's rules.
//!
//! Quotes stay in the words (they are taken off when words are expanded), except in flags, where BuildKit takes them
//! off at once and reads the text byte by byte (`--chown=ü` becomes `Ã¼`, recorded from Docker 28).

use super::ast::{Flag, Word};
use super::logical::LogicalLine;
use std::ops::Range;

/// BuildKit's blanks between words.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ')
}

/// Keyword, flags, and the range of what is left, trimmed.
pub(super) fn split_command(line: &LogicalLine, range: Range<usize>) -> (Range<usize>, Vec<Flag>, Range<usize>) {
    let range = line.trim(range);
    let text = &line.text[range.clone()];
    let Some(end) = text.find(is_blank) else { return (range.clone(), Vec::new(), range.end..range.end) };
    let rest = &text[end..];
    let after = range.start + end + (rest.len() - rest.trim_start_matches(is_blank).len());
    let (flags, rest) = extract_flags(line, after..range.end);
    (range.start..range.start + end, flags, line.trim(rest))
}

/// The leading words that start with `--`, up to a bare `--`, and the range of the rest.
fn extract_flags(line: &LogicalLine, range: Range<usize>) -> (Vec<Flag>, Range<usize>) {
    let bytes = line.text.as_bytes();
    let is_space = |byte: u8| char::from(byte).is_whitespace();
    let mut flags = Vec::new();
    let mut pos = range.start;
    loop {
        while pos < range.end && is_space(bytes[pos]) {
            pos += 1;
        }
        if !line.text[boundary(line, pos)..range.end].starts_with("--") {
            return (flags, boundary(line, pos)..range.end);
        }
        let start = pos;
        let mut word = String::new();
        let mut quote = None;
        while pos < range.end {
            let byte = bytes[pos];
            match (quote, byte) {
                (None, byte) if is_space(byte) => break,
                (None, b'\'' | b'"') => quote = Some(byte),
                (Some(open), byte) if byte == open => quote = None,
                (_, b'\\') => {
                    pos += 1;
                    if pos < range.end {
                        word.push(char::from(bytes[pos]));
                    }
                }
                _ => word.push(char::from(byte)),
            }
            pos += 1;
        }
        // A backslash at the very end goes one too far.
        pos = pos.min(range.end);
        let end = boundary(line, pos);
        if word == "--" {
            return (flags, end..range.end);
        }
        flags.push(flag(line, start..end, &word));
    }
}

/// The next character boundary: the flags are read byte by byte, and a byte of a character can be a blank.
fn boundary(line: &LogicalLine, mut offset: usize) -> usize {
    while offset < line.text.len() && !line.text.is_char_boundary(offset) {
        offset += 1;
    }
    offset
}

fn flag(line: &LogicalLine, range: Range<usize>, word: &str) -> Flag {
    let start = boundary(line, range.start)..range.end;
    let (name, value) = match word.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (word, None),
    };
    let value_start = line.text[start.clone()].find('=').map_or(range.end, |at| start.start + at + 1);
    Flag {
        name: name.get(2..).unwrap_or("").to_owned(),
        value,
        span: line.span(start),
        value_span: line.span(value_start..range.end),
    }
}

/// Words between blanks; an empty range has none.
pub(super) fn split_blanks(line: &LogicalLine, range: Range<usize>) -> Vec<Word> {
    if range.is_empty() {
        return Vec::new();
    }
    let mut words = Vec::new();
    let mut start = range.start;
    let mut in_blanks = false;
    for (at, c) in line.text[range.clone()].char_indices() {
        let at = range.start + at;
        if is_blank(c) {
            if !in_blanks {
                words.push(line.word(start..at));
            }
            in_blanks = true;
        } else if in_blanks {
            in_blanks = false;
            start = at;
        }
    }
    if !in_blanks {
        words.push(line.word(start..range.end));
    }
    words
}

/// Words between white space, where quotes and the escape character hold a word together. Both stay in the word.
pub(super) fn split_quoted(line: &LogicalLine, range: Range<usize>, escape: char) -> Vec<Word> {
    let mut words = Vec::new();
    let mut chars = line.text[range.clone()].char_indices().peekable();
    let mut word = String::new();
    let mut start = None;
    let mut quote = None;
    while let Some((at, c)) = chars.next() {
        let at = range.start + at;
        match quote {
            None if c.is_whitespace() => {
                if let Some(start) = start.take()
                    && !word.is_empty()
                {
                    words.push(Word { text: std::mem::take(&mut word), span: line.span(start..at) });
                }
                continue;
            }
            None if c == '\'' || c == '"' => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ => {}
        }
        start.get_or_insert(at);
        if c == escape && quote != Some('\'') {
            // An escape at the very end is dropped; elsewhere it protects the next character.
            if let Some((_, next)) = chars.next() {
                word.push(c);
                word.push(next);
            }
        } else {
            word.push(c);
        }
    }
    if let Some(start) = start
        && !word.is_empty()
    {
        words.push(Word { text: word, span: line.span(start..range.end) });
    }
    words
}

/// What a text that may be a JSON array turns out to be.
pub(super) enum Json {
    /// An array of strings.
    Strings(Vec<Word>),
    /// An array with something else in it: an error.
    NotStrings,
    /// No JSON array: the shell form.
    No,
}

/// Reads a JSON array of strings. Escapes are decoded in the words' texts; the spans hold the quotes.
pub(super) fn json_strings(line: &LogicalLine, range: Range<usize>) -> Json {
    let text = &line.text[range.clone()];
    if !text.trim_start().starts_with('[') {
        return Json::No;
    }
    if let Some(words) = string_array(line, range.clone()) {
        return Json::Strings(words);
    }
    match serde_json::from_str::<Vec<serde::de::IgnoredAny>>(text.trim_start()) {
        Ok(_) => Json::NotStrings,
        Err(_) => Json::No,
    }
}

fn string_array(line: &LogicalLine, range: Range<usize>) -> Option<Vec<Word>> {
    let text = &line.text[range.clone()];
    let skip = |at: usize| at + (text[at..].len() - text[at..].trim_start_matches([' ', '\t', '\r', '\n']).len());
    let mut words = Vec::new();
    let mut at = text.len() - text.trim_start().len() + 1;
    at = skip(at);
    if text[at..].starts_with(']') {
        at += 1;
    } else {
        loop {
            let (string, end) = json_string(text, at)?;
            words.push(Word { text: string, span: line.span(range.start + at..range.start + end) });
            at = skip(end);
            match text[at..].chars().next()? {
                ',' => at = skip(at + 1),
                ']' => {
                    at += 1;
                    break;
                }
                _ => return None,
            }
        }
    }
    (skip(at) == text.len()).then_some(words)
}

/// The string that starts at `at`, decoded as Go does it (half a surrogate pair is U+FFFD), and where it ends.
fn json_string(text: &str, at: usize) -> Option<(String, usize)> {
    let rest = text[at..].strip_prefix('"')?;
    let mut out = String::new();
    let mut chars = rest.char_indices();
    while let Some((offset, c)) = chars.next() {
        match c {
            '"' => return Some((out, at + 1 + offset + 1)),
            '\\' => match chars.next()?.1 {
                c @ ('"' | '\\' | '/') => out.push(c),
                'b' => out.push('\u{8}'),
                'f' => out.push('\u{c}'),
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                'u' => {
                    let mut unit = hex4(&mut chars)?;
                    if (0xd800..0xdc00).contains(&unit) && chars.as_str().starts_with("\\u") {
                        let mut ahead = chars.clone();
                        ahead.nth(1);
                        let low = hex4(&mut ahead)?;
                        if (0xdc00..0xe000).contains(&low) {
                            unit = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                            chars = ahead;
                        }
                    }
                    out.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                _ => return None,
            },
            c if (c as u32) < 0x20 => return None,
            c => out.push(c),
        }
    }
    None
}

fn hex4(chars: &mut std::str::CharIndices<'_>) -> Option<u32> {
    (0..4).try_fold(0, |value, _| Some(value * 16 + chars.next()?.1.to_digit(16)?))
}
