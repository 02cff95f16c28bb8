//! Expressions.

use super::ast::{Expr, Place, Source, Var};
use super::run::{Halt, Machine, Outcome, special};
use super::value::{Cell, Value};
use crate::shell::commands::regex::{Invalid, Pattern};
use std::cmp::Ordering;
use std::rc::Rc;

/// How deep functions may call each other: the interpreter recurses, and a browser's stack is small.
const MAX_CALLS: usize = 200;

impl<'p> Machine<'p, '_, '_> {
    pub(super) fn truth(&mut self, expr: &'p Expr) -> Outcome<bool> {
        Ok(self.eval(expr)?.is_true())
    }

    pub(super) fn number(&mut self, expr: &'p Expr) -> Outcome<f64> {
        Ok(self.eval(expr)?.number())
    }

    pub(super) fn text(&mut self, expr: &'p Expr) -> Outcome<Rc<Vec<u8>>> {
        let value = self.eval(expr)?;
        Ok(value.bytes(&self.format()))
    }

    pub(super) fn eval(&mut self, expr: &'p Expr) -> Outcome<Value> {
        Ok(match expr {
            Expr::Number(number) => Value::Number(*number),
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Regex(pattern) => Value::of(pattern.is_match(&self.whole_record())),
            Expr::Place(place) => self.read(place)?,
            Expr::Assign(place, value) => {
                let value = self.eval(value)?;
                self.write(place, value.clone())?;
                value
            }
            Expr::Update(operator, place, value) => {
                let right = self.number(value)?;
                let left = self.read(place)?.number();
                let value = Value::Number(self.arithmetic(*operator, left, right)?);
                self.write(place, value.clone())?;
                value
            }
            Expr::Step(amount, after, place) => {
                let old = self.read(place)?.number();
                let new = old + amount;
                self.write(place, Value::Number(new))?;
                Value::Number(if *after { old } else { new })
            }
            Expr::Either(condition, then, otherwise) => {
                if self.truth(condition)? {
                    self.eval(then)?
                } else {
                    self.eval(otherwise)?
                }
            }
            Expr::And(a, b) => Value::of(self.truth(a)? && self.truth(b)?),
            Expr::Or(a, b) => Value::of(self.truth(a)? || self.truth(b)?),
            Expr::Not(a) => Value::of(!self.truth(a)?),
            Expr::Negate(a) => Value::Number(-self.number(a)?),
            Expr::Plus(a) => Value::Number(self.number(a)?),
            Expr::In(keys, array) => {
                let key = self.key(keys)?;
                Value::of(self.array(*array)?.borrow().elements.contains_key(&key))
            }
            Expr::Matches(negated, text, pattern) => {
                let text = self.text(text)?;
                let pattern = self.pattern_of(pattern)?;
                Value::of(pattern.is_match(&text) != *negated)
            }
            Expr::Compare(operator, a, b) => {
                let (a, b) = (self.eval(a)?, self.eval(b)?);
                let order = a.compare(&b, &self.format());
                Value::of(match *operator {
                    "<" => order == Some(Ordering::Less),
                    "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
                    "==" => order == Some(Ordering::Equal),
                    "!=" => order != Some(Ordering::Equal),
                    ">" => order == Some(Ordering::Greater),
                    _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
                })
            }
            Expr::Arithmetic(operator, a, b) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                Value::Number(self.arithmetic(*operator, a, b)?)
            }
            Expr::Concat(a, b) => {
                let mut text = self.text(a)?.to_vec();
                text.extend_from_slice(&self.text(b)?);
                if text.len() > 64 << 20 {
                    return Err(Halt::Budget);
                }
                Value::text(text)
            }
            Expr::Call(function, args) => self.call(*function, args)?,
            Expr::Builtin(name, args) => self.builtin(name, args)?,
            Expr::Getline(source, place) => self.getline(source, place.as_ref())?,
            Expr::Group(list) => match list.as_slice() {
                [one] => self.eval(one)?,
                _ => Value::Text(self.key(list)?),
            },
        })
    }

    fn arithmetic(&self, operator: char, a: f64, b: f64) -> Outcome<f64> {
        if matches!(operator, '/' | '%') && b == 0.0 && self.cx.busybox() {
            return Err(Halt::Fatal("cmd. line:1: Division by zero".to_owned()));
        }
        Ok(match operator {
            '+' => a + b,
            '-' => a - b,
            '*' => a * b,
            '/' => a / b,
            '%' => a % b,
            _ => a.powf(b),
        })
    }

    /// The key of an array's element.
    pub(super) fn key(&mut self, list: &'p [Expr]) -> Outcome<Rc<Vec<u8>>> {
        if let [one] = list {
            return self.text(one);
        }
        let mut key = Vec::new();
        for (i, part) in list.iter().enumerate() {
            if i > 0 {
                key.extend_from_slice(&self.text_of(special::SUBSEP));
            }
            key.extend_from_slice(&self.text(part)?);
        }
        Ok(Rc::new(key))
    }

    pub(super) fn read(&mut self, place: &'p Place) -> Outcome<Value> {
        match place {
            Place::Var(var) => self.get(*var),
            Place::Element(array, keys) => {
                let key = self.key(keys)?;
                let array = self.array(*array)?;
                let value = array.borrow_mut().get(&key);
                Ok(value)
            }
            Place::Field(index) => {
                let index = self.number(index)?;
                self.field(index)
            }
        }
    }

    pub(super) fn write(&mut self, place: &'p Place, value: Value) -> Outcome<()> {
        match place {
            Place::Var(var) => self.set(*var, value),
            Place::Element(array, keys) => {
                let key = self.key(keys)?;
                let array = self.array(*array)?;
                array.borrow_mut().set(key, value);
                if array.borrow().elements.len() > 1_000_000 {
                    return Err(Halt::Budget);
                }
                Ok(())
            }
            Place::Field(index) => {
                let index = self.number(index)?;
                self.set_field(index, value)
            }
        }
    }

    /// A pattern by its text, compiled once.
    pub(super) fn pattern(&mut self, text: &[u8]) -> Outcome<Rc<Pattern>> {
        if let Some(pattern) = self.patterns.get(text) {
            return Ok(pattern.clone());
        }
        let shown = || String::from_utf8_lossy(text).into_owned();
        let pattern = Pattern::new(text, self.syntax).map_err(|invalid| match invalid {
            Invalid::TooLarge => Halt::NotSimulated(format!("the pattern {}", shown())),
            _ => {
                let message = invalid.message(self.cx.system.libc);
                Halt::Fatal(match self.cx.busybox() {
                    true => format!("bad regex '{}': {message}", shown()),
                    false => format!("regular expression compile failed ({message})\n{}", shown()),
                })
            }
        })?;
        let pattern = Rc::new(pattern);
        if self.patterns.len() < 500 {
            self.patterns.insert(text.to_vec(), pattern.clone());
        }
        Ok(pattern)
    }

    /// The pattern that an expression is, or whose text it gives.
    pub(super) fn pattern_of(&mut self, expr: &'p Expr) -> Outcome<Rc<Pattern>> {
        if let Expr::Regex(pattern) = expr {
            return Ok(pattern.clone());
        }
        let text = self.text(expr)?;
        self.pattern(&text)
    }

    fn call(&mut self, index: usize, args: &'p [Expr]) -> Outcome<Value> {
        self.spend()?;
        if self.depth >= MAX_CALLS {
            return Err(Halt::NotSimulated(format!("functions that call each other more than {MAX_CALLS} deep")));
        }
        let program = self.program;
        let function = &program.functions[index];
        let mut frame = Vec::with_capacity(function.params);
        for (i, arg) in args.iter().enumerate() {
            let is_array = function.arrays.get(i) == Some(&true);
            let cell = match arg {
                Expr::Place(Place::Var(var)) if is_array => Cell::Array(self.array(*var)?),
                // An array that is only handed on.
                Expr::Place(Place::Var(var)) if matches!(self.cell(*var), Cell::Array(_)) => self.cell(*var).clone(),
                _ => Cell::Value(self.eval(arg)?),
            };
            frame.push(cell);
        }
        frame.resize(function.params.max(frame.len()), Cell::default());
        let outer = std::mem::replace(&mut self.frame, frame);
        self.depth += 1;
        let result = match &function.body {
            Some(body) => self.stmt(body),
            None => Ok(()),
        };
        self.depth -= 1;
        self.frame = outer;
        match result {
            Ok(()) => Ok(Value::Unset),
            Err(Halt::Return(value)) => Ok(value),
            Err(other) => Err(other),
        }
    }

    /// 1 for a record, 0 at the end, -1 if it cannot be read.
    fn getline(&mut self, source: &'p Source, place: Option<&'p Place>) -> Outcome<Value> {
        let record = match source {
            Source::Main => self.next_record()?,
            Source::File(expr) => {
                let name = self.text(expr)?;
                match self.read_file(&name)? {
                    Ok(record) => record,
                    Err(()) => return Ok(Value::Number(-1.0)),
                }
            }
            Source::Command(expr) => {
                let command = self.text(expr)?;
                let record = self.read_command(&command)?;
                if record.is_some() {
                    self.count(special::NR);
                }
                record
            }
        };
        let Some(record) = record else { return Ok(Value::Number(0.0)) };
        match place {
            Some(place) => self.write(place, Value::input(record))?,
            None => self.set_record(record),
        }
        Ok(Value::Number(1.0))
    }

    /// The array that an argument names.
    pub(super) fn array_argument(&mut self, expr: &'p Expr) -> Outcome<Var> {
        match expr {
            Expr::Place(Place::Var(var)) => Ok(*var),
            _ => Err(Halt::Fatal("an array is expected".to_owned())),
        }
    }
}
