//! Tokens of a script: words (taken apart already), operators, here-documents.
//!
//! brush-parser's own tokenizer is not used: it folds blanks inside `${x:-a  b}`, ends `$(case x in a) …)` too early and
//! knows no chunks, while a shell runs each complete command before it reads the next. Its grammar reads these tokens
//! (see [`super::grammar`]).

use super::{Arithmetic, Assignment, Condition, Dialect, List, Word};

/// How deep commands may nest in one script. The grammar is recursive: this keeps it within the stack of a browser.
pub const MAX_DEPTH: u32 = 64;

/// How deep `case` may nest: the grammar goes over a branch with an error in it twice.
const MAX_CASES: usize = 12;

/// A syntax error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syntax {
    /// What is wrong.
    pub trouble: Trouble,
    /// In which line of the script, from 1.
    pub line: u32,
}

/// What is wrong with a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// A token where the grammar has none: its text, and what was missing if only one thing can be.
    Unexpected(String, Option<&'static str>),
    /// The script ends in the middle; what was missing if only one thing can be.
    End(Option<&'static str>),
    /// A substitution that is not closed.
    Unclosed,
    /// A quote or backquote that is not closed, and the line where it is opened.
    Quote(char, u32),
    /// `${` that is not closed.
    Brace,
    /// `${…}` that cannot be read.
    Substitution(String),
    /// `$((` that is not closed.
    Arithmetic,
    /// A name that is none.
    Name(String, &'static str),
    /// Nested deeper than the budget.
    Nesting,
    /// Something of bash that is not modelled.
    Unmodelled(&'static str),
}

/// A token.
#[derive(Debug)]
pub struct Token {
    /// What.
    pub kind: TokenKind,
    /// Its text, for messages and the grammar.
    pub text: String,
    /// Where, in the RUN's script, in bytes.
    pub position: usize,
    /// Its line.
    pub line: u32,
    /// Nothing stands between it and the next.
    pub glued: bool,
}

/// The kinds of tokens.
#[derive(Debug)]
pub enum TokenKind {
    /// An operator; a line feed is one.
    Operator(&'static str),
    /// A word, and what it assigns if it has the form of an assignment.
    Word(Word, Option<Assignment>),
    /// `((…))`
    Arithmetic(Arithmetic),
    /// `((…; …; …))` after `for`.
    ForArithmetic([Option<Arithmetic>; 3]),
    /// `[[ … ]]`
    Condition(Condition),
}

/// Where the bytes of a text are in the RUN's script.
#[derive(Debug, Clone, Copy)]
pub enum Base {
    /// From this offset on.
    Offset(usize),
    /// All at this offset: the text is another script's, or was unescaped.
    Fixed(usize),
}

/// What is open around a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Paren,
    Brace,
    If,
    Loop,
    /// `case`, before `in`.
    Case,
    /// Where a pattern is due.
    Patterns,
    /// In a branch.
    Branch,
}

/// What ends a run of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// A line feed outside of everything.
    Line,
    /// The parenthesis that closes a substitution.
    Paren,
    /// The end of the text.
    End,
}

/// Reads tokens.
pub struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) line: u32,
    pub(super) base: Base,
    pub(super) dialect: Dialect,
    pub(super) depth: u32,
    /// Here-documents whose bodies come after this line: index of the token, end, tabs stripped, expanded.
    pub(super) pending: Vec<Pending>,
}

/// A here-document whose body is still to come.
pub(super) struct Pending {
    token: usize,
    end: String,
    strip: bool,
    expand: bool,
}

impl<'a> Lexer<'a> {
    /// A lexer at the start of a text.
    pub fn new(text: &'a str, base: Base, dialect: Dialect, line: u32, depth: u32) -> Self {
        Self { text, at: 0, line, base, dialect, depth, pending: Vec::new() }
    }

    /// The tokens of the next complete command; none at the end of the text.
    ///
    /// # Errors
    /// Of the lexer; then the rest of the text cannot be read.
    pub fn chunk(&mut self) -> Result<Vec<Token>, Syntax> {
        self.tokens(Until::Line)
    }

    /// The commands up to the parenthesis that closes a substitution, which is consumed.
    pub(super) fn list_until_paren(&mut self) -> Result<List, Syntax> {
        let pending = std::mem::take(&mut self.pending);
        let tokens = self.deeper(|lexer| lexer.tokens(Until::Paren))?;
        self.pending = pending;
        super::grammar::list(tokens, self.dialect, self.line)
    }

