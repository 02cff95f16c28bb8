//! The grammar of commands: brush-parser's, over the tokens of [`super::lexer`]; its tree becomes ours.
//!
//! brush-parser sees a stand-in for each word that is not plain, and hands back where it was; the words themselves wait here.

use super::lexer::{Base, Lexer, Syntax, Token, TokenKind, Trouble};
use super::{
    After, Arm, Assignment, Command, Dialect, Item, Kind, List, Pipeline, Redirect, RedirectKind, Value, Word,
};
use brush_parser::ast::{self, CommandPrefixOrSuffixItem as Suffix, SourceLocation};
use brush_parser::{ParseError, ParserOptions, SourcePosition, SourceSpan};
use std::rc::Rc;
use std::sync::Arc;

/// Reads a script, one complete command after the other, as shells do: what stands before a syntax error runs.
pub struct Reader {
    text: Rc<str>,
    at: usize,
    line: u32,
    base: Base,
    dialect: Dialect,
}

impl Reader {
    /// Reads a text that starts at this offset of the RUN's script, or all of which counts as being there (`fixed`).
    pub fn new(text: &str, position: usize, fixed: bool, dialect: Dialect) -> Self {
        let base = if fixed { Base::Fixed(position) } else { Base::Offset(position) };
        Self { text: text.into(), at: 0, line: 1, base, dialect }
    }

    /// The line that is read next, from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// A line of the script, from 1.
    pub fn text_of(&self, line: u32) -> &str {
        self.text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default()
    }

    /// The next complete command; none at the end.
    ///
    /// # Errors
    /// A syntax error; nothing more can be read then.
    pub fn next_command(&mut self) -> Result<Option<List>, Syntax> {
        let mut lexer = Lexer::new(&self.text, self.base, self.dialect, self.line, 0);
        lexer.at = self.at;
        let tokens = lexer.chunk();
        (self.at, self.line) = (lexer.at, lexer.line);
        let tokens = tokens.inspect_err(|_| self.at = self.text.len())?;
        if tokens.is_empty() {
            return Ok(None);
        }
        list(tokens, self.dialect, self.line).map(Some).inspect_err(|_| self.at = self.text.len())
    }
}

/// The commands of these tokens; `line` is where they end.
pub(super) fn list(tokens: Vec<Token>, dialect: Dialect, line: u32) -> Result<List, Syntax> {
    let tokens = if dialect == Dialect::Ash { without_function_word(tokens) } else { tokens };
    if tokens.iter().all(|token| token.is_operator("\n")) {
        return Ok(List::new());
    }
    let options = ParserOptions { sh_mode: dialect != Dialect::Bash, ..ParserOptions::default() };
    let parsed = brush_parser::parse_tokens(&stand_ins(&tokens, dialect), &options);
    let program = match parsed {
        Ok(program) => program,
        Err(error) => {
            // A word that cannot be an assignment makes the parser look one token further than where it failed.
            let near = match &error {
                ParseError::ParsingNear(at) => at.index / 2,
                _ => tokens.len(),
            };
            let Some(index) = super::expected::misplaced(&tokens, near).or((near < tokens.len()).then_some(near))
            else {
                let expected = super::expected::before(&tokens, tokens.len());
                return Err(Syntax { trouble: Trouble::End(expected), line });
            };
            let expected = super::expected::before(&tokens, index);
            let text = if tokens[index].is_operator("\n") { "newline" } else { tokens[index].text.as_str() };
            return Err(Syntax { trouble: Trouble::Unexpected(text.to_owned(), expected), line: tokens[index].line });
        }
    };
    let mut lowering = Lowering { tokens, dialect };
    let mut out = List::new();
    for command in program.complete_commands {
        out.extend(lowering.list(command)?);
    }
    Ok(out)
}

