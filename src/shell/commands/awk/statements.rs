//! Statements, for the parser of programs.

use super::ast::{Expr, Stmt, Target};
use super::lex::Token;
use super::parse::{Parse, Parser};

impl Parser {
    pub(super) fn block(&mut self) -> Parse<Stmt> {
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
}
