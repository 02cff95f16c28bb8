//! An awk program as a tree.

use crate::shell::commands::regex::Pattern;
use std::rc::Rc;

/// A variable: one of the program, or a parameter of the function that is running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Var {
    Global(usize),
    Local(usize),
}

/// What can be assigned to.
#[derive(Clone)]
pub(super) enum Place {
    Var(Var),
    Element(Var, Vec<Expr>),
    Field(Box<Expr>),
}

/// Where `getline` reads.
#[derive(Clone)]
pub(super) enum Source {
    Main,
    File(Box<Expr>),
    Command(Box<Expr>),
}

/// Where `print` writes.
#[derive(Clone)]
pub(super) enum Target {
    File(Expr),
    Append(Expr),
    Command(Expr),
}

/// An expression.
#[derive(Clone)]
pub(super) enum Expr {
    Number(f64),
    Text(Rc<Vec<u8>>),
    /// A regular expression: as a value, whether it matches `$0`.
    Regex(Rc<Pattern>),
    Place(Place),
    Assign(Place, Box<Expr>),
    /// `+=` and its like.
    Update(char, Place, Box<Expr>),
    /// `++`, `--`: the amount, and whether the old value is the expression's.
    Step(f64, bool, Place),
    Either(Box<Expr>, Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    In(Vec<Expr>, Var),
    Matches(bool, Box<Expr>, Box<Expr>),
    Compare(&'static str, Box<Expr>, Box<Expr>),
    Arithmetic(char, Box<Expr>, Box<Expr>),
    Concat(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Plus(Box<Expr>),
    Call(usize, Vec<Expr>),
    Builtin(&'static str, Vec<Expr>),
    Getline(Source, Option<Place>),
    /// In parentheses; several are the list of `print` and of `in`.
    Group(Vec<Expr>),
}

/// A statement.
#[derive(Clone)]
pub(super) enum Stmt {
    Expr(Expr),
    Print(Vec<Expr>, Option<Target>),
    Printf(Vec<Expr>, Option<Target>),
    If(Expr, Box<Stmt>, Option<Box<Stmt>>),
    While(Expr, Box<Stmt>),
    Do(Box<Stmt>, Expr),
    For(Option<Box<Stmt>>, Option<Expr>, Option<Box<Stmt>>, Box<Stmt>),
    ForIn(Var, Var, Box<Stmt>),
    Block(Vec<Stmt>),
    Next,
    NextFile,
    Exit(Option<Expr>),
    Return(Option<Expr>),
    Break,
    Continue,
    /// An element, or with no index the whole array.
    Delete(Var, Option<Vec<Expr>>),
}

/// What a rule waits for.
pub(super) enum When {
    Always,
    Expr(Expr),
    Range(Expr, Expr),
}

/// A pattern with its action; no action prints the record.
pub(super) struct Rule {
    pub when: When,
    pub action: Option<Stmt>,
}

/// A function of the program.
#[derive(Default)]
pub(super) struct Function {
    pub name: String,
    pub params: usize,
    pub body: Option<Stmt>,
    /// Which parameters are arrays.
    pub arrays: Vec<bool>,
}

/// A program.
#[derive(Default)]
pub(super) struct Program {
    pub begin: Vec<Stmt>,
    pub rules: Vec<Rule>,
    pub end: Vec<Stmt>,
    pub functions: Vec<Function>,
    /// The names of the global variables; the special ones first, see [`super::run::special`].
    pub globals: Vec<String>,
}
