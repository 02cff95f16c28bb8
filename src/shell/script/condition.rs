//! bash's `[[ … ]]`, read by hand: inside of it `<`, `&&` and parentheses are part of the condition.

use super::lexer::{Lexer, Syntax, Trouble};
use super::{Condition, Word};

/// Operators that stand between two words.
const BINARY: &[&str] =
    &["==", "=~", "=", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"];

impl Lexer<'_> {
    /// After `[[`, up to and with `]]`.
    pub(super) fn condition(&mut self) -> Result<Condition, Syntax> {
        let condition = self.condition_or(0)?;
        self.blanks();
        if self.word_is("]]") {
            self.at += 2;
            return Ok(condition);
        }
        Err(self.unexpected_here())
    }

    fn unexpected_here(&self) -> Syntax {
        let text: String = self.rest().chars().take_while(|c| !c.is_whitespace()).collect();
        let trouble = if text.is_empty() { Trouble::End(Some("]]")) } else { Trouble::Unexpected(text, None) };
        self.error(trouble)
    }

    fn blanks(&mut self) {
        loop {
            self.joins();
            match self.peek() {
                Some(b' ' | b'\t' | b'\n') => {
                    self.bump();
                }
                _ => return,
            }
        }
    }

    /// Does this word stand here?
    fn word_is(&self, what: &str) -> bool {
        self.rest()
            .strip_prefix(what)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', ';', ')', '&', '|']))
    }

    fn condition_or(&mut self, depth: u32) -> Result<Condition, Syntax> {
        if depth + self.depth > super::lexer::MAX_DEPTH {
            return Err(self.error(Trouble::Nesting));
        }
        let mut left = self.condition_and(depth)?;
        loop {
            self.blanks();
            if !self.eat("||") {
                return Ok(left);
            }
            left = Condition::Or(Box::new(left), Box::new(self.condition_and(depth)?));
        }
    }

    fn condition_and(&mut self, depth: u32) -> Result<Condition, Syntax> {
        let mut left = self.condition_not(depth)?;
        loop {
            self.blanks();
            if !self.eat("&&") {
                return Ok(left);
            }
            left = Condition::And(Box::new(left), Box::new(self.condition_not(depth)?));
        }
    }

    fn condition_not(&mut self, depth: u32) -> Result<Condition, Syntax> {
        let mut negated = false;
        self.blanks();
        while self.word_is("!") {
            self.at += 1;
            negated = !negated;
            self.blanks();
        }
        let condition = self.condition_primary(depth)?;
        Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn condition_primary(&mut self, depth: u32) -> Result<Condition, Syntax> {
        if self.eat("(") {
            let condition = self.condition_or(depth + 1)?;
            self.blanks();
            return if self.eat(")") { Ok(condition) } else { Err(self.unexpected_here()) };
        }
        if self.word_is("]]") {
            return Err(self.unexpected_here());
        }
        let rest = self.rest();
        let unary = rest.len() > 2
            && rest.starts_with('-')
            && rest.as_bytes()[1].is_ascii_alphabetic()
            && matches!(rest.as_bytes()[2], b' ' | b'\t');
        if unary {
            let (at, line) = (self.at, self.line);
            let operator = &rest[..2];
            self.at += 2;
            self.blanks();
            if !self.word_is("]]") && self.binary_operator().is_none() {
                let operand = self.condition_word()?;
                return Ok(Condition::Unary(operator.into(), operand));
            }
            (self.at, self.line) = (at, line);
        }
        let left = self.condition_word()?;
        self.blanks();
        let Some(operator) = self.binary_operator() else { return Ok(Condition::Word(left)) };
        self.at += operator.len();
        self.blanks();
        let right = if operator == "=~" { self.regex_word()? } else { self.condition_word()? };
        Ok(Condition::Binary(left, operator.into(), right))
    }

    fn binary_operator(&self) -> Option<&'static str> {
        let rest = self.rest();
        BINARY
            .iter()
            .copied()
            .find(|operator| rest.strip_prefix(operator).is_some_and(|rest| rest.starts_with([' ', '\t', '\n'])))
    }

    fn condition_word(&mut self) -> Result<Word, Syntax> {
        let start = self.at;
        let word = self.word(false)?;
        if self.at == start { Err(self.unexpected_here()) } else { Ok(word) }
    }

    /// The pattern of `=~`: parentheses and bars belong to it.
    fn regex_word(&mut self) -> Result<Word, Syntax> {
        let mut parts = Vec::new();
        let mut depth = 0u32;
        let start = self.at;
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n') if depth == 0 => break,
                Some(byte @ (b'(' | b')' | b'|' | b'<' | b'>' | b'&' | b';' | b' ' | b'\t')) => {
                    match byte {
                        b'(' => depth += 1,
                        b')' if depth == 0 => break,
                        b')' => depth -= 1,
                        _ => {}
                    }
                    self.at += 1;
                    parts.push(super::Part::Text(char::from(byte).to_string().as_str().into(), false));
                }
                None | Some(b'\n') => break,
                Some(_) => {
                    let before = self.at;
                    // A backslash stays: it is the regular expression’s.
                    if self.peek() == Some(b'\\') && self.ahead(1).is_some_and(|next| next != b'\n') {
                        self.at += 1;
                        let next = self.bump().unwrap_or_default();
                        parts.push(super::Part::Text(format!("\\{next}").as_str().into(), false));
                    } else {
                        parts.extend(self.word(false)?.parts.iter().cloned());
                    }
                    if self.at == before {
                        return Err(self.unexpected_here());
                    }
                }
            }
        }
        if self.at == start { Err(self.unexpected_here()) } else { Ok(parts.into()) }
    }
}
