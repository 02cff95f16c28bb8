//! The machine behind [`Lexer::process`]: one pass over the characters, recursing into substitutions.

use super::pattern::{self, Reach};
use super::{Expansion, Lexer, NESTING_LIMIT, RESULT_LIMIT, Variables};
use crate::diagnostic::ExpansionError;
use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

/// An error before the word is known that it is about.
enum Fault {
    SingleQuote,
    DoubleQuote,
    /// The text ended inside `${`, and what was looked for.
    Ended(char),
    MissingBrace,
    BadSubstitution,
    Modifier(String),
    Pattern(String, String),
    Required(String, String),
    TooDeep,
    TooLong,
}

impl Fault {
    fn about(self, word: &str) -> ExpansionError {
        let word = word.to_owned();
        match self {
            Self::SingleQuote => ExpansionError::UnclosedSingleQuote { word },
            Self::DoubleQuote => ExpansionError::UnclosedDoubleQuote { word },
            Self::Ended('/') => ExpansionError::MissingSlash { word },
            Self::Ended(_) | Self::MissingBrace => ExpansionError::MissingBrace { word },
            Self::BadSubstitution => ExpansionError::BadSubstitution { word },
            Self::Modifier(modifier) => ExpansionError::UnsupportedModifier { word, modifier },
            Self::Pattern(pattern, reason) => ExpansionError::InvalidPattern { word, pattern, reason },
            Self::Required(name, message) => ExpansionError::Required { word, name, message },
            Self::TooDeep => ExpansionError::TooDeep { word, limit: NESTING_LIMIT },
            Self::TooLong => ExpansionError::TooLong { word, limit: RESULT_LIMIT },
        }
    }
}

pub(super) fn process(lexer: Lexer, word: &str, variables: &dyn Variables) -> Result<Expansion, ExpansionError> {
    let mut machine = Machine::new(lexer, word, variables);
    let (text, words) = machine.until(None, lexer.raw_escapes).map_err(|fault| fault.about(word))?;
    Ok(Expansion { text, words, ..machine.result })
}

pub(super) fn unmatched(lexer: Lexer, word: &str, variables: &dyn Variables) -> BTreeSet<String> {
    let mut machine = Machine::new(lexer, word, variables);
    // Where it stops does not matter, but what was looked up until then.
    let _ = machine.until(None, lexer.raw_escapes);
    machine.result.unmatched
}

/// Words as they grow: white space outside of quotes ends one.
#[derive(Default)]
struct Words {
    word: String,
    words: Vec<String>,
}

impl Words {
    fn push(&mut self, c: char) {
        if !c.is_whitespace() {
            self.word.push(c);
        } else if !self.word.is_empty() {
            self.words.push(std::mem::take(&mut self.word));
        }
    }

    fn finish(mut self) -> Vec<String> {
        if !self.word.is_empty() {
            self.words.push(self.word);
        }
        self.words
    }
}

struct Machine<'a> {
    lexer: Lexer,
    chars: Peekable<Chars<'a>>,
    variables: &'a dyn Variables,
    depth: usize,
    result: Expansion,
}

impl<'a> Machine<'a> {
    fn new(lexer: Lexer, word: &'a str, variables: &'a dyn Variables) -> Self {
        Self { lexer, chars: word.chars().peekable(), variables, depth: 0, result: Expansion::default() }
    }