/// busybox ash reads `function f { … }` and `function f() { … }`.
fn without_function_word(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let starts = match out.last() {
            None => true,
            Some(last) => match last.kind {
                TokenKind::Operator(operator) => !operator.contains(['<', '>']),
                _ => matches!(last.text.as_str(), "{" | "then" | "do" | "else" | "!"),
            },
        };
        let named = tokens.peek().is_some_and(|next| matches!(next.kind, TokenKind::Word(..)));
        if !(starts && named && token.text == "function" && matches!(token.kind, TokenKind::Word(..))) {
            out.push(token);
            continue;
        }
        let Some(name) = tokens.next() else { break };
        let (position, line) = (name.position, name.line);
        out.push(name);
        if !tokens.peek().is_some_and(|next| next.is_operator("(")) {
            for operator in ["(", ")"] {
                let kind = TokenKind::Operator(operator);
                out.push(Token { kind, text: operator.to_owned(), position, line, glued: false });
            }
        }
    }
    out
}

/// The tokens as brush-parser gets them; the index of a span is twice the token's.
fn stand_ins(tokens: &[Token], dialect: Dialect) -> Vec<brush_parser::Token> {
    let mut out = Vec::with_capacity(tokens.len());
    for (i, token) in tokens.iter().enumerate() {
        let place = |index| Arc::new(SourcePosition { index, line: token.line as usize, column: 1 });
        let span = SourceSpan { start: place(2 * i), end: place(2 * i + 1 + usize::from(token.glued)) };
        match &token.kind {
            TokenKind::Operator(operator) => {
                // The grammar knows `&>` only with all of bash; what it stands for is seen again from the token.
                let operator = match *operator {
                    "&>" if dialect == Dialect::Ash => ">",
                    "&>>" if dialect == Dialect::Ash => ">>",
                    other => other,
                };
                out.push(brush_parser::Token::Operator(operator.to_owned(), span.clone()));
                // `( (` is no arithmetic, though the grammar takes it for some.
                let nested = tokens.get(i + 1).is_some_and(|next| next.is_operator("("));
                if operator == "(" && nested {
                    out.push(brush_parser::Token::Operator("\n".to_owned(), span));
                }
            }
            TokenKind::Word(_, Some(assignment)) => {
                out.push(brush_parser::Token::Word(format!("{}=", assignment.name), span));
            }
            TokenKind::Word(_, None) => {
                let plain = |b: u8| b.is_ascii_alphanumeric() || b"_./,:+@%^-".contains(&b);
                let keep = matches!(token.text.as_str(), "{" | "}" | "!") || token.text.bytes().all(plain);
                let text = if keep { token.text.clone() } else { "?".to_owned() };
                out.push(brush_parser::Token::Word(text, span));
            }
            TokenKind::ForArithmetic(_) => out.push(brush_parser::Token::Word(format!("(({i}"), span)),
            _ => out.push(brush_parser::Token::Word("?".to_owned(), span)),
        }
    }
    out
}

struct Lowering {
    tokens: Vec<Token>,
    dialect: Dialect,
}

type Lowered<T> = Result<T, Syntax>;

fn index_of(location: Option<SourceSpan>) -> usize {
    location.map_or(0, |span| span.start.index / 2)
}

impl Lowering {
    fn unexpected(&self, index: usize) -> Syntax {
        let text = self.tokens[index].text.clone();
        Syntax { trouble: Trouble::Unexpected(text, None), line: self.tokens[index].line }
    }

    fn list(&mut self, list: ast::CompoundList) -> Lowered<List> {
        list.0
            .into_iter()
            .map(|ast::CompoundListItem(list, separator)| {
                let background = matches!(separator, ast::SeparatorOperator::Async);
                let first = self.pipeline(list.first)?;
                let rest = list
                    .additional
                    .into_iter()
                    .map(|next| match next {
                        ast::AndOr::And(pipeline) => Ok((true, self.pipeline(pipeline)?)),
                        ast::AndOr::Or(pipeline) => Ok((false, self.pipeline(pipeline)?)),
                    })
                    .collect::<Lowered<_>>()?;
                Ok(Item { first, rest, background })
            })
            .collect()
    }

