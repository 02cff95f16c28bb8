//! From tokens to a tree, by recursive descent in the order of POSIX's grammar.

use super::ast::{Expr, Function, Program, Rule, Source, Var, When};
use super::lex::{FUNCTIONS, Placed, Token};
use super::run::special;
use crate::shell::commands::regex::{Invalid, Syntax};
use std::collections::BTreeMap;

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

pub(super) type Parse<T> = Result<T, Fault>;

pub(super) struct Parser {
    tokens: Vec<Placed>,
    pub(super) at: usize,
    program: Program,
    locals: Vec<String>,
    functions: BTreeMap<String, usize>,
    defined: Vec<bool>,
    pub(super) syntax: Syntax,
    busybox: bool,
    depth: usize,
    /// `>` redirects here: in an unparenthesized print list.
    pub(super) no_greater: bool,
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

    pub(super) fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> &Token {
        self.tokens.get(self.at + ahead).map_or(&Token::End, |(token, _)| token)
    }

    pub(super) fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    pub(super) fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(found) if *found == word)
    }

    pub(super) fn eat(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        self.at += usize::from(found);
        found
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, sign: &str) -> Parse<()> {
        if self.eat(sign) { Ok(()) } else { Err(self.fault()) }
    }

    pub(super) fn fault(&self) -> Fault {
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

    pub(super) fn lines(&mut self) {
        while self.peek() == &Token::Line {
            self.at += 1;
        }
    }

    pub(super) fn terminators(&mut self) {
        while self.peek() == &Token::Line || self.is(";") {
            self.at += 1;
        }
    }

    pub(super) fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
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

    pub(super) fn function_index(&mut self, name: &str) -> usize {
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

    pub(super) fn var(&mut self, name: &str) -> Var {
        if let Some(index) = self.locals.iter().position(|local| local == name) {
            return Var::Local(index);
        }
        if let Some(index) = self.program.globals.iter().position(|global| global == name) {
            return Var::Global(index);
        }
        self.program.globals.push(name.to_owned());
        Var::Global(self.program.globals.len() - 1)
    }

    /// Inside parentheses or brackets `>` is an operator again.
    pub(super) fn free<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        let before = std::mem::replace(&mut self.no_greater, false);
        let out = parse(self);
        self.no_greater = before;
        out
    }

    pub(super) fn list(&mut self) -> Parse<Vec<Expr>> {
        let mut list = vec![self.expr()?];
        while self.eat(",") {
            self.lines();
            list.push(self.expr()?);
        }
        Ok(list)
    }

    pub(super) fn expr(&mut self) -> Parse<Expr> {
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

    pub(super) fn concatenation(&mut self) -> Parse<Expr> {
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

    pub(super) fn unary(&mut self) -> Parse<Expr> {
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

    pub(super) fn postfix(&mut self) -> Parse<Expr> {
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
}