    /// All commands of the text.
    pub(super) fn list(&mut self) -> Result<List, Syntax> {
        let tokens = self.deeper(|lexer| lexer.tokens(Until::End))?;
        super::grammar::list(tokens, self.dialect, self.line)
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Syntax>) -> Result<T, Syntax> {
        if self.depth >= MAX_DEPTH {
            return Err(self.error(Trouble::Nesting));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    // ---- bytes ----

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn ahead(&self, n: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + n).copied()
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    pub(super) fn eat(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }

    /// Passes over backslashes before line feeds.
    pub(super) fn joins(&mut self) {
        while self.eat("\\\n") {
            self.line += 1;
        }
    }

    pub(super) fn position(&self, at: usize) -> usize {
        match self.base {
            Base::Offset(offset) => offset + at,
            Base::Fixed(position) => position,
        }
    }

    pub(super) fn error(&self, trouble: Trouble) -> Syntax {
        Syntax { trouble, line: self.line }
    }

    fn skip_blanks(&mut self) {
        loop {
            self.joins();
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'#') => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                _ => return,
            }
        }
    }

    // ---- tokens ----

    fn tokens(&mut self, until: Until) -> Result<Vec<Token>, Syntax> {
        let mut run = Run { tokens: Vec::new(), open: Vec::new(), command: true, after_for: false, brackets: false };
        loop {
            self.skip_blanks();
            let (start, line) = (self.at, self.line);
            let Some(byte) = self.peek() else {
                self.bodies(&mut run.tokens)?;
                if until == Until::Paren {
                    return Err(self.error(Trouble::Unclosed));
                }
                return Ok(run.tokens);
            };
            let kind = match byte {
                b'\n' => {
                    self.bump();
                    self.bodies(&mut run.tokens)?;
                    if until == Until::Line && run.open.is_empty() && !run.goes_on() {
                        if run.tokens.is_empty() {
                            continue;
                        }
                        return Ok(run.tokens);
                    }
                    TokenKind::Operator("\n")
                }
                _ => match self.operator(&run)? {
                    Some(kind) => kind,
                    None => self.word_token(&run)?,
                },
            };
            let mut text = self.text[start..self.at].to_owned();
            if let TokenKind::Operator(operator) = kind {
                if operator == ")" && until == Until::Paren && !run.open.contains(&Open::Paren) && !run.in_patterns() {
                    self.bodies(&mut run.tokens)?;
                    return Ok(run.tokens);
                }
                text = operator.to_owned();
            }
            let glued = self.peek().is_some_and(|byte| !matches!(byte, b' ' | b'\t' | b'\n'));
            let token = Token { kind, text, position: self.position(start), line, glued };
            self.push(&mut run, token)?;
        }
    }

    /// Adds a token, and keeps track of what is open.
    fn push(&mut self, run: &mut Run, token: Token) -> Result<(), Syntax> {
        let here = match &token.kind {
            TokenKind::Operator(operator @ ("<<" | "<<-")) => Some(*operator == "<<-"),
            _ => None,
        };
        let (line, position) = (token.line, token.position);
        let after_redirection = run.tokens.last().is_some_and(|last| last.is_redirection());
        match &token.kind {
            TokenKind::Operator(operator) => {
                run.brackets = false;
                run.operator(operator);
            }
            TokenKind::Word(..) if after_redirection => {}
            TokenKind::Word(_, Some(_)) if run.command => {}
            TokenKind::Word(..) => {
                let text = token.text.clone();
                run.brackets &= text != "]]";
                run.brackets |= text == "[[" && run.command && self.dialect == Dialect::Ash;
                run.word(&text, line, position);
            }
            _ => run.command = true,
        }
        run.tokens.push(token);
        if run.open.len() + self.depth as usize > MAX_DEPTH as usize
            || run.open.iter().filter(|open| **open == Open::Branch).count() > MAX_CASES
        {
            return Err(self.error(Trouble::Nesting));
        }
        if let Some(strip) = here {
            self.here(run, strip)?;
        }
        Ok(())
    }

    /// The end word of a here-document, with room for its body.
    fn here(&mut self, run: &mut Run, strip: bool) -> Result<(), Syntax> {
        self.skip_blanks();
        let (start, line) = (self.at, self.line);
        if self.peek().is_none_or(|byte| b"\n;&|<>()".contains(&byte)) {
            return Ok(());
        }
        let _ = self.word(false)?;
        let raw = &self.text[start..self.at];
        let token = |text: &str| Token {
            kind: TokenKind::Word(Word::default(), None),
            text: text.to_owned(),
            position: self.position(start),
            line,
            glued: false,
        };
        let tokens = [token(raw), token("body"), token(raw)];
        let index = run.tokens.len() + 1;
        run.tokens.extend(tokens);
        self.pending.push(Pending { token: index, end: unquote(raw), strip, expand: !raw.contains(['\'', '"', '\\']) });
        Ok(())
    }