    /// Reads up to `stop` (which is consumed), or to the end.
    fn until(&mut self, stop: Option<char>, raw_escapes: bool) -> Result<(String, Vec<String>), Fault> {
        let mut text = String::new();
        let mut words = Words::default();
        while let Some(&c) = self.chars.peek() {
            if text.len() > RESULT_LIMIT {
                return Err(Fault::TooLong);
            }
            if Some(c) == stop {
                self.chars.next();
                return Ok((text, words.finish()));
            }
            match c {
                '$' => {
                    let value = self.dollar()?;
                    value.chars().for_each(|c| words.push(c));
                    text.push_str(&value);
                }
                '\'' | '"' if !self.lexer.ignore_quotes => {
                    let quoted = if c == '"' { self.double_quoted(raw_escapes)? } else { self.single_quoted()? };
                    words.word.push_str(&quoted);
                    text.push_str(&quoted);
                }
                '<' => {
                    let opening = self.possible_heredoc();
                    words.word.push_str(&opening);
                    text.push_str(&opening);
                }
                c if c == self.lexer.escape => {
                    self.chars.next();
                    if raw_escapes {
                        words.word.push(c);
                        text.push(c);
                    }
                    // At the end an escape is dropped.
                    let Some(next) = self.chars.next() else { break };
                    words.word.push(next);
                    text.push(next);
                }
                c => {
                    self.chars.next();
                    words.push(c);
                    text.push(c);
                }
            }
        }
        match stop {
            Some(stop) => Err(Fault::Ended(stop)),
            None => Ok((text, words.finish())),
        }
    }

    /// `<<` takes the blanks after it along, so that `<< EOF` is one word.
    fn possible_heredoc(&mut self) -> String {
        let mut opening = String::new();
        for _ in 0..2 {
            opening.extend(self.chars.next_if_eq(&'<'));
        }
        if opening.len() == 2 {
            while let Some(blank) = self.chars.next_if(|c| matches!(c, ' ' | '\t' | '\r')) {
                opening.push(blank);
            }
        }
        opening
    }

    fn single_quoted(&mut self) -> Result<String, Fault> {
        let mut text = String::new();
        let quote = self.chars.next();
        if self.lexer.raw_quotes {
            text.extend(quote);
        }
        loop {
            match self.chars.next() {
                None => return Err(Fault::SingleQuote),
                Some('\'') => {
                    if self.lexer.raw_quotes {
                        text.push('\'');
                    }
                    return Ok(text);
                }
                Some(c) => text.push(c),
            }
        }
    }

    /// In double quotes variables count, and the escape character before `"`, `$` and itself.
    fn double_quoted(&mut self, raw_escapes: bool) -> Result<String, Fault> {
        let mut text = String::new();
        let quote = self.chars.next();
        if self.lexer.raw_quotes {
            text.extend(quote);
        }
        loop {
            match self.chars.peek() {
                None => return Err(Fault::DoubleQuote),
                Some('"') => {
                    self.chars.next();
                    if self.lexer.raw_quotes {
                        text.push('"');
                    }
                    return Ok(text);
                }
                Some('$') => {
                    let value = self.dollar()?;
                    text.push_str(&value);
                    if text.len() > RESULT_LIMIT {
                        return Err(Fault::TooLong);
                    }
                }
                Some(&c) => {
                    self.chars.next();
                    let mut plain = Some(c);
                    if c == self.lexer.escape {
                        if raw_escapes {
                            text.push(c);
                        }
                        match self.chars.peek() {
                            None => plain = None,
                            Some(&next) if next == '"' || next == '$' || next == self.lexer.escape => {
                                plain = self.chars.next();
                            }
                            Some(_) => {}
                        }
                    }
                    text.extend(plain);
                }
            }
        }
    }

    fn dollar(&mut self) -> Result<String, Fault> {
        self.chars.next();
        if self.chars.next_if_eq(&'{').is_none() {
            let name = self.name();
            if name.is_empty() {
                return Ok("$".to_owned());
            }
            return Ok(match self.lookup(&name) {
                None if self.lexer.skip_unset => format!("${name}"),
                value => value.unwrap_or_default(),
            });
        }
        if self.depth >= NESTING_LIMIT {
            return Err(Fault::TooDeep);
        }
        self.depth += 1;
        let value = self.braces();
        self.depth -= 1;
        value
    }