    fn pipeline(&mut self, pipeline: ast::Pipeline) -> Lowered<Pipeline> {
        let commands = pipeline.seq.into_iter().map(|command| self.command(command)).collect::<Lowered<_>>()?;
        Ok(Pipeline { negated: pipeline.bang, timed: pipeline.timed.is_some(), commands })
    }

    fn command(&mut self, command: ast::Command) -> Lowered<Command> {
        match command {
            ast::Command::Simple(simple) => self.simple(simple),
            ast::Command::Compound(compound, redirects) => {
                let index = index_of(compound.location());
                let kind = self.compound(compound)?;
                self.at(index, kind, redirects)
            }
            ast::Command::Function(function) => {
                let index = index_of(function.fname.loc.clone());
                let name = self.tokens[index].text.clone();
                let valid = self.dialect == Dialect::Bash || super::word::name_length(&name) == name.len();
                // busybox takes any plain word for a function’s name; dash only names.
                if !valid && (self.dialect == Dialect::Dash || name.contains(['$', '`', '\'', '"', '\\'])) {
                    return Err(Syntax { trouble: Trouble::Name(name, "function"), line: self.tokens[index].line });
                }
                let ast::FunctionBody(compound, redirects) = function.body;
                let body = index_of(compound.location());
                let kind = self.compound(compound)?;
                let body = self.at(body, kind, redirects)?;
                self.at(index, Kind::Function(name.as_str().into(), Rc::new(body)), None)
            }
            ast::Command::ExtendedTest(test, _) => Err(self.unexpected(index_of(test.location()))),
        }
    }

    fn at(&mut self, index: usize, kind: Kind, redirects: Option<ast::RedirectList>) -> Lowered<Command> {
        let redirects = redirects
            .into_iter()
            .flat_map(|list| list.0)
            .map(|redirect| self.redirect(redirect))
            .collect::<Lowered<_>>()?;
        let (position, line) = self.tokens.get(index).map_or((0, 1), |token| (token.position, token.line));
        Ok(Command { position, line, kind, redirects })
    }

