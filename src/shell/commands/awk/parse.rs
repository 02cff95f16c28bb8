//! From tokens to a tree, by recursive descent in the order of POSIX's grammar.

use super::ast::{Expr, Function, Place, Program, Rule, Source, Stmt, Target, Var, When};
use super::lex::{FUNCTIONS, Placed, Token};
use super::run::special;
use crate::shell::commands::regex::{Invalid, Pattern, Syntax};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep expressions and statements may nest.
const MAX_DEPTH: usize = 120;

/// Why there is no program.
pub(super) enum Fault {
    /// It is wrong: what, on which line.
    Syntax(String, usize),
    /// A regular expression is wrong.
    Regex(Invalid, Vec<u8>),
    /// It uses what is not simulated.
    NotSimulated(String),
}

type Parse<T> = Result<T, Fault>;

pub(super) struct Parser {
    tokens: Vec<Placed>,
    at: usize,
    program: Program,
    locals: Vec<String>,
    functions: BTreeMap<String, usize>,
    defined: Vec<bool>,
    syntax: Syntax,
    busybox: bool,
    depth: usize,
    /// `>` redirects here: in an unparenthesized print list.
    no_greater: bool,
}

impl Parser {
    pub(super) fn new(tokens: Vec<Placed>, syntax: Syntax, busybox: bool) -> Self {
        let globals = special::NAMES.iter().map(|name| (*name).to_owned()).collect();
        Self {
            tokens,
            at: 0,
            program: Program { globals, ..Program::default() },
            locals: Vec::new(),
            functions: BTreeMap::new(),
            defined: Vec::new(),
            syntax,
            busybox,
            depth: 0,
            no_greater: false,
        }
    }

    pub(super) fn program(mut self) -> Parse<Program> {
        loop {
            self.terminators();
            if self.peek() == &Token::End {
                break;
            }
            self.item()?;
        }
        if let Some(at) = self.defined.iter().position(|defined| !defined) {
            let name = &self.program.functions[at].name;
            return Err(Fault::Syntax(format!("function {name} never defined"), 0));
        }
        super::arrays::infer(&mut self.program);
        Ok(self.program)
    }

    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn peek_at(&self, ahead: usize) -> &Token {
        self.tokens.get(self.at + ahead).map_or(&Token::End, |(token, _)| token)
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(found) if *found == word)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        self.at += usize::from(found);
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Parse<()> {
        if self.eat(sign) { Ok(()) } else { Err(self.fault()) }
    }

    fn fault(&self) -> Fault {
        let line = self.tokens.get(self.at.min(self.tokens.len() - 1)).map_or(0, |(_, line)| *line);
        let what = match self.peek() {
            Token::Name(name) | Token::Called(name) => name.clone(),
            Token::Word(word) | Token::Sign(word) => (*word).to_owned(),
            Token::Number(number) => number.to_string(),
            Token::Text(text) => String::from_utf8_lossy(text).into_owned(),
            Token::Regex(text) => format!("/{}", String::from_utf8_lossy(text)),
            Token::Line => "\\n".to_owned(),
            Token::End => "end of file".to_owned(),
        };
        Fault::Syntax(what, line)
    }

    fn lines(&mut self) {
        while self.peek() == &Token::Line {
            self.at += 1;
        }
    }