    /// `${…}` after its opening.
    fn braces(&mut self) -> Result<String, Fault> {
        match self.chars.peek() {
            None => return Err(Fault::MissingBrace),
            Some('{' | '}' | ':') => return Err(Fault::BadSubstitution),
            Some(_) => {}
        }
        let name = self.name();
        let Some(mut operator) = self.chars.next() else { return Err(Fault::Modifier("\u{fffd}".to_owned())) };
        let mut written = operator.to_string();
        let mut empty_is_unset = false;
        if operator == '}' {
            return Ok(match self.lookup(&name) {
                None if self.lexer.skip_unset => format!("${{{name}}}"),
                value => value.unwrap_or_default(),
            });
        }
        if operator == '/' {
            return self.replacement(&name);
        }
        if operator == ':' {
            empty_is_unset = true;
            operator = self.chars.next().unwrap_or('\u{fffd}');
            written.push(operator);
        } else if !matches!(operator, '+' | '-' | '?' | '#' | '%') {
            return Err(Fault::Modifier(written));
        }
        // Escapes stay in patterns only, whatever holds outside.
        let word = self.inner('}', matches!(operator, '#' | '%'))?;
        let value = self.lookup(&name);
        if self.lexer.skip_unset && value.is_none() {
            return Ok(format!("${{{name}{written}{word}}}"));
        }
        let filled = value.as_deref().is_some_and(|value| !(empty_is_unset && value.is_empty()));
        match operator {
            '-' if filled => Ok(value.unwrap_or_default()),
            '-' => Ok(word),
            '+' if filled => Ok(word),
            '+' => Ok(String::new()),
            '?' if filled => Ok(value.unwrap_or_default()),
            '?' => {
                let state = if value.is_none() { "unset" } else { "empty" };
                let message = if word.is_empty() { format!("is not allowed to be {state}") } else { word };
                Err(Fault::Required(name, message))
            }
            '#' | '%' => {
                let value = value.unwrap_or_default();
                let (reach, pattern) = match word.strip_prefix(operator) {
                    Some(rest) => (Reach::Longest, rest),
                    None => (Reach::Shortest, word.as_str()),
                };
                let trim = if operator == '#' { pattern::trim_prefix } else { pattern::trim_suffix };
                trim(pattern, &value, reach).map_err(|reason| Fault::Pattern(pattern.to_owned(), reason))
            }
            _ => Err(Fault::Modifier(written)),
        }
    }

    /// `${name/pattern/replacement}` after the first slash.
    fn replacement(&mut self, name: &str) -> Result<String, Fault> {
        let all = self.chars.next_if_eq(&'/').is_some();
        let pattern = self.inner('/', true)?;
        let replacement = self.inner('}', true)?;
        match self.lookup(name) {
            None if self.lexer.skip_unset => Ok(format!("${{{name}/{pattern}/{replacement}}}")),
            value => pattern::replace(&pattern, &replacement, &value.unwrap_or_default(), all)
                .map_err(|reason| Fault::Pattern(pattern, reason)),
        }
    }

    /// The word inside a substitution. If the text ends in it, that is the error, whatever else was wrong.
    fn inner(&mut self, stop: char, raw_escapes: bool) -> Result<String, Fault> {
        match self.until(Some(stop), raw_escapes) {
            Ok((word, _)) => Ok(word),
            Err(fault @ (Fault::TooDeep | Fault::TooLong)) => Err(fault),
            Err(_) if self.chars.peek().is_none() => Err(Fault::Ended(stop)),
            Err(fault) => Err(fault),
        }
    }

    /// A name: letters, digits, underscores; or digits; or one special parameter. Empty if there is none.
    fn name(&mut self) -> String {
        let mut name = String::new();
        if let Some(c) = self.chars.next_if(|c| matches!(c, '@' | '*' | '#' | '?' | '-' | '$' | '!')) {
            name.push(c);
            return name;
        }
        let numeric = self.chars.peek().is_some_and(|c| is_digit(*c));
        while let Some(c) = self.chars.next_if(|&c| is_digit(c) || (!numeric && (c == '_' || c.is_alphabetic()))) {
            name.push(c);
        }
        name
    }

    fn lookup(&mut self, name: &str) -> Option<String> {
        let value = self.variables.value(name).map(str::to_owned);
        let seen = if value.is_some() { &mut self.result.matched } else { &mut self.result.unmatched };
        seen.insert(name.to_owned());
        value
    }
}

/// A decimal digit; other scripts' digits are numeric and no letters, as in Go.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (c.is_numeric() && !c.is_alphabetic() && !c.is_ascii())
}