    /// Reads the bodies of the here-documents of the line that just ended.
    fn bodies(&mut self, tokens: &mut [Token]) -> Result<(), Syntax> {
        for pending in std::mem::take(&mut self.pending) {
            let (start, line) = (self.at, self.line);
            let mut body = String::new();
            let mut joined = false;
            while self.at < self.text.len() {
                let end = self.rest().find('\n').map_or(self.text.len(), |i| self.at + i + 1);
                let mut text = &self.text[self.at..end];
                self.at = end;
                self.line += 1;
                if pending.strip && !joined {
                    text = text.trim_start_matches('\t');
                }
                if !joined && text.strip_suffix('\n').unwrap_or(text) == pending.end {
                    break;
                }
                let backslashes = text.trim_end_matches('\n').bytes().rev().take_while(|byte| *byte == b'\\').count();
                joined = pending.expand && backslashes % 2 == 1;
                body.push_str(text);
            }
            let Some(token) = tokens.get_mut(pending.token) else { continue };
            let word = if pending.expand {
                let base = match self.base {
                    Base::Offset(offset) if !pending.strip => Base::Offset(offset + start),
                    _ => Base::Fixed(self.position(start)),
                };
                let mut inner = Lexer::new(&body, base, self.dialect, line, self.depth);
                inner.deeper(|inner| inner.here_body())?
            } else {
                Word::quoted(&body)
            };
            token.kind = TokenKind::Word(word, None);
        }
        Ok(())
    }

    fn operator(&mut self, run: &Run) -> Result<Option<TokenKind>, Syntax> {
        const ALL: &[&str] = &[
            "&&", "&>>", "&>", "&", "||", "|&", "|", ";;&", ";;", ";&", ";", "<<<", "<<-", "<<", "<&", "<>", "<", ">>",
            ">&", ">|", ">", "(", ")",
        ];
        let bash = self.dialect == Dialect::Bash;
        if self.rest().starts_with("((") && bash && (run.command || run.after_for) {
            let (at, line) = (self.at, self.line);
            self.at += 2;
            let kind = if run.after_for {
                self.for_arithmetic()?.map(TokenKind::ForArithmetic)
            } else {
                self.arithmetic()?.map(TokenKind::Arithmetic)
            };
            if kind.is_some() {
                return Ok(kind);
            }
            (self.at, self.line) = (at, line);
        }
        if bash && (self.rest().starts_with("<(") || self.rest().starts_with(">(")) {
            return Ok(None);
        }
        for operator in ALL {
            let known = match *operator {
                // Between `[[` and `]]` of ash these are words.
                "&&" | "||" if run.brackets => {
                    if self.rest().starts_with(operator) {
                        return Ok(None);
                    }
                    false
                }
                "<<<" | ";;&" | ";&" | "|&" => bash,
                "&>>" | "&>" => self.dialect != Dialect::Dash,
                _ => true,
            };
            if known && self.eat(operator) {
                return Ok(Some(TokenKind::Operator(operator)));
            }
        }
        Ok(None)
    }

    fn word_token(&mut self, run: &Run) -> Result<TokenKind, Syntax> {
        let rest = self.rest();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = digits == 1 || (digits > 1 && self.dialect == Dialect::Bash);
        if number && matches!(rest.as_bytes().get(digits), Some(b'<' | b'>')) {
            self.at += digits;
            return Ok(TokenKind::Word(Word::default(), None));
        }
        if self.dialect == Dialect::Bash
            && run.command
            && rest.starts_with("[[")
            && matches!(rest.as_bytes().get(2), Some(b' ' | b'\t' | b'\n'))
        {
            self.at += 2;
            return self.condition().map(TokenKind::Condition);
        }
        if let Some(assignment) = self.assignment()? {
            return Ok(assignment);
        }
        let start = self.at;
        if run.brackets && (self.eat("&&") || self.eat("||")) {
            return Ok(TokenKind::Word(Word::quoted(&self.text[start..self.at]), None));
        }
        let word = self.word(false)?;
        if self.at == start {
            // A byte that starts nothing: take it as it is.
            let c = self.bump().unwrap_or_default();
            return Ok(TokenKind::Word(Word::quoted(&c.to_string()), None));
        }
        Ok(TokenKind::Word(word, None))
    }
}

impl Token {
    fn is_redirection(&self) -> bool {
        matches!(self.kind, TokenKind::Operator(operator) if operator.starts_with(['<', '>']) || operator.starts_with("&>"))
    }

