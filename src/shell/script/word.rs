//! Words: quotes, expansions, and what stands between them.

use super::lexer::{Base, Lexer, Syntax, TokenKind, Trouble};
use super::{Arithmetic, Assignment, Dialect, Op, Param, Part, Substitution, Value, Word, parse_arithmetic};
use std::rc::Rc;

/// Collects the parts of a word; neighbouring text is joined.
#[derive(Default)]
struct Parts {
    parts: Vec<Part>,
    text: String,
    quoted: bool,
}

impl Parts {
    fn push(&mut self, c: char, quoted: bool) {
        if self.quoted != quoted {
            self.flush();
            self.quoted = quoted;
        }
        self.text.push(c);
    }

    fn text(&mut self, text: &str, quoted: bool) {
        text.chars().for_each(|c| self.push(c, quoted));
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(self.text.as_str().into(), self.quoted));
            self.text.clear();
        }
    }

    fn add(&mut self, part: Part) {
        self.flush();
        self.parts.push(part);
    }

    /// Quotes with nothing between them: they make a word.
    fn empty_quotes(&mut self) {
        self.flush();
        self.parts.push(Part::Text("".into(), true));
    }

    fn len(&self) -> usize {
        self.parts.len() + self.text.len()
    }

    fn finish(mut self) -> Word {
        self.flush();
        self.parts.into()
    }
}

/// Where the text of a word ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End<'s> {
    /// At a blank or an operator; the flag: tildes count after `:` and `=`.
    Token(bool),
    /// At one of these bytes, outside of quotes: inside of `${…}`.
    Bytes(&'s [u8]),
}