    fn compound(&mut self, compound: ast::CompoundCommand) -> Lowered<Kind> {
        use ast::CompoundCommand as Compound;
        Ok(match compound {
            Compound::BraceGroup(group) => Kind::Group(self.list(group.list)?),
            Compound::Subshell(subshell) => Kind::Subshell(self.list(subshell.list)?),
            Compound::ForClause(clause) => {
                let name = clause.variable_name;
                if let Some(index) = name.strip_prefix("((").and_then(|index| index.parse::<usize>().ok()) {
                    let body = self.list(clause.body.list)?;
                    let token = &mut self.tokens[index].kind;
                    return match std::mem::replace(token, TokenKind::Operator(";")) {
                        TokenKind::ForArithmetic(parts) if clause.values.is_none() => {
                            Ok(Kind::ForArithmetic(parts, body))
                        }
                        _ => Err(self.unexpected(index)),
                    };
                }
                if super::word::name_length(&name) != name.len() {
                    let index = clause.loc.start.index / 2;
                    let name = self.tokens.get(index + 1).map_or(name, |token| token.text.clone());
                    return Err(Syntax { trouble: Trouble::Name(name, "for"), line: self.tokens[index].line });
                }
                // `for x in; do` goes over nothing, `for x; do` over the arguments: only the token tells.
                let index = clause.loc.start.index / 2 + 2;
                let has_in = self.tokens[index..].iter().find(|token| !token.is_operator("\n"));
                let has_in = has_in.is_some_and(|token| token.text == "in");
                let words = match clause.values {
                    Some(words) => Some(words.into_iter().map(|word| self.word(&word)).collect()),
                    None => has_in.then(Vec::new),
                };
                Kind::For(name.as_str().into(), words, self.list(clause.body.list)?)
            }
            Compound::CaseClause(clause) => {
                let word = self.word(&clause.value);
                let mut arms = Vec::new();
                for item in clause.cases {
                    let patterns = item.patterns.iter().map(|pattern| self.word(pattern)).collect();
                    let body = item.cmd.map(|list| self.list(list)).transpose()?.unwrap_or_default();
                    let after = match item.post_action {
                        ast::CaseItemPostAction::ExitCase => After::Leave,
                        ast::CaseItemPostAction::UnconditionallyExecuteNextCaseItem => After::FallThrough,
                        ast::CaseItemPostAction::ContinueEvaluatingCases => After::GoOn,
                    };
                    arms.push(Arm { patterns, body, after });
                }
                Kind::Case(word, arms)
            }
            Compound::IfClause(clause) => {
                let mut branches = vec![(self.list(clause.condition)?, self.list(clause.then)?)];
                let mut otherwise = List::new();
                for branch in clause.elses.unwrap_or_default() {
                    match branch.condition {
                        Some(condition) => branches.push((self.list(condition)?, self.list(branch.body)?)),
                        None => otherwise = self.list(branch.body)?,
                    }
                }
                Kind::If(branches, otherwise)
            }
            Compound::WhileClause(ast::WhileOrUntilClauseCommand(condition, body, _)) => {
                Kind::While(false, self.list(condition)?, self.list(body.list)?)
            }
            Compound::UntilClause(ast::WhileOrUntilClauseCommand(condition, body, _)) => {
                Kind::While(true, self.list(condition)?, self.list(body.list)?)
            }
            Compound::Coprocess(coprocess) => {
                let line = self.tokens[coprocess.loc.start.index / 2].line;
                return Err(Syntax { trouble: Trouble::Unmodelled("coproc"), line });
            }
            // The lexer has these.
            other @ (Compound::Arithmetic(_) | Compound::ArithmeticForClause(_)) => {
                return Err(self.unexpected(index_of(other.location())));
            }
        })
    }