    pub(super) fn is_operator(&self, what: &str) -> bool {
        matches!(self.kind, TokenKind::Operator(operator) if operator == what)
    }
}

/// The tokens so far, and where in the grammar they lead.
struct Run {
    tokens: Vec<Token>,
    open: Vec<Open>,
    /// The next word may be a command's name or a reserved word.
    command: bool,
    /// The last word is `for`.
    after_for: bool,
    /// Inside of ash’s `[[`.
    brackets: bool,
}

impl Run {
    fn in_patterns(&self) -> bool {
        self.open.last() == Some(&Open::Patterns)
    }

    /// Does a command go on after a line feed here?
    fn goes_on(&self) -> bool {
        let Some(last) = self.tokens.last() else { return false };
        let function = self.tokens.len() >= 3
            && last.is_operator(")")
            && self.tokens[self.tokens.len() - 2].is_operator("(")
            && matches!(self.tokens[self.tokens.len() - 3].kind, TokenKind::Word(..));
        function || matches!(last.kind, TokenKind::Operator("&&" | "||" | "|" | "|&" | "\n"))
    }

    fn operator(&mut self, operator: &str) {
        self.after_for = false;
        match operator {
            "(" if self.in_patterns() => {}
            "(" => {
                self.open.push(Open::Paren);
                self.command = true;
            }
            ")" => {
                match self.open.last_mut() {
                    Some(top @ Open::Patterns) => *top = Open::Branch,
                    Some(Open::Paren) => {
                        self.open.pop();
                    }
                    _ => {}
                }
                self.command = true;
            }
            ";;" | ";&" | ";;&" => {
                if let Some(top @ Open::Branch) = self.open.last_mut() {
                    *top = Open::Patterns;
                }
                self.command = true;
            }
            "<" | ">" | ">>" | "<<" | "<<-" | "<<<" | "<&" | ">&" | ">|" | "<>" | "&>" | "&>>" => {}
            _ => self.command = true,
        }
    }

    fn word(&mut self, text: &str, line: u32, position: usize) {
        let after_for = std::mem::take(&mut self.after_for);
        let top = self.open.last_mut();
        match (text, top) {
            ("esac", Some(Open::Patterns)) if self.tokens.last().is_some_and(|last| last.starts_pattern()) => {
                self.open.pop();
                self.command = true;
            }
            (_, Some(Open::Patterns)) => {}
            ("in", Some(top @ Open::Case)) => *top = Open::Patterns,
            (_, Some(Open::Case)) => {}
            ("do", _) if after_for_name(&self.tokens) => self.command = true,
            _ if after_for || !self.command => self.command = false,
            ("if", _) => self.open.push(Open::If),
            ("while" | "until", _) => self.open.push(Open::Loop),
            ("for" | "select", _) => {
                self.open.push(Open::Loop);
                self.after_for = true;
            }
            ("case", _) => {
                self.open.push(Open::Case);
                self.command = false;
            }
            ("{", _) => self.open.push(Open::Brace),
            ("esac", Some(Open::Branch)) => {
                self.open.pop();
                // The grammar reads a branch without `;;` again and again: give it one.
                let kind = TokenKind::Operator(";;");
                self.tokens.push(Token { kind, text: "esac".to_owned(), position, line, glued: false });
            }
            ("}", Some(Open::Brace)) | ("fi", Some(Open::If)) | ("done", Some(Open::Loop)) => {
                self.open.pop();
            }
            ("then" | "else" | "elif" | "do" | "!" | "time", _) => {}
            _ => self.command = false,
        }
    }
}

impl Token {
    fn starts_pattern(&self) -> bool {
        match &self.kind {
            TokenKind::Operator(operator) => matches!(*operator, ";;" | ";&" | ";;&" | "\n"),
            _ => self.text == "in",
        }
    }
}

/// Are the last tokens `for name`?
fn after_for_name(tokens: &[Token]) -> bool {
    matches!(tokens, [.., first, _] if first.text == "for" && matches!(first.kind, TokenKind::Word(..)))
}

/// A word without its quotes.
fn unquote(raw: &str) -> String {
    let mut out = String::new();
    let mut chars = raw.chars();
    let mut quote = None;
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (_, Some(open)) if c == open => quote = None,
            ('\\', None) => out.extend(chars.next()),
            ('\\', Some('"')) => match chars.next() {
                Some(next @ ('$' | '`' | '"' | '\\')) => out.push(next),
                Some(next) => out.extend(['\\', next]),
                None => out.push('\\'),
            },
            _ => out.push(c),
        }
    }
    out
}