impl Lexer<'_> {
    /// A word at this place; empty where none is. With `value`, it is what an assignment has to its right.
    pub(super) fn word(&mut self, value: bool) -> Result<Word, Syntax> {
        let start = self.at;
        let mut parts = Parts::default();
        self.unquoted(&mut parts, End::Token(value))?;
        let word = parts.finish();
        if self.dialect == Dialect::Bash && !value {
            let raw = &self.text[start..self.at];
            if let Some(words) = super::braces::expand(raw) {
                return self.joined(&words, start);
            }
        }
        Ok(word)
    }

    /// The words that braces expand to, as parts separated by unquoted blanks that split.
    fn joined(&mut self, words: &[String], start: usize) -> Result<Word, Syntax> {
        let mut parts = Vec::new();
        for (i, word) in words.iter().enumerate() {
            if i > 0 {
                parts.push(Part::Break);
            }
            let mut inner =
                Lexer::new(word, Base::Fixed(self.position(start)), self.dialect, self.line, self.depth + 1);
            if inner.depth > super::lexer::MAX_DEPTH {
                return Err(self.error(Trouble::Nesting));
            }
            let mut collected = Parts::default();
            inner.unquoted(&mut collected, End::Bytes(b""))?;
            parts.extend(collected.finish().parts.iter().cloned());
        }
        Ok(parts.into())
    }

    fn unquoted(&mut self, out: &mut Parts, end: End<'_>) -> Result<(), Syntax> {
        let mut tilde = matches!(end, End::Token(_)) || end == End::Bytes(b"}");
        loop {
            let Some(byte) = self.peek() else { return Ok(()) };
            match end {
                End::Token(_) if b" \t\n;&|()".contains(&byte) => return Ok(()),
                End::Token(_) if b"<>".contains(&byte) => {
                    if self.dialect == Dialect::Bash && self.ahead(1) == Some(b'(') && out.len() == 0 {
                        self.at += 2;
                        let list = self.list_until_paren()?;
                        out.add(Part::Process(Rc::new(Substitution { list }), byte == b'<'));
                        continue;
                    }
                    return Ok(());
                }
                End::Bytes(bytes) if bytes.contains(&byte) => return Ok(()),
                _ => {}
            }
            let at_tilde = std::mem::take(&mut tilde);
            match byte {
                b'\\' => {
                    if self.eat("\\\n") {
                        self.line += 1;
                        tilde = at_tilde;
                        continue;
                    }
                    self.at += 1;
                    match self.bump() {
                        Some(c) => out.push(c, true),
                        None => out.push('\\', true),
                    }
                }
                b'\'' => self.single(out)?,
                b'"' => {
                    self.at += 1;
                    self.double(out)?;
                }
                b'$' | b'`' => self.expansion(out, false)?,
                b'~' if at_tilde => self.tilde(out, end),
                _ => {
                    let Some(c) = self.bump() else { return Ok(()) };
                    tilde = end == End::Token(true) && c == ':';
                    out.push(c, false);
                }
            }
        }
    }

    fn tilde(&mut self, out: &mut Parts, end: End<'_>) {
        let rest = &self.rest()[1..];
        let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b)).count();
        let ends = match rest.as_bytes().get(length) {
            None | Some(b'/') => true,
            Some(b':') => end == End::Token(true),
            Some(byte) => match end {
                End::Token(_) => b" \t\n;&|()<>".contains(byte),
                End::Bytes(bytes) => bytes.contains(byte),
            },
        };
        self.at += 1;
        if !ends {
            out.push('~', false);
            return;
        }
        self.at += length;
        out.add(Part::Tilde(rest[..length].into()));
    }

    fn single(&mut self, out: &mut Parts) -> Result<(), Syntax> {
        let line = self.line;
        self.at += 1;
        let Some(length) = self.rest().find('\'') else {
            self.at = self.text.len();
            return Err(self.error(Trouble::Quote('\'', line)));
        };
        let text = &self.rest()[..length];
        self.line += text.matches('\n').count() as u32;
        self.at += length + 1;
        if text.is_empty() {
            out.empty_quotes()
        } else {
            out.text(text, true)
        }
        Ok(())
    }

    /// After `"`, up to and with the `"` that closes.
    fn double(&mut self, out: &mut Parts) -> Result<(), Syntax> {
        let (before, line) = (out.len(), self.line);
        loop {
            match self.peek() {
                None => return Err(self.error(Trouble::Quote('"', line))),
                Some(b'"') => {
                    self.at += 1;
                    if out.len() == before {
                        out.empty_quotes();
                    }
                    return Ok(());
                }
                _ => self.inside(out, b"$`\"\\")?,
            }
        }
    }

    /// One character or expansion inside of double quotes or what is read like them; a backslash counts before `escapes`.
    fn inside(&mut self, out: &mut Parts, escapes: &[u8]) -> Result<(), Syntax> {
        match self.peek() {
            Some(b'\\') => {
                if self.eat("\\\n") {
                    self.line += 1;
                    return Ok(());
                }
                self.at += 1;
                match self.peek() {
                    Some(byte) if escapes.contains(&byte) => {
                        self.at += 1;
                        out.push(char::from(byte), true);
                    }
                    _ => out.push('\\', true),
                }
            }
            Some(b'$' | b'`') => self.expansion(out, true)?,
            _ => {
                if let Some(c) = self.bump() {
                    out.push(c, true);
                }
            }
        }
        Ok(())
    }

    /// The body of a here-document, to the end of the text.
    pub(super) fn here_body(&mut self) -> Result<Word, Syntax> {
        let mut parts = Parts::default();
        while self.peek().is_some() {
            self.inside(&mut parts, b"$`\\")?;
        }
        Ok(parts.finish())
    }

    /// At `$` or a backquote.
    fn expansion(&mut self, out: &mut Parts, quoted: bool) -> Result<(), Syntax> {
        if self.peek() == Some(b'`') {
            return self.backquote(out, quoted);
        }
        self.at += 1;
        self.joins();
        let rest = self.rest();
        match rest.as_bytes().first() {
            Some(b'(') => {
                if rest.starts_with("((") {
                    let (at, line) = (self.at, self.line);
                    self.at += 2;
                    if let Some(expression) = self.arithmetic()? {
                        out.add(Part::Arithmetic(expression, quoted));
                        return Ok(());
                    }
                    (self.at, self.line) = (at, line);
                }
                self.at += 1;
                let list = self.list_until_paren()?;
                out.add(Part::Command(Rc::new(Substitution { list }), quoted));
            }
            Some(b'{') => {
                self.at += 1;
                self.braced(out, quoted)?;
            }
            Some(b'\'') if !quoted && self.dialect != Dialect::Dash => {
                self.at += 1;
                self.ansi_c(out)?;
            }
            Some(b'"') if !quoted && self.dialect == Dialect::Bash => {}
            Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => {
                let length = name_length(rest);
                self.at += length;
                out.add(simple(&rest[..length], quoted));
            }
            Some(byte) if byte.is_ascii_digit() || b"@*#?-$!".contains(byte) => {
                self.at += 1;
                out.add(simple(&rest[..1], quoted));
            }
            _ => out.push('$', quoted),
        }
        Ok(())
    }

    fn backquote(&mut self, out: &mut Parts, quoted: bool) -> Result<(), Syntax> {
        let (start, line) = (self.at, self.line);
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.bump() {
                None => return Err(self.error(Trouble::Quote('`', line))),
                Some('`') => break,
                Some('\\') => match self.bump() {
                    Some(c @ ('$' | '`' | '\\')) => text.push(c),
                    Some('"') if quoted => text.push('"'),
                    Some(c) => text.extend(['\\', c]),
                    None => text.push('\\'),
                },
                Some(c) => text.push(c),
            }
        }
        let mut inner = Lexer::new(&text, Base::Fixed(self.position(start)), self.dialect, line, self.depth);
        let list = inner.list()?;
        out.add(Part::Command(Rc::new(Substitution { list }), quoted));
        Ok(())
    }

    /// `$'…'`, after the quote that opens it.
    fn ansi_c(&mut self, out: &mut Parts) -> Result<(), Syntax> {
        let line = self.line;
        let mut bytes = Vec::new();
        loop {
            match self.bump() {
                None => return Err(self.error(Trouble::Quote('\'', line))),
                Some('\'') => break,
                Some('\\') => self.escape(&mut bytes),
                Some(c) => bytes.extend(c.to_string().bytes()),
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        if text.is_empty() {
            out.empty_quotes()
        } else {
            out.text(&text, true)
        }
        Ok(())
    }

    fn escape(&mut self, out: &mut Vec<u8>) {
        let Some(c) = self.bump() else { return out.push(b'\\') };
        let digits = |lexer: &Self, radix: u32, most: usize| {
            lexer.rest().bytes().take(most).take_while(|b| char::from(*b).is_digit(radix)).count()
        };
        match c {
            'a' => out.push(7),
            'b' => out.push(8),
            'e' | 'E' => out.push(27),
            'f' => out.push(12),
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            't' => out.push(b'\t'),
            'v' => out.push(11),
            '\\' | '\'' | '"' | '?' => out.push(c as u8),
            '0'..='7' => {
                let more = digits(self, 8, 2);
                let text = format!("{c}{}", &self.rest()[..more]);
                self.at += more;
                out.push(u32::from_str_radix(&text, 8).unwrap_or(0) as u8);
            }
            'x' | 'u' | 'U' => {
                let length = digits(self, 16, if c == 'x' { 2 } else { if c == 'u' { 4 } else { 8 } });
                let value = u32::from_str_radix(&self.rest()[..length], 16);
                self.at += length;
                match (value, c) {
                    (Err(_), _) => out.extend([b'\\', c as u8]),
                    (Ok(value), 'x') => out.push(value as u8),
                    (Ok(value), _) => {
                        out.extend(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER).to_string().bytes());
                    }
                }
            }
            _ => {
                out.push(b'\\');
                out.extend(c.to_string().bytes());
            }
        }
    }

    // ---- ${…} ----

    /// After `${`.
    fn braced(&mut self, out: &mut Parts, quoted: bool) -> Result<(), Syntax> {
        let start = self.at;
        if self.depth >= super::lexer::MAX_DEPTH {
            return Err(self.error(Trouble::Nesting));
        }
        self.depth += 1;
        let param = self.param(quoted);
        self.depth -= 1;
        match param? {
            Some(param) => out.add(Part::Param(Rc::new(param), quoted)),
            None => {
                self.at = start;
                let mut depth = 0;
                loop {
                    match self.bump() {
                        None => return Err(self.error(Trouble::Brace)),
                        Some('{') => depth += 1,
                        Some('}') if depth == 0 => break,
                        Some('}') => depth -= 1,
                        Some(_) => {}
                    }
                }
                let text = &self.text[start..self.at - 1];
                if self.dialect == Dialect::Ash {
                    return Err(self.error(Trouble::Substitution(text.to_owned())));
                }
                out.add(Part::Bad(text.into()));
            }
        }
        Ok(())
    }

    /// What is between `${` and `}`, with the brace; none if it cannot be read.
    fn param(&mut self, quoted: bool) -> Result<Option<Param>, Syntax> {
        let bash = self.dialect == Dialect::Bash;
        let rest = self.rest();
        if rest.starts_with('#') && !rest.starts_with("#}") {
            let length = parameter_length(&rest[1..]);
            let at = self.at;
            self.at += 1 + length;
            let index = if length > 0 { self.index()? } else { None };
            if length > 0 && self.eat("}") {
                return Ok(Some(Param { name: rest[1..1 + length].into(), index, op: Op::Length }));
            }
            self.at = at;
        }
        let indirect = bash && rest.starts_with('!') && name_length(&rest[1..]) > 0;
        if indirect {
            self.at += 1;
        }
        let length = parameter_length(self.rest());
        if length == 0 {
            return Ok(None);
        }
        let name: Rc<str> = self.rest()[..length].into();
        self.at += length;
        let index = self.index()?;
        if indirect {
            if self.eat("}") {
                let op = if index.is_some() { Op::Names } else { Op::Indirect };
                return Ok(Some(Param { name, index, op }));
            }
            if self.eat("@}") || self.eat("*}") {
                return Ok(Some(Param { name, index: None, op: Op::Names }));
            }
            return Ok(None);
        }
        let op = self.param_op(quoted)?;
        if op.is_some() && !self.eat("}") {
            return if self.peek().is_none() { Err(self.error(Trouble::Brace)) } else { Ok(None) };
        }
        Ok(op.map(|op| Param { name, index, op }))
    }

    fn index(&mut self) -> Result<Option<Word>, Syntax> {
        if self.dialect != Dialect::Bash || !self.eat("[") {
            return Ok(None);
        }
        let word = self.within(b"]", false)?;
        if self.eat("]") { Ok(Some(word)) } else { Err(self.error(Trouble::Brace)) }
    }

    fn param_op(&mut self, quoted: bool) -> Result<Option<Op>, Syntax> {
        let rest = self.rest().as_bytes();
        let extended = self.dialect != Dialect::Dash;
        let op = match rest {
            [b'}', ..] => Op::Value,
            [b':', op @ (b'-' | b'=' | b'?' | b'+'), ..] => {
                let op = *op;
                self.at += 2;
                Op::Unset(op, true, self.within(b"}", quoted)?)
            }
            [op @ (b'-' | b'=' | b'?' | b'+'), ..] => {
                let op = *op;
                self.at += 1;
                Op::Unset(op, false, self.within(b"}", quoted)?)
            }
            [op @ (b'#' | b'%'), next, ..] => {
                let (suffix, longest) = (*op == b'%', next == op);
                self.at += if longest { 2 } else { 1 };
                Op::Remove(suffix, longest, self.within(b"}", false)?)
            }
            [b':', ..] if extended => {
                self.at += 1;
                let offset = expression(self.within(b":}", false)?, self.dialect);
                let length =
                    if self.eat(":") { Some(expression(self.within(b"}", false)?, self.dialect)) } else { None };
                Op::Slice(offset, length)
            }
            [b'/', next, ..] if extended => {
                let how = match next {
                    b'/' => *next,
                    b'#' | b'%' if self.dialect == Dialect::Bash => *next,
                    _ => 0,
                };
                self.at += if how == 0 { 1 } else { 2 };
                let pattern = self.within(b"/}", false)?;
                let with = if self.eat("/") { self.within(b"}", quoted)? } else { Word::default() };
                Op::Replace(how, pattern, with)
            }
            [op @ (b'^' | b','), next, ..] if self.dialect == Dialect::Bash => {
                let (upper, all) = (*op == b'^', next == op);
                self.at += if all { 2 } else { 1 };
                Op::Case(upper, all)
            }
            [b'@', letter, b'}', ..] if self.dialect == Dialect::Bash && letter.is_ascii_alphabetic() => {
                let letter = *letter;
                self.at += 2;
                Op::Transform(letter)
            }
            [] => return Err(self.error(Trouble::Brace)),
            _ => return Ok(None),
        };
        Ok(Some(op))
    }

    /// A word inside of `${…}`, up to one of these bytes.
    fn within(&mut self, end: &[u8], quoted: bool) -> Result<Word, Syntax> {
        let mut parts = Parts::default();
        if !quoted {
            self.unquoted(&mut parts, End::Bytes(end))?;
            return Ok(parts.finish());
        }
        loop {
            match self.peek() {
                None => return Err(self.error(Trouble::Brace)),
                Some(byte) if end.contains(&byte) => return Ok(parts.finish()),
                Some(b'"') => {
                    self.at += 1;
                    self.double(&mut parts)?;
                }
                _ => self.inside(&mut parts, b"$`\"\\}")?,
            }
        }
    }

    // ---- arithmetic ----

    /// After `$((` or `((`, up to and with `))`; none if it does not end so.
    pub(super) fn arithmetic(&mut self) -> Result<Option<Arithmetic>, Syntax> {
        let Some(word) = self.arithmetic_text(b")")? else { return Ok(None) };
        if self.ahead(1) != Some(b')') {
            return Ok(None);
        }
        self.at += 2;
        Ok(Some(expression(word, self.dialect)))
    }

    /// `…; …; …))` of bash’s `for`.
    pub(super) fn for_arithmetic(&mut self) -> Result<Option<[Option<Arithmetic>; 3]>, Syntax> {
        let mut parts = [None, None, None];
        for (i, part) in parts.iter_mut().enumerate() {
            let Some(word) = self.arithmetic_text(if i < 2 { b";" } else { b")" })? else { return Ok(None) };
            let blank = word.literal().is_some_and(|text| text.trim().is_empty());
            *part = (!blank).then(|| expression(word, self.dialect));
            self.at += 1;
        }
        Ok(self.eat(")").then_some(parts))
    }

    /// Arithmetic up to a byte outside of parentheses, which is not consumed.
    fn arithmetic_text(&mut self, end: &[u8]) -> Result<Option<Word>, Syntax> {
        let mut parts = Parts::default();
        let mut depth = 0u32;
        loop {
            match self.peek() {
                None => return if depth == 0 && end != b")" { Ok(None) } else { Err(self.error(Trouble::Arithmetic)) },
                Some(byte) if depth == 0 && end.contains(&byte) => return Ok(Some(parts.finish())),
                Some(b')') if depth == 0 => return Ok(None),
                Some(b'"') => self.at += 1,
                Some(byte) => {
                    match byte {
                        b'(' => depth += 1,
                        b')' => depth -= 1,
                        _ => {}
                    }
                    self.inside(&mut parts, b"$`\"\\")?;
                }
            }
        }
    }

    // ---- assignments ----

    /// An assignment at this place, if there is one.
    pub(super) fn assignment(&mut self) -> Result<Option<TokenKind>, Syntax> {
        let rest = self.rest();
        let length = name_length(rest);
        if length == 0 {
            return Ok(None);
        }
        let bash = self.dialect == Dialect::Bash;
        let (start, line) = (self.at, self.line);
        self.at += length;
        let index =
            if bash && self.peek() == Some(b'[') && rest[length..].contains("]") { self.index()? } else { None };
        let append = bash && self.rest().starts_with("+=");
        if !(append || self.rest().starts_with('=')) {
            (self.at, self.line) = (start, line);
            return Ok(None);
        }
        self.at += if append { 2 } else { 1 };
        let left = &self.text[start..self.at];
        let name: Rc<str> = rest[..length].into();
        if bash && self.peek() == Some(b'(') && index.is_none() {
            self.at += 1;
            let value = Value::Array(self.elements()?);
            let assignment = Assignment { name, index, append, value };
            return Ok(Some(TokenKind::Word(Word::quoted(left), Some(assignment))));
        }
        let value = self.word(true)?;
        let mut parts = vec![Part::Text(left.into(), true)];
        parts.extend(value.parts.iter().cloned());
        let assignment = Assignment { name, index, append, value: Value::Scalar(value) };
        Ok(Some(TokenKind::Word(parts.into(), Some(assignment))))
    }

    /// The elements of bash’s array, after `(` and with `)`.
    fn elements(&mut self) -> Result<Vec<(Option<Word>, Word)>, Syntax> {
        let mut elements = Vec::new();
        loop {
            self.joins();
            match self.peek() {
                None => return Err(self.error(Trouble::End(Some(")")))),
                Some(b' ' | b'\t' | b'\n') => {
                    self.bump();
                }
                Some(b'#') => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                Some(b')') => {
                    self.at += 1;
                    return Ok(elements);
                }
                Some(b'[') => {
                    let at = self.at;
                    match self.index()? {
                        Some(index) if self.eat("=") => elements.push((Some(index), self.word(true)?)),
                        _ => {
                            self.at = at;
                            elements.push((None, self.word(false)?));
                        }
                    }
                }
                Some(byte) if b";&|<>(".contains(&byte) => {
                    return Err(self.error(Trouble::Unexpected(char::from(byte).to_string(), None)));
                }
                Some(_) => elements.push((None, self.word(false)?)),
            }
        }
    }
}

/// An expression: read at once if it has no expansions.
fn expression(word: Word, dialect: Dialect) -> Arithmetic {
    match word.literal().map(|text| parse_arithmetic(text, dialect)) {
        Some(Ok(expr)) => Arithmetic::Read(Rc::new(expr)),
        _ => Arithmetic::Text(word),
    }
}

fn simple(name: &str, quoted: bool) -> Part {
    Part::Param(Rc::new(Param { name: name.into(), index: None, op: Op::Value }), quoted)
}

/// How long the name at the start of a text is.
pub(super) fn name_length(text: &str) -> usize {
    match text.as_bytes().first() {
        Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => {
            text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count()
        }
        _ => 0,
    }
}

/// How long the parameter at the start of a text is: a name, a number, or a special one.
fn parameter_length(text: &str) -> usize {
    match text.as_bytes().first() {
        Some(byte) if byte.is_ascii_digit() => text.bytes().take_while(u8::is_ascii_digit).count(),
        Some(byte) if b"@*#?-$!".contains(byte) => 1,
        _ => name_length(text),
    }
}
