//! Running a program: records, fields, rules and statements.

use super::ast::{Expr, Program, Rule, Stmt, Var, When};
use super::io::{Output, Reader};
use super::value::{Array, Cell, Format, Value};
use crate::shell::commands::Context;
use crate::shell::commands::regex::{Pattern, Syntax};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most statements and calls that are run, so that no loop is endless.
const MAX_STEPS: u64 = 20_000_000;

/// Variables that the language itself knows, by their index among the globals.
pub(super) mod special {
    pub(in super::super) const NAMES: &[&str] = &[
        "NF", "NR", "FNR", "FS", "OFS", "RS", "ORS", "FILENAME", "SUBSEP", "RSTART", "RLENGTH", "CONVFMT", "OFMT",
        "ENVIRON", "ARGC", "ARGV",
    ];
    pub(in super::super) const NF: usize = 0;
    pub(in super::super) const NR: usize = 1;
    pub(in super::super) const FNR: usize = 2;
    pub(in super::super) const FS: usize = 3;
    pub(in super::super) const OFS: usize = 4;
    pub(in super::super) const RS: usize = 5;
    pub(in super::super) const ORS: usize = 6;
    pub(in super::super) const FILENAME: usize = 7;
    pub(in super::super) const SUBSEP: usize = 8;
    pub(in super::super) const RSTART: usize = 9;
    pub(in super::super) const RLENGTH: usize = 10;
    pub(in super::super) const CONVFMT: usize = 11;
    pub(in super::super) const OFMT: usize = 12;
    pub(in super::super) const ENVIRON: usize = 13;
    pub(in super::super) const ARGC: usize = 14;
    pub(in super::super) const ARGV: usize = 15;
}

/// Why the normal course ends: a jump, or the end of everything.
pub(super) enum Halt {
    Next,
    NextFile,
    Exit,
    Break,
    Continue,
    Return(Value),
    Fatal(String),
    NotSimulated(String),
    Budget,
}

pub(super) type Outcome<T> = Result<T, Halt>;

/// A program that runs.
pub(super) struct Machine<'p, 'c, 'd> {
    pub cx: &'c mut Context<'d>,
    pub program: &'p Program,
    pub globals: Vec<Cell>,
    pub frame: Vec<Cell>,
    pub depth: usize,
    pub record: Rc<Vec<u8>>,
    /// The fields, once they are asked for.
    pub fields: Option<Vec<Value>>,
    pub reader: Reader,
    pub output: Output,
    pub patterns: BTreeMap<Vec<u8>, Rc<Pattern>>,
    pub syntax: Syntax,
    pub exit: u8,
    pub whole: f64,
    pub seed: f64,
    pub random: u64,
    steps: u64,
    in_range: Vec<bool>,
}

impl<'p, 'c, 'd> Machine<'p, 'c, 'd> {
    pub(super) fn new(cx: &'c mut Context<'d>, program: &'p Program, syntax: Syntax) -> Self {
        let mut globals = vec![Cell::default(); program.globals.len()];
        let defaults: [(usize, &str); 6] = [
            (special::FS, " "),
            (special::OFS, " "),
            (special::RS, "\n"),
            (special::ORS, "\n"),
            (special::SUBSEP, "\x1c"),
            (special::FILENAME, ""),
        ];
        for (index, text) in defaults {
            globals[index] = Cell::Value(Value::text(text));
        }
        globals[special::CONVFMT] = Cell::Value(Value::text("%.6g"));
        globals[special::OFMT] = Cell::Value(Value::text("%.6g"));
        for index in [special::NF, special::NR, special::FNR, special::RSTART] {
            globals[index] = Cell::Value(Value::Number(0.0));
        }
        globals[special::RLENGTH] = Cell::Value(Value::Number(-1.0));
        let environment = Array::default();
        for (name, value) in &cx.process.env {
            environment.borrow_mut().set(Rc::new(name.clone().into_bytes()), Value::input(value.as_bytes()));
        }
        globals[special::ENVIRON] = Cell::Array(environment);
        let whole = if cx.busybox() { 9.2e18 } else { 2_147_483_647.0 };
        Self {
            whole,
            cx,
            program,
            globals,
            frame: Vec::new(),
            depth: 0,
            record: Rc::default(),
            fields: None,
            reader: Reader::default(),
            output: Output::default(),
            patterns: BTreeMap::new(),
            syntax,
            exit: 0,
            seed: 0.0,
            random: 1,
            steps: 0,
            in_range: vec![false; program.rules.len()],
        }
    }

