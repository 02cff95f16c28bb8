//! Operands of expressions: constants, variables, fields, calls, `getline`.

use super::ast::{Expr, Place, Source};
use super::lex::{FUNCTIONS, Token};
use super::parse::{Fault, Parse, Parser};
use crate::shell::commands::regex::{Invalid, Pattern};
use std::rc::Rc;

impl Parser {
    pub(super) fn primary(&mut self) -> Parse<Expr> {
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

    pub(super) fn optional_place(&mut self) -> Parse<Option<Place>> {
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
