//! Which parameters of a program's functions are arrays: those used as such, and those handed on to one that is.

use super::ast::{Expr, Place, Program, Source, Stmt, Target, Var};

/// Marks the array parameters.
pub(super) fn infer(program: &mut Program) {
    loop {
        let arrays: Vec<Vec<bool>> = program.functions.iter().map(|function| function.arrays.clone()).collect();
        let mut found = arrays.clone();
        for (index, function) in program.functions.iter().enumerate() {
            let mut finder = Finder { arrays: &arrays, found: &mut found[index] };
            if let Some(body) = &function.body {
                finder.stmt(body);
            }
        }
        if found == arrays {
            return;
        }
        for (function, found) in program.functions.iter_mut().zip(found) {
            function.arrays = found;
        }
    }
}

struct Finder<'a> {
    arrays: &'a [Vec<bool>],
    found: &'a mut Vec<bool>,
}

impl Finder<'_> {
    fn mark(&mut self, var: Var) {
        if let Var::Local(index) = var
            && let Some(found) = self.found.get_mut(index)
        {
            *found = true;
        }
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Expr(expr) => self.expr(expr),
            Stmt::Print(list, target) | Stmt::Printf(list, target) => {
                self.exprs(list);
                if let Some(Target::File(expr) | Target::Append(expr) | Target::Command(expr)) = target {
                    self.expr(expr);
                }
            }
            Stmt::If(condition, then, otherwise) => {
                self.expr(condition);
                self.stmt(then);
                if let Some(otherwise) = otherwise {
                    self.stmt(otherwise);
                }
            }
            Stmt::While(condition, body) | Stmt::Do(body, condition) => {
                self.expr(condition);
                self.stmt(body);
            }
            Stmt::For(first, condition, each, body) => {
                first.iter().chain(each).for_each(|stmt| self.stmt(stmt));
                condition.iter().for_each(|condition| self.expr(condition));
                self.stmt(body);
            }
            Stmt::ForIn(_, array, body) => {
                self.mark(*array);
                self.stmt(body);
            }
            Stmt::Block(stmts) => self.stmts(stmts),
            Stmt::Exit(value) | Stmt::Return(value) => value.iter().for_each(|value| self.expr(value)),
            Stmt::Delete(array, index) => {
                self.mark(*array);
                index.iter().for_each(|index| self.exprs(index));
            }
            Stmt::Next | Stmt::NextFile | Stmt::Break | Stmt::Continue => {}
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn place(&mut self, place: &Place) {
        match place {
            Place::Var(_) => {}
            Place::Element(array, index) => {
                self.mark(*array);
                self.exprs(index);
            }
            Place::Field(index) => self.expr(index),
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Number(_) | Expr::Text(_) | Expr::Regex(_) => {}
            Expr::Place(place) | Expr::Step(_, _, place) => self.place(place),
            Expr::Assign(place, value) | Expr::Update(_, place, value) => {
                self.place(place);
                self.expr(value);
            }
            Expr::Either(a, b, c) => [a, b, c].into_iter().for_each(|expr| self.expr(expr)),
            Expr::And(a, b)
            | Expr::Or(a, b)
            | Expr::Matches(_, a, b)
            | Expr::Compare(_, a, b)
            | Expr::Arithmetic(_, a, b)
            | Expr::Concat(a, b) => {
                self.expr(a);
                self.expr(b);
            }
            Expr::In(keys, array) => {
                self.mark(*array);
                self.exprs(keys);
            }
            Expr::Not(a) | Expr::Negate(a) | Expr::Plus(a) => self.expr(a),
            Expr::Call(function, args) => {
                for (i, arg) in args.iter().enumerate() {
                    let is_array = self.arrays.get(*function).and_then(|arrays| arrays.get(i)) == Some(&true);
                    match arg {
                        Expr::Place(Place::Var(var)) if is_array => self.mark(*var),
                        _ => self.expr(arg),
                    }
                }
            }
            Expr::Builtin("split", args) => {
                for (i, arg) in args.iter().enumerate() {
                    match arg {
                        Expr::Place(Place::Var(var)) if i == 1 => self.mark(*var),
                        _ => self.expr(arg),
                    }
                }
            }
            Expr::Builtin(_, args) | Expr::Group(args) => self.exprs(args),
            Expr::Getline(source, place) => {
                if let Source::File(expr) | Source::Command(expr) = source {
                    self.expr(expr);
                }
                place.iter().for_each(|place| self.place(place));
            }
        }
    }
}