    fn terminators(&mut self) {
        while self.peek() == &Token::Line || self.is(";") {
            self.at += 1;
        }
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::NotSimulated(format!("a program nested more than {MAX_DEPTH} deep")));
        }
        let out = parse(self);
        self.depth -= 1;
        out
    }

    fn item(&mut self) -> Parse<()> {
        if self.eat_word("BEGIN") {
            let block = self.block()?;
            self.program.begin.push(block);
        } else if self.eat_word("END") {
            let block = self.block()?;
            self.program.end.push(block);
        } else if self.eat_word("function") || self.eat_word("func") {
            self.function()?;
        } else {
            let when = if self.is("{") {
                When::Always
            } else {
                let from = self.expr()?;
                if self.eat(",") {
                    self.lines();
                    When::Range(from, self.expr()?)
                } else {
                    When::Expr(from)
                }
            };
            let action = if self.is("{") { Some(self.block()?) } else { None };
            self.program.rules.push(Rule { when, action });
        }
        Ok(())
    }

    fn function_index(&mut self, name: &str) -> usize {
        if let Some(index) = self.functions.get(name) {
            return *index;
        }
        let index = self.program.functions.len();
        self.program.functions.push(Function { name: name.to_owned(), ..Function::default() });
        self.defined.push(false);
        self.functions.insert(name.to_owned(), index);
        index
    }

    fn function(&mut self) -> Parse<()> {
        let name = match self.take() {
            Token::Name(name) | Token::Called(name) => name,
            _ => return Err(self.fault()),
        };
        let index = self.function_index(&name);
        self.expect("(")?;
        let mut params = Vec::new();
        while !self.is(")") {
            match self.take() {
                Token::Name(name) => params.push(name),
                _ => return Err(self.fault()),
            }
            if !self.eat(",") {
                break;
            }
            self.lines();
        }
        self.expect(")")?;
        self.lines();
        self.locals = params;
        let body = self.block()?;
        let params = std::mem::take(&mut self.locals).len();
        let function = &mut self.program.functions[index];
        function.params = params;
        function.arrays = vec![false; params];
        function.body = Some(body);
        self.defined[index] = true;
        Ok(())
    }

    fn var(&mut self, name: &str) -> Var {
        if let Some(index) = self.locals.iter().position(|local| local == name) {
            return Var::Local(index);
        }
        if let Some(index) = self.program.globals.iter().position(|global| global == name) {
            return Var::Global(index);
        }
        self.program.globals.push(name.to_owned());
        Var::Global(self.program.globals.len() - 1)
    }

    // ---- statements ----

    fn block(&mut self) -> Parse<Stmt> {
        self.lines();
        self.expect("{")?;
        let mut statements = Vec::new();
        loop {
            self.terminators();
            if self.eat("}") {
                return Ok(Stmt::Block(statements));
            }
            if self.peek() == &Token::End {
                return Err(self.fault());
            }
            statements.push(self.statement()?);
        }
    }

    fn end_of_statement(&mut self) -> Parse<()> {
        if self.eat(";") || self.peek() == &Token::Line {
            if self.peek() == &Token::Line {
                self.at += 1;
            }
            return Ok(());
        }
        if self.is("}") || self.peek() == &Token::End { Ok(()) } else { Err(self.fault()) }
    }

    fn body(&mut self) -> Parse<Box<Stmt>> {
        self.lines();
        if self.eat(";") {
            return Ok(Box::new(Stmt::Block(Vec::new())));
        }
        Ok(Box::new(self.statement()?))
    }

    fn statement(&mut self) -> Parse<Stmt> {
        self.deeper(Self::statement_inner)
    }

    fn statement_inner(&mut self) -> Parse<Stmt> {
        if self.is("{") {
            return self.block();
        }
        let word = match self.peek() {
            Token::Word(word) => *word,
            _ => "",
        };
        match word {
            "if" => {
                self.at += 1;
                self.expect("(")?;
                let condition = self.free(Self::expr)?;
                self.expect(")")?;
                let then = self.body()?;
                let before = self.at;
                self.terminators();
                if self.eat_word("else") {
                    return Ok(Stmt::If(condition, then, Some(self.body()?)));
                }
                self.at = before;
                Ok(Stmt::If(condition, then, None))
            }
            "while" => {
                self.at += 1;
                self.expect("(")?;
                let condition = self.free(Self::expr)?;
                self.expect(")")?;
                Ok(Stmt::While(condition, self.body()?))
            }
            "do" => {
                self.at += 1;
                let body = self.body()?;
                self.terminators();
                if !self.eat_word("while") {
                    return Err(self.fault());
                }
                self.expect("(")?;
                let condition = self.free(Self::expr)?;
                self.expect(")")?;
                self.end_of_statement()?;
                Ok(Stmt::Do(body, condition))
            }
            "for" => self.for_loop(),
            _ => {
                let statement = self.simple()?;
                self.end_of_statement()?;
                Ok(statement)
            }
        }
    }

    fn for_loop(&mut self) -> Parse<Stmt> {
        self.at += 1;
        self.expect("(")?;
        if let (Token::Name(key), Token::Word("in"), Token::Name(array), Token::Sign(")")) =
            (self.peek().clone(), self.peek_at(1).clone(), self.peek_at(2).clone(), self.peek_at(3).clone())
        {
            self.at += 4;
            let (key, array) = (self.var(&key), self.var(&array));
            return Ok(Stmt::ForIn(key, array, self.body()?));
        }
        let first = if self.is(";") { None } else { Some(Box::new(self.simple()?)) };
        self.expect(";")?;
        self.lines();
        let condition = if self.is(";") { None } else { Some(self.free(Self::expr)?) };
        self.expect(";")?;
        self.lines();
        let each = if self.is(")") { None } else { Some(Box::new(self.simple()?)) };
        self.expect(")")?;
        Ok(Stmt::For(first, condition, each, self.body()?))
    }

    fn simple(&mut self) -> Parse<Stmt> {
        let word = match self.peek() {
            Token::Word(word) => *word,
            _ => return Ok(Stmt::Expr(self.expr()?)),
        };
        let ends =
            |parser: &Self| parser.is(";") || parser.is("}") || matches!(parser.peek(), Token::Line | Token::End);
        match word {
            "print" | "printf" => {
                self.at += 1;
                self.print(word == "printf")
            }
            "next" | "nextfile" | "break" | "continue" => {
                self.at += 1;
                Ok(match word {
                    "next" => Stmt::Next,
                    "nextfile" => Stmt::NextFile,
                    "break" => Stmt::Break,
                    _ => Stmt::Continue,
                })
            }
            "exit" | "return" => {
                self.at += 1;
                let value = if ends(self) { None } else { Some(self.expr()?) };
                Ok(if word == "exit" { Stmt::Exit(value) } else { Stmt::Return(value) })
            }
            "delete" => {
                self.at += 1;
                let Token::Name(name) = self.take() else { return Err(self.fault()) };
                let array = self.var(&name);
                let index = if self.eat("[") {
                    let index = self.free(Self::list)?;
                    self.expect("]")?;
                    Some(index)
                } else {
                    None
                };
                Ok(Stmt::Delete(array, index))
            }
            _ => Ok(Stmt::Expr(self.expr()?)),
        }
    }

    fn print(&mut self, formatted: bool) -> Parse<Stmt> {
        let before = std::mem::replace(&mut self.no_greater, true);
        let ends = matches!(self.peek(), Token::Line | Token::End)
            || [";", "}", ">", ">>", "|"].iter().any(|sign| self.is(sign));
        let mut list = if ends { Vec::new() } else { self.list()? };
        if let [Expr::Group(inner)] = list.as_slice() {
            list = inner.clone();
        }
        let target = if self.eat(">") {
            Some(Target::File(self.target()?))
        } else if self.eat(">>") {
            Some(Target::Append(self.target()?))
        } else if self.eat("|") {
            Some(Target::Command(self.target()?))
        } else {
            None
        };
        self.no_greater = before;
        if formatted && list.is_empty() {
            return Err(self.fault());
        }
        Ok(if formatted { Stmt::Printf(list, target) } else { Stmt::Print(list, target) })
    }

    /// What follows a redirection: as far as a concatenation, or a choice.
    fn target(&mut self) -> Parse<Expr> {
        let condition = self.concatenation()?;
        if !self.eat("?") {
            return Ok(condition);
        }
        let then = self.concatenation()?;
        self.expect(":")?;
        let otherwise = self.concatenation()?;
        Ok(Expr::Either(Box::new(condition), Box::new(then), Box::new(otherwise)))
    }

    // ---- expressions ----

    /// Inside parentheses or brackets `>` is an operator again.
    fn free<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        let before = std::mem::replace(&mut self.no_greater, false);
        let out = parse(self);
        self.no_greater = before;
        out
    }

    fn list(&mut self) -> Parse<Vec<Expr>> {
        let mut list = vec![self.expr()?];
        while self.eat(",") {
            self.lines();
            list.push(self.expr()?);
        }
        Ok(list)
    }

    fn expr(&mut self) -> Parse<Expr> {
        self.deeper(Self::either)
    }

    fn either(&mut self) -> Parse<Expr> {
        let condition = self.or()?;
        if self.eat("?") {
            self.lines();
            let then = self.expr()?;
            self.lines();
            self.expect(":")?;
            self.lines();
            let otherwise = self.expr()?;
            return Ok(Expr::Either(Box::new(condition), Box::new(then), Box::new(otherwise)));
        }
        let update = match self.peek() {
            Token::Sign(sign @ ("=" | "+=" | "-=" | "*=" | "/=" | "%=" | "^=")) => *sign,
            _ => return Ok(condition),
        };
        self.assign(condition, update)
    }

    /// `left = right`, where `left` may turn out to be the last operand of what was read: `$1 == x = 2`, `a && b = c`.
    fn assign(&mut self, left: Expr, sign: &'static str) -> Parse<Expr> {
        match left {
            Expr::Place(place) => {
                self.at += 1;
                self.lines();
                let right = Box::new(self.expr()?);
                Ok(match sign {
                    "=" => Expr::Assign(place, right),
                    _ => Expr::Update(sign.chars().next().unwrap_or('+'), place, right),
                })
            }
            Expr::And(a, b) => Ok(Expr::And(a, Box::new(self.assign(*b, sign)?))),
            Expr::Or(a, b) => Ok(Expr::Or(a, Box::new(self.assign(*b, sign)?))),
            Expr::Not(a) => Ok(Expr::Not(Box::new(self.assign(*a, sign)?))),
            Expr::Negate(a) => Ok(Expr::Negate(Box::new(self.assign(*a, sign)?))),
            Expr::Matches(n, a, b) => Ok(Expr::Matches(n, a, Box::new(self.assign(*b, sign)?))),
            Expr::Compare(s, a, b) => Ok(Expr::Compare(s, a, Box::new(self.assign(*b, sign)?))),
            Expr::Concat(a, b) => Ok(Expr::Concat(a, Box::new(self.assign(*b, sign)?))),
            Expr::Arithmetic(s, a, b) => Ok(Expr::Arithmetic(s, a, Box::new(self.assign(*b, sign)?))),
            _ => Err(self.fault()),
        }
    }

    fn or(&mut self) -> Parse<Expr> {
        let mut left = self.and()?;
        while self.eat("||") {
            self.lines();
            left = Expr::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Parse<Expr> {
        let mut left = self.membership()?;
        while self.eat("&&") {
            self.lines();
            left = Expr::And(Box::new(left), Box::new(self.membership()?));
        }
        Ok(left)
    }

    fn membership(&mut self) -> Parse<Expr> {
        let mut left = self.matching()?;
        while self.eat_word("in") {
            let Token::Name(name) = self.take() else { return Err(self.fault()) };
            let array = self.var(&name);
            let keys = match left {
                Expr::Group(keys) => keys,
                key => vec![key],
            };
            left = Expr::In(keys, array);
        }
        Ok(left)
    }

    fn matching(&mut self) -> Parse<Expr> {
        let mut left = self.comparison()?;
        while self.is("~") || self.is("!~") {
            let negated = self.is("!~");
            self.at += 1;
            let right = self.comparison()?;
            left = Expr::Matches(negated, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Parse<Expr> {
        let left = self.concatenation()?;
        let sign = match self.peek() {
            Token::Sign(">") if self.no_greater => return Ok(left),
            Token::Sign(sign @ ("<" | "<=" | "==" | "!=" | ">" | ">=")) => *sign,
            Token::Sign("|") if matches!(self.peek_at(1), Token::Word("getline")) => {
                self.at += 2;
                let place = self.optional_place()?;
                let read = Expr::Getline(Source::Command(Box::new(left)), place);
                return self.comparison_after(read);
            }
            _ => return Ok(left),
        };
        self.at += 1;
        let right = self.concatenation()?;
        Ok(Expr::Compare(sign, Box::new(left), Box::new(right)))
    }

    /// `"cmd" | getline > 0`.
    fn comparison_after(&mut self, left: Expr) -> Parse<Expr> {
        match self.peek() {
            Token::Sign(sign @ ("<" | "<=" | "==" | "!=" | ">" | ">=")) => {
                let sign = *sign;
                self.at += 1;
                let right = self.concatenation()?;
                Ok(Expr::Compare(sign, Box::new(left), Box::new(right)))
            }
            _ => Ok(left),
        }
    }

    /// Can an operand start here, so that it is concatenated?
    fn operand_starts(&self) -> bool {
        match self.peek() {
            Token::Number(_) | Token::Text(_) | Token::Regex(_) | Token::Name(_) | Token::Called(_) => true,
            Token::Word(word) => FUNCTIONS.contains(word) && *word != "in",
            Token::Sign(sign) => matches!(*sign, "$" | "!" | "(" | "-" | "+" | "++" | "--"),
            _ => false,
        }
    }

    fn concatenation(&mut self) -> Parse<Expr> {
        let mut left = self.sum()?;
        while self.operand_starts() && !self.is_word("in") {
            let right = self.sum()?;
            left = Expr::Concat(Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn sum(&mut self) -> Parse<Expr> {
        let mut left = self.product()?;
        while self.is("+") || self.is("-") {
            let sign = if self.is("+") { '+' } else { '-' };
            self.at += 1;
            let right = self.product()?;
            left = Expr::Arithmetic(sign, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn product(&mut self) -> Parse<Expr> {
        let mut left = self.unary()?;
        loop {
            let sign = match self.peek() {
                Token::Sign("*") => '*',
                Token::Sign("/") => '/',
                Token::Sign("%") => '%',
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.unary()?;
            left = Expr::Arithmetic(sign, Box::new(left), Box::new(right));
        }
    }

    fn unary(&mut self) -> Parse<Expr> {
        self.deeper(|parser| {
            if parser.eat("!") {
                return Ok(Expr::Not(Box::new(parser.unary()?)));
            }
            if parser.eat("-") {
                return Ok(Expr::Negate(Box::new(parser.unary()?)));
            }
            if parser.eat("+") {
                return Ok(Expr::Plus(Box::new(parser.unary()?)));
            }
            parser.power()
        })
    }

    fn power(&mut self) -> Parse<Expr> {
        let left = self.postfix()?;
        if !self.eat("^") {
            return Ok(left);
        }
        if self.busybox {
            // busybox takes it to the left.
            let mut left = Expr::Arithmetic('^', Box::new(left), Box::new(self.power_operand()?));
            while self.eat("^") {
                left = Expr::Arithmetic('^', Box::new(left), Box::new(self.power_operand()?));
            }
            return Ok(left);
        }
        // To the right: `2^3^2` is `2^(3^2)`.
        let right = self.unary()?;
        Ok(Expr::Arithmetic('^', Box::new(left), Box::new(right)))
    }

    fn power_operand(&mut self) -> Parse<Expr> {
        if self.eat("-") {
            return Ok(Expr::Negate(Box::new(self.power_operand()?)));
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Parse<Expr> {
        if self.is("++") || self.is("--") {
            let amount = if self.is("++") { 1.0 } else { -1.0 };
            self.at += 1;
            return match self.deeper(Self::primary)? {
                Expr::Place(place) => Ok(Expr::Step(amount, false, place)),
                _ => Err(self.fault()),
            };
        }
        let primary = self.deeper(Self::primary)?;
        if let Expr::Place(place) = &primary {
            if self.eat("++") {
                return Ok(Expr::Step(1.0, true, place.clone()));
            }
            if self.eat("--") {
                return Ok(Expr::Step(-1.0, true, place.clone()));
            }
        }
        Ok(primary)
    }

    fn primary(&mut self) -> Parse<Expr> {
        match self.take() {
            Token::Number(number) => Ok(Expr::Number(number)),
            Token::Text(text) => Ok(Expr::Text(Rc::new(text))),
            Token::Regex(text) => self.regex(text),
            Token::Sign("$") => {
                let index = if self.is("++") || self.is("--") || self.is("-") || self.is("+") || self.is("!") {
                    if self.is("++") || self.is("--") { self.postfix()? } else { self.unary()? }
                } else {
                    self.deeper(Self::primary)?
                };
                Ok(Expr::Place(Place::Field(Box::new(index))))
            }
            Token::Sign("(") => {
                let list = self.free(Self::list)?;
                self.lines();
                self.expect(")")?;
                Ok(Expr::Group(list))
            }
            Token::Name(name) => {
                let var = self.var(&name);
                if self.eat("[") {
                    let index = self.free(Self::list)?;
                    self.expect("]")?;
                    return Ok(Expr::Place(Place::Element(var, index)));
                }
                Ok(Expr::Place(Place::Var(var)))
            }
            Token::Called(name) => {
                let index = self.function_index(&name);
                self.expect("(")?;
                let args = self.arguments()?;
                Ok(Expr::Call(index, args))
            }
            Token::Word("getline") => {
                let place = self.optional_place()?;
                if self.eat("<") {
                    let file = self.deeper(Self::postfix)?;
                    return Ok(Expr::Getline(Source::File(Box::new(file)), place));
                }
                Ok(Expr::Getline(Source::Main, place))
            }
            Token::Word(word) if FUNCTIONS.contains(&word) => {
                let args = if self.eat("(") { self.arguments()? } else { Vec::new() };
                Ok(Expr::Builtin(word, args))
            }
            _ => {
                self.at -= 1;
                Err(self.fault())
            }
        }
    }

    fn arguments(&mut self) -> Parse<Vec<Expr>> {
        self.free(|parser| {
            parser.lines();
            let args = if parser.is(")") { Vec::new() } else { parser.list()? };
            parser.lines();
            parser.expect(")")?;
            Ok(args)
        })
    }

    fn optional_place(&mut self) -> Parse<Option<Place>> {
        if !(matches!(self.peek(), Token::Name(_)) || self.is("$")) {
            return Ok(None);
        }
        match self.deeper(Self::primary)? {
            Expr::Place(place) => Ok(Some(place)),
            _ => Err(self.fault()),
        }
    }

    fn regex(&mut self, text: Vec<u8>) -> Parse<Expr> {
        match Pattern::new(&text, self.syntax) {
            Ok(pattern) => Ok(Expr::Regex(Rc::new(pattern))),
            Err(Invalid::TooLarge) => {
                Err(Fault::NotSimulated(format!("the pattern {}", String::from_utf8_lossy(&text))))
            }
            Err(invalid) => Err(Fault::Regex(invalid, text)),
        }
    }
}