    /// `-F`.
    pub(super) fn set_separator(&mut self, text: &str) {
        let separator = super::lex::unescape_all(text.as_bytes());
        self.globals[special::FS] = Cell::Value(Value::text(separator));
    }

    /// `name=value`; false if it is none.
    pub(super) fn assign_argument(&mut self, text: &str) -> bool {
        let Some((name, value)) = text.split_once('=') else { return false };
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name {
            return false;
        }
        let value = Value::input(super::lex::unescape_all(value.as_bytes()));
        if let Some(index) = self.program.globals.iter().position(|global| global == name) {
            self.set_global(index, value);
        }
        true
    }

    pub(super) fn set_arguments(&mut self, operands: &[String]) {
        let array = Array::default();
        array.borrow_mut().set(Rc::new(b"0".to_vec()), Value::text("awk"));
        for (i, operand) in operands.iter().enumerate() {
            array.borrow_mut().set(Rc::new((i + 1).to_string().into_bytes()), Value::input(operand.as_bytes()));
        }
        self.globals[special::ARGC] = Cell::Value(Value::Number(operands.len() as f64 + 1.0));
        self.globals[special::ARGV] = Cell::Array(array);
    }

    pub(super) fn run(&mut self) -> Outcome<()> {
        let main = self.begin_and_rules();
        match main {
            Ok(()) | Err(Halt::Exit) => {}
            Err(other) => return Err(other),
        }
        // `exit` in END ends END; elsewhere END still runs.
        let program = self.program;
        for block in &program.end {
            match self.stmt(block) {
                Ok(()) => {}
                Err(Halt::Exit) => return Ok(()),
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    fn begin_and_rules(&mut self) -> Outcome<()> {
        let program = self.program;
        for block in &program.begin {
            self.stmt(block)?;
        }
        if program.rules.is_empty() && program.end.is_empty() {
            return Ok(());
        }
        while let Some(record) = self.next_record()? {
            self.set_record(record);
            for (index, rule) in program.rules.iter().enumerate() {
                match self.rule(index, rule) {
                    Ok(()) => {}
                    Err(Halt::Next) => break,
                    Err(Halt::NextFile) => {
                        self.reader.skip_file();
                        break;
                    }
                    Err(other) => return Err(other),
                }
            }
        }
        Ok(())
    }

    fn rule(&mut self, index: usize, rule: &'p Rule) -> Outcome<()> {
        let selected = match &rule.when {
            When::Always => true,
            When::Expr(expr) => self.truth(expr)?,
            When::Range(from, to) => {
                let inside = self.in_range[index] || self.truth(from)?;
                if inside {
                    self.in_range[index] = !self.truth(to)?;
                }
                inside
            }
        };
        match &rule.action {
            _ if !selected => Ok(()),
            Some(action) => self.stmt(action),
            None => {
                let end = self.text_of(special::ORS);
                let record = self.whole_record();
                self.output.out.extend_from_slice(&record);
                self.output.out.extend_from_slice(&end);
                self.check_output()
            }
        }
    }

    pub(super) fn spend(&mut self) -> Outcome<()> {
        self.steps += 1;
        if self.steps > MAX_STEPS { Err(Halt::Budget) } else { Ok(()) }
    }

    // ---- variables ----

    pub(super) fn cell(&mut self, var: Var) -> &mut Cell {
        match var {
            Var::Global(index) => &mut self.globals[index],
            Var::Local(index) => {
                if self.frame.len() <= index {
                    self.frame.resize(index + 1, Cell::default());
                }
                &mut self.frame[index]
            }
        }
    }

    /// The array that a variable is; made if it is nothing yet.
    pub(super) fn array(&mut self, var: Var) -> Outcome<Array> {
        let cell = self.cell(var);
        match cell {
            Cell::Array(array) => Ok(array.clone()),
            Cell::Value(Value::Unset) => {
                let array = Array::default();
                *cell = Cell::Array(array.clone());
                Ok(array)
            }
            Cell::Value(_) => Err(Halt::Fatal("a scalar is used as an array".to_owned())),
        }
    }

    pub(super) fn get(&mut self, var: Var) -> Outcome<Value> {
        if var == Var::Global(special::NF) {
            self.split_record();
        }
        match self.cell(var) {
            Cell::Value(value) => Ok(value.clone()),
            Cell::Array(_) => Err(Halt::Fatal("an array is used as a scalar".to_owned())),
        }
    }

    pub(super) fn set(&mut self, var: Var, value: Value) -> Outcome<()> {
        match var {
            Var::Global(index) => self.set_global(index, value),
            Var::Local(_) => *self.cell(var) = Cell::Value(value),
        }
        Ok(())
    }

    fn set_global(&mut self, index: usize, value: Value) {
        if index == special::NF {
            self.split_record();
            let count = value.number().clamp(0.0, 1e6) as usize;
            if let Some(fields) = &mut self.fields {
                fields.resize(count, Value::Unset);
            }
            self.rebuild();
        }
        if let Some(cell) = self.globals.get_mut(index) {
            *cell = Cell::Value(value);
        }
    }

    pub(super) fn text_of(&self, index: usize) -> Rc<Vec<u8>> {
        match self.globals.get(index) {
            Some(Cell::Value(value)) => value.bytes(&Format { text: Rc::default(), whole: self.whole }),
            _ => Rc::default(),
        }
    }

    pub(super) fn format(&self) -> Format {
        Format { text: self.text_of(special::CONVFMT), whole: self.whole }
    }

    pub(super) fn output_format(&self) -> Format {
        Format { text: self.text_of(special::OFMT), whole: self.whole }
    }

    pub(super) fn count(&mut self, index: usize) {
        if let Some(Cell::Value(value)) = self.globals.get_mut(index) {
            *value = Value::Number(value.number() + 1.0);
        }
    }

    // ---- statements ----

    pub(super) fn stmt(&mut self, stmt: &'p Stmt) -> Outcome<()> {
        self.spend()?;
        match stmt {
            Stmt::Expr(expr) => self.eval(expr).map(|_| ()),
            Stmt::Print(list, target) => self.print(list, target.as_ref()),
            Stmt::Printf(list, target) => self.printf(list, target.as_ref()),
            Stmt::If(condition, then, otherwise) => {
                if self.truth(condition)? {
                    self.stmt(then)
                } else if let Some(otherwise) = otherwise {
                    self.stmt(otherwise)
                } else {
                    Ok(())
                }
            }
            Stmt::While(condition, body) => {
                while self.truth(condition)? {
                    if !self.turn(body)? {
                        break;
                    }
                }
                Ok(())
            }
            Stmt::Do(body, condition) => loop {
                if !self.turn(body)? || !self.truth(condition)? {
                    return Ok(());
                }
            },
            Stmt::For(first, condition, each, body) => self.for_loop(first, condition, each, body),
            Stmt::ForIn(key, array, body) => {
                let array = self.array(*array)?;
                let keys = array.borrow().keys(self.cx.busybox());
                if keys.len() > 1 && (!self.cx.busybox() || keys.len() > 600) {
                    self.cx.modelled("the order of an array's elements");
                }
                for name in keys {
                    if !array.borrow().elements.contains_key(&name) {
                        continue;
                    }
                    self.set(*key, Value::Input(name))?;
                    if !self.turn(body)? {
                        break;
                    }
                }
                Ok(())
            }
            Stmt::Block(stmts) => stmts.iter().try_for_each(|stmt| self.stmt(stmt)),
            Stmt::Next => Err(Halt::Next),
            Stmt::NextFile => Err(Halt::NextFile),
            Stmt::Break => Err(Halt::Break),
            Stmt::Continue => Err(Halt::Continue),
            Stmt::Exit(value) => {
                if let Some(value) = value {
                    self.exit = self.eval(value)?.number() as i64 as u8;
                }
                Err(Halt::Exit)
            }
            Stmt::Return(value) => {
                let value = match value {
                    Some(value) => self.eval(value)?,
                    None => Value::Unset,
                };
                Err(Halt::Return(value))
            }
            Stmt::Delete(array, None) => {
                self.array(*array)?.borrow_mut().clear();
                Ok(())
            }
            Stmt::Delete(array, Some(keys)) => {
                let key = self.key(keys)?;
                self.array(*array)?.borrow_mut().elements.remove(&key);
                Ok(())
            }
        }
    }

    fn for_loop(
        &mut self,
        first: &'p Option<Box<Stmt>>,
        condition: &'p Option<Expr>,
        each: &'p Option<Box<Stmt>>,
        body: &'p Stmt,
    ) -> Outcome<()> {
        if let Some(first) = first {
            self.stmt(first)?;
        }
        loop {
            if let Some(condition) = condition
                && !self.truth(condition)?
            {
                return Ok(());
            }
            if !self.turn(body)? {
                return Ok(());
            }
            if let Some(each) = each {
                self.stmt(each)?;
            }
        }
    }

    /// One turn of a loop; false after `break`.
    fn turn(&mut self, body: &'p Stmt) -> Outcome<bool> {
        match self.stmt(body) {
            Ok(()) | Err(Halt::Continue) => Ok(true),
            Err(Halt::Break) => Ok(false),
            Err(other) => Err(other),
        }
    }
}