    fn simple(&mut self, simple: ast::SimpleCommand) -> Lowered<Command> {
        let (mut assignments, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        let mut first = usize::MAX;
        for item in simple.prefix.into_iter().flat_map(|prefix| prefix.0) {
            match item {
                Suffix::AssignmentWord(_, word) => {
                    let index = index_of(word.loc);
                    first = first.min(index);
                    if let TokenKind::Word(_, Some(assignment)) = &self.tokens[index].kind {
                        assignments.push(assignment.clone());
                    }
                }
                Suffix::IoRedirect(redirect) => {
                    first = first.min(self.redirect_index(&redirect));
                    redirects.push(self.redirect(redirect)?);
                }
                _ => {}
            }
        }
        let mut whole = None;
        if let Some(name) = simple.word_or_name {
            let index = index_of(name.loc);
            first = first.min(index);
            match &mut self.tokens[index].kind {
                TokenKind::Word(word, _) => words.push(word.clone()),
                other => whole = Some((index, std::mem::replace(other, TokenKind::Operator(";")))),
            }
        }
        for item in simple.suffix.into_iter().flat_map(|suffix| suffix.0) {
            match item {
                Suffix::Word(word) | Suffix::AssignmentWord(_, word) => {
                    let index = index_of(word.loc);
                    match &self.tokens[index].kind {
                        _ if whole.is_some() => return Err(self.unexpected(index)),
                        TokenKind::Word(_, Some(Assignment { value: Value::Array(_), .. })) => {
                            let Some(word) = self.declared(index) else { return Err(self.unexpected(index)) };
                            words.push(word);
                        }
                        TokenKind::Word(word, _) => words.push(word.clone()),
                        _ => return Err(self.unexpected(index)),
                    }
                }
                Suffix::IoRedirect(redirect) => {
                    first = first.min(self.redirect_index(&redirect));
                    redirects.push(self.redirect(redirect)?);
                }
                Suffix::ProcessSubstitution(_, subshell) => {
                    return Err(self.unexpected(index_of(subshell.location())));
                }
            }
        }
        let kind = match whole {
            Some((index, _)) if !assignments.is_empty() => return Err(self.unexpected(index)),
            Some((_, TokenKind::Arithmetic(expression))) => Kind::Arithmetic(expression),
            Some((_, TokenKind::Condition(condition))) => Kind::Condition(condition),
            Some((index, _)) => return Err(self.unexpected(index)),
            None => Kind::Simple(assignments, words),
        };
        let mut command = self.at(if first == usize::MAX { 0 } else { first }, kind, None)?;
        command.redirects = redirects;
        Ok(command)
    }

    /// `declare -a x=(…)` as a word of its parts: only for a builtin that declares; see the interpreter.
    fn declared(&self, index: usize) -> Option<Word> {
        let TokenKind::Word(_, Some(assignment)) = &self.tokens[index].kind else { return None };
        Some(vec![super::Part::Declared(Rc::new(assignment.clone()))].into())
    }

    fn word(&self, word: &ast::Word) -> Word {
        match self.tokens.get(index_of(word.loc.clone())).map(|token| &token.kind) {
            Some(TokenKind::Word(word, _)) => word.clone(),
            _ => Word::default(),
        }
    }

    fn redirect_index(&self, redirect: &ast::IoRedirect) -> usize {
        use ast::IoFileRedirectTarget as Target;
        let word = match redirect {
            ast::IoRedirect::File(_, _, Target::Filename(word) | Target::Duplicate(word)) => word,
            ast::IoRedirect::HereDocument(_, here) => &here.doc,
            ast::IoRedirect::HereString(_, word) | ast::IoRedirect::OutputAndError(word, _) => word,
            ast::IoRedirect::File(..) => return usize::MAX,
        };
        index_of(word.loc.clone()).saturating_sub(1)
    }

    fn redirect(&mut self, redirect: ast::IoRedirect) -> Lowered<Redirect> {
        use ast::{IoFileRedirectKind as File, IoFileRedirectTarget as Target};
        let (fd, kind) = match redirect {
            ast::IoRedirect::File(fd, kind, Target::Filename(word) | Target::Duplicate(word)) => {
                let index = index_of(word.loc.clone());
                let operator = index.checked_sub(1).map(|before| &self.tokens[before].kind);
                let word = self.word(&word);
                let kind = match (kind, operator) {
                    (_, Some(TokenKind::Operator("&>"))) => RedirectKind::Both(word, false),
                    (_, Some(TokenKind::Operator("&>>"))) => RedirectKind::Both(word, true),
                    (File::Read, _) => RedirectKind::Read(word),
                    (File::Write, _) => RedirectKind::Write(word, false),
                    (File::Clobber, _) => RedirectKind::Write(word, true),
                    (File::Append, _) => RedirectKind::Append(word),
                    (File::ReadAndWrite, _) => RedirectKind::ReadWrite(word),
                    (File::DuplicateInput, _) => RedirectKind::Duplicate(word, true),
                    (File::DuplicateOutput, _) => RedirectKind::Duplicate(word, false),
                };
                (fd, kind)
            }
            ast::IoRedirect::File(fd, _, Target::Fd(target)) => {
                (fd, RedirectKind::Duplicate(Word::quoted(&target.to_string()), false))
            }
            ast::IoRedirect::File(_, _, Target::ProcessSubstitution(_, subshell)) => {
                return Err(self.unexpected(index_of(subshell.location())));
            }
            ast::IoRedirect::HereDocument(fd, here) => (fd, RedirectKind::Here(self.word(&here.doc), false)),
            ast::IoRedirect::HereString(fd, word) => (fd, RedirectKind::Here(self.word(&word), true)),
            ast::IoRedirect::OutputAndError(word, append) => (None, RedirectKind::Both(self.word(&word), append)),
        };
        Ok(Redirect { fd: fd.and_then(|fd| u32::try_from(fd).ok()), kind })
    }
}
